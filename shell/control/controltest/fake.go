package controltest

import (
	"fmt"
	"sync"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/shell/control"
)

// Loop runs posted functions on one goroutine.
type Loop struct {
	ch    chan func()
	stop  chan struct{}
	ended chan struct{}
	once  sync.Once
}

// NewLoop starts a Loop.
func NewLoop() *Loop {
	l := &Loop{ch: make(chan func()), stop: make(chan struct{}), ended: make(chan struct{})}
	go func() {
		defer close(l.ended)
		for {
			select {
			case fn := <-l.ch:
				fn()
			case <-l.stop:
				return
			}
		}
	}()
	return l
}

// Post implements control.Poster. After Stop it drops fn.
func (l *Loop) Post(fn func()) {
	select {
	case l.ch <- fn:
	case <-l.stop:
	}
}

// Do runs fn on the loop and waits for it. After Stop it does nothing.
func (l *Loop) Do(fn func()) {
	done := make(chan struct{})
	l.Post(func() { fn(); close(done) })
	select {
	case <-done:
	case <-l.stop:
	}
}

// Stop ends the loop and waits until it has. It is called from another
// goroutine.
func (l *Loop) Stop() {
	l.once.Do(func() { close(l.stop) })
	<-l.ended
}

// Session is the fake. Its fields belong to the loop goroutine.
type Session struct {
	Log     []string // calls in the form of method and arguments
	Wins    []control.Window
	Outs    []control.Output
	Err     error // what the next call fails with
	Panic   bool  // the next call panics
	Hold    bool  // effects of Resize, Close and Wait wait for Release
	Quits   chan struct{}
	Changed chan struct{} // gets a value after each held or cancelled effect
	held    map[int]func(error)
	next    int
}

var _ control.Session = (*Session)(nil)

// New returns a session with two windows and an output.
func New() *Session {
	return &Session{
		Wins: []control.Window{
			{
				ID: 1, AppID: "foot", Title: "~", Owner: "session", Frame: control.Rect{X: 10, Y: 20, W: 644, H: 516},
				Content: control.Rect{X: 12, Y: 54, W: 640, H: 480}, Output: "HEADLESS-1", Visible: true, FrameSeq: 3,
			},
			{
				ID: 2, AppID: "editor", Title: "main.go \x1b[31m", Owner: "unknown", Frame: control.Rect{X: 100, Y: 100, W: 304, H: 236},
				Content: control.Rect{X: 102, Y: 134, W: 300, H: 200}, Output: "HEADLESS-1", Visible: true, Focused: true,
				States: []string{"activated"}, FrameSeq: 8, Workspace: 0,
			},
		},
		Outs:    []control.Output{{Name: "HEADLESS-1", Logical: control.Rect{W: 1280, H: 720}, Width: 1280, Height: 720, Refresh: 60, Scale: 1, Frames: 42}},
		Quits:   make(chan struct{}, 1),
		Changed: make(chan struct{}, 64),
		held:    map[int]func(error){},
	}
}

// Release lets all held effects happen, or fail.
func (s *Session) Release(err error) {
	for k, done := range s.held {
		delete(s.held, k)
		done(err)
	}
}

// Held returns how many effects are under way.
func (s *Session) Held() int { return len(s.held) }

func (s *Session) do(format string, args ...any) error {
	s.Log = append(s.Log, fmt.Sprintf(format, args...))
	if s.Panic {
		s.Panic = false
		panic("asked for by the test")
	}
	err := s.Err
	s.Err = nil
	return err
}

func (s *Session) effect(err error, done func(error)) func() {
	if err != nil || !s.Hold {
		done(err)
		return nil
	}
	k := s.next
	s.next++
	s.held[k] = done
	s.Changed <- struct{}{}
	return func() {
		delete(s.held, k)
		s.Changed <- struct{}{}
	}
}

// Windows implements control.Session, as do the methods below.
func (s *Session) Windows() []control.Window { return s.Wins }

// Outputs returns Outs.
func (s *Session) Outputs() []control.Output { return s.Outs }

