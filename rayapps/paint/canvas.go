package paint

import (
	"errors"
	"unsafe"

	"rayos/geom"
	"rayos/gpu/raster"
	"rayos/gpu/render"
	"rayos/internal/vector"
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

// canvas is memory that stands for the pixels of bounds.
type canvas struct {
	px     []uint32
	stride int // pixels
	bounds geom.Rect
}

// canvas returns the target's memory.
func (t *Target) canvas() (canvas, error) {
	p := t.Pixels
	if err := raster.CheckTarget(p); err != nil || p.Stride%4 != 0 || uintptr(unsafe.Pointer(unsafe.SliceData(p.Data)))%4 != 0 {
		return canvas{}, errors.Join(ErrTarget, err)
	}
	return canvas{px: words(p.Data), stride: int(p.Stride / 4), bounds: p.Size().Rect()}, nil
}

// words returns b, aligned to 4 bytes, as 32-bit pixels.
func words(b []byte) []uint32 {
	return unsafe.Slice((*uint32)(unsafe.Pointer(unsafe.SliceData(b))), len(b)/4)
}

// pixels returns the canvas as an image, whose 0, 0 is the corner of bounds.
func (c *canvas) pixels() render.Pixels {
	data := unsafe.Slice((*byte)(unsafe.Pointer(unsafe.SliceData(c.px))), 4*len(c.px))
	return render.Pixels{Data: data, W: c.bounds.W(), H: c.bounds.H(), Stride: int32(4 * c.stride), Format: render.ARGB8888}
}

// row returns the pixels of row y from x0 to x1, which lie inside.
func (c *canvas) row(y, x0, x1 int32) []uint32 {
	at := int(y-c.bounds.Y0)*c.stride + int(x0-c.bounds.X0)
	return c.px[at : at+int(x1-x0)]
}

// clear sets a box that lies inside.
func (c *canvas) clear(box geom.Rect, color uint32) {
	for y := box.Y0; y < box.Y1; y++ {
		raster.FillSpan(c.row(y, box.X0, box.X1), color)
	}
}

// fill draws a colour into the part of a box that lies in area.
func (c *canvas) fill(box geom.Rect, color render.Color, area geom.Rect) {
	box = box.Intersect(area)
	for y := box.Y0; y < box.Y1; y++ {
		c.span(y, box.X0, box.X1, color)
	}
}

// span draws a colour into a row that lies inside.
func (c *canvas) span(y, x0, x1 int32, color render.Color) {
	switch {
	case x0 >= x1 || color == 0:
	case color.Opaque():
		raster.FillSpan(c.row(y, x0, x1), uint32(color))
	default:
		raster.FillSpanOver(c.row(y, x0, x1), uint32(color))
	}
}

// over draws the part of src, whose first pixel stands at x, that lies in area.
// The row does.
func (c *canvas) over(y, x int32, src []uint32, area geom.Rect) {
	x0, x1 := max(x, area.X0), min(x+int32(len(src)), area.X1)
	if x0 < x1 {
		raster.OverSpan(c.row(y, x0, x1), src[x0-x:x1-x])
	}
}

// cover draws a colour through coverage that was moved by a vector.
func (c *canvas) cover(m *vector.Mask, by geom.Point, color render.Color, area geom.Rect) {
	b := m.Bounds.Add(by).Intersect(area)
	if b.Empty() {
		return
	}
	w := int(m.Bounds.W())
	at := int(b.Y0-by.Y-m.Bounds.Y0)*w + int(b.X0-by.X-m.Bounds.X0)
	n := int(b.W())
	for y := b.Y0; y < b.Y1; y++ {
		raster.CoverSpan(c.row(y, b.X0, b.X1), m.Pix[at:at+n], uint32(color))
		at += w
	}
}

// fade draws the part of another canvas that lies in area.
func (c *canvas) fade(top *canvas, area geom.Rect, alpha uint8) {
	for y := area.Y0; y < area.Y1; y++ {
		dst, src := c.row(y, area.X0, area.X1), top.row(y, area.X0, area.X1)
		if alpha == 255 {
			raster.OverSpan(dst, src)
		} else {
			raster.FadeSpan(dst, src, alpha)
		}
	}
}
