package wayland

import (
	"fmt"
	"strings"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/surfaces"
	"rayos/surfaces/capture"
	"rayos/surfaces/places"
	"rayos/surfaces/scene"
	"rayos/surfaces/seat"
	"rayos/surfaces/seat/xkb"
)

// testShell is a session with a policy in one line: every window is shown
// where the test wants it and gets the keyboard. It writes down what it hears.
type testShell struct {
	f       *fixture
	windows *scene.Tree
	overlay *scene.Tree
	input   *scene.Tree
	seats   []*seat.Seat // but the first
	log     []string
	mute    bool // notes nothing, and allocates nothing

	first     surfaces.Configuration // for WindowOpened
	at        geom.Point             // of the next window
	bounds    geom.Rect              // for popups
	decorates bool
	nofocus   bool
	pointer   scene.Noder    // that is part of pictures
	image     *render.Pixels // of the cursor
	hot       geom.Point
	noframe   bool                                      // Picture has nothing to show
	boom      string                                    // method that panics
	acked     func(*surfaces.GuestSurface, uint32)      // WindowAcked
	committed func(*surfaces.Surface, surfaces.Fields)  // SurfaceCommitted
	request   func(g *surfaces.GuestSurface, r Request) // WindowRequest
	states    map[*surfaces.GuestSurface]WindowState
	places    map[*surfaces.GuestSurface]geom.Point // of windows
	panels    testPanels
	desks     []WorkspaceState
	gamma     int // size of a ramp
}

func (s *testShell) note(format string, args ...any) {
	if s.mute {
		return
	}
	s.log = append(s.log, fmt.Sprintf(format, args...))
	if s.boom != "" && strings.HasPrefix(format, s.boom) {
		panic("boom in " + s.boom)
	}
}

// take returns what the shell heard since the last take.
func (s *testShell) take() string {
	l := strings.Join(s.log, "\n")
	s.log = nil
	return l
}

func (s *testShell) WindowOpened(g *surfaces.GuestSurface) {
	s.note("opened %q", g.AppID)
	g.Window.Configure(s.first)
}

func (s *testShell) WindowMapped(g *surfaces.GuestSurface) {
	s.note("mapped %v", g.Window.Geometry())
	g.Node.Reparent(s.windows)
	g.Node.SetPosition(s.at.X, s.at.Y)
	g.Node.SetEnabled(true)
	g.Popups.Reparent(s.overlay)
	g.Popups.SetPosition(s.at.X, s.at.Y)
	if s.places == nil {
		s.places = map[*surfaces.GuestSurface]geom.Point{}
	}
	s.places[g] = s.at
	s.f.srv.logState(g, surfaces.Presented)
	if !s.nofocus {
		s.f.seat.SetKeyboardFocus(g.Surface.Data.(*surface))
	}
}

// logState moves a window on and fails loudly if that is no step.
func (s *Server) logState(g *surfaces.GuestSurface, l surfaces.Lifecycle) {
	if err := g.SetState(l); err != nil {
		s.log.Error("lifecycle", "err", err)
	}
}

func (s *testShell) WindowUnmapped(g *surfaces.GuestSurface) {
	s.note("unmapped")
	g.Node.SetEnabled(false)
}

func (s *testShell) WindowClosed(g *surfaces.GuestSurface) {
	s.note("closed")
	g.Node.SetEnabled(false)
	g.Node.Reparent(s.f.core.Scene.Root())
	g.Popups.Reparent(g.Node)
	delete(s.places, g)
}

func (s *testShell) WindowChanged(g *surfaces.GuestSurface, what Change) {
	if s.mute {
		return
	}
	var names []string
	for i, n := range []string{"title", "appid", "parent", "limits", "geometry", "decoration", "ack", "modal", "tag", "icon", "capture"} {
		if what&(1<<i) != 0 {
			names = append(names, n)
		}
	}
	s.note("changed %s", strings.Join(names, " "))
}

func (s *testShell) WindowRequest(g *surfaces.GuestSurface, r Request) {
	names := [...]string{"move", "resize", "maximize", "unmaximize", "fullscreen", "unfullscreen", "minimize", "menu", "unminimize", "activate", "attention"}
	line := names[r.Kind]
	if r.Edges != 0 {
		line += fmt.Sprintf(" edges %d", r.Edges)
	}
	if r.Output != nil {
		line += " on " + r.Output.Info.Name
	}
	if r.At != (geom.Point{}) {
		line += fmt.Sprintf(" at %d,%d", r.At.X, r.At.Y)
	}
	s.note("request %s", line)
	if s.request != nil {
		s.request(g, r)
	}
}

