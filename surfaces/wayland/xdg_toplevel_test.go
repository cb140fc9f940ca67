package wayland

import (
	"strings"
	"testing"

	"rayos/geom"
	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

func TestWindowIsConfiguredAndMapped(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	f.shell.first = surfaces.Configuration{Size: geom.Size{W: 800, H: 600}, Bounds: geom.Size{W: 640, H: 480}, Activated: true, Maximized: true}
	w := c.toplevel("win")
	w.top.SetTitle("a title")
	w.top.SetAppId("app")
	w.top.SetMinSize(10, 20)
	c.expect("")
	w.surf.Commit()
	c.expect(`
		win.top.wm_capabilities(array[16])
		win.top.configure_bounds(640, 480)
		win.top.configure(800, 600, array[8]) [maximized activated]
		win.xdg.configure(#)`)
	if lo, _ := w.guest().Window.Limits(); lo != (geom.Size{W: 10, H: 20}) {
		t.Errorf("the limits are %v with the initial commit", lo)
	}
	w.ack()
	w.surf.Attach(c.buffer(800, 600, 0xff0000), 0, 0)
	w.surf.Commit()
	c.expect("buffer.release()")
	compare(t, "shell", f.shell.take(), `
		changed title
		changed appid
		opened "app"
		mapped 800x600+0+0`)
	if g := w.guest(); g.Title != "a title" || g.AppID != "app" || g.Owner.Trust != surfaces.TrustSession {
		t.Errorf("guest is %+v", g)
	}
}

func TestConfigureStates(t *testing.T) {
	all := surfaces.Configuration{
		Size: geom.Size{W: 100, H: 50}, Maximized: true, Fullscreen: true, Resizing: true, Activated: true,
		Tiled: surfaces.Top | surfaces.Bottom | surfaces.Left | surfaces.Right, Suspended: true,
		Constrained: surfaces.Top | surfaces.Bottom | surfaces.Left | surfaces.Right,
	}
	for _, tc := range []struct {
		version uint32
		want    string
	}{
		{1, `
			top.configure(100, 50, array[16]) [maximized fullscreen resizing activated]
			xdg.configure(#)`},
		{2, `
			top.configure(100, 50, array[32]) [maximized fullscreen resizing activated tiled_left tiled_right tiled_top tiled_bottom]
			xdg.configure(#)`},
		{4, `
			top.configure_bounds(0, 0)
			top.configure(100, 50, array[32]) [maximized fullscreen resizing activated tiled_left tiled_right tiled_top tiled_bottom]
			xdg.configure(#)`},
		{6, `
			top.wm_capabilities(array[16])
			top.configure_bounds(0, 0)
			top.configure(100, 50, array[36]) [maximized fullscreen resizing activated tiled_left tiled_right tiled_top tiled_bottom suspended]
			xdg.configure(#)`},
		{7, `
			top.wm_capabilities(array[16])
			top.configure_bounds(0, 0)
			top.configure(100, 50, array[52]) [maximized fullscreen resizing activated tiled_left tiled_right tiled_top tiled_bottom suspended constrained_left constrained_right constrained_top constrained_bottom]
			xdg.configure(#)`},
	} {
		f := newFixture(t)
		c := f.connect()
		f.shell.first = all
		c.wm = bind[client.XdgWmBase](c, &protocol.XdgWmBaseInterface, tc.version)
		w := c.toplevel("win")
		c.label(w.xdg, "xdg")
		c.label(w.top, "top")
		w.surf.Commit()
		c.expect(tc.want)
		// What an older client can't be told is no reason to tell it anything.
		free := all
		free.Constrained = 0
		if told := w.guest().Window.Configure(free) != 0; told != (tc.version >= 7) {
			t.Errorf("version %d is told of sides that can be dragged: %v", tc.version, told)
		}
	}
}

func TestConfigureIsSentOnceForTheSame(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 40, 30, 0)
	g := w.guest()
	conf := surfaces.Configuration{Size: geom.Size{W: 50, H: 50}}
	if g.Window.Configure(conf) == 0 {
		t.Fatal("a new configuration was not sent")
	}
	if n := g.Window.Configure(conf); n != 0 {
		t.Errorf("the same configuration was sent again as %d", n)
	}
	g.Window.Close()
	c.expect(`
		win.top.configure(50, 50, array[0]) []
		win.xdg.configure(#)
		win.top.close()`)
}

