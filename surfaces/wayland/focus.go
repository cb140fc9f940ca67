package wayland

import (
	"encoding/binary"
	"time"

	"rayos/geom"
	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/seat"
	"rayos/surfaces/seat/xkb"
)

// seated is a surface as a seat knows it, a seat.Focus: it turns what the seat
// says into events of all wl_pointer, wl_keyboard and wl_touch objects that the
// client has of that seat. The first seat knows a surface as the surface itself,
// which embeds one of these.
type seated struct {
	s          *surface
	sc         *seatClient
	inhibitor  *shortcutsInhibitor
	constraint *constraint
}

var (
	_ seat.Focus = (*surface)(nil)
	_ seat.Focus = (*seated)(nil)
)

// surfaceBehind returns the surface that a focus stands for, nil for none.
func surfaceBehind(f seat.Focus) *surface {
	switch v := f.(type) {
	case *surface:
		return v
	case *seated:
		return v.s
	}
	return nil
}

// seatedBehind returns what a focus is to its seat, nil for one that is no
// client's surface.
func seatedBehind(f seat.Focus) *seated {
	switch v := f.(type) {
	case *surface:
		return &v.seated
	case *seated:
		return v
	}
	return nil
}

// on returns the surface as a seat knows it.
func (s *surface) on(g *seatGlobal) *seated {
	if g == s.c.srv.main {
		return &s.seated
	}
	for _, v := range s.guests {
		if v.sc.g == g {
			return v
		}
	}
	v := &seated{s: s, sc: s.c.on(g)}
	if !g.gone {
		s.guests = append(s.guests, v)
	}
	return v
}

// focus returns what the seat compares.
func (v *seated) focus() seat.Focus {
	if v == &v.s.seated {
		return v.s
	}
	return v
}

// withdraw takes the pointer and fingers from a surface that its client takes
// away, while it can be told by the surface's name.
func (s *surface) withdraw() {
	s.each(func(v *seated) { v.sc.g.seat.Withdraw(v.focus()) })
}

// each runs fn for what the surface is to every seat.
func (s *surface) each(fn func(*seated)) {
	fn(&s.seated)
	for _, v := range s.guests {
		fn(v)
	}
}

// FocusOn returns a focus that is a client's surface as the seat st knows it:
// each seat has a Focus of its own for a surface. Others are returned as they
// are.
func (s *Server) FocusOn(st *seat.Seat, f seat.Focus) seat.Focus {
	sf := surfaceBehind(f)
	if sf == nil {
		return f
	}
	if g := s.seatOf(st); g != nil {
		return sf.on(g).focus()
	}
	return nil
}

// Guest returns the window that the surface is part of, or nil.
func (v *seated) Guest() *surfaces.GuestSurface { return v.s.Guest() }

// Accepts is the input gate: a surface of a window takes input only while the
// window is presented, and while the session is locked only lock surfaces do.
func (v *seated) Accepts() bool {
	if v.s.gone || v.s.c.srv.lock.on && !v.s.locks() {
		return false
	}
	if g := v.s.Guest(); g != nil {
		return g.AcceptsInput()
	}
	return true
}

// Client says whose surface it is.
func (v *seated) Client() any { return v.s.c }

// ReleaseOnLeave is false: clients take the keys held from enter and leave.
func (v *seated) ReleaseOnLeave() bool { return false }

// PointerEnter tells that the pointer is on the surface.
func (v *seated) PointerEnter(serial uint32, p geom.FPoint) {
	x, y := v.s.c.fixed(p)
	v.sc.enterSerial = serial
	for _, r := range v.sc.pointers {
		r.SendEnter(serial, v.s.res, x, y)
	}
	if v.constraint != nil {
		v.constraint.try()
	}
}

// PointerLeave tells that it is somewhere else.
func (v *seated) PointerLeave(serial uint32) {
	v.sc.cursor = nil
	if v.constraint != nil {
		v.constraint.left()
	}
	for _, r := range v.sc.pointers {
		r.SendLeave(serial, v.s.res)
	}
}

