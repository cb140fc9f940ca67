package rfbserver

import (
	"rayos/geom"
	"rayos/rayapps/rfb"
)

// Flags of a tile of Hextile (RFC 6143, 7.7.4).
const (
	hextileRaw = 1 << iota
	hextileBackground
	hextileForeground
	hextileSubrects
	hextileColoured
)

// hextile appends a rectangle in Hextile.
func (e *encoder) hextile(b []byte, s *picture, r geom.Rect) []byte {
	b = head(b, r, rfb.Hextile)
	var background, foreground uint32
	know, knowFore := false, false
	eachTile(r, 16, func(area geom.Rect) {
		t, f := &e.tile, e.format
		t.load(s, area, f, 8)
		at := len(b)
		b = append(b, 0)
		bg := t.common()
		if !know || bg != background {
			b[at] |= hextileBackground
			b = f.pixel(b, bg)
			background, know = bg, true
		}
		if t.solid() {
			return
		}
		b[at] |= hextileSubrects
		one := !t.more && len(t.colours) == 2
		if one {
			fg := t.colours[0]
			if fg == bg {
				fg = t.colours[1]
			}
			if !knowFore || fg != foreground {
				b[at] |= hextileForeground
				b = f.pixel(b, fg)
				foreground, knowFore = fg, true
			}
		} else {
			b[at] |= hextileColoured
			knowFore = false // a coloured tile may change it
		}
		limit := at + t.w*t.h*f.bits/8
		count := len(b)
		b = append(b, 0)
		b = t.subrects(b, f, bg, one, limit, count)
		if len(b) < limit && b[count] != 0 {
			return
		}
		b = append(b[:at], hextileRaw)
		for _, px := range t.px {
			b = f.pixel(b, px)
		}
		know, knowFore = false, false
	})
	return b
}

// common returns a colour that many pixels have.
func (t *tile) common() uint32 {
	if t.more || len(t.colours) > 2 {
		// Of the corners and the middle the one that comes again, or any.
		at := [5]uint32{t.px[0], t.px[t.w-1], t.px[len(t.px)-1], t.px[len(t.px)-t.w], t.px[len(t.px)/2]}
		for i, px := range at {
			for _, other := range at[i+1:] {
				if px == other {
					return px
				}
			}
		}
		return at[0]
	}
	n := 0
	for _, px := range t.px {
		if px == t.colours[0] {
			n++
		}
	}
	if 2*n < len(t.px) {
		return t.colours[1]
	}
	return t.colours[0]
}

// subrects appends rectangles that cover all but the background, and their number at
// count, 0 if there are too many of them. It uses up the tile's pixels, unless that
// takes more than limit.
func (t *tile) subrects(b []byte, f *format, bg uint32, one bool, limit, count int) []byte {
	var done [256]bool
	n := 0
	for y := range t.h {
		for x := 0; x < t.w; x++ {
			px := t.px[y*t.w+x]
			if px == bg || done[y*16+x] {
				continue
			}
			w := 1
			for x+w < t.w && t.px[y*t.w+x+w] == px && !done[y*16+x+w] {
				w++
			}
			h := 1
			for y+h < t.h && t.all(x, y+h, w, px, &done) {
				h++
			}
			for j := range h {
				for i := range w {
					done[(y+j)*16+x+i] = true
				}
			}
			if n++; n > 255 || len(b) >= limit {
				b[count] = 0
				return b
			}
			if !one {
				b = f.pixel(b, px)
			}
			b = append(b, byte(x<<4|y), byte((w-1)<<4|(h-1)))
		}
	}
	b[count] = byte(n)
	return b
}

func (t *tile) all(x, y, w int, px uint32, done *[256]bool) bool {
	for i := range w {
		if t.px[y*t.w+x+i] != px || done[y*16+x+i] {
			return false
		}
	}
	return true
}
