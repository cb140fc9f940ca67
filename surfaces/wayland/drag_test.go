package wayland

import (
	"strings"
	"testing"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// dragging is a source client and a target client side by side, with a button
// held on the source.
type dragging struct {
	f        *fixture
	from, to *clip
	win      *window
	serial   uint32
}

func newDragging(t *testing.T, version uint32) *dragging {
	t.Helper()
	f := newFixture(t)
	d := &dragging{f: f, from: f.connect().clip(version), to: f.connect().clip(version)}
	d.win = d.from.c.window("win", 100, 100, 0)
	f.shell.at = geom.Point{X: 200}
	d.to.c.window("target", 100, 100, 0)
	f.motion(5, 5)
	f.button(btnLeft, true)
	f.settle()
	d.serial = d.from.c.serials["wl_pointer.button"]
	d.clear()
	return d
}

func (d *dragging) clear() {
	d.f.settle()
	d.from.c.take()
	d.to.c.take()
	d.f.shell.take()
}

// expect compares what source and target saw.
func (d *dragging) expect(from, to string) {
	d.f.t.Helper()
	d.f.settle()
	compare(d.f.t, "source client", d.from.c.take(), from)
	compare(d.f.t, "target client", d.to.c.take(), to)
}

// start begins a drag with the given source actions and moves it to the
// target.
func (d *dragging) start(actions protocol.WlDataDeviceManagerDndAction) *client.WlDataSource {
	d.f.t.Helper()
	s := d.from.source("text/plain", "image/png")
	if d.from.m.Version() >= 3 {
		s.SetActions(actions)
	}
	d.from.dev.StartDrag(s, d.win.surf, nil, d.serial)
	d.f.settle()
	d.clear()
	d.f.motion(210, 10)
	d.f.settle()
	return s
}

func TestDragCopy(t *testing.T) {
	d := newDragging(t, 3)
	f := d.f
	icon := d.from.c.surface("icon")
	icon.Attach(d.from.c.buffer(8, 8, 0), 0, 0)
	icon.Commit()
	s := d.from.source("text/plain", "image/png")
	s.SetActions(actCopy | actMove)
	d.from.dev.StartDrag(s, d.win.surf, icon, d.serial)
	d.expect(`
		buffer.release()
		wl_pointer.leave(#, win)
		wl_pointer.frame()
		wl_data_device.data_offer(new id wl_data_offer)
		offer.offer("text/plain")
		offer.offer("image/png")
		offer.source_actions(3)
		wl_data_device.enter(#, win, 5, 5, offer)`, "")
	icon.Offset(-2, -3)
	icon.Attach(d.from.c.buffer(9, 9, 0), 0, 0)
	icon.Commit()
	d.clear()
	f.motion(210, 10)
	d.expect(`
		wl_data_device.leave()
		source.target(nil)
		source.action(0)`, `
		wl_data_device.data_offer(new id wl_data_offer)
		offer.offer("text/plain")
		offer.offer("image/png")
		offer.source_actions(3)
		wl_data_device.enter(#, target, 10, 10, offer)`)
	f.motion(220, 10)
	mime := "text/plain"
	d.to.dnd.Accept(1, &mime)
	d.to.dnd.SetActions(actCopy|actAsk, actAsk)
	d.expect(`
		source.target("text/plain")
		source.action(1)`, `
		wl_data_device.motion(1000, 20, 10)
		offer.action(1)`)
	// What was received before the drop is real.
	if got := d.to.receive(d.to.dnd, "image/png"); got != "data as image/png" {
		t.Errorf("received %q before the drop", got)
	}
	d.clear()
	f.button(btnLeft, false)
	d.expect(`source.dnd_drop_performed()`, `
		wl_data_device.drop()
		wl_data_device.leave()
		wl_pointer.enter(#, target, 20, 10)
		wl_pointer.frame()`)
	if got := d.to.receive(d.to.dnd, "text/plain"); got != "data as text/plain" {
		t.Errorf("received %q after the drop", got)
	}
	d.clear()
	d.to.dnd.Finish()
	d.expect("source.dnd_finished()", "")
	d.to.dnd.Destroy()
	s.Destroy()
	d.expect("", "")
	if f.srv.main.data.drag != nil {
		t.Error("the drag is still there")
	}
}

func TestDragIcon(t *testing.T) {
	d := newDragging(t, 3)
	icon := d.from.c.surface("icon")
	s := d.from.source("a/b")
	s.SetActions(actCopy)
	d.from.dev.StartDrag(s, d.win.surf, icon, d.serial)
	icon.Offset(-2, -3)
	icon.Attach(d.from.c.buffer(9, 9, 0), 0, 0)
	icon.Commit()
	d.from.c.ok()
	icon.Destroy()
	d.from.c.ok()
	compare(t, "shell", d.f.shell.take(), `
		icon 0x0 at 0,0
		icon 9x9 at -2,-3
		icon hidden`)
	d.f.button(btnLeft, false)
	d.f.settle()
	compare(t, "shell", d.f.shell.take(), "")
}

func TestDragMoveAndPreference(t *testing.T) {
	d := newDragging(t, 3)
	d.start(actCopy | actMove | actAsk)
	d.clear()
	d.to.dnd.SetActions(actCopy|actMove|actAsk, actMove)
	d.expect("source.action(2)", "offer.action(2)")
	d.to.dnd.SetActions(actAsk, 0)
	d.expect("source.action(4)", "offer.action(4)")
	d.to.dnd.SetActions(0, 0)
	d.expect("source.action(0)", "offer.action(0)")
	d.to.dnd.Accept(1, nil)
	d.expect("source.target(nil)", "")
	// Nothing was accepted: no drop.
	d.f.button(btnLeft, false)
	d.expect(`
		source.target(nil)
		source.action(0)
		source.cancelled()`, `
		wl_data_device.leave()
		wl_pointer.enter(#, target, 10, 10)
		wl_pointer.frame()`)
	// The offer is dead, but using it is no error.
	mime := "text/plain"
	d.to.dnd.Accept(1, &mime)
	d.to.dnd.SetActions(actCopy, actCopy)
	if got := d.to.receive(d.to.dnd, "text/plain"); got != "" {
		t.Errorf("a dead offer gives %q", got)
	}
	d.to.dnd.Destroy()
	d.expect("", "")
}

func TestDragAsk(t *testing.T) {
	d := newDragging(t, 3)
	d.start(actCopy | actMove | actAsk)
	mime := "text/plain"
	d.to.dnd.Accept(1, &mime)
	d.to.dnd.SetActions(actCopy|actMove|actAsk, actAsk)
	d.f.settle()
	d.f.button(btnLeft, false)
	d.f.settle()
	d.clear()
	// The person chose; the source hears of it just before the end.
	d.to.dnd.SetActions(actCopy|actMove, actMove)
	d.expect("", "")
	d.to.dnd.Finish()
	d.expect("source.action(2)\nsource.dnd_finished()", "")
	d.to.dnd.Receive("text/plain", d.f.pipe())
	d.to.c.wantError("wl_data_offer", uint32(protocol.WlDataOfferErrorInvalidOffer))
}

func TestDropErrors(t *testing.T) {
	mime := "text/plain"
	for _, tc := range []struct {
		name string
		code protocol.WlDataOfferError
		drop bool
		do   func(o *client.WlDataOffer)
	}{
		{"finish before the drop", protocol.WlDataOfferErrorInvalidFinish, false, func(o *client.WlDataOffer) { o.Finish() }},
		{"finish while asking", protocol.WlDataOfferErrorInvalidFinish, true, func(o *client.WlDataOffer) { o.Finish() }},
		{"finish after refusing", protocol.WlDataOfferErrorInvalidFinish, true, func(o *client.WlDataOffer) {
			o.SetActions(actCopy, actCopy)
			o.Accept(1, nil)
			o.Finish()
		}},
		{"an action that was not offered", protocol.WlDataOfferErrorInvalidAction, true, func(o *client.WlDataOffer) {
			o.SetActions(actMove, actMove)
		}},
		{"finish twice", protocol.WlDataOfferErrorInvalidFinish, true, func(o *client.WlDataOffer) {
			o.SetActions(actCopy, actCopy)
			o.Finish()
			o.Finish()
		}},
		{"accept after finish", protocol.WlDataOfferErrorInvalidOffer, true, func(o *client.WlDataOffer) {
			o.SetActions(actCopy, actCopy)
			o.Finish()
			o.Accept(1, &mime)
		}},
		{"actions after finish", protocol.WlDataOfferErrorInvalidOffer, true, func(o *client.WlDataOffer) {
			o.SetActions(actCopy, actCopy)
			o.Finish()
			o.SetActions(actCopy, actCopy)
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			d := newDragging(t, 3)
			d.start(actCopy | actAsk)
			d.to.dnd.Accept(1, &mime)
			d.to.dnd.SetActions(actCopy|actAsk, actAsk)
			d.f.settle()
			if tc.drop {
				d.f.button(btnLeft, false)
				d.f.settle()
			}
			tc.do(d.to.dnd)
			d.to.c.wantError("wl_data_offer", uint32(tc.code))
			d.from.c.ok()
			if tc.drop {
				return
			}
			d.f.button(btnLeft, false)
		})
	}
}

func TestDropWithoutFinish(t *testing.T) {
	d := newDragging(t, 3)
	d.start(actCopy)
	mime := "text/plain"
	d.to.dnd.Accept(1, &mime)
	d.to.dnd.SetActions(actCopy, actCopy)
	d.f.settle()
	d.f.button(btnLeft, false)
	d.clear()
	d.to.dnd.Destroy()
	d.expect("source.cancelled()", "")
}

func TestDragSourceGoes(t *testing.T) {
	for _, how := range []string{"destroyed", "disconnected"} {
		d := newDragging(t, 3)
		s := d.start(actCopy)
		d.clear()
		if how == "destroyed" {
			s.Destroy()
			d.from.c.ok()
		} else {
			d.from.c.disconnect()
		}
		d.to.c.ok()
		if got := d.to.c.take(); !strings.HasSuffix(got, "wl_data_device.leave()\nwl_pointer.enter(#, target, 10, 10)\nwl_pointer.frame()") {
			t.Errorf("%s: the target saw %q", how, got)
		}
		if d.f.seat.Grabbed() || d.f.srv.main.data.drag != nil {
			t.Errorf("%s: the drag is still there", how)
		}
		d.f.button(btnLeft, false)
	}
}

func TestDragTargetGoes(t *testing.T) {
	d := newDragging(t, 3)
	d.start(actCopy)
	d.to.c.disconnect()
	d.f.button(btnLeft, false)
	d.from.c.ok()
	if got := d.from.c.take(); !strings.Contains(got, "source.cancelled()") {
		t.Errorf("the source saw %q", got)
	}

	// After the drop, before finish.
	d = newDragging(t, 3)
	d.start(actCopy)
	mime := "text/plain"
	d.to.dnd.Accept(1, &mime)
	d.to.dnd.SetActions(actCopy, actCopy)
	d.f.settle()
	d.f.button(btnLeft, false)
	d.clear()
	d.to.c.disconnect()
	d.from.c.expect("source.cancelled()")
}

func TestDragOverNothing(t *testing.T) {
	d := newDragging(t, 3)
	d.start(actCopy)
	d.clear()
	d.f.motion(500, 400)
	d.expect(`
		source.target(nil)
		source.action(0)`, `wl_data_device.leave()`)
	d.f.button(btnLeft, false)
	d.expect("source.cancelled()", "")
}

func TestDragWithoutASource(t *testing.T) {
	d := newDragging(t, 3)
	d.from.dev.StartDrag(nil, d.win.surf, nil, d.serial)
	d.expect(`
		wl_pointer.leave(#, win)
		wl_pointer.frame()
		wl_data_device.enter(#, win, 5, 5, nil)`, "")
	// Other clients see nothing of it.
	d.f.motion(210, 10)
	d.expect("wl_data_device.leave()", "")
	d.f.motion(6, 6)
	d.f.button(btnLeft, false)
	d.expect(`
		wl_data_device.enter(#, win, 6, 6, nil)
		wl_data_device.drop()
		wl_data_device.leave()
		wl_pointer.enter(#, win, 6, 6)
		wl_pointer.frame()`, "")
}

func TestDragNeedsAPress(t *testing.T) {
	d := newDragging(t, 3)
	for _, serial := range []uint32{0, d.serial - 1, d.serial + 100} {
		s := d.from.source("a")
		d.from.dev.StartDrag(s, d.win.surf, nil, serial)
		d.from.c.ok()
		if got := d.from.c.take(); got != "source.cancelled()" {
			t.Errorf("serial %d: %q", serial, got)
		}
	}
	d.start(actCopy)
	d.clear()
	// A second drag while one is under way.
	s := d.from.source("b")
	d.from.dev.StartDrag(s, d.win.surf, nil, d.serial)
	d.expect("source.cancelled()", "")
	d.f.button(btnLeft, false)
}

func TestDragOfOldVersions(t *testing.T) {
	d := newDragging(t, 2)
	d.start(0)
	d.expect("wl_data_device.leave()\nsource.target(nil)", `
		wl_data_device.data_offer(new id wl_data_offer)
		offer.offer("text/plain")
		offer.offer("image/png")
		wl_data_device.enter(#, target, 10, 10, offer)`)
	mime := "text/plain"
	d.to.dnd.Accept(1, &mime)
	d.f.settle()
	d.f.button(btnLeft, false)
	d.expect(`source.target("text/plain")`, `
		wl_data_device.drop()
		wl_data_device.leave()
		wl_pointer.enter(#, target, 10, 10)
		wl_pointer.frame()`)
	if got := d.to.receive(d.to.dnd, "text/plain"); got != "data as text/plain" {
		t.Errorf("received %q", got)
	}
	d.to.dnd.Destroy()
	d.to.dev.Release()
	d.f.settle()
	// No answer: the source of version 2 does not hear of a cancelled drag.
	d = newDragging(t, 2)
	d.start(0)
	d.clear()
	d.f.button(btnLeft, false)
	d.expect("source.target(nil)", `
		wl_data_device.leave()
		wl_pointer.enter(#, target, 10, 10)
		wl_pointer.frame()`)
}
