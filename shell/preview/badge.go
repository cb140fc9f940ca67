package preview

import (
	"rayos/geom"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
	trust "rayos/shell/theme"
)

// Badge is the icon of an application, or its first letter in the colour of its
// trust. Only what is the session's own has its icon: what comes from elsewhere
// could have any.
type Badge struct{ Window Window }

// IconSize is the edge of an icon in logical pixels.
const IconSize = 20

// pictured reports whether the badge is an icon.
func (b Badge) pictured() bool { return b.Window.Icon != nil && b.Window.Trust == trust.Session }

// Build implements ui.Parent.
func (b Badge) Build(e *ui.Element) []ui.Node {
	if b.pictured() {
		return []ui.Node{ui.Image{Image: b.Window.Icon, W: IconSize, H: IconSize, Fit: ui.Contain}}
	}
	return []ui.Node{ui.Label{Text: b.Window.letter(), Size: theme.Caption, Bold: true, Color: e.Theme().Text1}}
}

// Layout implements ui.Node.
func (b Badge) Layout(e *ui.Element, _ ui.Constraints) geom.Size {
	s := e.Child(0).Layout(ui.Loose(geom.Size{W: IconSize, H: IconSize}))
	e.Child(0).Place((IconSize-s.W)/2, (IconSize-s.H)/2)
	return geom.Size{W: IconSize, H: IconSize}
}

// Paint implements ui.Node.
func (b Badge) Paint(e *ui.Element, p *ui.Painter) {
	if b.pictured() {
		return
	}
	th := e.Theme()
	fill := th.Surface1
	if b.Window.Trust != trust.Session {
		fill = theme.Mix(th.Surface3, b.Window.colour(th), 90)
	}
	p.Frame(e.Box(), theme.RadiusSmall, fill, th.Outline)
}

// Describe implements ui.Describer: the card says it all.
func (Badge) Describe(*ui.Element, *ui.Info) {}
