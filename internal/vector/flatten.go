package vector

import "rayos/geom"

// liner takes the lines of a flattened path.
type liner interface {
	line(a, b Point)
}

// contourer is a liner that also wants to know where contours start and end.
type contourer interface {
	liner
	begin(a Point)
	end(closed bool)
}

// maxSteps bounds the lines of one curve.
const maxSteps = 128

// steps returns how many lines a curve needs whose second difference is at
// most d (24.8): the error of n lines is d/(8n²).
func steps(d int64) int64 {
	n := int64(1)
	for n < maxSteps && d > 64*n*n {
		n++
	}
	return n
}

func abs64(v int64) int64 {
	if v < 0 {
		return -v
	}
	return v
}

func divRound(a, b int64) int64 {
	if a < 0 {
		return -((-a + b/2) / b)
	}
	return (a + b/2) / b
}

// flatten hands the lines of a path to w, with a line from the end of each
// contour to its start. Curves are cut into equal steps of their parameter,
// evaluated in 64 bits, so that the error stays below 1/32 pixel.
func flatten(p *Path, w liner) {
	var start, at Point
	i := 0
	for _, v := range p.verbs {
		switch v {
		case move:
			w.line(at, start)
			start = p.pts[i]
			at = start
			i++
		case line:
			w.line(at, p.pts[i])
			at = p.pts[i]
			i++
		case quad:
			flattenQuad(w, at, p.pts[i], p.pts[i+1])
			at = p.pts[i+1]
			i += 2
		case cube:
			flattenCube(w, at, p.pts[i], p.pts[i+1], p.pts[i+2])
			at = p.pts[i+2]
			i += 3
		case shut:
			w.line(at, start)
			at = start
		}
	}
	w.line(at, start)
}

// flattenContours is flatten for strokes: open contours stay open.
func flattenContours(p *Path, w contourer) {
	var start, at Point
	open := false
	i := 0
	for _, v := range p.verbs {
		if v == move {
			if open {
				w.end(false)
			}
			start = p.pts[i]
			at = start
			i++
			w.begin(at)
			open = true
			continue
		}
		if !open {
			w.begin(at)
			open = true
		}
		switch v {
		case line:
			w.line(at, p.pts[i])
			at = p.pts[i]
			i++
		case quad:
			flattenQuad(w, at, p.pts[i], p.pts[i+1])
			at = p.pts[i+1]
			i += 2
		case cube:
			flattenCube(w, at, p.pts[i], p.pts[i+1], p.pts[i+2])
			at = p.pts[i+2]
			i += 3
		case shut:
			w.line(at, start)
			at = start
			w.end(true)
			open = false
		}
	}
	if open {
		w.end(false)
	}
}

func flattenQuad(w liner, a, b, c Point) {
	ax, ay, bx, by, cx, cy := int64(a.X), int64(a.Y), int64(b.X), int64(b.Y), int64(c.X), int64(c.Y)
	n := steps(2 * max(abs64(ax-2*bx+cx), abs64(ay-2*by+cy)))
	at := a
	for i := int64(1); i <= n; i++ {
		s := n - i
		next := Point{
			geom.Fixed(divRound(s*s*ax+2*s*i*bx+i*i*cx, n*n)),
			geom.Fixed(divRound(s*s*ay+2*s*i*by+i*i*cy, n*n)),
		}
		w.line(at, next)
		at = next
	}
}

func flattenCube(w liner, a, b, c, d Point) {
	ax, ay, bx, by := int64(a.X), int64(a.Y), int64(b.X), int64(b.Y)
	cx, cy, dx, dy := int64(c.X), int64(c.Y), int64(d.X), int64(d.Y)
	n := steps(6 * max(abs64(ax-2*bx+cx), abs64(ay-2*by+cy), abs64(bx-2*cx+dx), abs64(by-2*cy+dy)))
	at := a
	for i := int64(1); i <= n; i++ {
		s := n - i
		ka, kb, kc, kd := s*s*s, 3*s*s*i, 3*s*i*i, i*i*i
		next := Point{
			geom.Fixed(divRound(ka*ax+kb*bx+kc*cx+kd*dx, n*n*n)),
			geom.Fixed(divRound(ka*ay+kb*by+kc*cy+kd*dy, n*n*n)),
		}
		w.line(at, next)
		at = next
	}
}
