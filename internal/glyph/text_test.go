package glyph

import (
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/golden"
	"rayos/internal/vector"
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

func style(size int32) Style { return Style{Font: Sans, Size: vector.Px(size)} }

func TestMeasure(t *testing.T) {
	var x Text
	s := style(16)
	if got := x.Measure(s, ""); got != 0 {
		t.Errorf("nothing is %d wide", got)
	}
	if a, b := x.Measure(s, "AV"), x.Measure(s, "A")+x.Measure(s, "V"); a >= b {
		t.Errorf("AV is %d wide, A and V %d; want kerning", a, b)
	}
	if a, b := x.Measure(s, "nn"), 2*x.Measure(s, "n"); a < b-1 || a > b+1 {
		t.Errorf("nn is %d wide; want %d", a, b)
	}
	if a, b := x.Measure(style(32), "Session"), 2*x.Measure(s, "Session"); a < b-2 || a > b+2 {
		t.Errorf("twice the size is %d wide; want %d", a, b)
	}
	mono := Style{Font: Mono, Size: vector.Px(16)}
	if a, b := x.Measure(mono, "iiii"), x.Measure(mono, "MMMM"); a != b {
		t.Errorf("monospaced i and M differ: %d, %d", a, b)
	}
	tab := s
	tab.Tabular = true
	if a, b := x.Measure(tab, "11:11"), x.Measure(tab, "08:48"); a != b {
		t.Errorf("tabular times are %d and %d wide", a, b)
	}
	if a, b := x.Measure(s, "11:11"), x.Measure(s, "08:48"); a == b {
		t.Error("proportional figures are as wide as tabular ones")
	}
	if a, b := x.Measure(s, strings.Repeat("x", 100*MaxRunes)), x.Measure(s, strings.Repeat("x", MaxRunes)); a != b {
		t.Errorf("hostile text is %d wide; want it cut at %d", a, b)
	}
	for _, size := range []geom.Fixed{-5, 0, 1, 1<<31 - 1} {
		x.Measure(Style{Size: size}, "abc")
	}
}

func TestFallback(t *testing.T) {
	var x Text
	for _, c := range []struct {
		font Font
		r    rune
		want Font
	}{
		{Sans, 'A', Sans},
		{SansBold, 'Ж', SansBold},
		{Mono, 'Ω', Mono},
		{Mono, '⌘', Sans},
	} {
		if got := x.lookup(c.font, c.r); got.font != c.want || got.glyph == box {
			t.Errorf("%q in font %d is glyph %d of font %d; want font %d", c.r, c.font, got.glyph, got.font, c.want)
		}
	}
	if got := x.lookup(Sans, '漢'); got.glyph != box {
		t.Errorf("a character without glyph is %v; want the box", got)
	}
	// A box is visible.
	px := render.NewPixels(32, 32, render.ARGB8888)
	x.Draw(&px, px.Size().Rect(), style(16), vector.Px(4), 24, 0xffffffff, "漢")
	if drawn(&px) < 20 {
		t.Error("no box for a missing character")
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
	var x Text
	px := render.NewPixels(100, 40, render.ARGB8888)
	clip := geom.XYWH(20, 10, 30, 12)
	x.Draw(&px, clip, style(24), vector.Px(-10), 30, 0xffffffff, "Wide and high gÅ")
	if drawn(&px) == 0 {
		t.Fatal("nothing is drawn")
	}
	for y := range px.H {
		for at := range px.W {
			if px.Data[y*px.Stride+4*at+3] != 0 && !(geom.Point{X: at, Y: y}).In(clip) {
				t.Fatalf("drawn at %d,%d, outside of the clip", at, y)
			}
		}
	}
}

// TestSmallTextIsFitted holds that the tops of x and H and the baseline fall
// on whole pixels at interface sizes.
func TestSmallTextIsFitted(t *testing.T) {
	var x Text
	for _, size := range []int32{11, 12, 13, 15, 16, 18, 20, 26, 28} {
		for _, letter := range []string{"x", "H"} {
			px := render.NewPixels(64, 64, render.ARGB8888)
			x.Draw(&px, px.Size().Rect(), style(size), vector.Px(8), 48, 0xffffffff, letter)
			row := func(y int32) (most byte) {
				for at := range px.W {
					most = max(most, px.Data[y*px.Stride+4*at+3])
				}
				return most
			}
			top := int32(0)
			for row(top) == 0 {
				top++
			}
			if row(48) != 0 || row(47) < 100 || row(top) < 100 {
				t.Errorf("%s at %d: first row %d, last row %d, below %d; want crisp edges", letter, size, row(top), row(47), row(48))
			}
		}
	}
}

func TestEllipsise(t *testing.T) {
	var x Text
	s := style(13)
	const long = "linux-desktop-with-a-long-name-7f3a"
	full := x.Measure(s, long)
	for _, where := range []Where{End, Middle} {
		if got := x.Ellipsise(s, long, full, where); got != long {
			t.Errorf("text that fits became %q", got)
		}
		for w := geom.Fixed(0); w < full; w += 700 {
			got := x.Ellipsise(s, long, w, where)
			if n := x.Measure(s, got); n > w {
				t.Fatalf("%q is %d wide; want at most %d", got, n, w)
			}
			if got != "" && strings.Count(got, ellipsis) != 1 {
				t.Errorf("%q has no single ellipsis", got)
			}
		}
	}
	w := full / 2
	if got := x.Ellipsise(s, long, w, End); !strings.HasPrefix(got, "linux") || !strings.HasSuffix(got, ellipsis) {
		t.Errorf("cut at the end: %q", got)
	}
	if got := x.Ellipsise(s, long, w, Middle); !strings.HasPrefix(got, "linux") || !strings.HasSuffix(got, "7f3a") {
		t.Errorf("cut in the middle: %q", got)
	}
	if got := x.Ellipsise(s, "abc", 0, End); got != "" {
		t.Errorf("no room gives %q", got)
	}
}

func TestCachesAreBounded(t *testing.T) {
	var x Text
	for size := range int32(200) {
		px := render.NewPixels(64, 64, render.ARGB8888)
		x.Draw(&px, px.Size().Rect(), style(size+20), 0, 60, 0xffffffff, "@&%")
		if x.bytes > maxBytes {
			t.Fatalf("%d bytes of masks; want at most %d", x.bytes, maxBytes)
		}
	}
	for r := rune(0x4e00); r < 0x4e00+2*maxChars; r++ {
		x.lookup(Sans, r)
	}
	if len(x.chars) > maxChars {
		t.Errorf("%d characters kept; want at most %d", len(x.chars), maxChars)
	}
}

func TestDrawAllocatesNothingWhenCached(t *testing.T) {
	var x Text
	px := render.NewPixels(300, 40, render.ARGB8888)
	draw := func() {
		x.Draw(&px, px.Size().Rect(), style(13), 0, 24, 0xffffffff, "Linux · linux-desktop")
	}
	draw()
	if n := testing.AllocsPerRun(50, draw); n > 1 {
		t.Errorf("drawing cached text allocates %v times; want at most 1", n)
	}
}

// TestLines pins text of all fonts and sizes, light on dark and dark on light.
func TestLines(t *testing.T) {
	px := render.NewPixels(560, 300, render.XRGB8888)
	var x Text
	for i, look := range []struct{ back, front render.Color }{{0xff16181d, 0xffeceff4}, {0xffffffff, 0xff14171c}} {
		half := geom.XYWH(int32(i)*280, 0, 280, 300)
		vector.FillRect(&px, half, look.back)
		y := int32(4)
		line := func(s Style, text string) {
			y += s.Size.Int() * 13 / 10
			x.Draw(&px, half, s, vector.Px(half.X0+8), y, look.front, text)
		}
		for _, size := range []int32{12, 13, 15, 20, 28} {
			line(style(size), "Linux · desktop AVATAR Wąż Ωδ Жя 0123 漢")
		}
		line(Style{Font: SansBold, Size: vector.Px(12)}, "Sandboxed “Terminal” — 9:41 ⌘K ↵ fi")
		line(Style{Font: SansBold, Size: vector.Px(20)}, "Title To LTA VA")
		line(Style{Font: Mono, Size: vector.Px(12)}, "ok SHOW_LINUX_DESKTOP presented 11 ms")
		line(Style{Font: Sans, Size: 13<<8 + 64, Tabular: true}, "11:11 · 08:48 · quarter pixels")
		line(style(44), "Rays gj")
	}
	golden.Pixels(t, "lines", px)
}
