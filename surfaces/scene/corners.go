package scene

import "rayos/geom"

// corners are the lower ones of a box, which are round.
type corners struct {
	box    geom.Rect // logical
	radius int32
}

// inside returns those that count below a tree, of which c are those above it.
func (c corners) inside(t *Tree, at geom.Point) corners {
	if t.corners.radius == 0 {
		return c
	}
	return corners{t.corners.box.Add(at), t.corners.radius}
}

// notch adds to out the pixels, upright, of seen that the corners leave out.
func (c corners) notch(to *projection, seen geom.Rect, out *geom.Region) {
	if c.radius == 0 {
		return
	}
	box, r := to.upright(c.box), to.scale.Apply(c.radius)
	r = min(r, box.W()/2, box.H())
	if r <= 0 || !seen.Overlaps(geom.Rect{X0: box.X0, Y0: box.Y1 - r, X1: box.X1, Y1: box.Y1}) {
		return
	}
	for j := range r {
		n := beyond(r, j)
		if n == 0 {
			break
		}
		y := box.Y1 - 1 - j
		out.UnionRect(geom.Rect{X0: box.X0, Y0: y, X1: box.X0 + n, Y1: y + 1}.Intersect(seen))
		out.UnionRect(geom.Rect{X0: box.X1 - n, Y0: y, X1: box.X1, Y1: y + 1}.Intersect(seen))
	}
}

// beyond returns how many pixels of row j, counted from below, have their middle
// more than 0.6 of a pixel beyond a circle of radius r that touches both edges.
// What the circle cuts is kept.
func beyond(r, j int32) int32 {
	limit := int64(10*r+6) * int64(10*r+6) // in tenths, of the diameter
	dy := int64(2*r - 2*j - 1)
	n := int32(0)
	for ; n < r; n++ {
		if dx := int64(2*r - 2*n - 1); 25*(dx*dx+dy*dy) <= limit {
			break
		}
	}
	return n
}
