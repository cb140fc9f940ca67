package rendertest

import (
	"slices"
	"testing"
	"unsafe"

	"rayos/geom"
	"rayos/gpu/render"
)

// Row returns row y of a picture with 32 bits a pixel.
func Row(p *render.Pixels, y int32) []uint32 {
	b := p.Data[int(y)*int(p.Stride):][:int(p.W)*4]
	return unsafe.Slice((*uint32)(unsafe.Pointer(unsafe.SliceData(b))), p.W)
}

// Must fails the test on an error.
func Must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// Draw draws one op in one pass.
func Draw(t testing.TB, r render.Renderer, target render.Target, op *render.TextureOp, clip *geom.Region) {
	t.Helper()
	p, err := r.Begin(target)
	Must(t, err)
	p.Texture(op, clip)
	Must(t, p.Submit())
}

// Clone returns a picture of its own.
func Clone(p render.Pixels) render.Pixels {
	p.Data = slices.Clone(p.Data)
	return p
}

// Differ returns the largest difference of a channel and where it is.
func Differ(a, b *render.Pixels) (most int, at geom.Point) {
	for y := range a.H {
		ra, rb := Row(a, y), Row(b, y)
		for x := range a.W {
			if d := Apart(ra[x], rb[x]); d > most {
				most, at = d, geom.Point{X: x, Y: y}
			}
		}
	}
	return most, at
}

// Apart returns the largest difference of a channel of two pixels.
func Apart(a, b uint32) (most int) {
	for s := 0; s < 32; s += 8 {
		d := int(a>>s&0xff) - int(b>>s&0xff)
		most = max(most, d, -d)
	}
	return most
}

// Geometry is one way to place a 23×17 buffer.
type Geometry struct {
	Name string
	Src  geom.FRect
	Dst  geom.Rect // before swapping for the transform
}

// Geometries are direct, larger, smaller and distorted.
var Geometries = []Geometry{
	{"same", geom.FRect{}, geom.XYWH(5, 3, 23, 17)},
	{"crop", geom.FRect{X0: 3, Y0: 2, X1: 19, Y1: 15}, geom.XYWH(-2, 7, 16, 13)},
	{"up", geom.FRect{}, geom.XYWH(4, 6, 41, 37)},
	{"up-crop", geom.FRect{X0: 2.25, Y0: 1.5, X1: 9.75, Y1: 8.125}, geom.XYWH(1, 1, 60, 44)},
	{"down", geom.FRect{}, geom.XYWH(9, 9, 15, 11)},
	{"box", geom.FRect{}, geom.XYWH(9, 9, 7, 5)},
	{"box-crop", geom.FRect{X0: 0.5, Y0: 0.75, X1: 22.5, Y1: 17}, geom.XYWH(9, 9, 6, 4)},
	{"wide", geom.FRect{}, geom.XYWH(3, 3, 50, 4)},
	{"tall", geom.FRect{}, geom.XYWH(3, 3, 4, 50)},
	{"column", geom.FRect{X0: 4, Y0: 0, X1: 5, Y1: 17}, geom.XYWH(2, 2, 30, 30)},
}

// Each calls fn with every combination of geometry, transform, filter and
// alpha.
func Each(some []Geometry, fn func(name string, op render.TextureOp)) {
	for _, g := range some {
		for tr := geom.Normal; tr <= geom.Flipped270; tr++ {
			for _, filter := range []render.Filter{render.Nearest, render.Bilinear} {
				for _, alpha := range []uint8{255, 100} {
					op := render.TextureOp{Src: g.Src, Dst: g.Dst, Transform: tr, Filter: filter, Alpha: alpha}
					if tr.Swaps() {
						op.Dst.X1, op.Dst.Y1 = op.Dst.X0+g.Dst.H(), op.Dst.Y0+g.Dst.W()
					}
					fn(g.Name, op)
				}
			}
		}
	}
}
