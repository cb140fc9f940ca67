package xwayland

import (
	"os"
	"os/exec"
	"slices"

	"github.com/jezek/xgb/xproto"
	"golang.org/x/sys/unix"

	"rayos/surfaces"
	"rayos/surfaces/seat"
	"rayos/surfaces/wayland"
)

// run is one life of the X server, as the loop knows it.
type run struct {
	s        *Server
	cmd      *exec.Cmd
	wl       *wayland.Xwayland
	m        *manager
	stopping bool
	over     bool

	windows  map[xproto.Window]*window
	byFocus  map[seat.Focus]*window
	named    map[uint32]xproto.Window // wl_surfaces that are not there yet
	serials  map[uint64]xproto.Window // that no surface has yet
	said     map[uint64]uint32        // serials of surfaces that no window has yet
	launcher *window                  // unmanaged, and in need of the keyboard
	order    []xproto.Window          // told last, bottom to top
	drag     dragState
}

// maxUnpaired bounds what waits for its other half.
const maxUnpaired = 1 << 12

// connect makes both ends of a process that was started.
func (s *Server) connect(cmd *exec.Cmd, wl int, wm *os.File) (*run, error) {
	r := &run{
		s: s, cmd: cmd, windows: map[xproto.Window]*window{}, byFocus: map[seat.Focus]*window{},
		named: map[uint32]xproto.Window{}, serials: map[uint64]xproto.Window{}, said: map[uint64]uint32{},
	}
	x, err := s.opt.Server.AddXwayland(wl, r, s.screen.scale)
	if err != nil {
		_ = unix.Close(wl)
		wm.Close()
		return nil, err
	}
	r.wl = x
	r.m = newManager(wm, s.screen, s.opt.Idle, s.log, func(e event) {
		s.opt.Loop.Post(func() {
			if !r.over {
				r.handle(e)
			}
		})
	})
	return r, nil
}

func (r *run) pid() int { return r.cmd.Process.Pid }

func (r *run) send(c command) { r.m.send(c) }

// kill ends the process; ended follows.
func (r *run) kill() {
	r.stopping = true
	_ = r.cmd.Process.Signal(unix.SIGTERM) // gone already is as good
}

// end takes all windows off. It is called once more when the process has ended.
func (r *run) end() {
	if r.over {
		return
	}
	r.over = true
	r.send(cmdQuit{})
	r.endDrag()
	for _, w := range r.windows {
		w.close()
	}
	clear(r.windows)
	r.wl.Close()
	r.s.clients.runEnded(r.s)
}

// handle serves the manager.
func (r *run) handle(e event) {
	switch e := e.(type) {
	case evReady:
		r.focus(r.s.focus)
		r.s.tellSelections()
	case evFailed:
		if !r.stopping {
			r.s.log.Debug("X11 window manager", "err", e.err)
			_ = r.cmd.Process.Kill() // nobody could manage its windows
		}
	case evIdle:
		r.s.log.Debug("Xwayland: no programs are left")
		r.kill()
	case evCreated:
		r.windows[e.id] = &window{r: r, id: e.id, rect: e.rect}
	case evSurface:
		r.named1(e)
	case evActivate:
		r.activate(e)
	default:
		if id := windowOf(e); id == 0 {
			r.handleSelection(e)
		} else if w := r.windows[id]; w != nil {
			w.handle(e)
		}
	}
}

// windowOf returns the window that an event is about.
func windowOf(e event) xproto.Window {
	switch e := e.(type) {
	case evMap:
		return e.id
	case evUnmapped:
		return e.id
	case evDestroyed:
		return e.id
	case evMoved:
		return e.id
	case evRaised:
		return e.id
	case evAsksRect:
		return e.id
	case evProps:
		return e.id
	case evAsksState:
		return e.id
	case evClose:
		return e.id
	case evMinimize:
		return e.id
	case evMoveResize:
		return e.id
	case evHung:
		return e.id
	}
	return 0
}

// named1 brings a window and its surface together, or waits for the surface.
func (r *run) named1(e evSurface) {
	w := r.windows[e.id]
	if w == nil {
		return
	}
	id := e.surface
	if e.serial != 0 {
		var ok bool
		if id, ok = r.said[e.serial]; !ok {
			if len(r.serials) < maxUnpaired {
				r.serials[e.serial] = e.id
			}
			return
		}
		delete(r.said, e.serial)
	}
	if !w.adopt(id) && len(r.named) < maxUnpaired {
		r.named[id] = e.id
	}
}

// SurfaceCreated implements wayland.XwaylandHost.
func (r *run) SurfaceCreated(id uint32) {
	win, ok := r.named[id]
	if !ok {
		return
	}
	delete(r.named, id)
	if w := r.windows[win]; w != nil {
		w.adopt(id)
	}
}

// SurfaceSerial implements wayland.XwaylandHost.
func (r *run) SurfaceSerial(id uint32, serial uint64) {
	win, ok := r.serials[serial]
	if !ok {
		if len(r.said) < maxUnpaired {
			r.said[serial] = id
		}
		return
	}
	delete(r.serials, serial)
	if w := r.windows[win]; w != nil {
		w.adopt(id)
	}
}

// forget drops what waits for a window that is gone.
func (r *run) forget(w *window) {
	delete(r.windows, w.id)
	for id, win := range r.named {
		if win == w.id {
			delete(r.named, id)
		}
	}
	for serial, win := range r.serials {
		if win == w.id {
			delete(r.serials, serial)
		}
	}
}

// focus tells the X server where the seat has the keyboard.
func (r *run) focus(f seat.Focus) {
	var id xproto.Window
	if w := r.byFocus[f]; w != nil {
		id = w.id
	}
	r.send(cmdFocus{id})
}

// focusedWindow returns the X11 window that has the keyboard, or nil.
func (r *run) focusedWindow() *window {
	if r.s.focus == nil {
		return nil
	}
	return r.byFocus[r.s.focus]
}

func (r *run) setScreen(sc screen) {
	r.wl.SetScale(sc.scale)
	r.send(cmdScreen{sc})
	for _, w := range r.windows {
		w.rescaled()
	}
}

func (r *run) restack(list []*surfaces.GuestSurface) {
	ids := make([]xproto.Window, 0, len(list))
	for _, g := range list {
		if w, ok := g.Window.(*window); ok && w.r == r {
			ids = append(ids, w.id)
		}
	}
	if len(ids) > 0 && !slices.Equal(ids, r.order) {
		r.order = ids
		r.send(cmdStack{ids})
	}
}

// activate gives the focus to a program's own windows and to those that the
// person asked for; others only ask for attention.
func (r *run) activate(e evActivate) {
	w := r.windows[e.id]
	if w == nil || w.guest == nil || !w.managed {
		return
	}
	kind := wayland.RequestAttention
	if f := r.focusedWindow(); e.user || f != nil && (f.id == e.by || f.props.PID == w.props.PID) {
		kind = wayland.RequestActivate
	}
	w.request(wayland.Request{Kind: kind})
}
