package decor

import (
	"strings"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/vector"
	"rayos/rayapps/text"
	"rayos/shell/line"
	"rayos/shell/theme"
)

// Card is what a window of a machine shows that has nothing to show by itself:
// what it is called, what has happened, and the one thing to do about it.
type Card struct {
	Name   string // the machine's
	State  string // "Off"
	Detail string // why; may be empty
	Action string // on the button; without it there is none
	Trust  theme.Trust
	Bad    bool // something has gone wrong
	Hover  bool // the pointer is on the card, all of which is the button
	Focus  bool // Enter does what the button says
	RTL    bool // it is read from right to left
	Scale  geom.Scale
	Scheme theme.Scheme
}

// CardWidth is a card's width, logical. Its height is that of what it says.
const CardWidth = 400

// Places in a card, logical.
const (
	cardPad     = theme.Space5
	cardName    = 24 // heights of lines
	cardState   = 20
	cardDetail  = 18
	cardDetails = 3 // lines at most
	cardGap     = theme.Space4
	cardButtonH = 32
	cardButtonW = 132
)

// Card draws a card: premultiplied ARGB8888 of the physical size of the logical
// one that is returned. The pixels are the caller's.
func (r *Renderer) Card(d *Card) (render.Pixels, geom.Size) {
	scale := max(d.Scale, 1)
	p := pen{scale}
	caption := p.style(text.Regular, theme.Caption)
	why := r.wrap(caption, line.Clean(d.Detail), p.u(CardWidth-2*cardPad), cardDetails)
	logical := geom.Size{W: CardWidth, H: 2*cardPad + cardName + cardState}
	if len(why) > 0 {
		logical.H += theme.Space2 + int32(len(why))*cardDetail
	}
	button := logical.H - cardPad + cardGap
	if d.Action != "" {
		logical.H += cardGap + cardButtonH
	}
	size := scale.ApplyRect(logical.Rect()).Size()
	px := render.NewPixels(max(size.W, 1), max(size.H, 1), render.ARGB8888)
	c := cardCanvas{Renderer: r, px: &px, clip: px.Size().Rect(), pen: p, pal: theme.For(d.Scheme), rtl: d.RTL}
	w, h := vector.Px(px.W), vector.Px(px.H)
	one := max(snap(p.u(1)), 256)
	c.fill(0, 0, w, h, p.u(theme.RadiusWindow), c.pal.Outline)
	c.fill(one, one, w-one, h-one, p.u(theme.RadiusWindow)-one, c.pal.Surface2)

	y := int32(cardPad)
	r.path.Reset()
	r.path.Circle(vector.Pt(c.across(p.u(cardPad+4), 0), p.u(y+cardName/2)), p.u(4))
	r.raster.Fill(&px, c.clip, &r.path, vector.Solid(c.pal.Trust[d.Trust]))
	c.say(p.style(text.SemiBold, theme.Heading), y, cardName, theme.Space4, c.pal.Text1, line.Clean(d.Name))
	y += cardName
	state := c.pal.Text2
	if d.Bad {
		state = c.pal.Bad
	}
	c.say(p.style(text.Regular, theme.Body), y, cardState, 0, state, line.Clean(d.State))
	y += cardState + theme.Space2
	for _, part := range why {
		c.say(caption, y, cardDetail, 0, c.pal.Text3, part)
		y += cardDetail
	}
	if d.Action != "" {
		c.button(d, button)
	}
	return px, logical
}

// cardCanvas is a card being drawn.
type cardCanvas struct {
	*Renderer
	pen
	px   *render.Pixels
	clip geom.Rect
	pal  *theme.Palette
	rtl  bool
}

// across is where something of a width begins that is x from the edge where
// lines begin.
func (c *cardCanvas) across(x, width geom.Fixed) geom.Fixed {
	if c.rtl {
		return c.u(CardWidth) - x - width
	}
	return x
}

func (c *cardCanvas) fill(x0, y0, x1, y1, radius geom.Fixed, color render.Color) {
	c.path.Reset()
	c.path.RoundRect(x0, y0, x1, y1, radius)
	c.raster.Fill(c.px, c.clip, &c.path, vector.Solid(color))
}

// say writes a line of a height at y, indented, all logical.
func (c *cardCanvas) say(s line.Style, y, height, indent int32, color render.Color, said string) {
	x := c.u(cardPad + indent)
	said = c.text.Fit(s, said, c.u(CardWidth-cardPad)-x, line.End)
	c.text.Draw(c.px, c.clip, s, c.across(x, c.text.Measure(s, said)), c.text.Baseline(s, c.scale.Apply(y), c.scale.Apply(y+height)), color, said)
}

// button draws the one thing to do at y.
func (c *cardCanvas) button(d *Card, y int32) {
	left := c.across(c.u(cardPad), c.u(cardButtonW))
	x0, y0, x1, y1 := snap(left), snap(c.u(y)), snap(left+c.u(cardButtonW)), snap(c.u(y+cardButtonH))
	radius := c.u(theme.RadiusControl)
	if d.Focus {
		out, in := c.u(theme.FocusOffset+theme.FocusRing), c.u(theme.FocusOffset)
		c.fill(x0-out, y0-out, x1+out, y1+out, radius+out, c.pal.Accent)
		c.fill(x0-in, y0-in, x1+in, y1+in, radius+in, c.pal.Surface2)
	}
	back := c.pal.Accent
	if d.Hover {
		back = vector.Mix(c.pal.Accent, c.pal.Text1, 40)
	}
	c.fill(x0, y0, x1, y1, radius, back)
	style := c.style(text.SemiBold, theme.Body)
	action := c.text.Fit(style, line.Clean(d.Action), x1-x0-2*c.u(theme.Space2), line.End)
	x := x0 + (x1-x0-c.text.Measure(style, action))/2
	c.text.Draw(c.px, c.clip, style, x, c.text.Baseline(style, y0.Int(), y1.Int()), c.pal.OnAccent, action)
}

// wrap breaks text between words into at most so many lines.
func (r *Renderer) wrap(s line.Style, said string, width geom.Fixed, most int) []string {
	var lines []string
	for said != "" {
		if len(lines) == most-1 {
			return append(lines, r.text.Fit(s, said, width, line.End))
		}
		part := said
		for r.text.Measure(s, part) > width {
			i := strings.LastIndexByte(part, ' ')
			if i < 0 { // a word that is wider than the card
				return append(lines, r.text.Fit(s, said, width, line.End))
			}
			part = part[:i]
		}
		lines = append(lines, part)
		said = strings.TrimPrefix(said[len(part):], " ")
	}
	return lines
}
