package session

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rayos/geom"
	"rayos/gpu/display"
	"rayos/rayapps/ui"
	"rayos/shell/auth"
	"rayos/surfaces/capture"
)

// fakeAuth takes "secret", hangs for "hang" and crashes for "crash".
const fakeAuth = `#!/bin/sh
case $1 in
ready) echo ready ;;
verify)
	read -r p || :
	case $p in
	secret) echo accepted; exit 0 ;;
	hang) exec sleep 1000 ;;
	crash) kill -SEGV $$ ;;
	why) echo refused The account is closed; exit 1 ;;
	esac
	echo refused
	exit 1 ;;
esac
`

func authOf(t testing.TB, script string) auth.Helper {
	t.Helper()
	path := filepath.Join(t.TempDir(), "auth")
	if err := os.WriteFile(path, []byte(script), 0o700); err != nil {
		t.Fatal(err)
	}
	return auth.Helper{Command: []string{"/bin/sh", path}}
}

func lockDesk(t testing.TB, o Options, sizes ...geom.Size) *desk {
	t.Helper()
	o.Shell = true
	if o.Auth.Command == nil {
		o.Auth = authOf(t, fakeAuth)
	}
	d := newDeskWith(t, o, sizes...)
	d.pass(time.Second / 10)
	return d
}

// await lets the session wait for other processes; no time of its clock passes
// but frames.
func (d *desk) await(what string, holds func() bool) {
	d.t.Helper()
	for late := time.Now().Add(time.Minute); !holds(); {
		if time.Now().After(late) {
			d.t.Fatalf("not within a minute: %s", what)
		}
		if err := d.loop.Dispatch(10 * time.Millisecond); err != nil {
			d.t.Fatal(err)
		}
		d.talk()
	}
}

// lockNow locks the session, and returns once no output shows it.
func (d *desk) lockNow() error {
	d.t.Helper()
	var err error
	done := false
	d.ctl.Guard().Lock(func(e error) { done, err = true, e })
	d.await("an answer", func() bool { return done || d.session.lock.on })
	d.pass(time.Second / 10)
	if !done {
		d.t.Fatal("the lock is never complete")
	}
	return err
}

// try types a password, and returns what the screen then says.
func (d *desk) try(password string) string {
	d.t.Helper()
	if err := d.ctl.Type(password + "\n"); err != nil {
		d.t.Fatal(err)
	}
	k := &d.session.screenLock
	d.await("a verdict", func() bool { return k.checking == nil })
	d.pass(time.Second / 10)
	return k.message
}

func TestTheLockScreen(t *testing.T) {
	dir := t.TempDir()
	d := lockDesk(t, Options{Runtime: dir}, geom.Size{W: 800, H: 600}, geom.Size{W: 640, H: 480})
	c := d.connect()
	w := c.open(geom.Size{W: 300, H: 200})
	d.pass(time.Second / 5)
	if err := d.lockNow(); err != nil {
		t.Fatal(err)
	}
	c.keys = nil
	if st := d.ctl.Guard().Locked(); !st.Locked || !st.Own {
		t.Errorf("%+v", st)
	}
	if _, err := d.session.shootWindow(d.session.windows[d.session.stackID(w.id)]); err == nil {
		t.Error("a window was captured")
	}
	// A locker of another program gets nothing, and unlocks nothing.
	l := d.lock()
	if l.locked {
		t.Error("a program has the lock as well")
	}
	for _, password := range []string{"wrong", "crash", ""} {
		if d.try(password) == "" || !d.session.lock.on {
			t.Errorf("%q unlocks", password)
		}
	}
	if got := d.try("why"); d.session.screenLock.until <= d.loop.Now() {
		t.Errorf("after four failures there is no wait: %q", got)
	}
	// Before its time nothing is checked, not even what is right.
	d.session.screenLock.Forget()
	if d.try("secret"); !d.session.lock.on {
		t.Error("a password was taken too early")
	}
	d.session.screenLock.Forget()
	d.pass(longestWait)
	// An output that comes is covered, and has the screen.
	if _, err := d.display.AddOutput(display.Spec{Size: geom.Size{W: 640, H: 480}}); err != nil {
		t.Fatal(err)
	}
	d.pass(time.Second / 10)
	if n := len(d.session.screenLock.panels); n != 3 {
		t.Errorf("%d screens on 3 outputs", n)
	}
	if err := d.display.RemoveOutput("HEADLESS-1"); err != nil {
		t.Fatal(err)
	}
	d.pass(time.Second / 10)
	if got := d.try("secret"); got != "" || d.session.lock.on || len(d.session.screenLock.panels) != 0 {
		t.Fatalf("the right password: %q, locked %v", got, d.session.lock.on)
	}
	if got := strings.Join(c.keys, ","); got != "enter" { // of the keyboard, when the lock has gone
		t.Errorf("a window has heard %s", got)
	}
	if d.key("a"); len(c.keys) == 0 {
		t.Error("the window hears no keys after the lock")
	}
	if names, _ := filepath.Glob(filepath.Join(dir, lockPattern)); len(names) != 0 {
		t.Errorf("left: %q", names)
	}
}