// PointerMotion tells where it is.
func (v *seated) PointerMotion(t time.Duration, p geom.FPoint) {
	x, y := v.s.c.fixed(p)
	for _, r := range v.sc.pointers {
		r.SendMotion(millis(t), x, y)
	}
	if v.constraint != nil {
		v.constraint.check()
	}
}

// PointerButton tells of a button.
func (v *seated) PointerButton(serial uint32, t time.Duration, button uint32, pressed bool) {
	state := protocol.WlPointerButtonStateReleased
	if pressed {
		state = protocol.WlPointerButtonStatePressed
	}
	for _, r := range v.sc.pointers {
		r.SendButton(serial, millis(t), button, state)
	}
}

// PointerAxis tells of scrolling, in the words of each object's version.
func (v *seated) PointerAxis(t time.Duration, a seat.Axis) {
	ax := protocol.WlPointerAxis(a.Orientation)
	for _, r := range v.sc.pointers {
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
func (v *seated) PointerFrame() {
	for _, r := range v.sc.pointers {
		r.SendFrame()
	}
}

// KeyboardEnter tells that keys go to the surface. Modifiers follow by
// themselves.
func (v *seated) KeyboardEnter(serial uint32, keys []uint32, _ xkb.Mods) {
	buf := v.sc.keys[:0]
	for _, k := range keys {
		buf = binary.NativeEndian.AppendUint32(buf, k)
	}
	v.sc.keys = buf
	v.sc.keyboardSerial = serial
	for _, k := range v.sc.keyboards {
		k.syncKeymap()
		k.res.SendEnter(serial, v.s.res, buf)
	}
	v.enterText()
}

// KeyboardLeave tells that they don't any more.
func (v *seated) KeyboardLeave(serial uint32) {
	v.sc.g.repeats.stop()
	for _, k := range v.sc.keyboards {
		k.res.SendLeave(serial, v.s.res)
	}
}

// Key tells of a key.
func (v *seated) Key(serial uint32, t time.Duration, key uint32, pressed bool) {
	state := protocol.WlKeyboardKeyStateReleased
	if pressed {
		state = protocol.WlKeyboardKeyStatePressed
	}
	for _, k := range v.sc.keyboards {
		k.res.SendKey(serial, millis(t), key, state)
	}
	if r := &v.sc.g.repeats; pressed {
		r.pressed(v, key)
	} else {
		r.released(key)
	}
}

// Modifiers tells of the modifier state.
func (v *seated) Modifiers(serial uint32, m xkb.Mods) {
	for _, k := range v.sc.keyboards {
		k.res.SendModifiers(serial, uint32(m.Depressed), uint32(m.Latched), uint32(m.Locked), uint32(m.Group))
	}
}

// TouchDown tells of a new touch point.
func (v *seated) TouchDown(serial uint32, t time.Duration, id int32, p geom.FPoint) {
	x, y := v.s.c.fixed(p)
	for _, r := range v.sc.touches {
		r.SendDown(serial, millis(t), v.s.res, id, x, y)
	}
}

// TouchMotion tells where a touch point is.
func (v *seated) TouchMotion(t time.Duration, id int32, p geom.FPoint) {
	x, y := v.s.c.fixed(p)
	for _, r := range v.sc.touches {
		r.SendMotion(millis(t), id, x, y)
	}
}

// TouchUp tells that a touch point is gone.
func (v *seated) TouchUp(serial uint32, t time.Duration, id int32) {
	for _, r := range v.sc.touches {
		r.SendUp(serial, millis(t), id)
	}
}

// TouchFrame ends a group of events.
func (v *seated) TouchFrame() {
	for _, r := range v.sc.touches {
		r.SendFrame()
	}
}

// TouchCancel takes all touch points back.
func (v *seated) TouchCancel() {
	for _, r := range v.sc.touches {
		r.SendCancel()
	}
}
