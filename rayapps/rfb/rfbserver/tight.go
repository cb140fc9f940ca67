package rfbserver

import (
	"image"
	"image/jpeg"

	"rayos/geom"
	"rayos/rayapps/rfb"
)

// Tight's rectangles are tiles, or as many tiles beside each other as these.
const (
	tightTile = 64 // pixels, either way
	tightWide = 8 * tightTile
)

// Bits of Tight's first byte, and its filters.
const (
	tightFill     = 0x80
	tightJPEG     = 0x90
	tightExplicit = 0x40 // a filter is named
	tightPalette  = 1
	tightMin      = 12 // bytes that are deflated, at least
)

// The zlib streams of Tight.
const (
	tightFull = iota
	tightTwo
	tightSome
	tightStreams
)

// jpegQuality is that of image/jpeg for each of Tight's ten levels.
var jpegQuality = [10]int{15, 29, 41, 42, 62, 77, 79, 86, 92, 100}

// tight appends a rectangle in Tight, as rectangles of one colour and others. It
// returns how many.
func (e *encoder) tight(b []byte, s *picture, r geom.Rect) ([]byte, int, error) {
	count := 0
	var err error
	emit := func(r geom.Rect, solid bool, px uint32) {
		if r.Empty() || err != nil {
			return
		}
		count++
		if solid {
			b = e.format.tight(append(head(b, r, rfb.Tight), tightFill), px)
			return
		}
		b, err = e.tightRect(b, s, r)
	}
	for y := r.Y0; y < r.Y1; y += tightTile {
		var wait geom.Rect // tiles that belong together
		var waitSolid bool
		var waitPx uint32
		for x := r.X0; x < r.X1; x += tightTile {
			area := geom.Rect{X0: x, Y0: y, X1: min(x+tightTile, r.X1), Y1: min(y+tightTile, r.Y1)}
			px, solid := s.solid(area)
			px = e.format.of(px)
			if !wait.Empty() && solid == waitSolid && (!solid || px == waitPx) && (solid || area.X1-wait.X0 <= tightWide) {
				wait.X1 = area.X1
				continue
			}
			emit(wait, waitSolid, waitPx)
			wait, waitSolid, waitPx = area, solid, px
		}
		emit(wait, waitSolid, waitPx)
	}
	return b, count, err
}

// tightRect appends one rectangle that isn't of one colour.
func (e *encoder) tightRect(b []byte, s *picture, r geom.Rect) ([]byte, error) {
	b = head(b, r, rfb.Tight)
	t, f := &e.tile, e.format
	t.load(s, r, f, 256)
	if n := len(t.colours); !t.more && f.bits > 8 && n*f.tightBytes < len(t.px) {
		if n == 1 { // of several in ours
			return f.tight(append(b, tightFill), t.colours[0]), nil
		}
		stream, bits := tightSome, 8
		if n == 2 {
			stream, bits = tightTwo, 1
		}
		b = append(b, tightExplicit|byte(stream<<4), tightPalette, byte(n-1))
		for _, px := range t.colours {
			b = f.tight(b, px)
		}
		return e.deflate(b, t.packed(e.raw[:0], bits), stream)
	}
	if e.quality >= 0 && f.bits >= 16 {
		return e.jpeg(b, s, r)
	}
	b = append(b, tightFull<<4)
	raw := e.raw[:0]
	for _, px := range t.px {
		raw = f.tight(raw, px)
	}
	return e.deflate(b, raw, tightFull)
}

// deflate appends data, with its length if it is compressed.
func (e *encoder) deflate(b, data []byte, stream int) ([]byte, error) {
	e.raw = data
	if len(data) < tightMin {
		return append(b, data...), nil
	}
	small, err := e.zlib[stream].append(e.small[:0], data)
	e.small = small
	return append(compact(b, len(small)), small...), err
}

// compact appends a length in one to three bytes.
func compact(b []byte, n int) []byte {
	switch {
	case n < 1<<7:
		return append(b, byte(n))
	case n < 1<<14:
		return append(b, byte(n)|0x80, byte(n>>7))
	}
	return append(b, byte(n)|0x80, byte(n>>7)|0x80, byte(n>>14))
}

// jpeg appends a rectangle as JPEG.
func (e *encoder) jpeg(b []byte, s *picture, r geom.Rect) ([]byte, error) {
	b = append(b, tightJPEG)
	w, h := int(r.W()), int(r.H())
	if cap(e.rgba) < 4*w*h {
		e.rgba = make([]byte, 4*w*h)
	}
	img := image.RGBA{Pix: e.rgba[:4*w*h], Stride: 4 * w, Rect: image.Rect(0, 0, w, h)}
	for y := range h {
		row, out := s.row(r.X0, r.Y0+int32(y), w), img.Pix[y*img.Stride:]
		for x := 0; x < 4*w; x += 4 {
			out[x], out[x+1], out[x+2], out[x+3] = row[x+2], row[x+1], row[x], 255
		}
	}
	e.jpegs.Reset()
	if err := jpeg.Encode(&e.jpegs, &img, &jpeg.Options{Quality: jpegQuality[e.quality]}); err != nil {
		return b, err
	}
	return append(compact(b, e.jpegs.Len()), e.jpegs.Bytes()...), nil
}
