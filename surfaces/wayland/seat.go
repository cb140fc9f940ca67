package wayland

import (
	"encoding/binary"
	"time"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
	"rayos/surfaces/seat"
	"rayos/surfaces/seat/xkb"
)

// seatClient is what one client has of the seat.
type seatClient struct {
	seats          []*server.WlSeat
	pointers       []*server.WlPointer
	relatives      []*relativePointer
	keyboards      []*keyboard
	touches        []*server.WlTouch
	cursor         *cursor // that the client has set, nil for none
	enterSerial    uint32  // of the last pointer enter
	keyboardSerial uint32  // of the last keyboard enter
	keys           []byte  // scratch for the array of held keys
}

// seatGlobal follows the seat for all clients.
type seatGlobal struct {
	srv *Server
	had seat.Capabilities // at any time
}

func (s *Server) addSeat() {
	g := &seatGlobal{srv: s, had: s.Seat.Capabilities()}
	s.seatG = g
	s.Seat.Listen(&seat.Listener{
		Capabilities: g.capabilities,
		Keymap:       g.keymap,
		Repeat:       g.repeat,
	})
	s.addGlobal(&protocol.WlSeatInterface, 9, func(c *Client, id, version uint32) {
		res := server.NewWlSeat(c.conn, id, version)
		res.Handler = &seatHandler{c, res}
		c.seat.seats = append(c.seat.seats, res)
		res.SendCapabilities(protocol.WlSeatCapability(s.Seat.Capabilities()))
		res.SendName("seat0")
	})
}

func (g *seatGlobal) capabilities(caps seat.Capabilities) {
	g.had |= caps
	for _, c := range g.srv.clients {
		for _, r := range c.seat.seats {
			r.SendCapabilities(protocol.WlSeatCapability(caps))
		}
	}
}

// keymap: the client that has the focus needs it before the next key, the
// others get it with their next enter.
func (g *seatGlobal) keymap(*xkb.Keymap) {
	if s, ok := g.srv.Seat.KeyboardFocus().(*surface); ok {
		for _, k := range s.c.seat.keyboards {
			k.syncKeymap()
		}
	}
}

func (g *seatGlobal) repeat(rate int32, delay time.Duration) {
	for _, c := range g.srv.clients {
		for _, k := range c.seat.keyboards {
			k.res.SendRepeatInfo(rate, int32(delay/time.Millisecond))
		}
	}
}

type seatHandler struct {
	c   *Client
	res *server.WlSeat
}

func (*seatHandler) Release(*server.WlSeat) {}

// ResourceDestroyed forgets the binding.
func (h *seatHandler) ResourceDestroyed() { h.c.seat.seats = remove(h.c.seat.seats, h.res) }

func remove[T comparable](list []T, v T) []T {
	for i, o := range list {
		if o == v {
			return append(list[:i], list[i+1:]...)
		}
	}
	return list
}

// has posts an error for a device that the seat never had. One that it lost
// is fine: its object stays silent.
func (h *seatHandler) has(res *server.WlSeat, c seat.Capabilities) bool {
	if h.c.srv.seatG.had&c == 0 {
		res.PostError(protocol.WlSeatErrorMissingCapability, "the seat never had that device")
		return false
	}
	return true
}

// GetPointer makes an object for pointer events.
func (h *seatHandler) GetPointer(res *server.WlSeat, id *server.WlPointer) {
	if !h.has(res, seat.CapPointer) {
		return
	}
	p := &pointerHandler{h.c, id}
	id.Handler = p
	h.c.seat.pointers = append(h.c.seat.pointers, id)
	st := h.c.srv.Seat
	if s, ok := st.PointerFocus().(*surface); ok && s.c == h.c {
		pos := st.PointerLocal()
		id.SendEnter(h.c.seat.enterSerial, s.res, geom.FixedFromFloat(pos.X), geom.FixedFromFloat(pos.Y))
		id.SendFrame()
	}
}

// GetKeyboard makes an object for keyboard events.
func (h *seatHandler) GetKeyboard(res *server.WlSeat, id *server.WlKeyboard) {
	if !h.has(res, seat.CapKeyboard) {
		return
	}
	k := &keyboard{c: h.c, res: id}
	id.Handler = k
	h.c.seat.keyboards = append(h.c.seat.keyboards, k)
	k.syncKeymap()
	st := h.c.srv.Seat
	rate, delay := st.Repeat()
	id.SendRepeatInfo(rate, int32(delay/time.Millisecond))
	if s, ok := st.KeyboardFocus().(*surface); ok && s.c == h.c {
		var keys []byte
		for _, code := range st.HeldKeys() {
			keys = binary.NativeEndian.AppendUint32(keys, code)
		}
		serial, m := h.c.seat.keyboardSerial, st.Mods()
		id.SendEnter(serial, s.res, keys)
		id.SendModifiers(serial, uint32(m.Depressed), uint32(m.Latched), uint32(m.Locked), m.Group)
	}
}

