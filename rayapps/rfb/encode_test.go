package rfb

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"slices"

	"rayos/geom"
)

// picture is what a server shows: pixels of 24 bits.
type picture struct {
	w, h int
	px   []uint32
}

func newPicture(w, h int) *picture { return &picture{w, h, make([]uint32, w*h)} }

// paint changes the pixels in r to something like a user interface, or noise.
func (m *picture) paint(rnd *rand.Rand, r geom.Rect, colours int) {
	pal := make([]uint32, max(colours, 1))
	for i := range pal {
		pal[i] = rnd.Uint32() & 0xffffff
	}
	px, run := pal[0], 0
	for y := r.Y0; y < r.Y1; y++ {
		for x := r.X0; x < r.X1; x++ {
			if colours == 0 {
				px = rnd.Uint32() & 0xffffff
			} else if run--; run < 0 {
				px, run = pal[rnd.IntN(len(pal))], rnd.IntN(40)*rnd.IntN(12)
			}
			m.px[int(y)*m.w+int(x)] = px
		}
	}
}

func (m *picture) at(x, y int32) uint32 { return m.px[int(y)*m.w+int(x)] }

// colours returns the colours of r in order, or nil when there are too many.
func (m *picture) colours(r geom.Rect, most int) []uint32 {
	var list []uint32
	for y := r.Y0; y < r.Y1; y++ {
		for x := r.X0; x < r.X1; x++ {
			if p := m.at(x, y); !slices.Contains(list, p) {
				if list = append(list, p); len(list) > most {
					return nil
				}
			}
		}
	}
	return list
}

func (m *picture) each(r geom.Rect, f func(px uint32)) {
	for y := r.Y0; y < r.Y1; y++ {
		for x := r.X0; x < r.X1; x++ {
			f(m.at(x, y))
		}
	}
}

// encoder is the writing half of a server.
type encoder struct {
	*picture
	rnd  *rand.Rand
	z    [streams]*zlib.Writer
	zout [streams]bytes.Buffer
}

func newEncoder(m *picture, rnd *rand.Rand) *encoder { return &encoder{picture: m, rnd: rnd} }

