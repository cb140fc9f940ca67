package scene

import (
	"testing"

	"rayos/geom"
	"rayos/gpu/raster"
	"rayos/gpu/render"
)

// TestCorners: what lies beyond the circle is what is below, on screens and in
// pictures, turned or not; the rest is as it was.
func TestCorners(t *testing.T) {
	r := raster.New(raster.Options{Workers: 1})
	defer r.Close()
	for _, turn := range []geom.Transform{0, 1, 2, 3, 4, 5} {
		for _, scale := range []geom.Scale{120, 180, 240} {
			s := New()
			s.SetBackground(0xff000000)
			mode := turn.ApplySize(geom.Size{W: scale.Apply(60), H: scale.Apply(50)})
			o := s.NewOutput(geom.Point{}, mode, scale, turn)
			s.Root().NewRect(geom.Size{W: 60, H: 50}, 0xff0000ff)
			tree := s.Root().NewTree()
			tree.SetPosition(10, 10)
			tree.NewRect(geom.Size{W: 40, H: 30}, 0xffff0000)
			tree.SetClip(geom.XYWH(0, 0, 40, 30), true)
			draw := func() (render.Pixels, int) {
				p := render.NewPixels(mode.W, mode.H, render.XRGB8888)
				damage, err := o.Render(r, &p, 0)
				if err != nil {
					t.Fatal(err)
				}
				return p, int(damage.Area())
			}
			square, _ := draw()
			tree.SetCorners(geom.XYWH(0, 0, 40, 30), 8)
			round, damaged := draw()
			n := 0
			for i := 0; i < len(square.Data); i += 4 {
				a, b := [3]byte(square.Data[i:]), [3]byte(round.Data[i:])
				switch {
				case a == b:
				case b == [3]byte{0xff, 0, 0} && a == [3]byte{0, 0, 0xff}:
					n++
				default:
					t.Fatalf("turned by %v at %d: a pixel became %x", turn, scale, b)
				}
			}
			// (1-π/4)·r² each, less what the circle cuts.
			px := float64(scale.Apply(8))
			if least, most := 0.43*px*px-2.4*px, 0.43*px*px; float64(n) < least || float64(n) > most || damaged > 4*int(px*px)+int(40*30*scale.Float()*scale.Float()) {
				t.Errorf("turned by %v at %d: %d pixels are left out; want %.0f to %.0f", turn, scale, n, least, most)
			}
			again := render.NewPixels(mode.W, mode.H, render.XRGB8888)
			if err := o.RenderWithout(r, nil, &again); err != nil {
				t.Fatal(err)
			}
			if string(again.Data) != string(round.Data) {
				t.Errorf("turned by %v at %d: a picture differs from the screen", turn, scale)
			}
			tree.SetCorners(geom.Rect{}, 0)
			if back, _ := draw(); string(back.Data) != string(square.Data) {
				t.Errorf("turned by %v at %d: corners stay round", turn, scale)
			}
		}
	}
}

func TestBeyond(t *testing.T) {
	for _, c := range []struct {
		r    int32
		want []int32
	}{{1, []int32{0}}, {8, []int32{4, 2, 1, 1, 0, 0, 0, 0}}} {
		for j := range c.r {
			if got := beyond(c.r, j); got != c.want[j] {
				t.Errorf("radius %d, row %d: %d; want %d", c.r, j, got, c.want[j])
			}
		}
	}
}
