package wallpaper

import "sync"

// beamSteps is how finely directions are told apart, over half a turn.
const beamSteps = 4096

// newBeams returns the brightness of each direction, 0 to one: wide beams with
// finer ones in them.
var newBeams = sync.OnceValue(func() *[beamSteps + 1]int32 {
	var t [beamSteps + 1]int32
	for i := range t {
		pos := int64(i) * one / beamSteps
		v := (curve(pos*27, 3)*9 + curve(pos*58, 8)*5 + curve(pos*121, 5)*2) / 16
		// The curves keep to the middle; spread them, with soft ends.
		t[i] = int32(smooth(min(max((v-one*28/100)*22/10, 0), one)))
	}
	return &t
})

// beam returns the brightness in the direction dx, dy with dy > 0 pointing
// away from the source. Directions are told apart by dx/(|dx|+dy), which grows
// as evenly as the angle does.
func (s *sky) beam(dx, dy int32) int32 {
	dy = max(dy, 1)
	a := int64(dx) * (beamSteps / 2) << 16 / int64(max(dx, -dx)+dy)
	a += beamSteps / 2 << 16
	i := a >> 16
	if i >= beamSteps {
		return s.beams[beamSteps]
	}
	f := a & (one - 1)
	lo, hi := int64(s.beams[i]), int64(s.beams[i+1])
	return int32(lo + (hi-lo)*f>>16)
}

// curve is a random curve, 0 to one: the cubic B-spline of a random value at
// every whole position.
func curve(pos int64, seed uint32) int64 {
	i, t := uint32(pos>>16)+seed<<10, pos&(one-1)
	u := one - t
	t2, u2 := t*t>>16, u*u>>16
	t3, u3 := t2*t>>16, u2*u>>16
	a := u3
	b := 3*t3 - 6*t2 + 4*one
	c := 3*u3 - 6*u2 + 4*one
	d := t3
	sum := a*hash(i) + b*hash(i+1) + c*hash(i+2) + d*hash(i+3)
	return sum / 6 >> 16
}

// smooth is the polynomial 3t²-2t³, of 0 to one.
func smooth(t int64) int64 { return t * t >> 16 * (3*one - 2*t) >> 16 }

// hash returns 16 well mixed bits of v.
func hash(v uint32) int64 {
	v *= 0x9e3779b1
	v ^= v >> 15
	v *= 0x85ebca77
	v ^= v >> 13
	v *= 0xc2b2ae3d
	return int64(v >> 16)
}
