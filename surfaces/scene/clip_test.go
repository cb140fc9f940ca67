package scene

import (
	"errors"
	"fmt"
	"testing"

	"rayos/geom"
	"rayos/gpu/raster"
	"rayos/gpu/render"
)

func TestClipLimitsWhatIsDrawnAndHit(t *testing.T) {
	s := newStage(t, 100, 100)
	outer := s.Root().NewTree()
	outer.SetPosition(10, 10)
	inner := outer.NewTree()
	inner.SetPosition(5, 5)
	b := s.buffer(inner, 50, 50, true)
	check := func(what string, want geom.Rect) {
		t.Helper()
		s.out.Damaged()
		if got := b.views[0].visible.Extents(); got != want {
			t.Errorf("%s: visible %v; want %v", what, got, want)
		}
		for y := range int32(100) {
			for x := range int32(100) {
				hit, _ := s.At(geom.FPoint{X: float64(x) + 0.9, Y: float64(y)})
				if in := (geom.Point{X: x, Y: y}).In(want); in != (hit == b) {
					t.Fatalf("%s: At %d,%d hits: %v; want %v", what, x, y, hit == b, in)
				}
			}
		}
	}
	check("none", geom.XYWH(15, 15, 50, 50))
	inner.SetClip(geom.XYWH(10, 0, 20, 100), true)
	check("inner", geom.XYWH(25, 15, 20, 50))
	outer.SetClip(geom.XYWH(-100, 25, 130, 10), true)
	check("both", geom.XYWH(25, 35, 15, 10))
	outer.SetPosition(20, 10)
	check("both moved", geom.XYWH(35, 35, 15, 10))
	inner.SetPosition(0, 5)
	check("the inner moved", geom.XYWH(30, 35, 20, 10))
	outer.SetClip(geom.XYWH(90, 90, 9, 9), true)
	check("apart", geom.Rect{})
	outer.SetClip(geom.XYWH(1, 2, 3, 4), false)
	check("the inner alone", geom.XYWH(30, 15, 20, 50))
	if r, on := outer.Clip(); on || r != (geom.Rect{}) {
		t.Errorf("Clip = %v, %v after it was lifted", r, on)
	}
	if r, on := inner.Clip(); !on || r != geom.XYWH(10, 0, 20, 100) {
		t.Errorf("Clip = %v, %v", r, on)
	}
	inner.SetClip(geom.Rect{}, true)
	check("empty", geom.Rect{})
	inner.Reparent(s.Root())
	inner.SetClip(everywhere, true)
	check("everything", geom.XYWH(0, 5, 50, 50))
}

func TestClipDamagesWhatAppearsAndGoes(t *testing.T) {
	s := newStage(t, 100, 100)
	tree := s.Root().NewTree()
	b := s.buffer(tree, 50, 50, true)
	s.frame()
	tree.SetClip(geom.XYWH(0, 0, 50, 30), true)
	s.wantDamage(geom.XYWH(0, 0, 50, 50))
	tree.SetClip(geom.XYWH(0, 0, 50, 30), true)
	s.wantDamage()
	d := geom.RegionOf(geom.XYWH(0, 20, 10, 30))
	b.SetTexture(b.Texture(), &d)
	s.wantDamage(geom.XYWH(0, 20, 10, 10))
	d = geom.RegionOf(geom.XYWH(0, 40, 10, 10))
	b.SetTexture(b.Texture(), &d)
	s.wantDamage()
	below := s.Root().NewRect(geom.Size{W: 50, H: 50}, red)
	below.Lower()
	s.wantDamage(geom.XYWH(0, 30, 50, 20))
	tree.SetClip(geom.Rect{}, false)
	s.wantDamage(geom.XYWH(0, 0, 50, 50))
}

func TestClipEdgesAreRoundedLikeThoseOfNodes(t *testing.T) {
	for _, scale := range []geom.Scale{120, 150, 180, 200, 240} {
		for turn := geom.Normal; turn <= geom.Flipped270; turn++ {
			s := New()
			o := s.NewOutput(geom.Point{X: 3, Y: 1}, geom.Size{W: 120, H: 90}, scale, turn)
			tree := s.Root().NewTree()
			tree.SetPosition(4, 4)
			big := tree.NewRect(geom.Size{W: 90, H: 90}, red)
			frame := s.Root().NewRect(geom.Size{W: 7, H: 5}, green)
			frame.SetPosition(9, 11)
			frame.SetEnabled(false)
			tree.SetClip(geom.XYWH(5, 7, 7, 5), true)
			o.Damaged()
			frame.SetEnabled(true)
			clipped := big.views[0].box
			o.Damaged()
			if clipped.Empty() || clipped != frame.views[0].box {
				t.Errorf("scale %d %v: clipped to %v; a node there has %v", scale, turn, clipped, frame.views[0].box)
			}
			if !big.views[0].visible.Empty() {
				t.Errorf("scale %d %v: %v are seen beside the node", scale, turn, big.views[0].visible.Rects())
			}
		}
	}
}

