package ui

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"rayos/geom"
)

// box is a node of a fixed size with state that counts its updates.
type box struct {
	w, h    int32
	name    string
	inside  []Node
	focuses bool
}

type boxState struct{ updates int }

func (b box) NewState() any              { return new(boxState) }
func (b box) Updated(e *Element, _ Node) { e.State().(*boxState).updates++ }
func (b box) Build(*Element) []Node      { return b.inside }
func (b box) Paint(*Element, *Painter)   {}
func (b box) Layout(e *Element, c Constraints) geom.Size {
	for _, k := range e.Children() {
		k.Layout(c.Loosen())
	}
	return geom.Size{W: b.w, H: b.h}
}

func (b box) Focus(*Element) FocusPolicy {
	if b.focuses {
		return TabStop
	}
	return NoFocus
}

// tall is another type.
type tall struct{ box }

// testClock is a clock that tests turn.
type testClock struct{ now time.Duration }

func (c *testClock) read() time.Duration { return c.now }

func newTestRoot(view func() Node) (*Root, *testClock) {
	c := &testClock{now: time.Second}
	r := New(Options{View: view, Now: c.read, Background: true})
	r.Resize(geom.Size{W: 400, H: 300}, geom.ScaleOne)
	return r, c
}

func TestElementsFollowTheirKeys(t *testing.T) {
	r, _ := newTestRoot(nil)
	at := func(i int) *Element { return r.top.children[0].children[i] }
	r.Update(Row{Children: Nodes{Key("a", box{}), Key("b", box{}), nil, Key("c", box{})}})
	a, b, c := at(0), at(1), at(2)
	r.Update(Row{Children: Nodes{Key("c", box{}), Key("d", box{}), Key("a", box{})}})
	if at(0) != c || at(2) != a {
		t.Error("elements didn't move with their keys")
	}
	if !b.gone || at(1) == b {
		t.Error("an element whose key is gone goes on")
	}
	if got := a.State().(*boxState).updates; got != 1 {
		t.Errorf("updates = %d; want 1", got)
	}
}

func TestElementsWithoutKeysMatchByTypeAndOrder(t *testing.T) {
	r, _ := newTestRoot(nil)
	at := func(i int) *Element { return r.top.children[0].children[i] }
	r.Update(Row{Children: Nodes{box{}, tall{}, box{}}})
	first, other, second := at(0), at(1), at(2)
	r.Update(Row{Children: Nodes{tall{}, box{}, box{}, box{}}})
	if at(0) != other || at(1) != first || at(2) != second {
		t.Error("elements didn't match by type and order")
	}
}

func TestFocusMovesWithItsElementAndEndsWithIt(t *testing.T) {
	r, _ := newTestRoot(nil)
	r.Update(Row{Children: Nodes{Key("a", box{focuses: true}), Key("b", box{focuses: true})}})
	r.Layout()
	b := r.top.children[0].children[1]
	if !b.Focus() {
		t.Fatal("Focus() = false")
	}
	r.Update(Row{Children: Nodes{Key("b", box{focuses: true}), Key("a", box{focuses: true})}})
	r.Layout()
	if r.Focused() != b {
		t.Error("the focus didn't move")
	}
	r.Update(Row{Children: Nodes{Key("a", box{focuses: true})}})
	r.Layout()
	if r.Focused() != nil {
		t.Error("the focus stayed with an element that is gone")
	}
}

// drawTree makes a random view.
func drawTree(t *rapid.T, depth int) Node {
	n := rapid.IntRange(0, 4).Draw(t, "children")
	if depth == 0 {
		n = 0
	}
	var kids []Node
	for range n {
		if rapid.IntRange(0, 6).Draw(t, "nil") == 0 {
			kids = append(kids, nil)
			continue
		}
		k := drawTree(t, depth-1)
		if key := rapid.IntRange(0, 5).Draw(t, "key"); key > 0 {
			k = Key(fmt.Sprint(key), k)
		}
		kids = append(kids, k)
	}
	size := rapid.Int32Range(0, 500)
	w, h := size.Draw(t, "w"), size.Draw(t, "h")
	align := Align(rapid.IntRange(0, int(Baseline)).Draw(t, "align"))
	first := func() Node {
		if len(kids) > 0 {
			return kids[0]
		}
		return nil
	}
	switch rapid.IntRange(0, 10).Draw(t, "type") {
	case 0:
		return Row{Gap: w % 20, Align: align, Justify: align % 3, Children: kids}
	case 1:
		return Column{Gap: w % 20, Align: align, Justify: align % 3, Children: kids}
	case 2:
		return Stack{X: align % 4, Y: align % 4, Children: kids}
	case 3:
		return Grid{Columns: int(w % 5), MinWidth: h, Gap: w % 9, Children: kids}
	case 4:
		return Padding{All(w % 40), first()}
	case 5:
		return Sized{W: w, MinH: h, Child: first()}
	case 6:
		return Aligned{align % 4, align % 4, first()}
	case 7:
		return Expand{Weight: w % 3, Child: first()}
	case 8:
		return Spacer{w % 30}
	case 9:
		return tall{box{w: w, h: h, inside: kids}}
	}
	return box{w: w, h: h, inside: kids, focuses: w%2 == 0}
}

