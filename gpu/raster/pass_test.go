package raster

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"rayos/geom"
	"rayos/gpu/render"
)

func TestRectAndClear(t *testing.T) {
	const back, glass, wall = 0xff204060, 0x80402010, 0xff0a0b0c
	// Red is 0x20·127/255 + 0x40, rounded, and so on.
	const mixed = 0xff504040
	clip := geom.RegionOf(geom.XYWH(0, 0, 10, 4), geom.XYWH(20, 2, 10, 20))
	for name, opts := range sets() {
		r := New(opts)
		defer r.Close()
		target := render.NewPixels(33, 21, render.ARGB8888)
		p, err := r.Begin(&target)
		must(t, err)
		p.Clear(back, nil)
		p.Rect(geom.XYWH(-5, -5, 100, 100), glass, &clip)
		p.Rect(geom.XYWH(12, 1, 14, 5), wall, nil)
		corner := geom.RegionOf(geom.XYWH(0, 20, 3, 99))
		p.Clear(0, &corner)
		p.Rect(geom.XYWH(4, 4, 0, 9), wall, nil)
		must(t, p.Submit())
		for y := range target.H {
			for x := range target.W {
				at := geom.Point{X: x, Y: y}
				want := uint32(back)
				if clip.Contains(at) {
					want = mixed
				}
				if at.In(geom.XYWH(12, 1, 14, 5)) {
					want = wall
				}
				if x < 3 && y == 20 {
					want = 0
				}
				if got := row(&target, y)[x]; got != want {
					t.Fatalf("%s: pixel %v = %#08x; want %#08x", name, at, got, want)
				}
			}
		}
	}
}

// TestClipNeverChangesPixels draws scaled pictures whole and in pieces.
func TestClipNeverChangesPixels(t *testing.T) {
	r := New(Options{Workers: 1})
	defer r.Close()
	rng := rand.New(rand.NewPCG(5, 5))
	src := picture(rng, 23, 17, render.ARGB8888)
	tex, err := r.Import(src, true)
	must(t, err)
	each(geometries, func(name string, op render.TextureOp) {
		op.Texture = tex
		whole, pieces := render.NewPixels(70, 64, render.ARGB8888), render.NewPixels(70, 64, render.ARGB8888)
		draw(t, r, &whole, &op, nil)
		for y := int32(0); y < 64; y += 5 {
			for x := int32(0); x < 70; x += 13 {
				clip := geom.RegionOf(geom.XYWH(x, y, 13, 5))
				draw(t, r, &pieces, &op, &clip)
			}
		}
		if d, at := differ(&whole, &pieces); d != 0 {
			t.Errorf("%s %v filter %d: pixel %v depends on the clip", name, op.Transform, op.Filter, at)
		}
	})
}

// TestNoBleeding scales a crop that is surrounded by another colour.
func TestNoBleeding(t *testing.T) {
	r := New(Options{Workers: 1})
	defer r.Close()
	src := render.NewPixels(20, 20, render.XRGB8888)
	inner := geom.XYWH(6, 7, 5, 4)
	for y := range src.H {
		for x := range src.W {
			if (geom.Point{X: x, Y: y}).In(inner) {
				row(&src, y)[x] = 0xff00ff00
			} else {
				row(&src, y)[x] = 0xffff0000
			}
		}
	}
	tex, err := r.Import(src, true)
	must(t, err)
	for _, dst := range []geom.Size{{W: 50, H: 41}, {W: 6, H: 5}, {W: 2, H: 1}, {W: 1, H: 30}} {
		for tr := geom.Normal; tr <= geom.Flipped270; tr++ {
			target := render.NewPixels(dst.W, dst.H, render.XRGB8888)
			draw(t, r, &target, &render.TextureOp{Texture: tex, Src: inner.F(), Dst: dst.Rect(), Transform: tr, Filter: render.Bilinear, Alpha: 255}, nil)
			for i, px := range words(target.Data) {
				if px != 0xff00ff00 {
					t.Fatalf("to %v %v: pixel %d is %#08x; want the inner colour", dst, tr, i, px)
				}
			}
		}
	}
}

