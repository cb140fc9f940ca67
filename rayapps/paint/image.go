package paint

import (
	"errors"
	"sync/atomic"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/digest"
)

// Image is a picture that commands draw. Its pixels may be exchanged by Update;
// lists made afterwards differ from those made before, so that Diff damages
// what shows it.
type Image struct {
	pix     render.Pixels
	id      uint64
	version uint64
	sum     uint64
}

var imageIDs atomic.Uint64

// MaxImageSide bounds width and height of an Image.
const MaxImageSide = 1 << 14

// ErrImage says that pixels are not fit for an Image.
var ErrImage = errors.New("paint: image is not ARGB8888 or XRGB8888 of a sensible size")

// NewImage returns an image that shows p, which is ARGB8888 or XRGB8888. The
// image keeps p.Data, which may only change by Update.
func NewImage(p render.Pixels) (*Image, error) {
	if p.Format != render.ARGB8888 && p.Format != render.XRGB8888 || p.W <= 0 || p.H <= 0 ||
		p.W > MaxImageSide || p.H > MaxImageSide || p.Stride < 4*p.W || p.Stride%4 != 0 ||
		len(p.Data) < int(p.H-1)*int(p.Stride)+4*int(p.W) {
		return nil, ErrImage
	}
	return &Image{pix: p, id: imageIDs.Add(1)}, nil
}

// Size returns the size in pixels.
func (m *Image) Size() geom.Size { return m.pix.Size() }

// Update tells that the pixels have changed.
func (m *Image) Update() { m.version, m.sum = m.version+1, 0 }

// hash names the pixels as they are: by what they are until the first Update,
// afterwards by how often they were updated, which is much quicker.
func (m *Image) hash() uint64 {
	if m.sum == 0 {
		d := digest.New()
		d.Pair(m.pix.W, m.pix.H)
		if m.version > 0 {
			d.Uint(m.id)
			d.Uint(m.version)
		} else {
			d.Uint(uint64(m.pix.Format))
			for y := range int(m.pix.H) {
				d.Bytes(m.pix.Data[y*int(m.pix.Stride):][:4*m.pix.W])
			}
		}
		m.sum = d.Sum()
	}
	return m.sum
}
