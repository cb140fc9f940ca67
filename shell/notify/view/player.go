package view

import (
	"rayos/geom"
	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
)

// playerCard shows what plays, with its keys.
func playerCard(p *Player, act Actions, th *theme.Theme) ui.Node {
	art := ui.Node(ui.Surface{Fill: th.Surface3, Radius: theme.RadiusControl, Child: ui.Sized{
		W: artSize, H: artSize, Child: ui.Centred(ui.Icon{Name: icon.Volume, Size: theme.IconLarge, Color: th.Text2}),
	}})
	if p.Art != nil {
		art = ui.Image{Image: p.Art, W: artSize, H: artSize, Fit: ui.Cover, Radius: theme.RadiusControl}
	}
	title := p.Title
	if title == "" {
		title = p.Name
	}
	words := ui.Nodes{ui.Label{Text: title, Bold: true, Lines: 1}}
	if p.Artist != "" {
		words = append(words, ui.Label{Text: p.Artist, Lines: 1, Color: th.Text2})
	}
	words = append(words, ui.Label{Text: p.Name, Size: theme.Caption, Lines: 1, Color: th.Text2})
	play, name := icon.Play, lang.T("Play")
	if p.Playing {
		play, name = icon.Pause, lang.T("Pause")
	}
	key := func(i icon.Name, name string, can bool, k Key) ui.Node {
		b := ui.IconButton(i, name, func() { act.Player(k) })
		b.Disabled = !can
		return b
	}
	return ui.Labelled{Name: lang.T("Player"), Child: ui.Surface{
		Fill: th.Surface1, Outline: true, Radius: theme.RadiusPopover, Insets: ui.All(theme.Space2),
		Child: ui.Row{Gap: theme.Space3, Align: ui.Centre, Children: ui.Nodes{
			art,
			ui.Expand{Child: ui.Column{Align: ui.Stretch, Children: words}},
			tape{ui.Nodes{
				key(icon.Previous, lang.T("Previous"), p.CanPrevious, Previous), key(play, name, p.CanPlay, PlayPause), key(icon.Next, lang.T("Next"), p.CanNext, Next),
			}},
		}},
	}}
}

const artSize = 56

// tape is a row that runs from left to right wherever text does, as tapes did.
type tape struct{ keys ui.Nodes }

// Build implements ui.Parent.
func (t tape) Build(*ui.Element) []ui.Node { return t.keys }

// Layout implements ui.Node.
func (tape) Layout(e *ui.Element, c ui.Constraints) geom.Size {
	var s geom.Size
	for _, k := range e.Children() {
		ks := k.Layout(c.Loosen())
		s.W, s.H = s.W+ks.W, max(s.H, ks.H)
	}
	x := int32(0)
	for _, k := range e.Children() {
		at := x
		if e.RTL() {
			at = s.W - x - k.Size().W
		}
		k.Place(at, 0)
		x += k.Size().W
	}
	return s
}

// Paint implements ui.Node.
func (tape) Paint(*ui.Element, *ui.Painter) {}
