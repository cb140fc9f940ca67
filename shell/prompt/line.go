package prompt

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"rayos/internal/glyph"
	"rayos/shell/control/grammar"
)

// Limits of a line: what the grammar reads and what can be drawn.
const (
	maxBytes = grammar.MaxLine
	maxRunes = glyph.MaxRunes
)

// Line is a line of text with a caret and a selection. The zero value is
// empty.
type Line struct {
	text   string
	caret  int // byte offset
	anchor int // the selection's other end; the caret where nothing is selected
}

// Step is a way through a line.
type Step uint8

// Steps.
const (
	CharLeft Step = iota
	CharRight
	WordLeft
	WordRight
	ToStart
	ToEnd
)

// Text returns the text.
func (l *Line) Text() string { return l.text }

// Caret returns the byte offset of the caret.
func (l *Line) Caret() int { return l.caret }

// Selection returns the byte offsets of what is selected; they are equal for
// nothing.
func (l *Line) Selection() (from, to int) {
	return min(l.caret, l.anchor), max(l.caret, l.anchor)
}

// Selected returns the text that is selected.
func (l *Line) Selected() string {
	from, to := l.Selection()
	return l.text[from:to]
}

// Set replaces all and puts the caret at the end.
func (l *Line) Set(text string) {
	*l = Line{}
	l.Insert(text)
}

// Insert puts text in the place of the selection: as much as the line has room
// for, with line ends and tabs as spaces and without what can't be seen.
func (l *Line) Insert(text string) {
	from, to := l.Selection()
	before, after := l.text[:from], l.text[to:]
	bytes := maxBytes - len(before) - len(after)
	runes := maxRunes - utf8.RuneCountInString(before) - utf8.RuneCountInString(after)
	var b strings.Builder
	for _, r := range text {
		if r = visible(r); r < 0 {
			continue
		}
		if runes--; runes < 0 || b.Len()+utf8.RuneLen(r) > bytes {
			break
		}
		b.WriteRune(r)
	}
	l.text = before + b.String() + after
	l.caret = boundaryAfter(l.text, from+b.Len())
	l.anchor = l.caret
}

// visible returns r as a line may have it, -1 for what it may not.
func visible(r rune) rune {
	switch {
	case unicode.IsSpace(r):
		return ' '
	case unicode.IsControl(r), glyph.Clean("x"+string(r)) == "x":
		return -1
	}
	return r
}

// Move moves the caret. With extend the selection goes along; without it, a
// step from a selection to the left or right ends at its edge.
func (l *Line) Move(s Step, extend bool) {
	from, to := l.Selection()
	switch {
	case extend || from == to:
		l.caret = l.at(s)
	case s == CharLeft:
		l.caret = from
	case s == CharRight:
		l.caret = to
	default:
		l.caret = l.at(s)
	}
	if !extend {
		l.anchor = l.caret
	}
}

// MoveTo puts the caret at the boundary nearest to a byte offset.
func (l *Line) MoveTo(offset int, extend bool) {
	l.caret = boundaryAfter(l.text, min(max(offset, 0), len(l.text)))
	if !extend {
		l.anchor = l.caret
	}
}

// SelectAll selects the whole line.
func (l *Line) SelectAll() { l.anchor, l.caret = 0, len(l.text) }

// SelectWord selects the word around a byte offset.
func (l *Line) SelectWord(offset int) {
	l.MoveTo(offset, false)
	if l.caret == len(l.text) || isSpaceAt(l.text, l.caret) {
		l.Move(WordLeft, false)
	} else {
		l.Move(CharRight, false)
		l.Move(WordLeft, false)
	}
	for l.caret < len(l.text) && !isSpaceAt(l.text, l.caret) {
		l.Move(CharRight, true)
	}
}

// Delete removes what is selected, or else from the caret to where a step
// leads.
func (l *Line) Delete(s Step) {
	if l.caret == l.anchor {
		l.caret = l.at(s)
	}
	l.Insert("")
}

// at returns where a step from the caret leads.
func (l *Line) at(s Step) int {
	p := l.caret
	switch s {
	case CharLeft:
		return previous(l.text, p)
	case CharRight:
		return next(l.text, p)
	case WordLeft:
		for p > 0 && isSpaceAt(l.text, previous(l.text, p)) {
			p = previous(l.text, p)
		}
		for p > 0 && !isSpaceAt(l.text, previous(l.text, p)) {
			p = previous(l.text, p)
		}
		return p
	case WordRight:
		for p < len(l.text) && !isSpaceAt(l.text, p) {
			p = next(l.text, p)
		}
		for p < len(l.text) && isSpaceAt(l.text, p) {
			p = next(l.text, p)
		}
		return p
	case ToStart:
		return 0
	}
	return len(l.text)
}

func isSpaceAt(s string, i int) bool { return s[i] == ' ' }

// next returns the boundary behind p.
func next(s string, p int) int {
	if p == len(s) {
		return p
	}
	_, n := utf8.DecodeRuneInString(s[p:])
	return boundaryAfter(s, p+n)
}

// previous returns the boundary before p.
func previous(s string, p int) int {
	for p > 0 {
		r, n := utf8.DecodeLastRuneInString(s[:p])
		p -= n
		if !extends(r) {
			break
		}
	}
	return p
}

// boundaryAfter returns p, or the nearest place behind it where a character
// begins that has its own room.
func boundaryAfter(s string, p int) int {
	for p < len(s) {
		r, n := utf8.DecodeRuneInString(s[p:])
		if utf8.RuneStart(s[p]) && !extends(r) {
			break
		}
		p += n
	}
	return p
}

// extends reports whether r is part of the character before it.
func extends(r rune) bool {
	return unicode.Is(unicode.M, r) || r >= 0x1f3fb && r <= 0x1f3ff // skin tones
}
