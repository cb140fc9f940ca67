package images

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"image"
	"image/draw"
	_ "image/jpeg" // formats that are decoded by their name
	_ "image/png"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	_ "golang.org/x/image/bmp"
	_ "golang.org/x/image/tiff"
	_ "golang.org/x/image/webp"
	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/gpu/render"
)

// Limits of a picture.
const (
	maxFile   = 256 << 20
	maxPixels = 100_000_000
	maxSide   = 1<<16 - 1
)

// Errors of decoding.
var (
	errLarge  = errors.New("the picture is too large")
	errFormat = errors.New("not a picture of a known kind")
	errKind   = errors.New("not a regular file")
)

// Drawer draws an SVG, its longer side px pixels.
type Drawer func(data []byte, px int) (*image.RGBA, error)

// drawn is how large a drawing is made, in pixels.
const drawn = 2048

// picture is a decoded file.
type picture struct {
	size   geom.Size
	levels []level
	moving *animation // nil where nothing moves
	about  about
}

// about is what is known of a picture.
type about struct {
	name, format string
	bytes        int64
	modified     time.Time
	exif         exif
	alpha        bool
}

func fits(w, h int) error {
	if w < 1 || h < 1 || w > maxSide || h > maxSide || w*h > maxPixels {
		return fmt.Errorf("%d × %d: %w", w, h, errLarge)
	}
	return nil
}

// load reads a file and decodes it, until ctx ends. File is one that is open
// already, or nil.
func load(ctx context.Context, path string, file *os.File, svg Drawer) (p *picture, err error) {
	f := file
	if f == nil {
		// A pipe that nobody writes to would wait.
		if f, err = os.OpenFile(path, os.O_RDONLY|unix.O_NONBLOCK, 0); err != nil {
			return nil, err
		}
		defer f.Close()
	}
	st, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !st.Mode().IsRegular() {
		return nil, &fs.PathError{Op: "open", Path: path, Err: errKind}
	}
	if st.Size() > maxFile {
		return nil, errLarge
	}
	data, err := io.ReadAll(stopper{ctx, io.NewSectionReader(f, 0, maxFile)})
	if err != nil {
		return nil, err
	}
	p, err = decode(ctx, data, svg)
	if err != nil {
		return nil, err
	}
	p.about.name, p.about.bytes, p.about.modified = st.Name(), st.Size(), st.ModTime()
	return p, nil
}

// stopper is a reader that ends with its context, and a decoder with it.
type stopper struct {
	ctx context.Context
	r   io.Reader
}

func (s stopper) Read(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.r.Read(p[:min(len(p), 64<<10)])
}

// decode makes a picture of a file's bytes. Decoders may panic over some.
func decode(ctx context.Context, data []byte, svg Drawer) (p *picture, err error) {
	defer func() {
		if v := recover(); v != nil {
			p, err = nil, fmt.Errorf("decode: %v", v)
		}
	}()
	c, format, err := image.DecodeConfig(bytes.NewReader(data))
	switch {
	case err != nil && svg != nil && isSVG(data):
		m, err := svg(data, drawn)
		if err != nil {
			return nil, err
		}
		return finish(ctx, m, about{format: "SVG"})
	case errors.Is(err, image.ErrFormat):
		return nil, errFormat
	case err != nil:
		return nil, err
	}
	if err := fits(c.Width, c.Height); err != nil {
		return nil, err
	}
	a := about{format: strings.ToUpper(format), exif: parseExif(findExif(data))}
	if format == "gif" {
		g, err := decodeGIF(data)
		if err != nil {
			return nil, err
		}
		if !g.moves() {
			a.alpha = !opaque(&g.canvas)
			return finishPixels(ctx, g.canvas, a)
		}
		a.alpha = true
		return &picture{size: g.canvas.Size(), moving: g, about: a}, nil
	}
	m, _, err := image.Decode(stopper{ctx, bytes.NewReader(data)})
	if err != nil {
		return nil, cmp.Or(ctx.Err(), err)
	}
	return finish(ctx, m, a)
}

// isSVG reports whether data begins as an SVG does, perhaps behind a head.
func isSVG(data []byte) bool {
	head := bytes.TrimLeft(bytes.TrimPrefix(data[:min(len(data), 1024)], []byte("\xef\xbb\xbf")), " \t\r\n")
	return bytes.HasPrefix(head, []byte("<")) && bytes.Contains(head, []byte("<svg"))
}

// finish converts a decoded image, and turns it as it says it stands.
func finish(ctx context.Context, m image.Image, a about) (*picture, error) {
	o, ok := m.(interface{ Opaque() bool })
	a.alpha = !ok || !o.Opaque()
	p, err := convert(ctx, m, a.alpha)
	if err != nil {
		return nil, err
	}
	return finishPixels(ctx, turn(p, a.exif.orientation), a)
}

func finishPixels(ctx context.Context, p render.Pixels, a about) (*picture, error) {
	levels, err := halves(ctx, p)
	if err != nil {
		return nil, err
	}
	return &picture{size: p.Size(), levels: levels, about: a}, nil
}

// strip is how many rows are converted together.
const strip = 64

// convert makes premultiplied pixels of an image.
func convert(ctx context.Context, m image.Image, alpha bool) (render.Pixels, error) {
	b := m.Bounds()
	if err := fits(b.Dx(), b.Dy()); err != nil {
		return render.Pixels{}, err
	}
	format := render.XRGB8888
	if alpha {
		format = render.ARGB8888
	}
	p := render.NewPixels(int32(b.Dx()), int32(b.Dy()), format)
	rows := image.NewRGBA(image.Rect(0, 0, b.Dx(), min(strip, b.Dy())))
	for y := 0; y < b.Dy(); y += strip {
		if err := ctx.Err(); err != nil {
			return p, err
		}
		n := min(strip, b.Dy()-y)
		draw.Draw(rows, image.Rect(0, 0, b.Dx(), n), m, b.Min.Add(image.Pt(0, y)), draw.Src)
		for r := range n {
			src := rows.Pix[r*rows.Stride:][:4*b.Dx()]
			dst := p.Data[(y+r)*int(p.Stride):][:4*b.Dx()]
			for i := 0; i+3 < len(src); i += 4 {
				dst[i], dst[i+1], dst[i+2], dst[i+3] = src[i+2], src[i+1], src[i], src[i+3]
			}
		}
	}
	return p, nil
}

func opaque(p *render.Pixels) bool {
	for i := 3; i < len(p.Data); i += 4 {
		if p.Data[i] != 255 {
			return false
		}
	}
	return true
}
