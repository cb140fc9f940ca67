package wayland

import (
	"fmt"
	"testing"

	"rayos/geom"
	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/seat"
)

// remote is a client that drives a seat of its own for somebody elsewhere.
type remote struct {
	c    *testClient
	ts   *client.ExtTransientSeatV1
	name uint32 // of the global
	seat *client.WlSeat
	ptr  *client.ZwlrVirtualPointerV1
	kbd  *client.ZwpVirtualKeyboardV1
	core *seat.Seat
}

func (f *fixture) remote() *remote {
	r := &remote{c: f.connect()}
	m := bind[client.ExtTransientSeatManagerV1](r.c, &protocol.ExtTransientSeatManagerV1Interface, 1)
	r.ts = m.Create()
	r.ts.OnReady = func(name uint32) { r.name = name }
	m.Destroy()
	r.c.ok()
	r.core = f.shell.seats[len(f.shell.seats)-1]
	r.seat = new(client.WlSeat)
	r.c.reg.Bind(r.name, r.seat, &protocol.WlSeatInterface, 9)
	vp := bind[client.ZwlrVirtualPointerManagerV1](r.c, &protocol.ZwlrVirtualPointerManagerV1Interface, 2)
	r.ptr = vp.CreateVirtualPointer(r.seat)
	r.kbd = (&composer{c: r.c}).keyboardOn(r.seat)
	r.c.ok()
	r.c.take()
	return r
}

func (r *remote) move(x, y uint32) {
	r.ptr.MotionAbsolute(0, x, y, uint32(testMode.W), uint32(testMode.H))
	r.ptr.Frame()
	r.c.ok()
}

func (r *remote) button(state protocol.WlPointerButtonState) {
	r.ptr.Button(0, btnLeft, state)
	r.ptr.Frame()
	r.c.ok()
}

// bindName binds a seat by its global.
func (c *testClient) bindName(name uint32) *client.WlSeat {
	s := new(client.WlSeat)
	c.reg.Bind(name, s, &protocol.WlSeatInterface, 9)
	return s
}

// bindSeatFirst binds the seat that is there for good.
func (c *testClient) bindSeatFirst() *client.WlSeat {
	for _, g := range c.globals {
		if g.Interface == "wl_seat" {
			return c.bindName(g.Name)
		}
	}
	return nil
}

func TestTransientSeatComesAndGoes(t *testing.T) {
	f := newFixture(t)
	w := f.connect()
	var gone []uint32
	w.reg.OnGlobalRemove = func(name uint32) { gone = append(gone, name) }
	r := f.remote()
	w.ok()
	if g := w.globals[len(w.globals)-1]; g.Interface != "wl_seat" || g.Name != r.name || g.Version < 9 {
		t.Fatalf("announced %+v; the seat is %d", g, r.name)
	}
	w.bindName(r.name)
	w.expect(`
		wl_seat.capabilities(3)
		wl_seat.name("seat1")`)
	r.ptr.Destroy()
	r.kbd.Destroy()
	r.c.ok()
	w.expect("wl_seat.capabilities(2)\nwl_seat.capabilities(0)")
	compare(t, "shell", f.shell.take(), "seat added")
	r.ts.Destroy()
	r.c.ok()
	w.ok()
	if fmt.Sprint(gone) != fmt.Sprint([]uint32{r.name}) {
		t.Errorf("removed %v; want %d", gone, r.name)
	}
	compare(t, "shell", f.shell.take(), "seat removed")
	// Objects of it stay, and do nothing.
	late := w.bindName(r.name)
	late.GetPointer()
	late.GetKeyboard()
	w.ok()
	f.remote().c.disconnect()
	w.ok()
	if len(gone) != 2 || len(f.srv.seats) != 1 || len(f.shell.seats) != 0 {
		t.Errorf("a seat is left of a client that is gone: removed %v, %d seats", gone, len(f.srv.seats))
	}
	// There is an end to how many.
	c := f.connect()
	m := bind[client.ExtTransientSeatManagerV1](c, &protocol.ExtTransientSeatManagerV1Interface, 1)
	denied := 0
	for range maxSeats {
		s := m.Create()
		s.OnDenied = func() { denied++ }
	}
	c.ok()
	if denied != 1 || len(f.srv.seats) != maxSeats {
		t.Errorf("%d seats, %d denied", len(f.srv.seats), denied)
	}
}

