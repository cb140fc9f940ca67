package raster

import (
	"math/rand/v2"
	"testing"

	"rayos/geom"
	"rayos/gpu/render"
)

// FuzzScale draws one op with both kernel sets, whole and in pieces.
func FuzzScale(f *testing.F) {
	f.Add(uint8(23), uint8(17), int32(0), int32(0), int32(0), int32(0), int32(3), int32(3), uint16(41), uint16(30), uint8(255), uint8(1))
	f.Add(uint8(40), uint8(30), int32(300), int32(128), int32(7000), int32(5000), int32(-9), int32(2), uint16(9), uint16(60), uint8(90), uint8(11))
	f.Add(uint8(1), uint8(60), int32(0), int32(0), int32(256), int32(9000), int32(0), int32(0), uint16(900), uint16(6), uint8(255), uint8(15))
	fast, slow := New(Options{Workers: 1}), New(Options{Workers: 1, Portable: true})
	f.Fuzz(func(t *testing.T, w, h uint8, x0, y0, x1, y1, left, top int32, wide, high uint16, alpha, how uint8) {
		if w == 0 || h == 0 {
			return
		}
		format := render.ARGB8888
		if how&32 != 0 {
			format = render.XRGB8888
		}
		src := picture(rand.New(rand.NewPCG(uint64(w), uint64(h))), int32(w), int32(h), format)
		op := render.TextureOp{
			Src:       geom.FRect{X0: float64(x0) / 256, Y0: float64(y0) / 256, X1: float64(x1) / 256, Y1: float64(y1) / 256},
			Dst:       geom.XYWH(left, top, int32(wide), int32(high)),
			Transform: geom.Transform(how & 7), Filter: render.Filter(how >> 3 & 1), Opaque: how&16 != 0, Alpha: alpha,
		}
		var pictures []render.Pixels
		for _, r := range []*Renderer{fast, slow, fast} {
			tex, err := r.Import(src, true)
			must(t, err)
			op.Texture = tex
			target := render.NewPixels(67, 45, render.ARGB8888)
			for y := int32(0); y < target.H; y += 9 {
				clip := geom.RegionOf(geom.XYWH(0, y, target.W, 9))
				if len(pictures) == 2 {
					clip = geom.RegionOf(geom.XYWH(0, y, 21, 9), geom.XYWH(21, y, 46, 4), geom.XYWH(21, y+4, 46, 5))
				}
				draw(t, r, &target, &op, &clip)
			}
			pictures = append(pictures, target)
		}
		if d, at := differ(&pictures[0], &pictures[1]); d != 0 {
			t.Errorf("%+v of %dx%d: kernels differ at %v", op, w, h, at)
		}
		if d, at := differ(&pictures[0], &pictures[2]); d != 0 {
			t.Errorf("%+v of %dx%d: pixel %v depends on the clip", op, w, h, at)
		}
	})
}

// TestLargeCopies draws enough for the ways past the cache.
func TestLargeCopies(t *testing.T) {
	r := New(Options{Workers: 1})
	defer r.Close()
	target := render.NewPixels(3072, 2050, render.ARGB8888)
	for _, scale := range []int32{1, 2} {
		src := render.NewPixels(target.W/scale, target.H/scale, render.XRGB8888)
		for i := range words(src.Data) {
			words(src.Data)[i] = uint32(i) & 0xffffff
		}
		tex, err := r.Import(src, true)
		must(t, err)
		draw(t, r, &target, &render.TextureOp{Texture: tex, Dst: target.Size().Rect(), Alpha: 255}, nil)
		for y := range target.H {
			line := row(&src, y/scale)
			for x, px := range row(&target, y) {
				if want := line[int32(x)/scale] | alphaMask; px != want {
					t.Fatalf("scale %d: pixel %d,%d = %#08x; want %#08x", scale, x, y, px, want)
				}
			}
		}
	}
}

// TestWorkersAgree draws a large scene with and without company.
func TestWorkersAgree(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 9))
	src := picture(rng, 500, 400, render.ARGB8888)
	scene := func(r *Renderer) render.Pixels {
		target := render.NewPixels(1111, 1021, render.XRGB8888)
		tex, err := r.Import(src, true)
		must(t, err)
		for range 3 {
			p, err := r.Begin(&target)
			must(t, err)
			p.Clear(0xff336699, nil)
			for i := range 16 {
				p.Texture(&render.TextureOp{
					Texture: tex, Dst: geom.XYWH(int32(i*9), int32(i*7), 900, 900), Alpha: 200,
					Transform: geom.Transform(i % 8), Filter: render.Filter(i % 2),
				}, nil)
			}
			must(t, p.Submit())
		}
		return target
	}
	alone, company := New(Options{Workers: 1}), New(Options{Workers: 4})
	defer alone.Close()
	defer company.Close()
	company.pool.least = 0
	a, b := scene(alone), scene(company)
	if d, at := differ(&a, &b); d != 0 {
		t.Errorf("pixel %v differs by %d", at, d)
	}
}

func TestPassesAllocateNothing(t *testing.T) {
	r := New(Options{Workers: 1})
	defer r.Close()
	src := render.NewPixels(160, 120, render.ARGB8888)
	target := render.NewPixels(256, 256, render.XRGB8888)
	clip := geom.RegionOf(geom.XYWH(0, 0, 225, 5), geom.XYWH(7, 5, 250, 225))
	tex, err := r.Import(src, true)
	must(t, err)
	copied, err := r.Import(src, false)
	must(t, err)
	run := func(name string, fn func(p render.Pass)) {
		t.Helper()
		if n := testing.AllocsPerRun(5, func() {
			p, err := r.Begin(&target)
			must(t, err)
			fn(p)
			must(t, p.Submit())
		}); n != 0 {
			t.Errorf("%s: %v allocations per pass; want 0", name, n)
		}
	}
	run("Rect", func(p render.Pass) { p.Rect(geom.XYWH(3, 3, 200, 200), 0x80000000, &clip) })
	run("Clear", func(p render.Pass) { p.Clear(0, &clip) })
	for tr := geom.Normal; tr <= geom.Flipped270; tr++ {
		for _, dst := range []geom.Size{{W: 160, H: 120}, {W: 200, H: 200}, {W: 50, H: 30}} {
			for f := render.Nearest; f <= render.Bilinear; f++ {
				op := render.TextureOp{Texture: tex, Dst: tr.ApplySize(dst).Rect(), Alpha: 255, Filter: f, Transform: tr}
				run("Texture", func(p render.Pass) { p.Texture(&op, &clip) })
			}
		}
	}
	run("Update", func(render.Pass) { must(t, r.Update(copied, src, &clip)) })
}

// TestSharedPassesAllocateNothing shares every pass. Each goroutine grows its buffers with its first bands, whenever that is.
func TestSharedPassesAllocateNothing(t *testing.T) {
	r := New(Options{Workers: 2})
	defer r.Close()
	r.pool.least = 0
	target := render.NewPixels(1024, 1024, render.XRGB8888)
	tex, err := r.Import(render.NewPixels(640, 480, render.ARGB8888), true)
	must(t, err)
	op := render.TextureOp{Texture: tex, Dst: target.Size().Rect(), Alpha: 255, Filter: render.Bilinear}
	if n := testing.AllocsPerRun(40, func() {
		p, err := r.Begin(&target)
		must(t, err)
		p.Clear(0, nil)
		p.Texture(&op, nil)
		p.Texture(&op, nil)
		must(t, p.Submit())
	}); n != 0 {
		t.Errorf("%v allocations per pass; want 0", n)
	}
}
