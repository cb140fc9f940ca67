package control

import (
	"slices"
	"strings"
)

// Mods is a set of modifiers.
type Mods uint8

// Modifiers.
const (
	Ctrl Mods = 1 << iota
	Shift
	Alt
	Logo
	AltGr
)

var modNames = []struct {
	names []string
	mod   Mods
}{
	{[]string{"ctrl", "control"}, Ctrl},
	{[]string{"shift"}, Shift},
	{[]string{"alt"}, Alt},
	{[]string{"logo", "super", "win", "meta"}, Logo},
	{[]string{"altgr"}, AltGr},
}

// Chord is a key with the modifiers held for it. Key is a name as in xkb
// keysyms ("Return", "a", "F4"), or empty when only modifiers are meant.
type Chord struct {
	Mods Mods
	Key  string
}

// ParseChord reads "ctrl+shift+t". The key is the last part; the + key is
// called plus.
func ParseChord(s string) (Chord, error) {
	var c Chord
	parts := strings.Split(s, "+")
	if len(parts) > 8 || len(s) > 64 {
		return Chord{}, Errorf(CodeBadArgs, "chord is too long")
	}
	for i, p := range parts {
		m := modOf(p)
		switch {
		case m != 0:
			c.Mods |= m
		case p == "":
			return Chord{}, Errorf(CodeBadArgs, "chord %q has an empty part; the + key is called plus", s)
		case i < len(parts)-1:
			return Chord{}, Errorf(CodeBadArgs, "%q is not a modifier; they are ctrl, shift, alt, altgr, logo", p)
		default:
			c.Key = p
		}
	}
	return c, nil
}

func modOf(name string) Mods {
	for _, m := range modNames {
		if slices.Contains(m.names, strings.ToLower(name)) {
			return m.mod
		}
	}
	return 0
}

func (c Chord) String() string {
	var parts []string
	for _, m := range modNames {
		if c.Mods&m.mod != 0 {
			parts = append(parts, m.names[0])
		}
	}
	if c.Key != "" {
		parts = append(parts, c.Key)
	}
	return strings.Join(parts, "+")
}
