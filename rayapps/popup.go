package rayapps

import (
	"rayos/geom"
	"rayos/rayapps/ui"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// popup shows a layer of the window's tree that has no room inside, as an
// xdg_popup.
type popup struct {
	surface
	ui     *ui.Popup
	popup  *client.XdgPopup
	parent *popup // nil is the window
	grabs  bool

	asked      popupAsk
	token      uint32
	next       configure // of which only serial, ack and scale matter
	rect       geom.Rect // as configured, from the parent's corner
	configured bool
	shown      bool // something was drawn
}

// popupAsk is what the compositor was asked for.
type popupAsk struct {
	anchor geom.Rect // from the parent's corner
	middle bool
	size   geom.Size
}

// repositions is the version of xdg_wm_base whose popups can be moved.
const repositions = 3

// turnPopups shows the layers that have no room in the window, draws what they
// have new, and takes away what has closed.
func (w *Window) turnPopups() {
	list := w.root.Popups()
	if !w.mapped || len(list)+len(w.popups) == 0 {
		return
	}
	same := 0
	for same < min(len(list), len(w.popups)) && w.popups[same].shows(list[same]) {
		same++
	}
	w.dropPopups(same)
	if !w.resumed {
		return
	}
	for _, u := range list[same:] {
		if !w.popUp(u) {
			break // the one below comes first
		}
	}
	for _, p := range w.popups {
		p.follow()
		p.frame()
	}
}

// shows reports whether p goes on to show u.
func (p *popup) shows(u *ui.Popup) bool {
	return p.ui == u && (p.w.host.shell.Version() >= repositions || p.asked == p.wanted())
}

// popUp makes a popup above those that there are, if what it lies on is there.
func (w *Window) popUp(u *ui.Popup) bool {
	p := &popup{ui: u}
	for _, below := range w.popups {
		if below.ui.Grab {
			p.parent = below
		}
	}
	if p.parent != nil && !p.parent.shown {
		return false
	}
	p.create(w, func(s geom.Scale) { p.next.scale = s })
	p.swap.alpha = true
	p.scale, p.next.scale = w.scale, w.scale
	p.onFrame = func(uint32) { p.waiting = nil }
	p.xdg = w.host.shell.GetXdgSurface(p.wl)
	p.xdg.OnConfigure = func(serial uint32) { p.next.serial, p.next.ack = serial, true }
	on := w.xdg
	if p.parent != nil {
		on = p.parent.xdg
	}
	p.asked = p.wanted()
	pos := p.positioner()
	p.popup = p.xdg.GetPopup(on, pos)
	pos.Destroy()
	p.popup.OnConfigure = func(x, y, width, height int32) {
		p.rect = geom.XYWH(x, y, min(max(width, 1), maxSide), min(max(height, 1), maxSide))
	}
	p.popup.OnPopupDone = p.done
	if s := w.host.seat; u.Grab && s != nil && s.pressed != 0 && (p.parent == nil || p.parent.grabs) {
		p.popup.Grab(s.seat, s.pressed)
		p.grabs = true
	}
	w.popups = append(w.popups, p)
	p.wl.Commit()
	return true
}

// wanted returns what the layer would like to have.
func (p *popup) wanted() popupAsk {
	size, by := p.w.size, geom.Point{}
	if p.parent != nil {
		by, size = p.parent.ui.Rect.Min(), p.parent.ui.Rect.Size()
	}
	a := p.ui.Anchor
	a.Y0, a.Y1 = a.Y0-p.ui.Gap, a.Y1+p.ui.Gap
	a = geom.Rect{X0: a.X0 - by.X, Y0: a.Y0 - by.Y, X1: a.X1 - by.X, Y1: a.Y1 - by.Y}
	// It has to lie inside, and to be something.
	a.X0, a.Y0 = min(max(a.X0, 0), size.W-1), min(max(a.Y0, 0), size.H-1)
	a.X1, a.Y1 = min(max(a.X1, a.X0+1), size.W), min(max(a.Y1, a.Y0+1), size.H)
	return popupAsk{a, p.ui.Middle, geom.Size{W: max(p.ui.Size.W, 1), H: max(p.ui.Size.H, 1)}}
}

// positioner asks for what p.asked says. What doesn't fit on the screen goes above
// the anchor, then along it, then gets smaller.
func (p *popup) positioner() *client.XdgPositioner {
	pos := p.w.host.shell.CreatePositioner()
	pos.SetSize(p.asked.size.W, p.asked.size.H)
	r := p.asked.anchor
	pos.SetAnchorRect(r.X0, r.Y0, r.W(), r.H())
	anchor, gravity := protocol.XdgPositionerAnchorBottomLeft, protocol.XdgPositionerGravityBottomRight
	switch {
	case p.asked.middle:
		anchor, gravity = protocol.XdgPositionerAnchorBottom, protocol.XdgPositionerGravityBottom
	case p.w.root.RTL():
		anchor, gravity = protocol.XdgPositionerAnchorBottomRight, protocol.XdgPositionerGravityBottomLeft
	}
	pos.SetAnchor(anchor)
	pos.SetGravity(gravity)
	pos.SetConstraintAdjustment(protocol.XdgPositionerConstraintAdjustmentFlipY |
		protocol.XdgPositionerConstraintAdjustmentSlideX | protocol.XdgPositionerConstraintAdjustmentSlideY |
		protocol.XdgPositionerConstraintAdjustmentResizeX | protocol.XdgPositionerConstraintAdjustmentResizeY)
	if pos.Version() >= repositions {
		pos.SetReactive()
	}
	return pos
}

// done is the compositor's word that the popup is over. One that has never been
// there wasn't let grab.
func (p *popup) done() {
	if p.configured {
		p.w.root.DismissPopup(p.ui)
	} else {
		p.w.root.RefusePopup(p.ui)
	}
	p.w.root.Layout()
}

// reconfigurePopups does what the compositor asked popups for since the last turn.
func (w *Window) reconfigurePopups() {
	for _, p := range w.popups {
		p.reconfigure()
	}
}

func (p *popup) reconfigure() {
	n := &p.next
	acked := n.ack
	if !acked && (n.scale == p.scale || !p.configured) {
		return
	}
	if acked {
		p.xdg.AckConfigure(n.serial)
		n.ack, p.configured = false, true
		p.place()
	}
	size := p.ui.Rect.Size()
	size.W, size.H = size.W+2*p.ui.Margin, size.H+2*p.ui.Margin
	switch {
	case size != p.size || n.scale != p.scale:
		p.resize(size, n.scale)
	case acked && p.shown:
		p.wl.Commit() // only its place has changed
	}
}

// place tells the tree where the popup is, and those above it.
func (p *popup) place() {
	by := geom.Point{}
	if p.parent != nil {
		by = p.parent.ui.Rect.Min()
	}
	r := p.rect.Add(by)
	p.corner = r.Min().Sub(geom.Point{X: p.ui.Margin, Y: p.ui.Margin})
	p.w.root.PlacePopup(p.ui, r)
	for _, above := range p.w.popups {
		if above.parent == p && above.configured {
			above.place()
		}
	}
}

// follow asks for another place or size when the layer would like it.
func (p *popup) follow() {
	if want := p.wanted(); p.configured && want != p.asked {
		p.asked = want
		pos := p.positioner()
		p.token++
		p.popup.Reposition(pos, p.token)
		pos.Destroy()
	}
}

// frame draws what is new, if the compositor wants it.
func (p *popup) frame() {
	list := p.ui.Frame.List
	if !p.configured || list == nil || p.waiting != nil || p.swap.starved || !p.stale && p.damage.Empty() {
		return
	}
	if !p.draw(list) {
		return
	}
	if p.stale {
		m := p.ui.Margin
		inner := geom.XYWH(m, m, p.size.W-2*m, p.size.H-2*m)
		p.xdg.SetWindowGeometry(inner.X0, inner.Y0, inner.W(), inner.H())
		input := p.w.host.compositor.CreateRegion()
		if p.ui.Grab { // tooltips are seen and not touched
			input.Add(inner.X0, inner.Y0, inner.W(), inner.H())
		}
		p.wl.SetInputRegion(input)
		input.Destroy()
	}
	p.stale, p.shown = false, true
	p.wl.Commit()
}

// dropPopups takes away all but the lowest n popups, the topmost first.
func (w *Window) dropPopups(n int) {
	for i := len(w.popups) - 1; i >= n; i-- {
		if err := w.popups[i].destroy(); err != nil {
			w.opts.Log.Warn("popup", "err", err)
		}
		w.popups[i] = nil
		w.popups = w.popups[:i]
	}
}

func (p *popup) destroy() error {
	if s := p.w.host.seat; s != nil {
		s.lost(&p.surface)
	}
	p.wait(nil)
	p.popup.Destroy()
	p.xdg.Destroy()
	if p.factor != nil {
		p.factor.Destroy()
	}
	if p.viewport != nil {
		p.viewport.Destroy()
	}
	p.wl.Destroy()
	return p.swap.free()
}
