package host

import (
	"fmt"
	"strings"
)

// stroke is a key of a US keyboard, with or without shift.
type stroke struct {
	code  uint32 // evdev
	shift bool
}

const (
	keyCtrl  = 29
	keyShift = 42
	keyAlt   = 56
	keyMeta  = 125
)

// rows are the keys of a US keyboard that make characters: evdev code of the
// first, what they make, and what with shift.
var rows = []struct {
	first          uint32
	plain, shifted string
}{
	{2, "1234567890-=", "!@#$%^&*()_+"},
	{16, "qwertyuiop[]", "QWERTYUIOP{}"},
	{30, "asdfghjkl;'`", "ASDFGHJKL:\"~"},
	{43, `\zxcvbnm,./`, "|ZXCVBNM<>?"},
}

var strokes = func() map[rune]stroke {
	m := map[rune]stroke{' ': {code: 57}, '\n': {code: 28}, '\t': {code: 15}, '\b': {code: 14}}
	for _, r := range rows {
		for i := range len(r.plain) {
			m[rune(r.plain[i])] = stroke{r.first + uint32(i), false}
			m[rune(r.shifted[i])] = stroke{r.first + uint32(i), true}
		}
	}
	return m
}()

// named keys, and modifiers.
var (
	keyNames = map[string]uint32{
		"enter": 28, "return": 28, "esc": 1, "escape": 1, "tab": 15, "space": 57,
		"backspace": 14, "bksp": 14, "bs": 14, "delete": 111, "del": 111, "insert": 110, "ins": 110,
		"home": 102, "end": 107, "pgup": 104, "pageup": 104, "pgdn": 109, "pagedown": 109, "pgdown": 109,
		"up": 103, "down": 108, "left": 105, "right": 106, "capslock": 58, "menu": 127, "print": 99,
		"f1": 59, "f2": 60, "f3": 61, "f4": 62, "f5": 63, "f6": 64, "f7": 65, "f8": 66, "f9": 67, "f10": 68, "f11": 87, "f12": 88,
		"minus": 12, "plus": 13,
	}
	modifierNames = map[string]uint32{
		"ctrl": keyCtrl, "control": keyCtrl, "alt": keyAlt, "shift": keyShift,
		"meta": keyMeta, "win": keyMeta, "super": keyMeta, "windows": keyMeta,
	}
)

// maxSpec is the longest key specification.
const maxSpec = 64

// parseKeys reads a key specification, "ctrl+alt-Delete": the keys to press in
// this order and to release in the other.
func parseKeys(spec string) ([]uint32, error) {
	spec = strings.TrimSpace(spec)
	if spec == "" || len(spec) > maxSpec {
		return nil, fmt.Errorf("key %.70q: want 1 to %d characters", spec, maxSpec)
	}
	// The last character may itself be a separator: "ctrl+-".
	body, last := spec[:len(spec)-1], spec[len(spec)-1:]
	parts := strings.FieldsFunc(body, func(r rune) bool { return r == '+' || r == '-' })
	if n := len(body); n > 0 && last != "+" && last != "-" && body[n-1] != '+' && body[n-1] != '-' {
		parts[len(parts)-1] += last
	} else {
		parts = append(parts, last)
	}
	var keys []uint32
	for i, part := range parts {
		name := strings.ToLower(part)
		if mod, ok := modifierNames[name]; ok {
			keys = append(keys, mod)
			continue
		}
		if i < len(parts)-1 {
			return nil, fmt.Errorf("key %q: %q is no modifier", spec, part)
		}
		if code, ok := keyNames[name]; ok {
			return append(keys, code), nil
		}
		runes := []rune(part)
		s, ok := strokes[runes[0]]
		if len(runes) != 1 || !ok || runes[0] < ' ' {
			return nil, fmt.Errorf("key %q: there is no key %q", spec, part)
		}
		// A letter names its key: "ctrl+C" is what a person writes for ctrl+c.
		if letter := name[0] >= 'a' && name[0] <= 'z'; s.shift && !(letter && len(parts) > 1) {
			keys = append(keys, keyShift)
		}
		return append(keys, s.code), nil
	}
	return keys, nil
}

// typable reports whether a US keyboard can type a text.
func typable(text string) bool {
	for _, r := range text {
		if _, ok := strokes[r]; !ok {
			return false
		}
	}
	return true
}
