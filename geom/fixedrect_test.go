package geom

import "testing"

func TestFixedRect(t *testing.T) {
	r := FixedRect{X0: 128, Y0: -64, X1: 640, Y1: 300}
	if got, want := r.Outwards(), (Rect{X0: 0, Y0: -1, X1: 3, Y1: 2}); got != want {
		t.Errorf("Outwards = %v; want %v", got, want)
	}
	if got, want := r.Inset(64), (FixedRect{X0: 192, Y0: 0, X1: 576, Y1: 236}); got != want {
		t.Errorf("Inset = %v; want %v", got, want)
	}
	if got := r.Inset(400); !got.Empty() || got.Union(r) != r || r.Union(got) != r {
		t.Errorf("an empty rectangle %v counts", got)
	}
	if got, want := r.Add(FixedPoint{X: 1, Y: 2}), (FixedRect{X0: 129, Y0: -62, X1: 641, Y1: 302}); got != want {
		t.Errorf("Add = %v; want %v", got, want)
	}
	if r.Intersect(FixedXYWH(3, 0, 1, 1)) != (FixedRect{}) {
		t.Error("rectangles that don't meet share something")
	}
	if !(FixedPoint{X: 128, Y: -64}).In(r) || (FixedPoint{X: 640, Y: 0}).In(r) {
		t.Error("a rectangle isn't half open")
	}
	if got := (Rect{X0: -1 << 31, X1: 1<<31 - 1, Y1: 1}).Fixed(); got.X0 != -1<<31 || got.X1 != 1<<31-1 || got.W() != 1<<31-1 {
		t.Errorf("large edges are %v", got)
	}
}

func TestFixedRounding(t *testing.T) {
	for _, c := range []struct {
		v           Fixed
		round, ceil int32
	}{{0, 0, 0}, {127, 0, 1}, {128, 1, 1}, {-128, 0, 0}, {-129, -1, 0}, {-256, -1, -1}, {1<<31 - 1, 1 << 23, 1 << 23}} {
		if c.v.Round() != c.round || c.v.Ceil() != c.ceil {
			t.Errorf("%v rounds to %d and up to %d; want %d, %d", c.v.Float(), c.v.Round(), c.v.Ceil(), c.round, c.ceil)
		}
	}
}

// TestScaledEdgesStayInside: a box that falls on whole physical pixels lies in
// the pixels that it has a part in.
func TestScaledEdgesStayInside(t *testing.T) {
	for _, s := range []Scale{120, 150, 170, 180, 240, 360} {
		for v := Fixed(-700); v < 700; v += 13 {
			r := FixedRect{X0: v, Y0: v / 3, X1: v + 300, Y1: v/3 + 999}
			if got, out := s.ApplyFixedRect(r), s.Outwards(r.Outwards()); !out.Contains(got) {
				t.Fatalf("scale %d: %v falls on %v, outside of %v", s, r, got, out)
			}
		}
		for v := int32(-100); v < 100; v++ {
			if got, want := s.ApplyFixed(FixedFromInt(v)).Round(), s.Apply(v); got != want {
				t.Fatalf("scale %d: %d is %d in 24.8, %d in whole pixels", s, v, got, want)
			}
		}
	}
}
