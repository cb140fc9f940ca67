package xwayland

import (
	"errors"
	"log/slog"
	"os/exec"
	"time"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/internal/loop"
	"rayos/surfaces"
	"rayos/surfaces/scene"
	"rayos/surfaces/seat"
	"rayos/surfaces/wayland"
)

// Shell is the session's policy, as X11 windows need it.
type Shell interface {
	wayland.Shell
	// UnmanagedTree is where windows hang that their programs place: menus,
	// tooltips, what is dragged.
	UnmanagedTree() *scene.Tree
	// UnmanagedChanged: one of them came, went or moved, or wants the keyboard.
	UnmanagedChanged()
	// WindowAbove: a window wants to be above all others, or not any more.
	WindowAbove(g *surfaces.GuestSurface, on bool)
	// WindowPlaced: the program wants the content of its floating window at a
	// point of the layout.
	WindowPlaced(g *surfaces.GuestSurface, at geom.Point)
}

// Options are what a Server is made with.
type Options struct {
	Loop   *loop.Loop
	Server *wayland.Server
	Seat   *seat.Seat
	Shell  Shell
	Hit    seat.Hit // what lies under a point
	Log    *slog.Logger
	// Binary is the X server, "Xwayland" when empty.
	Binary string
	// Dir is where X sockets are; /tmp when empty, as programs expect.
	Dir string
	// Idle is how long the X server stays without programs; 0 is 10 s.
	Idle time.Duration
}

// Server holds a display number and runs Xwayland while there are programs.
type Server struct {
	opt      Options
	log      *slog.Logger
	binary   string
	display  *display
	sources  [2]*loop.Source
	run      *run // nil while none is running
	screen   screen
	focus    seat.Focus // has the keyboard
	clients  clipboards
	crashes  []time.Duration // of the last minute
	tooMany  bool            // it has crashed too often
	retry    *loop.Timer
	closed   bool
	watching bool
}

// ErrMissing means that there is no Xwayland.
var ErrMissing = errors.New("no Xwayland is installed: the package is called xwayland")

// New claims a display number. It starts nothing yet.
func New(o Options) (*Server, error) {
	if o.Binary == "" {
		o.Binary = "Xwayland"
	}
	if o.Dir == "" {
		o.Dir = "/tmp"
	}
	if o.Idle == 0 {
		o.Idle = 10 * time.Second
	}
	binary, err := exec.LookPath(o.Binary)
	if err != nil {
		return nil, ErrMissing
	}
	d, err := openDisplay(o.Dir)
	if err != nil {
		return nil, err
	}
	s := &Server{opt: o, log: o.Log, binary: binary, display: d, screen: screen{scale: 1}}
	for i, fd := range d.fds {
		if s.sources[i], err = o.Loop.Add(fd, loop.Readable, knock{s, fd}); err != nil {
			s.Close()
			return nil, err
		}
	}
	s.watching = true
	s.retry = o.Loop.NewTimer(s.again)
	o.Seat.Listen(&seat.Listener{KeyboardFocus: s.focused, Moved: s.pointerMoved})
	s.watchSelections()
	return s, nil
}

// Display is what DISPLAY is set to for programs.
func (s *Server) Display() string { return s.display.String() }

// PID returns the X server's process, 0 while there is none.
func (s *Server) PID() int {
	if s.run == nil {
		return 0
	}
	return s.run.pid()
}

// Close ends the X server and gives the display number back.
func (s *Server) Close() {
	if s.closed {
		return
	}
	s.closed = true
	if s.retry != nil {
		s.retry.Disarm()
	}
	for _, src := range s.sources {
		if src == nil {
			continue
		}
		if err := src.Remove(); err != nil {
			s.log.Error("X11 sockets", "err", err)
		}
	}
	if s.run != nil {
		s.run.kill()
		s.run.end()
		s.run = nil
	}
	s.display.close()
}

// knock hears of programs that connect.
type knock struct {
	s  *Server
	fd int
}

// Ready starts the X server, which accepts them.
func (k knock) Ready(loop.Events) {
	s := k.s
	switch {
	case s.run != nil || s.closed:
	case s.tooMany:
		// Waiting would hang the program; so it says that it has no display.
		if fd, _, err := unix.Accept4(k.fd, unix.SOCK_CLOEXEC); err == nil {
			_ = unix.Close(fd)
		}
	default:
		s.start()
	}
}

func (s *Server) start() {
	r, err := s.newRun()
	if err != nil {
		s.log.Warn("Xwayland does not start", "err", err)
		s.crashed("")
		return
	}
	s.run = r
	s.watch(false)
}

// watch says whether the loop looks at the sockets; the X server does while it
// runs.
func (s *Server) watch(on bool) {
	if s.watching == on {
		return
	}
	s.watching = on
	ev := loop.Events(0)
	if on {
		ev = loop.Readable
	}
	for _, src := range s.sources {
		if err := src.SetEvents(ev); err != nil {
			s.log.Error("X11 sockets", "err", err)
		}
	}
}

// A server that crashes this often is not started again before a pause.
const (
	crashLimit = 3
	crashSpan  = time.Minute
)

// crashed counts; last is what the X server has said at the end.
func (s *Server) crashed(last string) {
	now := s.opt.Loop.Now()
	s.crashes = append(s.crashes, now)
	for len(s.crashes) > 0 && s.crashes[0] < now-crashSpan {
		s.crashes = s.crashes[1:]
	}
	if len(s.crashes) < crashLimit {
		return
	}
	s.tooMany = true
	s.retry.Arm(now + crashSpan)
	s.log.Warn("Xwayland has ended too often: X11 programs are refused for a while", "times", len(s.crashes), "pause", crashSpan, "said", last)
}

// again ends the pause.
func (s *Server) again() {
	s.tooMany = false
	s.crashes = s.crashes[:0]
}

// ended: the process of a run is gone.
func (s *Server) ended(r *run, why, last string) {
	r.end()
	if s.run != r {
		return
	}
	s.run = nil
	if s.closed {
		return
	}
	if !r.stopping {
		s.log.Warn("Xwayland has ended: X11 windows are gone, the next program starts it again", "why", why, "said", last)
		s.crashed(last)
	}
	s.watch(true)
}

// SetScreen tells X11 programs of the outputs: the largest scale, what they
// cover together, and what panels leave of it, in logical pixels.
func (s *Server) SetScreen(scale geom.Scale, all, usable geom.Rect) {
	k := max(scale.Ceil(), 1)
	times := func(r geom.Rect) geom.Rect {
		return geom.Rect{X0: r.X0 * k, Y0: r.Y0 * k, X1: r.X1 * k, Y1: r.Y1 * k}
	}
	sc := screen{scale: k, size: geom.Size{W: all.X1 * k, H: all.Y1 * k}, workarea: times(usable)}
	if sc == s.screen {
		return
	}
	s.screen = sc
	if s.run != nil {
		s.run.setScreen(sc)
	}
}

// focused follows the keyboard: the X focus is where the seat has it.
func (s *Server) focused(f seat.Focus) {
	s.focus = f
	if s.run != nil {
		s.run.focus(f)
	}
}

// Keyboard returns an unmanaged window that needs the keyboard, as launchers
// do, or nil.
func (s *Server) Keyboard() seat.Focus {
	if s.run == nil || s.run.launcher == nil || s.run.launcher.surf == nil {
		return nil
	}
	return s.run.launcher.surf.Focus()
}

// Restack tells the order of windows, bottom to top; those not shown first.
func (s *Server) Restack(list []*surfaces.GuestSurface) {
	if s.run != nil {
		s.run.restack(list)
	}
}
