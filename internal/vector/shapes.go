package vector

import "rayos/geom"

// kappa is the length of a circle's cubic handles, 4(√2-1)/3, in 16.16.
const kappa = 36195

// Rect adds a rectangle, clockwise.
func (p *Path) Rect(x0, y0, x1, y1 geom.Fixed) {
	p.MoveTo(Point{x0, y0})
	p.LineTo(Point{x1, y0})
	p.LineTo(Point{x1, y1})
	p.LineTo(Point{x0, y1})
	p.Close()
}

// RoundRect adds a rectangle with corners of radius r, clockwise.
func (p *Path) RoundRect(x0, y0, x1, y1, r geom.Fixed) {
	p.RoundRect4(x0, y0, x1, y1, [4]geom.Fixed{r, r, r, r})
}

// RoundRect4 is RoundRect with a radius for each corner: top left, top right,
// bottom right, bottom left.
func (p *Path) RoundRect4(x0, y0, x1, y1 geom.Fixed, r [4]geom.Fixed) {
	for i := range r {
		r[i] = max(min(r[i], (x1-x0)/2, (y1-y0)/2), 0)
	}
	// k is the distance from the corner to the handle.
	k := func(r geom.Fixed) geom.Fixed { return r - geom.Fixed(mul16(int64(r), kappa)) }
	p.MoveTo(Point{x0 + r[0], y0})
	p.LineTo(Point{x1 - r[1], y0})
	p.CubeTo(Point{x1 - k(r[1]), y0}, Point{x1, y0 + k(r[1])}, Point{x1, y0 + r[1]})
	p.LineTo(Point{x1, y1 - r[2]})
	p.CubeTo(Point{x1, y1 - k(r[2])}, Point{x1 - k(r[2]), y1}, Point{x1 - r[2], y1})
	p.LineTo(Point{x0 + r[3], y1})
	p.CubeTo(Point{x0 + k(r[3]), y1}, Point{x0, y1 - k(r[3])}, Point{x0, y1 - r[3]})
	p.LineTo(Point{x0, y0 + r[0]})
	p.CubeTo(Point{x0, y0 + k(r[0])}, Point{x0 + k(r[0]), y0}, Point{x0 + r[0], y0})
	p.Close()
}

// Circle adds a circle, clockwise.
func (p *Path) Circle(c Point, r geom.Fixed) {
	p.RoundRect(c.X-r, c.Y-r, c.X+r, c.Y+r, r)
}

// Ring adds a circle with a round hole.
func (p *Path) Ring(c Point, r, hole geom.Fixed) {
	p.Circle(c, r)
	k := geom.Fixed(mul16(int64(hole), kappa))
	p.MoveTo(Point{c.X, c.Y - hole})
	p.CubeTo(Point{c.X - k, c.Y - hole}, Point{c.X - hole, c.Y - k}, Point{c.X - hole, c.Y})
	p.CubeTo(Point{c.X - hole, c.Y + k}, Point{c.X - k, c.Y + hole}, Point{c.X, c.Y + hole})
	p.CubeTo(Point{c.X + k, c.Y + hole}, Point{c.X + hole, c.Y + k}, Point{c.X + hole, c.Y})
	p.CubeTo(Point{c.X + hole, c.Y - k}, Point{c.X + k, c.Y - hole}, Point{c.X, c.Y - hole})
	p.Close()
}

// Polygon adds a closed contour of straight lines.
func (p *Path) Polygon(pts ...Point) {
	for i, q := range pts {
		if i == 0 {
			p.MoveTo(q)
		} else {
			p.LineTo(q)
		}
	}
	p.Close()
}
