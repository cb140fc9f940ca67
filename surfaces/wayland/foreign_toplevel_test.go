package wayland

import (
	"encoding/binary"
	"strings"
	"testing"

	"rayos/geom"
	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// taskbar is a client that lists windows in both ways.
type taskbar struct {
	c    *testClient
	ext  *client.ExtForeignToplevelListV1
	wlr  *client.ZwlrForeignToplevelManagerV1
	exts []*client.ExtForeignToplevelHandleV1
	wlrs []*client.ZwlrForeignToplevelHandleV1
}

// listExt and listWlr bind the globals; handles get the names e0, e1 … and
// w0, w1 ….
func (b *taskbar) listExt() {
	b.ext = bind[client.ExtForeignToplevelListV1](b.c, &protocol.ExtForeignToplevelListV1Interface, 1)
	b.c.label(b.ext, "ext")
	b.ext.OnToplevel = func(h *client.ExtForeignToplevelHandleV1) {
		b.c.label(h, "e"+string(rune('0'+len(b.exts))))
		b.exts = append(b.exts, h)
	}
}

func (b *taskbar) listWlr(version uint32) {
	b.wlr = bind[client.ZwlrForeignToplevelManagerV1](b.c, &protocol.ZwlrForeignToplevelManagerV1Interface, version)
	b.c.label(b.wlr, "wlr")
	b.wlr.OnToplevel = func(h *client.ZwlrForeignToplevelHandleV1) {
		b.c.label(h, "w"+string(rune('0'+len(b.wlrs))))
		b.wlrs = append(b.wlrs, h)
		h.OnState = func(state []byte) {
			var names []string
			for i := 0; i+4 <= len(state); i += 4 {
				names = append(names, protocol.ZwlrForeignToplevelHandleV1State(binary.NativeEndian.Uint32(state[i:])).String())
			}
			b.c.note("[%s]", strings.Join(names, " "))
		}
	}
}

func (f *fixture) taskbar() *taskbar { return &taskbar{c: f.connect()} }

func TestForeignToplevelList(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 50, 50, 0)
	w.top.SetTitle("One")
	w.top.SetAppId("org.one")
	c.ok()
	b := f.taskbar()
	b.listExt()
	b.c.expect(`
		ext.toplevel(new id ext_foreign_toplevel_handle_v1)
		e0.identifier("test-1")
		e0.title("One")
		e0.app_id("org.one")
		e0.done()`)
	w.top.SetTitle("Two")
	w.top.SetTitle("Three")
	w.top.SetAppId("org.three")
	c.ok()
	b.c.expect(`
		e0.title("Three")
		e0.app_id("org.three")
		e0.done()`)
	w.top.SetTitle("Three")
	c.ok()
	b.c.expect("")
	// A window without a name, listed when it is mapped.
	two := c.window("two", 10, 10, 0)
	b.c.expect(`
		ext.toplevel(new id ext_foreign_toplevel_handle_v1)
		e1.identifier("test-2")
		e1.title("")
		e1.app_id("")
		e1.done()`)
	// Unmapped and mapped again it is another one.
	w.surf.Attach(nil, 0, 0)
	w.surf.Commit()
	c.ok()
	b.c.expect("e0.closed()")
	b.exts[0].Destroy()
	w.surf.Commit()
	c.ok()
	w.ack()
	w.surf.Attach(c.buffer(50, 50, 0), 0, 0)
	w.surf.Commit()
	c.ok()
	b.c.expect(`
		ext.toplevel(new id ext_foreign_toplevel_handle_v1)
		e2.identifier("test-3")
		e2.title("")
		e2.app_id("")
		e2.done()`)
	// A destroyed handle is not made again.
	b.exts[1].Destroy()
	b.c.ok()
	two.top.SetTitle("quiet")
	c.ok()
	b.c.expect("")
	// After stop only the handles go on.
	b.ext.Stop()
	b.ext.Stop()
	b.c.expect("ext.finished()")
	w.top.SetTitle("still")
	c.window("three", 10, 10, 0)
	c.ok()
	b.c.expect("e2.title(\"still\")\ne2.done()")
	b.ext.Destroy()
	c.disconnect()
	b.c.expect("e2.closed()")
	b.exts[2].Destroy()
	b.c.ok()
}

