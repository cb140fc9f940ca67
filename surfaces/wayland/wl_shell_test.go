package wayland

import (
	"testing"

	"rayos/geom"
	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// oldWindow is a wl_shell_surface.
type oldWindow struct {
	c    *testClient
	surf *client.WlSurface
	win  *client.WlShellSurface
}

func (c *testClient) oldWindow(name string) *oldWindow {
	shell := bind[client.WlShell](c, &protocol.WlShellInterface, 1)
	w := &oldWindow{c: c, surf: c.surface(name)}
	w.win = shell.GetShellSurface(w.surf)
	c.label(w.win, name+".win")
	return w
}

// draw commits content of a size.
func (w *oldWindow) draw(width, height int32, color uint32) {
	w.c.t.Helper()
	w.surf.Attach(w.c.buffer(width, height, color), 0, 0)
	w.surf.Commit()
	w.c.ok()
}

func (w *oldWindow) guest() *surfaces.GuestSurface { return w.c.core(w.surf).core.Guest }

func TestWlShellIsOnlyForLenientServers(t *testing.T) {
	for _, lenient := range []bool{false, true} {
		f := newFixtureWith(t, Options{Lenient: lenient})
		found := false
		for _, g := range f.connect().globals {
			found = found || g.Interface == "wl_shell"
		}
		if found != lenient {
			t.Errorf("wl_shell with Lenient %v: %v", lenient, found)
		}
	}
}

func TestWlShellToplevel(t *testing.T) {
	f := newFixtureWith(t, Options{Lenient: true})
	c := f.connect()
	w := c.oldWindow("w")
	w.win.SetTitle("Clock")
	w.win.SetClass("xclock")
	w.win.SetToplevel()
	c.ok()
	compare(t, "before the first buffer", f.shell.take(), "")
	f.shell.at = geom.Point{X: 10, Y: 20}
	w.draw(40, 30, 0xff0000)
	compare(t, "mapped", f.shell.take(), `opened "xclock"
		mapped 40x30+0+0`)
	f.draw()
	if got := f.at(10, 20); got != 0xff0000 {
		t.Errorf("pixel at its corner = %06x", got)
	}
	if g := w.guest(); g.Title != "Clock" || g.State() != surfaces.Presented || c.srv.Surface(w.surf.ID()) != g.Surface {
		t.Errorf("window %q is %v, found as %v", g.Title, g.State(), c.srv.Surface(w.surf.ID()))
	}
	w.win.SetTitle("Alarm")
	w.draw(50, 30, 0xff0000)
	compare(t, "changed", f.shell.take(), `changed title
		changed geometry`)

	w.surf.Attach(nil, 0, 0)
	w.surf.Commit()
	c.ok()
	compare(t, "without a buffer", f.shell.take(), "unmapped")
	w.draw(40, 30, 0)
	compare(t, "with one again", f.shell.take(), "opened \"xclock\"\nmapped 40x30+0+0")

	w.surf.Destroy()
	c.ok()
	compare(t, "surface destroyed", f.shell.take(), "unmapped\nclosed")
	w.win.SetTitle("late") // a request for what ended with its surface
	c.wantError("wl_display", uint32(protocol.WlDisplayErrorInvalidObject))
}

func TestWlShellStates(t *testing.T) {
	f := newFixtureWith(t, Options{Lenient: true})
	c := f.connect()
	f.shell.first = surfaces.Configuration{Size: geom.Size{W: 640, H: 480}, Maximized: true}
	w := c.oldWindow("w")
	w.win.SetMaximized(nil)
	c.expect("w.win.configure(0, 640, 480)") // before it has drawn
	w.win.SetMaximized(nil)
	c.expect("")
	w.draw(640, 480, 0)
	f.shell.take()
	w.win.SetFullscreen(protocol.WlShellSurfaceFullscreenMethodDefault, 0, nil)
	w.win.SetToplevel()
	seat := bind[client.WlSeat](c, &protocol.WlSeatInterface, 1)
	w.win.Move(seat, 7)
	w.win.Resize(seat, 7, protocol.WlShellSurfaceResizeBottomRight)
	w.win.Resize(seat, 7, 3) // top and bottom at once
	w.win.Pong(3)
	c.ok()
	compare(t, "requests", f.shell.take(), `request fullscreen
		request unfullscreen
		request unmaximize
		request move
		request resize edges 10`)
	c.take()
	for _, size := range []geom.Size{{W: 300, H: 200}, {W: 300, H: 200}, {W: 640, H: 480}, {}} {
		w.guest().Window.Configure(surfaces.Configuration{Size: size})
	}
	c.expect("w.win.configure(0, 300, 200)")
}

func TestWlShellTransientAndPopup(t *testing.T) {
	f := newFixtureWith(t, Options{Lenient: true})
	c := f.connect()
	seat := bind[client.WlSeat](c, &protocol.WlSeatInterface, 1)
	seat.GetPointer()
	f.shell.at = geom.Point{X: 100, Y: 100}
	w := c.oldWindow("w")
	w.win.SetToplevel()
	w.draw(100, 100, 0xff)

	tip := c.oldWindow("tip")
	tip.win.SetTransient(w.surf, -10, 20, 0)
	tip.draw(30, 30, 0xff00)
	f.draw()
	if got := f.at(90, 120); got != 0xff00 {
		t.Errorf("pixel at the transient's corner = %06x", got)
	}
	if got := c.core(tip.surf).Guest(); got != w.guest() {
		t.Errorf("the transient is part of %v", got)
	}

	f.motion(150, 150)
	f.button(btnLeft, true)
	f.button(btnLeft, false)
	c.ok()
	serial := c.serials["wl_pointer.button"]
	menu := c.oldWindow("menu")
	menu.win.SetPopup(seat, serial, tip.surf, 5, 5, 0)
	menu.draw(20, 20, 0xffffff)
	f.draw()
	if got := f.at(95, 125); got != 0xffffff {
		t.Errorf("pixel at the popup's corner = %06x", got)
	}
	c.take()
	f.motion(400, 400)
	f.button(btnLeft, true)
	f.button(btnLeft, false)
	c.ok()
	compare(t, "after a press elsewhere", c.take(), `wl_pointer.leave(#, w)
		menu.win.popup_done()`)
	f.draw()
	if got := f.at(95, 125); got != 0xff00 {
		t.Errorf("the popup is still there: %06x", got)
	}

	late := c.oldWindow("late")
	late.win.SetPopup(seat, 12345, w.surf, 0, 0, 0)
	c.expect("late.win.popup_done()")
	loop := c.oldWindow("loop")
	loop.win.SetTransient(loop.surf, 0, 0, 0) // above itself: nowhere
	loop.draw(10, 10, 0)
	w.surf.Destroy()
	c.ok()
	if tip := c.core(tip.surf).role.(*shellSurface); tip.above != nil {
		t.Error("the transient still hangs above what is gone")
	}
}

func TestWlShellRole(t *testing.T) {
	f := newFixtureWith(t, Options{Lenient: true})
	for name, prepare := range map[string]func(*testClient, *client.WlSurface){
		"subsurface": func(c *testClient, s *client.WlSurface) { c.sub.GetSubsurface(s, c.surface("parent")) },
		"xdg":        func(c *testClient, s *client.WlSurface) { c.wm.GetXdgSurface(s) },
		"twice": func(c *testClient, s *client.WlSurface) {
			bind[client.WlShell](c, &protocol.WlShellInterface, 1).GetShellSurface(s)
		},
	} {
		t.Run(name, func(t *testing.T) {
			c := f.connect()
			s := c.surface("s")
			prepare(c, s)
			bind[client.WlShell](c, &protocol.WlShellInterface, 1).GetShellSurface(s)
			c.wantError("wl_shell", uint32(protocol.WlShellErrorRole))
		})
	}
}

// TestLenientServersTakeEarlyBuffers: the same commits end the client of any
// other server.
func TestLenientServersTakeEarlyBuffers(t *testing.T) {
	for _, lenient := range []bool{false, true} {
		f := newFixtureWith(t, Options{Lenient: lenient})
		c := f.connect()
		w := c.toplevel("w")
		w.surf.Attach(c.buffer(40, 30, 0), 0, 0)
		w.surf.Commit()
		if lenient {
			c.ok()
			compare(t, "shell", f.shell.take(), "opened \"\"\nmapped 40x30+0+0")
		} else {
			c.wantError("xdg_surface", uint32(protocol.XdgSurfaceErrorUnconfiguredBuffer))
		}
	}
}

func TestLenientServersTakeSelectionsWithoutASerial(t *testing.T) {
	for _, lenient := range []bool{false, true} {
		f := newFixtureWith(t, Options{Lenient: lenient})
		c := f.connect()
		seat := bind[client.WlSeat](c, &protocol.WlSeatInterface, 1)
		m := bind[client.WlDataDeviceManager](c, &protocol.WlDataDeviceManagerInterface, 3)
		for serial, want := range map[uint32]bool{0: lenient, 99999: false} {
			src := m.CreateDataSource()
			cancelled := false
			src.OnCancelled = func() { cancelled = true }
			m.GetDataDevice(seat).SetSelection(src, serial)
			c.ok()
			if cancelled == want {
				t.Errorf("Lenient %v, serial %d: cancelled %v", lenient, serial, cancelled)
			}
		}
	}
}
