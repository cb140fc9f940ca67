package taskbar

import (
	"rayos/geom"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
)

// face is what a task shows: a picture, a number, a title. Where there is no
// room for a word of the title it is left out, and then the number.
type face struct {
	lead, pill, label ui.Node // the second may be nil
}

// titleLeast is the width from which a title says something.
const titleLeast = 32

// Build implements ui.Parent.
func (f face) Build(*ui.Element) []ui.Node {
	if f.pill == nil {
		return []ui.Node{f.lead, f.label}
	}
	return []ui.Node{f.lead, f.label, f.pill}
}

// Layout implements ui.Node.
func (f face) Layout(e *ui.Element, c ui.Constraints) geom.Size {
	e.Clip()
	kids := e.Children()
	most := max(c.MaxW-2*theme.Space2, 0)
	got := kids[0].Layout(ui.Constraints{MaxW: most, MaxH: c.MaxH})
	row := []*ui.Element{kids[0]}
	sizes, x := []geom.Size{got}, got.W
	if len(kids) > 2 {
		got = kids[2].Layout(ui.Constraints{MaxW: most, MaxH: c.MaxH})
		if x+theme.Space1+got.W <= most {
			row, sizes, x = append(row, kids[2]), append(sizes, got), x+theme.Space1+got.W
		} else {
			kids[2].Place(0, Height) // below the bar, where nothing is to be seen
		}
	}
	room := most - x - theme.Space2
	got = kids[1].Layout(ui.Constraints{MaxW: max(room, titleLeast), MaxH: c.MaxH})
	if room >= min(titleLeast, got.W) {
		row, sizes = append(row, kids[1]), append(sizes, got)
	} else {
		kids[1].Place(0, Height)
	}
	s := geom.Size{W: 2 * theme.Space2, H: c.MinH}
	for i, z := range sizes {
		s.W, s.H = s.W+z.W, max(s.H, z.H)
		if i > 0 {
			s.W += f.gap(row[i] == kids[1])
		}
	}
	s.W = min(max(s.W, c.MinW), c.MaxW)
	x = theme.Space2
	if len(row) == 1 {
		x = (s.W - sizes[0].W) / 2
	}
	for i, k := range row {
		if i > 0 {
			x += f.gap(k == kids[1])
		}
		k.Place(x, (s.H-sizes[i].H)/2)
		x += sizes[i].W
	}
	return s
}

// gap is the space before the title, or the number.
func (face) gap(title bool) int32 {
	if title {
		return theme.Space2
	}
	return theme.Space1
}

// Paint implements ui.Node.
func (face) Paint(*ui.Element, *ui.Painter) {}
