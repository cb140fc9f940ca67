package golden_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"rayos/geom"
	"rayos/gpu/display"
	"rayos/gpu/display/headless"
	"rayos/gpu/render"
	"rayos/internal/golden"
	"rayos/internal/loop"
	"rayos/shell/control"
	"rayos/shell/session"
	"rayos/surfaces/seat/xkb"
)

// desktop is a session with clients on one goroutine. Time passes only in
// settle.
type desktop struct {
	t       testing.TB
	loop    *loop.Loop
	display *headless.Display
	session *session.Session
	// renderer draws it, and is closed after it.
	renderer interface {
		render.Renderer
		Close()
	}
	ctl  control.Session
	apps []*app
	log  bytes.Buffer
}

// newDesktop starts a plain session with outputs as in display.ParseSpec.
func newDesktop(t testing.TB, specs ...string) *desktop {
	t.Helper()
	return startDesktop(t, session.Options{Plain: true}, specs...)
}

func startDesktop(t testing.TB, o session.Options, specs ...string) *desktop {
	t.Helper()
	l, err := loop.NewVirtual()
	if err != nil {
		t.Fatal(err)
	}
	var outputs []display.Spec
	for _, s := range specs {
		sp, err := display.ParseSpec(s)
		if err != nil {
			t.Fatal(err)
		}
		outputs = append(outputs, sp)
	}
	d := &desktop{t: t, loop: l}
	if d.display, err = headless.New(l, outputs...); err != nil {
		t.Fatal(err)
	}
	r := newRenderer(t)
	d.renderer = r
	o.Loop, o.Display, o.Renderer, o.NoSocket, o.Keymap = l, d.display, r, true, xkb.Builtin()
	o.Log = slog.New(slog.NewTextHandler(&d.log, &slog.HandlerOptions{Level: slog.LevelInfo}))
	if d.session, err = session.New(o); err != nil {
		t.Fatal(err)
	}
	d.ctl = d.session.Commands()
	t.Cleanup(func() {
		for _, a := range d.apps {
			a.close()
		}
		if err := d.session.Close(); err != nil {
			t.Error(err)
		}
		if err := l.Close(); err != nil {
			t.Error(err)
		}
		r.Close()
		if s := d.log.String(); strings.Contains(s, "level=WARN") || strings.Contains(s, "level=ERROR") {
			t.Errorf("the session's log:\n%s", s)
		}
	})
	// The cursor has its own scenes.
	d.display.Input().PointerLeft()
	d.settle()
	return d
}

// frameTime is the refresh of the outputs.
const frameTime = time.Second / 60

// settle lets clients and session talk and time pass until nothing more
// happens.
func (d *desktop) settle() {
	d.t.Helper()
	for range 1000 {
		events := d.talk()
		at, armed := d.loop.NextTimer()
		if armed && at <= d.loop.Now()+10*frameTime {
			d.loop.Advance(max(at-d.loop.Now(), 0))
			continue
		}
		if events == 0 {
			return
		}
	}
	d.t.Fatal("the desktop does not come to rest")
}

// talk is a round trip of every client; it returns the number of events that
// they were sent.
func (d *desktop) talk() (events int) {
	d.t.Helper()
	for _, a := range d.apps {
		events += a.roundtrip()
	}
	if err := d.loop.Dispatch(0); err != nil {
		d.t.Fatal(err)
	}
	return events
}

// shot returns a copy of what output i shows, once its last frame is there: one
// that nobody waits for is told of by no event.
func (d *desktop) shot(i int) render.Pixels {
	d.t.Helper()
	d.loop.Advance(frameTime)
	shown := d.display.Outputs()[i].Shown()
	if shown == nil {
		d.t.Fatalf("output %d shows nothing", i)
	}
	size := shown.Size()
	p := render.NewPixels(size.W, size.H, render.XRGB8888)
	if err := d.renderer.ReadPixels(shown, size.Rect(), p); err != nil {
		d.t.Fatal(err)
	}
	return p
}

// repaint draws output i in full and returns the picture.
func (d *desktop) repaint(i int) render.Pixels {
	d.t.Helper()
	d.session.NeedFrame(d.display.Outputs()[i])
	d.settle()
	return d.shot(i)
}

// wantRepaintSame fails if a full repaint of an output differs from what it
// shows.
func (d *desktop) wantRepaintSame(what string) {
	d.t.Helper()
	for i, o := range d.display.Outputs() {
		shown := d.shot(i)
		if diff := difference(d.t, d.repaint(i), shown); diff != nil {
			d.t.Errorf("%s: %s: what damage tracking shows differs from a full repaint: %v", what, o.Info().Name, diff)
		}
	}
}

func difference(t testing.TB, want, got render.Pixels) *golden.Difference {
	t.Helper()
	w, err := golden.FromPixels(want)
	if err != nil {
		t.Fatal(err)
	}
	g, err := golden.FromPixels(got)
	if err != nil {
		t.Fatal(err)
	}
	return golden.Compare(w, g, golden.Tolerance{})
}

// check compares the outputs with the scene's pictures, NAME.png or NAME-1.png
// and so on, and with a full repaint.
func (d *desktop) check(name string) {
	d.t.Helper()
	d.settle()
	d.wantRepaintSame(name)
	outputs := d.display.Outputs()
	for i := range outputs {
		file := name
		if len(outputs) > 1 {
			file = fmt.Sprintf("%s-%d", name, i+1)
		}
		comparePixels(d.t, file, d.shot(i))
	}
}

// checkWindows is check, and compares the windows' places with NAME.txt.
func (d *desktop) checkWindows(name string) {
	d.t.Helper()
	d.check(name)
	golden.Text(d.t, name+".txt", d.windows())
}

// windows lists the windows, bottom to top.
func (d *desktop) windows() string {
	var b strings.Builder
	for _, w := range d.ctl.Windows() {
		focus := ""
		if w.Focused {
			focus = " focused"
		}
		if !w.Visible {
			focus += " invisible"
		}
		fmt.Fprintf(&b, "%d %s frame %dx%d+%d+%d content %dx%d+%d+%d on %s%s", w.ID, w.AppID,
			w.Frame.W, w.Frame.H, w.Frame.X, w.Frame.Y, w.Content.W, w.Content.H, w.Content.X, w.Content.Y, w.Output, focus)
		for _, s := range w.States {
			b.WriteString(" " + s)
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// pointer moves the pointer to a logical point and shows it.
func (d *desktop) pointer(x, y float64) {
	d.t.Helper()
	if err := d.ctl.PointerMove(geom.FPoint{X: x, Y: y}, false); err != nil {
		d.t.Fatal(err)
	}
	d.settle()
}

// do is for commands that must work.
func (d *desktop) do(err error) {
	d.t.Helper()
	if err != nil {
		d.t.Fatal(err)
	}
	d.settle()
}

// pixel returns what output i shows at a physical point.
func pixel(p render.Pixels, x, y int32) uint32 {
	at := y*p.Stride + 4*x
	return uint32(p.Data[at]) | uint32(p.Data[at+1])<<8 | uint32(p.Data[at+2])<<16
}

// callYourself gives the process the name that the session will see as the
// owner of clients that connect from now on. Tests are run under several
// names, as on another processor.
func callYourself(t testing.TB, name string) {
	t.Helper()
	if err := os.WriteFile(fmt.Sprintf("/proc/%d/comm", os.Getpid()), []byte(name), 0o644); err != nil {
		t.Fatal(err)
	}
}
