package icon

import (
	"testing"

	"rayos/geom"
	"rayos/rayapps/paint"
)

func TestIconsStayOnTheirGrid(t *testing.T) {
	seen := map[string]Name{}
	for n := None + 1; n < names; n++ {
		if other, ok := seen[n.String()]; ok || n.String() == "" {
			t.Errorf("icons %d and %d are both %q", n, other, n)
		}
		seen[n.String()] = n
		for _, size := range []int32{16, 20, 24, 17} {
			for _, mirror := range []bool{false, true} {
				b := path(n, size, mirror).Bounds().Inset(-Stroke / 2)
				if limit := geom.FixedXYWH(0, 0, size, size); b.Intersect(limit) != b {
					t.Errorf("%v at %d is drawn at %v", n, size, b)
				}
				// An icon that is far smaller than its place is a mistake.
				if b.W() < geom.Fixed(size*256)/4 && b.H() < geom.Fixed(size*256)/4 {
					t.Errorf("%v at %d has only %v by %v", n, size, b.W(), b.H())
				}
			}
		}
	}
	if Count != len(seen) {
		t.Errorf("Count = %d; want %d", Count, len(seen))
	}
}

func TestOnlyDirectionsAreMirrored(t *testing.T) {
	draw := func(n Name, rtl bool) uint64 {
		var b paint.Builder
		Draw(&b, n, 16, geom.FixedPoint{}, rtl, 0xffffffff)
		return b.Finish().Hash()
	}
	for n := None + 1; n < names; n++ {
		if same := draw(n, false) == draw(n, true); same == set[n].mirror {
			t.Errorf("%v: mirrored %t, looks the same %t", n, set[n].mirror, same)
		}
	}
}

func TestDrawingAllocatesNothingTwice(t *testing.T) {
	var b paint.Builder
	Draw(&b, Search, 16, geom.FixedPoint{}, false, 0xffffffff)
	if n := testing.AllocsPerRun(10, func() { path(Search, 16, false) }); n != 0 {
		t.Errorf("the second use of an icon allocates %v times", n)
	}
}

func TestBadPathsAreErrors(t *testing.T) {
	for _, text := range []string{"X1 2", "M1", "L", "C1 2 3 4 5", "M1..2 3"} {
		s := source{text: text, size: 24}
		if _, err := s.parse(); err == nil {
			t.Errorf("parse(%q) finds no error", text)
		}
	}
}

func TestUnknownIconsDrawNothing(t *testing.T) {
	var b paint.Builder
	Draw(&b, None, 16, geom.FixedPoint{}, false, 0xffffffff)
	Draw(&b, names, 16, geom.FixedPoint{}, false, 0xffffffff)
	Draw(&b, Search, -1, geom.FixedPoint{}, false, 0xffffffff)
	if l := b.Finish(); !l.Empty() {
		t.Errorf("%d commands", l.Len())
	}
	if got := Name(255).String(); got != "invalid" {
		t.Errorf("Name(255) = %q", got)
	}
}
