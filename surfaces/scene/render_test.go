package scene

import (
	"fmt"
	"testing"

	"rayos/geom"
	"rayos/gpu/raster"
	"rayos/gpu/render"
)

func TestHiddenNodesAreNotDrawn(t *testing.T) {
	s := newStage(t, 100, 100)
	s.buffer(s.Root(), 30, 30, false)
	s.Root().NewRect(geom.Size{W: 50, H: 50}, red)
	s.Root().NewRect(geom.Size{W: 20, H: 20}, glass)
	s.frame()
	if got, want := fmt.Sprint(s.r.names()), "[clear ffff0000 80000000]"; got != want {
		t.Errorf("drew %v; want %v", got, want)
	}
	want := geom.RegionOf(geom.Rect{X1: 100, Y1: 100})
	want.SubtractRect(geom.Rect{X1: 50, Y1: 50})
	if got := s.r.ops[0].clip; fmt.Sprint(got) != fmt.Sprint(want.Rects()) {
		t.Errorf("cleared %v; want what no opaque node covers, %v", got, want.Rects())
	}
}

func TestOnlyTheDamageIsDrawn(t *testing.T) {
	s := newStage(t, 100, 100)
	for i := range int32(100) {
		s.buffer(s.Root(), 8, 8, true).SetPosition(i%10*10, i/10*10)
	}
	b := s.buffer(s.Root(), 30, 30, false)
	b.SetPosition(35, 35)
	s.frame()
	d := geom.RegionOf(geom.Rect{X0: 0, Y0: 0, X1: 3, Y1: 3})
	b.SetTexture(b.Texture(), &d)
	s.frame()
	if got, want := fmt.Sprint(s.r.names()), "[8x8 30x30]"; got != want {
		t.Errorf("drew %v; want %v", got, want)
	}
	for _, o := range s.r.ops {
		if r := (geom.Rect{X0: 35, Y0: 35, X1: 38, Y1: 38}); fmt.Sprint(o.clip) != fmt.Sprint([]geom.Rect{r}) {
			t.Errorf("%s: clip %v; want %v", o.what, o.clip, r)
		}
	}
}

func TestOpaquePartsReplace(t *testing.T) {
	s := newStage(t, 100, 100)
	b := s.buffer(s.Root(), 40, 40, false)
	inner := geom.RegionOf(geom.Rect{X0: 10, Y0: 10, X1: 30, Y1: 30})
	b.SetOpaque(&inner)
	s.frame()
	if len(s.r.ops) != 3 || !s.r.ops[1].op.Opaque || s.r.ops[2].op.Opaque {
		t.Fatalf("ops = %+v; want clear, opaque part, rest", s.r.ops)
	}
	if got := s.r.ops[1].clip; fmt.Sprint(got) != fmt.Sprint(inner.Rects()) {
		t.Errorf("opaque part = %v; want %v", got, inner.Rects())
	}
	d := geom.RegionOf(geom.Rect{X0: 12, Y0: 12, X1: 14, Y1: 14})
	b.SetTexture(b.Texture(), &d)
	s.frame()
	if len(s.r.ops) != 1 || !s.r.ops[0].op.Opaque {
		t.Errorf("ops = %+v; want one opaque draw", s.r.ops)
	}
	b.SetAlpha(100)
	s.frame()
	if len(s.r.ops) != 2 || s.r.ops[1].op.Opaque || s.r.ops[1].op.Alpha != 100 {
		t.Errorf("ops = %+v; want clear and a translucent draw", s.r.ops)
	}
	b.SetAlpha(0)
	s.frame()
	if len(s.r.ops) != 1 {
		t.Errorf("ops = %+v; want clear only", s.r.ops)
	}
}

