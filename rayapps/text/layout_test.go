package text

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"

	"rayos/geom"
	"rayos/gpu/render"
)

var body = Style{Size: Px(13)}

// lines returns the text of each line, a soft line's spaces included.
func lines(l *Layout) []string {
	var out []string
	for _, ln := range l.Lines() {
		out = append(out, l.Text()[ln.Start:ln.End])
	}
	return out
}

func TestLines(t *testing.T) {
	f := NewFonts(Options{})
	for _, c := range []struct {
		name string
		p    Paragraph
		want []string
		cut  bool
	}{
		{"nothing", Paragraph{}, []string{""}, false},
		{"one", Paragraph{Text: "one line"}, []string{"one line"}, false},
		{"hard breaks", Paragraph{Text: "a\nb\r\nc\rd\u2028e\u2029f\u0085g"}, []string{"a", "b", "c", "d", "e", "f", "g"}, false},
		{"a break at the end", Paragraph{Text: "a\n"}, []string{"a", ""}, false},
		{"words", Paragraph{Text: "some words that wrap", Width: Px(80)}, []string{"some words ", "that wrap"}, false},
		{"spaces hang", Paragraph{Text: "some words      that wrap", Width: Px(80)}, []string{"some words      ", "that wrap"}, false},
		{"a word too long", Paragraph{Text: "aaaaaaaaaa", Width: Px(32)}, []string{"aaaa", "aaaa", "aa"}, false},
		{"a width of nothing", Paragraph{Text: "ab c", Width: 1}, []string{"a", "b ", "c"}, false},
		{"hyphens", Paragraph{Text: "well-known thing", Width: Px(60)}, []string{"well-", "known ", "thing"}, false},
		{"no break spaces", Paragraph{Text: "10\u00a0000 km", Width: Px(45)}, []string{"10\u00a0000 ", "km"}, false},
		{"ideographs", Paragraph{Text: "日本語、日本。", Width: Px(30)}, []string{"日本", "語、", "日", "本。"}, false},
		{"a cluster stays whole", Paragraph{Text: "e\u0301e\u0301", Width: 1}, []string{"e\u0301", "e\u0301"}, false},
		{"too many lines", Paragraph{Text: "some words that wrap and more", Width: Px(80), MaxLines: 2}, []string{"some words ", "that wrap"}, true},
		{"as many as there may be", Paragraph{Text: "some words that wrap", Width: Px(80), MaxLines: 2}, []string{"some words ", "that wrap"}, false},
		{"cut in a word", Paragraph{Text: "incomprehensible", Width: Px(60), MaxLines: 1}, []string{"incomp"}, true},
		{"cut at a hard break", Paragraph{Text: "a\nb", MaxLines: 1}, []string{"a"}, true},
		{"no room but for the mark", Paragraph{Text: "word", Width: Px(5), MaxLines: 1}, []string{""}, true},
	} {
		if c.p.Style == (Style{}) {
			c.p.Style = body
		}
		l := f.Layout(&c.p)
		if got := strings.Join(lines(l), "|"); got != strings.Join(c.want, "|") || l.Truncated() != c.cut {
			t.Errorf("%s: %q, cut %v; want %q, %v", c.name, got, l.Truncated(), strings.Join(c.want, "|"), c.cut)
		}
	}
}

func TestLineHeights(t *testing.T) {
	f := NewFonts(Options{})
	for size, want := range map[int32]int32{12: 17, 13: 18, 15: 21, 20: 28, 28: 39} {
		l := f.Layout(&Paragraph{Text: "a\nb", Style: Style{Size: Px(size)}})
		if l.Height() != Px(2*want) {
			t.Errorf("two lines of %d px are %v high; want %d", size, l.Height().Float(), 2*want)
		}
		for _, ln := range l.Lines() {
			if ln.Baseline&255 != 0 || ln.Baseline <= ln.Top || ln.Baseline >= ln.Bottom {
				t.Errorf("%d px: baseline %v of a line from %v to %v", size, ln.Baseline.Float(), ln.Top.Float(), ln.Bottom.Float())
			}
		}
	}
	l := f.Layout(&Paragraph{Spans: []Span{{Text: "small ", Style: Style{Size: Px(10)}}, {Text: "LARGE", Style: Style{Size: Px(40)}}}})
	if l.Height() < Px(56) {
		t.Errorf("a line with 40 px text is %v high", l.Height().Float())
	}
}

