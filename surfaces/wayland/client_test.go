package wayland

import (
	"encoding/binary"
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/wire"
)

// testClient is a client with a log of its events.
type testClient struct {
	f       *fixture
	t       testing.TB
	d       *client.Display
	srv     *Client
	reg     *client.WlRegistry
	globals []client.Global // in the order they were announced
	quiet   bool
	events  []string
	names   map[uint32]string
	serials map[string]uint32 // last of each kind of event

	comp  *client.WlCompositor
	sub   *client.WlSubcompositor
	shm   *client.WlShm
	wm    *client.XdgWmBase
	files []*memory
}

// connect adds a client with the usual globals bound.
func (f *fixture) connect() *testClient {
	f.t.Helper()
	c := f.connectBare()
	c.comp = bind[client.WlCompositor](c, &protocol.WlCompositorInterface, 6)
	c.sub = bind[client.WlSubcompositor](c, &protocol.WlSubcompositorInterface, 1)
	c.shm = bind[client.WlShm](c, &protocol.WlShmInterface, 2)
	c.wm = bind[client.XdgWmBase](c, &protocol.XdgWmBaseInterface, 6)
	c.roundtrip()
	c.quiet = false
	c.take()
	return c
}

// connectBare adds a client that has only the registry.
func (f *fixture) connectBare() *testClient {
	f.t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		f.t.Fatal(err)
	}
	c := &testClient{f: f, t: f.t, quiet: true, names: map[uint32]string{}, serials: map[string]uint32{}}
	if c.srv, err = f.srv.AddClient(fds[0]); err != nil {
		f.t.Fatal(err)
	}
	if c.d, err = client.NewWithOptions(fds[1], wire.ClientOptions{Trace: c.trace, OutputLimit: 64 << 20}); err != nil {
		f.t.Fatal(err)
	}
	f.clients = append(f.clients, c)
	c.reg = c.d.GetRegistry()
	c.reg.OnGlobal = func(name uint32, iface string, version uint32) {
		c.globals = append(c.globals, client.Global{Interface: iface, Name: name, Version: version})
	}
	c.roundtrip()
	c.quiet = false
	return c
}

// proxyOf is a pointer to a client object.
type proxyOf[T any] interface {
	*T
	wire.ClientObject
}

// bind binds the last announced global of an interface.
func bind[T any, P proxyOf[T]](c *testClient, iface *wire.Interface, version uint32) P {
	c.t.Helper()
	for i := len(c.globals) - 1; i >= 0; i-- {
		if g := c.globals[i]; g.Interface == iface.Name {
			p := P(new(T))
			c.reg.Bind(g.Name, p, iface, version)
			return p
		}
	}
	c.t.Fatalf("no global %s", iface.Name)
	return nil
}

func (c *testClient) disconnect() {
	c.d.Close()
	for _, m := range c.files {
		m.close()
	}
	c.files = nil
	c.f.turn()
}

// turn moves bytes both ways once.
func (c *testClient) turn() {
	c.t.Helper()
	_ = c.d.Flush()
	c.f.turn()
	// The errors stick and are looked at by the test.
	_ = c.d.Read()
	_, _ = c.d.DispatchPending()
}

// roundtrip waits until the server has served all that was sent, or has ended
// the connection.
func (c *testClient) roundtrip() {
	c.t.Helper()
	done := false
	c.d.Sync().OnDone = func(uint32) { done = true }
	for i := 0; !done && c.d.Err() == nil; i++ {
		if i > 20_000 {
			c.t.Fatal("a round trip does not end")
		}
		c.turn()
	}
}

// ok is roundtrip without a protocol error.
func (c *testClient) ok() {
	c.t.Helper()
	c.roundtrip()
	if err := c.d.Err(); err != nil {
		c.t.Fatalf("client error: %v", err)
	}
}

// wantError is a roundtrip that ends with a protocol error of an interface.
func (c *testClient) wantError(iface string, code uint32) {
	c.t.Helper()
	c.roundtrip()
	var e *wire.ProtocolError
	if !errors.As(c.d.Err(), &e) {
		c.t.Fatalf("client error = %v; want %s error %d", c.d.Err(), iface, code)
	}
	if e.Interface != iface || e.Code != code {
		c.t.Fatalf("client error = %v; want %s error %d", e, iface, code)
	}
	c.f.turn()
	if c.srv.source != nil {
		c.t.Error("the server keeps a client that it sent an error")
	}
}

