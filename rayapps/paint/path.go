package paint

import (
	"rayos/geom"
	"rayos/internal/digest"
	"rayos/internal/vector"
)

// Path is a shape of lines and curves, in logical pixels. Winding is nonzero.
// It must not change after a Builder has seen it; from then on goroutines may
// share it.
type Path struct {
	verbs []verb
	pts   []geom.FixedPoint
	sum   uint64
}

type verb uint8

const (
	moveVerb  verb = iota // 1 point
	lineVerb              // 1
	quadVerb              // 2
	cubeVerb              // 3
	closeVerb             // 0
)

// pointCount is how many points follow each verb.
var pointCount = [...]int{1, 1, 2, 3, 0}

// MaxPathPoints bounds the points of a path; what comes after is dropped.
const MaxPathPoints = 1 << 13

func (p *Path) add(v verb, pts ...geom.FixedPoint) {
	if len(p.pts)+len(pts) <= MaxPathPoints && len(p.verbs) < MaxPathPoints {
		p.verbs = append(p.verbs, v)
		p.pts = append(p.pts, pts...)
	}
}

// MoveTo starts a contour.
func (p *Path) MoveTo(x, y geom.Fixed) { p.add(moveVerb, geom.FixedPoint{X: x, Y: y}) }

// LineTo adds a straight line.
func (p *Path) LineTo(x, y geom.Fixed) { p.add(lineVerb, geom.FixedPoint{X: x, Y: y}) }

// QuadTo adds a quadratic curve.
func (p *Path) QuadTo(ax, ay, x, y geom.Fixed) {
	p.add(quadVerb, geom.FixedPoint{X: ax, Y: ay}, geom.FixedPoint{X: x, Y: y})
}

// CubeTo adds a cubic curve.
func (p *Path) CubeTo(ax, ay, bx, by, x, y geom.Fixed) {
	p.add(cubeVerb, geom.FixedPoint{X: ax, Y: ay}, geom.FixedPoint{X: bx, Y: by}, geom.FixedPoint{X: x, Y: y})
}

// Close ends the contour with a line to its start.
func (p *Path) Close() { p.add(closeVerb) }

// Rect adds a rectangle, clockwise.
func (p *Path) Rect(r geom.FixedRect) {
	p.MoveTo(r.X0, r.Y0)
	p.LineTo(r.X1, r.Y0)
	p.LineTo(r.X1, r.Y1)
	p.LineTo(r.X0, r.Y1)
	p.Close()
}

// kappa is the length of a circle's cubic handles, 4(√2-1)/3, in 16.16.
const kappa = 36195

// Circle adds a circle, clockwise.
func (p *Path) Circle(x, y, r geom.Fixed) {
	k := geom.Fixed((int64(r)*kappa + 1<<15) >> 16)
	p.MoveTo(x, y-r)
	p.CubeTo(x+k, y-r, x+r, y-k, x+r, y)
	p.CubeTo(x+r, y+k, x+k, y+r, x, y+r)
	p.CubeTo(x-k, y+r, x-r, y+k, x-r, y)
	p.CubeTo(x-r, y-k, x-k, y-r, x, y-r)
	p.Close()
}

// Bounds returns a box that holds every point.
func (p *Path) Bounds() geom.FixedRect {
	if len(p.pts) == 0 {
		return geom.FixedRect{}
	}
	b := geom.FixedRect{X0: p.pts[0].X, Y0: p.pts[0].Y, X1: p.pts[0].X, Y1: p.pts[0].Y}
	for _, q := range p.pts {
		b = geom.FixedRect{X0: min(b.X0, q.X), Y0: min(b.Y0, q.Y), X1: max(b.X1, q.X), Y1: max(b.Y1, q.Y)}
	}
	return b
}

// seal computes the hash, once.
func (p *Path) seal() uint64 {
	if p.sum == 0 {
		d := digest.New()
		d.Uint(uint64(len(p.verbs)))
		for _, v := range p.verbs {
			d.Uint(uint64(v))
		}
		for _, q := range p.pts {
			d.Pair(int32(q.X), int32(q.Y))
		}
		p.sum = d.Sum()
	}
	return p.sum
}

// outline adds the path to out, scaled and moved to at, in physical pixels.
func (p *Path) outline(out *vector.Path, s geom.Scale, at vector.Point) {
	i := 0
	pt := func() vector.Point {
		q := p.pts[i]
		i++
		return vector.Point{X: s.ApplyFixed(q.X) + at.X, Y: s.ApplyFixed(q.Y) + at.Y}
	}
	for _, v := range p.verbs {
		switch v {
		case moveVerb:
			out.MoveTo(pt())
		case lineVerb:
			out.LineTo(pt())
		case quadVerb:
			a := pt()
			out.QuadTo(a, pt())
		case cubeVerb:
			a := pt()
			b := pt()
			out.CubeTo(a, b, pt())
		case closeVerb:
			out.Close()
		}
	}
}
