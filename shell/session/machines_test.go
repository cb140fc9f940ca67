package session

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"rayos/geom"
	"rayos/shell/control"
	"rayos/shell/vms"
	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/vmm"
)

// deskMachine is a virtual machine on a desk.
type deskMachine struct {
	*deskClient
	view vms.View
	log  []string // what the supervisor heard
	win  *deskWindow
	said *client.RayosGuestV1
}

func (m *deskMachine) ViewClosed() {
	m.log = append(m.log, "closed")
	m.view.Hide()
}
func (m *deskMachine) ViewPresented() { m.log = append(m.log, "presented") }
func (m *deskMachine) ViewAction()    { m.log = append(m.log, "action") }
func (m *deskMachine) ViewGone()      { m.log = append(m.log, "gone") }

func (m *deskMachine) expect(want ...string) {
	m.d.t.Helper()
	if !slices.Equal(m.log, want) {
		m.d.t.Errorf("the supervisor heard %q; want %q", m.log, want)
	}
	m.log = nil
}

// machine connects a machine with a window that has pixels.
func (d *desk) machine(at *vmm.Geometry) *deskMachine {
	d.t.Helper()
	m := &deskMachine{}
	m.deskClient = d.connectBy(func(fd int) (err error) {
		m.view, err = d.session.AddMachine(fd, surfaces.Owner{PID: 7, Label: "Linux desktop", Trust: surfaces.TrustLinuxGuest}, at, m)
		return err
	})
	m.win = m.prepare(geom.Size{W: 320, H: 200})
	manager := &client.RayosGuestManagerV1{}
	m.bind(manager, &protocol.RayosGuestManagerV1Interface, 1)
	m.said = manager.GetGuest(m.win.top)
	m.win.surface.Commit()
	d.talk()
	return m
}

// only is the one window there is.
func (d *desk) only() control.Window {
	d.t.Helper()
	list := d.ctl.Windows()
	if len(list) != 1 {
		d.t.Fatalf("%d windows; want one", len(list))
	}
	return list[0]
}

func TestAHiddenMachineIsNotThere(t *testing.T) {
	d := newDesk(t)
	m := d.machine(nil)
	if got := m.win.configures[len(m.win.configures)-1]; got != "0x0 suspended" {
		t.Errorf("configured %q; want it suspended", got)
	}
	if id, size := m.view.Window(); id == 0 || size != (geom.Size{W: 320, H: 200}) {
		t.Errorf("window %d of %v; want one of 320x200", id, size)
	}
	d.pass(100 * time.Millisecond) // the desktop's own first frame
	frames := 0
	m.win.surface.Frame().OnDone = func(uint32) { frames++ }
	m.win.draw()
	drawn := d.session.presented
	d.pass(time.Second)
	if n := len(d.ctl.Windows()); n != 0 || frames != 0 || d.session.presented != drawn || m.view.Shown() {
		t.Errorf("%d windows, %d frame callbacks, %d frames; want none", n, frames, d.session.presented-drawn)
	}
	d.key("a")
	if len(m.keys) != 0 {
		t.Errorf("its keyboard was told %q", m.keys)
	}

	m.view.Show()
	d.pass(100 * time.Millisecond)
	m.expect("presented")
	w := d.only()
	if w.Owner != "linux guest" || !w.Focused || !w.Visible || w.FrameSeq == 0 || frames != 1 {
		t.Errorf("shown: %+v, %d frame callbacks; want it focused and drawn", w, frames)
	}
	if got := d.session.windows[d.session.stackID(w.ID)].frame.drawn.Trust; got != trust(surfaces.TrustLinuxGuest) {
		t.Errorf("its frame is %v", got)
	}
	m.keys = nil
	d.key("a")
	if len(m.keys) != 2 {
		t.Errorf("its keyboard was told %q; want a key", m.keys)
	}
}

