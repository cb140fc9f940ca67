package devscanout

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sync/atomic"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/wire"
)

// DefaultSize is that of a producer which nobody has given one, in pixels.
var DefaultSize = geom.Size{W: 320, H: 200}

// maxSide bounds what a session may ask for, in pixels.
const maxSide = 1 << 14

// Producer draws a moving gradient into a window of the session.
type Producer struct {
	conn     *client.Display
	socket   int // a copy of the connection's, to end it from any goroutine
	done     chan struct{}
	err      error // why it has ended; read it after done
	pictures atomic.Uint64

	shm      *client.WlShm
	surface  *client.WlSurface
	view     *client.WpViewport
	guest    *client.RayosGuestV1
	xdg      *client.XdgSurface
	size     geom.Size // logical
	pixels   geom.Size // wished by the session, zero for as many as size
	pool     pool
	callback *client.WlCallback // of the last picture, nil when it is time for another
	drawn    geom.Size          // of the last picture, pixels
}

// Start opens a window by the socket fd, which it owns from then on, also if it
// fails. size is what the window is like until the session wishes another.
func Start(fd int, size geom.Size) (*Producer, error) {
	if size.W < 1 || size.H < 1 || size.W > maxSide || size.H > maxSide {
		return nil, errors.Join(fmt.Errorf("a picture of %v: sides are 1 to %d pixels", size, maxSide), unix.Close(fd))
	}
	socket, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, errors.Join(err, unix.Close(fd))
	}
	conn, err := client.New(fd)
	if err != nil {
		return nil, errors.Join(err, unix.Close(socket))
	}
	p := &Producer{conn: conn, socket: socket, size: size, done: make(chan struct{})}
	go p.run()
	return p, nil
}

// Close ends the producer and waits until it has. The error says why it has
// ended before, if it has.
func (p *Producer) Close() error {
	if p.socket >= 0 {
		// The only failure is a connection that has ended.
		_ = unix.Shutdown(p.socket, unix.SHUT_RDWR)
	}
	<-p.done
	err := p.err
	if p.socket >= 0 {
		err = errors.Join(err, unix.Close(p.socket))
		p.socket = -1
	}
	return err
}

// Done is closed when the producer has ended.
func (p *Producer) Done() <-chan struct{} { return p.done }

// Pictures returns how many were drawn.
func (p *Producer) Pictures() uint64 { return p.pictures.Load() }

// run serves the connection until it ends.
func (p *Producer) run() {
	defer close(p.done)
	err := p.open()
	served := err == nil
	for err == nil {
		err = p.conn.Dispatch()
	}
	if !served {
		p.err = err // afterwards it is the end that somebody wanted
	}
	p.conn.Close()
	p.pool.free()
}

func bind[T any](g *client.Globals, iface *wire.Interface, ctor func(*client.WlRegistry, uint32, uint32) *T) (*T, error) {
	name, version, ok := g.Find(iface)
	if !ok {
		return nil, fmt.Errorf("the session has no %s", iface.Name)
	}
	return ctor(g.Registry, name, version), nil
}

// open makes the window.
func (p *Producer) open() error {
	g, err := p.conn.Globals()
	if err != nil {
		return err
	}
	var errs [6]error
	var (
		compositor *client.WlCompositor
		viewporter *client.WpViewporter
		base       *client.XdgWmBase
		decoration *client.ZxdgDecorationManagerV1
		manager    *client.RayosGuestManagerV1
	)
	compositor, errs[0] = bind(g, &protocol.WlCompositorInterface, client.BindWlCompositor)
	p.shm, errs[1] = bind(g, &protocol.WlShmInterface, client.BindWlShm)
	viewporter, errs[2] = bind(g, &protocol.WpViewporterInterface, client.BindWpViewporter)
	base, errs[3] = bind(g, &protocol.XdgWmBaseInterface, client.BindXdgWmBase)
	decoration, errs[4] = bind(g, &protocol.ZxdgDecorationManagerV1Interface, client.BindZxdgDecorationManagerV1)
	manager, errs[5] = bind(g, &protocol.RayosGuestManagerV1Interface, client.BindRayosGuestManagerV1)
	if err := errors.Join(errs[:]...); err != nil {
		return err
	}
	base.OnPing = base.Pong
	p.surface = compositor.CreateSurface()
	p.view = viewporter.GetViewport(p.surface)
	p.xdg = base.GetXdgSurface(p.surface)
	top := p.xdg.GetToplevel()
	top.OnConfigure = func(width, height int32, _ []byte) {
		if width > 0 && height > 0 {
			p.size = geom.Size{W: min(width, maxSide), H: min(height, maxSide)}
		}
	}
	p.xdg.OnConfigure = p.configured
	top.SetAppId("rayos.dev-scanout")
	top.SetTitle("Moving gradient")
	decoration.GetToplevelDecoration(top).SetMode(protocol.ZxdgToplevelDecorationV1ModeServerSide)
	p.guest = manager.GetGuest(top)
	p.guest.OnSize = func(width, height int32, _ uint32) {
		if width > 0 && height > 0 {
			p.pixels = geom.Size{W: min(width, maxSide), H: min(height, maxSide)}
		}
	}
	p.guest.SetState(protocol.RayosGuestV1StateRunning, "")
	p.surface.Commit()
	return p.conn.Flush()
}

// configured answers a configure with a picture of its size.
func (p *Producer) configured(serial uint32) {
	p.xdg.AckConfigure(serial)
	if p.callback != nil && p.drawn == p.want() {
		p.surface.Commit() // the picture on its way is right
		return
	}
	p.draw()
}

// want is the size of the next picture, in pixels.
func (p *Producer) want() geom.Size {
	if p.pixels.Empty() {
		return p.size
	}
	return p.pixels
}

// draw commits the next picture and asks when there may be another.
func (p *Producer) draw() {
	size := p.want()
	b, err := p.pool.take(p.shm, size)
	if err != nil {
		p.err = err
		// Dispatch sees the end of the connection.
		_ = unix.Shutdown(p.socket, unix.SHUT_RDWR)
		return
	}
	n := p.pictures.Add(1)
	Draw(b.data, size, n)
	b.busy = true
	p.drawn = size
	p.view.SetDestination(p.size.W, p.size.H)
	p.surface.Attach(b.buffer, 0, 0)
	p.surface.DamageBuffer(0, 0, size.W, size.H)
	p.guest.SetStatistics(uint32(n), uint32(n), 0)
	cb := p.surface.Frame()
	p.callback = cb
	cb.OnDone = func(uint32) {
		if p.callback == cb {
			p.callback = nil
			p.draw()
		}
	}
	p.surface.Commit()
}

// Draw fills memory for 32-bit pixels, without gaps, with a picture.
func Draw(data []byte, size geom.Size, picture uint64) {
	at := 0
	for y := range size.H {
		for x := range size.W {
			binary.LittleEndian.PutUint32(data[at:], Pixel(geom.Point{X: x, Y: y}, size, picture))
			at += 4
		}
	}
}

// Pixel returns what a picture has at a place: XRGB8888. Red grows to the
// right and moves by a step of 256 with every picture, green grows downwards,
// blue is the picture's number modulo 256.
func Pixel(at geom.Point, size geom.Size, picture uint64) uint32 {
	red := uint32(int64(at.X)*256/int64(size.W)) + uint32(picture)
	green := uint32(int64(at.Y) * 256 / int64(size.H))
	return 0xff<<24 | red&0xff<<16 | green<<8 | uint32(picture)&0xff
}
