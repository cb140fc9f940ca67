package wayland

import (
	"rayos/geom"
	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

// popup is xdg_popup: a menu, a tooltip, a combo box.
type popup struct {
	x      *xdgSurface
	res    *server.XdgPopup
	parent *popupParent // nil without one, or when the popup was dismissed
	place  placement
	rect   geom.Rect // relative to the parent's geometry, as shown
	want   geom.Rect // as placed last
	asked  []popupAsk
	token  *uint32 // of a reposition that the next configure answers
	grab   *seated // set while it holds the popup grab of that seat
	done   bool    // popup_done was sent
}

// popupAsk is a configure that the client has not answered yet. Its place
// takes effect with the answer.
type popupAsk struct {
	serial uint32
	rect   geom.Rect
}

// maxPopups bounds how deep popups nest.
const maxPopups = 32

// start hangs the popup above its parent. One without a parent waits for some
// other protocol to give it one. Above a popup that the session has dismissed,
// which the client can't know yet, it is dismissed as well.
func (p *popup) start(parent *popupParent, place placement) {
	p.place = place
	if parent != nil {
		p.adopt(parent)
	}
}

func (p *popup) adopt(parent *popupParent) {
	if base, depth := parent.base(); base == nil || depth >= maxPopups {
		p.dismiss()
		return
	}
	p.parent = parent
	parent.popups = append(parent.popups, p)
	p.x.tree.Reparent(parent.popupTree)
	p.arrange()
	p.show(p.want)
}

func (*popup) roleName() string   { return "xdg_popup" }
func (*popup) needsSurface() bool { return true }

func (p *popup) srv() *Server { return p.x.wm.c.srv }

// arrange computes the place within what the session allows.
func (p *popup) arrange() {
	at := p.parent.origin()
	p.want = p.place.solve(p.parent.bounds().Add(geom.Point{X: -at.X, Y: -at.Y}))
}

// show moves the popup to a place.
func (p *popup) show(r geom.Rect) {
	p.rect = r
	p.x.tree.SetPosition(r.X0, r.Y0)
}

// commit checks that the parent is there when the popup is mapped.
func (p *popup) commit(s *surface) bool {
	if p.parent == nil && !p.done {
		p.x.wm.res.PostError(protocol.XdgWmBaseErrorInvalidPopupParent, "the popup has no parent")
		return false
	}
	if p.parent != nil && !p.parent.mapped && s.pending().Buffer != nil {
		p.x.wm.res.PostError(protocol.XdgWmBaseErrorInvalidPopupParent, "the parent is not mapped")
		return false
	}
	return p.x.commit(s)
}

func (p *popup) committed(s *surface, set surfaces.Fields) {
	if set&surfaces.FieldAck != 0 {
		p.answered(s.core.Current.Ack)
	}
	p.x.committed(s, set)
}

// answered takes the place that a configure asked for.
func (p *popup) answered(serial uint32) {
	for i, a := range p.asked {
		if a.serial == serial {
			p.asked = append(p.asked[:0], p.asked[i+1:]...)
			p.show(a.rect)
			return
		}
	}
}

// open answers the initial commit.
func (p *popup) open() {
	if p.parent != nil {
		p.sendConfigure()
	}
}

func (p *popup) sendConfigure() {
	r := p.want
	if p.token != nil {
		p.res.SendRepositioned(*p.token)
		p.token = nil
	}
	p.res.SendConfigure(r.X0, r.Y0, r.W(), r.H())
	if len(p.asked) >= maxAcks {
		p.asked = append(p.asked[:0], p.asked[1:]...)
	}
	p.asked = append(p.asked, popupAsk{p.x.configure(), r})
}

func (p *popup) mapped()                 {}
func (p *popup) changed(surfaces.Fields) {}
func (p *popup) surfaceGone(*surface)    { p.end() }

func (p *popup) unmapped() {
	p.ungrab()
	p.asked = p.asked[:0]
}

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
	p.x.roleGone(p)
}

func (p *popup) end() {
	p.x.close()
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
	if p.grab != nil {
		v := p.grab
		p.grab = nil
		v.sc.g.seat.PopPopup(v.focus())
	}
}

// dismiss tells the client that the popup, and each one above it, is over.
func (p *popup) dismiss() {
	p.x.dismissPopups()
	p.leaveParent()
	if !p.done {
		p.done = true
		p.res.SendPopupDone()
	}
}

// Grab makes the popup a menu: events elsewhere dismiss it.
func (p *popup) Grab(res *server.XdgPopup, on *server.WlSeat, serial uint32) {
	if p.x.mapped {
		res.PostError(protocol.XdgPopupErrorInvalidGrab, "the popup is on screen already")
		return
	}
	if p.parent == nil || p.done {
		return
	}
	g := p.x.wm.c.seatOf(on).g
	st := g.seat
	kind, ok := st.ValidSerial(serial, p.x.wm.c)
	if !ok || !kind.ByUser() {
		p.dismiss()
		return
	}
	if pp, isPopup := p.parent.s.role.(*popup); isPopup && pp.grab == nil {
		// One that was dismissed has left its parent, and took this
		// popup along.
		res.PostError(protocol.XdgPopupErrorInvalidGrab, "the parent popup has no grab")
		return
	}
	if top := st.PopupTop(); top != nil && top != p.parent.s.on(g).focus() {
		p.dismiss()
		return
	}
	v := p.x.s.on(g)
	if err := st.PushPopup(v.focus(), func() { p.grab = nil; p.dismiss() }); err != nil {
		p.dismiss()
		return
	}
	p.grab = v
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
	p.token = &token
	if p.x.opened {
		p.sendConfigure()
	}
}

// ReactPopups places reactive popups of g anew after it moved.
func (s *Server) ReactPopups(g *surfaces.GuestSurface) {
	if t := s.xdg[g]; t != nil {
		t.x.react()
	}
}
