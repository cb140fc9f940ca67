//go:build cgo && !wayland

package window

import (
	"encoding/binary"
	"image"

	"github.com/go-gl/glfw/v3.3/glfw"

	"rayos/geom"
	"rayos/gpu/render"
)

// SetCursor makes img the host's cursor over the window; nil hides it. Only
// ARGB8888 can be taken.
func (o *Output) SetCursor(img *render.Pixels, hot geom.Point) bool {
	if o.removed || o.display.dead || img != nil && img.Format != render.ARGB8888 {
		return false
	}
	old := o.cursor
	o.cursor = nil
	if img == nil {
		o.win.SetInputMode(glfw.CursorMode, glfw.CursorHidden)
	} else {
		o.cursor = glfw.CreateCursor(straight(img), int(hot.X), int(hot.Y))
		o.win.SetCursor(o.cursor)
		o.win.SetInputMode(glfw.CursorMode, glfw.CursorNormal)
	}
	if old != nil {
		old.Destroy()
	}
	o.display.settle()
	return true
}

// straight copies premultiplied ARGB8888 into an image with straight alpha.
func straight(p *render.Pixels) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, int(p.W), int(p.H)))
	for y := range int(p.H) {
		src, dst := p.Data[y*int(p.Stride):], m.Pix[y*m.Stride:]
		for x := range int(p.W) {
			v := binary.LittleEndian.Uint32(src[4*x:])
			a := v >> 24
			if a == 0 {
				continue
			}
			for i, c := range [3]uint32{v >> 16 & 0xff, v >> 8 & 0xff, v & 0xff} {
				dst[4*x+i] = byte(min((c*255+a/2)/a, 255))
			}
			dst[4*x+3] = byte(a)
		}
	}
	return m
}