func (e *encoder) deflate(stream int, p []byte) []byte {
	b := &e.zout[stream]
	b.Reset()
	if e.z[stream] == nil {
		z, err := zlib.NewWriterLevel(b, 1+e.rnd.IntN(6))
		if err != nil {
			panic(err)
		}
		e.z[stream] = z
	}
	if _, err := e.z[stream].Write(p); err != nil {
		panic(err)
	}
	if err := e.z[stream].Flush(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

func le32(p []byte, v uint32) []byte { return binary.LittleEndian.AppendUint32(p, v) }
func bgr3(p []byte, v uint32) []byte { return append(p, byte(v), byte(v>>8), byte(v>>16)) }
func rgb3(p []byte, v uint32) []byte { return append(p, byte(v>>16), byte(v>>8), byte(v)) }
func be16(p []byte, v ...int32) []byte {
	for _, v := range v {
		p = binary.BigEndian.AppendUint16(p, uint16(v))
	}
	return p
}

// rect appends the rectangle's header and pixels.
func (e *encoder) rect(p []byte, enc Encoding, r geom.Rect) []byte {
	p = be16(p, r.X0, r.Y0, r.W(), r.H())
	p = binary.BigEndian.AppendUint32(p, uint32(enc))
	return e.pixels(p, enc, r)
}

func (e *encoder) pixels(p []byte, enc Encoding, r geom.Rect) []byte {
	switch enc {
	case Raw:
		e.each(r, func(px uint32) { p = le32(p, px) })
	case RRE:
		p = e.rre(p, r, false)
	case CoRRE:
		p = e.rre(p, r, true)
	case Zlib:
		z := e.deflate(zlibStream, e.pixels(nil, Raw, r))
		p = append(binary.BigEndian.AppendUint32(p, uint32(len(z))), z...)
	case TightPNG:
		p = e.png(p, r)
	case Hextile:
		p = e.hextile(p, r)
	case TRLE:
		p = e.tiles(p, r, 16)
	case ZRLE:
		z := e.deflate(zrleStream, e.tiles(nil, r, 64))
		p = append(binary.BigEndian.AppendUint32(p, uint32(len(z))), z...)
	case Tight:
		p = e.tight(p, r)
	default:
		panic(enc)
	}
	return p
}

func (e *encoder) rre(p []byte, r geom.Rect, compact bool) []byte {
	bg := e.at(r.X0, r.Y0)
	at, n := len(p), uint32(0)
	p = le32(append(p, 0, 0, 0, 0), bg)
	for y := r.Y0; y < r.Y1; y++ {
		for x := r.X0; x < r.X1; {
			x0, px := x, e.at(x, y)
			for x < r.X1 && e.at(x, y) == px {
				x++
			}
			if px != bg {
				n++
				if p = le32(p, px); compact {
					p = append(p, byte(x0-r.X0), byte(y-r.Y0), byte(x-x0), 1)
				} else {
					p = be16(p, x0-r.X0, y-r.Y0, x-x0, 1)
				}
			}
		}
	}
	binary.BigEndian.PutUint32(p[at:], n)
	return p
}

func (e *encoder) hextile(p []byte, r geom.Rect) []byte {
	for y := r.Y0; y < r.Y1; y += 16 {
		for x := r.X0; x < r.X1; x += 16 {
			t := geom.Rect{X0: x, Y0: y, X1: min(x+16, r.X1), Y1: min(y+16, r.Y1)}
			pal := e.colours(t, 8)
			if pal == nil {
				p = append(p, hexRaw)
				e.each(t, func(px uint32) { p = le32(p, px) })
				continue
			}
			if len(pal) == 1 {
				p = le32(append(p, hexBackground), pal[0])
				continue
			}
			bits := byte(hexBackground | hexSubrects | hexColoured)
			if len(pal) == 2 {
				bits = hexBackground | hexForeground | hexSubrects
			}
			p = le32(append(p, bits), pal[0])
			if len(pal) == 2 {
				p = le32(p, pal[1])
			}
			at := len(p)
			p = append(p, 0)
			for y := t.Y0; y < t.Y1; y++ {
				for x := t.X0; x < t.X1; {
					x0, px := x, e.at(x, y)
					for x < t.X1 && e.at(x, y) == px {
						x++
					}
					if px == pal[0] {
						continue
					}
					if p[at]++; len(pal) > 2 {
						p = le32(p, px)
					}
					p = append(p, byte(x0-t.X0)<<4|byte(y-t.Y0), byte(x-x0-1)<<4)
				}
			}
		}
	}
	return p
}

func (e *encoder) tiles(p []byte, r geom.Rect, side int32) []byte {
	for y := r.Y0; y < r.Y1; y += side {
		for x := r.X0; x < r.X1; x += side {
			t := geom.Rect{X0: x, Y0: y, X1: min(x+side, r.X1), Y1: min(y+side, r.Y1)}
			p = e.tile(p, t)
		}
	}
	return p
}

func (e *encoder) tile(p []byte, t geom.Rect) []byte {
	pal := e.colours(t, 127)
	switch n := len(pal); {
	case n == 1:
		return bgr3(append(p, 1), pal[0])
	case n > 1 && n <= 16 && e.rnd.IntN(2) == 0:
		p = append(p, byte(n))
		for _, px := range pal {
			p = bgr3(p, px)
		}
		bits := 4
		if n == 2 {
			bits = 1
		} else if n <= 4 {
			bits = 2
		}
		for y := t.Y0; y < t.Y1; y++ {
			b, used := 0, 0
			for x := t.X0; x < t.X1; x++ {
				b, used = b<<bits|slices.Index(pal, e.at(x, y)), used+bits
				if used == 8 {
					p, b, used = append(p, byte(b)), 0, 0
				}
			}
			if used > 0 {
				p = append(p, byte(b<<(8-used)))
			}
		}
		return p
	case n > 1 && e.rnd.IntN(3) > 0:
		p = append(p, byte(128+n))
		for _, px := range pal {
			p = bgr3(p, px)
		}
	case n > 1 || e.rnd.IntN(2) == 0:
		pal = nil
		p = append(p, 128)
	default:
		p = append(p, 0)
		e.each(t, func(px uint32) { p = bgr3(p, px) })
		return p
	}
	last, run := uint32(0), 0
	flush := func() {
		if run == 0 {
			return
		}
		switch {
		case pal == nil:
			p = bgr3(p, last)
		case run == 1:
			p = append(p, byte(slices.Index(pal, last)))
			return
		default:
			p = append(p, byte(slices.Index(pal, last))|128)
		}
		for run--; run >= 255; run -= 255 {
			p = append(p, 255)
		}
		p = append(p, byte(run))
	}
	e.each(t, func(px uint32) {
		if run > 0 && px != last {
			flush()
			run = 0
		}
		last = px
		run++
	})
	flush()
	return p
}

func (e *encoder) tight(p []byte, r geom.Rect) []byte {
	pal := e.colours(r, 256)
	stream := e.rnd.IntN(4)
	control := len(p)
	ctl := byte(stream << 4)
	if e.z[stream] != nil && e.rnd.IntN(8) == 0 {
		ctl |= 1 << stream
		e.z[stream] = nil
	}
	var data []byte
	switch {
	case len(pal) == 1:
		return rgb3(append(p, 0x80|ctl&15), pal[0])
	case pal != nil:
		p = append(p, ctl|0x40, 1, byte(len(pal)-1))
		for _, px := range pal {
			p = rgb3(p, px)
		}
		if len(pal) > 2 {
			e.each(r, func(px uint32) { data = append(data, byte(slices.Index(pal, px))) })
			break
		}
		for y := r.Y0; y < r.Y1; y++ {
			row := make([]byte, (r.W()+7)/8)
			for x := r.X0; x < r.X1; x++ {
				if e.at(x, y) == pal[1] {
					row[(x-r.X0)/8] |= 0x80 >> ((x - r.X0) % 8)
				}
			}
			data = append(data, row...)
		}
	case e.rnd.IntN(2) == 0:
		p = append(p, ctl|0x40, 2)
		data = e.gradient(r)
	default:
		p = append(p, ctl)
		e.each(r, func(px uint32) { data = rgb3(data, px) })
	}
	if len(data) < tightMin {
		if ctl&15 != 0 {
			e.z[stream] = nil
		}
		return append(p, data...)
	}
	if e.rnd.IntN(4) == 0 { // without zlib
		p[control] = p[control]&^0x30 | 0xa0
		return append(compactly(p, len(data)), data...)
	}
	z := e.deflate(stream, data)
	return append(compactly(p, len(z)), z...)
}

// compactly appends a length as Tight has it.
func compactly(p []byte, n int) []byte {
	p = append(p, byte(n&127))
	if n > 127 {
		p[len(p)-1] |= 128
		p = append(p, byte(n>>7&127))
		if n > 1<<14-1 {
			p[len(p)-1] |= 128
			p = append(p, byte(n>>14))
		}
	}
	return p
}

// png is TightPNG.
func (e *encoder) png(p []byte, r geom.Rect) []byte {
	w, h := int(r.W()), int(r.H())
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	i := 0
	e.each(r, func(px uint32) {
		copy(img.Pix[i:], []byte{byte(px >> 16), byte(px >> 8), byte(px), 255})
		i += 4
	})
	var src image.Image = img
	if pal := e.colours(r, 256); len(pal) == 1 {
		return rgb3(append(p, 0x80), pal[0])
	} else if pal != nil {
		few := image.NewPaletted(img.Rect, nil)
		for _, px := range pal {
			few.Palette = append(few.Palette, color.RGBA{byte(px >> 16), byte(px >> 8), byte(px), 255})
		}
		i = 0
		e.each(r, func(px uint32) { few.Pix[i] = byte(slices.Index(pal, px)); i++ })
		src = few
	}
	var b bytes.Buffer
	if err := png.Encode(&b, src); err != nil {
		panic(err)
	}
	return append(compactly(append(p, 0xa0), b.Len()), b.Bytes()...)
}

func (e *encoder) gradient(r geom.Rect) []byte {
	var data []byte
	chan3 := func(x, y int32, shift int) int {
		if x < r.X0 || y < r.Y0 {
			return 0
		}
		return int(e.at(x, y)>>shift) & 255
	}
	for y := r.Y0; y < r.Y1; y++ {
		for x := r.X0; x < r.X1; x++ {
			for _, s := range []int{16, 8, 0} {
				guess := chan3(x-1, y, s) + chan3(x, y-1, s) - chan3(x-1, y-1, s)
				data = append(data, byte(chan3(x, y, s)-min(max(guess, 0), 255)))
			}
		}
	}
	return data
}
