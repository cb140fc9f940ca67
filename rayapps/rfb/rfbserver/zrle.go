package rfbserver

import (
	"encoding/binary"

	"rayos/geom"
	"rayos/rayapps/rfb"
)

const zrleTile = 64 // pixels, either way

// zrle appends a rectangle in ZRLE (RFC 6143, 7.7.6).
func (e *encoder) zrle(b []byte, s *picture, r geom.Rect) ([]byte, error) {
	b = head(b, r, rfb.ZRLE)
	raw := e.raw[:0]
	eachTile(r, zrleTile, func(t geom.Rect) {
		e.tile.load(s, t, e.format, 127)
		raw = e.zrleTile(raw)
	})
	e.raw = raw
	at := len(b)
	b = append(b, 0, 0, 0, 0)
	b, err := e.zlib[0].append(b, raw)
	binary.BigEndian.PutUint32(b[at:], uint32(len(b)-at-4))
	return b, err
}

// eachTile calls fn with the tiles of a rectangle, rows from the top.
func eachTile(r geom.Rect, side int32, fn func(geom.Rect)) {
	for y := r.Y0; y < r.Y1; y += side {
		for x := r.X0; x < r.X1; x += side {
			fn(geom.Rect{X0: x, Y0: y, X1: min(x+side, r.X1), Y1: min(y+side, r.Y1)})
		}
	}
}

// zrleTile appends the tile in whichever way is the shortest before it is deflated.
func (e *encoder) zrleTile(b []byte) []byte {
	t, f := &e.tile, e.format
	n, each := len(t.px), f.zrleBytes
	if t.solid() {
		return f.zrle(append(b, 1), t.px[0])
	}
	const raw, packed, plainRuns, paletteRuns = 0, 1, 2, 3
	best, cost := raw, n*each
	if c := t.runs * (each + 1); c < cost {
		best, cost = plainRuns, c
	}
	colours := len(t.colours)
	bits := 0
	if !t.more {
		if c := colours*each + t.singles + 2*(t.runs-t.singles); c < cost {
			best, cost = paletteRuns, c
		}
		if colours <= 16 {
			for bits = 1; 1<<bits < colours; bits *= 2 {
			}
			if c := colours*each + (t.w*bits+7)/8*t.h; c < cost {
				best = packed
			}
		}
	}
	switch best {
	case raw:
		b = append(b, 0)
		for _, px := range t.px {
			b = f.zrle(b, px)
		}
		return b
	case packed:
		b = append(b, byte(colours))
	case plainRuns:
		b = append(b, 128)
	case paletteRuns:
		b = append(b, byte(128+colours))
	}
	if best != plainRuns {
		for _, px := range t.colours {
			b = f.zrle(b, px)
		}
	}
	if best == packed {
		return t.packed(b, bits)
	}
	for i := 0; i < n; {
		px, from := t.px[i], i
		for i++; i < n && t.px[i] == px; i++ {
		}
		run := i - from
		switch {
		case best == plainRuns:
			b = f.zrle(b, px)
		case run == 1:
			b = append(b, t.index(px))
			continue
		default:
			b = append(b, t.index(px)|0x80)
		}
		for run--; run >= 255; run -= 255 {
			b = append(b, 255)
		}
		b = append(b, byte(run))
	}
	return b
}
