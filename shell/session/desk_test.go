package session

import (
	"encoding/binary"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/gpu/display"
	"rayos/gpu/display/headless"
	"rayos/gpu/raster"
	"rayos/internal/loop"
	"rayos/shell/control"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/seat/xkb"
	"rayos/surfaces/wire"
)

// desk is a session on a virtual clock with clients on the same goroutine.
type desk struct {
	t       testing.TB
	loop    *loop.Loop
	display *headless.Display
	session *Session
	ctl     control.Session
	clients []*deskClient
	close   func()
}

func newDesk(t testing.TB, sizes ...geom.Size) *desk {
	t.Helper()
	return newDeskWith(t, Options{}, sizes...)
}

// newDeskWith has options beyond those of all tests.
func newDeskWith(t testing.TB, opt Options, sizes ...geom.Size) *desk {
	t.Helper()
	l, err := loop.NewVirtual()
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{t: t, loop: l}
	if len(sizes) == 0 {
		sizes = []geom.Size{{W: 800, H: 600}}
	}
	var specs []display.Spec
	for _, s := range sizes {
		specs = append(specs, display.Spec{Size: s})
	}
	if d.display, err = headless.New(l, specs...); err != nil {
		t.Fatal(err)
	}
	r := raster.New(raster.Options{Workers: 1})
	opt.Loop, opt.Display, opt.Renderer, opt.NoSocket, opt.Keymap, opt.Plain = l, d.display, r, opt.Runtime == "", xkb.Builtin(), true
	if d.session, err = New(opt); err != nil {
		t.Fatal(err)
	}
	d.ctl = d.session.Commands()
	d.close = sync.OnceFunc(func() {
		for _, c := range d.clients {
			c.dpy.Close()
		}
		if err := d.session.Close(); err != nil {
			t.Error(err)
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
		r.Close()
	})
	t.Cleanup(d.close)
	d.talk()
	return d
}

// talk lets session and clients exchange what they have to say; no time passes.
func (d *desk) talk() {
	d.t.Helper()
	for range 8 {
		for _, c := range d.clients {
			c.pump()
		}
		if err := d.loop.Dispatch(0); err != nil {
			d.t.Fatal(err)
		}
	}
}

// pass lets time pass, a frame at a time.
func (d *desk) pass(t time.Duration) {
	d.t.Helper()
	const frame = time.Second / 60
	for ; t > 0; t -= frame {
		d.loop.Advance(min(t, frame))
		d.talk()
	}
}

// window returns what the session says of a window.
func (d *desk) window(id uint32) control.Window {
	d.t.Helper()
	for _, w := range d.ctl.Windows() {
		if w.ID == id {
			return w
		}
	}
	d.t.Fatalf("there is no window %d", id)
	return control.Window{}
}

// key taps a chord.
func (d *desk) key(chord string) {
	d.t.Helper()
	c, err := control.ParseChord(chord)
	if err == nil {
		err = d.ctl.Key(c, control.Tap)
	}
	if err != nil {
		d.t.Fatal(err)
	}
	d.talk()
}

// deskClient is a client with windows.
type deskClient struct {
	d    *desk
	dpy  *client.Display
	comp *client.WlCompositor
	shm  *client.WlShm
	base *client.XdgWmBase
	deco *client.ZxdgDecorationManagerV1
	seat *client.WlSeat
	keys []string // what its keyboard was told
	// opening runs before the first commit of a new window.
	opening func(*deskWindow)
}

func (d *desk) connect() *deskClient {
	d.t.Helper()
	return d.connectBy(func(fd int) error {
		_, err := d.session.Server().AddClient(fd)
		return err
	})
}

// connectBy lets add serve the session's end of the connection.
func (d *desk) connectBy(add func(fd int) error) *deskClient {
	d.t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		d.t.Fatal(err)
	}
	if err := add(fds[0]); err != nil {
		d.t.Fatal(err)
	}
	return d.speak(fds[1])
}

// speak makes a client of the other end of a connection.
func (d *desk) speak(fd int) *deskClient {
	d.t.Helper()
	c, err := &deskClient{d: d}, error(nil)
	if c.dpy, err = client.New(fd); err != nil {
		d.t.Fatal(err)
	}
	d.clients = append(d.clients, c)
	names := map[string]uint32{}
	reg := c.dpy.GetRegistry()
	reg.OnGlobal = func(name uint32, iface string, _ uint32) { names[iface] = name }
	d.talk()
	c.comp, c.shm, c.base = &client.WlCompositor{}, &client.WlShm{}, &client.XdgWmBase{}
	c.deco, c.seat = &client.ZxdgDecorationManagerV1{}, &client.WlSeat{}
	for o, i := range map[wire.ClientObject]*wire.Interface{
		c.comp: &protocol.WlCompositorInterface, c.shm: &protocol.WlShmInterface, c.base: &protocol.XdgWmBaseInterface,
		c.deco: &protocol.ZxdgDecorationManagerV1Interface, c.seat: &protocol.WlSeatInterface,
	} {
		version := uint32(1)
		if i == &protocol.XdgWmBaseInterface || i == &protocol.WlCompositorInterface {
			version = 6
		}
		reg.Bind(names[i.Name], o, i, version)
	}
	k := c.seat.GetKeyboard()
	k.OnEnter = func(uint32, *client.WlSurface, []byte) { c.keys = append(c.keys, "enter") }
	k.OnLeave = func(uint32, *client.WlSurface) { c.keys = append(c.keys, "leave") }
	k.OnKey = func(_, _, key uint32, st protocol.WlKeyboardKeyState) {
		c.keys = append(c.keys, fmt.Sprintf("key %d %v", key, st))
	}
	d.talk()
	return c
}

