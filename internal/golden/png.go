package golden

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"

	"rayos/gpu/render"
)

// FromPixels returns the picture in p, which is ARGB8888 or XRGB8888.
func FromPixels(p render.Pixels) (*image.NRGBA, error) {
	if p.Format != render.ARGB8888 && p.Format != render.XRGB8888 {
		return nil, fmt.Errorf("pixels of format %v; want AR24 or XR24", p.Format)
	}
	img := image.NewNRGBA(image.Rect(0, 0, int(p.W), int(p.H)))
	for y := range int(p.H) {
		src, dst := p.Data[y*int(p.Stride):], row(img, y)
		for x := range int(p.W) {
			v := binary.LittleEndian.Uint32(src[4*x:])
			c := color.NRGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), uint8(v >> 24)}
			if p.Format == render.XRGB8888 {
				c.A = 255
			} else if c.A != 255 {
				if max(c.R, c.G, c.B) > c.A {
					return nil, fmt.Errorf("pixel %d,%d is %08x, which is not premultiplied", x, y, v)
				}
				c.R, c.G, c.B = straight(c.R, c.A), straight(c.G, c.A), straight(c.B, c.A)
			}
			dst[4*x], dst[4*x+1], dst[4*x+2], dst[4*x+3] = c.R, c.G, c.B, c.A
		}
	}
	return img, nil
}

// straight undoes premultiplication. Different values stay different because
// 255/a is at least 1.
func straight(c, a uint8) uint8 {
	if a == 0 {
		return 0
	}
	return uint8((int(c)*255 + int(a)/2) / int(a))
}

func toNRGBA(img image.Image) *image.NRGBA {
	if n, ok := img.(*image.NRGBA); ok {
		return n
	}
	n := image.NewNRGBA(image.Rectangle{Max: img.Bounds().Size()})
	draw.Draw(n, n.Rect, img, img.Bounds().Min, draw.Src)
	return n
}

func readPNG(path string) (*image.NRGBA, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return toNRGBA(img), nil
}

// writePNG writes the smaller of a true colour and, if 256 colours are enough,
// a palette file. The same picture makes the same file.
func writePNG(path string, img *image.NRGBA) error {
	best, err := encode(img)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if p := palette(img); p != nil {
		b, err := encode(p)
		if err != nil {
			return fmt.Errorf("%s: %w", path, err)
		}
		if len(b) <= len(best) {
			best = b
		}
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, best, 0o644)
}

func encode(img image.Image) ([]byte, error) {
	var b bytes.Buffer
	e := png.Encoder{CompressionLevel: png.BestCompression}
	if err := e.Encode(&b, img); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

// palette returns img with at most 256 colours, in the order in which they
// appear, or nil if it has more.
func palette(img *image.NRGBA) *image.Paletted {
	size := img.Rect.Size()
	p := image.NewPaletted(image.Rectangle{Max: size}, nil)
	index := map[color.NRGBA]uint8{}
	for y := range size.Y {
		r := row(img, y)
		for x := range size.X {
			c := color.NRGBA{r[4*x], r[4*x+1], r[4*x+2], r[4*x+3]}
			i, ok := index[c]
			if !ok {
				if len(index) == 256 {
					return nil
				}
				i = uint8(len(index))
				index[c] = i
				p.Palette = append(p.Palette, c)
			}
			p.Pix[y*p.Stride+x] = i
		}
	}
	return p
}
