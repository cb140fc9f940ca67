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
		wide := value(pos*13, 11)
		fine := value(pos*37, 23)
		hair := value(pos*90, 5)
		v := (wide*5 + fine*2 + hair) / 8
		// Contrast: dark gaps, soft crests.
		v = smooth(min(max((v-one*22/100)*160/100, 0), one))
		t[i] = int32(v)
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

// value is smooth noise of one dimension, 0 to one, with a random value at
// every whole position.
func value(pos int64, seed uint32) int64 {
	i := uint32(pos >> 16)
	f := smooth(pos & (one - 1))
	a, b := int64(hash(i+seed*977)), int64(hash(i+1+seed*977))
	return a + (b-a)*f>>16
}

// smooth is the polynomial 6t⁵-15t⁴+10t³, of 0 to one.
func smooth(t int64) int64 {
	t3 := t * t >> 16 * t >> 16
	return t3 * (t*(6*t-15*one)>>16 + 10*one) >> 16
}

// hash returns 16 well mixed bits of v.
func hash(v uint32) uint32 {
	v *= 0x9e3779b1
	v ^= v >> 15
	v *= 0x85ebca77
	v ^= v >> 13
	v *= 0xc2b2ae3d
	return v >> 16
}
