package xkb

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

//go:generate go run genkeysyms.go

// Keysym names what a key means: a character, a function, a modifier. Values
// are those of X11: Latin-1 as itself, 0x01000000 plus a code point for the
// rest of Unicode, and older blocks of their own.
type Keysym uint32

// Keysyms that the desktop itself looks for.
const (
	NoSymbol  Keysym = 0
	BackSpace Keysym = 0xff08
	Tab       Keysym = 0xff09
	Return    Keysym = 0xff0d
	Escape    Keysym = 0xff1b
	Delete    Keysym = 0xffff

	kpSpace Keysym = 0xff80
	kpEqual Keysym = 0xffbd

	ssharp     Keysym = 0xdf
	finalSigma Keysym = 0x7f3

	unicodeBase Keysym = 0x01000000
	unicodeMax  Keysym = unicodeBase + unicode.MaxRune
)

// KeysymByName finds a keysym by its X11 name ("Return", "XF86AudioMute"), by
// code point ("U20AC") or by value ("0x20ac"). Case matters.
func KeysymByName(name string) (Keysym, bool) {
	i, ok := slices.BinarySearchFunc(keysymNames[:], name, func(e struct {
		name string
		sym  Keysym
	}, n string,
	) int {
		return strings.Compare(e.name, n)
	})
	if ok {
		return keysymNames[i].sym, true
	}
	if hex, ok := strings.CutPrefix(name, "0x"); ok {
		v, err := strconv.ParseUint(hex, 16, 32)
		return Keysym(v), err == nil && v <= 0x1fffffff
	}
	if len(name) > 1 && name[0] == 'U' {
		v, err := strconv.ParseUint(name[1:], 16, 32)
		if err != nil || v > unicode.MaxRune {
			return NoSymbol, false
		}
		return KeysymOf(rune(v)), true
	}
	return NoSymbol, false
}

// KeysymOf returns the keysym of a character.
func KeysymOf(r rune) Keysym {
	if r >= 0x20 && r < 0x7f || r >= 0xa0 && r <= 0xff {
		return Keysym(r)
	}
	return unicodeBase + Keysym(r)
}

// String returns the X11 name, "U20AC" for nameless Unicode keysyms, or hex.
func (k Keysym) String() string {
	i, ok := slices.BinarySearchFunc(keysymsByValue[:], k, func(i uint16, k Keysym) int {
		return int(int64(keysymNames[i].sym) - int64(k))
	})
	if ok {
		return keysymNames[keysymsByValue[i]].name
	}
	if k >= unicodeBase+0x100 && k <= unicodeMax {
		return fmt.Sprintf("U%04X", uint32(k-unicodeBase))
	}
	return fmt.Sprintf("0x%08x", uint32(k))
}

// Rune returns the character that the keysym stands for, or 0.
func (k Keysym) Rune() rune {
	switch {
	case k >= 0x20 && k <= 0x7e, k >= 0xa0 && k <= 0xff:
		return rune(k)
	case k == kpSpace:
		return ' '
	case k >= BackSpace && k <= 0xff0b, k == Return, k == Escape, k == Delete,
		k == 0xff89, k == 0xff8d, k >= 0xffaa && k <= 0xffb9, k == kpEqual:
		// Tab, Enter and the keypad's characters: ASCII in the low bits.
		return rune(k & 0x7f)
	case k >= unicodeBase && k <= unicodeMax:
		if r := rune(k - unicodeBase); utf8.ValidRune(r) {
			return r
		}
		return 0
	case k > 0xffff:
		return 0
	}
	i, ok := slices.BinarySearchFunc(legacyRunes[:], uint16(k), func(e struct{ sym, r uint16 }, s uint16) int {
		return int(e.sym) - int(s)
	})
	if ok {
		return rune(legacyRunes[i].r)
	}
	return 0
}

// fromRune returns the keysym of r in the block that k came from, so that case
// conversion keeps to the names a keymap uses.
func (k Keysym) fromRune(r rune) Keysym {
	if k < 0x100 {
		if r > 0xff {
			for _, e := range legacyRunes {
				if rune(e.r) == r {
					return Keysym(e.sym)
				}
			}
		}
		return KeysymOf(r)
	}
	if k >= unicodeBase {
		return unicodeBase + Keysym(r)
	}
	block := uint16(k >> 8)
	for _, e := range legacyRunes {
		if rune(e.r) == r && e.sym>>8 == block {
			return Keysym(e.sym)
		}
	}
	if r >= 0xa0 && r <= 0xff {
		return Keysym(r)
	}
	return k
}

// Upper returns the keysym of the upper-case letter, k itself if it has none.
func (k Keysym) Upper() Keysym {
	switch {
	case k == ssharp:
		return unicodeBase + 0x1e9e
	case k == finalSigma:
		return k // an upper-case sigma would come back as another letter
	case k >= unicodeBase+0x10d0 && k <= unicodeBase+0x10ff:
		return k // Georgian: its capitals are for headlines, not for typing
	}
	return k.convert(unicode.ToUpper)
}

// Lower returns the keysym of the lower-case letter, k itself if it has none.
func (k Keysym) Lower() Keysym { return k.convert(unicode.ToLower) }

func (k Keysym) convert(to func(rune) rune) Keysym {
	if k >= 0xff00 && k < unicodeBase {
		return k
	}
	r := k.Rune()
	if r == 0 {
		return k
	}
	if c := to(r); c != r {
		return k.fromRune(c)
	}
	return k
}

func (k Keysym) isLower() bool  { return k.Lower() == k && k.Upper() != k }
func (k Keysym) isUpper() bool  { return k.Upper() == k && k.Lower() != k }
func (k Keysym) isKeypad() bool { return k >= kpSpace && k <= kpEqual }

// IsModifier reports whether the keysym is of a key that only modifies others.
func (k Keysym) IsModifier() bool {
	return k >= 0xffe1 && k <= 0xffee || k >= 0xfe01 && k <= 0xfe13 || k == 0xff7e || k == 0xff7f
}

// KeysymByFold finds a keysym by name in any case; of several the first in
// byte order wins, so that "ESCAPE" finds Escape.
func KeysymByFold(name string) (Keysym, bool) {
	for i := range keysymNames {
		if strings.EqualFold(keysymNames[i].name, name) {
			return keysymNames[i].sym, true
		}
	}
	return NoSymbol, false
}