// Forget is what Escape does.
func (k *lockScreen) Forget() { k.screen.Forget() }

func TestWhatNobodyCouldUnlockIsNotLocked(t *testing.T) {
	for name, h := range map[string]auth.Helper{
		"none": {Command: []string{"/no/such/rayos-auth"}}, "without PAM": authOf(t, "echo built without PAM >&2; exit 2"),
	} {
		d := lockDesk(t, Options{Auth: h})
		if err := d.lockNow(); err == nil || d.session.lock.on {
			t.Errorf("%s: %v, locked %v", name, err, d.session.lock.on)
		}
		d.close()
	}
}

func TestALockOutlivesItsViews(t *testing.T) {
	d := lockDesk(t, Options{})
	if err := d.lockNow(); err != nil {
		t.Fatal(err)
	}
	k := &d.session.screenLock
	k.view = func(int32) ui.Node { panic("broken") }
	for range 3 {
		k.refresh()
		d.pass(time.Second / 10)
		if !d.session.lock.on {
			t.Fatal("a view that fails unlocks")
		}
		d.pass(2 * reviveAfter)
	}
	k.view = k.screen.View
	d.pass(2 * reviveAfter)
	if len(k.panels) != 1 || k.panels[0].panel.Down() {
		t.Fatal("the view has not come back")
	}
	if d.try("secret"); d.session.lock.on {
		t.Error("the view that came back unlocks nothing")
	}
}

func TestASessionThatCrashedStartsLocked(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "rayos-wayland-0.locked")
	if err := os.WriteFile(path, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	d := lockDesk(t, Options{Runtime: dir})
	if !d.session.screenLock.on {
		t.Fatal("it is not locked")
	}
	if _, err := d.shot(0, geom.Point{X: 5, Y: 5}); err != nil {
		t.Error(err)
	}
	// One that runs isn't one that crashed.
	if was, err := staleLocks(dir); len(was) > 0 || err != nil {
		t.Errorf("its own file is stale: %v, %v", was, err)
	}
	st, err := os.Stat(d.session.screenLock.file.f.Name())
	if err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("the file: %v, %v", st, err)
	}
	if d.try("secret"); d.session.lock.on {
		t.Error("it can't be unlocked")
	}
	if err := os.Symlink("/etc/passwd", path); err != nil {
		t.Fatal(err)
	}
	if was, err := staleLocks(dir); len(was) > 0 || err == nil {
		t.Errorf("a link: %v, %v", was, err)
	}
}

func TestTheSessionIsLockedWhenNobodyIsThere(t *testing.T) {
	d := lockDesk(t, Options{})
	var err error
	d.session.prefs.Set("privacy.lock-after", "1", func(e error) { err = e })
	if err != nil {
		t.Fatal(err)
	}
	d.pass(40 * time.Second)
	d.key("a")
	d.pass(40 * time.Second)
	if d.session.screenLock.asking || d.session.lock.on {
		t.Fatal("it is locked though somebody is there")
	}
	d.pass(30 * time.Second)
	d.await("the lock", func() bool { return d.session.lock.on })
}

func TestScreenReadersReadTheLockAlone(t *testing.T) {
	d := lockDesk(t, Options{})
	if err := d.lockNow(); err != nil {
		t.Fatal(err)
	}
	s := d.session
	if r := (readable{s, s.bars.bars[0].panel}); len(r.Semantics().Children) != 0 || r.Do(1, ui.DoActivate, "") {
		t.Error("the taskbar can be read while the session is locked")
	}
	if r := (readable{s, s.screenLock.panels[0].panel}); len(r.Semantics().Children) == 0 {
		t.Error("the lock screen can't be read")
	}
	if s.access.key(30, true) {
		t.Error("a reader takes keys of the password")
	}
}

func TestPressesOnTheLockScreen(t *testing.T) {
	d := lockDesk(t, Options{}, geom.Size{W: 800, H: 600}, geom.Size{W: 800, H: 600})
	if err := d.lockNow(); err != nil {
		t.Fatal(err)
	}
	k := &d.session.screenLock
	d.click(5, 5, btnLeft) // on nothing
	if k.keyboard() == nil {
		t.Error("a press beside it takes the keyboard from the lock screen")
	}
	d.click(800+400, 300, btnLeft)
	d.pass(time.Second / 10)
	if k.front != k.of(d.session.outputs[1]) {
		t.Error("a press on the other screen does not give it the keyboard")
	}
	for range 3 {
		d.key("Tab")
		d.key("Escape")
		d.pass(time.Second / 10)
	}
	if k.keyboard() == nil {
		t.Error("Escape leaves the lock screen without the keyboard")
	}
}

func TestNothingShowsBetweenTheLockAndItsFirstFrame(t *testing.T) {
	d := lockDesk(t, Options{})
	d.session.screenLock.engage("test")
	if _, err := d.shot(0, geom.Point{}); err == nil || !strings.Contains(err.Error(), capture.ErrNotDrawn.Error()) {
		t.Errorf("a capture before the cover: %v", err)
	}
	d.pass(time.Second / 10)
}
