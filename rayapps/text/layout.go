package text

import (
	"strings"
	"unicode"

	"rayos/geom"
	"rayos/gpu/render"
)

// Glyph is a placed glyph: its origin on the baseline, from the layout's
// top-left corner.
type Glyph struct {
	ID   uint32
	X, Y geom.Fixed
}

// Run is a stretch of glyphs of one font, size and colour on one line.
type Run struct {
	Face   FaceID
	Size   geom.Fixed
	Color  render.Color // 0 is the colour that the layout is drawn in
	Line   int
	Glyphs []Glyph
}

// Line is a line of a Layout.
type Line struct {
	// Start and End are byte offsets. White space at the end of a wrapped line
	// belongs to it, a hard break doesn't.
	Start, End int
	// Top and Bottom are the line's edges, Baseline lies between.
	Top, Baseline, Bottom geom.Fixed
	// X0 and X1 are the edges of what is seen, without white space at the end.
	X0, X1 geom.Fixed
	// RTL is the base direction.
	RTL bool

	stops []stop
}

// stop is a grapheme's box on a line. x0 is its left edge.
type stop struct {
	start, end int32
	x0, x1     geom.Fixed
	rtl        bool
}

// Layout is text that has been laid out. It is immutable.
type Layout struct {
	para      Paragraph
	text      string
	lines     []Line
	runs      []Run
	w, h      geom.Fixed
	hash      uint64
	truncated bool
}

// Paragraph returns what was laid out.
func (l *Layout) Paragraph() Paragraph { return l.para }

// Text returns the whole text, that of all spans in a row.
func (l *Layout) Text() string { return l.text }

// Width returns the width of the paragraph, or of the widest line if it has none.
func (l *Layout) Width() geom.Fixed {
	if l.para.Width > 0 {
		return l.para.Width
	}
	return l.w
}

// Advance returns the width of the widest line.
func (l *Layout) Advance() geom.Fixed { return l.w }

// Height returns the height of all lines.
func (l *Layout) Height() geom.Fixed { return l.h }

// Baseline returns the baseline of the first line.
func (l *Layout) Baseline() geom.Fixed { return l.lines[0].Baseline }

// Lines returns the lines, at least one.
func (l *Layout) Lines() []Line { return l.lines }

// Runs returns the glyphs.
func (l *Layout) Runs() []Run { return l.runs }

// Truncated reports whether an ellipsis stands for lines that are too many.
func (l *Layout) Truncated() bool { return l.truncated }

// Hash names the content: layouts of equal paragraphs have the same.
func (l *Layout) Hash() uint64 { return l.hash }

// Layout lays out a paragraph, or returns what it made of an equal one before.
// It keeps no reference to p, but to the strings in it.
func (f *Fonts) Layout(p *Paragraph) *Layout {
	hash := p.hash(f.Generation())
	if l, ok := f.layouts.Get(hash); ok && l.para.equal(p) {
		return l
	}
	l := f.layout(p, hash)
	f.layouts.Put(hash, l, l.bytes())
	return l
}

// typesetter builds one Layout.
type typesetter struct {
	f      *Fonts
	l      *Layout
	spans  []Span
	starts []int32 // byte offset of each span
	y      geom.Fixed
	pieces []piece
}

func (f *Fonts) layout(p *Paragraph, hash uint64) *Layout {
	t := typesetter{f: f, l: &Layout{para: *p, hash: hash}}
	t.spans = append(t.spans, p.Spans...)
	if len(t.spans) == 0 {
		t.spans = []Span{{Text: p.Text, Style: p.Style}}
	} else {
		t.l.para.Spans = append([]Span(nil), p.Spans...)
	}
	var whole strings.Builder
	for i := range t.spans {
		s := &t.spans[i]
		s.Text = s.Text[:min(len(s.Text), MaxText-whole.Len())]
		t.starts = append(t.starts, int32(whole.Len()))
		if len(t.spans) > 1 {
			whole.WriteString(s.Text)
		}
	}
	t.l.text = t.spans[0].Text
	if len(t.spans) > 1 {
		t.l.text = whole.String()
	}
	t.blocks()
	t.align()
	return t.l
}

