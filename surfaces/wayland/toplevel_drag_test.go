package wayland

import (
	"testing"

	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// tearing is a drag that is about to carry a window of the source's client.
type tearing struct {
	*dragging
	m   *client.XdgToplevelDragManagerV1
	src *client.WlDataSource
	d   *client.XdgToplevelDragV1
}

func newTearing(t *testing.T) *tearing {
	t.Helper()
	d := newDragging(t, 3)
	r := &tearing{dragging: d}
	r.m = bind[client.XdgToplevelDragManagerV1](d.from.c, &protocol.XdgToplevelDragManagerV1Interface, 1)
	r.src = d.from.source("tab")
	r.src.SetActions(actMove)
	r.d = r.m.GetXdgToplevelDrag(r.src)
	d.from.c.ok()
	return r
}

// begin starts the drag.
func (r *tearing) begin() {
	r.f.t.Helper()
	r.from.dev.StartDrag(r.src, r.win.surf, nil, r.serial)
	r.clear()
}

// shell compares what the session was told.
func (r *tearing) shell(what, want string) {
	r.f.t.Helper()
	r.f.settle()
	compare(r.f.t, what, r.f.shell.take(), want)
}

func TestTornWindowFollowsTheDrag(t *testing.T) {
	r := newTearing(t)
	r.begin()
	w := r.from.c.toplevel("tab")
	r.d.Attach(w.top, 20, 10)
	r.shell("attached", "carry by 20,10 at 5,5")
	r.f.motion(300, 250)
	r.shell("moved", "carry by 20,10 at 300,250")
	// Docked: unmapping takes it off the drag; it must be attached anew.
	r.f.shell.at.X, r.f.shell.at.Y = 400, 300
	w.surf.Commit()
	r.from.c.ok()
	w.ack()
	w.surf.Attach(r.from.c.buffer(50, 50, 0), 0, 0)
	w.surf.Commit()
	r.from.c.ok()
	r.f.shell.take()
	w.surf.Attach(nil, 0, 0)
	w.surf.Commit()
	r.shell("docked", "drop, cancelled false\nunmapped")
	r.f.motion(301, 250)
	r.shell("without a window", "")
	r.d.Attach(w.top, -3, 4)
	r.shell("attached anew", "carry by -3,4 at 301,250")
	r.clear()
	r.f.button(btnLeft, false)
	r.shell("released over nothing", "drop, cancelled false")
	// The window was dropped, so the drag was not cancelled.
	r.expect("source.dnd_drop_performed()\nsource.dnd_finished()", "")
	r.d.Destroy()
	r.m.Destroy()
	r.expect("", "")
}

func TestAttachedBeforeTheDrag(t *testing.T) {
	r := newTearing(t)
	r.d.Attach(r.win.top, 1, 2)
	r.shell("before the drag", "")
	r.begin()
	r.f.motion(6, 6)
	r.shell("during it", "carry by 1,2 at 6,6")
	r.f.key(1, true) // Escape
	r.shell("after Escape", "drop, cancelled true")
	r.f.key(1, false)
	r.f.button(btnLeft, false)
	r.f.settle()
	r.d.Destroy()
	r.from.c.ok()
}

func TestTornWindowOverATarget(t *testing.T) {
	for _, takes := range []bool{true, false} {
		r := newTearing(t)
		r.d.Attach(r.win.top, 0, 0)
		r.begin()
		r.f.motion(210, 10)
		r.f.settle()
		mime := "tab"
		if takes {
			r.to.dnd.Accept(1, &mime)
			r.to.dnd.SetActions(actMove, actMove)
		}
		r.clear()
		r.f.button(btnLeft, false)
		r.f.settle()
		compare(t, "shell", r.f.shell.take(), "drop, cancelled false")
		want := "source.target(nil)\nsource.action(0)\nsource.dnd_drop_performed()\nsource.dnd_finished()"
		if takes {
			want = "source.dnd_drop_performed()"
		}
		compare(t, "source", r.from.c.take(), want)
		r.d.Destroy()
		r.from.c.ok()
		if takes {
			r.to.dnd.Finish()
			r.to.c.ok()
			r.from.c.expect("source.dnd_finished()")
		}
	}
}

func TestToplevelDragErrors(t *testing.T) {
	r := newTearing(t)
	r.m.GetXdgToplevelDrag(r.src)
	r.from.c.wantError("xdg_toplevel_drag_manager_v1", uint32(protocol.XdgToplevelDragManagerV1ErrorInvalidSource))

	r = newTearing(t)
	s := r.from.source("used")
	r.from.dev.SetSelection(s, r.serial)
	r.m.GetXdgToplevelDrag(s)
	r.from.c.wantError("xdg_toplevel_drag_manager_v1", uint32(protocol.XdgToplevelDragManagerV1ErrorInvalidSource))

	r = newTearing(t)
	s = r.from.source("for a drag")
	r.m.GetXdgToplevelDrag(s)
	r.from.dev.SetSelection(s, r.serial)
	r.from.c.wantError("wl_data_source", uint32(protocol.WlDataSourceErrorInvalidSource))

	r = newTearing(t)
	r.begin()
	r.d.Destroy()
	r.from.c.wantError("xdg_toplevel_drag_v1", uint32(protocol.XdgToplevelDragV1ErrorOngoingDrag))

	r = newTearing(t)
	r.begin()
	r.d.Attach(r.win.top, 0, 0)
	r.d.Attach(r.from.c.toplevel("two").top, 0, 0)
	r.from.c.wantError("xdg_toplevel_drag_v1", uint32(protocol.XdgToplevelDragV1ErrorToplevelAttached))
}

func TestToplevelDragEndsWithItsParts(t *testing.T) {
	// The source goes: undefined by the protocol, harmless here.
	r := newTearing(t)
	r.d.Attach(r.win.top, 0, 0)
	r.begin()
	r.src.Destroy()
	r.shell("without the source", "drop, cancelled true")
	r.d.Destroy()
	r.from.c.ok()
	r.f.button(btnLeft, false)

	// The window goes, before it was ever mapped.
	r = newTearing(t)
	r.begin()
	w := r.from.c.toplevel("tab")
	r.d.Attach(w.top, 0, 0)
	w.top.Destroy()
	r.f.settle()
	compare(t, "shell", r.f.shell.take(), "carry by 0,0 at 5,5\ndrop, cancelled false\nclosed")
	r.f.motion(9, 9)
	r.shell("later", "")
	r.clear()
	r.f.button(btnLeft, false)
	r.expect(`
		wl_data_device.leave()
		source.target(nil)
		source.action(0)
		source.cancelled()
		wl_pointer.enter(#, win, 9, 9)
		wl_pointer.frame()`, "")

	// The client goes.
	r = newTearing(t)
	r.d.Attach(r.win.top, 0, 0)
	r.begin()
	r.from.c.disconnect()
	if r.f.seat.Grabbed() {
		t.Error("the drag is still there")
	}
	r.f.button(btnLeft, false)

	// A drag that is refused has not begun; and a window may change drags.
	r = newTearing(t)
	r.d.Attach(r.win.top, 0, 0)
	r.from.dev.StartDrag(r.src, r.win.surf, nil, r.serial+9)
	r.from.c.ok()
	two := r.m.GetXdgToplevelDrag(r.from.source("two"))
	two.Attach(r.win.top, 0, 0)
	r.d.Destroy()
	two.Destroy()
	r.from.c.ok()
	r.f.button(btnLeft, false)
}
