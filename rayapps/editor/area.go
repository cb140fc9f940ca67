package editor

import (
	"strconv"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/editor/buffer"
	"rayos/rayapps/lang"
	"rayos/rayapps/text"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
)

// area is the widget that shows a view.
type area struct {
	v    *view
	name string
}

// found is the matches that are to be seen.
type found struct {
	pattern  *buffer.Pattern // nil for none
	of       *buffer.Pattern // that the list is of
	text     buffer.Text
	from, to int64
	list     []buffer.Match
}

const (
	barWidth = 12 // of the strip that takes the pointer
	minThumb = 24
	padding  = theme.Space2
)

// Layout implements ui.Node.
func (a area) Layout(e *ui.Element, c ui.Constraints) geom.Size {
	v := a.v
	v.el = e
	e.Clip()
	size := geom.Size{W: min(c.MaxW, 1<<14), H: min(c.MaxH, 1<<14)}
	v.fonts = e.Fonts()
	gutter := int32(padding)
	if v.numbers {
		digits := max(len(strconv.FormatInt(v.text().Lines(), 10)), 3)
		gutter = int32(digits)*v.digit() + 2*theme.Space3
	}
	place := geom.Rect{X0: gutter, Y0: theme.Space1, X1: max(size.W-barWidth-1, gutter+1), Y1: max(size.H, theme.Space1+1)}
	if e.RTL() {
		place.X0, place.X1 = size.W-place.X1, size.W-place.X0
	}
	before := v.size
	box, seen := geom.Rect{}, false
	if !before.Empty() && before != place.Size() {
		box, seen = v.caretBox()
		seen = seen && box.Y1 <= v.place.Y1
	}
	v.place, v.size = place, place.Size()
	if v.wrap != 0 {
		v.wrap, v.x = max(v.size.W, 40), 0
	}
	if before != v.size {
		v.settle()
		if before.Empty() || seen {
			v.follow()
		}
	}
	return size
}

// digit returns the width of a digit.
func (v *view) digit() int32 {
	p := text.Paragraph{Text: "0000000000", Style: v.style}
	return (v.fonts.Layout(&p).Advance()/10 + 1).Ceil()
}

// Focus implements ui.Focuser.
func (area) Focus(*ui.Element) ui.FocusPolicy { return ui.TabStop }

// FocusChanged implements ui.FocusWatcher.
func (a area) FocusChanged(e *ui.Element, has bool) {
	a.v.moved = e.Root().Now()
	if !has {
		a.v.pre = ui.Preedit{}
		a.v.buf.Seal()
	}
	e.Repaint()
}

// Cursor implements ui.Pointed.
func (a area) Cursor(e *ui.Element, pos geom.Point) ui.Cursor {
	if pos.In(a.v.place) && !pos.In(a.bar(e)) {
		return ui.CursorText
	}
	return ui.CursorDefault
}

// Paint implements ui.Node.
func (a area) Paint(e *ui.Element, p *ui.Painter) {
	v, th := a.v, e.Theme()
	v.fonts, v.inks = e.Fonts(), inks{th.Text3, th.Bad}
	b := p.Builder()
	b.PushClip(e.Box().Fixed())
	defer b.Pop()
	var rows []row
	v.rows(func(r *row) bool {
		rows = append(rows, *r)
		return true
	})
	caret := segmentAt(v.text(), v.sel.Caret)
	matches := v.matches(rows)
	fill := th.Selection()
	if !e.Active() {
		fill = theme.Fade(th.Text1, 30)
	}
	start, end := v.span()
	for i := range rows {
		r := &rows[i]
		y, h := v.place.Y0+r.y, r.height()
		here := r.seg.line == caret.line
		if here && e.Focused() && start == end {
			p.Fill(geom.XYWH(0, y, e.Size().W, h), theme.Fade(th.Text1, 12))
		}
		if v.numbers && r.seg.first() {
			a.number(e, p, r, y, here)
		}
	}
	clip := v.place
	clip.X0, clip.X1 = clip.X0-1, clip.X1+1
	b.PushClip(clip.Fixed())
	at := v.place.Min()
	for i := range rows {
		r := &rows[i]
		o := geom.FixedPt(at.X+r.x, at.Y+r.y)
		for _, m := range matches {
			v.mark(b.Fill, r, m.Start, m.End, o, theme.Fade(th.Warn, 90), false)
		}
		if start != end {
			v.mark(b.Fill, r, start, end, o, fill, true)
		}
		p.Text(r.l, at.X+r.x, at.Y+r.y, th.Text1)
		v.wide = max(v.wide, r.l.Advance().Ceil())
		if r.pre[1] > r.pre[0] {
			v.underline(b.Fill, r, o, th.Accent)
		}
	}
	b.Pop()
	a.caret(e, p)
	a.paintBar(e, p)
}

// number draws the number of a line in the margin.
func (a area) number(e *ui.Element, p *ui.Painter, r *row, y int32, here bool) {
	th := e.Theme()
	ink := th.Text3
	if here {
		ink = th.Text1
	}
	l := e.Fonts().Layout(&text.Paragraph{Text: strconv.FormatInt(r.seg.line+1, 10), Style: a.v.style, Dir: text.LTR})
	x := a.v.place.X0 - theme.Space3 - l.Advance().Ceil()
	if e.RTL() {
		x = a.v.place.X1 + theme.Space3
	}
	p.Text(l, x, y, ink)
}