func TestOpaqueRegionsAreTrustedForWholePixelsOnly(t *testing.T) {
	for _, c := range []struct {
		name   string
		scale  geom.Scale
		tex    geom.Size
		dest   geom.Size
		opaque geom.Rect
		want   geom.Rect
	}{
		{"one to one", 120, geom.Size{W: 20, H: 20}, geom.Size{}, geom.Rect{X0: 3, Y0: 3, X1: 9, Y1: 9}, geom.Rect{X0: 3, Y0: 3, X1: 9, Y1: 9}},
		{"inwards", 150, geom.Size{W: 25, H: 25}, geom.Size{W: 20, H: 20}, geom.Rect{X0: 3, Y0: 3, X1: 9, Y1: 9}, geom.Rect{X0: 4, Y0: 4, X1: 11, Y1: 11}},
		{"all of it", 150, geom.Size{W: 24, H: 24}, geom.Size{W: 19, H: 19}, geom.Rect{X1: 19, Y1: 19}, geom.Rect{X1: 24, Y1: 24}},
		{"more than all", 150, geom.Size{W: 24, H: 24}, geom.Size{W: 19, H: 19}, geom.Rect{X0: -9, Y0: -9, X1: 99, Y1: 99}, geom.Rect{X1: 24, Y1: 24}},
		{"filtered", 240, geom.Size{W: 20, H: 20}, geom.Size{}, geom.Rect{X0: 5, X1: 15, Y1: 20}, geom.Rect{X0: 13, X1: 27, Y1: 40}},
		{"nothing left", 120, geom.Size{W: 3, H: 3}, geom.Size{W: 30, H: 30}, geom.Rect{X0: 10, Y0: 10, X1: 20, Y1: 20}, geom.Rect{}},
	} {
		s := New()
		o := s.NewOutput(geom.Point{}, geom.Size{W: 100, H: 100}, c.scale, geom.Normal)
		b := s.Root().NewBuffer()
		b.SetTexture(&fakeTexture{size: c.tex}, nil)
		b.SetDestSize(c.dest)
		r := geom.RegionOf(c.opaque)
		b.SetOpaque(&r)
		o.Damaged()
		if got := b.views[0].opaque.Extents(); got != c.want {
			t.Errorf("%s: opaque pixels %v; want %v", c.name, got, c.want)
		}
		b.SetOpaque(nil)
		b.SetOpaque(nil)
		o.Damaged()
		if !b.views[0].opaque.Empty() {
			t.Errorf("%s: still opaque", c.name)
		}
	}
	var many geom.Region
	for i := range int32(100) {
		many.UnionRect(geom.XYWH(0, 2*i, 1+i%7, 1))
	}
	b := New().Root().NewBuffer()
	b.SetOpaque(&many)
	if got := b.opaque.Rects(); len(got) != 1 || got[0].W() != 7 {
		t.Errorf("a long opaque region is kept as %v; want its largest rectangle", got)
	}
}

func TestNeighboursTouchAtFractionalScales(t *testing.T) {
	for _, scale := range []geom.Scale{150, 180, 200} {
		s := New()
		o := s.NewOutput(geom.Point{}, geom.Size{W: 200, H: 20}, scale, geom.Normal)
		for x := int32(0); x < 100; x += 3 {
			s.Root().NewRect(geom.Size{W: 3, H: 20}, red).SetPosition(x, 0)
		}
		if o.Damaged(); o.empty.Overlaps(geom.Rect{X1: 120, Y1: 20}) {
			t.Errorf("scale %d: gaps at %v", scale, o.empty.Rects())
		}
	}
}

func TestOffByOneIsDrawnPixelByPixel(t *testing.T) {
	for _, c := range []struct {
		name string
		tex  geom.Size
		dst  []geom.Rect
		src  []geom.FRect
	}{
		{"equal", geom.Size{W: 10, H: 10}, []geom.Rect{{X1: 10, Y1: 10}}, []geom.FRect{{}}},
		{"larger", geom.Size{W: 11, H: 11}, []geom.Rect{{X1: 11, Y1: 11}}, []geom.FRect{{}}},
		{
			"smaller",
			geom.Size{W: 9, H: 10},
			[]geom.Rect{{X1: 9, Y1: 10}, {X0: 9, X1: 10, Y1: 10}},
			[]geom.FRect{{}, {X0: 8, X1: 9, Y1: 10}},
		},
		{"much smaller", geom.Size{W: 8, H: 10}, []geom.Rect{{X1: 10, Y1: 10}}, []geom.FRect{{}}},
	} {
		s := newStage(t, 100, 100)
		b := s.buffer(s.Root(), c.tex.W, c.tex.H, true)
		b.SetDestSize(geom.Size{W: 10, H: 10})
		s.frame()
		ops := s.r.ops[1:]
		if len(ops) != len(c.dst) {
			t.Errorf("%s: %d draws; want %d", c.name, len(ops), len(c.dst))
			continue
		}
		for i, o := range ops {
			if o.op.Dst != c.dst[i] || o.op.Src != c.src[i] {
				t.Errorf("%s: draw %d is %v of %v; want %v of %v", c.name, i, o.op.Dst, o.op.Src, c.dst[i], c.src[i])
			}
			if exact := c.name != "much smaller"; exact == (o.op.Filter == render.Bilinear) {
				t.Errorf("%s: filter %d", c.name, o.op.Filter)
			}
		}
	}
}

