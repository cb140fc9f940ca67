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
	enter   uint32 // serial
	inside  bool
	last    protocol.WpCursorShapeDeviceV1Shape // set since it entered, if set
	set     bool

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
	wp := p.pointer
	wp.OnEnter = func(serial uint32, _ *client.WlSurface, x, y geom.Fixed) {
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
		p.scrolls = true
		if a == protocol.WlPointerAxisHorizontalScroll {
			p.scroll.X += v.Float()
		} else {
			p.scroll.Y += v.Float()
		}
		p.single()
	}
	wp.OnAxisDiscrete = func(a protocol.WlPointerAxis, n int32) { p.wheel(a, n*120) }
	wp.OnAxisValue120 = p.wheel
	wp.OnFrame = p.flush
	return p
}

func (p *pointer) move(x, y geom.Fixed) {
	p.event.Pos = geom.FPoint{X: x.Float(), Y: y.Float()}
	p.moved = true
}

func (p *pointer) wheel(a protocol.WlPointerAxis, v int32) {
	if a == protocol.WlPointerAxisHorizontalScroll {
		p.clicks[1] += v
	} else {
		p.clicks[0] += v
	}
}

// Linux button codes (linux/input-event-codes.h).
const (
	btnLeft   = 0x110
	btnRight  = 0x111
	btnMiddle = 0x112
)

func (p *pointer) button(serial, _, button uint32, state protocol.WlPointerButtonState) {
	p.s.serial = serial
	p.flush()
	e := &p.event
	switch button {
	case btnLeft:
		e.Button = ui.LeftButton
	case btnRight:
		e.Button = ui.RightButton
	case btnMiddle:
		e.Button = ui.MiddleButton
	default:
		return
	}
	pressed := state == protocol.WlPointerButtonStatePressed
	if pressed && e.Button == ui.LeftButton && p.s.h.w.grabEdge(e.Pos.Floor()) {
		return
	}
	if pressed {
		p.send(ui.PointerPress)
	} else {
		p.send(ui.PointerRelease)
	}
	p.single()
}

func (p *pointer) send(k ui.PointerKind) {
	p.event.Kind, p.event.Mods = k, p.s.mods()
	p.s.h.w.event(&p.event)
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
	if p.pointer.Version() >= 3 {
		p.pointer.Release()
	}
}

// cursorShapes are the protocol's for those of the toolkit.
var cursorShapes = [...]protocol.WpCursorShapeDeviceV1Shape{
	ui.CursorDefault:    protocol.WpCursorShapeDeviceV1ShapeDefault,
	ui.CursorPointer:    protocol.WpCursorShapeDeviceV1ShapePointer,
	ui.CursorText:       protocol.WpCursorShapeDeviceV1ShapeText,
	ui.CursorColResize:  protocol.WpCursorShapeDeviceV1ShapeColResize,
	ui.CursorRowResize:  protocol.WpCursorShapeDeviceV1ShapeRowResize,
	ui.CursorNotAllowed: protocol.WpCursorShapeDeviceV1ShapeNotAllowed,
	ui.CursorGrab:       protocol.WpCursorShapeDeviceV1ShapeGrab,
	ui.CursorGrabbing:   protocol.WpCursorShapeDeviceV1ShapeGrabbing,
	ui.CursorCrosshair:  protocol.WpCursorShapeDeviceV1ShapeCrosshair,
	ui.CursorWait:       protocol.WpCursorShapeDeviceV1ShapeWait,
}

// showCursor sets the pointer's shape if it has changed.
func (s *seat) showCursor() {
	p := s.pointer
	if p == nil || !p.inside || p.shape == nil {
		return
	}
	shape := cursorShapes[s.h.w.root.Cursor()]
	if e, on := s.h.w.edgeAt(p.event.Pos.Floor()); on {
		shape = edgeShapes[e]
	}
	if p.set && p.last == shape {
		return
	}
	p.set, p.last = true, shape
	p.shape.SetShape(p.enter, shape)
}

// touch is the seat's touch screen. The first finger is the pointer; others are
// for those who handle them.
type touch struct {
	s     *seat
	touch *client.WlTouch
	down  bool
	id    int32
	event ui.Pointer
}

func newTouch(s *seat) *touch {
	t := &touch{s: s, touch: s.seat.GetTouch()}
	t.event.Touch = true
	t.touch.OnDown = func(serial, _ uint32, _ *client.WlSurface, id int32, x, y geom.Fixed) {
		s.serial = serial
		if t.down {
			return
		}
		t.down, t.id = true, id
		t.send(ui.PointerPress, x, y)
	}
	t.touch.OnMotion = func(_ uint32, id int32, x, y geom.Fixed) {
		if t.down && id == t.id {
			t.send(ui.PointerMove, x, y)
		}
	}
	t.touch.OnUp = func(serial, _ uint32, id int32) {
		s.serial = serial
		if t.down && id == t.id {
			t.end(ui.PointerRelease)
		}
	}
	t.touch.OnCancel = func() { t.end(ui.PointerCancel) }
	return t
}

func (t *touch) send(k ui.PointerKind, x, y geom.Fixed) {
	t.event.Kind, t.event.Mods, t.event.Button = k, t.s.mods(), ui.LeftButton
	t.event.Pos = geom.FPoint{X: x.Float(), Y: y.Float()}
	t.s.h.w.event(&t.event)
}

func (t *touch) end(k ui.PointerKind) {
	if t.down {
		t.down = false
		t.event.Kind = k
		t.s.h.w.event(&t.event)
	}
}

func (t *touch) release() {
	t.end(ui.PointerCancel)
	if t.touch.Version() >= 3 {
		t.touch.Release()
	}
}
