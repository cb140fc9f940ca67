package surfaces

import (
	"fmt"
	"strings"
	"testing"

	"rayos/geom"
)

// children lists the children with their position on screen.
func (c *client) children() string {
	var out []string
	c.Children(func(s *Surface) {
		p := s.Tree().Position()
		out = append(out, fmt.Sprintf("%s%+d%+d", s.Data.(*client).name, p.X, p.Y))
	})
	return strings.Join(out, " ")
}

// topmost returns the name of the surface at a point of the layout.
func (w *world) topmost(x, y float64) string {
	b, _ := w.core.Scene.At(geom.FPoint{X: x, Y: y})
	if b == nil {
		return "nothing"
	}
	return b.Data.(*Surface).Data.(*client).name
}

func TestSubsurfaceIsSeenFromTheParentsCommitOn(t *testing.T) {
	w := newWorld(t)
	p := w.surface("p")
	p.Tree().SetEnabled(true)
	p.show(100, 100)
	c := w.child("c", p)
	c.SetDesync(true)
	c.SetPosition(geom.Point{X: 10, Y: 20})
	c.show(10, 10)
	if got := w.topmost(15, 25); got != "p" {
		t.Errorf("before the parent's commit: %s; want p", got)
	}
	if got := p.Extents(); got != rect(0, 0, 100, 100) {
		t.Errorf("extents = %v; want without the child", got)
	}
	p.commit()
	if got := w.topmost(15, 25); got != "c" {
		t.Errorf("after the parent's commit: %s; want c", got)
	}
	c.SetPosition(geom.Point{X: -5, Y: -6})
	if got, want := p.children(), "c+10+20"; got != want {
		t.Errorf("a new position before the commit: %s; want %s", got, want)
	}
	if got := p.Extents(); got != rect(0, 0, 100, 100) {
		t.Errorf("extents = %v; want those on screen", got)
	}
	p.commit()
	if got := p.Extents(); got != rect(-5, -6, 100, 100) {
		t.Errorf("extents = %v; want -5-6 to 100,100", got)
	}
	c.Leave()
	if got := w.topmost(0, 0); got != "p" {
		t.Errorf("after Leave: %s; want p at once", got)
	}
	if c.Parent() != nil || p.ChildCount() != 0 {
		t.Error("still a child after Leave")
	}
}

func TestStacking(t *testing.T) {
	w := newWorld(t)
	p := w.surface("p")
	p.Tree().SetEnabled(true)
	p.show(9, 9)
	var list [4]*client
	for i, name := range []string{"a", "b", "c", "d"} {
		list[i] = w.child(name, p)
		list[i].SetDesync(true)
		list[i].show(9, 9)
	}
	a, b, c, d := list[0], list[1], list[2], list[3]
	p.commit()
	// order peels the scene from the top.
	order := func() string {
		var out string
		all := append(list[:], p)
		for range all {
			name := w.topmost(4, 4)
			out = name + out
			for _, s := range all {
				if s.name == name {
					s.Node().SetInputNone()
				}
			}
		}
		for _, s := range all {
			s.Node().SetInput(nil)
		}
		return out
	}
	if got := order(); got != "pabcd" {
		t.Errorf("order = %s; want pabcd", got)
	}
	for _, step := range []struct {
		what  string
		s     *client
		ref   *client
		above bool
		ok    bool
		want  string
	}{
		{"above a sibling", a, c, true, true, "pbcad"},
		{"above the one below", c, b, true, true, "pbcad"},
		{"below a sibling", d, b, false, true, "pdbca"},
		{"below the parent", b, p, false, true, "bpdca"},
		{"above the parent", a, p, true, true, "bpadc"},
		{"itself", a, a, true, false, "bpadc"},
		{"a stranger", a, w.surface("x"), true, false, "bpadc"},
		{"parent is no child", p, a, true, false, "bpadc"},
	} {
		if ok := step.s.Place(step.ref.Surface, step.above); ok != step.ok {
			t.Errorf("%s: %v; want %v", step.what, ok, step.ok)
		}
		p.commit()
		if got := order(); got != step.want {
			t.Errorf("%s: order %s; want %s", step.what, got, step.want)
		}
	}
	d.Place(b.Surface, false)
	if got := order(); got != "bpadc" {
		t.Errorf("order %s before the commit; want bpadc", got)
	}
	d.Destroy()
	list[3] = list[2]
	p.commit()
	if got := order(); !strings.HasPrefix(got, "nothingbpac") {
		t.Errorf("order %s without d; want bpac", got)
	}
}

func TestPositionAloneTouchesNoSibling(t *testing.T) {
	w := newWorld(t)
	out := w.core.Scene.NewOutput(geom.Point{}, geom.Size{W: 100, H: 100}, geom.ScaleOne, geom.Normal)
	p := w.surface("p")
	p.Tree().SetEnabled(true)
	p.show(100, 100)
	a, b := w.child("a", p), w.child("b", p)
	a.SetPosition(geom.Point{X: 50, Y: 50})
	for _, c := range []*client{a, b} {
		c.SetDesync(true)
		c.show(10, 10)
	}
	p.commit()
	out.TakeDamage()
	a.SetPosition(geom.Point{X: 51, Y: 50})
	p.commit()
	if got, want := out.TakeDamage().Extents(), rect(50, 50, 61, 60); got != want {
		t.Errorf("damage = %v; want %v", got, want)
	}
}