// GetTouch makes an object for touch events.
func (h *seatHandler) GetTouch(res *server.WlSeat, id *server.WlTouch) {
	if !h.has(res, seat.CapTouch) {
		return
	}
	id.Handler = &touchHandler{h.c, id}
	h.c.seat.touches = append(h.c.seat.touches, id)
}

type touchHandler struct {
	c   *Client
	res *server.WlTouch
}

func (*touchHandler) Release(*server.WlTouch) {}

// ResourceDestroyed forgets the object.
func (h *touchHandler) ResourceDestroyed() { h.c.seat.touches = remove(h.c.seat.touches, h.res) }

// keyboard is wl_keyboard.
type keyboard struct {
	c      *Client
	res    *server.WlKeyboard
	keymap *xkb.Keymap // sent last
}

func (*keyboard) Release(*server.WlKeyboard) {}

// ResourceDestroyed forgets the object.
func (k *keyboard) ResourceDestroyed() { k.c.seat.keyboards = remove(k.c.seat.keyboards, k) }

// syncKeymap sends the seat's keymap if the client hasn't got it.
func (k *keyboard) syncKeymap() {
	m := k.c.srv.Seat.Keymap()
	if k.keymap == m || k.keymap != nil && k.keymap.Hash() == m.Hash() {
		return
	}
	fd, err := m.FD()
	if k.res.Version() < 7 {
		// Such a client may map the file shared.
		if fd, err = m.CopyFD(); err == nil {
			defer unix.Close(fd)
		}
	}
	if err != nil {
		k.c.srv.log.Error("keymap", "err", err)
		return
	}
	k.keymap = m
	k.res.SendKeymap(protocol.WlKeyboardKeymapFormatXkbV1, fd, m.Size())
}

// pointerHandler is wl_pointer.
type pointerHandler struct {
	c   *Client
	res *server.WlPointer
}

func (*pointerHandler) Release(*server.WlPointer) {}

// ResourceDestroyed forgets the object.
func (h *pointerHandler) ResourceDestroyed() { h.c.seat.pointers = remove(h.c.seat.pointers, h.res) }

// SetCursor shows a surface as the pointer's image while the pointer is on the
// client.
func (h *pointerHandler) SetCursor(res *server.WlPointer, serial uint32, surf *server.WlSurface, hotX, hotY int32) {
	var cur *cursor
	if surf != nil {
		s := surfaceOf(surf)
		switch r := s.role.(type) {
		case *cursor:
			cur = r
		default:
			cur = &cursor{s: s}
			if s.xdg != nil || !s.setRole(cur) {
				res.PostError(protocol.WlPointerErrorRole, "wl_surface@%d is a %s", surf.ID(), s.roleName)
				return
			}
		}
	}
	if !h.c.mayChangeCursor(serial) {
		return
	}
	h.c.seat.cursor = cur
	if cur == nil {
		h.c.srv.shell.SetCursor(nil, geom.Point{})
		return
	}
	cur.hot = geom.Point{X: hotX, Y: hotY}
	h.c.srv.shell.SetCursor(cur.s.core, cur.hot)
}

// mayChangeCursor reports whether the pointer is on one of the client's
// surfaces and the serial is that of its arrival or of something later.
func (c *Client) mayChangeCursor(serial uint32) bool {
	s, ok := c.srv.Seat.PointerFocus().(*surface)
	return ok && s.c == c && int32(serial-c.seat.enterSerial) >= 0
}

// cursor is the role of a pointer image.
type cursor struct {
	s   *surface
	hot geom.Point
}

// shown reports whether it is the cursor that the client wants on its
// surfaces, and the pointer is on one of them.
func (r *cursor) shown() bool {
	f, ok := r.s.c.srv.Seat.PointerFocus().(*surface)
	return ok && f.c == r.s.c && r.s.c.seat.cursor == r
}

func (*cursor) roleName() string     { return "wl_pointer-cursor" }
func (*cursor) commit(*surface) bool { return true }

// committed moves the hot spot with the buffer's offset.
func (r *cursor) committed(s *surface, set surfaces.Fields) {
	if set&surfaces.FieldOffset != 0 {
		r.hot = r.hot.Sub(s.core.Current.Offset)
	}
	if r.shown() {
		s.c.srv.shell.SetCursor(s.core, r.hot)
	}
}

func (r *cursor) surfaceGone(s *surface) {
	if r.shown() {
		s.c.srv.shell.SetCursor(nil, geom.Point{})
	}
	if s.c.seat.cursor == r {
		s.c.seat.cursor = nil
	}
}
