package scene

import (
	"errors"
	"testing"

	"rayos/geom"
	"rayos/gpu/render"
)

func TestOutputLogicalSize(t *testing.T) {
	for _, c := range []struct {
		mode  geom.Size
		scale geom.Scale
		t     geom.Transform
		want  geom.Size
	}{
		{geom.Size{W: 1920, H: 1080}, 120, geom.Normal, geom.Size{W: 1920, H: 1080}},
		{geom.Size{W: 1920, H: 1080}, 120, geom.Rotate90, geom.Size{W: 1080, H: 1920}},
		{geom.Size{W: 1920, H: 1080}, 150, geom.Normal, geom.Size{W: 1536, H: 864}},
		{geom.Size{W: 1366, H: 768}, 150, geom.Flipped270, geom.Size{W: 614, H: 1093}},
		{geom.Size{W: 3840, H: 2160}, 240, geom.Flipped, geom.Size{W: 1920, H: 1080}},
	} {
		s := New()
		o := s.NewOutput(geom.Point{X: 7, Y: -3}, c.mode, c.scale, c.t)
		if got := o.Logical(); got != geom.XYWH(7, -3, c.want.W, c.want.H) {
			t.Errorf("%v at %d %v: Logical = %v; want %v", c.mode, c.scale, c.t, got, c.want)
		}
		if o.Mode() != c.mode || o.Scale() != c.scale || o.Transform() != c.t {
			t.Error("an accessor disagrees with NewOutput")
		}
	}
}

func TestOnDamageIsCalledOnce(t *testing.T) {
	s, right := two(t)
	calls, others := 0, 0
	s.out.OnDamage = func() { calls++ }
	right.OnDamage = func() { others++ }
	b := s.buffer(s.Root(), 10, 10, true)
	b.SetPosition(5, 5)
	if calls != 0 {
		t.Errorf("%d calls before the first frame; want 0, it was damaged from the start", calls)
	}
	s.frame()
	if _, err := right.Render(&s.r, fakeTarget(right.Mode()), 0); err != nil {
		t.Fatal(err)
	}
	want := func(what string, n int) {
		t.Helper()
		if calls != n {
			t.Errorf("%s: %d calls; want %d", what, calls, n)
		}
	}
	b.SetPosition(6, 6)
	b.SetPosition(7, 7)
	b.SetTexture(b.Texture(), nil)
	s.out.DamageAll()
	want("changes", 1)
	s.frame()
	want("a frame", 1)
	b.SetTexture(b.Texture(), nil)
	want("content", 2)
	s.out.TakeDamage()
	s.out.AddDamage(geom.Rect{X0: -5, Y0: -5, X1: 1, Y1: 1})
	want("AddDamage", 3)
	s.wantDamage(geom.Rect{X1: 1, Y1: 1})
	s.SetBackground(green)
	want("background", 4)
	s.SetBackground(green)
	s.frame()
	if s.out.Damaged() {
		t.Error("damaged after a frame")
	}
	if others != 1 { // the background only
		t.Errorf("the other output was called %d times; want 1", others)
	}
}

func TestHiddenChangesDamageNothing(t *testing.T) {
	s := newStage(t, 100, 100)
	b := s.buffer(s.Root(), 50, 50, false)
	s.Root().NewRect(geom.Size{W: 100, H: 100}, red)
	s.frame()
	for name, change := range map[string]func(){
		"content": func() { b.SetTexture(b.Texture(), nil) },
		"move":    func() { b.SetPosition(20, 20) },
		"hide":    func() { b.SetEnabled(false) },
		"none":    func() {},
	} {
		change()
		if s.out.Damaged() {
			t.Errorf("%s below an opaque node damages", name)
		}
	}
	drawn := s.r.count
	if s.wantDamage(); s.r.count != drawn {
		t.Error("a frame without damage draws")
	}
}

func TestDamageOfAMoveIsTheOldAndTheNewVisibleArea(t *testing.T) {
	s := newStage(t, 100, 100)
	b := s.buffer(s.Root(), 20, 20, true)
	cover := s.Root().NewRect(geom.Size{W: 100, H: 10}, red)
	s.frame()
	b.SetPosition(40, 0)
	s.wantDamage(geom.Rect{Y0: 10, X1: 20, Y1: 20}, geom.Rect{X0: 40, Y0: 10, X1: 60, Y1: 20})
	b.SetEnabled(false)
	s.wantDamage(geom.Rect{X0: 40, Y0: 10, X1: 60, Y1: 20})
	b.SetEnabled(true)
	b.SetEnabled(false)
	s.wantDamage()
	b.SetEnabled(true)
	cover.SetEnabled(false)
	s.wantDamage(geom.Rect{X1: 100, Y1: 10}, geom.Rect{X0: 40, X1: 60, Y1: 20})
}

