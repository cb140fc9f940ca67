package wayland

import (
	"testing"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// pipe returns the write end of a pipe whose other end is closed with the
// test.
func (f *fixture) pipe() int {
	var p [2]int
	if err := unix.Pipe2(p[:], unix.O_CLOEXEC|unix.O_NONBLOCK); err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { _ = unix.Close(p[0]); _ = unix.Close(p[1]) })
	return p[1]
}

// testPopup is an xdg_popup with its surfaces.
type testPopup struct {
	c    *testClient
	surf *client.WlSurface
	xdg  *client.XdgSurface
	pop  *client.XdgPopup
	last uint32
}

func (c *testClient) popup(name string, parent *client.XdgSurface, pos *client.XdgPositioner) *testPopup {
	p := &testPopup{c: c, surf: c.surface(name)}
	p.xdg = c.wm.GetXdgSurface(p.surf)
	p.xdg.OnConfigure = func(serial uint32) { p.last = serial }
	p.pop = p.xdg.GetPopup(parent, pos)
	c.label(p.xdg, name+".xdg")
	c.label(p.pop, name+".pop")
	return p
}

// show makes the initial commit, answers it and maps the popup.
func (p *testPopup) show(w, h int32) {
	p.c.t.Helper()
	p.surf.Commit()
	p.c.ok()
	p.xdg.AckConfigure(p.last)
	p.surf.Attach(p.c.buffer(w, h, 0xff00), 0, 0)
	p.surf.Commit()
	p.c.ok()
}

func (p *testPopup) destroy() {
	p.pop.Destroy()
	p.xdg.Destroy()
	p.surf.Destroy()
}

func TestPopupIsPlacedAndShown(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	f.shell.at = geom.Point{X: 100, Y: 50}
	w := c.window("win", 200, 100, 0xff)
	pos := c.placed(40, 30)
	pos.SetAnchorRect(10, 20, 30, 10)
	pos.SetAnchor(protocol.XdgPositionerAnchorBottomLeft)
	pos.SetGravity(protocol.XdgPositionerGravityBottomRight)
	p := c.popup("menu", w.xdg, pos)
	p.surf.Commit()
	c.expect(`
		menu.pop.configure(10, 30, 40, 30)
		menu.xdg.configure(#)`)
	p.xdg.AckConfigure(p.last)
	p.surf.Attach(c.buffer(40, 30, 0xff00), 0, 0)
	p.surf.Commit()
	c.ok()
	f.draw()
	for _, px := range []struct {
		x, y int32
		want uint32
	}{{109, 80, 0xff}, {110, 80, 0xff00}, {149, 109, 0xff00}, {150, 109, 0xff}, {110, 110, 0xff}} {
		if got := f.at(px.x, px.y); got != px.want {
			t.Errorf("pixel %d,%d = %06x; want %06x", px.x, px.y, got, px.want)
		}
	}
	p.destroy()
	c.ok()
	f.draw()
	if got := f.at(120, 90); got != 0xff {
		t.Errorf("pixel under a destroyed popup = %06x; want ff", got)
	}
}

func TestPopupRepositionTakesEffectWithTheAnswer(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 200, 100, 0xff)
	p := c.popup("menu", w.xdg, c.placed(40, 30))
	p.show(40, 30)
	c.take()
	pos := c.placed(20, 20)
	pos.SetOffset(100, 50)
	p.pop.Reposition(pos, 77)
	c.expect(`
		menu.pop.repositioned(77)
		menu.pop.configure(90, 40, 20, 20)
		menu.xdg.configure(#)`)
	sp := c.core(p.surf).xdg.role.(*popup)
	before := sp.rect
	p.surf.Commit()
	c.ok()
	if sp.rect != before {
		t.Errorf("the popup moved to %v before the answer", sp.rect)
	}
	p.xdg.AckConfigure(p.last)
	p.surf.Commit()
	c.ok()
	if want := geom.XYWH(90, 40, 20, 20); sp.rect != want {
		t.Errorf("the popup is at %v after the answer; want %v", sp.rect, want)
	}
}

func TestPopupRepositionBeforeTheInitialCommit(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 200, 100, 0xff)
	p := c.popup("menu", w.xdg, c.placed(40, 30))
	p.pop.Reposition(c.placed(10, 10), 5)
	c.expect("")
	p.surf.Commit()
	c.expect(`
		menu.pop.repositioned(5)
		menu.pop.configure(-5, -5, 10, 10)
		menu.xdg.configure(#)`)
}

