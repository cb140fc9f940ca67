package display

import (
	"encoding/binary"

	"rayos/geom"
	"rayos/gpu/render"
)

// GammaSize is how many values a ramp has for a channel: one for each that a
// framebuffer can hold.
const GammaSize = 256

// Gamma is a look-up table for each channel of an output, as a screen
// controller has it. Displays without one put their frames through it on the
// way from the picture to the framebuffer.
type Gamma struct {
	red, green, blue [GammaSize]uint32 // shifted to their place in a pixel
	// damage of the last frames, newest at at.
	damage [4]geom.Region
	at     int
	frames int // known, at most len(damage)
	sum    geom.Region
}

// NewGamma makes a table of ramps: GammaSize values from 0 to 65535 for red,
// then green, then blue.
func NewGamma(ramps []uint16) *Gamma {
	g := &Gamma{}
	for i := range GammaSize {
		v := func(channel int) uint32 { return (uint32(ramps[channel*GammaSize+i])*255 + 32767) / 65535 }
		g.red[i], g.green[i], g.blue[i] = v(0)<<16, v(1)<<8, v(2)
	}
	return g
}

// Put brings a framebuffer of an age (see Output.Framebuffer) up to date with a
// picture of the same size, both XRGB8888. damage is what has changed in the
// picture since the last Put.
func (g *Gamma) Put(dst, picture *render.Pixels, damage *geom.Region, age int) {
	g.at = (g.at + 1) % len(g.damage)
	g.damage[g.at].Set(damage)
	g.frames = min(g.frames+1, len(g.damage))
	all := picture.Size().Rect()
	if age < 1 || age > g.frames {
		g.sum.SetRect(all)
	} else {
		g.sum.Clear()
		for i := range age {
			g.sum.Union(&g.damage[(g.at+len(g.damage)-i)%len(g.damage)])
		}
	}
	for _, r := range g.sum.Rects() {
		g.putRect(dst, picture, r.Intersect(all).Intersect(dst.Size().Rect()))
	}
}

func (g *Gamma) putRect(dst, src *render.Pixels, r geom.Rect) {
	for y := r.Y0; y < r.Y1 && r.X0 < r.X1; y++ {
		from := src.Data[y*src.Stride+4*r.X0 : y*src.Stride+4*r.X1]
		to := dst.Data[y*dst.Stride+4*r.X0 : y*dst.Stride+4*r.X1]
		for ; len(from) >= 4 && len(to) >= 4; from, to = from[4:], to[4:] {
			p := binary.LittleEndian.Uint32(from)
			binary.LittleEndian.PutUint32(to, g.red[p>>16&255]|g.green[p>>8&255]|g.blue[p&255]|0xff000000)
		}
	}
}
