package mpris

import (
	"bufio"
	"errors"
	"fmt"
	"image"
	_ "image/jpeg" // covers of albums are JPEG
	_ "image/png"  // or PNG
	"io"
	"net/url"
	"os"

	"golang.org/x/sys/unix"

	"rayos/gpu/render"
)

// Limits of pictures.
const (
	maxArtBytes = 8 << 20
	maxArtSide  = 3000 // pixels, before it is made smaller
)

// ErrArt says that a picture can't be shown.
var ErrArt = errors.New("no picture that can be shown")

// LoadArt reads the picture of a file: URL and makes it a square of side pixels,
// cut at the longer edges. Nothing is fetched from a network: who listens to what
// is nobody else's matter. It takes as long as the disk does.
func LoadArt(from string, side int) (render.Pixels, error) {
	u, err := url.Parse(from)
	if err != nil || u.Scheme != "file" || u.Host != "" && u.Host != "localhost" || u.Path == "" {
		return render.Pixels{}, fmt.Errorf("%w: it is no file", ErrArt)
	}
	fd, err := unix.Open(u.Path, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_CLOEXEC|unix.O_NOCTTY, 0)
	if err != nil {
		return render.Pixels{}, fmt.Errorf("%w: %w", ErrArt, err)
	}
	f := os.NewFile(uintptr(fd), u.Path)
	defer f.Close()
	st, err := f.Stat()
	if err != nil || !st.Mode().IsRegular() || st.Size() > maxArtBytes {
		return render.Pixels{}, fmt.Errorf("%w: it is no file of at most %d bytes", ErrArt, maxArtBytes)
	}
	return decodeArt(io.NewSectionReader(f, 0, st.Size()), side)
}

func decodeArt(r io.ReadSeeker, side int) (render.Pixels, error) {
	c, _, err := image.DecodeConfig(bufio.NewReader(r))
	if err != nil || c.Width < 1 || c.Height < 1 || c.Width > maxArtSide || c.Height > maxArtSide {
		return render.Pixels{}, fmt.Errorf("%w: its size is unknown or beyond %d", ErrArt, maxArtSide)
	}
	if _, err := r.Seek(0, io.SeekStart); err != nil {
		return render.Pixels{}, err
	}
	img, _, err := image.Decode(bufio.NewReader(r))
	if err != nil {
		return render.Pixels{}, fmt.Errorf("%w: %w", ErrArt, err)
	}
	return square(img, side), nil
}

// square cuts the middle out of a picture and makes it side pixels wide and
// high; each pixel is the mean of what it covers.
func square(img image.Image, side int) render.Pixels {
	b := img.Bounds()
	edge := min(b.Dx(), b.Dy())
	x0, y0 := b.Min.X+(b.Dx()-edge)/2, b.Min.Y+(b.Dy()-edge)/2
	out := render.NewPixels(int32(side), int32(side), render.ARGB8888)
	for y := range side {
		ya, yb := span(y, side, edge)
		for x := range side {
			xa, xb := span(x, side, edge)
			var sum [4]uint64
			for sy := ya; sy < yb; sy++ {
				for sx := xa; sx < xb; sx++ {
					r, g, b, a := img.At(x0+sx, y0+sy).RGBA()
					sum[0], sum[1], sum[2], sum[3] = sum[0]+uint64(b), sum[1]+uint64(g), sum[2]+uint64(r), sum[3]+uint64(a)
				}
			}
			n := uint64((xb-xa)*(yb-ya)) * 257
			p := out.Data[y*int(out.Stride)+4*x:]
			for i := range 4 {
				p[i] = byte(sum[i] / n)
			}
		}
	}
	return out
}

// span returns what of n pixels a pixel of side ones covers, one at least.
func span(i, side, n int) (from, to int) {
	from = i * n / side
	return from, max((i+1)*n/side, from+1)
}
