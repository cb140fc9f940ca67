package wayland

import (
	"slices"

	"rayos/geom"
	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

// popup is xdg_popup: a menu, a tooltip, a combo box.
type popup struct {
	x      *xdgSurface
	res    *server.XdgPopup
	parent *xdgSurface // nil when the parent is gone or the popup dismissed
	place  placement
	rect   geom.Rect // relative to the parent's geometry
	grab   bool      // holds the seat's popup grab
	done   bool      // popup_done was sent
}

// start hangs the popup above its parent.
func (p *popup) start(parent *xdgSurface, place placement) {
	p.parent, p.place = parent, place
	parent.popups = append(parent.popups, p)
	p.x.tree.Reparent(parent.popupTree)
	p.arrange()
}

func (*popup) roleName() string   { return "xdg_popup" }
func (*popup) needsSurface() bool { return true }

func (p *popup) srv() *Server { return p.x.wm.c.srv }

// arrange computes the place within what the session allows.
func (p *popup) arrange() {
	var bounds geom.Rect
	if root, at := p.parent.root(); root != nil {
		bounds = p.srv().shell.PopupBounds(root.guest).Add(geom.Point{X: -at.X, Y: -at.Y})
	}
	p.rect = p.place.solve(bounds)
	p.x.tree.SetPosition(p.rect.X0, p.rect.Y0)
}

func (p *popup) commit(*surface) bool {
	return p.x.commit(p.x.s)
}

func (p *popup) committed(s *surface, set surfaces.Fields) { p.x.committed(s, set) }

// open answers the initial commit.
func (p *popup) open() {
	if p.parent == nil {
		p.dismiss()
		return
	}
	p.sendConfigure()
}

func (p *popup) sendConfigure() {
	p.res.SendConfigure(p.rect.X0, p.rect.Y0, p.rect.W(), p.rect.H())
	p.x.configure()
}

func (p *popup) mapped()                 {}
func (p *popup) unmapped()               { p.ungrab() }
func (p *popup) changed(surfaces.Fields) {}
func (p *popup) surfaceGone(*surface)    { p.end() }

// Destroy takes the popup away. Only the topmost may go.
func (p *popup) Destroy(*server.XdgPopup) {
	if len(p.x.popups) > 0 {
		p.x.wm.res.PostError(protocol.XdgWmBaseErrorNotTheTopmostPopup, "a popup above this one is still there")
	}
}

// ResourceDestroyed ends the popup.
func (p *popup) ResourceDestroyed() {
	if p.x.role != xdgRole(p) {
		return
	}
	p.end()
	p.x.role = nil
	if p.x.s != nil && p.x.s.role == role(p) {
		p.x.s.dropRole()
	}
}

func (p *popup) end() {
	p.x.reset()
	p.leaveParent()
}

func (p *popup) leaveParent() {
	p.ungrab()
	if p.parent != nil {
		p.parent.popups = remove(p.parent.popups, p)
		p.parent = nil
		p.x.tree.Reparent(p.srv().limbo)
	}
}

func (p *popup) ungrab() {
	if p.grab {
		p.grab = false
		p.srv().Seat.PopPopup(p.x.s)
	}
}

// dismiss tells the client that the popup, and each one above it, is over.
func (p *popup) dismiss() {
	for len(p.x.popups) > 0 {
		p.x.popups[len(p.x.popups)-1].dismiss()
	}
	p.leaveParent()
	if !p.done {
		p.done = true
		p.res.SendPopupDone()
	}
}

// Grab makes the popup a menu: events elsewhere dismiss it.
func (p *popup) Grab(res *server.XdgPopup, _ *server.WlSeat, serial uint32) {
	if p.x.mapped {
		res.PostError(protocol.XdgPopupErrorInvalidGrab, "the popup is on screen already")
		return
	}
	if p.parent == nil || p.done {
		return
	}
	st := p.srv().Seat
	kind, ok := st.ValidSerial(serial, p.x.wm.c)
	if !ok || !kind.ByUser() {
		p.dismiss()
		return
	}
	if pp, isPopup := p.parent.role.(*popup); isPopup && !pp.grab {
		res.PostError(protocol.XdgPopupErrorInvalidGrab, "the parent popup has no grab")
		return
	}
	if top := st.PopupTop(); top != nil && top != p.parent.focus() {
		p.dismiss()
		return
	}
	if err := st.PushPopup(p.x.s, func() { p.grab = false; p.dismiss() }); err != nil {
		p.dismiss()
		return
	}
	p.grab = true
}

// focus returns the surface as what the seat knows, or nil.
func (x *xdgSurface) focus() any {
	if x.s == nil {
		return nil
	}
	return x.s
}

// Reposition places the popup anew.
func (p *popup) Reposition(_ *server.XdgPopup, pos *server.XdgPositioner, token uint32) {
	if p.parent == nil {
		return
	}
	place := pos.Handler.(*positioner).placement
	if !place.complete() {
		p.x.wm.res.PostError(protocol.XdgWmBaseErrorInvalidPositioner, "the positioner has no size or no anchor rectangle")
		return
	}
	p.place = place
	p.arrange()
	p.res.SendRepositioned(token)
	p.sendConfigure()
}

// ReactPopups places reactive popups of g anew after it moved.
func (s *Server) ReactPopups(g *surfaces.GuestSurface) {
	if t := s.xdg[g]; t != nil {
		t.x.react()
	}
}

func (x *xdgSurface) react() {
	for _, p := range slices.Clone(x.popups) {
		if p.place.reactive && p.x.opened {
			before := p.rect
			p.arrange()
			if p.rect != before {
				p.sendConfigure()
			}
		}
		p.x.react()
	}
}
