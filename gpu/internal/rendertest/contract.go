package rendertest

import (
	"math"
	"math/rand/v2"
	"testing"

	"rayos/geom"
	"rayos/gpu/render"
)

// Subject is a renderer under test, and how far its pixels may be from what is
// right.
type Subject struct {
	// New returns a renderer that the test's end closes.
	New func(t testing.TB) render.Renderer
	// Direct and Scaled are by how much a channel may differ in pictures that
	// are drawn pixel for pixel, and in others.
	Direct, Scaled int
}

// Contract runs the table.
func Contract(t *testing.T, s Subject) {
	for _, c := range []struct {
		name string
		run  func(*testing.T, Subject)
	}{
		{"Reference", reference},
		{"RectAndClear", rectAndClear},
		{"ClipNeverChangesPixels", clips},
		{"NoBleeding", noBleeding},
		{"OddOps", oddOps},
		{"ReleaseBeforeSubmit", releaseBeforeSubmit},
		{"LostPass", lostPass},
		{"UpdateCopiesOnlyDamage", update},
		{"InPlace", inPlace},
		{"BadPixels", badPixels},
		{"ReadPixels", readPixels},
		{"Strides", strides},
	} {
		t.Run(c.name, func(t *testing.T) { c.run(t, s) })
	}
}

// reference draws every geometry, transform and filter, the first two
// geometries in all formats.
func reference(t *testing.T, s Subject) {
	clip := geom.RegionOf(geom.XYWH(0, 0, 64, 20), geom.XYWH(7, 20, 40, 9), geom.XYWH(50, 25, 9, 30), geom.XYWH(3, 40, 33, 16))
	r := s.New(t)
	for i, f := range r.Formats() {
		rng := rand.New(rand.NewPCG(1, uint64(i)))
		src := Picture(rng, 23, 17, f)
		src8 := Plain(&src)
		tex, err := r.Import(src, false)
		Must(t, err)
		back := Picture(rng, 64, 56, render.ARGB8888)
		some := Geometries
		if i > 1 {
			some = Geometries[:2]
		}
		Each(some, func(name string, op render.TextureOp) {
			op.Texture = tex
			got, want := Clone(back), Clone(back)
			Draw(t, r, &got, &op, &clip)
			Reference(&want, &src8, &op, f.Opaque(), &clip)
			limit := s.Direct
			if op.Filter == render.Bilinear && name != "same" && name != "crop" {
				limit = s.Scaled
			}
			if d, at := Differ(&got, &want); d > limit {
				t.Errorf("%v %s %v filter %d alpha %d: differs by %d at %v: %#08x; want %#08x", f, name, op.Transform, op.Filter, op.Alpha, d, at, Row(&got, at.Y)[at.X], Row(&want, at.Y)[at.X])
			}
		})
	}
}

func rectAndClear(t *testing.T, s Subject) {
	const back, glass, wall = 0xff204060, 0x80402010, 0xff0a0b0c
	// Red is 0x20·127/255 + 0x40, rounded, and so on.
	const mixed = 0xff504040
	clip := geom.RegionOf(geom.XYWH(0, 0, 10, 4), geom.XYWH(20, 2, 10, 20))
	r := s.New(t)
	target := render.NewPixels(33, 21, render.ARGB8888)
	p, err := r.Begin(&target)
	Must(t, err)
	p.Clear(back, nil)
	p.Rect(geom.XYWH(-5, -5, 100, 100), glass, &clip)
	p.Rect(geom.XYWH(12, 1, 14, 5), wall, nil)
	corner := geom.RegionOf(geom.XYWH(0, 20, 3, 99))
	p.Clear(0, &corner)
	p.Rect(geom.XYWH(4, 4, 0, 9), wall, nil)
	Must(t, p.Submit())
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
			if got := Row(&target, y)[x]; Apart(got, want) > s.Direct {
				t.Fatalf("pixel %v = %#08x; want %#08x", at, got, want)
			}
		}
	}
}

// clips draws scaled pictures whole and in pieces.
func clips(t *testing.T, s Subject) {
	r := s.New(t)
	rng := rand.New(rand.NewPCG(5, 5))
	src := Picture(rng, 23, 17, render.ARGB8888)
	tex, err := r.Import(src, true)
	Must(t, err)
	Each(Geometries, func(name string, op render.TextureOp) {
		op.Texture = tex
		whole, pieces := render.NewPixels(70, 64, render.ARGB8888), render.NewPixels(70, 64, render.ARGB8888)
		Draw(t, r, &whole, &op, nil)
		p, err := r.Begin(&pieces)
		Must(t, err)
		for y := int32(0); y < 64; y += 5 {
			for x := int32(0); x < 70; x += 13 {
				clip := geom.RegionOf(geom.XYWH(x, y, 13, 5))
				p.Texture(&op, &clip)
			}
		}
		Must(t, p.Submit())
		if d, at := Differ(&whole, &pieces); d != 0 {
			t.Errorf("%s %v filter %d: pixel %v depends on the clip", name, op.Transform, op.Filter, at)
		}
	})
}

