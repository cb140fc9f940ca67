package text

import (
	"bytes"
	"image"
	"image/draw"
	"image/png"

	"github.com/go-text/typesetting/font"

	"rayos/geom"
)

// Picture is a glyph that has its own colours: premultiplied ARGB, a word each, row
// by row. Its bounds are relative to the glyph's origin on the baseline, in
// physical pixels.
type Picture struct {
	Bounds geom.Rect
	Pix    []uint32
}

// Limits of a bitmap in a font.
const (
	maxBitmapSide  = 512
	maxBitmapBytes = 1 << 20
)

// pictureBudget bounds the pictures that are kept, in bytes of one generation.
const pictureBudget = 2 << 20

// drawable reports whether there is something to draw for a glyph.
func drawable(ft *font.Face, g font.GID) bool {
	if _, ok := ft.GlyphDataOutline(g); ok {
		return true
	}
	_, ok := bitmap(ft, g)
	return ok
}

// bitmap returns the picture that a font has for a glyph, if it is one that is
// drawn: a PNG, as in the tables CBDT and sbix.
func bitmap(ft *font.Face, g font.GID) ([]byte, bool) {
	b, ok := ft.GlyphDataBitmap(g)
	if !ok || b.Format != font.PNG || len(b.Data) > maxBitmapBytes {
		return nil, false
	}
	return b.Data, true
}

// Coloured reports whether glyphs of a font are pictures, for Picture.
func (f *Fonts) Coloured(id FaceID) bool { return f.face(id).coloured }

// Picture returns a glyph of a coloured font whose em is size physical pixels.
// Nobody may change it. A glyph that can't be shown is empty.
func (f *Fonts) Picture(id FaceID, glyph uint32, size geom.Fixed) Picture {
	key := maskKey{face: id, id: glyph, size: min(max(size, 0), 4*MaxSize)}
	if p, ok := f.pictures.Get(key); ok {
		return p
	}
	p := f.face(id).picture(font.GID(glyph), key.size)
	f.pictures.Put(key, p, 4*len(p.Pix)+64)
	return p
}

func (fc *face) picture(g font.GID, size geom.Fixed) (p Picture) {
	data, ok := bitmap(fc.ft, g)
	if !ok {
		return p
	}
	ext, ok := fc.ft.GlyphExtents(g)
	if !ok {
		return p
	}
	px := func(v float32) int32 { return units(v, size, fc.upem).Round() }
	x, y := px(ext.XBearing), -px(ext.YBearing)
	w, h := px(ext.Width), -px(ext.Height)
	if w <= 0 || h <= 0 || w > 2*maxBitmapSide || h > 2*maxBitmapSide {
		return p
	}
	c, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil || c.Width > maxBitmapSide || c.Height > maxBitmapSide {
		return p
	}
	m, err := png.Decode(bytes.NewReader(data))
	if err != nil || m.Bounds().Empty() {
		return p
	}
	src := image.NewRGBA(image.Rectangle{Max: m.Bounds().Size()})
	draw.Draw(src, src.Rect, m, m.Bounds().Min, draw.Src)
	return Picture{geom.XYWH(x, y, w, h), average(src, int(w), int(h))}
}

// average scales a picture: each pixel is the mean of those that it covers, in
// whole numbers, so that it is the same on every machine.
func average(src *image.RGBA, w, h int) []uint32 {
	sw, sh := src.Rect.Dx(), src.Rect.Dy()
	out := make([]uint32, w*h)
	for y := range h {
		y0, y1 := y*sh, (y+1)*sh // in 1/h of a source row
		for x := range w {
			x0, x1 := x*sw, (x+1)*sw
			var sum [4]uint64
			for sy := y0 / h; sy*h < y1; sy++ {
				wy := min(y1, (sy+1)*h) - max(y0, sy*h)
				for sx := x0 / w; sx*w < x1; sx++ {
					weight := uint64(wy * (min(x1, (sx+1)*w) - max(x0, sx*w)))
					for k, v := range src.Pix[sy*src.Stride+4*sx:][:4] {
						sum[k] += weight * uint64(v)
					}
				}
			}
			all := uint64(sw * sh)
			mean := func(k int) uint32 { return uint32((sum[k] + all/2) / all) }
			out[y*w+x] = mean(3)<<24 | mean(0)<<16 | mean(1)<<8 | mean(2)
		}
	}
	return out
}
