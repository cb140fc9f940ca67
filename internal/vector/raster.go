package vector

import "rayos/geom"

// Rasterizer turns paths into coverage. The zero value is ready. It owns the
// memory that its masks point into.
type Rasterizer struct {
	// acc holds, per pixel, the change of twice the covered area (in
	// 1/256² of a pixel) against the pixel to its left, in rows of stride.
	// It is all zero between fills. touched marks the rows with a line.
	acc     []int32
	stride  int
	touched []bool
	band    geom.Rect

	cover []uint8
	mask  []uint8
	span  []uint32
}

// bandCells bounds the accumulator; a larger fill is done in bands of rows.
const bandCells = 1 << 16

// Mask is 8-bit coverage of the pixels of Bounds, tightly packed. It belongs to
// the Rasterizer that made it, until that is used again.
type Mask struct {
	Bounds geom.Rect
	Pix    []uint8
}

// At returns the coverage at x, y, 0 outside.
func (m *Mask) At(x, y int32) uint8 {
	if !(geom.Point{X: x, Y: y}).In(m.Bounds) {
		return 0
	}
	return m.Pix[int(y-m.Bounds.Y0)*int(m.Bounds.W())+int(x-m.Bounds.X0)]
}

// Coverage returns the coverage of the path inside clip. Bounds is the part of
// clip that the path can touch.
func (r *Rasterizer) Coverage(p *Path, clip geom.Rect) Mask {
	b := p.Bounds().Intersect(clip)
	if b.Empty() {
		return Mask{}
	}
	w, h := int(b.W()), int(b.H())
	r.mask = grow(r.mask, w*h)
	clear(r.mask)
	r.eachRow(p, b, func(y int32, cover []uint8) {
		copy(r.mask[int(y-b.Y0)*w:], cover)
	})
	return Mask{Bounds: b, Pix: r.mask}
}

// grow returns a slice of n elements that reuses s's memory if it can. The
// elements may have any value.
func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}

// eachRow calls fn for each row of b that the path touches with its coverage,
// which is borrowed for the call.
func (r *Rasterizer) eachRow(p *Path, b geom.Rect, fn func(y int32, cover []uint8)) {
	w := int(b.W())
	r.stride = w + 1
	rows := int32(max(bandCells/r.stride, 1))
	r.cover = grow(r.cover, w)
	for y := b.Y0; y < b.Y1; y += rows {
		r.band = geom.Rect{X0: b.X0, Y0: y, X1: b.X1, Y1: min(y+rows, b.Y1)}
		n := int(r.band.H())
		if cap(r.acc) < n*r.stride {
			r.acc = make([]int32, n*r.stride)
		}
		r.acc = r.acc[:n*r.stride]
		r.touched = grow(r.touched, n)
		clear(r.touched)
		flatten(p, r)
		for i := range n {
			if r.touched[i] {
				r.sweep(r.acc[i*r.stride:][:r.stride])
				fn(y+int32(i), r.cover)
			}
		}
	}
}

// sweep turns one row of the accumulator into r.cover and clears it.
func (r *Rasterizer) sweep(acc []int32) {
	var sum int32
	cover := r.cover[:len(acc)-1]
	for i := range cover {
		sum += acc[i]
		acc[i] = 0
		v := sum
		if v < 0 {
			v = -v
		}
		v >>= 9
		if v >= 255 {
			v = 255
		}
		cover[i] = uint8(v)
	}
	acc[len(acc)-1] = 0
}

// line adds one line to the accumulator. Where it crosses a row is computed
// from its ends, so the result doesn't depend on the band or the clip.
func (r *Rasterizer) line(a, b Point) {
	ox, oy := int64(r.band.X0)<<8, int64(r.band.Y0)<<8
	xa, ya, xb, yb := int64(a.X)-ox, int64(a.Y)-oy, int64(b.X)-ox, int64(b.Y)-oy
	sign := int32(1)
	if ya > yb {
		xa, ya, xb, yb, sign = xb, yb, xa, ya, -1
	}
	height := int64(r.band.H()) << 8
	if ya == yb || yb <= 0 || ya >= height {
		return
	}
	dx, dy := xb-xa, yb-ya
	y, x := max(ya, 0), xa
	if y != ya {
		x = xa + floorDiv(dx*(y-ya), dy)
	}
	for end := min(yb, height); y < end; {
		row := y >> 8
		nextY := min((row+1)<<8, end)
		nextX := xb
		if nextY != yb {
			nextX = xa + floorDiv(dx*(nextY-ya), dy)
		}
		r.touched[row] = true
		r.slice(r.acc[int(row)*r.stride:][:r.stride], x, nextX, int32(nextY-y), sign)
		x, y = nextX, nextY
	}
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b != 0 && (a < 0) != (b < 0) {
		q--
	}
	return q
}

// slice adds a line that stays in one row, from xa to xb, dy high.
func (r *Rasterizer) slice(acc []int32, xa, xb int64, dy, sign int32) {
	if xa > xb {
		xa, xb = xb, xa
	}
	last := int64(len(acc) - 1)
	if xb <= 0 {
		acc[0] += sign * dy << 9
		return
	}
	if xa >= last<<8 {
		return
	}
	i := xa >> 8
	if (xb-1)>>8 <= i && i >= 0 {
		f := int32(xa + xb - i<<9)
		acc[i] += sign * dy * (512 - f)
		acc[i+1] += sign * dy * f
		return
	}
	width := xb - xa
	done, x := int32(0), xa
	if xa < 0 {
		done = int32(int64(dy) * -xa / width)
		acc[0] += sign * done << 9
		x, i = 0, 0
	}
	for ; x < xb && i < last; i++ {
		next, upTo := (i+1)<<8, dy
		if next < xb {
			upTo = int32(int64(dy) * (next - xa) / width)
		} else {
			next = xb
		}
		f := int32(x + next - i<<9)
		d := sign * (upTo - done)
		acc[i] += d * (512 - f)
		acc[i+1] += d * f
		x, done = next, upTo
	}
}
