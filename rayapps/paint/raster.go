package paint

import (
	"errors"
	"unsafe"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/vector"
	"rayos/rayapps/text"
)

// Target is where a list is drawn.
type Target struct {
	// Pixels is ARGB8888 or XRGB8888, its stride a multiple of 4.
	Pixels *render.Pixels
	// Scale is physical pixels per logical pixel; 0 is 1.0.
	Scale geom.Scale
	// Origin is where the list's 0, 0 stands, in physical pixels.
	Origin geom.Point
}

// ErrTarget says that pixels can't be drawn into.
var ErrTarget = errors.New("paint: target is not ARGB8888 or XRGB8888 with a stride of whole pixels")

// Raster draws lists into memory. It keeps what it can use again, within
// bounds. It is used by one goroutine.
type Raster struct {
	fonts *text.Fonts
	vec   vector.Rasterizer
	path  vector.Path
	line  vector.Path
	scale geom.Scale
	by    geom.Point
	whole geom.Region
}

// NewRaster returns a raster for lists whose text was laid out by fonts.
func NewRaster(fonts *text.Fonts) *Raster { return &Raster{fonts: fonts} }

// canvas is memory that stands for the pixels of bounds.
type canvas struct {
	px     []uint32
	stride int // pixels
	bounds geom.Rect
}

// row returns the pixels of row y from x0 to x1, which lie inside.
func (c *canvas) row(y, x0, x1 int32) []uint32 {
	at := int(y-c.bounds.Y0)*c.stride + int(x0-c.bounds.X0)
	return c.px[at : at+int(x1-x0)]
}

// Draw draws the list into the damaged part of the target, in physical pixels;
// a nil damage is everything. What was there is replaced: where the list draws
// nothing the target becomes transparent, or black if it has no alpha.
func (r *Raster) Draw(t Target, l *List, damage *geom.Region) error {
	p := t.Pixels
	if p.Format != render.ARGB8888 && p.Format != render.XRGB8888 || p.Stride%4 != 0 ||
		uintptr(unsafe.Pointer(unsafe.SliceData(p.Data)))%4 != 0 {
		return ErrTarget
	}
	if r.scale = t.Scale; r.scale <= 0 {
		r.scale = geom.ScaleOne
	}
	r.by = t.Origin
	c := canvas{px: unsafe.Slice((*uint32)(unsafe.Pointer(unsafe.SliceData(p.Data))), len(p.Data)/4), stride: int(p.Stride / 4), bounds: p.Size().Rect()}
	if damage == nil {
		r.whole.SetRect(c.bounds)
		damage = &r.whole
	}
	empty := uint32(0)
	if p.Format == render.XRGB8888 {
		empty = 0xff000000
	}
	for _, box := range damage.Rects() {
		box = box.Intersect(c.bounds)
		for y := box.Y0; y < box.Y1; y++ {
			row := c.row(y, box.X0, box.X1)
			for i := range row {
				row[i] = empty
			}
		}
		r.ops(&c, l, 0, len(l.ops), box)
	}
	return nil
}

// device returns a box in physical pixels.
func (r *Raster) device(b geom.FixedRect) geom.Rect { return r.scale.ApplyFixedRect(b).Add(r.by) }

// reach returns the physical pixels that whole logical pixels reach.
func (r *Raster) reach(b geom.Rect) geom.Rect { return r.scale.Outwards(b).Add(r.by) }

// ops draws the commands [i, end) inside of box.
func (r *Raster) ops(c *canvas, l *List, i, end int, box geom.Rect) {
	for ; i < end; i++ {
		o := &l.ops[i]
		area := r.reach(o.bounds).Intersect(box)
		if o.kind == groupOp {
			if !area.Empty() && o.alpha > 0 {
				r.group(c, l, i, area)
			}
			i = int(o.ref)
			continue
		}
		if area.Empty() {
			continue
		}
		area = r.clipped(l, o.clip, area)
		if !area.Empty() {
			r.op(c, l, o, area)
		}
	}
}