func TestAlignment(t *testing.T) {
	f := NewFonts(Options{})
	const width = 200
	for _, c := range []struct {
		text  string
		align Align
		dir   Direction
		want  string
	}{
		{"abc", Start, Auto, "left"},
		{"abc", End, Auto, "right"},
		{"abc", Centre, Auto, "centre"},
		{"abc", Start, RTL, "right"},
		{"שלום", Start, Auto, "right"},
		{"שלום", End, Auto, "left"},
		{"שלום", Left, Auto, "left"},
		{"abc", Right, Auto, "right"},
		{"123 שלום", Start, Auto, "right"},
		{"שלום", Start, LTR, "left"},
	} {
		ln := f.Layout(&Paragraph{Text: c.text, Style: body, Width: Px(width), Align: c.align, Dir: c.dir}).Lines()[0]
		got := "centre"
		if ln.X0 == 0 {
			got = "left"
		} else if ln.X1 == Px(width) {
			got = "right"
		}
		if got != c.want {
			t.Errorf("%q, align %d, direction %d stands %s (%v..%v); want %s", c.text, c.align, c.dir, got, ln.X0.Float(), ln.X1.Float(), c.want)
		}
	}
}

func TestDigitsOfTabularTextAreEquallyWide(t *testing.T) {
	f := NewFonts(Options{})
	width := func(s string, tabular bool) geom.Fixed {
		return f.Layout(&Paragraph{Text: s, Style: Style{Size: Px(13), Tabular: tabular}}).Advance()
	}
	if width("1111", true) != width("0000", true) || width("17:47", true) != width("20:08", true) {
		t.Error("tabular digits differ in width")
	}
	if width("1111", false) == width("0000", false) {
		t.Error("proportional digits don't")
	}
}

func TestKerning(t *testing.T) {
	f := NewFonts(Options{})
	width := func(s string) geom.Fixed { return f.Layout(&Paragraph{Text: s, Style: body}).Advance() }
	if width("AV") >= width("A")+width("V") {
		t.Error("A and V aren't kerned")
	}
}

// visual returns the runes of the first line from left to right.
func visual(l *Layout) string {
	var b strings.Builder
	for _, s := range l.Lines()[0].stops {
		b.WriteString(l.Text()[s.start:s.end])
	}
	return b.String()
}

func TestDirections(t *testing.T) {
	f := NewFonts(Options{})
	for _, c := range []struct {
		text string
		dir  Direction
		want string
	}{
		{"abc", Auto, "abc"},
		{"אבג", Auto, "גבא"},
		{"ab אבג cd", Auto, "ab גבא cd"},
		{"אב ab גד", Auto, "דג ab בא"},
		{"אב 123 גד", Auto, "דג 123 בא"},
		{"ab אב", RTL, "בא ab"},
		{"אבג abc", LTR, "גבא abc"},
		{"a (ב) c", Auto, "a (ב) c"},
	} {
		l := f.Layout(&Paragraph{Text: c.text, Style: body, Dir: c.dir})
		if got := visual(l); got != c.want {
			t.Errorf("%q, direction %d, is seen as %q; want %q", c.text, c.dir, got, c.want)
		}
	}
}

func TestCarets(t *testing.T) {
	f := NewFonts(Options{})
	l := f.Layout(&Paragraph{Text: "ab אב", Style: body})
	x := func(at int, before bool) geom.Fixed { return l.Caret(at, before).X0 }
	end := l.Lines()[0].X1
	if x(0, false) != 0 {
		t.Errorf("the first caret stands at %v", x(0, false).Float())
	}
	// Before the first right-to-left letter there are two places.
	if x(3, false) != end || x(3, true) >= end || x(3, true) <= x(2, false) {
		t.Errorf("carets where directions meet: %v and %v of %v", x(3, true).Float(), x(3, false).Float(), end.Float())
	}
	if x(5, false) <= x(3, true) || x(5, false) >= end {
		t.Errorf("the caret between both letters stands at %v", x(5, false).Float())
	}
	l = f.Layout(&Paragraph{Text: "some words that wrap", Style: body, Width: Px(80)})
	at := l.Lines()[1].Start
	if a, b := l.Caret(at, true), l.Caret(at, false); a.Y0 != 0 || b.Y0 != l.Lines()[1].Top || b.X0 != 0 || a.X0 == 0 {
		t.Errorf("carets where the line wraps: %v and %v", a, b)
	}
	l = f.Layout(&Paragraph{Text: "a\n", Style: body})
	if c := l.Caret(2, false); c.Y0 != Px(18) || c.X0 != 0 {
		t.Errorf("the caret on an empty last line stands at %v", c)
	}
	l = f.Layout(&Paragraph{Style: body, Width: Px(100), Align: Centre})
	if c := l.Caret(0, false); c.X0 != Px(50) || c.H() != Px(18) {
		t.Errorf("the caret of an empty centred line is %v", c)
	}
}

