package session

// This file decides whether a new window gets the focus. A person who waits for
// a window wants to type into it; one who is typing wants nobody to take the
// keys away. So a window has the focus when it opens if one of these holds:
//
//   - nothing else has the focus;
//   - it came with a token of the person's: of xdg_activation_v1, got from a
//     program by something they did there, or from the session that started it;
//   - it is a dialog of the focused window;
//   - its program has the focus already, or is what the person used last;
//   - no key, button or finger went down since its program connected. Who types
//     a command into a terminal and waits gets the new window, who goes on
//     typing doesn't.
//
// Any other window opens below the focused one and asks for attention. A token
// that is no good is as much as none: programs hand old ones down to what they
// start. Programs behind Xwayland come and go unseen and say by themselves that
// they want to wait, so X11 windows get the focus.

// newcomer says whether a window that is about to be mapped gets the focus of
// the first seat, or else which visitor's it gets, if any.
func (s *Session) newcomer(w *window) (focus bool, v *visitor) {
	if v := s.visitorAt(w.asks.token); v != nil {
		return false, v
	}
	if w.asks.token != nil || s.opt.FocusNew || s.wm.Focused() == 0 || s.familiar(w) {
		return true, nil
	}
	for _, v := range s.visitors {
		if v.familiar(w) {
			return false, v
		}
	}
	return s.seat.LastPress() <= s.server.ConnectedAt(w.guest), nil
}

// familiar reports whether the person is busy with the window's program.
func (s *Session) familiar(w *window) bool {
	focused := s.windows[s.wm.Focused()]
	if focused == nil {
		return false
	}
	if p := s.server.Parent(w.guest); p != nil && p == focused.guest {
		return true
	}
	return sameClient(w, focused) || s.seat.LastUsed() == clientOf(w)
}

// familiar reports the same of a visitor.
func (v *visitor) familiar(w *window) bool {
	if focused := v.s.windows[v.focused]; focused != nil && v.focused != v.s.wm.Focused() && sameClient(w, focused) {
		return true
	}
	return v.seat.LastUsed() == clientOf(w)
}

func sameClient(a, b *window) bool {
	c := clientOf(a)
	return c != nil && c == clientOf(b)
}

// clientOf returns whose window it is, as the seat knows it.
func clientOf(w *window) any {
	if f := w.target(); f != nil {
		return f.Client()
	}
	return nil
}

// greet gives a window that was just mapped what it gets.
func (s *Session) greet(w *window, focus bool, v *visitor) {
	switch {
	case v != nil:
		v.focus(w)
	case !focus && s.wm.Focused() != w.id:
		w.attention = true
	}
}