// clipped returns the part of area that the boxes of a clip leave.
func (r *Raster) clipped(l *List, clip int32, area geom.Rect) geom.Rect {
	for ; clip > 0; clip = l.clips[clip].parent {
		area = area.Intersect(r.device(l.clips[clip].box))
	}
	return area
}

// layer returns a transparent canvas for area.
func layer(area geom.Rect) canvas {
	return canvas{px: make([]uint32, int(area.W())*int(area.H())), stride: int(area.W()), bounds: area}
}

// group draws a translucent layer.
func (r *Raster) group(c *canvas, l *List, i int, area geom.Rect) {
	o := &l.ops[i]
	top := layer(area)
	r.ops(&top, l, i+1, int(o.ref), area)
	for y := area.Y0; y < area.Y1; y++ {
		src, dst := top.row(y, area.X0, area.X1), c.row(y, area.X0, area.X1)
		for x, s := range src {
			dst[x] = vector.Over(vector.Scale(s, o.alpha), dst[x])
		}
	}
}

// op draws one command inside of area, which its clips' boxes leave.
func (r *Raster) op(c *canvas, l *List, o *op, area geom.Rect) {
	if r.rounded(l, o.clip, area) {
		top := layer(area)
		r.plain(&top, l, o, area)
		for clip := o.clip; clip > 0; clip = l.clips[clip].parent {
			if k := &l.clips[clip]; k.radii != (Radii{}) {
				m := r.boxMask(r.device(k.box), k.radii, 0, area)
				for y := area.Y0; y < area.Y1; y++ {
					row := top.row(y, area.X0, area.X1)
					for x := range row {
						row[x] = vector.Scale(row[x], m.At(area.X0+int32(x), y))
					}
				}
			}
		}
		for y := area.Y0; y < area.Y1; y++ {
			src, dst := top.row(y, area.X0, area.X1), c.row(y, area.X0, area.X1)
			for x, s := range src {
				dst[x] = vector.Over(s, dst[x])
			}
		}
		return
	}
	r.plain(c, l, o, area)
}

// rounded reports whether a round corner of a clip may touch area.
func (r *Raster) rounded(l *List, clip int32, area geom.Rect) bool {
	for ; clip > 0; clip = l.clips[clip].parent {
		k := &l.clips[clip]
		if k.radii == (Radii{}) {
			continue
		}
		box := r.device(k.box)
		most := r.scale.ApplyFixed(max(k.radii[0], k.radii[1], k.radii[2], k.radii[3])).Ceil()
		tall, wide := box, box
		tall.X0, tall.X1 = tall.X0+most, tall.X1-most
		wide.Y0, wide.Y1 = wide.Y0+most, wide.Y1-most
		if !tall.Contains(area) && !wide.Contains(area) {
			return true
		}
	}
	return false
}

// boxMask returns the coverage of a rounded box in area, inset by whole pixels.
func (r *Raster) boxMask(box geom.Rect, radii Radii, inset int32, area geom.Rect) vector.Mask {
	r.path.Reset()
	box = box.Inset(inset)
	if box.Empty() {
		return vector.Mask{}
	}
	f := box.Fixed()
	for i := range radii {
		radii[i] = max(r.scale.ApplyFixed(radii[i])-vector.Px(inset), 0)
	}
	r.path.RoundRect4(f.X0, f.Y0, f.X1, f.Y1, radii)
	return r.vec.Coverage(&r.path, area)
}

// cover draws a colour through coverage.
func cover(c *canvas, m vector.Mask, color render.Color, area geom.Rect) {
	b := m.Bounds.Intersect(area)
	for y := b.Y0; y < b.Y1; y++ {
		row := c.row(y, b.X0, b.X1)
		for x := range row {
			if k := m.At(b.X0+int32(x), y); k != 0 {
				row[x] = vector.Over(vector.Scale(uint32(color), k), row[x])
			}
		}
	}
}

// plain draws one command, clipped by nothing but area.
func (r *Raster) plain(c *canvas, l *List, o *op, area geom.Rect) {
	switch o.kind {
	case fillOp:
		r.fill(c, r.device(o.box), o.color, area)
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
	case backdropOp:
		r.backdrop(c, o, area)
	}
}

