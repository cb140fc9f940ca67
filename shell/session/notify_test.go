package session

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/bustest"
	"rayos/shell/notify"
	"rayos/shell/notify/view"
	"rayos/shell/theme"
	"rayos/surfaces/scene"
)

// notice sends a notification as a program on the bus does.
func (d *desk) notice(n notify.Notification) uint32 {
	d.t.Helper()
	if n.Value == 0 {
		n.Value = -1
	}
	s := &d.session.notices
	id := s.center.Add(n, 0, s.now())
	d.pass(300 * time.Millisecond)
	return id
}

func TestAToastTakesNoKeys(t *testing.T) {
	d := barDesk(t)
	c := d.connect()
	c.open(geom.Size{W: 200, H: 100})
	d.pass(100 * time.Millisecond)
	window := d.session.seat.KeyboardFocus()
	d.notice(notify.Notification{Sender: ":1", App: "Mail", Summary: "hello", Urgency: notify.Normal})
	n := &d.session.notices
	if !n.toasts.shown() || d.session.seat.KeyboardFocus() != window {
		t.Fatalf("shown: %v; the keyboard is with %T", n.toasts.shown(), d.session.seat.KeyboardFocus())
	}
	place := n.toasts.panel.Strip()
	if place.X1 != 800-12 || place.Y0 != 12 || place.W() != 360 || place.H() < 60 || place.H() > 120 {
		t.Errorf("it is at %v", place)
	}
	d.click(float64(place.X0+100), float64(place.Y0+20), 0x110)
	d.pass(300 * time.Millisecond)
	if n.toasts.shown() || len(n.center.Shown()) != 0 {
		t.Error("a click does not take it away")
	}
	if f := d.session.seat.KeyboardFocus(); f != window {
		t.Errorf("after the click the keyboard is with %T", f)
	}
}

// drawings counts what a renderer is given of the width of toasts.
type drawings struct {
	render.Renderer
	toasts int
}

func (c *drawings) note(p render.Pixels) {
	if p.W >= view.Width && p.W < 2*view.Width {
		c.toasts++
	}
}

func (c *drawings) Import(p render.Pixels, inPlace bool) (render.Texture, error) {
	c.note(p)
	return c.Renderer.Import(p, inPlace)
}

func (c *drawings) Update(t render.Texture, p render.Pixels, damage *geom.Region) error {
	c.note(p)
	return c.Renderer.Update(t, p, damage)
}

// TestAToastIsDrawnOnce: neither fading in nor the end of its program draws it
// anew.
func TestAToastIsDrawnOnce(t *testing.T) {
	d := barDesk(t)
	c := &drawings{Renderer: d.session.render}
	d.session.render = c
	frames := d.session.presented
	d.notice(notify.Notification{Sender: ":1", Summary: "hello", Urgency: notify.Normal, Timeout: 5 * time.Second})
	if n := d.session.presented - frames; c.toasts != 1 || n < 5 {
		t.Errorf("drawn %d times in %d frames; want once while it fades in", c.toasts, n)
	}
	d.session.notices.center.Gone(":1")
	d.pass(time.Second)
	if c.toasts != 1 {
		t.Errorf("drawn %d times when its program has ended", c.toasts)
	}
	d.notice(notify.Notification{Sender: ":2", Summary: "again", Urgency: notify.Normal, Timeout: 5 * time.Second})
	if c.toasts != 2 {
		t.Errorf("drawn %d times with a second one", c.toasts)
	}
	d.pass(10 * time.Second)
	if d.session.notices.toasts.shown() || c.toasts > 3 {
		t.Errorf("drawn %d times when both are gone", c.toasts)
	}
}

func TestAToastGoesByItself(t *testing.T) {
	d := barDesk(t)
	d.notice(notify.Notification{Sender: ":1", Summary: "hello", Urgency: notify.Normal, Timeout: 5 * time.Second})
	n := &d.session.notices
	place := n.toasts.panel.Strip()
	if err := d.ctl.PointerMove(geom.FPoint{X: float64(place.X0 + 50), Y: float64(place.Y0 + 20)}, false); err != nil {
		t.Fatal(err)
	}
	d.pass(10 * time.Second)
	if !n.toasts.shown() {
		t.Fatal("it went while the pointer was on it")
	}
	if err := d.ctl.PointerMove(geom.FPoint{X: 10, Y: 300}, false); err != nil {
		t.Fatal(err)
	}
	d.pass(3 * time.Second)
	if !n.toasts.shown() {
		t.Fatal("it went before its time")
	}
	d.pass(3 * time.Second)
	if n.toasts.shown() || n.center.Unread() != 1 || d.session.bars.state().Unread != 1 {
		t.Errorf("shown: %v, %d unread", n.toasts.shown(), n.center.Unread())
	}
	turns := d.loop.Wakeups()
	d.loop.Advance(20 * time.Second)
	d.talk()
	if got := d.loop.Wakeups() - turns; got > 12 {
		t.Errorf("%d turns in 20 s of nothing", got)
	}
	if n.timer.Armed() {
		t.Error("a timer is armed for nothing")
	}
}

