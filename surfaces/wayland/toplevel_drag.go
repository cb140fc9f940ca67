package wayland

import (
	"rayos/geom"
	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

// CarryShell moves windows along with a drag and drop.
type CarryShell interface {
	// CarryWindow takes a window along with a drag whose hot spot is at p in
	// the layout. hot is where the hot spot should be in the window's
	// geometry; one that is under it already stays as it is. Until DropWindow
	// the window is no target of the drag. It may not be mapped yet.
	CarryWindow(g *surfaces.GuestSurface, hot geom.Point, p geom.FPoint)
	// DropWindow leaves a window where it is, or takes it back to where it
	// was carried from.
	DropWindow(g *surfaces.GuestSurface, cancelled bool)
}

func (s *Server) addToplevelDrag() {
	s.addGlobal(&protocol.XdgToplevelDragManagerV1Interface, 1, func(c *Client, id, version uint32) {
		server.NewXdgToplevelDragManagerV1(c.conn, id, version).Handler = toplevelDragManager{c}
	})
}

type toplevelDragManager struct{ c *Client }

func (toplevelDragManager) Destroy(*server.XdgToplevelDragManagerV1) {}

// GetXdgToplevelDrag prepares a source to take a window along.
func (h toplevelDragManager) GetXdgToplevelDrag(res *server.XdgToplevelDragManagerV1, id *server.XdgToplevelDragV1, source *server.WlDataSource) {
	d := &toplevelDrag{c: h.c}
	id.Handler = d
	s := source.Handler.(*dataSource)
	if s.used != unused || s.carrier != nil {
		res.PostError(protocol.XdgToplevelDragManagerV1ErrorInvalidSource, "wl_data_source@%d was used already", source.ID())
		return
	}
	d.source, s.carrier = s, d
}

// toplevelDrag is xdg_toplevel_drag_v1: the window that goes along with a drag
// and drop.
type toplevelDrag struct {
	c       *Client
	source  *dataSource // nil once it is gone
	drag    *drag       // nil before the drag and after it
	window  *toplevel   // attached
	hot     geom.Point  // of the pointer, in the window's geometry
	carried bool        // the shell has the window
}

// Destroy is refused during the drag.
func (d *toplevelDrag) Destroy(res *server.XdgToplevelDragV1) {
	if d.drag != nil {
		res.PostError(protocol.XdgToplevelDragV1ErrorOngoingDrag, "the drag has not ended")
	}
}

// ResourceDestroyed leaves the window where it is.
func (d *toplevelDrag) ResourceDestroyed() {
	d.detach(false)
	if d.source != nil {
		d.source.carrier = nil
	}
}

// Attach takes a window along, at once if the drag is under way.
func (d *toplevelDrag) Attach(res *server.XdgToplevelDragV1, top *server.XdgToplevel, x, y int32) {
	t := top.Handler.(*toplevel)
	if d.window != nil {
		res.PostError(protocol.XdgToplevelDragV1ErrorToplevelAttached, "a window is attached already")
		return
	}
	if t.guest == nil || t.guest.State() == surfaces.Destroyed {
		return
	}
	if t.carrier != nil {
		t.carrier.detach(false)
	}
	d.window, t.carrier = t, d
	d.hot = geom.Point{X: clampCoordinate(x), Y: clampCoordinate(y)}
	if d.drag != nil {
		d.moved(d.drag.at)
	}
}

// moved follows the hot spot of the drag.
func (d *toplevelDrag) moved(p geom.FPoint) {
	if d.window != nil {
		d.carried = true
		d.c.srv.shell.CarryWindow(d.window.guest, d.hot, p)
	}
}

// detach ends the carrying of the window: the drag is over, or the window is
// unmapped.
func (d *toplevelDrag) detach(cancelled bool) {
	t := d.window
	if t == nil {
		return
	}
	d.window, t.carrier = nil, nil
	if d.carried {
		d.carried = false
		d.c.srv.shell.DropWindow(t.guest, cancelled)
	}
}

// ended: the drag is over.
func (d *toplevelDrag) ended(cancelled bool) {
	d.drag = nil
	d.detach(cancelled)
}

// carries reports whether a window goes along with the drag.
func (d *drag) carries() bool {
	return d.source != nil && d.source.carrier != nil && d.source.carrier.window != nil
}

// release ends a drag that carries a window where nothing takes the drop: the
// window is what was dropped, and it stays.
func (d *drag) release() {
	if d.source.res.Version() >= 3 {
		d.source.res.SendDndDropPerformed()
		d.source.res.SendDndFinished()
	}
	d.end(false)
}
