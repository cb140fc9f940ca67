package rawclient

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func TestSyncRecyclesItsID(t *testing.T) {
	c, _ := dialServer(t, nil)
	for range 100 {
		if err := c.Sync(); err != nil {
			t.Fatal(err)
		}
	}
	if n := len(c.objects); n > 4 {
		t.Errorf("100 round trips left %d ids; want them reused", n)
	}
}

func TestAProtocolErrorSticks(t *testing.T) {
	c, _ := dialServer(t, func(s *server, kind string, _ uint32, _ uint16, _ args) bool {
		s.event(displayID, 0, 7, 3, 5, 'n'|'o'<<8|'p'<<16|'e'<<24, 0)
		return true
	})
	want := ProtocolError{Object: 7, Code: 3, Message: "nope"}
	for range 2 {
		var got *ProtocolError
		if err := c.Sync(); !errors.As(err, &got) || *got != want {
			t.Fatalf("Sync = %v; want %v", err, &want)
		}
	}
}

func TestACompositorThatGoesIsAnError(t *testing.T) {
	c, _ := dialServer(t, func(s *server, _ string, _ uint32, _ uint16, _ args) bool {
		return s.conn.CloseWrite() == nil
	})
	if err := c.Sync(); !errors.Is(err, ErrDisconnected) {
		t.Errorf("Sync = %v; want ErrDisconnected", err)
	}
}

func TestBindSaysWhatIsMissing(t *testing.T) {
	c, _ := dialServer(t, func(s *server, kind string, _ uint32, opcode uint16, body args) bool {
		if kind == "wl_display" && opcode == 1 {
			s.global(body.uint(), 1, "wl_compositor", 6)
			return true
		}
		return false
	})
	if err := c.Bind(); err == nil || !strings.Contains(err.Error(), "wl_shm") {
		t.Errorf("Bind = %v; want the missing wl_shm", err)
	}
}

func bound(t testing.TB, serve func(s *server, kind string, id uint32, opcode uint16, body args) bool) (*Conn, *server) {
	t.Helper()
	c, s := dialServer(t, serve)
	if err := c.Bind(); err != nil {
		t.Fatal(err)
	}
	return c, s
}

func TestWindowRequestsInOrder(t *testing.T) {
	c, s := bound(t, nil)
	if w, h := c.OutputSize(); w != 640 || h != 480 {
		t.Errorf("output %dx%d; want 640x480", w, h)
	}
	before := len(s.requests())
	w, err := c.NewWindow(WindowOptions{Title: "title", Width: 8, Height: 8, Buffers: 2})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Frame(FullDamage), w.Destroy(), c.Sync()); err != nil {
		t.Fatal(err)
	}
	want := []string{
		"wl_compositor.0", "xdg_wm_base.2", "xdg_surface.1", "xdg_toplevel.2", "xdg_toplevel.3", "wl_surface.6",
		"xdg_surface.4", "wl_shm.0", "wl_shm_pool.0", "wl_shm_pool.0", "wl_surface.1", "wl_surface.9", "wl_surface.6", "wl_display.0",
		"wl_surface.3", "wl_surface.1", "wl_surface.9", "wl_surface.6",
		"xdg_toplevel.0", "xdg_surface.0", "wl_surface.0", "wl_buffer.0", "wl_buffer.0", "wl_shm_pool.1", "wl_display.0",
	}
	if got := s.requests()[before:]; !slices.Equal(got, want) {
		t.Errorf("requests\n%v; want\n%v", got, want)
	}
}

func TestAMappedWindowAnswersAConfigureAtOnce(t *testing.T) {
	var xdg uint32
	c, s := bound(t, func(s *server, kind string, id uint32, opcode uint16, _ args) bool {
		if kind == "xdg_surface" && opcode == 1 {
			xdg = id
		}
		if kind == "wl_surface" && opcode == 3 {
			s.event(xdg, 0, 78)
		}
		return false
	})
	w, err := c.NewWindow(WindowOptions{Width: 8, Height: 8})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(w.Frame(FullDamage), c.Sync(), w.Release()); err != nil {
		t.Fatal(err)
	}
	log := s.requests()
	if got, want := log[len(log)-3:], []string{"xdg_surface.4", "wl_surface.6", "wl_display.0"}; !slices.Equal(got, want) {
		t.Errorf("last requests %v; want %v", got, want)
	}
}

func TestCaptureReadsTheMiddlePixel(t *testing.T) {
	c, _ := bound(t, nil)
	capture, err := c.NewCapture(0, 0, 16, 16)
	if err != nil {
		t.Fatal(err)
	}
	for _, withDamage := range []bool{false, true} {
		if err := capture.Start(withDamage); err != nil {
			t.Fatal(err)
		}
		paint(capture.pool.pixels, 0xff123456)
		if got, err := capture.Wait(); err != nil || got != 0x123456 {
			t.Errorf("Wait = %06x, %v; want 123456", got, err)
		}
	}
	if err := capture.Close(); err != nil {
		t.Error(err)
	}
}

func TestSteadyStateAllocatesNothing(t *testing.T) {
	// The answers are written beforehand: no other goroutine may allocate.
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	c, err := New(fds[0])
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := errors.Join(c.Close(), unix.Close(fds[1])); err != nil {
			t.Error(err)
		}
	}()
	w := &Window{conn: c, surface: 5, pool: &pool{conn: c, buffers: []buffer{{id: 6}, {id: 7}}}}
	c.objects = append(c.objects, nil, nil)
	c.free = append(c.free, 3)
	var answers server
	answers.event(3, 0, 1)
	answers.event(displayID, 1, 3)
	drain := make([]byte, 4096)
	turn := func(request func() error) float64 {
		return testing.AllocsPerRun(100, func() {
			if _, err := unix.Write(fds[1], answers.out); err != nil {
				t.Fatal(err)
			}
			if err := request(); err != nil {
				t.Fatal(err)
			}
			if _, err := unix.Read(fds[1], drain); err != nil {
				t.Fatal(err)
			}
		})
	}
	if n := turn(c.Sync); n != 0 {
		t.Errorf("a round trip allocates %v times", n)
	}
	if n := turn(func() error { return w.Frame(FullDamage) }); n != 0 {
		t.Errorf("a frame allocates %v times", n)
	}
}

// FuzzDispatch feeds a Conn what a broken compositor may send.
func FuzzDispatch(f *testing.F) {
	var s server
	s.event(displayID, 1, 3)
	s.event(displayID, 0, 1, 1, 200, 0)
	f.Add(s.out)
	f.Add([]byte{1, 0, 0, 0, 1, 0, 7, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		c := &Conn{fd: -1, in: make([]byte, 64<<10), objects: make([]receiver, 2)}
		c.objects[displayID] = c
		c.newID(zombie{})
		c.globals.registry = c.newID(&c.globals)
		c.globals.offered = map[string]global{}
		c.w = copy(c.in, data)
		if err := c.dispatch(); err == nil && c.r > c.w {
			t.Errorf("r %d past w %d", c.r, c.w)
		}
	})
}
