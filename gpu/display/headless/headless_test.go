package headless

import (
	"errors"
	"slices"
	"testing"
	"time"

	"rayos/geom"
	"rayos/gpu/display"
	"rayos/gpu/display/internal/displaytest"
	"rayos/gpu/render"
	"rayos/internal/loop"
)

func start(t testing.TB, specs ...display.Spec) (*loop.Loop, *Display, *displaytest.Recorder) {
	t.Helper()
	l := displaytest.Loop(t, loop.NewVirtual)
	d, err := New(l, specs...)
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

func wantLog(t *testing.T, r *displaytest.Recorder, want ...string) {
	t.Helper()
	if got := r.Take(); !slices.Equal(got, want) {
		t.Errorf("handler heard %q; want %q", got, want)
	}
}

func spec(t *testing.T, s string) display.Spec {
	t.Helper()
	sp, err := display.ParseSpec(s)
	if err != nil {
		t.Fatal(err)
	}
	return sp
}

var _ display.Display = (*Display)(nil)

func TestOutputsComeAndGo(t *testing.T) {
	_, d, r := start(t, spec(t, "800x600"), spec(t, "1920x1080@1.5:144"))
	wantLog(t, r, "added HEADLESS-1 800x600@1", "added HEADLESS-2 1920x1080@1.5")
	if m := d.Output("HEADLESS-1").Info().Mode; m.Refresh != 60_000 {
		t.Errorf("default refresh %d mHz; want 60000", m.Refresh)
	}
	third := spec(t, "100x100")
	third.Name = "LEFT"
	if _, err := d.AddOutput(third); err != nil {
		t.Fatal(err)
	}
	if _, err := d.AddOutput(third); err == nil {
		t.Error("a second output LEFT was accepted")
	}
	if err := d.RemoveOutput("HEADLESS-1"); err != nil {
		t.Fatal(err)
	}
	if err := d.RemoveOutput("HEADLESS-1"); err == nil {
		t.Error("an output was removed twice")
	}
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	wantLog(t, r, "added LEFT 100x100@1", "removed HEADLESS-1", "removed HEADLESS-2", "removed LEFT")
}

func TestFramesArePresentedOnTheGrid(t *testing.T) {
	l, d, r := start(t, spec(t, "64x64:100"))
	o := d.Outputs()[0]
	begin := l.Now()
	r.Take()
	l.Advance(3 * time.Millisecond)
	if o.Shown() != nil {
		t.Error("something is shown before the first frame")
	}
	displaytest.Draw(t, o, 0x112233)
	if err := o.Commit(display.Frame{}); !errors.Is(err, display.ErrBusy) {
		t.Errorf("second Commit = %v; want ErrBusy", err)
	}
	if o.Shown() != nil {
		t.Error("a frame is shown before its retrace")
	}
	l.Advance(7 * time.Millisecond)
	wantLog(t, r, "presented HEADLESS-1")
	want := display.Presented{Time: begin + 10*time.Millisecond, Refresh: 10 * time.Millisecond, Seq: 1, VSync: true}
	if r.Last != want {
		t.Errorf("Presented = %+v; want %+v", r.Last, want)
	}
	if p := o.Shown().(*render.Pixels); p.Data[0] != 0x33 || p.Data[2] != 0x11 {
		t.Errorf("shown pixel % x", p.Data[:4])
	}
	if _, armed := l.NextTimer(); armed {
		t.Error("a timer runs while nothing is committed")
	}

	// A session that draws on every Presented gets exactly the refresh rate.
	r.Presents = 0
	r.OnPresented = func(o display.Output) { displaytest.Draw(t, o, 0) }
	displaytest.Draw(t, o, 0)
	l.Advance(time.Second)
	if r.Presents != 100 {
		t.Errorf("%d frames in a second at 100 Hz", r.Presents)
	}
}

func TestFramebufferAge(t *testing.T) {
	l, d, r := start(t, spec(t, "32x32"))
	o := d.Outputs()[0]
	scan := render.NewPixels(32, 32, render.XRGB8888)
	frame := func(scanout bool, wantAge int) {
		t.Helper()
		target, age, err := o.Framebuffer()
		if err != nil || age != wantAge {
			t.Fatalf("age = %d, %v; want %d", age, err, wantAge)
		}
		f := display.Frame{}
		if scanout {
			f.Scanout = &scan
		}
		if err := o.Commit(f); err != nil {
			t.Fatal(err)
		}
		l.Advance(17 * time.Millisecond)
		if r.Last.ZeroCopy != scanout {
			t.Errorf("ZeroCopy = %v; want %v", r.Last.ZeroCopy, scanout)
		}
		want := target
		if scanout {
			want = &scan
		}
		if o.Shown() != want {
			t.Error("Shown is not what was committed")
		}
	}
	frame(false, 0)
	frame(false, 1)
	frame(true, 1)
	frame(true, 2)
	frame(false, 3)
	frame(false, 1)

	if err := o.SetMode(display.Mode{Size: geom.Size{W: 48, H: 16}}); err != nil {
		t.Fatal(err)
	}
	if o.Info().Mode.Size.W != 32 {
		t.Error("mode changed inside SetMode")
	}
	r.Take()
	l.Advance(0)
	wantLog(t, r, "changed HEADLESS-1 48x16@1")
	if o.Shown() != nil {
		t.Error("the old mode's picture is still shown")
	}
	if o.CanScanout(&scan) {
		t.Error("pixels of the old size can be scanned out")
	}
	if err := o.Commit(display.Frame{Scanout: &scan}); err == nil {
		t.Error("pixels of the old size were scanned out")
	}
	scan = render.NewPixels(48, 16, render.XRGB8888)
	frame(false, 0)
	frame(true, 1)
}

func TestModeChangeWhileAFrameWaits(t *testing.T) {
	l, d, r := start(t, spec(t, "32x32:100"))
	o := d.Outputs()[0]
	r.Take()
	displaytest.Draw(t, o, 0)
	if err := o.SetMode(display.Mode{Size: geom.Size{W: 8, H: 8}, Refresh: 50_000}); err != nil {
		t.Fatal(err)
	}
	l.Advance(20 * time.Millisecond)
	wantLog(t, r, "presented HEADLESS-1", "changed HEADLESS-1 8x8@1")
	displaytest.Draw(t, o, 0)
	if err := o.SetMode(display.Mode{Size: geom.Size{W: 9, H: 9}}); err != nil {
		t.Fatal(err)
	}
	l.Advance(0)
	l.Advance(20 * time.Millisecond)
	wantLog(t, r, "changed HEADLESS-1 9x9@1", "presented HEADLESS-1")
	if o.Shown() != nil {
		t.Error("a frame of the old size is shown")
	}
}

func TestRemovedOutputPresentsNothing(t *testing.T) {
	l, d, r := start(t)
	o := d.Outputs()[0]
	displaytest.Draw(t, o, 0)
	if err := o.SetMode(display.Mode{Size: geom.Size{W: 9, H: 9}}); err != nil {
		t.Fatal(err)
	}
	if err := d.RemoveOutput("HEADLESS-1"); err != nil {
		t.Fatal(err)
	}
	r.Take()
	l.Advance(time.Second)
	wantLog(t, r)
	if _, _, err := o.Framebuffer(); !errors.Is(err, display.ErrRemoved) {
		t.Errorf("Framebuffer = %v; want ErrRemoved", err)
	}
	if err := o.Commit(display.Frame{}); !errors.Is(err, display.ErrRemoved) {
		t.Errorf("Commit = %v; want ErrRemoved", err)
	}
}

func TestInputReachesTheHandler(t *testing.T) {
	_, d, r := start(t)
	r.Take()
	in := d.Input()
	in.PointerAbsolute(d.Outputs()[0], 0, 0.5, 0.25)
	in.PointerFrame()
	in.Key(0, 30, true)
	wantLog(t, r, "pointer HEADLESS-1 0.5 0.25", "frame", "key 30 true")
}

func TestFrameAllocatesNothing(t *testing.T) {
	l, d, r := start(t, spec(t, "16x16"))
	_ = r
	d.handler = quiet{d.handler}
	o := d.Outputs()[0]
	damage := geom.RegionOf(geom.Rect{X1: 16, Y1: 16})
	frame := func() {
		if _, _, err := o.Framebuffer(); err != nil {
			t.Fatal(err)
		}
		if err := o.Commit(display.Frame{Damage: &damage}); err != nil {
			t.Fatal(err)
		}
		l.Advance(17 * time.Millisecond)
	}
	frame()
	if n := testing.AllocsPerRun(100, frame); n != 0 {
		t.Errorf("a frame allocates %v times", n)
	}
}

// quiet leaves out the recorder's own allocations.
type quiet struct{ display.Handler }

func (quiet) Presented(display.Output, display.Presented) {}

func TestFramesNobodyWaitsForWakeNobody(t *testing.T) {
	l, d, r := start(t, spec(t, "64x64:100"))
	o := d.Outputs()[0]
	begin := l.Now()
	r.Take()
	displaytest.Draw(t, o, 0x112233)
	o.PutOff()
	if _, armed := l.NextTimer(); armed {
		t.Error("a timer runs for a frame that nobody waits for")
	}
	if o.Shown() != nil {
		t.Error("the frame is shown before its retrace")
	}
	l.Advance(time.Second)
	wantLog(t, r)
	if p, ok := o.Shown().(*render.Pixels); !ok || p.Data[0] != 0x33 {
		t.Errorf("a second later %v is shown", o.Shown())
	}
	if err := o.Commit(display.Frame{}); !errors.Is(err, display.ErrBusy) {
		t.Errorf("Commit before Await = %v; want ErrBusy", err)
	}
	o.Await()
	o.Await()
	wantLog(t, r)
	l.Advance(0)
	wantLog(t, r, "presented HEADLESS-1")
	if at := r.Last.Time - begin; at != 10*time.Millisecond || r.Last.Seq != 1 {
		t.Errorf("retrace %d at %v; want that of the frame, 1 at 10ms", r.Last.Seq, at)
	}

	// Asked for in time, it comes in time; the grid stays.
	displaytest.Draw(t, o, 0)
	o.PutOff()
	l.Advance(3 * time.Millisecond)
	o.Await()
	l.Advance(6 * time.Millisecond)
	wantLog(t, r)
	l.Advance(time.Millisecond)
	wantLog(t, r, "presented HEADLESS-1")
	if at := r.Last.Time - begin; at != 1010*time.Millisecond || r.Last.Seq != 101 {
		t.Errorf("retrace %d at %v; want 101 at 1.01s", r.Last.Seq, at)
	}

	displaytest.Draw(t, o, 0)
	o.PutOff()
	if err := d.RemoveOutput("HEADLESS-1"); err != nil {
		t.Fatal(err)
	}
	r.Take()
	o.Await()
	l.Advance(time.Second)
	wantLog(t, r)
}
