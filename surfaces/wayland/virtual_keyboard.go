package wayland

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
	"rayos/surfaces/seat"
	"rayos/surfaces/seat/xkb"
	"rayos/surfaces/wire"
)

func (s *Server) addVirtualKeyboard() {
	s.addPrivilegedGlobal(&protocol.ZwpVirtualKeyboardManagerV1Interface, 1, func(c *Client, id, version uint32) {
		server.NewZwpVirtualKeyboardManagerV1(c.conn, id, version).Handler = &virtualKeyboards{c}
	})
}

type virtualKeyboards struct{ c *Client }

// CreateVirtualKeyboard adds a keyboard that the client drives. It is silent
// until it has a keymap.
func (h *virtualKeyboards) CreateVirtualKeyboard(_ *server.ZwpVirtualKeyboardManagerV1, st *server.WlSeat, id *server.ZwpVirtualKeyboardV1) {
	id.Handler = &virtualKeyboard{srv: h.c.srv, seat: h.c.seatOf(st).g.seat}
}

type virtualKeyboard struct {
	srv  *Server
	seat *seat.Seat
	kbd  *seat.Keyboard
}

func (*virtualKeyboard) Destroy(*server.ZwpVirtualKeyboardV1) {}

// ResourceDestroyed releases what is held and unplugs the device.
func (v *virtualKeyboard) ResourceDestroyed() {
	if v.kbd != nil {
		v.kbd.Remove()
	}
}

// maxKeymap bounds a keymap that a client brings.
const maxKeymap = 1 << 20

// Keymap gives the device its keymap.
func (v *virtualKeyboard) Keymap(res *server.ZwpVirtualKeyboardV1, format protocol.WlKeyboardKeymapFormat, fd *wire.FD, size uint32) {
	km, err := readKeymap(format, fd, size)
	if err != nil {
		v.srv.log.Info("virtual keyboard", "err", err)
		res.PostError(protocol.ZwpVirtualKeyboardV1ErrorNoKeymap, "%v", err)
		return
	}
	if v.kbd != nil {
		v.kbd.SetKeymap(km)
		return
	}
	v.kbd = v.seat.NewKeyboard(km)
	v.kbd.Owner = res.Conn().Data
}

// readKeymap reads with pread: the descriptor's offset is shared with its
// sender.
func readKeymap(format protocol.WlKeyboardKeymapFormat, fd *wire.FD, size uint32) (*xkb.Keymap, error) {
	if format != protocol.WlKeyboardKeymapFormatXkbV1 {
		return nil, fmt.Errorf("keymap format %d is not supported", format)
	}
	if size == 0 || size > maxKeymap {
		return nil, fmt.Errorf("a keymap of %d bytes: the limit is %d", size, maxKeymap)
	}
	f := fd.Take()
	defer unix.Close(f)
	buf := make([]byte, size)
	n := 0
	for n < len(buf) {
		m, err := unix.Pread(f, buf[n:], int64(n))
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read keymap: %w", err)
		}
		if m == 0 {
			break
		}
		n += m
	}
	for n > 0 && buf[n-1] == 0 {
		n--
	}
	km, err := xkb.Parse(string(buf[:n]))
	if err != nil {
		return nil, fmt.Errorf("keymap: %w", err)
	}
	return km, nil
}

// Key presses or releases a key.
func (v *virtualKeyboard) Key(res *server.ZwpVirtualKeyboardV1, _, key, state uint32) {
	if v.kbd == nil {
		res.PostError(protocol.ZwpVirtualKeyboardV1ErrorNoKeymap, "a key before a keymap")
		return
	}
	if state == uint32(protocol.WlKeyboardKeyStateRepeated) {
		return // for whom we repeat, we do it
	}
	v.kbd.Key(v.srv.Loop.Now(), key, state == uint32(protocol.WlKeyboardKeyStatePressed))
}

// Modifiers sets the modifier state.
func (v *virtualKeyboard) Modifiers(res *server.ZwpVirtualKeyboardV1, depressed, latched, locked, group uint32) {
	if v.kbd == nil {
		res.PostError(protocol.ZwpVirtualKeyboardV1ErrorNoKeymap, "modifiers before a keymap")
		return
	}
	v.kbd.Modifiers(xkb.Mods{
		Depressed: xkb.ModMask(depressed), Latched: xkb.ModMask(latched), Locked: xkb.ModMask(locked), Group: group,
	})
}
