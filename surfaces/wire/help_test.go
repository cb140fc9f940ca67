package wire_test

import (
	"encoding/binary"
	"errors"
	"log/slog"
	"os"
	"testing"

	"golang.org/x/sys/unix"

	"rayos/surfaces/protocol/server"
	"rayos/surfaces/wire"
)

// null is a null string argument.
type null struct{}

// raw is put into a message as it is.
type raw []byte

// msg encodes one message, independently of the code under test.
func msg(id uint32, op uint16, args ...any) []byte {
	var b []byte
	for _, a := range args {
		switch a := a.(type) {
		case int:
			b = binary.LittleEndian.AppendUint32(b, uint32(a))
		case uint32:
			b = binary.LittleEndian.AppendUint32(b, a)
		case string:
			b = binary.LittleEndian.AppendUint32(b, uint32(len(a)+1))
			b = append(b, a...)
			b = append(b, 0)
		case []byte:
			b = binary.LittleEndian.AppendUint32(b, uint32(len(a)))
			b = append(b, a...)
		case null:
			b = append(b, 0, 0, 0, 0)
		case raw:
			b = append(b, a...)
		}
		for len(b)%4 != 0 {
			b = append(b, 0)
		}
	}
	h := binary.LittleEndian.AppendUint32(nil, id)
	h = binary.LittleEndian.AppendUint32(h, uint32(8+len(b))<<16|uint32(op))
	return append(h, b...)
}

func join(parts ...[]byte) []byte {
	var b []byte
	for _, p := range parts {
		b = append(b, p...)
	}
	return b
}

func socketpair(t testing.TB) (int, int) {
	t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	return fds[0], fds[1]
}

// sendFDs writes b with descriptors attached to its first byte.
func sendFDs(t testing.TB, sock int, b []byte, fds ...int) {
	t.Helper()
	if err := unix.Sendmsg(sock, b, unix.UnixRights(fds...), nil, 0); err != nil {
		t.Fatal(err)
	}
}

// memfd returns a descriptor whose content is text.
func memfd(t testing.TB, text string) int {
	t.Helper()
	fd, err := unix.MemfdCreate("test", unix.MFD_CLOEXEC)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := unix.Pwrite(fd, []byte(text), 0); err != nil {
		t.Fatal(err)
	}
	return fd
}

// content reads what memfd wrote, without moving the shared offset.
func content(t testing.TB, fd int) string {
	t.Helper()
	b := make([]byte, 64)
	n, err := unix.Pread(fd, b, 0)
	if err != nil {
		t.Fatalf("pread %d: %v", fd, err)
	}
	return string(b[:n])
}

// openFDs counts the descriptors of this process.
func openFDs(t testing.TB) int {
	t.Helper()
	d, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Fatal(err)
	}
	return len(d)
}

// room is a small server: registry binding, compositor, surfaces, shm pools.
// It counts what reaches it.
type room struct {
	calls     []string
	surface   *server.WlSurface
	keyboard  *server.WlKeyboard
	device    *server.WlDataDevice
	callbacks []*server.WlCallback
	ended     int
	pool      func(fd *wire.FD)
	panic     bool
	globals   []string
}

func (m *room) call(s string) { m.calls = append(m.calls, s) }

type (
	displayH    struct{ *room }
	registryH   struct{ *room }
	compositorH struct{ *room }
	surfaceH    struct{ *room }
	shmH        struct{ *room }
	seatH       struct{ *room }
	managerH    struct{ *room }
)

func (h displayH) Sync(_ *server.WlDisplay, callback *server.WlCallback) { callback.SendDone(7) }

func (h displayH) GetRegistry(_ *server.WlDisplay, registry *server.WlRegistry) {
	registry.Handler = registryH(h)
	for i, g := range h.globals {
		registry.SendGlobal(uint32(i), g, 4)
	}
}

func (h registryH) Bind(r *server.WlRegistry, name uint32, iface string, version, id uint32) {
	c := r.Conn()
	switch iface {
	case "wl_compositor":
		server.NewWlCompositor(c, id, version).Handler = compositorH(h)
	case "wl_shm":
		server.NewWlShm(c, id, version).Handler = shmH(h)
	case "wl_seat":
		server.NewWlSeat(c, id, version).Handler = seatH(h)
	case "wl_data_device_manager":
		server.NewWlDataDeviceManager(c, id, version).Handler = managerH(h)
	case "wl_output":
		o := server.NewWlOutput(c, id, version)
		o.SendMode(3, 1280, 720, 60000)
		o.SendName("TEST-1")
		o.SendDone()
	}
}

func (h compositorH) CreateSurface(_ *server.WlCompositor, id *server.WlSurface) {
	id.Handler = surfaceH(h)
	h.surface = id
}

func (h compositorH) CreateRegion(*server.WlCompositor, *server.WlRegion) {}

func (h shmH) CreatePool(_ *server.WlShm, _ *server.WlShmPool, fd *wire.FD, _ int32) {
	h.call("create_pool")
	if h.pool != nil {
		h.pool(fd)
	}
}

func (h shmH) Release(*server.WlShm) {}

func (h seatH) GetPointer(*server.WlSeat, *server.WlPointer)       {}
func (h seatH) GetTouch(*server.WlSeat, *server.WlTouch)           {}
func (h seatH) Release(*server.WlSeat)                             {}
func (h seatH) GetKeyboard(_ *server.WlSeat, k *server.WlKeyboard) { h.keyboard = k }

func (h managerH) CreateDataSource(*server.WlDataDeviceManager, *server.WlDataSource) {}

func (h managerH) GetDataDevice(_ *server.WlDataDeviceManager, d *server.WlDataDevice, _ *server.WlSeat) {
	h.device = d
}

// newRoom returns a server connection to a room, and the client's end.
func newRoom(t testing.TB, opts wire.Options) (*wire.Conn, *room, int) {
	t.Helper()
	if opts.Log == nil {
		opts.Log = slog.New(slog.DiscardHandler)
	}
	a, b := socketpair(t)
	c, err := wire.NewConn(a, opts)
	if err != nil {
		t.Fatal(err)
	}
	m := &room{}
	server.NewWlDisplay(c, 1, 1).Handler = displayH{m}
	t.Cleanup(func() {
		c.Close()
		unix.Close(b)
	})
	return c, m, b
}

// bind makes registry 2, compositor 3, surface 4 and shm 5.
var bind = join(
	msg(1, 1, 2),
	msg(2, 0, 1, "wl_compositor", 4, 3),
	msg(3, 0, 4),
	msg(2, 0, 2, "wl_shm", 1, 5),
)

// turn writes b and lets the server handle it.
func turn(t testing.TB, c *wire.Conn, sock int, b []byte) error {
	t.Helper()
	for len(b) > 0 {
		n := min(len(b), 32<<10)
		if _, err := unix.Write(sock, b[:n]); err != nil {
			t.Fatal(err)
		}
		b = b[n:]
		if closed, err := c.Read(); closed || err != nil {
			return err
		}
		if err := c.Dispatch(); err != nil {
			return errors.Join(err, c.Flush())
		}
	}
	return c.Flush()
}

// receive returns what the server sent.
func receive(t testing.TB, sock int) []byte {
	t.Helper()
	b := make([]byte, 1<<16)
	n, _, err := unix.Recvfrom(sock, b, unix.MSG_DONTWAIT)
	if err != nil && err != unix.EAGAIN {
		t.Fatal(err)
	}
	return b[:max(n, 0)]
}
