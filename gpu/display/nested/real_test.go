package nested

import (
	"testing"
	"time"

	"rayos/geom"
	"rayos/gpu/display"
	"rayos/gpu/display/internal/displaytest"
	"rayos/internal/loop"
)

var _ display.Display = (*Display)(nil)

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
	r := &displaytest.Recorder{}
	if err := d.Start(r); err != nil {
		t.Fatal(err)
	}
	return l, d, r
}

func presented(t *testing.T, l *loop.Loop, r *displaytest.Recorder) {
	t.Helper()
	n := r.Presents
	displaytest.Until(t, l, "presentation", func() bool { return r.Presents > n })
}

func spec(w, h int32) display.Spec { return display.Spec{Size: geom.Size{W: w, H: h}} }

func TestWestonPresentsFrames(t *testing.T) {
	h := startWeston(t)
	l, _, r := start(t, Options{Socket: h.socket, Outputs: []display.Spec{spec(320, 200), spec(64, 64)}})
	if len(r.Outputs) != 2 {
		t.Fatalf("%d outputs; want 2", len(r.Outputs))
	}
	for i, want := range []geom.Size{{W: 320, H: 200}, {W: 64, H: 64}} {
		if got := r.Outputs[i].Info().Mode.Size; got != want {
			t.Errorf("output %d is %v; want %v", i, got, want)
		}
	}
	o := r.Outputs[0]
	for i := range 10 {
		displaytest.Draw(t, o, 0x102030)
		if err := o.Commit(display.Frame{}); err != display.ErrBusy {
			t.Errorf("frame %d: second Commit = %v; want ErrBusy", i, err)
		}
		presented(t, l, r)
	}
	if late := l.Now() - r.Last.Time; late < 0 || late > time.Second {
		t.Errorf("presented %v ago", late)
	}
	if r.Last.Refresh == 0 {
		t.Error("no refresh period")
	}
	if o.Shown() == nil {
		t.Error("nothing is shown")
	}
	before := l.Wakeups()
	if err := l.Dispatch(200 * time.Millisecond); err != nil {
		t.Fatal(err)
	}
	if n := l.Wakeups() - before; n > 1 {
		t.Errorf("an idle window woke the loop %d times in 200 ms", n)
	}
}

func TestSwayShowsTheWindow(t *testing.T) {
	h := startSway(t)
	l, _, r := start(t, Options{Socket: h.socket, Title: "nested title", AppID: "nested.app"})
	o := r.Outputs[0]
	// A tiled window gets its size from sway once it has pixels.
	displaytest.Draw(t, o, 0xffffff)
	displaytest.Until(t, l, "resize", func() bool { return r.Has("changed WL-1 800x600@1") })
	if r.Presents == 0 {
		presented(t, l, r)
	}
	if err := o.SetMode(display.Mode{Size: geom.Size{W: 10, H: 10}}); err == nil {
		t.Error("SetMode of a tiled window succeeded")
	}
	displaytest.Draw(t, o, 0x204060)
	presented(t, l, r)
	target, age, err := o.Framebuffer()
	if err != nil {
		t.Fatal(err)
	}
	if age == 0 {
		displaytest.Fill(t, target, geom.XYWH(0, 0, 800, 600), 0x204060)
	}
	damage := geom.RegionOf(geom.XYWH(10, 20, 30, 40))
	displaytest.Fill(t, target, geom.XYWH(10, 20, 30, 40), 0xff8000)
	if err := o.Commit(display.Frame{Damage: &damage}); err != nil {
		t.Fatal(err)
	}
	presented(t, l, r)
	img := h.screenshot(t)
	for _, c := range []struct {
		x, y int
		want uint32
	}{{0, 0, 0x204060}, {799, 599, 0x204060}, {10, 20, 0xff8000}, {39, 59, 0xff8000}, {40, 20, 0x204060}, {10, 60, 0x204060}} {
		if got := rgb(img, c.x, c.y); got != c.want {
			t.Errorf("pixel %d,%d is %06x; want %06x", c.x, c.y, got, c.want)
		}
	}
}
