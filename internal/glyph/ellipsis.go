package glyph

import (
	"sort"

	"rayos/geom"
)

// Where is the place of an ellipsis.
type Where uint8

// Places.
const (
	End    Where = iota
	Middle       // keeps both ends: names that differ in their tails
)

const ellipsis = "…"

// Ellipsise returns text if it is at most width wide, or the most of it that
// fits with an ellipsis, or nothing.
func (t *Text) Ellipsise(s Style, text string, width geom.Fixed, where Where) string {
	runes := []rune(text)
	if len(runes) <= MaxRunes && t.Measure(s, text) <= width {
		return text
	}
	runes = runes[:min(len(runes), MaxRunes)]
	// cut keeps n runes.
	cut := func(n int) string {
		head := n
		if where == Middle {
			head = (n + 1) / 2
		}
		tail := n - head
		for head > 0 && runes[head-1] == ' ' {
			head--
		}
		return string(runes[:head]) + ellipsis + string(runes[len(runes)-tail:])
	}
	// The first n that is too wide, so n-1 is what fits.
	n := sort.Search(len(runes), func(n int) bool { return t.Measure(s, cut(n)) > width })
	if n == 0 {
		return ""
	}
	return cut(n - 1)
}
