package scene

import (
	"slices"
	"testing"

	"rayos/geom"
	"rayos/gpu/render"
)

func TestAtFindsTheTopmostThatTakesInput(t *testing.T) {
	s := newStage(t, 200, 200)
	low := s.buffer(s.Root(), 100, 100, true)
	tree := s.Root().NewTree()
	tree.SetPosition(50, 50)
	high := s.buffer(tree, 100, 100, true)
	tree.NewRect(geom.Size{W: 100, H: 100}, red) // rectangles take no input
	at := func(x, y float64) *Buffer {
		b, _ := s.At(geom.FPoint{X: x, Y: y})
		return b
	}
	check := func(what string, x, y float64, want *Buffer) {
		t.Helper()
		if got := at(x, y); got != want {
			t.Errorf("%s: At(%v, %v) = %p; want %p (low %p, high %p)", what, x, y, got, want, low, high)
		}
	}
	check("both", 60, 60, high)
	check("corner", 49.9, 49.9, low)
	check("far edge is outside", 150, 100, nil)
	check("just inside", 149.9, 100, high)
	check("negative", -0.1, 5, nil)
	if _, local := s.At(geom.FPoint{X: 60.5, Y: 61.25}); local != (geom.FPoint{X: 10.5, Y: 11.25}) {
		t.Errorf("local point = %v; want 10.5, 11.25", local)
	}
	hole := geom.RegionOf(geom.Rect{X0: 20, Y0: 0, X1: 100, Y1: 100})
	high.SetInput(&hole)
	check("through a hole", 60, 60, low)
	check("beside the hole", 75, 60, high)
	high.SetInputNone()
	check("no input", 75, 60, low)
	high.SetInput(nil)
	check("all input", 75, 60, high)
	tree.SetEnabled(false)
	check("disabled tree", 75, 60, low)
	low.SetTexture(nil, nil)
	check("nothing to show", 75, 60, nil)
	s.Root().SetEnabled(false)
	check("disabled root", 75, 60, nil)
}

// two is a scene with outputs of 100x100 side by side.
func two(t *testing.T) (*stage, *Output) {
	s := newStage(t, 100, 100)
	return s, s.NewOutput(geom.Point{X: 100}, geom.Size{W: 200, H: 200}, 240, geom.Normal)
}

func TestEachOutputLooksAtBoundsOnly(t *testing.T) {
	s, right := two(t)
	tree := s.Root().NewTree()
	b := s.buffer(tree, 50, 50, true)
	cover := s.Root().NewRect(geom.Size{W: 300, H: 300}, red)
	list := func() (got []*Output) {
		s.EachOutput(b, func(o *Output) { got = append(got, o) })
		return got
	}
	for _, c := range []struct {
		x    int32
		want []*Output
	}{
		{0, []*Output{s.out}},
		{80, []*Output{s.out, right}},
		{100, []*Output{right}},
		{-50, nil},
	} {
		b.SetPosition(c.x, 0)
		if got := list(); len(got) != len(c.want) || len(got) > 0 && got[0] != c.want[0] {
			t.Errorf("at %d: %d outputs; want %d", c.x, len(got), len(c.want))
		}
	}
	b.SetPosition(0, 0)
	tree.SetEnabled(false)
	if got := list(); got != nil {
		t.Errorf("below a disabled tree: %d outputs; want none", len(got))
	}
	tree.SetEnabled(true)
	b.Destroy()
	if got := list(); got != nil || s.PrimaryOutput(b) != nil {
		t.Errorf("after Destroy: %d outputs; want none", len(got))
	}
	cover.Destroy()
}

func TestPrimaryOutputHasTheLargestVisibleArea(t *testing.T) {
	s, right := two(t)
	b := s.buffer(s.Root(), 50, 50, true)
	b.SetPosition(70, 0) // 30 columns left, 20 right, which are 40 physical
	if got := s.PrimaryOutput(b); got != s.out {
		t.Errorf("PrimaryOutput = %v; want the left one", got.Logical())
	}
	cover := s.Root().NewRect(geom.Size{W: 100, H: 45}, red)
	if got := s.PrimaryOutput(b); got != right {
		t.Error("PrimaryOutput stays where the buffer is mostly hidden")
	}
	n := 0
	right.EachVisible(func(v *Buffer) {
		if n++; v != b {
			t.Error("EachVisible found a stranger")
		}
	})
	if n != 1 {
		t.Errorf("EachVisible called %d times; want 1", n)
	}
	cover.SetSize(geom.Size{W: 300, H: 300})
	s.out.EachVisible(func(*Buffer) { t.Error("EachVisible found a hidden buffer") })
	if got := s.PrimaryOutput(b); got != nil {
		t.Error("a hidden buffer has a primary output")
	}
}

