package vector

import (
	"rayos/geom"
	"rayos/gpu/render"
)

// Stop is a colour at a place of a gradient, 0 to 255.
type Stop struct {
	At    uint8
	Color render.Color
}

// Ramp is the colours of a gradient, made once from its stops.
type Ramp [256]uint32

// NewRamp mixes the premultiplied colours between stops, which ascend.
func NewRamp(stops ...Stop) *Ramp {
	var r Ramp
	if len(stops) == 0 {
		return &r
	}
	k := 0
	for i := range r {
		for k+1 < len(stops) && i >= int(stops[k+1].At) {
			k++
		}
		a := stops[k]
		if k+1 == len(stops) || i <= int(a.At) {
			r[i] = uint32(a.Color)
			continue
		}
		b := stops[k+1]
		r[i] = mixChannels(uint32(a.Color), uint32(b.Color), i-int(a.At), int(b.At)-int(a.At))
	}
	return &r
}

// mixChannels returns the colour n/d of the way from a to b.
func mixChannels(a, b uint32, n, d int) uint32 {
	var out uint32
	for shift := 0; shift < 32; shift += 8 {
		x, y := int(a>>shift&0xff), int(b>>shift&0xff)
		out |= uint32((x*(d-n)+y*n+d/2)/d) << shift
	}
	return out
}

// Linear is a gradient along the line from A to B, constant beyond its ends.
type Linear struct {
	A, B Point
	Ramp *Ramp
}

func (g Linear) span(x, y int32, out []uint32) {
	dx, dy := int64(g.B.X-g.A.X), int64(g.B.Y-g.A.Y)
	length := dx*dx + dy*dy
	if length == 0 {
		Solid(g.Ramp[255]).span(x, y, out)
		return
	}
	// Pixel centres, 24.8. The dot product of a step of one pixel is dx<<8.
	px, py := int64(x)<<8+128-int64(g.A.X), int64(y)<<8+128-int64(g.A.Y)
	dot := px*dx + py*dy
	for i := range out {
		out[i] = g.Ramp[min(max(dot, 0), length)*255/length]
		dot += dx << 8
	}
}

// Radial is a gradient from the centre to a circle, constant outside of it.
type Radial struct {
	Centre Point
	Radius geom.Fixed
	Ramp   *Ramp
}

func (g Radial) span(x, y int32, out []uint32) {
	r := int64(g.Radius)
	if r <= 0 {
		Solid(g.Ramp[255]).span(x, y, out)
		return
	}
	px, py := int64(x)<<8+128-int64(g.Centre.X), int64(y)<<8+128-int64(g.Centre.Y)
	for i := range out {
		d := int64(isqrt(uint64(px*px + py*py)))
		out[i] = g.Ramp[min(d, r)*255/r]
		px += 256
	}
}
