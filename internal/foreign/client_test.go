package foreign

import (
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	wl "github.com/rajveermalviya/go-wayland/wayland/client"
	xdg "github.com/rajveermalviya/go-wayland/wayland/stable/xdg-shell"
	"golang.org/x/sys/unix"

	"rayos/internal/proctest"
)

func TestMain(m *testing.M) { os.Exit(proctest.Main(m)) }

// client is a connection with the globals that this library can be used with.
type client struct {
	t          *testing.T
	display    *wl.Display
	compositor *wl.Compositor
	shm        *wl.Shm
	base       *xdg.WmBase
	refused    string // the protocol error that ended the connection
}

// dial connects to a session and binds its globals.
func dial(t *testing.T, s *proctest.Session) *client {
	t.Helper()
	d, err := wl.Connect(s.Socket())
	if err != nil {
		t.Fatal(err)
	}
	c := &client{t: t, display: d}
	// The library can't give up waiting, but its connection can be closed.
	watchdog := time.AfterFunc(proctest.Patience, func() { _ = d.Context().Close() })
	t.Cleanup(func() {
		watchdog.Stop()
		if err := d.Context().Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			t.Error(err)
		}
	})
	d.SetErrorHandler(func(e wl.DisplayErrorEvent) { c.refused = fmt.Sprintf("code %d: %s", e.Code, e.Message) })
	registry, err := d.GetRegistry()
	if err != nil {
		t.Fatal(err)
	}
	ctx := d.Context()
	registry.SetGlobalHandler(func(e wl.RegistryGlobalEvent) {
		var p wl.Proxy
		var version uint32
		switch e.Interface {
		case "wl_compositor":
			c.compositor = wl.NewCompositor(ctx)
			p, version = c.compositor, 4
		case "wl_shm":
			c.shm = wl.NewShm(ctx)
			p, version = c.shm, 1
		case "xdg_wm_base":
			c.base = xdg.NewWmBase(ctx)
			p, version = c.base, 5
		default:
			return
		}
		c.do(registry.Bind(e.Name, e.Interface, version, p))
	})
	c.sync()
	if c.compositor == nil || c.shm == nil || c.base == nil {
		t.Fatal("the session lacks wl_compositor, wl_shm or xdg_wm_base")
	}
	c.base.SetPingHandler(func(e xdg.WmBasePingEvent) { c.do(c.base.Pong(e.Serial)) })
	return c
}

// do checks that a request was sent.
func (c *client) do(err error) {
	c.t.Helper()
	if err != nil {
		c.t.Fatalf("%v (session said %q)", err, c.refused)
	}
}

// dispatch handles an event. The library takes an event for an object that it
// has forgotten for an error, and may panic; neither says anything about the
// session. It reports whether the connection lasts.
func (c *client) dispatch() (ok bool) {
	defer func() {
		if r := recover(); r != nil {
			c.t.Logf("go-wayland panics: %v", r)
			ok = true
		}
	}()
	err := c.display.Context().Dispatch()
	if err == nil || strings.Contains(err.Error(), "unable find sender") {
		return true
	}
	if c.refused == "" {
		c.refused = err.Error()
	}
	return false
}

// until dispatches until a condition holds or the connection ends.
func (c *client) until(holds func() bool) {
	c.t.Helper()
	for !holds() {
		if !c.dispatch() {
			c.t.Fatalf("the session has ended the connection: %s", c.refused)
		}
	}
}

// sync waits until the session has served all requests.
func (c *client) sync() {
	c.t.Helper()
	cb, err := c.display.Sync()
	c.do(err)
	done := false
	cb.SetDoneHandler(func(wl.CallbackDoneEvent) { done = true })
	c.until(func() bool { return done })
}

// window is a toplevel with a surface and one buffer.
type window struct {
	c        *client
	surface  *wl.Surface
	xdg      *xdg.Surface
	toplevel *xdg.Toplevel
	buffer   *wl.Buffer
}

// open maps a window that shows a colour.
func (c *client) open(title string, width, height int32, color uint32) *window {
	c.t.Helper()
	w := &window{c: c}
	var err error
	w.surface, err = c.compositor.CreateSurface()
	c.do(err)
	w.xdg, err = c.base.GetXdgSurface(w.surface)
	c.do(err)
	w.toplevel, err = w.xdg.GetToplevel()
	c.do(err)
	configured := false
	w.xdg.SetConfigureHandler(func(e xdg.SurfaceConfigureEvent) {
		c.do(w.xdg.AckConfigure(e.Serial))
		configured = true
	})
	c.do(w.toplevel.SetTitle(title))
	c.do(w.toplevel.SetAppId("foreign"))
	c.do(w.surface.Commit())
	c.until(func() bool { return configured })
	w.buffer = c.paint(width, height, color)
	c.do(w.surface.Attach(w.buffer, 0, 0))
	c.do(w.surface.DamageBuffer(0, 0, width, height))
	c.do(w.surface.Commit())
	c.sync()
	return w
}

// paint makes a buffer of one colour, 0xAARRGGBB.
func (c *client) paint(width, height int32, color uint32) *wl.Buffer {
	c.t.Helper()
	size := width * height * 4
	fd, err := unix.MemfdCreate("foreign", unix.MFD_CLOEXEC)
	c.do(err)
	defer unix.Close(fd)
	pixels := make([]byte, 0, size)
	for range width * height {
		pixels = binary.NativeEndian.AppendUint32(pixels, color)
	}
	_, err = unix.Pwrite(fd, pixels, 0)
	c.do(err)
	pool, err := c.shm.CreatePool(fd, size)
	c.do(err)
	b, err := pool.CreateBuffer(0, width, height, width*4, uint32(wl.ShmFormatXrgb8888))
	c.do(err)
	c.do(pool.Destroy())
	return b
}
