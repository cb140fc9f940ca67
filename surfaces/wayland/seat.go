package wayland

import (
	"encoding/binary"
	"slices"
	"time"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
	"rayos/surfaces/seat"
	"rayos/surfaces/seat/xkb"
)

// seatClient is what one client has of one seat.
type seatClient struct {
	c              *Client
	g              *seatGlobal
	seats          []*server.WlSeat
	pointers       []*server.WlPointer
	relatives      []*relativePointer
	tabletSeats    []*tabletSeat
	swipes         []*server.ZwpPointerGestureSwipeV1
	pinches        []*server.ZwpPointerGesturePinchV1
	holds          []*server.ZwpPointerGestureHoldV1
	keyboards      []*keyboard
	touches        []*server.WlTouch
	cursor         *cursor // that the client has set, nil for none
	enterSerial    uint32  // of the last pointer enter
	keyboardSerial uint32  // of the last keyboard enter
	keys           []byte  // scratch for the array of held keys
	dataDevs       []*dataDevice
	primaryDevs    []*primaryDevice
	texts          []*textInput
}

// on returns what the client has of a seat.
func (c *Client) on(g *seatGlobal) *seatClient {
	if g == c.srv.main {
		return &c.seat
	}
	for _, sc := range c.guests {
		if sc.g == g {
			return sc
		}
	}
	sc := &seatClient{c: c, g: g}
	if !g.gone {
		c.guests = append(c.guests, sc)
	}
	return sc
}

// seatOf returns what the object's client has of the seat; nil is an object
// that the client left out, and means the first seat.
func (c *Client) seatOf(r *server.WlSeat) *seatClient {
	if r == nil {
		return &c.seat
	}
	return r.Handler.(*seatHandler).seatClient
}

// seatGlobal is a wl_seat: one person's input and what belongs to it, for all
// clients. The first has the session's own devices and stays; others come and
// go (see transient_seat.go).
type seatGlobal struct {
	srv    *Server
	seat   *seat.Seat
	name   string
	global *global
	had    seat.Capabilities // at any time
	gone   bool

	data       *dataManager
	primary    *selection
	controls   []controller // devices that follow both selections
	constraint *constraint  // that holds the pointer, or nil
	repeats    keyRepeat
	used       time.Duration // when somebody did something last
	compose    composing
}

func (s *Server) addSeat() {
	s.main = s.newSeat(s.Seat, "seat0")
	s.main.announce()
}

// newSeat makes a seat that no client is told of yet.
func (s *Server) newSeat(st *seat.Seat, name string) *seatGlobal {
	g := &seatGlobal{srv: s, seat: st, name: name, had: st.Capabilities()}
	s.seats = append(s.seats, g)
	st.Listen(&seat.Listener{
		Capabilities: g.capabilities,
		Keymap:       g.keymap,
		Repeat:       g.repeat,
	})
	g.repeats.init(g)
	g.followTablets()
	g.data = newDataManager(g)
	g.primary = newPrimarySelection(g)
	st.Listen(&seat.Listener{
		KeyboardFocus: func(f seat.Focus) {
			g.checkConstraints()
			g.textLeave()
		},
		Activity: func(time.Duration) { s.idle.active(g) },
	})
	return g
}

// announce makes the global.
func (g *seatGlobal) announce() {
	g.global = g.srv.addGlobal(&protocol.WlSeatInterface, 10, func(c *Client, id, version uint32) {
		res := server.NewWlSeat(c.conn, id, version)
		sc := c.on(g)
		res.Handler = &seatHandler{sc, res}
		sc.seats = append(sc.seats, res)
		res.SendCapabilities(protocol.WlSeatCapability(g.seat.Capabilities()))
		res.SendName(g.name)
	})
}

// seatOf returns the seat with that core, nil when it is gone.
func (s *Server) seatOf(st *seat.Seat) *seatGlobal {
	for _, g := range s.seats {
		if g.seat == st {
			return g
		}
	}
	return nil
}

// clients runs fn for what each client has of the seat.
func (g *seatGlobal) clients(fn func(*seatClient)) {
	for _, c := range g.srv.clients {
		if g == g.srv.main {
			fn(&c.seat)
			continue
		}
		for _, sc := range c.guests {
			if sc.g == g {
				fn(sc)
			}
		}
	}
}

func (g *seatGlobal) capabilities(caps seat.Capabilities) {
	g.had |= caps
	g.clients(func(sc *seatClient) {
		for _, r := range sc.seats {
			r.SendCapabilities(protocol.WlSeatCapability(caps))
		}
	})
}

// keymap: the client that has the focus needs it before the next key, the
// others get it with their next enter.
func (g *seatGlobal) keymap(*xkb.Keymap) {
	if v := seatedBehind(g.seat.KeyboardFocus()); v != nil {
		for _, k := range v.sc.keyboards {
			k.syncKeymap()
		}
	}
}

func (g *seatGlobal) repeat(rate int32, delay time.Duration) {
	g.clients(func(sc *seatClient) {
		for _, k := range sc.keyboards {
			k.sendRepeatInfo(rate, delay)
		}
	})
	if m := g.compose.method; m != nil && m.grab != nil {
		m.grab.repeat(rate, delay)
	}
}

type seatHandler struct {
	*seatClient
	res *server.WlSeat
}

func (*seatHandler) Release(*server.WlSeat) {}

// ResourceDestroyed forgets the binding.
func (h *seatHandler) ResourceDestroyed() { h.seats = remove(h.seats, h.res) }

func remove[T comparable](list []T, v T) []T {
	if i := slices.Index(list, v); i >= 0 {
		return slices.Delete(list, i, i+1) // and forget it: it may hold a client
	}
	return list
}

