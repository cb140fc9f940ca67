package preview

import (
	"strings"
	"testing"
	"unicode/utf8"

	"rayos/geom"
	"rayos/rayapps/ui/theme"
	trust "rayos/shell/theme"
)

func TestFit(t *testing.T) {
	box := geom.XYWH(10, 20, 200, 100)
	for _, c := range []struct {
		size geom.Size
		want geom.Rect
	}{
		{geom.Size{W: 400, H: 200}, box},
		{geom.Size{W: 400, H: 100}, geom.XYWH(10, 45, 200, 50)},
		{geom.Size{W: 100, H: 400}, geom.XYWH(97, 20, 25, 100)},
		{geom.Size{W: 20, H: 10}, geom.XYWH(100, 65, 20, 10)},
		{geom.Size{W: 1 << 30, H: 1}, geom.XYWH(10, 69, 200, 1)},
		{geom.Size{}, geom.Rect{}},
	} {
		if got := Fit(c.size, box); got != c.want {
			t.Errorf("Fit(%v) = %v; want %v", c.size, got, c.want)
		}
	}
	if got := Picture(geom.XYWH(0, 0, 10, 10), geom.Size{W: 5, H: 5}); !got.Empty() {
		t.Errorf("a card without room has a picture at %v", got)
	}
	pic := geom.XYWH(40, 50, 60, 70)
	if got := Picture(Around(pic), geom.Size{W: 600, H: 700}); got != pic {
		t.Errorf("the card around %v has its picture at %v", pic, got)
	}
}

func TestNamesAreOneBoundedLine(t *testing.T) {
	for _, c := range []struct{ app, title, want, letter string }{
		{"org.example.editor", "", "Editor", "E"},
		{"foot", "a\nb\x1b[31m\tc", "a b [31m c", "F"},
		{"", " \n ", "Window", "•"},
		{"", "\u00e9t\u00e9", "\u00e9t\u00e9", "É"},
		{"...", "", "...", "•"},
	} {
		w := Window{App: c.app, Title: c.title}
		if w.Name() != c.want || w.letter() != c.letter {
			t.Errorf("%q %q: %q %q; want %q %q", c.app, c.title, w.Name(), w.letter(), c.want, c.letter)
		}
	}
	w := Window{Title: strings.Repeat("€", 1<<20)}
	if n := w.Name(); len(n) > longest || !utf8.ValidString(n) {
		t.Errorf("a name of %d bytes", len(n))
	}
}

func FuzzNames(f *testing.F) {
	f.Add("org.example.editor", "title\x00\n")
	f.Add("\xff.\xff", "\xe2\x80")
	f.Fuzz(func(t *testing.T, app, title string) {
		w := Window{App: app, Title: title}
		if n := w.Name(); n == "" || len(n) > 2*longest || strings.ContainsAny(n, "\n\x00\x1b") || w.letter() == "" {
			t.Errorf("%q %q: %q %q", app, title, n, w.letter())
		}
	})
}

// TestTrustCanBeRead: the words have contrast enough on every ground that a
// card has.
func TestTrustCanBeRead(t *testing.T) {
	for _, s := range []theme.Scheme{theme.Dark, theme.Light, theme.DarkContrast, theme.LightContrast} {
		th := theme.New(s, 0)
		for level := range trust.Trusts {
			c := ink(&Window{Trust: level}, th)
			for _, ground := range []struct {
				name string
				c    float64
			}{{"surface 2", theme.Contrast(c, th.Surface2)}, {"surface 3", theme.Contrast(c, th.Surface3)}} {
				if ground.c < 4.5 {
					t.Errorf("scheme %d: %s on %s: %.1f", s, level, ground.name, ground.c)
				}
			}
		}
	}
}