func TestSeatsAreSeparate(t *testing.T) {
	f := newFixture(t)
	r := f.remote()
	c := f.connect()
	w := c.window("w", 100, 100, red)
	mine, theirs := c.bindSeatFirst(), c.bindName(r.name)
	c.ok()
	for name, s := range map[string]*client.WlSeat{"my": mine, "their": theirs} {
		c.label(s.GetPointer(), name+".ptr")
		c.label(s.GetKeyboard(), name+".kbd")
	}
	c.ok()
	c.take()
	f.motion(50, 50)
	c.expect("my.ptr.enter(#, w, 50, 50)\nmy.ptr.frame()")
	r.move(20, 30)
	c.expect("their.ptr.enter(#, w, 20, 30)\ntheir.ptr.frame()")
	r.button(protocol.WlPointerButtonStatePressed)
	c.ok()
	serial := c.serials["wl_pointer.button"]
	c.expect("their.ptr.button(#, 1000, 272, 1)\ntheir.ptr.frame()")
	f.motion(51, 50)
	c.expect("my.ptr.motion(1000, 51, 50)\nmy.ptr.frame()")
	// Keys go where each seat's focus is.
	r.core.SetKeyboardFocus(c.core(w.surf).on(f.srv.seatOf(r.core)).focus())
	f.seat.SetKeyboardFocus(nil)
	c.ok()
	c.take()
	r.kbd.Key(0, 30, 1)
	r.kbd.Key(0, 30, 0)
	r.c.ok()
	c.expect("their.kbd.key(#, 1000, 30, 1)\ntheir.kbd.key(#, 1000, 30, 0)")
	f.key(30, true)
	f.key(30, false)
	c.expect("")
	// A serial of one seat is worth nothing on the other.
	dm := bind[client.WlDataDeviceManager](c, &protocol.WlDataDeviceManagerInterface, 3)
	myDev, theirDev := dm.GetDataDevice(mine), dm.GetDataDevice(theirs)
	c.label(myDev, "my.data")
	c.label(theirDev, "their.data")
	src := dm.CreateDataSource()
	c.label(src, "source")
	src.Offer("text/plain")
	c.ok()
	c.take()
	myDev.SetSelection(src, serial)
	c.expect("source.cancelled()")
	src.Destroy()
	src = dm.CreateDataSource()
	c.label(src, "source")
	src.Offer("text/plain")
	theirDev.SetSelection(src, serial)
	c.ok()
	if g := f.srv.seatOf(r.core); f.srv.Selection() != nil || g.data.clipboard.source == nil {
		t.Error("the clipboard is not that of the seat")
	}
	c.take()
	f.seat.SetKeyboardFocus(c.core(w.surf))
	c.ok()
	c.take()
	// With the seat go its focus and its clipboard.
	r.ts.Destroy()
	r.c.ok()
	c.expect("their.ptr.leave(#, w)\ntheir.ptr.frame()\ntheir.kbd.leave(#, w)\nsource.cancelled()")
	r.move(40, 40)
	r.kbd.Key(0, 30, 1)
	r.c.ok()
	c.expect("")
	if s := c.core(w.surf); len(s.guests) != 0 || len(s.c.guests) != 0 {
		t.Error("something of the seat is left")
	}
}

