package wayland

import (
	"encoding/binary"
	"time"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/seat"
	"rayos/surfaces/seat/xkb"
)

// This file makes a surface a seat.Focus: it turns what the seat says into
// events of all wl_pointer, wl_keyboard and wl_touch objects of the client.

var _ seat.Focus = (*surface)(nil)

// Accepts is the input gate: a surface of a window takes input only while the
// window is presented, and while the session is locked only lock surfaces do.
func (s *surface) Accepts() bool {
	if s.gone || s.c.srv.lock.on && !s.locks() {
		return false
	}
	if g := s.Guest(); g != nil {
		return g.AcceptsInput()
	}
	return true
}

// Client says whose surface it is.
func (s *surface) Client() any { return s.c }

// ReleaseOnLeave is false: clients take the keys held from enter and leave.
func (s *surface) ReleaseOnLeave() bool { return false }

// PointerEnter tells that the pointer is on the surface.
func (s *surface) PointerEnter(serial uint32, p geom.FPoint) {
	x, y := geom.FixedFromFloat(p.X), geom.FixedFromFloat(p.Y)
	s.c.seat.enterSerial = serial
	for _, r := range s.c.seat.pointers {
		r.SendEnter(serial, s.res, x, y)
	}
	if s.constraint != nil {
		s.constraint.try()
	}
}

// PointerLeave tells that it is somewhere else.
func (s *surface) PointerLeave(serial uint32) {
	s.c.seat.cursor = nil
	if s.constraint != nil {
		s.constraint.left()
	}
	for _, r := range s.c.seat.pointers {
		r.SendLeave(serial, s.res)
	}
}

// PointerMotion tells where it is.
func (s *surface) PointerMotion(t time.Duration, p geom.FPoint) {
	x, y := geom.FixedFromFloat(p.X), geom.FixedFromFloat(p.Y)
	for _, r := range s.c.seat.pointers {
		r.SendMotion(millis(t), x, y)
	}
	if s.constraint != nil {
		s.constraint.check()
	}
}

// PointerButton tells of a button.
func (s *surface) PointerButton(serial uint32, t time.Duration, button uint32, pressed bool) {
	state := protocol.WlPointerButtonStateReleased
	if pressed {
		state = protocol.WlPointerButtonStatePressed
	}
	for _, r := range s.c.seat.pointers {
		r.SendButton(serial, millis(t), button, state)
	}
}

// PointerAxis tells of scrolling, in the words of each object's version.
func (s *surface) PointerAxis(t time.Duration, a seat.Axis) {
	ax := protocol.WlPointerAxis(a.Orientation)
	for _, r := range s.c.seat.pointers {
		v := r.Version()
		src := protocol.WlPointerAxisSource(a.Source)
		if src == protocol.WlPointerAxisSourceWheelTilt && v < 6 {
			src = protocol.WlPointerAxisSourceWheel
		}
		r.SendAxisSource(src)
		if a.Stop {
			r.SendAxisStop(millis(t), ax)
			continue
		}
		if v >= 9 {
			dir := protocol.WlPointerAxisRelativeDirectionIdentical
			if a.Inverted {
				dir = protocol.WlPointerAxisRelativeDirectionInverted
			}
			r.SendAxisRelativeDirection(ax, dir)
		}
		switch {
		case a.V120 != 0 && v >= 8:
			r.SendAxisValue120(ax, a.V120)
		case a.Discrete != 0 && v >= 5 && v < 8:
			r.SendAxisDiscrete(ax, a.Discrete)
		}
		r.SendAxis(millis(t), ax, geom.FixedFromFloat(a.Value))
	}
}

// PointerFrame ends a group of events.
func (s *surface) PointerFrame() {
	for _, r := range s.c.seat.pointers {
		r.SendFrame()
	}
}

// KeyboardEnter tells that keys go to the surface. Modifiers follow by
// themselves.
func (s *surface) KeyboardEnter(serial uint32, keys []uint32, _ xkb.Mods) {
	buf := s.c.seat.keys[:0]
	for _, k := range keys {
		buf = binary.NativeEndian.AppendUint32(buf, k)
	}
	s.c.seat.keys = buf
	s.c.seat.keyboardSerial = serial
	for _, k := range s.c.seat.keyboards {
		k.syncKeymap()
		k.res.SendEnter(serial, s.res, buf)
	}
}

// KeyboardLeave tells that they don't any more.
func (s *surface) KeyboardLeave(serial uint32) {
	for _, k := range s.c.seat.keyboards {
		k.res.SendLeave(serial, s.res)
	}
}

// Key tells of a key.
func (s *surface) Key(serial uint32, t time.Duration, key uint32, pressed bool) {
	state := protocol.WlKeyboardKeyStateReleased
	if pressed {
		state = protocol.WlKeyboardKeyStatePressed
	}
	for _, k := range s.c.seat.keyboards {
		k.res.SendKey(serial, millis(t), key, state)
	}
}

// Modifiers tells of the modifier state.
func (s *surface) Modifiers(serial uint32, m xkb.Mods) {
	for _, k := range s.c.seat.keyboards {
		k.res.SendModifiers(serial, uint32(m.Depressed), uint32(m.Latched), uint32(m.Locked), uint32(m.Group))
	}
}

// TouchDown tells of a new touch point.
func (s *surface) TouchDown(serial uint32, t time.Duration, id int32, p geom.FPoint) {
	for _, r := range s.c.seat.touches {
		r.SendDown(serial, millis(t), s.res, id, geom.FixedFromFloat(p.X), geom.FixedFromFloat(p.Y))
	}
}

// TouchMotion tells where a touch point is.
func (s *surface) TouchMotion(t time.Duration, id int32, p geom.FPoint) {
	for _, r := range s.c.seat.touches {
		r.SendMotion(millis(t), id, geom.FixedFromFloat(p.X), geom.FixedFromFloat(p.Y))
	}
}

// TouchUp tells that a touch point is gone.
func (s *surface) TouchUp(serial uint32, t time.Duration, id int32) {
	for _, r := range s.c.seat.touches {
		r.SendUp(serial, millis(t), id)
	}
}

// TouchFrame ends a group of events.
func (s *surface) TouchFrame() {
	for _, r := range s.c.seat.touches {
		r.SendFrame()
	}
}

// TouchCancel takes all touch points back.
func (s *surface) TouchCancel() {
	for _, r := range s.c.seat.touches {
		r.SendCancel()
	}
}
