package golden_test

import (
	"encoding/binary"

	"rayos/geom"
	"rayos/gpu/render"
)

// canvas is what a client draws on: premultiplied ARGB in logical pixels that
// are scale buffer pixels wide. All of it is integer arithmetic.
type canvas struct {
	w, h  int32 // logical
	scale int32
	pix   []render.Color
}

func newCanvas(size geom.Size, scale int32) *canvas {
	return &canvas{size.W, size.H, scale, make([]render.Color, size.W*size.H*scale*scale)}
}

// fill covers a logical rectangle.
func (c *canvas) fill(r geom.Rect, col render.Color) {
	r = r.Intersect(geom.XYWH(0, 0, c.w, c.h))
	c.fillPixels(geom.Rect{X0: r.X0 * c.scale, Y0: r.Y0 * c.scale, X1: r.X1 * c.scale, Y1: r.Y1 * c.scale}, col)
}

// fillPixels covers a rectangle of buffer pixels.
func (c *canvas) fillPixels(r geom.Rect, col render.Color) {
	for y := r.Y0; y < r.Y1; y++ {
		for x := r.X0; x < r.X1; x++ {
			c.pix[y*c.w*c.scale+x] = col
		}
	}
}

// size of the buffer, before a transform.
func (c *canvas) size() geom.Size { return geom.Size{W: c.w * c.scale, H: c.h * c.scale} }

// bytes returns the buffer of a surface whose buffer transform is t, and its
// size: the picture turned t counter-clockwise, after a flip around the
// vertical axis for the flipped ones (wl_output.transform).
func (c *canvas) bytes(t geom.Transform) ([]byte, geom.Size) {
	s := c.size()
	w, h := s.W, s.H
	bw, bh := w, h
	if t == geom.Rotate90 || t == geom.Rotate270 || t == geom.Flipped90 || t == geom.Flipped270 {
		bw, bh = h, w
	}
	out := make([]byte, 4*bw*bh)
	for y := range h {
		for x := range w {
			var bx, by int32
			switch t {
			case geom.Normal:
				bx, by = x, y
			case geom.Rotate90:
				bx, by = y, w-1-x
			case geom.Rotate180:
				bx, by = w-1-x, h-1-y
			case geom.Rotate270:
				bx, by = h-1-y, x
			case geom.Flipped:
				bx, by = w-1-x, y
			case geom.Flipped90:
				bx, by = y, x
			case geom.Flipped180:
				bx, by = x, h-1-y
			case geom.Flipped270:
				bx, by = h-1-y, w-1-x
			}
			binary.LittleEndian.PutUint32(out[4*(by*bw+bx):], uint32(c.pix[y*w+x]))
		}
	}
	return out, geom.Size{W: bw, H: bh}
}

// Colours of the scenes.
var (
	paper  = render.RGBA(238, 240, 244, 255)
	ink    = render.RGBA(28, 32, 40, 255)
	red    = render.RGBA(220, 68, 60, 255)
	green  = render.RGBA(62, 160, 84, 255)
	blue   = render.RGBA(56, 112, 214, 255)
	amber  = render.RGBA(236, 172, 46, 255)
	violet = render.RGBA(140, 84, 190, 255)
)

// glyphs are the letters of the scenes, 5 by 7.
var glyphs = map[rune][7]string{
	'F': {"#####", "#....", "#....", "####.", "#....", "#....", "#...."},
	'1': {"..#..", ".##..", "..#..", "..#..", "..#..", "..#..", ".###."},
	'2': {".###.", "#...#", "....#", "..##.", ".#...", "#....", "#####"},
	'3': {".###.", "#...#", "....#", "..##.", "....#", "#...#", ".###."},
}

// letter draws a glyph of unit pixels with its corner at p.
func (c *canvas) letter(r rune, p geom.Point, unit int32, col render.Color) {
	for y, row := range glyphs[r] {
		for x, dot := range row {
			if dot == '#' {
				c.fill(geom.XYWH(p.X+int32(x)*unit, p.Y+int32(y)*unit, unit, unit), col)
			}
		}
	}
}

// card is a window's content with an unmistakable orientation: a border, a
// letter, and four corners of different colours. A border of one buffer pixel
// shows whether sampling is sharp.
func card(r rune, back, front render.Color) func(*canvas) {
	return func(c *canvas) {
		c.fillPixels(c.size().Rect(), front)
		c.fillPixels(c.size().Rect().Inset(1), back)
		const q = 5
		c.fill(geom.XYWH(2, 2, q, q), red)
		c.fill(geom.XYWH(c.w-2-q, 2, q, q), green)
		c.fill(geom.XYWH(2, c.h-2-q, q, q), blue)
		c.fill(geom.XYWH(c.w-2-q, c.h-2-q, q, q), amber)
		unit := max(min(c.w/9, c.h/11), 1)
		c.letter(r, geom.Point{X: (c.w - 5*unit) / 2, Y: (c.h - 7*unit) / 2}, unit, front)
	}
}

// flat is content of one colour.
func flat(col render.Color) func(*canvas) {
	return func(c *canvas) { c.fillPixels(c.size().Rect(), col) }
}

// document looks like an application: a bar and lines of text.
func document(back, bar, line render.Color) func(*canvas) {
	return func(c *canvas) {
		c.fillPixels(c.size().Rect(), back)
		c.fill(geom.XYWH(0, 0, c.w, 18), bar)
		for i := int32(0); 30+12*i+4 < c.h; i++ {
			c.fill(geom.XYWH(12, 30+12*i, (c.w-24)*(5+(i*7)%5)/9, 4), line)
		}
	}
}
