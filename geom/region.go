package geom

import (
	"math"
	"slices"
)

// Region is a set of pixels, held as a y-x banded list of rectangles: sorted
// by Y0 and then X0, rectangles with a common row have the same Y0 and Y1, no
// two of one band touch, and two bands that touch differ in their x edges. So
// equal sets have equal lists.
//
// The zero value is the empty set. All operations work in place and keep the
// storage, so a Region that has reached its working size allocates nothing; an
// empty one and one of a single rectangle never do. An argument may be the
// receiver. A Region in use is copied with Set, never by assignment, which
// would share the storage.
//
// Cost: UnionRect and SubtractRect rebuild only the bands that the rectangle
// reaches and move what is below; the operations on two regions are linear in
// the rectangles of both and of the result. But n rectangles that cross can
// break into n²/4, so whoever adds rectangles from an untrusted list looks at
// Len as it goes and calls Simplify, or gives up exactness in whichever
// direction is safe.
type Region struct {
	// ext is the extents, and the only rectangle if rects is empty.
	ext   [1]Rect
	rects []Rect
	tmp   *scratch
}

// scratch is what a Region of more than one rectangle works with.
type scratch struct{ out, src []Rect }

type setOp uint8

const (
	union setOp = iota
	subtract
	intersect
)

// RegionOf returns the union of rects.
func RegionOf(rects ...Rect) Region {
	var r Region
	for _, s := range rects {
		r.UnionRect(s)
	}
	return r
}

// Clear makes r empty.
func (r *Region) Clear() {
	r.ext[0] = Rect{}
	r.rects = r.rects[:0]
}

// SetRect makes r the pixels of s.
func (r *Region) SetRect(s Rect) {
	r.Clear()
	if !s.Empty() {
		r.ext[0] = s
	}
}

// Set makes r a copy of s.
func (r *Region) Set(s *Region) {
	if r != s {
		r.ext = s.ext
		r.rects = append(r.rects[:0], s.rects...)
	}
}

// Empty reports whether r has no pixel.
func (r *Region) Empty() bool { return r.ext[0].Empty() }

// Extents returns the smallest rectangle that holds r.
func (r *Region) Extents() Rect { return r.ext[0] }

// Rects returns the rectangles in y-x banded order. The slice is borrowed
// until r next changes.
func (r *Region) Rects() []Rect {
	if len(r.rects) > 0 {
		return r.rects
	}
	if r.Empty() {
		return nil
	}
	return r.ext[:]
}

// Len returns the number of rectangles.
func (r *Region) Len() int { return len(r.Rects()) }

// Area returns the number of pixels, saturated.
func (r *Region) Area() int64 {
	var n uint64
	for _, s := range r.Rects() {
		w, h := uint64(int64(s.X1)-int64(s.X0)), uint64(int64(s.Y1)-int64(s.Y0))
		if n += w * h; w*h > math.MaxInt64 || n > math.MaxInt64 {
			return math.MaxInt64
		}
	}
	return int64(n)
}

// Equal reports whether r and s are the same set.
func (r *Region) Equal(s *Region) bool {
	return r.ext == s.ext && slices.Equal(r.rects, s.rects)
}

// Contains reports whether p is in r.
func (r *Region) Contains(p Point) bool {
	if !p.In(r.ext[0]) {
		return false
	}
	rects := r.Rects()
	for _, s := range rects[firstBelow(rects, p.Y):] {
		if s.Y0 > p.Y {
			return false
		}
		if p.In(s) {
			return true
		}
	}
	return false
}

// ContainsRect reports whether every pixel of s is in r.
func (r *Region) ContainsRect(s Rect) bool {
	if s.Empty() {
		return true
	}
	if !r.ext[0].Contains(s) {
		return false
	}
	rects, y := r.Rects(), s.Y0
	for _, t := range rects[firstBelow(rects, y):] {
		if t.Y0 > y {
			return false
		}
		if t.Y1 > y && t.X0 <= s.X0 && t.X1 >= s.X1 {
			if y = t.Y1; y >= s.Y1 {
				return true
			}
		}
	}
	return false
}

// Overlaps reports whether r and s share a pixel.
func (r *Region) Overlaps(s Rect) bool {
	if s.Empty() || !r.ext[0].Overlaps(s) {
		return false
	}
	rects := r.Rects()
	for _, t := range rects[firstBelow(rects, s.Y0):] {
		if t.Y0 >= s.Y1 {
			return false
		}
		if t.Overlaps(s) {
			return true
		}
	}
	return false
}

// Union adds s to r.
func (r *Region) Union(s *Region) {
	switch {
	case s.Empty() || r == s:
	case r.Empty():
		r.Set(s)
	case len(s.rects) == 0:
		r.UnionRect(s.ext[0])
	case len(r.rects) == 0 && r.ext[0].Contains(s.ext[0]):
	default:
		r.local(s.rects, s.ext[0], union)
	}
}

// UnionRect adds the pixels of s to r.
func (r *Region) UnionRect(s Rect) {
	switch {
	case s.Empty():
	case s.Contains(r.ext[0]) || r.Empty():
		r.SetRect(s)
	case len(r.rects) == 0 && r.ext[0].Contains(s):
	default:
		b := [1]Rect{s}
		r.local(b[:], s, union)
	}
}

// Subtract removes s from r.
func (r *Region) Subtract(s *Region) {
	switch {
	case r == s:
		r.Clear()
	case len(s.rects) == 0:
		r.SubtractRect(s.ext[0])
	case r.ext[0].Overlaps(s.ext[0]):
		r.local(s.rects, s.ext[0], subtract)
	}
}

