package wire_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"rayos/surfaces/protocol/server"
	"rayos/surfaces/wire"
)

func TestSyncBytes(t *testing.T) {
	c, _, fd := newRoom(t, wire.Options{})
	// Written by hand: wl_display@1.sync(2).
	if err := turn(t, c, fd, []byte{1, 0, 0, 0, 0, 0, 12, 0, 2, 0, 0, 0}); err != nil {
		t.Fatal(err)
	}
	want := []byte{
		2, 0, 0, 0, 0, 0, 12, 0, 7, 0, 0, 0, // wl_callback@2.done(7)
		1, 0, 0, 0, 1, 0, 12, 0, 2, 0, 0, 0, // wl_display@1.delete_id(2)
	}
	if got := receive(t, fd); !bytes.Equal(got, want) {
		t.Errorf("events = % x; want % x", got, want)
	}
}

func TestEventBytes(t *testing.T) {
	c, _, fd := newRoom(t, wire.Options{})
	r := server.NewWlRegistry(c, 2, 1)
	r.SendGlobal(9, "wl_shm", 2)
	if err := c.Flush(); err != nil {
		t.Fatal(err)
	}
	want := []byte{
		2, 0, 0, 0, 0, 0, 28, 0, 9, 0, 0, 0,
		7, 0, 0, 0, 'w', 'l', '_', 's', 'h', 'm', 0, 0, 2, 0, 0, 0,
	}
	if got := receive(t, fd); !bytes.Equal(got, want) {
		t.Errorf("events = % x; want % x", got, want)
	}
	p := server.NewWlPointer(c, 3, 5)
	p.SendMotion(1, 0x180, -0x80) // 1.5, -0.5
	p.SendAxisValue120(0, 120)    // since 8: skipped
	if err := c.Flush(); err != nil {
		t.Fatal(err)
	}
	want = []byte{3, 0, 0, 0, 2, 0, 20, 0, 1, 0, 0, 0, 0x80, 1, 0, 0, 0x80, 0xff, 0xff, 0xff}
	if got := receive(t, fd); !bytes.Equal(got, want) {
		t.Errorf("events = % x; want % x", got, want)
	}
}

// TestFaults sends one fault each to a client with a surface (4).
func TestFaults(t *testing.T) {
	for _, tt := range []struct {
		name   string
		in     []byte
		object uint32
		code   uint32
	}{
		{"unknown object", msg(99, 0), 1, 0},
		{"null target", msg(0, 0), 1, 0},
		{"server id", msg(0xff000000, 0), 1, 0},
		{"unknown opcode", msg(4, 60), 1, 1},
		{"opcode of a newer version", msg(4, 10, 0, 0), 1, 1}, // offset is since 5
		{"size 0", []byte{4, 0, 0, 0, 6, 0, 0, 0}, 1, 1},
		{"size 4", []byte{4, 0, 0, 0, 6, 0, 4, 0}, 1, 1},
		{"size not aligned", []byte{4, 0, 0, 0, 6, 0, 10, 0, 0, 0}, 1, 1},
		{"size over 4096", []byte{4, 0, 0, 0, 6, 0, 4, 16}, 1, 1},
		{"too short", msg(4, 2, 1, 2, 3), 1, 1},
		{"too long", msg(4, 6, 1), 1, 1},
		{"unknown object argument", msg(4, 1, 99, 0, 0), 1, 1},
		{"argument of another interface", msg(4, 1, 3, 0, 0), 1, 1},
		{"server id argument", msg(4, 1, uint32(0xff000003), 0, 0), 1, 1},
		{"new id in use", msg(3, 0, 4), 1, 1},
		{"new id null", msg(3, 0, 0), 1, 1},
		{"new id far ahead", msg(3, 0, 700), 1, 1},
		{"new id of the server", msg(3, 0, uint32(0xff000000)), 1, 1},
		{"string not terminated", msg(2, 0, 1, raw("\x04\x00\x00\x00abcd"), 1, 6), 1, 1},
		{"string null", msg(2, 0, 1, null{}, 1, 6), 1, 1},
		{"string too long", msg(2, 0, 1, raw("\xff\xff\xff\xffabcd"), 1, 6), 1, 1},
		{"string length wraps", msg(2, 0, 1, raw("\xfd\xff\xff\xffabcd"), 1, 6), 1, 1},
		{"descriptor missing", msg(5, 0, 6, 100), 1, 1},
		{"error of an interface", msg(4, 8, 0), 4, 0},
		{"enum value", msg(4, 7, 8), 4, 1},
		{"double destroy", join(msg(4, 0), msg(4, 0)), 1, 0},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c, m, fd := newRoom(t, wire.Options{})
			if err := turn(t, c, fd, bind); err != nil {
				t.Fatal(err)
			}
			m.calls = nil
			err := turn(t, c, fd, join(tt.in, msg(4, 4, 0)))
			var pe *wire.ProtocolError
			if !errors.As(err, &pe) || pe.Object != tt.object && tt.object != 1 || pe.Code != tt.code {
				t.Fatalf("error = %v; want code %d of object %d", err, tt.code, tt.object)
			}
			if !c.Dead() || len(m.calls) > 0 && m.calls[len(m.calls)-1] == "opaque" {
				t.Errorf("dispatched after the error: %q", m.calls)
			}
			got := receive(t, fd)
			if i := bytes.Index(got, msg(1, 0, tt.object, tt.code, pe.Message)); i < 0 {
				t.Errorf("events = % x; want wl_display.error(%d, %d, %q)", got, tt.object, tt.code, pe.Message)
			}
		})
	}
}

