package seat

import (
	"slices"
	"time"

	"rayos/surfaces/seat/xkb"
)

// BindOption modifies a binding.
type BindOption uint8

const (
	// Unstealable bindings work even while the focus inhibits shortcuts.
	Unstealable BindOption = 1 << iota
	// OnTap makes a chord that is a modifier alone ("Super_L") fire when it
	// is released and nothing else happened meanwhile. Its press and release
	// are delivered: nobody can know yet what they will be.
	OnTap
)

// Binding is a session chord with its action.
type Binding struct {
	Chord  Chord
	option BindOption
	fn     func(t time.Duration)
	gone   bool
}

type bindings struct {
	list      []*Binding
	inhibited []Focus
	tap       *Binding // armed: its key is down and nothing else happened
	tapKey    uint32

	letters struct { // what hasLetters said last
		km    *xkb.Keymap
		group int
		yes   bool
	}
}

// Bind calls fn when the chord is pressed. The newest binding of a chord wins.
func (s *Seat) Bind(c Chord, opt BindOption, fn func(t time.Duration)) *Binding {
	b := &Binding{Chord: c, option: opt, fn: fn}
	s.binds.list = append(s.binds.list, b)
	return b
}

// Unbind removes a binding.
func (s *Seat) Unbind(b *Binding) {
	b.gone = true
	if s.binds.tap == b {
		s.binds.tap = nil
	}
	for i, o := range s.binds.list {
		if o == b {
			s.binds.list = append(s.binds.list[:i:i], s.binds.list[i+1:]...)
			return
		}
	}
}

// InhibitShortcuts lets chords pass to f while it has the keyboard, except
// Unstealable ones.
func (s *Seat) InhibitShortcuts(f Focus, on bool) {
	s.binds.forget(f)
	if on {
		s.binds.inhibited = append(s.binds.inhibited, f)
	}
}

// ShortcutsInhibited reports whether the keyboard focus gets the chords now.
func (s *Seat) ShortcutsInhibited() bool {
	for _, f := range s.binds.inhibited {
		if f == s.kbd.focus {
			return true
		}
	}
	return false
}

func (b *bindings) forget(f Focus) {
	for i, o := range b.inhibited {
		if o == f {
			b.inhibited = slices.Delete(b.inhibited, i, i+1)
			return
		}
	}
}

// broken says that something happened that makes a held key no tap.
func (b *bindings) broken() { b.tap = nil }

// released fires an armed tap.
func (b *bindings) released(s *Seat, t time.Duration, code uint32) {
	if tap := b.tap; tap != nil && b.tapKey == code {
		b.tap = nil
		tap.fn(t)
	}
}

// chord runs the session's answer to a key press, before the press changes
// modifiers. It reports whether the key is taken.
func (s *Seat) chord(t time.Duration, code uint32) bool {
	s.binds.broken()
	syms, n := s.chordSyms(code)
	mods := chordModsOf(s.kbd.used.Effective())
	inhibited := s.ShortcutsInhibited()
	for _, sym := range syms[:n] {
		for i := len(s.binds.list) - 1; i >= 0; i-- {
			b := s.binds.list[i]
			if b.Chord.Sym != sym || b.Chord.Mods != mods || inhibited && b.option&Unstealable == 0 {
				continue
			}
			if b.option&OnTap != 0 {
				s.binds.tap, s.binds.tapKey = b, code
				return false
			}
			b.fn(t)
			return true
		}
	}
	if syms[0] == xkb.Escape && mods == 0 {
		if _, ok := s.grab().(escapable); ok {
			s.unwind(len(s.grabs) - 1)
			s.grab().Refocus(s, t)
			return true
		}
	}
	return false
}

// chordSyms returns the keysyms by which a chord may name a key, best first:
// the unshifted one of the active layout; where that is no Latin key or the
// layout has no Latin letters, the first Latin one of the other layouts and
// the us keyboard's. So Super+C works on a Cyrillic layout and Super+1 on a
// French one.
func (s *Seat) chordSyms(code uint32) (syms [3]xkb.Keysym, n int) {
	st, km := s.kbd.used, s.kbd.used.Keymap()
	add := func(sym xkb.Keysym) {
		if sym != xkb.NoSymbol {
			syms[n] = sym.Lower()
			n++
		}
	}
	first := km.SymAt(code, st.KeyGroup(code), 0)
	add(first)
	digit := code >= 2 && code <= 11
	if latin(first) && !digit && s.binds.hasLetters(km, st.Group()) {
		return syms, n
	}
	for g := range km.KeyGroups(code) {
		if sym := km.SymAt(code, g, 0); g != st.KeyGroup(code) && latin(sym) {
			add(sym)
			break
		}
	}
	add(usSym(code))
	return syms, n
}

// latin reports whether a chord can name the keysym directly: ASCII or a key
// that is no character.
func latin(sym xkb.Keysym) bool {
	return sym > ' ' && sym < 0x7f || sym >= 0xfe00 && sym <= 0xffff || sym >= 0x1008fe00 && sym <= 0x1008ffff
}

// hasLetters reports whether most letter keys of a group give Latin letters.
func (b *bindings) hasLetters(km *xkb.Keymap, group int) bool {
	if b.letters.km == km && b.letters.group == group {
		return b.letters.yes
	}
	n := 0
	for _, row := range usRows {
		for i := range row.chars {
			code := row.from + uint32(i)
			g := min(group, km.KeyGroups(code)-1)
			if sym := km.SymAt(code, g, 0); sym >= 'a' && sym <= 'z' {
				n++
			}
		}
	}
	b.letters.km, b.letters.group, b.letters.yes = km, group, n >= 13
	return b.letters.yes
}

// usRows are the characters of the us keyboard by evdev code.
var usRows = [...]struct {
	from  uint32
	chars string
}{
	{2, "1234567890-="},
	{16, "qwertyuiop[]"},
	{30, "asdfghjkl;'`"},
	{43, `\zxcvbnm,./`},
}

func usSym(code uint32) xkb.Keysym {
	for _, r := range usRows {
		if code >= r.from && code < r.from+uint32(len(r.chars)) {
			return xkb.Keysym(r.chars[code-r.from])
		}
	}
	return xkb.NoSymbol
}
