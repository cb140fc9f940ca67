package wayland

import (
	"math"

	"rayos/geom"
)

const (
	// slideEdge is how far inside of a far edge a point is that is about to
	// cross it.
	slideEdge = 1.0 / 256
	// slideStop is how far inside of a far edge a point stays that runs into
	// it: at the last whole coordinate.
	slideStop = 1.0
)

// slide moves a point through an area of disjoint rectangles as far as it gets:
// straight on from one rectangle to the next, along the walls, and never
// across a gap. A point that is outside to begin with stays.
func slide(area []geom.Rect, from, to geom.FPoint) geom.FPoint {
	p := from
	for range 2*len(area) + 4 {
		r, ok := rectAt(area, p)
		if !ok {
			return p
		}
		if in(r, to) {
			return to
		}
		d := to.Sub(p)
		tx, wallX := reach(p.X, d.X, r.X0, r.X1)
		ty, wallY := reach(p.Y, d.Y, r.Y0, r.Y1)
		// The point on the wall, and the one just behind it.
		t := min(max(min(tx, ty), 0), 1)
		on := geom.FPoint{X: p.X + d.X*t, Y: p.Y + d.Y*t}
		on.X = min(max(on.X, float64(r.X0)), float64(r.X1)-slideEdge)
		on.Y = min(max(on.Y, float64(r.Y0)), float64(r.Y1)-slideEdge)
		behind := on
		if tx <= ty {
			behind.X = wallX
		} else {
			behind.Y = wallY
		}
		switch _, open := rectAt(area, behind); {
		case open:
			p = behind
			continue
		case tx <= ty:
			on.X = min(on.X, float64(r.X1)-slideStop)
			to.X = on.X
		default:
			on.Y = min(on.Y, float64(r.Y1)-slideStop)
			to.Y = on.Y
		}
		p = on
	}
	return p
}

// reach returns the share of the way d from v after which a side of [lo, hi)
// is met, and the first coordinate behind that side.
func reach(v, d float64, lo, hi int32) (t, behind float64) {
	switch {
	case d > 0:
		return (float64(hi) - slideEdge - v) / d, float64(hi)
	case d < 0:
		return (float64(lo) - v) / d, float64(lo) - slideEdge
	}
	return math.Inf(1), v
}

func rectAt(area []geom.Rect, p geom.FPoint) (geom.Rect, bool) {
	for _, r := range area {
		if in(r, p) {
			return r, true
		}
	}
	return geom.Rect{}, false
}

func in(r geom.Rect, p geom.FPoint) bool {
	return p.X >= float64(r.X0) && p.X < float64(r.X1) && p.Y >= float64(r.Y0) && p.Y < float64(r.Y1)
}
