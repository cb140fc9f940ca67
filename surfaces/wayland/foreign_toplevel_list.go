package wayland

import (
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

func (s *Server) addForeignToplevelList() {
	s.addPrivilegedGlobal(&protocol.ExtForeignToplevelListV1Interface, 1, func(c *Client, id, version uint32) {
		t := &toplevelList{srv: s, res: server.NewExtForeignToplevelListV1(c.conn, id, version)}
		t.res.Handler = t
		s.windows.refresh()
		s.windows.ext = append(s.windows.ext, t)
		for _, w := range s.windows.wins {
			t.announce(w)
		}
	})
}

// toplevelList is ext_foreign_toplevel_list_v1.
type toplevelList struct {
	srv *Server
	res *server.ExtForeignToplevelListV1
}

// Stop ends the events about new windows. Handles go on.
func (t *toplevelList) Stop(*server.ExtForeignToplevelListV1) {
	l := t.srv.windows
	before := len(l.ext)
	if l.ext = remove(l.ext, t); len(l.ext) < before {
		t.res.SendFinished()
	}
}

func (*toplevelList) Destroy(*server.ExtForeignToplevelListV1) {}

// ResourceDestroyed forgets the list.
func (t *toplevelList) ResourceDestroyed() { t.srv.windows.ext = remove(t.srv.windows.ext, t) }

// announce makes a handle of a window and describes it.
func (t *toplevelList) announce(w *listed) {
	res := t.res.SendToplevel()
	if res == nil {
		return
	}
	h := &extHandle{win: w, res: res}
	res.Handler = h
	w.ext = append(w.ext, h)
	res.SendIdentifier(w.ident)
	res.SendTitle(w.known.title)
	res.SendAppId(w.known.appID)
	res.SendDone()
}

// extHandle is ext_foreign_toplevel_handle_v1.
type extHandle struct {
	win *listed // nil once the window is closed
	res *server.ExtForeignToplevelHandleV1
}

func (*extHandle) Destroy(*server.ExtForeignToplevelHandleV1) {}

// ResourceDestroyed forgets the handle.
func (h *extHandle) ResourceDestroyed() {
	if h.win != nil {
		h.win.ext = remove(h.win.ext, h)
	}
}

// update sends what differs from was.
func (h *extHandle) update(was *facts) {
	now := &h.win.known
	if now.title == was.title && now.appID == was.appID {
		return
	}
	if now.title != was.title {
		h.res.SendTitle(now.title)
	}
	if now.appID != was.appID {
		h.res.SendAppId(now.appID)
	}
	h.res.SendDone()
}
