package session

import (
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"rayos/geom"
	"rayos/internal/bustest"
	"rayos/rayapps/ui"
	"rayos/shell/control"
	"rayos/shell/settings"
)

// login1 is a logind of the test's: what it was asked for, and what it thinks of
// it.
type login1 struct {
	conn *dbus.Conn
	mu   sync.Mutex
	did  []string
	held *os.File // ends when the session lets the machine sleep
	ours *os.File
	no   string // what Reboot answers, "" does it
}

const (
	loginPath    = dbus.ObjectPath("/org/freedesktop/login1")
	loginSession = dbus.ObjectPath("/org/freedesktop/login1/session/_31")
	loginManager = "org.freedesktop.login1.Manager"
)

func newLogin1(t *testing.T) (*login1, string) {
	t.Helper()
	address := bustest.New(t)
	conn, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	l := &login1{conn: conn}
	note := func(what string) {
		l.mu.Lock()
		l.did = append(l.did, what)
		l.mu.Unlock()
	}
	verb := func(what string) func(bool) *dbus.Error {
		return func(bool) *dbus.Error {
			note(what)
			l.mu.Lock()
			defer l.mu.Unlock()
			if what == "reboot" && l.no != "" {
				return dbus.NewError("org.freedesktop.DBus.Error.AccessDenied", []any{l.no})
			}
			return nil
		}
	}
	can := func(word string) func() (string, *dbus.Error) {
		return func() (string, *dbus.Error) { return word, nil }
	}
	hint := func(what string) func(bool) *dbus.Error {
		return func(on bool) *dbus.Error {
			note(what + map[bool]string{true: " on", false: " off"}[on])
			return nil
		}
	}
	manager := map[string]any{
		"GetSessionByPID": func(uint32) (dbus.ObjectPath, *dbus.Error) { return loginSession, nil },
		"Inhibit": func(string, string, string, string) (dbus.UnixFD, *dbus.Error) {
			r, w, err := os.Pipe()
			if err != nil {
				return 0, dbus.MakeFailedError(err)
			}
			l.mu.Lock()
			l.held, l.ours = r, w
			l.mu.Unlock()
			note("inhibit")
			return dbus.UnixFD(w.Fd()), nil
		},
		"CanSuspend": can("yes"), "CanReboot": can("yes"), "CanPowerOff": can("na"),
		"Suspend": verb("suspend"), "Reboot": verb("reboot"), "PowerOff": verb("poweroff"),
		"ListInhibitors": func() ([]struct {
			What, Who, Why, Mode string
			UID, PID             uint32
		}, *dbus.Error,
		) {
			return nil, nil
		},
	}
	if err := conn.ExportMethodTable(manager, loginPath, loginManager); err != nil {
		t.Fatal(err)
	}
	if err := conn.ExportMethodTable(map[string]any{"SetLockedHint": hint("locked"), "SetIdleHint": hint("idle")}, loginSession, "org.freedesktop.login1.Session"); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.RequestName("org.freedesktop.login1", dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	return l, address
}

func (l *login1) was(what string) func() bool {
	return func() bool {
		l.mu.Lock()
		defer l.mu.Unlock()
		for _, d := range l.did {
			if d == what {
				return true
			}
		}
		return false
	}
}

func (l *login1) emit(t *testing.T, path dbus.ObjectPath, member string, body ...any) {
	t.Helper()
	if err := l.conn.Emit(path, member, body...); err != nil {
		t.Fatal(err)
	}
}

// logindDesk is a session that has found logind.
func logindDesk(t *testing.T) (*desk, *login1) {
	t.Helper()
	l, address := newLogin1(t)
	d := lockDesk(t, Options{SystemBus: address})
	d.await("logind is found", func() bool { return d.session.logind.m != nil && !d.session.leave.asking })
	return d, l
}

// leave leaves, and returns why it isn't left.
func (d *desk) leave(what control.Leave, sure bool) error {
	d.t.Helper()
	var err error
	done := false
	d.ctl.Guard().Leave(what, sure, func(e error) { done, err = true, e })
	d.await("an answer", func() bool {
		d.pass(time.Second / 20)
		return done
	})
	return err
}

func TestLoggingOutAsksWindowsToClose(t *testing.T) {
	d := lockDesk(t, Options{})
	c := d.connect()
	c.open(geom.Size{W: 300, H: 200})
	d.pass(time.Second / 10)
	if err := d.leave(control.LogOut, false); err == nil || !strings.Contains(err.Error(), "--yes") || d.session.done {
		t.Fatalf("a window is open: %v, left %v", err, d.session.done)
	}
	// The window doesn't close: who is sure leaves after its time.
	since := d.loop.Now()
	if err := d.leave(control.LogOut, true); err != nil || !d.session.done {
		t.Fatalf("%v, left %v", err, d.session.done)
	}
	if took := d.loop.Now() - since; took < closeWithin {
		t.Errorf("the window had %v to close", took)
	}
}

func TestTheDialogComesBackForAWindowThatStays(t *testing.T) {
	d := lockDesk(t, Options{})
	l := &d.session.leave
	c := d.connect()
	c.open(geom.Size{W: 300, H: 200})
	d.pass(time.Second / 10)
	d.key("super+shift+e")
	d.await("what can be done", func() bool { return !l.asking })
	if !l.sheet.shown() || len(l.shown) != 1 {
		t.Fatalf("shown %v, losses %+v", l.sheet.shown(), l.shown)
	}
	l.Do(string(control.LogOut))
	d.pass(time.Second)
	if l.sheet.shown() || d.session.done {
		t.Fatal("it stays in the way of what windows ask, or doesn't wait")
	}
	d.pass(closeWithin)
	if !l.sheet.shown() || l.fault == "" || d.session.done {
		t.Fatalf("the window is still there: shown %v, %q, left %v", l.sheet.shown(), l.fault, d.session.done)
	}
	for _, deed := range l.deeds() {
		if deed.ID == string(control.LogOut) != deed.Danger {
			t.Errorf("%+v", deed)
		}
	}
	l.Do(string(control.LogOut))
	d.pass(closeWithin + time.Second)
	if !d.session.done {
		t.Error("who is sure doesn't leave")
	}
}

func TestWithoutLogindTheMachineStays(t *testing.T) {
	d := lockDesk(t, Options{})
	for _, what := range []control.Leave{control.Sleep, control.Restart, control.PowerOff} {
		if err := d.leave(what, true); err == nil || d.session.done || d.session.lock.on {
			t.Errorf("%s: %v, left %v, locked %v", what, err, d.session.done, d.session.lock.on)
		}
	}
	d.key("ctrl+alt+Delete")
	l := &d.session.leave
	d.await("what can be done", func() bool { return !l.asking })
	for _, deed := range l.deeds() {
		_, machine := verbs[control.Leave(deed.ID)]
		if deed.Disabled != machine || deed.Help == "" {
			t.Errorf("%+v", deed)
		}
	}
	d.key("Escape")
	d.pass(time.Second / 10)
	if l.sheet.shown() {
		t.Error("Escape leaves it open")
	}
}

func TestSuspendLocksFirst(t *testing.T) {
	d, l := logindDesk(t)
	if err := d.leave(control.Sleep, false); err != nil {
		t.Fatal(err)
	}
	if !l.was("suspend")() || !d.session.lock.on || d.session.lock.waiting {
		t.Errorf("suspended %v, locked %v, covered %v", l.was("suspend")(), d.session.lock.on, !d.session.lock.waiting)
	}
	d.await("logind knows", l.was("locked on"))
	l.mu.Lock()
	l.did = nil
	l.mu.Unlock()
	k := &d.session.screenLock
	d.await("the lock screen offers it", func() bool { return k.shown.Sleep })
	k.Sleep()
	d.await("it is suspended again", l.was("suspend"))
	if d.try("secret"); d.session.lock.on {
		t.Fatal("it can't be unlocked")
	}
	d.await("logind knows", l.was("locked off"))
}

func TestSleepWaitsForTheCover(t *testing.T) {
	d, l := logindDesk(t)
	l.mu.Lock()
	held := l.held
	l.ours.Close()
	l.mu.Unlock()
	slept := make(chan bool, 1)
	go func() {
		_, _ = held.Read(make([]byte, 1)) // ends with the inhibitor
		slept <- true
	}()
	l.emit(t, loginPath, loginManager+".PrepareForSleep", true)
	d.await("the machine sleeps", func() bool {
		d.pass(time.Second / 60)
		return len(slept) > 0
	})
	if !d.session.lock.on || d.session.lock.waiting {
		t.Error("it sleeps before the session is covered")
	}
}

func TestLogindLocksAndUnlocksAsAllowed(t *testing.T) {
	d, l := logindDesk(t)
	l.emit(t, loginSession, "org.freedesktop.login1.Session.Lock")
	d.await("the lock", func() bool { return d.session.lock.on })
	d.pass(time.Second / 10)
	l.mu.Lock()
	l.did = nil
	l.mu.Unlock()
	l.emit(t, loginSession, "org.freedesktop.login1.Session.Unlock")
	l.emit(t, loginPath, loginManager+".PrepareForSleep", false) // comes after it
	d.await("what comes after the signal", l.was("inhibit"))
	d.pass(time.Second / 10)
	if !d.session.lock.on {
		t.Fatal("anybody's loginctl unlocks")
	}
	d.session.prefs.Set("privacy.unlock-by-system", settings.On, func(err error) {
		if err != nil {
			t.Error(err)
		}
	})
	l.emit(t, loginSession, "org.freedesktop.login1.Session.Unlock")
	d.await("the lock opens", func() bool { return !d.session.lock.on })
}

func TestARestartThatIsRefusedIsToldOf(t *testing.T) {
	d, l := logindDesk(t)
	l.mu.Lock()
	l.no = "not you"
	l.mu.Unlock()
	if err := d.leave(control.Restart, false); err == nil || !strings.Contains(err.Error(), "not you") || d.session.done {
		t.Errorf("%v, left %v", err, d.session.done)
	}
	if err := d.leave(control.PowerOff, true); err == nil || l.was("poweroff")() {
		t.Errorf("what this machine can't: %v", err)
	}
	l.mu.Lock()
	l.no = ""
	l.mu.Unlock()
	if err := d.leave(control.Restart, false); err != nil || !d.session.done {
		t.Errorf("%v, left %v", err, d.session.done)
	}
}

func TestLogindKnowsThatNobodyIsThere(t *testing.T) {
	d, l := logindDesk(t)
	d.pass(absentAfter + time.Minute)
	d.await("logind knows", l.was("idle on"))
	d.key("a")
	d.await("logind knows", l.was("idle off"))
}

func TestALockedSessionHasNoLeaveDialog(t *testing.T) {
	d := lockDesk(t, Options{})
	if err := d.ctl.Guard().AskLeave(true); err != nil || !d.session.leave.sheet.shown() {
		t.Fatalf("the dialog: %v", err)
	}
	if err := d.lockNow(); err != nil {
		t.Fatal(err)
	}
	if d.session.leave.sheet.shown() {
		t.Error("it stays open under the lock")
	}
	if err := d.ctl.Guard().AskLeave(true); err == nil || d.session.leave.sheet.shown() {
		t.Errorf("it opens: %v", err)
	}
	d.key("ctrl+alt+Delete")
	if d.session.leave.sheet.shown() {
		t.Error("a key opens it")
	}
	r := readable{d.session, d.session.leave.panel}
	if len(r.Semantics().Children) != 0 || r.Do(1, ui.DoActivate, "") {
		t.Error("readers read it")
	}
}

func TestTheOwnLockTakesOverFromADeadLocker(t *testing.T) {
	d := lockDesk(t, Options{})
	l := d.lock()
	d.pass(time.Second / 10)
	if !l.locked || d.session.screenLock.on {
		t.Fatal("the program has no lock")
	}
	l.c.dpy.Close()
	d.clients = nil
	d.pass(time.Second / 10)
	d.await("the own lock", func() bool { return d.session.screenLock.on })
	d.pass(time.Second / 10)
	if d.try("secret"); d.session.lock.on {
		t.Error("it can't be unlocked")
	}
}

func TestUnsaved(t *testing.T) {
	for title, want := range map[string]bool{"*notes.txt": true, "notes.txt": false, "● main.go": true, "main.go •": true, "": false, "a * b": false} {
		if unsaved(title) != want {
			t.Errorf("%q: %v", title, !want)
		}
	}
}

func TestMachinesHaveCtrlAltDelete(t *testing.T) {
	d := lockDesk(t, Options{})
	l := &d.session.leave
	m := d.machine(nil)
	m.view.Show()
	d.pass(100 * time.Millisecond)
	m.keys = nil
	d.key("ctrl+alt+Delete")
	if l.sheet.shown() || len(m.keys) < 2 {
		t.Errorf("with a machine in front: dialog %v, the machine was told %q", l.sheet.shown(), m.keys)
	}
	d.key("F12")
	d.pass(100 * time.Millisecond)
	if d.key("ctrl+alt+Delete"); !l.sheet.shown() {
		t.Error("without one there is no dialog")
	}
}
