package ui

import (
	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/lang"
	"rayos/rayapps/text"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
)

// paintPreedit underlines what is being composed, twice as thick where the
// input method marks a part.
func (s *edit) paintPreedit(fill func(geom.FixedRect, render.Color), l *text.Layout, at geom.Point, th *theme.Theme) {
	pre := s.ed.Preedit()
	if pre.Text == "" {
		return
	}
	start, end := s.ed.PreeditSpan()
	under := func(from, to int, width int32) {
		var boxes [16]geom.FixedRect
		for _, r := range l.Selection(from, to, boxes[:0]) {
			r.Y1 -= text.Px(1)
			r.Y0 = r.Y1 - text.Px(width)
			fill(r.Add(geom.FixedPt(at.X, at.Y)), th.Accent)
		}
	}
	under(start, end, 1)
	if pre.Begin >= 0 && pre.Begin < pre.End {
		under(start+pre.Begin, start+pre.End, 2)
	}
}

// paintCaret draws the caret, which blinks for a while after each change.
func (s *edit) paintCaret(e *Element, p *Painter, l *text.Layout, at geom.Point) {
	where, visible := s.ed.DisplayCaret()
	if !e.Active() || !visible {
		return
	}
	now := e.root.Now()
	if since := now - s.moved; !e.Theme().Still && since < theme.CaretStill {
		n := since / theme.CaretBlink
		e.Again(s.moved + (n+1)*theme.CaretBlink)
		if n%2 == 1 {
			return
		}
	}
	box := l.Caret(where, s.ed.Upstream())
	x := at.X + (box.X0 + 128).Int()
	p.Fill(geom.Rect{X0: x, Y0: at.Y + box.Y0.Int() + 1, X1: x + 1, Y1: at.Y + ceil(box.Y1) - 1}, e.Theme().Accent)
}

// ime returns what an input method needs.
func (s *edit) ime(e *Element, c *editing, purpose Purpose) IME {
	l := s.layout(e, c)
	at, _ := s.ed.DisplayCaret()
	box := l.Caret(at, s.ed.Upstream())
	o := s.origin(e, c, l).Add(e.origin())
	m := IME{Enabled: !s.ed.ReadOnly, Purpose: purpose, Multiline: c.wrap || c.grows}
	m.Rect = geom.Rect{X0: o.X + box.X0.Int(), Y0: o.Y + box.Y0.Int(), X1: o.X + box.X0.Int() + 1, Y1: o.Y + ceil(box.Y1)}
	m.Text, m.Caret, m.Anchor = s.ed.Surrounding(4000)
	return m
}

// describe fills in what can be said of a text.
func (s *edit) describe(i *Info, password bool) {
	if !password {
		i.Value = s.ed.Text()
		i.Caret, i.Anchor = s.ed.Caret(), s.ed.Anchor()
	}
	i.Traits |= trait(s.ed.ReadOnly, IsReadOnly)
	if !s.ed.ReadOnly {
		i.Can(DoSetValue)
	}
}

// set replaces the whole text, as an edit that can be taken back.
func (s *edit) set(e *Element, c *editing, value string) bool {
	if s.ed.ReadOnly {
		return false
	}
	s.ed.SelectAll()
	s.ed.Insert(value)
	s.changed(e, c)
	return true
}

func (s *edit) openMenu(e *Element, at geom.Point) {
	s.menu, s.menuAt = true, at
	e.Rebuild()
}

// menuNode returns the context menu, or nothing.
func (s *edit) menuNode(e *Element, c *editing) Node {
	if !s.menu {
		return nil
	}
	run := func(fn func()) func() {
		return func() {
			fn()
			s.changed(e, c)
		}
	}
	start, end := s.ed.Selection()
	none := start == end || s.ed.Password
	fixed := s.ed.ReadOnly
	return menuAt{
		at: s.menuAt,
		items: []MenuItem{
			{Text: lang.T("Cut"), Icon: icon.Cut, Shortcut: "Ctrl+X", Disabled: none || fixed, OnPress: run(func() { s.cut(e) })},
			{Text: lang.T("Copy"), Icon: icon.Copy, Shortcut: "Ctrl+C", Disabled: none, OnPress: run(func() { s.copy(e) })},
			{Text: lang.T("Paste"), Icon: icon.Paste, Shortcut: "Ctrl+V", Disabled: fixed, OnPress: run(func() { s.paste(e) })},
			{Separator: true},
			{Text: lang.T("Undo"), Icon: icon.Undo, Shortcut: "Ctrl+Z", Disabled: !s.ed.CanUndo(), OnPress: run(func() { s.ed.Undo() })},
			{Text: lang.T("Select all"), Shortcut: "Ctrl+A", Disabled: s.ed.Len() == 0, OnPress: run(s.ed.SelectAll)},
		},
		onClose: func() {
			s.menu = false
			e.Rebuild()
		},
	}
}
