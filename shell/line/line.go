// Package line measures and draws single lines of text into pixels, for what is
// drawn without the toolkit: frames of windows, cards, statistics. Lines are laid
// out by rayapps/text, so every script is shaped, and ordered by its direction.
//
// Strings come from clients and guests. Clean makes one fit to be drawn beside
// the session's own words: bounded, without control, direction or invisible
// characters. Two strings that are drawn apart can't reorder each other.
//
// Positions and widths are 24.8 fixed-point physical pixels, sizes logical
// pixels.
//
//	w := line.New(fonts)
//	s := line.Style{Size: 13, Scale: scale}
//	title := w.Fit(s, line.Clean(untrustedTitle), width, line.End)
//	w.Draw(&pixels, clip, s, x, baseline, colour, title)
//
// A Writer is used by one goroutine, that of its fonts.
package line

import (
	"sort"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/vector"
	"rayos/rayapps/text"
)

// Style is how text looks, apart from its colour.
type Style struct {
	Weight  text.Weight
	Size    int32 // the em
	Tabular bool  // every digit has the same width
	Scale   geom.Scale
}

func (s *Style) text() text.Style {
	return text.Style{Weight: s.Weight, Size: text.Px(s.Size), Tabular: s.Tabular}
}

// Writer draws text.
type Writer struct {
	fonts *text.Fonts
	cells []uint8
}

// New returns a Writer with fonts, or with the embedded ones if fonts is nil.
func New(fonts *text.Fonts) *Writer {
	if fonts == nil {
		fonts = text.NewFonts(text.Options{})
	}
	return &Writer{fonts: fonts}
}

func (w *Writer) layout(s *Style, str string) *text.Layout {
	return w.fonts.Layout(&text.Paragraph{Text: str, Style: s.text(), Align: text.Left})
}

// Measure returns the width of text.
func (w *Writer) Measure(s Style, str string) geom.Fixed {
	return s.Scale.ApplyFixed(w.layout(&s, str).Advance())
}

// Baseline returns the baseline that centres capitals between two edges, whole
// physical pixels.
func (w *Writer) Baseline(s Style, top, bottom int32) int32 {
	st := s.text()
	return top + (bottom-top+s.Scale.ApplyFixed(w.fonts.CapHeight(&st)).Round())/2
}

// Draw draws text with its left edge at x on the baseline and returns its width.
func (w *Writer) Draw(dst *render.Pixels, clip geom.Rect, s Style, x geom.Fixed, baseline int32, c render.Color, str string) geom.Fixed {
	clip = clip.Intersect(dst.Size().Rect())
	l, gamma := w.layout(&s, str), text.Gamma(c)
	const nearest = 256 / text.Subpixels / 2
	for i := range l.Runs() {
		run := &l.Runs()[i]
		size, base := s.Scale.ApplyFixed(run.Size), l.Lines()[run.Line].Baseline
		for k := range run.Glyphs {
			g := &run.Glyphs[k]
			at := x + s.Scale.ApplyFixed(g.X) + nearest
			m := w.fonts.Mask(run.Face, g.ID, size, uint8(at&255)/(2*nearest))
			by := geom.Point{X: at.Int(), Y: baseline + s.Scale.ApplyFixed(g.Y-base).Round()}
			if !m.Bounds.Add(by).Overlaps(clip) {
				continue
			}
			w.cells = w.cells[:0]
			for _, v := range m.Pix {
				w.cells = append(w.cells, gamma[v])
			}
			vector.DrawMask(dst, clip, vector.Mask{Bounds: m.Bounds, Pix: w.cells}, by, c)
		}
	}
	return s.Scale.ApplyFixed(l.Advance())
}

// Where is the place of an ellipsis.
type Where uint8

// Places.
const (
	End    Where = iota
	Middle       // keeps both ends: names that differ in their tails
)

const ellipsis = "…"

// Fit returns text if it is at most width wide, or the most of it that fits with
// an ellipsis, or nothing.
func (w *Writer) Fit(s Style, str string, width geom.Fixed, where Where) string {
	if w.Measure(s, str) <= width {
		return str
	}
	runes := []rune(str)
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
	n := sort.Search(len(runes), func(n int) bool { return w.Measure(s, cut(n)) > width })
	if n == 0 {
		return ""
	}
	return cut(n - 1)
}
