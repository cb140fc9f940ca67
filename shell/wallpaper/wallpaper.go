package wallpaper

import (
	"encoding/binary"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/shell/theme"
)

// shrink is how much smaller than the output the picture is, and maxPixels its
// largest area: 640 × 360.
const (
	shrink    = 4
	maxPixels = 640 * 360
)

// one is 1.0 of the fixed-point numbers here.
const one = 1 << 16

// Render returns the wallpaper for an output of size physical pixels, as
// XRGB8888. The picture is smaller than the output, with the same proportions.
func Render(size geom.Size, p *theme.Palette) render.Pixels {
	w, h := pictureSize(size)
	px := render.NewPixels(w, h, render.XRGB8888)
	s := newSky(w, h, p)
	for y := range h {
		s.row(y, px.Data[y*px.Stride:][:w*4])
	}
	return px
}

// pictureSize returns the size of the picture for an output.
func pictureSize(size geom.Size) (w, h int32) {
	w, h = min(max(size.W, 1), 1<<15), min(max(size.H, 1), 1<<15)
	d := int32(shrink)
	for ((w+d-1)/d)*((h+d-1)/d) > maxPixels {
		d++
	}
	return (w + d - 1) / d, (h + d - 1) / d
}

// rgb is a colour with 8 more bits per channel.
type rgb [3]int32

func expand(c render.Color) rgb {
	return rgb{int32(c >> 8 & 0xff00), int32(c & 0xff00), int32(c << 8 & 0xff00)}
}

// mix returns the colour k/one of the way from c to d.
func (c rgb) mix(d rgb, k int32) rgb {
	for i := range c {
		c[i] += int32(int64(d[i]-c[i]) * int64(k) >> 16)
	}
	return c
}

// sky is what the picture shows, in units of the shorter side.
type sky struct {
	w, h, unit int32
	// fromX, fromY is where the rays come from.
	fromX, fromY int32
	beams        *[beamSteps + 1]int32

	base, deep, glow, side, ray rgb
	// strength of the parts, of one
	glowK, sideK, rayK int32
}

func newSky(w, h int32, p *theme.Palette) *sky {
	s := &sky{w: w, h: h, unit: min(w, h), beams: newBeams()}
	aspectX, aspectY := int32(int64(w)*one/int64(s.unit)), int32(int64(h)*one/int64(s.unit))
	s.fromX, s.fromY = aspectX*66/100, aspectY+one*22/100
	base, accent := expand(p.Desktop), expand(p.Accent)
	// The accent's neighbour on the colour circle.
	side := rgb{accent[1], accent[0], accent[2]}
	s.base, s.glow, s.side = base, accent, side
	if luma(base) > 128<<8 {
		white := rgb{0xff00, 0xff00, 0xff00}
		s.deep = base.mix(accent, one*10/100)
		s.base = base.mix(white, one*30/100)
		s.ray = white
		s.glowK, s.sideK, s.rayK = one*30/100, one*7/100, one*60/100
	} else {
		s.deep = base.mix(rgb{}, one*35/100)
		s.ray = accent
		s.glowK, s.sideK, s.rayK = one*52/100, one*9/100, one*23/100
	}
	return s
}

// luma is the brightness of a colour in its own units.
func luma(c rgb) int32 { return (c[0]*54 + c[1]*183 + c[2]*19) >> 8 }

// row computes one row of pixels.
func (s *sky) row(y int32, out []byte) {
	unit := int64(s.unit)
	fy := int32((int64(y)*2 + 1) * one / 2 / unit)
	dy := s.fromY - fy
	fall := int32(int64(y) * one / int64(s.h))
	ground := s.deep.mix(s.base, fall)
	for x := range s.w {
		fx := int32((int64(x)*2 + 1) * one / 2 / unit)
		dx := fx - s.fromX
		dist := (int64(dx)*int64(dx) + int64(dy)*int64(dy)) >> 16

		c := ground
		c = c.mix(s.side, scale(s.sideK, near(dist, one*2)))
		c = c.mix(s.glow, scale(s.glowK, near(dist, one*36/100)))
		beam := s.beam(dx, dy)
		c = c.mix(s.ray, scale(scale(s.rayK, beam), near(dist, one*130/100)))

		n := noise(x, y)
		v := uint32(0xff000000)
		for i, shift := range [3]uint{16, 8, 0} {
			v |= uint32(min((c[i]+n)>>8, 0xff)) << shift
		}
		binary.LittleEndian.PutUint32(out[x*4:], v)
	}
}

// scale returns a·b/one.
func scale(a, b int32) int32 { return int32(int64(a) * int64(b) >> 16) }

// near falls from one at a squared distance of 0 to a quarter at r2.
func near(dist, r2 int64) int32 {
	k := r2 << 16 / (r2 + dist)
	return int32(k * k >> 16)
}

// noise returns 0 to 255, evenly spread over any few neighbouring pixels
// (interleaved gradient noise).
func noise(x, y int32) int32 {
	f := uint32(x)*288237664 + uint32(y)*25070366
	return int32(uint32(uint64(f)*3472289>>16) >> 24)
}
