package paint

import (
	"math/rand/v2"
	"testing"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/text"
)

// act is one command of a random list.
type act struct {
	kind  int
	box   geom.FixedRect
	color render.Color
}

func randomAct(rng *rand.Rand) act {
	x, y := rng.Int32N(90)-10, rng.Int32N(70)-10
	a := uint8(rng.IntN(256))
	return act{rng.IntN(8), geom.FixedXYWH(x, y, 4+rng.Int32N(40), 4+rng.Int32N(30)), render.RGBA(uint8(rng.IntN(256)), 90, 200, a|3)}
}

// play builds a list; kinds 6 and 7 open a clip and a layer around the next
// command.
func (s *stage) play(acts []act) *List {
	s.Fill(geom.FixedXYWH(0, 0, 80, 60), desk)
	open := 0
	for _, a := range acts {
		switch a.kind {
		case 0, 1:
			s.Fill(a.box, a.color)
		case 2:
			s.Box(a.box, Box{Radii: Round(text.Px(6)), Fill: a.color, Border: ink, Width: text.Px(1)})
		case 3:
			s.Shadow(a.box, Round(text.Px(4)), Shadow{Y: text.Px(2), Blur: text.Px(8), Color: a.color})
		case 4:
			s.label("Words", body, a.box.X0.Int(), a.box.Y0.Int(), ink)
		case 5:
			s.Backdrop(a.box, Round(text.Px(3)), text.Px(3))
		case 6:
			s.PushRoundedClip(a.box, Round(text.Px(8)))
			open++
			continue
		case 7:
			s.PushOpacity(a.color.A())
			open++
			continue
		}
		for ; open > 0; open-- {
			s.Pop()
		}
	}
	return s.Finish()
}

// TestDamageIsEnough: drawing what Diff says turns the picture of one list
// into that of the other.
func TestDamageIsEnough(t *testing.T) {
	s := newStage()
	r := NewRaster(s.fonts)
	rng := rand.New(rand.NewPCG(3, 4))
	acts := make([]act, 6)
	for i := range acts {
		acts[i] = randomAct(rng)
	}
	before := s.play(acts)
	for round := range 600 {
		next := append([]act(nil), acts...)
		for range 1 + rng.IntN(2) {
			i := rng.IntN(len(next))
			switch rng.IntN(4) {
			case 0:
				next[i] = randomAct(rng)
			case 1:
				next = append(next[:i], append([]act{randomAct(rng)}, next[i:]...)...)
			case 2:
				if len(next) > 2 {
					next = append(next[:i], next[i+1:]...)
				}
			case 3:
				j := rng.IntN(len(next))
				next[i], next[j] = next[j], next[i]
			}
		}
		after := s.play(next)
		scale := []geom.Scale{120, 150, 240}[round%3]
		got := s.draw(t, r, before, geom.Size{W: 80, H: 60}, scale)
		want := s.draw(t, r, after, geom.Size{W: 80, H: 60}, scale)
		var damage geom.Region
		Diff(before, after, &damage)
		damage.Scale(scale)
		if err := r.Draw(Target{Pixels: &got, Scale: scale}, after, &damage); err != nil {
			t.Fatal(err)
		}
		if d := difference(want, got); d != "" {
			t.Fatalf("round %d at %d: %s\nfrom\n%s\nto\n%s", round, scale, d, before, after)
		}
		acts, before = next, after
		if len(acts) > 14 {
			acts = acts[:6]
			before = s.play(acts)
		}
	}
}

func TestDamageIsSmall(t *testing.T) {
	s := newStage()
	build := func(hover int32, order ...int32) *List {
		s.Fill(geom.FixedXYWH(0, 0, 200, 200), desk)
		for _, i := range order {
			c := card
			if i == hover {
				c = outline
			}
			s.Fill(geom.FixedXYWH(10, 20*i, 50, 10), c)
		}
		return s.Finish()
	}
	row := func(i int32) geom.Rect { return geom.XYWH(10, 20*i, 50, 10) }
	for _, c := range []struct {
		name string
		a, b *List
		want []geom.Rect
	}{
		{"nothing", build(1, 0, 1, 2, 3), build(1, 0, 1, 2, 3), nil},
		{"from nothing", nil, build(1, 0), []geom.Rect{geom.XYWH(0, 0, 200, 200)}},
		{"one row", build(-1, 0, 1, 2, 3), build(2, 0, 1, 2, 3), []geom.Rect{row(2)}},
		{"from one to another", build(0, 0, 1, 2, 3), build(3, 0, 1, 2, 3), []geom.Rect{row(0), row(3)}},
		{"one less", build(-1, 0, 1, 2, 3, 4), build(-1, 0, 1, 3, 4), []geom.Rect{row(2)}},
		{"one moved to the front", build(-1, 0, 1, 2, 3, 4), build(-1, 0, 2, 3, 1, 4), []geom.Rect{row(1)}},
		{"one more and another changed", build(-1, 0, 2, 3), build(3, 0, 1, 2, 3), []geom.Rect{row(1), row(3)}},
	} {
		var got geom.Region
		Diff(c.a, c.b, &got)
		want := geom.RegionOf(c.want...)
		if !got.Equal(&want) {
			t.Errorf("%s: damage %v; want %v", c.name, got.Rects(), c.want)
		}
	}
}

// TestAnUnchangedFrameAllocatesNothing: building the same list in the memory of
// the last but one, comparing, and drawing it anew.
func TestAnUnchangedFrameAllocatesNothing(t *testing.T) {
	s := newStage()
	r := NewRaster(s.fonts)
	icon := glass()
	para := text.Paragraph{Text: "A button", Style: body}
	size := geom.Size{W: 200, H: 60}
	p := render.NewPixels(size.W, size.H, render.ARGB8888)
	var lists [2]*List
	var damage geom.Region
	frame := 0
	build := func() *List {
		s.Reset(lists[frame&1])
		s.Fill(size.Rect().Fixed(), desk)
		s.Shadow(geom.FixedXYWH(20, 10, 100, 30), Round(text.Px(6)), Shadow{Blur: text.Px(8), Color: ink})
		s.Box(geom.FixedXYWH(20, 10, 100, 30), Box{Radii: Round(text.Px(6)), Fill: card, Border: outline, Width: text.Px(1)})
		s.Stroke(icon, geom.FixedPt(26, 14), text.Px(2), RoundCap, ink)
		s.PushRoundedClip(geom.FixedXYWH(10, 10, 120, 30), Round(text.Px(6)))
		s.PushOpacity(200)
		s.Text(s.fonts.Layout(&para), geom.FixedPt(50, 14), ink)
		s.Pop()
		s.Pop()
		l := s.Finish()
		lists[frame&1] = l
		frame++
		return l
	}
	draw := func() {
		l := build()
		damage.Clear()
		Diff(lists[frame&1], l, &damage)
		if err := r.Draw(Target{Pixels: &p}, l, nil); err != nil {
			t.Fatal(err)
		}
	}
	draw()
	draw()
	if n := testing.AllocsPerRun(50, draw); n != 0 {
		t.Errorf("%v allocations in an unchanged frame", n)
	}
	if n := testing.AllocsPerRun(50, func() { _ = r.Draw(Target{Pixels: &p}, lists[0], nil) }); n != 0 {
		t.Errorf("%v allocations in a redraw", n)
	}
}
