package rawclient

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Damage is a rectangle in buffer pixels.
type Damage struct{ X, Y, W, H int32 }

// FullDamage covers any buffer.
var FullDamage = Damage{0, 0, 1<<31 - 1, 1<<31 - 1}

// WindowOptions says what NewWindow opens.
type WindowOptions struct {
	Title         string
	Width, Height int32 // pixels; Fullscreen takes the output's size instead
	Buffers       int   // cycled in turn; at least 1
	Format        Format
	Color         uint32 // 0xAARRGGBB, premultiplied; the low 4 bits number the buffer
	Fullscreen    bool
	Layers        []Layer // subsurfaces, bottom first
}

// Layer is a subsurface with one buffer at a fixed place in its window.
type Layer struct {
	X, Y, Width, Height int32
	Format              Format
	Color               uint32
}

// Window is a mapped xdg_toplevel with its own pool.
type Window struct {
	conn                       *Conn
	surface, xdg, toplevel     uint32
	subsurfaces, layerSurfaces []uint32
	layerPools                 []*pool
	pool                       *pool
	last                       int // index of the buffer shown
	painted                    int // 1 + index of the buffer to show next, or 0
	frameID                    uint32
	configured                 bool
	mapped                     bool
	serial                     uint32
}

// NewWindow opens a toplevel, answers its first configure, attaches the first
// buffer and returns once the compositor has handled that commit.
func (c *Conn) NewWindow(o WindowOptions) (*Window, error) {
	w := &Window{conn: c}
	g := &c.globals
	w.surface = c.newID(w)
	c.request(g.compositor, 0, w.surface)
	w.xdg = c.newID(w)
	c.request(g.wmBase, 2, w.xdg, w.surface)
	w.toplevel = c.newID(w)
	c.request(w.xdg, 1, w.toplevel)
	c.requestString(w.toplevel, 2, nil, o.Title)
	c.requestString(w.toplevel, 3, nil, "raybench")
	if o.Fullscreen {
		c.request(w.toplevel, 11, 0)
	}
	c.request(w.surface, 6)
	if err := w.awaitConfigure(); err != nil {
		return nil, err
	}
	if o.Fullscreen { // some say the size only once the window is mapped
		o.Width, o.Height = c.OutputSize()
	}
	var err error
	if w.pool, err = newPool(c, o.Width, o.Height, o.Format, max(o.Buffers, 1)); err != nil {
		return nil, err
	}
	w.pool.paint(o.Color)
	w.last = len(w.pool.buffers) - 1
	for _, l := range o.Layers {
		if err := w.addLayer(l); err != nil {
			return nil, errors.Join(err, w.pool.unmap())
		}
	}
	w.Commit(FullDamage)
	w.mapped = true
	if err := c.Sync(); err != nil {
		return nil, errors.Join(err, w.pool.unmap())
	}
	return w, nil
}

func (w *Window) awaitConfigure() error {
	if err := w.conn.Flush(); err != nil {
		return err
	}
	for !w.configured {
		if err := w.conn.Read(); err != nil {
			return fmt.Errorf("waiting for the first configure: %w", err)
		}
	}
	w.ack()
	return nil
}

func (w *Window) ack() {
	if w.configured {
		w.conn.request(w.xdg, 4, w.serial)
		w.configured = false
	}
}

func (w *Window) addLayer(l Layer) error {
	c := w.conn
	if c.globals.subcompositor == 0 {
		return errors.New("compositor does not offer wl_subcompositor")
	}
	surface := c.newID(w)
	c.request(c.globals.compositor, 0, surface)
	sub := c.newID(w)
	c.request(c.globals.subcompositor, 1, sub, surface, w.surface)
	c.request(sub, 1, uint32(l.X), uint32(l.Y))
	p, err := newPool(c, l.Width, l.Height, l.Format, 1)
	if err != nil {
		return err
	}
	p.paint(l.Color)
	c.request(surface, 1, p.buffers[0].id, 0, 0)
	c.request(surface, 9, 0, 0, uint32(l.Width), uint32(l.Height))
	c.request(surface, 6)
	w.subsurfaces = append(w.subsurfaces, sub)
	w.layerSurfaces = append(w.layerSurfaces, surface)
	w.layerPools = append(w.layerPools, p)
	return nil
}

