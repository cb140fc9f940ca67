//go:build cgo && !wayland

package window

import (
	"errors"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"rayos/geom"
	"rayos/gpu/display"
	"rayos/gpu/display/internal/displaytest"
	"rayos/gpu/gl"
	"rayos/gpu/render"
)

// gpuOptions are for a display whose windows OpenGL draws into.
func gpuOptions(s ...display.Spec) Options {
	o := outputs(s...)
	o.OpenGL = Always
	return o
}

// drawGPU fills the damaged part of the next frame and commits it.
func drawGPU(t *testing.T, d *Display, o display.Output, rgb render.Color, part geom.Rect) render.Target {
	t.Helper()
	target, _, err := o.Framebuffer()
	if err != nil {
		t.Fatal(err)
	}
	p, err := d.renderer.Begin(target)
	if err != nil {
		t.Fatal(err)
	}
	damage := geom.RegionOf(part)
	p.Clear(rgb|0xff000000, &damage)
	if err := p.Submit(); err != nil {
		t.Fatal(err)
	}
	if err := o.Commit(display.Frame{Damage: &damage}); err != nil {
		t.Fatal(err)
	}
	return target
}

func wantPixels(t *testing.T, want map[geom.Point]uint32) {
	t.Helper()
	scr := screenshot(t)
	for at, rgb := range want {
		if got := pixel(scr, int(at.X), int(at.Y)); got != rgb {
			t.Errorf("pixel %v is %06x; want %06x", at, got, rgb)
		}
	}
}

func TestGPUDrawsIntoTheWindow(t *testing.T) {
	startX(t)
	l, d, r := start(t, gpuOptions(small))
	place(t, l, d)
	o := r.Outputs[0]
	drawGPU(t, d, o, 0x204060, small.Size.Rect())
	if err := o.Commit(display.Frame{}); err != display.ErrBusy {
		t.Errorf("second Commit = %v; want ErrBusy", err)
	}
	presented(t, l, r)
	if _, age, err := o.Framebuffer(); age != 1 || err != nil {
		t.Errorf("age %d, %v; want 1", age, err)
	}
	target := drawGPU(t, d, o, 0xff0000, geom.XYWH(10, 20, 30, 40))
	presented(t, l, r)
	want := map[geom.Point]uint32{
		{X: 0, Y: 0}: 0x204060, {X: 319, Y: 199}: 0x204060, {X: 10, Y: 20}: 0xff0000,
		{X: 39, Y: 59}: 0xff0000, {X: 9, Y: 20}: 0x204060, {X: 40, Y: 59}: 0x204060, {X: 10, Y: 60}: 0x204060,
	}
	wantPixels(t, want)
	if o.Shown() != target {
		t.Error("Shown is not the framebuffer")
	}
	p := render.NewPixels(1, 1, render.XRGB8888)
	if err := d.renderer.ReadPixels(o.Shown(), geom.XYWH(10, 20, 1, 1), p); err != nil || p.Data[2] != 0xff {
		t.Errorf("what is shown reads as %x, %v", p.Data, err)
	}
}

func TestGPUResize(t *testing.T) {
	startX(t)
	l, d, r := start(t, gpuOptions(small, small))
	place(t, l, d)
	o := r.Outputs[0]
	drawGPU(t, d, o, 0xffffff, small.Size.Rect())
	presented(t, l, r)
	r.Take()
	if err := o.SetMode(display.Mode{Size: geom.Size{W: 400, H: 300}}); err != nil {
		t.Fatal(err)
	}
	displaytest.Until(t, l, "resize", func() bool { return r.Has("changed X11-1 400x300@1") })
	drawGPU(t, d, o, 0x00ff00, geom.XYWH(0, 0, 400, 300))
	presented(t, l, r)
	// The second, which may lie below, has its own.
	drawGPU(t, d, r.Outputs[1], 0x0000ff, small.Size.Rect())
	presented(t, l, r)
	d.outputs[0].win.Focus()
	drawGPU(t, d, o, 0x00ff00, geom.XYWH(0, 0, 1, 1))
	presented(t, l, r)
	wantPixels(t, map[geom.Point]uint32{{X: 399, Y: 299}: 0x00ff00})
}

// TestGPULost: the windows are opened anew, and show memory.
func TestGPULost(t *testing.T) {
	startX(t)
	l, d, r := start(t, gpuOptions(small))
	place(t, l, d)
	o := r.Outputs[0]
	drawGPU(t, d, o, 0x204060, small.Size.Rect())
	presented(t, l, r)
	d.renderer.Lose()
	r.Take()
	drawGPU(t, d, o, 0x204060, small.Size.Rect()) // nobody knows yet
	displaytest.Until(t, l, "request for a frame", func() bool { return r.Has("need frame X11-1") })
	presented(t, l, r)
	target, age, err := o.Framebuffer()
	if err != nil || age != 0 {
		t.Fatalf("age %d, %v; want 0", age, err)
	}
	if _, ok := target.(*render.Pixels); !ok {
		t.Fatalf("the framebuffer is a %T; want memory", target)
	}
	place(t, l, d)
	drawGPU(t, d, o, 0x308050, small.Size.Rect())
	presented(t, l, r)
	wantPixels(t, map[geom.Point]uint32{{X: 0, Y: 0}: 0x308050, {X: 319, Y: 199}: 0x308050})
}

func TestGPUServerGone(t *testing.T) {
	if os.Getenv("RAYOS_TEST_SERVER_GONE") == "" {
		cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestGPUServerGone$", "-test.v", "-test.timeout="+(2*patience).String())
		cmd.Env = append(os.Environ(), "RAYOS_TEST_SERVER_GONE=1")
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		return
	}
	server := startX(t)
	l, d, r := start(t, gpuOptions(small))
	drawGPU(t, d, r.Outputs[0], 0, small.Size.Rect())
	presented(t, l, r)
	if err := server.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	displaytest.Until(t, l, "close", func() bool { return r.IsClosed })
	if r.ClosedErr == nil {
		t.Error("Closed(nil); want the reason")
	}
}

// TestSoftwareGPUIsPassedOver: OpenGL computed by the CPU is refused where it
// is not insisted on. Machines that have a GPU take it.
func TestSoftwareGPUIsPassedOver(t *testing.T) {
	startX(t)
	opts := outputs(small)
	opts.OpenGL = IfHardware
	_, d, r := start(t, opts)
	renderer, why := d.Renderer()
	if (renderer == nil) == (why == nil) {
		t.Errorf("Renderer = %v, %v; want one of them", renderer, why)
	}
	if errors.Is(why, gl.ErrLost) {
		t.Error(why)
	}
	target, _, err := r.Outputs[0].Framebuffer()
	if _, memory := target.(*render.Pixels); err != nil || memory != (renderer == nil) {
		t.Errorf("the framebuffer is a %T, %v", target, err)
	}
}
