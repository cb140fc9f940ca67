package text

import (
	"slices"

	"github.com/go-text/typesetting/bidi"

	"rayos/geom"
)

// piece is the part of an item that stands on a line.
type piece struct {
	item       int32 // -1 is an ellipsis
	start, end int32 // runes
	level      bidi.Level
	glyphs     []shaped
}

// line appends the line of units [u, end), with an ellipsis if e isn't nil.
func (t *typesetter) line(b *block, u, end int, e *ellipsis) {
	start, stop := int32(len(b.runes)), int32(len(b.runes))
	if u < len(b.units) {
		start = b.units[u].start
	}
	if end < len(b.units) {
		stop = b.units[end].start
	}
	seen := end
	for seen > u && b.blank(seen-1) {
		seen--
	}
	trim := stop
	if seen < end {
		trim = b.units[seen].start
	}
	base := bidi.Level(0)
	if b.rtl {
		base = 1
	}
	t.pieces = t.pieces[:0]
	if u < end {
		for i := b.units[u].item; int(i) < len(b.items) && b.items[i].start < stop; i++ {
			it := &b.items[i]
			lo, hi := max(it.start, start), min(it.end, stop)
			if lo < min(hi, trim) {
				t.cut(b, i, lo, min(hi, trim), it.level)
			}
			if max(lo, trim) < hi {
				t.cut(b, i, max(lo, trim), hi, base)
			}
		}
	}
	if e != nil {
		t.pieces = append(t.pieces, piece{item: -1, start: stop, end: stop, level: base})
	}
	reorder(t.pieces)
	t.place(b, start, stop, trim, e)
}

// cut appends a part of an item. It is shaped anew where glyphs change when a
// line ends between them.
func (t *typesetter) cut(b *block, i, start, end int32, level bidi.Level) {
	it := &b.items[i]
	p := piece{item: i, start: start, end: end, level: level, glyphs: it.glyphs}
	if start > it.start || end < it.end {
		var unsafe bool
		if p.glyphs, unsafe = it.slice(start, end); unsafe {
			p.glyphs = t.f.shapeRange(b, it, t.spans, start, end)
		}
	}
	t.pieces = append(t.pieces, p)
}

// slice returns the glyphs of runes [start, end) and whether they have another
// shape when they stand alone.
func (it *item) slice(start, end int32) (glyphs []shaped, unsafe bool) {
	rtl := it.level&1 != 0
	// find returns how many glyphs in visual order come before the rune at.
	find := func(at int32) int {
		n, _ := slices.BinarySearchFunc(it.glyphs, at, func(g shaped, at int32) int {
			if rtl {
				if g.cluster >= at {
					return -1
				}
				return 1
			}
			if g.cluster < at {
				return -1
			}
			return 1
		})
		return n
	}
	lo, hi := find(start), find(end)
	check := func(n int) {
		if rtl {
			n--
		}
		if n >= 0 && n < len(it.glyphs) && it.glyphs[n].unsafeHere {
			unsafe = true
		}
	}
	if start > it.start {
		check(lo)
	}
	if end < it.end {
		check(hi)
	}
	if rtl {
		lo, hi = hi, lo
	}
	return it.glyphs[lo:hi], unsafe
}

// reorder brings pieces from logical to visual order: rule L2 of UAX 9.
func reorder(p []piece) {
	var high bidi.Level
	for i := range p {
		high = max(high, p[i].level)
	}
	for level := high; level > 0; level-- {
		for i := 0; i < len(p); {
			if p[i].level < level {
				i++
				continue
			}
			j := i
			for j < len(p) && p[j].level >= level {
				j++
			}
			slices.Reverse(p[i:j])
			i = j
		}
	}
}

// place turns the pieces into a line at the bottom of the layout.
func (t *typesetter) place(b *block, start, stop, trim int32, e *ellipsis) {
	ln := Line{Start: int(b.offs[start]), End: int(b.offs[stop]), RTL: b.rtl, Top: t.y}
	t.heights(b, &ln, start, stop)
	var pen int64 // 24.16
	seenFrom, seenTo := int64(-1), int64(0)
	for i := range t.pieces {
		p := &t.pieces[i]
		from := pen
		if p.item < 0 {
			s := &t.spans[e.span]
			t.l.runs = append(t.l.runs, Run{
				Face: e.face, Size: s.Style.size(), Color: s.Color, Line: len(t.l.lines),
				Glyphs: []Glyph{{ID: e.id, X: round8(pen), Y: ln.Baseline}},
			})
			pen += e.width
		} else {
			pen = t.run(b, p, &ln, pen)
		}
		if p.start < trim || p.item < 0 {
			if seenFrom < 0 {
				seenFrom = from
			}
			seenTo = pen
		}
	}
	ln.X0, ln.X1 = round8(max(seenFrom, 0)), round8(max(seenTo, 0))
	t.l.lines = append(t.l.lines, ln)
	t.l.w = max(t.l.w, ln.X1-ln.X0)
	t.y = ln.Bottom
	t.l.h = t.y
}

