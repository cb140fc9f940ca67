package session

import (
	"math"
	"time"

	"rayos/geom"
	"rayos/gpu/display"
	"rayos/surfaces/seat"
)

// This file is the session's side of display.Input: devices' events go to the
// seat.

// PointerAbsolute moves the pointer to a place on an output.
func (s *Session) PointerAbsolute(d display.Output, t time.Duration, x, y float64) {
	if o := s.outputOf(d); o != nil {
		s.seat.Motion(t, o.at(x, y))
	}
}

// at returns the layout point of a fraction of the output as it is mounted.
func (o *output) at(x, y float64) geom.FPoint {
	r := o.scene.Logical()
	p := o.info.Transform.Invert().ApplyFRect(geom.FRect{X0: x, Y0: y, X1: x, Y1: y}, 1, 1)
	x, y = p.X0, p.Y0
	return geom.FPoint{X: float64(r.X0) + x*float64(r.W()), Y: float64(r.Y0) + y*float64(r.H())}
}

// PointerRelative moves the pointer by a difference.
func (s *Session) PointerRelative(t time.Duration, delta, raw geom.FPoint) {
	s.seat.RelativeMotion(t, delta, raw)
}

// PointerButton presses or releases a button.
func (s *Session) PointerButton(t time.Duration, button uint32, pressed bool) {
	s.seat.Button(t, s.prefs.hand(button), pressed)
}

// hand returns which button is meant by one of a device.
func (p *preferences) hand(button uint32) uint32 {
	switch {
	case p.left && button == btnLeft:
		return btnRight
	case p.left && button == btnRight:
		return btnLeft
	}
	return button
}

// PointerAxis scrolls.
func (s *Session) PointerAxis(t time.Duration, a display.Axis) {
	o := seat.Vertical
	if a.Horizontal {
		o = seat.Horizontal
	}
	if s.prefs.natural {
		a.Value, a.Value120, a.Inverted = -a.Value, -a.Value120, !a.Inverted
	}
	a.Value, a.Value120 = a.Value*s.prefs.scroll, int32(math.Round(float64(a.Value120)*s.prefs.scroll))
	s.seat.Axis(t, seat.Axis{
		Source: seat.AxisSource(a.Source), Orientation: o, Value: a.Value,
		V120: a.Value120, Inverted: a.Inverted, Stop: a.Stop,
	})
}

// PointerFrame ends a group of events.
func (s *Session) PointerFrame() { s.seat.Frame() }

// PointerLeft: the host's pointer is elsewhere; the cursor goes.
func (s *Session) PointerLeft() {
	s.seat.Left()
	s.cursor.hide()
}

// Key presses or releases a key.
func (s *Session) Key(t time.Duration, key uint32, pressed bool) {
	if s.access.key(key, pressed) {
		return
	}
	s.keyboard.Key(t, key, pressed)
	s.prompt.key(key, pressed)
}

// KeysLost releases what is held: the host has the keyboard now.
func (s *Session) KeysLost() {
	s.keyboard.Remove()
	s.keyboard = s.seat.NewKeyboard(nil)
}

// TouchDown puts a finger down.
func (s *Session) TouchDown(d display.Output, t time.Duration, id int32, x, y float64) {
	o := s.outputOf(d)
	if o == nil {
		return
	}
	if s.seat.Capabilities()&seat.CapTouch == 0 {
		s.seat.Attach(seat.CapTouch)
	}
	s.seat.TouchDown(t, id, o.at(x, y))
}

// TouchMotion moves a finger.
func (s *Session) TouchMotion(d display.Output, t time.Duration, id int32, x, y float64) {
	if o := s.outputOf(d); o != nil {
		s.seat.TouchMotion(t, id, o.at(x, y))
	}
}

// TouchUp lifts a finger.
func (s *Session) TouchUp(t time.Duration, id int32) { s.seat.TouchUp(t, id) }

// TouchFrame ends a group of events.
func (s *Session) TouchFrame() { s.seat.TouchFrame() }

// TouchCancel takes all fingers back.
func (s *Session) TouchCancel() { s.seat.TouchCancel() }

// limitPointer keeps the pointer on the outputs, and where a client holds it.
func (s *Session) limitPointer(st *seat.Seat, from, to geom.FPoint) geom.FPoint {
	if len(s.outputs) == 0 {
		return from
	}
	var best geom.FPoint
	nearest := -1.0
	for _, o := range s.outputs {
		p := clampTo(to, o.scene.Logical())
		dx, dy := p.X-to.X, p.Y-to.Y
		if d := dx*dx + dy*dy; nearest < 0 || d < nearest {
			best, nearest = p, d
		}
	}
	return s.server.LimitPointer(st, from, best)
}

// clampTo returns the nearest point inside r. The last pixel's far edge is
// just outside.
func clampTo(p geom.FPoint, r geom.Rect) geom.FPoint {
	const edge = 1.0 / 256
	return geom.FPoint{
		X: min(max(p.X, float64(r.X0)), float64(r.X1)-edge),
		Y: min(max(p.Y, float64(r.Y0)), float64(r.Y1)-edge),
	}
}

// centerPointer puts the pointer into the middle of the first output. Nobody
// has moved it, so it isn't shown: it would keep full-screen windows from being
// scanned out.
func (s *Session) centerPointer() {
	r := s.outputs[0].scene.Logical()
	s.seat.Warp(geom.FPoint{X: float64(r.X0+r.X1) / 2, Y: float64(r.Y0+r.Y1) / 2})
	s.cursor.hide()
}