func TestReactivePopupFollowsItsConditions(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 200, 100, 0xff)
	slide := c.placed(40, 30)
	slide.SetReactive()
	slide.SetGravity(protocol.XdgPositionerGravityBottomRight)
	slide.SetConstraintAdjustment(protocol.XdgPositionerConstraintAdjustmentSlideX)
	p := c.popup("menu", w.xdg, slide)
	p.show(40, 30)
	still := c.popup("still", w.xdg, c.placed(40, 30))
	still.show(40, 30)
	c.take()
	f.srv.ReactPopups(w.guest())
	c.expect("")
	f.shell.bounds = geom.Rect{X0: 50, Y0: 0, X1: 200, Y1: 100}
	f.srv.ReactPopups(w.guest())
	c.expect(`
		menu.pop.configure(50, 0, 40, 30)
		menu.xdg.configure(#)`)
	f.srv.ReactPopups(w.guest())
	c.expect("")
}

// grabbed makes a window with the pointer pressed on it, and returns the
// serial of the press.
func (c *testClient) pressed(w *window) (*client.WlSeat, uint32) {
	c.t.Helper()
	seat := bind[client.WlSeat](c, &protocol.WlSeatInterface, 9)
	seat.GetPointer()
	seat.GetKeyboard()
	c.ok()
	c.f.motion(5, 5)
	c.f.button(btnLeft, true)
	c.ok()
	serial := c.serials["wl_pointer.button"]
	c.f.button(btnLeft, false)
	c.ok()
	c.take()
	return seat, serial
}

func TestPopupGrab(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 200, 100, 0xff)
	seat, serial := c.pressed(w)
	menu := c.popup("menu", w.xdg, c.placed(40, 30))
	menu.pop.Grab(seat, serial)
	menu.show(40, 30)
	sub := c.popup("sub", menu.xdg, c.placed(20, 20))
	sub.pop.Grab(seat, serial)
	sub.show(20, 20)
	c.expect(`
		wl_keyboard.leave(#, win)
		wl_keyboard.enter(#, menu, array[0])
		wl_keyboard.modifiers(#, 0, 0, 0, 0)
		menu.pop.configure(-20, -15, 40, 30)
		menu.xdg.configure(#)
		buffer.release()
		wl_keyboard.leave(#, menu)
		wl_keyboard.enter(#, sub, array[0])
		wl_keyboard.modifiers(#, 0, 0, 0, 0)
		sub.pop.configure(-10, -10, 20, 20)
		sub.xdg.configure(#)
		buffer.release()`)

	// The topmost goes: its parent has the grab again.
	sub.destroy()
	c.expect(`
		wl_keyboard.leave(#, sub)
		wl_keyboard.enter(#, menu, array[0])
		wl_keyboard.modifiers(#, 0, 0, 0, 0)`)

	// A press elsewhere dismisses the chain from the top and is swallowed.
	sub = c.popup("sub", menu.xdg, c.placed(20, 20))
	sub.pop.Grab(seat, serial)
	sub.show(20, 20)
	c.take()
	f.motion(500, 400)
	c.ok()
	c.take()
	f.button(btnLeft, true)
	f.button(btnLeft, false)
	c.expect(`
		sub.pop.popup_done()
		menu.pop.popup_done()
		wl_keyboard.leave(#, sub)
		wl_keyboard.enter(#, win, array[0])
		wl_keyboard.modifiers(#, 0, 0, 0, 0)`)
	if f.seat.Grabbed() {
		t.Error("the grab is still there")
	}
	// A popup above one that is dismissed, which the client can't know yet,
	// is dismissed as well.
	late := c.popup("late", menu.xdg, c.placed(5, 5))
	late.pop.Grab(seat, serial)
	late.surf.Commit()
	c.expect("late.pop.popup_done()")
	late.destroy()
	sub.destroy()
	menu.destroy()
	c.expect("")
}

