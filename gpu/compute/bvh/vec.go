package bvh

import (
	"fmt"
	"math"
)

// Limit bounds coordinates: no product of the ray test overflows.
const Limit = 1e9

// Steep takes the place of 1/0 in a ray that doesn't move along an axis. It is
// large enough that one step of any coordinate within Limit leaves every ray's
// range, and finite, because 0·∞ is no number and infinities are not portable
// between GPUs.
const Steep = 1e20

// Vec is a point or a direction.
type Vec [3]float32

// Box spans from Min to Max. In a Tree's arrays ID is the box's index.
type Box struct {
	Min Vec
	ID  uint32
	Max Vec
	_   uint32
}

// Ray is what the test needs: where it starts, one over its direction, and
// between which multiples of the direction a hit counts. 32 bytes, as kernels
// read it.
type Ray struct {
	Origin Vec
	TMin   float32
	Inv    Vec
	TMax   float32
}

// NewRay returns a ray from an origin along a direction, which need not have
// length 1. Hits count from tmin up to tmax, in lengths of the direction.
func NewRay(origin, direction Vec, tmin, tmax float32) Ray {
	r := Ray{Origin: origin, TMin: tmin, TMax: tmax}
	for i, d := range direction {
		switch inv := 1 / d; {
		case d == 0, inv > Steep:
			r.Inv[i] = Steep
		case inv < -Steep:
			r.Inv[i] = -Steep
		default:
			r.Inv[i] = inv
		}
	}
	return r
}

// None is the index of a hit that met nothing.
const None = math.MaxUint32

// Hit is a box and the distance at which a ray enters it, or None.
type Hit struct {
	ID uint32
	T  float32
}

// Overlaps is what a box query answers: how many boxes overlap, and the lowest
// index of them, or None.
type Overlaps struct {
	First uint32
	Count uint32
}

func finite(v float32) bool { return v >= -Limit && v <= Limit }

// Check reports a ray that NewRay would not make of finite places.
func (r *Ray) Check() error {
	for a := range 3 {
		if !finite(r.Origin[a]) || !(r.Inv[a] >= -Steep && r.Inv[a] <= Steep) {
			return fmt.Errorf("bvh: a ray from %v with inverse direction %v; want finite numbers, the origin within ±%g", r.Origin, r.Inv, Limit)
		}
	}
	if !(r.TMin <= r.TMax) || r.TMin < -math.MaxFloat32 || r.TMax > math.MaxFloat32 {
		return fmt.Errorf("bvh: a ray's hits count from %v to %v; want finite numbers, the lower first", r.TMin, r.TMax)
	}
	return nil
}

// Check reports a box that can't be in a tree or a query.
func Check(boxes []Box) error {
	for i := range boxes {
		for a := range 3 {
			lo, hi := boxes[i].Min[a], boxes[i].Max[a]
			if !finite(lo) || !finite(hi) || lo > hi {
				return fmt.Errorf("bvh: box %d spans %v to %v; want finite corners within ±%g, the lower first", i, boxes[i].Min, boxes[i].Max, Limit)
			}
		}
	}
	return nil
}

// enter returns where a ray enters a box, and whether it does before limit.
func (r *Ray) enter(lo, hi *Vec, limit float32) (float32, bool) {
	t0, t1 := r.TMin, r.TMax
	for a := range 3 {
		// Conversions keep each operation rounded by itself: no fused
		// multiply-add on machines that have one.
		n := float32(float32(lo[a]-r.Origin[a]) * r.Inv[a])
		f := float32(float32(hi[a]-r.Origin[a]) * r.Inv[a])
		if n > f {
			n, f = f, n
		}
		if n > t0 {
			t0 = n
		}
		if f < t1 {
			t1 = f
		}
	}
	return t0, t0 < t1 && t0 <= limit
}

func overlap(aMin, aMax, bMin, bMax *Vec) bool {
	return aMin[0] < bMax[0] && bMin[0] < aMax[0] &&
		aMin[1] < bMax[1] && bMin[1] < aMax[1] &&
		aMin[2] < bMax[2] && bMin[2] < aMax[2]
}