// round8 returns 24.16 as 24.8.
func round8(v int64) geom.Fixed { return geom.Fixed((v + 128) >> 8) }

// heights sets the vertical places of a line: each style is centred in its own
// line height, and the line holds them all.
func (t *typesetter) heights(b *block, ln *Line, start, stop int32) {
	var up, down geom.Fixed
	add := func(span int) {
		s := &t.spans[span].Style
		fc := t.f.face(chains[s.Family&1][s.Weight&1][0])
		ascent := round8(wide(fc.ascent, s.size(), fc.upem))
		descent := round8(wide(fc.descent, s.size(), fc.upem))
		h := s.Height()
		u := ascent + (h-ascent-descent)/2
		up, down = max(up, u), max(down, h-u)
	}
	last := -1
	for i := start; i < stop; i++ {
		if s := int(b.spans[i]); s != last {
			add(s)
			last = s
		}
	}
	if last < 0 {
		add(t.spanAt(int(b.offs[start])))
	}
	ln.Baseline = geom.FixedFromInt((ln.Top + up).Round())
	ln.Bottom = ln.Top + up + down
}

// spanAt returns the span that a byte offset lies in, or that ends there.
func (t *typesetter) spanAt(at int) int {
	i, ok := slices.BinarySearch(t.starts, int32(at))
	if !ok || i == len(t.starts) {
		i--
	}
	return max(i, 0)
}

// run appends the glyphs of a piece and its stops, and returns the pen after it.
func (t *typesetter) run(b *block, p *piece, ln *Line, pen int64) int64 {
	it := &b.items[p.item]
	s := &t.spans[it.span]
	fc, size := t.f.face(it.face), s.Style.size()
	glyphs := make([]Glyph, 0, len(p.glyphs))
	var sum int64 // font units
	at := func(units int64) int64 { return pen + wide(units, size, fc.upem) }
	rtl := it.level&1 != 0
	for i := 0; i < len(p.glyphs); {
		first, from := i, sum
		for ; i < len(p.glyphs) && p.glyphs[i].cluster == p.glyphs[first].cluster; i++ {
			g := &p.glyphs[i]
			glyphs = append(glyphs, Glyph{
				ID: g.id, X: round8(at(sum + int64(g.dx))),
				Y: ln.Baseline - round8(wide(int64(g.dy), size, fc.upem)),
			})
			sum += int64(g.advance)
		}
		lo, hi := p.glyphs[first].cluster, p.end
		if !rtl && i < len(p.glyphs) {
			hi = p.glyphs[i].cluster
		} else if rtl && first > 0 {
			hi = p.glyphs[first-1].cluster
		}
		ln.stops = b.appendStops(ln.stops, lo, hi, at(from), at(sum), rtl)
	}
	t.l.runs = append(t.l.runs, Run{Face: it.face, Size: size, Color: s.Color, Line: len(t.l.lines), Glyphs: glyphs})
	return at(sum)
}

// appendStops shares the width of a cluster between its graphemes.
func (b *block) appendStops(stops []stop, lo, hi int32, x0, x1 int64, rtl bool) []stop {
	n := int64(0)
	for i := lo; i < hi; i++ {
		if i == lo || b.grapheme[i] {
			n++
		}
	}
	first := len(stops)
	k := int64(0)
	for i := lo; i < hi; {
		end := i + 1
		for end < hi && !b.grapheme[end] {
			end++
		}
		stops = append(stops, stop{
			start: b.offs[i], end: b.offs[end],
			x0: round8(x0 + (x1-x0)*k/n), x1: round8(x0 + (x1-x0)*(k+1)/n), rtl: rtl,
		})
		k++
		i = end
	}
	if rtl {
		s := stops[first:]
		for i := range s {
			s[i].x0, s[i].x1 = round8(x1)-(s[i].x1-round8(x0)), round8(x1)-(s[i].x0-round8(x0))
		}
		slices.Reverse(s)
	}
	return stops
}

// align moves every line to its place across.
func (t *typesetter) align() {
	width := t.l.Width()
	next := 0
	for i := range t.l.lines {
		ln := &t.l.lines[i]
		room := width - (ln.X1 - ln.X0)
		var x geom.Fixed
		switch a := t.l.para.Align; {
		case a == Centre:
			x = room / 2
		case a == Right, a == Start && ln.RTL, a == End && !ln.RTL:
			x = room
		}
		by := x - ln.X0
		for ; next < len(t.l.runs) && t.l.runs[next].Line == i; next++ {
			for k := range t.l.runs[next].Glyphs {
				t.l.runs[next].Glyphs[k].X += by
			}
		}
		for k := range ln.stops {
			ln.stops[k].x0 += by
			ln.stops[k].x1 += by
		}
		ln.X0, ln.X1 = ln.X0+by, ln.X1+by
	}
}
