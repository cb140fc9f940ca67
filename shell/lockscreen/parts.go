package lockscreen

import (
	"rayos/geom"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
)

// card is a raised ground with room around its child.
type card struct{ child ui.Node }

// Build implements ui.Parent.
func (c card) Build(*ui.Element) []ui.Node { return []ui.Node{ui.Pad(theme.Space5, c.child)} }

// Layout implements ui.Node.
func (card) Layout(e *ui.Element, c ui.Constraints) geom.Size {
	s := e.Child(0).Layout(c)
	e.Child(0).Place(0, 0)
	return s
}

// Paint implements ui.Node.
func (card) Paint(e *ui.Element, p *ui.Painter) { p.Popover(e.Box(), theme.RadiusPrompt) }

// portrait stands for a person without a picture.
type portrait struct{}

const portraitSize = 40

// Layout implements ui.Node.
func (portrait) Layout(*ui.Element, ui.Constraints) geom.Size {
	return geom.Size{W: portraitSize, H: portraitSize}
}

// Paint implements ui.Node.
func (portrait) Paint(e *ui.Element, p *ui.Painter) {
	th := e.Theme()
	p.Disc(e.Box(), theme.Fade(th.Accent, 60))
	p.Icon(icon.User, theme.IconLarge, e.Box(), th.Text1)
}

// verdict is a line that screen readers say when it changes.
type verdict struct {
	words string
	bad   bool
}

// Build implements ui.Parent.
func (v verdict) Build(e *ui.Element) []ui.Node {
	ink := e.Theme().Text2
	if v.bad {
		ink = e.Theme().Bad
	}
	return []ui.Node{ui.Label{Text: v.words, Color: ink, Lines: 2}}
}

// Layout implements ui.Node.
func (verdict) Layout(e *ui.Element, c ui.Constraints) geom.Size {
	s := e.Child(0).Layout(c)
	e.Child(0).Place(0, 0)
	return s
}

// Paint implements ui.Node.
func (verdict) Paint(*ui.Element, *ui.Painter) {}

// Describe implements ui.Describer.
func (v verdict) Describe(_ *ui.Element, i *ui.Info) {
	if v.words != "" {
		i.Role, i.Name = ui.RoleAlert, v.words
	}
}
