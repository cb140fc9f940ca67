package editor

import (
	"time"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/editor/buffer"
	"rayos/rayapps/text"
	"rayos/rayapps/ui"
)

// view is a text under the person's hands: what is selected and what is seen.
type view struct {
	buf      *buffer.Buffer
	sel      buffer.Selection
	upstream bool       // the caret belongs to what is before it, where a line wraps
	goal     geom.Fixed // where the caret wants to be across, while it goes up and down
	aims     bool       // it does
	pre      ui.Preedit
	eol      string // that Enter makes
	spaces   bool   // Tab makes spaces
	fixed    bool   // can't be edited now

	// What is seen: see sheet.go.
	looks
	fonts *text.Fonts
	inks  inks
	size  geom.Size // of the place for text
	top   anchor
	x     int32 // scrolled to the side
	wide  int32 // of the widest line that was seen
	rest  float64
	memo  memo

	el      *ui.Element // that shows it
	place   geom.Rect   // of the text in the element
	numbers bool
	moved   time.Duration // when the caret last did
	found   found
	hand    hand
	scratch text.Editor
	changed func() // text or selection are other ones
	zoom    func(d int)
}

// inks are the colours of what stands for what can't be seen.
type inks struct{ control, invalid render.Color }

func (v *view) text() buffer.Text { return v.buf.Text() }

// composing returns the preedit and where it stands.
func (v *view) composing() (string, int64) {
	if v.pre.Text == "" {
		return "", -1
	}
	return v.pre.Text, v.sel.Caret
}

// span returns the ends of the selection in the order of the text.
func (v *view) span() (start, end int64) {
	return min(v.sel.Anchor, v.sel.Caret), max(v.sel.Anchor, v.sel.Caret)
}

func (v *view) selected() bool { return v.sel.Anchor != v.sel.Caret }

// choose makes something the selection and shows the caret.
func (v *view) choose(anchor, caret int64) {
	v.pick(anchor, caret)
	v.aims, v.upstream = false, false
	v.follow()
}

// pick is choose that doesn't scroll.
func (v *view) pick(anchor, caret int64) {
	n := v.text().Len()
	v.sel = buffer.Selection{Anchor: min(max(anchor, 0), n), Caret: min(max(caret, 0), n)}
	v.touched()
}

// touched tells that text or selection are other ones.
func (v *view) touched() {
	if v.el != nil {
		v.moved = v.el.Root().Now()
		v.el.Repaint()
	}
	if v.changed != nil {
		v.changed()
	}
}

// move moves the caret to an offset; with extend the anchor stays.
func (v *view) move(to int64, extend bool) {
	v.buf.Seal()
	anchor := to
	if extend {
		anchor = v.sel.Anchor
	}
	v.choose(anchor, to)
}

// within runs fn with an editor of a row's text whose caret stands at an offset
// in it, and returns where in the text that led.
func (v *view) within(r *row, at int, fn func(ed *text.Editor)) int64 {
	ed := &v.scratch
	ed.Multiline = true
	ed.SetText(r.text)
	if ed.Text() != r.text {
		return r.toRaw(at) // it has something that a field would not take
	}
	ed.Select(at, at)
	fn(ed)
	to := ed.Caret()
	if to == at {
		return r.toRaw(at)
	}
	return r.snap(to, to > at)
}

// step returns where a motion in the order of the text leads.
func (v *view) step(off int64, m text.Motion) int64 {
	r := v.row(segmentAt(v.text(), off))
	to := v.within(&r, r.toShown(off), func(ed *text.Editor) { ed.Move(m, false) })
	if to != off {
		return to
	}
	return v.beyond(r.seg, m == text.Forward || m == text.WordForward, m)
}

// beyond returns where a motion leads that the end of a segment has stopped.
func (v *view) beyond(seg segment, forward bool, m text.Motion) int64 {
	t := v.text()
	switch {
	case forward && seg.line+1 < t.Lines():
		return seg.next
	case forward:
		return seg.fin
	case !seg.first():
		prev, _ := seg.before(t)
		r := v.row(prev)
		return v.within(&r, len(r.text), func(ed *text.Editor) { ed.Move(m, false) })
	}
	if prev, ok := seg.before(t); ok {
		return prev.fin
	}
	return seg.start
}

