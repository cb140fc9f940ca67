package wayland

import (
	"rayos/geom"
	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
	"rayos/surfaces/scene"
)

// xdgSurface is what toplevels and popups have in common: the configure
// sequence, the window geometry and the popups on top.
type xdgSurface struct {
	popupParent
	wm  *wmBase
	res *server.XdgSurface

	role xdgRole // nil until get_toplevel or get_popup

	tree *scene.Tree // origin is the top-left of the geometry

	opened     bool     // the initial commit was made
	configured bool     // a configure was acknowledged
	acks       []uint32 // serials sent and not acknowledged
	acked      uint32   // acknowledged last, pending
	geometry   geom.Rect
	hasGeom    bool
	grown      geom.Point // way of the geometry's corner that the shell has not heard of
	closing    bool       // the role's object goes
}

// xdgRole is a toplevel or a popup.
type xdgRole interface {
	role
	// open answers the initial commit with a first configure.
	open()
	// mapped and unmapped follow the content.
	mapped()
	unmapped()
	// changed is told of each state applied while mapped.
	changed(set surfaces.Fields)
}

// setRole makes x a toplevel or popup.
func (x *xdgSurface) setRole(r xdgRole) bool {
	switch {
	case x.role != nil:
		x.res.PostError(protocol.XdgSurfaceErrorAlreadyConstructed, "it is a %s already", x.role.roleName())
		return false
	case x.s.gone:
		x.wm.res.PostError(protocol.XdgWmBaseErrorInvalidSurfaceState, "the wl_surface is destroyed")
		return false
	case !x.s.setRole(r):
		x.wm.res.PostError(protocol.XdgWmBaseErrorRole, "the wl_surface is a %s", x.s.roleName)
		return false
	}
	x.role = r
	t := x.s.core.Tree()
	t.Reparent(x.tree)
	t.SetEnabled(true)
	x.popupTree.Raise()
	return true
}

// Destroy is refused while the role's object lives.
func (x *xdgSurface) Destroy(res *server.XdgSurface) {
	if x.role != nil {
		res.PostError(protocol.XdgSurfaceErrorDefunctRoleObject, "destroy the %s first", x.role.roleName())
	}
}

// ResourceDestroyed ends the configure sequence.
func (x *xdgSurface) ResourceDestroyed() {
	x.wm.surfaces--
	if x.role != nil {
		x.role.surfaceGone(x.s)
	}
	x.reset()
	if x.s.xdg == x {
		x.s.xdg = nil
		if x.role != nil && x.s.role == role(x.role) {
			x.s.dropRole()
		}
	}
	if x.tree != nil {
		x.popupTree.Destroy()
		x.tree.Destroy()
	}
}

// GetToplevel makes the surface a window.
func (x *xdgSurface) GetToplevel(_ *server.XdgSurface, id *server.XdgToplevel) {
	t := newToplevel(x, id)
	id.Handler = t
	if x.setRole(t) {
		t.start()
	}
}

// GetPopup makes the surface a popup of another.
func (x *xdgSurface) GetPopup(_ *server.XdgSurface, id *server.XdgPopup, parent *server.XdgSurface, pos *server.XdgPositioner) {
	p := &popup{x: x, res: id}
	id.Handler = p
	place := pos.Handler.(*positioner).placement
	if !place.complete() {
		x.wm.res.PostError(protocol.XdgWmBaseErrorInvalidPositioner, "the positioner has no size or no anchor rectangle")
		return
	}
	var above *popupParent
	if parent != nil {
		px := parent.Handler.(*xdgSurface)
		if px.role == nil || px == x {
			x.wm.res.PostError(protocol.XdgWmBaseErrorInvalidPopupParent, "the parent is no window")
			return
		}
		above = &px.popupParent
	}
	if x.setRole(p) {
		p.start(above, place)
	}
}

// SetWindowGeometry tells which part of the surface is the window proper.
func (x *xdgSurface) SetWindowGeometry(res *server.XdgSurface, px, py, w, h int32) {
	if x.role == nil {
		res.PostError(protocol.XdgSurfaceErrorNotConstructed, "no toplevel or popup yet")
		return
	}
	if w <= 0 || h <= 0 {
		res.PostError(protocol.XdgSurfaceErrorInvalidSize, "window geometry of %dx%d", w, h)
		return
	}
	p := x.s.pending()
	p.Geometry = geom.XYWH(clampCoordinate(px), clampCoordinate(py), min(w, maxCoordinate), min(h, maxCoordinate))
	p.Set |= surfaces.FieldGeometry
}