// label names an object in the log.
func (c *testClient) label(o wire.ClientObject, name string) {
	c.names[o.(interface{ ID() uint32 }).ID()] = name
}

// first serial argument of events that have one.
var serialArg = map[string]int{
	"xdg_surface.configure": 0, "xdg_wm_base.ping": 0, "wl_callback.done": -1,
	"wl_pointer.enter": 0, "wl_pointer.leave": 0, "wl_pointer.button": 0,
	"wl_keyboard.enter": 0, "wl_keyboard.leave": 0, "wl_keyboard.key": 0, "wl_keyboard.modifiers": 0,
	"zwp_pointer_gesture_swipe_v1.begin": 0, "zwp_pointer_gesture_swipe_v1.end": 0, "zwp_pointer_gesture_pinch_v1.begin": 0,
	"zwp_pointer_gesture_pinch_v1.end": 0, "zwp_pointer_gesture_hold_v1.begin": 0, "zwp_pointer_gesture_hold_v1.end": 0,
	"zwp_tablet_tool_v2.proximity_in": 0, "zwp_tablet_tool_v2.down": 0, "zwp_tablet_tool_v2.button": 0,
	"zwp_tablet_pad_v2.enter": 0, "zwp_tablet_pad_v2.leave": 0, "zwp_tablet_pad_group_v2.mode_switch": 1,
	"wl_touch.down": 0, "wl_touch.up": 0, "wl_data_device.enter": 0,
	"zwp_input_method_keyboard_grab_v2.key": 0, "zwp_input_method_keyboard_grab_v2.modifiers": 0,
	"zwlr_layer_surface_v1.configure": 0, "ext_session_lock_surface_v1.configure": 0, "zwlr_output_manager_v1.done": 0,
}

var object = regexp.MustCompile(`\b([a-z_0-9]+)@(\d+)`)

// trace logs a received event: objects by their label or interface, serials
// as #.
func (c *testClient) trace(line string) {
	if id, ok := strings.CutPrefix(line, "wl_display@1.delete_id("); ok {
		n, _ := strconv.ParseUint(strings.TrimSuffix(id, ")"), 10, 32)
		delete(c.names, uint32(n))
		return
	}
	if c.quiet || strings.HasPrefix(line, " -> ") || strings.HasPrefix(line, "wl_registry@2.") {
		return
	}
	dot := strings.IndexByte(line, '.')
	at := strings.IndexByte(line, '@')
	paren := strings.IndexByte(line, '(')
	event := line[:at] + line[dot:paren]
	if event == "wl_callback.done" {
		id, _ := strconv.Atoi(line[at+1 : dot])
		if c.names[uint32(id)] == "" {
			return // a round trip of the fixture
		}
	}
	if i, has := serialArg[event]; has && i >= 0 {
		args := strings.SplitN(line[paren+1:len(line)-1], ", ", i+2)
		if n, err := strconv.ParseUint(args[i], 10, 32); err == nil {
			c.serials[event] = uint32(n)
			args[i] = "#"
		}
		line = line[:paren+1] + strings.Join(args, ", ") + ")"
	}
	line = object.ReplaceAllStringFunc(line, func(s string) string {
		m := object.FindStringSubmatch(s)
		id, _ := strconv.ParseUint(m[2], 10, 32)
		if n := c.names[uint32(id)]; n != "" {
			return n
		}
		return m[1]
	})
	c.events = append(c.events, line)
}

// note adds to the last event what a trace does not show: the contents of an
// array.
func (c *testClient) note(format string, args ...any) {
	if c.quiet || len(c.events) == 0 {
		return
	}
	c.events[len(c.events)-1] += " " + fmt.Sprintf(format, args...)
}

// take returns the events since the last take.
func (c *testClient) take() string {
	s := strings.Join(c.events, "\n")
	c.events = c.events[:0]
	return s
}

// expect compares the events since the last take; lines are trimmed.
func (c *testClient) expect(want string) {
	c.t.Helper()
	c.ok()
	compare(c.t, "events", c.take(), want)
}

func compare(t testing.TB, what, got, want string) {
	t.Helper()
	lines := strings.Split(strings.TrimSpace(want), "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	if want = strings.Join(lines, "\n"); got != want {
		t.Fatalf("%s:\n%s\nwant:\n%s", what, got, want)
	}
}

