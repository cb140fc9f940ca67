package text

import (
	"sort"
	"strings"

	"rayos/geom"
)

// Motion is a way that the caret goes.
type Motion uint8

// Motions in the order of the text.
const (
	Backward Motion = iota // to the cluster before
	Forward
	WordBackward // to the start of a word
	WordForward  // to the end of a word
	LineStart    // of the hard line
	LineEnd
	TextStart
	TextEnd
)

// Move moves the caret. With extend the anchor stays; without, a selection
// collapses first: to its start or end for Backward and Forward.
func (e *Editor) Move(m Motion, extend bool) {
	e.history.seal()
	start, end := e.Selection()
	to := e.target(m)
	if !extend && start != end {
		switch m {
		case Backward:
			to = start
		case Forward:
			to = end
		}
	}
	e.moveTo(to, extend)
}

func (e *Editor) moveTo(to int, extend bool) {
	anchor := to
	if extend {
		anchor = e.anchor
	}
	e.setSelection(anchor, to)
}

// target returns where a motion leads.
func (e *Editor) target(m Motion) int {
	at := e.caret
	switch m {
	case Backward:
		return e.before(at)
	case Forward:
		return e.after(at)
	case WordBackward:
		return e.wordBefore(at)
	case WordForward:
		return e.wordAfter(at)
	case LineStart:
		start, _ := e.hardLine(at)
		return start
	case LineEnd:
		_, end := e.hardLine(at)
		return end
	case TextStart:
		return 0
	}
	return len(e.text)
}

// hardLine returns the line feeds around an offset: where the line starts and
// where it ends.
func (e *Editor) hardLine(at int) (start, end int) {
	start = strings.LastIndexByte(e.text[:at], '\n') + 1
	end = len(e.text)
	if i := strings.IndexByte(e.text[at:], '\n'); i >= 0 {
		end = at + i
	}
	return start, end
}

// bounds returns the boundaries within the hard line from start to end,
// relative to its start.
func (e *Editor) bounds(start, end int) *lineBounds {
	b, s := &e.line, e.text[start:end]
	if b.valid && b.text == s {
		return b
	}
	b.text, b.valid = s, true
	b.clusters, b.words = b.clusters[:0], b.words[:0]
	if err := e.seg.InitWithString(s); err != nil {
		// Text is kept valid; were it not, every byte would be a cluster.
		for i := range len(s) + 1 {
			b.clusters = append(b.clusters, i)
		}
		return b
	}
	for it := e.seg.GraphemeIterator(); it.Next(); {
		b.clusters = append(b.clusters, it.Grapheme().OffsetInBytes)
	}
	b.clusters = append(b.clusters, len(s))
	for it := e.seg.WordIterator(); it.Next(); {
		w := it.Word()
		b.words = append(b.words, span{w.OffsetInBytes, w.OffsetInBytes + w.LengthInBytes})
	}
	return b
}

// clamp returns an offset inside of the text.
func (e *Editor) clamp(at int) int { return min(max(at, 0), len(e.text)) }

// snapBack returns the cluster boundary at or before an offset.
func (e *Editor) snapBack(at int) int {
	at = e.clamp(at)
	start, end := e.hardLine(at)
	c := e.bounds(start, end).clusters
	return start + c[sort.SearchInts(c, at-start+1)-1]
}

// snapForward returns the cluster boundary at or after an offset.
func (e *Editor) snapForward(at int) int {
	at = e.clamp(at)
	start, end := e.hardLine(at)
	c := e.bounds(start, end).clusters
	return start + c[sort.SearchInts(c, at-start)]
}

// before returns the cluster boundary before a boundary.
func (e *Editor) before(at int) int {
	if at == 0 {
		return 0
	}
	return e.snapBack(at - 1)
}

// after returns the cluster boundary after a boundary.
func (e *Editor) after(at int) int {
	if at == len(e.text) {
		return at
	}
	if e.text[at] == '\n' {
		return at + 1
	}
	return e.snapForward(at + 1)
}

