package session

import (
	"path/filepath"
	"testing"
	"time"

	"rayos/geom"
	"rayos/shell/control"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// keep ties a window that is not shown yet to a session of an application, and
// returns the session's id.
func (w *deskWindow) keep(reason protocol.XdgSessionManagerV1Reason, id string) string {
	w.c.d.t.Helper()
	m := &client.XdgSessionManagerV1{}
	w.c.bind(m, &protocol.XdgSessionManagerV1Interface, 1)
	var ident *string
	if id != "" {
		ident = &id
	}
	s := m.GetSession(reason, ident)
	s.OnCreated = func(v string) { id = v }
	s.RestoreToplevel(w.top, "main")
	w.c.d.talk()
	return id
}

func TestWindowsComeBackAfterTheSession(t *testing.T) {
	const (
		restored = protocol.XdgSessionManagerV1ReasonSessionRestore
		launched = protocol.XdgSessionManagerV1ReasonLaunch
	)
	set := func(st control.WindowState) func(*desk, *deskWindow) {
		return func(d *desk, w *deskWindow) {
			if err := d.ctl.SetState(w.id, st); err != nil {
				d.t.Fatal(err)
			}
			d.pass(time.Second / 5)
		}
	}
	for _, tc := range []struct {
		name   string
		reason protocol.XdgSessionManagerV1Reason
		before func(*desk, *deskWindow)
		after  func(want, got control.Window) bool
	}{
		{"floating", launched, func(*desk, *deskWindow) {}, nil},
		{"maximized", restored, set(control.Maximize), nil},
		{"fullscreen", restored, set(control.Fullscreen), nil},
		{"in a corner", restored, set(control.SnapBotRight), nil},
		{"workspace", restored, func(d *desk, w *deskWindow) {
			if err := d.ctl.MoveToWorkspace(w.id, 6); err != nil {
				d.t.Fatal(err)
			}
			d.pass(time.Second / 5)
		}, nil},
		{"minimized", restored, set(control.Minimize), nil},
		{"minimized, and started anew", launched, set(control.Minimize), func(want, got control.Window) bool {
			return got.Visible && got.Frame == want.Frame
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "rayos", "windows.json")
			d := newDeskWith(t, Options{Places: file})
			w := d.connect().prepare(geom.Size{W: 310, H: 170})
			id := w.keep(launched, "")
			w.show()
			if err := d.ctl.Move(w.id, geom.Point{X: 123, Y: 234}); err != nil {
				t.Fatal(err)
			}
			d.pass(time.Second / 10)
			tc.before(d, w)
			want := d.window(w.id)
			d.close()

			d = newDeskWith(t, Options{Places: file})
			w = d.connect().prepare(geom.Size{W: 200, H: 100})
			w.keep(tc.reason, id)
			w.show()
			d.pass(time.Second / 5)
			got := d.window(w.id)
			if tc.after != nil {
				if !tc.after(want, got) {
					t.Errorf("came back as %+v; was %+v", got, want)
				}
				return
			}
			if got.Frame != want.Frame || got.Workspace != want.Workspace || got.Visible != want.Visible || len(got.States) != len(want.States) {
				t.Errorf("came back as %+v; was %+v", got, want)
			}
			// Out of its state it is where it was before.
			for _, st := range []control.WindowState{control.Restore, control.Unfullscreen, control.Unsnap} {
				if err := d.ctl.SetState(w.id, st); err != nil {
					t.Fatal(err)
				}
			}
			d.pass(time.Second / 5)
			if got, want := d.window(w.id), (control.Rect{X: 123, Y: 234, W: 314, H: 206}); got.Frame != want {
				t.Errorf("its floating frame is %v; want %v", got.Frame, want)
			}
			if len(w.configures) == 0 || w.configures[0] == "0x0" {
				t.Errorf("the first configure was %v; want the size that it had", w.configures)
			}
		})
	}
}

func TestPlacesAreWrittenAfterAPause(t *testing.T) {
	file := filepath.Join(t.TempDir(), "rayos", "windows.json")
	d := newDeskWith(t, Options{Places: file})
	w := d.connect().prepare(small)
	w.keep(protocol.XdgSessionManagerV1ReasonLaunch, "")
	w.show()
	d.pass(time.Second / 10)
	k := &d.session.keeper
	if !k.timer.Armed() || !d.session.server.Places.Dirty() {
		t.Fatal("nothing is planned")
	}
	d.pass(savePause + time.Second)
	if k.timer.Armed() || d.session.server.Places.Dirty() {
		t.Error("nothing was written")
	}
	if err := d.ctl.Move(w.id, geom.Point{X: 1, Y: 300}); err != nil {
		t.Fatal(err)
	}
	d.pass(time.Second / 10)
	if !k.timer.Armed() {
		t.Error("a move plans nothing")
	}
}
