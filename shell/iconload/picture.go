package iconload

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"io"
	"os"
	"strings"

	"golang.org/x/sys/unix"

	"rayos/gpu/render"
)

// Limits of pictures.
const (
	maxFile = 1 << 20 // bytes
	maxSide = 1024    // pixels of a PNG
	maxIcon = 512     // pixels of what is made of it
)

var errLarge = errors.New("too large")

// readFile reads a regular file that has at most so many bytes. What isn't one
// doesn't hold it up.
func readFile(path string, most int64) ([]byte, error) {
	f, err := os.OpenFile(path, os.O_RDONLY|unix.O_NONBLOCK|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !st.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: no file", path)
	}
	data, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(data)) > most {
		err = fmt.Errorf("%s: %w", path, errLarge)
	}
	return data, err
}

// loadFile reads the picture in a file, to be shown in a square of px pixels.
func loadFile(path string, px int) (render.Pixels, error) {
	data, err := readFile(path, maxFile)
	if err != nil {
		return render.Pixels{}, err
	}
	var m *image.RGBA
	if strings.HasSuffix(path, ".svg") {
		m, err = drawSVG(data, px)
	} else {
		m, err = decodePNG(data, px)
	}
	if err != nil {
		return render.Pixels{}, fmt.Errorf("%s: %w", path, err)
	}
	return pixels(m), nil
}

// decodePNG makes a picture of a PNG. It is made smaller to fit, not larger.
func decodePNG(data []byte, px int) (*image.RGBA, error) {
	c, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	if c.Width < 1 || c.Height < 1 || c.Width > maxSide || c.Height > maxSide {
		return nil, fmt.Errorf("%d×%d pixels: %w", c.Width, c.Height, errLarge)
	}
	src, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	m := image.NewRGBA(image.Rect(0, 0, c.Width, c.Height))
	draw.Draw(m, m.Rect, src, src.Bounds().Min, draw.Src)
	side := max(c.Width, c.Height)
	if side <= px {
		return m, nil
	}
	return shrink(m, max(c.Width*px/side, 1), max(c.Height*px/side, 1)), nil
}

// shrink makes a picture smaller: each pixel is the mean of what it covers.
func shrink(src *image.RGBA, w, h int) *image.RGBA {
	sw, sh := src.Rect.Dx(), src.Rect.Dy()
	dst := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		y0, y1 := y*sh, (y+1)*sh // in units of 1/h of a source pixel
		for x := range w {
			x0, x1 := x*sw, (x+1)*sw
			var sum [4]uint64
			for sy := y0 / h; sy*h < y1; sy++ {
				fy := min((sy+1)*h, y1) - max(sy*h, y0)
				for sx := x0 / w; sx*w < x1; sx++ {
					k := uint64(fy * (min((sx+1)*w, x1) - max(sx*w, x0)))
					at := src.PixOffset(sx, sy)
					for c := range sum {
						sum[c] += k * uint64(src.Pix[at+c])
					}
				}
			}
			at, all := dst.PixOffset(x, y), uint64(sw*sh)
			for c := range sum {
				dst.Pix[at+c] = uint8((sum[c] + all/2) / all)
			}
		}
	}
	return dst
}

// pixels gives a picture the order of bytes that renderers want.
func pixels(m *image.RGBA) render.Pixels {
	p := render.NewPixels(int32(m.Rect.Dx()), int32(m.Rect.Dy()), render.ARGB8888)
	for y := range m.Rect.Dy() {
		src, dst := m.Pix[y*m.Stride:], p.Data[y*int(p.Stride):]
		for x := range m.Rect.Dx() {
			r, g, b, a := src[4*x], src[4*x+1], src[4*x+2], src[4*x+3]
			dst[4*x], dst[4*x+1], dst[4*x+2], dst[4*x+3] = min(b, a), min(g, a), min(r, a), a
		}
	}
	return p
}
