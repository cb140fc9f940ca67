package editor

import (
	"fmt"
	"sort"
	"strings"
	"unicode"
	"unicode/utf8"

	"rayos/gpu/render"
	"rayos/rayapps/editor/buffer"
	"rayos/rayapps/text"
)

// shown is a segment as it is to be seen: what can't be seen as it is has other
// text in its place.
type shown struct {
	seg   segment
	text  string
	marks []mark
	pre   [2]int // where the preedit stands in text
}

// mark is where text and bytes differ.
type mark struct {
	raw, rawLen int // in bytes from the segment's start
	at, n       int // in shown.text
	kind        markKind
}

type markKind uint8

const (
	markTab     markKind = iota
	markControl          // a character that can't be seen
	markInvalid          // a byte that isn't UTF-8
	markPreedit          // what is being composed, which is no text yet
)

// looks are how text is shown.
type looks struct {
	tab   int // columns between tab stops
	style text.Style
	wrap  int32 // width in logical pixels, 0 for none
}

// show reads a segment. Preedit stands at an offset of the text; -1 is none.
func show(t buffer.Text, s segment, tab int, preedit string, at int64) shown {
	raw := t.Slice(s.start, s.fin)
	r := shown{seg: s}
	composing := preedit != "" && s.start <= at && at <= s.fin && (at < s.fin || s.last())
	if plain(raw) && !composing {
		r.text = string(raw)
		return r
	}
	var b strings.Builder
	column := 0
	put := func(i, n int, as string, k markKind) {
		r.marks = append(r.marks, mark{i, n, b.Len(), len(as), k})
		b.WriteString(as)
		column += len(as)
	}
	for i := 0; ; {
		if composing && int64(i) == at-s.start {
			r.pre = [2]int{b.Len(), b.Len() + len(preedit)}
			put(i, 0, preedit, markPreedit)
		}
		if i >= len(raw) {
			break
		}
		c, n := utf8.DecodeRune(raw[i:])
		switch {
		case c == '\t':
			put(i, 1, strings.Repeat(" ", tab-column%tab), markTab)
		case c == utf8.RuneError && n == 1:
			put(i, 1, fmt.Sprintf("\\x%02X", raw[i]), markInvalid)
		case c < ' ' || c == 0x7f:
			put(i, 1, "^"+string(c^0x40), markControl)
		case unseen(c):
			put(i, n, fmt.Sprintf("<%04X>", c), markControl)
		default:
			b.WriteRune(c)
			column += columns(c)
		}
		i += n
	}
	r.text = b.String()
	return r
}

// plain reports whether bytes are seen as they are.
func plain(raw []byte) bool {
	for _, c := range raw {
		if c < ' ' || c >= 0x7f {
			return false
		}
	}
	return true
}

// unseen reports whether a character would not be seen and changes what others
// look like or where lines end: controls, those of direction, separators.
func unseen(r rune) bool {
	switch {
	case r < 0x80:
		return false
	case r < 0xa0, r == 0xad, r == 0x61c, r >= 0x200e && r <= 0x200f, r == 0x200b, r >= 0x2028 && r <= 0x202e, r >= 0x2060 && r <= 0x206f, r == 0xfeff:
		return true
	}
	return r >= 0xe0000 && r <= 0xe007f || unicode.Is(unicode.Cs, r)
}

// columns returns how many columns a character takes, for tab stops.
func columns(r rune) int {
	if r < 0x300 {
		return 1
	}
	if unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf) {
		return 0
	}
	if unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana) || r >= 0xff01 && r <= 0xff60 || r >= 0x1f300 && r <= 0x1faff {
		return 2
	}
	return 1
}

// toShown returns where an offset of the text stands in what is shown: before a
// preedit that stands there.
func (r *shown) toShown(off int64) int {
	raw := int(min(max(off, r.seg.start), r.seg.fin) - r.seg.start)
	i := sort.Search(len(r.marks), func(i int) bool { return r.marks[i].raw >= raw })
	if i == 0 {
		return raw
	}
	m := r.marks[i-1]
	return m.at + m.n + max(raw-m.raw-m.rawLen, 0)
}

// toRaw returns the offset in the text of one in what is shown. What stands for
// a character is that as a whole.
func (r *shown) toRaw(at int) int64 {
	i := sort.Search(len(r.marks), func(i int) bool { return r.marks[i].at >= at })
	raw := at
	if i > 0 {
		m := r.marks[i-1]
		switch {
		case at >= m.at+m.n:
			raw = m.raw + m.rawLen + at - m.at - m.n
		case 2*(at-m.at) >= m.n:
			raw = m.raw + m.rawLen
		default:
			raw = m.raw
		}
	}
	return min(r.seg.start+int64(raw), r.seg.fin)
}

// snap returns the offset in the text that is nearest to one in the middle of a
// mark, in the direction of a move.
func (r *shown) snap(at int, forward bool) int64 {
	for _, m := range r.marks {
		if m.at < at && at < m.at+m.n {
			if forward {
				return r.seg.start + int64(m.raw+m.rawLen)
			}
			return r.seg.start + int64(m.raw)
		}
	}
	return r.toRaw(at)
}

// layout lays it out. Ink is that of what stands for bytes and controls.
func (r *shown) layout(f *text.Fonts, l looks, control, invalid render.Color) *text.Layout {
	p := text.Paragraph{Text: r.text, Style: l.style}
	if l.wrap > 0 {
		p.Width = text.Px(l.wrap)
	}
	at := 0
	for _, m := range r.marks {
		ink := control
		switch m.kind {
		case markInvalid:
			ink = invalid
		case markControl:
		default:
			continue
		}
		if m.at > at {
			p.Spans = append(p.Spans, text.Span{Text: r.text[at:m.at], Style: l.style})
		}
		p.Spans = append(p.Spans, text.Span{Text: r.text[m.at : m.at+m.n], Style: l.style, Color: ink})
		at = m.at + m.n
	}
	if len(p.Spans) > 0 && at < len(r.text) {
		p.Spans = append(p.Spans, text.Span{Text: r.text[at:], Style: l.style})
	}
	return f.Layout(&p)
}
