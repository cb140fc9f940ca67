package wayland

import (
	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

func (s *Server) addContentType() {
	s.addGlobal(&protocol.WpContentTypeManagerV1Interface, 1, func(c *Client, id, version uint32) {
		server.NewWpContentTypeManagerV1(c.conn, id, version).Handler = contentTypes{}
	})
}

type contentTypes struct{}

func (contentTypes) Destroy(*server.WpContentTypeManagerV1) {}

// GetSurfaceContentType lets a client say what a surface shows.
func (contentTypes) GetSurfaceContentType(res *server.WpContentTypeManagerV1, id *server.WpContentTypeV1, surf *server.WlSurface) {
	t := &contentType{surfaceOf(surf)}
	id.Handler = t
	if t.s.content != nil {
		res.PostError(protocol.WpContentTypeManagerV1ErrorAlreadyConstructed, "wl_surface@%d has a content type", surf.ID())
		return
	}
	t.s.content = t
}

// contentType is wp_content_type_v1. It is inert without its surface.
type contentType struct{ s *surface }

func (*contentType) Destroy(*server.WpContentTypeV1) {}

// ResourceDestroyed forgets what was said, with the next commit.
func (t *contentType) ResourceDestroyed() {
	if t.s.content == t {
		t.s.content = nil
		t.set(surfaces.ContentNone)
	}
}

// SetContentType says what the next commit shows.
func (t *contentType) SetContentType(_ *server.WpContentTypeV1, kind protocol.WpContentTypeV1Type) {
	if !kind.Valid() {
		t.s.c.conn.PostError(1, uint32(protocol.WlDisplayErrorInvalidMethod), "content type out of range")
		return
	}
	t.set(surfaces.ContentType(kind))
}

func (t *contentType) set(kind surfaces.ContentType) {
	if t.s.gone {
		return
	}
	p := t.s.pending()
	p.Content = kind
	p.Set |= surfaces.FieldContent
}
