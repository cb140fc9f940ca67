package wayland

import (
	"rayos/geom"
	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

func (s *Server) addViewporter() {
	s.addGlobal(&protocol.WpViewporterInterface, 1, func(c *Client, id, version uint32) {
		server.NewWpViewporter(c.conn, id, version).Handler = viewporter{}
	})
}

type viewporter struct{}

func (viewporter) Destroy(*server.WpViewporter) {}

// GetViewport gives a surface its one viewport.
func (viewporter) GetViewport(res *server.WpViewporter, id *server.WpViewport, surf *server.WlSurface) {
	s := surfaceOf(surf)
	id.Handler = &viewport{s}
	if s.viewport != nil {
		res.PostError(protocol.WpViewporterErrorViewportExists, "wl_surface@%d has a viewport", surf.ID())
		return
	}
	s.viewport = id
}

// viewport crops and scales a surface.
type viewport struct{ s *surface }

func (*viewport) Destroy(*server.WpViewport) {}

// ResourceDestroyed removes crop and scale with the next commit.
func (v *viewport) ResourceDestroyed() {
	if v.s.gone || v.s.viewport == nil || v.s.viewport.Handler != server.WpViewportHandler(v) {
		return
	}
	v.s.viewport = nil
	p := v.s.pending()
	p.Viewport = surfaces.Viewport{}
	p.Set |= surfaces.FieldViewport
}

// edit returns the viewport that the next commit will set, or nil when the
// surface is gone, which is an error.
func (v *viewport) edit(res *server.WpViewport) *surfaces.Viewport {
	if v.s.gone {
		res.PostError(protocol.WpViewportErrorNoSurface, "the wl_surface is destroyed")
		return nil
	}
	p := v.s.pending()
	if p.Set&surfaces.FieldViewport == 0 {
		p.Viewport = v.s.core.LatestViewport()
		p.Set |= surfaces.FieldViewport
	}
	return &p.Viewport
}

// SetSource crops; all -1 undoes it.
func (v *viewport) SetSource(res *server.WpViewport, x, y, w, h geom.Fixed) {
	vp := v.edit(res)
	if vp == nil {
		return
	}
	const unset = geom.Fixed(-256)
	if x == unset && y == unset && w == unset && h == unset {
		vp.HasSource, vp.Source = false, geom.FRect{}
		return
	}
	if x < 0 || y < 0 || w <= 0 || h <= 0 {
		res.PostError(protocol.WpViewportErrorBadValue, "source %v,%v %vx%v", x.Float(), y.Float(), w.Float(), h.Float())
		return
	}
	vp.HasSource = true
	k := float64(v.s.c.pixels())
	vp.Source = geom.FRect{
		X0: x.Float() / k, Y0: y.Float() / k,
		X1: (x.Float() + w.Float()) / k, Y1: (y.Float() + h.Float()) / k,
	}
}

// SetDestination scales; -1 undoes it.
func (v *viewport) SetDestination(res *server.WpViewport, w, h int32) {
	vp := v.edit(res)
	if vp == nil {
		return
	}
	if w == -1 && h == -1 {
		vp.HasDest, vp.Dest = false, geom.Size{}
		return
	}
	if w <= 0 || h <= 0 {
		res.PostError(protocol.WpViewportErrorBadValue, "destination %dx%d", w, h)
		return
	}
	k := v.s.c.pixels()
	vp.HasDest, vp.Dest = true, geom.Size{W: max(w/k, 1), H: max(h/k, 1)}
}

func (s *surface) viewportError(code protocol.WpViewportError, msg string) {
	if s.viewport != nil {
		s.viewport.PostError(code, "%s", msg)
	}
}
