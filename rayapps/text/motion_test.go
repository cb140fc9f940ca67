package text

import (
	"strings"
	"testing"

	"rayos/geom"
)

// area is an editor with its layout.
type area struct {
	Editor
	f *Fonts
	w geom.Fixed
}

func newArea(s string, width int32) *area {
	a := &area{Editor: Editor{Multiline: true}, f: NewFonts(Options{}), w: Px(width)}
	a.SetText(s)
	a.Select(0, 0)
	return a
}

func (a *area) layout() *Layout {
	return a.f.Layout(&Paragraph{Text: a.Display(), Style: body, Width: a.w})
}

func TestLinesUpAndDown(t *testing.T) {
	a := newArea("a long first line\nx\nanother long one", 0)
	a.Select(6, 6)
	down := func(n int) int { a.MoveLines(a.layout(), n, false); return a.Caret() }
	if got := down(1); got != 19 {
		t.Errorf("down to the short line: %d; want its end, 19", got)
	}
	// The column is kept across the short line.
	if got := down(1); got < 24 || got > 28 {
		t.Errorf("down to the third line: %d; want about 20 + 6", got)
	}
	if got := down(-2); got != 6 {
		t.Errorf("back up: %d; want 6", got)
	}
	if got := down(-1); got != 0 {
		t.Errorf("up from the first line: %d; want the start", got)
	}
	if got := down(9); got != a.Len() {
		t.Errorf("down beyond the last line: %d; want the end", got)
	}
	a.Select(2, 2)
	a.MoveLines(a.layout(), 1, true)
	if start, end := a.Selection(); start != 2 || end != 19 {
		t.Errorf("down with the selection: %d..%d", start, end)
	}
}

func TestEdgesOfWrappedLines(t *testing.T) {
	a := newArea("some words that wrap", 80)
	wrap := a.layout().Lines()[1].Start
	a.Select(2, 2)
	a.MoveToEdge(a.layout(), true, false)
	if box := a.layout().Caret(a.Caret(), a.Upstream()); a.Caret() != wrap || box.Y0 != 0 {
		t.Errorf("the end of the first line is %d at %v", a.Caret(), box)
	}
	a.MoveToEdge(a.layout(), false, false)
	if a.Caret() != 0 {
		t.Errorf("its start is %d", a.Caret())
	}
	a.Select(wrap, wrap)
	if box := a.layout().Caret(a.Caret(), a.Upstream()); box.Y0 == 0 {
		t.Errorf("a caret where the line wraps stands at %v, on the first line", box)
	}
}

// TestAcross: the right arrow goes right in right-to-left text too.
func TestAcross(t *testing.T) {
	a := newArea("אבג", 0)
	l := a.layout()
	a.MoveAcross(l, false, false)
	if a.Caret() != 2 {
		t.Errorf("left of the first letter is %d; want 2", a.Caret())
	}
	a.MoveAcross(l, true, false)
	if a.Caret() != 0 {
		t.Errorf("and right again %d; want 0", a.Caret())
	}
	a.SelectAll()
	a.MoveAcross(l, true, false)
	if box := l.Caret(a.Caret(), a.Upstream()); box.X0 != l.Advance() {
		t.Errorf("the right end of the selection is at %v of %v", box.X0.Float(), l.Advance().Float())
	}
}

func TestPlacing(t *testing.T) {
	a := newArea("one two\nthree", 0)
	l := a.layout()
	a.Place(l, geom.FixedPt(1000, 4), false)
	if a.Caret() != 7 {
		t.Errorf("right of the first line is %d; want 7", a.Caret())
	}
	a.Place(l, geom.FixedPt(0, 1000), true)
	if start, end := a.Selection(); start != 7 || end != 8 {
		t.Errorf("dragged to below the text: %d..%d; want 7..8", start, end)
	}
	a.SetPreedit(Preedit{"xyz", 0, 0})
	l = a.layout()
	if !strings.Contains(l.Text(), "xyz") {
		t.Fatal("the preedit isn't shown")
	}
	at := a.Caret()
	a.Place(l, l.Caret(at+1, false).Min(), false)
	if a.Caret() != at {
		t.Errorf("a click into the preedit moves the caret from %d to %d", at, a.Caret())
	}
}
