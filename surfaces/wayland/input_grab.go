package wayland

import (
	"time"

	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
	"rayos/surfaces/seat"
	"rayos/surfaces/seat/xkb"
)

// keyGrab is zwp_input_method_keyboard_grab_v2: keys go to the input method
// instead of the focus. What it doesn't want it types with a virtual keyboard
// of its own.
type keyGrab struct {
	m      *inputMethod
	res    *server.ZwpInputMethodKeyboardGrabV2
	keymap *xkb.Keymap // sent last
}

func (k *keyGrab) start() {
	st := k.m.g.seat
	k.sendKeymap(st.Used().Keymap())
	k.repeat(st.Repeat())
	k.sendModifiers(st.Used().Mods())
	k.m.g.updateKeyGrab(k)
}

// updateKeyGrab gives the keys to k, or with nil back to the focus. While the
// session is locked nobody but the lock gets them.
func (g *seatGlobal) updateKeyGrab(k *keyGrab) {
	if k == nil || g.srv.lock.on {
		g.seat.GrabKeyboard(nil)
		return
	}
	g.seat.GrabKeyboard(k)
}

// checkKeyGrabs follows the lock.
func (s *Server) checkKeyGrabs() {
	for _, g := range s.seats {
		if m := g.compose.method; m != nil && m.grab != nil {
			g.updateKeyGrab(m.grab)
		}
	}
}

func (*keyGrab) Release(*server.ZwpInputMethodKeyboardGrabV2) {}

// ResourceDestroyed gives the keys back to the focus.
func (k *keyGrab) ResourceDestroyed() {
	if k.m.grab == k {
		k.m.grab = nil
		k.m.g.updateKeyGrab(nil)
	}
}

// Owner is the client of the input method.
func (k *keyGrab) Owner() any { return k.m.c }

// Key passes a key on.
func (k *keyGrab) Key(s *seat.Seat, t time.Duration, key uint32, pressed bool) {
	state := protocol.WlKeyboardKeyStateReleased
	if pressed {
		state = protocol.WlKeyboardKeyStatePressed
	}
	k.res.SendKey(s.Serial(), millis(t), key, state)
}

// Modifiers passes the modifiers on.
func (k *keyGrab) Modifiers(_ *seat.Seat, m xkb.Mods) { k.sendModifiers(m) }

func (k *keyGrab) sendModifiers(m xkb.Mods) {
	k.res.SendModifiers(k.m.g.seat.Serial(), uint32(m.Depressed), uint32(m.Latched), uint32(m.Locked), m.Group)
}

// Keymap passes another keymap on.
func (k *keyGrab) Keymap(_ *seat.Seat, km *xkb.Keymap) { k.sendKeymap(km) }

func (k *keyGrab) sendKeymap(km *xkb.Keymap) {
	if k.keymap != nil && k.keymap.Hash() == km.Hash() {
		return
	}
	fd, err := km.FD()
	if err != nil {
		k.m.c.srv.log.Error("keymap", "err", err)
		return
	}
	k.keymap = km
	k.res.SendKeymap(protocol.WlKeyboardKeymapFormatXkbV1, fd, km.Size())
}

func (k *keyGrab) repeat(rate int32, delay time.Duration) {
	k.res.SendRepeatInfo(rate, int32(delay/time.Millisecond))
}

// Cancel says that another grab of the same input method has the keys now.
func (*keyGrab) Cancel(*seat.Seat) {}
