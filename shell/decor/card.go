package decor

import (
	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/glyph"
	"rayos/internal/vector"
	"rayos/shell/theme"
)

// Card is what a window of a machine shows that has nothing to show by itself:
// what it is called, what has happened, and the one thing to do about it.
type Card struct {
	Name   string // the machine's
	State  string // "Stopped"
	Detail string // why; may be empty
	Action string // on the button; without it there is none
	Trust  theme.Trust
	Hover  bool // the pointer is on the card, all of which is the button
	Scale  geom.Scale
	Scheme theme.Scheme
}

// CardSize is a card's, logical.
var CardSize = geom.Size{W: 360, H: 164}

// Places in a card, logical.
const (
	cardButtonH = 32
	cardButtonW = 132
)

// Card draws a card: premultiplied ARGB8888 of the physical size of CardSize.
// The pixels are the caller's.
func (r *Renderer) Card(d *Card) render.Pixels {
	scale := max(d.Scale, 1)
	size := scale.ApplyRect(CardSize.Rect()).Size()
	px := render.NewPixels(max(size.W, 1), max(size.H, 1), render.ARGB8888)
	pal := theme.For(d.Scheme)
	p := pen{scale}
	clip := px.Size().Rect()
	fill := func(x0, y0, x1, y1, radius geom.Fixed, c render.Color) {
		r.path.Reset()
		r.path.RoundRect(x0, y0, x1, y1, radius)
		r.raster.Fill(&px, clip, &r.path, vector.Solid(c))
	}
	w, h := vector.Px(px.W), vector.Px(px.H)
	fill(0, 0, w, h, p.u(theme.RadiusWindow), pal.Outline)
	one := p.u(1)
	fill(one, one, w-one, h-one, p.u(theme.RadiusWindow)-one, pal.Surface2)

	left := p.u(theme.Space5)
	r.path.Reset()
	r.path.Circle(vector.Pt(left+p.u(4), p.u(36)), p.u(4))
	r.raster.Fill(&px, clip, &r.path, vector.Solid(pal.Trust[d.Trust]))
	line := func(f glyph.Font, em, top, bottom int32, x geom.Fixed, c render.Color, s string) {
		style := glyph.Scaled(f, em, scale)
		s = r.text.Ellipsise(style, glyph.Clean(s), w-left-x, glyph.End)
		r.text.Draw(&px, clip, style, x, r.text.Baseline(style, scale.Apply(top), scale.Apply(bottom)), c, s)
	}
	line(glyph.SansBold, theme.Heading, 24, 48, left+p.u(theme.Space4), pal.Text1, d.Name)
	state := pal.Text2
	line(glyph.Sans, theme.Body, 50, 70, left, state, d.State)
	line(glyph.Sans, theme.Caption, 70, 90, left, pal.Text3, d.Detail)
	if d.Action == "" {
		return px
	}
	back := pal.Accent
	if d.Hover {
		back = vector.Mix(pal.Accent, pal.Text1, 40)
	}
	top := p.u(CardSize.H - theme.Space5 - cardButtonH)
	fill(snap(left), snap(top), snap(left+p.u(cardButtonW)), snap(top+p.u(cardButtonH)), p.u(theme.RadiusControl), back)
	style := glyph.Scaled(glyph.SansBold, theme.Body, scale)
	text := r.text.Ellipsise(style, glyph.Clean(d.Action), p.u(cardButtonW-2*theme.Space2), glyph.End)
	x := left + (p.u(cardButtonW)-r.text.Measure(style, text))/2
	base := r.text.Baseline(style, scale.Apply(CardSize.H-theme.Space5-cardButtonH), scale.Apply(CardSize.H-theme.Space5))
	r.text.Draw(&px, clip, style, x, base, pal.OnAccent, text)
	return px
}