func (r *Raster) fill(c *canvas, box geom.Rect, color render.Color, area geom.Rect) {
	box = box.Intersect(area)
	for y := box.Y0; y < box.Y1; y++ {
		row := c.row(y, box.X0, box.X1)
		for x := range row {
			row[x] = vector.Over(uint32(color), row[x])
		}
	}
}

func (r *Raster) box(c *canvas, o *op, area geom.Rect) {
	box := r.device(o.box)
	cover(c, r.boxMask(box, o.radii, 0, area), o.color, area)
	if o.width == 0 {
		return
	}
	width := max(r.scale.ApplyFixed(o.width).Round(), 1)
	outer := r.boxMask(box, o.radii, 0, area)
	outer.Pix = append([]uint8(nil), outer.Pix...)
	inner := r.boxMask(box, o.radii, width, area)
	w := int(outer.Bounds.W())
	for i := range outer.Pix {
		x, y := outer.Bounds.X0+int32(i%w), outer.Bounds.Y0+int32(i/w)
		outer.Pix[i] -= min(inner.At(x, y), outer.Pix[i])
	}
	cover(c, outer, o.color2, area)
}

func (r *Raster) shadow(c *canvas, o *op, area geom.Rect) {
	box := r.device(o.box)
	own := r.boxMask(box, o.radii, 0, area)
	own.Pix = append([]uint8(nil), own.Pix...)
	grown := r.device(o.box.Add(o.at).Inset(-o.width))
	radii := o.radii
	for i := range radii {
		if radii[i] > 0 {
			radii[i] = max(radii[i]+o.width, 0)
		}
	}
	m := r.boxMask(grown, radii, 0, grown)
	soft := vector.Blur(m, r.scale.ApplyFixed(o.blur)/2)
	b := soft.Bounds.Intersect(area)
	for y := b.Y0; y < b.Y1; y++ {
		row := c.row(y, b.X0, b.X1)
		for i := range row {
			x := b.X0 + int32(i)
			k := uint32(soft.At(x, y)) * uint32(255-own.At(x, y)) / 255 / 257
			row[i] = vector.Over(vector.Scale(uint32(o.color), uint8(k)), row[i])
		}
	}
}

func (r *Raster) shape(c *canvas, l *List, o *op, area geom.Rect) {
	at := vector.Point{X: r.scale.ApplyFixed(o.at.X) + vector.Px(r.by.X), Y: r.scale.ApplyFixed(o.at.Y) + vector.Px(r.by.Y)}
	r.path.Reset()
	l.paths[o.ref].outline(&r.path, r.scale, at)
	shape := &r.path
	if o.kind == strokeOp {
		r.line.Reset()
		r.line.Stroke(&r.path, r.scale.ApplyFixed(o.width), vector.Cap(o.cap))
		shape = &r.line
	}
	cover(c, r.vec.Coverage(shape, area), o.color, area)
}

func (r *Raster) text(c *canvas, l *List, o *op, area geom.Rect) {
	lt := l.texts[o.ref]
	for i := range lt.Runs() {
		run := &lt.Runs()[i]
		color := run.Color
		if color == 0 {
			color = o.color
		}
		size := r.scale.ApplyFixed(run.Size)
		gamma := text.Gamma(color)
		for k := range run.Glyphs {
			g := &run.Glyphs[k]
			x := r.scale.ApplyFixed(o.at.X+g.X) + 256/text.Subpixels/2
			y := r.scale.ApplyFixed(o.at.Y + g.Y).Round()
			m := r.fonts.Mask(run.Face, g.ID, size, uint8(x&255)/(256/text.Subpixels))
			m.Bounds = m.Bounds.Add(geom.Point{X: x.Int(), Y: y}).Add(r.by)
			b := m.Bounds.Intersect(area)
			for py := b.Y0; py < b.Y1; py++ {
				row := c.row(py, b.X0, b.X1)
				for px := range row {
					if v := m.At(b.X0+int32(px), py); v != 0 {
						row[px] = vector.Over(vector.Scale(uint32(color), gamma[v]), row[px])
					}
				}
			}
		}
	}
}

