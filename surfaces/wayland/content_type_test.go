package wayland

import (
	"testing"

	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

func (c *testClient) contentTypes() *client.WpContentTypeManagerV1 {
	return bind[client.WpContentTypeManagerV1](c, &protocol.WpContentTypeManagerV1Interface, 1)
}

func TestContentTypeIsTakenWithACommit(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 20, 20, 0)
	want := func(what string, kind surfaces.ContentType) {
		t.Helper()
		c.ok()
		if got := w.guest().Surface.Current.Content; got != kind {
			t.Errorf("%s: content %v; want %v", what, got, kind)
		}
	}
	m := c.contentTypes()
	k := m.GetSurfaceContentType(w.surf)
	m.Destroy()
	k.SetContentType(protocol.WpContentTypeV1TypeVideo)
	want("before the commit", surfaces.ContentNone)
	w.surf.Commit()
	want("committed", surfaces.ContentVideo)
	w.surf.Commit()
	want("committed again", surfaces.ContentVideo)
	k.SetContentType(protocol.WpContentTypeV1TypeGame)
	w.surf.Commit()
	want("changed", surfaces.ContentGame)
	k.Destroy()
	want("destroyed", surfaces.ContentGame)
	w.surf.Commit()
	want("destroyed and committed", surfaces.ContentNone)
	// Another may be made. Without its surface it says nothing.
	s := c.surface("s")
	k = c.contentTypes().GetSurfaceContentType(s)
	s.Destroy()
	k.SetContentType(protocol.WpContentTypeV1TypePhoto)
	k.Destroy()
	c.ok()
}

func TestContentTypeErrors(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	s := c.surface("s")
	m := c.contentTypes()
	m.GetSurfaceContentType(s)
	m.GetSurfaceContentType(s)
	c.wantError("wp_content_type_manager_v1", uint32(protocol.WpContentTypeManagerV1ErrorAlreadyConstructed))
	c = f.connect()
	c.contentTypes().GetSurfaceContentType(c.surface("s")).SetContentType(4)
	c.wantError("wl_display", uint32(protocol.WlDisplayErrorInvalidMethod))
}
