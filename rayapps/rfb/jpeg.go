package rfb

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/jpeg"

	"rayos/geom"
)

// pictureReader is the source of a decoder of pictures.
type pictureReader struct{ bytes.Reader }

// jpegRect paints r with a picture that must have its size.
func (p *painter) jpegRect(data []byte, r geom.Rect) error {
	p.file.Reset(data)
	cfg, err := jpeg.DecodeConfig(&p.file)
	if err != nil {
		return fmt.Errorf("jpeg: %w", err)
	}
	if cfg.Width != int(r.W()) || cfg.Height != int(r.H()) {
		return fmt.Errorf("jpeg of %d×%d", cfg.Width, cfg.Height)
	}
	p.file.Reset(data)
	img, err := jpeg.Decode(&p.file)
	if err != nil {
		return fmt.Errorf("jpeg: %w", err)
	}
	switch img := img.(type) {
	case *image.YCbCr:
		p.ycbcr(img, r)
	case *image.Gray:
		for y := range int(r.H()) {
			row := p.fb.row(int(r.X0), int(r.Y0)+y, int(r.W()))
			for x, v := range img.Pix[y*img.Stride : y*img.Stride+int(r.W())] {
				binary.LittleEndian.PutUint32(row[4*x:], uint32(v)*0x010101|opaque)
			}
		}
	default:
		p.any(img, r)
	}
	return nil
}

// ycbcr converts by the matrix of JFIF, in 16.16 fixed point.
func (p *painter) ycbcr(img *image.YCbCr, r geom.Rect) {
	half := 0
	switch img.SubsampleRatio {
	case image.YCbCrSubsampleRatio420, image.YCbCrSubsampleRatio422, image.YCbCrSubsampleRatio440:
		if img.SubsampleRatio != image.YCbCrSubsampleRatio440 {
			half = 1
		}
	case image.YCbCrSubsampleRatio411, image.YCbCrSubsampleRatio410:
		half = 2
	}
	w := int(r.W())
	for y := range int(r.H()) {
		row := p.fb.row(int(r.X0), int(r.Y0)+y, w)
		luma := img.Y[y*img.YStride : y*img.YStride+w]
		at := img.COffset(0, y)
		cbs, crs := img.Cb[at:], img.Cr[at:]
		for x, v := range luma {
			yy := int32(v)<<16 + 1<<15
			cb, cr := int32(cbs[x>>half])-128, int32(crs[x>>half])-128
			red := byteOf(yy + 91881*cr)
			green := byteOf(yy - 22554*cb - 46802*cr)
			blue := byteOf(yy + 116130*cb)
			binary.LittleEndian.PutUint32(row[4*x:], red<<16|green<<8|blue|opaque)
		}
	}
}

// byteOf returns the whole part of a 16.16 number, kept within a byte.
func byteOf(v int32) uint32 {
	if uint32(v)>>24 != 0 {
		v = ^(v >> 31)
	}
	return uint32(v) >> 16 & 0xff
}
