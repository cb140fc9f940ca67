package wire_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/wire"
)

// newDisplay returns a client and the server's end, to be driven by bytes.
func newDisplay(t testing.TB) (*client.Display, int) {
	t.Helper()
	a, b := socketpair(t)
	d, err := client.New(a)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		d.Close()
		unix.Close(b)
	})
	return d, b
}

// objects are the ids 2 registry, 3 compositor, 4 surface, 5 seat, 6 keyboard,
// 7 pointer, 8 data device manager, 9 data device.
type objects struct {
	compositor *client.WlCompositor
	surface    *client.WlSurface
	seat       *client.WlSeat
	keyboard   *client.WlKeyboard
	pointer    *client.WlPointer
	device     *client.WlDataDevice
}

func newObjects(t testing.TB, d *client.Display, sock int) *objects {
	t.Helper()
	r := d.GetRegistry()
	o := &objects{
		compositor: client.BindWlCompositor(r, 1, 4),
	}
	o.surface = o.compositor.CreateSurface()
	o.seat = client.BindWlSeat(r, 2, 5)
	o.keyboard = o.seat.GetKeyboard()
	o.pointer = o.seat.GetPointer()
	m := client.BindWlDataDeviceManager(r, 3, 3)
	o.device = m.GetDataDevice(o.seat)
	if o.device.ID() != 9 {
		t.Fatalf("data device is %d; want 9", o.device.ID())
	}
	if err := d.Flush(); err != nil {
		t.Fatal(err)
	}
	receive(t, sock)
	return o
}

// feed lets the client read b in one piece.
func feed(t testing.TB, d *client.Display, sock int, b []byte) error {
	t.Helper()
	if _, err := unix.Write(sock, b); err != nil {
		t.Fatal(err)
	}
	if err := d.Read(); err != nil {
		return err
	}
	_, err := d.DispatchPending()
	return err
}

// TestClientDescriptorOfItsEvent: descriptors belong to the events that name
// them, in whichever read they came.
func TestClientDescriptorOfItsEvent(t *testing.T) {
	d, s := newDisplay(t)
	o := newObjects(t, d, s)
	open := openFDs(t)
	var got []string
	o.keyboard.OnKeymap = func(_ protocol.WlKeyboardKeymapFormat, fd *wire.FD, _ uint32) {
		got = append(got, content(t, fd.Borrow()))
	}
	done := 0
	for range 3 {
		d.Sync().OnDone = func(uint32) { done++ }
	}
	k := func() []byte { return msg(6, 0, 1, 7) }
	a, b, c := memfd(t, "a"), memfd(t, "b"), memfd(t, "c")
	// All at the first byte of callback.done.
	sendFDs(t, s, join(msg(10, 0, 1), k(), msg(11, 0, 1), k(), k(), msg(12, 0, 1)), a, b, c)
	if err := d.Dispatch(); err != nil {
		t.Fatal(err)
	}
	if strings.Join(got, "") != "abc" || done != 3 {
		t.Errorf("keymaps = %q, done %d times", got, done)
	}
	// Without a handler, and to a destroyed object, they are closed.
	o.keyboard.OnKeymap = nil
	sendFDs(t, s, k(), a)
	if err := d.Dispatch(); err != nil {
		t.Fatal(err)
	}
	o.keyboard.Release()
	sendFDs(t, s, join(k(), k()), b, c)
	if err := d.Dispatch(); err != nil {
		t.Fatal(err)
	}
	if n := openFDs(t) - open; n != 3 {
		t.Errorf("%d descriptors leaked", n-3)
	}
	for _, fd := range []int{a, b, c} {
		unix.Close(fd)
	}
}

// TestClientMany28 takes as many descriptors as libwayland attaches at once.
func TestClientMany28(t *testing.T) {
	d, s := newDisplay(t)
	o := newObjects(t, d, s)
	n := 0
	o.keyboard.OnKeymap = func(_ protocol.WlKeyboardKeymapFormat, fd *wire.FD, _ uint32) {
		if content(t, fd.Borrow()) == fmt.Sprint(n) {
			n++
		}
	}
	var fds []int
	var b []byte
	for i := range 28 {
		fds = append(fds, memfd(t, fmt.Sprint(i)))
		b = append(b, msg(6, 0, 1, 7)...)
	}
	sendFDs(t, s, b, fds...)
	for _, fd := range fds {
		unix.Close(fd)
	}
	if err := d.Dispatch(); err != nil || n != 28 {
		t.Errorf("%d keymaps, %v; want 28", n, err)
	}
}

