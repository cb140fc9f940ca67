package rawclient

import (
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"slices"
	"sync"
	"testing"

	"golang.org/x/sys/unix"
)

// server is the other end of a Conn in tests: just enough of a compositor. It
// notes every request as "interface.opcode".
type server struct {
	conn  *net.UnixConn
	kinds map[uint32]string
	out   []byte
	serve func(s *server, kind string, id uint32, opcode uint16, body args) bool // true: handled

	mu  sync.Mutex
	log []string
}

// dialServer returns a connected client. Serve may be nil.
func dialServer(t testing.TB, serve func(s *server, kind string, id uint32, opcode uint16, body args) bool) (*Conn, *server) {
	t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(fds[0])
	if err != nil {
		t.Fatal(err)
	}
	f := os.NewFile(uintptr(fds[1]), "server")
	nc, err := net.FileConn(f)
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	s := &server{conn: nc.(*net.UnixConn), kinds: map[uint32]string{displayID: "wl_display"}, serve: serve}
	done := make(chan error, 1)
	go func() { done <- s.run() }()
	t.Cleanup(func() {
		if err := c.Close(); err != nil {
			t.Error(err)
		}
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
	return c, s
}

func (s *server) run() error {
	defer s.conn.Close() // the client is gone already
	var head [8]byte
	body := make([]byte, 1<<16)
	for {
		if _, err := io.ReadFull(s.conn, head[:]); err != nil {
			if errors.Is(err, io.EOF) || errors.Is(err, unix.ECONNRESET) {
				return nil
			}
			return err
		}
		id := binary.NativeEndian.Uint32(head[:])
		word := binary.NativeEndian.Uint32(head[4:])
		b := body[:word>>16-8]
		if _, err := io.ReadFull(s.conn, b); err != nil {
			return err
		}
		s.handle(id, uint16(word), args{b})
		if len(s.out) > 0 {
			if _, err := s.conn.Write(s.out); err != nil && !errors.Is(err, unix.EPIPE) {
				return err
			}
			s.out = s.out[:0]
		}
	}
}

func (s *server) event(id uint32, opcode uint16, words ...uint32) {
	s.out = binary.NativeEndian.AppendUint32(s.out, id)
	s.out = binary.NativeEndian.AppendUint32(s.out, uint32(8+4*len(words))<<16|uint32(opcode))
	for _, w := range words {
		s.out = binary.NativeEndian.AppendUint32(s.out, w)
	}
}

func (s *server) global(registry, name uint32, iface string, version uint32) {
	padded := append([]byte(iface), make([]byte, 4-len(iface)%4)...)
	words := []uint32{name, uint32(len(iface) + 1)}
	for b := range slices.Chunk(padded, 4) {
		words = append(words, binary.NativeEndian.Uint32(b))
	}
	s.event(registry, 0, append(words, version)...)
}

func (s *server) requests() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.log)
}

var testGlobals = []string{"wl_compositor", "wl_shm", "xdg_wm_base", "wl_output", "wl_subcompositor", "zwlr_screencopy_manager_v1"}

func (s *server) handle(id uint32, opcode uint16, body args) {
	kind := s.kinds[id]
	s.mu.Lock()
	s.log = append(s.log, kind+"."+string(rune('0'+opcode)))
	s.mu.Unlock()
	if s.serve != nil && s.serve(s, kind, id, opcode, body) {
		return
	}
	switch kind + "." + string(rune('0'+opcode)) {
	case "wl_display.0": // sync
		cb := body.uint()
		s.event(cb, 0, 1)
		s.event(displayID, 1, cb)
	case "wl_display.1":
		registry := body.uint()
		s.kinds[registry] = "wl_registry"
		for i, g := range testGlobals {
			s.global(registry, uint32(i+1), g, 3)
		}
	case "wl_registry.0":
		name := body.uint()
		if g := body.string(); g == testGlobals[name-1] {
			body.uint()
			bound := body.uint()
			s.kinds[bound] = g
			if g == "wl_output" {
				s.event(bound, 1, 1, 640, 480, 60000)
			}
		}
	case "wl_compositor.0":
		s.kinds[body.uint()] = "wl_surface"
	case "xdg_wm_base.2":
		s.kinds[body.uint()] = "xdg_surface"
	case "xdg_surface.1":
		top := body.uint()
		s.kinds[top] = "xdg_toplevel"
		s.event(top, 0, 0, 0, 0)
		s.event(id, 0, 77)
	case "wl_shm.0":
		s.kinds[body.uint()] = "wl_shm_pool"
	case "wl_shm_pool.0":
		s.kinds[body.uint()] = "wl_buffer"
	case "wl_surface.3": // frame
		cb := body.uint()
		s.event(cb, 0, 1)
		s.event(displayID, 1, cb)
	case "zwlr_screencopy_manager_v1.1":
		frame := body.uint()
		s.kinds[frame] = "frame"
		s.event(frame, 0, uint32(XRGB8888), 16, 16, 64)
	case "frame.0", "frame.2":
		s.event(id, 2, 0, 0, 0)
	case "xdg_toplevel.0", "xdg_surface.0", "wl_surface.0", "wl_buffer.0", "wl_shm_pool.1", "frame.1":
		delete(s.kinds, id)
		s.event(displayID, 1, id)
	}
}