func TestAKeyHidesMachinesAndNothingElse(t *testing.T) {
	d := newDesk(t)
	other := d.connect()
	other.open(geom.Size{W: 100, H: 100})
	other.keys = nil
	d.key("F12")
	if len(other.keys) != 2 {
		t.Errorf("an ordinary window was told %q of F12; want press and release", other.keys)
	}
	m := d.machine(nil)
	m.view.Show()
	d.pass(100 * time.Millisecond)
	m.keys = nil
	d.key("F12")
	m.expect("presented", "closed")
	if got := m.keys; len(got) != 1 || got[0] != "leave" {
		t.Errorf("the machine was told %q of F12; want that it lost the keyboard", got)
	}
	if d.only().Owner != "session" {
		t.Errorf("the machine stays: %+v", d.only())
	}
	other.keys = nil
	d.key("F12")
	if len(other.keys) != 2 {
		t.Errorf("afterwards an ordinary window was told %q of F12", other.keys)
	}
}

func TestAMachineComesBackWhereItWas(t *testing.T) {
	d := newDesk(t)
	m := d.machine(&vmm.Geometry{X: 30, Y: 40, Width: 400, Height: 300})
	m.view.Show()
	d.pass(200 * time.Millisecond)
	w := d.only()
	if w.Frame.X != 30 || w.Frame.Y != 40 || w.Content.W != 400 || w.Content.H != 300 {
		t.Errorf("it is at %+v, content %+v; want 30,40 and 400x300", w.Frame, w.Content)
	}
	if err := d.ctl.Move(w.ID, geom.Point{X: 60, Y: 70}); err != nil {
		t.Fatal(err)
	}
	d.talk()
	for range 3 {
		m.view.Hide()
		d.pass(50 * time.Millisecond)
		m.view.Show()
		d.pass(200 * time.Millisecond)
	}
	if got := d.only(); got.Frame.X != 60 || got.Frame.Y != 70 || got.Content.W != 400 || got.Content.H != 300 {
		t.Errorf("it came back at %+v, content %+v", got.Frame, got.Content)
	}
	if got, want := *m.view.Geometry(), (vmm.Geometry{X: 60, Y: 70, Width: 400, Height: 300}); got != want {
		t.Errorf("geometry %+v; want %+v", got, want)
	}
	if err := d.ctl.SetState(w.ID, control.Maximize); err != nil {
		t.Fatal(err)
	}
	d.pass(200 * time.Millisecond)
	m.view.Hide()
	m.view.Show()
	d.pass(200 * time.Millisecond)
	if got := d.only(); !slices.Contains(got.States, "maximized") {
		t.Errorf("a maximized one came back as %v", got.States)
	}
}

// TestAMachineFitsWhereThereIsLessRoom has a window of a larger screen.
func TestAMachineFitsWhereThereIsLessRoom(t *testing.T) {
	d := newDesk(t)
	m := d.machine(&vmm.Geometry{Width: 5000, Height: 4000})
	m.view.Show()
	d.pass(200 * time.Millisecond)
	w := d.only()
	if f := w.Frame; f.X < 0 || f.Y < 0 || w.Content.W >= 5000 || w.Content.H >= 4000 || w.Content.W < 200 {
		t.Errorf("it is at %+v, content %+v", f, w.Content)
	}
}

func TestCloseHidesAMachine(t *testing.T) {
	d := newDesk(t)
	m := d.machine(nil)
	m.view.Show()
	d.pass(100 * time.Millisecond)
	w := d.only()
	done := false
	d.ctl.Close(w.ID, func(err error) { done = err == nil })
	d.talk()
	m.expect("presented", "closed")
	if !done || m.win.closed || len(d.ctl.Windows()) != 0 {
		t.Errorf("done %v, the machine was told %v, %d windows", done, m.win.closed, len(d.ctl.Windows()))
	}
	m.view.Close()
	m.expect("gone")
	m.view.Show() // of one that is gone
	m.view.Hide()
	d.clients = nil
	m.dpy.Close()
	d.talk()
}

