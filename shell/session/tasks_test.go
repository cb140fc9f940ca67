package session

import (
	"errors"
	"strings"
	"testing"
	"time"

	"rayos/shell/control"
)

// tasksOf asks for what the conductor has and had.
func (d *desk) tasksOf() (list []control.Task) {
	d.t.Helper()
	done := false
	d.ctl.Conductor().Tail(100, func(l []control.Task, err error) {
		if err != nil {
			d.t.Error(err)
		}
		list, done = l, true
	})
	d.await("the tasks", func() bool { return done })
	return list
}

func (d *desk) dreams(do control.DreamAction) (v control.Dreams, err error) {
	d.t.Helper()
	done := false
	d.ctl.Conductor().Dreams(do, func(got control.Dreams, e error) { v, err, done = got, e, true })
	d.await("the dreams", func() bool { return done })
	return v, err
}

func TestTasksOfTheSession(t *testing.T) {
	dir := t.TempDir()
	d := newDeskWith(t, Options{Tasks: dir})
	submit := func(s control.TaskSpec) (id uint64, err error) {
		done := false
		d.ctl.Conductor().Submit(s, false, func(i uint64, e error) { id, err, done = i, e, true })
		d.await("the task", func() bool { return done })
		return id, err
	}
	id, err := submit(control.TaskSpec{Kind: tidy, Level: "high"})
	if err != nil {
		t.Fatal(err)
	}
	d.await("its end", func() bool {
		for _, k := range d.tasksOf() {
			if k.ID == id && k.State == "done" && k.Kind == tidy {
				return true
			}
		}
		return false
	})
	var bad *control.Error
	if _, err := submit(control.TaskSpec{Kind: "nothing", Level: "low"}); !errors.As(err, &bad) || bad.Code != control.CodeBadArgs || !strings.Contains(err.Error(), tidy) {
		t.Errorf("a kind that isn't there: %v", err)
	}
	var snap control.ConductorSnapshot
	d.ctl.Conductor().Snapshot(func(s control.ConductorSnapshot, err error) { snap = s })
	d.await("the snapshot", func() bool { return snap.Line != "" })
	if !strings.HasPrefix(snap.Line, "s1_running=0 conductor_running=1 conductor_tq_depth=0 conductor_submitted=1 conductor_dropped=1 conductor_last_tick=") {
		t.Errorf("snapshot %q", snap.Line)
	}

	// With the conductor stopped a task waits, where the explorer sees it, and
	// can be given up.
	stopped := false
	d.ctl.Conductor().Run(false, func(err error) { stopped = err == nil })
	d.await("the stop", func() bool { return stopped })
	if id, err = submit(control.TaskSpec{Kind: tidy, Level: "low"}); err != nil {
		t.Fatal(err)
	}
	if w := d.ctl.Observer().Processes().Work; len(w) != 1 || w[0].ID != id || w[0].State != "queued" {
		t.Errorf("the processes have %+v", w)
	}
	gone := false
	d.ctl.Conductor().Cancel(id, func(err error) { gone = err == nil })
	d.await("its end", func() bool { return gone && len(d.ctl.Observer().Processes().Work) == 0 })

	// Another session of the person has a queue that ends with it.
	other := newDeskWith(t, Options{Tasks: dir})
	if len(other.tasksOf()) != 0 {
		t.Error("the second session has the first one's tasks")
	}
	other.close()
	d.close()
	d = newDeskWith(t, Options{Tasks: dir})
	d.tasksOf() // the folder is free again
	if d.session.tasks.err != nil {
		t.Error(d.session.tasks.err)
	}
}

// TestPresence: dreams know from the seat that the person is away, and back.
func TestPresence(t *testing.T) {
	d := newDeskWith(t, Options{})
	state := func() string {
		v, err := d.dreams(control.DreamShow)
		if err != nil {
			t.Fatal(err)
		}
		return v.State
	}
	if s := state(); s != "awake" {
		t.Errorf("at first %s", s)
	}
	for _, c := range []struct {
		pass time.Duration
		want string
	}{{220 * time.Second, "awake"}, {10 * time.Second, "drowsy"}, {80 * time.Second, "dreaming"}} {
		d.pass(c.pass)
		if s := state(); s != c.want {
			t.Errorf("after %v more: %s; want %s", c.pass, s, c.want)
		}
	}
	d.key("a")
	if s := state(); s != "awake" {
		t.Errorf("with the person back: %s", s)
	}
	d.pass(230 * time.Second)
	if s := state(); s != "drowsy" {
		t.Errorf("away again: %s", s)
	}
	if v, err := d.dreams(control.DreamOff); err != nil || v.State != "off" || d.session.prefs.store.Get("privacy.dreams") != "off" {
		t.Errorf("switched off: %+v, %v", v, err)
	}
	if _, err := d.dreams(control.DreamRun); err == nil {
		t.Error("it dreams though that is off")
	}
	if v, err := d.dreams(control.DreamOn); err != nil || v.State != "drowsy" || len(v.Jobs) == 0 {
		t.Errorf("switched on: %+v, %v", v, err)
	}
}
