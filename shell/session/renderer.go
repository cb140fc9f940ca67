package session

import (
	"rayos/gpu/display"
	"rayos/gpu/render"
)

// fitRenderer brings renderer and display together, and hears of a GPU that is
// lost.
func (s *Session) fitRenderer() {
	if m, ok := s.render.(render.TargetMaker); ok {
		if u, ok := s.display.(display.TargetUser); ok {
			u.UseTargets(m)
		}
	}
	if l, ok := s.render.(render.Losable); ok {
		l.OnLost(func(err error) {
			s.log.Error("drawing everything anew", "err", err)
			s.loop.Idle(s.redrawAll)
		})
	}
}

// redrawAll draws all outputs in full.
func (s *Session) redrawAll() {
	for _, h := range s.heads {
		s.NeedFrame(h.disp)
	}
}
