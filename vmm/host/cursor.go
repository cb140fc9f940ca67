package host

import (
	"time"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// cursor shows the guest's pointer image as ours. It belongs to its window's
// goroutine.
type cursor struct {
	pointer *client.WlPointer // on the window; nil while it is elsewhere
	serial  uint32            // of its enter
	shape   *client.WpCursorShapeDeviceV1
	of      *client.WlPointer // that shape is of

	surface *client.WlSurface
	view    *client.WpViewport
	buffer  *client.WlBuffer
	version uint64 // of the image in buffer
	hot     geom.Point
	fresh   bool // what the compositor has is what the guest has
	hidden  bool

	next  time.Time   // before it the image isn't changed again
	again *time.Timer // changes it then; nil before the first
}

// cursorEvery is how often the image can change: guests may draw another a
// thousand times a second.
const cursorEvery = 8 * time.Millisecond

// stale makes the next update do its work: the scale has changed.
func (c *cursor) stale() { c.fresh, c.version = false, 0 }

// entered is called when a pointer comes onto the window.
func (c *cursor) entered(w *window, p *client.WlPointer, serial uint32) {
	c.pointer, c.serial, c.fresh = p, serial, false
	c.update(w)
}

func (c *cursor) left() { c.pointer = nil }

// update gives the compositor what the guest has now.
func (c *cursor) update(w *window) {
	if c.pointer == nil {
		return
	}
	img := w.host.screen.pointer()
	if c.fresh && c.version == img.version && c.hidden == img.hidden {
		return
	}
	if now := time.Now(); c.fresh && now.Before(c.next) {
		c.later(w, c.next.Sub(now))
		return
	} else {
		c.next = now.Add(cursorEvery)
	}
	switch {
	case img.version == 0:
		c.arrow(w)
	case img.hidden:
		c.pointer.SetCursor(c.serial, nil, 0, 0)
	default:
		if c.version != img.version {
			if err := c.draw(w, &img); err != nil {
				w.host.log.Error("guest cursor", "err", err)
				return
			}
		}
		c.pointer.SetCursor(c.serial, c.surface, c.hot.X, c.hot.Y)
	}
	c.fresh, c.version, c.hidden = true, img.version, img.hidden
}

// later updates the image after a while.
func (c *cursor) later(w *window, wait time.Duration) {
	if c.again == nil {
		c.again = time.AfterFunc(wait, func() { w.conn.Do(w.pokeBound) })
		return
	}
	c.again.Reset(wait)
}

// end is called when the window has gone.
func (c *cursor) end() {
	if c.again != nil {
		c.again.Stop()
	}
}

// arrow is shown while the guest has no pointer of its own: before its driver
// is there.
func (c *cursor) arrow(w *window) {
	if w.shapes == nil {
		return
	}
	if c.of != c.pointer {
		c.shape, c.of = w.shapes.GetPointer(c.pointer), c.pointer
	}
	c.shape.SetShape(c.serial, protocol.WpCursorShapeDeviceV1ShapeDefault)
}

func (c *cursor) draw(w *window, img *cursorImage) error {
	p, err := newPicture(img.Size)
	if err != nil {
		return err
	}
	copy(p.data, img.Data)
	b := w.share(p, protocol.WlShmFormatArgb8888)
	if err := p.free(); err != nil {
		return err
	}
	if c.surface == nil {
		c.surface = w.compositor.CreateSurface()
		c.view = w.viewporter.GetViewport(c.surface)
	}
	// As large as the guest's pixels are.
	size, hot := img.Size, img.Hot
	if !w.place.Empty() {
		shrink := func(v int32) int32 { return int32(int64(v) * int64(w.place.W()) / int64(w.picture.W)) }
		size, hot = geom.Size{W: max(shrink(size.W), 1), H: max(shrink(size.H), 1)}, geom.Point{X: shrink(hot.X), Y: shrink(hot.Y)}
	}
	c.view.SetDestination(size.W, size.H)
	c.hot = hot
	c.surface.Attach(b, 0, 0)
	c.surface.DamageBuffer(0, 0, img.Size.W, img.Size.H)
	c.surface.Commit()
	if c.buffer != nil {
		c.buffer.Destroy()
	}
	c.buffer = b
	return nil
}
