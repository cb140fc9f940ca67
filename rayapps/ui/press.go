package ui

import (
	"rayos/gpu/render"
	"rayos/rayapps/ui/theme"
)

// press is the state of what can be pressed.
type press struct {
	hover motion
	held  bool // by a key
}

// handle turns events into calls of act: a click, Enter or Space.
func (s *press) handle(e *Element, ev Event, act func()) bool {
	switch ev := ev.(type) {
	case *Pointer:
		return Click(e, ev, LeftButton, act)
	case *Keystroke:
		if !enter(ev) && !(ev.Sym == KeySpace && ev.Mods&(Ctrl|Alt|Super) == 0) {
			return false
		}
		e.Repaint()
		if ev.Release {
			was := s.held
			s.held = false
			return was
		}
		s.held = true
		if !ev.Repeat {
			act()
		}
		return true
	}
	return false
}

// enter reports whether a key is one of the two that confirm.
func enter(k *Keystroke) bool {
	return (k.Sym == KeyEnter || k.Sym == KeyPadEnter) && k.Mods&(Ctrl|Alt|Super) == 0
}

// fill returns a fill as it is now: hovered, pressed.
func (s *press) fill(e *Element, c render.Color) render.Color {
	th := e.Theme()
	if e.Pressed() && e.Hovered() || s.held && e.Focused() {
		return th.Press(c)
	}
	return th.Hover(c, s.glow(e))
}

// glow returns how far the hover has come, of 255.
func (s *press) glow(e *Element) uint8 {
	to := int32(0)
	if e.Hovered() {
		to = 256
	}
	s.hover.set(e, to, theme.MotionPress)
	return uint8(min(s.hover.at(e), 255))
}

// veil returns a translucent fill for what has none at rest.
func (s *press) veil(e *Element) render.Color {
	th := e.Theme()
	if e.Pressed() && e.Hovered() || s.held && e.Focused() {
		return theme.Fade(th.Text1, 36)
	}
	return theme.Fade(th.Text1, uint8(uint32(s.glow(e))*20/255))
}

// policy is that of a control.
func policy(disabled bool) FocusPolicy {
	if disabled {
		return NoFocus
	}
	return TabStop
}

// trait returns t if ok.
func trait(ok bool, t Traits) Traits {
	if ok {
		return t
	}
	return 0
}

// Click calls act when a button goes up over the element where it went down,
// and reports whether the event was one of that button.
func Click(e *Element, ev Event, b PointerButton, act func()) bool {
	p, ok := ev.(*Pointer)
	if !ok || p.Button != b {
		return false
	}
	switch p.Kind {
	case PointerPress:
		return true
	case PointerRelease:
		if p.Pos.Floor().In(e.Box()) {
			act()
		}
		return true
	}
	return false
}
