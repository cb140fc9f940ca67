package text

import (
	"unicode"
	"unicode/utf8"

	"github.com/go-text/typesetting/bidi"
	"github.com/go-text/typesetting/harfbuzz"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/segmenter"

	"rayos/geom"
)

// shaper holds what shaping reuses.
type shaper struct {
	buf   *harfbuzz.Buffer
	bidi  bidi.Paragraph
	seg   segmenter.Segmenter
	block block
}

func newShaper() shaper { return shaper{buf: harfbuzz.NewBuffer()} }

// block is the text between two hard breaks, with indices into its runes.
type block struct {
	runes    []rune
	offs     []int32 // byte offset of each rune in the paragraph, and the end
	spans    []int32 // span of each rune
	tabs     bool
	rtl      bool // base direction
	items    []item
	units    []unit
	canCut   []bool // a line may end before this rune
	grapheme []bool // a grapheme starts at this rune
}

// item is a stretch of runes in one direction, style, script and font.
type item struct {
	start, end int32 // runes
	level      bidi.Level
	span       int32
	face       FaceID
	script     language.Script
	glyphs     []shaped // visual order
}

// shaped is a glyph in font units. y grows upwards.
type shaped struct {
	id         uint32
	cluster    int32 // first rune
	advance    int32
	dx, dy     int32
	unsafeHere bool // a line that ends before it has to be shaped anew
}

// unit is a cluster, in logical order: what a line may be cut between.
type unit struct {
	start, end int32 // runes
	width      int64 // 24.16 logical pixels
	item       int32
	unsafeHere bool
}

// wide returns font units in 24.16 logical pixels.
func wide(v int64, size geom.Fixed, upem int64) int64 { return divRound(v*int64(size)<<8, upem) }

// prepare fills the block with text[start:end] of the spans.
func (s *shaper) prepare(spans []Span, starts []int32, start, end int, dir Direction) *block {
	b := &s.block
	*b = block{
		runes: b.runes[:0], offs: b.offs[:0], spans: b.spans[:0],
		items: b.items[:0], units: b.units[:0], canCut: b.canCut[:0], grapheme: b.grapheme[:0],
	}
	for i := range spans {
		lo, hi := int(starts[i]), int(starts[i])+len(spans[i].Text)
		if hi <= start || lo >= end {
			continue
		}
		str := spans[i].Text[max(start-lo, 0) : min(end, hi)-lo]
		for at := 0; at < len(str); {
			r, n := utf8.DecodeRuneInString(str[at:])
			switch {
			case r == '\t':
				b.tabs = true
			case r == utf8.RuneError || r < ' ' || r == 0x7f:
				r = 0xfffd
			}
			b.runes = append(b.runes, r)
			b.offs = append(b.offs, int32(max(lo, start)+at))
			b.spans = append(b.spans, int32(i))
			at += n
		}
	}
	b.offs = append(b.offs, int32(end))
	b.rtl = dir == RTL || dir == Auto && firstStrongIsRTL(b.runes)
	return b
}

// firstStrongIsRTL reports whether the first letter that is in no isolate is of a
// script that runs right to left: rules P2 and P3 of UAX 9.
func firstStrongIsRTL(runes []rune) bool {
	depth := 0
	for _, r := range runes {
		switch {
		case r >= 0x2066 && r <= 0x2068:
			depth++
		case r == 0x2069:
			depth = max(depth-1, 0)
		case depth > 0:
		case r == 0x200e:
			return false
		case r == 0x200f:
			return true
		case unicode.IsLetter(r):
			return rtlScript(language.LookupScript(r))
		}
	}
	return false
}

func rtlScript(s language.Script) bool {
	switch s {
	case language.Arabic, language.Hebrew, language.Syriac, language.Thaana, language.Nko,
		language.Samaritan, language.Mandaic, language.Adlam, language.Mende_Kikakui, language.Hanifi_Rohingya:
		return true
	}
	return false
}

// itemise cuts the block into items and shapes them.
func (f *Fonts) itemise(b *block, spans []Span) {
	s := &f.shaper
	n := int32(len(b.runes))
	base := bidi.LeftToRight
	if b.rtl {
		base = bidi.RightToLeft
	}
	runs := s.bidi.Segment(b.runes, base)
	for i := range runs.NumRuns() {
		run := runs.Run(i)
		f.split(b, spans, int32(run.Start), min(int32(run.End), n), run.Level)
	}
	for i := range b.items {
		f.shapeItem(b, &b.items[i], spans)
	}
}

