package rfb

import (
	"encoding/binary"
	"fmt"

	"rayos/geom"
)

// Framebuffer is where pixels are decoded to: rows of 4 bytes a pixel in the
// order blue, green, red, undefined; row y starts at Pix[y*Stride].
type Framebuffer struct {
	Pix    []byte
	Stride int // bytes
	Size   geom.Size
}

// NewFramebuffer returns a black one of that size.
func NewFramebuffer(s geom.Size) Framebuffer {
	return Framebuffer{Pix: make([]byte, 4*int(s.W)*int(s.H)), Stride: 4 * int(s.W), Size: s}
}

// check says whether the pixels are where the fields say.
func (f *Framebuffer) check(want geom.Size) error {
	if f.Size != want {
		return fmt.Errorf("rfb: framebuffer of %d×%d for a desktop of %d×%d", f.Size.W, f.Size.H, want.W, want.H)
	}
	w, h := int(f.Size.W), int(f.Size.H)
	if w == 0 || h == 0 {
		return nil
	}
	if f.Stride < 4*w || len(f.Pix) < (h-1)*f.Stride+4*w {
		return fmt.Errorf("rfb: framebuffer of %d×%d with stride %d in %d bytes", w, h, f.Stride, len(f.Pix))
	}
	return nil
}

// row returns the bytes of w pixels from x, y, which lie within.
func (f *Framebuffer) row(x, y, w int) []byte {
	at := y*f.Stride + 4*x
	return f.Pix[at : at+4*w : at+4*w]
}

// fill paints r, which lies within, with one pixel.
func (f *Framebuffer) fill(r geom.Rect, px uint32) {
	x, y, w, h := int(r.X0), int(r.Y0), int(r.W()), int(r.H())
	if w <= 0 || h <= 0 {
		return
	}
	first := f.row(x, y, w)
	fillRow(first, px)
	for i := 1; i < h; i++ {
		copy(f.row(x, y+i, w), first)
	}
}

// copyRect moves the pixels at src to r; both lie within and may overlap.
func (f *Framebuffer) copyRect(r geom.Rect, src geom.Point) {
	w, h := int(r.W()), int(r.H())
	if src.Y < r.Y0 {
		for i := h - 1; i >= 0; i-- {
			copy(f.row(int(r.X0), int(r.Y0)+i, w), f.row(int(src.X), int(src.Y)+i, w))
		}
		return
	}
	for i := range h {
		copy(f.row(int(r.X0), int(r.Y0)+i, w), f.row(int(src.X), int(src.Y)+i, w))
	}
}

// fillRow paints whole pixels.
func fillRow(p []byte, px uint32) {
	if len(p) <= 64 {
		for ; len(p) >= 4; p = p[4:] {
			binary.LittleEndian.PutUint32(p, px)
		}
		return
	}
	two := uint64(px)<<32 | uint64(px)
	binary.LittleEndian.PutUint64(p, two)
	binary.LittleEndian.PutUint64(p[8:], two)
	for n := 16; n < len(p); n *= 2 {
		copy(p[n:], p[:n])
	}
}

// opaque stands in the undefined byte of pixels that came with three.
const opaque = 0xff << 24

// expandBGR writes the pixels of src, 3 bytes each in the order blue, green,
// red, to dst.
func expandBGR(dst, src []byte) {
	for len(src) >= 8 && len(dst) >= 8 {
		two := binary.LittleEndian.Uint64(src)
		binary.LittleEndian.PutUint64(dst, two&0xffffff|two<<8&(0xffffff<<32)|opaque<<32|opaque)
		src, dst = src[6:], dst[8:]
	}
	for len(src) >= 4 && len(dst) >= 4 {
		binary.LittleEndian.PutUint32(dst, binary.LittleEndian.Uint32(src)|opaque)
		src, dst = src[3:], dst[4:]
	}
	if len(src) >= 3 && len(dst) >= 4 {
		binary.LittleEndian.PutUint32(dst, bgr(src))
	}
}

// expandRGB is expandBGR for the order red, green, blue.
func expandRGB(dst, src []byte) {
	for len(src) >= 8 && len(dst) >= 8 {
		two := binary.BigEndian.Uint64(src)
		binary.LittleEndian.PutUint64(dst, two>>40|two<<16&(0xffffff<<32)|opaque<<32|opaque)
		src, dst = src[6:], dst[8:]
	}
	for len(src) >= 4 && len(dst) >= 4 {
		binary.LittleEndian.PutUint32(dst, binary.BigEndian.Uint32(src)>>8|opaque)
		src, dst = src[3:], dst[4:]
	}
	if len(src) >= 3 && len(dst) >= 4 {
		binary.LittleEndian.PutUint32(dst, rgb(src))
	}
}

func bgr(p []byte) uint32 { return uint32(p[0]) | uint32(p[1])<<8 | uint32(p[2])<<16 | opaque }

func rgb(p []byte) uint32 { return uint32(p[2]) | uint32(p[1])<<8 | uint32(p[0])<<16 | opaque }