func TestScanout(t *testing.T) {
	size := geom.Size{W: 40, H: 30}
	px := render.NewPixels(40, 30, render.XRGB8888)
	type setup struct {
		s *stage
		b *Buffer
	}
	for _, c := range []struct {
		name string
		do   func(setup)
		want bool
	}{
		{"plain", func(setup) {}, true},
		{"hidden above", func(u setup) { u.s.Root().NewRect(geom.Size{W: 5, H: 5}, red).SetEnabled(false) }, true},
		{"off the output above", func(u setup) { u.s.Root().NewRect(geom.Size{W: 5, H: 5}, red).SetPosition(90, 0) }, true},
		{"nodes below", func(u setup) { u.s.Root().NewRect(size, red).Lower() }, true},
		{"opaque region", func(u setup) {
			u.b.SetTexture(&fakeTexture{size: size}, nil)
			r := geom.RegionOf(size.Rect())
			u.b.SetOpaque(&r)
		}, true},
		{"cursor above", func(u setup) { u.s.Root().NewRect(geom.Size{W: 5, H: 5}, glass) }, false},
		{"translucent", func(u setup) { u.b.SetTexture(&fakeTexture{size: size}, nil) }, false},
		{"faded", func(u setup) { u.b.SetAlpha(254) }, false},
		{"no pixels", func(u setup) { u.b.SetPixels(nil) }, false},
		{"moved", func(u setup) { u.b.SetPosition(1, 0) }, false},
		{"scaled", func(u setup) {
			u.b.SetTexture(&fakeTexture{size: geom.Size{W: 20, H: 15}, opaque: true}, nil)
			u.b.SetDestSize(size)
		}, false},
		{"one larger", func(u setup) {
			u.b.SetTexture(&fakeTexture{size: geom.Size{W: 41, H: 30}, opaque: true}, nil)
			u.b.SetDestSize(size)
		}, false},
		{"cropped", func(u setup) { u.b.SetSource(geom.FRect{X1: 20, Y1: 15}); u.b.SetDestSize(size) }, false},
		{"turned", func(u setup) { u.b.SetTransform(geom.Rotate180) }, false},
		{"turned like the output", func(u setup) {
			u.b.SetTransform(geom.Rotate180)
			u.s.out.Configure(geom.Point{}, size, 120, geom.Rotate180)
		}, true},
		{"output turned", func(u setup) { u.s.out.Configure(geom.Point{}, size, 120, geom.Flipped) }, false},
		{"scaled output, scaled client", func(u setup) {
			u.s.out.Configure(geom.Point{}, size, 240, geom.Normal)
			u.b.SetDestSize(geom.Size{W: 20, H: 15})
		}, true},
		{"a rectangle", func(u setup) { u.s.Root().NewRect(size, red) }, false},
		{"nothing", func(u setup) { u.b.Destroy() }, false},
	} {
		s := newStage(t, size.W, size.H)
		b := s.buffer(s.Root(), size.W, size.H, true)
		b.SetPixels(&px)
		c.do(setup{s, b})
		got := s.out.Scanout()
		if got != nil && got.Pixels() != &px {
			t.Errorf("%s: the pixels are not those that were set", c.name)
		}
		if (got == b) != c.want || got != nil && got != b {
			t.Errorf("%s: Scanout = %v; want it: %v", c.name, got, c.want)
		}
	}
}

// pixels reads a target as 0xRRGGBB.
func pixels(p *render.Pixels) (out [][]uint32) {
	for y := range p.H {
		var line []uint32
		for x := range p.W {
			i := y*p.Stride + x*4
			line = append(line, uint32(p.Data[i])|uint32(p.Data[i+1])<<8|uint32(p.Data[i+2])<<16)
		}
		out = append(out, line)
	}
	return out
}

// importRows makes a texture of 0xRRGGBB rows.
func importRows(t *testing.T, r render.Renderer, rows ...[]uint32) (render.Pixels, render.Texture) {
	px := render.NewPixels(int32(len(rows[0])), int32(len(rows)), render.XRGB8888)
	for y, line := range rows {
		for x, c := range line {
			i := int32(y)*px.Stride + int32(x)*4
			px.Data[i], px.Data[i+1], px.Data[i+2] = byte(c), byte(c>>8), byte(c>>16)
		}
	}
	tex, err := r.Import(px, true)
	if err != nil {
		t.Fatal(err)
	}
	return px, tex
}

