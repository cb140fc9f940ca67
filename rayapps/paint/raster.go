package paint

import (
	"rayos/geom"
	"rayos/gpu/raster"
	"rayos/gpu/render"
	"rayos/internal/cache"
	"rayos/internal/vector"
	"rayos/rayapps/text"
)

// Budgets of the caches of a Raster, in bytes of one generation.
const (
	runBudget    = 1 << 20
	tileBudget   = 256 << 10
	shadowBudget = 1 << 20
	shapeBudget  = 256 << 10
)

// Raster draws lists into memory. It keeps what it can use again, within
// bounds: runs of text, corners, shadows and small shapes. It is used by one
// goroutine.
type Raster struct {
	fonts *text.Fonts
	vec   vector.Rasterizer
	path  vector.Path
	line  vector.Path

	scale  geom.Scale
	by     geom.Point
	region geom.Region
	layers []layer
	depth  int

	corners cache.Cache[cornerKey, *corner]
	tiles   cache.Cache[tileKey, *tile]
	shadows cache.Cache[shadowKey, *shade]
	shapes  cache.Cache[shapeKey, *vector.Mask]
	runs    cache.Cache[runKey, *vector.Mask]

	pictures pictures
	ramp     [256]uint32
	cells    []uint8 // scratch for a row
	more     []uint8
	colours  []uint32
	blur     blurrer
}

// layer is memory for a translucent part.
type layer struct{ px []uint32 }

// NewRaster returns a raster for lists whose text was laid out by fonts.
func NewRaster(fonts *text.Fonts) *Raster {
	return &Raster{
		fonts:   fonts,
		corners: cache.New[cornerKey, *corner](tileBudget),
		tiles:   cache.New[tileKey, *tile](tileBudget),
		shadows: cache.New[shadowKey, *shade](shadowBudget),
		shapes:  cache.New[shapeKey, *vector.Mask](shapeBudget),
		runs:    cache.New[runKey, *vector.Mask](runBudget),
	}
}

// Draw draws the list into the damaged part of the target, in physical pixels;
// a nil damage is everything. What was there is replaced: where the list draws
// nothing the target becomes transparent, or black if it has no alpha. Around
// backdrops more than the damage is drawn, because what they blur has to be
// there. The error is ErrTarget or one of reading an image's pixels.
func (r *Raster) Draw(t Target, l *List, damage *geom.Region) error {
	c, err := t.canvas()
	if err != nil {
		return err
	}
	if r.scale = t.Scale; r.scale <= 0 {
		r.scale = geom.ScaleOne
	}
	r.by = t.Origin
	r.region.SetRect(c.bounds)
	if damage != nil {
		r.region.Intersect(damage)
		r.widen(l, c.bounds)
		r.region.Simplify(maxRects)
	}
	if r.region.Empty() {
		return nil
	}
	rects := r.region.Rects()
	empty := uint32(0)
	if t.Pixels.Format == render.XRGB8888 {
		empty = 0xff000000
	}
	for _, box := range rects {
		if !r.hides(l, box) {
			c.clear(box, empty)
		}
	}
	r.pictures.err = nil
	r.ops(&c, l, 0, len(l.ops), rects)
	return r.pictures.err
}

// maxRects is how many rectangles a damage is drawn in; with more, nearby ones
// are joined.
const maxRects = 16

// hides reports whether the first command fills box with an opaque colour.
func (r *Raster) hides(l *List, box geom.Rect) bool {
	if len(l.ops) == 0 {
		return false
	}
	o := &l.ops[0]
	return o.kind == fillOp && o.clip == 0 && o.color.Opaque() && r.device(o.box).Contains(box)
}

// device returns a box in whole physical pixels, at least one in each
// direction if it holds anything.
func (r *Raster) device(b geom.FixedRect) geom.Rect {
	out := r.scale.ApplyFixedRect(b)
	if out.X0 >= out.X1 && b.X0 < b.X1 {
		out.X0 = r.scale.ApplyFixed(b.X0).Int()
		out.X1 = out.X0 + 1
	}
	if out.Y0 >= out.Y1 && b.Y0 < b.Y1 {
		out.Y0 = r.scale.ApplyFixed(b.Y0).Int()
		out.Y1 = out.Y0 + 1
	}
	return out.Add(r.by)
}

