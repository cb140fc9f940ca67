package wayland

import (
	"bytes"
	"encoding/binary"
	"log/slog"
	"strings"
	"testing"
	"time"

	"rayos/geom"
	"rayos/gpu/display"
	"rayos/gpu/raster"
	"rayos/gpu/render"
	"rayos/internal/loop"
	"rayos/surfaces"
	"rayos/surfaces/scene"
	"rayos/surfaces/seat"
	"rayos/surfaces/seat/xkb"
)

// fixture is a server with clients on one goroutine: nothing happens before a
// test asks for it, and a client's log shows exactly what it was sent.
type fixture struct {
	t       testing.TB
	loop    *loop.Loop
	core    *surfaces.Core
	seat    *seat.Seat
	kbd     *seat.Keyboard
	srv     *Server
	shell   *testShell
	out     *Output
	frame   render.Pixels // what out shows
	drawn   int           // frames of out
	clients []*testClient
	log     bytes.Buffer // of the server
	// faults says that the server is expected to log an error.
	faults bool
}

// size of the fixture's first output.
var testMode = geom.Size{W: 640, H: 480}

func newFixture(t testing.TB) *fixture { return newFixtureWith(t, Options{}) }

// newFixtureWith fills in what the options leave open.
func newFixtureWith(t testing.TB, o Options) *fixture {
	t.Helper()
	l, err := loop.NewVirtual()
	if err != nil {
		t.Fatal(err)
	}
	f := &fixture{t: t, loop: l}
	r := raster.New(raster.Options{Workers: 1})
	f.core = &surfaces.Core{Scene: scene.New(), Renderer: r}
	f.shell = &testShell{f: f}
	f.seat = seat.New(seat.Config{Hit: f.hit, Now: l.Now, Keymap: xkb.Builtin(), Limit: func(from, to geom.FPoint) geom.FPoint {
		return f.srv.LimitPointer(f.seat, from, to)
	}})
	o.Loop, o.Core, o.Seat, o.Shell = l, f.core, f.seat, f.shell
	o.Log = slog.New(slog.NewTextHandler(&f.log, &slog.HandlerOptions{Level: slog.LevelInfo}))
	f.srv = New(o)
	f.srv.windows.generation = "test"
	f.shell.windows = f.core.Scene.Root().NewTree()
	f.shell.overlay = f.core.Scene.Root().NewTree()
	f.shell.input = f.core.Scene.Root().NewTree()
	f.kbd = f.seat.NewKeyboard(nil)
	f.seat.Attach(seat.CapPointer)
	f.out = f.addOutput("TEST-1", geom.Point{}, testMode, geom.ScaleOne, geom.Normal)
	f.frame = render.NewPixels(testMode.W, testMode.H, render.XRGB8888)
	l.AtTurnEnd(f.srv.Flush)
	t.Cleanup(func() { f.close(r) })
	return f
}

// close checks that the server is still well: another client is served, and
// nothing was logged as an error unless the test provoked it.
func (f *fixture) close(r *raster.Renderer) {
	if !f.t.Failed() {
		c := f.connect()
		if c.roundtrip(); c.d.Err() != nil {
			f.t.Errorf("another client got %v", c.d.Err())
		}
	}
	for _, c := range f.clients {
		c.disconnect()
	}
	f.srv.Close()
	if n := f.srv.Surfaces(); n != 0 {
		f.t.Errorf("%d surfaces are left without clients", n)
	}
	if n := len(f.srv.heads.managers); n != 0 {
		f.t.Errorf("%d output managers are left without clients", n)
	}
	if len(f.srv.xdg) != 0 || len(f.srv.capture) != 0 || len(f.srv.copiers) != 0 {
		f.t.Errorf("left without clients: %d windows, %d captures, %d copiers", len(f.srv.xdg), len(f.srv.capture), len(f.srv.copiers))
	}
	if l := f.srv.windows; len(l.wins) != 0 || len(l.ext) != 0 || len(l.wlr) != 0 {
		f.t.Errorf("left without clients: %d listed windows, %d and %d lists of them", len(l.wins), len(l.ext), len(l.wlr))
	}
	if len(f.srv.pictures.sessions) != 0 || len(f.srv.pictures.cursors) != 0 {
		f.t.Errorf("left without clients: %d capture sessions, %d of cursors", len(f.srv.pictures.sessions), len(f.srv.pictures.cursors))
	}
	if b := &f.srv.barriers; len(b.list) != 0 || b.timer.Armed() {
		f.t.Errorf("left without clients: %d barriers, timer %v", len(b.list), b.timer.Armed())
	}
	if len(f.srv.exports) != 0 || len(f.srv.sandboxes) != 0 {
		f.t.Errorf("left without clients: %d exported windows, %d sandboxes", len(f.srv.exports), len(f.srv.sandboxes))
	}
	if f.srv.mappings != 0 {
		f.t.Errorf("%d mappings are left without clients", f.srv.mappings)
	}
	if f.seat.Grabbed() {
		f.t.Error("a grab is left without clients")
	}
	if err := f.loop.Close(); err != nil {
		f.t.Error(err)
	}
	r.Close()
	if s := f.log.String(); !f.faults && (strings.Contains(s, "level=ERROR") || strings.Contains(s, "panic")) {
		f.t.Errorf("server log:\n%s", s)
	}
}

