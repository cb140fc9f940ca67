package text

import (
	"strings"
	"unicode/utf8"
)

// Preedit is what an input method is composing: shown at the caret, not part of
// the text.
type Preedit struct {
	Text string
	// Begin and End are the caret or the marked part, in bytes of Text; both
	// are -1 when no caret is to be seen.
	Begin, End int
}

// maxPreedit bounds a preedit, in bytes.
const maxPreedit = 4 << 10

// SetPreedit replaces the preedit; the zero one ends it. Selected text gives
// way to it. An input method commits by ending the preedit and Insert.
func (e *Editor) SetPreedit(p Preedit) {
	if e.ReadOnly {
		return
	}
	single := Editor{}
	p.Text = single.clean(p.Text, maxPreedit)
	inside := func(at int) int {
		at = min(at, len(p.Text))
		for at > 0 && at < len(p.Text) && !utf8.RuneStart(p.Text[at]) {
			at--
		}
		return max(at, -1)
	}
	p.Begin, p.End = inside(p.Begin), inside(p.End)
	if start, end := e.Selection(); p.Text != "" && start != end {
		e.replace(start, end, "", cutting)
	}
	if p != e.preedit {
		e.preedit = p
		e.revision++
	}
}

// Preedit returns what is being composed.
func (e *Editor) Preedit() Preedit { return e.preedit }

// dot stands for a cluster of a password.
const dot = "•"

// Display returns what is to be shown: the text, or dots, with the preedit at
// the caret.
func (e *Editor) Display() string {
	before, after := e.text[:e.caret], e.text[e.caret:]
	if e.Password {
		before, after = strings.Repeat(dot, e.count(0, e.caret)), strings.Repeat(dot, e.count(e.caret, len(e.text)))
	}
	if e.preedit.Text == "" && !e.Password {
		return e.text
	}
	return before + e.preedit.Text + after
}

// PreeditSpan returns where the preedit stands in Display.
func (e *Editor) PreeditSpan() (start, end int) {
	start = e.masked(e.caret)
	return start, start + len(e.preedit.Text)
}

// DisplayCaret returns where the caret is drawn in Display, and whether it is.
func (e *Editor) DisplayCaret() (at int, visible bool) {
	at = e.masked(e.caret)
	if e.preedit.Text == "" {
		return at, true
	}
	return at + max(e.preedit.End, 0), e.preedit.End >= 0
}

// count returns how many clusters lie between two offsets.
func (e *Editor) count(from, to int) int {
	n := 0
	for at := from; at < to; n++ {
		at = e.after(at)
	}
	return n
}

// masked returns an offset in the text as one in what is shown without preedit.
func (e *Editor) masked(at int) int {
	if !e.Password {
		return at
	}
	return len(dot) * e.count(0, at)
}

// ToDisplay returns where an offset of the text stands in Display. The caret
// stands before the preedit.
func (e *Editor) ToDisplay(at int) int {
	at = e.clamp(at)
	out := e.masked(at)
	if at > e.caret {
		out += len(e.preedit.Text)
	}
	return out
}

// FromDisplay returns the offset in the text of one in Display. All of the
// preedit is the caret.
func (e *Editor) FromDisplay(at int) int {
	start, end := e.PreeditSpan()
	switch {
	case at >= end:
		at -= end - start
	case at > start:
		at = start
	}
	if !e.Password {
		return e.clamp(at)
	}
	out := 0
	for n := at / len(dot); n > 0 && out < len(e.text); n-- {
		out = e.after(out)
	}
	return out
}

// Surrounding returns the text around the selection for an input method, at
// most limit bytes, with caret and anchor in it. There is none of a password.
func (e *Editor) Surrounding(limit int) (s string, caret, anchor int) {
	if e.Password || limit <= 0 {
		return "", 0, 0
	}
	start, end := e.Selection()
	if end-start > limit {
		start, end = e.caret, e.caret
	}
	room := (limit - (end - start)) / 2
	lo := e.snapForward(max(start-room, 0))
	hi := e.snapBack(min(end+room, len(e.text)))
	lo, hi = min(lo, start), max(hi, end)
	in := func(at int) int { return min(max(at, lo), hi) - lo }
	return e.text[lo:hi], in(e.caret), in(e.anchor)
}
