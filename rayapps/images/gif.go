package images

import (
	"bytes"
	"encoding/binary"
	"errors"
	"image"
	"image/gif"
	"time"

	"rayos/gpu/render"
	"rayos/rayapps/paint"
)

// Limits of an animation.
const (
	maxFrames      = 10_000
	maxFramePixels = 250_000_000 // in all frames
)

var errGIF = errors.New("not a GIF")

// frames counts the frames of a GIF (GIF89a) and their pixels, without decoding
// any.
func frames(b []byte) (n int, pixels int64, err error) {
	if len(b) < 13 || string(b[:3]) != "GIF" {
		return 0, 0, errGIF
	}
	table := func(flags byte) int {
		if flags&0x80 == 0 {
			return 0
		}
		return 3 << (flags&7 + 1)
	}
	skip := func(k int) bool {
		if k > len(b) {
			return false
		}
		b = b[k:]
		return true
	}
	blocks := func() bool {
		for len(b) > 0 {
			k := int(b[0])
			if !skip(1 + k) {
				return false
			}
			if k == 0 {
				return true
			}
		}
		return false
	}
	if !skip(13 + table(b[10])) {
		return 0, 0, errGIF
	}
	for len(b) > 0 {
		switch b[0] {
		case 0x21: // extension; its first block as the decoder takes it
			if len(b) < 3 {
				return n, pixels, nil // the decoder will say so
			}
			ok := false
			switch b[1] {
			case 0x01: // text
				ok = skip(2+13) && blocks()
			case 0xf9: // graphic control
				ok = skip(2 + 6)
			case 0xfe: // comment
				ok = skip(2) && blocks()
			case 0xff: // application
				ok = skip(3+int(b[2])) && blocks()
			}
			if !ok {
				return n, pixels, nil
			}
		case 0x2c: // image
			if len(b) < 10 {
				return n, pixels, nil
			}
			n++
			pixels += int64(binary.LittleEndian.Uint16(b[5:])) * int64(binary.LittleEndian.Uint16(b[7:]))
			if !skip(10+table(b[9])) || !skip(1) || !blocks() {
				return n, pixels, nil
			}
		default: // trailer, or nonsense
			return n, pixels, nil
		}
	}
	return n, pixels, nil
}

// animation is a GIF that moves. It is drawn into one canvas.
type animation struct {
	g      *gif.GIF
	canvas render.Pixels
	image  *paint.Image
	before []byte // canvas before the last frame, where that is to come back
	at     int    // the frame that is shown
	loops  int    // that are over
	paused bool
}

func decodeGIF(b []byte) (*animation, error) {
	n, pixels, err := frames(b)
	if err != nil {
		return nil, err
	}
	if n > maxFrames || pixels > maxFramePixels {
		return nil, errLarge
	}
	g, err := gif.DecodeAll(bytes.NewReader(b))
	if err != nil {
		return nil, err
	}
	w, h := g.Config.Width, g.Config.Height
	for _, f := range g.Image {
		w, h = max(w, f.Rect.Max.X), max(h, f.Rect.Max.Y)
	}
	if err := fits(w, h); err != nil {
		return nil, err
	}
	a := &animation{g: g, canvas: render.NewPixels(int32(w), int32(h), render.ARGB8888)}
	a.draw()
	return a, nil
}

// moves reports whether there is more than one frame.
func (a *animation) moves() bool { return len(a.g.Image) > 1 }

// step shows the next frame. It reports whether there is one: animations may end.
func (a *animation) step() bool {
	if a.at == len(a.g.Image)-1 {
		// LoopCount is 0 for ever, -1 for once, n for n+1 times.
		if a.loops++; a.g.LoopCount < 0 || a.g.LoopCount > 0 && a.loops > a.g.LoopCount {
			return false
		}
		a.at = -1
		clear(a.canvas.Data)
	} else {
		a.dispose()
	}
	a.at++
	a.draw()
	if a.image != nil {
		a.image.Update()
	}
	return true
}

// dispose does with the frame that is shown what it says.
func (a *animation) dispose() {
	var how byte
	if a.at < len(a.g.Disposal) {
		how = a.g.Disposal[a.at]
	}
	switch how {
	case gif.DisposalBackground:
		r := a.g.Image[a.at].Rect
		for y := r.Min.Y; y < r.Max.Y; y++ {
			o := y*int(a.canvas.Stride) + 4*r.Min.X
			clear(a.canvas.Data[o : o+4*r.Dx()])
		}
	case gif.DisposalPrevious:
		if a.before != nil {
			copy(a.canvas.Data, a.before)
		}
	}
}

// draw draws a frame over what there is.
func (a *animation) draw() {
	if a.at < len(a.g.Disposal) && a.g.Disposal[a.at] == gif.DisposalPrevious {
		a.before = append(a.before[:0], a.canvas.Data...)
	}
	drawPaletted(&a.canvas, a.g.Image[a.at])
}

func drawPaletted(dst *render.Pixels, m *image.Paletted) {
	var inks [256]uint32
	for i, c := range m.Palette {
		r, g, b, al := c.RGBA()
		inks[i&255] = al>>8<<24 | r>>8<<16 | g>>8<<8 | b>>8
	}
	for y := m.Rect.Min.Y; y < m.Rect.Max.Y; y++ {
		src := m.Pix[m.PixOffset(m.Rect.Min.X, y):][:m.Rect.Dx()]
		out := dst.Data[y*int(dst.Stride)+4*m.Rect.Min.X:]
		for x, i := range src {
			if c := inks[i]; c>>24 != 0 {
				binary.LittleEndian.PutUint32(out[4*x:], c)
			}
		}
	}
}

// delay returns how long the frame that is shown stays. Very short times are taken
// for none, as browsers do.
func (a *animation) delay() time.Duration {
	d := time.Duration(a.g.Delay[a.at]) * 10 * time.Millisecond
	if d < 20*time.Millisecond {
		return 100 * time.Millisecond
	}
	return d
}
