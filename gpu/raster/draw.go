package raster

import (
	"rayos/geom"
	"rayos/gpu/render"
)

// Rotated textures are drawn in tiles of the target. A tile is high because its
// columns are runs of source pixels, which prefetching likes long, and narrow
// because each of its columns is another page. (Measured: 32×256 takes a third
// of the time of 64×16.)
const (
	tileW = 32
	tileH = 256
)

// painter draws ops. Each goroutine has its own.
type painter struct {
	k    *kernels
	s    sampler
	line []uint32 // one row before compositing
	side []uint32 // a tile column in buffer orientation
	turn []uint32 // the same, turned to the target
}

func newPainter(k *kernels) *painter {
	return &painter{k: k, s: sampler{k: k}, turn: make([]uint32, tileW*tileH)}
}

// band draws the rows y0..y1 of all ops.
func (d *painter) band(p *pass, y0, y1 int32) {
	rows := geom.Rect{Y0: y0, X1: p.target.W, Y1: y1}
	for i := range p.ops {
		o := &p.ops[i]
		if o.tex != nil && o.tex.px.Data == nil {
			continue
		}
		for _, r := range p.rects[o.from:o.to] {
			if r = r.Intersect(rows); !r.Empty() {
				d.draw(p, o, r)
			}
		}
	}
}

func (d *painter) draw(p *pass, o *op, r geom.Rect) {
	switch {
	case o.kind == opFill:
		for y := r.Y0; y < r.Y1; y++ {
			d.k.fill(row(&p.target, y)[r.X0:r.X1], o.color)
		}
	case o.kind == opFillOver:
		for y := r.Y0; y < r.Y1; y++ {
			d.k.fillOver(row(&p.target, y)[r.X0:r.X1], o.color)
		}
	case o.transform.Swaps():
		d.turned(p, o, r)
	case o.direct():
		d.straight(p, o, r)
	default:
		d.scaled(p, o, r)
	}
}

// put composites src onto dst the way o says.
func (d *painter) put(o *op, dst, src []uint32) {
	switch o.kind {
	case opStream:
		d.k.stream(dst, src)
	case opCopy:
		d.k.opaque(dst, src)
	case opOver:
		d.k.over(dst, src)
	default:
		d.k.overAlpha(dst, src, o.alpha, o.opaqueAlpha)
	}
}

// Destination pixel (x, y) of the op, counted from the corner of Dst, shows
// pixel (column, line) of the picture in buffer orientation. Upright
// transforms take the column from x and the line from y, the others take the
// column from y and the line from x; either may run backwards.

func (o *op) columnBackwards() bool {
	switch o.transform {
	case geom.Rotate180, geom.Rotate270, geom.Flipped, geom.Flipped270:
		return true
	}
	return false
}

func (o *op) lineBackwards() bool {
	switch o.transform {
	case geom.Rotate90, geom.Rotate180, geom.Flipped180, geom.Flipped270:
		return true
	}
	return false
}

// along maps the run a..b of n pixels to the run in the other direction.
func along(a, b, n int32, backwards bool) (first, last int32) {
	if backwards {
		return n - b, n - a
	}
	return a, b
}

// straight draws r without scaling or exchanging axes.
func (d *painter) straight(p *pass, o *op, r geom.Rect) {
	back := o.columnBackwards()
	c0, c1 := along(r.X0-o.dst.X0, r.X1-o.dst.X0, o.x.n, back)
	c0, c1 = c0+int32(o.x.start>>16), c1+int32(o.x.start>>16)
	if back {
		d.line = grow(d.line, int(r.W()))
	}
	for y := r.Y0; y < r.Y1; y++ {
		l, _ := along(y-o.dst.Y0, y-o.dst.Y0+1, o.y.n, o.lineBackwards())
		src := row(&o.tex.px, l+int32(o.y.start>>16))[c0:c1]
		if back {
			d.k.reverse(d.line, src)
			src = d.line
		}
		d.put(o, row(&p.target, y)[r.X0:r.X1], src)
	}
}