func TestSelection(t *testing.T) {
	f := NewFonts(Options{})
	l := f.Layout(&Paragraph{Text: "ab אבג cd", Style: body})
	if got := l.Selection(0, len(l.Text()), nil); len(got) != 1 || got[0].W() != l.Advance() {
		t.Errorf("all of a line is selected as %v", got)
	}
	if got := l.Selection(1, 5, nil); len(got) != 2 {
		t.Errorf("a selection across directions has the boxes %v; want two", got)
	}
	if got := l.Selection(3, 3, nil); len(got) != 0 {
		t.Errorf("nothing is selected as %v", got)
	}
	l = f.Layout(&Paragraph{Text: "one\ntwo\nthree", Style: body})
	if got := l.Selection(1, 10, nil); len(got) != 3 || got[1].Y0 != Px(18) {
		t.Errorf("a selection over three lines has the boxes %v", got)
	}
}

// check returns what is wrong with a layout.
func check(l *Layout) string {
	at := 0
	for i, ln := range l.Lines() {
		if ln.Start < at || ln.End < ln.Start || ln.End > len(l.Text()) {
			return "lines aren't in order"
		}
		at = ln.End
		if ln.Top > ln.Baseline+Px(2) || ln.Bottom < ln.Top || i > 0 && ln.Top != l.Lines()[i-1].Bottom {
			return "lines don't stack"
		}
		if ln.X1 < ln.X0 {
			return "a line has a negative width"
		}
		covered := make([]bool, ln.End-ln.Start)
		for _, s := range ln.stops {
			if int(s.start) < ln.Start || int(s.end) > ln.End || s.start >= s.end || s.x1 < s.x0 {
				return "a stop lies outside of its line"
			}
			for k := s.start; k < s.end; k++ {
				if covered[int(k)-ln.Start] {
					return "stops overlap"
				}
				covered[int(k)-ln.Start] = true
			}
		}
		for _, ok := range covered {
			if !ok {
				return "a byte of a line has no stop"
			}
		}
		// Clusters of other scripts may stand for several characters.
		seen := strings.TrimRight(l.Text()[ln.Start:ln.End], " \t")
		ascii := strings.IndexFunc(seen, func(r rune) bool { return r > '~' }) < 0
		if w := l.para.Width; w > 0 && ln.X1-ln.X0 > w+1 && len(seen) > 1 && ascii && !l.truncated {
			return "a line is wider than the paragraph"
		}
	}
	if !l.truncated && at != len(l.Text()) && !strings.ContainsAny(l.Text()[at:], "\n\r\v\f\u0085\u2028\u2029") {
		return "text is missing at the end"
	}
	for _, at := range clusters(l.Text()) {
		for _, before := range []bool{false, true} {
			c := l.Caret(at, before)
			if c.H() <= 0 {
				return "a caret has no height"
			}
		}
	}
	if len(l.Selection(0, len(l.Text()), nil)) > len(l.Text()) {
		return "a selection has more boxes than the text has bytes"
	}
	return ""
}

func FuzzLayout(f *testing.F) {
	f.Add("some words אבג wrap\nhere", uint16(80), uint8(0), uint8(0))
	f.Add("e\u0301👩‍🚀 日本語 नि مرحبا", uint16(30), uint8(3), uint8(2))
	f.Add("\xff\x00\t\u202e\u2066x\u2069\u200d", uint16(1), uint8(1), uint8(1))
	fonts := NewFonts(Options{})
	f.Fuzz(func(t *testing.T, s string, width uint16, lines, mode uint8) {
		if len(s) > 2000 {
			return
		}
		cut := len(s) / 2
		p := Paragraph{Width: geom.Fixed(width) << 4, MaxLines: int(lines % 8), Align: Align(mode % 5), Dir: Direction(mode / 5 % 3), Style: body, Text: s}
		if mode&128 != 0 {
			p.Spans = []Span{{Text: s[:cut], Style: body}, {Text: s[cut:], Style: Style{Size: Px(20), Family: Mono, Tabular: true}, Color: render.Color(0xff000000)}}
		}
		l := fonts.layout(&p, 1)
		if !utf8.ValidString(s) {
			// Each broken byte counts as a cluster; offsets stay in range.
			for _, ln := range l.Lines() {
				if ln.Start < 0 || ln.End > len(l.Text()) {
					t.Fatal("a line lies outside of the text")
				}
			}
			return
		}
		if bad := check(l); bad != "" {
			t.Fatalf("%s: %q at %v: %q", bad, s, p.Width.Float(), lines)
		}
	})
}