// memory is a memfd shared with the server.
type memory struct {
	fd   int
	data []byte
}

func (c *testClient) memory(size int, sealed bool) *memory {
	c.t.Helper()
	flags := unix.MFD_CLOEXEC | unix.MFD_ALLOW_SEALING
	fd, err := unix.MemfdCreate("client", flags)
	if err != nil {
		c.t.Fatal(err)
	}
	if err := unix.Ftruncate(fd, int64(size)); err != nil {
		c.t.Fatal(err)
	}
	if sealed {
		if _, err := unix.FcntlInt(uintptr(fd), unix.F_ADD_SEALS, unix.F_SEAL_SHRINK); err != nil {
			c.t.Fatal(err)
		}
	}
	data, err := unix.Mmap(fd, 0, size, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		c.t.Fatal(err)
	}
	m := &memory{fd, data}
	c.files = append(c.files, m)
	return m
}

func (m *memory) close() {
	if m.fd >= 0 {
		_ = unix.Munmap(m.data)
		_ = unix.Close(m.fd)
		m.fd = -1
	}
}

// fill paints pixels of a tight 32-bit image of width w.
func (m *memory) fill(w int32, r geom.Rect, color uint32) {
	for y := r.Y0; y < r.Y1; y++ {
		for x := r.X0; x < r.X1; x++ {
			binary.LittleEndian.PutUint32(m.data[4*(y*w+x):], color)
		}
	}
}

// buffer is an opaque image of one colour in a pool of its own.
func (c *testClient) buffer(w, h int32, color uint32) *client.WlBuffer {
	b, _ := c.bufferIn(w, h, color, false)
	return b
}

func (c *testClient) bufferIn(w, h int32, color uint32, sealed bool) (*client.WlBuffer, *memory) {
	c.t.Helper()
	m := c.memory(int(w*h*4), sealed)
	m.fill(w, geom.XYWH(0, 0, w, h), color)
	pool := c.shm.CreatePool(m.fd, w*h*4)
	b := pool.CreateBuffer(0, w, h, w*4, protocol.WlShmFormatXrgb8888)
	pool.Destroy()
	c.label(b, "buffer")
	return b, m
}

// surface makes a surface with a label.
func (c *testClient) surface(name string) *client.WlSurface {
	s := c.comp.CreateSurface()
	c.label(s, name)
	return s
}

// core returns the server's side of a surface.
func (c *testClient) core(s *client.WlSurface) *surface {
	c.t.Helper()
	for _, o := range c.srv.surfaces {
		if o.res.ID() == s.ID() {
			return o
		}
	}
	c.t.Fatalf("no surface %d", s.ID())
	return nil
}

// window is a toplevel and what its configures said.
type window struct {
	c    *testClient
	surf *client.WlSurface
	xdg  *client.XdgSurface
	top  *client.XdgToplevel
	last uint32 // serial of the last configure
}

// toplevel makes a window that has not committed yet.
func (c *testClient) toplevel(name string) *window {
	w := &window{c: c, surf: c.surface(name)}
	w.xdg = c.wm.GetXdgSurface(w.surf)
	w.top = w.xdg.GetToplevel()
	c.label(w.xdg, name+".xdg")
	c.label(w.top, name+".top")
	w.xdg.OnConfigure = func(serial uint32) { w.last = serial }
	w.top.OnConfigure = func(_, _ int32, states []byte) {
		var names []string
		for i := 0; i+4 <= len(states); i += 4 {
			names = append(names, protocol.XdgToplevelState(binary.NativeEndian.Uint32(states[i:])).String())
		}
		c.note("[%s]", strings.Join(names, " "))
	}
	return w
}

// window maps a window of one colour and forgets the events of that.
func (c *testClient) window(name string, width, height int32, color uint32) *window {
	c.t.Helper()
	w := c.toplevel(name)
	w.surf.Commit()
	c.ok()
	w.ack()
	w.surf.Attach(c.buffer(width, height, color), 0, 0)
	w.surf.Damage(0, 0, width, height)
	w.surf.Commit()
	c.ok()
	c.take()
	return w
}

func (w *window) ack() { w.xdg.AckConfigure(w.last) }

// guest returns the server's side.
func (w *window) guest() *surfaces.GuestSurface { return w.c.core(w.surf).core.Guest }
