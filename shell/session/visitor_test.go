package session

import (
	"slices"
	"testing"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/seat/xkb"
	"rayos/wm"
)

// guestSeat is a seat of somebody elsewhere, and what drives it.
type guestSeat struct {
	d   *desk
	ts  *client.ExtTransientSeatV1
	ptr *client.ZwlrVirtualPointerV1
	kbd *client.ZwpVirtualKeyboardV1
	v   *visitor
	id  uint32 // global of the seat
}

func (d *desk) guestSeat() *guestSeat {
	d.t.Helper()
	g := &guestSeat{d: d}
	c := d.connect()
	names := map[string]uint32{}
	reg := c.dpy.GetRegistry()
	reg.OnGlobal = func(name uint32, iface string, _ uint32) { names[iface] = name }
	d.talk()
	var m client.ExtTransientSeatManagerV1
	reg.Bind(names["ext_transient_seat_manager_v1"], &m, &protocol.ExtTransientSeatManagerV1Interface, 1)
	g.ts = m.Create()
	g.ts.OnReady = func(name uint32) { g.id = name }
	d.talk()
	var st client.WlSeat
	reg.Bind(g.id, &st, &protocol.WlSeatInterface, 5)
	var pm client.ZwlrVirtualPointerManagerV1
	reg.Bind(names["zwlr_virtual_pointer_manager_v1"], &pm, &protocol.ZwlrVirtualPointerManagerV1Interface, 2)
	g.ptr = pm.CreateVirtualPointer(&st)
	var km client.ZwpVirtualKeyboardManagerV1
	reg.Bind(names["zwp_virtual_keyboard_manager_v1"], &km, &protocol.ZwpVirtualKeyboardManagerV1Interface, 1)
	g.kbd = km.CreateVirtualKeyboard(&st)
	fd, err := xkb.Builtin().CopyFD()
	if err != nil {
		d.t.Fatal(err)
	}
	g.kbd.Keymap(protocol.WlKeyboardKeymapFormatXkbV1, fd, xkb.Builtin().Size())
	d.talk()
	if err := unix.Close(fd); err != nil {
		d.t.Fatal(err)
	}
	g.v = d.session.visitors[len(d.session.visitors)-1]
	return g
}

// to moves the visitor's pointer.
func (g *guestSeat) to(p geom.Point) {
	g.ptr.MotionAbsolute(0, uint32(p.X), uint32(p.Y), 800, 600)
	g.ptr.Frame()
	g.d.talk()
}

func (g *guestSeat) press(down bool) {
	state := protocol.WlPointerButtonStateReleased
	if down {
		state = protocol.WlPointerButtonStatePressed
	}
	g.ptr.Button(0, btnLeft, state)
	g.ptr.Frame()
	g.d.talk()
}

func (g *guestSeat) click(p geom.Point) {
	g.to(p)
	g.press(true)
	g.press(false)
}

// tap types keys, all down and then up.
func (g *guestSeat) tap(codes ...uint32) {
	for _, c := range codes {
		g.kbd.Key(0, c, 1)
	}
	slices.Reverse(codes)
	for _, c := range codes {
		g.kbd.Key(0, c, 0)
	}
	g.d.talk()
}

func (w *deskWindow) server() *window { return w.c.d.session.windows[wm.WindowID(w.id)] }

// inside is a point on the window's content.
func (w *deskWindow) inside() geom.Point {
	return w.server().spot.Content.Min().Add(geom.Point{X: 5, Y: 5})
}

// keysOn makes the client listen to a seat's keyboard.
func (c *deskClient) keysOn(name uint32) *[]string {
	var st client.WlSeat
	var log []string
	c.dpy.GetRegistry().Bind(name, &st, &protocol.WlSeatInterface, 5)
	k := st.GetKeyboard()
	k.OnKey = func(_, _, key uint32, s protocol.WlKeyboardKeyState) {
		if s == protocol.WlKeyboardKeyStatePressed {
			log = append(log, string(rune('a'+key-30)))
		}
	}
	c.d.talk()
	return &log
}