// SubtractRect removes the pixels of s from r.
func (r *Region) SubtractRect(s Rect) {
	switch {
	case s.Empty() || !r.ext[0].Overlaps(s):
	case s.Contains(r.ext[0]):
		r.Clear()
	default:
		b := [1]Rect{s}
		r.local(b[:], s, subtract)
	}
}

// Intersect keeps the pixels of r that are in s.
func (r *Region) Intersect(s *Region) {
	switch {
	case r == s:
	case len(s.rects) == 0:
		r.IntersectRect(s.ext[0])
	case !r.ext[0].Overlaps(s.ext[0]):
		r.Clear()
	case len(r.rects) == 0:
		box := r.ext[0]
		r.Set(s)
		r.IntersectRect(box)
	default:
		r.whole(s.rects)
	}
}

// IntersectRect keeps the pixels of r that are in s.
func (r *Region) IntersectRect(s Rect) {
	switch {
	case s.Contains(r.ext[0]):
	case s.Empty() || !r.ext[0].Overlaps(s):
		r.Clear()
	case len(r.rects) == 0:
		r.ext[0] = r.ext[0].Intersect(s)
	default:
		b := [1]Rect{s}
		r.whole(b[:])
	}
}

// Translate moves r. Coordinates saturate, and what is pushed out of the plane
// is lost.
func (r *Region) Translate(p Point) {
	if r.Empty() || p == (Point{}) {
		return
	}
	was := r.ext[0]
	now := was.Add(p)
	if len(r.rects) == 0 {
		r.SetRect(now)
		return
	}
	if now.Add(Point{saturate(-int64(p.X)), saturate(-int64(p.Y))}) == was {
		r.ext[0] = now
		for i := range r.rects {
			r.rects[i] = r.rects[i].Add(p)
		}
		return
	}
	src := r.source()
	for i := range src {
		src[i] = src[i].Add(p)
	}
	r.rebuild(src)
}

// Scale multiplies by s, growing outwards to whole pixels.
func (r *Region) Scale(s Scale) {
	if s == ScaleOne {
		return
	}
	if len(r.rects) == 0 {
		r.SetRect(s.Outwards(r.ext[0]))
		return
	}
	src := r.source()
	for i := range src {
		src[i] = s.Outwards(src[i])
	}
	r.rebuild(src)
}

// Transform maps r, a set of pixels of an image of the given size, to where
// they are after t.
func (r *Region) Transform(t Transform, size Size) {
	if t == Normal || r.Empty() {
		return
	}
	if len(r.rects) == 0 {
		r.SetRect(t.ApplyRect(r.ext[0], size))
		return
	}
	src := r.source()
	for i := range src {
		src[i] = t.ApplyRect(src[i], size)
	}
	slices.SortFunc(src, yx)
	r.rebuild(src)
}

// Grow makes each rectangle larger by d ≥ 0 on all sides.
func (r *Region) Grow(d int32) {
	if d <= 0 || r.Empty() {
		return
	}
	if len(r.rects) == 0 {
		r.ext[0] = r.ext[0].Inset(-d)
		return
	}
	src := r.source()
	for i := range src {
		src[i] = src[i].Inset(-d)
	}
	r.rebuild(src)
}

// Simplify makes r a set of at most n ≥ 1 rectangles that covers it: gaps in
// rows are closed from the narrow to the wide, and then neighbouring bands are
// joined.
func (r *Region) Simplify(n int) {
	for gap := int64(4); r.Len() > n && gap < 1<<33; gap *= 8 {
		r.closeGaps(gap)
	}
	// Now each band is one rectangle.
	if r.Len() <= n {
		return
	}
	if n <= 1 {
		r.SetRect(r.ext[0])
		return
	}
	per := (len(r.rects) + n - 1) / n
	kept := r.rects[:0]
	for i := 0; i < len(r.rects); i += per {
		box := r.rects[i]
		for _, s := range r.rects[i:min(i+per, len(r.rects))] {
			box = box.Union(s)
		}
		kept = appendRect(kept, box)
	}
	r.rects = kept
	r.settle()
}

// closeGaps joins rectangles of a band that are at most gap apart.
func (r *Region) closeGaps(gap int64) {
	src := r.source()
	kept := src[:0]
	for _, s := range src {
		if k := len(kept); k > 0 && kept[k-1].Y0 == s.Y0 && int64(s.X0)-int64(kept[k-1].X1) <= gap {
			kept[k-1].X1 = s.X1
			continue
		}
		kept = append(kept, s)
	}
	r.rebuild(kept)
}

// appendRect appends a one-rectangle band, joined with the last if it goes on.
func appendRect(list []Rect, s Rect) []Rect {
	if k := len(list); k > 0 && list[k-1].Y1 == s.Y0 && list[k-1].X0 == s.X0 && list[k-1].X1 == s.X1 {
		list[k-1].Y1 = s.Y1
		return list
	}
	return append(list, s)
}

func yx(a, b Rect) int {
	switch {
	case a.Y0 != b.Y0:
		return sign(a.Y0 < b.Y0)
	case a.Y1 != b.Y1:
		return sign(a.Y1 < b.Y1)
	case a.X0 != b.X0:
		return sign(a.X0 < b.X0)
	}
	return 0
}

func sign(less bool) int {
	if less {
		return -1
	}
	return 1
}