func TestTheDrawer(t *testing.T) {
	d := barDesk(t)
	c := d.connect()
	c.open(geom.Size{W: 200, H: 100})
	d.notice(notify.Notification{Sender: ":1", Summary: "one", Urgency: notify.Critical})
	n := &d.session.notices
	n.center.Quiet = true
	d.notice(notify.Notification{Sender: ":1", Summary: "two", Urgency: notify.Normal})
	d.key("super+n")
	d.pass(300 * time.Millisecond)
	if !n.drawer.shown() || n.toasts.shown() || n.center.Unread() != 0 {
		t.Fatalf("drawer: %v, toasts: %v, %d unread", n.drawer.shown(), n.toasts.shown(), n.center.Unread())
	}
	c.keys = nil
	d.enter("x")
	if len(c.keys) != 0 {
		t.Errorf("the window heard %q", c.keys)
	}
	d.key("Escape")
	d.pass(300 * time.Millisecond)
	if n.drawer.shown() || !n.toasts.shown() {
		t.Errorf("after Escape: drawer %v, toasts %v", n.drawer.shown(), n.toasts.shown())
	}
	bell := geom.FPoint{X: 800 - 24, Y: 600 - 20}
	for _, want := range []bool{true, false, true} {
		d.pass(time.Second) // presses at one time are one press
		d.click(bell.X, bell.Y, 0x110)
		d.pass(300 * time.Millisecond)
		if n.drawer.shown() != want {
			t.Fatalf("after a press of the bell: %v; want %v", n.drawer.shown(), want)
		}
	}
	n.center.Clear()
	d.pass(300 * time.Millisecond)
	if list := d.ctl.Notices().List(); len(list) != 0 {
		t.Errorf("%+v", list)
	}
	d.pass(time.Second)
	d.click(20, 20, 0x110)
	if n.drawer.shown() {
		t.Error("a press beside it leaves it open")
	}
}

func TestNothingIsToldWhileLocked(t *testing.T) {
	d := barDesk(t)
	d.notice(notify.Notification{Sender: ":1", Summary: "before", Urgency: notify.Normal})
	n := &d.session.notices
	l := d.lock()
	d.pass(200 * time.Millisecond)
	if !l.locked {
		t.Fatal("it isn't locked")
	}
	d.notice(notify.Notification{Sender: ":1", Summary: "fire", Urgency: notify.Critical})
	for name, tree := range map[string]*scene.Tree{
		"menus": d.session.layers.menus, "hints": d.session.layers.hints, "above": d.session.layers.above, "unmanaged": d.session.layers.unmanaged,
	} {
		if tree.Enabled() {
			t.Errorf("%s are a part of the scene", name)
		}
	}
	for y := int32(0); y < 600; y += 7 {
		for x := int32(0); x < 800; x += 7 {
			d.wantShot(0, geom.Point{X: x, Y: y}, coverColor)
		}
	}
	d.key("super+n")
	if err := d.ctl.Notices().Drawer(true); err == nil || n.drawer.shown() {
		t.Error("the drawer opens while the session is locked")
	}
	d.pass(time.Minute)
	l.lock.UnlockAndDestroy()
	d.pass(300 * time.Millisecond)
	if len(n.center.Shown()) != 2 || !n.toasts.shown() {
		t.Errorf("%d wait for the person who comes back; want 2", len(n.center.Shown()))
	}
	d.pass(10 * time.Second)
	if got := n.center.Shown(); len(got) != 1 || got[0].Summary != "fire" {
		t.Errorf("%d are left", len(got))
	}
}