func TestRestackDamagesWhatMoved(t *testing.T) {
	s := newStage(t, 100, 100)
	tree := s.Root().NewTree()
	var nodes []*Node
	for i := range int32(5) { // a staircase
		r := tree.NewRect(geom.Size{W: 20, H: 20}, red+render.Color(i))
		r.SetPosition(10*i, 10*i)
		nodes = append(nodes, &r.Node)
	}
	a, b, c, d, e := nodes[0], nodes[1], nodes[2], nodes[3], nodes[4]
	s.frame()
	tree.Restack(nodes)
	s.wantDamage()
	tree.Restack([]*Node{b, c, d, e, a})
	s.wantDamage(geom.XYWH(0, 0, 20, 20))
	tree.Restack([]*Node{a, b, c, d, e})
	s.wantDamage(geom.XYWH(0, 0, 20, 20))
	tree.Restack([]*Node{e, a, b, c, d})
	s.wantDamage(geom.XYWH(40, 40, 20, 20))
	tree.Restack([]*Node{d}) // the others stay above
	if want := []*Node{d, e, a, b, c}; !slices.Equal(tree.children, want) {
		t.Errorf("children = %v; want %v", tree.children, want)
	}
	for name, list := range map[string][]*Node{
		"twice": {a, a}, "another tree": {&tree.Node},
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			tree.Restack(list)
		}()
	}
}

func TestDestroyInAnyOrder(t *testing.T) {
	for _, first := range []string{"tree", "buffer"} {
		s := newStage(t, 100, 100)
		tree := s.Root().NewTree()
		inner := tree.NewTree()
		b := s.buffer(inner, 50, 50, false)
		r := inner.NewRect(geom.Size{W: 10, H: 10}, red)
		s.frame()
		nodes := []interface{ Destroy() }{tree, inner, b, r}
		if first == "buffer" {
			nodes = []interface{ Destroy() }{b, r, inner, tree}
		}
		for _, n := range nodes {
			n.Destroy()
			n.Destroy()
		}
		// The owners may not know yet.
		b.SetTexture(&fakeTexture{size: geom.Size{W: 9, H: 9}}, nil)
		b.SetTexture(b.Texture(), &geom.Region{})
		b.SetAlpha(4)
		b.SetPosition(3, 3)
		b.SetEnabled(true)
		b.Raise()
		b.Lower()
		b.Reparent(s.Root())
		r.SetColor(green)
		if b.Parent() != nil {
			t.Error("a destroyed node has a parent")
		}
		if _, on := b.AbsPosition(); on {
			t.Error("a destroyed node is enabled")
		}
		s.wantDamage(geom.Rect{X1: 50, Y1: 50})
		if got := s.r.names(); len(got) != 1 || got[0] != "clear" {
			t.Errorf("%s first: drew %v; want clear only", first, got)
		}
	}
}

func TestRootStays(t *testing.T) {
	s := newStage(t, 10, 10)
	s.Root().Destroy()
	s.Root().Raise()
	s.Root().Reparent(s.Root().NewTree())
	if s.Root().Parent() != nil {
		t.Error("the root got a parent")
	}
	s.buffer(s.Root(), 5, 5, true)
	if b, _ := s.At(geom.FPoint{X: 1, Y: 1}); b == nil {
		t.Error("the root does not work any more")
	}
}

func TestOwnersMistakesPanic(t *testing.T) {
	s := New()
	tree, other := s.Root().NewTree(), s.Root().NewTree()
	inner, gone := tree.NewTree(), s.Root().NewTree()
	gone.Destroy()
	for name, f := range map[string]func(){
		"below itself":          func() { tree.Reparent(inner) },
		"below a destroyed one": func() { tree.Reparent(gone) },
		"beside a stranger":     func() { inner.PlaceAbove(other) },
		"child of a destroyed":  func() { gone.NewBuffer() },
		"scale zero":            func() { s.NewOutput(geom.Point{}, geom.Size{W: 1, H: 1}, 0, geom.Normal) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: no panic", name)
				}
			}()
			f()
		}()
	}
}

