package geom

import (
	"math"
	"testing"
)

const hi, lo = math.MaxInt32, math.MinInt32

func TestRectOperations(t *testing.T) {
	a := Rect{0, 0, 10, 10}
	for _, c := range []struct {
		name         string
		b            Rect
		inter, union Rect
		contains     bool
		overlaps     bool
	}{
		{"inside", Rect{2, 3, 4, 5}, Rect{2, 3, 4, 5}, a, true, true},
		{"across", Rect{5, 5, 15, 15}, Rect{5, 5, 10, 10}, Rect{0, 0, 15, 15}, false, true},
		{"touching", Rect{10, 0, 20, 10}, Rect{}, Rect{0, 0, 20, 10}, false, false},
		{"apart", Rect{20, 20, 21, 21}, Rect{}, Rect{0, 0, 21, 21}, false, false},
		{"empty", Rect{5, 5, 5, 9}, Rect{}, a, true, false},
		{"inverted", Rect{9, 9, 1, 1}, Rect{}, a, true, false},
	} {
		if got := a.Intersect(c.b); got != c.inter {
			t.Errorf("%s: Intersect = %v; want %v", c.name, got, c.inter)
		}
		if got := a.Union(c.b); got != c.union {
			t.Errorf("%s: Union = %v; want %v", c.name, got, c.union)
		}
		if got := c.b.Union(a); got != c.union {
			t.Errorf("%s: Union the other way = %v; want %v", c.name, got, c.union)
		}
		if got := a.Contains(c.b); got != c.contains {
			t.Errorf("%s: Contains = %v; want %v", c.name, got, c.contains)
		}
		if got := a.Overlaps(c.b); got != c.overlaps {
			t.Errorf("%s: Overlaps = %v; want %v", c.name, got, c.overlaps)
		}
	}
}

func TestRectSaturates(t *testing.T) {
	for _, c := range []struct {
		name      string
		got, want Rect
	}{
		{"XYWH", XYWH(hi-1, 5, hi, hi), Rect{hi - 1, 5, hi, hi}},
		{"Add", Rect{0, 0, 10, hi}.Add(Point{hi, 1}), Rect{hi, 1, hi, hi}},
		{"Inset out", Rect{lo, 0, hi, 5}.Inset(-2), Rect{lo, -2, hi, 7}},
		{"Inset in", Rect{0, 0, 10, 10}.Inset(3), Rect{3, 3, 7, 7}},
	} {
		if c.got != c.want {
			t.Errorf("%s = %#v; want %#v", c.name, c.got, c.want)
		}
	}
	if w := (Rect{lo, 0, hi, 1}).W(); w != hi {
		t.Errorf("W() of the widest = %d; want saturated", w)
	}
	if p := (Point{hi, lo}).Add(Point{1, -1}); p != (Point{hi, lo}) {
		t.Errorf("Add = %v; want saturated", p)
	}
	if p := (Point{hi, lo}).Sub(Point{-1, 1}); p != (Point{hi, lo}) {
		t.Errorf("Sub = %v; want saturated", p)
	}
	if !XYWH(0, 0, -5, 5).Empty() || !(Size{0, 3}).Empty() {
		t.Error("a negative or zero width is empty")
	}
}

func TestFPointFloor(t *testing.T) {
	for _, c := range []struct {
		in   FPoint
		want Point
	}{
		{FPoint{1.9, -0.1}, Point{1, -1}},
		{FPoint{-2, 3}, Point{-2, 3}},
		{FPoint{1e30, -1e30}, Point{hi, lo}},
		{FPoint{math.Inf(1), math.NaN()}, Point{hi, 0}},
	} {
		if got := c.in.Floor(); got != c.want {
			t.Errorf("%v.Floor() = %v; want %v", c.in, got, c.want)
		}
	}
}

func TestPointInIsHalfOpen(t *testing.T) {
	r := Rect{1, 2, 3, 4}
	for p, want := range map[Point]bool{{1, 2}: true, {2, 3}: true, {3, 3}: false, {2, 4}: false, {0, 2}: false} {
		if got := p.In(r); got != want {
			t.Errorf("%v.In(%v) = %v; want %v", p, r, got, want)
		}
	}
}

func TestRectString(t *testing.T) {
	if got := (Rect{-3, 4, 7, 9}).String(); got != "10x5-3+4" {
		t.Errorf("String() = %q; want 10x5-3+4", got)
	}
}
