package theme

import (
	"math"
	"testing"

	"rayos/gpu/render"
)

func TestContrastOfKnownPairs(t *testing.T) {
	for _, c := range []struct {
		a, b render.Color
		want float64
	}{
		{0xff000000, 0xffffffff, 21},
		{0xff777777, 0xffffffff, 4.48},
		{0xff5aa9ff, 0xff5aa9ff, 1},
	} {
		if got := Contrast(c.a, c.b); math.Abs(got-c.want) > 0.01 {
			t.Errorf("Contrast(%#x, %#x) = %.2f; want %.2f", c.a, c.b, got, c.want)
		}
	}
}

// accents are what people choose, with the ones that can't be right.
var accents = []render.Color{
	0, 0xff5aa9ff, 0xff1668c7, 0xffb8327a, 0xff3fae2a, 0xffe8b923, 0xff000000, 0xffffffff, 0xff808080, 0xff0000ff, 0xffffff00,
}

func TestTextReachesContrast(t *testing.T) {
	for s := Dark; s < Schemes; s++ {
		for _, accent := range accents {
			th := New(s, accent)
			check := func(what string, text, surface render.Color, bar float64) {
				t.Helper()
				if got := Contrast(text, surface); got < bar {
					t.Errorf("%v, accent %#x: %s: %#x on %#x = %.2f:1; want %.1f:1", s, accent, what, text, surface, got, bar)
				}
			}
			for _, surface := range []render.Color{th.Surface1, th.Surface2, th.Surface3} {
				for _, text := range []render.Color{th.Text1, th.Text2, th.Text3, th.Good, th.Warn, th.Bad, th.Accent} {
					check("text", text, surface, th.Bar())
				}
				check("edge", th.Edge, surface, 3)
				check("hovered", th.Text1, th.Hover(surface, 255), th.Bar())
				check("pressed", th.Text1, th.Press(surface), th.Bar())
				check("selected", th.Text1, over(th.Selection(), surface), 4.5)
			}
			check("on accent", th.OnAccent, th.Accent, 4.5)
			check("on bad", th.OnBad, th.Bad, 4.5)
		}
	}
}

// over composites a translucent colour on an opaque one.
func over(src, dst render.Color) render.Color {
	var out render.Color
	for shift := uint(0); shift < 32; shift += 8 {
		out |= render.Color(uint32(src>>shift&0xff)+uint32(dst>>shift&0xff)*(255-uint32(src.A()))/255) << shift
	}
	return out
}

func TestMixEndsAtItsEnds(t *testing.T) {
	for _, c := range []struct {
		a, b render.Color
		k    uint8
		want render.Color
	}{
		{0xff102030, 0xff605040, 0, 0xff102030},
		{0xff102030, 0xff605040, 255, 0xff605040},
		{0xff000000, 0xffffffff, 128, 0xff808080},
		{0xffffffff, 0xff000000, 128, 0xff7f7f7f},
	} {
		if got := Mix(c.a, c.b, c.k); got != c.want {
			t.Errorf("Mix(%#x, %#x, %d) = %#x; want %#x", c.a, c.b, c.k, got, c.want)
		}
	}
	if got := Fade(0xff804020, 128); got != 0x80402010 {
		t.Errorf("Fade = %#x; want 0x80402010", got)
	}
}

func TestColoursAreOpaque(t *testing.T) {
	for s := Dark; s < Schemes; s++ {
		p := palettes[s]
		for i, c := range []render.Color{
			p.Desktop, p.Surface1, p.Surface2, p.Surface3, p.Outline, p.Edge, p.Text1, p.Text2, p.Text3,
			p.Accent, p.OnAccent, p.Good, p.Warn, p.Bad, p.OnBad, p.Shadow,
		} {
			if !c.Opaque() {
				t.Errorf("%v: colour %d, %#x, is translucent", s, i, c)
			}
		}
	}
}

func TestTouchMakesControlsHigher(t *testing.T) {
	th := New(Dark, 0)
	if got := th.Control(); got != 28 {
		t.Errorf("Control() = %d; want 28", got)
	}
	if th.Touch = true; th.Control() != 40 {
		t.Errorf("Control() for fingers = %d; want 40", th.Control())
	}
}
