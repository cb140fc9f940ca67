package logind

import (
	"context"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"rayos/internal/bustest"
)

const within = time.Minute

// daemon is a logind of the test's.
type daemon struct {
	conn *dbus.Conn
	mu   sync.Mutex
	did  []string
	ends *os.File // of the inhibitor: it ends when the other side is closed
	copy *os.File // of the other side, that was sent
}

const ours = dbus.ObjectPath("/org/freedesktop/login1/session/_31")

func newDaemon(t *testing.T, address string) *daemon {
	t.Helper()
	conn, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	d := &daemon{conn: conn}
	note := func(words ...string) {
		d.mu.Lock()
		d.did = append(d.did, strings.Join(words, " "))
		d.mu.Unlock()
	}
	err = conn.ExportMethodTable(map[string]any{
		"GetSessionByPID": func(uint32) (dbus.ObjectPath, *dbus.Error) { return ours, nil },
		"Inhibit": func(what, who, why, mode string) (dbus.UnixFD, *dbus.Error) {
			r, w, err := os.Pipe()
			if err != nil {
				return 0, dbus.MakeFailedError(err)
			}
			note("inhibit", what, mode)
			d.mu.Lock()
			d.ends, d.copy = r, w
			d.mu.Unlock()
			return dbus.UnixFD(w.Fd()), nil
		},
		"CanSuspend":  func() (string, *dbus.Error) { return "yes", nil },
		"CanReboot":   func() (string, *dbus.Error) { return "challenge", nil },
		"CanPowerOff": func() (string, *dbus.Error) { return "na", nil },
		"Suspend":     func(ask bool) *dbus.Error { note("suspend"); return nil },
		"Reboot": func(ask bool) *dbus.Error {
			return dbus.NewError("org.freedesktop.DBus.Error.AccessDenied", []any{"no"})
		},
		"ListInhibitors": func() ([]struct {
			What, Who, Why, Mode string
			UID, PID             uint32
		}, *dbus.Error,
		) {
			type row = struct {
				What, Who, Why, Mode string
				UID, PID             uint32
			}
			return []row{
				{"shutdown:sleep", "Burner\x1b[31m", "a disc is being written", "block", 1, 2},
				{"sleep", "RayOS", "x", "delay", 1, 2},
				{"shutdown", strings.Repeat("x", 1000), "y", "block", 1, 2},
			}, nil
		},
	}, path, ifManager)
	if err != nil {
		t.Fatal(err)
	}
	hint := func(what string) func(bool) *dbus.Error {
		return func(on bool) *dbus.Error {
			note(what, map[bool]string{true: "on", false: "off"}[on])
			return nil
		}
	}
	if err := conn.ExportMethodTable(map[string]any{"SetLockedHint": hint("locked"), "SetIdleHint": hint("idle")}, ours, ifSession); err != nil {
		t.Fatal(err)
	}
	if _, err := conn.RequestName(name, dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	return d
}

func (d *daemon) list() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.did)
}

