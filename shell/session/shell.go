package session

import (
	"rayos/geom"
	"rayos/surfaces"
	"rayos/surfaces/places"
	"rayos/surfaces/scene"
	"rayos/surfaces/seat"
	"rayos/surfaces/wayland"
	"rayos/wm"
)

// This file is the session's side of wayland.Shell: what happens to windows.

// windowOf returns the window of a GuestSurface, or nil.
func (s *Session) windowOf(g *surfaces.GuestSurface) *window {
	if g == nil {
		return nil
	}
	return s.windows[wm.WindowID(g.ID)]
}

// WindowOpened gives a new window its first configure.
func (s *Session) WindowOpened(g *surfaces.GuestSurface) {
	w := s.windowOf(g)
	if w == nil {
		w = s.newWindow(g)
	}
	p, err := s.wm.Preview(s.mapOp(w))
	if err != nil {
		s.log.Error("window", "err", err)
	}
	w.want = p.Configure
	c := w.configuration(&p)
	if m := s.machineOf(g); m != nil && !m.shown {
		c.Suspended, c.Activated = true, false
	}
	if s.opt.Lenient {
		// Some programs wait for a second configure, once they are shown.
		c.Activated = false
	}
	g.Window.Configure(c)
}

// mapOp is what the window manager is told of a window that appears.
func (s *Session) mapOp(w *window) wm.Map {
	g := w.guest
	lo, hi := g.Window.Limits()
	op := wm.Map{
		ID: w.id, AppID: g.AppID, Size: g.Window.Geometry().Size(), Min: lo, Max: hi,
		Decorated: w.decorated, Full: w.asks.fullscreen, Output: s.inUse(w.asks.output),
	}
	if w.asks.maximized {
		op.Zone = wm.ZoneMax
	}
	if p := s.server.Parent(g); p != nil {
		op.Parent = wm.WindowID(p.ID)
	}
	op.Activate, _ = s.newcomer(w)
	if quiet(g) {
		op.Activate = false
	}
	if w.asks.place != nil {
		s.mapAtPlace(w, &op)
	}
	return op
}

// quiet reports whether a window doesn't want the focus when it appears.
func quiet(g *surfaces.GuestSurface) bool {
	q, ok := g.Window.(interface{ Quiet() bool })
	return ok && q.Quiet()
}

// WindowMapped puts the window on the desktop.
func (s *Session) WindowMapped(g *surfaces.GuestSurface) {
	w := s.windowOf(g)
	if w == nil {
		return
	}
	if m := s.machineOf(g); m != nil {
		m.mapped(w)
		return
	}
	s.putOn(w)
}

// putOn shows a window that has pixels.
func (s *Session) putOn(w *window) {
	g := w.guest
	w.mapped = true
	w.decorated = s.Decorates(g)
	focus, v := s.newcomer(w)
	s.do(s.mapOp(w))
	w.comeBack()
	if !quiet(g) {
		s.greet(w, focus, v)
	}
	if w.asks.place != nil {
		s.settleAtPlace(w)
	}
	s.markers.opened(w)
	if s.server.Modal(g) {
		s.setModal(w)
	}
	if w.carry != nil {
		w.carry.begin(w)
	}
}

// leave notes where the window is, for the case that the client only hides it.
func (w *window) leave() {
	w.left = nil
	if p, ok := w.s.placement(w.id); ok && floats(&p) {
		at := p.Frame.Min()
		w.left = &at
	}
}

// comeBack shows a window that was hidden where it was.
func (w *window) comeBack() {
	if w.left == nil {
		return
	}
	if p, ok := w.s.placement(w.id); ok && floats(&p) {
		w.s.do(wm.Move{ID: w.id, To: *w.left})
	}
}

func floats(p *wm.Placement) bool {
	return p.Zone == wm.ZoneNone && p.Tiled == 0 && !p.Maximized && !p.Fullscreen
}

// setModal follows what a dialog says about its parent.
func (s *Session) setModal(w *window) {
	to := wm.Off
	if s.server.Modal(w.guest) {
		to = wm.On
	}
	s.do(wm.SetModal{ID: w.id, To: to})
}

// WindowUnmapped takes it off.
func (s *Session) WindowUnmapped(g *surfaces.GuestSurface) {
	w := s.windowOf(g)
	if w == nil {
		return
	}
	if m := s.machineOf(g); m != nil {
		m.unmapped(w)
	}
	if w.mapped {
		s.takeOff(w)
	}
}

// takeOff takes a window off the desktop.
func (s *Session) takeOff(w *window) {
	w.mapped = false
	s.markers.takenOff(w)
	w.release()
	w.asks = asks{}
	w.frame.tree.SetEnabled(false)
	s.endGrabOf(w)
	s.bell.forget(w)
	w.leave()
	s.do(wm.Unmap{ID: w.id})
	s.memory.later()
	s.moved = true
}

// WindowClosed forgets it.
func (s *Session) WindowClosed(g *surfaces.GuestSurface) {
	s.WindowUnmapped(g)
	if w := s.windowOf(g); w != nil {
		w.destroy()
		s.memory.later()
	}
	s.moved = true
}

