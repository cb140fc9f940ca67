package wayland

import (
	"unicode/utf8"

	"rayos/surfaces"
	"rayos/surfaces/places"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

// PlaceShell knows where windows are, and puts them there again.
type PlaceShell interface {
	// WindowPlace returns where a mapped window is. After a change the
	// session calls Server.WindowsChanged.
	WindowPlace(g *surfaces.GuestSurface) places.Place
	// RestorePlace says where a window shall be that is about to open. What
	// its client asks for until it is mapped comes on top.
	RestorePlace(g *surfaces.GuestSurface, p places.Place)
}

func (s *Server) addSessionManager() {
	s.addGlobal(&protocol.XdgSessionManagerV1Interface, 1, func(c *Client, id, version uint32) {
		server.NewXdgSessionManagerV1(c.conn, id, version).Handler = sessionManager{c}
	})
}

// maxSessions bounds the sessions that a client uses at a time.
const maxSessions = 256

type sessionManager struct{ c *Client }

func (sessionManager) Destroy(*server.XdgSessionManagerV1) {}

// GetSession goes on with a session, or begins a new one.
func (h sessionManager) GetSession(res *server.XdgSessionManagerV1, id *server.XdgSessionV1, reason protocol.XdgSessionManagerV1Reason, ident *string) {
	x := &xdgSession{c: h.c, res: id, windows: map[string]*toplevelSession{}}
	id.Handler = x
	srv := h.c.srv
	switch {
	case !reason.Valid():
		res.PostError(protocol.XdgSessionManagerV1ErrorInvalidReason, "reason %d", uint32(reason))
		return
	case ident != nil && !utf8.ValidString(*ident):
		res.PostError(protocol.XdgSessionManagerV1ErrorInvalidSessionId, "the id is not UTF-8")
		return
	case h.c.sessions >= maxSessions:
		h.c.tooMany("too many sessions")
		return
	}
	x.launch = reason == protocol.XdgSessionManagerV1ReasonLaunch
	if ident != nil {
		if old := srv.sessions[*ident]; old != nil {
			if old.c == h.c {
				res.PostError(protocol.XdgSessionManagerV1ErrorInUse, "the client uses the session already")
				return
			}
			old.close()
			old.res.SendReplaced()
		}
	}
	known := ident != nil && srv.Places.Take(*ident)
	if known {
		x.id = *ident
	} else {
		x.id = srv.Places.Create(h.c.owner.Label)
	}
	if err := srv.Places.LoadError(); err != nil {
		srv.log.Error("sessions", "err", err)
	}
	srv.sessions[x.id] = x
	h.c.sessions++
	if known {
		id.SendRestored()
	} else {
		id.SendCreated(x.id)
	}
}

// xdgSession is xdg_session_v1: the windows of an application that are
// remembered.
type xdgSession struct {
	c       *Client
	res     *server.XdgSessionV1
	id      string // "" once it is inert
	launch  bool   // the application was started anew
	windows map[string]*toplevelSession
}

// close ends the use: what is remembered stays as it is.
func (x *xdgSession) close() {
	if x.id == "" {
		return
	}
	for _, t := range x.windows {
		t.remember()
		t.forget()
	}
	srv := x.c.srv
	delete(srv.sessions, x.id)
	srv.Places.Release(x.id)
	x.id = ""
	x.c.sessions--
}

func (*xdgSession) Destroy(*server.XdgSessionV1) {}

// Remove forgets the session.
func (x *xdgSession) Remove(*server.XdgSessionV1) {
	if x.id != "" {
		id := x.id
		x.close()
		x.c.srv.Places.Remove(id)
	}
}

// ResourceDestroyed ends the use.
func (x *xdgSession) ResourceDestroyed() { x.close() }

// named checks a name and posts an error for one that is no text or, among the
// windows of now, taken.
func (x *xdgSession) named(name string) bool {
	switch {
	case !utf8.ValidString(name) || len(name) > places.MaxName:
		x.res.PostError(protocol.XdgSessionV1ErrorInvalidName, "the name is no text")
	case x.windows[name] != nil:
		x.res.PostError(protocol.XdgSessionV1ErrorNameInUse, "a window has the name %q", name)
	default:
		return true
	}
	return false
}

// AddToplevel remembers a window from now on.
func (x *xdgSession) AddToplevel(_ *server.XdgSessionV1, id *server.XdgToplevelSessionV1, top *server.XdgToplevel, name string) {
	t := &toplevelSession{res: id, name: name}
	id.Handler = t
	if x.id == "" || !x.named(name) {
		return
	}
	if _, has := x.c.srv.Places.Place(x.id, name); has {
		x.res.PostError(protocol.XdgSessionV1ErrorNameInUse, "a window with the name %q is remembered", name)
		return
	}
	t.begin(x, top.Handler.(*toplevel))
}

// RestoreToplevel remembers a window, and opens it where it was.
func (x *xdgSession) RestoreToplevel(_ *server.XdgSessionV1, id *server.XdgToplevelSessionV1, top *server.XdgToplevel, name string) {
	t := &toplevelSession{res: id, name: name}
	id.Handler = t
	w := top.Handler.(*toplevel)
	if w.x.opened {
		x.res.PostError(protocol.XdgSessionV1ErrorAlreadyMapped, "xdg_toplevel@%d had its first commit", top.ID())
		return
	}
	if x.id == "" || !x.named(name) {
		return
	}
	t.restore = true
	t.begin(x, w)
}

// RemoveToplevel forgets a window.
func (x *xdgSession) RemoveToplevel(_ *server.XdgSessionV1, name string) {
	if x.id == "" {
		return
	}
	if t := x.windows[name]; t != nil {
		t.forget()
	}
	x.c.srv.Places.Drop(x.id, name)
}

// toplevelSession is xdg_toplevel_session_v1: a window that is remembered.
type toplevelSession struct {
	x       *xdgSession // nil once it is inert
	res     *server.XdgToplevelSessionV1
	name    string
	window  *toplevel
	restore bool // when the window opens
}

// begin ties the window to its name. A window has one at a time.
func (t *toplevelSession) begin(x *xdgSession, w *toplevel) {
	if w.guest == nil || w.guest.State() == surfaces.Destroyed {
		return
	}
	if w.session != nil {
		w.session.forget()
	}
	t.x, t.window = x, w
	w.session, x.windows[t.name] = t, t
	t.remember()
}

// forget makes the object inert.
func (t *toplevelSession) forget() {
	if t.x != nil {
		delete(t.x.windows, t.name)
		t.window.session = nil
		t.x, t.window = nil, nil
	}
}

// remember notes where the window is, if it is on the desktop.
func (t *toplevelSession) remember() {
	if t.x != nil && t.window.x.mapped {
		t.note()
	}
}

func (t *toplevelSession) note() {
	srv := t.x.c.srv
	srv.Places.Put(t.x.id, t.name, srv.shell.WindowPlace(t.window.guest))
}

// opening restores the window's place just before its first configure.
func (t *toplevelSession) opening() {
	if !t.restore {
		return
	}
	t.restore = false
	p, has := t.x.c.srv.Places.Place(t.x.id, t.name)
	if !has {
		return
	}
	if t.x.launch {
		// It was started to be used now and here.
		p.Workspace, p.Minimized = -1, false
	}
	t.x.c.srv.shell.RestorePlace(t.window.guest, p)
	t.res.SendRestored()
}

func (*toplevelSession) Destroy(*server.XdgToplevelSessionV1) {}

// ResourceDestroyed ends the handle. The window's place stays as it is.
func (t *toplevelSession) ResourceDestroyed() {
	t.remember()
	t.forget()
}

// Rename gives the window another name.
func (t *toplevelSession) Rename(_ *server.XdgToplevelSessionV1, name string) {
	x := t.x
	if x == nil || name == t.name || !x.named(name) {
		return
	}
	st := x.c.srv.Places
	if _, has := st.Place(x.id, name); has {
		x.res.PostError(protocol.XdgSessionV1ErrorNameInUse, "a window with the name %q is remembered", name)
		return
	}
	delete(x.windows, t.name)
	st.Rename(x.id, t.name, name)
	t.name = name
	x.windows[name] = t
}

// rememberWindows notes where all windows of sessions are.
func (s *Server) rememberWindows() {
	for _, x := range s.sessions {
		for _, t := range x.windows {
			t.remember()
		}
	}
}
