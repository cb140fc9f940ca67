package ui

import "rayos/geom"

// Unbounded is a maximum that leaves the size to the element.
const Unbounded = 1 << 28

// Constraints is what a parent allows: width and height in logical pixels.
type Constraints struct {
	MinW, MaxW, MinH, MaxH int32
}

// Tight allows one size.
func Tight(s geom.Size) Constraints { return Constraints{s.W, s.W, s.H, s.H} }

// Loose allows any size up to s.
func Loose(s geom.Size) Constraints { return Constraints{0, s.W, 0, s.H} }

// Clamp returns the allowed size that is nearest to s.
func (c Constraints) Clamp(s geom.Size) geom.Size {
	return geom.Size{W: min(max(s.W, c.MinW, 0), max(c.MaxW, 0)), H: min(max(s.H, c.MinH, 0), max(c.MaxH, 0))}
}

// Loosen drops the minimum.
func (c Constraints) Loosen() Constraints { return Constraints{0, c.MaxW, 0, c.MaxH} }

// Shrink makes room of w×h around.
func (c Constraints) Shrink(w, h int32) Constraints {
	less := func(v, by int32) int32 {
		if v >= Unbounded {
			return v
		}
		return max(v-by, 0)
	}
	return Constraints{less(c.MinW, w), less(c.MaxW, w), less(c.MinH, h), less(c.MaxH, h)}
}

// Width allows only the width w, within what c allows.
func (c Constraints) Width(w int32) Constraints {
	w = min(max(w, c.MinW, 0), max(c.MaxW, 0))
	return Constraints{w, w, c.MinH, c.MaxH}
}

// part returns the part f of v, rounded. The product is rounded by itself: fused
// with the sum it would differ between processors.
func part(f float64, v int32) int32 {
	product := float64(min(max(f, 0), 1) * float64(v))
	return int32(product + 0.5)
}
