package view

import (
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
	play, name := icon.Play, "Play"
	if p.Playing {
		play, name = icon.Pause, "Pause"
	}
	key := func(i icon.Name, name string, can bool, k Key) ui.Node {
		b := ui.IconButton(i, name, func() { act.Player(k) })
		b.Disabled = !can
		return b
	}
	return ui.Labelled{Name: "Player", Child: ui.Surface{
		Fill: th.Surface1, Outline: true, Radius: theme.RadiusPopover, Insets: ui.All(theme.Space2),
		Child: ui.Row{Gap: theme.Space3, Align: ui.Centre, Children: ui.Nodes{
			art,
			ui.Expand{Child: ui.Column{Align: ui.Stretch, Children: words}},
			ui.Row{Children: ui.Nodes{
				key(icon.Previous, "Previous", p.CanPrevious, Previous), key(play, name, p.CanPlay, PlayPause), key(icon.Next, "Next", p.CanNext, Next),
			}},
		}},
	}}
}

const artSize = 56
