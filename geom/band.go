package geom

import (
	"math"
	"slices"
)

// firstBelow returns the index of the first rectangle of a banded list that
// ends below row y.
func firstBelow(rects []Rect, y int32) int {
	lo, hi := 0, len(rects)
	for lo < hi {
		if m := int(uint(lo+hi) >> 1); rects[m].Y1 > y {
			hi = m
		} else {
			lo = m + 1
		}
	}
	return lo
}

// reach returns the range of a banded list whose bands overlap or touch the
// rows [y0, y1].
func reach(rects []Rect, y0, y1 int32) (lo, hi int) {
	lo, end := 0, len(rects)
	for lo < end {
		if m := int(uint(lo+end) >> 1); rects[m].Y1 >= y0 {
			end = m
		} else {
			lo = m + 1
		}
	}
	hi, end = lo, len(rects)
	for hi < end {
		if m := int(uint(hi+end) >> 1); rects[m].Y0 > y1 {
			end = m
		} else {
			hi = m + 1
		}
	}
	return lo, hi
}

// bandEnd returns the index after the band that starts at rects[i].
func bandEnd(rects []Rect, i int) int {
	y := rects[i].Y0
	for i++; i < len(rects) && rects[i].Y0 == y; i++ {
	}
	return i
}

func (r *Region) scratch() *scratch {
	if r.tmp == nil {
		r.tmp = new(scratch)
	}
	return r.tmp
}

// source returns a copy of the rectangles that the caller may change.
func (r *Region) source() []Rect {
	t := r.scratch()
	t.src = append(t.src[:0], r.Rects()...)
	return t.src
}

// local combines r with b for an operation that leaves what is far from b as
// it is. Bands that only touch b are taken in because they may coalesce.
func (r *Region) local(b []Rect, ext Rect, op setOp) {
	if len(r.rects) == 0 {
		r.rects = append(r.rects, r.ext[0])
	}
	lo, hi := reach(r.rects, ext.Y0, ext.Y1)
	t := r.scratch()
	t.out = combine(t.out[:0], r.rects[lo:hi], b, op)
	if lo == 0 && hi == len(r.rects) {
		r.rects, t.out = t.out, r.rects
	} else {
		r.rects = slices.Replace(r.rects, lo, hi, t.out...)
	}
	if op == union {
		r.ext[0] = r.ext[0].Union(ext)
		if len(r.rects) == 1 {
			r.rects = r.rects[:0]
		}
		return
	}
	r.settle()
}

// whole intersects r with b.
func (r *Region) whole(b []Rect) {
	t := r.scratch()
	t.out = combine(t.out[:0], r.rects, b, intersect)
	r.rects, t.out = t.out, r.rects
	r.settle()
}

// settle restores ext, and the short form, from rects.
func (r *Region) settle() {
	if len(r.rects) == 0 {
		r.ext[0] = Rect{}
		return
	}
	e := Rect{math.MaxInt32, r.rects[0].Y0, math.MinInt32, r.rects[len(r.rects)-1].Y1}
	for i := range r.rects {
		e.X0, e.X1 = min(e.X0, r.rects[i].X0), max(e.X1, r.rects[i].X1)
	}
	r.ext[0] = e
	if len(r.rects) == 1 {
		r.rects = r.rects[:0]
	}
}

// rebuild makes r the union of src, which is sorted by yx but may have empty
// rectangles and overlaps. Runs that form a band are added at once.
func (r *Region) rebuild(src []Rect) {
	r.Clear()
	for i := 0; i < len(src); {
		if src[i].Empty() {
			i++
			continue
		}
		// Joins the run into src[i:k], which never passes j.
		k, j := i+1, i+1
		for ; j < len(src) && src[j].Y0 == src[i].Y0 && src[j].Y1 == src[i].Y1; j++ {
			if s := src[j]; s.Empty() {
				continue
			} else if s.X0 <= src[k-1].X1 && s.X0 >= src[k-1].X0 {
				src[k-1].X1 = max(src[k-1].X1, s.X1)
			} else if s.X0 < src[k-1].X0 {
				break
			} else {
				src[k] = s
				k++
			}
		}
		r.addBand(src[i:k])
		i = j
	}
}