// TestSplitAnywhere feeds a stream byte by byte: only complete messages run.
func TestSplitAnywhere(t *testing.T) {
	c, m, fd := newRoom(t, wire.Options{})
	in := join(bind, msg(4, 7, 3), msg(4, 1, 0, 0, 0))
	for i := range in {
		if err := turn(t, c, fd, in[i:i+1]); err != nil {
			t.Fatalf("byte %d: %v", i, err)
		}
	}
	if got := strings.Join(m.calls, ", "); got != "transform 270, attach nil" {
		t.Errorf("calls = %s", got)
	}
}

// TestPaddedString accepts the string lengths of clients that count padding.
func TestPaddedString(t *testing.T) {
	c, _, fd := newRoom(t, wire.Options{})
	padded := raw("\x08\x00\x00\x00wl_shm\x00\x00")
	if err := turn(t, c, fd, join(msg(1, 1, 2), msg(2, 0, 1, padded, 1, 3))); err != nil {
		t.Fatal(err)
	}
	if _, ok := c.Object(3).(*server.WlShm); !ok {
		t.Errorf("object 3 = %T; want *server.WlShm", c.Object(3))
	}
}

func TestDestroy(t *testing.T) {
	c, m, fd := newRoom(t, wire.Options{})
	if err := turn(t, c, fd, join(bind, msg(4, 0))); err != nil {
		t.Fatal(err)
	}
	if want := msg(1, 1, 4); !bytes.Equal(receive(t, fd), want) {
		t.Error("no delete_id(4)")
	}
	if m.ended != 1 || m.surface.Alive() {
		t.Errorf("ended = %d, alive = %t; want 1, false", m.ended, m.surface.Alive())
	}
	m.surface.SendPreferredBufferScale(2)
	(*server.WlSurface)(nil).SendPreferredBufferScale(2)
	if c.Pending() {
		t.Error("an event was sent to a dead object")
	}
	// The id is free again.
	if err := turn(t, c, fd, msg(3, 0, 4)); err != nil {
		t.Fatal(err)
	}
	c.Close()
	c.Close()
	if m.ended != 2 {
		t.Errorf("ended = %d after close; want 2", m.ended)
	}
}

// TestPanic ends only the client whose handler panicked.
func TestPanic(t *testing.T) {
	c, m, fd := newRoom(t, wire.Options{})
	c2, _, fd2 := newRoom(t, wire.Options{})
	if err := turn(t, c, fd, bind); err != nil {
		t.Fatal(err)
	}
	m.panic = true
	var pe *wire.ProtocolError
	if err := turn(t, c, fd, join(msg(4, 2, 0, 0, 1, 1), msg(4, 6))); err == nil && !errors.As(c.Err(), &pe) {
		t.Errorf("no error after a panic")
	}
	if !errors.As(c.Err(), &pe) || pe.Code != wire.ErrorImplementation {
		t.Errorf("error = %v; want implementation", c.Err())
	}
	if err := turn(t, c2, fd2, bind); err != nil {
		t.Errorf("another client: %v", err)
	}
}