func TestVerbs(t *testing.T) {
	address := bustest.New(t)
	d := newDaemon(t, address)
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	m, err := Connect(ctx, address, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	for v, want := range map[Verb]bool{Suspend: true, Reboot: true, PowerOff: false} {
		if got := m.Can(ctx, v); got.OK != want || got.OK == (got.Why != "") {
			t.Errorf("%s: %+v", v, got)
		}
	}
	if err := m.Do(ctx, Suspend); err != nil {
		t.Error(err)
	}
	if err := m.Do(ctx, Reboot); err == nil {
		t.Error("a refusal is no error")
	}
	if err := m.SetLocked(ctx, true); err != nil {
		t.Error(err)
	}
	if err := m.SetIdle(ctx, true); err != nil {
		t.Error(err)
	}
	if got, want := d.list(), []string{"inhibit sleep delay", "suspend", "locked on", "idle on"}; !slices.Equal(got, want) {
		t.Errorf("%q; want %q", got, want)
	}
	list, err := m.Inhibitors(ctx, PowerOff)
	if err != nil || len(list) != 2 || list[0].Who != "Burner[31m" || len(list[1].Who) > 60 {
		t.Errorf("%q, %v", list, err)
	}
	if list, err := m.Inhibitors(ctx, Suspend); err != nil || len(list) != 1 {
		t.Errorf("%q, %v", list, err)
	}
}

func TestSleepWaitsForTheLock(t *testing.T) {
	address := bustest.New(t)
	d := newDaemon(t, address)
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	slept, locked := make(chan func(), 1), make(chan bool, 16)
	m, err := Connect(ctx, address, Options{Lock: func() { locked <- true }, Unlock: func() { locked <- false }, Sleep: func(done func()) { slept <- done }})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	// Another program that says the same is not heard.
	other, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	to := m.conn.Names()[0]
	for _, s := range []struct {
		path   dbus.ObjectPath
		member string
		body   []any
	}{{path, ifManager + ".PrepareForSleep", []any{true}}, {ours, ifSession + ".Lock", nil}} {
		i := strings.LastIndexByte(s.member, '.')
		msg := &dbus.Message{Type: dbus.TypeSignal, Headers: map[dbus.HeaderField]dbus.Variant{
			dbus.FieldPath: dbus.MakeVariant(s.path), dbus.FieldInterface: dbus.MakeVariant(s.member[:i]),
			dbus.FieldMember: dbus.MakeVariant(s.member[i+1:]), dbus.FieldDestination: dbus.MakeVariant(to),
		}, Body: s.body}
		if len(s.body) > 0 {
			msg.Headers[dbus.FieldSignature] = dbus.MakeVariant(dbus.SignatureOf(s.body...))
		}
		other.Send(msg, nil)
	}
	var id string
	if err := other.BusObject().CallWithContext(ctx, ifBus+".GetId", 0).Store(&id); err != nil {
		t.Fatal(err) // what was sent before has been passed on
	}
	for _, e := range []struct {
		path   dbus.ObjectPath
		member string
		body   []any
	}{{ours, ifSession + ".Lock", nil}, {ours, ifSession + ".Unlock", nil}, {path, ifManager + ".PrepareForSleep", []any{true}}} {
		if err := d.conn.Emit(e.path, e.member, e.body...); err != nil {
			t.Fatal(err)
		}
	}
	var done func()
	select {
	case done = <-slept:
	case <-ctx.Done():
		t.Fatal("sleep isn't heard of")
	}
	if len(locked) != 2 || !<-locked || <-locked {
		t.Error("want one lock and then one unlock, both logind's")
	}
	if len(slept) != 0 {
		t.Error("a stranger's word was heard")
	}
	d.mu.Lock()
	end := d.ends
	d.copy.Close()
	d.mu.Unlock()
	gone := make(chan bool)
	go func() {
		_, _ = end.Read(make([]byte, 1)) // ends with the inhibitor
		gone <- true
	}()
	done()
	select {
	case <-gone:
	case <-ctx.Done():
		t.Fatal("the machine waits for ever")
	}
	// After it has woken up it waits for the next time.
	if err := d.conn.Emit(path, ifManager+".PrepareForSleep", false); err != nil {
		t.Fatal(err)
	}
	for len(d.list()) < 2 {
		if ctx.Err() != nil {
			t.Fatal("there is no new inhibitor")
		}
		if err := other.BusObject().CallWithContext(ctx, ifBus+".GetId", 0).Store(&id); err != nil {
			t.Fatal(err)
		}
	}
}

func TestALogindThatStartsAnewIsAsked(t *testing.T) {
	address := bustest.New(t)
	d := newDaemon(t, address)
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	slept := make(chan func(), 1)
	m, err := Connect(ctx, address, Options{Lock: func() {}, Unlock: func() {}, Sleep: func(done func()) { slept <- done }})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	d.conn.Close()
	d = newDaemon(t, address)
	for len(d.list()) == 0 {
		if ctx.Err() != nil {
			t.Fatal("the new one is not asked to wait")
		}
		var id string
		if err := d.conn.BusObject().CallWithContext(ctx, ifBus+".GetId", 0).Store(&id); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.conn.Emit(path, ifManager+".PrepareForSleep", true); err != nil {
		t.Fatal(err)
	}
	select {
	case done := <-slept:
		done()
	case <-ctx.Done():
		t.Fatal("the new one is not heard")
	}
}

func TestNoLogind(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), within)
	defer cancel()
	for _, address := range []string{"unix:path=/no/such/bus", bustest.New(t)} {
		if m, err := Connect(ctx, address, Options{}); err == nil {
			m.Close()
			t.Errorf("%s: there is a logind", address)
		}
	}
}