// WindowChanged follows what the client says about its window.
func (s *Session) WindowChanged(g *surfaces.GuestSurface, what wayland.Change) {
	w := s.windowOf(g)
	if w == nil || !w.mapped {
		return
	}
	if what&(wayland.ChangeTitle|wayland.ChangeAppID) != 0 {
		s.bars.stale = true
		w.drawFrame()
	}
	if what&wayland.ChangeAppID != 0 {
		s.do(wm.SetAppID{ID: w.id, AppID: g.AppID})
	}
	if what&wayland.ChangeParent != 0 {
		op := wm.SetParent{ID: w.id}
		if p := s.server.Parent(g); p != nil {
			op.Parent = wm.WindowID(p.ID)
		}
		s.do(op)
	}
	if what&wayland.ChangeModal != 0 {
		s.setModal(w)
	}
	if what&wayland.ChangeLimits != 0 {
		lo, hi := g.Window.Limits()
		s.do(wm.SetLimits{ID: w.id, Min: lo, Max: hi})
		w.drawFrame()
	}
	if what&wayland.ChangeDecoration != 0 {
		w.decorated = s.Decorates(g)
		to := wm.Off
		if w.decorated {
			to = wm.On
		}
		s.do(wm.SetDecorated{ID: w.id, To: to})
	}
	if what&wayland.ChangeGeometry != 0 {
		s.contentResized(w)
	}
	if what&wayland.ChangeCapture != 0 {
		s.dirty = true // one that is captured is not told to rest
	}
}

// contentResized tells the window manager of a size that the client chose.
// While a size is asked for and not answered, commits are for older ones.
func (s *Session) contentResized(w *window) {
	w.grow()
	size := w.guest.Window.Geometry().Size()
	if w.waiting != 0 || size.Empty() || size == w.size {
		return
	}
	w.size = size
	s.do(wm.SetSize{ID: w.id, Size: size})
}

// grow lets a window that floats and whose content reaches out to the left or
// the top do so there: what it has drawn before stays in its place.
func (w *window) grow() {
	g, ok := w.guest.Window.(interface{ Grown() geom.Point })
	if !ok {
		return
	}
	d := g.Grown()
	if d == (geom.Point{}) {
		return
	}
	if p, ok := w.s.placement(w.id); ok && floats(&p) {
		w.s.do(wm.MoveBy{ID: w.id, Delta: d})
	}
}

// WindowAcked: the window answers. If others have yet to, its commit waits for
// them.
func (s *Session) WindowAcked(g *surfaces.GuestSurface, serial uint32) {
	w := s.windowOf(g)
	if w == nil || w.waiting == 0 || int32(serial-w.waiting) < 0 {
		return
	}
	w.waiting = 0
	if s.layout.waits() && w.held == nil {
		w.held = g.Surface.Block()
	}
}

// SurfaceCommitted draws when somebody waits to be told of a frame; damage
// queues a redraw by itself.
func (s *Session) SurfaceCommitted(sf *surfaces.Surface, set surfaces.Fields) {
	if set&(surfaces.FieldFrames|surfaces.FieldFeedback|surfaces.FieldFifo) != 0 {
		s.scene.EachOutput(sf.Node(), s.queueOutput)
	}
	if set&surfaces.FieldBuffer != 0 && len(s.machines) > 0 {
		s.guestDrawn(sf)
	}
	const moves = surfaces.FieldOrder | surfaces.FieldViewport | surfaces.FieldScale |
		surfaces.FieldTransform | surfaces.FieldInput | surfaces.FieldGeometry
	if set&moves != 0 || set&surfaces.FieldBuffer != 0 && sf.Resized() {
		s.moved = true
	}
}

func (s *Session) queueOutput(so *scene.Output) {
	for _, o := range s.outputs {
		if o.scene == so {
			o.queue()
		}
	}
}

// WindowRequest does what the client asks, within the policy.
func (s *Session) WindowRequest(g *surfaces.GuestSurface, r wayland.Request) {
	w := s.windowOf(g)
	if w == nil {
		w = s.newWindow(g)
	}
	if !w.mapped {
		w.asks.remember(s, r)
		return
	}
	switch r.Kind {
	case wayland.RequestMove:
		s.startMove(s.seatOf(r.Seat), w, r.Serial, r.Client)
	case wayland.RequestResize:
		s.startResize(s.seatOf(r.Seat), w, seat.Edges(r.Edges), r.Serial, r.Client)
	case wayland.RequestMaximize:
		s.do(wm.Maximize{ID: w.id, To: wm.On})
	case wayland.RequestUnmaximize:
		s.do(wm.Maximize{ID: w.id, To: wm.Off})
	case wayland.RequestFullscreen:
		s.do(wm.Fullscreen{ID: w.id, To: wm.On, Output: s.inUse(outputID(r.Output))})
	case wayland.RequestUnfullscreen:
		s.do(wm.Fullscreen{ID: w.id, To: wm.Off})
	case wayland.RequestMinimize:
		s.do(wm.Minimize{ID: w.id, To: wm.On})
	case wayland.RequestUnminimize:
		s.do(wm.Minimize{ID: w.id, To: wm.Off})
	case wayland.RequestActivate:
		if v := s.visitorAt(r.Seat); v != nil {
			v.focus(w)
			return
		}
		s.do(wm.Activate{ID: w.id})
	case wayland.RequestAttention:
		w.attend()
	}
}

