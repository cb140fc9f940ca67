//go:build cgo && !wayland

package window

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/go-gl/glfw/v3.3/glfw"

	"rayos/geom"
	"rayos/gpu/display"
	"rayos/gpu/display/internal/displaytest"
	"rayos/gpu/render"
	"rayos/internal/loop"
)

var _ display.Display = (*Display)(nil)

// patience is how long other programs may take on a slow machine.
const patience = 30 * time.Second

// startX runs an X server of 640×480 for this test and points DISPLAY at it.
func startX(t *testing.T) *os.Process {
	t.Helper()
	bin, err := exec.LookPath("Xvfb")
	if err != nil {
		t.Skip("Xvfb is not installed")
	}
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if err := r.SetReadDeadline(time.Now().Add(patience)); err != nil {
		t.Fatal(err)
	}
	ctx, kill := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, bin, "-displayfd", "3", "-screen", "0", "640x480x24", "-nolisten", "tcp", "-noreset")
	cmd.ExtraFiles = []*os.File{w}
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGTERM}
	if err := cmd.Start(); err != nil {
		kill()
		t.Fatal(err)
	}
	w.Close()
	t.Cleanup(func() {
		defer kill()
		cmd.Process.Signal(syscall.SIGTERM) // so that it removes its lock file
		// The X server may miss a signal that comes right before it sleeps.
		defer time.AfterFunc(patience, kill).Stop()
		cmd.Wait()
	})
	number, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Fatalf("Xvfb did not start: %v", err)
	}
	t.Setenv("DISPLAY", ":"+strings.TrimSpace(number))
	return cmd.Process
}

func start(t *testing.T, opts Options) (*loop.Loop, *Display, *displaytest.Recorder) {
	t.Helper()
	l := displaytest.Loop(t, loop.New)
	d, err := New(l, opts)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	})
	rec := &displaytest.Recorder{}
	if err := d.Start(rec); err != nil {
		t.Fatal(err)
	}
	return l, d, rec
}

func outputs(s ...display.Spec) Options { return Options{Title: "window test", Outputs: s} }

var small = display.Spec{Size: geom.Size{W: 320, H: 200}}

// screenshot returns the root window as RGB, 640 pixels a row.
func screenshot(t *testing.T) []byte {
	t.Helper()
	bin, err := exec.LookPath("import")
	if err != nil {
		t.Skip("import (imagemagick) is not installed")
	}
	out, err := exec.Command(bin, "-silent", "-window", "root", "-depth", "8", "rgb:-").Output()
	if err != nil || len(out) != 640*480*3 {
		t.Fatalf("import: %d bytes, %v", len(out), err)
	}
	return out
}

func pixel(scr []byte, x, y int) uint32 {
	p := scr[(y*640+x)*3:]
	return uint32(p[0])<<16 | uint32(p[1])<<8 | uint32(p[2])
}

func presented(t *testing.T, l *loop.Loop, r *displaytest.Recorder) {
	t.Helper()
	n := r.Presents
	displaytest.Until(t, l, "presentation", func() bool { return r.Presents > n })
}

// place puts the window at the screen's corner, as no window manager does it.
func place(t *testing.T, l *loop.Loop, d *Display) {
	t.Helper()
	d.outputs[0].win.SetPos(0, 0)
	d.settle()
}