// check holds the invariants of a tree.
func check(t *rapid.T, r *Root) {
	ids := map[uint64]bool{}
	var walk func(e *Element, n Node)
	walk = func(e *Element, n Node) {
		if ids[e.id] {
			t.Fatalf("two elements have the ID %d", e.id)
		}
		ids[e.id] = true
		if e.gone || e.dirty {
			t.Fatalf("element %d of %T: gone %t, dirty %t", e.id, e.node, e.gone, e.dirty)
		}
		if got := e.cons.Clamp(e.size); got != e.size {
			t.Fatalf("%T of %v has constraints %v", e.node, e.size, e.cons)
		}
		for _, k := range e.children {
			if k.parent != e {
				t.Fatalf("%T has another parent than the one it is in", k.node)
			}
		}
		p, ok := n.(Parent)
		if !ok {
			if len(e.children) != 0 {
				t.Fatalf("%T has %d children", n, len(e.children))
			}
			return
		}
		var want []Node
		for _, k := range p.Build(e) {
			if k != nil {
				want = append(want, k)
			}
		}
		if len(want) != len(e.children) {
			t.Fatalf("%T has %d children; want %d", n, len(e.children), len(want))
		}
		for i, k := range e.children {
			inner, key := unwrap(want[i])
			if fmt.Sprintf("%T", inner) != fmt.Sprintf("%T", k.node) || key != k.key {
				t.Fatalf("child %d is %T %q; want %T %q", i, k.node, k.key, inner, key)
			}
			walk(k, inner)
		}
	}
	walk(r.top, r.top.node)
	if f := r.focus; f != nil && (f.gone || f.policy() == NoFocus || !r.top.Holds(f)) {
		t.Fatal("the focus is with an element that can't have it")
	}
}

func TestTreeHoldsItsInvariants(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, _ := newTestRoot(nil)
		for range rapid.IntRange(1, 5).Draw(t, "updates") {
			before := map[*Element]uint64{}
			r.top.walk(func(e *Element) bool { before[e] = e.id; return true })
			r.SetRTL(rapid.Bool().Draw(t, "rtl"))
			r.Update(drawTree(t, 4))
			r.Frame()
			check(t, r)
			r.top.walk(func(e *Element) bool {
				if id, ok := before[e]; ok && id != e.id {
					t.Fatalf("an element changed its ID from %d to %d", id, e.id)
				}
				return true
			})
			if rapid.Bool().Draw(t, "tab") {
				r.FocusNext(rapid.Bool().Draw(t, "back"))
				check(t, r)
			}
		}
	})
}

func TestTabGoesAroundInTheOrderOfTheTree(t *testing.T) {
	r, _ := newTestRoot(nil)
	stop := func(name string, in ...Node) Node { return Key(name, box{focuses: true, name: name, inside: in}) }
	r.Update(Column{Children: Nodes{stop("1", stop("2")), box{}, Row{Children: Nodes{stop("3"), stop("4")}}}})
	var got []string
	for range 5 {
		r.Event(&Keystroke{Sym: KeyTab})
		got = append(got, r.Focused().node.(box).name)
	}
	for range 2 {
		r.Event(&Keystroke{Sym: KeyTab, Mods: Shift})
		got = append(got, r.Focused().node.(box).name)
	}
	if want := []string{"1", "2", "3", "4", "1", "4", "3"}; !slices.Equal(got, want) {
		t.Errorf("focus went to %v; want %v", got, want)
	}
}

func TestUnchangedFrameAllocatesNothing(t *testing.T) {
	r, _ := newTestRoot(func() Node {
		return Column{Children: Nodes{box{w: 10, h: 10}, Surface{Child: box{w: 20, h: 20}}}}
	})
	if f := r.Frame(); !f.Changed || f.Damage.Empty() {
		t.Error("the first frame has no damage")
	}
	list := r.Frame().List
	if n := testing.AllocsPerRun(100, func() { r.Frame() }); n != 0 {
		t.Errorf("an unchanged frame allocates %v times; want 0", n)
	}
	if f := r.Frame(); f.Changed || f.List != list || !f.Damage.Empty() {
		t.Errorf("changed = %t, damage %v; want the same frame", f.Changed, f.Damage.Rects())
	}
	if at, ok := r.Next(); ok {
		t.Errorf("an idle root has a next frame at %v", at)
	}
}

func TestRightToLeftIsTheMirrorImage(t *testing.T) {
	for _, view := range []Node{
		Row{Gap: 4, Children: Nodes{box{w: 10, h: 10}, box{w: 30, h: 20}}},
		Column{Align: End, Children: Nodes{box{w: 10, h: 10}, Padding{Insets{1, 2, 3, 4}, box{w: 30, h: 20}}}},
		Grid{Columns: 3, Gap: 4, Children: Nodes{box{}, box{}, box{}, box{}}},
	} {
		r, _ := newTestRoot(nil)
		r.Update(view)
		places := func() (list []geom.Rect) {
			r.Layout()
			r.top.walk(func(e *Element) bool { list = append(list, e.Bounds()); return true })
			return list
		}
		ltr := places()
		r.SetRTL(true)
		for i, got := range places() {
			want := ltr[i]
			want.X0, want.X1 = 400-ltr[i].X1, 400-ltr[i].X0
			if got != want {
				t.Errorf("%T: element %d is at %v; want %v", view, i, got, want)
			}
		}
	}
}
