package seat

import "rayos/geom"

// PointerLocal returns the pointer's position in the coordinates of the
// surface that has it.
func (s *Seat) PointerLocal() geom.FPoint { return s.locate() }

// HeldKeys returns the held keys that clients may know of, oldest first. The
// slice is borrowed until the next key.
func (s *Seat) HeldKeys() []uint32 { return s.kbd.routes[toFocus].pressed }
