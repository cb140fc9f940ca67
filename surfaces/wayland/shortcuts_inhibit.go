package wayland

import (
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

func (s *Server) addShortcutsInhibit() {
	s.addGlobal(&protocol.ZwpKeyboardShortcutsInhibitManagerV1Interface, 1, func(c *Client, id, version uint32) {
		server.NewZwpKeyboardShortcutsInhibitManagerV1(c.conn, id, version).Handler = shortcutsInhibitors{}
	})
}

type shortcutsInhibitors struct{}

func (shortcutsInhibitors) Destroy(*server.ZwpKeyboardShortcutsInhibitManagerV1) {}

// InhibitShortcuts lets the session's chords pass to the surface while it has
// the keyboard. Machines, remote screens and games need that.
func (shortcutsInhibitors) InhibitShortcuts(res *server.ZwpKeyboardShortcutsInhibitManagerV1, id *server.ZwpKeyboardShortcutsInhibitorV1, surf *server.WlSurface, _ *server.WlSeat) {
	s := surfaceOf(surf)
	h := &shortcutsInhibitor{s: s, res: id}
	id.Handler = h
	if s.inhibitor != nil {
		res.PostError(protocol.ZwpKeyboardShortcutsInhibitManagerV1ErrorAlreadyInhibited, "wl_surface@%d inhibits shortcuts", surf.ID())
		return
	}
	s.inhibitor = h
	h.set(true)
}

// shortcutsInhibitor is zwp_keyboard_shortcuts_inhibitor_v1.
type shortcutsInhibitor struct {
	s      *surface
	res    *server.ZwpKeyboardShortcutsInhibitorV1
	active bool
}

// set turns the effect on or off. The client can't turn it on again after the
// person has turned it off.
func (h *shortcutsInhibitor) set(on bool) {
	h.active = on
	h.s.c.srv.Seat.InhibitShortcuts(h.s, on)
	if on {
		h.res.SendActive()
		return
	}
	h.res.SendInactive()
}

func (*shortcutsInhibitor) Destroy(*server.ZwpKeyboardShortcutsInhibitorV1) {}

// ResourceDestroyed gives the session its chords back.
func (h *shortcutsInhibitor) ResourceDestroyed() {
	if h.s.inhibitor == h {
		h.s.inhibitor = nil
		h.s.c.srv.Seat.InhibitShortcuts(h.s, false)
	}
}

// ToggleInput takes the session's chords and the pointer back from the focused
// window; another call lets it have them again. The session binds it to a chord
// that always works.
func (s *Server) ToggleInput() {
	f, _ := s.Seat.KeyboardFocus().(*surface)
	held := f != nil && f.inhibitor != nil && f.inhibitor.active
	if k := s.constraint; k != nil {
		held = true
		k.release()
	}
	if f != nil && f.inhibitor != nil && f.inhibitor.active == held {
		f.inhibitor.set(!held)
	}
	if held {
		return
	}
	if p, ok := s.Seat.PointerFocus().(*surface); ok && p.constraint != nil {
		p.constraint.resume()
	}
}