// noBleeding scales a crop that is surrounded by another colour.
func noBleeding(t *testing.T, s Subject) {
	r := s.New(t)
	src := render.NewPixels(20, 20, render.XRGB8888)
	inner := geom.XYWH(6, 7, 5, 4)
	for y := range src.H {
		for x := range src.W {
			Row(&src, y)[x] = 0xffff0000
			if (geom.Point{X: x, Y: y}).In(inner) {
				Row(&src, y)[x] = 0xff00ff00
			}
		}
	}
	tex, err := r.Import(src, true)
	Must(t, err)
	for _, dst := range []geom.Size{{W: 50, H: 41}, {W: 6, H: 5}, {W: 2, H: 1}, {W: 1, H: 30}} {
		for tr := geom.Normal; tr <= geom.Flipped270; tr++ {
			target := render.NewPixels(dst.W, dst.H, render.XRGB8888)
			Draw(t, r, &target, &render.TextureOp{Texture: tex, Src: inner.F(), Dst: dst.Rect(), Transform: tr, Filter: render.Bilinear, Alpha: 255}, nil)
			for y := range target.H {
				for x, px := range Row(&target, y) {
					if px != 0xff00ff00 {
						t.Fatalf("to %v %v: pixel %d,%d is %#08x; want the inner colour", dst, tr, x, y, px)
					}
				}
			}
		}
	}
}

// oddOps draws what a hostile client can ask for.
func oddOps(t *testing.T, s Subject) {
	r := s.New(t)
	tex, err := r.Import(render.NewPixels(7, 5, render.ARGB8888), true)
	Must(t, err)
	released, err := r.Import(render.NewPixels(7, 5, render.ARGB8888), false)
	Must(t, err)
	released.Release()
	other, err := s.New(t).Import(render.NewPixels(7, 5, render.ARGB8888), false)
	Must(t, err)
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
				{Texture: other, Dst: small},
				{Dst: small},
			} {
				op.Alpha, op.Transform, op.Filter = 255, tr, filter
				Draw(t, r, &target, &op, nil)
			}
		}
	}
	for y := range target.H {
		for x, px := range Row(&target, y) {
			if px&0xffffff != 0 {
				t.Fatalf("pixel %d,%d is %#08x; nothing but black was drawn", x, y, px)
			}
		}
	}
}

func releaseBeforeSubmit(t *testing.T, s Subject) {
	r := s.New(t)
	target := render.NewPixels(9, 9, render.XRGB8888)
	white := render.NewPixels(9, 9, render.XRGB8888)
	for i := range white.Data {
		white.Data[i] = 0xff
	}
	tex, err := r.Import(white, true)
	Must(t, err)
	p, err := r.Begin(&target)
	Must(t, err)
	p.Texture(&render.TextureOp{Texture: tex, Dst: target.Size().Rect(), Alpha: 255}, nil)
	tex.Release()
	Must(t, p.Submit())
	if Row(&target, 4)[4]&0xffffff != 0 {
		t.Error("a released texture was drawn")
	}
}

func lostPass(t *testing.T, s Subject) {
	r := s.New(t)
	target := render.NewPixels(9, 9, render.XRGB8888)
	lost, err := r.Begin(&target)
	Must(t, err)
	lost.Clear(0xffffffff, nil)
	if _, err := r.Begin(&target); err == nil {
		t.Error("Begin opened a second pass")
	}
	p, err := r.Begin(&target)
	Must(t, err)
	Must(t, p.Submit())
	if Row(&target, 0)[0] != 0 {
		t.Error("the lost pass was drawn")
	}
	if err := p.Submit(); err == nil {
		t.Error("Submit worked twice")
	}
}

func update(t *testing.T, s Subject) {
	r := s.New(t)
	for _, f := range r.Formats() {
		rng := rand.New(rand.NewPCG(2, uint64(f)))
		before, after := Picture(rng, 40, 30, f), Picture(rng, 40, 30, f)
		tex, err := r.Import(before, false)
		Must(t, err)
		got := render.NewPixels(40, 30, render.ARGB8888)
		op := render.TextureOp{Texture: tex, Dst: got.Size().Rect(), Alpha: 255}
		Draw(t, r, &got, &op, nil)
		damage := geom.RegionOf(geom.XYWH(3, 4, 17, 5), geom.XYWH(-9, 20, 20, 99))
		Must(t, r.Update(tex, after, &damage))
		clear(got.Data)
		Draw(t, r, &got, &op, nil)
		for y := range got.H {
			for x := range got.W {
				from := &before
				if damage.Contains(geom.Point{X: x, Y: y}) {
					from = &after
				}
				if g, w := Row(&got, y)[x], Decode(from, x, y); Apart(g, w) > s.Direct && w != 0 {
					t.Fatalf("%v: pixel %d,%d = %#08x; want %#08x", f, x, y, g, w)
				}
			}
		}
		if err := r.Update(tex, render.NewPixels(40, 31, f), nil); err == nil {
			t.Errorf("%v: Update accepted another size", f)
		}
		tex.Release()
		if err := r.Update(tex, after, nil); err == nil {
			t.Errorf("%v: Update accepted a released texture", f)
		}
	}
}