// AckConfigure says that the next commit answers a configure.
func (x *xdgSurface) AckConfigure(res *server.XdgSurface, serial uint32) {
	if x.role == nil {
		res.PostError(protocol.XdgSurfaceErrorNotConstructed, "no toplevel or popup yet")
		return
	}
	for i, s := range x.acks {
		if s == serial {
			x.acks = append(x.acks[:0], x.acks[i+1:]...)
			x.configured = true
			p := x.s.pending()
			p.Ack = serial
			p.Set |= surfaces.FieldAck
			return
		}
	}
	res.PostError(protocol.XdgSurfaceErrorInvalidSerial, "configure %d was not sent or was answered", serial)
}

// maxAcks bounds the configures that a client may leave unanswered; older ones
// are forgotten, as if a later one had been acknowledged.
const maxAcks = 256

// configure ends a configure sequence with its serial.
func (x *xdgSurface) configure() uint32 {
	serial := x.wm.c.srv.Seat.Serial()
	if len(x.acks) >= maxAcks {
		x.acks = append(x.acks[:0], x.acks[1:]...)
	}
	x.acks = append(x.acks, serial)
	x.res.SendConfigure(serial)
	return serial
}

// commit checks what xdg_surface demands of every commit.
func (x *xdgSurface) commit(s *surface) bool {
	p := s.pending()
	if p.Buffer != nil && !x.configured && !x.wm.c.srv.lenient {
		x.res.PostError(protocol.XdgSurfaceErrorUnconfiguredBuffer, "a buffer before the first configure was acknowledged")
		return false
	}
	return true
}

// committed follows the content.
func (x *xdgSurface) committed(s *surface, set surfaces.Fields) {
	if x.closing {
		return // the shell lets go of a commit that it held
	}
	cur := &s.core.Current
	if set&surfaces.FieldGeometry != 0 {
		x.hasGeom = true
	}
	if set&surfaces.FieldAck != 0 {
		x.acked = cur.Ack
	}
	x.updateGeometry()
	switch has := s.core.HasBuffer(); {
	case has && !x.mapped:
		if !x.opened {
			x.opened = true // of a lenient server
			x.role.open()
		}
		x.mapped = true
		x.role.mapped()
	case !has && x.mapped:
		x.reset()
	case !has && !x.opened:
		// The initial commit: its state, such as size limits, is known now.
		x.opened = true
		x.role.open()
	case has:
		x.role.changed(set)
	}
}

// updateGeometry keeps the geometry inside the surface tree and its origin at
// the tree's.
func (x *xdgSurface) updateGeometry() {
	ext := x.s.core.Extents()
	g := ext
	if x.hasGeom {
		if g = x.s.core.Current.Geometry.Intersect(ext); g.Empty() {
			g = ext
		}
	}
	if g == x.geometry {
		return
	}
	if x.mapped && !x.hasGeom {
		x.grown = x.grown.Add(g.Min().Sub(x.geometry.Min()))
	}
	x.geometry = g
	x.s.core.Tree().SetPosition(-g.X0, -g.Y0)
}

// close unmaps the surface for good: nothing that it has committed before maps
// it again.
func (x *xdgSurface) close() {
	x.closing = true
	x.reset()
}

// roleGone lets the surface have another role object of the same kind.
func (x *xdgSurface) roleGone(r role) {
	x.role, x.closing = nil, false
	if x.s.role == r {
		x.s.dropRole()
	}
}

// reset goes back to before the initial commit: the surface lost its content.
func (x *xdgSurface) reset() {
	x.dismissPopups()
	if x.mapped {
		x.mapped = false
		x.s.withdraw()
		x.role.unmapped()
	}
	x.opened, x.configured = false, false
	// A window geometry that was set remains until another is.
	cur := &x.s.core.Current
	cur.Min, cur.Max = geom.Size{}, geom.Size{}
	x.acks = x.acks[:0]
	x.acked = 0
	x.geometry, x.grown = geom.Rect{}, geom.Point{}
}