func TestSyncedCommitsWaitForTheParent(t *testing.T) {
	w := newWorld(t)
	p := w.surface("p")
	c := w.child("c", p)
	g := w.child("g", c)
	g.SetDesync(true) // has no effect below a synchronised one
	if !c.Synced() || !g.Synced() || p.Synced() {
		t.Fatal("who is synchronised is wrong")
	}
	p.show(5, 5)
	w.wantLog("p")
	first, second := g.show(1, 1), g.show(2, 2)
	if first.locks != 0 || second.locks != 1 || g.HasBuffer() {
		t.Errorf("cached: locks %d and %d; want 0 and 1", first.locks, second.locks)
	}
	c.show(3, 3)
	w.wantLog("")
	p.then = func() {
		if c.Size().W != 3 || g.Size().W != 2 {
			t.Error("the parent hears of its commit before the children have theirs")
		}
	}
	p.commit()
	w.wantLog("p c g")
	p.then = nil
	p.commit()
	w.wantLog("p")

	// Cached with the child, not with the root.
	g.show(4, 4)
	c.SetDesync(true)
	w.wantLog("g")
	g.show(6, 6)
	c.commit()
	w.wantLog("g c")
	c.SetDesync(false)
	g.show(7, 7)
	c.ack(9)
	c.commit()
	w.wantLog("")
	c.SetDesync(true)
	w.wantLog("c g")
}

func TestNestedStateIsAppliedInOneGo(t *testing.T) {
	// Every hook of the tree sees every surface at its new size.
	w := newWorld(t)
	list := []*client{w.surface("0")}
	for i := 1; i < 12; i++ {
		list = append(list, w.child(fmt.Sprint(i), list[(i-1)/2]))
	}
	calls := 0
	for _, c := range list {
		c.then = func() {
			calls++
			for _, o := range list {
				if o.Size().W != 3 {
					t.Errorf("%s hears of its commit while %s is %v", c.name, o.name, o.Size())
				}
			}
		}
	}
	for i := range list {
		list[len(list)-1-i].show(3, 3)
	}
	if calls != len(list) {
		t.Errorf("%d hooks were called; want %d", calls, len(list))
	}
}

func TestChildrenOfASurfaceWithoutContentAreHidden(t *testing.T) {
	w := newWorld(t)
	p := w.surface("p")
	p.Tree().SetEnabled(true)
	c := w.child("c", p)
	c.show(5, 5)
	p.commit()
	if got := w.topmost(1, 1); got != "nothing" {
		t.Errorf("below a parent without content: %s", got)
	}
	p.show(5, 5)
	if got := w.topmost(1, 1); got != "c" {
		t.Errorf("with content: %s; want c", got)
	}
	p.attach(nil)
	p.commit()
	if got := w.topmost(1, 1); got != "nothing" {
		t.Errorf("content gone: %s", got)
	}
}

func TestDestroyInAnyOrder(t *testing.T) {
	for _, first := range []string{"root", "middle", "leaf"} {
		w := newWorld(t)
		root := w.surface("root")
		middle := w.child("middle", root)
		leaf := w.child("leaf", middle)
		buffers := []*fakeBuffer{leaf.show(1, 1), middle.show(2, 2), root.show(3, 3)}
		buffers = append(buffers, leaf.show(4, 4), middle.show(5, 5))
		w.logged()
		by := map[string]*client{"root": root, "middle": middle, "leaf": leaf}
		by[first].Destroy()
		for name, c := range by {
			if name != first && c.Tree().Parent() == nil {
				t.Errorf("%s first: the tree of %s is gone", first, name)
			}
		}
		switch first {
		case "root":
			if middle.Parent() != nil || leaf.Parent() != middle.Surface || middle.Synced() {
				t.Error("root first: the middle is not on its own")
			}
			w.wantLog("middle leaf") // what waited for root
		case "middle":
			if leaf.Parent() != nil || root.ChildCount() != 0 {
				t.Error("middle first: it has relatives")
			}
			w.wantLog("leaf")
		case "leaf":
			w.wantLog("")
		}
		for _, c := range by {
			c.Destroy()
		}
		for i, b := range buffers {
			if b.locks != 0 {
				t.Errorf("%s first: buffer %d keeps %d locks", first, i, b.locks)
			}
		}
	}
}

func TestSurfaceJoinsAgainAfterItsParentDied(t *testing.T) {
	w := newWorld(t)
	p := w.surface("p")
	p.show(9, 9)
	c := w.child("c", p)
	c.show(5, 5)
	p.commit()
	p.Destroy()
	q := w.surface("q")
	q.Tree().SetEnabled(true)
	q.show(9, 9)
	c.Join(q.Surface)
	q.commit()
	if got := w.topmost(1, 1); got != "c" {
		t.Errorf("on the new parent: %s; want c", got)
	}
}

func TestDepthAndHeight(t *testing.T) {
	w := newWorld(t)
	list := []*client{w.surface("0")}
	for i := 1; i <= 64; i++ {
		list = append(list, w.child(fmt.Sprint(i), list[i-1]))
	}
	w.child("x", list[10])
	if list[64].Depth() != 64 || list[0].Depth() != 0 || list[0].Height() != 64 || list[64].Height() != 0 {
		t.Errorf("depth %d, height %d; want 64", list[64].Depth(), list[0].Height())
	}
	if list[10].ChildCount() != 2 || list[64].ChildCount() != 0 {
		t.Errorf("%d and %d children; want 2 and 0", list[10].ChildCount(), list[64].ChildCount())
	}
	if list[64].Root() != list[0].Surface || !list[64].HasAncestor(list[3].Surface) || list[3].HasAncestor(list[64].Surface) {
		t.Error("ancestors are wrong")
	}
	n := 0
	list[0].Each(func(*Surface) { n++ })
	if n != 66 {
		t.Errorf("Each found %d; want 66", n)
	}
}
