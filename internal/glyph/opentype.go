package glyph

import (
	"errors"
	"fmt"

	"rayos/geom"
	"rayos/internal/vector"
)

// glyphID is the number of a glyph in a font. 0 is the missing glyph.
type glyphID uint16

// table is a part of an OpenType file. Reads beyond its end give 0, so a
// damaged font draws nothing instead of panicking.
type table string

func (t table) u8(i int) int {
	if i < 0 || i >= len(t) {
		return 0
	}
	return int(t[i])
}

func (t table) u16(i int) int { return t.u8(i)<<8 | t.u8(i+1) }
func (t table) i16(i int) int { return int(int16(t.u16(i))) }
func (t table) u32(i int) int { return t.u16(i)<<16 | t.u16(i+2) }

// from returns the table from offset i to its end.
func (t table) from(i int) table {
	if i < 0 || i > len(t) {
		return ""
	}
	return t[i:]
}

// openType reads the tables of a TrueType-flavoured OpenType font: cmap format
// 4, simple glyf outlines and GPOS pair adjustment. Numbers are in font units
// with y up.
type openType struct {
	cmap, glyf, loca, hmtx table
	kerning                []table // PairPos subtables, the first match wins
	glyphs, metrics        int
	longLoca               bool
	upm                    int
	ascent, descent        int
	xHeight, capHeight     int
}

var errFont = errors.New("not a usable TrueType font")

func parseOpenType(data string) (*openType, error) {
	file := table(data)
	tables := map[string]table{}
	for i := range min(file.u16(4), 64) {
		rec := 12 + 16*i
		off, n := file.u32(rec+8), file.u32(rec+12)
		if rec+16 > len(data) || off+n > len(data) {
			return nil, fmt.Errorf("%w: table %d reaches beyond the end", errFont, i)
		}
		tables[data[rec:rec+4]] = file[off : off+n]
	}
	head, hhea, os2 := tables["head"], tables["hhea"], tables["OS/2"]
	f := &openType{
		glyf: tables["glyf"], loca: tables["loca"], hmtx: tables["hmtx"],
		glyphs: tables["maxp"].u16(4), metrics: hhea.u16(34),
		longLoca: head.u16(50) != 0, upm: head.u16(18),
		ascent: hhea.i16(4), descent: -hhea.i16(6),
		xHeight: os2.i16(86), capHeight: os2.i16(88),
	}
	if f.upm < 16 || f.glyphs == 0 || f.metrics == 0 || len(f.glyf) == 0 {
		return nil, errFont
	}
	cmap := tables["cmap"]
	for i := range cmap.u16(2) {
		if sub := cmap.from(cmap.u32(4 + 8*i + 4)); cmap.u16(4+8*i) == 3 && sub.u16(0) == 4 {
			f.cmap = sub
		}
	}
	if f.cmap == "" {
		return nil, fmt.Errorf("%w: no Unicode map", errFont)
	}
	f.kerning = pairTables(tables["GPOS"])
	return f, nil
}

