package compute

import (
	"slices"
	"time"

	"rayos/gpu/compute/bvh"
)

// How rays get to an adapter's ray queries. Their arithmetic is the driver's
// own, so it only proposes boxes, and the shader decides by the test of package
// bvh. For that no box may be missing among those proposed: in the scene each is
// larger than it is, by more than a driver may err.
//
// A driver compares (plane - origin) / direction along each axis that the ray
// moves on. Each operation errs by some 2^-23 of its result, and the direction
// is the inverse of an inverse, so where it believes a plane to be is wrong by a
// few 2^-23 of plane - origin. margin is 64 times 2^-22 of what that can be.

// margin is what boxes grow by, as a part of how far their planes and the rays'
// origins are from zero, and at least as a part of one.
const margin = 1.0 / (1 << 16)

// Bounds of what a driver is given: squares and products of it don't overflow.
const (
	flattest = 1e-9 // of one over a direction; flatter is faster
	slowest  = 1e9  // of one over a direction, on one axis at least, if it moves at all
	farthest = 1e18 // of where hits end
)

// reach returns how far from zero rays start on the axes that they move on,
// rounded up so that another batch rarely wants more; ok is false when a ray
// is none that ray queries can be given: they know nothing behind an origin.
func reach(rays []bvh.Ray) (far bvh.Vec, ok bool) {
	far = bvh.Vec{1, 1, 1}
	for i := range rays {
		r := &rays[i]
		if r.TMin < 0 || r.TMax > farthest {
			return far, false
		}
		moves, fast := false, false
		for a := range 3 {
			inv := max(r.Inv[a], -r.Inv[a])
			if inv < flattest {
				return far, false
			}
			fast = fast || inv <= slowest
			if inv < bvh.Steep {
				moves = true
				for o := max(r.Origin[a], -r.Origin[a]); far[a] < o; {
					far[a] *= 2
				}
			}
		}
		if moves && !fast {
			return far, false
		}
	}
	return far, true
}

// within reports whether a scene that was made for one reach does for another.
func within(far, scene bvh.Vec) bool {
	return far[0] <= scene[0] && far[1] <= scene[1] && far[2] <= scene[2]
}

// enclose writes six floats for each box: what a scene has of it.
func enclose(to []float32, boxes []bvh.Box, far bvh.Vec) {
	for i := range boxes {
		b := &boxes[i]
		for a := range 3 {
			lo, hi := b.Min[a], b.Max[a]
			to[6*i+a] = lo - margin*(max(lo, -lo)+far[a])
			to[6*i+3+a] = hi + margin*(max(hi, -hi)+far[a])
		}
	}
}

// work is what has to be done before rays are queried.
type work uint8

const (
	stands work = iota // nothing: the scene is the tree's
	refit              // its boxes have moved
	anew
)

func (w work) String() string { return [...]string{"stands", "refitted", "built"}[w] }

// maxRefits is how often a scene is refitted before it is built anew: refits
// keep its shape, which fits less and less.
const maxRefits = 32

// scene is what an adapter has of a tree.
type scene struct {
	boxes  []bvh.Box // nil is none
	far    bvh.Vec
	refits int
}

// wants says what it takes to make the scene that of boxes.
func (s *scene) wants(boxes []bvh.Box, far bvh.Vec) work {
	switch {
	case len(s.boxes) != len(boxes) || !within(far, s.far):
		return anew
	case slices.Equal(s.boxes, boxes):
		return stands
	case s.refits >= maxRefits:
		return anew
	}
	for i := range boxes {
		if boxes[i].ID != s.boxes[i].ID {
			return anew // another tree
		}
	}
	return refit
}

// has notes that the scene is that of boxes now.
func (s *scene) has(boxes []bvh.Box, far bvh.Vec, w work) {
	s.boxes = append(s.boxes[:0], boxes...)
	if s.refits++; w == anew {
		s.refits, s.far = 0, far
	}
}

// tracer is a device that may have ray queries.
type tracer interface {
	// arrange makes a trace task's boxes those of the scene and waits for that.
	// fault is asked when there is something to do.
	arrange(p *program, fault func() Fault, timeout time.Duration) (work, error)
	// forget frees what ray queries stand on; the device is sound without.
	forget()
}