func (r *Raster) image(c *canvas, l *List, o *op, area geom.Rect) {
	m := l.images[o.ref].image
	box := r.device(o.box)
	own := r.boxMask(box, o.radii, 0, area)
	px := unsafe.Slice((*uint32)(unsafe.Pointer(unsafe.SliceData(m.pix.Data))), len(m.pix.Data)/4)
	or := uint32(0)
	if m.pix.Format == render.XRGB8888 {
		or = 0xff000000
	}
	b := box.Intersect(area)
	for y := b.Y0; y < b.Y1; y++ {
		sy := o.src.Y0 + int32((int64(y-box.Y0)*2+1)*int64(o.src.H())/(2*int64(box.H())))
		row := c.row(y, b.X0, b.X1)
		for i := range row {
			x := b.X0 + int32(i)
			sx := o.src.X0 + int32((int64(x-box.X0)*2+1)*int64(o.src.W())/(2*int64(box.W())))
			s := px[int(sy)*int(m.pix.Stride/4)+int(sx)] | or
			row[i] = vector.Over(vector.Scale(vector.Scale(s, o.alpha), own.At(x, y)), row[i])
		}
	}
}

func (r *Raster) gradient(c *canvas, o *op, area geom.Rect) {
	box := r.device(o.box)
	own := r.boxMask(box, o.radii, 0, area)
	f := box.Fixed()
	pt := func(p geom.FixedPoint) vector.Point {
		return vector.Point{X: f.X0 + geom.Fixed(int64(box.W())*int64(p.X)), Y: f.Y0 + geom.Fixed(int64(box.H())*int64(p.Y))}
	}
	g := vector.Linear{A: pt(o.at), B: pt(o.to), Ramp: vector.NewRamp(vector.Stop{At: 0, Color: o.color}, vector.Stop{At: 255, Color: o.color2})}
	b := box.Intersect(area)
	top := layer(b)
	pix := render.Pixels{Data: unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(top.px))), 4*len(top.px)), W: b.W(), H: b.H(), Stride: 4 * b.W(), Format: render.ARGB8888}
	g.A, g.B = vector.Point{X: g.A.X - vector.Px(b.X0), Y: g.A.Y - vector.Px(b.Y0)}, vector.Point{X: g.B.X - vector.Px(b.X0), Y: g.B.Y - vector.Px(b.Y0)}
	r.path.Reset()
	r.path.Rect(0, 0, vector.Px(b.W()), vector.Px(b.H()))
	own.Pix = append([]uint8(nil), own.Pix...)
	r.vec.Fill(&pix, pix.Size().Rect(), &r.path, g)
	for y := b.Y0; y < b.Y1; y++ {
		src, dst := top.row(y, b.X0, b.X1), c.row(y, b.X0, b.X1)
		for i, s := range src {
			dst[i] = vector.Over(vector.Scale(s, own.At(b.X0+int32(i), y)), dst[i])
		}
	}
}

func (r *Raster) backdrop(c *canvas, o *op, area geom.Rect) {
	box := r.device(o.box)
	own := r.boxMask(box, o.radii, 0, area)
	own.Pix = append([]uint8(nil), own.Pix...)
	sigma := r.scale.ApplyFixed(o.blur) / 2
	from := area.Inset(-vector.Spread(sigma)).Intersect(c.bounds)
	var out [4]vector.Soft
	for ch := range out {
		m := vector.Mask{Bounds: from, Pix: make([]uint8, int(from.W())*int(from.H()))}
		for y := from.Y0; y < from.Y1; y++ {
			for i, v := range c.row(y, from.X0, from.X1) {
				m.Pix[int(y-from.Y0)*int(from.W())+i] = uint8(v >> (8 * ch))
			}
		}
		out[ch] = vector.Blur(m, sigma)
	}
	for y := area.Y0; y < area.Y1; y++ {
		row := c.row(y, area.X0, area.X1)
		for i := range row {
			x := area.X0 + int32(i)
			var v uint32
			for ch := range out {
				v |= uint32(out[ch].At(x, y)/257) << (8 * ch)
			}
			k := own.At(x, y)
			row[i] = vector.Scale(v, k) + vector.Scale(row[i], 255-k)
		}
	}
}
