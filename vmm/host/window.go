package host

import (
	"errors"
	"fmt"
	"sync/atomic"
	"time"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/wire"
)

// window shows the machine by one compositor. It belongs to the goroutine of
// run, but for what says otherwise.
//
// It is two surfaces: a black one of the window's size and, on it, the
// picture, as large as fits. The picture's surface is synchronized, so that
// size and picture change at once, and takes no input.
type window struct {
	presenter *presenter
	host      *Host
	conn      *client.Display
	socket    int        // a copy of the connection's, to end it from any goroutine
	opened    chan error // has one when the compositor knows the window, or not
	done      chan struct{}
	poked     atomic.Bool // poke is queued
	clipped   atomic.Bool // passClips is queued
	seen      atomic.Bool // the person may see it

	globals    *client.Globals
	compositor *client.WlCompositor
	shm        *client.WlShm
	viewporter *client.WpViewporter
	shapes     *client.WpCursorShapeManagerV1 // nil if there are none
	surface    *client.WlSurface              // the window
	backdrop   *client.WpViewport
	black      *client.WlBuffer
	guest      *client.WlSurface // the picture
	sub        *client.WlSubsurface
	view       *client.WpViewport
	role       role
	seat       *seat
	cursor     cursor
	grab       *grab        // nil where the session keeps its chords
	clips      *windowClips // nil where policy lets nothing pass

	size       geom.Size  // logical; zero before the first configure
	bounds     geom.Size  // the most that the compositor advises, or zero
	scale      geom.Scale // pixels for each logical one
	asked      geom.Size  // what the guest was asked for last
	resizing   *time.Timer
	picture    geom.Size // of what is attached; zero for nothing
	place      geom.Rect // of the picture in the window, logical
	callback   *client.WlCallback
	framed     bool      // the compositor has shown a picture since the window was hidden last
	counted    time.Time // when the compositor was last told how many pictures there were
	buffers    map[*picture]*client.WlBuffer
	damage     geom.Region
	frameDone  func(uint32)
	pokeBound  func()
	sizeWanted func()
}

// defaultSize is a window's before the guest has shown anything, in pixels.
var defaultSize = geom.Size{W: 1280, H: 800}

func newWindow(p *presenter, conn *client.Display) (*window, error) {
	fd, err := unix.FcntlInt(uintptr(conn.FD()), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, err
	}
	w := &window{
		presenter: p, host: p.host, conn: conn, socket: fd, opened: make(chan error, 1), done: make(chan struct{}),
		scale: geom.ScaleOne, buffers: map[*picture]*client.WlBuffer{},
	}
	w.frameDone = w.framePassed
	w.pokeBound = w.poke
	w.sizeWanted = w.askSize
	w.resizing = time.AfterFunc(time.Hour, func() { conn.Do(w.sizeWanted) })
	w.resizing.Stop()
	return w, nil
}

// openWithin is how long a compositor may take to know the window.
const openWithin = 20 * time.Second

// run shows the window until its compositor has gone.
func (w *window) run() {
	late := time.AfterFunc(openWithin, w.end)
	err := w.open()
	late.Stop()
	w.opened <- err
	for err == nil {
		err = w.conn.Dispatch()
	}
	w.resizing.Stop()
	w.cursor.end()
	w.host.screen.watch(nil)
	w.host.input.releaseAll()
	w.hide()
	w.presenter.lost(w, err)
	w.conn.Close()
	if err := unix.Close(w.socket); err != nil {
		w.host.log.Warn("window", "err", err)
	}
	close(w.done)
}

// end makes run return. It may be called from any goroutine until done is
// closed.
func (w *window) end() {
	// The only failure is a connection that has ended.
	_ = unix.Shutdown(w.socket, unix.SHUT_RDWR)
}

func bind[T any](g *client.Globals, iface *wire.Interface, ctor func(*client.WlRegistry, uint32, uint32) *T) (*T, error) {
	name, version, ok := g.Find(iface)
	if !ok {
		return nil, fmt.Errorf("the compositor has no %s", iface.Name)
	}
	return ctor(g.Registry, name, version), nil
}

