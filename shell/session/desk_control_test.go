package session

import (
	"testing"
	"time"

	"rayos/geom"
	"rayos/shell/control"
	"rayos/wm"
)

// TestPanelsByCommand: what a person does with keys, a command does as well.
func TestPanelsByCommand(t *testing.T) {
	d := barDesk(t)
	d.connect().open(geom.Size{W: 200, H: 100})
	desk := d.ctl.Desk()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Error(err)
		}
		d.pass(50 * time.Millisecond)
	}
	for _, c := range []struct {
		do   control.OverviewAction
		want bool
	}{
		{control.OverviewOff, false}, {control.OverviewOn, true}, {control.OverviewOn, true}, {control.OverviewToggle, false}, {control.OverviewToggle, true}, {control.OverviewOff, false},
	} {
		must(desk.Launcher(c.do))
		if got := d.session.prompt.shown(); got != c.want {
			t.Errorf("launcher %s: %v", c.do, got)
		}
		must(desk.Tile(c.do))
		if got := d.session.wm.Layout(d.session.wm.Current()) == wm.Tiling; got != c.want {
			t.Errorf("tile %s: %v", c.do, got)
		}
	}
	if desk.Undo() == nil {
		t.Error("nothing was taken back")
	}
	undone := false
	d.session.prompt.undo.offer("Moved", func() { undone = true })
	must(desk.Undo())
	if !undone || desk.Undo() == nil {
		t.Error("it wasn't taken back once")
	}
	d.lock()
	d.session.prompt.undo.offer("Moved", func() { t.Error("a locked session takes something back") })
	if desk.Launcher(control.OverviewOn) == nil || desk.Undo() == nil || desk.Tile(control.OverviewOn) == nil {
		t.Error("a locked session does as it is told")
	}
}
