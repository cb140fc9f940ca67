package dialog

import (
	"rayos/geom"
	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
)

const (
	rowHeight  = 52
	lossHeight = 28
)

func others(n int) string { return lang.N("and {n} more", "and {n} more", n) }

// sheet is the ground.
type sheet struct{ child ui.Node }

// Build implements ui.Parent.
func (s sheet) Build(*ui.Element) []ui.Node {
	return []ui.Node{ui.ScrollView{Child: ui.Pad(theme.Space5, s.child)}}
}

// Layout implements ui.Node.
func (sheet) Layout(e *ui.Element, c ui.Constraints) geom.Size {
	s := e.Child(0).Layout(c)
	e.Child(0).Place(0, 0)
	return s
}

// Paint implements ui.Node.
func (sheet) Paint(e *ui.Element, p *ui.Painter) { p.Popover(e.Box(), theme.RadiusPrompt) }

// Describe implements ui.Describer.
func (sheet) Describe(_ *ui.Element, i *ui.Info) {
	i.Role, i.Name = ui.RoleDialog, lang.T("Leave the session")
}

// row is a deed.
type row struct {
	d    *Dialog
	deed Deed
}

// Build implements ui.Parent.
func (r row) Build(e *ui.Element) []ui.Node {
	th := e.Theme()
	ink, soft, sign := th.Text1, th.Text2, th.Text1
	switch {
	case r.deed.Disabled:
		ink, sign = theme.Disabled(th.Text1), theme.Disabled(th.Text1)
	case r.deed.Danger:
		sign = th.Bad
	}
	return []ui.Node{ui.Row{Gap: theme.Space3, Align: ui.Centre, Children: ui.Nodes{
		ui.Icon{Name: r.deed.Icon, Size: theme.IconLarge, Color: sign},
		ui.Expand{Child: ui.Column{Children: ui.Nodes{
			ui.Label{Text: r.deed.Name, Bold: true, Lines: 1, Color: ink}, ui.Label{Text: r.deed.Help, Lines: 1, Color: soft},
		}}},
	}}}
}

// Layout implements ui.Node.
func (row) Layout(e *ui.Element, c ui.Constraints) geom.Size {
	s := c.Clamp(geom.Size{W: c.MaxW, H: rowHeight})
	k := e.Child(0).Layout(ui.Loose(geom.Size{W: s.W - 2*theme.Space3, H: s.H}))
	e.Child(0).Place(theme.Space3, (s.H-k.H)/2)
	return s
}

// Paint implements ui.Node.
func (r row) Paint(e *ui.Element, p *ui.Painter) {
	th := e.Theme()
	fill := th.Surface3
	switch {
	case r.deed.Disabled:
		fill = theme.Fade(th.Surface3, 128)
	case e.Pressed() && e.Hovered():
		fill = th.Press(fill)
	case e.Hovered():
		fill = th.Hover(fill, 255)
	}
	p.Round(e.Box(), theme.RadiusControl, fill)
	if e.FocusShown() {
		p.InnerRing(e.Box(), theme.RadiusControl)
	}
}

// Focus implements ui.Focuser.
func (r row) Focus(*ui.Element) ui.FocusPolicy {
	if r.deed.Disabled {
		return ui.NoFocus
	}
	return ui.TabStop
}

// Handle implements ui.Handler.
func (r row) Handle(e *ui.Element, ev ui.Event) bool {
	if r.deed.Disabled {
		return false
	}
	do := func() { r.d.act.Do(r.deed.ID) }
	k, ok := ev.(*ui.Keystroke)
	if !ok {
		return ui.Click(e, ev, ui.LeftButton, do)
	}
	switch {
	case k.Release || k.Repeat:
		return false
	case k.Sym == ui.KeyEnter || k.Sym == ui.KeyPadEnter || k.Sym == ui.KeySpace:
		e.Call(do)
	case k.Sym == ui.KeyDown:
		return e.Root().FocusNext(false)
	case k.Sym == ui.KeyUp:
		return e.Root().FocusNext(true)
	default:
		return false
	}
	return true
}

// Describe implements ui.Describer.
func (r row) Describe(_ *ui.Element, i *ui.Info) {
	i.Role, i.Name, i.Description = ui.RoleButton, r.deed.Name, r.deed.Help
	if r.deed.Disabled {
		i.Traits |= ui.IsDisabled
		return
	}
	i.Can(ui.DoActivate)
}

// Act implements ui.Actor.
func (r row) Act(e *ui.Element, a ui.Action, _ string) bool {
	if a != ui.DoActivate || r.deed.Disabled {
		return false
	}
	e.Call(func() { r.d.act.Do(r.deed.ID) })
	return true
}

// loss is a line of what would be lost.
type loss struct{ l Loss }

// Build implements ui.Parent.
func (l loss) Build(e *ui.Element) []ui.Node {
	line := ui.Nodes{ui.Icon{Name: l.l.Icon}, ui.Expand{Child: ui.Label{Text: l.l.Text, Lines: 1}}}
	if l.l.Help != "" {
		line = append(line, ui.Sized{MaxW: Width / 2, Child: ui.Label{Text: l.l.Help, Lines: 1, Color: e.Theme().Text2}})
	}
	return []ui.Node{ui.Row{Gap: theme.Space2, Align: ui.Centre, Children: line}}
}

// Layout implements ui.Node.
func (loss) Layout(e *ui.Element, c ui.Constraints) geom.Size {
	s := c.Clamp(geom.Size{W: c.MaxW, H: lossHeight})
	k := e.Child(0).Layout(ui.Loose(s))
	e.Child(0).Place(0, (s.H-k.H)/2)
	return s
}

// Paint implements ui.Node.
func (loss) Paint(*ui.Element, *ui.Painter) {}

// fault says why the last deed failed.
type fault struct{ words string }

// Build implements ui.Parent.
func (f fault) Build(e *ui.Element) []ui.Node {
	return []ui.Node{ui.Sized{H: 40, Child: ui.Label{Text: f.words, Color: e.Theme().Bad, Lines: 2}}}
}

// Layout implements ui.Node.
func (fault) Layout(e *ui.Element, c ui.Constraints) geom.Size {
	s := e.Child(0).Layout(c)
	e.Child(0).Place(0, 0)
	return s
}

// Paint implements ui.Node.
func (fault) Paint(*ui.Element, *ui.Painter) {}

// Describe implements ui.Describer.
func (f fault) Describe(_ *ui.Element, i *ui.Info) { i.Role, i.Name = ui.RoleAlert, f.words }
