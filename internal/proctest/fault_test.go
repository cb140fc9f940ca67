package proctest

import (
	"errors"
	"os"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"rayos/internal/bench/rawclient"
	"rayos/shell/control"
)

// witness is a client that must notice nothing of what others do.
type witness struct {
	conn *rawclient.Conn
	win  *rawclient.Window
}

// open connects a client of our own with a window.
func open(s *Session, title string) *witness {
	s.T.Helper()
	c, err := rawclient.Dial(s.Socket())
	if err != nil {
		s.T.Fatal(err)
	}
	w, err := c.NewWindow(rawclient.WindowOptions{Title: title, Width: 200, Height: 150, Buffers: 2, Color: 0xff3060a0})
	if err != nil {
		s.T.Fatal(err)
	}
	return &witness{c, w}
}

// served checks that the session still answers and draws.
func (w *witness) served(t *testing.T) {
	t.Helper()
	for range 3 {
		if err := errors.Join(w.conn.Sync(), w.win.Frame(rawclient.FullDamage)); err != nil {
			t.Fatalf("the other client is not served: %v", err)
		}
	}
}

func (w *witness) close(t *testing.T) {
	t.Helper()
	if err := errors.Join(w.win.Destroy(), w.conn.Close()); err != nil {
		t.Error(err)
	}
}

// TestFaultyClientsHarmNobody does to the session what broken programs do,
// while another client looks on.
func TestFaultyClientsHarmNobody(t *testing.T) {
	s := Start(t)
	start := s.Stats()
	// The first client with a keyboard makes the session keep a keymap's file.
	first := s.LaunchFor(t, "foot", "sh")
	s.Window(first)
	first.Kill()
	s.leftNothing(start)
	files := s.Descriptors()
	w := open(s, "witness")
	alone := s.Stats()
	for _, c := range []struct {
		name string
		do   func(t *testing.T, s *Session, w *witness)
	}{
		{"stopped", stoppedClient},
		{"stopped and resized", neverAcks},
		{"never reads", neverReads},
		{"killed", killedClient},
		{"fifty", fiftyClients},
	} {
		t.Run(c.name, func(t *testing.T) {
			c.do(t, s, w)
			w.served(t)
		})
		s.leftNothing(alone)
	}
	w.close(t)
	s.leftNothing(start)
	s.Until("as many files are open as at the start", func() bool { return s.Descriptors() <= files })
}

func stoppedClient(t *testing.T, s *Session, w *witness) {
	c := s.LaunchFor(t, "foot", "sh")
	win := s.Window(c)
	c.Signal(syscall.SIGSTOP)
	// It is asked for everything at once, and answers nothing.
	s.Call("input pointer", Args{"x": win.Content.X + 20, "y": win.Content.Y + 20})
	for range 200 {
		s.Call("input pointer", Args{"x": 3, "y": 1, "relative": true})
		s.Call("input pointer", Args{"x": -3, "y": -1, "relative": true})
	}
	w.served(t)
	s.Call("state", Args{"window": win.ID, "state": "maximize"})
	s.Call("focus", Args{"window": "witness"})
	w.served(t)
	c.Signal(syscall.SIGCONT)
	s.Until("it is maximised once it runs again", func() bool {
		n := s.Get(win.ID)
		return n != nil && n.Content.W == 1280
	})
	c.Kill()
}

// neverAcks stops a client before it is resized, alone and in a tiling: the
// layout goes on without it.
func neverAcks(t *testing.T, s *Session, w *witness) {
	c := s.LaunchFor(t, "foot", "sh")
	win := s.Window(c)
	c.Signal(syscall.SIGSTOP)
	err := s.Try("resize", Args{"window": win.ID, "size": "300x200"}, nil)
	var refused *control.Error
	if err != nil && !errors.As(err, &refused) {
		t.Fatal(err)
	}
	s.key("super+t")
	s.Until("the layout is settled", func() bool {
		a, b := s.Get(win.ID), named(s, "witness")
		return a != nil && b != nil && Bounds(a.Frame).Intersect(Bounds(b.Frame)).Empty() && has(b, "tiled")
	})
	s.Settle()
	w.served(t)
	s.key("super+t")
	s.Settle()
	c.Kill()
}

// named returns the window with a title, or nil.
func named(s *Session, title string) *control.Window {
	for _, n := range s.Windows() {
		if n.Title == title {
			return &n
		}
	}
	return nil
}

// neverReads asks without end and takes no answers: the session disconnects it
// rather than keep them all.
func neverReads(t *testing.T, s *Session, w *witness) {
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer unix.Close(fd)
	if err := unix.Connect(fd, &unix.SockaddrUnix{Name: s.Socket()}); err != nil {
		t.Fatal(err)
	}
	before := s.Stats().HeapBytes
	// wl_display.get_registry with ever new ids: each is answered by dozens of
	// globals.
	id := uint32(2)
	for {
		request := make([]byte, 0, 12*64)
		for range 64 {
			request = appendWords(request, 1, 12<<16|1, id)
			id++
		}
		_, err := unix.Write(fd, request)
		if errors.Is(err, unix.EPIPE) || errors.Is(err, unix.ECONNRESET) {
			break
		}
		if err != nil && !errors.Is(err, unix.EAGAIN) {
			t.Fatalf("write: %v", err)
		}
		w.served(t)
		if id > 1<<20 {
			t.Fatal("a client that does not read is still connected after a million requests")
		}
	}
	if after := s.Stats().HeapBytes; after > before+64<<20 {
		t.Errorf("the heap grew from %d to %d bytes", before, after)
	}
}

func killedClient(t *testing.T, s *Session, w *witness) {
	c := s.LaunchFor(t, "foot", "sh")
	win := s.Window(c)
	c.Kill()
	s.Until("its window is gone", func() bool { return s.Get(win.ID) == nil })
	if _, err := os.Stat(s.Socket()); err != nil {
		t.Error(err)
	}
}

func fiftyClients(t *testing.T, s *Session, w *witness) {
	var all []*witness
	for range 50 {
		all = append(all, open(s, "one of many"))
	}
	s.Until("all windows are there", func() bool { return s.Stats().Windows == 51 })
	w.served(t)
	for i, c := range all {
		if i%2 == 0 {
			c.close(t) // says goodbye
		} else if err := c.conn.Close(); err != nil {
			t.Error(err)
		}
	}
}