func TestDoNotDisturbLasts(t *testing.T) {
	path := filepath.Join(t.TempDir(), "state", "notifications.json")
	d := newDeskWith(t, Options{Shell: true, Notices: path})
	d.ctl.Notices().Quiet(true)
	d.pass(100 * time.Millisecond)
	d.notice(notify.Notification{Sender: ":1", Summary: "hello", Urgency: notify.Normal})
	if d.session.notices.toasts.shown() || !d.session.bars.state().Quiet {
		t.Error("it disturbs")
	}
	for late := time.Now().Add(30 * time.Second); ; {
		if data, err := os.ReadFile(path); err == nil && strings.Contains(string(data), "true") {
			break
		}
		if time.Now().After(late) {
			t.Fatal("it is not saved")
		}
	}
	d.close()
	if d := newDeskWith(t, Options{Shell: true, Notices: path}); !d.session.notices.center.Quiet {
		t.Error("the next session disturbs")
	}
	if err := os.WriteFile(path, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if d := newDeskWith(t, Options{Shell: true, Notices: path}); d.session.notices.center.Quiet {
		t.Error("a broken file is believed")
	}
}

func TestMachinesTellTheSameWay(t *testing.T) {
	d := barDesk(t)
	d.session.notices.machineFailed("linux-desktop", "Linux desktop", "it crashed", theme.Linux)
	d.pass(300 * time.Millisecond)
	list := d.ctl.Notices().List()
	if len(list) != 1 || list[0].Owner != "linux" || list[0].Urgency != "critical" || !slices.Equal(list[0].Actions, []string{"show"}) {
		t.Fatalf("%+v", list)
	}
	if err := d.ctl.Notices().Invoke(list[0].ID, "other"); err == nil {
		t.Error("an action that isn't there was done")
	}
	if err := d.ctl.Notices().Invoke(list[0].ID, "show"); err != nil {
		t.Error(err)
	}
	if len(d.session.notices.own) != 0 {
		t.Error("what it would do is kept")
	}
}

// eventually runs the session until something that others do is so.
func (d *desk) eventually(what string, ok func() bool) {
	d.t.Helper()
	for late := time.Now().Add(30 * time.Second); !ok(); {
		if time.Now().After(late) {
			d.t.Fatal(what)
		}
		d.pass(20 * time.Millisecond)
	}
}

// TestTheBus: programs find the session, or another program until that ends.
func TestTheBus(t *testing.T) {
	address := bustest.New(t)
	conn, err := dbus.Connect(address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	const name, path = "org.freedesktop.Notifications", "/org/freedesktop/Notifications"
	if _, err := conn.RequestName(name, dbus.NameFlagDoNotQueue); err != nil {
		t.Fatal(err)
	}
	d := newDeskWith(t, Options{Shell: true, Bus: address})
	n := &d.session.notices
	d.eventually("nobody says that the name is taken", func() bool { return strings.Contains(n.absent, "Another program") })
	if _, err := conn.ReleaseName(name); err != nil {
		t.Fatal(err)
	}
	d.eventually("the name isn't taken over", func() bool { return n.service != nil && n.absent == "" })
	signals := make(chan *dbus.Signal, 16)
	conn.Signal(signals)
	call := conn.Object(name, path).Go(name+".Notify", 0, make(chan *dbus.Call, 1), "Mail", uint32(0), "mail-unread", "hello", "<b>you</b>",
		[]string{"read", "Read"}, map[string]dbus.Variant{"image-path": dbus.MakeVariant("/dev/zero")}, int32(-1))
	d.eventually("no answer", func() bool { return len(call.Done) > 0 })
	var id uint32
	if err := (<-call.Done).Store(&id); err != nil {
		t.Fatal(err)
	}
	d.eventually("no toast", func() bool { return n.toasts.shown() })
	if err := d.ctl.Notices().Invoke(id, "read"); err != nil {
		t.Fatal(err)
	}
	var heard []string
	d.eventually("the program hears nothing", func() bool {
		for len(signals) > 0 {
			if s := <-signals; strings.HasPrefix(s.Name, name) {
				heard = append(heard, fmt.Sprint(strings.TrimPrefix(s.Name, name+"."), s.Body[0]))
			}
		}
		return len(heard) == 3
	})
	if want := []string{fmt.Sprint("ActivationToken", id), fmt.Sprint("ActionInvoked", id), fmt.Sprint("NotificationClosed", id)}; !slices.Equal(heard, want) {
		t.Errorf("it heard %q; want %q", heard, want)
	}
}