// reach returns the physical pixels that whole logical pixels reach.
func (r *Raster) reach(b geom.Rect) geom.Rect { return r.scale.Outwards(b).Add(r.by) }

// point returns a position in 24.8 physical pixels.
func (r *Raster) point(p geom.FixedPoint) vector.Point {
	return vector.Point{X: r.scale.ApplyFixed(p.X) + vector.Px(r.by.X), Y: r.scale.ApplyFixed(p.Y) + vector.Px(r.by.Y)}
}

// ops draws the commands [i, end) inside of the rectangles. Each command is
// drawn in all of them before the next, so that backdrops find what they blur.
func (r *Raster) ops(c *canvas, l *List, i, end int, rects []geom.Rect) {
	for ; i < end; i++ {
		o := &l.ops[i]
		reach := r.reach(o.bounds)
		for _, box := range rects {
			area := reach.Intersect(box)
			if area.Empty() {
				continue
			}
			switch o.kind {
			case groupOp:
				r.group(c, l, i, area)
				continue
			case backdropOp:
				continue
			}
			if area = r.inside(l, o.clip, area); !area.Empty() {
				r.clipped(c, l, o, area, o.clip)
			}
		}
		switch o.kind {
		case groupOp:
			i = int(o.ref)
		case backdropOp:
			r.backdrop(c, l, o, rects)
		}
	}
}

// inside returns the part of area that the boxes of a clip leave.
func (r *Raster) inside(l *List, clip int32, area geom.Rect) geom.Rect {
	for ; clip > 0; clip = l.clips[clip].parent {
		area = area.Intersect(r.device(l.clips[clip].box))
	}
	return area
}

// push returns a transparent canvas for area; pop gives it back.
func (r *Raster) push(area geom.Rect) canvas {
	if r.depth == len(r.layers) {
		r.layers = append(r.layers, layer{})
	}
	k := &r.layers[r.depth]
	r.depth++
	n := int(area.W()) * int(area.H())
	if cap(k.px) < n {
		k.px = make([]uint32, n)
	}
	px := k.px[:n]
	raster.FillSpan(px, 0)
	return canvas{px: px, stride: int(area.W()), bounds: area}
}

// maxLayer is the largest memory of a layer that is kept, in pixels.
const maxLayer = 1 << 18

func (r *Raster) pop() {
	r.depth--
	if k := &r.layers[r.depth]; cap(k.px) > maxLayer {
		k.px = nil
	}
}

// group draws a translucent layer.
func (r *Raster) group(c *canvas, l *List, i int, area geom.Rect) {
	o := &l.ops[i]
	if o.alpha == 0 {
		return
	}
	whole := area
	for k := i + 1; k < int(o.ref); k++ {
		if l.ops[k].kind == backdropOp {
			whole = r.reach(o.bounds).Intersect(c.bounds)
		}
	}
	top := r.push(whole)
	one := [1]geom.Rect{whole}
	r.ops(&top, l, i+1, int(o.ref), one[:])
	c.fade(&top, area, o.alpha)
	r.pop()
}

// clipped draws one command inside of area, which the boxes of its clips leave.
// Where a round corner of the clips from clip outwards lies, the command is
// drawn apart and cut to it.
func (r *Raster) clipped(c *canvas, l *List, o *op, area geom.Rect, clip int32) {
	if clip == o.clip && o.cut() {
		if r.corner4(c, l, o, area, r.device(o.box), o.radii, clip) {
			return
		}
	}
	for ; clip > 0; clip = l.clips[clip].parent {
		k := &l.clips[clip]
		if r.corner4(c, l, o, area, r.device(k.box), k.radii, k.parent) {
			return
		}
	}
	r.plain(c, l, o, area)
}

// cut reports whether the command's own radii are a matter of clipping.
func (o *op) cut() bool {
	return o.radii != (Radii{}) && (o.kind == imageOp || o.kind == gradientOp)
}

