package decor

import (
	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/vector"
	"rayos/shell/theme"
)

// Border is a solid part of a frame, in logical pixels from the frame's
// top-left corner.
type Border struct {
	Rect  geom.Rect
	Color render.Color
}

// Borders returns the rectangles left of, right of and below the content, but for
// round corners, which are pictures. A maximised or full-screen frame has none.
func (f *Frame) Borders() []Border {
	if f.Maximized || f.Fullscreen {
		return nil
	}
	const b, top = theme.Border, theme.TitleBar
	o, c := f.Outer(), f.edgeColor()
	if f.RoundBelow() {
		const r = theme.RadiusWindow
		return []Border{
			{geom.XYWH(0, top, b, o.H-top-r), c},
			{geom.XYWH(o.W-b, top, b, o.H-top-r), c},
			{geom.XYWH(r, o.H-b, o.W-2*r, b), c},
		}
	}
	return []Border{
		{geom.XYWH(0, top, b, o.H-top), c},
		{geom.XYWH(o.W-b, top, b, o.H-top), c},
		{geom.XYWH(b, o.H-b, max(o.W-2*b, 0), b), c},
	}
}

// trust returns the colour of the frame's trust level, the policy's own before
// the theme's.
func (f *Frame) trust() render.Color {
	if f.Color != 0 {
		return f.Color | 0xff000000
	}
	return theme.For(f.Scheme).Trust[min(f.Trust, theme.Unknown)]
}

// edgeColor returns the colour of the lines around the window: the trust
// colour, quiet while another window is focused. The session's own windows are
// always quiet.
func (f *Frame) edgeColor() render.Color {
	pal := theme.For(f.Scheme)
	switch {
	case f.Trust == theme.Session && f.Active:
		return vector.Mix(pal.Outline, f.trust(), 102)
	case f.Trust == theme.Session:
		return pal.Outline
	case f.Active:
		return f.trust()
	}
	return vector.Mix(pal.Surface1, f.trust(), 128)
}

// edge draws the stripe, and the frame's sides where they pass the bar.
func (c *canvas) edge() {
	f := c.f
	w, h := c.px.W, c.px.H
	colour := f.edgeColor()
	stripe := max(c.scale.Apply(theme.Stripe), 1)
	side, right, radius := int32(0), int32(0), geom.Fixed(0)
	if !f.Maximized && !f.Fullscreen {
		side = max(c.scale.Apply(theme.Border), 1)
		right = side
		if f.Snap.Left > 0 {
			side, right = f.Snap.Left, max(f.Snap.Right, 1)
		}
	}
	if f.rounded() {
		radius = c.u(theme.RadiusWindow)
	}
	pattern := f.Trust.Pattern()
	top := stripe
	if pattern == theme.Plain {
		top = max(c.scale.Apply(1), 1)
		if side > 0 {
			top = max(top, c.scale.Apply(theme.Border))
		}
	}
	if side > 0 {
		// The ring between the outer and the inner outline; what lies
		// outside of the outer one is cut later.
		vector.FillRect(&c.px, geom.Rect{X1: w, Y1: top}, colour)
		vector.FillRect(&c.px, geom.Rect{X1: side, Y1: h}, colour)
		vector.FillRect(&c.px, geom.Rect{X0: w - right, X1: w, Y1: h}, colour)
		if radius > 0 {
			n := (radius + 255).Int()
			c.path.Reset()
			c.path.RoundRect4(vector.Px(side), vector.Px(top), vector.Px(w-right), vector.Px(h),
				[4]geom.Fixed{max(radius-vector.Px(side), 0), max(radius-vector.Px(right), 0)})
			for _, box := range [2]geom.Rect{{X0: side, Y0: top, X1: n, Y1: n}, {X0: w - n, Y0: top, X1: w - right, Y1: n}} {
				vector.FillRect(&c.px, box, colour)
				c.raster.Fill(&c.px, box, &c.path, vector.Solid(c.bg))
			}
		}
	} else {
		vector.FillRect(&c.px, geom.Rect{X1: w, Y1: top}, colour)
	}
	n := radius.Int() + 1
	c.pattern(pattern, geom.Rect{X0: n, X1: w - n, Y1: stripe}, colour)
}

// pattern draws the stripe's pattern over a stripe that is solid.
func (c *canvas) pattern(p theme.Pattern, box geom.Rect, colour render.Color) {
	if box.Empty() {
		return
	}
	switch p {
	case theme.DoubleLine:
		line := max(box.H()/3, 1)
		vector.FillRect(&c.px, geom.Rect{X0: box.X0, Y0: line, X1: box.X1, Y1: box.Y1 - line}, c.bg)
	case theme.Dashes:
		on, step := c.scale.Apply(12), c.scale.Apply(18)
		for x := box.X0 + on; x < box.X1; x += max(step, 2) {
			vector.FillRect(&c.px, geom.Rect{X0: x, X1: min(x+step-on, box.X1), Y1: box.Y1}, c.bg)
		}
	case theme.Dots:
		vector.FillRect(&c.px, box, c.bg)
		c.path.Reset()
		r, step := vector.Px(box.H())/2, c.u(6)
		for x := vector.Px(box.X0) + r; x+r <= vector.Px(box.X1); x += max(step, 256) {
			c.path.Circle(vector.Pt(x, r), r)
		}
		c.raster.Fill(&c.px, box, &c.path, vector.Solid(colour))
	case theme.Hatched:
		vector.FillRect(&c.px, box, c.bg)
		c.path.Reset()
		h, step := vector.Px(box.H()), c.u(6)
		for x := vector.Px(box.X0) - h; x < vector.Px(box.X1); x += max(step, 256) {
			c.path.Polygon(vector.Pt(x+h, 0), vector.Pt(x+h+step/2, 0), vector.Pt(x+step/2, h), vector.Pt(x, h))
		}
		c.raster.Fill(&c.px, box, &c.path, vector.Solid(colour))
	}
}