// hardBreak returns the first hard break at or after from, its length, and
// whether there is one.
func hardBreak(s string, from int) (at, n int, ok bool) {
	for at = from; at < len(s); at++ {
		switch c := s[at]; {
		case c == '\n' || c == '\v' || c == '\f':
			return at, 1, true
		case c == '\r':
			if at+1 < len(s) && s[at+1] == '\n' {
				return at, 2, true
			}
			return at, 1, true
		case c == 0xc2 && at+1 < len(s) && s[at+1] == 0x85:
			return at, 2, true
		case c == 0xe2 && at+2 < len(s) && s[at+1] == 0x80 && (s[at+2] == 0xa8 || s[at+2] == 0xa9):
			return at, 3, true
		}
	}
	return len(s), 0, false
}

// blocks lays out everything between hard breaks.
func (t *typesetter) blocks() {
	for at := 0; ; {
		end, n, more := hardBreak(t.l.text, at)
		t.block(at, end, more)
		if !more || t.l.truncated {
			return
		}
		at = end + n
	}
}

func (t *typesetter) block(start, end int, more bool) {
	p := &t.l.para
	b := t.f.shaper.prepare(t.spans, t.starts, start, end, p.Dir)
	t.f.itemise(b, t.spans)
	t.f.measure(b, t.spans)
	for u := 0; ; {
		next := len(b.units)
		if p.Width > 0 {
			next = b.fit(u, int64(p.Width)<<8)
		}
		last := p.MaxLines > 0 && len(t.l.lines)+1 == p.MaxLines
		if last && (next < len(b.units) || more) {
			t.truncate(b, u)
			return
		}
		t.line(b, u, next, nil)
		if next == len(b.units) {
			return
		}
		u = next
	}
}

// blank reports whether nothing is seen of a unit at the end of a line.
func (b *block) blank(u int) bool {
	r := b.runes[b.units[u].start]
	return r != 0xa0 && r != 0x202f && unicode.IsSpace(r)
}

// fit returns the end of the line that starts at unit u and is at most width
// wide, in 24.16; it takes at least one unit.
func (b *block) fit(u int, width int64) int {
	var sum int64
	first, cut := u, -1
	for ; u < len(b.units); u++ {
		if u > first && b.canCut[b.units[u].start] {
			cut = u
		}
		w := b.units[u].width
		if u > first && !b.blank(u) && sum+w > width {
			if cut > first {
				return cut
			}
			return u
		}
		sum += w
	}
	return u
}

// truncate lays out the last line that there may be, from unit u, with an
// ellipsis at its end.
func (t *typesetter) truncate(b *block, u int) {
	t.l.truncated = true
	span := 0
	if u < len(b.units) {
		span = int(b.spans[b.units[u].start])
	} else if len(b.spans) > 0 {
		span = int(b.spans[len(b.spans)-1])
	}
	e := t.ellipsis(span)
	end := len(b.units)
	if t.l.para.Width > 0 {
		room := int64(t.l.para.Width)<<8 - e.width
		end = u
		for sum := int64(0); end < len(b.units); end++ {
			if sum += b.units[end].width; sum > room {
				break
			}
		}
	}
	for end > u && b.blank(end-1) {
		end--
	}
	t.line(b, u, end, e)
}

// ellipsis is the mark for what was cut.
type ellipsis struct {
	face  FaceID
	span  int
	id    uint32
	width int64 // 24.16
}

func (t *typesetter) ellipsis(span int) *ellipsis {
	s := &t.spans[span].Style
	id := t.f.choose(s, '…')
	fc := t.f.face(id)
	g, _ := fc.ft.NominalGlyph('…')
	return &ellipsis{id, span, uint32(g), wide(int64(fc.ft.HorizontalAdvance(g)), s.size(), fc.upem)}
}

// Ink returns a box that holds every pixel of the layout at every scale: the
// lines, and what tall glyphs and rounding add to them.
func (l *Layout) Ink() geom.FixedRect {
	var b geom.FixedRect
	for i := range l.lines {
		ln := &l.lines[i]
		b = b.Union(geom.FixedRect{X0: ln.X0, Y0: ln.Top, X1: max(ln.X1, ln.X0+1), Y1: ln.Bottom})
	}
	var em geom.Fixed
	for i := range l.runs {
		em = max(em, l.runs[i].Size)
	}
	return b.Inset(-em/2 - 256)
}
