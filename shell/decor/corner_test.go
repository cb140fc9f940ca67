package decor

import (
	"encoding/binary"
	"testing"

	"rayos/geom"
	"rayos/shell/theme"
)

// TestCorners: a ring of the border's colour between two circles, nothing else;
// right and left are each other's mirror, and pictures are shared.
func TestCorners(t *testing.T) {
	r := NewRenderer(nil)
	for _, scale := range []geom.Scale{120, 150, 180, 240, 360} {
		f := frame(theme.Linux)
		f.Size, f.Scale = geom.Size{W: 300, H: 200}, scale
		c := r.Corners(&f)
		if again := r.Corners(&f); again != c {
			t.Errorf("%d: other pictures of the same", scale)
		}
		n := scale.Apply(theme.RadiusWindow)
		if c[0].Pixels.W != n || c[0].Dst != geom.XYWH(0, f.Outer().H-theme.RadiusWindow, theme.RadiusWindow, theme.RadiusWindow) || c[1].Dst.X1 != f.Outer().W {
			t.Errorf("%d: %v at %v and %v", scale, c[0].Pixels.Size(), c[0].Dst, c[1].Dst)
		}
		at := func(i int, x, y int32) uint32 {
			p := c[i].Pixels
			return binary.LittleEndian.Uint32(p.Data[y*p.Stride+4*x:])
		}
		outer, inner := float64(n), float64(n-scale.Apply(theme.Border))
		for y := range n {
			for x := range n {
				v := at(0, x, y)
				if d := int(at(1, n-1-x, y)>>24) - int(v>>24); d < -3 || d > 3 {
					t.Fatalf("%d: %d,%d is no mirror: %08x, %08x", scale, x, y, at(1, n-1-x, y), v)
				}
				dx, dy := float64(n)-float64(x)-0.5, float64(y)+0.5
				d2 := dx*dx + dy*dy
				switch {
				case d2 > (outer+0.8)*(outer+0.8), d2 < (inner-0.8)*(inner-0.8) && y < n-scale.Apply(theme.Border) && x >= scale.Apply(theme.Border):
					if v != 0 {
						t.Errorf("%d: %d,%d is %08x beyond the ring", scale, x, y, v)
					}
				case d2 < (outer-0.8)*(outer-0.8) && d2 > (inner+0.8)*(inner+0.8):
					if v>>24 != 255 || v&0xffffff != uint32(f.edgeColor()&0xffffff) {
						t.Errorf("%d: %d,%d is %08x in the ring", scale, x, y, v)
					}
				}
			}
		}
	}
	for name, change := range map[string]func(*Frame){
		"shaded": func(f *Frame) { f.Shaded = true }, "tiled": func(f *Frame) { f.Tiled = true }, "maximised": func(f *Frame) { f.Maximized = true },
		"low": func(f *Frame) { f.Size.H = 5 }, "narrow": func(f *Frame) { f.Size.W = 15 },
	} {
		f := frame(theme.Linux)
		f.Size = geom.Size{W: 300, H: 200}
		if change(&f); f.RoundBelow() || f.ContentRadius() != 0 {
			t.Errorf("a %s frame is round below", name)
		}
	}
}
