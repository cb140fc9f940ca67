// Package displaytest has the session's side of a display for tests.
package displaytest

import (
	"fmt"
	"testing"
	"time"

	"rayos/geom"
	"rayos/gpu/display"
	"rayos/gpu/render"
	"rayos/internal/loop"
)

// Recorder is a display.Handler that writes down what it hears, one line per
// event, without times.
type Recorder struct {
	Outputs   []display.Output
	Log       []string
	Last      display.Presented
	Presents  int
	ClosedErr error
	IsClosed  bool
	// OnPresented, when set, runs after Presented was recorded.
	OnPresented func(display.Output)
}

func (r *Recorder) note(format string, args ...any) {
	r.Log = append(r.Log, fmt.Sprintf(format, args...))
}

// Take returns the log since the last Take.
func (r *Recorder) Take() []string {
	log := r.Log
	r.Log = nil
	return log
}

// Has reports whether the log holds the line.
func (r *Recorder) Has(line string) bool {
	for _, l := range r.Log {
		if l == line {
			return true
		}
	}
	return false
}

func (r *Recorder) OutputAdded(o display.Output) {
	r.Outputs = append(r.Outputs, o)
	i := o.Info()
	r.note("added %s %v@%g", i.Name, i.Mode.Size, i.Scale.Float())
}

func (r *Recorder) OutputRemoved(o display.Output) { r.note("removed %s", o.Info().Name) }

func (r *Recorder) OutputChanged(o display.Output) {
	i := o.Info()
	r.note("changed %s %v@%g", i.Name, i.Mode.Size, i.Scale.Float())
}

func (r *Recorder) Presented(o display.Output, p display.Presented) {
	r.Last = p
	r.Presents++
	r.note("presented %s", o.Info().Name)
	if r.OnPresented != nil {
		r.OnPresented(o)
	}
}

func (r *Recorder) NeedFrame(o display.Output) { r.note("need frame %s", o.Info().Name) }

func (r *Recorder) Closed(err error) {
	r.IsClosed, r.ClosedErr = true, err
	r.note("closed %v", err)
}

func (r *Recorder) PointerAbsolute(o display.Output, _ time.Duration, x, y float64) {
	r.note("pointer %s %.4g %.4g", o.Info().Name, x, y)
}

func (r *Recorder) PointerRelative(_ time.Duration, delta, raw geom.FPoint) {
	r.note("relative %g,%g raw %g,%g", delta.X, delta.Y, raw.X, raw.Y)
}

func (r *Recorder) PointerButton(_ time.Duration, button uint32, pressed bool) {
	r.note("button %#x %v", button, pressed)
}

func (r *Recorder) PointerAxis(_ time.Duration, a display.Axis) {
	r.note("axis %+v", a)
}

func (r *Recorder) PointerFrame() { r.note("frame") }
func (r *Recorder) PointerLeft()  { r.note("left") }

func (r *Recorder) Key(_ time.Duration, key uint32, pressed bool) { r.note("key %d %v", key, pressed) }
func (r *Recorder) KeysLost()                                     { r.note("keys lost") }

func (r *Recorder) TouchDown(o display.Output, _ time.Duration, id int32, x, y float64) {
	r.note("touch down %s %d %.4g %.4g", o.Info().Name, id, x, y)
}

func (r *Recorder) TouchMotion(o display.Output, _ time.Duration, id int32, x, y float64) {
	r.note("touch motion %s %d %.4g %.4g", o.Info().Name, id, x, y)
}

func (r *Recorder) TouchUp(_ time.Duration, id int32) { r.note("touch up %d", id) }
func (r *Recorder) TouchFrame()                       { r.note("touch frame") }
func (r *Recorder) TouchCancel()                      { r.note("touch cancel") }

// GestureBegin implements display.GestureInput.
func (r *Recorder) GestureBegin(_ time.Duration, k display.GestureKind, fingers uint32) {
	r.note("gesture %d begin %d", k, fingers)
}

// GestureUpdate implements display.GestureInput.
func (r *Recorder) GestureUpdate(_ time.Duration, u display.GestureUpdate) {
	r.note("gesture %+v", u)
}

// GestureEnd implements display.GestureInput.
func (r *Recorder) GestureEnd(_ time.Duration, cancelled bool) { r.note("gesture end %v", cancelled) }

// TabletAdded implements display.TabletInput.
func (r *Recorder) TabletAdded(t *display.Tablet) { r.note("tablet %+v", *t) }

// TabletRemoved implements display.TabletInput.
func (r *Recorder) TabletRemoved(t *display.Tablet) { r.note("tablet %s removed", t.Name) }

// ToolRemoved implements display.TabletInput.
func (r *Recorder) ToolRemoved(t *display.Tool) { r.note("tool %#x removed", t.Type) }

// ToolFrame implements display.TabletInput.
func (r *Recorder) ToolFrame(_ time.Duration, f *display.ToolFrame) {
	text := fmt.Sprintf("tool %#x on %s", f.Tool.Type, f.Output.Info().Name)
	if f.Near != nil {
		text += fmt.Sprintf(" near %s %+v", f.Near.Name, *f.Tool)
	}
	if f.Moved {
		text += fmt.Sprintf(" at %.4g %.4g", f.X, f.Y)
	}
	if f.Down || f.Up {
		text += fmt.Sprintf(" down %v up %v", f.Down, f.Up)
	}
	if f.Axes.Set != 0 {
		text += fmt.Sprintf(" %+v", f.Axes)
	}
	if len(f.Buttons) > 0 {
		text += fmt.Sprintf(" %v", f.Buttons)
	}
	if f.Away {
		text += " away"
	}
	r.note("%s", text)
}

// Loop returns a loop that is closed when the test ends.
func Loop(t testing.TB, open func() (*loop.Loop, error)) *loop.Loop {
	t.Helper()
	l, err := open()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

// Until dispatches turns until done, at most for 5 seconds.
func Until(t testing.TB, l *loop.Loop, what string, done func() bool) {
	t.Helper()
	deadline := time.Now().Add(5 * time.Second)
	for !done() {
		left := time.Until(deadline)
		if left <= 0 {
			t.Fatalf("%s did not happen within 5 s", what)
		}
		if err := l.Dispatch(left); err != nil {
			t.Fatal(err)
		}
	}
}

// Fill draws rectangle rect of an XRGB8888 framebuffer in one colour,
// 0xRRGGBB.
func Fill(t testing.TB, target render.Target, rect geom.Rect, rgb uint32) {
	t.Helper()
	p, ok := target.(*render.Pixels)
	if !ok || p.Format != render.XRGB8888 {
		t.Fatalf("target %T is not XRGB8888 memory", target)
	}
	rect = rect.Intersect(p.Size().Rect())
	for y := rect.Y0; y < rect.Y1; y++ {
		row := p.Data[int(y)*int(p.Stride):]
		for x := rect.X0; x < rect.X1; x++ {
			row[x*4], row[x*4+1], row[x*4+2], row[x*4+3] = byte(rgb), byte(rgb>>8), byte(rgb>>16), 0xff
		}
	}
}

// Draw fills the whole of the next framebuffer and commits it.
func Draw(t testing.TB, o display.Output, rgb uint32) {
	t.Helper()
	target, _, err := o.Framebuffer()
	if err != nil {
		t.Fatal(err)
	}
	all := target.Size().Rect()
	Fill(t, target, all, rgb)
	damage := geom.RegionOf(all)
	if err := o.Commit(display.Frame{Damage: &damage}); err != nil {
		t.Fatal(err)
	}
}
