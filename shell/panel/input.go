package panel

import (
	"strings"
	"time"

	"rayos/rayapps/ui"
	"rayos/surfaces/seat"
	"rayos/surfaces/seat/xkb"
)

// send gives the root an event and returns whether somebody took it.
func (p *Panel) send(e ui.Event) (taken bool) {
	if p.down {
		return false
	}
	defer p.recovered("event")
	taken = p.root.Event(e)
	p.root.Layout()
	p.tellText()
	return taken
}

func (p *Panel) shape() {
	if !p.down {
		p.o.Cursor(strings.ReplaceAll(p.root.Cursor().String(), "-", "_"))
	}
}

func (p *Panel) active(on bool) {
	if p.down {
		return
	}
	defer p.recovered("focus")
	p.repeat.Disarm()
	p.root.SetActive(on)
	p.has = on
	p.tellText()
}

// Paste gives what has the focus a text from the clipboard.
func (p *Panel) Paste(text string) { p.send(&ui.Paste{Text: text}) }

// Focus gives the panel the keyboard, at its first stop.
func (p *Panel) Focus() {
	if p.down {
		return
	}
	defer p.recovered("focus")
	p.keys = true
	p.root.SetActive(true)
	p.root.Layout()
	if p.root.Focused() == nil {
		p.root.FocusNext(false)
	}
	p.o.Keyboard()
}

// Release closes what is open and gives the keyboard back. It is for presses
// elsewhere.
func (p *Panel) Release() {
	if p.down || !p.keys && !p.shield.on {
		return
	}
	defer p.recovered("dismiss")
	for p.root.Dismiss() {
	}
	p.keys = false
	p.shield.show(false)
	p.o.Keyboard()
}

// Keyboard returns what gets the person's keys, nil if the panel doesn't want
// them.
func (p *Panel) Keyboard() seat.Focus {
	if p.down || !p.keys && !p.shield.on {
		return nil
	}
	return p.base
}

// Owns reports whether a focus is one of the panel's.
func (p *Panel) Owns(f seat.Focus) bool {
	n, ok := f.(*pane)
	return ok && n.p == p
}

func (p *Panel) mods() ui.Mods {
	st := p.o.Seat.State()
	var m ui.Mods
	for i, name := range [...]string{"Shift", "Control", "Mod1", "Mod4"} {
		if st.Effective()&st.Keymap().ModMask(name) != 0 {
			m |= ui.Shift << i
		}
	}
	return m
}

func (p *Panel) key(key uint32, pressed bool) {
	if !pressed {
		if key == p.held {
			p.repeat.Disarm()
		}
		p.stroke.Release, p.stroke.Repeat = true, false
		p.press(key)
		return
	}
	p.repeat.Disarm()
	if rate, delay := p.o.Seat.Repeat(); rate > 0 && p.o.Seat.State().Keymap().KeyRepeats(key) {
		p.held = key
		p.repeat.Arm(p.o.Loop.Now() + delay)
	}
	p.stroke.Release, p.stroke.Repeat = false, false
	p.press(key)
}

// again is a key that is held.
func (p *Panel) again() {
	rate, _ := p.o.Seat.Repeat()
	if p.Keyboard() == nil || rate <= 0 {
		return
	}
	p.repeat.Arm(p.o.Loop.Now() + time.Second/time.Duration(rate))
	p.stroke.Release, p.stroke.Repeat = false, true
	p.press(p.held)
}

// latin returns the letter that a key has in the first layout that has one, for
// shortcuts; without, it is what it was.
func latin(km *xkb.Keymap, key uint32, otherwise ui.Sym) ui.Sym {
	for g := range km.Groups() {
		if r := km.SymAt(key, g, 0).Lower().Rune(); r >= 'a' && r <= 'z' {
			return ui.Sym(r)
		}
	}
	return otherwise
}

// press gives a key to the root. Escape that nobody takes gives the keyboard
// back.
func (p *Panel) press(key uint32) {
	st := p.o.Seat.State()
	sym := st.Sym(key)
	if sym.IsModifier() {
		return
	}
	k := &p.stroke
	k.Sym, k.Mods, k.Text = ui.Sym(sym), p.mods(), ""
	if k.Mods&ui.Ctrl != 0 && sym.Rune() > 0x7e {
		k.Sym = latin(st.Keymap(), key, k.Sym)
	}
	if k.Mods&(ui.Ctrl|ui.Alt|ui.Super) == 0 && !k.Release {
		k.Text = string(st.AppendUTF8(nil, key))
	}
	if !p.send(k) && k.Sym == ui.KeyEscape && !k.Release {
		p.Release()
	}
}
