package decor

import (
	"math"
	"testing"

	"rayos/geom"
	"rayos/shell/theme"
)

func at(x, y int32) geom.FPoint { return geom.Point{X: x, Y: y}.F() }

func TestHitTest(t *testing.T) {
	normal := Frame{Size: geom.Size{W: 600, H: 400}, Resizable: true}
	with := func(edit func(*Frame)) *Frame {
		f := normal
		edit(&f)
		return &f
	}
	plain := with(func(*Frame) {})
	fixed := with(func(f *Frame) { f.Resizable = false })
	big := with(func(f *Frame) { f.Maximized = true })
	full := with(func(f *Frame) { f.Fullscreen = true })
	rolled := with(func(f *Frame) { f.Shaded = true })
	w, h := plain.Outer().W, plain.Outer().H
	for _, c := range []struct {
		name string
		f    *Frame
		p    geom.FPoint
		want Part
	}{
		{"title", plain, at(w/2, 20), Title},
		{"owner", plain, at(30, 20), Menu},
		{"content", plain, at(100, 100), Content},
		{"first pixel of the content", plain, at(2, 34), Content},
		{"far outside", plain, at(-50, 100), None},
		{"just outside, left", plain, at(-4, 200), ResizeW},
		{"just outside, right", plain, at(w+3, 200), ResizeE},
		{"just outside, below", plain, at(300, h+3), ResizeS},
		{"stripe", plain, at(300, 1), ResizeN},
		{"corners", plain, at(1, 1), ResizeNW},
		{"corner reaches along the edge", plain, at(-2, 12), ResizeNW},
		{"top right", plain, at(w+2, -2), ResizeNE},
		{"bottom right", plain, at(w-1, h-1), ResizeSE},
		{"bottom left", plain, at(-1, h+1), ResizeSW},
		{"a fixed size has no edges", fixed, at(-4, 200), None},
		{"its border moves the window", fixed, at(1, 200), Title},
		{"nor has a maximised frame", big, at(-4, 200), None},
		{"whose corner is the menu", big, at(0, 0), Menu},
		{"full screen is content", full, at(300, 5), Content},
		{"a shaded frame grows sideways", rolled, at(-3, 20), ResizeW},
		{"but not down", rolled, at(300, 38), None},
		{"not a number", plain, geom.FPoint{X: math.NaN(), Y: 20}, ResizeW},
	} {
		if got := HitTest(c.f, c.p); got != c.want {
			t.Errorf("%s: HitTest(%v) = %v; want %v", c.name, c.p, got, c.want)
		}
	}
	for _, p := range controls {
		b := plain.ButtonRect(p)
		if got := HitTest(plain, at((b.X0+b.X1)/2, (b.Y0+b.Y1)/2)); got != p {
			t.Errorf("in the middle of %v: %v", p, got)
		}
		if b.W() < theme.HitTarget || b.H() < theme.HitTarget {
			t.Errorf("%v is %v; want at least %d", p, b.Size(), theme.HitTarget)
		}
	}
}

// TestControlsOfNarrowFrames holds, for all small frames, that the controls stay
// inside and never cover one another, and that close is never left out.
func TestControlsOfNarrowFrames(t *testing.T) {
	for w := range int32(300) {
		f := Frame{Size: geom.Size{W: w, H: 50}, Resizable: true}
		bar := geom.XYWH(0, 0, f.Outer().W, theme.TitleBar)
		last := bar.X1
		for i := len(controls) - 1; i >= 0; i-- {
			b := f.ButtonRect(controls[i])
			if b.Empty() {
				continue
			}
			if b.X1 > last {
				t.Errorf("width %d: %v covers its neighbour", w, controls[i])
			}
			last = b.X0
			if w >= theme.ButtonW && !bar.Contains(b) {
				t.Errorf("width %d: %v at %v leaves the bar", w, controls[i], b)
			}
		}
		if f.ButtonRect(Close).Empty() {
			t.Errorf("width %d has no close button", w)
		}
	}
}

func TestEdges(t *testing.T) {
	for p := None; p < parts; p++ {
		x, y := p.Edges()
		if resizes := p >= ResizeN; resizes != (x != 0 || y != 0) {
			t.Errorf("%v moves %d, %d", p, x, y)
		}
		if p.String() == "invalid" || p.String() == "" {
			t.Errorf("part %d has no name", p)
		}
	}
	if got := Part(200).String(); got != "invalid" {
		t.Errorf("an invalid part is called %q", got)
	}
}