// seatOf returns the seat that a request is about.
func (s *Session) seatOf(st *seat.Seat) *seat.Seat {
	if s.visitorAt(st) != nil {
		return st
	}
	return s.seat
}

// WindowState tells others what the policy has decided, also while the window
// has yet to answer.
func (s *Session) WindowState(g *surfaces.GuestSurface) wayland.WindowState {
	w := s.windowOf(g)
	if w == nil || !w.mapped {
		return wayland.WindowState{}
	}
	p, ok := s.placement(w.id)
	if !ok {
		return wayland.WindowState{}
	}
	return wayland.WindowState{Maximized: p.Maximized, Minimized: p.Minimized, Fullscreen: p.Fullscreen, Activated: p.Activated || s.visited(w.id)}
}

// asks is what a window wished before it was mapped.
type asks struct {
	maximized, fullscreen bool
	output                wm.OutputID

	token *seat.Seat // whose good activation token it came with, or nil

	place *places.Place // where it was in another run, nil for anywhere
	zone  wm.Zone       // of place
}

func (a *asks) remember(_ *Session, r wayland.Request) {
	switch r.Kind {
	case wayland.RequestMaximize:
		a.maximized = true
	case wayland.RequestUnmaximize:
		a.maximized = false
	case wayland.RequestFullscreen:
		a.fullscreen, a.output = true, outputID(r.Output)
	case wayland.RequestUnfullscreen:
		a.fullscreen = false
	case wayland.RequestActivate:
		a.token = r.Seat
	}
}

func outputID(o *wayland.Output) wm.OutputID {
	if o == nil {
		return 0
	}
	if so, ok := o.Data.(*output); ok {
		return so.id
	}
	return 0
}

// inUse returns id, or 0 for an output that is gone: clients may name one for a
// while.
func (s *Session) inUse(id wm.OutputID) wm.OutputID {
	for _, o := range s.outputs {
		if o.id == id {
			return id
		}
	}
	return 0
}

// PopupBounds lets menus use the output that the window is on.
func (s *Session) PopupBounds(g *surfaces.GuestSurface) geom.Rect {
	w := s.windowOf(g)
	if w == nil {
		return geom.Rect{}
	}
	p, ok := s.placement(w.id)
	if !ok {
		return geom.Rect{}
	}
	for _, o := range s.outputs {
		if o.id == p.Output {
			c := p.Content.Min()
			return o.scene.Logical().Add(geom.Point{X: -c.X, Y: -c.Y})
		}
	}
	return geom.Rect{}
}

// Decorates: the session draws the frame unless the client wants to, or never
// said that it can do without one of its own. Whoever is not trusted always
// gets the session's frame: it says so, and no client can draw over it.
func (s *Session) Decorates(g *surfaces.GuestSurface) bool {
	if g.Owner.Trust != surfaces.TrustSession {
		return true
	}
	known, serverSide := s.server.DecorationWish(g)
	return known && serverSide
}

// focusWindow gives the keyboard to the lock, to the prompt, or to a panel that wants it, or
// else to the focused window.
func (s *Session) focusWindow() {
	s.bindMachineKeys()
	for _, v := range s.visitors {
		v.refocus()
	}
	if s.screenLock.on {
		s.seat.SetKeyboardFocus(s.screenLock.keyboard())
		return
	}
	if s.lock.on {
		s.seat.SetKeyboardFocus(s.server.LockFocus(s.seat.Position().Floor()))
		return
	}
	if f := s.prompt.keyboard(); f != nil {
		s.seat.SetKeyboardFocus(f)
		return
	}
	if id := s.wm.Focused(); id != s.focused {
		s.focused = id
		s.markers.focused(id)
		s.server.ReleaseDemand()
		s.parts.focusMoved()
		s.seat.DismissPopups() // menus belong to the window that was used
	}
	if f := s.parts.keyboard(); f != nil {
		s.seat.SetKeyboardFocus(f)
		return
	}
	if f := s.server.PanelFocus(); f != nil {
		s.seat.SetKeyboardFocus(f)
		return
	}
	if s.x11 != nil {
		if f := s.x11.Keyboard(); f != nil {
			s.seat.SetKeyboardFocus(f)
			return
		}
	}
	w := s.windows[s.wm.Focused()]
	if w == nil || !w.mapped {
		s.seat.SetKeyboardFocus(nil)
		return
	}
	w.present(true)
	if m := s.machineOf(w.guest); m != nil && m.card != nil && m.card.w == w {
		s.seat.SetKeyboardFocus(m.card)
		return
	}
	s.seat.SetKeyboardFocus(w.target())
}

// target is who gets the window's keys.
func (w *window) target() seat.Focus {
	if w.guest.Surface == nil {
		return nil
	}
	f, _ := w.guest.Surface.Data.(seat.Focus)
	return f
}
