package images

import (
	"context"
	"encoding/binary"
	"math"

	"rayos/gpu/render"
	"rayos/rayapps/paint"
)

// level is a picture, or a half of one, and what it is drawn from once it was.
type level struct {
	pixels render.Pixels
	tiles  []tile
}

// smallest is how large the last level's longer side is at most.
const smallest = 512

// Tables of sRGB (IEC 61966-2-1): what light a value is, of 65,535, and back, by
// the upper 12 bits.
var (
	light [256]uint32
	value [4096]uint8
)

func init() {
	for i := range light {
		v := float64(i) / 255
		if v <= 0.04045 {
			v /= 12.92
		} else {
			v = math.Pow((v+0.055)/1.055, 2.4)
		}
		light[i] = uint32(v*65535 + 0.5)
	}
	for i := range value {
		v := (float64(i) + 0.5) / 4096
		if v <= 0.0031308 {
			v *= 12.92
		} else {
			v = 1.055*math.Pow(v, 1/2.4) - 0.055
		}
		value[i] = uint8(v*255 + 0.5)
	}
}

// halves returns a picture, a half of it, a half of that and so on.
func halves(ctx context.Context, p render.Pixels) ([]level, error) {
	list := []level{{pixels: p}}
	for max(p.W, p.H) > smallest {
		var err error
		if p, err = half(ctx, &p); err != nil {
			return nil, err
		}
		list = append(list, level{pixels: p})
	}
	return list, nil
}

// half returns the picture with half the sides, rounded up: each pixel is the mean
// light of four.
func half(ctx context.Context, p *render.Pixels) (render.Pixels, error) {
	h := render.NewPixels((p.W+1)/2, (p.H+1)/2, p.Format)
	for y := range h.H {
		if y%strip == 0 && ctx.Err() != nil {
			return h, ctx.Err()
		}
		a := p.Data[2*y*p.Stride:]
		b := p.Data[min(2*y+1, p.H-1)*p.Stride:]
		out := h.Data[y*h.Stride:]
		for x := range h.W {
			i, j := 8*x, 4*min(2*x+1, p.W-1)
			mean(out[4*x:4*x+4], a[i:i+4], a[j:j+4], b[i:i+4], b[j:j+4])
		}
	}
	return h, nil
}

// mean writes the mean of four premultiplied pixels.
func mean(out, a, b, c, d []byte) {
	alpha := uint32(a[3]) + uint32(b[3]) + uint32(c[3]) + uint32(d[3])
	switch alpha {
	case 0:
		binary.LittleEndian.PutUint32(out, 0)
	case 4 * 255:
		for i := range 3 {
			out[i] = value[(light[a[i]]+light[b[i]]+light[c[i]]+light[d[i]]+2)>>6]
		}
		out[3] = 255
	default:
		k := (alpha + 2) / 4
		for i := range 3 {
			sum := uint64(0)
			for _, q := range [4][]byte{a, b, c, d} {
				if q[3] != 0 {
					sum += uint64(light[min(uint32(q[i])*255/uint32(q[3]), 255)]) * uint64(q[3])
				}
			}
			v := uint32(value[min(sum/uint64(alpha)>>4, 4095)])
			out[i] = uint8((v*k + 127) / 255)
		}
		out[3] = uint8(k)
	}
}

// turn returns a picture as an orientation of Exif says that it stands: 1 as it
// is, 2 to 4 mirrored, upside down or both, 5 to 8 on its side.
func turn(p render.Pixels, orientation int) render.Pixels {
	if orientation < 2 || orientation > 8 {
		return p
	}
	w, h := p.W, p.H
	if orientation >= 5 {
		w, h = h, w
	}
	t := render.NewPixels(w, h, p.Format)
	// Where the first pixel comes from, and how far the next ones of a row and
	// of a column are, in bytes.
	right, bottom := 4*(p.W-1), p.Stride*(p.H-1)
	var from, dx, dy int32
	switch orientation {
	case 2:
		from, dx, dy = right, -4, p.Stride
	case 3:
		from, dx, dy = bottom+right, -4, -p.Stride
	case 4:
		from, dx, dy = bottom, 4, -p.Stride
	case 5:
		from, dx, dy = 0, p.Stride, 4
	case 6:
		from, dx, dy = bottom, -p.Stride, 4
	case 7:
		from, dx, dy = bottom+right, -p.Stride, -4
	case 8:
		from, dx, dy = right, p.Stride, -4
	}
	for y := range h {
		at := int(from) + int(y)*int(dy)
		out := t.Data[int(y)*int(t.Stride):]
		for x := range int(w) {
			copy(out[4*x:4*x+4], p.Data[at:at+4])
			at += int(dx)
		}
	}
	return t
}

// tile is a part of a level that an image can be.
type tile struct {
	x, y  int32
	image *paint.Image
}

// tileSide is how large tiles are; most pictures are one.
const tileSide = paint.MaxImageSide

// images returns the tiles of a level, made when it is first drawn.
func (l *level) images() ([]tile, error) {
	p := &l.pixels
	for y := int32(0); y < p.H && len(l.tiles) < int((p.H+tileSide-1)/tileSide*((p.W+tileSide-1)/tileSide)); y += tileSide {
		for x := int32(0); x < p.W; x += tileSide {
			m, err := paint.NewImage(render.Pixels{
				Data: p.Data[int(y)*int(p.Stride)+4*int(x):], W: min(p.W-x, tileSide), H: min(p.H-y, tileSide), Stride: p.Stride, Format: p.Format,
			})
			if err != nil {
				return nil, err
			}
			l.tiles = append(l.tiles, tile{x, y, m})
		}
	}
	return l.tiles, nil
}