// open makes the surfaces.
func (w *window) open() error {
	g, err := w.conn.Globals()
	if err != nil {
		return err
	}
	w.globals = g
	var errs [4]error
	var subs *client.WlSubcompositor
	w.compositor, errs[0] = bind(g, &protocol.WlCompositorInterface, client.BindWlCompositor)
	subs, errs[1] = bind(g, &protocol.WlSubcompositorInterface, client.BindWlSubcompositor)
	w.shm, errs[2] = bind(g, &protocol.WlShmInterface, client.BindWlShm)
	w.viewporter, errs[3] = bind(g, &protocol.WpViewporterInterface, client.BindWpViewporter)
	if err := errors.Join(errs[:]...); err != nil {
		return err
	}
	if v := w.compositor.Version(); v < 4 {
		return fmt.Errorf("the compositor has wl_compositor %d; 4 is needed", v)
	}
	w.shapes, _ = bind(g, &protocol.WpCursorShapeManagerV1Interface, client.BindWpCursorShapeManagerV1) // it may have none
	w.surface = w.compositor.CreateSurface()
	w.backdrop = w.viewporter.GetViewport(w.surface)
	w.guest = w.compositor.CreateSurface()
	w.view = w.viewporter.GetViewport(w.guest)
	w.sub = subs.GetSubsurface(w.guest, w.surface)
	nowhere := w.compositor.CreateRegion()
	w.guest.SetInputRegion(nowhere)
	nowhere.Destroy()
	if w.black, err = w.blackBuffer(); err != nil {
		return err
	}
	w.followScale()
	if w.role, err = newRole(w); err != nil {
		return err
	}
	w.describe()
	w.addClipboard()
	w.addSeats()
	w.surface.Commit()
	w.host.screen.watch(func() {
		if w.poked.CompareAndSwap(false, true) {
			w.conn.Do(w.pokeBound)
		}
	})
	return w.conn.Roundtrip()
}

// blackBuffer is a pixel; the viewport makes it large.
func (w *window) blackBuffer() (*client.WlBuffer, error) {
	if m, err := bind(w.globals, &protocol.WpSinglePixelBufferManagerV1Interface, client.BindWpSinglePixelBufferManagerV1); err == nil {
		b := m.CreateU32RgbaBuffer(0, 0, 0, 0xffffffff)
		m.Destroy()
		return b, nil
	}
	p, err := newPicture(geom.Size{W: 1, H: 1})
	if err != nil {
		return nil, err
	}
	b := w.share(p, protocol.WlShmFormatXrgb8888)
	return b, p.free()
}

// share gives the compositor a picture's memory.
func (w *window) share(p *picture, format protocol.WlShmFormat) *client.WlBuffer {
	pool := w.shm.CreatePool(int(p.file.Fd()), int32(p.total))
	b := pool.CreateBuffer(int32(p.offset), p.size.W, p.size.H, int32(p.stride), format)
	pool.Destroy()
	return b
}

// followScale takes over the scale that the compositor prefers.
func (w *window) followScale() {
	follow := func(s geom.Scale) {
		if s = min(max(s, 1), 120*16); s != w.scale {
			w.scale = s
			w.resized()
		}
	}
	m, err := bind(w.globals, &protocol.WpFractionalScaleManagerV1Interface, client.BindWpFractionalScaleManagerV1)
	if err == nil {
		m.GetFractionalScale(w.surface).OnPreferredScale = func(s uint32) { follow(geom.Scale(min(s, 1<<20))) }
		return
	}
	w.surface.OnPreferredBufferScale = func(f int32) { follow(geom.Scale(min(max(f, 1), 16)) * geom.ScaleOne) }
}

// configure is called by the role: the window has this logical size, zero for
// one that is ours to choose, and can be seen, or not.
func (w *window) configure(size geom.Size, visible bool) {
	if size.W <= 0 || size.H <= 0 {
		if size = w.size; size.Empty() {
			size = w.natural()
		}
	}
	size.W, size.H = min(size.W, 1<<14), min(size.H, 1<<14)
	changed := size != w.size
	first := w.size.Empty()
	w.size = size
	w.role.ack()
	if first {
		w.surface.Attach(w.black, 0, 0)
		w.surface.DamageBuffer(0, 0, 1, 1)
	}
	if changed {
		w.layout()
		if first {
			w.askSize()
		} else {
			w.resized()
		}
	}
	w.surface.Commit()
	if !visible {
		w.hide()
		return
	}
	w.host.memory.shown()
	w.seen.Store(true)
	w.present()
}

// natural is the size of a window that nobody has given a size.
func (w *window) natural() geom.Size {
	pixels := w.host.screen.size()
	if pixels.Empty() {
		pixels = defaultSize
	}
	size := geom.Size{W: max(int32(w.scale.Unapply(float64(pixels.W))+0.5), 1), H: max(int32(w.scale.Unapply(float64(pixels.H))+0.5), 1)}
	if w.bounds.W > 0 && w.bounds.H > 0 {
		size.W, size.H = min(size.W, w.bounds.W), min(size.H, w.bounds.H)
	}
	return size
}

// pixels is the window's size in pixels.
func (w *window) pixels() geom.Size {
	return geom.Size{W: max(w.scale.Apply(w.size.W), 1), H: max(w.scale.Apply(w.size.H), 1)}
}

// settle is how long a size has to last before the guest is asked for it.
const settle = 100 * time.Millisecond

// resized is called when the window's size in pixels may have changed.
func (w *window) resized() {
	if !w.size.Empty() {
		w.resizing.Reset(settle)
	}
}

// askSize asks the guest for the window's size. Until it follows, or if it
// doesn't, its picture is shown scaled.
func (w *window) askSize() {
	if w.size.Empty() {
		return
	}
	if size := w.pixels(); size != w.asked {
		w.asked = size
		w.host.screen.expect(size)
		w.host.input.resize(size, w.scale)
	}
}