// TestOddOps draws what a hostile client can ask for.
func TestOddOps(t *testing.T) {
	r := New(Options{Workers: 1})
	defer r.Close()
	tex, err := r.Import(render.NewPixels(7, 5, render.ARGB8888), true)
	must(t, err)
	released, err := r.Import(render.NewPixels(7, 5, render.ARGB8888), false)
	must(t, err)
	released.Release()
	const far = math.MaxInt32
	target := render.NewPixels(50, 50, render.XRGB8888)
	small := geom.XYWH(1, 1, 30, 30)
	for _, filter := range []render.Filter{render.Nearest, render.Bilinear} {
		for tr := geom.Normal; tr <= geom.Flipped270+1; tr++ {
			for _, op := range []render.TextureOp{
				{Texture: tex, Dst: geom.Rect{X0: -far, Y0: -far, X1: far, Y1: far}},
				{Texture: tex, Dst: geom.XYWH(-far/4, -far/4, far/2, far/2)},
				{Texture: tex, Dst: geom.XYWH(-far/4, 10, far/2, 1)},
				{Texture: tex, Dst: geom.XYWH(10, 10, 1, 1)},
				{Texture: tex, Dst: small, Src: geom.FRect{X0: -10, Y0: -10, X1: 100, Y1: 100}},
				{Texture: tex, Dst: small, Src: geom.FRect{X0: -10, Y0: -10, X1: 0.001, Y1: 0.001}},
				{Texture: tex, Dst: small, Src: geom.FRect{X0: 6.999, Y0: 4.999, X1: 7, Y1: 5}},
				{Texture: tex, Dst: small, Src: geom.FRect{X0: 7, Y0: 0, X1: 9, Y1: 5}},
				{Texture: tex, Dst: small, Src: geom.FRect{X0: 3, Y0: 3, X1: 3, Y1: 3}},
				{Texture: tex, Dst: small, Src: geom.FRect{X0: 3, Y0: 3, X1: 2, Y1: 2}},
				{Texture: tex, Dst: small, Src: geom.FRect{X0: math.NaN(), X1: 1, Y1: 1}},
				{Texture: tex, Dst: small, Src: geom.FRect{X0: math.Inf(-1), X1: math.Inf(1), Y1: 1}},
				{Texture: tex, Dst: small, Src: geom.FRect{X0: -(1 << 20), Y0: -(1 << 20), X1: 1 << 20, Y1: 1 << 20}},
				{Texture: tex, Dst: geom.XYWH(0, 0, 7, 5), Src: geom.FRect{X0: -1, Y0: 0, X1: 6, Y1: 5}},
				{Texture: released, Dst: small},
				{Dst: small},
			} {
				op.Alpha, op.Transform, op.Filter = 255, tr, filter
				draw(t, r, &target, &op, nil)
			}
		}
	}
}

func TestReleaseBeforeSubmit(t *testing.T) {
	r := New(Options{Workers: 1})
	defer r.Close()
	target := render.NewPixels(9, 9, render.XRGB8888)
	tex, err := r.Import(render.NewPixels(9, 9, render.XRGB8888), true)
	must(t, err)
	p, err := r.Begin(&target)
	must(t, err)
	p.Texture(&render.TextureOp{Texture: tex, Dst: target.Size().Rect(), Alpha: 255}, nil)
	tex.Release()
	must(t, p.Submit())
	if words(target.Data)[40] != 0 {
		t.Error("a released texture was drawn")
	}
}

func TestLostPass(t *testing.T) {
	r := New(Options{Workers: 1})
	defer r.Close()
	target := render.NewPixels(9, 9, render.XRGB8888)
	lost, err := r.Begin(&target)
	must(t, err)
	lost.Clear(0xffffffff, nil)
	if _, err := r.Begin(&target); err == nil {
		t.Error("Begin opened a second pass")
	}
	p, err := r.Begin(&target)
	must(t, err)
	must(t, p.Submit())
	if words(target.Data)[0] != 0 {
		t.Error("the lost pass was drawn")
	}
	if err := p.Submit(); err == nil {
		t.Error("Submit worked twice")
	}
}

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

