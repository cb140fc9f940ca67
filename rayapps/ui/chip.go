package ui

import (
	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/text"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
)

// Chip is a small fact in a row of others: a tag, a filter, a part of what was
// understood. It can be pressed, and taken away with Delete.
type Chip struct {
	Text string
	Icon icon.Name
	// Dot is a coloured dot before the text, 0 for none.
	Dot      render.Color
	Selected bool
	Disabled bool
	OnPress  func()
	OnRemove func()
}

const chipH = 24

// NewState implements Stater.
func (Chip) NewState() any { return new(press) }

// Focus implements Focuser.
func (c Chip) Focus(*Element) FocusPolicy {
	return policy(c.Disabled || c.OnPress == nil && c.OnRemove == nil)
}

// sides returns what stands before and after the text, with the margins.
func (c Chip) sides() (before, after int32) {
	before, after = 10, 10
	if c.Icon != icon.None {
		before = 8 + theme.IconSmall + theme.Space1
	} else if c.Dot != 0 {
		before = 10 + 8 + 6
	}
	if c.OnRemove != nil {
		after = theme.Space1 + theme.IconSmall + 6
	}
	return before, after
}

// Layout implements Node.
func (c Chip) Layout(e *Element, k Constraints) geom.Size {
	before, after := c.sides()
	room := max(bounded(k.MaxW, 0)-before-after, 0)
	l := e.line1(c.Text, style(theme.Caption, text.Regular), room)
	e.SetBaseline((chipH-high(l))/2 + base(l))
	return geom.Size{W: before + wide(l, room) + after, H: chipH}
}

// Paint implements Node.
func (c Chip) Paint(e *Element, p *Painter) {
	th := e.Theme()
	ink, fill, border := th.Text1, th.Surface3, th.Outline
	switch {
	case c.Disabled:
		ink, fill, border = theme.Disabled(th.Text2), theme.Fade(th.Surface3, 160), theme.Fade(th.Outline, 160)
	case c.Selected:
		fill, border = over(th.Selection(), th.Surface2), th.Accent
	}
	if e.policy() != NoFocus {
		fill = e.State().(*press).fill(e, fill)
	}
	p.Frame(e.Box(), chipH/2, fill, border)
	if e.FocusShown() {
		p.Ring(e.Box(), chipH/2)
	}
	before, after := c.sides()
	if c.Icon != icon.None {
		p.Icon(c.Icon, theme.IconSmall, e.Mirror(geom.XYWH(8, 0, theme.IconSmall, chipH)), ink)
	} else if c.Dot != 0 {
		p.Disc(e.Mirror(geom.XYWH(10, 8, 8, 8)), c.Dot)
	}
	room := e.size.W - before - after
	l := e.line1(c.Text, style(theme.Caption, text.Regular), room)
	p.Text(l, e.Mirror(geom.XYWH(before, 0, wide(l, room), 0)).X0, (chipH-high(l))/2, ink)
	if c.OnRemove != nil {
		p.Icon(icon.Close, 12, e.Mirror(geom.XYWH(e.size.W-after+theme.Space1, 0, theme.IconSmall, chipH)), th.Text2)
	}
}

// Handle implements Handler.
func (c Chip) Handle(e *Element, ev Event) bool {
	if c.Disabled || c.OnPress == nil && c.OnRemove == nil {
		return false
	}
	if k, ok := ev.(*Keystroke); ok && c.OnRemove != nil && !k.Release && (k.Sym == KeyDelete || k.Sym == KeyBackspace) {
		e.Call(c.OnRemove)
		return true
	}
	if p, ok := ev.(*Pointer); ok && p.Kind == PointerRelease && c.OnRemove != nil {
		_, after := c.sides()
		if p.Pos.Floor().In(e.Box()) && e.Start(p.Pos.Floor().X) >= e.size.W-after {
			e.Call(c.OnRemove)
			return true
		}
	}
	return e.State().(*press).handle(e, ev, func() { e.Call(c.OnPress) })
}

// Describe implements Describer.
func (c Chip) Describe(_ *Element, i *Info) {
	i.Role, i.Name = RoleChip, c.Text
	i.Traits |= trait(c.Selected, IsSelected) | trait(c.Disabled, IsDisabled)
	if c.OnPress != nil && !c.Disabled {
		i.Can(DoActivate)
	}
	if c.OnRemove != nil && !c.Disabled {
		i.Can(DoDismiss)
	}
}

// Act implements Actor.
func (c Chip) Act(e *Element, a Action, _ string) bool {
	switch {
	case c.Disabled:
		return false
	case a == DoActivate && c.OnPress != nil:
		e.Call(c.OnPress)
	case a == DoDismiss && c.OnRemove != nil:
		e.Call(c.OnRemove)
	default:
		return false
	}
	return true
}