func TestClipHidesNothingOutsideOfIt(t *testing.T) {
	s := newStage(t, 100, 100)
	low := s.buffer(s.Root(), 100, 100, true)
	tree := s.Root().NewTree()
	s.buffer(tree, 100, 100, true)
	tree.SetClip(geom.XYWH(0, 0, 100, 60), true)
	s.out.Damaged()
	if got, want := low.views[0].visible.Extents(), geom.XYWH(0, 60, 100, 40); got != want {
		t.Errorf("below the clipped node %v are visible; want %v", got, want)
	}
}

func TestClipAndOutputs(t *testing.T) {
	s, right := two(t)
	tree := s.Root().NewTree()
	b := s.buffer(tree, 150, 50, true)
	list := func() (got []*Output) {
		s.EachOutput(b, func(o *Output) { got = append(got, o) })
		return got
	}
	if len(list()) != 2 {
		t.Error("the buffer doesn't reach both outputs")
	}
	tree.SetClip(geom.XYWH(0, 0, 100, 50), true)
	if got := list(); len(got) != 1 || got[0] != s.out || s.PrimaryOutput(b) != s.out {
		t.Error("the clipped buffer is not on the left alone")
	}
	tree.SetClip(geom.XYWH(90, 0, 50, 50), true)
	if s.PrimaryOutput(b) != right {
		t.Error("most of the clipped buffer is seen on the right")
	}
	tree.SetClip(geom.XYWH(0, 60, 50, 50), true)
	if list() != nil || s.PrimaryOutput(b) != nil {
		t.Error("a buffer that is clipped away is on an output")
	}
	s.out.EachVisible(func(*Buffer) { t.Error("a buffer that is clipped away is visible") })
}

func TestClipAndScanout(t *testing.T) {
	s := newStage(t, 100, 80)
	tree := s.Root().NewTree()
	b := s.buffer(tree, 100, 80, true)
	px := render.NewPixels(100, 80, render.XRGB8888)
	b.SetPixels(&px)
	for _, c := range []struct {
		clip geom.Rect
		on   bool
		ok   bool
	}{
		{geom.Rect{}, false, true},
		{geom.XYWH(0, 0, 100, 80), true, true},
		{geom.XYWH(-10, -10, 1000, 1000), true, true},
		{geom.XYWH(0, 0, 100, 79), true, false},
		{geom.XYWH(1, 0, 100, 80), true, false},
	} {
		tree.SetClip(c.clip, c.on)
		if got := s.out.Scanout() == b; got != c.ok {
			t.Errorf("clip %v %v: scan-out %v; want %v", c.clip, c.on, got, c.ok)
		}
	}
}

func TestRenderNodeClipsFromTheNodeOn(t *testing.T) {
	r := raster.New(raster.Options{Workers: 1})
	defer r.Close()
	s := New()
	above := s.Root().NewTree()
	above.SetClip(geom.XYWH(0, 0, 1, 1), true)
	tree := above.NewTree()
	tree.SetPosition(7, 7)
	tree.SetClip(geom.XYWH(1, 0, 3, 2), true)
	inner := tree.NewTree()
	inner.SetPosition(2, 0)
	inner.SetClip(geom.XYWH(0, 1, 9, 9), true)
	inner.NewRect(geom.Size{W: 9, H: 9}, 0xff000002).SetPosition(-2, 0)
	low := tree.NewRect(geom.Size{W: 9, H: 9}, 0xff000001)
	low.Lower()
	for _, c := range []struct {
		n     Noder
		scale geom.Scale
		size  geom.Size
		want  string
	}{
		{tree, 120, geom.Size{W: 5, H: 3}, "[[0 1 1 1 0] [0 1 2 2 0] [0 0 0 0 0]]"},
		{tree, 180, geom.Size{W: 7, H: 3}, "[[0 0 1 1 1 1 0] [0 0 1 1 1 1 0] [0 0 1 2 2 2 0]]"},
		{inner, 120, geom.Size{W: 3, H: 2}, "[[0 0 0] [2 2 2]]"},
		{low, 120, geom.Size{W: 2, H: 1}, "[[1 1]]"},
	} {
		target := render.NewPixels(c.size.W, c.size.H, render.ARGB8888)
		if err := s.RenderNode(r, c.n, &target, c.scale); err != nil {
			t.Fatal(err)
		}
		if got := fmt.Sprint(pixels(&target)); got != c.want {
			t.Errorf("scale %d: %v; want %v", c.scale, got, c.want)
		}
	}
}

