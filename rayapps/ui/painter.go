package ui

import (
	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/paint"
	"rayos/rayapps/text"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
)

// Painter draws an element. Rectangles are in logical pixels from the top-left
// corner of the element, as Element.Mirror returns them.
type Painter struct {
	root *Root
	clip geom.Rect // what can be seen, in coordinates of the root
}

// paint draws the whole tree into the root's builder.
func (p *Painter) paint() {
	r := p.root
	r.builder.Reset(nil)
	p.clip = r.size.Rect()
	p.element(r.top, geom.Point{})
	for _, l := range r.layers {
		if r.popupOf(l) == nil {
			p.clip = r.size.Rect()
			p.element(l, geom.Point{})
		}
	}
}

// popup draws a popup into the root's builder, from the corner of its margin.
func (p *Painter) popup(k *Popup) {
	b := &p.root.builder
	b.Reset(nil)
	p.clip = k.Rect
	b.PushOffset(geom.FixedPt(k.Margin-k.Rect.X0, k.Margin-k.Rect.Y0))
	p.element(k.layer, geom.Point{})
}

// element draws e and what is in it. Its parent lies at origin.
func (p *Painter) element(e *Element, origin geom.Point) {
	off := e.offset()
	at := origin.Add(off)
	box := e.size.Rect().Add(at)
	if e.clip && !box.Overlaps(p.clip) {
		return
	}
	b := &p.root.builder
	b.PushOffset(geom.FixedPt(off.X, off.Y))
	e.node.Paint(e, p)
	before := p.clip
	if e.clip {
		p.clip = p.clip.Intersect(box)
		b.PushClip(e.Box().Fixed())
	}
	for _, k := range e.children {
		if k.layer || before != p.root.size.Rect() && !p.near(k, at) {
			continue
		}
		p.element(k, at)
	}
	if e.clip {
		p.clip = before
		b.Pop()
	}
	if o, ok := e.node.(Overpainter); ok {
		o.PaintOver(e, p)
	}
	b.Pop()
}

// near reports whether an element, or a ring around it, can be seen.
func (p *Painter) near(e *Element, origin geom.Point) bool {
	return e.size.Rect().Add(origin.Add(e.offset())).Inset(-2 * (theme.FocusRing + theme.FocusOffset)).Overlaps(p.clip)
}

// Builder returns what everything is drawn into, for commands that Painter has
// no name for. Its origin is the corner of the element.
func (p *Painter) Builder() *paint.Builder { return &p.root.builder }

// Fill fills a rectangle.
func (p *Painter) Fill(r geom.Rect, c render.Color) { p.root.builder.Fill(r.Fixed(), c) }

// Round fills a rectangle with rounded corners.
func (p *Painter) Round(r geom.Rect, radius int32, c render.Color) {
	p.root.builder.Box(r.Fixed(), paint.Box{Radii: paint.Round(text.Px(radius)), Fill: c})
}

// Frame fills a rectangle with rounded corners and a border of one pixel.
func (p *Painter) Frame(r geom.Rect, radius int32, fill, border render.Color) {
	p.root.builder.Box(r.Fixed(), paint.Box{Radii: paint.Round(text.Px(radius)), Fill: fill, Border: border, Width: text.Px(1)})
}

// Border draws a border with rounded corners inside of a rectangle.
func (p *Painter) Border(r geom.Rect, radius, width int32, c render.Color) {
	p.root.builder.Box(r.Fixed(), paint.Box{Radii: paint.Round(text.Px(radius)), Border: c, Width: text.Px(width)})
}

// Disc fills a circle around the middle of a rectangle, as wide as it is high.
func (p *Painter) Disc(r geom.Rect, c render.Color) {
	p.Round(r, min(r.W(), r.H())/2, c)
}

// Ring draws the focus ring around a control with rounded corners.
func (p *Painter) Ring(r geom.Rect, radius int32) {
	const out = theme.FocusOffset + theme.FocusRing
	p.Border(r.Inset(-out), radius+out, theme.FocusRing, p.root.opts.Theme.Accent)
}

// InnerRing draws the focus ring inside of something whose neighbours leave no
// room.
func (p *Painter) InnerRing(r geom.Rect, radius int32) {
	p.Border(r, radius, theme.FocusRing, p.root.opts.Theme.Accent)
}

// Popover draws the surface of menus, popovers and dialogs, with its shadow.
func (p *Painter) Popover(r geom.Rect, radius int32) {
	p.raised(r, radius, p.root.opts.Theme.PopoverShadow())
}

func (p *Painter) raised(r geom.Rect, radius int32, s theme.Shadow) {
	th := p.root.opts.Theme
	p.root.builder.Shadow(r.Fixed(), paint.Round(text.Px(radius)), paint.Shadow{
		Y: text.Px(s.Y), Blur: text.Px(s.Blur), Color: theme.Fade(th.Shadow, s.Alpha),
	})
	p.Frame(r, radius, th.Surface2, th.Outline)
}

// Text draws a layout with its top-left corner at x, y.
func (p *Painter) Text(l *text.Layout, x, y int32, c render.Color) {
	p.root.builder.Text(l, geom.FixedPt(x, y), c)
}

// Icon draws an icon in the middle of a rectangle.
func (p *Painter) Icon(name icon.Name, size int32, r geom.Rect, c render.Color) {
	x, y := r.X0+(r.W()-size)/2, r.Y0+(r.H()-size)/2
	icon.Draw(&p.root.builder, name, size, geom.FixedPt(x, y), p.root.opts.RTL, c)
}

// Line draws a straight line, width in 1/256 of a pixel.
func (p *Painter) Line(from, to geom.FixedPoint, width geom.Fixed, c render.Color) {
	var path paint.Path
	path.MoveTo(from.X, from.Y)
	path.LineTo(to.X, to.Y)
	p.root.builder.Stroke(&path, geom.FixedPoint{}, width, paint.RoundCap, c)
}

// disc fills a circle that needs not stand on whole pixels.
func (p *Painter) disc(box geom.FixedRect, c render.Color) {
	var path paint.Path
	r := box.W() / 2
	path.Circle(box.X0+r, box.Y0+r, r)
	p.root.builder.Path(&path, geom.FixedPoint{}, c)
}
