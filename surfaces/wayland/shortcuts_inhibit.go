package wayland

import (
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
	"rayos/surfaces/seat"
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
func (shortcutsInhibitors) InhibitShortcuts(res *server.ZwpKeyboardShortcutsInhibitManagerV1, id *server.ZwpKeyboardShortcutsInhibitorV1, surf *server.WlSurface, st *server.WlSeat) {
	v := surfaceOf(surf)
	s := v.on(v.c.seatOf(st).g)
	h := &shortcutsInhibitor{s: s, res: id}
	id.Handler = h
	if s.inhibitor != nil {
		res.PostError(protocol.ZwpKeyboardShortcutsInhibitManagerV1ErrorAlreadyInhibited, "wl_surface@%d inhibits shortcuts", surf.ID())
		return
	}
	s.inhibitor = h
	// A machine holds the keys only when the person gives them to it.
	h.set(v.c.guest == nil)
}

// shortcutsInhibitor is zwp_keyboard_shortcuts_inhibitor_v1.
type shortcutsInhibitor struct {
	s      *seated
	res    *server.ZwpKeyboardShortcutsInhibitorV1
	active bool
}

// set turns the effect on or off. The client can't turn it on again after the
// person has turned it off.
func (h *shortcutsInhibitor) set(on bool) {
	h.active = on
	h.s.sc.g.seat.InhibitShortcuts(h.s.focus(), on)
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
		h.s.sc.g.seat.InhibitShortcuts(h.s.focus(), false)
	}
}

// ToggleInput takes the session's chords and a seat's pointer back from the
// seat's focused window; another call lets it have them again. The session
// binds it to a chord that always works.
func (s *Server) ToggleInput(st *seat.Seat) {
	g := s.seatOf(st)
	if g == nil {
		return
	}
	f := seatedBehind(st.KeyboardFocus())
	held := f != nil && f.inhibitor != nil && f.inhibitor.active
	if k := g.constraint; k != nil {
		held = true
		k.release()
	}
	if f != nil && f.inhibitor != nil && f.inhibitor.active == held {
		f.inhibitor.set(!held)
	}
	if held {
		return
	}
	if p := seatedBehind(st.PointerFocus()); p != nil && p.constraint != nil {
		p.constraint.resume()
	}
}
