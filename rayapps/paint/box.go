package paint

import (
	"math/bits"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/vector"
)

// corner is the coverage of a top-left corner: n×n pixels of the box and of
// what its border leaves. Other corners are its mirror images.
type corner struct {
	n            int32
	outer, inner []uint8
}

type cornerKey struct {
	radius geom.Fixed // physical pixels
	width  int32      // of the border
}

// corner returns the coverage of a corner; n is at least the border's width.
func (r *Raster) corner(radius geom.Fixed, width int32) *corner {
	key := cornerKey{radius, width}
	if k, ok := r.corners.Get(key); ok {
		return k
	}
	n := max(radius.Ceil(), width)
	k := &corner{n: n, outer: make([]uint8, n*n), inner: make([]uint8, n*n)}
	draw := func(pix []uint8, inset int32) {
		r.path.Reset()
		end := vector.Px(2*n + 2*width + 2)
		r.path.RoundRect4(vector.Px(inset), vector.Px(inset), end, end, [4]geom.Fixed{max(radius-vector.Px(inset), 0)})
		m := r.vec.Coverage(&r.path, geom.Rect{X1: n, Y1: n})
		for y := range n {
			for x := range n {
				pix[y*n+x] = m.At(x, y)
			}
		}
	}
	draw(k.outer, 0)
	draw(k.inner, width)
	r.corners.Put(key, k, 2*int(n*n))
	return k
}

// tile is a coloured corner: top left, and mirrored across.
type tile struct {
	n           int32
	left, right []uint32
}

type tileKey struct {
	cornerKey
	fill, edge render.Color
}

func (r *Raster) tile(key tileKey) *tile {
	if t, ok := r.tiles.Get(key); ok {
		return t
	}
	k := r.corner(key.radius, key.width)
	n := k.n
	t := &tile{n: n, left: make([]uint32, n*n), right: make([]uint32, n*n)}
	for y := range n {
		for x := range n {
			out, in := k.outer[y*n+x], k.inner[y*n+x]
			in = min(in, out)
			v := vector.Scale(uint32(key.edge), out-in) + vector.Scale(uint32(key.fill), in)
			t.left[y*n+x], t.right[y*n+n-1-x] = v, v
		}
	}
	r.tiles.Put(key, t, 8*int(n*n))
	return t
}

// side says which row of which corner stands at one end of a row of a box.
type side struct {
	n   int32 // pixels that are not the middle's
	row int32 // of the tile, -1 for the straight part
	at  int   // corner
}

// side returns what the row with so many rows above and below it has at an end
// whose corners are n[top] and n[bottom] high.
func sideOf(above, below int32, n *[4]int32, top, bottom int, width int32) side {
	switch {
	case above < n[top] && (above <= below || below >= n[bottom]):
		return side{n[top], above, top}
	case below < n[bottom]:
		return side{n[bottom], below, bottom}
	}
	return side{width, -1, top}
}

// share bounds both ends of a row so that they meet in the middle.
func share(w int32, left, right *side) {
	left.n = min(left.n, (w+1)/2)
	right.n = min(right.n, w-left.n)
}

// The corners of Radii.
const (
	topLeft = iota
	topRight
	bottomRight
	bottomLeft
)

