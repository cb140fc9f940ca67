package decor

import (
	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/vector"
	"rayos/shell/theme"
)

// controls draws the buttons and returns the x at which they start, physical.
func (c *canvas) controls() int32 {
	left := c.px.W
	for _, p := range controls {
		b := c.f.ButtonRect(p)
		if b.Empty() {
			continue
		}
		box := c.scale.ApplyRect(b)
		left = min(left, box.X0)
		c.button(p, box)
	}
	return left
}

// button draws one control in its hit box.
func (c *canvas) button(p Part, box geom.Rect) {
	f := c.f
	icon, back := c.pal.Text3, render.Color(0)
	if f.Active {
		icon = c.pal.Text1
	}
	usable := p != Maximize || f.Resizable
	if !usable {
		icon = vector.Mix(c.bg, c.pal.Text3, 128)
	}
	if usable && f.Hover == p {
		back, icon = vector.Mix(c.bg, c.pal.Text1, 26), c.pal.Text1
		if f.Pressed == p {
			back = vector.Mix(c.bg, c.pal.Text1, 51)
		}
		if p == Close {
			back, icon = c.pal.Bad, c.pal.OnBad
			if f.Pressed == p {
				back = vector.Mix(c.pal.Bad, c.bg, 64)
			}
		}
	}
	m := vector.Point{X: (vector.Px(box.X0) + vector.Px(box.X1)) / 2, Y: c.middle}
	if back != 0 {
		w, h := c.u(14), c.u8(100)
		c.path.Reset()
		c.path.RoundRect(snap(m.X-w), snap(m.Y-h), snap(m.X+w), snap(m.Y+h), c.u(theme.RadiusControl))
		c.raster.Fill(&c.px, box, &c.path, vector.Solid(back))
	}
	c.path.Reset()
	c.icon(p, m)
	c.raster.Fill(&c.px, box, &c.path, vector.Solid(icon))
}

// snap returns v at the nearest whole pixel.
func snap(v geom.Fixed) geom.Fixed { return (v + 128) &^ 255 }

// icon adds the outline of a control's icon around m to the path.
func (c *canvas) icon(p Part, m vector.Point) {
	stroke := c.u8(12)
	c.strokes.Reset()
	switch p {
	case Minimize:
		r := c.u(5)
		y := snap(m.Y)
		c.path.Rect(m.X-r, y, m.X+r, y+stroke)
		return
	case Maximize:
		c.maximize(m, stroke)
		return
	case Shade:
		dx, dy := c.u8(36), c.u8(20)
		if c.f.Shaded {
			dy = -dy
		}
		c.strokes.MoveTo(vector.Pt(m.X-dx, m.Y+dy))
		c.strokes.LineTo(vector.Pt(m.X, m.Y-dy))
		c.strokes.LineTo(vector.Pt(m.X+dx, m.Y+dy))
	case Close:
		d := c.u8(34)
		c.strokes.MoveTo(vector.Pt(m.X-d, m.Y-d))
		c.strokes.LineTo(vector.Pt(m.X+d, m.Y+d))
		c.path.Stroke(&c.strokes, stroke, vector.Round)
		c.strokes.Reset()
		c.strokes.MoveTo(vector.Pt(m.X+d, m.Y-d))
		c.strokes.LineTo(vector.Pt(m.X-d, m.Y+d))
	}
	c.path.Stroke(&c.strokes, stroke, vector.Round)
}

// maximize adds a box, or two for a window that is maximised already.
func (c *canvas) maximize(m vector.Point, stroke geom.Fixed) {
	r, radius := c.u(5), c.u8(18)
	if !c.f.Maximized {
		c.box(snap(m.X-r), snap(m.Y-r), snap(m.X+r), snap(m.Y+r), radius, stroke)
		return
	}
	d := snap(c.u8(22))
	x0, y0, x1, y1 := snap(m.X-r), snap(m.Y-r), snap(m.X+r), snap(m.Y+r)
	c.box(x0, y0+d, x1-d, y1, radius, stroke)
	// The box behind shows its top and right sides.
	c.strokes.MoveTo(vector.Pt(x0+d, y0+stroke/2))
	c.strokes.LineTo(vector.Pt(x1-stroke/2-radius, y0+stroke/2))
	c.strokes.QuadTo(vector.Pt(x1-stroke/2, y0+stroke/2), vector.Pt(x1-stroke/2, y0+stroke/2+radius))
	c.strokes.LineTo(vector.Pt(x1-stroke/2, y1-d))
	c.path.Stroke(&c.strokes, stroke, vector.Round)
}

// box adds the outline of a rounded box, its stroke inside the edges.
func (c *canvas) box(x0, y0, x1, y1, radius, stroke geom.Fixed) {
	h := stroke / 2
	c.strokes.Reset()
	c.strokes.RoundRect(x0+h, y0+h, x1-h, y1-h, max(radius-h, 0))
	c.path.Stroke(&c.strokes, stroke, vector.Butt)
	c.strokes.Reset()
}
