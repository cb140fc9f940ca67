package seat

import "time"

// PointerGrab decides where pointer events go. The default follows what is
// under the pointer; others hold it captive until they end.
type PointerGrab interface {
	// Motion says that Seat.Position changed.
	Motion(s *Seat, t time.Duration)
	Button(s *Seat, t time.Duration, button uint32, pressed bool)
	Axis(s *Seat, t time.Duration, a Axis)
	// Refocus says that the scene or a gate changed, or that the grab above
	// ended.
	Refocus(s *Seat, t time.Duration)
	// Forget says that a Focus is gone; a grab that lives by it ends itself.
	Forget(s *Seat, f Focus)
	// Cancel says that the grab was taken off the stack before its end: by
	// Escape, by another grab below ending, or by Seat.CancelGrabs.
	Cancel(s *Seat)
}

// escapable grabs are cancelled by the Escape key.
type escapable interface{ escapable() }

func (s *Seat) grab() PointerGrab { return s.grabs[len(s.grabs)-1] }

// Grabbed reports whether anything but the default grab is active.
func (s *Seat) Grabbed() bool { return len(s.grabs) > 1 }

// PushGrab puts a grab on top of the stack.
func (s *Seat) PushGrab(g PointerGrab) {
	s.grabs = append(s.grabs, g)
	g.Refocus(s, s.cfg.Now())
}

// EndGrab takes a grab off the stack, without calling its Cancel; grabs above
// it are cancelled. It reports whether the grab was on the stack.
func (s *Seat) EndGrab(g PointerGrab) bool {
	if !s.takeGrab(g) {
		return false
	}
	s.grab().Refocus(s, s.cfg.Now())
	return true
}

// takeGrab is EndGrab without giving the pointer to anybody yet.
func (s *Seat) takeGrab(g PointerGrab) bool {
	for i := len(s.grabs) - 1; i > 0; i-- {
		if s.grabs[i] == g {
			s.unwind(i + 1)
			s.grabs[i] = nil
			s.grabs = s.grabs[:i]
			return true
		}
	}
	return false
}

// CancelGrabs cancels every grab, as a session lock does.
func (s *Seat) CancelGrabs() {
	if s.Grabbed() {
		s.unwind(1)
		s.grab().Refocus(s, s.cfg.Now())
	}
}

// unwind cancels the grabs from the top down to index n.
func (s *Seat) unwind(n int) {
	for len(s.grabs) > n {
		top := len(s.grabs) - 1
		g := s.grabs[top]
		s.grabs[top] = nil
		s.grabs = s.grabs[:top]
		g.Cancel(s)
	}
}