func TestUpdateCopiesOnlyDamage(t *testing.T) {
	r := New(Options{Workers: 1})
	defer r.Close()
	for _, f := range r.Formats() {
		rng := rand.New(rand.NewPCG(2, uint64(f)))
		before, after := picture(rng, 40, 30, f), picture(rng, 40, 30, f)
		tex, err := r.Import(before, false)
		must(t, err)
		damage := geom.RegionOf(geom.XYWH(3, 4, 17, 5), geom.XYWH(-9, 20, 20, 99))
		must(t, r.Update(tex, after, &damage))
		got := render.NewPixels(40, 30, render.ARGB8888)
		draw(t, r, &got, &render.TextureOp{Texture: tex, Dst: got.Size().Rect(), Alpha: 255}, nil)
		for y := range got.H {
			for x := range got.W {
				from := &before
				if damage.Contains(geom.Point{X: x, Y: y}) {
					from = &after
				}
				if g, w := row(&got, y)[x], decode(from, x, y); g != w && w != 0 {
					t.Fatalf("%v: pixel %d,%d = %#08x; want %#08x", f, x, y, g, w)
				}
			}
		}
		if err := r.Update(tex, render.NewPixels(40, 31, f), nil); err == nil {
			t.Errorf("%v: Update accepted another size", f)
		}
	}
}

func TestBadPixels(t *testing.T) {
	r := New(Options{})
	defer r.Close()
	ok := render.NewPixels(10, 10, render.ARGB8888)
	for name, change := range map[string]func(p *render.Pixels){
		"no width":      func(p *render.Pixels) { p.W = 0 },
		"less height":   func(p *render.Pixels) { p.H = -1 },
		"short stride":  func(p *render.Pixels) { p.Stride = 39 },
		"short data":    func(p *render.Pixels) { p.Data = p.Data[:399] },
		"wide":          func(p *render.Pixels) { p.W = math.MaxInt32 },
		"no format":     func(p *render.Pixels) { p.Format = 0 },
		"giant strides": func(p *render.Pixels) { p.Stride = math.MaxInt32 },
	} {
		p := ok
		change(&p)
		if _, err := r.Import(p, true); err == nil {
			t.Errorf("Import accepted pixels with %s", name)
		}
		if _, err := r.Begin(&p); err == nil {
			t.Errorf("Begin accepted pixels with %s", name)
		}
		if err := r.ReadPixels(&ok, ok.Size().Rect(), p); err == nil {
			t.Errorf("ReadPixels accepted pixels with %s", name)
		}
	}
	for _, box := range []geom.Rect{{}, geom.XYWH(-1, 0, 10, 10), geom.XYWH(0, 0, 9, 10)} {
		if err := r.ReadPixels(&ok, box, ok); err == nil {
			t.Errorf("ReadPixels accepted %v for a picture of %v", box, ok.Size())
		}
	}
}

func TestReadPixels(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	target := picture(rng, 50, 40, render.ARGB8888)
	box := geom.XYWH(3, 5, 41, 30)
	for name, opts := range sets() {
		r := New(opts)
		defer r.Close()
		for _, targetFormat := range []render.Format{render.ARGB8888, render.XRGB8888} {
			target.Format = targetFormat
			for _, f := range r.Formats() {
				dst := picture(rng, box.W(), box.H(), f)
				edge := slices.Clone(dst.Data[box.W()*f.BytesPerPixel() : dst.Stride])
				must(t, r.ReadPixels(&target, box, dst))
				for y := range dst.H {
					for x := range dst.W {
						want := row(&target, y+box.Y0)[x+box.X0]
						keep := uint32(0xffffffff)
						switch f {
						case render.RGB565:
							keep = 0xfff8fcf8
						case render.ARGB2101010, render.ABGR2101010:
							keep = 0xc0ffffff
						}
						if f.Opaque() || targetFormat.Opaque() {
							want |= alphaMask
						}
						if got := decode(&dst, x, y); got&keep != want&keep {
							t.Fatalf("%s: %v as %v at %d,%d = %#08x; want %#08x", name, targetFormat, f, x, y, got, want)
						}
					}
				}
				if !slices.Equal(edge, dst.Data[box.W()*f.BytesPerPixel():dst.Stride]) {
					t.Errorf("%s: %v: wrote beyond the row", name, f)
				}
			}
		}
	}
}
