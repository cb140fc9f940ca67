package paint

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/golden"
	"rayos/rayapps/text"
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

// TestGlyphsStandAtQuarters: text moves by quarters of a pixel across and by
// whole ones down.
func TestGlyphsStandAtQuarters(t *testing.T) {
	s := newStage()
	r := NewRaster(s.fonts)
	at := func(x, y geom.Fixed) []uint32 {
		s.Text(s.fonts.Layout(&text.Paragraph{Text: "illi", Style: body}), geom.FixedPoint{X: x, Y: y}, ink)
		p := s.draw(t, r, s.Finish(), geom.Size{W: 40, H: 24}, 120)
		return words(p.Data)
	}
	origin := text.Px(4)
	seen := [][]uint32{}
	for sub := range geom.Fixed(4) {
		px := at(origin+64*sub, 0)
		for i, other := range seen {
			if slices.Equal(px, other) {
				t.Errorf("text at %d and %d quarters is the same", i, sub)
			}
		}
		if near := at(origin+64*sub+20, 100); !slices.Equal(px, near) {
			t.Errorf("text at %d quarters isn't what it is a little to the right and below", sub)
		}
		seen = append(seen, px)
	}
	if next := at(origin+256, 0); !slices.Equal(next[1:], seen[0][:len(next)-1]) {
		t.Error("a whole pixel to the right text looks otherwise")
	}
}

// TestBadTargetsAreRefused: pixels that can't be drawn into are an error.
func TestBadTargetsAreRefused(t *testing.T) {
	s := newStage()
	l := s.scene("dark")
	good := render.NewPixels(8, 8, render.ARGB8888)
	for name, change := range map[string]func(p *render.Pixels){
		"another format":  func(p *render.Pixels) { p.Format = render.ABGR8888 },
		"too little":      func(p *render.Pixels) { p.Data = p.Data[:100] },
		"an odd stride":   func(p *render.Pixels) { p.Stride, p.H = 34, 7 },
		"nothing":         func(p *render.Pixels) { p.W = 0 },
		"an odd position": func(p *render.Pixels) { p.Data, p.H = p.Data[1:], 7 },
	} {
		p := good
		change(&p)
		if err := NewRaster(s.fonts).Draw(Target{Pixels: &p}, l, nil); !errors.Is(err, ErrTarget) {
			t.Errorf("%s: %v; want ErrTarget", name, err)
		}
	}
}

func TestUpdatedImagesDamage(t *testing.T) {
	s := newStage()
	m := checker()
	build := func() *List {
		s.Image(m, geom.FixedXYWH(4, 4, 16, 16), ImageOptions{})
		return s.Finish()
	}
	a, b := build(), build()
	m.Update()
	c := build()
	var damage geom.Region
	if Diff(a, b, &damage); !damage.Empty() {
		t.Errorf("an image that didn't change damages %v", damage.Rects())
	}
	if Diff(b, c, &damage); damage.Extents() != geom.XYWH(4, 4, 16, 16) {
		t.Errorf("an updated image damages %v", damage.Rects())
	}
}
