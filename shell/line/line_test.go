package line

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/golden"
	"rayos/internal/vector"
	"rayos/rayapps/text"
)

func TestClean(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"", ""},
		{"Terminal", "Terminal"},
		{"  two   words ", "two words"},
		{"a\tb\r\nc\x00d\x1b[31m", "a b c d [31m"},
		{"a\u2028b\u00a0c\u3000d", "a b c d"},
		{"safe\u202etxt.exe", "safetxt.exe"},
		{"\u2066x\u2069\u200f\u061cy", "xy"},
		{"zero\u200bwidth\ufeff\u00ad", "zerowidth"},
		{"bad\xff\xfeutf8", "bad\ufffd\ufffdutf8"},
		{"e\u0301\u0302\u0303\u0304x", "e\u0301\u0302x"},
		{"\U000e0041tag", "tag"},
		{"\u3164\u2800blank", "blank"},
		{"\ue000private", "private"},
		{"Ωmega Жук 漢字", "Ωmega Жук 漢字"},
		{"\x7f", ""},
		{strings.Repeat("x", 2*MaxRunes), strings.Repeat("x", MaxRunes)},
	} {
		if got := Clean(c.in); got != c.want {
			t.Errorf("Clean(%q) = %q; want %q", c.in, got, c.want)
		}
	}
}

func FuzzClean(f *testing.F) {
	for _, s := range []string{"Terminal", " a\u202eb\x00 ", "e\u0301\u0301\u0301", "\xf0\x28\x8c\xbc", strings.Repeat("é ", 600)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := Clean(s)
		if n := utf8.RuneCountInString(got); n > MaxRunes {
			t.Errorf("%d characters; want at most %d", n, MaxRunes)
		}
		if !utf8.ValidString(got) {
			t.Errorf("Clean(%q) = %q is not UTF-8", s, got)
		}
		for _, r := range got {
			if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) || unicode.Is(unicode.Cf, r) {
				t.Errorf("Clean(%q) kept %U", s, r)
			}
		}
		if again := Clean(got); again != got {
			t.Errorf("Clean isn't idempotent: %q, then %q", got, again)
		}
	})
}

func style(size int32) Style { return Style{Size: size, Scale: geom.ScaleOne} }

func TestMeasure(t *testing.T) {
	w, s := New(nil), style(16)
	if got := w.Measure(s, ""); got != 0 {
		t.Errorf("nothing is %d wide", got)
	}
	double := s
	double.Scale = 2 * geom.ScaleOne
	if a, b := w.Measure(double, "Session"), 2*w.Measure(s, "Session"); a < b-2 || a > b+2 {
		t.Errorf("at twice the scale it is %d wide; want %d", a, b)
	}
	bold := s
	bold.Weight = text.SemiBold
	if a, b := w.Measure(bold, "Session"), w.Measure(s, "Session"); a <= b {
		t.Errorf("bold is %d wide, regular %d", a, b)
	}
	tabular := s
	tabular.Tabular = true
	if a, b := w.Measure(tabular, "1111"), w.Measure(tabular, "0000"); a != b {
		t.Errorf("digits are %d and %d wide", a, b)
	}
}

func drawn(px *render.Pixels) (n int) {
	for i := 3; i < len(px.Data); i += 4 {
		if px.Data[i] != 0 {
			n++
		}
	}
	return n
}

func TestDrawStaysInsideItsClip(t *testing.T) {
	w := New(nil)
	px := render.NewPixels(64, 32, render.ARGB8888)
	clip := geom.Rect{X0: 16, Y0: 8, X1: 48, Y1: 24}
	w.Draw(&px, clip, style(28), vector.Px(-20), 24, 0xffffffff, strings.Repeat("WÅg漢", 20))
	if drawn(&px) == 0 {
		t.Error("nothing is drawn")
	}
	for y := range px.H {
		for x := range px.W {
			if px.Data[y*px.Stride+4*x+3] != 0 && !(geom.Rect{X0: x, Y0: y, X1: x + 1, Y1: y + 1}).Overlaps(clip) {
				t.Fatalf("%d,%d is drawn, outside of %v", x, y, clip)
			}
		}
	}
}

