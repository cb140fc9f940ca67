package seat

import (
	"time"

	"rayos/geom"
)

// hover is the default grab: the pointer belongs to what lies under it, and
// to where a button went down while that is held (the implicit grab).
type hover struct{}

func (hover) Motion(s *Seat, t time.Duration) { s.follow(t, s.cfg.Hit) }

func (hover) Button(s *Seat, t time.Duration, button uint32, pressed bool) {
	s.sendButton(t, button, pressed)
}

func (hover) Axis(s *Seat, t time.Duration, a Axis) { s.sendAxis(t, a) }

func (hover) Refocus(s *Seat, t time.Duration) {
	s.follow(t, s.cfg.Hit)
	s.sendFrame()
}

func (hover) Forget(*Seat, Focus) {}

func (hover) Cancel(*Seat) {}

// follow gives the pointer to what hit finds, unless a held button ties it.
func (s *Seat) follow(t time.Duration, hit Hit) {
	if f := s.pointerTarget(); f != nil && s.ptr.implicit() {
		s.sendMotion(t, s.locate())
		return
	}
	f, local := hit(s.ptr.pos)
	if !s.ptr.placed || !s.accepts(f) {
		s.setPointerFocus(nil, geom.FPoint{})
		return
	}
	s.setPointerFocus(f, local)
	s.sendMotion(t, local)
}
