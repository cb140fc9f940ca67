package launcher

import (
	"rayos/geom"
	"rayos/rayapps/text"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
)

// choice is a button that the keys of the line pick: the focus stays there.
type choice struct {
	text           string
	picked, danger bool
	theme          *theme.Theme
	press          func()
}

const choiceH = 32

func (c choice) layout(e *ui.Element) *text.Layout {
	return e.Fonts().Layout(&text.Paragraph{Text: c.text, Style: text.Style{Size: text.Px(theme.Body)}})
}

// Layout implements ui.Node.
func (c choice) Layout(e *ui.Element, _ ui.Constraints) geom.Size {
	return geom.Size{W: (c.layout(e).Advance() + 255).Int() + 2*theme.Space4, H: choiceH}
}

// Paint implements ui.Node.
func (c choice) Paint(e *ui.Element, p *ui.Painter) {
	th, box, l := c.theme, e.Box(), c.layout(e)
	fill, ink := th.Surface3, th.Text1
	switch {
	case c.picked && c.danger:
		fill, ink = th.Bad, th.Surface1
	case c.picked:
		fill, ink = th.Accent, th.OnAccent
	case e.Hovered():
		fill = theme.Mix(th.Surface3, th.Text1, 30)
	}
	p.Frame(box, theme.RadiusControl, fill, th.Outline)
	if c.picked {
		p.Ring(box, theme.RadiusControl)
	}
	p.Text(l, theme.Space4, (choiceH-l.Height().Int())/2, ink)
}

// Handle implements ui.Handler.
func (c choice) Handle(e *ui.Element, ev ui.Event) bool {
	return ui.Click(e, ev, ui.LeftButton, func() { e.Call(c.press) })
}

// Describe implements ui.Describer.
func (c choice) Describe(_ *ui.Element, i *ui.Info) {
	i.Role, i.Name = ui.RoleButton, c.text
	if c.picked {
		i.Traits |= ui.IsSelected
	}
	i.Can(ui.DoActivate)
}

// Act implements ui.Actor.
func (c choice) Act(e *ui.Element, a ui.Action, _ string) bool {
	if a != ui.DoActivate {
		return false
	}
	e.Call(c.press)
	return true
}