func TestVisitorHasFocusOfTheirOwn(t *testing.T) {
	d := newDesk(t)
	a, b := d.connect().open(small), d.connect().open(small)
	d.session.do(wm.Move{ID: wm.WindowID(a.id), To: geom.Point{X: 20, Y: 20}})
	d.session.do(wm.Move{ID: wm.WindowID(b.id), To: geom.Point{X: 400, Y: 300}})
	d.talk()
	g := d.guestSeat()
	if g.v.focused != wm.WindowID(b.id) {
		t.Errorf("a new visitor's keys go to %d; want the focused window %d", g.v.focused, b.id)
	}
	keys := a.c.keysOn(g.id)
	g.click(a.inside())
	if got := d.window(b.id); !got.Focused {
		t.Error("the visitor's click took the focus of the first seat")
	}
	if last := d.session.stack[len(d.session.stack)-1]; last != wm.WindowID(a.id) {
		t.Error("the visitor's click did not raise the window")
	}
	if !a.server().frame.drawn.Active || !b.server().frame.drawn.Active {
		t.Error("a window with somebody's keys looks inactive")
	}
	g.tap(30, 31)
	if got := *keys; !slices.Equal(got, []string{"a", "b"}) {
		t.Errorf("the visitor typed %q", got)
	}
	if slices.Contains(b.c.keys, "key 30 pressed") {
		t.Error("the first seat's focus heard the visitor's keys")
	}
	// Chords are about the visitor's window.
	const super, up = 125, 103
	g.tap(super, up)
	d.pass(200e6)
	if !a.server().spot.Maximized || b.server().spot.Maximized {
		t.Error("Super+Up is not about the visitor's window")
	}
	g.tap(super, up)
	d.pass(200e6)
	// They walk through windows by themselves.
	g.tap(56, 15) // Alt+Tab
	if g.v.focused != wm.WindowID(b.id) {
		t.Errorf("after Alt+Tab the visitor is at %d", g.v.focused)
	}
	g.tap(56, 42, 15)
	if g.v.focused != wm.WindowID(a.id) {
		t.Errorf("after Alt+Shift+Tab the visitor is at %d", g.v.focused)
	}
	// A window that goes leaves its keys to the topmost.
	a.surface.Destroy()
	a.c.dpy.Close()
	d.clients = slices.DeleteFunc(d.clients, func(c *deskClient) bool { return c == a.c })
	d.talk()
	if g.v.focused != wm.WindowID(b.id) {
		t.Errorf("the visitor's keys go to %d; want %d", g.v.focused, b.id)
	}
	if q := d.session.done; q {
		t.Fatal("the session ended")
	}
	g.tap(29, 56, 14) // Ctrl+Alt+BackSpace
	if d.session.done {
		t.Error("a visitor ended the session")
	}
}

func TestVisitorPointer(t *testing.T) {
	d := newDesk(t)
	a := d.connect().open(small)
	d.session.do(wm.Move{ID: wm.WindowID(a.id), To: geom.Point{X: 100, Y: 100}})
	d.talk()
	g := d.guestSeat()
	if g.v.cursor.tree.Enabled() {
		t.Error("a pointer that nobody moved is shown")
	}
	g.to(geom.Point{X: 300, Y: 200})
	if at, on := g.v.cursor.tree.AbsPosition(); !on || at != (geom.Point{X: 300, Y: 200}) {
		t.Errorf("the visitor's cursor is at %v, shown %v", at, on)
	}
	if d.session.seat.Position() == g.v.seat.Position() {
		t.Error("the pointers are one")
	}
	// They drag a window by its title; nobody else can at the same time.
	frame := a.server().spot.Frame
	title := frame.Min().Add(geom.Point{X: 100, Y: 10})
	g.to(title)
	g.press(true)
	d.session.startMove(d.session.seat, a.server(), 0, nil)
	if d.session.seat.Grabbed() {
		t.Error("two people move one window")
	}
	g.to(title.Add(geom.Point{X: 30, Y: 40}))
	g.press(false)
	if got := a.server().spot.Frame.Min(); got != frame.Min().Add(geom.Point{X: 30, Y: 40}) {
		t.Errorf("the window is at %v after a drag from %v", got, frame.Min())
	}
	// The frame's buttons follow each pointer.
	g.to(geom.Point{X: a.server().spot.Frame.X1 - 20, Y: a.server().spot.Frame.Y0 + 15})
	if a.server().frame.drawn.Hover == 0 {
		t.Error("the frame does not show what the visitor points at")
	}
	// A client's cursor, which goes away with the seat.
	st := new(client.WlSeat)
	a.c.dpy.GetRegistry().Bind(g.id, st, &protocol.WlSeatInterface, 5)
	ptr := st.GetPointer()
	sf := a.c.comp.CreateSurface()
	ptr.OnEnter = func(serial uint32, _ *client.WlSurface, _, _ geom.Fixed) { ptr.SetCursor(serial, sf, 0, 0) }
	d.talk()
	g.to(a.inside())
	if g.v.cursor.surface == nil || d.session.cursor.surface != nil {
		t.Error("the cursor is set for the wrong seat")
	}
	g.ts.Destroy()
	d.talk()
	if len(d.session.visitors) != 0 || d.session.visited(wm.WindowID(a.id)) {
		t.Error("the visitor is still there")
	}
	g.to(geom.Point{X: 1, Y: 1})
	g.tap(125, 103)
	d.pass(100e6)
	if a.server().spot.Maximized {
		t.Error("a chord of a seat that is gone has an effect")
	}
}

func TestVisitorIsLockedOut(t *testing.T) {
	d := newDesk(t)
	a := d.connect().open(small)
	g := d.guestSeat()
	keys := a.c.keysOn(g.id)
	g.click(a.inside())
	g.tap(30)
	d.session.Lock()
	d.talk()
	g.click(a.inside())
	g.tap(31)
	if got := *keys; !slices.Equal(got, []string{"a"}) {
		t.Errorf("with a lock the visitor typed %q", got)
	}
	d.session.Unlock()
	d.talk()
	g.tap(32)
	if got := *keys; !slices.Equal(got, []string{"a", "c"}) {
		t.Errorf("after the lock the visitor typed %q", got)
	}
}