// Commit queues attach of the next buffer, damage and commit. It does not flush.
func (w *Window) Commit(d Damage) {
	c, p := w.conn, w.pool
	if w.painted > 0 {
		w.last, w.painted = w.painted-1, 0
	} else {
		w.last = p.next(w.last)
	}
	b := &p.buffers[w.last]
	b.busy = true
	c.request(w.surface, 1, b.id, 0, 0)
	c.request(w.surface, 9, uint32(d.X), uint32(d.Y), uint32(d.W), uint32(d.H))
	c.request(w.surface, 6)
}

// Paint fills the next buffer with one colour; the next Commit will show it.
func (w *Window) Paint(color uint32) {
	i := w.pool.next(w.last)
	paint(w.pool.buffers[i].pixels, color)
	w.painted = i + 1
}

// Draw copies pixels of the whole window into the next buffer; the next Commit
// will show it.
func (w *Window) Draw(pixels []byte) {
	i := w.pool.next(w.last)
	copy(w.pool.buffers[i].pixels, pixels)
	w.painted = i + 1
}

// Flush writes all pending requests of the window's connection.
func (w *Window) Flush() error { return w.conn.Flush() }

// Pixel is the first pixel of the buffer committed last.
func (w *Window) Pixel() uint32 {
	return binary.NativeEndian.Uint32(w.pool.buffers[w.last].pixels)
}

// Frame commits damage with a frame callback and waits until it fires.
func (w *Window) Frame(d Damage) error {
	w.frameID = w.conn.newID(w)
	w.conn.request(w.surface, 3, w.frameID)
	w.Commit(d)
	if err := w.conn.Flush(); err != nil {
		return err
	}
	for w.frameID != 0 {
		if err := w.conn.Read(); err != nil {
			return fmt.Errorf("waiting for a frame callback: %w", err)
		}
	}
	return nil
}

// Resize gives the window a new pool of another size and commits it.
func (w *Window) Resize(width, height int32, format Format, color uint32) error {
	p, err := newPool(w.conn, width, height, format, len(w.pool.buffers))
	if err != nil {
		return err
	}
	p.paint(color)
	old := w.pool
	w.pool, w.last, w.painted = p, len(p.buffers)-1, 0
	w.Commit(FullDamage)
	return errors.Join(w.conn.Flush(), old.destroy())
}

// Release unmaps the pixels of a window whose connection was closed.
func (w *Window) Release() error {
	err := w.pool.unmap()
	for _, p := range w.layerPools {
		err = errors.Join(err, p.unmap())
	}
	return err
}

// Destroy ends the window politely. Nothing is flushed.
func (w *Window) Destroy() error {
	c := w.conn
	for i := range w.subsurfaces {
		c.request(w.subsurfaces[i], 0)
		c.bury(w.subsurfaces[i])
		c.request(w.layerSurfaces[i], 0)
		c.bury(w.layerSurfaces[i])
	}
	w.mapped = false
	for _, id := range [3]uint32{w.toplevel, w.xdg, w.surface} {
		c.request(id, 0)
		c.bury(id)
	}
	err := w.pool.destroy()
	for _, p := range w.layerPools {
		err = errors.Join(err, p.destroy())
	}
	return err
}

func (w *Window) receive(id uint32, opcode uint16, body args) {
	switch {
	case id == w.frameID:
		w.frameID = 0
	case id == w.xdg && opcode == 0:
		w.serial, w.configured = body.uint(), true
		// Some compositors show nothing new before all have answered.
		if w.mapped {
			w.ack()
			w.conn.request(w.surface, 6)
			w.conn.reply = true
		}
	}
}
