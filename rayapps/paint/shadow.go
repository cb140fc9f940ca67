package paint

import (
	"rayos/geom"
	"rayos/gpu/raster"
	"rayos/gpu/render"
	"rayos/internal/vector"
)

// shade is the coverage of a blurred rounded box, with its middle row and
// column standing for as many as there are.
type shade struct {
	w, h int32 // of pix
	box  int32 // pixels of pix between the blurred edges' outer ends and the box
	pix  []uint8
	midX int32 // the column and row that repeat
	midY int32
}

type shadowKey struct {
	radii [4]geom.Fixed // physical pixels
	sigma geom.Fixed
	size  geom.Size // of the box, where it is too small to have a middle
}

// shade returns the blurred coverage of a box of a size.
func (r *Raster) shade(size geom.Size, radii [4]geom.Fixed, sigma geom.Fixed) *shade {
	pad := vector.Spread(sigma)
	// Beyond so many pixels from an edge nothing of the corners is felt.
	most := max(radii[0], radii[1], radii[2], radii[3]).Ceil() + pad
	small := geom.Size{W: min(size.W, 2*most+1), H: min(size.H, 2*most+1)}
	key := shadowKey{radii, sigma, small}
	if s, ok := r.shadows.Get(key); ok {
		return s
	}
	r.path.Reset()
	r.path.RoundRect4(0, 0, vector.Px(small.W), vector.Px(small.H), radii)
	soft := vector.Blur(r.vec.Coverage(&r.path, small.Rect()), sigma)
	s := &shade{
		w: soft.Bounds.W(), h: soft.Bounds.H(), box: pad,
		midX: pad + small.W/2, midY: pad + small.H/2, pix: make([]uint8, len(soft.Pix)),
	}
	for i, v := range soft.Pix {
		s.pix[i] = uint8((uint32(v) + 128) / 257)
	}
	r.shadows.Put(key, s, len(s.pix))
	return s
}

// shadow draws the shadow of a box, but not below the box.
func (r *Raster) shadow(c *canvas, o *op, area geom.Rect) {
	own := r.device(o.box)
	box := r.device(o.box.Add(o.at).Inset(-o.width))
	if box.Empty() {
		return
	}
	var radii [4]geom.Fixed
	for i, radius := range o.radii {
		if radius > 0 {
			radii[i] = max(r.scale.ApplyFixed(radius+o.width), 0)
		}
		radii[i] = min(radii[i], vector.Px(min(box.W(), box.H()))/2)
	}
	s := r.shade(box.Size(), radii, r.scale.ApplyFixed(o.blur)/2)
	out := box.Inset(-s.box)
	extraX, extraY := out.W()-s.w, out.H()-s.h
	area = area.Intersect(out)
	for y := area.Y0; y < area.Y1; y++ {
		row := y - out.Y0
		if row > s.midY {
			row = max(row-extraY, s.midY)
		}
		pix := s.pix[row*s.w:][:s.w]
		x0 := out.X0 + s.midX // the columns x0 to x1 have the middle's coverage
		x1 := x0 + extraX + 1
		if own.Y0 <= y && y < own.Y1 {
			r.holed(c, o, own, y, area, pix, out.X0, x0, x1)
			continue
		}
		r.soft(c, y, area.X0, area.X1, pix, out.X0, x0, x1, o.color)
	}
}

// soft draws a row of a shadow from lo to hi: pix stands at x, with the column
// at x0 repeated up to x1.
func (r *Raster) soft(c *canvas, y, lo, hi int32, pix []uint8, x, x0, x1 int32, color render.Color) {
	if a, b := max(x, lo), min(x0, hi); a < b {
		raster.CoverSpan(c.row(y, a, b), pix[a-x:b-x], uint32(color))
	}
	if a, b := max(x0, lo), min(x1, hi); a < b {
		c.span(y, a, b, render.Color(vector.Scale(uint32(color), pix[x0-x])))
	}
	// Beyond the middle the mask goes on with the column after x0.
	shift := x1 - x0 - 1
	if a, b := max(x1, lo), min(x+int32(len(pix))+shift, hi); a < b {
		raster.CoverSpan(c.row(y, a, b), pix[a-x-shift:b-x-shift], uint32(color))
	}
}

// holed draws a row of a shadow that crosses the box that casts it.
func (r *Raster) holed(c *canvas, o *op, own geom.Rect, y int32, area geom.Rect, pix []uint8, x, x0, x1 int32) {
	n := r.scale.ApplyFixed(max(o.radii[0], o.radii[1], o.radii[2], o.radii[3])).Ceil()
	if y-own.Y0 >= n && own.Y1-1-y >= n {
		n = 0
	}
	n = min(n, (own.W()+1)/2)
	r.soft(c, y, area.X0, min(area.X1, own.X0), pix, x, x0, x1, o.color)
	for _, part := range [2][2]int32{{own.X0, own.X0 + n}, {max(own.X1-n, own.X0+n), own.X1}} {
		lo, hi := max(part[0], area.X0), min(part[1], area.X1)
		if lo >= hi {
			continue
		}
		r.cells = grow(r.cells, int(hi-lo))
		r.coverage(own, o.radii, y, lo, r.cells)
		for i, k := range r.cells {
			at := lo + int32(i)
			switch {
			case at >= x1:
				at -= x1 - x0 - 1
			case at > x0:
				at = x0
			}
			r.cells[i] = uint8(uint32(pix[at-x]) * uint32(255-k) / 255)
		}
		raster.CoverSpan(c.row(y, lo, hi), r.cells, uint32(o.color))
	}
	r.soft(c, y, max(area.X0, own.X1), area.X1, pix, x, x0, x1, o.color)
}
