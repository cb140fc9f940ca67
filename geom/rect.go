package geom

import (
	"fmt"
	"math"
)

// Point is an integer position.
type Point struct{ X, Y int32 }

// Add returns p moved by q, saturated.
func (p Point) Add(q Point) Point {
	return Point{saturate(int64(p.X) + int64(q.X)), saturate(int64(p.Y) + int64(q.Y))}
}

// Sub returns p relative to q, saturated.
func (p Point) Sub(q Point) Point {
	return Point{saturate(int64(p.X) - int64(q.X)), saturate(int64(p.Y) - int64(q.Y))}
}

// In reports whether p lies inside r.
func (p Point) In(r Rect) bool {
	return p.X >= r.X0 && p.X < r.X1 && p.Y >= r.Y0 && p.Y < r.Y1
}

// Size is a width and a height.
type Size struct{ W, H int32 }

// Empty reports whether the size covers no pixel.
func (s Size) Empty() bool { return s.W <= 0 || s.H <= 0 }

// Rect returns the rectangle of this size at the origin.
func (s Size) Rect() Rect { return Rect{0, 0, s.W, s.H} }

func (s Size) String() string { return fmt.Sprintf("%dx%d", s.W, s.H) }

// Rect is the half-open rectangle [X0,X1) × [Y0,Y1).
type Rect struct{ X0, Y0, X1, Y1 int32 }

// XYWH returns the rectangle at x, y with width w and height h. The far edges
// saturate instead of wrapping, so a hostile size never turns into a negative
// rectangle.
func XYWH(x, y, w, h int32) Rect {
	return Rect{x, y, saturate(int64(x) + int64(w)), saturate(int64(y) + int64(h))}
}

func saturate(v int64) int32 {
	const lo, hi = -1 << 31, 1<<31 - 1
	return int32(min(max(v, lo), hi))
}

// W returns the width, saturated.
func (r Rect) W() int32 { return saturate(int64(r.X1) - int64(r.X0)) }

// H returns the height, saturated.
func (r Rect) H() int32 { return saturate(int64(r.Y1) - int64(r.Y0)) }

// Size returns width and height.
func (r Rect) Size() Size { return Size{r.W(), r.H()} }

// Min returns the top-left corner.
func (r Rect) Min() Point { return Point{r.X0, r.Y0} }

// Empty reports whether r covers no pixel.
func (r Rect) Empty() bool { return r.X0 >= r.X1 || r.Y0 >= r.Y1 }

// Add returns r moved by p.
func (r Rect) Add(p Point) Rect {
	return Rect{
		saturate(int64(r.X0) + int64(p.X)), saturate(int64(r.Y0) + int64(p.Y)),
		saturate(int64(r.X1) + int64(p.X)), saturate(int64(r.Y1) + int64(p.Y)),
	}
}

// Intersect returns the pixels in both, or the zero Rect.
func (r Rect) Intersect(s Rect) Rect {
	t := Rect{max(r.X0, s.X0), max(r.Y0, s.Y0), min(r.X1, s.X1), min(r.Y1, s.Y1)}
	if t.Empty() {
		return Rect{}
	}
	return t
}

// Union returns the smallest rectangle that holds both.
func (r Rect) Union(s Rect) Rect {
	if r.Empty() {
		return s
	}
	if s.Empty() {
		return r
	}
	return Rect{min(r.X0, s.X0), min(r.Y0, s.Y0), max(r.X1, s.X1), max(r.Y1, s.Y1)}
}

// Contains reports whether every pixel of s lies in r.
func (r Rect) Contains(s Rect) bool {
	return s.Empty() || (r.X0 <= s.X0 && r.Y0 <= s.Y0 && r.X1 >= s.X1 && r.Y1 >= s.Y1)
}

// Overlaps reports whether r and s share a pixel.
func (r Rect) Overlaps(s Rect) bool {
	return max(r.X0, s.X0) < min(r.X1, s.X1) && max(r.Y0, s.Y0) < min(r.Y1, s.Y1)
}

// Inset returns r with each edge moved inwards by d (outwards if negative).
func (r Rect) Inset(d int32) Rect {
	return Rect{
		saturate(int64(r.X0) + int64(d)), saturate(int64(r.Y0) + int64(d)),
		saturate(int64(r.X1) - int64(d)), saturate(int64(r.Y1) - int64(d)),
	}
}

func (r Rect) String() string {
	return fmt.Sprintf("%dx%d%+d%+d", r.W(), r.H(), r.X0, r.Y0)
}

// FPoint is a position with a fraction, for pointers and touch points.
type FPoint struct{ X, Y float64 }

// Floor returns the pixel that p lies in, saturated.
func (p FPoint) Floor() Point { return Point{floor(p.X), floor(p.Y)} }

// Add returns p moved by q.
func (p FPoint) Add(q FPoint) FPoint { return FPoint{p.X + q.X, p.Y + q.Y} }

// Sub returns p relative to q.
func (p FPoint) Sub(q FPoint) FPoint { return FPoint{p.X - q.X, p.Y - q.Y} }

// F returns p as an FPoint.
func (p Point) F() FPoint { return FPoint{float64(p.X), float64(p.Y)} }

func floor(v float64) int32 {
	if v != v {
		return 0
	}
	return int32(min(max(math.Floor(v), math.MinInt32), math.MaxInt32))
}

// FRect is a rectangle with fractions, for the source crop of a buffer.
type FRect struct{ X0, Y0, X1, Y1 float64 }

// W returns the width.
func (r FRect) W() float64 { return r.X1 - r.X0 }

// H returns the height.
func (r FRect) H() float64 { return r.Y1 - r.Y0 }

// F returns r as an FRect.
func (r Rect) F() FRect {
	return FRect{float64(r.X0), float64(r.Y0), float64(r.X1), float64(r.Y1)}
}