// TestRecycling reuses callbacks, and a stale pointer does no harm.
func TestRecycling(t *testing.T) {
	c, m, fd := newRoom(t, wire.Options{})
	if err := turn(t, c, fd, join(bind, msg(4, 3, 6))); err != nil {
		t.Fatal(err)
	}
	first := m.callbacks[0]
	first.Handler = m
	first.SendDone(1)
	first.SendDone(2)
	if err := turn(t, c, fd, msg(4, 3, 6)); err != nil {
		t.Fatal(err)
	}
	if want := join(msg(6, 0, 1), msg(1, 1, 6)); !bytes.Equal(receive(t, fd), want) {
		t.Error("done was not sent exactly once")
	}
	if m.callbacks[1] != first || !first.Alive() || first.Handler != nil {
		t.Error("the callback was not recycled")
	}
	c.Close()
	first.SendDone(3)
}

// TestServerIDs are given in order and reused after the client's destructor,
// which is not answered by delete_id.
func TestServerIDs(t *testing.T) {
	c, _, fd := newRoom(t, wire.Options{})
	d := server.NewWlDataDevice(c, 2, 3)
	a, b := d.SendDataOffer(), d.SendDataOffer()
	if a.ID() != 0xff000000 || b.ID() != 0xff000001 || a.Version() != 3 {
		t.Errorf("offers = %#x, %#x, version %d", a.ID(), b.ID(), a.Version())
	}
	if err := c.Flush(); err != nil {
		t.Fatal(err)
	}
	if want := join(msg(2, 0, a.ID()), msg(2, 0, b.ID())); !bytes.Equal(receive(t, fd), want) {
		t.Error("wrong data_offer events")
	}
	if err := turn(t, c, fd, msg(a.ID(), 2)); err != nil { // destroy
		t.Fatal(err)
	}
	if got := receive(t, fd); len(got) != 0 {
		t.Errorf("events = % x; want none", got)
	}
	if n := d.SendDataOffer(); n.ID() != 0xff000000 || a.Alive() {
		t.Errorf("offer = %#x; want the freed id", n.ID())
	}
}

// TestBadEventArguments drops the event as a whole.
func TestBadEventArguments(t *testing.T) {
	c, _, fd := newRoom(t, wire.Options{})
	other, _, _ := newRoom(t, wire.Options{})
	k := server.NewWlKeyboard(c, 2, 1)
	s := server.NewWlSurface(c, 3, 1)
	foreign := server.NewWlSurface(other, 2, 1)
	k.SendLeave(1, nil)
	k.SendLeave(1, foreign)
	k.SendEnter(1, s, make([]byte, 5000))
	c.End(s)
	k.SendLeave(1, s)
	server.NewWlDataDevice(c, 3, 1).SendSelection(nil)
	if err := c.Flush(); err != nil {
		t.Fatal(err)
	}
	if got, want := receive(t, fd), join(msg(1, 1, 3), msg(3, 5, 0)); !bytes.Equal(got, want) {
		t.Errorf("events = % x; want % x", got, want)
	}
}

// TestLastWords dispatches what came before the end of the stream.
func TestLastWords(t *testing.T) {
	c, m, fd := newRoom(t, wire.Options{})
	if _, err := unix.Write(fd, join(bind, msg(4, 1, 0, 0, 0))); err != nil {
		t.Fatal(err)
	}
	if err := unix.Shutdown(fd, unix.SHUT_WR); err != nil {
		t.Fatal(err)
	}
	for {
		closed, err := c.Read()
		if err != nil {
			t.Fatal(err)
		}
		_ = c.Dispatch()
		if closed {
			break
		}
	}
	if len(m.calls) != 1 {
		t.Errorf("calls = %q; want attach nil", m.calls)
	}
}

