package keys

import (
	"fmt"
	"slices"
	"strings"
)

// Chord is a key with the modifiers that are held for it. The zero value is
// none.
type Chord struct {
	Mods Mods
	Code uint32 // evdev, 0 when only modifiers are meant
}

// Mods is a set of modifiers.
type Mods uint8

// Modifiers, in the order in which they are pressed.
const (
	Ctrl Mods = 1 << iota
	Alt
	Shift
	Meta
)

// Codes of the modifiers that Chord presses.
const (
	CodeCtrl  = 29
	CodeAlt   = 56
	CodeShift = 42
	CodeMeta  = 125
)

// MaxSpec is the longest key specification, in bytes.
const MaxSpec = 64

// modifiers with their evdev codes; the first name is the one printed.
var modifiers = []struct {
	mod   Mods
	code  uint32
	names []string
}{
	{Ctrl, CodeCtrl, []string{"ctrl", "control"}},
	{Alt, CodeAlt, []string{"alt"}},
	{Shift, CodeShift, []string{"shift"}},
	{Meta, CodeMeta, []string{"meta", "win", "super", "windows"}},
}

// named keys; the first name is the one printed. None is an everyday word: a
// word that a person sends is pressed if it names a key.
var named = []struct {
	code  uint32
	names []string
}{
	{28, []string{"enter", "return"}},
	{1, []string{"esc", "escape"}},
	{15, []string{"tab"}},
	{57, []string{"space"}},
	{14, []string{"backspace", "bksp", "bs"}},
	{111, []string{"delete", "del"}},
	{110, []string{"insert", "ins"}},
	{102, []string{"home"}},
	{107, []string{"end"}},
	{104, []string{"pgup", "pageup"}},
	{109, []string{"pgdn", "pagedown", "pgdown"}},
	{103, []string{"up"}},
	{108, []string{"down"}},
	{105, []string{"left"}},
	{106, []string{"right"}},
	{58, []string{"capslock"}},
	{59, []string{"f1"}},
	{60, []string{"f2"}},
	{61, []string{"f3"}},
	{62, []string{"f4"}},
	{63, []string{"f5"}},
	{64, []string{"f6"}},
	{65, []string{"f7"}},
	{66, []string{"f8"}},
	{67, []string{"f9"}},
	{68, []string{"f10"}},
	{87, []string{"f11"}},
	{88, []string{"f12"}},
	{69, []string{"numlock"}},
	{70, []string{"scrolllock"}},
	{99, []string{"printscreen", "prtsc"}},
	{119, []string{"pausebreak"}},
	{127, []string{"contextmenu"}},
	{113, []string{"volumemute"}},
	{114, []string{"volumedown"}},
	{115, []string{"volumeup"}},
	{163, []string{"medianext"}},
	{164, []string{"mediaplay"}},
	{165, []string{"mediaprev"}},
	{166, []string{"mediastop"}},
}

// Name is what a key, or a modifier, is called.
type Name struct {
	Code  uint32 // evdev
	Held  bool   // a modifier
	Names []string
}

// List returns all that have names, modifiers first.
func List() []Name {
	var list []Name
	for _, m := range modifiers {
		list = append(list, Name{m.code, true, slices.Clone(m.names)})
	}
	for _, n := range named {
		list = append(list, Name{n.code, false, slices.Clone(n.names)})
	}
	return list
}

// characters are the keys of a US keyboard that make one: the code of the
// first of a row, what they make, and what with shift.
var characters = []struct {
	first          uint32
	plain, shifted string
}{
	{2, "1234567890-=", "!@#$%^&*()_+"},
	{16, "qwertyuiop[]", "QWERTYUIOP{}"},
	{30, "asdfghjkl;'`", "ASDFGHJKL:\"~"},
	{43, `\zxcvbnm,./`, "|ZXCVBNM<>?"},
}