func TestTransformsOnScreen(t *testing.T) {
	r := raster.New(raster.Options{Workers: 1})
	defer r.Close()
	for _, c := range []struct {
		name           string
		output, buffer geom.Transform
		want           string
	}{
		{"none", geom.Normal, geom.Normal, "[[1 2 3] [4 5 6]]"},
		{"turned left by the client", geom.Normal, geom.Rotate90, "[[4 1] [5 2] [6 3]]"},
		{"output turned left", geom.Rotate90, geom.Normal, "[[3 6] [2 5] [1 4]]"},
		{"both", geom.Rotate90, geom.Rotate90, "[[1 2 3] [4 5 6]]"},
		{"flipped output", geom.Flipped, geom.Normal, "[[3 2 1] [6 5 4]]"},
		{"flipped, then left", geom.Flipped90, geom.Normal, "[[1 4] [2 5] [3 6]]"},
	} {
		_, tex := importRows(t, r, []uint32{1, 2, 3}, []uint32{4, 5, 6})
		s := New()
		b := s.Root().NewBuffer()
		b.SetTexture(tex, nil)
		b.SetTransform(c.buffer)
		mode := c.output.ApplySize(b.extent())
		o := s.NewOutput(geom.Point{}, mode, 120, c.output)
		target := render.NewPixels(mode.W, mode.H, render.XRGB8888)
		if _, err := o.Render(r, &target, 0); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(pixels(&target)); got != c.want {
			t.Errorf("%s: %v; want %v", c.name, got, c.want)
		}
	}
}

func TestUndeclaredChangesDoNotAppear(t *testing.T) {
	r := raster.New(raster.Options{Workers: 1})
	defer r.Close()
	_, first := importRows(t, r, []uint32{1, 1, 1, 1})
	_, second := importRows(t, r, []uint32{2, 2, 2, 2})
	s := New()
	o := s.NewOutput(geom.Point{}, geom.Size{W: 4, H: 1}, 120, geom.Normal)
	target := render.NewPixels(4, 1, render.XRGB8888)
	b := s.Root().NewBuffer()
	b.SetTexture(first, nil)
	show := func(want string) {
		t.Helper()
		if _, err := o.Render(r, &target, 1); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(pixels(&target)[0]); got != want {
			t.Errorf("screen = %v; want %v", got, want)
		}
	}
	show("[1 1 1 1]")
	d := geom.RegionOf(geom.Rect{X0: 1, X1: 2, Y1: 1})
	b.SetTexture(second, &d)
	show("[1 2 1 1]")
	b.SetTexture(second, &geom.Region{})
	show("[1 2 1 1]")
	b.SetTexture(second, nil)
	show("[2 2 2 2]")
}

func TestRenderNode(t *testing.T) {
	r := raster.New(raster.Options{Workers: 1})
	defer r.Close()
	_, tex := importRows(t, r, []uint32{1, 2}, []uint32{3, 4})
	s := New()
	outer := s.Root().NewTree()
	tree := outer.NewTree()
	tree.SetPosition(500, -300)
	b := tree.NewBuffer()
	b.SetTexture(tex, nil)
	b.SetPosition(1, 0)
	b.SetFilter(render.Nearest)
	tree.NewRect(geom.Size{W: 1, H: 1}, 0xff000009).SetPosition(0, 1)
	tree.NewRect(geom.Size{W: 9, H: 9}, red).SetEnabled(false)
	s.Root().NewRect(geom.Size{W: 9000, H: 9000}, red).SetPosition(-1000, -1000)
	outer.SetEnabled(false)
	for _, c := range []struct {
		n     Noder
		scale geom.Scale
		size  geom.Size
		want  string
	}{
		{tree, 120, geom.Size{W: 4, H: 2}, "[[0 1 2 0] [9 3 4 0]]"},
		{tree, 240, geom.Size{W: 5, H: 3}, "[[0 0 1 1 2] [0 0 1 1 2] [9 9 3 3 4]]"},
		{b, 120, geom.Size{W: 2, H: 2}, "[[1 2] [3 4]]"},
	} {
		target := render.NewPixels(c.size.W, c.size.H, render.ARGB8888)
		for i := range target.Data {
			target.Data[i] = 77
		}
		if err := s.RenderNode(r, c.n, &target, c.scale); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(pixels(&target)); got != c.want {
			t.Errorf("scale %d: %v; want %v", c.scale, got, c.want)
		}
	}
	if err := New().RenderNode(r, tree, fakeTarget{W: 1, H: 1}, 120); err == nil {
		t.Error("a node of another scene was rendered")
	}
}
