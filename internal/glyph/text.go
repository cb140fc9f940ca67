package glyph

import (
	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/vector"
)

// Style is how text looks, apart from its colour.
type Style struct {
	Font Font
	// Size is the em in physical pixels, 24.8. At most MaxSize.
	Size geom.Fixed
	// Tabular gives every digit the same width.
	Tabular bool
}

// MaxSize is the largest em.
const MaxSize = geom.Fixed(256 << 8)

// Scaled returns the style of a logical size at a scale.
func Scaled(f Font, size int32, s geom.Scale) Style {
	return Style{Font: f, Size: geom.Fixed(s.Apply(size << 8))}
}

// Text draws text. The zero value is ready.
type Text struct {
	faces  [fonts]*face
	chars  map[charKey]char
	masks  map[maskKey]vector.Mask
	bytes  int
	raster vector.Rasterizer
	path   vector.Path
}

type charKey struct {
	font Font
	r    rune
}

// char is the glyph that stands for a character.
type char struct {
	font  Font
	glyph glyphID
}

type maskKey struct {
	char
	size geom.Fixed
	sub  uint8
}

// Bounds of the caches: characters, and bytes of masks.
const (
	maxChars = 1 << 12
	maxBytes = 512 << 10
)

func (t *Text) face(f Font) *face {
	if f >= fonts {
		f = Sans
	}
	if t.faces[f] == nil {
		t.faces[f] = loadFace(f)
	}
	return t.faces[f]
}

// lookup finds the glyph of r in the style's font or a fallback.
func (t *Text) lookup(f Font, r rune) char {
	key := charKey{f, r}
	if c, ok := t.chars[key]; ok {
		return c
	}
	c := char{f, box}
	for _, try := range [...]Font{f, Sans, goSans, Mono} {
		if g := t.face(try).index(r); g != box {
			c = char{try, g}
			break
		}
	}
	if t.chars == nil || len(t.chars) >= maxChars {
		t.chars = make(map[charKey]char)
	}
	t.chars[key] = c
	return c
}

// each calls fn for every glyph with its pen position and returns the end.
// Advances add up in 1/4 of 24.8 to keep a long line's error small.
func (t *Text) each(s Style, text string, fn func(c char, x geom.Fixed, size geom.Fixed)) geom.Fixed {
	size := min(max(s.Size, 0), MaxSize)
	var pen int64 // 24.16
	var prev char
	n := 0
	for _, r := range text {
		if n == MaxRunes {
			break
		}
		c := t.lookup(s.Font, r)
		f := t.face(c.font)
		em := func(units int) int64 { return int64(units) * int64(size) << 8 / int64(f.upm) }
		if n > 0 && c.font == prev.font {
			pen += em(f.kern(prev.glyph, c.glyph))
		}
		advance := f.advance(c.glyph)
		start := pen
		if s.Tabular && r >= '0' && r <= '9' {
			start += em(f.digitWidth-advance) / 2
			advance = f.digitWidth
		}
		if fn != nil {
			fn(c, geom.Fixed(start>>8), size)
		}
		pen += em(advance)
		prev = c
		n++
	}
	return geom.Fixed((pen + 128) >> 8)
}

// Measure returns the width of text.
func (t *Text) Measure(s Style, text string) geom.Fixed { return t.each(s, text, nil) }

// Metrics returns how far the style reaches above and below the baseline, and
// the height of capitals as they are drawn, in physical pixels.
func (t *Text) Metrics(s Style) (ascent, descent, capital int32) {
	f := t.face(s.Font)
	ft := newFit(f, min(max(s.Size, 0), MaxSize))
	up := func(v int64) int32 { return int32((v + 255) >> 8) }
	return up(ft.linear(int64(f.ascent))), up(ft.linear(int64(f.descent))), up(ft.cap_)
}

// Baseline returns the baseline that centres capitals between two edges.
func (t *Text) Baseline(s Style, top, bottom int32) int32 {
	_, _, capital := t.Metrics(s)
	return top + (bottom-top+capital)/2
}

// Draw draws text with its origin at x on the baseline and returns its width.
func (t *Text) Draw(dst *render.Pixels, clip geom.Rect, s Style, x geom.Fixed, baseline int32, c render.Color, text string) geom.Fixed {
	clip = clip.Intersect(dst.Size().Rect())
	return t.each(s, text, func(ch char, at, size geom.Fixed) {
		at += x + 32 // to the nearest quarter
		left := at.Int()
		// An em on either side is more than any glyph reaches.
		if reach := size.Int()*2 + 2; left+reach < clip.X0 || left-reach > clip.X1 {
			return
		}
		m := t.mask(ch, size, uint8(at>>6&3))
		vector.DrawMask(dst, clip, m, geom.Point{X: left, Y: baseline}, c)
	})
}

// mask returns the coverage of a glyph at a quarter-pixel offset, relative to
// its origin.
func (t *Text) mask(c char, size geom.Fixed, sub uint8) vector.Mask {
	key := maskKey{c, size, sub}
	if m, ok := t.masks[key]; ok {
		return m
	}
	t.path.Reset()
	t.face(c.font).outline(&t.path, c.glyph, size, geom.Fixed(sub)<<6)
	m := t.raster.Coverage(&t.path, t.path.Bounds())
	m.Pix = append([]uint8(nil), m.Pix...)
	if t.masks == nil || t.bytes+len(m.Pix) > maxBytes {
		t.masks, t.bytes = make(map[maskKey]vector.Mask), 0
	}
	t.masks[key] = m
	t.bytes += len(m.Pix) + 64
	return m
}
