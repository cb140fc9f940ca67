package host

import (
	"encoding/binary"
	"slices"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/vmm/qemu"
)

// seatVersion is the newest wl_seat that is understood: 10 would send the
// compositor's key repeats, and the guest has its own.
const seatVersion = 9

// seat passes a seat's input on to the guest. It belongs to its window's
// goroutine.
type seat struct {
	window   *window
	name     uint32 // of the global
	seat     *client.WlSeat
	keyboard *client.WlKeyboard
	pointer  *client.WlPointer
	touch    *client.WlTouch

	keys    bool // the keyboard's focus is on the window
	inside  bool // the pointer is on the window
	wheel   [2]wheel
	fingers []int32 // the compositor's ids, by the guest's slots; -1 for none
}

// wheel is one direction of scrolling, vertical or horizontal.
type wheel struct {
	value  float64 // logical pixels of this frame
	v120   int32   // 120ths of a click of this frame
	left   int32   // 120ths that made no click yet
	hasV12 bool
}

const (
	maxFingers     = 10 // as many as QEMU has
	pixelsPerClick = 15
)

// addSeats follows the compositor's seats.
func (w *window) addSeats() {
	add := func(gl client.Global) {
		if gl.Interface == protocol.WlSeatInterface.Name && w.seat == nil {
			w.seat = newSeat(w, gl)
			if _, ok := w.role.(*guestRole); ok { // elsewhere there may be no chord that gives and takes
				w.hold()
			}
		}
	}
	for _, gl := range w.globals.All() {
		add(gl)
	}
	w.globals.OnAdd = add
	w.globals.OnRemove = func(gl client.Global) {
		if w.seat == nil || w.seat.name != gl.Name {
			return
		}
		w.seat.capabilities(0)
		w.clips.unfollow()
		w.grab.end()
		if w.seat.seat.Version() >= 5 {
			w.seat.seat.Release()
		}
		w.seat = nil
		for _, other := range w.globals.All() {
			add(other)
		}
	}
}

func newSeat(w *window, gl client.Global) *seat {
	s := &seat{window: w, name: gl.Name, fingers: slices.Repeat([]int32{-1}, maxFingers)}
	s.seat = client.BindWlSeat(w.globals.Registry, gl.Name, min(gl.Version, seatVersion))
	s.seat.OnCapabilities = s.capabilities
	w.clips.follow(s.seat)
	return s
}

func (s *seat) capabilities(c protocol.WlSeatCapability) {
	old := s.seat.Version() < 3 // where there is no release
	if has := c&protocol.WlSeatCapabilityKeyboard != 0; has && s.keyboard == nil {
		s.addKeyboard()
	} else if !has && s.keyboard != nil {
		s.keysLost()
		if !old {
			s.keyboard.Release()
		}
		s.keyboard = nil
	}
	if has := c&protocol.WlSeatCapabilityPointer != 0; has && s.pointer == nil {
		s.addPointer()
	} else if !has && s.pointer != nil {
		s.window.grab.free()
		s.pointerLeft()
		if !old {
			s.pointer.Release()
		}
		s.pointer = nil
	}
	if has := c&protocol.WlSeatCapabilityTouch != 0; has && s.touch == nil {
		s.addTouch()
	} else if !has && s.touch != nil {
		s.lift()
		if !old {
			s.touch.Release()
		}
		s.touch = nil
	}
}

func (s *seat) input() *input { return s.window.host.input }

func (s *seat) addKeyboard() {
	k := s.seat.GetKeyboard()
	s.keyboard = k
	k.OnEnter = func(_ uint32, surface *client.WlSurface, pressed []byte) {
		if s.keys = surface == s.window.surface; !s.keys {
			return
		}
		// What was pressed elsewhere is not the guest's, but for modifiers.
		for ; len(pressed) >= 4; pressed = pressed[4:] {
			if key := binary.NativeEndian.Uint32(pressed); slices.Contains(modifiers, key) {
				s.input().key(key, true)
			}
		}
		s.window.clips.entered()
	}
	k.OnLeave = func(uint32, *client.WlSurface) { s.keysLost() }
	k.OnKey = func(serial, _, key uint32, state protocol.WlKeyboardKeyState) {
		if s.keys && state != protocol.WlKeyboardKeyStateRepeated {
			if state == protocol.WlKeyboardKeyStatePressed {
				s.window.clips.pressed(serial)
			}
			s.input().key(key, state == protocol.WlKeyboardKeyStatePressed)
		}
	}
}

func (s *seat) keysLost() {
	if s.keys {
		s.keys = false
		s.input().releaseAll()
		s.window.clips.lost()
	}
}

