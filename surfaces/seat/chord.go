package seat

import (
	"errors"
	"fmt"
	"strings"
	"unicode"

	"rayos/surfaces/seat/xkb"
)

// ChordMods are the modifiers that chords tell apart. Caps Lock, Num Lock and
// level shifts never count.
type ChordMods uint8

// The chord modifiers.
const (
	Shift ChordMods = 1 << iota
	Ctrl
	Alt
	Super
)

var chordMods = [...]struct {
	bit  ChordMods
	name string
	mask xkb.ModMask
}{
	{Super, "Super", xkb.Mod4},
	{Ctrl, "Ctrl", xkb.ModControl},
	{Alt, "Alt", xkb.Mod1},
	{Shift, "Shift", xkb.ModShift},
}

// Chord is a key with modifiers. Sym is the keysym of the key's unshifted
// level: Super+Shift+1 is {Super|Shift, '1'}, whatever Shift+1 types.
type Chord struct {
	Mods ChordMods
	Sym  xkb.Keysym
}

// ParseChord reads "Super+Tab", "Ctrl+Alt+BackSpace", "Super+a". Modifier
// names and letters ignore case; other keys have their X11 names, and the
// characters of ASCII stand for themselves.
func ParseChord(text string) (Chord, error) {
	var c Chord
	rest := strings.TrimSpace(text)
	for {
		name, after, found := strings.Cut(rest, "+")
		if !found || after == "" {
			break
		}
		bit := chordMod(name)
		if bit == 0 {
			return Chord{}, fmt.Errorf("chord %q: unknown modifier %q (want Super, Ctrl, Alt or Shift)", text, name)
		}
		c.Mods |= bit
		rest = after
	}
	if rest == "" {
		return Chord{}, errors.New("chord: empty")
	}
	sym, ok := keyName(rest)
	if !ok {
		return Chord{}, fmt.Errorf("chord %q: unknown key %q", text, rest)
	}
	c.Sym = sym
	return c, nil
}

func chordMod(name string) ChordMods {
	switch strings.ToLower(strings.TrimSpace(name)) {
	case "super", "logo", "mod4", "win", "meta":
		return Super
	case "ctrl", "control":
		return Ctrl
	case "alt", "mod1":
		return Alt
	case "shift":
		return Shift
	}
	return 0
}

func keyName(name string) (xkb.Keysym, bool) {
	if r := []rune(name); len(r) == 1 && r[0] > ' ' {
		return xkb.KeysymOf(unicode.ToLower(r[0])), true
	}
	if sym, ok := xkb.KeysymByName(name); ok {
		return sym.Lower(), true
	}
	for _, alias := range [...]struct {
		name string
		sym  xkb.Keysym
	}{
		{"enter", xkb.Return},
		{"esc", xkb.Escape},
		{"del", xkb.Delete},
		{"pageup", 0xff55},
		{"pagedown", 0xff56},
		{"space", ' '},
		{"super", 0xffeb},
	} {
		if strings.EqualFold(alias.name, name) {
			return alias.sym, true
		}
	}
	sym, ok := xkb.KeysymByFold(name)
	return sym.Lower(), ok
}

// String writes the chord as ParseChord reads it.
func (c Chord) String() string {
	var b strings.Builder
	for _, m := range chordMods {
		if c.Mods&m.bit != 0 {
			b.WriteString(m.name)
			b.WriteByte('+')
		}
	}
	b.WriteString(c.Sym.String())
	return b.String()
}

// chordModsOf reduces a modifier mask to those that chords know.
func chordModsOf(m xkb.ModMask) ChordMods {
	var out ChordMods
	for i := range chordMods {
		if m&chordMods[i].mask != 0 {
			out |= chordMods[i].bit
		}
	}
	return out
}
