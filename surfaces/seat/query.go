package seat

import (
	"rayos/geom"
	"rayos/surfaces/seat/xkb"
)

// PointerLocal returns the pointer's position in the coordinates of the
// surface that has it.
func (s *Seat) PointerLocal() geom.FPoint { return s.locate() }

// Held reports whether the keyboard holds a key down that has a keysym on the
// first level.
func (k *Keyboard) Held(sym xkb.Keysym) bool {
	for code := uint32(0); code <= maxKey; code++ {
		if k.held[code/64]&(1<<(code%64)) != 0 && k.state.Keymap().SymAt(code, k.state.KeyGroup(code), 0) == sym {
			return true
		}
	}
	return false
}

// HeldKeys returns the held keys that clients may know of, oldest first. The
// slice is borrowed until the next key.
func (s *Seat) HeldKeys() []uint32 { return s.kbd.routes[toFocus].pressed }