// box draws a rounded box with a border.
func (r *Raster) box(c *canvas, o *op, area geom.Rect) {
	box := r.device(o.box)
	area = area.Intersect(box)
	width := int32(0)
	edge := o.color
	if o.width > 0 {
		width = min(max(r.scale.ApplyFixed(o.width).Round(), 1), (min(box.W(), box.H())+1)/2)
		edge = render.Color(vector.Over(uint32(o.color2), uint32(o.color)))
	}
	var tiles [4]*tile
	var n [4]int32
	for i, radius := range o.radii {
		tiles[i] = r.tile(tileKey{cornerKey{r.scale.ApplyFixed(radius), width}, o.color, edge})
		n[i] = tiles[i].n
	}
	for y := area.Y0; y < area.Y1; y++ {
		above, below := y-box.Y0, box.Y1-1-y
		left := sideOf(above, below, &n, topLeft, bottomLeft, width)
		right := sideOf(above, below, &n, topRight, bottomRight, width)
		share(box.W(), &left, &right)
		x0, x1 := box.X0+left.n, box.X1-right.n
		if left.row >= 0 {
			c.over(y, box.X0, tiles[left.at].left[left.row*n[left.at]:][:left.n], area)
		} else {
			c.span(y, max(box.X0, area.X0), min(x0, area.X1), edge)
		}
		color := o.color
		if above < width || below < width {
			color = edge
		}
		c.span(y, max(x0, area.X0), min(x1, area.X1), color)
		if right.row >= 0 {
			k := n[right.at]
			c.over(y, x1, tiles[right.at].right[right.row*k+k-right.n:][:right.n], area)
		} else {
			c.span(y, max(x1, area.X0), min(box.X1, area.X1), edge)
		}
	}
}

// coverage writes the coverage of a rounded box in row y from x on.
func (r *Raster) coverage(box geom.Rect, radii Radii, y, x int32, out []uint8) {
	clear(out)
	if y < box.Y0 || y >= box.Y1 {
		return
	}
	var corners [4]*corner
	var n [4]int32
	for i, radius := range radii {
		corners[i] = r.corner(r.scale.ApplyFixed(radius), 0)
		n[i] = corners[i].n
	}
	above, below := y-box.Y0, box.Y1-1-y
	left := sideOf(above, below, &n, topLeft, bottomLeft, 0)
	right := sideOf(above, below, &n, topRight, bottomRight, 0)
	share(box.W(), &left, &right)
	end := x + int32(len(out))
	for px := max(x, box.X0); px < min(end, box.X1); px++ {
		k := uint8(255)
		if d := px - box.X0; d < left.n && left.row >= 0 {
			k = corners[left.at].outer[left.row*n[left.at]+d]
		} else if d := box.X1 - 1 - px; d < right.n && right.row >= 0 {
			k = corners[right.at].outer[right.row*n[right.at]+d]
		}
		out[px-x] = k
	}
}

// gradient draws a box, without its corners' roundness.
func (r *Raster) gradient(c *canvas, o *op, area geom.Rect) {
	box := r.device(o.box)
	area = area.Intersect(box)
	if area.Empty() {
		return
	}
	for i := range r.ramp {
		r.ramp[i] = vector.Scale(uint32(o.color), uint8(255-i)) + vector.Scale(uint32(o.color2), uint8(i))
	}
	// Positions are in 1/512 of a pixel, from the box's corner.
	w, h := int64(box.W()), int64(box.H())
	ax, ay := 2*w*int64(o.at.X), 2*h*int64(o.at.Y)
	dx, dy := 2*w*int64(o.to.X)-ax, 2*h*int64(o.to.Y)-ay
	length := dx*dx + dy*dy
	if length == 0 {
		c.fill(area, render.Color(r.ramp[255]), area)
		return
	}
	// Room for the factor 255.
	shift := max(bits.Len64(uint64(length))-54, 0)
	at := func(dot int64) uint32 { return r.ramp[min(max(dot, 0), length)>>shift*255/(length>>shift)] }
	r.colours = grow(r.colours, int(area.W()))
	for y := area.Y0; y < area.Y1; y++ {
		dot := (int64(area.X0-box.X0)*512+256-ax)*dx + (int64(y-box.Y0)*512+256-ay)*dy
		if dx == 0 {
			c.span(y, area.X0, area.X1, render.Color(at(dot)))
			continue
		}
		for i := range r.colours {
			r.colours[i] = at(dot)
			dot += 512 * dx
		}
		c.over(y, area.X0, r.colours, area)
	}
}
