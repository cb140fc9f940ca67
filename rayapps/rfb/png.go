package rfb

import (
	"encoding/binary"
	"fmt"
	"image"
	"image/png"

	"rayos/geom"
)

// pngRect paints r with a picture that must have its size.
func (p *painter) pngRect(data []byte, r geom.Rect) error {
	p.file.Reset(data)
	cfg, err := png.DecodeConfig(&p.file)
	if err != nil {
		return fmt.Errorf("png: %w", err)
	}
	if cfg.Width != int(r.W()) || cfg.Height != int(r.H()) {
		return fmt.Errorf("png of %d×%d", cfg.Width, cfg.Height)
	}
	p.file.Reset(data)
	img, err := png.Decode(&p.file)
	if err != nil {
		return fmt.Errorf("png: %w", err)
	}
	w := int(r.W())
	switch img := img.(type) {
	case *image.RGBA: // what has no alpha
		for y := range int(r.H()) {
			row := p.fb.row(int(r.X0), int(r.Y0)+y, w)
			src := img.Pix[y*img.Stride:][:4*w]
			for i := 0; i < len(row); i += 4 {
				binary.LittleEndian.PutUint32(row[i:], rgb(src[i:]))
			}
		}
	case *image.Paletted:
		for i := range p.pal {
			p.pal[i] = opaque
		}
		for i, c := range img.Palette {
			red, green, blue, _ := c.RGBA()
			p.pal[i] = red>>8<<16 | green>>8<<8 | blue>>8 | opaque
		}
		for y := range int(r.H()) {
			row := p.fb.row(int(r.X0), int(r.Y0)+y, w)
			for x, v := range img.Pix[y*img.Stride:][:w] {
				binary.LittleEndian.PutUint32(row[4*x:], p.pal[v])
			}
		}
	default:
		p.any(img, r)
	}
	return nil
}

// any paints r with a picture of any kind.
func (p *painter) any(img image.Image, r geom.Rect) {
	for y := range int(r.H()) {
		row := p.fb.row(int(r.X0), int(r.Y0)+y, int(r.W()))
		for x := range int(r.W()) {
			red, green, blue, _ := img.At(x, y).RGBA()
			binary.LittleEndian.PutUint32(row[4*x:], red>>8<<16|green>>8<<8|blue>>8|opaque)
		}
	}
}
