package paint

import (
	"encoding/binary"

	"rayos/geom"
	"rayos/rayapps/text"
)

// magic starts an encoded list; its last byte is the version of the format.
const magic = "RPL\x01"

// The format: magic; then, each with its count, the clips but the first, the
// paths, the paragraphs, the images; then the commands. Numbers are unsigned
// varints, coordinates zigzag varints of 24.8, colours four bytes little
// endian, strings and pixels have their length before them.

// AppendBinary appends the list in a form that Decode reads in another
// process. Text goes as what was laid out, not as glyphs: fonts stay where they
// are. Pixels of images are part of it.
func (l *List) AppendBinary(out []byte) ([]byte, error) {
	e := encoder{append(out, magic...)}
	e.uint(uint64(max(len(l.clips)-1, 0)))
	for i := 1; i < len(l.clips); i++ {
		c := &l.clips[i]
		e.uint(uint64(c.parent))
		e.rect(c.box)
		e.radii(c.radii)
	}
	e.uint(uint64(len(l.paths)))
	for _, p := range l.paths {
		e.path(p)
	}
	e.uint(uint64(len(l.texts)))
	for _, t := range l.texts {
		p := t.Paragraph()
		e.paragraph(&p)
	}
	e.uint(uint64(len(l.images)))
	for i := range l.images {
		e.image(l.images[i].image)
	}
	e.uint(uint64(len(l.ops)))
	for i := range l.ops {
		e.op(&l.ops[i])
	}
	return e.out, nil
}

type encoder struct{ out []byte }

func (e *encoder) uint(v uint64)           { e.out = binary.AppendUvarint(e.out, v) }
func (e *encoder) fixed(v geom.Fixed)      { e.out = binary.AppendVarint(e.out, int64(v)) }
func (e *encoder) byte(v uint8)            { e.out = append(e.out, v) }
func (e *encoder) color(v uint32)          { e.out = binary.LittleEndian.AppendUint32(e.out, v) }
func (e *encoder) bytes(b []byte)          { e.out = append(e.out, b...) }
func (e *encoder) point(p geom.FixedPoint) { e.fixed(p.X); e.fixed(p.Y) }

func (e *encoder) rect(r geom.FixedRect) {
	e.point(r.Min())
	e.fixed(r.X1)
	e.fixed(r.Y1)
}

// radii takes a byte for the common cases: none, and four equal ones.
func (e *encoder) radii(r Radii) {
	switch {
	case r == Radii{}:
		e.byte(0)
	case r == Round(r[0]):
		e.byte(1)
		e.fixed(r[0])
	default:
		e.byte(2)
		for _, v := range r {
			e.fixed(v)
		}
	}
}

func (e *encoder) string(s string) {
	e.uint(uint64(len(s)))
	e.out = append(e.out, s...)
}

func (e *encoder) path(p *Path) {
	e.uint(uint64(len(p.verbs)))
	for _, v := range p.verbs {
		e.byte(uint8(v))
	}
	for _, q := range p.pts {
		e.point(q)
	}
}

func (e *encoder) style(s *text.Style) {
	e.byte(uint8(s.Family))
	e.byte(uint8(s.Weight))
	tabular := uint8(0)
	if s.Tabular {
		tabular = 1
	}
	e.byte(tabular)
	e.fixed(s.Size)
	e.fixed(s.LineHeight)
}

func (e *encoder) paragraph(p *text.Paragraph) {
	e.fixed(p.Width)
	e.uint(uint64(max(p.MaxLines, 0)))
	e.byte(uint8(p.Align))
	e.byte(uint8(p.Dir))
	e.uint(uint64(len(p.Spans)))
	if len(p.Spans) == 0 {
		e.style(&p.Style)
		e.string(p.Text)
	}
	for i := range p.Spans {
		s := &p.Spans[i]
		e.style(&s.Style)
		e.color(uint32(s.Color))
		e.string(s.Text)
	}
}

func (e *encoder) image(m *Image) {
	e.color(uint32(m.pix.Format))
	e.uint(uint64(m.pix.W))
	e.uint(uint64(m.pix.H))
	for y := range int(m.pix.H) {
		e.bytes(m.pix.Data[y*int(m.pix.Stride):][:4*m.pix.W])
	}
}

func (e *encoder) op(o *op) {
	e.byte(uint8(o.kind))
	if o.kind == endOp {
		return
	}
	e.uint(uint64(o.clip))
	switch o.kind {
	case fillOp, boxOp, shadowOp, gradientOp, backdropOp, imageOp:
		e.rect(o.box)
	}
	switch o.kind {
	case boxOp, shadowOp, gradientOp, backdropOp, imageOp:
		e.radii(o.radii)
	}
	switch o.kind {
	case fillOp:
		e.color(uint32(o.color))
	case boxOp:
		e.color(uint32(o.color))
		e.color(uint32(o.color2))
		e.fixed(o.width)
	case shadowOp:
		e.color(uint32(o.color))
		e.point(o.at)
		e.fixed(o.blur)
		e.fixed(o.width)
	case gradientOp:
		e.color(uint32(o.color))
		e.color(uint32(o.color2))
		e.point(o.at)
		e.point(o.to)
	case backdropOp:
		e.fixed(o.blur)
	case pathOp, strokeOp:
		e.uint(uint64(o.ref))
		e.point(o.at)
		e.color(uint32(o.color))
		if o.kind == strokeOp {
			e.fixed(o.width)
			e.byte(uint8(o.cap))
		}
	case textOp:
		e.uint(uint64(o.ref))
		e.point(o.at)
		e.color(uint32(o.color))
	case imageOp:
		e.uint(uint64(o.ref))
		for _, v := range [4]int32{o.src.X0, o.src.Y0, o.src.X1, o.src.Y1} {
			e.uint(uint64(v))
		}
		e.byte(uint8(o.filter))
		e.byte(o.alpha)
	case groupOp:
		e.byte(o.alpha)
	}
}
