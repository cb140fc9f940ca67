package ui

import (
	"rayos/geom"
	"rayos/rayapps/ui/icon"
)

// Choice is a choice of one from several that are to be seen while it is open.
type Choice struct {
	Name     string
	Options  []string
	Selected int // none if negative
	// Hint is shown where nothing is chosen.
	Hint     string
	Disabled bool
	OnChange func(i int)
}

// Build implements Parent.
func (c Choice) Build(e *Element) []Node {
	items := make([]MenuItem, len(c.Options))
	for i, o := range c.Options {
		items[i] = MenuItem{Text: o, Check: true, Checked: i == c.Selected, OnPress: func() { c.choose(e, i) }}
	}
	return []Node{MenuButton{
		Button: Button{Text: c.text(), Trailing: icon.ChevronDown, Name: c.Name, Description: c.text(), Disabled: c.Disabled, apart: true},
		Items:  items,
	}}
}

func (c Choice) text() string {
	if c.Selected < 0 || c.Selected >= len(c.Options) {
		return c.Hint
	}
	return c.Options[c.Selected]
}

func (c Choice) choose(e *Element, i int) {
	if i != c.Selected && c.OnChange != nil {
		e.Call(func() { c.OnChange(i) })
	}
}

// Layout implements Node.
func (Choice) Layout(e *Element, c Constraints) geom.Size { return e.layoutOnly(c) }

// Paint implements Node.
func (Choice) Paint(*Element, *Painter) {}

func (Choice) passes() bool { return true }
