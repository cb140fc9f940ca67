package ui

import (
	"strings"

	"rayos/geom"
	"rayos/rayapps/text"
	"rayos/rayapps/ui/theme"
)

// This file is the line that grows: it is a single one until it has to wrap.

// wraps reports whether what is shown takes more than one line.
func (s *edit) wraps(e *Element, c *editing) bool {
	shown := s.ed.Display()
	if strings.Contains(shown, "\n") {
		return true
	}
	lo, hi := s.extent(e.Fonts().Layout(&text.Paragraph{Text: shown, Style: c.style, Align: e.edge(Start)}))
	return hi-lo > c.inner.W()
}

// lineKey does what a key stands for among lines: Shift+Enter begins one, Up and
// Down move, but not beyond the first and the last.
func (s *edit) lineKey(e *Element, k *Keystroke, c *editing) bool {
	if k.Release || k.Mods&(Ctrl|Alt|Super) != 0 || s.ed.Preedit().Text != "" {
		return false
	}
	switch k.Sym {
	case KeyEnter, KeyPadEnter:
		if k.Mods&Shift == 0 || s.ed.ReadOnly {
			return false
		}
		s.ed.Insert("\n")
		return true
	case KeyUp, KeyDown:
		if !c.wrap {
			return false
		}
		l := s.layout(e, c)
		at, last := s.lineAt(l), len(l.Lines())-1
		switch {
		case k.Sym == KeyUp && at > 0:
			s.ed.MoveLines(l, -1, k.Mods&Shift != 0)
		case k.Sym == KeyDown && at < last:
			s.ed.MoveLines(l, 1, k.Mods&Shift != 0)
		default:
			return false
		}
		return true
	}
	return false
}

// lineAt returns the line that the caret is on.
func (s *edit) lineAt(l *text.Layout) int {
	at, _ := s.ed.DisplayCaret()
	box := l.Caret(at, s.ed.Upstream())
	mid := (box.Y0 + box.Y1) / 2
	for i, line := range l.Lines() {
		if mid < line.Bottom {
			return i
		}
	}
	return len(l.Lines()) - 1
}

// paintGhost draws the ghost behind the last of several lines, as far as there
// is room on it.
func (s *edit) paintGhost(e *Element, p *Painter, c *editing, l *text.Layout, at geom.Point) {
	if s.ed.Caret() != s.ed.Len() || e.RTL() {
		return // it would stand on the text
	}
	box := l.Caret(len(l.Text()), s.ed.Upstream())
	if room := c.inner.W() - ceil(box.X0); room >= theme.Space6 {
		p.Text(e.line1(c.ghost, c.style, room), at.X+ceil(box.X0), at.Y+box.Y0.Int(), e.Theme().Text3)
	}
}
