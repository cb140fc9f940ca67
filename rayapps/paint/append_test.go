package paint

import (
	"testing"

	"rayos/geom"
)

// TestListInAList: a list within another draws what it draws alone.
func TestListInAList(t *testing.T) {
	s := newStage()
	for name, size := range sizes {
		l := s.scene(name)
		var b Builder
		b.List(nil)
		b.List(l)
		if again := b.Finish(); again.Hash() != l.Hash() || again.String() != l.String() {
			t.Errorf("%s changed:\n%s\nwas\n%s", name, again, l)
		}
		// Moved, and below what clips it.
		b.PushOffset(geom.FixedPt(16, 8))
		b.PushClip(geom.FixedXYWH(0, 0, 40, 30))
		b.List(l)
		b.Pop()
		b.Fill(geom.FixedXYWH(0, 40, 10, 10), ink)
		b.Pop()
		moved := b.Finish()
		wide := geom.Size{W: size.W + 16, H: size.H + 8}
		got, whole := s.draw(t, NewRaster(s.fonts), moved, wide, 120), s.draw(t, NewRaster(s.fonts), l, size, 120)
		word := func(data []byte, stride, x, y int32) (v [4]byte) {
			copy(v[:], data[y*stride+4*x:])
			return v
		}
		for y := range wide.H {
			for x := range wide.W {
				var want [4]byte
				switch in := x >= 16 && y >= 8 && x < 16+40 && y < 8+30; {
				case in && x-16 < size.W && y-8 < size.H:
					want = word(whole.Data, whole.Stride, x-16, y-8)
				case x >= 16 && x < 26 && y >= 48 && y < 58:
					continue // the box
				}
				if v := word(got.Data, got.Stride, x, y); v != want {
					t.Fatalf("%s: pixel %d,%d is %x; want %x", name, x, y, v, want)
				}
			}
		}
	}
}
