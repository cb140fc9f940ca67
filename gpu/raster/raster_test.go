package raster

import (
	"math/rand/v2"
	"testing"

	"rayos/geom"
	"rayos/gpu/render"
)

// sets are the kernel sets to test.
func sets() map[string]Options {
	return map[string]Options{
		"fast":     {Workers: 1},
		"portable": {Workers: 1, Portable: true},
	}
}

// must fails the test on an error.
func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// draw draws one op in one pass.
func draw(t testing.TB, r *Renderer, target *render.Pixels, op *render.TextureOp, clip *geom.Region) {
	t.Helper()
	p, err := r.Begin(target)
	must(t, err)
	p.Texture(op, clip)
	must(t, p.Submit())
}

func clone(p render.Pixels) render.Pixels {
	p.Data = append([]byte(nil), p.Data...)
	return p
}

// differ returns the largest difference of a channel and where it is.
func differ(a, b *render.Pixels) (most int, at geom.Point) {
	for y := range a.H {
		ra, rb := row(a, y), row(b, y)
		for x := range a.W {
			for s := 0; s < 32; s += 8 {
				d := int(ra[x]>>s&0xff) - int(rb[x]>>s&0xff)
				if d = max(d, -d); d > most {
					most, at = d, geom.Point{X: x, Y: y}
				}
			}
		}
	}
	return most, at
}

// geometry is one way to place a 23×17 buffer.
type geometry struct {
	name string
	src  geom.FRect
	dst  geom.Rect // before swapping for the transform
}

var geometries = []geometry{
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

// TestAgainstReference draws every geometry, transform and filter, the first
// two geometries in all formats. Without resampling the result is exact; with
// it, each axis rounds its weights to 1/256 and its result to 8 bits.
func TestAgainstReference(t *testing.T) {
	clip := geom.RegionOf(geom.XYWH(0, 0, 64, 20), geom.XYWH(7, 20, 40, 9), geom.XYWH(50, 25, 9, 30), geom.XYWH(3, 40, 33, 16))
	for name, opts := range sets() {
		t.Run(name, func(t *testing.T) {
			r := New(opts)
			defer r.Close()
			for i, f := range r.Formats() {
				rng := rand.New(rand.NewPCG(1, uint64(i)))
				src := picture(rng, 23, 17, f)
				src8 := plain(&src)
				tex, err := r.Import(src, false)
				must(t, err)
				back := picture(rng, 64, 56, render.ARGB8888)
				some := geometries
				if i > 1 {
					some = geometries[:2]
				}
				each(some, func(name string, op render.TextureOp) {
					op.Texture = tex
					got, want := clone(back), clone(back)
					draw(t, r, &got, &op, &clip)
					reference(&want, &src8, &op, f.Opaque(), &clip)
					limit := 0
					if op.Filter == render.Bilinear && name != "same" && name != "crop" {
						limit = 3
					}
					if d, at := differ(&got, &want); d > limit {
						t.Errorf("%v %s %v filter %d alpha %d: differs by %d at %v: %#08x; want %#08x", f, name, op.Transform, op.Filter, op.Alpha, d, at, row(&got, at.Y)[at.X], row(&want, at.Y)[at.X])
					}
				})
			}
		})
	}
}

// each calls fn with every combination of geometry, transform, filter and
// alpha.
func each(some []geometry, fn func(name string, op render.TextureOp)) {
	for _, g := range some {
		for tr := geom.Normal; tr <= geom.Flipped270; tr++ {
			for _, filter := range []render.Filter{render.Nearest, render.Bilinear} {
				for _, alpha := range []uint8{255, 100} {
					op := render.TextureOp{Src: g.src, Dst: g.dst, Transform: tr, Filter: filter, Alpha: alpha}
					if tr.Swaps() {
						op.Dst.X1, op.Dst.Y1 = op.Dst.X0+g.dst.H(), op.Dst.Y0+g.dst.W()
					}
					fn(g.name, op)
				}
			}
		}
	}
}
