// What is seen of a text. Only what is in the sheet is ever laid out.
// Coordinates are logical pixels from the corner of the place for text.

package editor

import (
	"rayos/geom"
	"rayos/rayapps/editor/buffer"
	"rayos/rayapps/text"
)

// anchor is where a sheet is scrolled to: the segment at the top, by its start,
// and how many pixels of it are above.
type anchor struct {
	off int64
	dy  int32
}

// row is a segment in the sheet.
type row struct {
	shown
	l *text.Layout
	x int32 // of the layout's corner
	y int32
}

func (v *view) lineHeight() int32 { return v.style.Height().Int() }

// memo is the rows that were laid out of one text in one look: a frame needs each
// several times.
type memo struct {
	text  buffer.Text
	looks looks
	inks  inks
	pre   string
	at    int64
	fonts uint64 // their generation
	rows  map[int64]row
}

// maxMemo bounds the rows of a memo.
const maxMemo = 512

// row lays out a segment.
func (v *view) row(seg segment) row {
	pre, at := v.composing()
	m := &v.memo
	if m.rows == nil || len(m.rows) > maxMemo || !m.text.Same(v.text()) || m.looks != v.looks || m.inks != v.inks || m.pre != pre || m.at != at || m.fonts != v.fonts.Generation() {
		if m.rows == nil {
			m.rows = map[int64]row{}
		}
		clear(m.rows)
		m.text, m.looks, m.inks, m.pre, m.at, m.fonts = v.text(), v.looks, v.inks, pre, at, v.fonts.Generation()
	}
	r, ok := m.rows[seg.start]
	if !ok || r.seg != seg {
		r = row{shown: show(v.text(), seg, v.tab, pre, at)}
		r.l = r.layout(v.fonts, v.looks, v.inks.control, v.inks.invalid)
		m.rows[seg.start] = r
	}
	if v.wrap == 0 {
		r.x = -v.x
		// A line that runs right to left begins on the right.
		if w := r.l.Advance().Ceil(); r.l.Lines()[0].RTL && w < v.size.W {
			r.x = v.size.W - w
		}
	}
	return r
}

func (r *row) height() int32 { return r.l.Height().Ceil() }

// rows calls fn for what is to be seen, from the top down.
func (v *view) rows(fn func(r *row) bool) {
	t := v.text()
	seg := segmentAt(t, v.top.off)
	for y := -v.top.dy; y < v.size.H; {
		r := v.row(seg)
		r.y = y
		if !fn(&r) {
			return
		}
		y += r.height()
		next, ok := seg.after(t)
		if !ok {
			return
		}
		seg = next
	}
}

// scroll moves the sheet by pixels, as far as there is text, and reports whether
// it moved.
func (v *view) scroll(d int32) bool {
	before := v.top
	t := v.text()
	seg := segmentAt(t, v.top.off)
	dy := v.top.dy + d
	for dy < 0 {
		prev, ok := seg.before(t)
		if !ok {
			dy = 0
			break
		}
		seg = prev
		r := v.row(seg)
		dy += r.height()
	}
	for dy > 0 {
		r := v.row(seg)
		h := r.height()
		next, ok := seg.after(t)
		if dy < h || !ok {
			dy = min(dy, h)
			break
		}
		dy -= h
		seg = next
	}
	v.top = anchor{seg.start, dy}
	if d >= 0 {
		v.settle()
	}
	return v.top != before
}

// settle moves the sheet back where it shows room below the end of the text.
func (v *view) settle() {
	t := v.text()
	bottom := int32(0)
	ended := false
	seg := segmentAt(t, v.top.off)
	v.top.off = seg.start
	for y := -v.top.dy; ; {
		r := v.row(seg)
		y += r.height()
		bottom = y
		if y >= v.size.H {
			break
		}
		next, ok := seg.after(t)
		if !ok {
			ended = true
			break
		}
		seg = next
	}
	if ended && bottom < v.size.H {
		v.scroll(bottom - v.size.H)
	}
	if r := v.row(segmentAt(t, v.top.off)); v.top.dy >= r.height() {
		v.top.dy = max(r.height()-1, 0)
	}
}

