package rfbserver

import (
	"encoding/binary"
	"errors"
)

// format is how a viewer wants pixels.
type format struct {
	bits   int // of a pixel: 8, 16 or 32
	depth  int
	big    bool   // the high byte first
	max    [3]int // of red, green and blue
	shift  [3]uint
	mapped bool // the viewer wants colours of a map

	plain bool // pixels are as ours are
	// What a part of a colour makes of a pixel.
	part [3][256]uint32
	// A pixel in Tight and ZRLE: how many bytes of it, and from which on when the
	// low one is first.
	tightBytes, zrleBytes, zrleFrom int
}

// ours is the format that a viewer has until it asks for another.
func ours() *format {
	f := &format{bits: 32, depth: 24, max: [3]int{255, 255, 255}, shift: [3]uint{16, 8, 0}}
	f.settle()
	return f
}

// parseFormat reads PIXEL_FORMAT, 16 bytes.
func parseFormat(p []byte) (*format, error) {
	be := binary.BigEndian
	f := &format{bits: int(p[0]), depth: int(p[1]), big: p[2] != 0, mapped: p[3] == 0}
	if f.bits != 8 && f.bits != 16 && f.bits != 32 {
		return nil, errors.New("pixels of neither 8, 16 nor 32 bits")
	}
	if f.mapped {
		if f.bits != 8 {
			return nil, errors.New("a colour map with pixels of more than 8 bits")
		}
		f.depth, f.max, f.shift = 8, [3]int{7, 7, 3}, [3]uint{0, 3, 6} // of the map that is sent
		f.settle()
		return f, nil
	}
	for i := range 3 {
		f.max[i], f.shift[i] = int(be.Uint16(p[4+2*i:])), uint(p[10+i])
		if f.max[i]&(f.max[i]+1) != 0 || uint64(f.max[i])<<min(f.shift[i], 63) >= 1<<f.bits {
			return nil, errors.New("colours that don't fit into a pixel")
		}
	}
	f.settle()
	return f, nil
}

// settle computes what follows from the rest.
func (f *format) settle() {
	for i := range 3 {
		for v := range 256 {
			f.part[i][v] = uint32((v*f.max[i]+127)/255) << f.shift[i]
		}
	}
	full := f.max == [3]int{255, 255, 255} && f.bits == 32
	f.plain = full && !f.big && f.shift == [3]uint{16, 8, 0}
	f.tightBytes, f.zrleBytes = f.bits/8, f.bits/8
	if full && f.depth == 24 {
		f.tightBytes = 3
	}
	if f.bits == 32 && f.depth <= 24 {
		used := uint64(0)
		for i := range 3 {
			used |= uint64(f.max[i]) << f.shift[i]
		}
		switch {
		case used < 1<<24:
			f.zrleBytes = 3
		case used&0xff == 0:
			f.zrleBytes, f.zrleFrom = 3, 1
		}
	}
}

// of returns a pixel of ours as the viewer's.
func (f *format) of(px uint32) uint32 {
	if f.plain {
		return px & 0xffffff
	}
	return f.part[0][px>>16&0xff] | f.part[1][px>>8&0xff] | f.part[2][px&0xff]
}

// pixel appends a pixel of the viewer's.
func (f *format) pixel(b []byte, px uint32) []byte {
	switch {
	case f.bits == 8:
		return append(b, byte(px))
	case f.bits == 16 && f.big:
		return append(b, byte(px>>8), byte(px))
	case f.bits == 16:
		return append(b, byte(px), byte(px>>8))
	case f.big:
		return append(b, byte(px>>24), byte(px>>16), byte(px>>8), byte(px))
	}
	return append(b, byte(px), byte(px>>8), byte(px>>16), byte(px>>24))
}

// zrle appends a pixel of the viewer's as a CPIXEL.
func (f *format) zrle(b []byte, px uint32) []byte {
	if f.zrleBytes != 3 {
		return f.pixel(b, px)
	}
	px >>= 8 * f.zrleFrom
	if f.big {
		return append(b, byte(px>>16), byte(px>>8), byte(px))
	}
	return append(b, byte(px), byte(px>>8), byte(px>>16))
}

// tight appends a pixel of the viewer's as a TPIXEL: red, green and blue if they
// have 8 bits each.
func (f *format) tight(b []byte, px uint32) []byte {
	if f.tightBytes != 3 {
		return f.pixel(b, px)
	}
	return append(b, byte(px>>f.shift[0]), byte(px>>f.shift[1]), byte(px>>f.shift[2]))
}

// colourMap is SetColourMapEntries with the 256 colours of a mapped format.
func (f *format) colourMap() []byte {
	be := binary.BigEndian
	b := []byte{1, 0, 0, 0, 1, 0}
	for px := range 256 {
		for i := range 3 {
			v := px >> f.shift[i] & f.max[i]
			b = be.AppendUint16(b, uint16(v*0xffff/f.max[i]))
		}
	}
	return b
}
