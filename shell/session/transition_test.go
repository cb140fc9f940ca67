package session

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"rayos/geom"
	"rayos/wm"
)

// stackID is for tests, which know windows by the numbers of the control
// socket.
func (s *Session) stackID(id uint32) wm.WindowID { return wm.WindowID(id) }

var small = geom.Size{W: 300, H: 200}

func TestTiledWindowsChangeInOneFrame(t *testing.T) {
	d := newDesk(t)
	c := d.connect()
	a, b := c.open(small), c.open(small)
	d.key("super+t")
	d.pass(50 * 1e6)
	a.slow, b.slow = true, true
	before := []string{a.shown(), b.shown()}

	// A wider main column makes both change.
	d.session.do(wm.TileRatio{N: 0, Delta: 150})
	d.talk()
	a.answer()
	d.talk()
	if diff := cmp.Diff(before, []string{a.shown(), b.shown()}); diff != "" {
		t.Errorf("one window has answered and the layout changed (-want +got):\n%s", diff)
	}
	b.answer()
	d.talk()
	after := []string{a.shown(), b.shown()}
	if after[0] == before[0] || after[1] == before[1] {
		t.Errorf("both have answered; shown %q; before %q", after, before)
	}
}

func TestSlowWindowIsWaitedForAMoment(t *testing.T) {
	d := newDesk(t)
	c := d.connect()
	a, b := c.open(small), c.open(small)
	d.key("super+t")
	d.pass(50 * 1e6)
	b.slow = true
	before := a.shown()
	d.session.do(wm.TileRatio{N: 0, Delta: 150})
	d.talk()
	d.pass(layoutDeadline - 20*1e6)
	if got := a.shown(); got != before {
		t.Errorf("before the deadline: shown %s; want %s", got, before)
	}
	d.pass(60 * 1e6)
	if got := a.shown(); got == before {
		t.Error("after the deadline the layout still waits for a window that doesn't answer")
	}
}

func TestConfigureSequence(t *testing.T) {
	d := newDesk(t)
	w := d.connect().open(small)
	d.key("super+Up")
	d.key("super+f")
	d.key("super+f")
	d.key("super+Up")
	d.key("super+Left")
	want := []string{
		"0x0 activated",
		"800x566 maximized activated",
		"800x600 maximized fullscreen activated",
		"800x566 maximized activated",
		"300x200 activated",
		"396x564 activated tiled_left tiled_top tiled_bottom",
	}
	if diff := cmp.Diff(want, w.configures); diff != "" {
		t.Errorf("configures (-want +got):\n%s", diff)
	}
}

func TestHiddenWindowGetsNoKeys(t *testing.T) {
	d := newDesk(t)
	c := d.connect()
	w := c.open(small)
	d.key("a")
	d.key("super+Down")
	d.key("b")
	if got := d.window(w.id); got.Visible || got.Focused {
		t.Errorf("a minimised window is %+v", got)
	}
	want := []string{"enter", "key 30 pressed", "key 30 released", "key 125 pressed", "key 125 released", "leave"}
	if diff := cmp.Diff(want, c.keys); diff != "" {
		t.Errorf("keyboard events (-want +got):\n%s", diff)
	}
}

func TestWorkspacesHideAndShow(t *testing.T) {
	d := newDesk(t)
	w := d.connect().open(small)
	d.key("super+2")
	if d.window(w.id).Visible {
		t.Error("a window of workspace 1 is visible on workspace 2")
	}
	d.key("super+1")
	if got := d.window(w.id); !got.Visible || !got.Focused {
		t.Errorf("back on its workspace the window is %+v", got)
	}
	d.key("super+shift+3")
	if got := d.window(w.id); got.Workspace != 2 {
		t.Errorf("workspace = %d; want 2", got.Workspace)
	}
}

func TestWindowsSurviveOutputs(t *testing.T) {
	d := newDesk(t, geom.Size{W: 800, H: 600}, geom.Size{W: 640, H: 480})
	w := d.connect().open(small)
	if err := d.ctl.Move(w.id, geom.Point{X: 900, Y: 50}); err != nil {
		t.Fatal(err)
	}
	d.talk()
	if got := d.window(w.id).Output; got != "HEADLESS-2" {
		t.Fatalf("output = %q; want HEADLESS-2", got)
	}
	for _, name := range []string{"HEADLESS-2", "HEADLESS-1"} {
		if err := d.ctl.RemoveOutput(name); err != nil {
			t.Fatal(err)
		}
		d.talk()
	}
	if n := len(d.ctl.Windows()); n != 1 {
		t.Fatalf("%d windows without an output; want 1", n)
	}
	if _, err := d.ctl.AddOutput(specOf("HEADLESS-2")); err != nil {
		t.Fatal(err)
	}
	d.pass(50 * 1e6)
	if got := d.window(w.id); !got.Visible || got.Output != "HEADLESS-2" {
		t.Errorf("after the output came back the window is %+v", got)
	}
}

func TestCloseAsks(t *testing.T) {
	d := newDesk(t)
	w := d.connect().open(small)
	d.key("super+q")
	if !w.closed {
		t.Error("the window was not asked to close")
	}
}

// TestWindowGoesWithAHeldCommit: its commit waits for another window's, and is
// let go when the window ends. That maps nothing.
func TestWindowGoesWithAHeldCommit(t *testing.T) {
	d := newDesk(t)
	c := d.connect()
	a, b := c.open(small), c.open(small)
	d.key("super+t")
	d.pass(50 * 1e6)
	a.slow, b.slow = true, true
	d.session.do(wm.TileRatio{N: 0, Delta: 150})
	d.talk()
	a.answer()
	d.talk()
	a.deco.Destroy()
	a.top.Destroy()
	d.talk()
	if list := d.ctl.Windows(); len(list) != 1 || list[0].ID != b.id || len(d.session.windows) != 1 {
		t.Errorf("windows are %+v, and %d known; want the other alone", list, len(d.session.windows))
	}
	a.xdg.Destroy()
	a.surface.Destroy()
	d.talk()
	b.answer()
	d.pass(200 * 1e6)
}