// Parse reads a key specification: modifiers and a key between + or -, as
// in "ctrl+alt-delete". Names and letters are the same in both cases, but a
// capital letter alone is the letter with shift. A character that needs shift
// brings it along. The last part may be a separator itself: "ctrl+-".
func Parse(s string) (Chord, error) {
	bad := func(why string) (Chord, error) { return Chord{}, fmt.Errorf("key %.70q: %s", s, why) }
	if s == "" || len(s) > MaxSpec {
		return bad(fmt.Sprintf("want 1 to %d characters", MaxSpec))
	}
	parts := split(s)
	var k Chord
	for i, part := range parts {
		if m := modOf(part); m != 0 {
			if k.Mods&m != 0 {
				return bad(part + " is there twice")
			}
			k.Mods |= m
			continue
		}
		if i < len(parts)-1 {
			return bad(fmt.Sprintf("%q is no modifier; they are ctrl, alt, shift, meta", part))
		}
		code, shift := keyOf(part)
		if code == 0 {
			return bad(fmt.Sprintf("there is no key %q", part))
		}
		letter := part[0] >= 'A' && part[0] <= 'Z'
		if k.Code = code; shift && !(letter && len(parts) > 1) {
			k.Mods |= Shift
		}
	}
	return k, nil
}

// split cuts a specification at its separators. A separator at the end is
// a key: by itself, or behind another separator.
func split(s string) []string {
	body, last := s, ""
	if n := len(s); isSeparator(s[n-1]) && (n == 1 || isSeparator(s[n-2])) {
		body, last = s[:n-1], s[n-1:]
		if body == "" {
			return []string{last}
		}
		body = body[:len(body)-1]
	}
	var parts []string
	at := 0
	for i := range len(body) {
		if isSeparator(body[i]) {
			parts = append(parts, body[at:i])
			at = i + 1
		}
	}
	parts = append(parts, body[at:])
	if last != "" {
		parts = append(parts, last)
	}
	return parts
}

func isSeparator(c byte) bool { return c == '+' || c == '-' }

func modOf(name string) Mods {
	name = strings.ToLower(name)
	for _, m := range modifiers {
		if slices.Contains(m.names, name) {
			return m.mod
		}
	}
	return 0
}

// controls are the keys that make control characters.
var controls = map[rune]uint32{' ': 57, '\n': 28, '\t': 15, '\b': 14}

// Type returns the key of a US keyboard that makes a character, and whether
// shift is held for it.
func Type(r rune) (code uint32, shift, ok bool) {
	if code, ok := controls[r]; ok {
		return code, false, true
	}
	if r <= ' ' || r > '~' {
		return 0, false, false
	}
	code, shift = keyOf(string(r))
	return code, shift, code != 0
}

// keyOf returns the code of a key, 0 if there is none.
func keyOf(part string) (code uint32, shift bool) {
	name := strings.ToLower(part)
	for _, n := range named {
		if slices.Contains(n.names, name) {
			return n.code, false
		}
	}
	if len(part) != 1 {
		return 0, false
	}
	for _, row := range characters {
		if i := strings.Index(row.plain, part); i >= 0 {
			return row.first + uint32(i), false
		}
		if i := strings.Index(row.shifted, part); i >= 0 {
			return row.first + uint32(i), true
		}
	}
	return 0, false
}

// Codes returns evdev codes in the order of pressing; they are released in the
// other.
func (k Chord) Codes() []uint32 {
	var codes []uint32
	for _, m := range modifiers {
		if k.Mods&m.mod != 0 {
			codes = append(codes, m.code)
		}
	}
	if k.Code != 0 {
		codes = append(codes, k.Code)
	}
	return codes
}

// String returns the form that Parse reads, the same for all that mean the
// same; "" for none.
func (k Chord) String() string {
	var parts []string
	for _, m := range modifiers {
		if k.Mods&m.mod != 0 {
			parts = append(parts, m.names[0])
		}
	}
	if name := keyName(k.Code); name != "" {
		parts = append(parts, name)
	}
	return strings.Join(parts, "+")
}

func keyName(code uint32) string {
	for _, n := range named {
		if n.code == code {
			return n.names[0]
		}
	}
	for _, row := range characters {
		if code >= row.first && code < row.first+uint32(len(row.plain)) {
			return row.plain[code-row.first : code-row.first+1]
		}
	}
	return ""
}