func TestPixelsReachTheScreen(t *testing.T) {
	startX(t)
	l, d, r := start(t, outputs(small))
	place(t, l, d)
	if got := r.Take(); !slices.Equal(got, []string{"added X11-1 320x200@1"}) {
		t.Fatalf("heard %q", got)
	}
	o := r.Outputs[0]
	if o.Shown() != nil {
		t.Error("something is shown before the first frame")
	}
	displaytest.Draw(t, o, 0x204060)
	if err := o.Commit(display.Frame{}); err != display.ErrBusy {
		t.Errorf("second Commit = %v; want ErrBusy", err)
	}
	presented(t, l, r)

	// The second frame changes one corner; only what is declared as damage
	// may appear.
	target, age, err := o.Framebuffer()
	if err != nil || age != 1 {
		t.Fatalf("age %d, %v; want 1", age, err)
	}
	displaytest.Fill(t, target, geom.XYWH(0, 0, 320, 200), 0xff0000)
	damage := geom.RegionOf(geom.XYWH(10, 20, 30, 40))
	if err := o.Commit(display.Frame{Damage: &damage}); err != nil {
		t.Fatal(err)
	}
	presented(t, l, r)
	scr := screenshot(t)
	for _, c := range []struct {
		x, y int
		want uint32
	}{
		{0, 0, 0x204060},
		{319, 199, 0x204060},
		{10, 20, 0xff0000},
		{39, 59, 0xff0000},
		{9, 20, 0x204060},
		{40, 59, 0x204060},
		{10, 60, 0x204060},
	} {
		if got := pixel(scr, c.x, c.y); got != c.want {
			t.Errorf("pixel %d,%d is %06x; want %06x", c.x, c.y, got, c.want)
		}
	}
	if o.Shown() != target {
		t.Error("Shown is not the framebuffer")
	}
}

func TestResize(t *testing.T) {
	startX(t)
	l, d, r := start(t, outputs(small))
	place(t, l, d)
	o := r.Outputs[0]
	displaytest.Draw(t, o, 0xffffff)
	presented(t, l, r)
	r.Take()
	if err := o.SetMode(display.Mode{Size: geom.Size{W: 400, H: 300}}); err != nil {
		t.Fatal(err)
	}
	displaytest.Until(t, l, "resize", func() bool { return r.Has("changed X11-1 400x300@1") })
	if o.Shown() != nil {
		t.Error("the old size is still shown")
	}
	displaytest.Draw(t, o, 0x00ff00)
	presented(t, l, r)
	if got := pixel(screenshot(t), 399, 299); got != 0x00ff00 {
		t.Errorf("corner after the resize is %06x", got)
	}
}

func xdotool(t *testing.T, args ...string) {
	t.Helper()
	bin, err := exec.LookPath("xdotool")
	if err != nil {
		t.Skip("xdotool is not installed")
	}
	if out, err := exec.Command(bin, args...).CombinedOutput(); err != nil {
		t.Fatalf("xdotool %q: %v\n%s", args, err, out)
	}
}

func TestInput(t *testing.T) {
	startX(t)
	l, d, r := start(t, outputs(small))
	place(t, l, d)
	displaytest.Draw(t, r.Outputs[0], 0)
	presented(t, l, r)
	xdotool(t, "mousemove", "160", "50", "click", "3", "click", "5", "keydown", "a", "keyup", "a")
	displaytest.Until(t, l, "key release", func() bool { return r.Has("key 30 false") })
	for _, want := range []string{
		"pointer X11-1 0.5 0.25",
		"button 0x111 true", "button 0x111 false",
		fmt.Sprintf("axis %+v", display.Axis{Value: 15, Value120: 120}),
		"key 30 true",
	} {
		if !r.Has(want) {
			t.Errorf("missing %q in %q", want, r.Log)
		}
	}
	xdotool(t, "mousemove", "500", "400")
	displaytest.Until(t, l, "leave", func() bool { return r.Has("left") })
}

func TestHeldKeysAreLostWithTheFocus(t *testing.T) {
	startX(t)
	l, d, r := start(t, outputs(small, small))
	place(t, l, d)
	d.outputs[0].win.Focus()
	xdotool(t, "keydown", "a")
	displaytest.Until(t, l, "key", func() bool { return r.Has("key 30 true") })
	d.outputs[1].win.Focus()
	displaytest.Until(t, l, "focus loss", func() bool { return r.Has("keys lost") })
	if r.Has("key 30 false") {
		t.Error("a key that KeysLost released was released again")
	}
	// Of what is held when the focus comes back, modifiers count.
	xdotool(t, "keydown", "Shift_L")
	displaytest.Until(t, l, "shift", func() bool { return r.Has("key 42 true") })
	r.Take()
	d.outputs[0].win.Focus()
	displaytest.Until(t, l, "shift again", func() bool { return r.Has("key 42 true") })
	if r.Has("key 30 true") {
		t.Errorf("a letter was typed by moving the focus: %q", r.Log)
	}
}