func (s *testShell) WindowState(g *surfaces.GuestSurface) WindowState { return s.states[g] }

func (s *testShell) WindowAcked(g *surfaces.GuestSurface, serial uint32) {
	s.note("acked")
	if s.acked != nil {
		s.acked(g, serial)
	}
}

func (s *testShell) SurfaceCommitted(c *surfaces.Surface, set surfaces.Fields) {
	if s.boom == "committed" {
		panic("boom in committed")
	}
	if s.committed != nil {
		s.committed(c, set)
	}
}

func (s *testShell) PopupBounds(g *surfaces.GuestSurface) geom.Rect {
	if s.bounds != (geom.Rect{}) {
		return s.bounds
	}
	at := s.places[g]
	return testMode.Rect().Add(geom.Point{X: -at.X, Y: -at.Y})
}

func (s *testShell) Decorates(g *surfaces.GuestSurface) bool {
	known, server := s.f.srv.DecorationWish(g)
	return s.decorates && known && server
}

func (s *testShell) Bell(g *surfaces.GuestSurface) {
	if g == nil {
		s.note("bell")
		return
	}
	s.note("bell of %q", g.AppID)
}

func (s *testShell) CarryWindow(_ *surfaces.GuestSurface, hot geom.Point, p geom.FPoint) {
	s.note("carry by %d,%d at %v,%v", hot.X, hot.Y, p.X, p.Y)
}

func (s *testShell) DropWindow(_ *surfaces.GuestSurface, cancelled bool) {
	s.note("drop, cancelled %v", cancelled)
}

func (s *testShell) WindowPlace(g *surfaces.GuestSurface) places.Place {
	return places.Place{Output: "TEST-1", At: s.places[g], Size: g.Window.Geometry().Size(), Workspace: 3, Minimized: true}
}

func (s *testShell) RestorePlace(_ *surfaces.GuestSurface, p places.Place) {
	s.note("restored at %d,%d %v workspace %d, minimized %v", p.At.X, p.At.Y, p.Size, p.Workspace, p.Minimized)
}

func (s *testShell) GammaSize(*Output) int { return s.gamma }

func (s *testShell) SetGamma(o *Output, ramps []uint16) {
	if ramps == nil {
		s.note("gamma of %s: none", o.Info.Name)
		return
	}
	s.note("gamma of %s: %v", o.Info.Name, ramps)
}

func (s *testShell) Workspaces(dst []WorkspaceState) []WorkspaceState { return append(dst, s.desks...) }

func (s *testShell) ChangeWorkspaces(list []WorkspaceChange) { s.note("workspaces %v", list) }

func (s *testShell) SetCursor(_ *seat.Seat, c *surfaces.Surface, hot geom.Point) {
	if c == nil {
		s.note("cursor hidden")
		return
	}
	s.note("cursor %v at %d,%d", c.Size(), hot.X, hot.Y)
}

func (s *testShell) SetCursorShape(_ *seat.Seat, name string) { s.note("cursor %s", name) }

func (s *testShell) Picture(o *Output) capture.Source {
	s.note("picture of %s", o.Info.Name)
	src := capture.Source{Output: o.Scene}
	if !s.noframe && s.f.drawn > 0 && o == s.f.out {
		src.Front = &s.f.frame
	}
	if s.pointer != nil {
		src.Cursor = s.pointer
	}
	return src
}

func (s *testShell) AddSeat() *seat.Seat {
	s.note("seat added")
	f := s.f
	var st *seat.Seat
	st = seat.New(seat.Config{
		Hit: func(p geom.FPoint) (seat.Focus, geom.FPoint) {
			hit, local := f.hit(p)
			return f.srv.FocusOn(st, hit), local
		},
		Now: f.loop.Now, Keymap: xkb.Builtin(),
		Limit:  func(from, to geom.FPoint) geom.FPoint { return f.srv.LimitPointer(st, from, to) },
		Serial: f.seat.Serial,
	})
	s.seats = append(s.seats, st)
	return st
}

func (s *testShell) RemoveSeat(st *seat.Seat) {
	s.note("seat removed")
	s.seats = remove(s.seats, st)
}

func (s *testShell) InputTree() *scene.Tree { return s.input }

func (s *testShell) CursorImage(*seat.Seat) (*render.Pixels, geom.Point) { return s.image, s.hot }

func (s *testShell) DragIcon(_ *seat.Seat, c *surfaces.Surface, at geom.Point) {
	if c == nil {
		s.note("icon hidden")
		return
	}
	s.note("icon %v at %d,%d", c.Size(), at.X, at.Y)
}
