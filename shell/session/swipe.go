package session

import (
	"time"

	"rayos/geom"
	"rayos/surfaces/seat"
	"rayos/wm"
)

// swipe is a swipe of three or more fingers on a touchpad. It is the session's:
// up shows all windows, down goes back, sideways goes to the next workspace.
type swipe struct {
	on   bool
	gone geom.FPoint // how far the fingers are, logical pixels
}

// swipeFar is how far fingers have to go.
const swipeFar = 60

// begin reports whether the session takes a gesture.
func (w *swipe) begin(s *Session, k seat.GestureKind, fingers uint32) bool {
	w.on, w.gone = s.opt.Shell && !s.lock.on && k == seat.Swipe && fingers >= 3, geom.FPoint{}
	return w.on
}

// update reports whether the gesture is the session's.
func (w *swipe) update(delta geom.FPoint) bool {
	w.gone.X += delta.X
	w.gone.Y += delta.Y
	return w.on
}

// end carries out what the fingers did.
func (w *swipe) end(s *Session, cancelled bool) bool {
	if !w.on {
		return false
	}
	w.on = false
	x, y := w.gone.X, w.gone.Y
	switch {
	case cancelled || s.lock.on:
	case abs(y) >= swipeFar && abs(y) > abs(x):
		s.spread.set(y < 0)
	case abs(x) >= swipeFar:
		n := s.wm.Current() + 1
		if x > 0 {
			n -= 2
		}
		if n >= 0 && n < len(s.wm.Workspaces(nil)) {
			s.do(wm.Workspace{N: n})
		}
	}
	return true
}

// gestureBegin gives a gesture of the touchpad to the session or to a client.
func (s *Session) gestureBegin(t time.Duration, k seat.GestureKind, fingers uint32) {
	if !s.swipe.begin(s, k, fingers) {
		s.seat.GestureBegin(t, k, fingers)
	}
}

func (s *Session) gestureUpdate(t time.Duration, u seat.GestureUpdate) {
	if !s.swipe.update(u.Delta) {
		s.seat.GestureUpdate(t, u)
	}
}

func (s *Session) gestureEnd(t time.Duration, cancelled bool) {
	if !s.swipe.end(s, cancelled) {
		s.seat.GestureEnd(t, cancelled)
	}
}