// scaled draws r with scaling but without exchanging axes.
func (d *painter) scaled(p *pass, o *op, r geom.Rect) {
	back := o.columnBackwards()
	c0, _ := along(r.X0-o.dst.X0, r.X1-o.dst.X0, o.x.n, back)
	d.s.reset(o, c0, r.W(), back)
	// A large picture is slower to write than to sample, so that rows which
	// repeat are not worth keeping.
	plain := o.kind == opStream && d.s.plain()
	for y := r.Y0; y < r.Y1; y++ {
		l, _ := along(y-o.dst.Y0, y-o.dst.Y0+1, o.y.n, o.lineBackwards())
		if to := row(&p.target, y)[r.X0:r.X1]; plain {
			d.s.opaqueRow(to, l)
		} else {
			d.put(o, to, d.s.row(l))
		}
	}
}

// turned draws r with exchanged axes, by strips as wide as a tile.
func (d *painter) turned(p *pass, o *op, r geom.Rect) {
	direct := o.direct() && o.tex.px.Stride%4 == 0
	for x := r.X0; x < r.X1; x += tileW {
		strip := r
		strip.X0, strip.X1 = x, min(x+tileW, r.X1)
		if direct {
			d.turnedStrip(p, o, strip)
		} else {
			d.turnedScaledStrip(p, o, strip)
		}
	}
}

// turnedStrip draws r straight from the texture.
func (d *painter) turnedStrip(p *pass, o *op, r geom.Rect) {
	back := o.columnBackwards()
	w := int(r.W())
	l, _ := along(r.X0-o.dst.X0, r.X1-o.dst.X0, o.y.n, o.lineBackwards())
	lines := wholly(&o.tex.px).rows(int(l) + int(o.y.start>>16))
	if o.lineBackwards() {
		lines = lines.flip(w)
	}
	for y := r.Y0; y < r.Y1; y += tileH {
		y1 := min(y+tileH, r.Y1)
		c, _ := along(y-o.dst.Y0, y1-o.dst.Y0, o.x.n, back)
		src := lines.columns(int(c) + int(o.x.start>>16))
		d.turnTile(p, o, geom.Rect{X0: r.X0, Y0: y, X1: r.X1, Y1: y1}, src, back)
	}
}

// turnTile composites the columns of src as rows of r, bottom up if backwards.
func (d *painter) turnTile(p *pass, o *op, r geom.Rect, src block, backwards bool) {
	w, h := int(r.W()), int(r.H())
	if o.kind == opCopy && p.target.Stride%4 == 0 {
		to := wholly(&p.target).rows(int(r.Y0)).columns(int(r.X0))
		if backwards {
			to = to.flip(h)
		}
		d.k.transpose(to, src, w, h, alphaMask)
		return
	}
	to := block{px: d.turn, stride: tileW}
	if backwards {
		to = to.flip(h)
	}
	d.k.transpose(to, src, w, h, 0)
	for i := range h {
		d.put(o, row(&p.target, r.Y0+int32(i))[r.X0:r.X1], d.turn[i*tileW:i*tileW+w])
	}
}

// turnedScaledStrip scales the columns of r and turns them. The sampler starts
// anew in each tile, so that what is scaled stays in cache.
func (d *painter) turnedScaledStrip(p *pass, o *op, r geom.Rect) {
	back := o.columnBackwards()
	d.side = grow(d.side, tileW*tileH)
	for y := r.Y0; y < r.Y1; y += tileH {
		part := r
		part.Y0, part.Y1 = y, min(y+tileH, r.Y1)
		c, _ := along(part.Y0-o.dst.Y0, part.Y1-o.dst.Y0, o.x.n, back)
		d.s.reset(o, c, part.H(), back)
		for i := range r.W() {
			x := r.X0 + i - o.dst.X0
			l, _ := along(x, x+1, o.y.n, o.lineBackwards())
			copy(d.side[i*tileH:], d.s.row(l))
		}
		d.turnTile(p, o, part, block{px: d.side, stride: tileH}, false)
	}
}

// wholly returns all of p, whose stride is a multiple of 4.
func wholly(p *render.Pixels) block {
	return block{px: words(p.Data), stride: int(p.Stride) / 4}
}
