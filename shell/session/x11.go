package session

import (
	"time"

	"rayos/geom"
	"rayos/surfaces"
	"rayos/surfaces/scene"
	"rayos/surfaces/xwayland"
	"rayos/wm"
)

// This file is the session's side of xwayland.Shell: windows of X11 programs.

// X11Options say whether X11 programs can run.
type X11Options struct {
	Enabled bool
	Binary  string        // the X server; Xwayland when empty
	Idle    time.Duration // that it stays without programs; 0 is the default
}

// startX11 claims a display number. Without Xwayland the session goes on
// without X11 programs.
func (s *Session) startX11() {
	if !s.opt.X11.Enabled {
		return
	}
	x, err := xwayland.New(xwayland.Options{
		Loop: s.loop, Server: s.server, Seat: s.seat, Shell: s, Hit: s.hit, Log: s.log,
		Binary: s.opt.X11.Binary, Idle: s.opt.X11.Idle,
	})
	if err != nil {
		s.log.Warn("no X11 programs", "err", err)
		return
	}
	s.x11 = x
	s.describeScreen()
}

// Display returns what DISPLAY is for X11 programs, empty if none can run.
func (s *Session) Display() string {
	if s.x11 == nil {
		return ""
	}
	return s.x11.Display()
}

// describeScreen tells X11 programs what the outputs are together.
func (s *Session) describeScreen() {
	if s.x11 == nil || len(s.outputs) == 0 {
		return
	}
	var all, usable geom.Rect
	scale := geom.ScaleOne
	for _, o := range s.outputs {
		all = all.Union(o.scene.Logical())
		usable = usable.Union(o.global.Usable())
		scale = max(scale, o.info.Scale)
	}
	s.x11.SetScreen(scale, all, usable)
}

// UnmanagedTree implements xwayland.Shell.
func (s *Session) UnmanagedTree() *scene.Tree { return s.layers.unmanaged }

// UnmanagedChanged implements xwayland.Shell.
func (s *Session) UnmanagedChanged() {
	s.moved = true
	s.focusWindow()
}

// WindowAbove implements xwayland.Shell: such windows are above all others of
// the desktop, and below panels.
func (s *Session) WindowAbove(g *surfaces.GuestSurface, on bool) {
	if w := s.windowOf(g); w != nil && w.above != on {
		w.above = on
		s.dirty = true
	}
}

// WindowPlaced implements xwayland.Shell.
func (s *Session) WindowPlaced(g *surfaces.GuestSurface, at geom.Point) {
	w := s.windowOf(g)
	if w == nil || !w.mapped {
		return
	}
	p, ok := s.placement(w.id)
	if !ok || p.Maximized || p.Fullscreen || p.Zone != wm.ZoneNone || p.Tiled != 0 {
		return
	}
	s.do(wm.Move{ID: w.id, To: at.Sub(geom.Point{X: p.Insets.Left, Y: p.Insets.Top})})
}

// restackX11 lets the X server's order of windows follow the desktop's, so that
// it finds the same window under the pointer. Those that are not shown are
// below.
func (s *Session) restackX11() {
	if s.x11 == nil {
		return
	}
	list := s.x11Stack[:0]
	for _, want := range []struct{ visible, above bool }{{false, false}, {false, true}, {true, false}, {true, true}} {
		for i := range s.placed {
			p := &s.placed[i]
			if w := s.windows[p.ID]; w != nil && w.guest.Kind == surfaces.KindX11 && p.Visible == want.visible && w.above == want.above {
				list = append(list, w.guest)
			}
		}
	}
	s.x11.Restack(list)
	clear(list)
	s.x11Stack = list
}