func TestContentDamageIsMappedAndClipped(t *testing.T) {
	type change struct {
		name string
		set  func(b *Buffer)
		in   geom.Rect
		want geom.Rect
	}
	for _, c := range []change{
		{"plain", func(*Buffer) {}, geom.Rect{X0: 1, Y0: 2, X1: 3, Y1: 4}, geom.Rect{X0: 11, Y0: 12, X1: 13, Y1: 14}},
		{"outside", func(*Buffer) {}, geom.Rect{X0: 90, Y0: 0, X1: 99, Y1: 9}, geom.Rect{}},
		{"hostile", func(*Buffer) {}, geom.Rect{X0: -1 << 31, Y0: -5, X1: 1<<31 - 1, Y1: 1}, geom.Rect{X0: 10, Y0: 10, X1: 50, Y1: 11}},
		{"turned", func(b *Buffer) { b.SetTransform(geom.Rotate90) }, // content was turned left: undo turns right
			geom.Rect{X1: 1, Y1: 2}, geom.Rect{X0: 28, Y0: 10, X1: 30, Y1: 11}},
		{
			"cropped", func(b *Buffer) { b.SetSource(geom.FRect{X0: 10, Y0: 5, X1: 20, Y1: 15}) },
			geom.Rect{X1: 12, Y1: 7},
			geom.Rect{X0: 10, Y0: 10, X1: 12, Y1: 12},
		},
		{
			"twice as large, nearest", func(b *Buffer) { b.SetDestSize(geom.Size{W: 80, H: 40}); b.SetFilter(render.Nearest) },
			geom.Rect{X0: 5, Y0: 5, X1: 6, Y1: 6},
			geom.Rect{X0: 19, Y0: 19, X1: 23, Y1: 23},
		},
		{
			"twice as large, bilinear", func(b *Buffer) { b.SetDestSize(geom.Size{W: 80, H: 40}) },
			geom.Rect{X0: 5, Y0: 5, X1: 6, Y1: 6},
			geom.Rect{X0: 17, Y0: 17, X1: 25, Y1: 25},
		},
	} {
		s := newStage(t, 100, 100)
		b := s.buffer(s.Root(), 40, 20, false)
		b.SetPosition(10, 10)
		c.set(b)
		s.frame()
		d := geom.RegionOf(c.in)
		b.SetTexture(b.Texture(), &d)
		got, err := s.out.Render(&s.r, fakeTarget(s.out.Mode()), 1)
		if err != nil {
			t.Fatal(err)
		}
		if got.Extents() != c.want || got.Len() > 1 {
			t.Errorf("%s: damage = %v; want %v", c.name, got.Rects(), c.want)
		}
	}
}

func TestALongListOfDamageIsBounded(t *testing.T) {
	s := newStage(t, 400, 400)
	b := s.buffer(s.Root(), 400, 400, true)
	s.frame()
	var d geom.Region
	for i := range int32(3000) {
		d.UnionRect(geom.XYWH(i*7%199*2, i*11%197*2, 1, 1))
	}
	b.SetTexture(b.Texture(), &d)
	got, err := s.out.Render(&s.r, fakeTarget(s.out.Mode()), 1)
	if err != nil {
		t.Fatal(err)
	}
	lost := d
	if lost.Subtract(got); got.Len() > maxDamage || !lost.Empty() {
		t.Errorf("%d rectangles of damage, %d lost; want at most %d and 0", got.Len(), lost.Len(), maxDamage)
	}
}

func TestManySmallDamagesAreBounded(t *testing.T) {
	s := newStage(t, 400, 400)
	s.frame()
	for i := range int32(500) {
		s.out.AddDamage(geom.XYWH(i*7%199*2, i*11%197*2, 1, 1))
		if n := s.out.pending.Len(); n > maxDamage {
			t.Fatalf("%d rectangles of damage; want at most %d", n, maxDamage)
		}
	}
	for i := range int32(500) {
		if p := (geom.Point{X: i * 7 % 199 * 2, Y: i * 11 % 197 * 2}); !s.out.pending.Contains(p) {
			t.Fatalf("the damage at %v is lost", p)
		}
	}
}

