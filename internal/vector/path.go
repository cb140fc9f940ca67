package vector

import "rayos/geom"

// Limits of a path.
const (
	// Limit is the largest coordinate, in pixels.
	Limit = 1 << 14
	// MaxPoints bounds the points of a path, control points included.
	MaxPoints = 1 << 15
)

// Point is a position in 24.8 fixed-point pixels.
type Point struct{ X, Y geom.Fixed }

// Px returns v whole pixels.
func Px(v int32) geom.Fixed { return geom.FixedFromInt(v) }

// Pt returns the point x, y.
func Pt(x, y geom.Fixed) Point { return Point{x, y} }

type verb uint8

const (
	move verb = iota // 1 point
	line             // 1
	quad             // 2
	cube             // 3
	shut             // 0
)

// Path is a sequence of contours. The zero value is empty. A fill closes open
// contours; a stroke doesn't.
type Path struct {
	verbs []verb
	pts   []Point
	full  bool
}

// Reset empties the path and keeps its memory.
func (p *Path) Reset() { p.verbs, p.pts, p.full = p.verbs[:0], p.pts[:0], false }

// Empty reports whether nothing was drawn.
func (p *Path) Empty() bool { return len(p.verbs) == 0 }

// Full reports whether the path reached MaxPoints and lost what came after.
func (p *Path) Full() bool { return p.full }

// MoveTo starts a contour.
func (p *Path) MoveTo(a Point) { p.add(move, a) }

// LineTo adds a straight line.
func (p *Path) LineTo(a Point) { p.add(line, a) }

// QuadTo adds a quadratic curve with control point a.
func (p *Path) QuadTo(a, b Point) { p.add(quad, a, b) }

// CubeTo adds a cubic curve with control points a and b.
func (p *Path) CubeTo(a, b, c Point) { p.add(cube, a, b, c) }

// Close ends the contour with a line to its start.
func (p *Path) Close() {
	if len(p.verbs) > 0 {
		p.verbs = append(p.verbs, shut)
	}
}

func (p *Path) add(v verb, pts ...Point) {
	if p.full || len(p.pts)+len(pts) > MaxPoints {
		p.full = true
		return
	}
	if len(p.verbs) == 0 && v != move {
		p.verbs = append(p.verbs, move)
		p.pts = append(p.pts, clampPoint(pts[0]))
	}
	p.verbs = append(p.verbs, v)
	for _, q := range pts {
		p.pts = append(p.pts, clampPoint(q))
	}
}

func clampPoint(q Point) Point {
	const m = geom.Fixed(Limit << 8)
	return Point{min(max(q.X, -m), m), min(max(q.Y, -m), m)}
}

// Append adds the contours of q.
func (p *Path) Append(q *Path) {
	if p.full || len(p.pts)+len(q.pts) > MaxPoints {
		p.full = true
		return
	}
	p.verbs = append(p.verbs, q.verbs...)
	p.pts = append(p.pts, q.pts...)
}

// Transform maps every point: multiplied by the 16.16 factors, then moved.
func (p *Path) Transform(sx, sy int32, by Point) {
	for i, q := range p.pts {
		p.pts[i] = clampPoint(Point{
			geom.Fixed(mul16(int64(q.X), int64(sx))) + by.X,
			geom.Fixed(mul16(int64(q.Y), int64(sy))) + by.Y,
		})
	}
}

// Rotate turns every point a quarter clockwise around c, n times.
func (p *Path) Rotate(c Point, n int) {
	for range n & 3 {
		for i, q := range p.pts {
			p.pts[i] = clampPoint(Point{c.X - (q.Y - c.Y), c.Y + (q.X - c.X)})
		}
	}
}

// mul16 multiplies by a 16.16 factor and rounds half up.
func mul16(v, f int64) int64 { return (v*f + 1<<15) >> 16 }

// Bounds returns the whole pixels that hold every point.
func (p *Path) Bounds() geom.Rect {
	if len(p.pts) == 0 {
		return geom.Rect{}
	}
	lo, hi := p.pts[0], p.pts[0]
	for _, q := range p.pts {
		lo = Point{min(lo.X, q.X), min(lo.Y, q.Y)}
		hi = Point{max(hi.X, q.X), max(hi.Y, q.Y)}
	}
	return geom.Rect{X0: lo.X.Int(), Y0: lo.Y.Int(), X1: (hi.X + 255).Int(), Y1: (hi.Y + 255).Int()}
}
