package rendertest

import (
	"math"
	"math/rand/v2"

	"rayos/geom"
	"rayos/gpu/render"
)

// The reference draws one pixel at a time in floating point, from the
// definition: it walks destination pixels, maps each pixel's square through
// the transform into the source crop and weighs what lies there.

type vec [4]float64 // b g r a, 0..255

func unpack(p uint32) vec {
	return vec{float64(p & 0xff), float64(p >> 8 & 0xff), float64(p >> 16 & 0xff), float64(p >> 24)}
}

func (v vec) pack() uint32 {
	var p uint32
	for i, c := range v {
		p |= uint32(math.Floor(min(c, 255)+0.5)) << (8 * i)
	}
	return p
}

// Plain returns p in ARGB8888.
func Plain(p *render.Pixels) render.Pixels {
	out := render.NewPixels(p.W, p.H, render.ARGB8888)
	for y := range p.H {
		for x := range p.W {
			Row(&out, y)[x] = Decode(p, x, y)
		}
	}
	return out
}

// Decode returns pixel x, y of p in any format, premultiplied.
func Decode(p *render.Pixels, x, y int32) uint32 {
	bpp := p.Format.BytesPerPixel()
	b := p.Data[y*p.Stride+x*bpp:]
	var v uint64
	for i := range bpp {
		v |= uint64(b[i]) << (8 * i)
	}
	// Channel positions and widths from the format's name: drm_fourcc.h
	// lists them from the most significant bit.
	type channel struct{ shift, bits int }
	lay := map[render.Format][4]channel{ // b g r a
		render.ARGB8888:    {{0, 8}, {8, 8}, {16, 8}, {24, 8}},
		render.XRGB8888:    {{0, 8}, {8, 8}, {16, 8}, {}},
		render.ABGR8888:    {{16, 8}, {8, 8}, {0, 8}, {24, 8}},
		render.XBGR8888:    {{16, 8}, {8, 8}, {0, 8}, {}},
		render.RGBA8888:    {{8, 8}, {16, 8}, {24, 8}, {0, 8}},
		render.RGBX8888:    {{8, 8}, {16, 8}, {24, 8}, {}},
		render.BGRA8888:    {{24, 8}, {16, 8}, {8, 8}, {0, 8}},
		render.BGRX8888:    {{24, 8}, {16, 8}, {8, 8}, {}},
		render.RGB888:      {{0, 8}, {8, 8}, {16, 8}, {}},
		render.BGR888:      {{16, 8}, {8, 8}, {0, 8}, {}},
		render.RGB565:      {{0, 5}, {5, 6}, {11, 5}, {}},
		render.XRGB2101010: {{0, 10}, {10, 10}, {20, 10}, {}},
		render.ARGB2101010: {{0, 10}, {10, 10}, {20, 10}, {30, 2}},
		render.XBGR2101010: {{20, 10}, {10, 10}, {0, 10}, {}},
		render.ABGR2101010: {{20, 10}, {10, 10}, {0, 10}, {30, 2}},
	}[p.Format]
	var out uint32
	for i, c := range lay {
		w := uint64(255)
		switch c.bits {
		case 0:
		case 2:
			w = v >> c.shift & 3 * 85
		case 5:
			w = v >> c.shift & 31 * 33 >> 2
		case 6:
			w = v >> c.shift & 63 * 65 >> 4
		case 8:
			w = v >> c.shift & 255
		case 10:
			w = v >> c.shift & 1023 >> 2
		}
		out |= uint32(w) << (8 * i)
	}
	return out
}

