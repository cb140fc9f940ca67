package paint

import (
	"rayos/geom"
	"rayos/internal/vector"
)

// shapeKey names the coverage of a path at a place within a pixel.
type shapeKey struct {
	path   uint64
	width  geom.Fixed // 0 is filled
	scale  geom.Scale
	fx, fy uint8
	cap    Cap
}

// maxShape is the largest side of a shape whose coverage is kept, in pixels.
const maxShape = 96

// shape fills or strokes a path.
func (r *Raster) shape(c *canvas, l *List, o *op, area geom.Rect) {
	p := l.paths[o.ref]
	at := r.point(o.at)
	size := r.reach(o.bounds)
	if size.W() > maxShape || size.H() > maxShape {
		m := r.vec.Coverage(r.outline(p, o, at), area)
		c.cover(&m, geom.Point{}, o.color, area)
		return
	}
	key := shapeKey{p.seal(), o.width, r.scale, uint8(at.X & 255), uint8(at.Y & 255), o.cap}
	m, ok := r.shapes.Get(key)
	if !ok {
		shape := r.outline(p, o, vector.Point{X: geom.Fixed(key.fx), Y: geom.Fixed(key.fy)})
		drawn := r.vec.Coverage(shape, shape.Bounds())
		m = &vector.Mask{Bounds: drawn.Bounds, Pix: append([]uint8(nil), drawn.Pix...)}
		r.shapes.Put(key, m, len(m.Pix))
	}
	c.cover(m, geom.Point{X: at.X.Int(), Y: at.Y.Int()}, o.color, area)
}

// outline returns what is filled to draw the command, its origin at.
func (r *Raster) outline(p *Path, o *op, at vector.Point) *vector.Path {
	r.path.Reset()
	p.outline(&r.path, r.scale, at)
	if o.kind != strokeOp {
		return &r.path
	}
	r.line.Reset()
	r.line.Stroke(&r.path, r.scale.ApplyFixed(o.width), vector.Cap(o.cap))
	return &r.line
}
