package rayapps

import (
	"rayos/geom"
	"rayos/rayapps/ui"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// pointer is the seat's pointer. What comes in one wl_pointer.frame is told
// together, in the order position, buttons, scrolling.
type pointer struct {
	s       *seat
	pointer *client.WlPointer
	shape   *client.WpCursorShapeDeviceV1
	pinch   *client.ZwpPointerGesturePinchV1 // nil where there are none
	enter   uint32                           // serial
	inside  bool
	on      *surface                            // that it is inside of
	last    protocol.WpCursorShapeDeviceV1Shape // set since it entered, if set
	set     bool
	image   cursorImage

	moved   bool
	event   ui.Pointer // with the last position
	scroll  geom.FPoint
	clicks  [2]int32 // 120ths of a click of a wheel: down, right
	scrolls bool
}

// wheelClick is how far one click of a wheel scrolls, in logical pixels: three
// lines.
const wheelClick = 54

func newPointer(s *seat) *pointer {
	p := &pointer{s: s, pointer: s.seat.GetPointer()}
	if m := s.h.shapes; m != nil {
		p.shape = m.GetPointer(p.pointer)
	}
	if m := s.h.gestures; m != nil {
		p.followPinches(m)
	}
	wp := p.pointer
	wp.OnEnter = func(serial uint32, on *client.WlSurface, x, y geom.Fixed) {
		p.on = s.h.w.find(on)
		p.enter, p.inside, p.set = serial, true, false
		p.move(x, y)
		p.single()
	}
	wp.OnLeave = func(uint32, *client.WlSurface) {
		p.flush()
		p.leave()
		p.single()
	}
	wp.OnMotion = func(_ uint32, x, y geom.Fixed) {
		p.move(x, y)
		p.single()
	}
	wp.OnButton = p.button
	wp.OnAxis = func(_ uint32, a protocol.WlPointerAxis, v geom.Fixed) {
		p.axis(a, v)
		p.single()
	}
	wp.OnAxisDiscrete = func(a protocol.WlPointerAxis, n int32) { p.wheel(a, n*120) }
	wp.OnAxisValue120 = p.wheel
	wp.OnFrame = p.flush
	return p
}

func (p *pointer) move(x, y geom.Fixed) {
	p.event.Pos = p.on.point(x, y)
	p.moved = true
}

func (p *pointer) axis(a protocol.WlPointerAxis, v geom.Fixed) {
	p.scrolls = true
	if a == protocol.WlPointerAxisHorizontalScroll {
		p.scroll.X += v.Float()
	} else {
		p.scroll.Y += v.Float()
	}
}

// wheel notes how far a wheel was turned; an axis event comes with it.
func (p *pointer) wheel(a protocol.WlPointerAxis, v int32) {
	if a == protocol.WlPointerAxisHorizontalScroll {
		p.clicks[1] += v
	} else {
		p.clicks[0] += v
	}
}

func (p *pointer) button(serial, _, button uint32, state protocol.WlPointerButtonState) {
	p.s.serial = serial
	p.flush()
	e := &p.event
	b, ok := ui.EvdevButton(button)
	if !ok {
		return
	}
	e.Button = b
	pressed := state == protocol.WlPointerButtonStatePressed
	if pressed {
		p.s.press(serial, p.on)
	}
	if pressed && e.Button == ui.LeftButton && p.onWindow() && p.s.h.w.grabEdge(e.Pos.Floor()) {
		return
	}
	switch {
	case !pressed:
		p.s.picking = true
		p.send(ui.PointerRelease)
	case !p.send(ui.PointerPress) && e.Button == ui.MiddleButton:
		p.s.pasteAt()
	}
	p.single()
}

// onWindow reports whether the pointer is over the window itself, not a popup.
func (p *pointer) onWindow() bool { return p.on == &p.s.h.w.surface }

func (p *pointer) send(k ui.PointerKind) bool {
	p.event.Kind, p.event.Mods = k, p.s.mods()
	return p.s.h.w.event(&p.event)
}

// flush tells what a frame has collected.
func (p *pointer) flush() {
	if p.moved {
		p.moved = false
		p.send(ui.PointerMove)
	}
	if !p.scrolls {
		return
	}
	e := &p.event
	e.Scroll = p.scroll
	// A wheel says exactly how far it was turned; how far that scrolls is ours.
	if p.clicks[0] != 0 {
		e.Scroll.Y = float64(p.clicks[0]) * wheelClick / 120
	}
	if p.clicks[1] != 0 {
		e.Scroll.X = float64(p.clicks[1]) * wheelClick / 120
	}
	p.scroll, p.clicks, p.scrolls = geom.FPoint{}, [2]int32{}, false
	p.send(ui.PointerScroll)
	e.Scroll = geom.FPoint{}
}

// followPinches tells of pinches, each step against the one before.
func (p *pointer) followPinches(m *client.ZwpPointerGesturesV1) {
	p.pinch = m.GetPinchGesture(p.pointer)
	last := 1.0
	p.pinch.OnBegin = func(_, _ uint32, _ *client.WlSurface, _ uint32) { last = 1 }
	p.pinch.OnUpdate = func(_ uint32, dx, dy, scale, _ geom.Fixed) {
		now := min(max(scale.Float(), 1.0/64), 64)
		p.s.h.w.event(&ui.Pinch{Pos: p.event.Pos, Zoom: now / last, Pan: geom.FPoint{X: dx.Float(), Y: dy.Float()}})
		last = now
	}
}

// single ends a frame after each event of compositors too old to do so.
func (p *pointer) single() {
	if p.pointer.Version() < 5 {
		p.flush()
	}
}

func (p *pointer) leave() {
	if p.inside {
		p.inside = false
		p.send(ui.PointerLeave)
	}
}

func (p *pointer) release() {
	p.leave()
	if p.shape != nil {
		p.shape.Destroy()
	}
	if p.pinch != nil {
		p.pinch.Destroy()
	}
	if p.image.surface != nil {
		p.image.surface.Destroy()
	}
	if err := p.image.free(); err != nil {
		p.s.h.w.opts.Log.Warn("cursor", "err", err)
	}
	if p.pointer.Version() >= 3 {
		p.pointer.Release()
	}
}