func TestForeignToplevelsAreToldApart(t *testing.T) {
	f := newFixture(t)
	if a, b := newWindowList(f.srv).generation, newWindowList(f.srv).generation; a == b {
		t.Errorf("two sessions have the generation %q", a)
	}
	if n := len(newWindowList(f.srv).generation + "-ffffffffffffffff"); n > 32 {
		t.Errorf("an identifier may have %d bytes; want 32 at most", n)
	}
}

func TestForeignToplevelManagement(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 50, 50, 0)
	w.top.SetTitle("One")
	w.top.SetAppId("org.one")
	c.ok()
	f.draw()
	f.shell.states = map[*surfaces.GuestSurface]WindowState{w.guest(): {Activated: true}}
	f.srv.WindowsChanged()
	b := f.taskbar()
	out := bind[client.WlOutput](b.c, &protocol.WlOutputInterface, 4)
	b.c.label(out, "out")
	b.c.ok()
	b.c.take()
	b.listWlr(3)
	b.c.expect(`
		wlr.toplevel(new id zwlr_foreign_toplevel_handle_v1)
		w0.title("One")
		w0.app_id("org.one")
		w0.output_enter(out)
		w0.state(array[4]) [activated]
		w0.parent(nil)
		w0.done()`)
	// A dialog, which is announced and then has a parent.
	d := c.window("dialog", 20, 20, 0)
	d.top.SetParent(w.top)
	c.ok()
	f.draw()
	b.c.expect(`
		wlr.toplevel(new id zwlr_foreign_toplevel_handle_v1)
		w1.title("")
		w1.app_id("")
		w1.state(array[0]) []
		w1.parent(nil)
		w1.done()
		w1.parent(w0)
		w1.done()
		w1.output_enter(out)
		w1.done()`)
	// State and where it is.
	f.shell.states[w.guest()] = WindowState{Maximized: true, Minimized: true, Fullscreen: true, Activated: true}
	f.srv.WindowsChanged()
	f.srv.WindowsChanged()
	w.top.SetTitle("Uno")
	w.top.SetAppId("org.uno")
	c.ok()
	b.c.expect(`
		w0.title("Uno")
		w0.app_id("org.uno")
		w0.state(array[16]) [maximized minimized activated fullscreen]
		w0.done()`)
	two := f.addOutput("TEST-2", geom.Point{X: 640}, testMode, geom.ScaleOne, geom.Normal)
	w.guest().Node.SetPosition(620, 0)
	f.draw()
	b.c.expect("w0.done()") // it has no object for that output yet
	out2 := bind[client.WlOutput](b.c, &protocol.WlOutputInterface, 4)
	b.c.label(out2, "out2")
	b.c.ok()
	if got := b.c.take(); !strings.HasSuffix(got, "w0.output_enter(out2)\nw0.done()") {
		t.Errorf("a bound output: %s", got)
	}
	w.guest().Node.SetPosition(700, 0)
	f.draw()
	b.c.expect("w0.output_leave(out)\nw0.done()")
	// One that shows nothing for a while is where it was.
	w.guest().Node.SetEnabled(false)
	f.draw()
	b.c.expect("")
	two.Remove()
	two.Scene.Destroy()
	b.c.expect("w0.output_leave(out2)\nw0.done()")
	w.guest().Node.SetEnabled(true)
	w.guest().Node.SetPosition(0, 0)
	f.draw()
	b.c.expect("w0.output_enter(out)\nw0.done()")
	// The parent goes: the dialog has none.
	w.top.Destroy()
	c.ok()
	b.c.expect("w0.closed()\nw1.parent(nil)\nw1.done()")
	b.wlrs[0].Activate(bind[client.WlSeat](b.c, &protocol.WlSeatInterface, 5))
	b.wlrs[0].Close()
	b.wlrs[0].SetRectangle(b.c.surface("bar"), 1, 2, 3, 4)
	b.wlrs[0].Destroy()
	b.c.ok()
	b.c.take()
	b.wlr.Stop()
	b.c.expect("wlr.finished()")
	c.window("three", 10, 10, 0)
	d.top.SetTitle("on")
	c.ok()
	b.c.expect("w1.title(\"on\")\nw1.done()")
	b.wlrs[1].Destroy()
	b.c.ok()
	d.top.SetTitle("off")
	c.ok()
	b.c.expect("")
}

