package wm

import (
	"testing"

	"rayos/geom"
)

// TestConstrainedTilesDontMove checks that what a tile says about its edges is
// what dragging them does.
func TestConstrainedTilesDontMove(t *testing.T) {
	for n := 1; n <= 4; n++ {
		s := New(DefaultConfig())
		must := func(op Op) {
			t.Helper()
			next, err := s.Apply(op)
			if err != nil {
				t.Fatalf("%s: %v", FormatOp(op), err)
			}
			s = next
		}
		must(AddOutput{ID: 1, Name: "one", Rect: geom.XYWH(0, 0, 1000, 800)})
		for i := range n {
			must(Map{ID: WindowID(i + 1), Size: geom.Size{W: 200, H: 100}, Activate: true})
		}
		must(SetLayout{N: 0, Layout: Tiling})
		for _, p := range s.Arrange(nil) {
			if p.Tiled != EdgesAll {
				t.Fatalf("window %d of %d is not tiled", p.ID, n)
			}
			for e, d := range map[Edges]geom.Point{
				EdgeLeft: {X: 30}, EdgeRight: {X: -30}, EdgeTop: {Y: 30}, EdgeBottom: {Y: -30},
			} {
				next, err := s.Apply(Resize{ID: p.ID, Edges: e, Delta: d, From: p.Frame})
				if err != nil {
					t.Fatal(err)
				}
				q, _ := next.Find(p.ID)
				if moved, fixed := q.Frame != p.Frame, p.Constrained&e != 0; moved == fixed {
					t.Errorf("window %d of %d, edge %v: constrained %v, moved %v", p.ID, n, e, fixed, moved)
				}
			}
		}
	}
}
