package session

import (
	"testing"
	"time"

	"rayos/geom"
	"rayos/shell/control"
	"rayos/shell/taskbar"
	"rayos/surfaces/seat"
)

// barDesk is a desk with a bar and a clock that begins at 9:41.
func barDesk(t testing.TB, sizes ...geom.Size) *desk {
	t.Helper()
	start := time.Date(2026, 11, 22, 9, 41, 10, 0, time.UTC)
	var d *desk
	d = newDeskWith(t, Options{Shell: true, Wall: func() time.Time {
		if d == nil {
			return start
		}
		return start.Add(d.loop.Now())
	}}, sizes...)
	d.pass(100 * time.Millisecond)
	return d
}

// click presses and releases a button at a place.
func (d *desk) click(x, y float64, button uint32) {
	d.t.Helper()
	if err := d.ctl.PointerMove(geom.FPoint{X: x, Y: y}, false); err != nil {
		d.t.Fatal(err)
	}
	if err := d.ctl.Button(button, control.Tap); err != nil {
		d.t.Fatal(err)
	}
	d.talk()
}

func TestTheBarKeepsItsRoom(t *testing.T) {
	d := barDesk(t, geom.Size{W: 800, H: 600}, geom.Size{W: 640, H: 480})
	for _, o := range d.session.outputs {
		want := o.scene.Logical()
		want.Y1 -= taskbar.Height
		if got := o.global.Usable(); got != want {
			t.Errorf("usable %v; want %v", got, want)
		}
	}
	w := d.connect().open(geom.Size{W: 200, H: 100})
	d.key("super+Up")
	d.pass(200 * time.Millisecond)
	if got := d.window(w.id).Frame; got.Y+got.H != 600-taskbar.Height {
		t.Errorf("a maximised window has the frame %+v", got)
	}
}

func TestAClickOnTheBarHidesAndShowsAWindow(t *testing.T) {
	d := barDesk(t)
	w := d.connect().open(geom.Size{W: 200, H: 100})
	d.pass(100 * time.Millisecond)
	st := d.session.bars.state()
	if len(st.Windows) != 1 || !st.Windows[0].Active {
		t.Fatalf("windows: %+v", st.Windows)
	}
	at := d.session.windowsOnBar(t)
	d.click(at.X, at.Y, 0x110)
	d.pass(200 * time.Millisecond)
	if d.window(w.id).Visible {
		t.Fatal("a click on the window in front did not hide it")
	}
	d.click(at.X, at.Y, 0x110)
	d.pass(200 * time.Millisecond)
	if got := d.window(w.id); !got.Visible || !got.Focused {
		t.Errorf("after another click: %+v", got)
	}
	d.click(at.X, at.Y, 0x112)
	d.pass(100 * time.Millisecond)
	if !w.closed {
		t.Error("the middle button did not close the window")
	}
}

// windowsOnBar returns a point on the first window of the first bar.
func (s *Session) windowsOnBar(t *testing.T) geom.FPoint {
	t.Helper()
	strip := s.bars.bars[0].panel.Strip()
	return geom.FPoint{X: float64(strip.X0) + 100, Y: float64(strip.Y0 + taskbar.Height/2)}
}

func TestEscapeGivesTheKeyboardBack(t *testing.T) {
	d := barDesk(t)
	c := d.connect()
	c.open(geom.Size{W: 200, H: 100})
	d.pass(100 * time.Millisecond)
	window := d.session.seat.KeyboardFocus()
	d.key("super+b")
	if f := d.session.seat.KeyboardFocus(); !d.session.bars.owns(f) {
		t.Fatalf("the keyboard is with %T", f)
	}
	c.keys = nil
	d.enter("x")
	if len(c.keys) != 0 {
		t.Errorf("the window heard %q", c.keys)
	}
	d.key("Escape")
	if f := d.session.seat.KeyboardFocus(); f != window {
		t.Errorf("after Escape the keyboard is with %T", f)
	}
}

func TestAMenuTakesPressesBesideIt(t *testing.T) {
	d := barDesk(t)
	w := d.connect().open(geom.Size{W: 200, H: 100})
	d.pass(100 * time.Millisecond)
	at := d.session.windowsOnBar(t)
	d.click(at.X, at.Y, 0x111)
	d.pass(300 * time.Millisecond)
	root := d.session.bars.bars[0].panel.Root()
	if !root.Trapping() {
		t.Fatal("the right button opened no menu")
	}
	d.click(20, 20, 0x110)
	d.pass(300 * time.Millisecond)
	if root.Trapping() {
		t.Error("a press beside the menu left it open")
	}
	if !d.window(w.id).Focused {
		t.Error("the window has lost the focus")
	}
	var none seat.Focus
	if got := d.session.bars.keyboard(); got != none {
		t.Errorf("the bar keeps the keyboard: %T", got)
	}
}

func TestAnIdleBarWakesOnceAMinute(t *testing.T) {
	d := barDesk(t)
	d.pass(2 * time.Second)
	wakes, frames := d.loop.Wakeups(), d.session.presented
	for range 10 {
		d.loop.Advance(time.Minute)
		if err := d.loop.Dispatch(0); err != nil {
			t.Fatal(err)
		}
	}
	if n := d.session.presented - frames; n != 10 {
		t.Errorf("%d frames in ten minutes; want one for each", n)
	}
	if n := d.loop.Wakeups() - wakes; n > 30 { // two of each step are the test's
		t.Errorf("%d turns in ten minutes", n)
	}
	if got := d.session.bars.state().Now.Format("15:04"); got != "09:51" {
		t.Errorf("it is %s", got)
	}
	// Nothing follows a tick: neither the display's word that its frame is on the
	// screen nor a timer of the panel.
	for range 3 {
		at := d.session.bars.minute.At()
		d.loop.Advance(at - d.loop.Now())
		if next, _ := d.loop.NextTimer(); next-at < 59*time.Second {
			t.Errorf("woken again %v after a new minute", next-at)
		}
	}
}

// TestAClockThatNobodySeesStandsStill: without power for any output, minutes
// wake nothing, and the time is right when it can be seen again.
func TestAClockThatNobodySeesStandsStill(t *testing.T) {
	d := barDesk(t)
	s := d.session
	g := s.outputs[0].global
	d.pass(2 * time.Minute)
	if !s.bars.minute.Armed() {
		t.Fatal("the clock stands still while it is seen")
	}
	s.SetPower(g, false)
	d.pass(2 * time.Minute) // the black frame, the last minute
	if s.bars.minute.Armed() {
		t.Error("the clock goes on without power")
	}
	s.SetPower(g, true)
	d.pass(50 * time.Millisecond)
	if !s.bars.minute.Armed() {
		t.Error("the clock stands still with power")
	}
}