// inPlace changes memory that a texture reads.
func inPlace(t *testing.T, s Subject) {
	r := s.New(t)
	p := render.NewPixels(20, 10, render.XRGB8888)
	tex, err := r.Import(p, true)
	Must(t, err)
	target := render.NewPixels(20, 10, render.XRGB8888)
	op := render.TextureOp{Texture: tex, Dst: target.Size().Rect(), Alpha: 255}
	Draw(t, r, &target, &op, nil)
	Row(&p, 5)[7] = 0x123456
	damage := geom.RegionOf(geom.XYWH(7, 5, 1, 1))
	Must(t, r.Update(tex, p, &damage))
	Draw(t, r, &target, &op, nil)
	if got := Row(&target, 5)[7]; got != 0xff123456 {
		t.Errorf("the changed pixel is %#08x", got)
	}
}

func badPixels(t *testing.T, s Subject) {
	r := s.New(t)
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

// readPixels reads from memory, and from a target of the renderer if it makes
// some.
func readPixels(t *testing.T, s Subject) {
	r := s.New(t)
	rng := rand.New(rand.NewPCG(4, 4))
	target := Picture(rng, 50, 40, render.ARGB8888)
	box := geom.XYWH(3, 5, 41, 30)
	for _, f := range []render.Format{render.ARGB8888, render.XRGB8888} {
		target.Format = f
		readAs(t, r, &target, &target, box)
	}
	m, ok := r.(render.TargetMaker)
	if !ok {
		return
	}
	own, err := m.NewTarget(target.Size())
	Must(t, err)
	tex, err := r.Import(target, true)
	Must(t, err)
	Draw(t, r, own, &render.TextureOp{Texture: tex, Dst: target.Size().Rect(), Alpha: 255}, nil)
	readAs(t, r, own, &target, box)
	if err := r.ReadPixels(own, geom.XYWH(49, 0, 2, 1), render.NewPixels(2, 1, render.ARGB8888)); err == nil {
		t.Error("ReadPixels reads beyond the target")
	}
	m.FreeTarget(own)
	m.FreeTarget(own)
	if err := r.ReadPixels(own, box, render.NewPixels(41, 30, render.ARGB8888)); err == nil {
		t.Error("ReadPixels reads a target that is gone")
	}
	if _, err := r.Begin(own); err == nil {
		t.Error("Begin draws into a target that is gone")
	}
	if _, err := m.NewTarget(geom.Size{}); err == nil {
		t.Error("NewTarget makes one of no size")
	}
}

// readAs reads target, which holds picture, in all formats.
func readAs(t *testing.T, r render.Renderer, target render.Target, picture *render.Pixels, box geom.Rect) {
	t.Helper()
	rng := rand.New(rand.NewPCG(4, 5))
	for _, f := range r.Formats() {
		dst := Picture(rng, box.W(), box.H(), f)
		used := box.W() * f.BytesPerPixel()
		edge := string(dst.Data[used:dst.Stride])
		Must(t, r.ReadPixels(target, box, dst))
		for y := range dst.H {
			for x := range dst.W {
				want := Row(picture, y+box.Y0)[x+box.X0]
				keep := uint32(0xffffffff)
				switch f {
				case render.RGB565:
					keep = 0xfff8fcf8
				case render.ARGB2101010, render.ABGR2101010:
					keep = 0xc0ffffff
				}
				if f.Opaque() || picture.Format.Opaque() {
					want |= 0xff000000
				}
				if got := Decode(&dst, x, y); got&keep != want&keep {
					t.Fatalf("%v as %v at %d,%d = %#08x; want %#08x", picture.Format, f, x, y, got, want)
				}
			}
		}
		if edge != string(dst.Data[used:dst.Stride]) {
			t.Errorf("%v: wrote beyond the row", f)
		}
	}
}

// strides draws from and into memory whose rows do not begin at whole pixels.
func strides(t *testing.T, s Subject) {
	r := s.New(t)
	rng := rand.New(rand.NewPCG(6, 6))
	odd := func() render.Pixels {
		p := render.Pixels{W: 13, H: 9, Stride: 13*4 + 3, Format: render.ARGB8888}
		p.Data = make([]byte, p.Stride*p.H)
		for y := range p.H {
			for x := range p.W {
				Row(&p, y)[x] = Straight(rng)
			}
		}
		return p
	}
	src, got := odd(), odd()
	want, src8 := Plain(&got), Plain(&src)
	for _, inPlace := range []bool{true, false} {
		tex, err := r.Import(src, inPlace)
		Must(t, err)
		op := render.TextureOp{Texture: tex, Dst: geom.XYWH(2, 1, 13, 9), Alpha: 255}
		all := geom.RegionOf(got.Size().Rect())
		Draw(t, r, &got, &op, nil)
		Reference(&want, &src8, &op, false, &all)
		if d, at := Differ(&got, &want); d > 2*s.Direct {
			t.Errorf("in place %v: differs by %d at %v", inPlace, d, at)
		}
	}
}