// caret returns where an offset stands: its row, and the box in the sheet.
func (v *view) caret(off int64, upstream bool) (row, geom.FixedRect) {
	r := v.row(segmentAt(v.text(), off))
	at := r.toShown(off)
	if pre := v.pre; pre.Text != "" && r.pre[1] > r.pre[0] && off == v.sel.Caret {
		at = r.pre[0] + max(pre.Start, 0)
	}
	return r, r.l.Caret(at, upstream)
}

// follow scrolls so that the caret can be seen: to the middle if it is far away.
func (v *view) follow() {
	if v.size.Empty() {
		return
	}
	r, box := v.caret(v.sel.Caret, v.upstream)
	lo, hi := box.Y0.Int(), box.Y1.Ceil()
	y, seen := int32(0), false
	v.rows(func(q *row) bool {
		if q.seg.start == r.seg.start {
			y, seen = q.y, true
		}
		return !seen
	})
	switch {
	case seen && y+lo >= 0 && y+hi <= v.size.H:
	case seen && y+lo < 0:
		v.scroll(y + lo)
	case seen:
		v.scroll(y + hi - v.size.H)
	default:
		near := r.seg.line - v.text().LineOf(v.top.off)
		page := int64(v.size.H/max(v.lineHeight(), 1)) + 2
		v.top = anchor{r.seg.start, 0}
		switch {
		case near < 0 && near >= -page:
			v.scroll(lo)
		case near >= 0 && near <= 2*page:
			v.scroll(hi - v.size.H)
		default:
			v.scroll(lo - v.size.H/2)
		}
		v.settle()
	}
	if v.wrap != 0 {
		v.x = 0
		return
	}
	if r.l.Advance().Ceil() >= v.size.W || !r.l.Lines()[0].RTL {
		x := box.X0.Int()
		const room = 24
		if x-v.x > v.size.W-room {
			v.x = x - v.size.W + room
		}
		if x-v.x < 0 {
			v.x = max(x-room, 0)
		}
		v.wide = max(v.wide, x+room)
	}
}

// hit returns the offset nearest to a point, and whether the caret there belongs
// to what is before it.
func (v *view) hit(p geom.Point) (off int64, upstream bool) {
	var at *row
	v.rows(func(r *row) bool {
		at = r
		return p.Y >= r.y+r.height()
	})
	if at == nil {
		return 0, false
	}
	i, before := at.l.Hit(geom.FixedPt(p.X-at.x, p.Y-at.y))
	return at.toRaw(i), before
}

// share returns where the sheet is in the text, and how much of it is seen, both
// of 1. Lines count, or bytes where lines are long.
func (v *view) share() (at, part float64) {
	t := v.text()
	rows := float64(v.size.H) / float64(max(v.lineHeight(), 1))
	if byBytes(t) {
		per := float64(max(v.size.W, 8)) / 8
		return float64(v.top.off) / float64(t.Len()), min(rows*per/float64(t.Len()), 1)
	}
	seg := segmentAt(t, v.top.off)
	inside := float64(seg.start-seg.from) / float64(seg.end-seg.from+1)
	return (float64(seg.line) + inside) / float64(t.Lines()), min(rows/float64(t.Lines()), 1)
}

func byBytes(t buffer.Text) bool { return t.Len()/t.Lines() > 500 }

// jump scrolls to a share of the text.
func (v *view) jump(at float64) {
	t := v.text()
	at = min(max(at, 0), 1)
	if byBytes(t) {
		v.top = anchor{segmentAt(t, int64(at*float64(t.Len()))).start, 0}
	} else {
		line := at * float64(t.Lines())
		v.top = anchor{t.Line(int64(line)), int32((line - float64(int64(line))) * float64(v.lineHeight()))}
	}
	v.settle()
}