func (e *Editor) wordBefore(at int) int {
	if e.Password {
		return 0
	}
	for {
		start, end := e.hardLine(at)
		words := e.bounds(start, end).words
		for i := len(words) - 1; i >= 0; i-- {
			if start+words[i].start < at {
				return start + words[i].start
			}
		}
		if start == 0 || start < at {
			return start
		}
		at = start - 1
	}
}

func (e *Editor) wordAfter(at int) int {
	if e.Password {
		return len(e.text)
	}
	for {
		start, end := e.hardLine(at)
		for _, w := range e.bounds(start, end).words {
			if start+w.end > at {
				return start + w.end
			}
		}
		if end == len(e.text) || at < end {
			return end
		}
		at = end + 1
	}
}

// WordAt returns the word that an offset lies in or ends at; if there is none,
// the cluster at the offset.
func (e *Editor) WordAt(at int) (start, end int) {
	at = e.snapBack(at)
	if e.Password {
		return 0, len(e.text)
	}
	lo, hi := e.hardLine(at)
	words := e.bounds(lo, hi).words
	for _, w := range words {
		if lo+w.start <= at && at < lo+w.end {
			return lo + w.start, lo + w.end
		}
	}
	for _, w := range words {
		if lo+w.end == at {
			return lo + w.start, lo + w.end
		}
	}
	return at, e.snapForward(min(at+1, hi))
}

// Place moves the caret to where a layout of Display was hit.
func (e *Editor) Place(l *Layout, p geom.FixedPoint, extend bool) {
	e.history.seal()
	at, upstream := l.Hit(p)
	e.moveTo(e.snapBack(e.FromDisplay(at)), extend)
	e.upstream = upstream
}

// MoveLines moves the caret n lines down in a layout of Display, or up if n is
// negative, keeping its column as well as the lines allow. Beyond the first
// and the last line it goes to the text's ends.
func (e *Editor) MoveLines(l *Layout, n int, extend bool) {
	e.history.seal()
	box := l.Caret(e.ToDisplay(e.caret), e.upstream)
	goal := box.X0
	if e.hasGoal {
		goal = geom.Fixed(e.goal)
	}
	line := l.lineAt(box.Y0) + n
	switch {
	case line < 0:
		e.moveTo(0, extend)
	case line >= len(l.lines):
		e.moveTo(len(e.text), extend)
	default:
		at, upstream := l.Hit(geom.FixedPoint{X: goal, Y: l.lines[line].Top})
		e.moveTo(e.snapBack(e.FromDisplay(at)), extend)
		e.upstream = upstream
	}
	e.goal, e.hasGoal = int32(goal), true
}

// MoveAcross moves the caret to the cluster on its right in a layout of
// Display, or on its left, whatever the direction of the text there.
func (e *Editor) MoveAcross(l *Layout, right, extend bool) {
	start, end := e.Selection()
	rtl := l.rtlAt(e.ToDisplay(e.caret))
	m := Backward
	if right != rtl {
		m = Forward
	}
	if !extend && start != end {
		// Which end of a selection lies on the right is a matter of its boxes.
		lo, hi := l.Caret(e.ToDisplay(start), false), l.Caret(e.ToDisplay(end), true)
		to := start
		if (hi.X0 > lo.X0) == right {
			to = end
		}
		e.history.seal()
		e.moveTo(to, false)
		return
	}
	e.Move(m, extend)
}

// MoveToEdge moves the caret to the start or end of its line in a layout of
// Display.
func (e *Editor) MoveToEdge(l *Layout, end, extend bool) {
	e.history.seal()
	ln := &l.lines[l.lineOf(e.ToDisplay(e.caret), e.upstream)]
	to := ln.Start
	if end {
		to = ln.End
	}
	e.moveTo(e.snapBack(e.FromDisplay(to)), extend)
	e.upstream = end
}

// rtlAt reports whether the text at a caret runs right to left.
func (l *Layout) rtlAt(at int) bool {
	ln := &l.lines[l.lineOf(at, false)]
	for i := range ln.stops {
		if s := &ln.stops[i]; int(s.start) <= at && at < int(s.end) {
			return s.rtl
		}
	}
	return ln.RTL
}