// split appends the items of one bidi run.
func (f *Fonts) split(b *block, spans []Span, start, end int32, level bidi.Level) {
	it := item{start: start, level: level, face: noFace, script: language.Common, span: -1}
	flush := func(at int32) {
		if at > it.start {
			it.end = at
			if it.face == noFace {
				it.face = f.choose(&spans[it.span].Style, ' ')
			}
			b.items = append(b.items, it)
		}
		it.start = at
	}
	for i := start; i < end; i++ {
		r := b.runes[i]
		if b.spans[i] != it.span {
			if it.span >= 0 {
				flush(i)
			}
			it.span, it.face = b.spans[i], noFace
		}
		script := language.LookupScript(r)
		if !script.Strong() {
			script = it.script
		}
		fc := it.face
		switch {
		case fc != noFace && (r == ' ' || r == '\t') && f.face(fc).coloured:
			// Its spaces are as wide as its pictures.
			fc = f.choose(&spans[it.span].Style, r)
		case !joins(r) || fc == noFace && !unicode.Is(unicode.Mn, r) && r != ' ' && r != '\t':
			fc = f.choose(&spans[it.span].Style, r)
		}
		if script != it.script && it.script != language.Common || fc != it.face && it.face != noFace {
			flush(i)
		}
		it.script, it.face = script, fc
	}
	flush(end)
}

// joins reports whether a character is drawn in the font of the one before it:
// spaces, marks and characters that are never seen.
func joins(r rune) bool {
	return r == ' ' || r == '\t' || unicode.Is(unicode.Mn, r) || harfbuzz.IsDefaultIgnorable(r)
}

// shapeItem fills the glyphs of an item.
func (f *Fonts) shapeItem(b *block, it *item, spans []Span) {
	it.glyphs = f.shapeRange(b, it, spans, it.start, it.end)
}

// shapeRange shapes a part of an item.
func (f *Fonts) shapeRange(b *block, it *item, spans []Span, start, end int32) []shaped {
	fc := f.face(it.face)
	buf := f.shaper.buf
	buf.Clear()
	buf.AddRunes(b.runes, int(start), int(end-start))
	buf.Props.Direction = harfbuzz.LeftToRight
	if it.level&1 != 0 {
		buf.Props.Direction = harfbuzz.RightToLeft
	}
	buf.Props.Script = it.script
	buf.Shape(fc.hb, nil)
	out := make([]shaped, len(buf.Info))
	tabular := spans[it.span].Style.Tabular
	for i := range out {
		g, p := &buf.Info[i], &buf.Pos[i]
		o := shaped{
			id: uint32(g.Glyph), cluster: int32(g.Cluster), advance: p.XAdvance, dx: p.XOffset, dy: p.YOffset,
			unsafeHere: g.Mask&harfbuzz.GlyphUnsafeToBreak != 0,
		}
		switch r := b.runes[g.Cluster]; {
		case r == '\t':
			space, _ := fc.ft.NominalGlyph(' ')
			o.id, o.advance, o.dx, o.dy = uint32(space), int32(fc.ft.HorizontalAdvance(space))*4, 0, 0
		case tabular && r >= '0' && r <= '9' && fc.digit > 0:
			own := int32(fc.ft.HorizontalAdvance(g.Glyph))
			o.dx += (int32(fc.digit) - own) / 2
			o.advance = int32(fc.digit)
		}
		out[i] = o
	}
	return out
}

// measure fills the units, and where a line may be cut.
func (f *Fonts) measure(b *block, spans []Span) {
	n := len(b.runes)
	b.canCut = append(b.canCut, make([]bool, n+1)...)
	b.grapheme = append(b.grapheme, make([]bool, n+1)...)
	f.shaper.seg.Init(b.runes)
	for it := f.shaper.seg.LineIterator(); it.Next(); {
		b.canCut[it.Line().Offset] = true
	}
	for it := f.shaper.seg.GraphemeIterator(); it.Next(); {
		b.grapheme[it.Grapheme().Offset] = true
	}
	b.grapheme[n] = true
	for i := range b.items {
		it := &b.items[i]
		fc := f.face(it.face)
		size := spans[it.span].Style.size()
		first := len(b.units)
		add := func(g *shaped) {
			if last := len(b.units) - 1; last >= first && b.units[last].start == g.cluster {
				b.units[last].width += wide(int64(g.advance), size, fc.upem)
				return
			}
			b.units = append(b.units, unit{
				start: g.cluster, width: wide(int64(g.advance), size, fc.upem),
				item: int32(i), unsafeHere: g.unsafeHere,
			})
		}
		if it.level&1 == 0 {
			for k := range it.glyphs {
				add(&it.glyphs[k])
			}
		} else {
			for k := len(it.glyphs) - 1; k >= 0; k-- {
				add(&it.glyphs[k])
			}
		}
		for k := first; k < len(b.units); k++ {
			b.units[k].end = it.end
			if k+1 < len(b.units) {
				b.units[k].end = b.units[k+1].start
			}
		}
	}
}
