package foreign

import (
	"fmt"
	"image/color"
	"strings"
	"testing"

	wl "github.com/rajveermalviya/go-wayland/wayland/client"
	xdg "github.com/rajveermalviya/go-wayland/wayland/stable/xdg-shell"

	"rayos/internal/proctest"
	"rayos/shell/control"
)

// Error codes of the protocol's XML, as dispatch notes them.
const (
	badObject         = "code 0: " // wl_display.invalid_object
	xdgBeforeRole     = "code 6: " // xdg_surface.defunct_role_object
	baseBeforeSurface = "code 1: " // xdg_wm_base.defunct_surfaces
	unconfigured      = "code 3: " // xdg_surface.unconfigured_buffer
	invalidSerial     = "code 4: " // xdg_surface.invalid_serial
	anyError          = "code "
)

// must takes what a request creates; it can only fail with the connection,
// which the next sync notices.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// bind binds one more global, for the requests that want it. Ids go up in the
// order of creation, so the object is made only when the request is sent.
func bind[T wl.Proxy](c *client, name string, version uint32, create func(*wl.Context) T) T {
	c.t.Helper()
	registry := must(c.display.GetRegistry())
	var bound *T
	registry.SetGlobalHandler(func(e wl.RegistryGlobalEvent) {
		if e.Interface == name {
			p := create(c.display.Context())
			c.do(registry.Bind(e.Name, name, version, p))
			bound = &p
		}
	})
	c.sync()
	if bound == nil {
		c.t.Fatalf("the session lacks %s", name)
	}
	return *bound
}

func (c *client) seat() *wl.Seat { return bind(c, "wl_seat", 5, wl.NewSeat) }

// bare makes a toplevel that has committed nothing yet.
func (c *client) bare() *window {
	c.t.Helper()
	w := &window{c: c, surface: must(c.compositor.CreateSurface())}
	w.xdg = must(c.base.GetXdgSurface(w.surface))
	w.toplevel = must(w.xdg.GetToplevel())
	w.xdg.SetConfigureHandler(func(xdg.SurfaceConfigureEvent) {})
	return w
}

// end destroys the window's objects in the order that the protocol wants.
func (w *window) end() []error {
	return []error{w.toplevel.Destroy(), w.xdg.Destroy(), w.surface.Destroy()}
}

// fate returns how the session answers all that was asked for: the error that
// ended the connection, or nothing.
func (c *client) fate() string {
	done := false
	// If the connection has ended, what the session said can still be read.
	if cb, err := c.display.Sync(); err == nil {
		cb.SetDoneHandler(func(wl.CallbackDoneEvent) { done = true })
	}
	for !done && c.dispatch() {
	}
	return c.refused
}