// TestClientSplit: headers and bodies may arrive in any pieces.
func TestClientSplit(t *testing.T) {
	d, s := newDisplay(t)
	o := newObjects(t, d, s)
	var got []string
	o.pointer.OnMotion = func(_ uint32, x, y geom.Fixed) { got = append(got, fmt.Sprint(x.Float(), y.Float())) }
	b := join(msg(7, 2, 1, 0x180, 0x200), msg(7, 2, 1, 0, 0x100))
	for i := range b {
		if err := feed(t, d, s, b[i:i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if strings.Join(got, ";") != "1.5 2;0 1" {
		t.Errorf("motions = %q", got)
	}
}

// TestClientNil: null and destroyed objects arrive as nil.
func TestClientNil(t *testing.T) {
	d, s := newDisplay(t)
	o := newObjects(t, d, s)
	n := 0
	o.device.OnSelection = func(id *client.WlDataOffer) {
		if id == nil {
			n++
		}
	}
	o.keyboard.OnLeave = func(_ uint32, surface *client.WlSurface) {
		if surface == nil {
			n++
		}
	}
	if err := feed(t, d, s, msg(9, 5, 0)); err != nil {
		t.Fatal(err)
	}
	o.surface.Destroy()
	// An event to the zombie, one that names it, and the end of it.
	if err := feed(t, d, s, join(msg(4, 0, 0), msg(6, 2, 1, 4), msg(1, 1, 4))); err != nil {
		t.Fatal(err)
	}
	if n != 2 {
		t.Errorf("%d nil objects; want 2", n)
	}
	if id := o.compositor.CreateSurface().ID(); id != 4 {
		t.Errorf("new surface is %d; want the freed id 4", id)
	}
}

// TestClientEarlyDelete: a server may free an id before the client does.
func TestClientEarlyDelete(t *testing.T) {
	d, s := newDisplay(t)
	o := newObjects(t, d, s)
	if err := feed(t, d, s, msg(1, 1, 4)); err != nil {
		t.Fatal(err)
	}
	if id := o.compositor.CreateSurface().ID(); id == 4 || !o.surface.Alive() {
		t.Errorf("new surface is %d while 4 is in use", id)
	}
	o.surface.Destroy()
	if id := o.compositor.CreateSurface().ID(); id != 4 {
		t.Errorf("new surface is %d; want the freed id 4", id)
	}
}

// TestClientRecycling gives a recycled callback no memory of its last life.
func TestClientRecycling(t *testing.T) {
	p := newPair(t)
	n := 0
	first := p.d.Sync()
	first.OnDone = func(uint32) { n++ }
	p.serve()
	second := p.d.Sync()
	p.serve()
	if first != second || n != 1 {
		t.Errorf("recycled = %t, done called %d times", first == second, n)
	}
}

// TestClientNullString: text-input events may carry null.
func TestClientNullString(t *testing.T) {
	d, s := newDisplay(t)
	r := d.GetRegistry()
	m := client.BindZwpTextInputManagerV3(r, 1, 1)
	ti := m.GetTextInput(client.BindWlSeat(r, 2, 1))
	texts := []string{}
	ti.OnCommitString = func(text *string) {
		if text == nil {
			texts = append(texts, "nil")
			return
		}
		texts = append(texts, *text)
	}
	if err := feed(t, d, s, join(msg(ti.ID(), 3, null{}), msg(ti.ID(), 3, "é"))); err != nil {
		t.Fatal(err)
	}
	if strings.Join(texts, " ") != "nil é" {
		t.Errorf("texts = %q", texts)
	}
}

// TestClientServerObjects: ids from 0xff000000, reused by the server.
func TestClientServerObjects(t *testing.T) {
	d, s := newDisplay(t)
	o := newObjects(t, d, s)
	const id = uint32(0xff000000)
	var offer *client.WlDataOffer
	var mimes []string
	o.device.OnDataOffer = func(n *client.WlDataOffer) {
		offer = n
		n.OnOffer = func(m string) { mimes = append(mimes, m) }
	}
	var selected *client.WlDataOffer
	o.device.OnSelection = func(n *client.WlDataOffer) { selected = n }
	if err := feed(t, d, s, join(msg(9, 0, id), msg(id, 0, "text/plain"), msg(9, 5, id))); err != nil {
		t.Fatal(err)
	}
	if selected == nil || selected != offer || strings.Join(mimes, " ") != "text/plain" {
		t.Fatalf("selection = %p, offer = %p, %q", selected, offer, mimes)
	}
	offer.Destroy()
	// An event under way to the old one, then a new one with its id.
	if err := feed(t, d, s, join(msg(id, 0, "late"), msg(9, 0, id), msg(id, 0, "image/png"))); err != nil {
		t.Fatal(err)
	}
	if strings.Join(mimes, " ") != "text/plain image/png" {
		t.Errorf("mime types = %q", mimes)
	}
	// Nobody listens: destroyed at once. The device is gone: a zombie.
	receive(t, s)
	o.device.OnDataOffer = nil
	if err := feed(t, d, s, join(msg(9, 0, id+1))); err != nil {
		t.Fatal(err)
	}
	if err := d.Flush(); err != nil {
		t.Fatal(err)
	}
	if got, want := string(receive(t, s)), string(join(msg(id, 2), msg(id+1, 2))); got != want {
		t.Errorf("requests = % x; want % x", got, want)
	}
	o.device.Release()
	if err := feed(t, d, s, join(msg(9, 0, id+2), msg(id+2, 0, "x"), msg(9, 5, id+2))); err != nil {
		t.Errorf("events to a released device: %v", err)
	}
}

// TestClientFaults: a hostile server gives a sticky error, never a panic.
func TestClientFaults(t *testing.T) {
	for _, tt := range []struct {
		name string
		in   []byte
	}{
		{"size 0", []byte{4, 0, 0, 0, 0, 0, 0, 0}},
		{"size not aligned", []byte{4, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0}},
		{"short body", msg(7, 2, 1)},
		{"long body", msg(7, 2, 1, 2, 3, 4)},
		{"unknown opcode", msg(7, 90)},
		{"unknown object", msg(90, 0)},
		{"unknown object argument", msg(4, 0, 90)},
		{"object of another interface", msg(4, 0, 6)},
		{"null where not allowed", msg(4, 0, 0)},
		{"descriptor missing", msg(6, 0, 1, 7)},
		{"new id of the client", msg(9, 0, 50)},
		{"new id far ahead", msg(9, 0, uint32(0xff000100))},
		{"string not terminated", msg(2, 0, 1, raw("\x04\x00\x00\x00abcd"), 1)},
		{"array too long", msg(6, 1, 1, 4, raw("\xff\xff\xff\x7f"))},
		{"delete_id unknown", msg(1, 1, 90)},
		{"delete_id null", msg(1, 1, 0)},
		{"error", msg(1, 0, 4, 2, "no")},
		{"error cut", msg(1, 0, 4)},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d, s := newDisplay(t)
			o := newObjects(t, d, s)
			n := 0
			o.pointer.OnMotion = func(uint32, geom.Fixed, geom.Fixed) { n++ }
			err := feed(t, d, s, join(tt.in, msg(7, 2, 1, 2, 3)))
			if err == nil || n != 0 {
				t.Fatalf("error = %v, events after it = %d", err, n)
			}
			// Everything after it is quiet.
			o.surface.Commit()
			o.surface.Frame().OnDone = func(uint32) {}
			o.compositor.CreateSurface().Destroy()
			for _, again := range []error{d.Err(), d.Flush(), d.Dispatch(), d.Roundtrip(), d.Read()} {
				if !errors.Is(again, err) {
					t.Errorf("error is not sticky: %v", again)
				}
			}
		})
	}
}

// TestClientProtocolError keeps what the server said, even if it closed the
// socket before the client wrote.
func TestClientProtocolError(t *testing.T) {
	a, b := socketpair(t)
	d, err := client.New(a)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	c := client.BindWlCompositor(d.GetRegistry(), 1, 1)
	if _, err := unix.Write(b, msg(1, 0, c.ID(), 3, "why")); err != nil {
		t.Fatal(err)
	}
	unix.Close(b)
	_ = d.Flush()
	err = d.Roundtrip()
	var pe *wire.ProtocolError
	if !errors.As(err, &pe) || pe.Error() != "wl_compositor@3: error 3: why" {
		t.Errorf("error = %v", err)
	}
}

func TestClientServerClosed(t *testing.T) {
	a, b := socketpair(t)
	d, err := client.New(a)
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	unix.Close(b)
	if err := d.Roundtrip(); !errors.Is(err, wire.ErrServerClosed) {
		t.Errorf("error = %v; want ErrServerClosed", err)
	}
}

// TestClientRequests pins the bytes of requests with awkward arguments.
func TestClientRequests(t *testing.T) {
	d, s := newDisplay(t)
	o := newObjects(t, d, s)
	check := func(want []byte) {
		t.Helper()
		if err := d.Flush(); err != nil {
			t.Fatal(err)
		}
		if got := receive(t, s); string(got) != string(want) {
			t.Errorf("requests = % x; want % x", got, want)
		}
	}
	o.surface.Attach(nil, -1, 2)
	check([]byte{4, 0, 0, 0, 1, 0, 20, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 2, 0, 0, 0})
	client.BindWlShm(d.GetRegistry(), 7, 1)
	check([]byte{
		1, 0, 0, 0, 1, 0, 12, 0, 10, 0, 0, 0,
		10, 0, 0, 0, 0, 0, 32, 0, 7, 0, 0, 0, 7, 0, 0, 0, 'w', 'l', '_', 's', 'h', 'm', 0, 0, 1, 0, 0, 0, 11, 0, 0, 0,
	})
	const id = uint32(0xff000000)
	o.device.OnDataOffer = func(n *client.WlDataOffer) { n.Accept(5, nil) }
	if err := feed(t, d, s, msg(9, 0, id)); err != nil {
		t.Fatal(err)
	}
	check(msg(id, 0, 5, null{}))
}

// TestClientMisuse fails the connection as the server would, with a reason.
func TestClientMisuse(t *testing.T) {
	for _, tt := range []struct {
		name string
		do   func(*objects)
		want string
	}{
		{"too new", func(o *objects) { o.surface.Offset(1, 1) }, "wl_surface@4.offset needs version 5, object has 4"},
		{"null object", func(o *objects) { o.pointer.SetCursor(1, o.surface, 0, 0); o.device.StartDrag(nil, nil, nil, 0) }, "null object"},
		{"too long", longRequest, "message too long"},
		{"destroyed buffer", func(o *objects) {
			x := o.compositor.CreateSurface()
			x.Destroy()
			o.pointer.SetCursor(1, x, 0, 0)
		}, "no longer exists"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			d, s := newDisplay(t)
			tt.do(newObjects(t, d, s))
			if err := d.Err(); err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error = %v; want %q", err, tt.want)
			}
		})
	}
}

