package session

import (
	"testing"
	"time"

	"rayos/geom"
	"rayos/shell/control"
	"rayos/wm"
)

// three opens windows of two applications; the last one has the focus.
func three(d *desk) (a, b, c *deskWindow) {
	cl := d.connect()
	open := func(app string, size geom.Size) *deskWindow {
		w := cl.prepare(size)
		w.top.SetAppId(app)
		w.top.SetTitle(app)
		w.show()
		return w
	}
	a, b, c = open("one", geom.Size{W: 200, H: 100}), open("two", geom.Size{W: 100, H: 200}), open("one", geom.Size{W: 120, H: 120})
	d.pass(100 * time.Millisecond)
	return a, b, c
}

// hold presses a key of a chord, or lets it go.
func (d *desk) hold(key string, a control.Action) {
	d.t.Helper()
	c, err := control.ParseChord(key)
	if err == nil {
		err = d.ctl.Key(c, a)
	}
	if err != nil {
		d.t.Fatal(err)
	}
	d.talk()
}

func (d *desk) wantFocus(w *deskWindow, why string) {
	d.t.Helper()
	d.pass(50 * time.Millisecond)
	if got := d.session.wm.Focused(); got != wm.WindowID(w.id) {
		d.t.Fatalf("%s: the focus is at %d; want %d", why, got, w.id)
	}
}

func TestAQuickWalkHasNoPicture(t *testing.T) {
	d := barDesk(t)
	_, b, c := three(d)
	nodes := d.session.scene.Nodes()
	d.hold("alt", control.Press)
	d.key("Tab")
	if d.session.walk.shown() {
		t.Error("the sheet is there at once")
	}
	d.hold("alt", control.Release)
	d.wantFocus(b, "after Alt+Tab")
	d.pass(time.Second)
	if d.session.walk.shown() {
		t.Error("the sheet came after the walk was over")
	}
	d.hold("alt", control.Press)
	d.key("Tab")
	d.hold("alt", control.Release)
	d.wantFocus(c, "after another")
	if got := d.session.scene.Nodes(); got != nodes {
		t.Errorf("%d nodes; %d before", got, nodes)
	}
}

func TestAWalkShowsLivePictures(t *testing.T) {
	d := barDesk(t)
	a, b, c := three(d)
	k := &d.session.walk
	d.hold("alt", control.Press)
	d.key("Tab")
	d.pass(300 * time.Millisecond)
	if !k.shown() || len(k.pics.list) != 3 {
		t.Fatalf("shown %v with %d pictures", k.shown(), len(k.pics.list))
	}
	if f := d.session.seat.KeyboardFocus(); !k.owns(f) {
		t.Errorf("the keyboard is with %T", f)
	}
	if d.session.wm.Focused() != wm.WindowID(c.id) {
		t.Error("the focus has moved before the end")
	}
	d.key("Left")
	d.key("Left")
	d.hold("alt", control.Release)
	d.wantFocus(a, "two to the left of the second of three")
	if k.shown() || len(k.pics.list) != 0 {
		t.Error("the sheet stays")
	}
	d.hold("alt", control.Press)
	d.key("Tab")
	d.pass(300 * time.Millisecond)
	d.key("Escape")
	d.pass(100 * time.Millisecond)
	if k.shown() || k.on {
		t.Error("Escape leaves the walk on")
	}
	d.hold("alt", control.Release)
	d.wantFocus(a, "after Escape")
	d.hold("alt", control.Press)
	d.key("shift+Tab")
	d.hold("alt", control.Release)
	d.wantFocus(b, "one back from the first")
}

func TestAWalkWithinAnApplication(t *testing.T) {
	d := barDesk(t)
	a, _, c := three(d)
	d.hold("alt", control.Press)
	d.key("grave")
	d.pass(300 * time.Millisecond)
	if n := len(d.session.walk.list); n != 2 {
		t.Errorf("%d windows", n)
	}
	d.hold("alt", control.Release)
	d.wantFocus(a, "the other window of the application")
	if err := d.ctl.Desk().Switcher(control.SwitchNext, true); err != nil {
		t.Fatal(err)
	}
	if err := d.ctl.Desk().Switcher(control.SwitchTake, false); err != nil {
		t.Fatal(err)
	}
	d.wantFocus(c, "by command")
	if err := d.ctl.Desk().Switcher(control.SwitchTake, false); err == nil {
		t.Error("a walk that is not under way was ended")
	}
}

func TestAWalkFollowsWindows(t *testing.T) {
	d := barDesk(t)
	a, b, _ := three(d)
	k := &d.session.walk
	if err := d.ctl.SetState(a.id, control.Minimize); err != nil {
		t.Fatal(err)
	}
	if err := d.ctl.Desk().Switcher(control.SwitchNext, false); err != nil {
		t.Fatal(err)
	}
	d.pass(300 * time.Millisecond)
	if len(k.pics.list) != 3 {
		t.Fatalf("%d pictures; a minimised window has one too", len(k.pics.list))
	}
	b.deco.Destroy()
	b.top.Destroy()
	b.xdg.Destroy()
	d.pass(100 * time.Millisecond)
	if len(k.list) != 2 || len(k.pics.list) != 2 {
		t.Fatalf("a window closed: %d windows, %d pictures", len(k.list), len(k.pics.list))
	}
	box := k.slots[1].Box
	d.click(float64(box.X0+box.X1)/2, float64(box.Y0+box.Y1)/2, btnLeft)
	d.wantFocus(a, "after a click on its picture")
	if k.on {
		t.Error("the walk goes on after a click")
	}
	if got := d.window(a.id); !got.Visible {
		t.Error("the minimised window did not come back")
	}
}

