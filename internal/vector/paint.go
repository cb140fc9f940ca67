package vector

import (
	"encoding/binary"

	"rayos/geom"
	"rayos/gpu/render"
)

// Paint says what colour a filled pixel gets.
type Paint interface {
	// span writes the premultiplied colours of the pixels from x, y to the
	// right.
	span(x, y int32, out []uint32)
}

// Solid is one colour.
type Solid render.Color

func (c Solid) span(_, _ int32, out []uint32) {
	for i := range out {
		out[i] = uint32(c)
	}
}

// Fill paints the path OVER the pixels of clip.
func (r *Rasterizer) Fill(dst *render.Pixels, clip geom.Rect, p *Path, paint Paint) {
	b := p.Bounds().Intersect(clip).Intersect(dst.Size().Rect())
	if b.Empty() {
		return
	}
	r.span = grow(r.span, int(b.W()))
	solid, isSolid := paint.(Solid)
	r.eachRow(p, b, func(y int32, cover []uint8) {
		row := dst.Data[int(y)*int(dst.Stride)+int(b.X0)*4:][:len(cover)*4]
		if isSolid {
			blendSolid(row, cover, uint32(solid))
		} else {
			paint.span(b.X0, y, r.span)
			blendSpan(row, cover, r.span)
		}
		if dst.Format == render.XRGB8888 {
			for i := 3; i < len(row); i += 4 {
				row[i] = 0xff
			}
		}
	})
}

// FillRect paints whole pixels.
func FillRect(dst *render.Pixels, box geom.Rect, c render.Color) {
	b := box.Intersect(dst.Size().Rect())
	for y := b.Y0; y < b.Y1; y++ {
		row := dst.Data[int(y)*int(dst.Stride)+int(b.X0)*4:][:b.W()*4]
		for i := 0; i < len(row); i += 4 {
			v := uint32(c)
			if !c.Opaque() {
				v = Over(v, binary.LittleEndian.Uint32(row[i:]))
			}
			binary.LittleEndian.PutUint32(row[i:], v)
		}
		if dst.Format == render.XRGB8888 && !c.Opaque() {
			for i := 3; i < len(row); i += 4 {
				row[i] = 0xff
			}
		}
	}
}

// DrawMask paints a colour through coverage whose top-left corner is at.
func DrawMask(dst *render.Pixels, clip geom.Rect, m Mask, by geom.Point, c render.Color) {
	b := m.Bounds.Add(by).Intersect(clip).Intersect(dst.Size().Rect())
	if b.Empty() {
		return
	}
	w := int(m.Bounds.W())
	for y := b.Y0; y < b.Y1; y++ {
		cover := m.Pix[int(y-by.Y-m.Bounds.Y0)*w+int(b.X0-by.X-m.Bounds.X0):][:b.W()]
		row := dst.Data[int(y)*int(dst.Stride)+int(b.X0)*4:][:b.W()*4]
		blendSolid(row, cover, uint32(c))
		if dst.Format == render.XRGB8888 {
			for i := 3; i < len(row); i += 4 {
				row[i] = 0xff
			}
		}
	}
}

func blendSolid(row []byte, cover []uint8, c uint32) {
	opaque := c>>24 == 0xff
	for i, k := range cover {
		if k == 0 {
			continue
		}
		q := row[i*4 : i*4+4]
		if k == 0xff && opaque {
			binary.LittleEndian.PutUint32(q, c)
			continue
		}
		binary.LittleEndian.PutUint32(q, Over(Scale(c, k), binary.LittleEndian.Uint32(q)))
	}
}

func blendSpan(row []byte, cover []uint8, span []uint32) {
	for i, k := range cover {
		if k == 0 {
			continue
		}
		q := row[i*4 : i*4+4]
		binary.LittleEndian.PutUint32(q, Over(Scale(span[i], k), binary.LittleEndian.Uint32(q)))
	}
}

// Scale multiplies every channel of a premultiplied colour by k/255, rounded.
func Scale(c uint32, k uint8) uint32 {
	rb := c&0xff00ff*uint32(k) + 0x800080
	ag := c>>8&0xff00ff*uint32(k) + 0x800080
	rb = (rb + rb>>8&0xff00ff) >> 8 & 0xff00ff
	ag = (ag + ag>>8&0xff00ff) & 0xff00ff00
	return rb | ag
}

// Over composites a premultiplied colour over another.
func Over(src, dst uint32) uint32 { return src + Scale(dst, uint8(255-src>>24)) }

// Mix returns a·(255-k)/255 + b·k/255, for colours of equal alpha.
func Mix(a, b render.Color, k uint8) render.Color {
	return render.Color(Scale(uint32(a), 255-k) + Scale(uint32(b), k))
}