// weights1 returns the share of each source pixel of one axis in destination
// position i of n, for the crop [a,b) of side pixels.
func weights1(a, b float64, side, n, i int32, f render.Filter) map[int32]float64 {
	scale := (b - a) / float64(n)
	lo := max(int32(math.Floor(a)), 0)
	hi := min(int32(math.Ceil(b)), side) - 1
	clamp := func(v float64) int32 { return min(max(int32(math.Floor(v)), lo), hi) }
	mid := a + (float64(i)+0.5)*scale
	out := map[int32]float64{}
	switch {
	case f == render.Nearest:
		out[clamp(mid)] = 1
	case scale > 2:
		from, to := a+float64(i)*scale, a+float64(i+1)*scale
		for p := clamp(from); p <= clamp(to); p++ {
			if share := min(to, float64(p+1)) - max(from, float64(p)); share > 0 {
				out[p] += share / scale
			}
		}
	default:
		m := mid - 0.5
		frac := m - math.Floor(m)
		out[clamp(m)] += 1 - frac
		out[clamp(m+1)] += frac
	}
	return out
}

// Reference draws op with the picture src, in ARGB8888, onto target inside
// clip.
func Reference(target, src *render.Pixels, op *render.TextureOp, opaque bool, clip *geom.Region) {
	crop := op.Src
	if crop == (geom.FRect{}) {
		crop = src.Size().Rect().F()
	}
	image := op.Transform.ApplySize(op.Dst.Size())
	var columns, lines []map[int32]float64
	for i := range image.W {
		columns = append(columns, weights1(crop.X0, crop.X1, src.W, image.W, i, op.Filter))
	}
	for i := range image.H {
		lines = append(lines, weights1(crop.Y0, crop.Y1, src.H, image.H, i, op.Filter))
	}
	for y := op.Dst.Y0; y < op.Dst.Y1; y++ {
		for x := op.Dst.X0; x < op.Dst.X1; x++ {
			at := geom.Point{X: x, Y: y}
			if !at.In(target.Size().Rect()) || !clip.Contains(at) {
				continue
			}
			q := op.Transform.ApplyRect(geom.XYWH(x-op.Dst.X0, y-op.Dst.Y0, 1, 1), op.Dst.Size())
			var sum vec
			for sy, wy := range lines[q.Y0] {
				for sx, wx := range columns[q.X0] {
					for i, c := range unpack(Row(src, sy)[sx]) {
						sum[i] += wx * wy * c
					}
				}
			}
			if opaque {
				sum[3] = 255
			}
			s := unpack(sum.pack())
			if op.Alpha != 255 {
				for i := range s {
					s[i] = math.Floor(s[i]*float64(op.Alpha)/255 + 0.5)
				}
			}
			d := unpack(Row(target, y)[x])
			if !opaque || op.Alpha != 255 {
				ia := 255 - s[3]
				for i := range s {
					s[i] += math.Floor(d[i]*ia/255 + 0.5)
				}
			}
			Row(target, y)[x] = s.pack()
		}
	}
}

// Picture returns random premultiplied pixels, a third of them opaque and a
// third transparent, in any format. Formats without alpha get junk there.
func Picture(rng *rand.Rand, w, h int32, f render.Format) render.Pixels {
	p := render.NewPixels(w, h, f)
	// A stride with room at the end.
	p.Stride += 12
	p.Data = make([]byte, p.Stride*h)
	for i := range p.Data {
		p.Data[i] = byte(rng.Uint32())
	}
	if f.Opaque() {
		return p
	}
	for y := range h {
		for x := range w {
			c := Straight(rng)
			if f == render.ARGB2101010 || f == render.ABGR2101010 {
				c = c>>30<<30 | c&0x0ff3fcff>>2
			}
			b := p.Data[y*p.Stride+4*x:]
			b[0], b[1], b[2], b[3] = byte(c), byte(c>>8), byte(c>>16), byte(c>>24)
			if f == render.RGBA8888 || f == render.BGRA8888 {
				b[0], b[1], b[2], b[3] = b[3], b[0], b[1], b[2]
			}
		}
	}
	return p
}

// Straight returns a random premultiplied ARGB8888 pixel.
func Straight(rng *rand.Rand) uint32 {
	v := rng.Uint32()
	a := uint8(v >> 24)
	switch rng.IntN(3) {
	case 0:
		a = 255
	case 1:
		a = 0
	}
	return uint32(render.RGBA(uint8(v), uint8(v>>8), uint8(v>>16), a))
}
