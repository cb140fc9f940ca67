package editor

import (
	"bytes"
	"strings"

	"rayos/rayapps/editor/buffer"
	"rayos/rayapps/text"
)

// insert puts bytes in the place of the selection.
func (v *view) insert(with []byte, k buffer.Kind) {
	start, end := v.span()
	v.replace(start, end-start, with, k)
}

// replace puts bytes in the place of n at an offset, and the caret behind them.
func (v *view) replace(at, n int64, with []byte, k buffer.Kind) {
	if v.fixed {
		return
	}
	v.pre.Text = ""
	v.buf.Replace(at, n, with, v.sel, k)
	to := at + int64(len(with))
	v.choose(to, to)
}

// typed inserts what a key or an input method makes.
func (v *view) typed(s string) { v.insert([]byte(s), buffer.Typing) }

// pasted inserts text of others, with the ends of lines that the text has.
func (v *view) pasted(s string) {
	s = strings.ReplaceAll(s, "\r\n", "\n")
	if v.eol != "\n" {
		s = strings.ReplaceAll(s, "\n", v.eol)
	}
	v.insert([]byte(s), buffer.Other)
}

// breakLine begins a line, as far in as the one before.
func (v *view) breakLine() {
	start, _ := v.span()
	seg := segmentAt(v.text(), start)
	in := v.indent(seg)
	in = in[:min(int64(len(in)), start-seg.from)]
	v.insert(append([]byte(v.eol), in...), buffer.Typing)
}

// erase removes the selection or, if there is none, what a motion passes.
func (v *view) erase(m text.Motion) {
	if v.fixed {
		return
	}
	start, end := v.span()
	if start == end {
		to := v.step(v.sel.Caret, m)
		if m == text.Backward {
			to = v.backTab(to)
		}
		start, end = min(to, v.sel.Caret), max(to, v.sel.Caret)
	}
	if start == end {
		return
	}
	v.pre.Text = ""
	v.buf.Replace(start, end-start, nil, v.sel, buffer.Erasing)
	v.choose(start, start)
}

// backTab returns where Backspace leads: back to a tab stop where spaces make up
// the indent.
func (v *view) backTab(to int64) int64 {
	seg := segmentAt(v.text(), v.sel.Caret)
	n := v.sel.Caret - seg.from
	if !v.spaces || n == 0 || n > int64(len(v.indent(seg))) {
		return to
	}
	in := v.indent(seg)[:n]
	back := (len(in)-1)%v.tab + 1
	if bytes.Count(in[len(in)-back:], []byte(" ")) < back {
		return to
	}
	return v.sel.Caret - int64(back)
}

// tabbed does what Tab does: go to the next tab stop, or move lines in.
func (v *view) tabbed() {
	t := v.text()
	start, end := v.span()
	if t.LineOf(start) != t.LineOf(end) {
		v.shift(true)
		return
	}
	if !v.spaces {
		v.typed("\t")
		return
	}
	r := v.row(segmentAt(t, start))
	column := 0
	for _, c := range r.text[:r.toShown(start)] {
		column += columns(c)
	}
	v.typed(strings.Repeat(" ", v.tab-column%v.tab))
}

// shift moves the lines of the selection in or out by a tab stop.
func (v *view) shift(in bool) {
	if v.fixed {
		return
	}
	t, sel := v.text(), v.sel
	start, end := v.span()
	first, last := t.LineOf(start), t.LineOf(end)
	if last > first && t.Line(last) == end {
		last-- // nothing of it is selected
	}
	unit := []byte("\t")
	if v.spaces {
		unit = bytes.Repeat([]byte(" "), v.tab)
	}
	cost := int64(0)
	shifted := func(off, at, d int64) int64 {
		if off > at {
			return max(off+d, at)
		}
		return off
	}
	// From the last line on, so that what is before stays where it is.
	for n := last; n >= first; n-- {
		from, fin, _ := t.Bounds(n)
		var d int64
		if in {
			if from == fin {
				continue
			}
			d = int64(len(unit))
			t = t.Replace(from, 0, unit)
		} else if d = -outdent(t.Slice(from, min(from+int64(v.tab), fin)), v.tab); d < 0 {
			t = t.Replace(from, -d, nil)
		}
		at := from
		if in && (sel.Anchor != sel.Caret) {
			at-- // what begins with the line moves with it
			if from == start {
				at = from
			}
		}
		sel.Anchor, sel.Caret = shifted(sel.Anchor, at, d), shifted(sel.Caret, at, d)
		cost += 512
	}
	v.buf.Set(t, v.sel, cost)
	v.choose(sel.Anchor, sel.Caret)
}

// outdent returns how many bytes of white space are one tab stop.
func outdent(b []byte, tab int) int64 {
	for i, c := range b {
		switch {
		case c == '\t':
			return int64(i + 1)
		case c != ' ' || i == tab:
			return int64(i)
		}
	}
	return int64(len(b))
}

// carry moves the lines of the selection up or down by one.
func (v *view) carry(down bool) {
	if v.fixed {
		return
	}
	t := v.text()
	start, end := v.span()
	first, last := t.LineOf(start), t.LineOf(end)
	if last > first && t.Line(last) == end {
		last--
	}
	if down && last+1 >= t.Lines() || !down && first == 0 {
		return
	}
	// The line beside them goes to their other side.
	var line []byte
	var d int64
	if down {
		from, fin, _ := t.Bounds(last + 1)
		_, before, _ := t.Bounds(last)
		brk := t.Slice(before, from)
		line = append(t.Slice(from, fin), brk...)
		t = t.Replace(before, fin-before, nil).Replace(t.Line(first), 0, line)
		d = int64(len(line))
	} else {
		from, fin, next := t.Bounds(first - 1)
		line = append(t.Slice(fin, next), t.Slice(from, fin)...)
		_, to, _ := t.Bounds(last)
		t = t.Replace(to, 0, line).Replace(from, next-from, nil)
		d = from - next
	}
	v.buf.Set(t, v.sel, int64(len(line))+512)
	v.choose(v.sel.Anchor+d, v.sel.Caret+d)
}

// back takes the last step back, and forth repeats it.
func (v *view) back() { v.restore(v.buf.Undo) }

func (v *view) forth() { v.restore(v.buf.Redo) }

func (v *view) restore(fn func(buffer.Selection) (buffer.Selection, bool)) {
	if v.fixed {
		return
	}
	v.pre.Text = ""
	if sel, ok := fn(v.sel); ok {
		v.choose(sel.Anchor, sel.Caret)
	}
}

// maxCopy bounds what is copied at once, in bytes.
const maxCopy = 64 << 20

// copied returns what is selected, and whether it isn't too much to copy.
func (v *view) copied() (string, bool) {
	start, end := v.span()
	if end-start > maxCopy {
		return "", false
	}
	return string(v.text().Slice(start, end)), true
}
