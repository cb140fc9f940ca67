package text

import (
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"

	"rayos/geom"
	"rayos/internal/vector"
)

// Subpixels is how many horizontal positions within a pixel a glyph is drawn at.
const Subpixels = 4

type maskKey struct {
	face FaceID
	sub  uint8
	id   uint32
	size geom.Fixed
}

// Mask returns the coverage of a glyph whose em is size physical pixels, moved
// right by sub/Subpixels of a pixel. Its bounds are relative to the glyph's
// origin on the baseline. Nobody may change it.
func (f *Fonts) Mask(id FaceID, glyph uint32, size geom.Fixed, sub uint8) vector.Mask {
	key := maskKey{id, sub % Subpixels, glyph, min(max(size, 0), 4*MaxSize)}
	if m, ok := f.masks.Get(key); ok {
		return m
	}
	f.path.Reset()
	f.outline(&f.path, id, glyph, key.size, geom.Fixed(key.sub)*(256/Subpixels))
	m := f.raster.Coverage(&f.path, f.path.Bounds())
	m.Pix = append([]uint8(nil), m.Pix...)
	f.masks.Put(key, m, len(m.Pix))
	return m
}

// outline adds a glyph to p, in pixels, its origin at x on the baseline y = 0.
func (f *Fonts) outline(p *vector.Path, id FaceID, glyph uint32, size, x geom.Fixed) {
	fc := f.face(id)
	if glyph == 0 {
		fc.box(p, size, x)
		return
	}
	o, ok := fc.ft.GlyphDataOutline(font.GID(glyph))
	if !ok {
		return
	}
	pt := func(q opentype.SegmentPoint) vector.Point {
		return vector.Point{X: x + units(q.X, size, fc.upem), Y: -units(q.Y, size, fc.upem)}
	}
	for i := range o.Segments {
		s := &o.Segments[i]
		switch s.Op {
		case opentype.SegmentOpMoveTo:
			p.MoveTo(pt(s.Args[0]))
		case opentype.SegmentOpLineTo:
			p.LineTo(pt(s.Args[0]))
		case opentype.SegmentOpQuadTo:
			p.QuadTo(pt(s.Args[0]), pt(s.Args[1]))
		case opentype.SegmentOpCubeTo:
			p.CubeTo(pt(s.Args[0]), pt(s.Args[1]), pt(s.Args[2]))
		}
	}
}

// box adds what stands for a character that no font has: a frame as high as a
// capital.
func (fc *face) box(p *vector.Path, size, x geom.Fixed) {
	em := func(v int64) geom.Fixed { return geom.Fixed(divRound(v*int64(size), fc.upem)) }
	wide := int64(fc.ft.HorizontalAdvance(0))
	height := fc.capHeight
	if height <= 0 {
		height = fc.upem * 7 / 10
	}
	line := max(size/16, 160)
	x0, x1, top := x+em(wide/8), x+em(wide*7/8), -em(height)
	p.Rect(x0, top, x1, 0)
	p.Polygon(
		vector.Pt(x0+line, top+line), vector.Pt(x0+line, -line),
		vector.Pt(x1-line, -line), vector.Pt(x1-line, top+line),
	)
}

// units returns font units in pixels of 24.8. Outlines have halves and, in
// scaled components, finer fractions: 1/64 of a unit is kept.
func units(v float32, size geom.Fixed, upem int64) geom.Fixed {
	return geom.Fixed(divRound(int64(v*64)*int64(size), upem*64))
}

// divRound returns a/b rounded to nearest. b is positive.
func divRound(a, b int64) int64 {
	if a < 0 {
		return -((-a + b/2) / b)
	}
	return (a + b/2) / b
}
