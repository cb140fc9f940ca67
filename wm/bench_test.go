package wm

import (
	"testing"

	"rayos/geom"
)

// desktop returns n windows on two outputs.
func desktop(tb testing.TB, n int) State {
	tb.Helper()
	s := New(DefaultConfig())
	list := []Op{
		AddOutput{ID: 1, Name: "a", Rect: geom.XYWH(0, 0, 1920, 1080)},
		AddOutput{ID: 2, Name: "b", Rect: geom.XYWH(1920, 0, 1920, 1080)},
	}
	for i := range n {
		list = append(list, Map{ID: WindowID(i + 1), Size: geom.Size{W: 640, H: 480}, Decorated: true, Activate: true})
	}
	for _, op := range list {
		next, err := s.Apply(op)
		if err != nil {
			tb.Fatalf("Apply(%s) = %v", FormatOp(op), err)
		}
		s = next
	}
	return s
}

func TestMoveCopiesOneWindow(t *testing.T) {
	s := desktop(t, 50)
	var op Op = MoveBy{ID: 25, Delta: geom.Point{X: 1, Y: 1}}
	allocs := testing.AllocsPerRun(100, func() { s, _ = s.Apply(op) })
	// The list of windows, the window, and the State that op writes to.
	if allocs > 3 {
		t.Errorf("Apply(MoveBy) allocates %v times; want at most 3", allocs)
	}
}

func TestArrangeReusesItsStorage(t *testing.T) {
	s := desktop(t, 50)
	dst := s.Arrange(nil)
	if n := testing.AllocsPerRun(100, func() { dst = s.Arrange(dst[:0]) }); n != 0 {
		t.Errorf("Arrange allocates %v times; want 0", n)
	}
}

func BenchmarkMoveBy50(b *testing.B) {
	s := desktop(b, 50)
	ops := [2]Op{MoveBy{ID: 25, Delta: geom.Point{X: 5, Y: 3}}, MoveBy{ID: 25, Delta: geom.Point{X: -5, Y: -3}}}
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		s, _ = s.Apply(ops[i&1])
	}
}

func BenchmarkArrange50(b *testing.B) {
	s := desktop(b, 50)
	var dst []Placement
	b.ReportAllocs()
	for b.Loop() {
		dst = s.Arrange(dst[:0])
	}
}

func BenchmarkMap1000(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		desktop(b, 1000)
	}
}