func TestForeignToplevelParentsAreNamedInAnyOrder(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	child := c.window("child", 20, 20, 0)
	parent := c.window("parent", 20, 20, 0)
	child.top.SetParent(parent.top)
	c.ok()
	b := f.taskbar()
	b.listWlr(3)
	b.c.expect(`
		wlr.toplevel(new id zwlr_foreign_toplevel_handle_v1)
		wlr.toplevel(new id zwlr_foreign_toplevel_handle_v1)
		w0.title("")
		w0.app_id("")
		w0.state(array[0]) []
		w0.parent(w1)
		w0.done()
		w1.title("")
		w1.app_id("")
		w1.state(array[0]) []
		w1.parent(nil)
		w1.done()`)
	// A handle that the client has destroyed is not named.
	b.wlrs[1].Destroy()
	b.c.ok()
	b.c.ok()
	child.top.SetParent(nil)
	c.ok()
	b.c.expect("w0.parent(nil)\nw0.done()")
	child.top.SetParent(parent.top)
	c.ok()
	b.c.expect("w0.done()")
	// Version 1 knows neither parents nor fullscreen.
	f.shell.states = map[*surfaces.GuestSurface]WindowState{child.guest(): {Fullscreen: true}}
	f.srv.WindowsChanged()
	old := f.taskbar()
	old.listWlr(1)
	old.c.expect(`
		wlr.toplevel(new id zwlr_foreign_toplevel_handle_v1)
		wlr.toplevel(new id zwlr_foreign_toplevel_handle_v1)
		w0.title("")
		w0.app_id("")
		w0.state(array[0]) []
		w0.done()
		w1.title("")
		w1.app_id("")
		w1.state(array[0]) []
		w1.done()`)
}

func TestForeignToplevelRequests(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 50, 50, 0)
	b := f.taskbar()
	b.listWlr(3)
	s := bind[client.WlSeat](b.c, &protocol.WlSeatInterface, 5)
	out := bind[client.WlOutput](b.c, &protocol.WlOutputInterface, 4)
	b.c.ok()
	f.shell.take()
	h := b.wlrs[0]
	h.SetMaximized()
	h.UnsetMaximized()
	h.SetMinimized()
	h.UnsetMinimized()
	h.SetFullscreen(out)
	h.SetFullscreen(nil)
	h.UnsetFullscreen()
	h.Activate(s)
	b.c.ok()
	compare(t, "shell", f.shell.take(), `
		request maximize
		request unmaximize
		request minimize
		request unminimize
		request fullscreen on TEST-1
		request fullscreen
		request unfullscreen
		request activate`)
	f.shell.states = map[*surfaces.GuestSurface]WindowState{w.guest(): {Minimized: true}}
	h.SetMaximized()
	h.SetFullscreen(nil)
	b.c.ok()
	compare(t, "while it is put away", f.shell.take(), `
		request unminimize
		request maximize
		request unminimize
		request fullscreen`)
	h.Close()
	b.c.ok()
	c.expect("win.top.close()")

	bar := b.c.surface("bar")
	h.SetRectangle(bar, 1, 2, 30, 40)
	b.c.ok()
	if sf, r, ok := f.srv.TaskbarRect(w.guest()); !ok || sf != b.c.core(bar).core || r != geom.XYWH(1, 2, 30, 40) {
		t.Errorf("TaskbarRect = %v, %v, %v", sf, r, ok)
	}
	h.SetRectangle(bar, 0, 0, 0, 0)
	b.c.ok()
	if _, _, ok := f.srv.TaskbarRect(w.guest()); ok {
		t.Error("an empty rectangle does not take the old one back")
	}
	h.SetRectangle(bar, 1, 2, 30, 40)
	bar.Destroy()
	b.c.ok()
	if _, _, ok := f.srv.TaskbarRect(w.guest()); ok {
		t.Error("the rectangle of a surface that is gone counts")
	}
	h.SetRectangle(b.c.surface("bar"), 0, 0, -1, 5)
	b.c.wantError("zwlr_foreign_toplevel_handle_v1", uint32(protocol.ZwlrForeignToplevelHandleV1ErrorInvalidRectangle))
}

func TestForeignToplevelStateAllocatesNothing(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 50, 50, 0)
	f.taskbar().listWlr(3)
	f.settle()
	f.shell.states = map[*surfaces.GuestSurface]WindowState{}
	on, l := false, f.srv.windows
	noAllocs(t, "a state that nobody else sees changing", func() {
		on = !on
		f.srv.WindowsChanged()
		l.refresh()
	})
	_ = w
}
