package ui

import (
	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/text"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
)

// Label is text to read. It wraps where it is wider than its place.
type Label struct {
	Text string
	// Size is one of the theme's type sizes; 0 is theme.Body.
	Size int32
	Bold bool
	Mono bool
	// Tabular gives digits one width, for clocks and columns.
	Tabular bool
	// Color is Theme.Text1 if 0.
	Color render.Color
	// Lines is how many there may be, what is beyond becomes an ellipsis; 0
	// is any number.
	Lines int
	Align Align
	// Level makes it a heading, from 1.
	Level int
}

// Heading returns a heading of the second size.
func Heading(s string) Label { return Label{Text: s, Size: theme.Heading, Bold: true, Level: 2} }

// Title returns a heading of the first size.
func Title(s string) Label { return Label{Text: s, Size: theme.Title, Bold: true, Level: 1} }

func (l Label) paragraph(e *Element, width int32) text.Paragraph {
	st := style(l.Size, text.Regular)
	if l.Bold {
		st.Weight = text.SemiBold
	}
	if l.Mono {
		st.Family = text.Mono
	}
	st.Tabular = l.Tabular
	s := tame(l.Text, maxWords)
	if l.Lines == 1 {
		s = oneLine(tame(s, maxLine))
	}
	return text.Paragraph{Text: s, Style: st, Width: text.Px(width), MaxLines: l.Lines, Align: e.edge(l.Align)}
}

// Layout implements Node.
func (l Label) Layout(e *Element, c Constraints) geom.Size {
	p := l.paragraph(e, 0)
	lay := e.Fonts().Layout(&p)
	if w := c.MaxW; ceil(lay.Advance()) > w || l.Lines > 0 && len(lay.Lines()) > l.Lines {
		p.Width = text.Px(min(max(w, 1), 1<<14))
		lay = e.Fonts().Layout(&p)
	}
	e.SetBaseline(base(lay))
	return geom.Size{W: ceil(lay.Advance()), H: high(lay)}
}

// Paint implements Node.
func (l Label) Paint(e *Element, p *Painter) {
	c := l.Color
	if c == 0 {
		c = e.Theme().Text1
	}
	para := l.paragraph(e, e.size.W)
	p.Text(e.Fonts().Layout(&para), 0, 0, c)
}

// Describe implements Describer.
func (l Label) Describe(_ *Element, i *Info) {
	i.Role, i.Name = RoleLabel, tame(l.Text, maxWords)
	if l.Level > 0 {
		i.Role, i.Level = RoleHeading, l.Level
	}
}

// Icon is a picture of the set.
type Icon struct {
	Name icon.Name
	// Size is 16, 20 or 24; 0 is 16.
	Size int32
	// Color is Theme.Text2 if 0.
	Color render.Color
	// Label says what it means, if nothing beside it does.
	Label string
}

func (i Icon) size() int32 {
	if i.Size <= 0 {
		return theme.IconSmall
	}
	return i.Size
}

// Layout implements Node.
func (i Icon) Layout(*Element, Constraints) geom.Size { return geom.Size{W: i.size(), H: i.size()} }

// Paint implements Node.
func (i Icon) Paint(e *Element, p *Painter) {
	c := i.Color
	if c == 0 {
		c = e.Theme().Text2
	}
	p.Icon(i.Name, i.size(), e.Box(), c)
}

// Describe implements Describer.
func (i Icon) Describe(_ *Element, in *Info) {
	if i.Label != "" {
		in.Role, in.Name = RoleImage, i.Label
	}
}