func (c *deskClient) pump() {
	c.d.t.Helper()
	if err := c.dpy.Flush(); err != nil {
		c.d.t.Fatal(err)
	}
	if err := c.d.loop.Dispatch(0); err != nil {
		c.d.t.Fatal(err)
	}
	if err := c.dpy.Read(); err != nil {
		c.d.t.Fatal(err)
	}
	if _, err := c.dpy.DispatchPending(); err != nil {
		c.d.t.Fatal(err)
	}
}

// deskWindow is a window that takes every size it is asked for, at once unless
// it is told to be slow.
type deskWindow struct {
	c          *deskClient
	id         uint32 // as the session knows it
	surface    *client.WlSurface
	xdg        *client.XdgSurface
	top        *client.XdgToplevel
	deco       *client.ZxdgToplevelDecorationV1
	slow       bool
	serial     uint32 // to be answered
	size       geom.Size
	configures []string // what it was asked, oldest first
	closed     bool
}

// open maps a window of a size that it likes.
func (c *deskClient) open(size geom.Size) *deskWindow {
	c.d.t.Helper()
	w := c.prepare(size)
	w.show()
	return w
}

// prepare makes a window that is not on screen yet.
func (c *deskClient) prepare(size geom.Size) *deskWindow {
	w := &deskWindow{c: c, size: size}
	w.surface = c.comp.CreateSurface()
	w.xdg = c.base.GetXdgSurface(w.surface)
	w.top = w.xdg.GetToplevel()
	w.deco = c.deco.GetToplevelDecoration(w.top)
	w.deco.SetMode(protocol.ZxdgToplevelDecorationV1ModeServerSide)
	var asked geom.Size
	w.top.OnConfigure = func(width, height int32, states []byte) {
		asked = geom.Size{W: width, H: height}
		line := asked.String()
		for ; len(states) >= 4; states = states[4:] {
			line += fmt.Sprint(" ", protocol.XdgToplevelState(binary.NativeEndian.Uint32(states)))
		}
		w.configures = append(w.configures, line)
	}
	w.top.OnClose = func() { w.closed = true }
	w.xdg.OnConfigure = func(serial uint32) {
		w.serial = serial
		if !asked.Empty() {
			w.size = asked
		}
		if !w.slow {
			w.answer()
		}
	}
	return w
}

// show maps the window.
func (w *deskWindow) show() {
	d := w.c.d
	d.t.Helper()
	before := len(d.ctl.Windows())
	if w.c.opening != nil {
		w.c.opening(w)
	}
	w.surface.Commit()
	d.talk()
	list := d.ctl.Windows()
	if len(list) != before+1 {
		d.t.Fatal("the window did not map")
	}
	for _, l := range list {
		w.id = max(w.id, l.ID)
	}
}

// destroy takes the window away, as a program does that is asked to close it.
func (w *deskWindow) destroy() {
	w.deco.Destroy()
	w.top.Destroy()
	w.xdg.Destroy()
	w.surface.Destroy()
}

// answer acknowledges and draws the size asked for last.
func (w *deskWindow) answer() {
	w.xdg.AckConfigure(w.serial)
	w.draw()
}

// draw commits a black picture of the window's size.
func (w *deskWindow) draw() { w.drawSpot(geom.Rect{}) }

// drawSpot commits a picture that is black but for a white box, and says that all
// of it is new.
func (w *deskWindow) drawSpot(box geom.Rect) {
	fd, err := unix.MemfdCreate("desk", unix.MFD_CLOEXEC)
	if err != nil {
		w.c.d.t.Fatal(err)
	}
	defer unix.Close(fd)
	bytes := 4 * w.size.W * w.size.H
	if err := unix.Ftruncate(fd, int64(bytes)); err != nil {
		w.c.d.t.Fatal(err)
	}
	white := slices.Repeat([]byte{255}, int(4*box.W()))
	for y := box.Y0; y < box.Y1; y++ {
		if _, err := unix.Pwrite(fd, white, 4*int64(y*w.size.W+box.X0)); err != nil {
			w.c.d.t.Fatal(err)
		}
	}
	pool := w.c.shm.CreatePool(fd, bytes)
	w.surface.Attach(pool.CreateBuffer(0, w.size.W, w.size.H, 4*w.size.W, protocol.WlShmFormatXrgb8888), 0, 0)
	pool.Destroy()
	w.surface.DamageBuffer(0, 0, w.size.W, w.size.H)
	w.surface.Commit()
}

// shown returns where the scene has the window's frame and how large the
// content is that it shows.
func (w *deskWindow) shown() string {
	sw := w.c.d.session.windows[w.c.d.session.stackID(w.id)]
	return fmt.Sprintf("%v content %v", sw.spot.Frame, sw.guest.Surface.Size())
}