// across moves the caret to what is on its right, or left, as it is seen.
func (v *view) across(right, extend bool) {
	start, end := v.span()
	if !extend && start != end {
		if right {
			v.move(end, false)
		} else {
			v.move(start, false)
		}
		return
	}
	r := v.row(segmentAt(v.text(), v.sel.Caret))
	to := v.within(&r, r.toShown(v.sel.Caret), func(ed *text.Editor) { ed.MoveAcross(r.l, right, false) })
	if to == v.sel.Caret {
		forward, m := right != r.l.Lines()[0].RTL, text.Backward
		if forward {
			m = text.Forward
		}
		to = v.beyond(r.seg, forward, m)
	}
	v.move(to, extend)
}

// vertical moves the caret n lines down as they are seen, or up, keeping its
// column as well as they allow.
func (v *view) vertical(n int, extend bool) {
	t := v.text()
	r, box := v.caret(v.sel.Caret, v.upstream)
	goal := v.goal
	if !v.aims {
		goal = box.X0 + geom.FixedFromInt(r.x)
	}
	y := (box.Y0+box.Y1)/2 + geom.FixedFromInt(int32(n)*v.lineHeight())
	to, ended := int64(-1), false
	for y < 0 && !ended {
		prev, ok := r.seg.before(t)
		if ended = !ok; ok {
			r = v.row(prev)
			y += r.l.Height()
		}
	}
	if ended {
		to = 0
	}
	for y >= r.l.Height() && !ended {
		next, ok := r.seg.after(t)
		if ended = !ok; ok {
			y -= r.l.Height()
			r = v.row(next)
		} else {
			to = t.Len()
		}
	}
	before := false
	if to < 0 {
		var i int
		i, before = r.l.Hit(geom.FixedPoint{X: goal - geom.FixedFromInt(r.x), Y: y})
		to = r.toRaw(i)
	}
	v.move(to, extend)
	v.goal, v.aims, v.upstream = goal, true, before
	v.follow()
}

// edge moves the caret to the start or end of its line as it is seen. The start
// is that of the text in it first, then that of the line.
func (v *view) edge(end, extend bool) {
	r := v.row(segmentAt(v.text(), v.sel.Caret))
	upstream := false
	to := v.within(&r, r.toShown(v.sel.Caret), func(ed *text.Editor) {
		ed.MoveToEdge(r.l, end, false)
		upstream = ed.Upstream()
	})
	if !end && to == r.seg.from {
		if i := r.seg.from + int64(len(v.indent(r.seg))); v.sel.Caret != i {
			to = i
		}
	}
	v.move(to, extend)
	v.upstream = upstream && end
	v.follow()
}

// indent returns the white space that a line begins with.
func (v *view) indent(s segment) []byte {
	b := v.text().Slice(s.from, min(s.from+maxSegment, s.end))
	n := 0
	for n < len(b) && (b[n] == ' ' || b[n] == '\t') {
		n++
	}
	return b[:n]
}

// word returns the word at an offset.
func (v *view) word(off int64) (start, end int64) {
	r := v.row(segmentAt(v.text(), off))
	v.within(&r, r.toShown(off), func(ed *text.Editor) {
		a, b := ed.WordAt(ed.Caret())
		start, end = r.snap(a, false), r.snap(b, true)
	})
	return max(start, r.seg.start), max(end, r.seg.start)
}

// chooseLines selects the lines from one offset to another.
func (v *view) chooseLines(from, to int64) {
	t := v.text()
	a, _, _ := t.Bounds(t.LineOf(min(from, to)))
	_, _, b := t.Bounds(t.LineOf(max(from, to)))
	if to < from {
		a, b = b, a
	}
	v.sel = buffer.Selection{Anchor: a, Caret: b}
	v.touched()
}
