package desk

import (
	"errors"
	"fmt"
	"log/slog"
	"os"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/gpu/display"
	"rayos/gpu/display/headless"
	"rayos/gpu/raster"
	"rayos/internal/loop"
	"rayos/shell/session"
	"rayos/surfaces/seat"
	"rayos/surfaces/seat/xkb"
	"rayos/surfaces/wayland"
)

// screen is the one output. Tests wait for many frames, so they come quickly.
var screen = display.Spec{Size: geom.Size{W: 1280, H: 1024}, Refresh: 1_000_000}

// Server is one session, from Start to Stop.
type Server struct {
	loop     *loop.Loop
	renderer *raster.Renderer
	session  *session.Session
	clients  map[int]*wayland.Client // by the client's end of the socket
	ended    chan error              // what Run returned
	finger   int32                   // id of the next finger
}

// Extension is a global that the session offers.
type Extension struct {
	Name    string
	Version uint32
}

// Extensions returns the globals of a session, which are the same for all.
func Extensions() ([]Extension, error) {
	s := New()
	if err := s.Start(); err != nil {
		return nil, err
	}
	var list []Extension
	s.do(func() {
		s.session.Server().EachGlobal(func(name string, version uint32) {
			list = append(list, Extension{name, version})
		})
	})
	return list, s.Stop()
}

// New returns a server that is not running yet.
func New() *Server {
	return &Server{clients: map[int]*wayland.Client{}, ended: make(chan error, 1)}
}

// Start makes the session and serves it on a goroutine.
func (s *Server) Start() error {
	if s.session != nil {
		return errors.New("started already")
	}
	l, err := loop.New()
	if err != nil {
		return err
	}
	d, err := headless.New(l, screen)
	if err != nil {
		return errors.Join(err, l.Close())
	}
	r := raster.New(raster.Options{Workers: 1})
	ses, err := session.New(session.Options{
		Loop: l, Display: d, Renderer: r, NoSocket: true, Keymap: xkb.Builtin(), Plain: true, Lenient: true,
		// The suite clicks into one window and expects that another takes
		// the focus, which no protocol says.
		FocusNew: true,
		Log:      slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
	if err != nil {
		r.Close()
		return errors.Join(err, l.Close())
	}
	ses.Seat().Attach(seat.CapTouch)
	// New windows come to the middle. The pointer is to enter none before a
	// test has moved it.
	ses.Seat().Warp(geom.FPoint{X: float64(screen.Size.W - 1), Y: float64(screen.Size.H - 1)})
	s.loop, s.renderer, s.session = l, r, ses
	go func() { s.ended <- ses.Run() }()
	return nil
}

// Stop ends the session and waits until nothing of it is left.
func (s *Server) Stop() error {
	if s.session == nil {
		return errors.New("not started")
	}
	ses := s.session
	s.loop.Post(func() { ses.Quit(nil) })
	err := <-s.ended
	err = errors.Join(err, ses.Close(), s.loop.Close())
	s.renderer.Close()
	s.session = nil
	return err
}

// do runs fn in the session and returns at the end of that turn: what clients
// are to hear of it is in their sockets then.
func (s *Server) do(fn func()) {
	done := make(chan struct{})
	s.loop.Post(func() {
		fn()
		s.loop.Post(func() { close(done) }) // a turn later
	})
	<-done
}

// Connect returns the client's end of a new connection. It belongs to the
// caller.
func (s *Server) Connect() (int, error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return -1, fmt.Errorf("socketpair: %w", err)
	}
	if err := unix.SetNonblock(fds[0], true); err != nil {
		return -1, errors.Join(err, unix.Close(fds[0]), unix.Close(fds[1]))
	}
	s.do(func() {
		var c *wayland.Client
		if c, err = s.session.Server().AddClient(fds[0]); err == nil {
			s.clients[fds[1]] = c
		}
	})
	if err != nil {
		return -1, errors.Join(err, unix.Close(fds[1]))
	}
	return fds[1], nil
}

// Place moves the window or panel that a surface is part of, named by the
// client's socket and its object id: its corner comes to p, in the layout.
func (s *Server) Place(fd int, surface uint32, p geom.Point) error {
	var err error
	s.do(func() { err = s.place(fd, surface, p) })
	return err
}

func (s *Server) place(fd int, surface uint32, p geom.Point) error {
	c := s.clients[fd]
	if c == nil {
		return fmt.Errorf("no client with socket %d", fd)
	}
	sf := c.Surface(surface)
	if sf == nil {
		return fmt.Errorf("there is no wl_surface@%d", surface)
	}
	root := sf.Root()
	if g := root.Guest; g != nil {
		return s.session.Commands().Move(uint32(g.ID), p)
	}
	// The protocol lets panels lie where their anchors put them and nowhere
	// else; for the suite they are moved until they are laid out anew.
	root.Tree().Parent().SetPosition(p.X, p.Y)
	return nil
}

// PointerTo puts the pointer to a place in the layout.
func (s *Server) PointerTo(p geom.FPoint) {
	s.input(func(st *seat.Seat) { st.Motion(s.loop.Now(), p); st.Frame() })
}

// PointerBy moves the pointer by a difference.
func (s *Server) PointerBy(d geom.FPoint) {
	s.input(func(st *seat.Seat) { st.RelativeMotion(s.loop.Now(), d, d); st.Frame() })
}

// Button presses or releases a button (linux/input-event-codes.h).
func (s *Server) Button(code uint32, pressed bool) {
	s.input(func(st *seat.Seat) { st.Button(s.loop.Now(), code, pressed); st.Frame() })
}

// NewFinger returns the id of a finger that no other has.
func (s *Server) NewFinger() int32 {
	s.finger++
	return s.finger - 1
}

// TouchDown puts a finger down at a place in the layout.
func (s *Server) TouchDown(id int32, p geom.FPoint) {
	s.input(func(st *seat.Seat) { st.TouchDown(s.loop.Now(), id, p); st.TouchFrame() })
}

// TouchTo moves a finger.
func (s *Server) TouchTo(id int32, p geom.FPoint) {
	s.input(func(st *seat.Seat) { st.TouchMotion(s.loop.Now(), id, p); st.TouchFrame() })
}

// TouchUp lifts a finger.
func (s *Server) TouchUp(id int32) {
	s.input(func(st *seat.Seat) { st.TouchUp(s.loop.Now(), id); st.TouchFrame() })
}

func (s *Server) input(fn func(*seat.Seat)) { s.do(func() { fn(s.session.Seat()) }) }