func TestBufferAge(t *testing.T) {
	s := newStage(t, 100, 100)
	var nodes []*Rect
	for i := range int32(10) {
		r := s.Root().NewRect(geom.Size{W: 5, H: 5}, red)
		r.SetPosition(i*10, 0)
		nodes = append(nodes, r)
	}
	s.frame()
	for i, r := range nodes[:8] {
		r.SetColor(green + render.Color(i))
		s.frame()
	}
	full := geom.Rect{X1: 100, Y1: 100}
	for age, want := range map[int]geom.Rect{
		0: full, -1: full, 9: full,
		1: {X0: 80, X1: 85, Y1: 5},
		2: {X0: 70, X1: 85, Y1: 5},
		4: {X0: 50, X1: 85, Y1: 5},
		7: {X0: 20, X1: 85, Y1: 5},
		8: full,
	} {
		nodes[8].SetColor(green)
		s.out.Damaged()
		s.out.want(age)
		if got := s.out.repaint.Extents(); got != want {
			t.Errorf("age %d: repaint %v; want %v", age, got, want)
		}
	}
	// A frame without damage is none.
	s.frame()
	s.wantDamage()
	s.out.want(2)
	if got := s.out.repaint.Extents(); got != (geom.Rect{X0: 80, X1: 85, Y1: 5}) {
		t.Errorf("after an empty frame: repaint %v", got)
	}
}

func TestDamageSurvivesAnError(t *testing.T) {
	s := newStage(t, 10, 10)
	for name, set := range map[string]func(error){
		"begin":  func(err error) { s.r.beginErr = err },
		"submit": func(err error) { s.r.submitErr = err },
	} {
		s.out.DamageAll()
		set(errFake)
		if _, err := s.out.Render(&s.r, fakeTarget(s.out.Mode()), 1); !errors.Is(err, errFake) {
			t.Errorf("%s: error %v; want it wrapped", name, err)
		}
		if err := s.RenderNode(&s.r, s.Root(), fakeTarget{W: 1, H: 1}, 120); !errors.Is(err, errFake) {
			t.Errorf("%s: RenderNode error %v; want it wrapped", name, err)
		}
		set(nil)
		s.wantDamage(geom.Rect{X1: 10, Y1: 10})
	}
	if _, err := s.out.Render(&s.r, fakeTarget{W: 11, H: 10}, 1); err == nil {
		t.Error("a target of another size was accepted")
	}
}

func TestConfigureStartsAnew(t *testing.T) {
	s, right := two(t)
	b := s.buffer(s.Root(), 50, 50, true)
	s.frame()
	s.frame()
	right.Configure(geom.Point{X: 10}, geom.Size{W: 60, H: 80}, 120, geom.Rotate90)
	if s.out.Damaged() {
		t.Error("configuring one output damaged the other")
	}
	if got := right.pending.Extents(); got != (geom.Rect{X1: 60, Y1: 80}) {
		t.Errorf("damage = %v; want all", got)
	}
	if _, err := right.Render(&s.r, fakeTarget(right.Mode()), 3); err != nil {
		t.Fatal(err)
	}
	// The output shows x 10..90 of the layout, turned left, so the buffer's
	// 10..50 are at the lower end.
	if got, want := b.views[1].visible.Extents(), (geom.Rect{X0: 0, Y0: 40, X1: 50, Y1: 80}); got != want {
		t.Errorf("visible = %v; want %v", got, want)
	}
}

func TestOutputDestroy(t *testing.T) {
	s, right := two(t)
	b := s.buffer(s.Root(), 150, 50, true)
	s.frame()
	s.out.Destroy()
	s.out.Destroy()
	b.SetPosition(10, 0)
	if got := s.PrimaryOutput(b); got != right {
		t.Error("the output that is left is not the primary one")
	}
	if s.out.Damaged() {
		s.out.TakeDamage()
	}
	if _, err := s.out.Render(&s.r, fakeTarget(s.out.Mode()), 0); err == nil {
		t.Error("a destroyed output renders")
	}
	s.out.Configure(geom.Point{}, geom.Size{W: 5, H: 5}, 120, geom.Normal)
	if got := right.TakeDamage().Extents(); got != (geom.Rect{X1: 200, Y1: 200}) {
		t.Errorf("damage = %v; want the first frame whole", got)
	}
}