// fit is the largest part of a window, with the picture's shape, in its
// middle.
func fit(window, picture geom.Size, scale geom.Scale) geom.Rect {
	if picture.Empty() || window.Empty() {
		return geom.Rect{}
	}
	if (geom.Size{W: scale.Apply(window.W), H: scale.Apply(window.H)}) == picture {
		return window.Rect()
	}
	w, h := int64(window.W), int64(window.H)
	pw, ph := int64(picture.W), int64(picture.H)
	if w*ph <= h*pw {
		h = max((w*ph+pw/2)/pw, 1)
	} else {
		w = max((h*pw+ph/2)/ph, 1)
	}
	return geom.XYWH((window.W-int32(w))/2, (window.H-int32(h))/2, int32(w), int32(h))
}

// layout puts the picture where it belongs; the caller commits.
func (w *window) layout() {
	w.backdrop.SetDestination(w.size.W, w.size.H)
	opaque := w.compositor.CreateRegion()
	opaque.Add(0, 0, w.size.W, w.size.H)
	w.surface.SetOpaqueRegion(opaque)
	opaque.Destroy()
	w.place = fit(w.size, w.picture, w.scale)
	if w.place.Empty() {
		return
	}
	w.sub.SetPosition(w.place.X0, w.place.Y0)
	w.view.SetDestination(w.place.W(), w.place.H())
	w.guest.Commit()
	w.cursor.stale()
}

// hide is called when the person doesn't see the window any more.
func (w *window) hide() {
	if w.seen.Swap(false) {
		w.framed = false
		w.host.input.releaseAll()
		w.host.memory.hidden()
		w.host.tell(Event{Event: EventHidden})
	}
}

// poke is called when there may be something new of the guest.
func (w *window) poke() {
	w.poked.Store(false)
	w.cursor.update(w)
	w.grab.update()
	w.present()
}

// present gives the compositor the newest picture, if it is ready for one.
func (w *window) present() {
	if !w.seen.Load() || w.size.Empty() || w.callback != nil {
		return
	}
	p := w.host.screen.take(&w.damage)
	if p == nil {
		if !w.framed && !w.picture.Empty() {
			w.await() // the compositor has the newest picture, and is to say when it is seen
		}
		return
	}
	b := w.buffer(p)
	if p.size != w.picture {
		w.picture = p.size
		w.layout()
	}
	w.guest.Attach(b, 0, 0)
	for _, r := range w.damage.Rects() {
		w.guest.DamageBuffer(r.X0, r.Y0, r.W(), r.H())
	}
	w.await()
}

// await commits, and asks to be told when that is on the screen.
func (w *window) await() {
	w.callback = w.guest.Frame()
	w.callback.OnDone = w.frameDone
	w.guest.Commit()
	w.surface.Commit()
}

// framePassed is the compositor's word that it is time for another picture.
func (w *window) framePassed(uint32) {
	w.callback = nil
	if !w.framed && w.seen.Load() {
		w.framed = true
		w.host.tell(Event{Event: EventShown, Detail: w.picture.String()})
	}
	if c, ok := w.role.(counter); ok && time.Since(w.counted) >= countEvery {
		w.counted = time.Now()
		c.statistics()
	}
	w.present()
}

// countEvery is how often a compositor that cares is told how many pictures
// there were, as long as there are any.
const countEvery = 250 * time.Millisecond

// counter is a role whose compositor cares.
type counter interface{ statistics() }

// buffer is the compositor's name of a picture.
func (w *window) buffer(p *picture) *client.WlBuffer {
	if b := w.buffers[p]; b != nil {
		return b
	}
	for old, b := range w.buffers { // those of pictures that are gone
		if !w.host.screen.has(old) {
			b.Destroy()
			delete(w.buffers, old)
		}
	}
	b := w.share(p, protocol.WlShmFormatXrgb8888)
	b.OnRelease = func() {
		if w.host.screen.released(p) {
			b.Destroy()
			delete(w.buffers, p)
		}
	}
	w.buffers[p] = b
	return b
}

// describe tells the role what the machine is and does.
func (w *window) describe() {
	if w.role != nil {
		w.role.describe(w.presenter.description())
	}
}

// guestAt is the guest's pixel at a point of the window.
func (w *window) guestAt(x, y geom.Fixed) geom.FPoint {
	if w.place.Empty() {
		return geom.FPoint{}
	}
	along := func(v, from, length float64, pixels int32) float64 {
		return min(max((v-from)*float64(pixels)/length, 0), float64(pixels)-1)
	}
	return geom.FPoint{
		X: along(x.Float(), float64(w.place.X0), float64(w.place.W()), w.picture.W),
		Y: along(y.Float(), float64(w.place.Y0), float64(w.place.H()), w.picture.H),
	}
}