// TestHitsFindTheirCarets: a click on a grapheme's leading half puts the caret
// there.
func TestHitsFindTheirCarets(t *testing.T) {
	f := NewFonts(Options{})
	rng := rand.New(rand.NewPCG(5, 6))
	for range 300 {
		var b strings.Builder
		for range 1 + rng.IntN(12) {
			b.WriteString(pieces[rng.IntN(len(pieces))])
		}
		s := strings.ToValidUTF8(b.String(), "")
		l := f.Layout(&Paragraph{Text: s, Style: body, Width: Px(rng.Int32N(200))})
		for _, ln := range l.Lines() {
			for _, st := range ln.stops {
				if st.x1-st.x0 < 16 {
					continue
				}
				p := geom.FixedPoint{X: st.x0 + (st.x1-st.x0)/4, Y: (ln.Top + ln.Bottom) / 2}
				want := int(st.start)
				if st.rtl {
					want = int(st.end)
				}
				at, before := l.Hit(p)
				if got, box := l.Caret(at, before), l.Caret(want, st.rtl); got.X0 != box.X0 {
					t.Fatalf("%q: a click on byte %d at %v gives the caret %d (%v) at %v; want %d at %v", s, st.start, p.X.Float(), at, before, got.X0.Float(), want, box.X0.Float())
				}
			}
		}
	}
}

func TestAnEqualParagraphCostsNothing(t *testing.T) {
	f := NewFonts(Options{})
	p := Paragraph{Text: "A label", Style: body, Width: Px(100)}
	q := Paragraph{Spans: []Span{{Text: "A ", Style: body}, {Text: "label", Style: body}}}
	a, b := f.Layout(&p), f.Layout(&q)
	if n := testing.AllocsPerRun(100, func() {
		if f.Layout(&p) != a || f.Layout(&q) != b {
			t.Fatal("an equal paragraph was laid out again")
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
	q.Spans[1].Text = "other"
	if f.Layout(&q) == b || b.Paragraph().Spans[1].Text != "label" {
		t.Error("a layout changed with the paragraph it was made of")
	}
}

func TestCharactersOfNoFontAreBoxes(t *testing.T) {
	f := NewFonts(Options{})
	l := f.Layout(&Paragraph{Text: "אב", Style: body})
	for _, r := range l.Runs() {
		for _, g := range r.Glyphs {
			if m := f.Mask(r.Face, g.ID, r.Size, 0); g.ID != 0 || m.Bounds.Empty() {
				t.Errorf("glyph %d with the bounds %v", g.ID, m.Bounds)
			}
		}
	}
}

func TestFontsOfTheMachine(t *testing.T) {
	changed := make(chan struct{})
	f := NewFonts(Options{System: true, IndexFolder: t.TempDir(), Changed: func() { close(changed) }})
	p := Paragraph{Text: "אב", Style: body}
	first := f.Layout(&p)
	if g := first.Runs()[0].Glyphs[0].ID; g != 0 {
		t.Fatalf("glyph %d before the fonts were looked for", g)
	}
	<-changed
	if f.Generation() == 0 {
		t.Skip("no fonts on this machine: ", f.SystemError())
	}
	second := f.Layout(&p)
	if second == first || second.Hash() == first.Hash() {
		t.Error("the layout stays what it was without the fonts")
	}
	if _, ok := f.fromSystem(&body, 'א'); !ok {
		t.Skip("no font of this machine has Hebrew letters")
	}
	if second.Runs()[0].Glyphs[0].ID == 0 {
		t.Fatal("a Hebrew letter is still a box")
	}
	if m := f.Mask(second.Runs()[0].Face, second.Runs()[0].Glyphs[0].ID, Px(13), 0); m.Bounds.Empty() {
		t.Error("a Hebrew letter has no coverage")
	}
}

func BenchmarkLayoutLabel(b *testing.B) {
	f := NewFonts(Options{})
	p := Paragraph{Text: "Show Linux desktop, hidden", Style: body}
	b.ReportAllocs()
	for b.Loop() {
		f.layout(&p, 1)
	}
}

func BenchmarkLayoutCached(b *testing.B) {
	f := NewFonts(Options{})
	p := Paragraph{Text: "Show Linux desktop, hidden", Style: body}
	b.ReportAllocs()
	for b.Loop() {
		f.Layout(&p)
	}
}

func BenchmarkLayoutParagraph(b *testing.B) {
	f := NewFonts(Options{})
	p := Paragraph{Text: strings.Repeat("Some words that wrap, again and again. ", 50), Style: body, Width: Px(400)}
	b.ReportAllocs()
	for b.Loop() {
		f.layout(&p, 1)
	}
}

// TestDirectionOfIsolates: what is in an isolate doesn't tell the direction of
// the text around it, rule P2 of UAX 9.
func TestDirectionOfIsolates(t *testing.T) {
	for s, want := range map[string]bool{
		"abc \u05d0": false, "1, \u05d0bc": true, "\u2068abc\u2069: \u05d0": true, "\u2068\u05d0\u2069: abc": false,
		"\u2066\u2068\u05d0\u2069x\u2069\u2069 \u05d0": true, "\u200f\u2068abc\u2069": true, "\u200e\u05d0": false, "\u2068\u05d0": false, "": false,
	} {
		if got := firstStrongIsRTL([]rune(s)); got != want {
			t.Errorf("%q from right to left: %v; want %v", s, got, want)
		}
	}
}
