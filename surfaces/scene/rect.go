package scene

import (
	"rayos/geom"
	"rayos/gpu/render"
)

// Rect is a node of one colour.
type Rect struct {
	Node
	size  geom.Size
	color render.Color
}

// SetSize sets the logical size.
func (r *Rect) SetSize(size geom.Size) {
	if size != r.size {
		r.size = size
		r.touch()
	}
}

// SetColor sets the colour.
func (r *Rect) SetColor(c render.Color) {
	if c == r.color {
		return
	}
	same := c.Opaque() == r.color.Opaque()
	r.color = c
	if same && r.scene != nil {
		r.damageVisible()
		r.tellMirrors()
	} else {
		r.touch()
	}
}

func (r *Rect) extent() geom.Size { return r.size }

func (r *Rect) project(up geom.Rect, opaque *geom.Region) {
	if r.color.Opaque() {
		opaque.SetRect(up)
	}
}

func (r *Rect) draw(p *painter, up geom.Rect, _ *geom.Region) {
	if r.color.A() != 0 {
		p.pass.Rect(p.to.place(up), r.color, &p.clip)
	}
}