func TestClippingAllocatesNothing(t *testing.T) {
	_, o, trees, contents := desk(30)
	r := &fakeRenderer{quiet: true}
	var target render.Target = fakeTarget(o.Mode())
	cursor := trees[29]
	i := int32(0)
	for name, turn := range map[string]func(){
		"clip and frame": func() {
			i++
			trees[20].SetClip(geom.XYWH(0, -20, 400+i%7, 300), true)
			if _, err := o.Render(r, target, 1); err != nil {
				t.Fatal(err)
			}
		},
		"content below a clip": func() {
			d := geom.RegionOf(geom.XYWH(i%200, 10, 16, 16))
			contents[20].SetTexture(contents[20].Texture(), &d)
			if _, err := o.Render(r, target, 1); err != nil {
				t.Fatal(err)
			}
		},
		"picture without a node": func() {
			if err := o.RenderWithout(r, cursor, target); err != nil {
				t.Fatal(err)
			}
		},
		"node": func() {
			if err := o.scene.RenderNode(r, trees[20], target, 150); err != nil {
				t.Fatal(err)
			}
		},
	} {
		for range 40 {
			turn()
		}
		if n := testing.AllocsPerRun(100, turn); n != 0 {
			t.Errorf("%s: %v allocations; want 0", name, n)
		}
	}
}

func TestRenderWithoutDrawsWhatTheNodeHides(t *testing.T) {
	s := newStage(t, 100, 100)
	s.buffer(s.Root(), 60, 60, true)
	s.buffer(s.Root(), 8, 8, true).SetPosition(90, 90)
	cursor := s.Root().NewTree()
	cursor.NewRect(geom.Size{W: 10, H: 10}, red).SetPosition(5, 5)
	s.buffer(cursor, 16, 16, false)
	s.frame()
	picture := func(n Noder) string {
		if err := s.out.RenderWithout(&s.r, n, fakeTarget(s.out.Mode())); err != nil {
			t.Fatal(err)
		}
		return fmt.Sprint(s.r.names())
	}
	if got, want := picture(cursor), "[clear 60x60 8x8]"; got != want {
		t.Errorf("without the cursor: %s; want %s", got, want)
	}
	if got, want := s.r.ops[1].clip, []geom.Rect{{X1: 60, Y1: 60}}; fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("the window is drawn in %v; want all of it", got)
	}
	if got, want := picture(nil), "[clear 60x60 8x8 ffff0000 16x16]"; got != want {
		t.Errorf("with all: %s; want %s", got, want)
	}
	if got, want := picture(s.Root()), "[clear]"; got != want {
		t.Errorf("without anything: %s; want %s", got, want)
	}
	cursor.SetEnabled(false)
	if got, want := picture(cursor), "[clear 60x60 8x8]"; got != want {
		t.Errorf("without what is disabled: %s; want %s", got, want)
	}
}

func TestRenderWithoutIsNoFrame(t *testing.T) {
	s, right := two(t)
	calls := 0
	b := s.buffer(s.Root(), 150, 50, true)
	cursor := s.buffer(s.Root(), 10, 10, true)
	s.frame()
	right.TakeDamage()
	s.out.OnDamage, right.OnDamage = func() { calls++ }, func() { calls++ }
	d := geom.RegionOf(geom.XYWH(90, 0, 20, 20))
	b.SetTexture(b.Texture(), &d)
	before, frames := calls, s.out.frames
	var seen, hidden geom.Region
	seen.Set(&b.views[0].visible)
	hidden.Set(&b.views[1].visible)
	for range 3 {
		if err := s.out.RenderWithout(&s.r, cursor, fakeTarget(s.out.Mode())); err != nil {
			t.Fatal(err)
		}
	}
	if calls != before || s.out.frames != frames || !seen.Equal(&b.views[0].visible) || !hidden.Equal(&b.views[1].visible) {
		t.Error("a picture changed the state of an output")
	}
	s.wantDamage(geom.XYWH(90, 0, 10, 20))
	if got := right.TakeDamage(); !got.ContainsRect(geom.XYWH(0, 0, 20, 40)) {
		t.Errorf("damage of the other output = %v", got.Rects())
	}
}

func TestRenderWithoutErrors(t *testing.T) {
	s := newStage(t, 10, 10)
	n := s.Root().NewTree()
	s.frame()
	target := fakeTarget(s.out.Mode())
	for name, set := range map[string]func(error){
		"begin":  func(err error) { s.r.beginErr = err },
		"submit": func(err error) { s.r.submitErr = err },
	} {
		set(errFake)
		if err := s.out.RenderWithout(&s.r, n, target); !errors.Is(err, errFake) {
			t.Errorf("%s: error %v; want it wrapped", name, err)
		}
		set(nil)
	}
	if err := s.out.RenderWithout(&s.r, New().Root(), target); err == nil {
		t.Error("a node of another scene was accepted")
	}
	if err := s.out.RenderWithout(&s.r, n, fakeTarget{W: 11, H: 10}); err == nil {
		t.Error("a target of another size was accepted")
	}
	n.Destroy()
	if err := s.out.RenderWithout(&s.r, n, target); err == nil {
		t.Error("a destroyed node was accepted")
	}
	s.out.Destroy()
	if err := s.out.RenderWithout(&s.r, nil, target); err == nil {
		t.Error("a destroyed output was drawn")
	}
}
