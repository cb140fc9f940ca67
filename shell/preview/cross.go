package preview

import (
	"rayos/geom"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
)

// cross closes a window. It is no stop for Tab: the card has a key for it.
type cross struct {
	name string
	act  func()
}

// crossSize is what fingers and pointers can hit.
const crossSize = 28

func (cross) Layout(*ui.Element, ui.Constraints) geom.Size {
	return geom.Size{W: crossSize, H: crossSize}
}

func (x cross) Paint(e *ui.Element, p *ui.Painter) {
	th := e.Theme()
	c := th.Text3
	if e.Hovered() {
		p.Round(e.Box().Inset(2), theme.RadiusControl, theme.Fade(th.Bad, 60))
		c = th.Text1
	}
	p.Icon(icon.Close, theme.IconSmall, e.Box(), c)
}

func (x cross) Handle(e *ui.Element, ev ui.Event) bool {
	return ui.Click(e, ev, ui.LeftButton, func() { e.Call(x.act) })
}

func (x cross) Describe(_ *ui.Element, i *ui.Info) {
	i.Role, i.Name = ui.RoleButton, x.name
	i.Can(ui.DoActivate)
}

func (x cross) Act(e *ui.Element, a ui.Action, _ string) bool {
	if a != ui.DoActivate {
		return false
	}
	e.Call(x.act)
	return true
}
