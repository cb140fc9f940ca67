// Package keys remembers which keys of a host's keyboard are down.
package keys

import "slices"

// max is KEY_MAX of linux/input-event-codes.h.
const max = 0x2ff

// Set is a set of evdev key codes. The zero value is empty.
type Set [(max + 64) / 64]uint64

// Change notes that key is down or up and reports whether that is news. A code
// that no keyboard has never is.
func (s *Set) Change(key uint32, down bool) bool {
	if key == 0 || key > max || s.Has(key) == down {
		return false
	}
	s[key/64] ^= 1 << (key % 64)
	return true
}

// Has reports whether key is down.
func (s *Set) Has(key uint32) bool { return key <= max && s[key/64]>>(key%64)&1 != 0 }

// Remove takes the keys of t out of s.
func (s *Set) Remove(t *Set) {
	for i := range s {
		s[i] &^= t[i]
	}
}

// Keep takes the keys out of s that are not in t.
func (s *Set) Keep(t *Set) {
	for i := range s {
		s[i] &= t[i]
	}
}

// Clear lets go of all keys and reports whether any was down.
func (s *Set) Clear() bool {
	any := *s != Set{}
	*s = Set{}
	return any
}

// Modifiers are the keys that are held while others are pressed: Control,
// Shift, Alt and Meta of either side.
var Modifiers = [...]uint32{29, 97, 42, 54, 56, 100, 125, 126}

// IsModifier reports whether key is one of Modifiers.
func IsModifier(key uint32) bool { return slices.Contains(Modifiers[:], key) }