func longRequest(o *objects) {
	d := new(client.WlDataOffer)
	d.Accept(1, nil) // never lived: nothing happens
	o.device.Client().Adopt(d, &protocol.WlDataOfferInterface, 0xff000000, 3)
	d.Receive(strings.Repeat("x", 70_000), 0)
}

// TestClientDo wakes a blocked dispatch from another goroutine.
func TestClientDo(t *testing.T) {
	d, _ := newDisplay(t)
	ran := false
	go d.Do(func() { ran = true })
	for !ran {
		if err := d.Dispatch(); err != nil {
			t.Fatal(err)
		}
	}
}

// TestClientBackpressure buffers while the server does not read, up to a limit.
func TestClientBackpressure(t *testing.T) {
	a, b := socketpair(t)
	defer unix.Close(b)
	d, err := client.NewWithOptions(a, wire.ClientOptions{OutputLimit: 1 << 20})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	s := client.BindWlCompositor(d.GetRegistry(), 1, 1).CreateSurface()
	n := 0
	for d.Err() == nil && n < 1<<20 {
		s.Damage(0, 0, 1, 1)
		n++
	}
	if d.Err() == nil || n*24 < 1<<20 {
		t.Errorf("error = %v after %d requests", d.Err(), n)
	}
}

// TestConnect finds the socket in every way it can be named.
func TestConnect(t *testing.T) {
	dir := t.TempDir()
	l, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(l)
	path := dir + "/wayland-7"
	if err := unix.Bind(l, &unix.SockaddrUnix{Name: path}); err != nil {
		t.Fatal(err)
	}
	if err := unix.Listen(l, 8); err != nil {
		t.Fatal(err)
	}
	ok := func(name string) {
		t.Helper()
		d, err := client.Connect(name)
		if err != nil {
			t.Fatal(err)
		}
		d.Close()
	}
	t.Setenv("XDG_RUNTIME_DIR", dir)
	t.Setenv("WAYLAND_DISPLAY", "wayland-7")
	ok("")
	ok("wayland-7")
	t.Setenv("XDG_RUNTIME_DIR", "/nowhere")
	t.Setenv("WAYLAND_DISPLAY", path)
	ok("")
	ok(path)
	if _, err := client.Connect("wayland-7"); err == nil {
		t.Error("connected to nothing")
	}
	a, b := socketpair(t)
	defer unix.Close(b)
	t.Setenv("WAYLAND_SOCKET", fmt.Sprint(a))
	ok("")
	ok("") // once only: now by WAYLAND_DISPLAY
	t.Setenv("WAYLAND_SOCKET", "x")
	if _, err := client.Connect(""); err == nil {
		t.Error("connected to WAYLAND_SOCKET=x")
	}
}
