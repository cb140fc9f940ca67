package session

import "rayos/surfaces/wayland"

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
// Where another window has the focus, a token that is no good, or is too old,
// speaks against the new one. Any other window opens below the focused one and
// asks for attention. Programs behind Xwayland say when they were used by
// themselves, so X11 windows get the focus.

// token is what a window's activation token was worth.
type token uint8

const (
	tokenNone token = iota
	tokenGood
	tokenBad
)

// newcomer says whether a window that is about to be mapped gets the focus of
// the first seat, or else which visitor's it gets, if any.
func (s *Session) newcomer(w *window) (focus bool, v *visitor) {
	if v := s.visitorAt(w.asks.seat); v != nil && w.asks.token == tokenGood {
		return false, v
	}
	switch {
	case s.wm.Focused() == 0:
		return true, nil
	case w.asks.token != tokenNone:
		return w.asks.token == tokenGood, nil
	case s.familiar(w):
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

// rememberToken notes what a window's token was worth.
func (a *asks) rememberToken(r wayland.Request) {
	if r.Kind == wayland.RequestActivate {
		a.token, a.seat = tokenGood, r.Seat
	} else {
		a.token = tokenBad
	}
}
