package seat

import (
	"time"

	"rayos/geom"
)

type heldButton struct {
	code   uint32
	count  int    // devices that hold it
	serial uint32 // of the press, 0 if it was not delivered
	focus  Focus  // who got the press and must get the release
}

type pointer struct {
	pos     geom.FPoint // logical
	placed  bool        // a device has moved it: before that it is nowhere
	device  geom.FPoint // where an absolute device would have it, without limits
	tracked bool        // device is known
	focus   Focus
	local   geom.FPoint // pos in focus, as last told
	offset  geom.FPoint // local minus pos at the last enter or motion
	framed  bool        // focus got events since its last frame
	buttons []heldButton
	wheel   wheel
}

// Position returns where the pointer is, in logical layout coordinates.
func (s *Seat) Position() geom.FPoint { return s.ptr.pos }

// PointerFocus returns who has the pointer, or nil.
func (s *Seat) PointerFocus() Focus { return s.ptr.focus }

// ButtonsHeld returns how many buttons are down.
func (s *Seat) ButtonsHeld() int { return len(s.ptr.buttons) }

// Motion reports an absolute position. Frame ends the group of events. How far
// the device went is told as relative motion, whatever holds the pointer.
func (s *Seat) Motion(t time.Duration, p geom.FPoint) {
	s.active(t)
	var delta geom.FPoint
	if s.ptr.tracked {
		delta = p.Sub(s.ptr.device)
	}
	s.ptr.device, s.ptr.tracked = p, true
	before := s.ptr.focus
	s.move(t, p)
	// A device that is put down somewhere else has not moved over what is
	// there.
	if delta != (geom.FPoint{}) && s.ptr.focus == before {
		s.sendRelative(t, delta, delta)
	}
}

// Left says that the absolute device is out of range, as when the host's
// pointer leaves the session's window: its next position is no motion.
func (s *Seat) Left() { s.ptr.tracked = false }

// Warp puts the pointer somewhere without a device having moved.
func (s *Seat) Warp(p geom.FPoint) {
	s.move(s.cfg.Now(), p)
	s.sendFrame()
}

func (s *Seat) move(t time.Duration, p geom.FPoint) {
	if s.cfg.Limit != nil {
		p = s.cfg.Limit(s.ptr.pos, p)
	}
	s.ptr.placed = true
	if p != s.ptr.pos {
		s.ptr.pos = p
		s.tellMoved()
	}
	s.grab().Motion(s, t)
}

func (s *Seat) tellMoved() {
	for _, l := range s.listeners {
		if l.Moved != nil {
			l.Moved(s.ptr.pos)
		}
	}
}

// Button reports a button (BTN_LEFT is 0x110). Frame ends the group of events.
func (s *Seat) Button(t time.Duration, button uint32, pressed bool) {
	s.active(t)
	s.binds.broken()
	i := s.ptr.held(button)
	if pressed {
		s.lastPress = s.cfg.Now()
		if i >= 0 {
			s.ptr.buttons[i].count++
			return
		}
		if !s.ptr.implicit() {
			s.press(s.ptr.focus)
		}
		s.ptr.buttons = append(s.ptr.buttons, heldButton{code: button, count: 1})
		s.grab().Button(s, t, button, true)
		return
	}
	if i < 0 {
		return
	}
	b := &s.ptr.buttons[i]
	if b.count--; b.count > 0 {
		return
	}
	s.grab().Button(s, t, button, false)
	if i := s.ptr.held(button); i >= 0 {
		s.ptr.buttons = append(s.ptr.buttons[:i], s.ptr.buttons[i+1:]...)
	}
	if len(s.ptr.buttons) == 0 {
		s.grab().Refocus(s, t)
	}
}

// Frame ends a group of pointer events that belong together.
func (s *Seat) Frame() { s.sendFrame() }

func (p *pointer) held(button uint32) int {
	for i := range p.buttons {
		if p.buttons[i].code == button {
			return i
		}
	}
	return -1
}

// implicit reports whether a held button ties the pointer to its focus.
func (p *pointer) implicit() bool {
	for i := range p.buttons {
		if p.buttons[i].focus != nil && p.buttons[i].focus == p.focus {
			return true
		}
	}
	return false
}

// forget reports whether f had the pointer.
func (p *pointer) forget(f Focus) bool {
	p.disown(f)
	if p.focus != f {
		return false
	}
	p.focus, p.framed = nil, false
	return true
}

// disown makes the releases of held buttons nobody's.
func (p *pointer) disown(f Focus) {
	for i := range p.buttons {
		if p.buttons[i].focus == f {
			p.buttons[i].focus, p.buttons[i].serial = nil, 0
		}
	}
}

// pointerTarget returns the focus if its gate is open, and lets go of it
// otherwise.
func (s *Seat) pointerTarget() Focus {
	f := s.ptr.focus
	if f != nil && !f.Accepts() {
		s.setPointerFocus(nil, geom.FPoint{})
		return nil
	}
	return f
}

// setPointerFocus leaves the old focus and enters the new, each in a frame of
// its own.
func (s *Seat) setPointerFocus(f Focus, local geom.FPoint) {
	if !s.accepts(f) {
		f = nil
	}
	old := s.ptr.focus
	if old == f {
		return
	}
	if old != nil {
		s.sendFrame()
		s.ptr.disown(old)
		old.PointerLeave(s.issue(SerialPointerLeave, old.Client()))
		old.PointerFrame()
	}
	s.ptr.framed = false
	s.ptr.focus, s.ptr.local, s.ptr.offset = f, local, local.Sub(s.ptr.pos)
	s.tellPointerFocus()
	if f == nil || s.ptr.focus != f {
		return
	}
	f.PointerEnter(s.issue(SerialPointerEnter, f.Client()), local)
	f.PointerFrame()
}

func (s *Seat) tellPointerFocus() {
	for _, l := range s.listeners {
		if l.PointerFocus != nil {
			l.PointerFocus(s.ptr.focus)
		}
	}
}

// sendMotion tells the focus where the pointer is now, if that changed.
func (s *Seat) sendMotion(t time.Duration, local geom.FPoint) {
	f := s.pointerTarget()
	if f == nil || local == s.ptr.local {
		return
	}
	s.ptr.local, s.ptr.offset = local, local.Sub(s.ptr.pos)
	s.ptr.framed = true
	f.PointerMotion(t, local)
}

// locate returns the pointer's position in a focus that keeps it, wherever
// that is.
func (s *Seat) locate() geom.FPoint {
	if l, ok := s.ptr.focus.(Locator); ok {
		return l.Locate(s.ptr.pos)
	}
	return s.ptr.pos.Add(s.ptr.offset)
}

func (s *Seat) sendButton(t time.Duration, button uint32, pressed bool) {
	i := s.ptr.held(button)
	f := s.pointerTarget()
	if i < 0 || f == nil {
		return
	}
	b := &s.ptr.buttons[i]
	if pressed {
		b.focus, b.serial = f, s.issue(SerialButtonPress, f.Client())
		s.ptr.framed = true
		f.PointerButton(b.serial, t, button, true)
		return
	}
	if b.focus != f {
		return // it never saw the press
	}
	s.ptr.framed = true
	f.PointerButton(s.issue(SerialButtonRelease, f.Client()), t, button, false)
}

func (s *Seat) sendFrame() {
	if s.ptr.framed && s.ptr.focus != nil {
		s.ptr.framed = false
		s.ptr.focus.PointerFrame()
	}
}
