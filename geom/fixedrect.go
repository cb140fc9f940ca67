package geom

import "fmt"

// FixedPoint is a position in 24.8 fixed-point units.
type FixedPoint struct{ X, Y Fixed }

// FixedPt returns the point at whole units x, y.
func FixedPt(x, y int32) FixedPoint { return FixedPoint{FixedFromInt(x), FixedFromInt(y)} }

// Add returns p+q.
func (p FixedPoint) Add(q FixedPoint) FixedPoint {
	return FixedPoint{addFixed(p.X, q.X), addFixed(p.Y, q.Y)}
}

// Sub returns p-q.
func (p FixedPoint) Sub(q FixedPoint) FixedPoint {
	return FixedPoint{subFixed(p.X, q.X), subFixed(p.Y, q.Y)}
}

// In reports whether p lies in r.
func (p FixedPoint) In(r FixedRect) bool {
	return r.X0 <= p.X && p.X < r.X1 && r.Y0 <= p.Y && p.Y < r.Y1
}

// FixedRect is a half-open rectangle in 24.8 fixed-point units. It is empty
// when an edge is not beyond its opposite. Arithmetic saturates.
type FixedRect struct{ X0, Y0, X1, Y1 Fixed }

// FixedXYWH returns the rectangle at whole units x, y of size w×h.
func FixedXYWH(x, y, w, h int32) FixedRect { return XYWH(x, y, w, h).Fixed() }

// Fixed returns r in 24.8 units, saturated.
func (r Rect) Fixed() FixedRect {
	f := func(v int32) Fixed { return Fixed(saturate(int64(v) << 8)) }
	return FixedRect{f(r.X0), f(r.Y0), f(r.X1), f(r.Y1)}
}

// W returns the width, saturated.
func (r FixedRect) W() Fixed { return subFixed(r.X1, r.X0) }

// H returns the height, saturated.
func (r FixedRect) H() Fixed { return subFixed(r.Y1, r.Y0) }

// Min returns the top-left corner.
func (r FixedRect) Min() FixedPoint { return FixedPoint{r.X0, r.Y0} }

// Empty reports whether r holds nothing.
func (r FixedRect) Empty() bool { return r.X0 >= r.X1 || r.Y0 >= r.Y1 }

// Add returns r moved by p.
func (r FixedRect) Add(p FixedPoint) FixedRect {
	return FixedRect{addFixed(r.X0, p.X), addFixed(r.Y0, p.Y), addFixed(r.X1, p.X), addFixed(r.Y1, p.Y)}
}

// Inset returns r with every edge moved inwards by d; outwards when d is
// negative.
func (r FixedRect) Inset(d Fixed) FixedRect {
	return FixedRect{addFixed(r.X0, d), addFixed(r.Y0, d), subFixed(r.X1, d), subFixed(r.Y1, d)}
}

// Intersect returns what r and s share; the zero rectangle if that is nothing.
func (r FixedRect) Intersect(s FixedRect) FixedRect {
	t := FixedRect{max(r.X0, s.X0), max(r.Y0, s.Y0), min(r.X1, s.X1), min(r.Y1, s.Y1)}
	if t.Empty() {
		return FixedRect{}
	}
	return t
}

// Union returns the smallest rectangle that holds both; an empty one adds
// nothing.
func (r FixedRect) Union(s FixedRect) FixedRect {
	switch {
	case r.Empty():
		return s
	case s.Empty():
		return r
	}
	return FixedRect{min(r.X0, s.X0), min(r.Y0, s.Y0), max(r.X1, s.X1), max(r.Y1, s.Y1)}
}

// Outwards returns the whole units that r has a part in.
func (r FixedRect) Outwards() Rect {
	up := func(v Fixed) int32 { return int32((int64(v) + 255) >> 8) }
	return Rect{r.X0.Int(), r.Y0.Int(), up(r.X1), up(r.Y1)}
}

func (r FixedRect) String() string {
	return fmt.Sprintf("%v,%v %vx%v", r.X0.Float(), r.Y0.Float(), r.W().Float(), r.H().Float())
}

// Round returns the nearest whole number, halves up.
func (f Fixed) Round() int32 { return int32((int64(f) + 128) >> 8) }

// Ceil returns the value rounded towards plus infinity.
func (f Fixed) Ceil() int32 { return int32((int64(f) + 255) >> 8) }

// ApplyFixed returns a logical coordinate in physical pixels, rounded half up
// to 1/256 and saturated.
func (s Scale) ApplyFixed(v Fixed) Fixed { return Fixed(floorDiv(int64(v)*int64(s)+60, 120)) }

// ApplyFixedRect scales the edges of r to whole physical pixels, so neighbours
// that share an edge in logical space share it in physical space too.
func (s Scale) ApplyFixedRect(r FixedRect) Rect {
	f := func(v Fixed) int32 { return floorDiv(int64(v)*int64(s)+60*256, 120*256) }
	return Rect{f(r.X0), f(r.Y0), f(r.X1), f(r.Y1)}
}

func addFixed(a, b Fixed) Fixed { return Fixed(saturate(int64(a) + int64(b))) }
func subFixed(a, b Fixed) Fixed { return Fixed(saturate(int64(a) - int64(b))) }