func TestAckOfAnOlderConfigure(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 40, 30, 0)
	var serials []uint32
	w.xdg.OnConfigure = func(n uint32) { serials = append(serials, n) }
	for i := range int32(3) {
		w.guest().Window.Configure(surfaces.Configuration{Size: geom.Size{W: 50 + i, H: 50}})
	}
	c.ok()
	f.shell.take()
	// The first, then the last: the one between is consumed.
	w.xdg.AckConfigure(serials[0])
	w.surf.Commit()
	c.ok()
	top := f.srv.xdg[w.guest()]
	if top.Acked() {
		t.Error("the last configure counts as answered")
	}
	w.xdg.AckConfigure(serials[2])
	w.surf.Commit()
	c.ok()
	if !top.Acked() {
		t.Error("the last configure does not count as answered")
	}
	compare(t, "shell", f.shell.take(), `
		acked
		changed ack
		acked
		changed ack`)
	w.xdg.AckConfigure(serials[1])
	c.wantError("xdg_surface", uint32(protocol.XdgSurfaceErrorInvalidSerial))
}

func TestNeverAcking(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 40, 30, 0)
	for i := range int32(10_000) {
		w.guest().Window.Configure(surfaces.Configuration{Size: geom.Size{W: i + 1, H: 1}})
		if i%100 == 0 {
			c.ok()
			c.take()
		}
	}
	c.ok()
	if n := len(c.core(w.surf).xdg.acks); n > maxAcks {
		t.Errorf("%d configures are remembered", n)
	}
	w.ack()
	w.surf.Commit()
	c.ok()
}

func TestCommitHeldBackByTheShell(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 40, 30, 0xff)
	var hold *surfaces.Blocker
	f.shell.acked = func(g *surfaces.GuestSurface, _ uint32) { hold = g.Surface.Block() }
	w.guest().Window.Configure(surfaces.Configuration{Size: geom.Size{W: 50, H: 50}})
	c.ok()
	w.ack()
	w.surf.Attach(c.buffer(50, 50, 0xff00), 0, 0)
	w.surf.Commit()
	c.ok()
	f.shell.take()
	c.take()
	if s := c.core(w.surf).core.Size(); s.W != 40 {
		t.Fatalf("the surface is %v while the commit is held back", s)
	}
	hold.Clear()
	c.expect("buffer.release()")
	if s := c.core(w.surf).core.Size(); s.W != 50 {
		t.Fatalf("the surface is %v after the commit went on", s)
	}
	compare(t, "shell", f.shell.take(), "changed geometry ack")
}

func TestWindowRequests(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	out := bind[client.WlOutput](c, &protocol.WlOutputInterface, 4)
	seat := bind[client.WlSeat](c, &protocol.WlSeatInterface, 9)
	w := c.window("win", 40, 30, 0)
	other := c.window("other", 40, 30, 0)
	f.shell.take()
	w.top.SetMinimized()
	w.top.Move(seat, 1)
	w.top.Resize(seat, 1, protocol.XdgToplevelResizeEdgeBottomRight)
	w.top.Resize(seat, 1, protocol.XdgToplevelResizeEdgeNone)
	w.top.ShowWindowMenu(seat, 1, 7, 8)
	w.top.SetParent(other.top)
	w.top.SetParent(nil)
	w.top.SetMaxSize(100, 100)
	w.surf.Commit()
	c.ok()
	c.take()
	// A request for a state is answered even when nothing changes.
	w.top.SetFullscreen(out)
	c.expect(`
		win.top.configure(0, 0, array[0]) []
		win.xdg.configure(#)`)
	w.top.SetFullscreen(nil)
	w.top.UnsetFullscreen()
	w.top.UnsetMaximized()
	c.expect(`
		win.top.configure(0, 0, array[0]) []
		win.xdg.configure(#)`)
	f.shell.request = func(g *surfaces.GuestSurface, _ Request) {
		g.Window.Configure(surfaces.Configuration{Size: testMode, Maximized: true})
	}
	w.top.SetMaximized()
	c.expect(`
		win.top.configure(640, 480, array[4]) [maximized]
		win.xdg.configure(#)`)
	compare(t, "shell", f.shell.take(), `
		request minimize
		request move
		request resize edges 10
		request menu at 7,8
		changed parent
		changed parent
		changed limits
		request fullscreen on TEST-1
		request fullscreen
		request unfullscreen
		request unmaximize
		request maximize`)
}