// untimely are requests at times when nobody should make them. Those without an
// error are allowed by the protocol and must be borne.
var untimely = []struct {
	what string
	do   func(c *client, w *window) []error
	want string // how the error begins
}{
	{
		"a buffer destroyed between attach and commit",
		func(_ *client, w *window) []error {
			return []error{w.surface.Attach(w.buffer, 0, 0), w.surface.Damage(0, 0, 5, 5), w.buffer.Destroy(), w.surface.Commit()}
		}, "",
	},
	{
		"a callback forgotten before it is done",
		func(_ *client, w *window) []error {
			cb := must(w.surface.Frame())
			return []error{w.surface.Damage(0, 0, 5, 5), w.surface.Commit(), cb.Destroy()}
		}, "",
	},
	{
		"a window destroyed before its configure comes",
		func(c *client, _ *window) []error {
			n := c.bare()
			return append([]error{n.surface.Commit()}, n.end()...)
		}, "",
	},
	{
		"states asked for before the first commit",
		func(c *client, _ *window) []error {
			n := c.bare().toplevel
			return []error{n.SetMaximized(), n.SetFullscreen(nil), n.UnsetFullscreen(), n.SetMinimized(), n.UnsetMaximized()}
		}, "",
	},
	{
		"move, resize and menu with serials out of the air",
		func(c *client, w *window) []error {
			seat := c.seat()
			return []error{
				w.toplevel.Move(seat, 4711), w.toplevel.Resize(seat, 0, 8), w.toplevel.Resize(seat, 0xffffffff, 5),
				w.toplevel.ShowWindowMenu(seat, 12, -1, 1<<30),
			}
		}, "",
	},
	{
		"a parent that goes before its child",
		func(c *client, w *window) []error {
			child := c.bare()
			errs := []error{child.toplevel.SetParent(w.toplevel), child.surface.Commit()}
			return append(append(errs, w.end()...), child.toplevel.SetParent(nil), child.surface.Commit())
		}, "",
	},
	{
		"a subsurface that outlives its parent",
		func(c *client, w *window) []error {
			s := must(c.compositor.CreateSurface())
			sub := must(bind(c, "wl_subcompositor", 1, wl.NewSubcompositor).GetSubsurface(s, w.surface))
			errs := []error{s.Attach(w.buffer, 0, 0), s.Commit(), w.surface.Commit()}
			errs = append(errs, w.end()...)
			return append(errs, sub.SetDesync(), sub.SetPosition(5, 5), s.Commit(), s.Destroy(), sub.Destroy())
		}, "",
	},
	{
		"a seat released with the pointer over the window",
		func(c *client, _ *window) []error {
			seat := c.seat()
			pointer, keyboard := must(seat.GetPointer()), must(seat.GetKeyboard())
			c.sync()
			return []error{pointer.Release(), keyboard.Release(), seat.Release()}
		}, "",
	},
	{
		"an unmapped window mapped again without a configure",
		func(_ *client, w *window) []error {
			return []error{w.surface.Attach(nil, 0, 0), w.surface.Commit(), w.surface.Attach(w.buffer, 0, 0), w.surface.Commit()}
		}, unconfigured,
	},
	{
		"a buffer before the first configure",
		func(c *client, w *window) []error {
			n := c.bare()
			return []error{n.surface.Attach(w.buffer, 0, 0), n.surface.Commit()}
		}, unconfigured,
	},
	{
		"a configure acknowledged that never came",
		func(_ *client, w *window) []error { return []error{w.xdg.AckConfigure(0x7fffffff)} }, invalidSerial,
	},
	{
		// An error from version 6 of wl_compositor on, which the library
		// does not know.
		"a surface destroyed before its role",
		func(_ *client, w *window) []error {
			return []error{w.surface.Destroy(), w.toplevel.SetTitle("orphan"), w.toplevel.Destroy(), w.xdg.Destroy()}
		}, "",
	},
	{
		"an xdg_surface destroyed before its toplevel",
		func(_ *client, w *window) []error { return []error{w.xdg.Destroy()} }, xdgBeforeRole,
	},
	{
		"the base destroyed before its surfaces",
		func(c *client, _ *window) []error { return []error{c.base.Destroy()} }, baseBeforeSurface,
	},
	{
		"a toplevel used after its end",
		func(_ *client, w *window) []error { return []error{w.toplevel.Destroy(), w.toplevel.SetTitle("ghost")} }, badObject,
	},
	{
		"a surface destroyed twice",
		func(_ *client, w *window) []error { return append(w.end(), w.surface.Destroy()) }, badObject,
	},
	{
		// The library cuts the size to 16 bits: the stream is garbage from
		// there on.
		"a string longer than a message can be",
		func(_ *client, w *window) []error { return []error{w.toplevel.SetTitle(strings.Repeat("x", 70_000))} }, anyError,
	},
}

// innocent is a client that does everything right and must not notice others.
type innocent struct {
	*client
	s  *proctest.Session
	id uint32
}

func newInnocent(t *testing.T, s *proctest.Session) *innocent {
	t.Helper()
	c := dial(t, s)
	c.open("innocent", 60, 50, 0xff1ea05a)
	return &innocent{c, s, find(s, "innocent").ID}
}