// corner4 draws the command if a corner of the box may touch area, and reports
// whether it did. The rest of area is clipped by the clips from next outwards.
func (r *Raster) corner4(c *canvas, l *List, o *op, area, box geom.Rect, radii Radii, next int32) bool {
	if radii == (Radii{}) {
		return false
	}
	n := r.scale.ApplyFixed(max(radii[0], radii[1], radii[2], radii[3])).Ceil()
	nx, ny := min(n, (box.W()+1)/2), min(n, (box.H()+1)/2)
	in := geom.Rect{X0: box.X0 + nx, Y0: box.Y0 + ny, X1: max(box.X1-nx, box.X0+nx), Y1: max(box.Y1-ny, box.Y0+ny)}
	if area.X0 >= in.X0 && area.X1 <= in.X1 || area.Y0 >= in.Y0 && area.Y1 <= in.Y1 {
		return false
	}
	for _, y := range [2][2]int32{{box.Y0, in.Y0}, {in.Y1, box.Y1}} {
		for _, x := range [2][2]int32{{box.X0, in.X0}, {in.X1, box.X1}} {
			part := geom.Rect{X0: x[0], Y0: y[0], X1: x[1], Y1: y[1]}.Intersect(area)
			if !part.Empty() {
				r.apart(c, l, o, part)
			}
		}
	}
	for _, part := range [3]geom.Rect{
		{X0: in.X0, Y0: box.Y0, X1: in.X1, Y1: in.Y0},
		{X0: box.X0, Y0: in.Y0, X1: box.X1, Y1: in.Y1},
		{X0: in.X0, Y0: in.Y1, X1: in.X1, Y1: box.Y1},
	} {
		if part = part.Intersect(area); part.Empty() {
			continue
		}
		done := false
		for clip := next; clip > 0 && !done; clip = l.clips[clip].parent {
			k := &l.clips[clip]
			done = r.corner4(c, l, o, part, r.device(k.box), k.radii, k.parent)
		}
		if !done {
			r.plain(c, l, o, part)
		}
	}
	return true
}

// apart draws one command into a layer, cuts it to all its round corners and
// draws the layer.
func (r *Raster) apart(c *canvas, l *List, o *op, area geom.Rect) {
	top := r.push(area)
	r.plain(&top, l, o, area)
	if o.cut() {
		r.trim(&top, r.device(o.box), o.radii)
	}
	for clip := o.clip; clip > 0; clip = l.clips[clip].parent {
		if k := &l.clips[clip]; k.radii != (Radii{}) {
			r.trim(&top, r.device(k.box), k.radii)
		}
	}
	c.fade(&top, area, 255)
	r.pop()
}

// trim multiplies a layer by the coverage of a rounded box.
func (r *Raster) trim(top *canvas, box geom.Rect, radii Radii) {
	b := top.bounds
	r.cells = grow(r.cells, int(b.W()))
	for y := b.Y0; y < b.Y1; y++ {
		r.coverage(box, radii, y, b.X0, r.cells)
		row := top.row(y, b.X0, b.X1)
		for i, k := range r.cells {
			if k != 255 {
				row[i] = vector.Scale(row[i], k)
			}
		}
	}
}

// plain draws one command, clipped by nothing but area.
func (r *Raster) plain(c *canvas, l *List, o *op, area geom.Rect) {
	switch o.kind {
	case fillOp:
		c.fill(r.device(o.box), o.color, area)
	case boxOp:
		r.box(c, o, area)
	case shadowOp:
		r.shadow(c, o, area)
	case pathOp, strokeOp:
		r.shape(c, l, o, area)
	case textOp:
		r.text(c, l, o, area)
	case imageOp:
		r.image(c, l, o, area)
	case gradientOp:
		r.gradient(c, o, area)
	}
}

// grow returns a slice of n elements that reuses s's memory if it can. The
// elements may have any value.
func grow[T any](s []T, n int) []T {
	if cap(s) < n {
		return make([]T, n)
	}
	return s[:n]
}