// addBand adds rectangles that form one band.
func (r *Region) addBand(band []Rect) {
	ext := band[0]
	ext.X1 = band[len(band)-1].X1
	switch {
	case len(band) == 1:
		r.UnionRect(ext)
	case r.Empty():
		r.ext[0] = ext
		r.rects = append(r.rects[:0], band...)
	default:
		r.local(band, ext, union)
	}
}

// combine appends the result of op on two banded lists to out.
func combine(out, a, b []Rect, op setOp) []Rect {
	var i, j, prev int // prev: where the band above starts in out
	aEnd, bEnd := 0, 0
	if len(a) > 0 {
		aEnd = bandEnd(a, 0)
	}
	if len(b) > 0 {
		bEnd = bandEnd(b, 0)
	}
	y := int32(math.MinInt32)
	for i < len(a) || j < len(b) {
		if i == len(a) && op != union || j == len(b) && op == intersect {
			break
		}
		// Rows [top, bot) have the same spans throughout.
		aTop, bTop := int32(math.MaxInt32), int32(math.MaxInt32)
		if i < len(a) {
			aTop = max(a[i].Y0, y)
		}
		if j < len(b) {
			bTop = max(b[j].Y0, y)
		}
		top := min(aTop, bTop)
		bot := int32(math.MaxInt32)
		var as, bs []Rect
		if aTop > top {
			bot = aTop
		} else if i < len(a) {
			bot, as = a[i].Y1, a[i:aEnd]
		}
		if bTop > top {
			bot = min(bot, bTop)
		} else if j < len(b) {
			bot, bs = min(bot, b[j].Y1), b[j:bEnd]
		}
		start := len(out)
		switch op {
		case union:
			out = unionSpans(out, as, bs, top, bot)
		case subtract:
			out = subtractSpans(out, as, bs, top, bot)
		case intersect:
			out = intersectSpans(out, as, bs, top, bot)
		}
		out, prev = coalesce(out, prev, start)
		y = bot
		if i < len(a) && a[i].Y1 <= y {
			if i = aEnd; i < len(a) {
				aEnd = bandEnd(a, i)
			}
		}
		if j < len(b) && b[j].Y1 <= y {
			if j = bEnd; j < len(b) {
				bEnd = bandEnd(b, j)
			}
		}
	}
	return out
}

// coalesce joins the band out[start:] with the one above, out[prev:start], if
// they touch and have the same spans. It returns the start of the last band.
func coalesce(out []Rect, prev, start int) ([]Rect, int) {
	n := len(out) - start
	if n == 0 {
		return out, prev
	}
	if start-prev != n || out[prev].Y1 != out[start].Y0 {
		return out, start
	}
	for k := range n {
		if out[prev+k].X0 != out[start+k].X0 || out[prev+k].X1 != out[start+k].X1 {
			return out, start
		}
	}
	bot := out[start].Y1
	for k := prev; k < start; k++ {
		out[k].Y1 = bot
	}
	return out[:start], prev
}

func unionSpans(out, a, b []Rect, top, bot int32) []Rect {
	start := len(out)
	for len(a) > 0 || len(b) > 0 {
		var s Rect
		if len(b) == 0 || len(a) > 0 && a[0].X0 <= b[0].X0 {
			s, a = a[0], a[1:]
		} else {
			s, b = b[0], b[1:]
		}
		if k := len(out); k > start && out[k-1].X1 >= s.X0 {
			out[k-1].X1 = max(out[k-1].X1, s.X1)
		} else {
			out = append(out, Rect{s.X0, top, s.X1, bot})
		}
	}
	return out
}

func subtractSpans(out, a, b []Rect, top, bot int32) []Rect {
	for _, s := range a {
		x := s.X0
		for len(b) > 0 && b[0].X1 <= x {
			b = b[1:]
		}
		for _, t := range b {
			if t.X0 >= s.X1 {
				break
			}
			if t.X0 > x {
				out = append(out, Rect{x, top, t.X0, bot})
			}
			x = t.X1
		}
		if x < s.X1 {
			out = append(out, Rect{x, top, s.X1, bot})
		}
	}
	return out
}

func intersectSpans(out, a, b []Rect, top, bot int32) []Rect {
	for len(a) > 0 && len(b) > 0 {
		if x0, x1 := max(a[0].X0, b[0].X0), min(a[0].X1, b[0].X1); x0 < x1 {
			out = append(out, Rect{x0, top, x1, bot})
		}
		if a[0].X1 < b[0].X1 {
			a = a[1:]
		} else {
			b = b[1:]
		}
	}
	return out
}
