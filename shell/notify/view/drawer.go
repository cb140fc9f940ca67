package view

import (
	"fmt"

	"rayos/geom"
	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
	"rayos/shell/notify"
)

// Drawer shows what is shown and what was, by program.
type Drawer struct {
	Theme *theme.Theme
	Act   Actions
	Icons Icons // may be nil

	shown, past []*notify.Notification
	quiet       bool
	absent      string // why no program can send anything, "" if one can
	player      *Player
	pics        pictures
}

// Show makes these what is shown; the lists have the oldest first and are
// copied. absent says why no notification comes, if none does.
func (d *Drawer) Show(shown, past []*notify.Notification, quiet bool, absent string, player *Player) {
	if d.pics == nil {
		d.pics = pictures{}
	}
	d.shown, d.past = append(d.shown[:0], shown...), append(d.past[:0], past...)
	d.quiet, d.absent, d.player = quiet, absent, player
	d.pics.keep(d.shown)
}

// Place returns where the drawer is on an output, above a bar of a height.
func (d *Drawer) Place(area geom.Rect, rtl bool, bar int32) geom.Rect {
	w := min(DrawerWidth, area.W()-2*margin)
	x := area.X1 - margin - w
	if rtl {
		x = area.X0 + margin
	}
	return geom.Rect{X0: x, Y0: area.Y0 + margin, X1: x + w, Y1: area.Y1 - bar - margin}
}

// View describes the drawer on a root as large as the output, above a bar.
func (d *Drawer) View(bar int32) ui.Node {
	return ui.Aligned{X: ui.End, Y: ui.Stretch, Child: ui.Padding{
		Insets: ui.Insets{Top: margin, End: margin, Bottom: bar + margin, Start: margin},
		Child:  ui.Sized{W: DrawerWidth, Child: ui.Labelled{Name: lang.T("Notifications"), Role: ui.RolePanel, Child: face{d.content()}}},
	}}
}

func (d *Drawer) content() ui.Node {
	kids := ui.Nodes{d.head()}
	if d.player != nil {
		kids = append(kids, ui.Key("player", ui.Padding{Insets: ui.Sides(theme.Space4, theme.Space1), Child: playerCard(d.player, d.Act, d.Theme)}))
	}
	list := groups(d.shown, d.past)
	if len(list) == 0 {
		return ui.Column{Align: ui.Stretch, Children: append(kids, ui.Expand{Child: d.nothing()})}
	}
	rows := ui.Nodes{}
	if d.absent != "" {
		rows = append(rows, ui.Label{Text: d.absent, Size: theme.Caption, Color: d.Theme.Text2})
	}
	for i := range list {
		g := &list[i]
		rows = append(rows, ui.Key("name "+g.name, ui.Padding{
			Insets: ui.Insets{Top: theme.Space2, Start: theme.Space1},
			Child:  ui.Label{Text: g.name, Size: theme.Caption, Bold: true, Lines: 1, Color: d.Theme.Text2, Level: 3},
		}))
		for _, n := range g.list {
			rows = append(rows, ui.Key(fmt.Sprint(n.ID), card{n: n, act: d.Act, live: d.live(n), pics: d.pics, icons: d.Icons, th: d.Theme}))
		}
	}
	return ui.Column{Align: ui.Stretch, Children: append(kids, ui.Expand{Child: ui.ScrollView{Name: lang.T("Notifications"), Child: ui.Padding{
		Insets: ui.Insets{End: theme.Space4, Bottom: theme.Space4, Start: theme.Space4},
		Child:  ui.Column{Gap: theme.Space2, Align: ui.Stretch, Children: rows},
	}}}, d.foot())}
}

// live reports whether the program of a notification hears of its actions.
func (d *Drawer) live(n *notify.Notification) bool {
	for _, s := range d.shown {
		if s == n {
			return true
		}
	}
	return false
}

func (d *Drawer) head() ui.Node {
	return ui.Padding{
		Insets: ui.Insets{Top: theme.Space3, End: theme.Space4, Bottom: theme.Space2, Start: theme.Space4},
		Child: ui.Row{Align: ui.Centre, Gap: theme.Space2, Children: ui.Nodes{
			ui.Expand{Child: ui.Heading(lang.T("Notifications"))},
			ui.Label{Text: lang.T("Do not disturb"), Color: d.Theme.Text2, Lines: 1},
			ui.Switch{Name: lang.T("Do not disturb"), On: d.quiet, OnChange: d.Act.Quiet},
		}},
	}
}

// foot has what can't be undone, and so comes last.
func (d *Drawer) foot() ui.Node {
	return ui.Column{Align: ui.Stretch, Children: ui.Nodes{
		ui.Divider{},
		ui.Padding{Insets: ui.All(theme.Space2), Child: ui.Aligned{X: ui.End, Child: ui.Button{
			Text: lang.T("Clear all"), Icon: icon.Trash, Tone: ui.Quiet, OnPress: d.Act.Clear,
		}}},
	}}
}

func (d *Drawer) nothing() ui.Node {
	text, sign := lang.T("Nothing new"), icon.Bell
	if d.quiet {
		text, sign = lang.T("Only what is urgent is shown"), icon.BellOff
	}
	kids := ui.Nodes{
		ui.Icon{Name: sign, Size: theme.IconLarge, Color: d.Theme.Text3},
		ui.Label{Text: text, Color: d.Theme.Text2, Align: ui.Centre},
	}
	if d.absent != "" {
		kids = append(kids, ui.Sized{MaxW: 280, Child: ui.Label{Text: d.absent, Size: theme.Caption, Color: d.Theme.Text2, Align: ui.Centre}})
	}
	return ui.Centred(ui.Column{Gap: theme.Space2, Align: ui.Centre, Children: kids})
}

// face is the surface of the drawer.
type face struct{ child ui.Node }

// Build implements ui.Parent.
func (f face) Build(*ui.Element) []ui.Node { return []ui.Node{f.child} }

// Layout implements ui.Node.
func (f face) Layout(e *ui.Element, c ui.Constraints) geom.Size {
	s := geom.Size{W: c.MaxW, H: c.MaxH}
	e.Clip()
	e.Child(0).Layout(ui.Tight(s))
	e.Child(0).Place(0, 0)
	return s
}

// Paint implements ui.Node.
func (face) Paint(e *ui.Element, p *ui.Painter) { p.Popover(e.Box(), theme.RadiusPopover) }

// Handle implements ui.Handler: presses don't reach what is below.
func (face) Handle(_ *ui.Element, ev ui.Event) bool {
	p, ok := ev.(*ui.Pointer)
	return ok && p.Kind == ui.PointerPress
}