func TestCursor(t *testing.T) {
	startX(t)
	_, _, r := start(t, outputs(small))
	o := r.Outputs[0]
	img := render.NewPixels(8, 8, render.ARGB8888)
	for range 2 {
		if !o.SetCursor(&img, geom.Point{X: 1, Y: 1}) || !o.SetCursor(nil, geom.Point{}) {
			t.Error("SetCursor was refused")
		}
	}
	opaque := render.NewPixels(8, 8, render.RGB565)
	if o.SetCursor(&opaque, geom.Point{}) {
		t.Error("a cursor without alpha was taken")
	}
}

func TestClosingWindows(t *testing.T) {
	startX(t)
	l, d, r := start(t, outputs(small, small))
	// What GLFW does when a window manager asks a window to close.
	askToClose := func(w *glfw.Window) {
		callback := w.SetCloseCallback(nil)
		w.SetCloseCallback(callback)
		w.SetShouldClose(true)
		callback(w)
		d.pollEvents()
	}
	first, second := d.outputs[0].win, d.outputs[1].win
	r.Take()
	askToClose(first)
	displaytest.Until(t, l, "removal", func() bool { return r.Has("removed X11-1") })
	if r.IsClosed {
		t.Error("the display closed with the first of two windows")
	}
	askToClose(second)
	displaytest.Until(t, l, "close", func() bool { return r.IsClosed })
	if r.ClosedErr != nil {
		t.Errorf("Closed(%v); want nil", r.ClosedErr)
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	if !r.Has("removed X11-2") {
		t.Errorf("heard %q", r.Log)
	}
}

func TestServerGone(t *testing.T) {
	if os.Getenv("RAYOS_TEST_SERVER_GONE") == "" {
		// Mesa is not made for it, so this happens in a process of its own.
		// It ends on another thread than its loop's, and does end.
		ctx, cancel := context.WithTimeout(t.Context(), 3*patience)
		defer cancel()
		cmd := exec.CommandContext(ctx, os.Args[0], "-test.run=^TestServerGone$", "-test.v", "-test.timeout="+(2*patience).String())
		cmd.Env = append(os.Environ(), "RAYOS_TEST_SERVER_GONE=1")
		out, err := cmd.CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	server := startX(t)
	l, d, r := start(t, outputs(small))
	displaytest.Draw(t, r.Outputs[0], 0)
	presented(t, l, r)
	if err := server.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	displaytest.Until(t, l, "close", func() bool { return r.IsClosed })
	if r.ClosedErr == nil {
		t.Error("Closed(nil); want the reason")
	}
	if err := r.Outputs[0].Commit(display.Frame{}); err == nil {
		t.Error("Commit succeeded")
	}
	// What runs on other threads when the process ends must not wait for
	// Xlib's lock. This goroutine has its thread to itself.
	flushed := make(chan struct{})
	go func() {
		d.x.flush()
		close(flushed)
	}()
	select {
	case <-flushed:
	case <-time.After(patience):
		t.Error("another thread does not get Xlib's lock")
	}
}

func TestNoServer(t *testing.T) {
	t.Setenv("DISPLAY", ":65000")
	l := displaytest.Loop(t, loop.New)
	if _, err := New(l, Options{}); err == nil || !strings.Contains(err.Error(), ":65000") {
		t.Errorf("New = %v; want an error that names the display", err)
	}
}

func TestIdleWindowSleeps(t *testing.T) {
	startX(t)
	l, d, r := start(t, outputs(small))
	place(t, l, d)
	displaytest.Draw(t, r.Outputs[0], 0)
	presented(t, l, r)
	// What the server still had to say about the new window.
	for quiet := false; !quiet; {
		before := l.Wakeups()
		if err := l.Dispatch(100 * time.Millisecond); err != nil {
			t.Fatal(err)
		}
		quiet = l.Wakeups() == before+1 && len(d.events) == 0 && !d.polling
		if n := len(r.Take()); n > 0 {
			quiet = false
		}
	}
	before := l.Wakeups()
	if err := l.Dispatch(200 * time.Millisecond); err != nil {
		t.Fatal(err)
	}
	if n := l.Wakeups() - before; n != 1 {
		t.Errorf("an idle window woke the loop %d times", n-1)
	}
}
