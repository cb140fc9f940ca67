package overview

import (
	"rayos/geom"
	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
)

// stage is everything. It has the keyboard, and the presses beside the cards.
type stage struct {
	key   func(*ui.Keystroke) bool
	press func()
	child ui.Node
}

func (g stage) Build(*ui.Element) []ui.Node { return []ui.Node{g.child} }

func (g stage) Layout(e *ui.Element, c ui.Constraints) geom.Size {
	size := geom.Size{W: c.MaxW, H: c.MaxH}
	e.Child(0).Layout(ui.Tight(size))
	e.Child(0).Place(0, 0)
	return size
}

func (stage) Paint(*ui.Element, *ui.Painter) {}

// Focus implements ui.Focuser.
func (stage) Focus(*ui.Element) ui.FocusPolicy { return ui.TakesAll }

// Handle implements ui.Handler.
func (g stage) Handle(e *ui.Element, ev ui.Event) bool {
	if k, ok := ev.(*ui.Keystroke); ok {
		return g.key(k)
	}
	return ui.Click(e, ev, ui.LeftButton, func() { e.Call(g.press) })
}

// Describe implements ui.Describer.
func (stage) Describe(_ *ui.Element, i *ui.Info) { i.Role, i.Name = ui.RolePanel, lang.T("Overview") }

// thumb is a workspace: room for its windows, and its name below.
type thumb struct {
	name         string
	shown        bool
	urgent       bool
	over         bool // a window is being dragged over it
	index, count int
	act          func()
}

func (t thumb) Build(e *ui.Element) []ui.Node {
	c := e.Theme().Text2
	if t.shown {
		c = e.Theme().Text1
	}
	return []ui.Node{ui.Label{Text: lang.Digits(t.name), Size: theme.Caption, Bold: t.shown, Color: c, Lines: 1}}
}

func (t thumb) Layout(e *ui.Element, c ui.Constraints) geom.Size {
	size := geom.Size{W: c.MaxW, H: c.MaxH}
	s := e.Child(0).Layout(ui.Loose(geom.Size{W: size.W, H: named}))
	e.Child(0).Place((size.W-s.W)/2, size.H-named+(named-s.H)/2)
	return size
}

func (t thumb) Paint(e *ui.Element, p *ui.Painter) {
	th, box := e.Theme(), e.Box()
	box.Y1 -= named
	fill := th.Surface1
	if t.over {
		fill = theme.Mix(fill, th.Accent, 90)
	}
	p.Frame(box, theme.RadiusControl, fill, th.Outline)
	switch {
	case t.shown, t.over:
		p.Border(box.Inset(-2), theme.RadiusControl+2, 2, th.Accent)
	case e.Hovered():
		p.Border(box.Inset(-2), theme.RadiusControl+2, 2, th.Edge)
	}
}

// PaintOver implements ui.Overpainter.
func (t thumb) PaintOver(e *ui.Element, p *ui.Painter) {
	if t.urgent {
		p.Disc(e.Mirror(geom.XYWH(-4, -4, 10, 10)), e.Theme().Warn)
	}
}

// Handle implements ui.Handler.
func (t thumb) Handle(e *ui.Element, ev ui.Event) bool {
	return ui.Click(e, ev, ui.LeftButton, func() { e.Call(t.act) })
}

// Describe implements ui.Describer.
func (t thumb) Describe(_ *ui.Element, i *ui.Info) {
	i.Role, i.Name = ui.RoleTab, lang.F("Workspace {name}", "name", lang.Digits(t.name))
	if t.urgent {
		i.Name = lang.F("{what} (asks for attention)", "what", i.Name)
	}
	i.Index, i.Count = t.index, t.count
	i.Can(ui.DoActivate)
	if t.shown {
		i.Traits |= ui.IsSelected
	}
}

// Act implements ui.Actor.
func (t thumb) Act(e *ui.Element, a ui.Action, _ string) bool {
	if a == ui.DoActivate {
		e.Call(t.act)
	}
	return a == ui.DoActivate
}

// plus makes one more workspace.
type plus struct{ act func() }

func (plus) Layout(*ui.Element, ui.Constraints) geom.Size { return geom.Size{W: addW, H: addW} }

func (plus) Paint(e *ui.Element, p *ui.Painter) {
	th := e.Theme()
	fill := th.Surface2
	if e.Hovered() {
		fill = th.Surface3
	}
	p.Frame(e.Box(), addW/2, fill, th.Outline)
	p.Icon(icon.Add, theme.IconMedium, e.Box(), th.Text1)
}

func (x plus) Handle(e *ui.Element, ev ui.Event) bool {
	return ui.Click(e, ev, ui.LeftButton, func() { e.Call(x.act) })
}

func (plus) Describe(_ *ui.Element, i *ui.Info) {
	i.Role, i.Name = ui.RoleButton, lang.T("Add a workspace")
	i.Can(ui.DoActivate)
}

func (x plus) Act(e *ui.Element, a ui.Action, _ string) bool {
	if a == ui.DoActivate {
		e.Call(x.act)
	}
	return a == ui.DoActivate
}
