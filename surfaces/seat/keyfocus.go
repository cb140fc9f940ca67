package seat

// KeyboardFocus returns who has the keyboard, or nil.
func (s *Seat) KeyboardFocus() Focus { return s.kbd.focus }

// SetKeyboardFocus gives the keyboard to f, or to nobody with nil. A popup
// grab of another client is dismissed; one of the same client keeps the
// keyboard until it ends.
func (s *Seat) SetKeyboardFocus(f Focus) {
	s.kbd.wanted = f
	if p := s.popups(); p != nil && (f == nil || f.Client() != p.client) {
		p.Dismiss(s)
	}
	s.refocusKeyboard()
}

// overrideKeyboard lets a popup grab hold the keyboard; nil hands it back.
func (s *Seat) overrideKeyboard(f Focus) {
	s.kbd.override = f
	s.refocusKeyboard()
}

// refocusKeyboard brings the focus to who should have it and may.
func (s *Seat) refocusKeyboard() {
	f := s.kbd.wanted
	if s.kbd.override != nil {
		f = s.kbd.override
	}
	if !s.accepts(f) {
		f = nil
	}
	old := s.kbd.focus
	if f == old {
		return
	}
	s.leaveKeyboard()
	s.kbd.focus = f
	s.tellKeyboardFocus()
	if f == nil || s.kbd.focus != f {
		return // a listener moved it on
	}
	r := &s.kbd.routes[toFocus]
	mods := r.active.Mods()
	r.sent = mods
	f.KeyboardEnter(s.issue(SerialKeyboardEnter, f.Client()), r.pressed, mods)
	if s.kbd.focus == f {
		f.Modifiers(s.issue(SerialModifiers, f.Client()), mods)
	}
}

func (s *Seat) leaveKeyboard() {
	old := s.kbd.focus
	if old == nil {
		return
	}
	if old.ReleaseOnLeave() {
		now := s.cfg.Now()
		r := &s.kbd.routes[toFocus]
		for i := len(r.pressed) - 1; i >= 0 && s.kbd.focus == old; i-- {
			if i < len(r.pressed) {
				old.Key(s.issue(SerialKeyRelease, old.Client()), now, r.pressed[i], false)
			}
		}
	}
	if s.kbd.focus == old {
		old.KeyboardLeave(s.issue(SerialKeyboardLeave, old.Client()))
	}
}

// keyboardTarget returns the focus if its gate is open.
func (s *Seat) keyboardTarget() Focus {
	if f := s.kbd.focus; f != nil && !f.Accepts() {
		s.refocusKeyboard()
	}
	return s.kbd.focus
}

// forget reports whether f had the keyboard.
func (k *keyboard) forget(f Focus) bool {
	if k.wanted == f {
		k.wanted = nil
	}
	if k.override == f {
		k.override = nil
	}
	if k.focus != f {
		return false
	}
	k.focus = nil
	return true
}

func (s *Seat) tellKeyboardFocus() {
	for _, l := range s.listeners {
		if l.KeyboardFocus != nil {
			l.KeyboardFocus(s.kbd.focus)
		}
	}
	s.RefocusPads()
}