func TestCardOfAMachineThatDoesNotRun(t *testing.T) {
	d := newDesk(t)
	m := d.machine(&vmm.Geometry{X: 30, Y: 40, Width: 500, Height: 400})
	m.view.Show()
	d.pass(200 * time.Millisecond)
	w := d.session.windows[d.session.stackID(d.only().ID)]
	c := d.only().Content
	at := geom.FPoint{X: float64(c.X + c.W/2), Y: float64(c.Y + c.H/2)}
	click := func() {
		t.Helper()
		if err := d.ctl.PointerMove(at, false); err != nil {
			t.Fatal(err)
		}
		d.talk()
		if err := d.ctl.Button(btnLeft, control.Tap); err != nil {
			t.Fatal(err)
		}
		d.talk()
	}
	click()
	m.expect("presented")
	for _, tc := range []struct {
		state  protocol.RayosGuestV1State
		detail string
		want   string // of the card, "" for none
		acts   bool
	}{
		{protocol.RayosGuestV1StateStarting, "starting QEMU", "Starting: Starting QEMU.: ", false},
		{protocol.RayosGuestV1StateStopped, "the guest has shut down", "Off: The guest has shut down.: Start", true},
		{protocol.RayosGuestV1StateStopped, "", "Off: : Start", true},
		{protocol.RayosGuestV1StateStopped, "crashed: killed; starts again in 2s (2 of 5)", "Crashed: Killed; starts again in 2s (2 of 5).: Start now", true},
		{protocol.RayosGuestV1StateResuming, "x", "Resuming: : ", false},
		{protocol.RayosGuestV1StateSuspended, "x", "Suspended: : Resume", true},
		{protocol.RayosGuestV1StateFailed, "the guest doesn't come up: x", "Failed: The guest doesn't come up: x.: Start again", true},
		{protocol.RayosGuestV1StateFailed, "crashed 6 times", "Crashed too often: Crashed 6 times.: Start again", true},
		{protocol.RayosGuestV1StateStarting, "stuck: QEMU doesn't answer; x.log may say more", "Out of reach: QEMU doesn't answer; x.log may say more.: Restart", true},
		{protocol.RayosGuestV1StateRunning, "stuck: QEMU doesn't answer", "Out of reach: QEMU doesn't answer.: Restart", true},
		{protocol.RayosGuestV1StateRunning, "", "", false},
	} {
		m.said.SetState(tc.state, tc.detail)
		d.pass(50 * time.Millisecond)
		card, got := d.session.machineOf(w.guest).card, ""
		if card != nil {
			got = fmt.Sprintf("%s: %s: %s", card.drawn.State, card.drawn.Detail, card.drawn.Action)
		}
		if got != tc.want {
			t.Errorf("%v: card %q; want %q", tc.state, got, tc.want)
		}
		m.keys = nil
		click()
		d.key("enter")
		if card != nil && len(m.keys) != 0 {
			t.Errorf("%v: the machine was told %q", tc.state, m.keys)
		}
		if tc.acts {
			m.expect("action", "action")
		} else {
			m.expect()
		}
	}
	m.said.SetState(protocol.RayosGuestV1StateSuspended, "")
	d.talk()
	m.view.Hide()
	d.talk()
	if d.session.machineOf(w.guest).card != nil {
		t.Error("a hidden machine has a card")
	}
}

// TestTheFirstPictureTakesTheCardAway: what a machine shows while it boots is
// seen.
func TestTheFirstPictureTakesTheCardAway(t *testing.T) {
	d := newDesk(t)
	m := d.machine(nil)
	subs := &client.WlSubcompositor{}
	m.bind(subs, &protocol.WlSubcompositorInterface, 1)
	picture := m.comp.CreateSurface()
	subs.GetSubsurface(picture, m.win.surface)
	m.view.Show()
	m.said.SetState(protocol.RayosGuestV1StateStarting, "waiting")
	d.pass(100 * time.Millisecond)
	w := d.session.windows[d.session.stackID(d.only().ID)]
	card := func() *card { return d.session.machineOf(w.guest).card }
	m.win.draw() // the ground below the picture
	d.talk()
	if card() == nil || d.session.seat.KeyboardFocus() != card() {
		t.Fatal("a machine that starts has no card, or it has not the keyboard")
	}
	on := &deskWindow{c: m.deskClient, surface: picture, size: geom.Size{W: 100, H: 80}}
	on.draw()
	m.win.surface.Commit()
	d.talk()
	if card() != nil || d.session.seat.KeyboardFocus() != w.target() {
		t.Error("the card covers a picture, or the machine has not the keyboard")
	}
	m.said.SetState(protocol.RayosGuestV1StateStopped, "")
	d.talk()
	m.view.Busy(true)
	if c := card(); c == nil || c.drawn.State != "Starting" || c.drawn.Action != "" {
		t.Errorf("while it is being started: %+v", c)
	}
	m.view.Busy(false)
	if c := card(); c == nil || c.drawn.State != "Off" || c.drawn.Action != "Start" {
		t.Errorf("when that has failed: %+v", c)
	}
}
