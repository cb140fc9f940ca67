package ui

import (
	"fmt"
	"testing"
	"time"

	"rayos/geom"
	"rayos/rayapps/ui/theme"
)

func TestPreferIsWhatTheViewNeeds(t *testing.T) {
	r := New(Options{View: func() Node { return Pad(10, box{w: 100, h: 40}) }})
	for _, c := range []struct{ within, want geom.Size }{
		{geom.Size{W: 500, H: 500}, geom.Size{W: 120, H: 60}},
		{geom.Size{W: 80, H: 500}, geom.Size{W: 80, H: 60}},
	} {
		if got := r.Prefer(c.within); got != c.want {
			t.Errorf("Prefer(%v) = %v; want %v", c.within, got, c.want)
		}
	}
	r.Resize(geom.Size{W: 300, H: 200}, geom.ScaleOne)
	r.Frame()
	if got := r.top.Child(0).Size(); got != (geom.Size{W: 300, H: 200}) {
		t.Errorf("after Prefer the view is %v large", got)
	}
}

func TestThemesChangeWhileShown(t *testing.T) {
	views := 0
	r, _ := newTestRoot(func() Node {
		views++
		return Row{Children: Nodes{Button{Text: "B"}, If(views > 1, Label{Text: "again"})}}
	})
	first := r.Frame().List
	height := r.top.Child(0).Child(0).Size().H
	th := theme.New(theme.Light, 0)
	th.Touch = true
	r.SetTheme(th)
	f := r.Frame()
	if !f.Changed || f.List == first || views != 2 {
		t.Errorf("changed %t after %d views", f.Changed, views)
	}
	if got := r.top.Child(0).Child(0).Size().H; got <= height {
		t.Errorf("a button for fingers is %d high, before it was %d", got, height)
	}
	c := r.Counts()
	r.SetTheme(th)
	r.Frame()
	if r.Counts() != c {
		t.Error("the same theme again costs a frame")
	}
}

func TestRepaintShowsWhatAPictureHasBecome(t *testing.T) {
	m := checker(t, 8, 8)
	r, _ := newTestRoot(nil)
	r.Update(Aligned{Child: Image{Image: m}})
	r.Frame()
	m.Update()
	r.Frame()
	if r.frame.Changed {
		t.Error("a frame was drawn that nobody asked for")
	}
	r.Repaint()
	if b := r.Frame().Damage.Extents(); b != geom.XYWH(0, 0, 8, 8) {
		t.Errorf("damage is %v; want the picture", b)
	}
}

func TestListsFlingAndReveal(t *testing.T) {
	r, c := newTestRoot(nil)
	r.Update(List{Name: "l", Count: 1000, Row: func(i int) Node { return Button{Text: fmt.Sprint(i)} }})
	s := r.top.children[0].state.(*listState)
	script(t, r, c, "touch 50,200", "wait 10ms", "slide 50,180", "wait 10ms", "slide 50,150", "wait 10ms", "slide 50,120", "lift 50,120")
	before := s.scroll.at
	for range 10 {
		c.now += 16 * time.Millisecond
		r.Frame()
	}
	if before == 0 || s.scroll.at <= before {
		t.Errorf("scrolled to %d, then %d", before, s.scroll.at)
	}
	for range 30 {
		script(t, r, c, "wait 1s", "key Tab")
		if b := r.Focused().Bounds(); !r.Size().Rect().Contains(b) {
			t.Fatalf("the focus is at %v", b)
		}
	}
}

func TestNamesOfShapesAndKinds(t *testing.T) {
	for c := CursorDefault; c <= CursorWait; c++ {
		if c.String() == "" {
			t.Errorf("cursor %d has no name", c)
		}
	}
	if got := CursorColResize.String(); got != "col-resize" {
		t.Errorf("CursorColResize = %q", got)
	}
	if got := PointerScroll.String(); got != "scroll" {
		t.Errorf("PointerScroll = %q", got)
	}
	for i := NoRole + 1; i < roles; i++ {
		if i.String() == "" {
			t.Errorf("role %d has no name", i)
		}
	}
}
