package wayland

import (
	"encoding/binary"
	"slices"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

func (s *Server) addForeignToplevelManagement() {
	s.addPrivilegedGlobal(&protocol.ZwlrForeignToplevelManagerV1Interface, 3, func(c *Client, id, version uint32) {
		m := &toplevelManager{c: c, res: server.NewZwlrForeignToplevelManagerV1(c.conn, id, version)}
		m.res.Handler = m
		s.windows.refresh()
		s.windows.wlr = append(s.windows.wlr, m)
		// All have a handle before one is named as a parent.
		for _, w := range s.windows.wins {
			m.announce(w)
		}
		for _, w := range s.windows.wins {
			if h := w.handle(m); h != nil {
				h.describe()
			}
		}
	})
}

// toplevelManager is zwlr_foreign_toplevel_manager_v1.
type toplevelManager struct {
	c   *Client
	res *server.ZwlrForeignToplevelManagerV1
}

// Stop ends the manager. Handles go on.
func (m *toplevelManager) Stop(*server.ZwlrForeignToplevelManagerV1) { m.res.SendFinished() }

// ResourceDestroyed forgets the manager.
func (m *toplevelManager) ResourceDestroyed() {
	l := m.c.srv.windows
	l.wlr = remove(l.wlr, m)
}

// announce makes a handle of a window.
func (m *toplevelManager) announce(w *listed) *wlrHandle {
	res := m.res.SendToplevel()
	if res == nil {
		return nil
	}
	h := &wlrHandle{m: m, win: w, res: res}
	res.Handler = h
	w.wlr = append(w.wlr, h)
	return h
}

// handle returns the handle that a manager has for the window, or nil.
func (w *listed) handle(m *toplevelManager) *wlrHandle {
	for _, h := range w.wlr {
		if h.m == m {
			return h
		}
	}
	return nil
}

// wlrHandle is zwlr_foreign_toplevel_handle_v1.
type wlrHandle struct {
	m   *toplevelManager
	win *listed // nil once the window is closed
	res *server.ZwlrForeignToplevelHandleV1
}

func (*wlrHandle) Destroy(*server.ZwlrForeignToplevelHandleV1) {}

// ResourceDestroyed forgets the handle.
func (h *wlrHandle) ResourceDestroyed() {
	if h.win != nil {
		h.win.wlr = remove(h.win.wlr, h)
	}
}

// describe sends all that is known.
func (h *wlrHandle) describe() {
	now := &h.win.known
	h.res.SendTitle(now.title)
	h.res.SendAppId(now.appID)
	for _, o := range now.outputs {
		h.output(o, true)
	}
	h.state(now.state)
	h.parent(now.parent)
	h.res.SendDone()
}

// update sends what differs from was.
func (h *wlrHandle) update(was *facts) {
	now := &h.win.known
	same := slices.Equal(now.outputs, was.outputs)
	if same && now.title == was.title && now.appID == was.appID && now.state == was.state && now.parent == was.parent {
		return
	}
	if now.title != was.title {
		h.res.SendTitle(now.title)
	}
	if now.appID != was.appID {
		h.res.SendAppId(now.appID)
	}
	if !same {
		for _, o := range was.outputs {
			if !slices.Contains(now.outputs, o) {
				h.output(o, false)
			}
		}
		for _, o := range now.outputs {
			if !slices.Contains(was.outputs, o) {
				h.output(o, true)
			}
		}
	}
	if now.state != was.state {
		h.state(now.state)
	}
	if now.parent != was.parent {
		h.parent(now.parent)
	}
	h.res.SendDone()
}

// output tells of an output by each object that the client has for it.
func (h *wlrHandle) output(o *Output, enter bool) {
	for i := range h.m.c.outputs {
		b := &h.m.c.outputs[i]
		switch {
		case b.output != o:
		case enter:
			h.res.SendOutputEnter(b.res)
		default:
			h.res.SendOutputLeave(b.res)
		}
	}
}

func (h *wlrHandle) state(s WindowState) {
	l := h.m.c.srv.windows
	out := l.scratch[:0]
	add := func(on bool, v protocol.ZwlrForeignToplevelHandleV1State) {
		if on {
			out = binary.NativeEndian.AppendUint32(out, uint32(v))
		}
	}
	add(s.Maximized, protocol.ZwlrForeignToplevelHandleV1StateMaximized)
	add(s.Minimized, protocol.ZwlrForeignToplevelHandleV1StateMinimized)
	add(s.Activated, protocol.ZwlrForeignToplevelHandleV1StateActivated)
	add(s.Fullscreen && h.res.Version() >= 2, protocol.ZwlrForeignToplevelHandleV1StateFullscreen)
	l.scratch = out
	h.res.SendState(out)
}

// parent names the parent by its handle of the same manager. One whose handle
// the client has destroyed can't be named.
func (h *wlrHandle) parent(p *listed) {
	if p == nil {
		h.res.SendParent(nil)
		return
	}
	if ph := p.handle(h.m); ph != nil {
		h.res.SendParent(ph.res)
	}
}

// request asks the session, as long as the window is mapped.
func (h *wlrHandle) request(r Request) {
	if h.win != nil {
		r.Client = h.m.c
		h.m.c.srv.shell.WindowRequest(h.win.guest, r)
	}
}

// SetMaximized asks for the window to fill the usable area, where it can be
// seen.
func (h *wlrHandle) SetMaximized(*server.ZwlrForeignToplevelHandleV1) {
	h.restore()
	h.request(Request{Kind: RequestMaximize})
}

// UnsetMaximized asks for it to go back.
func (h *wlrHandle) UnsetMaximized(*server.ZwlrForeignToplevelHandleV1) {
	h.request(Request{Kind: RequestUnmaximize})
}

// SetMinimized asks for it to be put away.
func (h *wlrHandle) SetMinimized(*server.ZwlrForeignToplevelHandleV1) {
	h.request(Request{Kind: RequestMinimize})
}

// UnsetMinimized asks for it to come back.
func (h *wlrHandle) UnsetMinimized(*server.ZwlrForeignToplevelHandleV1) {
	h.request(Request{Kind: RequestUnminimize})
}

// Activate asks for the focus to go to the window.
func (h *wlrHandle) Activate(res *server.ZwlrForeignToplevelHandleV1, st *server.WlSeat) {
	c := res.Conn().Data.(*Client)
	h.request(Request{Kind: RequestActivate, Seat: c.seatOf(st).g.seat})
}

// SetFullscreen asks for the window to fill an output.
func (h *wlrHandle) SetFullscreen(_ *server.ZwlrForeignToplevelHandleV1, out *server.WlOutput) {
	r := Request{Kind: RequestFullscreen}
	if out != nil {
		r.Output = out.Handler.(*outputHandler).output
	}
	h.restore()
	h.request(r)
}

// restore brings a window back that is put away.
func (h *wlrHandle) restore() {
	if h.win != nil && h.m.c.srv.shell.WindowState(h.win.guest).Minimized {
		h.request(Request{Kind: RequestUnminimize})
	}
}

// UnsetFullscreen asks for it to go back.
func (h *wlrHandle) UnsetFullscreen(*server.ZwlrForeignToplevelHandleV1) {
	h.request(Request{Kind: RequestUnfullscreen})
}

// Close asks the window's owner to close it.
func (h *wlrHandle) Close(*server.ZwlrForeignToplevelHandleV1) {
	if h.win != nil {
		h.win.guest.Window.Close()
	}
}

// SetRectangle says where the taskbar shows the window.
func (h *wlrHandle) SetRectangle(res *server.ZwlrForeignToplevelHandleV1, surf *server.WlSurface, x, y, width, height int32) {
	if width < 0 || height < 0 {
		res.PostError(protocol.ZwlrForeignToplevelHandleV1ErrorInvalidRectangle, "rectangle of %dx%d", width, height)
		return
	}
	if h.win == nil {
		return
	}
	h.win.rect = taskbarRect{}
	if width > 0 && height > 0 {
		h.win.rect = taskbarRect{surfaceOf(surf), geom.XYWH(x, y, width, height)}
	}
}
