package raster

import (
	"math/bits"

	"rayos/gpu/render"
)

// axis is how one axis of a destination samples one axis of a texture, in
// buffer orientation.
type axis struct {
	kind axisKind
	// start and size are the source crop in 1/65536 pixels, n the number of
	// destination pixels that it spans.
	start, size int64
	n           int32
	// lo and hi are the first and last pixel that may be read.
	lo, hi int32
}

type axisKind uint8

const (
	axisDirect  axisKind = iota // one source pixel per destination pixel
	axisNearest                 // the pixel under the centre
	axisLerp                    // the two pixels around the centre
	axisBox                     // all pixels covered
)

const (
	one     = 1 << 16 // one pixel
	posHalf = one / 2
)

// fixed returns v in 1/65536, rounded half up. |v| is at most maxSide.
func fixed(v float64) int64 {
	f := float64(v*one) + 0.5
	i := int64(f)
	if float64(i) > f {
		i--
	}
	return i
}

// makeAxis returns the axis for the crop [a,b) of side pixels onto n pixels.
// It reports false if there is nothing to draw.
func makeAxis(a, b float64, side, n int32, f render.Filter) (axis, bool) {
	// Written so that NaN fails.
	if !(a >= -maxSide && b <= maxSide && a < b) || n <= 0 {
		return axis{}, false
	}
	x := axis{start: fixed(a), n: n}
	end := fixed(b)
	x.size = end - x.start
	x.lo = int32(max(x.start>>16, 0))
	x.hi = int32(min((end-1)>>16, int64(side)-1))
	if x.size <= 0 || x.lo > x.hi {
		return axis{}, false
	}
	switch {
	case x.size == int64(n)*one && x.start%one == 0 && x.start >= 0 && end <= int64(side)*one:
		x.kind = axisDirect
	case f == render.Nearest:
		x.kind = axisNearest
	case x.size > 2*int64(n)*one:
		x.kind = axisBox
	default:
		x.kind = axisLerp
	}
	return x, true
}

// edge returns the source position of the left edge of destination pixel i,
// mid of its centre, floored to 1/65536.
func (x *axis) edge(i int32) int64 { return x.start + mulDiv(uint64(i)*2, x.size, x.n) }
func (x *axis) mid(i int32) int64  { return x.start + mulDiv(uint64(i)*2+1, x.size, x.n) }

// mulDiv returns floor(twice·size / 2n) for twice ≤ 2n.
func mulDiv(twice uint64, size int64, n int32) int64 {
	hi, lo := bits.Mul64(twice, uint64(size))
	q, _ := bits.Div64(hi, lo, uint64(n)*2)
	return int64(q)
}

// nearest returns the source pixel for the centre position pos.
func (x *axis) nearest(pos int64) int32 {
	return int32(min(max(pos>>16, int64(x.lo)), int64(x.hi)))
}

// pair returns the first of the two pixels around the centre position pos and
// the weight of the second, in 0..256. The second is within the crop too,
// unless the crop is one pixel wide; then the weight is 0.
func (x *axis) pair(pos int64) (first int32, w uint32) {
	pos -= posHalf
	i := pos >> 16
	switch {
	case i < int64(x.lo) || x.lo == x.hi:
		return x.lo, 0
	case i >= int64(x.hi):
		return x.hi - 1, 256
	}
	return int32(i), uint32(pos&(one-1)+128) >> 8
}

// cover returns the pixels covered by destination pixel i: the source interval
// and its first and last pixel.
func (x *axis) cover(i int32) (a, b int64, first, last int32) {
	a = max(x.edge(i), int64(x.lo)*one)
	b = min(x.edge(i+1), (int64(x.hi)+1)*one)
	// The crop may stick out of the texture; then edge pixels stand in.
	if b <= a {
		p := x.nearest(a)
		return int64(p) * one, int64(p+1) * one, p, p
	}
	return a, b, int32(a >> 16), int32((b - 1) >> 16)
}

// weigh returns the weight of pixel p in the interval [a,b): its share of 256,
// cut so that the shares of all pixels sum to 256.
func weigh(a, b int64, p int32) uint32 {
	share := func(v int64) int64 { return (min(max(v, a), b) - a) * 256 / (b - a) }
	return uint32(share((int64(p)+1)*one) - share(int64(p)*one))
}

// columns is the sampling table for a run of destination pixels. Indices count
// from pixel base of the source row; length of them are needed.
type columns struct {
	kind         axisKind
	base, length int32
	idx          []int32
	w            []uint32
	spans        []span
	weights      []uint16

	// what the table was built for
	of        axis
	first, n  int32
	backwards bool
}

// build makes the table for n destination pixels from first on, of which the
// last comes first if backwards. A table that is already right is kept.
func (c *columns) build(x *axis, first, n int32, backwards bool) {
	if c.n == n && c.first == first && c.backwards == backwards && c.of == *x {
		return
	}
	c.of, c.first, c.n, c.backwards = *x, first, n, backwards
	c.kind = x.kind
	if c.kind == axisDirect {
		c.kind = axisNearest
	}
	if c.kind == axisLerp && x.lo == x.hi {
		c.kind = axisNearest
	}
	if c.kind == axisBox {
		c.buildBox(x)
		return
	}
	c.idx = grow(c.idx, int(n))
	c.w = grow(c.w, int(n))
	// The position advances by size/n; whole and rest carry it exactly.
	whole, rest := x.size/int64(x.n), x.size%int64(x.n)
	pos := x.mid(first)
	frac := remainder(uint64(first)*2+1, x.size, x.n)
	for i := range c.idx {
		at := i
		if backwards {
			at = len(c.idx) - 1 - i
		}
		if c.kind == axisLerp {
			var w uint32
			c.idx[at], w = x.pair(pos)
			c.w[at] = w | w<<16
		} else {
			c.idx[at] = x.nearest(pos)
		}
		pos += whole
		if frac += 2 * rest; frac >= 2*int64(x.n) {
			frac -= 2 * int64(x.n)
			pos++
		}
	}
	lo, hi := c.idx[0], c.idx[n-1]
	if backwards {
		lo, hi = hi, lo
	}
	for i := range c.idx {
		c.idx[i] -= lo
	}
	c.base, c.length = lo, hi-lo+1
	if c.kind == axisLerp {
		c.length++
	}
}

// remainder returns twice·size mod 2n.
func remainder(twice uint64, size int64, n int32) int64 {
	hi, lo := bits.Mul64(twice, uint64(size))
	_, r := bits.Div64(hi, lo, uint64(n)*2)
	return int64(r)
}

func (c *columns) buildBox(x *axis) {
	c.spans = grow(c.spans, int(c.n))
	c.weights = c.weights[:0]
	lo, hi := x.hi, x.lo
	for i := range c.spans {
		a, b, first, last := x.cover(c.first + int32(i))
		lo, hi = min(lo, first), max(hi, last)
		at := i
		if c.backwards {
			at = len(c.spans) - 1 - i
		}
		c.spans[at] = span{first: first, n: last - first + 1, off: int32(len(c.weights))}
		for p := first; p <= last; p++ {
			c.weights = append(c.weights, uint16(weigh(a, b, p)))
		}
	}
	for i := range c.spans {
		c.spans[i].first -= lo
	}
	c.base, c.length = lo, hi-lo+1
}

// grow returns s with length n, reusing its storage. The contents are not
// kept.
func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n, n+n/4)
	}
	return s[:n]
}