func (s *seat) addPointer() {
	p := s.seat.GetPointer()
	s.pointer = p
	p.OnEnter = func(serial uint32, surface *client.WlSurface, x, y geom.Fixed) {
		if s.inside = surface == s.window.surface; !s.inside {
			return
		}
		s.window.cursor.entered(s.window, p, serial)
		s.input().pointer(s.window.guestAt(x, y))
	}
	p.OnLeave = func(uint32, *client.WlSurface) { s.pointerLeft() }
	p.OnMotion = func(_ uint32, x, y geom.Fixed) {
		if s.inside {
			s.input().pointer(s.window.guestAt(x, y))
		}
	}
	p.OnButton = func(serial, _, button uint32, state protocol.WlPointerButtonState) {
		if s.inside {
			if state == protocol.WlPointerButtonStatePressed {
				s.window.clips.pressed(serial)
			}
			s.input().button(button, state == protocol.WlPointerButtonStatePressed)
		}
	}
	p.OnAxis = func(_ uint32, axis protocol.WlPointerAxis, v geom.Fixed) {
		s.axis(axis).value += v.Float()
		if p.Version() < 5 { // there is no frame event
			s.scroll()
		}
	}
	p.OnAxisDiscrete = func(axis protocol.WlPointerAxis, clicks int32) { s.axis(axis).turn(clicks * 120) }
	p.OnAxisValue120 = func(axis protocol.WlPointerAxis, v int32) { s.axis(axis).turn(v) }
	p.OnFrame = s.scroll
}

func (s *seat) axis(a protocol.WlPointerAxis) *wheel {
	if a == protocol.WlPointerAxisHorizontalScroll {
		return &s.wheel[1]
	}
	return &s.wheel[0]
}

func (w *wheel) turn(v120 int32) {
	w.v120 += v120
	w.hasV12 = true
}

// clicks ends a frame and returns how many clicks it has completed.
func (w *wheel) clicks() int32 {
	turned := w.v120
	if !w.hasV12 { // a touchpad, or a compositor that doesn't count
		turned = int32(w.value * 120 / pixelsPerClick)
	}
	if turned != 0 && (turned < 0) != (w.left < 0) {
		w.left = 0 // the other way round
	}
	w.left = min(max(w.left+turned, -120*100), 120*100)
	n := w.left / 120
	w.left -= n * 120
	w.value, w.v120, w.hasV12 = 0, 0, false
	return n
}

// wheelButtons by direction: towards less, towards more.
var wheelButtons = [2][2]qemu.Button{{qemu.WheelUp, qemu.WheelDown}, {qemu.WheelLeft, qemu.WheelRight}}

func (s *seat) scroll() {
	for i := range s.wheel {
		n := s.wheel[i].clicks()
		switch {
		case !s.inside:
		case n < 0:
			s.input().clicks(wheelButtons[i][0], int(-n))
		case n > 0:
			s.input().clicks(wheelButtons[i][1], int(n))
		}
	}
}

func (s *seat) pointerLeft() {
	if s.inside {
		s.inside = false
		s.wheel = [2]wheel{}
		s.window.cursor.left()
	}
}

func (s *seat) addTouch() {
	t := s.seat.GetTouch()
	s.touch = t
	t.OnDown = func(_, _ uint32, surface *client.WlSurface, id int32, x, y geom.Fixed) {
		slot := slices.Index(s.fingers, -1)
		if surface != s.window.surface || slot < 0 || id < 0 {
			return
		}
		s.fingers[slot] = id
		s.finger(inTouchDown, slot, s.window.guestAt(x, y))
	}
	t.OnMotion = func(_ uint32, id int32, x, y geom.Fixed) {
		if slot := slices.Index(s.fingers, id); slot >= 0 && id >= 0 {
			s.finger(inTouchMove, slot, s.window.guestAt(x, y))
		}
	}
	t.OnUp = func(_, _ uint32, id int32) {
		if slot := slices.Index(s.fingers, id); slot >= 0 && id >= 0 {
			s.fingers[slot] = -1
			s.finger(inTouchUp, slot, geom.FPoint{})
		}
	}
	t.OnCancel = s.lift
}

// lift lifts all fingers.
func (s *seat) lift() {
	for slot, id := range s.fingers {
		if id >= 0 {
			s.fingers[slot] = -1
			s.finger(inTouchUp, slot, geom.FPoint{})
		}
	}
}

// finger moves a finger of the guest. A guest without a touch screen gets the
// first one as its pointer.
func (s *seat) finger(kind inputKind, slot int, at geom.FPoint) {
	switch {
	case s.window.presenter.touch.Load():
		s.input().touch(kind, uint32(slot), at)
	case slot > 0:
	case kind == inTouchUp:
		s.input().button(btnLeft, false)
	default:
		s.input().pointer(at)
		if kind == inTouchDown {
			s.input().button(btnLeft, true)
		}
	}
}
