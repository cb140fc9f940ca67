package ui

import (
	"strings"
	"testing"
	"time"

	"rayos/geom"
)

// growing is a root with a field that grows, and what became of it.
type growing struct {
	*Root
	text, submitted string
	lines           int
	keys            []Sym // that the view saw
	ghost           string
}

func newGrowing(t *testing.T, rtl bool) *growing {
	t.Helper()
	g := &growing{}
	g.Root = New(Options{RTL: rtl, Now: func() time.Duration { return time.Minute }, View: func() Node {
		return Column{Align: Stretch, Children: Nodes{Key("line", TextField{
			Name: "line", Grow: 3, Bare: true, Ghost: g.ghost, OnLines: func(n int) { g.lines = n },
			OnChange: func(s string) { g.text = s }, OnSubmit: func(s string) { g.submitted = s },
			OnKey: func(k *Keystroke) bool { g.keys = append(g.keys, k.Sym); return false },
		})}}
	}})
	g.Resize(geom.Size{W: 200, H: 200}, geom.ScaleOne)
	g.Layout()
	g.FocusNext(false)
	return g
}

func (g *growing) press(sym Sym, m Mods) { g.Event(&Keystroke{Sym: sym, Mods: m}); g.Layout() }

func (g *growing) enter(s string) {
	for _, c := range s {
		g.Event(&Keystroke{Sym: Sym(c), Text: string(c)})
	}
	g.Layout()
}

func TestFieldGrowsWithItsText(t *testing.T) {
	for _, c := range []struct {
		text  string
		lines int
	}{
		{"", 1},
		{"one", 1},
		{"one\ntwo", 2},
		{"one\n", 2},
		{strings.Repeat("a long line ", 4), 2},
		{strings.Repeat("word", 40), 3},
		{"1\n2\n3\n4\n5", 3},
	} {
		g := newGrowing(t, false)
		g.Event(&Paste{Text: c.text})
		g.Layout()
		if g.lines != c.lines || g.text != c.text {
			t.Errorf("%q: %d lines with %q; want %d", c.text, g.lines, g.text, c.lines)
		}
		want := int32(28 + 18*(c.lines-1))
		if got := g.Prefer(geom.Size{W: 200, H: 900}).H; got != want {
			t.Errorf("%q: %d high; want %d", c.text, got, want)
		}
	}
}

func TestKeysAmongLines(t *testing.T) {
	g := newGrowing(t, false)
	g.enter("one")
	g.press(KeyEnter, Shift)
	g.enter("two")
	g.press(KeyEnter, Shift)
	g.enter("three")
	if g.text != "one\ntwo\nthree" || g.lines != 3 {
		t.Fatalf("%q in %d lines", g.text, g.lines)
	}
	g.keys = nil
	g.press(KeyDown, 0) // the last line
	if len(g.keys) != 1 {
		t.Errorf("Down on the last line was seen %d times by the view", len(g.keys))
	}
	g.press(KeyUp, 0)
	g.press(KeyUp, 0)
	if len(g.keys) != 1 {
		t.Errorf("Up between lines was seen by the view: %v", g.keys)
	}
	g.press(KeyUp, 0)
	if len(g.keys) != 2 {
		t.Error("Up on the first line was not seen by the view")
	}
	g.enter("_")
	if g.text != "_one\ntwo\nthree" {
		t.Errorf("typed at the start, where Up on the first line goes: %q", g.text)
	}
	g.press(KeyEnter, 0)
	if g.submitted != g.text || strings.Count(g.text, "\n") != 2 {
		t.Errorf("Enter submits %q of %q", g.submitted, g.text)
	}
	m := g.IME()
	if !m.Multiline || m.Text != g.text {
		t.Errorf("an input method is told %+v", m)
	}
	// What is composed takes room, too, and its keys are the input method's.
	n := newGrowing(t, false)
	n.Event(&Preedit{Text: strings.Repeat("m", 60), Start: 60, End: 60})
	n.Layout()
	if n.lines < 2 {
		t.Errorf("a long preedit has %d lines", n.lines)
	}
	n.keys = nil
	n.press(KeyUp, 0)
	if len(n.keys) != 1 {
		t.Error("Up moved in what is composed")
	}
	// Taken away, it is a line again.
	n.Event(&Preedit{Start: -1, End: -1})
	if n.Layout(); n.lines != 1 {
		t.Errorf("%d lines of nothing", n.lines)
	}
}

func TestFieldScrollsBeyondItsLines(t *testing.T) {
	g := newGrowing(t, false)
	g.Event(&Paste{Text: "1\n2\n3\n4\n5"})
	g.Layout()
	s := g.Focused().State().(*edit)
	if s.y.at != 2*18 {
		t.Errorf("the caret is on the last line, scrolled to %d", s.y.at)
	}
	for range 4 {
		g.press(KeyUp, 0)
	}
	if s.y.at != 0 {
		t.Errorf("the caret is on the first line, scrolled to %d", s.y.at)
	}
	if r := g.IME().Rect; r.Y0 < 0 || r.Y1 > 28 {
		t.Errorf("the caret is at %v", r)
	}
}

func TestGhostStandsBehindTheLastLine(t *testing.T) {
	for _, rtl := range []bool{false, true} {
		g := newGrowing(t, rtl)
		g.enter("one")
		g.press(KeyEnter, Shift)
		g.enter("two")
		before := g.Frame().List.String()
		g.ghost = " more"
		g.Invalidate()
		if after := g.Frame().List.String(); (after != before) == rtl {
			t.Errorf("rtl %v: the ghost is drawn: %v", rtl, after != before)
		}
	}
}
