package seat

import (
	"slices"
	"time"

	"rayos/geom"
)

// maxTouchPoints bounds how many fingers count; more are ignored.
const maxTouchPoints = 32

type touchPoint struct {
	id     int32
	serial uint32
	focus  Focus // nil after the focus went away: the point stays dead
	pos    geom.FPoint
	offset geom.FPoint
	framed bool
	grab   PointerGrab // follows this point instead of a focus
}

type touch struct{ points []touchPoint }

func (tc *touch) find(id int32) int {
	for i := range tc.points {
		if tc.points[i].id == id {
			return i
		}
	}
	return -1
}

// TouchFocus returns who has a touch point, or nil.
func (s *Seat) TouchFocus(id int32) Focus {
	if i := s.touch.find(id); i >= 0 {
		return s.touch.points[i].focus
	}
	return nil
}

// TouchDown puts a finger down at p. What lies there has the point until it
// lifts.
func (s *Seat) TouchDown(t time.Duration, id int32, p geom.FPoint) {
	s.active(t)
	s.binds.broken()
	s.lastPress = s.cfg.Now()
	if s.touch.find(id) >= 0 || len(s.touch.points) == maxTouchPoints {
		return
	}
	s.touch.points = append(s.touch.points, touchPoint{id: id, pos: p})
	hit := s.cfg.Hit
	if g := s.popups(); g != nil {
		if f, _ := s.cfg.Hit(p); !s.accepts(f) || f.Client() != g.client {
			g.Dismiss(s)
			return
		}
	}
	f, local := hit(p)
	s.press(f)
	i := s.touch.find(id)
	if !s.accepts(f) || i < 0 {
		return
	}
	tp := &s.touch.points[i]
	tp.focus, tp.offset, tp.framed = f, local.Sub(p), true
	tp.serial = s.issue(SerialTouchDown, f.Client())
	f.TouchDown(tp.serial, t, id, local)
}

// TouchMotion moves a finger.
func (s *Seat) TouchMotion(t time.Duration, id int32, p geom.FPoint) {
	s.active(t)
	i := s.touch.find(id)
	if i < 0 {
		return
	}
	tp := &s.touch.points[i]
	tp.pos = p
	if tp.grab != nil {
		tp.grab.Motion(s, t)
		return
	}
	if !s.accepts(tp.focus) {
		return
	}
	tp.framed = true
	tp.focus.TouchMotion(t, id, tp.local())
}

func (tp *touchPoint) local() geom.FPoint {
	if l, ok := tp.focus.(Locator); ok {
		return l.Locate(tp.pos)
	}
	return tp.pos.Add(tp.offset)
}

// TouchUp lifts a finger.
func (s *Seat) TouchUp(t time.Duration, id int32) {
	s.active(t)
	i := s.touch.find(id)
	if i < 0 {
		return
	}
	tp := s.touch.points[i]
	s.touch.points = slices.Delete(s.touch.points, i, i+1)
	if tp.grab != nil {
		tp.grab.Button(s, t, 0, false)
		return
	}
	if f := tp.focus; s.accepts(f) {
		f.TouchUp(s.issue(SerialTouchUp, f.Client()), t, id)
		if !s.touch.mark(f) {
			f.TouchFrame() // its last point: nobody left to carry the mark
		}
	}
}

// liftTouches ends the touch points of a Focus whose owner takes it away: for
// the owner they go up, so that it may forget them. The fingers stay down, but
// nobody hears of them any more.
func (s *Seat) liftTouches(f Focus) {
	lifted := false
	for i := range s.touch.points {
		tp := &s.touch.points[i]
		if tp.focus != f {
			continue
		}
		tp.focus, tp.framed, tp.serial = nil, false, 0
		f.TouchUp(s.issue(SerialTouchUp, f.Client()), s.cfg.Now(), tp.id)
		lifted = true
	}
	if lifted {
		f.TouchFrame()
	}
}

// mark notes that f is owed a frame; false if it has no point left.
func (tc *touch) mark(f Focus) bool {
	for i := range tc.points {
		if tc.points[i].focus == f {
			tc.points[i].framed = true
			return true
		}
	}
	return false
}

// TouchFrame ends a group of touch events that belong together.
func (s *Seat) TouchFrame() {
	pts := &s.touch.points
	for i := 0; i < len(*pts); i++ {
		tp := &(*pts)[i]
		if !tp.framed {
			continue
		}
		f := tp.focus
		for j := i; j < len(*pts); j++ {
			if (*pts)[j].focus == f {
				(*pts)[j].framed = false
			}
		}
		if s.accepts(f) {
			f.TouchFrame()
		}
	}
}

// TouchCancel takes all touch points back: the gesture belonged to the
// session.
func (s *Seat) TouchCancel() {
	for len(s.touch.points) > 0 {
		tp := s.touch.points[0]
		s.touch.points = append(s.touch.points[:0], s.touch.points[1:]...)
		switch {
		case tp.grab != nil:
			if s.EndGrab(tp.grab) {
				tp.grab.Cancel(s)
			}
		case tp.focus != nil:
			s.touch.forget(tp.focus)
			tp.focus.TouchCancel()
		}
	}
}

// forget makes a focus's points dead: they stay down but nobody hears.
func (tc *touch) forget(f Focus) {
	for i := range tc.points {
		if tc.points[i].focus == f {
			tc.points[i].focus, tc.points[i].framed, tc.points[i].serial = nil, false, 0
		}
	}
}

// dropClosed cancels the points of focuses whose gate has closed.
func (tc *touch) dropClosed() {
	for i := range tc.points {
		if f := tc.points[i].focus; f != nil && !f.Accepts() {
			tc.forget(f)
			f.TouchCancel()
		}
	}
}