func TestOrder(t *testing.T) {
	s := newStage(t, 100, 100)
	n := map[string]*Buffer{}
	for _, name := range []string{"a", "b", "c"} {
		n[name] = s.Root().NewBuffer()
		n[name].SetTexture(&fakeTexture{name: name, size: geom.Size{W: 10, H: 10}}, nil)
	}
	for _, c := range []struct {
		name string
		do   func()
		want string
	}{
		{"as made", func() {}, "abc"},
		{"raise", n["a"].Raise, "bca"},
		{"raise the top", n["a"].Raise, "bca"},
		{"lower", n["c"].Lower, "cba"},
		{"above", func() { n["c"].PlaceAbove(n["b"]) }, "bca"},
		{"above the one below", func() { n["c"].PlaceAbove(n["b"]) }, "bca"},
		{"below", func() { n["a"].PlaceBelow(n["b"]) }, "abc"},
		{"below the one above", func() { n["a"].PlaceBelow(n["b"]) }, "abc"},
		{"beside itself", func() { n["a"].PlaceBelow(n["a"]) }, "abc"},
		{"above the top", func() { n["a"].PlaceAbove(n["c"]) }, "bca"},
	} {
		c.do()
		s.out.DamageAll()
		s.frame()
		got := ""
		for _, name := range s.r.names()[1:] {
			got += name
		}
		if got != c.want {
			t.Errorf("%s: drawn %s; want %s", c.name, got, c.want)
		}
	}
	n["b"].Raise()
	if s.wantDamage(geom.Rect{X1: 10, Y1: 10}); s.out.Damaged() {
		t.Error("damaged after a frame")
	}
	n["b"].Raise()
	if s.out.Damaged() {
		t.Error("raising what is on top damages")
	}
}

func TestReparentKeepsTheRelativePosition(t *testing.T) {
	s := newStage(t, 100, 100)
	a, b := s.Root().NewTree(), s.Root().NewTree()
	b.SetPosition(30, 40)
	n := s.buffer(a, 10, 10, true)
	n.SetPosition(1, 2)
	s.frame()
	n.Reparent(b)
	if pos, on := n.AbsPosition(); pos != (geom.Point{X: 31, Y: 42}) || !on || n.Parent() != b {
		t.Errorf("AbsPosition = %v, %v; want 31, 42", pos, on)
	}
	if n.Position() != (geom.Point{X: 1, Y: 2}) {
		t.Errorf("Position = %v; want 1, 2", n.Position())
	}
	s.wantDamage(geom.XYWH(1, 2, 10, 10), geom.XYWH(31, 42, 10, 10))
}

func TestLayoutCoordinatesSaturate(t *testing.T) {
	s := newStage(t, 100, 100)
	tree := s.Root().NewTree()
	tree.SetPosition(1<<31-1, 1<<31-1)
	b := s.buffer(tree, 10, 10, true)
	b.SetPosition(1<<31-1, 1<<31-1)
	b.SetDestSize(geom.Size{W: 1<<31 - 1, H: 1<<31 - 1})
	s.frame()
	if got := s.r.names(); len(got) != 1 || got[0] != "clear" {
		t.Errorf("drew %v; want clear only", got)
	}
	tree.SetPosition(-100, -100)
	b.SetPosition(0, 0)
	s.frame()
	if op := s.r.ops[len(s.r.ops)-1]; op.what != "10x10" || op.op.Dst.W() != maxSide {
		t.Errorf("drew %v of a huge buffer; want the whole of it, bounded", op.op.Dst)
	}
	tree.SetPosition(-1<<31, -1<<31)
	b.SetDestSize(geom.Size{W: -5, H: 3})
	if hit, _ := s.At(geom.FPoint{X: -1 << 31, Y: -1 << 31}); hit != nil {
		t.Error("a negative size was hit")
	}
	s.frame()
}

var _ = []Noder{(*Tree)(nil), (*Rect)(nil), (*Buffer)(nil)}

var _ render.Target = fakeTarget{}
