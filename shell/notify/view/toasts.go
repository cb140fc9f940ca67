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

// Toasts are what is shown over windows, at the end of the top edge.
type Toasts struct {
	Theme *theme.Theme
	Act   Actions
	Icons Icons // may be nil

	list []*notify.Notification
	more int
	pics pictures
	size geom.Size
}

// margin is how far toasts and the drawer are from the edges.
const margin = theme.Space3

// Show makes these what is shown; shown has the oldest first.
func (t *Toasts) Show(shown []*notify.Notification) {
	if t.pics == nil {
		t.pics = pictures{}
	}
	t.list, t.more = top(shown)
	t.pics.keep(t.list)
}

// Empty reports whether there is nothing to show.
func (t *Toasts) Empty() bool { return len(t.list) == 0 }

// Place returns where the toasts are on an output, as the last layout of View
// has them. area is the output's, in any coordinates.
func (t *Toasts) Place(area geom.Rect, rtl bool) geom.Rect {
	size := geom.Size{W: max(t.size.W, 1), H: max(t.size.H, 1)} // there has been no layout before the first place
	x := area.X1 - margin - size.W
	if rtl {
		x = area.X0 + margin
	}
	return geom.XYWH(x, area.Y0+margin, size.W, size.H)
}

// View describes them, on a root as large as the output.
func (t *Toasts) View() ui.Node {
	kids := make(ui.Nodes, 0, len(t.list)+1)
	for _, n := range t.list {
		kids = append(kids, ui.Key(fmt.Sprint(n.ID), card{n: n, act: t.Act, toast: true, live: true, pics: t.pics, icons: t.Icons, th: t.Theme}))
	}
	if t.more > 0 {
		kids = append(kids, ui.Key("more", ui.Aligned{X: ui.Centre, Child: more{ui.Button{
			Text: lang.N("{n} more", "{n} more", t.more), Icon: icon.Bell, OnPress: t.Act.Open,
		}}}))
	}
	return ui.Aligned{X: ui.End, Y: ui.Start, Child: ui.Pad(margin, ui.Labelled{
		Name: lang.T("Notifications"), Child: sized{&t.size, ui.Sized{W: Width, Child: ui.Column{Gap: theme.Space2, Align: ui.Stretch, Children: kids}}},
	})}
}

// sized tells how large its child is.
type sized struct {
	size  *geom.Size
	child ui.Node
}

// Build implements ui.Parent.
func (s sized) Build(*ui.Element) []ui.Node { return []ui.Node{s.child} }

// Layout implements ui.Node.
func (s sized) Layout(e *ui.Element, c ui.Constraints) geom.Size {
	*s.size = e.Child(0).Layout(c)
	e.Child(0).Place(0, 0)
	return *s.size
}

// Paint implements ui.Node.
func (sized) Paint(*ui.Element, *ui.Painter) {}

// more is a button that floats.
type more struct{ child ui.Node }

// Build implements ui.Parent.
func (m more) Build(*ui.Element) []ui.Node { return []ui.Node{m.child} }

// Layout implements ui.Node.
func (m more) Layout(e *ui.Element, c ui.Constraints) geom.Size {
	s := e.Child(0).Layout(c)
	e.Child(0).Place(0, 0)
	return s
}

// Paint implements ui.Node.
func (more) Paint(e *ui.Element, p *ui.Painter) { p.Popover(e.Box(), theme.RadiusControl) }