func (f *fixture) hit(p geom.FPoint) (seat.Focus, geom.FPoint) {
	b, local := f.core.Scene.At(p)
	if b == nil {
		return nil, local
	}
	if s, ok := b.Data.(*surfaces.Surface); ok {
		return s.Data.(*surface), local
	}
	return nil, local
}

func (f *fixture) addOutput(name string, at geom.Point, mode geom.Size, scale geom.Scale, tr geom.Transform) *Output {
	sc := f.core.Scene.NewOutput(at, mode, scale, tr)
	return f.srv.AddOutput(OutputState{
		Info: display.Info{
			Name: name, Description: name + " description", Make: "Ray", Model: "Test", PhysicalMM: geom.Size{W: 169, H: 127},
			Mode: display.Mode{Size: mode, Refresh: 60_000}, Transform: tr,
		},
		Logical: sc.Logical(), Scale: scale,
	}, sc, nil)
}

// draw shows a frame on the first output, as a session does: render, tell
// surfaces where they are, answer frame callbacks and feedback.
func (f *fixture) draw() {
	f.t.Helper()
	f.seat.Refocus()
	f.srv.RefreshOutputs()
	damage, err := f.out.Scene.Render(f.core.Renderer, &f.frame, min(f.drawn, 1))
	if err != nil {
		f.t.Fatalf("render: %v", err)
	}
	f.drawn++
	now := f.loop.Now()
	f.out.Scene.EachVisible(func(b *scene.Buffer) {
		s, ok := b.Data.(*surfaces.Surface)
		if !ok {
			return
		}
		for _, fb := range s.TakeFeedback(nil) {
			fb.Presented(surfaces.Presentation{
				Output: f.out, Time: now, Refresh: 16_666_666 * time.Nanosecond, Seq: 7, VSync: true,
			})
		}
		s.FrameDone(millis(now))
	})
	f.srv.OutputDrawn(f.out, damage)
	f.srv.OutputLatched(f.out)
	f.turn()
}

// at returns a pixel of the first output.
func (f *fixture) at(x, y int32) uint32 {
	return binary.LittleEndian.Uint32(f.frame.Data[y*f.frame.Stride+4*x:]) & 0xffffff
}

// turn serves what is there and flushes.
func (f *fixture) turn() {
	f.t.Helper()
	if err := f.loop.Dispatch(0); err != nil {
		f.t.Fatal(err)
	}
}

// settle lets every client see all that was sent to it.
func (f *fixture) settle() {
	f.t.Helper()
	for range 2 {
		for _, c := range f.clients {
			if c.d.Err() == nil {
				c.roundtrip()
			}
		}
	}
}

// motion, button and press are a person at the seat.
func (f *fixture) motion(x, y float64) {
	f.seat.Motion(f.loop.Now(), geom.FPoint{X: x, Y: y})
	f.seat.Frame()
}

const (
	btnLeft  = 0x110
	btnRight = 0x111
)

func (f *fixture) button(b uint32, down bool) {
	f.seat.Button(f.loop.Now(), b, down)
	f.seat.Frame()
}

func (f *fixture) key(code uint32, down bool) { f.kbd.Key(f.loop.Now(), code, down) }