func TestWhatBelongsToASeat(t *testing.T) {
	f := newFixture(t)
	r := f.remote()
	g := f.srv.seatOf(r.core)
	c := f.connect()
	w := c.window("w", 100, 100, red)
	s := c.bindName(r.name)
	ptr := s.GetPointer()
	c.ok()
	r.move(10, 10)
	c.ok()
	f.shell.take()
	ptr.SetCursor(c.serials["wl_pointer.enter"], nil, 0, 0)
	c.ok()
	compare(t, "shell", f.shell.take(), "cursor hidden")
	r.core.SetKeyboardFocus(c.core(w.surf).on(g).focus())

	// A locked pointer, and how far it would have gone.
	rel := bind[client.ZwpRelativePointerManagerV1](c, &protocol.ZwpRelativePointerManagerV1Interface, 1).GetRelativePointer(ptr)
	c.label(rel, "relative")
	pc := bind[client.ZwpPointerConstraintsV1](c, &protocol.ZwpPointerConstraintsV1Interface, 1)
	lock := pc.LockPointer(w.surf, ptr, nil, persistent)
	c.label(lock, "lock")
	c.ok()
	c.take()
	r.move(15, 10)
	c.expect("relative.relative_motion(0, 1000000, 5, 0, 5, 0)\nwl_pointer.frame()")
	if r.core.Position() != (geom.FPoint{X: 10, Y: 10}) {
		t.Error("a locked pointer moves")
	}
	f.srv.ToggleInput(r.core)
	c.expect("lock.unlocked()")

	// Chords.
	inhibit := bind[client.ZwpKeyboardShortcutsInhibitManagerV1](c, &protocol.ZwpKeyboardShortcutsInhibitManagerV1Interface, 1)
	c.label(inhibit.InhibitShortcuts(w.surf, s), "inhibitor")
	c.expect("inhibitor.active()")
	if !r.core.ShortcutsInhibited() || f.seat.ShortcutsInhibited() {
		t.Error("shortcuts are inhibited on the wrong seat")
	}

	// Idleness.
	idle := bind[client.ExtIdleNotifierV1](c, &protocol.ExtIdleNotifierV1Interface, 2)
	c.label(idle.GetIdleNotification(50, s), "idle")
	c.ok()
	f.loop.Advance(60e6)
	c.expect("idle.idled()")
	f.motion(300, 300)
	c.expect("")
	r.move(16, 10)
	c.forgetUntil("idle.resumed()")

	// Windows, menus and text.
	f.shell.request = func(_ *surfaces.GuestSurface, q Request) {
		if q.Seat != r.core {
			t.Error("a request has another seat")
		}
	}
	w.top.Move(s, 1)
	w.top.Resize(s, 1, 1)
	w.top.ShowWindowMenu(s, 1, 0, 0)
	c.ok()
	m := &composer{c: f.connect()}
	im := bind[client.ZwpInputMethodManagerV2](m.c, &protocol.ZwpInputMethodManagerV2Interface, 1)
	m.c.label(im.GetInputMethod(m.c.bindName(r.name)), "their")
	m.c.label(im.GetInputMethod(m.c.bindSeatFirst()), "mine")
	m.c.ok()
	m.c.take()
	ti := bind[client.ZwpTextInputManagerV3](c, &protocol.ZwpTextInputManagerV3Interface, 1).GetTextInput(s)
	c.label(ti, "text")
	c.forgetUntil("text.enter(w)")
	ti.Enable()
	ti.Commit()
	c.ok()
	m.c.expect("their.activate()\ntheir.done()")
	r.ts.Destroy()
	r.c.ok()
	m.c.expect("their.deactivate()\ntheir.done()\ntheir.unavailable()")
	c.ok()
}

// forgetUntil drops events up to one that must be there.
func (c *testClient) forgetUntil(event string) {
	c.t.Helper()
	c.ok()
	for i, e := range c.events {
		if e == event {
			c.events = c.events[i+1:]
			return
		}
	}
	c.t.Fatalf("events %q; want one %q", c.events, event)
}