func TestPopupGrabIsDenied(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 200, 100, 0xff)
	seat, serial := c.pressed(w)
	p := c.popup("menu", w.xdg, c.placed(40, 30))
	p.pop.Grab(seat, serial+1000)
	c.expect("menu.pop.popup_done()")
	p.destroy()

	// A parent popup without a grab.
	tip := c.popup("tip", w.xdg, c.placed(40, 30))
	tip.show(40, 30)
	c.popup("menu", tip.xdg, c.placed(5, 5)).pop.Grab(seat, serial)
	c.wantError("xdg_popup", uint32(protocol.XdgPopupErrorInvalidGrab))
}

func TestPopupGrabNotOnTop(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 200, 100, 0xff)
	seat, serial := c.pressed(w)
	a := c.popup("a", w.xdg, c.placed(40, 30))
	a.pop.Grab(seat, serial)
	a.show(40, 30)
	c.take()
	b := c.popup("b", w.xdg, c.placed(40, 30))
	b.pop.Grab(seat, serial)
	c.expect("b.pop.popup_done()")
	// Another client's grab ends the first.
	d := f.connect()
	f.shell.at = geom.Point{X: 300}
	d.window("other", 50, 50, 0)
	c.expect(`
		wl_pointer.leave(#, win)
		wl_pointer.frame()
		wl_pointer.enter(#, a, 25, 20)
		wl_pointer.frame()
		a.pop.popup_done()
		wl_keyboard.leave(#, a)`)
}

func TestPopupsEndWithTheirParents(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 200, 100, 0xff)
	seat, serial := c.pressed(w)
	a := c.popup("a", w.xdg, c.placed(40, 30))
	a.pop.Grab(seat, serial)
	a.show(40, 30)
	b := c.popup("b", a.xdg, c.placed(40, 30))
	b.show(40, 30)
	c.take()
	// A null buffer unmaps the window.
	w.surf.Attach(nil, 0, 0)
	w.surf.Commit()
	c.expect(`
		b.pop.popup_done()
		wl_pointer.leave(#, win)
		wl_pointer.frame()
		wl_pointer.enter(#, a, 25, 20)
		wl_pointer.frame()
		wl_keyboard.leave(#, a)
		wl_keyboard.enter(#, win, array[0])
		wl_keyboard.modifiers(#, 0, 0, 0, 0)
		a.pop.popup_done()`)
	f.draw()
	b.destroy()
	a.destroy()
	c.ok()
}

func TestPopupIsUnmappedAndMappedAgain(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 200, 100, 0xff)
	p := c.popup("menu", w.xdg, c.placed(40, 30))
	p.show(40, 30)
	c.take()
	p.surf.Attach(nil, 0, 0)
	p.surf.Commit()
	c.expect("")
	p.show(40, 30)
	c.expect(`
		menu.pop.configure(-20, -15, 40, 30)
		menu.xdg.configure(#)
		buffer.release()`)
	f.draw()
	if got := f.at(5, 5); got != 0xff00 {
		t.Errorf("pixel of the popup = %06x", got)
	}
}

func TestPopupNestingIsBounded(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 200, 100, 0xff)
	parent := w.xdg
	done := 0
	for range maxPopups + 10 {
		x := c.wm.GetXdgSurface(c.comp.CreateSurface())
		p := x.GetPopup(parent, c.placed(5, 5))
		p.OnPopupDone = func() { done++ }
		parent = x
	}
	c.ok()
	if done != 10 {
		t.Errorf("%d popups were dismissed at once; want 10", done)
	}
}

func TestNestedPopupIsBoundedByTheScreen(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	f.shell.at = geom.Point{X: 500, Y: 0}
	w := c.window("win", 100, 100, 0xff)
	pos := c.placed(60, 30)
	pos.SetGravity(protocol.XdgPositionerGravityBottomRight)
	pos.SetAnchorRect(50, 0, 10, 10)
	p := c.popup("menu", w.xdg, pos)
	p.show(60, 30)
	// The submenu would begin at 100, relative to the menu at 55: the screen
	// ends at 140.
	pos = c.placed(50, 30)
	pos.SetAnchorRect(0, 0, 60, 10)
	pos.SetAnchor(protocol.XdgPositionerAnchorTopRight)
	pos.SetGravity(protocol.XdgPositionerGravityBottomRight)
	pos.SetConstraintAdjustment(protocol.XdgPositionerConstraintAdjustmentFlipX)
	c.take()
	s := c.popup("sub", p.xdg, pos)
	s.surf.Commit()
	c.expect(`
		sub.pop.configure(-50, 0, 50, 30)
		sub.xdg.configure(#)`)
}
