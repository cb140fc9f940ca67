package golden_test

import (
	"testing"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/wire"
)

// app is a client.
type app struct {
	d    *desktop
	t    testing.TB
	dpy  *client.Display
	maps [][]byte

	compositor *client.WlCompositor
	sub        *client.WlSubcompositor
	shm        *client.WlShm
	wm         *client.XdgWmBase
	seat       *client.WlSeat
	pointer    *client.WlPointer
	entered    uint32 // serial of the pointer's last enter
	pressed    uint32 // serial of its last button
	viewporter *client.WpViewporter
	decoration *client.ZxdgDecorationManagerV1
	shapes     *client.WpCursorShapeManagerV1
}

// connect adds a client.
func (d *desktop) connect() *app {
	d.t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		d.t.Fatal(err)
	}
	if _, err := d.session.Server().AddClient(fds[0]); err != nil {
		d.t.Fatal(err)
	}
	a := &app{d: d, t: d.t}
	if a.dpy, err = client.NewWithOptions(fds[1], wire.ClientOptions{OutputLimit: 16 << 20}); err != nil {
		d.t.Fatal(err)
	}
	d.apps = append(d.apps, a)
	g := &client.Globals{Registry: a.dpy.GetRegistry()}
	found := map[string]client.Global{}
	g.Registry.OnGlobal = func(name uint32, iface string, version uint32) {
		found[iface] = client.Global{Interface: iface, Name: name, Version: version}
	}
	a.roundtrip()
	bind := func(o wire.ClientObject, iface *wire.Interface) {
		gl, ok := found[iface.Name]
		if !ok {
			d.t.Fatalf("the session has no %s", iface.Name)
		}
		g.Registry.Bind(gl.Name, o, iface, min(gl.Version, iface.Version))
	}
	a.compositor, a.sub, a.shm, a.wm = new(client.WlCompositor), new(client.WlSubcompositor), new(client.WlShm), new(client.XdgWmBase)
	a.seat, a.viewporter, a.decoration = new(client.WlSeat), new(client.WpViewporter), new(client.ZxdgDecorationManagerV1)
	a.shapes = new(client.WpCursorShapeManagerV1)
	bind(a.compositor, &protocol.WlCompositorInterface)
	bind(a.sub, &protocol.WlSubcompositorInterface)
	bind(a.shm, &protocol.WlShmInterface)
	bind(a.wm, &protocol.XdgWmBaseInterface)
	bind(a.seat, &protocol.WlSeatInterface)
	bind(a.viewporter, &protocol.WpViewporterInterface)
	bind(a.decoration, &protocol.ZxdgDecorationManagerV1Interface)
	bind(a.shapes, &protocol.WpCursorShapeManagerV1Interface)
	a.wm.OnPing = func(serial uint32) { a.wm.Pong(serial) }
	a.pointer = a.seat.GetPointer()
	a.pointer.OnEnter = func(serial uint32, _ *client.WlSurface, _, _ geom.Fixed) { a.entered = serial }
	a.pointer.OnButton = func(serial, _, _ uint32, _ protocol.WlPointerButtonState) { a.pressed = serial }
	a.roundtrip()
	return a
}

// close ends the connection.
func (a *app) close() {
	a.dpy.Close()
	for _, m := range a.maps {
		if err := unix.Munmap(m); err != nil {
			a.t.Error(err)
		}
	}
	a.maps = nil
}

// roundtrip lets the session serve all that was sent, and returns how many
// events came back.
func (a *app) roundtrip() int {
	a.t.Helper()
	done, events := false, 0
	a.dpy.Sync().OnDone = func(uint32) { done = true }
	for i := 0; !done; i++ {
		if err := a.dpy.Flush(); err != nil {
			a.t.Fatalf("client: %v", err)
		}
		if err := a.d.loop.Dispatch(0); err != nil {
			a.t.Fatal(err)
		}
		if err := a.dpy.Read(); err != nil {
			a.t.Fatalf("client: %v", err)
		}
		n, err := a.dpy.DispatchPending()
		if err != nil {
			a.t.Fatalf("client: %v", err)
		}
		if events += n; i > 10_000 {
			a.t.Fatal("a round trip does not end")
		}
	}
	return events - 2 // the callback's own: done and delete_id
}

// memoryKind is where the session finds a buffer's pixels.
type memoryKind int

const (
	unsealed memoryKind = iota // the session copies
	sealed                     // it reads in place
)

// buffer hands pixels over.
func (a *app) buffer(data []byte, size geom.Size, format protocol.WlShmFormat, kind memoryKind) *client.WlBuffer {
	a.t.Helper()
	fd, err := unix.MemfdCreate("scene", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		a.t.Fatal(err)
	}
	defer func() {
		if err := unix.Close(fd); err != nil {
			a.t.Error(err)
		}
	}()
	if err := unix.Ftruncate(fd, int64(len(data))); err != nil {
		a.t.Fatal(err)
	}
	if kind == sealed {
		if _, err := unix.FcntlInt(uintptr(fd), unix.F_ADD_SEALS, unix.F_SEAL_SHRINK); err != nil {
			a.t.Fatal(err)
		}
	}
	m, err := unix.Mmap(fd, 0, len(data), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		a.t.Fatal(err)
	}
	a.maps = append(a.maps, m)
	copy(m, data)
	pool := a.shm.CreatePool(fd, int32(len(data)))
	b := pool.CreateBuffer(0, size.W, size.H, 4*size.W, format)
	pool.Destroy()
	return b
}
