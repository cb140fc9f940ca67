package wire_test

import (
	"bytes"
	"testing"

	"golang.org/x/sys/unix"

	"rayos/surfaces/protocol/server"
	"rayos/surfaces/wire"
)

// displayHandler answers sync at once.
type displayHandler struct{}

func (displayHandler) Sync(_ *server.WlDisplay, callback *server.WlCallback) { callback.SendDone(7) }
func (displayHandler) GetRegistry(_ *server.WlDisplay, _ *server.WlRegistry) {}

// newConn returns a server connection with a wl_display, and the client's end.
func newConn(t testing.TB, opts wire.Options) (*wire.Conn, int) {
	t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	c, err := wire.NewConn(fds[0], opts)
	if err != nil {
		t.Fatal(err)
	}
	d := server.NewWlDisplay(c, 1, 1)
	d.Handler = displayHandler{}
	t.Cleanup(func() {
		c.Close()
		unix.Close(fds[1])
	})
	return c, fds[1]
}

func write(t testing.TB, fd int, b []byte) {
	t.Helper()
	if n, err := unix.Write(fd, b); n != len(b) || err != nil {
		t.Fatalf("write = %d, %v", n, err)
	}
}

func turn(t testing.TB, c *wire.Conn) {
	t.Helper()
	if closed, err := c.Read(); closed || err != nil {
		t.Fatalf("Read = %t, %v", closed, err)
	}
	c.Dispatch()
	if err := c.Flush(); err != nil {
		t.Fatalf("Flush: %v", err)
	}
}

func read(t testing.TB, fd int) []byte {
	t.Helper()
	b := make([]byte, 4096)
	n, err := unix.Read(fd, b)
	if err != nil {
		t.Fatal(err)
	}
	return b[:n]
}

func TestSyncBytes(t *testing.T) {
	c, fd := newConn(t, wire.Options{})
	write(t, fd, []byte{1, 0, 0, 0, 0, 0, 12, 0, 2, 0, 0, 0})
	turn(t, c)
	want := []byte{
		2, 0, 0, 0, 0, 0, 12, 0, 7, 0, 0, 0, // wl_callback@2.done(7)
		1, 0, 0, 0, 1, 0, 12, 0, 2, 0, 0, 0, // wl_display@1.delete_id(2)
	}
	if got := read(t, fd); !bytes.Equal(got, want) {
		t.Errorf("events = % x; want % x", got, want)
	}
}
