package seat

import (
	"errors"
	"slices"
	"time"

	"rayos/geom"
)

// ErrPopupOrder means that a popup asked for a grab that another client holds,
// or that it has already. The protocol allows to dismiss it at once.
var ErrPopupOrder = errors.New("popup grab: held by another client, or by this popup already")

type popupEntry struct {
	focus   Focus
	dismiss func()
}

// PopupGrab is the grab of a chain of popups of one client (xdg_popup.grab).
// Events go to that client's surfaces only; a press elsewhere dismisses the
// chain, the topmost first, and is not delivered. The topmost popup has the
// keyboard.
type PopupGrab struct {
	client any
	chain  []popupEntry
}

// popups returns the popup grab, or nil.
func (s *Seat) popups() *PopupGrab {
	for i := len(s.grabs) - 1; i > 0; i-- {
		if g, ok := s.grabs[i].(*PopupGrab); ok {
			return g
		}
	}
	return nil
}

// PopupTop returns the topmost popup that holds the grab, or nil.
func (s *Seat) PopupTop() Focus {
	if g := s.popups(); g != nil {
		return g.chain[len(g.chain)-1].focus
	}
	return nil
}

// PushPopup adds a popup to the chain of its client, starting the grab with
// the first. dismiss is called once if the session ends it; it must not be
// called after PopPopup or Forget. The caller has checked the serial and the
// parent.
func (s *Seat) PushPopup(f Focus, dismiss func()) error {
	g := s.popups()
	if g != nil && (g.client != f.Client() || g.has(f)) {
		return ErrPopupOrder
	}
	if g == nil {
		g = &PopupGrab{client: f.Client()}
		g.chain = append(g.chain, popupEntry{f, dismiss})
		s.PushGrab(g)
	} else {
		g.chain = append(g.chain, popupEntry{f, dismiss})
	}
	s.overrideKeyboard(f)
	return nil
}

func (g *PopupGrab) has(f Focus) bool {
	for i := range g.chain {
		if g.chain[i].focus == f {
			return true
		}
	}
	return false
}

// PopPopup removes a popup that its client destroyed, and ends the grab with
// the last.
func (s *Seat) PopPopup(f Focus) {
	if g := s.popups(); g != nil {
		g.Forget(s, f)
	}
}

// DismissPopups ends the popup grab, if there is one.
func (s *Seat) DismissPopups() {
	if g := s.popups(); g != nil {
		g.Dismiss(s)
	}
}

// Dismiss tells the chain, topmost first, that it is over and ends the grab.
func (g *PopupGrab) Dismiss(s *Seat) {
	if s.EndGrab(g) {
		g.Cancel(s)
	}
}

// Cancel implements PointerGrab.
func (g *PopupGrab) Cancel(s *Seat) {
	for len(g.chain) > 0 {
		top := g.chain[len(g.chain)-1]
		g.chain = g.chain[:len(g.chain)-1]
		top.dismiss()
	}
	s.overrideKeyboard(nil)
}

// Forget implements PointerGrab.
func (g *PopupGrab) Forget(s *Seat, f Focus) {
	for i := range g.chain {
		if g.chain[i].focus == f {
			g.chain = slices.Delete(g.chain, i, i+1)
			if len(g.chain) == 0 {
				s.EndGrab(g)
				s.overrideKeyboard(nil)
			} else {
				s.overrideKeyboard(g.chain[len(g.chain)-1].focus)
			}
			return
		}
	}
}

// hit sees only the client's own surfaces.
func (g *PopupGrab) hit(s *Seat) (Focus, geom.FPoint) {
	f, local := s.cfg.Hit(s.ptr.pos)
	if !s.ptr.placed || !s.accepts(f) || f.Client() != g.client {
		return nil, geom.FPoint{}
	}
	return f, local
}

// Motion implements PointerGrab.
func (g *PopupGrab) Motion(s *Seat, t time.Duration) {
	if f := s.pointerTarget(); f != nil && s.ptr.implicit() {
		s.sendMotion(t, s.locate())
		return
	}
	f, local := g.hit(s)
	s.setPointerFocus(f, local)
	s.sendMotion(t, local)
}

// Button implements PointerGrab.
func (g *PopupGrab) Button(s *Seat, t time.Duration, button uint32, pressed bool) {
	if pressed && !s.ptr.implicit() {
		if f, _ := g.hit(s); f == nil {
			g.Dismiss(s)
			return
		}
	}
	s.sendButton(t, button, pressed)
}

// Axis implements PointerGrab.
func (g *PopupGrab) Axis(s *Seat, t time.Duration, a Axis) { s.sendAxis(t, a) }

// Refocus implements PointerGrab.
func (g *PopupGrab) Refocus(s *Seat, t time.Duration) {
	g.Motion(s, t)
	s.sendFrame()
}
