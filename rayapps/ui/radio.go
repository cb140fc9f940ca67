package ui

import (
	"rayos/geom"
	"rayos/rayapps/ui/theme"
)

// RadioGroup is a choice of one from few that are all to be seen. Tab stops at
// the chosen one, arrows choose.
type RadioGroup struct {
	Name     string
	Options  []string
	Selected int // none if negative
	// Across puts the options beside each other.
	Across   bool
	Disabled bool
	OnChange func(i int)
}

// Build implements Parent.
func (g RadioGroup) Build(*Element) []Node {
	kids := make([]Node, len(g.Options))
	for i := range g.Options {
		kids[i] = radio{group: g, i: i}
	}
	return kids
}

// Layout implements Node.
func (g RadioGroup) Layout(e *Element, c Constraints) geom.Size {
	return flex{down: !g.Across, gap: g.gap()}.layout(e, c)
}

func (g RadioGroup) gap() int32 {
	if g.Across {
		return theme.Space4
	}
	return 0
}

// Paint implements Node.
func (RadioGroup) Paint(*Element, *Painter) {}

// Handle implements Handler.
func (g RadioGroup) Handle(e *Element, ev Event) bool {
	k, ok := ev.(*Keystroke)
	if !ok || g.Disabled || len(g.Options) == 0 {
		return false
	}
	d := e.step(k, true, true)
	if d == 0 {
		return false
	}
	at := -1
	for i, r := range e.children {
		if r.Focused() {
			at = i
		}
	}
	if at < 0 {
		return false
	}
	n := len(g.Options)
	g.choose(e, (at+d+n)%n)
	return true
}

func (g RadioGroup) choose(e *Element, i int) {
	if g.OnChange != nil && i != g.Selected {
		e.Call(func() { g.OnChange(i) })
	}
	if k := e.Child(i); k != nil {
		k.Focus()
	}
}

// Describe implements Describer.
func (g RadioGroup) Describe(_ *Element, i *Info) {
	i.Role, i.Name = RoleGroup, g.Name
	i.Traits |= trait(g.Disabled, IsDisabled)
}

// radio is one option.
type radio struct {
	group RadioGroup
	i     int
}

func (radio) NewState() any { return new(press) }

func (r radio) on() bool { return r.i == r.group.Selected }

func (r radio) Focus(*Element) FocusPolicy {
	none := r.group.Selected < 0 || r.group.Selected >= len(r.group.Options)
	switch {
	case r.group.Disabled:
		return NoFocus
	case r.on() || none && r.i == 0:
		return TabStop
	}
	return ByPress
}

func (r radio) text() string { return r.group.Options[r.i] }

func (r radio) Layout(e *Element, c Constraints) geom.Size { return markedLayout(e, c, r.text(), mark) }

func (r radio) Paint(e *Element, p *Painter) {
	box := e.Mirror(geom.XYWH(0, (e.size.H-mark)/2, mark, mark))
	fill, border, ink := markColours(e, r.on(), r.group.Disabled)
	p.Frame(box, mark/2, fill, border)
	if r.on() {
		p.Disc(box.Inset(5), ink)
	}
	if e.FocusShown() {
		p.Ring(box, mark/2)
	}
	paintBeside(e, p, r.text(), mark, r.group.Disabled)
}

func (r radio) Handle(e *Element, ev Event) bool {
	if k, ok := ev.(*Keystroke); ok && k.Sym != KeySpace {
		return false
	}
	return !r.group.Disabled && e.State().(*press).handle(e, ev, func() { r.group.choose(e.parent, r.i) })
}

func (r radio) Describe(_ *Element, i *Info) {
	describeToggle(i, RoleRadio, "", r.text(), r.on(), r.group.Disabled)
	i.Index, i.Count = r.i+1, len(r.group.Options)
}

func (r radio) Act(e *Element, a Action, _ string) bool {
	if a != DoActivate || r.group.Disabled {
		return false
	}
	r.group.choose(e.parent, r.i)
	return true
}
