package glyph

import (
	"fmt"
	"unsafe"

	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"

	"rayos/assets"
	"rayos/geom"
	"rayos/internal/vector"
)

// Font is one of the embedded fonts.
type Font uint8

// Fonts. The last is only a fallback.
const (
	Sans Font = iota
	SansBold
	Mono
	goSans
	fonts
)

// box stands for a character that no font has.
const box glyphID = 0

// face is a parsed font with caches.
type face struct {
	*openType
	digitWidth int
	kerns      map[[2]glyphID]int
}

func loadFace(which Font) *face {
	var data string
	switch which {
	case Sans:
		data = assets.InterRegular
	case SansBold:
		data = assets.InterSemiBold
	case Mono:
		data = unsafe.String(&gomono.TTF[0], len(gomono.TTF))
	default:
		data = unsafe.String(&goregular.TTF[0], len(goregular.TTF))
	}
	parsed, err := parseOpenType(data)
	if err != nil {
		panic(fmt.Sprintf("glyph: embedded font %d: %v", which, err))
	}
	f := &face{openType: parsed, kerns: map[[2]glyphID]int{}}
	for r := '0'; r <= '9'; r++ {
		f.digitWidth = max(f.digitWidth, f.advance(f.index(r)))
	}
	return f
}

// advance returns the width of a glyph or box.
func (f *face) advance(g glyphID) int {
	if g == box {
		return f.upm * 5 / 8
	}
	return f.openType.advance(g)
}

// kern returns the adjustment between two glyphs; a pair without one has 0.
func (f *face) kern(a, b glyphID) int {
	if len(f.kerning) == 0 {
		return 0
	}
	key := [2]glyphID{a, b}
	if k, ok := f.kerns[key]; ok {
		return k
	}
	k := f.openType.kern(a, b)
	if len(f.kerns) >= maxPairs {
		clear(f.kerns)
	}
	f.kerns[key] = k
	return k
}

// maxPairs bounds the kerning cache.
const maxPairs = 1 << 12

// fitted is the largest em, in pixels, whose heights are fitted to pixels.
const fitted = 40

// fit maps heights of one face at one size to 24.8 pixels. Between the
// baseline, the x-height and the cap height it is linear; each of these falls
// on a whole pixel, and the overshoot of round letters is cut.
type fit struct {
	size, upm  int64
	xUnits     int64
	capUnits   int64
	xPix, cap_ int64
	overshoot  int64
}

func newFit(f *face, size geom.Fixed) fit {
	ft := fit{
		size: int64(size), upm: int64(f.upm),
		xUnits: int64(f.xHeight), capUnits: int64(f.capHeight),
		overshoot: int64(f.upm) / 48,
	}
	ft.xPix, ft.cap_ = ft.linear(ft.xUnits), ft.linear(ft.capUnits)
	if size > vector.Px(fitted) || ft.xUnits <= 0 || ft.capUnits <= ft.xUnits+2*ft.overshoot {
		ft.overshoot = -1
		return ft
	}
	whole := func(v int64) int64 { return (v + 128) &^ 255 }
	ft.xPix = max(whole(ft.xPix), 256)
	ft.cap_ = max(whole(ft.cap_), ft.xPix+256)
	return ft
}

// linear returns v font units in 24.8 pixels.
func (t *fit) linear(v int64) int64 { return fixedUnits(v, geom.Fixed(t.size), int(t.upm)) }

// y returns a height above the baseline.
func (t *fit) y(v int64) int64 {
	if t.overshoot < 0 {
		return t.linear(v)
	}
	snap := func(v, zone int64) bool { return v >= zone && v <= zone+t.overshoot }
	switch {
	case v < -t.overshoot:
		return t.linear(v)
	case v <= 0:
		return 0
	case snap(v, t.xUnits):
		return t.xPix
	case snap(v, t.capUnits):
		return t.cap_
	case v < t.xUnits:
		return (v*t.xPix + t.xUnits/2) / t.xUnits
	case v < t.capUnits:
		d := t.capUnits - t.xUnits
		return t.xPix + ((v-t.xUnits)*(t.cap_-t.xPix)+d/2)/d
	}
	return t.cap_ + t.linear(v-t.capUnits)
}

// outline adds the glyph's contours to p, in pixels at the given size, with
// its origin at x on the baseline y = 0.
func (f *face) outline(p *vector.Path, g glyphID, size, x geom.Fixed) {
	ft := newFit(f, size)
	if g == box {
		f.boxOutline(p, &ft, x)
		return
	}
	f.openType.outline(p, g, func(px, py int) vector.Point {
		return vector.Point{X: x + geom.Fixed(ft.linear(int64(px))), Y: geom.Fixed(-ft.y(int64(py)))}
	})
}

// boxOutline adds an empty box as high as a capital.
func (f *face) boxOutline(p *vector.Path, ft *fit, x geom.Fixed) {
	side := geom.Fixed(ft.linear(int64(f.upm) / 12))
	right := geom.Fixed(ft.linear(int64(f.upm)*5/8)) - side
	top := geom.Fixed(-ft.cap_)
	line := max(geom.Fixed(ft.size)/14, 128)
	x0, x1 := x+side, x+right
	p.Rect(x0, top, x1, 0)
	p.Polygon(
		vector.Pt(x0+line, top+line), vector.Pt(x0+line, -line),
		vector.Pt(x1-line, -line), vector.Pt(x1-line, top+line),
	)
}