func TestFit(t *testing.T) {
	w, s := New(nil), style(13)
	const long = "linux-desktop-with-a-long-name-7f3a"
	full := w.Measure(s, long)
	for _, where := range []Where{End, Middle} {
		if got := w.Fit(s, long, full, where); got != long {
			t.Errorf("text that fits became %q", got)
		}
		for room := geom.Fixed(0); room < full; room += 700 {
			got := w.Fit(s, long, room, where)
			if n := w.Measure(s, got); n > room {
				t.Fatalf("%q is %d wide; want at most %d", got, n, room)
			}
			if got != "" && strings.Count(got, ellipsis) != 1 {
				t.Errorf("%q has no single ellipsis", got)
			}
		}
	}
	if got := w.Fit(s, long, full/2, End); !strings.HasPrefix(got, "linux") || !strings.HasSuffix(got, ellipsis) {
		t.Errorf("cut at the end: %q", got)
	}
	if got := w.Fit(s, long, full/2, Middle); !strings.HasPrefix(got, "linux") || !strings.HasSuffix(got, "7f3a") {
		t.Errorf("cut in the middle: %q", got)
	}
	if got := w.Fit(s, "abc", 0, End); got != "" {
		t.Errorf("no room gives %q", got)
	}
}

// TestCapitalsAreCentred: above and below them there is as much room.
func TestCapitalsAreCentred(t *testing.T) {
	for _, scale := range []geom.Scale{120, 150, 180, 240, 360} {
		w, s := New(nil), Style{Size: 13, Scale: scale}
		px := render.NewPixels(40, 60, render.ARGB8888)
		w.Draw(&px, px.Size().Rect(), s, vector.Px(4), w.Baseline(s, 0, 60), 0xffffffff, "H")
		top, bottom := int32(-1), int32(0)
		for y := range px.H {
			for x := range px.W {
				if px.Data[y*px.Stride+4*x+3] > 127 {
					if top < 0 {
						top = y
					}
					bottom = y
				}
			}
		}
		if d := top - (59 - bottom); top < 0 || d < -1 || d > 1 {
			t.Errorf("scale %d: rows %d to %d of 60", scale, top, bottom)
		}
	}
}

func TestDrawAllocatesNothingWhenCached(t *testing.T) {
	w := New(nil)
	px := render.NewPixels(300, 40, render.ARGB8888)
	draw := func() {
		w.Draw(&px, px.Size().Rect(), style(13), 0, 24, 0xffffffff, "Linux · linux-desktop")
	}
	draw()
	if n := testing.AllocsPerRun(50, draw); n > 1 {
		t.Errorf("drawing cached text allocates %v times; want at most 1", n)
	}
}

// TestLines pins text of all weights and sizes, light on dark and dark on light,
// and what is written from the right.
func TestLines(t *testing.T) {
	px := render.NewPixels(560, 260, render.XRGB8888)
	w := New(nil)
	for i, look := range []struct{ back, front render.Color }{{0xff16181d, 0xffeceff4}, {0xffffffff, 0xff14171c}} {
		half := geom.XYWH(int32(i)*280, 0, 280, 260)
		vector.FillRect(&px, half, look.back)
		y := int32(4)
		line := func(s Style, str string) {
			y += s.Size * 13 / 10
			w.Draw(&px, half, s, vector.Px(half.X0+8), y, look.front, str)
		}
		for _, size := range []int32{12, 13, 15, 20, 28} {
			line(style(size), "Linux · desktop AVATAR Wąż Ωδ Жя 0123 漢")
		}
		line(Style{Weight: text.SemiBold, Size: 12, Scale: geom.ScaleOne}, "Sandboxed “Terminal” — 9:41 ⌘K ↵ fi")
		line(Style{Weight: text.SemiBold, Size: 13, Scale: 180}, "one and a half")
		line(Style{Size: 13, Scale: geom.ScaleOne, Tabular: true}, "11:11 · 08:48 · quarter pixels")
		line(style(13), "\u05e9\u05dc\u05d5\u05dd abc 12")
	}
	golden.Pixels(t, "lines", px)
}