func TestWindowUnmapsAndMapsAgain(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 40, 30, 0xff)
	w.top.SetMaxSize(50, 50)
	w.surf.Commit()
	child := c.window("child", 10, 10, 0)
	grandchild := c.window("grandchild", 10, 10, 0)
	child.top.SetParent(w.top)
	grandchild.top.SetParent(child.top)
	c.ok()
	f.shell.take()
	if p := f.srv.Parent(grandchild.guest()); p != child.guest() {
		t.Fatalf("parent of the grandchild is %v", p)
	}
	child.surf.Attach(nil, 0, 0)
	child.surf.Commit()
	c.ok()
	if p := f.srv.Parent(grandchild.guest()); p != w.guest() {
		t.Fatalf("parent of the grandchild is %v after its parent was unmapped", p)
	}
	w.surf.Attach(nil, 0, 0)
	w.surf.Commit()
	c.ok()
	if p := f.srv.Parent(grandchild.guest()); p != nil {
		t.Fatalf("parent of the grandchild is %v", p)
	}
	if _, hi := w.guest().Window.Limits(); hi != (geom.Size{}) {
		t.Errorf("limits are %v after unmapping", hi)
	}
	c.take()
	w.surf.Commit()
	c.expect(`
		win.top.wm_capabilities(array[16])
		win.top.configure_bounds(0, 0)
		win.top.configure(0, 0, array[0]) []
		win.xdg.configure(#)`)
	w.ack()
	w.surf.Attach(c.buffer(20, 20, 0xff), 0, 0)
	w.surf.Commit()
	c.ok()
	w.top.Destroy()
	w.xdg.Destroy()
	c.ok()
	compare(t, "shell", f.shell.take(), `
		unmapped
		changed parent
		changed parent
		unmapped
		changed parent
		opened ""
		mapped 20x20+0+0
		unmapped
		closed`)
	// The same surface becomes a window once more.
	w.surf.Attach(nil, 0, 0)
	w.surf.Commit()
	w.xdg = c.wm.GetXdgSurface(w.surf)
	w.xdg.OnConfigure = func(n uint32) { w.last = n }
	w.top = w.xdg.GetToplevel()
	w.surf.Commit()
	c.ok()
	w.ack()
	w.surf.Attach(c.buffer(20, 20, 0xff), 0, 0)
	w.surf.Commit()
	c.ok()
	f.draw()
	if f.at(5, 5) != 0xff {
		t.Error("the window of the old surface is not shown")
	}
}

func TestWindowGeometry(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	f.shell.at = geom.Point{X: 100, Y: 100}
	w := c.toplevel("win")
	w.surf.Commit()
	c.ok()
	w.ack()
	w.xdg.SetWindowGeometry(10, 10, 80, 60)
	w.surf.Attach(c.buffer(100, 100, 0xff), 0, 0)
	w.surf.Commit()
	c.ok()
	if g := w.guest().Window.Geometry(); g != geom.XYWH(10, 10, 80, 60) {
		t.Errorf("geometry = %v", g)
	}
	f.draw()
	if f.at(90, 90) != 0xff || f.at(89, 89) != 0 || f.at(189, 189) != 0xff {
		t.Error("the geometry's corner is not at the window's place")
	}
	for _, tc := range []struct{ in, want geom.Rect }{
		{geom.XYWH(50, 50, 1<<30, 1<<30), geom.XYWH(50, 50, 50, 50)},
		{geom.XYWH(-5, -5, 20, 20), geom.XYWH(0, 0, 15, 15)},
		{geom.XYWH(1<<30, 1<<30, 20, 20), geom.XYWH(0, 0, 100, 100)},
	} {
		w.xdg.SetWindowGeometry(tc.in.X0, tc.in.Y0, tc.in.W(), tc.in.H())
		w.surf.Commit()
		c.ok()
		if g := w.guest().Window.Geometry(); g != tc.want {
			t.Errorf("geometry of %v = %v; want %v", tc.in, g, tc.want)
		}
	}
}

func TestWindowGeometryRemainsUntilAnotherIsSet(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 100, 100, 0)
	w.xdg.SetWindowGeometry(10, 10, 80, 60)
	w.surf.Commit()
	w.surf.Attach(nil, 0, 0)
	w.surf.Commit()
	w.surf.Commit() // the initial commit again
	c.ok()
	w.ack()
	w.surf.Attach(c.buffer(200, 200, 0), 0, 0)
	w.surf.Commit()
	c.ok()
	if g := w.guest().Window.Geometry(); g != geom.XYWH(10, 10, 80, 60) {
		t.Errorf("geometry after it was unmapped and mapped again = %v", g)
	}
}

