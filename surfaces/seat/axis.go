package seat

import (
	"time"

	"rayos/geom"
)

// AxisSource is what scrolls; values are those of wl_pointer.axis_source.
type AxisSource uint8

// The sources.
const (
	SourceWheel AxisSource = iota
	SourceFinger
	SourceContinuous
	SourceWheelTilt
)

// Orientation is the axis; values are those of wl_pointer.axis.
type Orientation uint8

// The orientations.
const (
	Vertical Orientation = iota
	Horizontal
)

// WheelStep is the length of one wheel detent in V120 units.
const WheelStep = 120

// DetentLength is how far one wheel detent scrolls in logical pixels.
const DetentLength = 15.0

// Axis is one axis of a scroll event. A wheel reports V120 and the seat fills
// in Value, if it is 0, and Discrete; fingers report Value, and Stop when they
// lift.
//
// How a wl_pointer sends it depends on its version: 1–4 only axis(Value); 5–7
// axis_source, axis_discrete(Discrete) if not 0, axis; 8 axis_value120(V120)
// in place of axis_discrete; 9 also axis_relative_direction. Value 0 with
// Stop is axis_stop.
type Axis struct {
	Source      AxisSource
	Orientation Orientation
	Value       float64 // logical pixels
	V120        int32   // wheel travel, 120 for a detent
	Discrete    int32   // whole detents that became complete with this event
	Inverted    bool    // content follows the fingers ("natural scrolling")
	Stop        bool
}

// wheel adds up high-resolution travel into whole detents, for each axis.
type wheel struct {
	rest [2]int32
	last [2]time.Duration
}

// wheelReset is how long a wheel may rest before a partial detent is
// forgotten.
const wheelReset = time.Second

func (w *wheel) accumulate(t time.Duration, a *Axis) {
	o := a.Orientation & 1
	if a.Stop || a.V120 == 0 {
		w.rest[o] = 0
		return
	}
	// Turning back starts afresh, or the first detent would take longer.
	if t-w.last[o] > wheelReset || (w.rest[o] < 0) != (a.V120 < 0) {
		w.rest[o] = 0
	}
	w.last[o] = t
	sum := int64(w.rest[o]) + int64(a.V120)
	a.Discrete = int32(sum / WheelStep)
	w.rest[o] = int32(sum % WheelStep)
	if a.Value == 0 {
		a.Value = float64(a.V120) / WheelStep * DetentLength
	}
}

// Axis reports scrolling. Frame ends the group of events.
func (s *Seat) Axis(t time.Duration, a Axis) {
	s.active(t)
	s.binds.broken()
	if a.Source == SourceWheel || a.Source == SourceWheelTilt {
		s.ptr.wheel.accumulate(t, &a)
	}
	s.grab().Axis(s, t, a)
}

func (s *Seat) sendAxis(t time.Duration, a Axis) {
	if f := s.pointerTarget(); f != nil {
		s.ptr.framed = true
		f.PointerAxis(t, a)
	}
}

// RelativeMotion reports movement by delta; raw is the same before
// acceleration. The new position is bounded by Config.Limit.
func (s *Seat) RelativeMotion(t time.Duration, delta, raw geom.FPoint) {
	s.active(t)
	s.ptr.device = s.ptr.device.Add(delta)
	s.move(t, s.ptr.pos.Add(delta))
	s.sendRelative(t, delta, raw)
}

func (s *Seat) sendRelative(t time.Duration, delta, raw geom.FPoint) {
	f := s.pointerTarget()
	if f == nil {
		return
	}
	if w, ok := f.(RelativeListener); ok && !w.WantsRelative() {
		return
	}
	s.ptr.framed = true
	f.RelativeMotion(t, delta, raw)
}
