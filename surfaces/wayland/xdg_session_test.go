package wayland

import (
	"fmt"
	"testing"

	"rayos/geom"
	"rayos/surfaces/places"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

const (
	launched = protocol.XdgSessionManagerV1ReasonLaunch
	restored = protocol.XdgSessionManagerV1ReasonSessionRestore
)

// app is a client that keeps its windows in a session.
type app struct {
	c *testClient
	m *client.XdgSessionManagerV1
	s *client.XdgSessionV1
	// id is that of a session that was created.
	id string
}

func (f *fixture) app(reason protocol.XdgSessionManagerV1Reason, id string) *app {
	f.t.Helper()
	a := &app{c: f.connect()}
	a.m = bind[client.XdgSessionManagerV1](a.c, &protocol.XdgSessionManagerV1Interface, 1)
	a.s = a.get(reason, id)
	a.c.ok()
	return a
}

func (a *app) get(reason protocol.XdgSessionManagerV1Reason, id string) *client.XdgSessionV1 {
	var ident *string
	if id != "" {
		ident = &id
	}
	s := a.m.GetSession(reason, ident)
	a.c.label(s, "session")
	s.OnCreated = func(id string) { a.id = id }
	return s
}

// restore asks for a window to be as it was.
func (a *app) restore(w *window, name string) *client.XdgToplevelSessionV1 {
	t := a.s.RestoreToplevel(w.top, name)
	a.c.label(t, name)
	return t
}

// remembered is what the server would put on disk.
func (f *fixture) remembered(id, name string) string {
	p, ok := f.srv.Places.Place(id, name)
	if !ok {
		return "nothing"
	}
	return fmt.Sprintf("%d,%d %v", p.At.X, p.At.Y, p.Size)
}

func (f *fixture) wantRemembered(what, id, name, want string) {
	f.t.Helper()
	f.settle()
	if got := f.remembered(id, name); got != want {
		f.t.Errorf("%s: %q is remembered as %s; want %s", what, name, got, want)
	}
}

func TestWindowsComeBack(t *testing.T) {
	f := newFixture(t)
	f.shell.at = geom.Point{X: 30, Y: 40}
	a := f.app(launched, "")
	if got, want := a.c.take(), fmt.Sprintf("session.created(%q)", a.id); a.id == "" || got != want {
		t.Fatalf("a new session: %s; want %s", got, want)
	}
	w := a.c.toplevel("win")
	h := a.s.AddToplevel(w.top, "main")
	w.surf.Commit()
	a.c.ok()
	f.wantRemembered("before it is mapped", a.id, "main", "nothing")
	w.ack()
	w.surf.Attach(a.c.buffer(50, 60, 0), 0, 0)
	w.surf.Commit()
	f.wantRemembered("mapped", a.id, "main", "30,40 50x60")
	f.shell.places[w.guest()] = geom.Point{X: 7, Y: 8}
	f.srv.WindowsChanged()
	f.wantRemembered("moved", a.id, "main", "7,8 50x60")
	// The last state is noted when the window goes, with the client or alone.
	f.shell.places[w.guest()] = geom.Point{X: 9, Y: 9}
	a.c.disconnect()
	f.wantRemembered("gone", a.id, "main", "9,9 50x60")
	_ = h

	for _, tc := range []struct {
		reason protocol.XdgSessionManagerV1Reason
		want   string
	}{
		{restored, "restored at 9,9 50x60 workspace 3, minimized true\nopened \"\""},
		{protocol.XdgSessionManagerV1ReasonRecover, "restored at 9,9 50x60 workspace 3, minimized true\nopened \"\""},
		{launched, "restored at 9,9 50x60 workspace -1, minimized false\nopened \"\""},
	} {
		b := f.app(tc.reason, a.id)
		b.c.expect("session.restored()")
		w := b.c.toplevel("win")
		b.restore(w, "main")
		b.c.expect("")
		f.shell.take()
		w.surf.Commit()
		b.c.expect(`
			main.restored()
			win.top.wm_capabilities(array[16])
			win.top.configure_bounds(0, 0)
			win.top.configure(0, 0, array[0]) []
			win.xdg.configure(#)`)
		compare(t, "shell", f.shell.take(), tc.want)
		b.c.disconnect()
	}
	// A name that nobody knows is as good as a new one.
	b := f.app(restored, a.id)
	w = b.c.toplevel("win")
	b.restore(w, "other")
	b.c.take()
	w.surf.Commit()
	b.c.ok()
	w.ack()
	w.surf.Attach(b.c.buffer(20, 20, 0), 0, 0)
	w.surf.Commit()
	f.wantRemembered("a new name", a.id, "other", "30,40 20x20")
	// And an id that nobody knows makes a new session.
	c := f.app(restored, "unknown")
	if c.id == "" || c.id == "unknown" {
		t.Errorf("an unknown id made session %q", c.id)
	}
}

func TestSessionsAreForgotten(t *testing.T) {
	f := newFixture(t)
	a := f.app(launched, "")
	w := a.c.window("win", 50, 60, 0)
	h := a.s.AddToplevel(w.top, "main")
	f.wantRemembered("added while mapped", a.id, "main", "0,0 50x60")
	h.Rename("first")
	f.wantRemembered("renamed", a.id, "first", "0,0 50x60")
	f.wantRemembered("renamed", a.id, "main", "nothing")
	h.Rename("first")
	// Without its handle it is remembered as it was.
	h.Destroy()
	f.settle()
	f.shell.places[w.guest()] = geom.Point{X: 5, Y: 5}
	f.srv.WindowsChanged()
	f.wantRemembered("without the handle", a.id, "first", "0,0 50x60")
	a.s.RemoveToplevel("first")
	a.s.RemoveToplevel("never there")
	f.wantRemembered("removed", a.id, "first", "nothing")
	h = a.s.AddToplevel(w.top, "again")
	a.s.RemoveToplevel("again")
	h.Rename("inert")
	f.srv.WindowsChanged()
	f.wantRemembered("removed by name", a.id, "again", "nothing")
	// A window has one name at a time.
	a.s.AddToplevel(w.top, "one")
	a.s.AddToplevel(w.top, "two")
	a.c.ok()
	f.shell.places[w.guest()] = geom.Point{X: 6, Y: 6}
	f.srv.WindowsChanged()
	f.wantRemembered("the older name", a.id, "one", "5,5 50x60")
	f.wantRemembered("the newer name", a.id, "two", "6,6 50x60")
	a.s.Remove()
	f.wantRemembered("the whole session", a.id, "two", "nothing")
	if len(f.srv.sessions) != 0 || f.srv.Places.Take(a.id) {
		t.Error("the session is still there")
	}
	// A destroyed one is remembered and not updated any more.
	a.s = a.get(launched, "")
	h = a.s.AddToplevel(w.top, "main")
	a.c.ok()
	a.s.Destroy()
	f.settle()
	f.shell.places[w.guest()] = geom.Point{X: 1, Y: 1}
	f.srv.WindowsChanged()
	f.wantRemembered("after destroy", a.id, "main", "6,6 50x60")
	h.Rename("inert")
	h.Destroy()
	a.m.Destroy()
	a.c.ok()
}

func TestSessionsAreReplaced(t *testing.T) {
	f := newFixture(t)
	a := f.app(launched, "")
	w := a.c.window("win", 50, 60, 0)
	h := a.s.AddToplevel(w.top, "main")
	a.c.ok()
	a.c.take()
	b := f.app(restored, a.id)
	b.c.expect("session.restored()")
	a.c.expect("session.replaced()")
	// What the first does from now on has no effect, and is no error.
	a.s.AddToplevel(w.top, "main")
	v := a.c.toplevel("two")
	a.s.RestoreToplevel(v.top, "main")
	a.s.RemoveToplevel("main")
	h.Rename("x")
	a.s.Remove()
	f.wantRemembered("replaced", a.id, "main", "0,0 50x60")
	a.c.ok()
	if f.srv.sessions[a.id] == nil || f.srv.sessions[a.id].c != b.c.srv {
		t.Error("the session is not the second client's")
	}
}

func TestSessionErrors(t *testing.T) {
	const (
		manager = "xdg_session_manager_v1"
		session = "xdg_session_v1"
	)
	bad := "a\xffb"
	for _, tc := range []struct {
		name  string
		iface string
		code  uint32
		do    func(a *app, w *window)
	}{
		{"in use", manager, uint32(protocol.XdgSessionManagerV1ErrorInUse), func(a *app, _ *window) { a.get(launched, a.id) }},
		{"id", manager, uint32(protocol.XdgSessionManagerV1ErrorInvalidSessionId), func(a *app, _ *window) { a.get(launched, bad) }},
		{"reason", manager, uint32(protocol.XdgSessionManagerV1ErrorInvalidReason), func(a *app, _ *window) { a.get(9, "") }},
		{"name in use", session, uint32(protocol.XdgSessionV1ErrorNameInUse), func(a *app, w *window) {
			a.s.AddToplevel(w.top, "main")
			a.s.AddToplevel(a.c.toplevel("two").top, "main")
		}},
		{"name remembered", session, uint32(protocol.XdgSessionV1ErrorNameInUse), func(a *app, w *window) {
			a.s.AddToplevel(w.top, "main").Destroy()
			a.s.AddToplevel(w.top, "main")
		}},
		{"name restored twice", session, uint32(protocol.XdgSessionV1ErrorNameInUse), func(a *app, w *window) {
			a.s.AddToplevel(w.top, "main")
			a.s.RestoreToplevel(a.c.toplevel("two").top, "main")
		}},
		{"renamed to a name in use", session, uint32(protocol.XdgSessionV1ErrorNameInUse), func(a *app, w *window) {
			a.s.AddToplevel(a.c.window("two", 10, 10, 0).top, "two")
			a.s.AddToplevel(w.top, "main").Rename("two")
		}},
		{"renamed to a name remembered", session, uint32(protocol.XdgSessionV1ErrorNameInUse), func(a *app, w *window) {
			a.s.AddToplevel(a.c.window("two", 10, 10, 0).top, "two").Destroy()
			a.s.AddToplevel(w.top, "main").Rename("two")
		}},
		{"mapped", session, uint32(protocol.XdgSessionV1ErrorAlreadyMapped), func(a *app, w *window) { a.restore(w, "main") }},
		{"added name", session, uint32(protocol.XdgSessionV1ErrorInvalidName), func(a *app, w *window) { a.s.AddToplevel(w.top, bad) }},
		{"restored name", session, uint32(protocol.XdgSessionV1ErrorInvalidName), func(a *app, _ *window) { a.restore(a.c.toplevel("two"), bad) }},
		{"new name", session, uint32(protocol.XdgSessionV1ErrorInvalidName), func(a *app, w *window) {
			a.s.AddToplevel(w.top, "main").Rename(bad)
		}},
		{"too many", "wl_display", uint32(protocol.WlDisplayErrorNoMemory), func(a *app, _ *window) {
			for range maxSessions {
				a.get(launched, "")
			}
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := newFixture(t)
			a := f.app(launched, "")
			w := a.c.window("win", 10, 10, 0)
			tc.do(a, w)
			a.c.wantError(tc.iface, tc.code)
			if len(f.srv.sessions) != 0 {
				t.Errorf("%d sessions are in use without a client", len(f.srv.sessions))
			}
		})
	}
}

func TestPlacesLimitIsNoError(t *testing.T) {
	f := newFixture(t)
	a := f.app(launched, "")
	w := a.c.window("win", 10, 10, 0)
	for i := range places.MaxWindows + 3 {
		a.s.AddToplevel(w.top, fmt.Sprint(i))
	}
	a.c.ok()
	f.wantRemembered("one too many", a.id, fmt.Sprint(places.MaxWindows), "nothing")
}