// unharmed checks that it is served and its picture is as it was drawn.
func (c *innocent) unharmed(t *testing.T) {
	t.Helper()
	c.sync()
	p := c.s.Shoot(proctest.Args{"window": c.id})
	if got := p.RGBAAt(30, 25); p.Rect.Max.X != 60 || p.Rect.Max.Y != 50 || p.Colors() != 1 || got != (color.RGBA{0x1e, 0xa0, 0x5a, 0xff}) {
		t.Errorf("the innocent window has size %v, %d colours, %v in the middle", p.Rect.Max, p.Colors(), got)
	}
}

// keymapFiles are what the session may come to hold meanwhile: of the built-in
// keymap and of that which it loads in the background.
const keymapFiles = 2

// alone waits until the session holds nothing of other clients.
func (c *innocent) alone(t *testing.T, start control.Stats, files int) {
	t.Helper()
	c.s.Until("nothing is left of the clients", func() bool {
		now := c.s.Stats()
		return now.Clients == start.Clients && now.Surfaces == start.Surfaces && now.Windows == start.Windows &&
			c.s.Descriptors() <= files+keymapFiles
	})
}

// TestUntimelyRequests: whatever a client does at the wrong time meets it
// alone, and leaves nothing.
func TestUntimelyRequests(t *testing.T) {
	s := proctest.Start(t)
	other := newInnocent(t, s)
	start, files := s.Stats(), s.Descriptors()
	for i, test := range untimely {
		t.Run(test.what, func(t *testing.T) {
			c := dial(t, s)
			title := fmt.Sprint("untimely ", i)
			w := c.open(title, 40, 30, 0xffe67814)
			content := find(s, title).Content
			s.Call("input pointer", proctest.Args{"x": content.X + 10, "y": content.Y + 10})
			for n, err := range test.do(c, w) {
				if err != nil && test.want == "" {
					t.Fatalf("request %d: %v", n, err)
				}
			}
			s.Call("input pointer", proctest.Args{"x": content.X + 20, "y": content.Y + 20})
			got := c.fate()
			if !strings.HasPrefix(got, test.want) || (got == "") != (test.want == "") {
				t.Errorf("the client met %q; want an error that begins with %q", got, test.want)
			}
			other.unharmed(t)
		})
	}
	other.alone(t, start, files)
}

// TestVanishingClients: connections end between any two requests.
func TestVanishingClients(t *testing.T) {
	s := proctest.Start(t)
	other := newInnocent(t, s)
	start, files := s.Stats(), s.Descriptors()
	for n := range 7 {
		c := dial(t, s)
		w := c.bare()
		configured := false
		w.xdg.SetConfigureHandler(func(e xdg.SurfaceConfigureEvent) {
			c.do(w.xdg.AckConfigure(e.Serial))
			configured = true
		})
		steps := []func(){
			func() { c.do(w.surface.Commit()) },
			func() { c.until(func() bool { return configured }) },
			func() { w.buffer = c.paint(40, 30, 0xffe67814) },
			func() { c.do(w.surface.Attach(w.buffer, 0, 0)) },
			func() { must(w.surface.Frame()) },
			func() { c.do(w.surface.Commit()) },
			func() { c.do(w.buffer.Destroy()) },
		}
		for _, step := range steps[:n] {
			step()
		}
		c.do(c.display.Context().Close())
	}
	other.alone(t, start, files)
	other.unharmed(t)
}

// TestClientThatNeverReads is given up, and costs the others nothing.
func TestClientThatNeverReads(t *testing.T) {
	s := proctest.Start(t)
	other := newInnocent(t, s)
	c := dial(t, s)
	start := s.Stats()
	for n := 0; ; n++ {
		if _, err := c.display.Sync(); err != nil {
			break
		}
		if n%5000 == 0 {
			other.unharmed(t)
		}
	}
	s.Until("the client is given up", func() bool { return s.Stats().Clients < start.Clients })
	other.unharmed(t)
	if heap := s.Stats().HeapBytes; heap > start.HeapBytes+16<<20 {
		t.Errorf("the heap grew from %d to %d bytes", start.HeapBytes, heap)
	}
}
