package raster

import (
	"encoding/binary"

	"rayos/gpu/render"
)

// loader turns rows of one format into ARGB8888, opaque formats with alpha 255.
type loader struct {
	k    *kernels
	kind loadKind
	// order names, for each byte of ARGB8888 from blue up, the source byte.
	order  [4]uint8
	swap   bool // red and blue are exchanged
	opaque bool
}

type loadKind uint8

const (
	loadNative loadKind = iota
	loadShuffle
	load888
	load565
	load2101010
)

// loaders returns the loader of f, which render knows.
func (k *kernels) loaders(f render.Format) loader {
	l := loader{k: k, opaque: f.Opaque()}
	switch f {
	case render.ARGB8888, render.XRGB8888:
		l.kind = loadNative
	case render.ABGR8888, render.XBGR8888:
		l.kind, l.order = loadShuffle, [4]uint8{2, 1, 0, 3}
	case render.RGBA8888, render.RGBX8888:
		l.kind, l.order = loadShuffle, [4]uint8{1, 2, 3, 0}
	case render.BGRA8888, render.BGRX8888:
		l.kind, l.order = loadShuffle, [4]uint8{3, 2, 1, 0}
	case render.RGB888, render.BGR888:
		l.kind, l.swap = load888, f == render.BGR888
	case render.RGB565:
		l.kind = load565
	case render.ARGB2101010, render.XRGB2101010:
		l.kind = load2101010
	case render.ABGR2101010, render.XBGR2101010:
		l.kind, l.swap = load2101010, true
	}
	return l
}

// load converts len(dst) pixels. src is exactly as long.
func (l *loader) load(dst []uint32, src []byte) {
	switch l.kind {
	case loadNative:
		if l.opaque {
			l.k.opaque(dst, words(src))
		} else {
			copy(dst, words(src))
		}
	case loadShuffle:
		or := uint32(0)
		if l.opaque {
			or = alphaMask
		}
		l.k.shuffle(dst, src, l.order, or)
	case load888:
		l.k.from888(dst, src, l.swap)
	case load565:
		l.k.from565(dst, src)
	case load2101010:
		l.k.from2101010(dst, src, l.swap, l.opaque)
	}
}

func shuffleGo(dst []uint32, src []byte, order [4]uint8, or uint32) {
	px := words(src)[:len(dst)]
	b, g, r, a := order[0]*8&31, order[1]*8&31, order[2]*8&31, order[3]*8&31
	for i, s := range px {
		dst[i] = s>>b&0xff | s>>g&0xff<<8 | s>>r&0xff<<16 | s>>a&0xff<<24 | or
	}
}

func from888Go(dst []uint32, src []byte, swap bool) {
	src = src[:3*len(dst)]
	b, r := 0, 16
	if swap {
		b, r = 16, 0
	}
	for i := range dst {
		c := src[3*i : 3*i+3 : 3*i+3]
		dst[i] = alphaMask | uint32(c[0])<<b | uint32(c[1])<<8 | uint32(c[2])<<r
	}
}

func from565Go(dst []uint32, src []byte) {
	src = src[:2*len(dst)]
	for i := range dst {
		v := uint32(binary.LittleEndian.Uint16(src[2*i:]))
		r, g, b := v>>11, v>>5&0x3f, v&0x1f
		dst[i] = alphaMask | (r<<3|r>>2)<<16 | (g<<2|g>>4)<<8 | b<<3 | b>>2
	}
}

func from2101010Go(dst []uint32, src []byte, swap, opaque bool) {
	px := words(src)[:len(dst)]
	for i, s := range px {
		r, g, b, a := s>>22&0xff, s>>12&0xff, s>>2&0xff, s>>30*85
		if swap {
			r, b = b, r
		}
		if opaque {
			a = 255
		}
		dst[i] = a<<24 | r<<16 | g<<8 | b
	}
}