// Stats returns fixed numbers.
func (s *Session) Stats() control.Stats {
	return control.Stats{Display: "wayland-1", PID: 7, Uptime: 1500e6, Clients: 2, Surfaces: 5, Windows: 2, Outputs: 1, Frames: 42, Wakeups: 99, HeapBytes: 3 << 20, GCs: 4}
}

// Machines returns a machine that does what it is told.
func (s *Session) Machines() control.Machines { return machines{s} }

// Version returns a fixed word.
func (s *Session) Version() string { return "rayos test" }

// Focus logs the call.
func (s *Session) Focus(id uint32) error { return s.do("focus %d", id) }

// Move logs the call.
func (s *Session) Move(id uint32, p geom.Point) error { return s.do("move %d %d,%d", id, p.X, p.Y) }

// Resize is done at once, or with Hold at Release.
func (s *Session) Resize(id uint32, z geom.Size, done func(error)) func() {
	return s.effect(s.do("resize %d %v", id, z), done)
}

// Close is done as Resize is.
func (s *Session) Close(id uint32, done func(error)) func() {
	return s.effect(s.do("close %d", id), done)
}

// SetState logs the call.
func (s *Session) SetState(id uint32, st control.WindowState) error {
	return s.do("state %d %s", id, st)
}

// Workspace logs the call.
func (s *Session) Workspace(n int) error { return s.do("workspace %d", n) }

// MoveToWorkspace logs the call.
func (s *Session) MoveToWorkspace(id uint32, n int) error { return s.do("send %d to %d", id, n) }

// Workspaces returns two, the first of them shown.
func (s *Session) Workspaces() []control.Workspace {
	return []control.Workspace{
		{N: 0, Name: "1", Shown: true, Windows: 2, Layout: "floating"},
		{N: 1, Name: "mail \x1b[0m", Urgent: true, Windows: 1, Layout: "tiling"},
	}
}

// AddWorkspace logs the call.
func (s *Session) AddWorkspace(name string) (int, error) { return 4, s.do("workspace %q", name) }

// RemoveWorkspace logs the call.
func (s *Session) RemoveWorkspace(n int) error { return s.do("remove workspace %d", n) }

// Screenshot returns 2×1 pixels: a red one and a half transparent one.
func (s *Session) Screenshot(t control.Target, done func(render.Pixels, error)) func() {
	p := render.NewPixels(2, 1, render.ARGB8888)
	copy(p.Data, []byte{0, 0, 255, 255, 0, 64, 0, 128})
	done(p, s.do("screenshot %+v", t))
	return nil
}

// Type logs the call.
func (s *Session) Type(text string) error { return s.do("type %q", text) }

// Key logs the call.
func (s *Session) Key(c control.Chord, a control.Action) error { return s.do("%v %v", a, c) }

// PointerMove logs the call.
func (s *Session) PointerMove(p geom.FPoint, relative bool) error {
	return s.do("pointer %v,%v relative=%v", p.X, p.Y, relative)
}

// Button logs the call.
func (s *Session) Button(code uint32, a control.Action) error { return s.do("button %#x %v", code, a) }

// Scroll logs the call.
func (s *Session) Scroll(dx, dy float64) error { return s.do("scroll %v,%v", dx, dy) }

// Gesture logs the call.
func (s *Session) Gesture(g control.Gesture) error { return s.do("gesture %+v", g) }

// Pen logs the call.
func (s *Session) Pen(p control.Pen) error { return s.do("pen %+v", p) }

// AddOutput logs the call.
func (s *Session) AddOutput(o control.OutputSpec) (string, error) {
	return "HEADLESS-2", s.do("add %+v", o)
}

// RemoveOutput logs the call.
func (s *Session) RemoveOutput(name string) error { return s.do("remove %s", name) }

// Wait returns the first window, as Resize is done.
func (s *Session) Wait(w control.WaitFor, done func(*control.Window, error)) func() {
	return s.effect(s.do("wait %+v", w), func(err error) {
		if w.Window == "" || w.Gone {
			done(nil, err)
			return
		}
		done(&s.Wins[0], err)
	})
}

// Quit reports on Quits.
func (s *Session) Quit() {
	s.Log = append(s.Log, "quit")
	s.Quits <- struct{}{}
}
