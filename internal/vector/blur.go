package vector

import (
	"encoding/binary"

	"rayos/geom"
	"rayos/gpu/render"
)

// Blur returns the mask blurred by three box filters, which is close to a
// gaussian of standard deviation sigma/256 pixels, in 16-bit coverage. The
// result reaches Spread(sigma) pixels further on each side.
func Blur(m Mask, sigma geom.Fixed) Soft {
	radii := Boxes(sigma)
	pad := Spread(sigma)
	out := Soft{Bounds: m.Bounds.Inset(-pad)}
	w, h := int(out.Bounds.W()), int(out.Bounds.H())
	out.Pix = make([]uint16, w*h)
	mw := int(m.Bounds.W())
	for y := range int(m.Bounds.H()) {
		for x, v := range m.Pix[y*mw:][:mw] {
			out.Pix[(y+int(pad))*w+x+int(pad)] = uint16(v) * 257
		}
	}
	tmp := make([]uint16, max(w, h))
	for _, r := range radii {
		for y := range h {
			box(out.Pix[y*w:], 1, w, r, tmp)
		}
		for x := range w {
			box(out.Pix[x:], w, h, r, tmp)
		}
	}
	return out
}

// Spread returns how far a blur of sigma reaches, in whole pixels.
func Spread(sigma geom.Fixed) int32 {
	var n int32
	for _, r := range Boxes(sigma) {
		n += int32(r)
	}
	return n
}

// Soft is 16-bit coverage of the pixels of Bounds, tightly packed.
type Soft struct {
	Bounds geom.Rect
	Pix    []uint16
}

// At returns the coverage at x, y, 0 outside.
func (s *Soft) At(x, y int32) uint16 {
	if !(geom.Point{X: x, Y: y}).In(s.Bounds) {
		return 0
	}
	return s.Pix[int(y-s.Bounds.Y0)*int(s.Bounds.W())+int(x-s.Bounds.X0)]
}

// Boxes returns the radii of the three boxes that Blur filters with: their
// variances add up to sigma², that of a box of 2r+1 being r(r+1)/3.
func Boxes(sigma geom.Fixed) [3]int {
	s := int64(min(max(sigma, 0), 256<<8))
	left := s * s
	var radii [3]int
	for i := range radii {
		share := left / int64(3-i)
		r := int64(0)
		// Nearest: take r+1 while the midpoint of both variances fits.
		for ((r*(r+1)+(r+1)*(r+2))<<16)/6 <= share {
			r++
		}
		radii[i] = int(r)
		left = max(left-r*(r+1)<<16/3, 0)
	}
	return radii
}

// box filters n values that are step apart.
func box(v []uint16, step, n, r int, tmp []uint16) {
	if r == 0 {
		return
	}
	size := uint32(2*r + 1)
	var sum uint32
	for i := 0; i < min(r, n); i++ {
		sum += uint32(v[i*step])
	}
	for i := range n {
		if i+r < n {
			sum += uint32(v[(i+r)*step])
		}
		tmp[i] = uint16((sum + size/2) / size)
		if i-r >= 0 {
			sum -= uint32(v[(i-r)*step])
		}
	}
	for i := range n {
		v[i*step] = tmp[i]
	}
}

// Tint returns a picture of n pixels a side in one colour, with alpha of 255 at
// full coverage.
func (s *Soft) Tint(n int32, color render.Color, alpha uint8) render.Pixels {
	p := render.NewPixels(n, n, render.ARGB8888)
	for y := range n {
		row := p.Data[y*p.Stride:]
		for x := range n {
			a := (uint32(s.At(x, y))*uint32(alpha) + 1<<15) >> 16
			binary.LittleEndian.PutUint32(row[x*4:], Scale(uint32(color), uint8(a)))
		}
	}
	return p
}
