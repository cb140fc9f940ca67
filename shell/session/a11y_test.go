package session

import (
	"testing"
	"time"

	"rayos/internal/bustest"
	"rayos/rayapps/ui"
)

// TestAScreenReaderReadsTheShell looks with the library that screen readers use,
// and presses what it finds.
func TestAScreenReaderReadsTheShell(t *testing.T) {
	r := bustest.NewReader(t)
	d := newDeskWith(t, Options{Shell: true, Bus: r.Address})
	r.Read(func() { d.pass(2 * time.Millisecond) }, "role push button\nrole menu item\n", "RayOS", "Menu", "End session…")
	if !d.session.bars.bars[0].panel.Root().Trapping() {
		t.Error("the menu is not open")
	}
}

// TestAScreenReaderReadsConfinedApps that have no bus.
func TestAScreenReaderReadsConfinedApps(t *testing.T) {
	r := bustest.NewReader(t)
	d := newAppDesk(t, "", Options{Shell: true, Bus: r.Address})
	if how := d.run("reads"); how != "started" {
		t.Fatal(how)
	}
	d.title(func(s string) bool { return s == "reads" })
	r.Read(func() {
		if err := d.loop.Dispatch(2 * time.Millisecond); err != nil {
			t.Fatal(err)
		}
		d.loop.Advance(2 * time.Millisecond)
	}, "role push button\n", "RayOS", "Tally up")
	d.title(func(s string) bool { return s == "pressed" })
	// The reader has gone: the app isn't asked any more.
	l := d.session.installed.runs[0].link
	d.becomes("nobody reads", func() bool { return !d.session.access.listening && l.access.window == nil && l.access.in == nil })
	d.stop()
}

// TestNothingIsReadWhileLocked: nobody hears of windows from a locked screen.
func TestNothingIsReadWhileLocked(t *testing.T) {
	d := barDesk(t)
	r := readable{d.session, d.session.bars.bars[0].panel}
	app := appReadable{&appLink{a: &d.session.installed, access: appAccess{in: &ui.Info{ID: 1, Name: "secret"}}}}
	if len(r.Semantics().Children) == 0 {
		t.Fatal("there is nothing to read")
	}
	d.session.lock.on = true
	defer func() { d.session.lock.on = false }()
	if in := r.Semantics(); len(in.Children) != 0 || in.Name != "" || r.Do(1, 0, "") {
		t.Errorf("a reader sees %+v", in)
	}
	if in := app.Semantics(); in.Name != "" || app.Do(1, 0, "") {
		t.Errorf("a reader sees %+v of an app", in)
	}
}
