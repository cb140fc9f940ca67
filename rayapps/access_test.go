package rayapps

import (
	"encoding/json"
	"errors"
	"os"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"
	"golang.org/x/sys/unix"

	"rayos/internal/bustest"
	"rayos/rayapps/applink"
	"rayos/rayapps/ui"
)

// TestReadersReadAnApp: a screen reader's library finds an app's button and
// presses it, when the person uses such things, and not before.
func TestReadersReadAnApp(t *testing.T) {
	r := bustest.NewReader(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", r.Address)
	pressed := 0
	s := newRoom(t).show(Options{ID: "org.example.Read", Title: "Readable"}, &probe{view: func(*Window) ui.Node {
		return ui.Button{Text: "Press me", OnPress: func() { pressed++ }}
	}})
	conn, err := dbus.Connect(r.Address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	s.until("the window can be read", func(w *Window) bool { return w.access.bridge != nil })
	status := conn.Object("org.a11y.Bus", "/org/a11y/bus")
	for deadline := time.Now().Add(time.Minute); ; { // it is being started
		if err = status.Call("org.freedesktop.DBus.Properties.Set", 0, "org.a11y.Status", "IsEnabled", dbus.MakeVariant(true)).Err; err == nil {
			break
		}
		if time.Now().After(deadline) {
			t.Fatal(err)
		}
	}
	r.Read(func() { time.Sleep(time.Millisecond) }, "role push button\n", "Readable", "Press me")
	s.until("it was pressed", func(*Window) bool { return pressed == 1 })
	s.do(func(w *Window) { w.Close() })
	if err := <-s.done; err != nil {
		t.Error(err)
	}
}

// TestNobodyUsesReaders: then an app isn't on the accessibility bus, and its tree
// is never walked.
func TestNobodyUsesReaders(t *testing.T) {
	address := bustest.New(t)
	t.Setenv("DBUS_SESSION_BUS_ADDRESS", address)
	bus := newA11yBus(t, address)
	s := newRoom(t).show(Options{ID: "org.example.Unread"}, &probe{})
	select {
	case <-bus.asked: // whether anybody does
	case <-time.After(time.Minute):
		t.Fatal("the app never asks whether it is to be read")
	}
	s.do(func(w *Window) { w.Invalidate() })
	s.do(func(w *Window) {
		if n := w.access.bridge.Walks(); n > 0 {
			t.Errorf("the tree was walked %d times", n)
		}
	})
	s.do(func(w *Window) { w.Close() })
	if err := <-s.done; err != nil {
		t.Error(err)
	}
	if len(bus.joined) > 0 {
		t.Error("the app has joined the accessibility bus")
	}
}

// a11yBus says that nobody uses assistive technologies.
type a11yBus struct{ asked, joined chan bool }

func newA11yBus(t *testing.T, address string) *a11yBus {
	t.Helper()
	b := &a11yBus{make(chan bool, 16), make(chan bool, 16)}
	conn, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	err = errors.Join(
		conn.ExportMethodTable(map[string]any{"Get": func(_, name string) (dbus.Variant, *dbus.Error) {
			if name == "ScreenReaderEnabled" { // the last question
				b.asked <- true
			}
			return dbus.MakeVariant(false), nil
		}}, "/org/a11y/bus", "org.freedesktop.DBus.Properties"),
		conn.ExportMethodTable(map[string]any{"GetAddress": func() (string, *dbus.Error) {
			b.joined <- true
			return address, nil
		}}, "/org/a11y/bus", "org.a11y.Bus"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.RequestName("org.a11y.Bus", dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	return b
}

// TestAppsDescribeThemselves to the session: once when it asks, then no faster
// than it reads.
func TestAppsDescribeThemselves(t *testing.T) {
	l := newLinked(t)
	send := func(e applink.Event) {
		t.Helper()
		data, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		if err := unix.Sendto(l.far, data, 0, nil); err != nil {
			t.Fatal(err)
		}
		if err := l.loop.Dispatch(0); err != nil {
			t.Fatal(err)
		}
	}
	next := func() *ui.Info {
		t.Helper()
		buf, oob := make([]byte, applink.MaxMessage), make([]byte, unix.CmsgSpace(4))
		n, k, _, _, err := unix.Recvmsg(l.far, buf, oob, unix.MSG_DONTWAIT)
		if errors.Is(err, unix.EAGAIN) {
			return nil
		}
		if err != nil {
			t.Fatal(err)
		}
		var m applink.Request
		if err := json.Unmarshal(buf[:n], &m); err != nil || !m.Tree {
			t.Fatalf("%s: %v", buf[:n], err)
		}
		msgs, err := unix.ParseSocketControlMessage(oob[:k])
		if err != nil || len(msgs) != 1 {
			t.Fatal(msgs, err)
		}
		fds, err := unix.ParseUnixRights(&msgs[0])
		if err != nil || len(fds) != 1 {
			t.Fatal(fds, err)
		}
		f := os.NewFile(uintptr(fds[0]), "tree")
		defer f.Close()
		in, err := applink.ReadTree(f)
		if err != nil {
			t.Fatal(err)
		}
		return in
	}
	if l.w.tell(); next() != nil {
		t.Error("the window is described to nobody")
	}
	l.w.title = "Linked"
	send(applink.Event{Access: applink.AccessOn})
	if in := next(); in == nil || in.Name != "Linked" || in.Role != ui.RoleWindow {
		t.Fatalf("described as %+v", in)
	}
	l.w.title = "Changed"
	for range 3 {
		l.w.tell()
	}
	if in := next(); in != nil {
		t.Errorf("described again before it was read: %+v", in)
	}
	send(applink.Event{Seen: true})
	if in := next(); in == nil || in.Name != "Changed" {
		t.Errorf("after changes: %+v", in)
	}
	send(applink.Event{Seen: true})
	if in := next(); in != nil {
		t.Errorf("described without a change: %+v", in)
	}
	send(applink.Event{Act: &applink.Act{ID: 4711}}) // nothing has that number
	send(applink.Event{Access: applink.AccessOff})
	if l.w.tell(); next() != nil {
		t.Error("the window is described although nobody listens")
	}
}
