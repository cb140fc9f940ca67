package raster

import (
	"encoding/binary"
	"errors"
	"fmt"
	"runtime/debug"

	"rayos/geom"
	"rayos/gpu/render"
)

// ReadPixels implements render.Renderer. dst has the size of src, which lies
// inside the target; dst may be memory of a client, so it may return ErrFault.
// Formats without alpha get the premultiplied colours, which is the picture on
// black.
func (r *Renderer) ReadPixels(t render.Target, src geom.Rect, dst render.Pixels) (err error) {
	px, ok := t.(*render.Pixels)
	if !ok {
		return fmt.Errorf("raster: cannot read from a %T", t)
	}
	if err := check(px); err != nil {
		return fmt.Errorf("read from: %w", err)
	}
	if err := check(&dst); err != nil {
		return fmt.Errorf("read into: %w", err)
	}
	switch {
	case !native(px.Format):
		return fmt.Errorf("read from: %w: cannot read from %v", ErrPixels, px.Format)
	case src.Empty() || !px.Size().Rect().Contains(src):
		return fmt.Errorf("read from: %w: %v of %v", ErrPixels, src, px.Size())
	case dst.Size() != src.Size():
		return fmt.Errorf("read into: %w: %v into %v", ErrPixels, src.Size(), dst.Size())
	case r.pass.open:
		return errors.New("raster: read from a target while a pass is open")
	}
	defer debug.SetPanicOnFault(onFault())
	defer catch(&err, dst.Data)
	st := r.k.storer(dst.Format, px.Format.Opaque())
	w := int(dst.W) * int(dst.Format.BytesPerPixel())
	for y := range dst.H {
		st.store(dst.Data[int(y)*int(dst.Stride):][:w], row(px, src.Y0+y)[src.X0:src.X1])
	}
	return nil
}

// storer turns rows of ARGB8888 into one format. It is the loader's inverse.
type storer struct {
	loader
	or uint32 // alpha that the source lacks
}

func (k *kernels) storer(f render.Format, opaque bool) storer {
	s := storer{loader: k.loaders(f)}
	if opaque || f.Opaque() {
		s.or = alphaMask
	}
	if s.kind == loadShuffle {
		var inverse [4]uint8
		for to, from := range s.order {
			inverse[from] = uint8(to)
		}
		// The constant alpha moves along.
		s.or = s.or >> 24 << (8 * s.order[3])
		s.order = inverse
	}
	return s
}

// store converts src. dst is exactly as long.
func (s *storer) store(dst []byte, src []uint32) {
	switch s.kind {
	case loadNative:
		if s.or != 0 {
			s.k.opaque(words(dst), src)
		} else {
			copy(words(dst), src)
		}
	case loadShuffle:
		s.k.shuffle(words(dst), bytes(src), s.order, s.or)
	case load888:
		store888(dst, src, s.swap)
	case load565:
		store565(dst, src)
	case load2101010:
		store2101010(words(dst), src, s.swap, s.or)
	}
}

func store888(dst []byte, src []uint32, swap bool) {
	b, r := 0, 16
	if swap {
		b, r = 16, 0
	}
	dst = dst[:3*len(src)]
	for i, s := range src {
		c := dst[3*i : 3*i+3 : 3*i+3]
		c[0], c[1], c[2] = byte(s>>b), byte(s>>8), byte(s>>r)
	}
}

func store565(dst []byte, src []uint32) {
	dst = dst[:2*len(src)]
	for i, s := range src {
		v := s>>19&0x1f<<11 | s>>10&0x3f<<5 | s>>3&0x1f
		binary.LittleEndian.PutUint16(dst[2*i:], uint16(v))
	}
}

func store2101010(dst, src []uint32, swap bool, or uint32) {
	// wide repeats the high bits of a channel below it.
	wide := func(v uint32) uint32 { return v<<2 | v>>6 }
	for i, s := range src {
		s |= or
		r, g, b := wide(s>>16&0xff), wide(s>>8&0xff), wide(s&0xff)
		if swap {
			r, b = b, r
		}
		dst[i] = s>>30<<30 | r<<20 | g<<10 | b
	}
}
