package raster

import "rayos/geom"

// tile is the side of the squares in which rotated textures are read, so that
// the rows they touch stay in cache.
const tile = 32

// painter draws ops. Each goroutine has its own.
type painter struct {
	k    *kernels
	s    sampler
	line []uint32 // one row before compositing
	side []uint32 // a tile column in buffer orientation
	turn []uint32 // the same, turned to the target
}

func newPainter(k *kernels) *painter {
	return &painter{k: k, s: sampler{k: k}, turn: make([]uint32, tile*tile)}
}

// band draws the rows y0..y1 of all ops.
func (d *painter) band(p *pass, y0, y1 int32) {
	rows := geom.Rect{Y0: y0, X1: p.target.W, Y1: y1}
	for i := range p.ops {
		o := &p.ops[i]
		for _, r := range p.rects[o.from:o.to] {
			if r = r.Intersect(rows); !r.Empty() {
				d.draw(p, o, r)
			}
		}
	}
}

func (d *painter) draw(p *pass, o *op, r geom.Rect) {
	direct := o.x.kind == axisDirect && o.y.kind == axisDirect
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
		d.turned(p, o, r, direct)
	case direct:
		d.straight(p, o, r)
	default:
		d.scaled(p, o, r)
	}
}

// put composites src onto dst the way o says.
func (d *painter) put(o *op, dst, src []uint32) {
	switch o.kind {
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
	for y := r.Y0; y < r.Y1; y++ {
		l, _ := along(y-o.dst.Y0, y-o.dst.Y0+1, o.y.n, o.lineBackwards())
		d.put(o, row(&p.target, y)[r.X0:r.X1], d.s.row(l))
	}
}

// turned draws r with exchanged axes, by strips of tile columns.
func (d *painter) turned(p *pass, o *op, r geom.Rect, direct bool) {
	for x := r.X0; x < r.X1; x += tile {
		strip := r
		strip.X0, strip.X1 = x, min(x+tile, r.X1)
		if direct {
			d.turnedStrip(p, o, strip)
		} else {
			d.turnedScaledStrip(p, o, strip)
		}
	}
}

// turnedStrip draws r straight from the texture.
func (d *painter) turnedStrip(p *pass, o *op, r geom.Rect) {
	stride := int(o.tex.px.Stride) / 4
	if o.tex.px.Stride%4 != 0 {
		d.turnedScaledStrip(p, o, r)
		return
	}
	w := int(r.W())
	for y := r.Y0; y < r.Y1; y += tile {
		y1 := min(y+tile, r.Y1)
		h := int(y1 - y)
		c, _ := along(y-o.dst.Y0, y1-o.dst.Y0, o.x.n, o.columnBackwards())
		l, _ := along(r.X0-o.dst.X0, r.X1-o.dst.X0, o.y.n, o.lineBackwards())
		c, l = c+int32(o.x.start>>16), l+int32(o.y.start>>16)
		src := block{px: words(o.tex.px.Data), start: int(l)*stride + int(c), stride: stride}
		if o.lineBackwards() {
			src.start += (w - 1) * stride
			src.stride = -stride
		}
		d.k.transpose(d.turn, tile, src, w, h)
		d.putTile(p, o, r.X0, y, w, h, o.columnBackwards())
	}
}

// putTile composites the h rows of w pixels in d.turn at x, y, bottom up if
// backwards.
func (d *painter) putTile(p *pass, o *op, x, y int32, w, h int, backwards bool) {
	for i := range h {
		at := i
		if backwards {
			at = h - 1 - i
		}
		d.put(o, row(&p.target, y+int32(i))[x:int(x)+w], d.turn[at*tile:at*tile+w])
	}
}

// turnedScaledStrip scales the columns of r and turns them.
func (d *painter) turnedScaledStrip(p *pass, o *op, r geom.Rect) {
	w := int(r.W())
	// Strips are cut so that one fits in cache; the sampler starts anew in
	// each.
	const tall = 8 * tile
	for y := r.Y0; y < r.Y1; y += tall {
		n := min(tall, r.Y1-y)
		back := o.columnBackwards()
		c, _ := along(y-o.dst.Y0, y+n-o.dst.Y0, o.x.n, back)
		d.s.reset(o, c, n, back)
		d.side = grow(d.side, tile*tall)
		for i := range w {
			x := r.X0 + int32(i) - o.dst.X0
			l, _ := along(x, x+1, o.y.n, o.lineBackwards())
			copy(d.side[i*tall:], d.s.row(l))
		}
		for t := int32(0); t < n; t += tile {
			h := int(min(tile, n-t))
			d.k.transpose(d.turn, tile, block{px: d.side, start: int(t), stride: tall}, w, h)
			d.putTile(p, o, r.X0, y+t, w, h, false)
		}
	}
}