// TestAPictureIsDrawnByItsWindow: a minimised window gets frame callbacks
// exactly while its picture can be seen.
func TestAPictureIsDrawnByItsWindow(t *testing.T) {
	d := barDesk(t)
	a, _, _ := three(d)
	if err := d.ctl.SetState(a.id, control.Minimize); err != nil {
		t.Fatal(err)
	}
	d.pass(200 * time.Millisecond)
	frames := 0
	var ask func()
	ask = func() {
		a.surface.Frame().OnDone = func(uint32) {
			frames++
			ask()
			a.surface.DamageBuffer(0, 0, 10, 10)
			a.surface.Commit()
		}
	}
	ask()
	a.surface.Commit()
	d.pass(500 * time.Millisecond)
	if frames != 0 {
		t.Fatalf("%d callbacks while nobody sees it", frames)
	}
	if err := d.ctl.Desk().Switcher(control.SwitchNext, false); err != nil {
		t.Fatal(err)
	}
	seq := d.window(a.id).FrameSeq
	d.pass(time.Second)
	if frames < 20 || frames > 65 {
		t.Errorf("%d callbacks in a second in which the picture was seen", frames)
	}
	if got := d.window(a.id).FrameSeq; got != seq {
		t.Error("a picture counts as a frame of the window")
	}
	if err := d.ctl.Desk().Switcher(control.SwitchCancel, false); err != nil {
		t.Fatal(err)
	}
	d.pass(100 * time.Millisecond)
	was := frames
	d.pass(500 * time.Millisecond)
	if frames > was {
		t.Errorf("%d callbacks after it", frames-was)
	}
}

func TestAnUnchangedSheetCostsNothing(t *testing.T) {
	d := barDesk(t)
	three(d)
	if err := d.ctl.Desk().Switcher(control.SwitchNext, false); err != nil {
		t.Fatal(err)
	}
	d.pass(time.Second)
	if n := testing.AllocsPerRun(100, d.session.walk.turn); n != 0 {
		t.Errorf("%v allocations in a turn", n)
	}
}

// TestAPictureDoesNotHurryItsWindow: a window that can be seen is paced by the
// output where it is, not by one that shows its picture.
func TestAPictureDoesNotHurryItsWindow(t *testing.T) {
	d := barDesk(t)
	if _, err := d.ctl.AddOutput(control.OutputSpec{Size: geom.Size{W: 640, H: 480}, Scale: geom.ScaleOne, Refresh: 10000}); err != nil {
		t.Fatal(err)
	}
	a, _, _ := three(d)
	if err := d.ctl.Move(a.id, geom.Point{X: 900, Y: 50}); err != nil {
		t.Fatal(err)
	}
	if err := d.ctl.Desk().Switcher(control.SwitchNext, false); err != nil {
		t.Fatal(err)
	}
	d.pass(300 * time.Millisecond)
	if k := &d.session.walk; k.out != d.session.outputs[0] || k.pics.find(wm.WindowID(a.id)) < 0 {
		t.Fatal("there is no picture of it on the quick output")
	}
	frames := 0
	var ask func()
	ask = func() {
		a.surface.Frame().OnDone = func(uint32) {
			frames++
			ask()
			a.surface.DamageBuffer(0, 0, 10, 10)
			a.surface.Commit()
		}
	}
	ask()
	a.surface.Commit()
	d.pass(time.Second)
	if frames < 5 || frames > 12 {
		t.Errorf("%d callbacks in a second; its output shows 10 frames", frames)
	}
}

// TestNothingIsShownOfALockedSession: all that shows windows goes with the lock.
func TestNothingIsShownOfALockedSession(t *testing.T) {
	d := barDesk(t)
	three(d)
	s := d.session
	desk := d.ctl.Desk()
	at := s.windowsOnBar(t)
	for _, c := range []struct {
		name string
		open func() error
		here func() bool
	}{
		{"switcher", func() error { return desk.Switcher(control.SwitchNext, false) }, func() bool { return s.walk.shown() || len(s.walk.pics.list) > 0 }},
		{"overview", func() error { return desk.Overview(control.OverviewOn) }, func() bool { return len(s.spread.stages) > 0 }},
		{"screenshot tool", func() error { return desk.Capture(control.CaptureRegion, false) }, s.shots.shown},
		{"preview", func() error { return d.ctl.PointerMove(at, false) }, func() bool { return s.peeks.shown() || len(s.peeks.pics.list) > 0 }},
	} {
		if err := c.open(); err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		d.pass(500 * time.Millisecond)
		if !c.here() {
			t.Fatalf("%s: it is not there", c.name)
		}
		l := d.lock()
		d.pass(100 * time.Millisecond)
		if c.here() {
			t.Errorf("%s: it stays over the lock", c.name)
		}
		if err := desk.Overview(control.OverviewOn); err == nil {
			t.Errorf("%s: the overview came over the lock", c.name)
		}
		l.lock.UnlockAndDestroy()
		d.pass(500 * time.Millisecond)
		if c.here() && c.name != "preview" {
			t.Errorf("%s: it came back after the lock", c.name)
		}
	}
}