func TestTrace(t *testing.T) {
	var lines []string
	c, _, fd := newRoom(t, wire.Options{Trace: func(l string) { lines = append(lines, l) }})
	in := join(bind, msg(4, 3, 6), msg(1, 0, 7), msg(2, 0, 1, raw("\xff\xff\xff\xff")))
	_ = turn(t, c, fd, in)
	want := []string{
		"wl_display@1.get_registry(new id wl_registry@2)",
		`wl_registry@2.bind(1, "wl_compositor", 4, new id wl_compositor@3)`,
		"wl_compositor@3.create_surface(new id wl_surface@4)",
		`wl_registry@2.bind(2, "wl_shm", 1, new id wl_shm@5)`,
		"wl_surface@4.frame(new id wl_callback@6)",
		"wl_display@1.sync(new id wl_callback@7)",
		" -> wl_callback@7.done(7)",
		" -> wl_display@1.delete_id(7)",
		"wl_registry@2.bind(1, ...)",
		` -> wl_display@1.error(wl_display@1, 1, "invalid arguments for wl_registry@2.bind: string or array longer than its message")`,
	}
	if got := strings.Join(lines, "\n"); got != strings.Join(want, "\n") {
		t.Errorf("trace:\n%s\nwant:\n%s", got, strings.Join(want, "\n"))
	}
}

// TestInert: an object without a handler is checked, ignored, and can end.
func TestInert(t *testing.T) {
	c, m, fd := newRoom(t, wire.Options{})
	if err := turn(t, c, fd, bind); err != nil {
		t.Fatal(err)
	}
	m.surface.Handler = nil
	if err := turn(t, c, fd, join(msg(4, 1, 0, 0, 0), msg(4, 3, 6), msg(4, 0))); err != nil {
		t.Fatal(err)
	}
	if m.surface.Alive() || len(m.calls) != 0 || c.Object(6) == nil {
		t.Errorf("alive = %t, calls = %q, callback = %v", m.surface.Alive(), m.calls, c.Object(6))
	}
	if err := turn(t, c, fd, msg(3, 0, 4)); err != nil {
		t.Fatal(err)
	}
	m.surface.Handler = nil
	if err := turn(t, c, fd, msg(4, 1, 99, 0, 0)); err == nil {
		t.Error("an inert object took a wrong argument")
	}
}

// closer closes its connection when its surface ends, or panics.
type closer struct {
	surfaceH
	end func()
}

func (h closer) Destroy(*server.WlSurface) { h.end() }
func (h closer) ResourceDestroyed()        { h.surfaceH.ResourceDestroyed() }

// TestCloseInside closes the connection from a handler, with messages behind.
func TestCloseInside(t *testing.T) {
	c, m, fd := newRoom(t, wire.Options{})
	if err := turn(t, c, fd, bind); err != nil {
		t.Fatal(err)
	}
	m.surface.Handler = closer{surfaceH{m}, c.Close}
	if _, err := unix.Write(fd, join(msg(4, 0), msg(4, 1, 0, 0, 0))); err != nil {
		t.Fatal(err)
	}
	if _, err := c.Read(); err != nil {
		t.Fatal(err)
	}
	if err := c.Dispatch(); err == nil {
		t.Error("Dispatch gave no error after Close")
	}
	if m.ended != 1 || len(m.calls) != 0 || c.FD() != -1 || c.Flush() != nil {
		t.Errorf("ended = %d, calls = %q", m.ended, m.calls)
	}
}

type badEnd struct{ surfaceH }

func (h badEnd) ResourceDestroyed() {
	h.ended++
	panic("test")
}

// TestPanicInHook does not keep other hooks from running.
func TestPanicInHook(t *testing.T) {
	c, m, fd := newRoom(t, wire.Options{})
	if err := turn(t, c, fd, bind); err != nil {
		t.Fatal(err)
	}
	m.surface.Handler = badEnd{surfaceH{m}}
	if err := turn(t, c, fd, msg(3, 0, 6)); err != nil {
		t.Fatal(err)
	}
	c.Close()
	if m.ended != 2 {
		t.Errorf("%d hooks ran; want 2", m.ended)
	}
}
