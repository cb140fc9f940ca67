package wayland

import (
	"testing"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

func TestPointerWarp(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	f.shell.at = geom.Point{X: 100, Y: 50}
	w := c.window("win", 60, 40, 0)
	f.shell.at = geom.Point{X: 300, Y: 50}
	other := c.window("other", 60, 40, 0)
	p := bind[client.WlSeat](c, &protocol.WlSeatInterface, 10).GetPointer()
	c.label(p, "ptr")
	m := bind[client.WpPointerWarpV1](c, &protocol.WpPointerWarpV1Interface, 1)
	f.motion(110, 60)
	c.ok()
	c.take()
	enter := c.serials["wl_pointer.enter"]
	fix := geom.FixedFromFloat
	warp := func(what string, s *client.WlSurface, x, y float64, serial uint32, want geom.FPoint, told string) {
		t.Helper()
		m.WarpPointer(s, p, fix(x), fix(y), serial)
		c.ok()
		if got := f.seat.Position(); got != want {
			t.Errorf("%s: the pointer is at %v; want %v", what, got, want)
		}
		compare(t, what, c.take(), told)
	}
	at := func(x, y float64) geom.FPoint { return geom.FPoint{X: x, Y: y} }
	warp("to a place on the surface", w.surf, 30.5, 20, enter, at(130.5, 70), "ptr.motion(1000, 30.5, 20)\nptr.frame()")
	warp("with another serial", w.surf, 1, 1, enter-1, at(130.5, 70), "")
	warp("beyond the surface", w.surf, 60, 1, enter, at(130.5, 70), "")
	warp("above the surface", w.surf, 1, -0.5, enter, at(130.5, 70), "")
	warp("to a surface without the pointer", other.surf, 1, 1, enter, at(130.5, 70), "")
	f.button(btnLeft, true)
	c.ok()
	c.take()
	warp("with a button held", w.surf, 0, 0, enter, at(100, 50), "ptr.motion(1000, 0, 0)\nptr.frame()")
	f.button(btnLeft, false)
	lock := bind[client.ZwpPointerConstraintsV1](c, &protocol.ZwpPointerConstraintsV1Interface, 1).
		LockPointer(w.surf, p, nil, protocol.ZwpPointerConstraintsV1LifetimePersistent)
	f.seat.SetKeyboardFocus(w.guest().Surface.Data.(*surface))
	c.ok()
	c.take()
	warp("while it is locked", w.surf, 9, 9, enter, at(100, 50), "")
	lock.Destroy()
	warp("and when it isn't any more", w.surf, 9, 9, enter, at(109, 59), "ptr.motion(1000, 9, 9)\nptr.frame()")
	w.surf.Attach(nil, 0, 0)
	w.surf.Commit()
	c.expect("ptr.leave(#, win)\nptr.frame()")
	warp("without content", w.surf, 1, 1, enter, at(109, 59), "")
	m.Destroy()
	c.ok()
}
