package session

import (
	"strings"
	"testing"
	"time"

	"rayos/geom"
	"rayos/shell/control"
	"rayos/shell/taskbar"
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
		must(desk.Taskbar(control.SheetCalendar, c.do))
		if got := d.session.bars.here().view.Opened(taskbar.Calendar); got != c.want {
			t.Errorf("calendar %s: %v", c.do, got)
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
	if desk.Taskbar(control.SheetTray, control.OverviewOn) == nil {
		t.Error("an empty tray is open")
	}
	must(desk.Taskbar(control.SheetCalendar, control.OverviewOn))
	v := d.session.bars.here().view
	v.Show(taskbar.State{Status: taskbar.Status{Sound: true}})
	must(desk.Taskbar(control.SheetQuick, control.OverviewOn)) // the other one goes
	if !v.Opened(taskbar.Quick) || v.Opened(taskbar.Calendar) {
		t.Error("both are open, or none")
	}
	d.key("Escape")
	if v.Opened(taskbar.Quick) {
		t.Error("Escape doesn't close it")
	}
	var said strings.Builder
	list, _ := d.session.console.log.After(0)
	for _, e := range list {
		said.WriteString(e.Line + "\n")
	}
	for _, m := range []string{"RAYOS_SHELL:calendar:opened", "RAYOS_SHELL:calendar:closed", "RAYOS_SHELL:quick-settings:closed"} {
		if !strings.Contains(said.String(), m) {
			t.Errorf("no %s", m)
		}
	}
	d.lock()
	d.session.prompt.undo.offer("Moved", func() { t.Error("a locked session takes something back") })
	if desk.Taskbar(control.SheetCalendar, control.OverviewOn) == nil || desk.Launcher(control.OverviewOn) == nil || desk.Undo() == nil || desk.Tile(control.OverviewOn) == nil {
		t.Error("a locked session does as it is told")
	}
}