// has posts an error for a device that the seat never had. One that it lost
// is fine: its object stays silent.
func (h *seatHandler) has(res *server.WlSeat, c seat.Capabilities) bool {
	if h.g.had&c == 0 {
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
	p := &pointerHandler{h.seatClient, id}
	id.Handler = p
	h.pointers = append(h.pointers, id)
	st := h.g.seat
	if s := surfaceBehind(st.PointerFocus()); s != nil && s.c == h.c {
		pos := st.PointerLocal()
		x, y := h.c.fixed(pos)
		id.SendEnter(h.enterSerial, s.res, x, y)
		id.SendFrame()
	}
}

// GetKeyboard makes an object for keyboard events.
func (h *seatHandler) GetKeyboard(res *server.WlSeat, id *server.WlKeyboard) {
	if !h.has(res, seat.CapKeyboard) {
		return
	}
	k := &keyboard{seatClient: h.seatClient, res: id}
	id.Handler = k
	h.seatClient.keyboards = append(h.seatClient.keyboards, k)
	k.syncKeymap()
	st := h.g.seat
	rate, delay := st.Repeat()
	k.sendRepeatInfo(rate, delay)
	if s := surfaceBehind(st.KeyboardFocus()); s != nil && s.c == h.c {
		var keys []byte
		for _, code := range st.HeldKeys() {
			keys = binary.NativeEndian.AppendUint32(keys, code)
		}
		serial, m := h.keyboardSerial, st.Mods()
		id.SendEnter(serial, s.res, keys)
		id.SendModifiers(serial, uint32(m.Depressed), uint32(m.Latched), uint32(m.Locked), m.Group)
	}
}

// GetTouch makes an object for touch events.
func (h *seatHandler) GetTouch(res *server.WlSeat, id *server.WlTouch) {
	if !h.has(res, seat.CapTouch) {
		return
	}
	id.Handler = &touchHandler{h.seatClient, id}
	h.touches = append(h.touches, id)
}

type touchHandler struct {
	*seatClient
	res *server.WlTouch
}

func (*touchHandler) Release(*server.WlTouch) {}

// ResourceDestroyed forgets the object.
func (h *touchHandler) ResourceDestroyed() { h.touches = remove(h.touches, h.res) }

// keyboard is wl_keyboard.
type keyboard struct {
	*seatClient
	res    *server.WlKeyboard
	keymap *xkb.Keymap // sent last
}

func (*keyboard) Release(*server.WlKeyboard) {}

// ResourceDestroyed forgets the object.
func (k *keyboard) ResourceDestroyed() { k.keyboards = remove(k.keyboards, k) }

// syncKeymap sends the seat's keymap if the client hasn't got it.
func (k *keyboard) syncKeymap() {
	m := k.g.seat.Keymap()
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
	*seatClient
	res *server.WlPointer
}

func (*pointerHandler) Release(*server.WlPointer) {}

// ResourceDestroyed forgets the object.
func (h *pointerHandler) ResourceDestroyed() { h.pointers = remove(h.pointers, h.res) }

// SetCursor shows a surface as the pointer's image while the pointer is on the
// client.
func (h *pointerHandler) SetCursor(res *server.WlPointer, serial uint32, surf *server.WlSurface, hotX, hotY int32) {
	var cur *cursor
	if surf != nil {
		s := surfaceOf(surf)
		switch r := s.role.(type) {
		case *cursor:
			cur = r
			cur.seat = h.seatClient
		default:
			cur = &cursor{s: s, seat: h.seatClient}
			if s.xdg != nil || !s.setRole(cur) {
				res.PostError(protocol.WlPointerErrorRole, "wl_surface@%d is a %s", surf.ID(), s.roleName)
				return
			}
		}
	}
	if !h.mayChangeCursor(serial) {
		return
	}
	h.cursor = cur
	if cur == nil {
		h.c.srv.shell.SetCursor(h.g.seat, nil, geom.Point{})
		return
	}
	k := h.c.pixels()
	cur.hot = geom.Point{X: floorDiv(hotX, k), Y: floorDiv(hotY, k)}
	h.c.srv.shell.SetCursor(h.g.seat, cur.s.core, cur.hot)
}

// mayChangeCursor reports whether the pointer is on one of the client's
// surfaces and the serial is that of its arrival or of something later.
func (sc *seatClient) mayChangeCursor(serial uint32) bool {
	s := surfaceBehind(sc.g.seat.PointerFocus())
	return s != nil && s.c == sc.c && int32(serial-sc.enterSerial) >= 0
}

// cursor is the role of a pointer image.
type cursor struct {
	s    *surface
	seat *seatClient // that it was set for last
	hot  geom.Point
}

// shown reports whether it is the cursor that the client wants on its
// surfaces, and the pointer is on one of them.
func (r *cursor) shown() bool {
	f := surfaceBehind(r.seat.g.seat.PointerFocus())
	return f != nil && f.c == r.s.c && r.seat.cursor == r
}

func (*cursor) roleName() string     { return "wl_pointer-cursor" }
func (*cursor) commit(*surface) bool { return true }

// committed moves the hot spot with the buffer's offset.
func (r *cursor) committed(s *surface, set surfaces.Fields) {
	if set&surfaces.FieldOffset != 0 {
		r.hot = r.hot.Sub(s.core.Current.Offset)
	}
	if r.shown() {
		s.c.srv.shell.SetCursor(r.seat.g.seat, s.core, r.hot)
	}
}

func (r *cursor) surfaceGone(s *surface) {
	if r.shown() {
		s.c.srv.shell.SetCursor(r.seat.g.seat, nil, geom.Point{})
	}
	if r.seat.cursor == r {
		r.seat.cursor = nil
	}
}
