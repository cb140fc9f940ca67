package paint

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/golden"
)

func TestGoldens(t *testing.T) {
	s := newStage()
	r := NewRaster(s.fonts)
	for _, c := range []struct {
		name   string
		scales []geom.Scale
	}{
		{"shapes", []geom.Scale{120, 150, 180, 240}},
		{"words", []geom.Scale{120, 180, 240}},
		{"layers", []geom.Scale{120, 180}},
		{"dark", []geom.Scale{120, 240}},
		{"launcher", []geom.Scale{120}},
	} {
		l := s.scene(c.name)
		for _, scale := range c.scales {
			golden.Pixels(t, fmt.Sprintf("%s_%d", c.name, scale), s.draw(t, r, l, sizes[c.name], scale))
		}
	}
}

// TestPartEqualsWhole: what is drawn anew of a picture is what it was.
func TestPartEqualsWhole(t *testing.T) {
	s := newStage()
	r := NewRaster(s.fonts)
	rng := rand.New(rand.NewPCG(1, 2))
	for _, name := range []string{"shapes", "words", "layers", "dark"} {
		l := s.scene(name)
		for _, scale := range []geom.Scale{120, 170, 240} {
			whole := s.draw(t, r, l, sizes[name], scale)
			part := render.NewPixels(whole.W, whole.H, render.ARGB8888)
			copy(part.Data, whole.Data)
			for round := range 12 {
				var damage geom.Region
				for range 1 + rng.IntN(5) {
					x, y := rng.Int32N(whole.W), rng.Int32N(whole.H)
					damage.UnionRect(geom.XYWH(x, y, 1+rng.Int32N(60), 1+rng.Int32N(40)))
				}
				damage.IntersectRect(whole.Size().Rect())
				for _, b := range damage.Rects() {
					for y := b.Y0; y < b.Y1; y++ {
						clear(part.Data[y*part.Stride+4*b.X0 : y*part.Stride+4*b.X1])
					}
				}
				if err := r.Draw(Target{Pixels: &part, Scale: scale}, l, &damage); err != nil {
					t.Fatal(err)
				}
				if d := difference(whole, part); d != "" {
					t.Fatalf("%s at %d, round %d, damage %v: %s", name, scale, round, damage.Rects(), d)
				}
			}
		}
	}
}

// difference says where two pictures differ.
func difference(want, got render.Pixels) string {
	a, b := words(want.Data), words(got.Data)
	n, first := 0, -1
	for i := range a {
		if a[i] != b[i] {
			if n++; first < 0 {
				first = i
			}
		}
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf("%d pixels differ, the first at %d,%d is %#08x; want %#08x", n, first%int(want.W), first/int(want.W), b[first], a[first])
}
