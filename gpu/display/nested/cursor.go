package nested

import (
	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/gpu/display/internal/fb"
	"rayos/gpu/render"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// cursor is what the host's pointer looks like over one window.
type cursor struct {
	surface  *client.WlSurface // nil until an image was set
	viewport *client.WpViewport
	buffer   *client.WlBuffer
	hot      geom.Point // in the host's logical pixels
	visible  bool
}

// maxCursor is the largest cursor image that is taken, in pixels a side.
const maxCursor = 512

// SetCursor makes img, which must be ARGB8888, the host's cursor over the
// window; nil hides it. Until the first call it is hidden.
func (o *Output) SetCursor(img *render.Pixels, hot geom.Point) bool {
	if o.removed || o.display.dead {
		return false
	}
	c := &o.cursor
	if img == nil {
		c.visible = false
	} else {
		if img.Format != render.ARGB8888 || img.Size().Empty() || img.W > maxCursor || img.H > maxCursor {
			return false
		}
		if err := o.setCursorImage(img, hot); err != nil {
			return false // the session composites it
		}
		c.visible = true
	}
	if s := o.display.seat; s != nil && s.pointerOn == o {
		s.applyCursor()
	}
	o.display.flush()
	return true
}

func (o *Output) setCursorImage(img *render.Pixels, hot geom.Point) error {
	c, h := &o.cursor, &o.display.host
	mem, fd, err := fb.NewShared(img.Size())
	if err != nil {
		return err
	}
	for y := range int(img.H) {
		copy(mem.Data[y*int(mem.Stride):][:mem.Stride], img.Data[y*int(img.Stride):])
	}
	pool := h.shm.CreatePool(fd, int32(len(mem.Data)))
	buf := pool.CreateBuffer(0, img.W, img.H, mem.Stride, protocol.WlShmFormatArgb8888)
	pool.Destroy()
	if err := mem.Free(); err != nil {
		return err
	}
	if err := unix.Close(fd); err != nil {
		return err
	}
	if c.surface == nil {
		c.surface = h.compositor.CreateSurface()
		if h.viewporter != nil {
			c.viewport = h.viewporter.GetViewport(c.surface)
		}
	}
	old := c.buffer
	c.buffer = buf
	scale := o.hostScale
	switch {
	case c.viewport != nil:
		size := unscaled(img.Size(), scale)
		c.viewport.SetDestination(size.W, size.H)
	case img.W%scale.Ceil() == 0 && img.H%scale.Ceil() == 0:
		c.surface.SetBufferScale(scale.Ceil())
	default:
		scale = geom.ScaleOne
		c.surface.SetBufferScale(1)
	}
	c.hot = geom.Point{X: int32(scale.Unapply(float64(hot.X))), Y: int32(scale.Unapply(float64(hot.Y)))}
	c.surface.Attach(buf, 0, 0)
	c.surface.DamageBuffer(0, 0, img.W, img.H)
	c.surface.Commit()
	if old != nil {
		old.Destroy()
	}
	return nil
}

func (c *cursor) destroy() {
	if c.surface == nil {
		return
	}
	if c.viewport != nil {
		c.viewport.Destroy()
	}
	c.surface.Destroy()
	c.buffer.Destroy()
	*c = cursor{}
}