// mark fills what a row shows of a stretch of text; with ends, the end of a line
// that is in it too.
func (v *view) mark(fill func(geom.FixedRect, render.Color), r *row, from, to int64, o geom.FixedPoint, c render.Color, ends bool) {
	if to < r.seg.start || from > r.seg.fin {
		return
	}
	var boxes [16]geom.FixedRect
	for _, box := range r.l.Selection(r.toShown(from), r.toShown(to), boxes[:0]) {
		fill(box.Add(o), c)
	}
	if ends && r.seg.last() && from <= r.seg.fin && to > r.seg.fin {
		box := r.l.Caret(len(r.text), true)
		wide := v.style.Size / 2
		if lines := r.l.Lines(); lines[len(lines)-1].RTL {
			box.X0 -= wide
		} else {
			box.X1 += wide
		}
		fill(box.Add(o), c)
	}
}

// underline marks what is being composed.
func (v *view) underline(fill func(geom.FixedRect, render.Color), r *row, o geom.FixedPoint, c render.Color) {
	under := func(from, to int, width int32) {
		var boxes [16]geom.FixedRect
		for _, box := range r.l.Selection(from, to, boxes[:0]) {
			box.Y1 -= text.Px(1)
			box.Y0 = box.Y1 - text.Px(width)
			fill(box.Add(o), c)
		}
	}
	under(r.pre[0], r.pre[1], 1)
	if s, n := v.pre.Start, v.pre.End; s >= 0 && s < n && n <= len(v.pre.Text) {
		under(r.pre[0]+s, r.pre[0]+n, 2)
	}
}

// caretBox returns where the caret is in the element.
func (v *view) caretBox() (geom.Rect, bool) {
	r, box := v.caret(v.sel.Caret, v.upstream)
	y, seen := int32(0), false
	v.rows(func(q *row) bool {
		if q.seg.start == r.seg.start {
			y, seen = q.y, true
		}
		return !seen
	})
	at := v.place.Min()
	x := at.X + r.x + (box.X0 + 128).Int()
	return geom.Rect{X0: x, Y0: at.Y + y + box.Y0.Int(), X1: x + 1, Y1: at.Y + y + box.Y1.Ceil()}, seen
}

// caret draws the caret, which blinks for a while after each change.
func (a area) caret(e *ui.Element, p *ui.Painter) {
	v := a.v
	if !e.Active() || v.pre.Text != "" && v.pre.Start < 0 {
		return
	}
	now := e.Root().Now()
	if since := now - v.moved; !e.Theme().Still && since < theme.CaretStill {
		n := since / theme.CaretBlink
		e.Again(v.moved + (n+1)*theme.CaretBlink)
		if n%2 == 1 {
			return
		}
	}
	box, seen := v.caretBox()
	if !seen || box.X0 < v.place.X0-1 || box.X0 > v.place.X1 {
		return
	}
	box.Y0, box.Y1 = box.Y0+1, box.Y1-1
	box.X1++
	p.Fill(box, e.Theme().Accent)
}

// maxMarked bounds the matches that are shown at a time.
const maxMarked = 2000

// matches returns those that lie in rows.
func (v *view) matches(rows []row) []buffer.Match {
	f := &v.found
	if f.pattern == nil || len(rows) == 0 {
		return nil
	}
	from, to := rows[0].seg.start, rows[len(rows)-1].seg.fin
	if f.of != f.pattern || !f.text.Same(v.text()) || f.from != from || f.to != to {
		*f = found{pattern: f.pattern, of: f.pattern, text: v.text(), from: from, to: to}
		f.list = f.pattern.In(f.text, max(from-buffer.MaxQuery, 0), to+buffer.MaxQuery, maxMarked)
	}
	return f.list
}

// Describe implements ui.Describer. Of a large text what is around the caret is
// told.
func (a area) Describe(e *ui.Element, i *ui.Info) {
	v := a.v
	i.Role, i.Name = ui.RoleText, a.name
	i.Traits |= ui.IsMultiline
	if v.fixed {
		i.Traits |= ui.IsReadOnly
	} else {
		i.Can(ui.DoSetValue)
	}
	s, caret, anchor := v.around(32 << 10)
	i.Value, i.Caret, i.Anchor = s, caret, anchor
	line := v.text().LineOf(v.sel.Caret)
	i.Description = lang.F("Line {line} of {lines}", "line", lang.Number(int(line)+1), "lines", lang.Number(int(v.text().Lines())))
}

// Act implements ui.Actor.
func (a area) Act(_ *ui.Element, act ui.Action, value string) bool {
	if act != ui.DoSetValue || a.v.fixed || len(value) > maxCopy {
		return false
	}
	a.v.replace(0, a.v.text().Len(), []byte(value), buffer.Other)
	return true
}

// told asks for a new view after an event was handled.
func told(e *ui.Element) {
	e.Root().Invalidate()
	e.Repaint()
}
