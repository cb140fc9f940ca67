package seat

import (
	"time"

	"rayos/geom"
)

// GestureKind is what fingers do on a touchpad.
type GestureKind uint8

// The kinds of gestures.
const (
	Swipe GestureKind = iota
	Pinch
	Hold
)

// GestureUpdate is how a gesture went on.
type GestureUpdate struct {
	Delta    geom.FPoint // of the fingers' centre since the last, logical pixels
	Scale    float64     // of a pinch: the fingers' distance, 1 at its begin
	Rotation float64     // of a pinch: degrees clockwise since the last
}

// Gesturer is an optional part of Focus: it takes touchpad gestures. Those that
// begin on it are its own to their end, wherever the pointer is by then.
type Gesturer interface {
	GestureBegin(serial uint32, t time.Duration, k GestureKind, fingers uint32)
	GestureUpdate(t time.Duration, k GestureKind, u GestureUpdate)
	GestureEnd(serial uint32, t time.Duration, k GestureKind, cancelled bool)
}

// gesture is the one that is under way.
type gesture struct {
	on    bool
	kind  GestureKind
	focus Focus // nil if nobody takes it
}

// gestureTaker returns who takes the gesture, if its gate is open.
func (s *Seat) gestureTaker() Gesturer {
	f := s.gesture.focus
	if f == nil || !s.accepts(f) {
		return nil
	}
	g, _ := f.(Gesturer)
	return g
}

// GestureBegin reports a gesture of so many fingers. One that has not ended is
// cancelled.
func (s *Seat) GestureBegin(t time.Duration, k GestureKind, fingers uint32) {
	s.active(t)
	s.binds.broken()
	s.endGesture(t, true)
	s.gesture = gesture{on: true, kind: k, focus: s.pointerTarget()}
	if g := s.gestureTaker(); g != nil {
		g.GestureBegin(s.issue(SerialGesture, s.gesture.focus.Client()), t, k, fingers)
	}
}

// GestureUpdate reports how it goes on. A hold has no updates.
func (s *Seat) GestureUpdate(t time.Duration, u GestureUpdate) {
	s.active(t)
	if !s.gesture.on || s.gesture.kind == Hold {
		return
	}
	if g := s.gestureTaker(); g != nil {
		g.GestureUpdate(t, s.gesture.kind, u)
	}
}

// GestureEnd reports that fingers were lifted, or that it was something else
// after all.
func (s *Seat) GestureEnd(t time.Duration, cancelled bool) {
	s.active(t)
	s.endGesture(t, cancelled)
}

func (s *Seat) endGesture(t time.Duration, cancelled bool) {
	if !s.gesture.on {
		return
	}
	if g := s.gestureTaker(); g != nil {
		g.GestureEnd(s.issue(SerialGesture, s.gesture.focus.Client()), t, s.gesture.kind, cancelled)
	}
	s.gesture = gesture{}
}

// dropGesture cancels a gesture whose focus may have no input any more.
func (s *Seat) dropGesture() {
	f := s.gesture.focus
	if f == nil || s.accepts(f) {
		return
	}
	if g, ok := f.(Gesturer); ok && f != s.dying {
		g.GestureEnd(s.issue(SerialGesture, f.Client()), s.cfg.Now(), s.gesture.kind, true)
	}
	s.gesture.focus = nil
}