// index returns the glyph of a character, 0 if there is none.
func (f *openType) index(r rune) glyphID {
	if r < 0 || r > 0xffff {
		return 0
	}
	c, n := int(r), f.cmap.u16(6)/2
	lo, hi := 0, n
	for lo < hi {
		if mid := (lo + hi) / 2; f.cmap.u16(14+2*mid) < c {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	start := f.cmap.u16(16 + 2*n + 2*lo)
	if lo == n || c < start {
		return 0
	}
	delta, at := f.cmap.u16(16+4*n+2*lo), 16+6*n+2*lo
	g := c
	if off := f.cmap.u16(at); off != 0 {
		if g = f.cmap.u16(at + off + 2*(c-start)); g == 0 {
			return 0
		}
	}
	return glyphID(g + delta)
}

// advance returns the width of a glyph.
func (f *openType) advance(g glyphID) int { return f.hmtx.u16(4 * min(int(g), f.metrics-1)) }

// data returns the glyph's place in glyf, empty for a space.
func (f *openType) data(g glyphID) table {
	if int(g) >= f.glyphs {
		return ""
	}
	lo, hi := 2*f.loca.u16(2*int(g)), 2*f.loca.u16(2*int(g)+2)
	if f.longLoca {
		lo, hi = f.loca.u32(4*int(g)), f.loca.u32(4*int(g)+4)
	}
	if lo >= hi || hi > len(f.glyf) {
		return ""
	}
	return f.glyf[lo:hi]
}

// contourPoint is a point of a glyf outline; between two points off the curve
// lies one on it.
type contourPoint struct {
	x, y int
	on   bool
}

// maxGlyphPoints bounds the points of one glyph.
const maxGlyphPoints = 4096

// outline adds the contours of a glyph to p, each point mapped by pt.
func (f *openType) outline(p *vector.Path, g glyphID, pt func(x, y int) vector.Point) {
	d := f.data(g)
	contours := d.i16(0)
	if contours <= 0 {
		return
	}
	at := 10 + 2*contours
	n := d.u16(at-2) + 1
	if n > maxGlyphPoints {
		return
	}
	at += 2 + d.u16(at) // instructions
	pts := make([]contourPoint, n)
	flags := make([]int, 0, n)
	for len(flags) < n {
		flag := d.u8(at)
		at++
		flags = append(flags, flag)
		if flag&8 != 0 {
			for k := d.u8(at); k > 0 && len(flags) < n; k-- {
				flags = append(flags, flag)
			}
			at++
		}
	}
	// coordinate reads one axis: short is the flag of a byte, same the flag
	// of its sign, or of no change.
	coordinate := func(flag, short, same, v int) int {
		switch {
		case flag&short != 0 && flag&same != 0:
			v += d.u8(at)
			at++
		case flag&short != 0:
			v -= d.u8(at)
			at++
		case flag&same == 0:
			v += d.i16(at)
			at += 2
		}
		return v
	}
	v := 0
	for i, flag := range flags {
		v = coordinate(flag, 2, 16, v)
		pts[i].x, pts[i].on = v, flag&1 != 0
	}
	v = 0
	for i, flag := range flags {
		v = coordinate(flag, 4, 32, v)
		pts[i].y = v
	}
	first := 0
	for c := range contours {
		last := d.u16(10 + 2*c)
		if last < first || last >= n {
			return
		}
		addContour(p, pts[first:last+1], pt)
		first = last + 1
	}
}

func addContour(p *vector.Path, pts []contourPoint, pt func(x, y int) vector.Point) {
	mid := func(a, b contourPoint) vector.Point {
		m, n := pt(a.x, a.y), pt(b.x, b.y)
		return vector.Point{X: m.X + (n.X-m.X)/2, Y: m.Y + (n.Y-m.Y)/2}
	}
	n := len(pts)
	start := 0
	for start < n && !pts[start].on {
		start++
	}
	var origin vector.Point
	if start == n {
		start = 0
		origin = mid(pts[n-1], pts[0])
	} else {
		origin = pt(pts[start].x, pts[start].y)
		start++
	}
	p.MoveTo(origin)
	for i := 0; i < n; i++ {
		a, b := pts[(start+i)%n], pts[(start+i+1)%n]
		switch {
		case a.on:
			p.LineTo(pt(a.x, a.y))
		case b.on:
			p.QuadTo(pt(a.x, a.y), pt(b.x, b.y))
			i++
		default:
			p.QuadTo(pt(a.x, a.y), mid(a, b))
		}
	}
	p.Close()
}

// fixedUnits returns v font units in 24.8 pixels of an em of size.
func fixedUnits(v int64, size geom.Fixed, upm int) int64 {
	v *= int64(size)
	half, d := int64(upm)/2, int64(upm)
	if v < 0 {
		return -((-v + half) / d)
	}
	return (v + half) / d
}
