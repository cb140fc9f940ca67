package vector

import (
	"math/bits"

	"rayos/geom"
)

// Cap is how an open contour's stroke ends.
type Cap uint8

// Caps.
const (
	Butt Cap = iota
	Round
)

// Stroke appends the outline of a stroke of src to p: width wide, with round
// joins. Contours that were closed get no caps. src and p differ.
func (p *Path) Stroke(src *Path, width geom.Fixed, c Cap) {
	s := stroker{out: p, half: int64(width), cap: c}
	flattenContours(src, &s)
}

// stroker collects one contour's points and then walks along its left side and
// back along its right side. half is half the width in 24.9: the width in 24.8.
type stroker struct {
	out  *Path
	half int64
	cap  Cap
	pts  []Point
}

func (s *stroker) begin(a Point) { s.pts = append(s.pts[:0], a) }

func (s *stroker) line(_, b Point) {
	if b != s.pts[len(s.pts)-1] {
		s.pts = append(s.pts, b)
	}
}

func (s *stroker) end(closed bool) {
	n := len(s.pts)
	switch {
	case n == 1 && s.cap == Round:
		s.out.Circle(s.pts[0], geom.Fixed(s.half/2))
	case n == 1:
	case closed && n > 2 && s.pts[0] == s.pts[n-1]:
		s.loop(s.pts[:n-1])
		s.reverse()
		// The points now start with the doubled one.
		s.loop(s.pts[:n-1])
	default:
		s.line1(s.pts)
	}
}

func (s *stroker) reverse() {
	for i, j := 0, len(s.pts)-1; i < j; i, j = i+1, j-1 {
		s.pts[i], s.pts[j] = s.pts[j], s.pts[i]
	}
}

// vec is a direction of length half, in 24.9.
type vec struct{ x, y int64 }

// normal returns the left-hand normal of a→b, half long.
func (s *stroker) normal(a, b Point) vec {
	return scaleTo(int64(b.Y-a.Y), -int64(b.X-a.X), s.half)
}

// scaleTo returns x, y scaled to the given length.
func scaleTo(x, y, length int64) vec {
	// More bits before the root keep short segments straight.
	l := isqrt(uint64(x*x+y*y) << 12)
	if l == 0 {
		return vec{}
	}
	return vec{divRound(x*length<<6, int64(l)), divRound(y*length<<6, int64(l))}
}

// at returns q moved by v.
func at(q Point, v vec) Point {
	return Point{q.X + geom.Fixed(divRound(v.x, 2)), q.Y + geom.Fixed(divRound(v.y, 2))}
}

// loop adds the left side of a closed contour.
func (s *stroker) loop(pts []Point) {
	n := len(pts)
	first := true
	for i := range n {
		a, b, c := pts[i], pts[(i+1)%n], pts[(i+2)%n]
		m := s.normal(a, b)
		if first {
			s.out.MoveTo(at(a, m))
			first = false
		}
		s.out.LineTo(at(b, m))
		s.join(b, m, s.normal(b, c))
	}
	s.out.Close()
}

// line1 adds the outline of an open contour.
func (s *stroker) line1(pts []Point) {
	s.out.MoveTo(at(pts[0], s.normal(pts[0], pts[1])))
	for range 2 {
		for i := range len(pts) - 1 {
			m := s.normal(pts[i], pts[i+1])
			s.out.LineTo(at(pts[i+1], m))
			if i+2 < len(pts) {
				s.join(pts[i+1], m, s.normal(pts[i+1], pts[i+2]))
				continue
			}
			back := vec{-m.x, -m.y}
			if s.cap == Round {
				tip := vec{-m.y, m.x}
				s.arc(pts[i+1], m, tip, 0)
				s.arc(pts[i+1], tip, back, 0)
			} else {
				s.out.LineTo(at(pts[i+1], back))
			}
		}
		s.reverse()
	}
	s.out.Close()
}

// join connects two sides at q: round on the outside of the turn, through q on
// the inside.
func (s *stroker) join(q Point, m, n vec) {
	cross, dot := m.x*n.y-m.y*n.x, m.x*n.x+m.y*n.y
	switch {
	case cross >= 0 && dot >= 0:
		s.arc(q, m, n, 0)
	case cross >= 0:
		// Beyond a right angle the middle is not between the ends.
		tip := vec{-m.y, m.x}
		s.arc(q, m, tip, 0)
		s.arc(q, tip, n, 0)
	default:
		s.out.LineTo(q)
		s.out.LineTo(at(q, n))
	}
}

// arc adds the points between the directions m and n, at most a right angle
// apart, and n itself.
func (s *stroker) arc(q Point, m, n vec, depth int) {
	const near = 180 // chord in 24.9: well below what can be seen
	dx, dy := n.x-m.x, n.y-m.y
	if depth < 5 && dx*dx+dy*dy > near*near {
		mid := scaleTo(m.x+n.x, m.y+n.y, s.half)
		s.arc(q, m, mid, depth+1)
		s.arc(q, mid, n, depth+1)
		return
	}
	s.out.LineTo(at(q, n))
}

// isqrt returns the square root of v, rounded down.
func isqrt(v uint64) uint64 {
	if v == 0 {
		return 0
	}
	x := uint64(1) << ((bits.Len64(v) + 1) / 2)
	for {
		y := (x + v/x) / 2
		if y >= x {
			return x
		}
		x = y
	}
}
