package ui

import (
	"strings"
	"unicode/utf8"

	"rayos/geom"
	"rayos/rayapps/text"
	"rayos/rayapps/ui/theme"
)

// How much of a text is looked at: what is beyond could not be read, and a
// hostile title must not cost more than an honest one.
const (
	maxLine  = 2 << 10  // bytes of what is shown on one line
	maxWords = 64 << 10 // bytes of what wraps
)

// tame returns s without the characters that turn the order of everything
// around them, and not longer than n bytes.
func tame(s string, n int) string {
	if len(s) > n {
		s = s[:n]
		for len(s) > 0 && !utf8.RuneStart(s[len(s)-1]) {
			s = s[:len(s)-1]
		}
		if r, size := utf8.DecodeLastRuneInString(s); r == utf8.RuneError && size == 1 {
			s = s[:len(s)-1]
		}
	}
	// U+202D and U+202E override; both are e2 80 ad/ae.
	if !strings.Contains(s, "\u202d") && !strings.Contains(s, "\u202e") {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r == 0x202d || r == 0x202e {
			return -1
		}
		return r
	}, s)
}

// style returns the text style of a size.
func style(size int32, w text.Weight) text.Style {
	if size <= 0 {
		size = theme.Body
	}
	return text.Style{Size: text.Px(size), Weight: w}
}

// edge returns the alignment of text in a view of e's direction.
func (e *Element) edge(a Align) text.Align {
	switch {
	case a == Centre:
		return text.Centre
	case (a == End) != e.RTL():
		return text.Right
	}
	return text.Left
}

// line1 lays out one line, cut with an ellipsis where it is wider than width; 0
// is any width.
func (e *Element) line1(s string, st text.Style, width int32) *text.Layout {
	s = oneLine(tame(s, maxLine))
	l := e.Fonts().Layout(&text.Paragraph{Text: s, Style: st})
	if width > 0 && ceil(l.Advance()) > width {
		l = e.Fonts().Layout(&text.Paragraph{Text: s, Style: st, Width: text.Px(width), MaxLines: 1, Align: e.edge(Start)})
	}
	return l
}

// oneLine returns s with spaces for what would begin a new line.
func oneLine(s string) string {
	if !strings.ContainsAny(s, "\n\r\v\f\u0085\u2028\u2029") {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch r {
		case '\n', '\r', '\v', '\f', 0x85, 0x2028, 0x2029:
			return ' '
		}
		return r
	}, s)
}

// controlLine gives a control of height h the baseline that words in it would
// have, so that it stands in a line with others that have words.
func (e *Element) controlLine(h int32) {
	st := style(0, text.Regular)
	l := e.Fonts().Layout(&text.Paragraph{Text: "x", Style: st})
	e.SetBaseline((h-high(l))/2 + base(l))
}

// ceil returns v in whole pixels, rounded up.
func ceil(v geom.Fixed) int32 { return (v + 255).Int() }

// wide returns the width of a line that was laid out for at most limit.
func wide(l *text.Layout, limit int32) int32 {
	if limit <= 0 {
		return ceil(l.Advance())
	}
	return min(ceil(l.Advance()), limit)
}

// high returns the height of a layout.
func high(l *text.Layout) int32 { return ceil(l.Height()) }

// base returns the first baseline of a layout.
func base(l *text.Layout) int32 { return l.Baseline().Int() }

// hasPrefixFold reports whether s begins with a prefix, whatever the case.
func hasPrefixFold(s, prefix string) bool {
	return len(s) >= len(prefix) && strings.EqualFold(s[:len(prefix)], prefix)
}
