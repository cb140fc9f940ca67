package session

import (
	"time"

	"rayos/geom"
	"rayos/shell/prompt"
	"rayos/surfaces/seat/xkb"
)

// This file gives the prompt its input.

// promptKeys are the keys that do something other than typing, by what they
// are called.
var promptKeys = func() map[xkb.Keysym]prompt.Key {
	keys := map[xkb.Keysym]prompt.Key{}
	for name, k := range map[string]prompt.Key{
		"Left": prompt.Left, "Right": prompt.Right, "Home": prompt.Home, "End": prompt.End,
		"Up": prompt.Up, "Down": prompt.Down, "Tab": prompt.Tab, "ISO_Left_Tab": prompt.Tab,
		"Return": prompt.Enter, "KP_Enter": prompt.Enter, "Escape": prompt.Escape, "Insert": prompt.Insert,
		"BackSpace": prompt.Backspace, "Delete": prompt.Delete,
		"KP_Left": prompt.Left, "KP_Right": prompt.Right, "KP_Home": prompt.Home, "KP_End": prompt.End,
		"KP_Up": prompt.Up, "KP_Down": prompt.Down, "KP_Delete": prompt.Delete, "KP_Insert": prompt.Insert,
	} {
		if sym, ok := xkb.KeysymByName(name); ok {
			keys[sym] = k
		}
	}
	return keys
}()

// Key implements seat.Focus.
func (p *promptPanel) Key(_ uint32, _ time.Duration, key uint32, pressed bool) {
	if !pressed {
		if key == p.held {
			p.repeat.Disarm()
		}
		return
	}
	p.repeat.Disarm()
	st := p.s.seat.State()
	if rate, delay := p.s.seat.Repeat(); rate > 0 && st.Keymap().KeyRepeats(key) {
		p.held = key
		p.repeat.Arm(p.s.loop.Now() + delay)
	}
	p.press(key)
}

// again is a key that is held.
func (p *promptPanel) again() {
	rate, _ := p.s.seat.Repeat()
	if !p.on || rate <= 0 || p.s.seat.KeyboardFocus() != p {
		return
	}
	switch promptKeys[p.s.seat.State().Sym(p.held)] {
	case prompt.Enter, prompt.Escape, prompt.Tab:
		return // once is enough
	}
	p.repeat.Arm(p.s.loop.Now() + time.Second/time.Duration(rate))
	p.press(p.held)
}

func (p *promptPanel) press(key uint32) {
	st := p.s.seat.State()
	sym := st.Sym(key)
	if sym.IsModifier() {
		return
	}
	on := func(mod string) bool { return st.Effective()&st.Keymap().ModMask(mod) != 0 }
	e := prompt.Press{Ctrl: on("Control"), Shift: on("Shift"), Alt: on("Mod1") || on("Mod4")}
	if e.Key = promptKeys[sym]; e.Key == prompt.Char {
		switch {
		case e.Ctrl:
			// Shortcuts go by the key: its letter on the first level, in the
			// first layout that has one.
			for g := range st.Keymap().Groups() {
				if r := st.Keymap().SymAt(key, g, 0).Lower().Rune(); r >= 'a' && r <= 'z' {
					e.Text = string(r)
					break
				}
			}
		default:
			e.Text = string(st.AppendUTF8(nil, key))
		}
	}
	p.model.See(p.world())
	p.act(p.model.Press(e))
}

// KeyboardLeave implements seat.Focus.
func (p *promptPanel) KeyboardLeave(uint32) { p.repeat.Disarm() }

// PointerEnter implements seat.Focus.
func (p *promptPanel) PointerEnter(_ uint32, at geom.FPoint) { p.PointerMotion(0, at) }

// PointerLeave implements seat.Focus.
func (p *promptPanel) PointerLeave(uint32) {
	p.down = false
	p.point(-1)
}

// PointerMotion implements seat.Focus: over an offer it shows which one a click
// takes, in the line it selects while the button is down.
func (p *promptPanel) PointerMotion(_ time.Duration, at geom.FPoint) {
	p.pointer = at
	shape := "default"
	if p.view.InLine(at.Y) {
		shape = "text"
	}
	p.s.SetCursorShape(p.s.seat, shape)
	if p.down {
		p.model.Place(p.canvas.Offset(at.X), true)
		p.draw()
		return
	}
	p.point(p.view.Offer(at.Y))
}

func (p *promptPanel) point(offer int) {
	if p.on && p.model.Point(offer) {
		p.draw()
	}
}

// PointerButton implements seat.Focus.
func (p *promptPanel) PointerButton(_ uint32, _ time.Duration, button uint32, pressed bool) {
	if button == btnLeft {
		p.click(p.pointer, pressed)
	}
}

// TouchDown implements seat.Focus.
func (p *promptPanel) TouchDown(_ uint32, _ time.Duration, _ int32, at geom.FPoint) {
	p.pointer = at
	p.click(at, true)
}

// TouchUp implements seat.Focus.
func (p *promptPanel) TouchUp(uint32, time.Duration, int32) { p.click(p.pointer, false) }

func (p *promptPanel) click(at geom.FPoint, pressed bool) {
	switch {
	case p.view.InLine(at.Y):
		if p.down = pressed; pressed {
			p.model.Place(p.canvas.Offset(at.X), false)
			p.draw()
		}
	case !pressed && !p.down:
		p.act(p.model.Pick(p.view.Offer(at.Y)))
	default:
		p.down = false
	}
}