// TestGeometryGrowsToTheLeft: the shell learns how far, so that what was drawn
// before can stay where it is.
func TestGeometryGrowsToTheLeft(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 100, 100, 0)
	top := f.srv.xdg[w.guest()]
	s := c.surface("sub")
	sub := c.sub.GetSubsurface(s, w.surf)
	s.Attach(c.buffer(50, 50, 0), 0, 0)
	s.Commit()
	for _, tc := range []struct{ x, y, dx, dy int32 }{
		{10, 10, 0, 0}, {-20, 5, -20, 0}, {-10, -5, 10, -5}, {60, 60, 10, 5},
	} {
		f.shell.take()
		sub.SetPosition(tc.x, tc.y)
		w.surf.Commit()
		c.ok()
		compare(t, "shell", f.shell.take(), "changed geometry")
		if d := top.Grown(); d != (geom.Point{X: tc.dx, Y: tc.dy}) {
			t.Errorf("with the subsurface at %d,%d the corner moved by %v; want %d,%d", tc.x, tc.y, d, tc.dx, tc.dy)
		}
		if d := top.Grown(); d != (geom.Point{}) {
			t.Errorf("told twice: %v", d)
		}
	}
	w.xdg.SetWindowGeometry(0, 0, 50, 50)
	w.surf.Commit()
	sub.SetPosition(-40, -40)
	w.surf.Commit()
	w.xdg.SetWindowGeometry(20, 20, 50, 50)
	w.surf.Commit()
	c.ok()
	if d := top.Grown(); d != (geom.Point{}) {
		t.Errorf("a geometry that the client sets moved the corner by %v", d)
	}
}

func TestTextIsBounded(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 10, 10, 0)
	w.top.SetTitle(strings.Repeat("x", 3000))
	w.top.SetAppId("a\xffb")
	c.ok()
	if g := w.guest(); len(g.Title) != maxText || g.AppID != "a\ufffdb" {
		t.Errorf("title of %d bytes, app id %q", len(g.Title), g.AppID)
	}
}

func TestDecoration(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	f.shell.decorates = true
	m := bind[client.ZxdgDecorationManagerV1](c, &protocol.ZxdgDecorationManagerV1Interface, 1)
	w := c.toplevel("win")
	d := m.GetToplevelDecoration(w.top)
	c.label(d, "deco")
	d.SetMode(protocol.ZxdgToplevelDecorationV1ModeServerSide)
	w.surf.Commit()
	c.expect(`
		win.top.wm_capabilities(array[16])
		win.top.configure_bounds(0, 0)
		deco.configure(2)
		win.top.configure(0, 0, array[0]) []
		win.xdg.configure(#)`)
	d.SetMode(protocol.ZxdgToplevelDecorationV1ModeClientSide)
	c.expect(`
		deco.configure(1)
		win.xdg.configure(#)`)
	d.UnsetMode()
	c.expect(`
		deco.configure(2)
		win.xdg.configure(#)`)
	f.shell.take()
	d.Destroy()
	c.ok()
	if known, _ := f.srv.DecorationWish(w.guest()); known {
		t.Error("a destroyed decoration is still a wish")
	}
	compare(t, "shell", f.shell.take(), "changed decoration")
	// One that comes after the first configure is answered too.
	d = m.GetToplevelDecoration(w.top)
	c.label(d, "late")
	c.expect(`
		late.configure(2)
		win.xdg.configure(#)`)
	d.Destroy()
	w.top.Destroy()
	c.ok()
	m.Destroy()
	c.ok()
}

// TestOldSurfacesMayGoFirst: before version 6 of wl_surface the client may
// destroy it under its window, and then use what is left.
func TestOldSurfacesMayGoFirst(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	c.comp = bind[client.WlCompositor](c, &protocol.WlCompositorInterface, 5)
	w := c.window("win", 40, 40, 0xff)
	p := c.popup("menu", w.xdg, c.placed(5, 5))
	p.show(5, 5)
	f.shell.take()
	p.surf.Destroy()
	w.surf.Destroy()
	c.ok()
	compare(t, "shell", f.shell.take(), `
		unmapped
		closed`)
	w.top.SetTitle("ghost")
	w.top.SetAppId("ghost")
	w.top.SetMaximized()
	w.top.SetMinimized()
	w.top.SetMinSize(1, 1)
	w.top.SetParent(nil)
	w.xdg.SetWindowGeometry(0, 0, 1, 1)
	p.pop.Reposition(c.placed(3, 3), 1)
	c.ok()
	f.draw()
	p.pop.Destroy()
	p.xdg.Destroy()
	w.top.Destroy()
	w.xdg.Destroy()
	c.ok()
	compare(t, "shell", f.shell.take(), "")
}
