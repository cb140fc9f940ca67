package paint

import (
	"rayos/geom"
	"rayos/internal/vector"
)

// widen adds to the region what the backdrops that touch it blur.
func (r *Raster) widen(l *List, bounds geom.Rect) {
	for again := true; again; {
		again = false
		for i := range l.ops {
			o := &l.ops[i]
			if o.kind != backdropOp {
				continue
			}
			whole := r.reach(o.bounds).Inset(-vector.Spread(r.scale.ApplyFixed(o.blur) / 2)).Intersect(bounds)
			if r.region.Overlaps(whole) && !r.region.ContainsRect(whole) {
				r.region.UnionRect(whole)
				again = true
			}
		}
	}
}

// blurrer blurs pixels by three boxes across and three down.
type blurrer struct {
	a, b []uint32
	sums []uint32
}

// backdrop blurs what the canvas shows in the command's box. All of it is
// blurred before any of the rectangles is written.
func (r *Raster) backdrop(c *canvas, l *List, o *op, rects []geom.Rect) {
	area := r.inside(l, o.clip, r.device(o.box).Intersect(c.bounds))
	touched := false
	for _, box := range rects {
		touched = touched || box.Overlaps(area)
	}
	if area.Empty() || !touched {
		return
	}
	sigma := r.scale.ApplyFixed(o.blur) / 2
	// What lies beyond the canvas is as what lies at its edge.
	src := area.Inset(-vector.Spread(sigma)).Intersect(c.bounds)
	q := &r.blur
	w, h := int(src.W()), int(src.H())
	q.a, q.b = grow(q.a, w*h), grow(q.b, w*h)
	for y := src.Y0; y < src.Y1; y++ {
		copy(q.a[int(y-src.Y0)*w:], c.row(y, src.X0, src.X1))
	}
	for _, n := range vector.Boxes(sigma) {
		if n == 0 {
			continue
		}
		for y := range h {
			boxRow(q.b[y*w:][:w], q.a[y*w:][:w], n)
		}
		q.boxColumns(q.a, q.b, w, h, n)
	}
	for _, box := range rects {
		box = box.Intersect(area)
		for y := box.Y0; y < box.Y1; y++ {
			r.mix(c.row(y, box.X0, box.X1), q.a[int(y-src.Y0)*w+int(box.X0-src.X0):], l, o, y, box.X0)
		}
	}
}

// mix replaces a row that starts at x by another where the command's corners
// and clips let it.
func (r *Raster) mix(dst, src []uint32, l *List, o *op, y, x int32) {
	copied := true
	blend := func(box geom.Rect, radii Radii) {
		if radii == (Radii{}) {
			return
		}
		if copied {
			r.cells, copied = grow(r.cells, len(dst)), false
			r.coverage(box, radii, y, x, r.cells)
			return
		}
		r.more = grow(r.more, len(dst))
		r.coverage(box, radii, y, x, r.more)
		for i, k := range r.more {
			r.cells[i] = min(r.cells[i], k)
		}
	}
	blend(r.device(o.box), o.radii)
	for clip := o.clip; clip > 0; clip = l.clips[clip].parent {
		blend(r.device(l.clips[clip].box), l.clips[clip].radii)
	}
	if copied {
		copy(dst, src)
		return
	}
	for i, k := range r.cells {
		dst[i] = vector.Scale(src[i], k) + vector.Scale(dst[i], 255-k)
	}
}

// divider divides sums of up to size bytes by size, rounded, without a
// division: (s + size/2)·⌈2³²/size⌉ >> 32.
type divider struct{ half, mul uint64 }

func newDivider(size int) divider {
	return divider{uint64(size / 2), (1<<32 + uint64(size) - 1) / uint64(size)}
}

func (d divider) div(s uint32) uint32 { return uint32((uint64(s) + d.half) * d.mul >> 32) }

// boxRow sets dst to the means of 2n+1 pixels of src, edges repeated.
func boxRow(dst, src []uint32, n int) {
	d := newDivider(2*n + 1)
	last := len(src) - 1
	var s [4]uint32
	add := func(v uint32) {
		s[0] += v & 0xff
		s[1] += v >> 8 & 0xff
		s[2] += v >> 16 & 0xff
		s[3] += v >> 24
	}
	sub := func(v uint32) {
		s[0] -= v & 0xff
		s[1] -= v >> 8 & 0xff
		s[2] -= v >> 16 & 0xff
		s[3] -= v >> 24
	}
	for i := -n; i <= n; i++ {
		add(src[min(max(i, 0), last)])
	}
	for i := range dst {
		dst[i] = d.div(s[0]) | d.div(s[1])<<8 | d.div(s[2])<<16 | d.div(s[3])<<24
		sub(src[max(i-n, 0)])
		add(src[min(i+n+1, last)])
	}
}

// boxColumns is boxRow for all columns, row by row.
func (q *blurrer) boxColumns(dst, src []uint32, w, h, n int) {
	d := newDivider(2*n + 1)
	q.sums = grow(q.sums, 4*w)
	clear(q.sums)
	row := func(y int) []uint32 { return src[min(max(y, 0), h-1)*w:][:w] }
	for y := -n; y <= n; y++ {
		for x, v := range row(y) {
			s := q.sums[4*x : 4*x+4 : 4*x+4]
			s[0] += v & 0xff
			s[1] += v >> 8 & 0xff
			s[2] += v >> 16 & 0xff
			s[3] += v >> 24
		}
	}
	for y := range h {
		out, old, next := dst[y*w:][:w], row(y-n), row(y+n+1)
		for x := range out {
			s := q.sums[4*x : 4*x+4 : 4*x+4]
			out[x] = d.div(s[0]) | d.div(s[1])<<8 | d.div(s[2])<<16 | d.div(s[3])<<24
			a, b := next[x], old[x]
			s[0] += a&0xff - b&0xff
			s[1] += a>>8&0xff - b>>8&0xff
			s[2] += a>>16&0xff - b>>16&0xff
			s[3] += a>>24 - b>>24
		}
	}
}
