package wayland

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/seat"
	"rayos/surfaces/seat/xkb"
	"rayos/surfaces/wire"
)

func (c *testClient) bindSeat(version uint32) *client.WlSeat {
	return bind[client.WlSeat](c, &protocol.WlSeatInterface, version)
}

func TestSeatAnnouncesItself(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	s := c.bindSeat(9)
	c.expect(`
		wl_seat.capabilities(3)
		wl_seat.name("seat0")`)
	detach := f.seat.Attach(seat.CapTouch)
	c.expect("wl_seat.capabilities(7)")
	detach()
	c.expect("wl_seat.capabilities(3)")
	s.GetTouch() // the seat had it once
	c.expect("")
	c.bindSeat(1)
	c.expect("wl_seat.capabilities(3)")
	s.Release()
	c.ok()
	f.seat.Attach(seat.CapTouch)
	c.expect("wl_seat.capabilities(7)")
}

func TestKeyboard(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	s := c.bindSeat(9)
	c.ok()
	c.take()
	k := s.GetKeyboard()
	var text []byte
	var seals int
	k.OnKeymap = func(_ protocol.WlKeyboardKeymapFormat, fd *wire.FD, size uint32) {
		n := fd.Take()
		defer unix.Close(n)
		seals, _ = unix.FcntlInt(uintptr(n), unix.F_GET_SEALS, 0)
		m, err := unix.Mmap(n, 0, int(size), unix.PROT_READ, unix.MAP_PRIVATE)
		if err != nil {
			t.Error(err)
			return
		}
		text = append([]byte(nil), m...)
		_ = unix.Munmap(m)
	}
	c.expect(fmt.Sprintf(`
		wl_keyboard.keymap(1, fd, %d)
		wl_keyboard.repeat_info(25, 600)`, xkb.Builtin().Size()))
	if n := len(text); n == 0 || text[n-1] != 0 || !strings.Contains(string(text), "xkb_keymap") {
		t.Error("the keymap is no NUL-terminated keymap")
	}
	if want := unix.F_SEAL_SHRINK | unix.F_SEAL_GROW | unix.F_SEAL_WRITE; seals&want != want {
		t.Errorf("seals of the keymap are %#x", seals)
	}
	f.seat.SetRepeat(30, 400_000_000)
	c.expect("wl_keyboard.repeat_info(30, 400)")

	// Keys held before the focus come with enter, modifiers follow.
	f.key(42, true) // shift
	f.key(30, true)
	f.shell.take()
	w := c.toplevel("win")
	var keys []uint32
	k.OnEnter = func(_ uint32, _ *client.WlSurface, a []byte) {
		for i := 0; i < len(a); i += 4 {
			keys = append(keys, binary.NativeEndian.Uint32(a[i:]))
		}
	}
	w.surf.Commit()
	c.ok()
	w.ack()
	w.surf.Attach(c.buffer(10, 10, 0), 0, 0)
	w.surf.Commit()
	c.ok()
	c.take()
	if fmt.Sprint(keys) != "[42 30]" {
		t.Errorf("keys at enter are %v; want [42 30]", keys)
	}
	f.key(30, false)
	f.key(42, false)
	f.seat.SetKeyboardFocus(nil)
	c.expect(`
		wl_keyboard.key(#, 1000, 30, 0)
		wl_keyboard.key(#, 1000, 42, 0)
		wl_keyboard.modifiers(#, 0, 0, 0, 0)
		wl_keyboard.leave(#, win)`)

	// A keyboard made while the surface has the focus enters at once.
	f.seat.SetKeyboardFocus(c.core(w.surf))
	c.ok()
	c.take()
	k2 := s.GetKeyboard()
	c.label(k2, "second")
	c.expect(fmt.Sprintf(`
		second.keymap(1, fd, %d)
		second.repeat_info(30, 400)
		second.enter(#, win, array[0])
		second.modifiers(#, 0, 0, 0, 0)`, xkb.Builtin().Size()))
	k.Release()
	c.ok()
	f.key(31, true)
	f.key(31, false)
	c.expect(`
		second.key(#, 1000, 31, 1)
		second.key(#, 1000, 31, 0)`)
	// Old versions get a copy of the keymap that they may map shared.
	old := c.bindSeat(3).GetKeyboard()
	old.OnKeymap = func(_ protocol.WlKeyboardKeymapFormat, fd *wire.FD, size uint32) {
		n := fd.Take()
		defer unix.Close(n)
		m, err := unix.Mmap(n, 0, int(size), unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
		if err != nil {
			t.Error("old client can't map:", err)
			return
		}
		_ = unix.Munmap(m)
	}
	c.ok()
}

func TestKeymapChange(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	c.window("win", 10, 10, 0)
	c.bindSeat(9).GetKeyboard()
	other := f.connect()
	other.bindSeat(9).GetKeyboard()
	other.ok()
	c.ok()
	c.take()
	other.take()
	km, err := xkb.Parse(builtinText(t) + "\n// another\n")
	if err != nil {
		t.Fatal(err)
	}
	f.seat.SetKeymap(km)
	c.ok()
	if got := c.take(); !strings.HasPrefix(got, "wl_keyboard.keymap(1, fd, ") {
		t.Errorf("focused client saw %q", got)
	}
	// The others hear of it with their next focus.
	other.expect("")
	f.shell.at = geom.Point{X: 50}
	w := other.toplevel("win2")
	w.surf.Commit()
	other.ok()
	w.ack()
	w.surf.Attach(other.buffer(10, 10, 0), 0, 0)
	w.surf.Commit()
	other.ok()
	if got := other.take(); !strings.Contains(got, "wl_keyboard.keymap(1, fd, ") || strings.Index(got, "keymap") > strings.Index(got, "enter") {
		t.Errorf("the other client saw\n%s\nwith its focus; want the keymap before enter", got)
	}
}

func builtinText(t testing.TB) string {
	t.Helper()
	fd, err := xkb.Builtin().FD()
	if err != nil {
		t.Fatal(err)
	}
	b := make([]byte, xkb.Builtin().Size())
	if _, err := unix.Pread(fd, b, 0); err != nil {
		t.Fatal(err)
	}
	return strings.TrimRight(string(b), "\x00")
}

func TestPointer(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	s := c.bindSeat(9)
	s.GetPointer()
	c.window("win", 100, 100, 0)
	f.shell.at = geom.Point{X: 200}
	c.window("other", 100, 100, 0)
	c.take()
	f.motion(10, 20)
	c.expect(`
		wl_pointer.enter(#, win, 10, 20)
		wl_pointer.frame()`)
	f.motion(11.5, 20)
	f.button(btnLeft, true)
	// While a button is held the surface keeps the pointer.
	f.motion(250, 20)
	f.button(btnLeft, false)
	c.expect(`
		wl_pointer.motion(1000, 11.5, 20)
		wl_pointer.frame()
		wl_pointer.button(#, 1000, 272, 1)
		wl_pointer.frame()
		wl_pointer.motion(1000, 250, 20)
		wl_pointer.frame()
		wl_pointer.button(#, 1000, 272, 0)
		wl_pointer.frame()
		wl_pointer.leave(#, win)
		wl_pointer.frame()
		wl_pointer.enter(#, other, 50, 20)
		wl_pointer.frame()`)
	// An object made while the pointer is there.
	p := s.GetPointer()
	c.label(p, "second")
	c.expect(`
		second.enter(#, other, 50, 20)
		second.frame()`)
	p.Release()
	// Of version 1, which has no frames.
	old := c.bindSeat(1)
	c.ok()
	c.take()
	c.label(old.GetPointer(), "old")
	c.expect("old.enter(#, other, 50, 20)")
	f.motion(500, 400)
	c.expect(`
		wl_pointer.leave(#, other)
		old.leave(#, other)
		wl_pointer.frame()`)
}

func TestInputRegion(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	c.bindSeat(9).GetPointer()
	w := c.window("win", 100, 100, 0)
	r := c.comp.CreateRegion()
	r.Add(0, 0, 50, 50)
	r.Add(0, 0, -5, 10)
	r.Subtract(0, 0, 10, 10)
	r.Subtract(0, 0, 0, 10)
	w.surf.SetInputRegion(r)
	r.Destroy()
	w.surf.Commit()
	c.ok()
	c.take()
	f.motion(5, 5)
	c.expect("")
	f.motion(20, 20)
	c.expect("wl_pointer.enter(#, win, 20, 20)\nwl_pointer.frame()")
	f.motion(60, 60)
	c.expect("wl_pointer.leave(#, win)\nwl_pointer.frame()")
	w.surf.SetInputRegion(nil)
	w.surf.Commit()
	c.ok()
	f.draw()
	c.ok()
	if got := c.take(); !strings.Contains(got, "wl_pointer.enter(#, win, 60, 60)") {
		t.Errorf("after the region was reset: %s", got)
	}
}

func TestAxisByVersion(t *testing.T) {
	wheel := seat.Axis{Source: seat.SourceWheel, V120: 120}
	for _, tc := range []struct {
		version uint32
		axis    seat.Axis
		want    string
	}{
		{4, wheel, "p.axis(1000, 0, 15)"},
		{5, wheel, "p.axis_source(0)\np.axis_discrete(0, 1)\np.axis(1000, 0, 15)\np.frame()"},
		{8, wheel, "p.axis_source(0)\np.axis_value120(0, 120)\np.axis(1000, 0, 15)\np.frame()"},
		{9, wheel, "p.axis_source(0)\np.axis_relative_direction(0, 0)\np.axis_value120(0, 120)\np.axis(1000, 0, 15)\np.frame()"},
		{
			9,
			seat.Axis{Source: seat.SourceWheel, V120: -30, Inverted: true, Orientation: seat.Horizontal},
			"p.axis_source(0)\np.axis_relative_direction(1, 1)\np.axis_value120(1, -30)\np.axis(1000, 1, -3.75)\np.frame()",
		},
		{5, seat.Axis{Source: seat.SourceWheelTilt, V120: 120}, "p.axis_source(0)\np.axis_discrete(0, 1)\np.axis(1000, 0, 15)\np.frame()"},
		{6, seat.Axis{Source: seat.SourceWheelTilt, V120: 120}, "p.axis_source(3)\np.axis_discrete(0, 1)\np.axis(1000, 0, 15)\np.frame()"},
		{9, seat.Axis{Source: seat.SourceFinger, Value: 3.5}, "p.axis_source(1)\np.axis_relative_direction(0, 0)\np.axis(1000, 0, 3.5)\np.frame()"},
		{9, seat.Axis{Source: seat.SourceFinger, Stop: true}, "p.axis_source(1)\np.axis_stop(1000, 0)\np.frame()"},
		{4, seat.Axis{Source: seat.SourceFinger, Stop: true}, ""},
	} {
		t.Run(fmt.Sprintf("v%d %+v", tc.version, tc.axis), func(t *testing.T) {
			f := newFixture(t)
			c := f.connect()
			p := c.bindSeat(tc.version).GetPointer()
			c.window("win", 100, 100, 0)
			f.motion(5, 5)
			c.ok()
			c.take()
			c.label(p, "p")
			f.seat.Axis(f.loop.Now(), tc.axis)
			f.seat.Frame()
			c.expect(tc.want)
		})
	}
}

func TestTouch(t *testing.T) {
	f := newFixture(t)
	f.seat.Attach(seat.CapTouch)
	c := f.connect()
	touch := c.bindSeat(9).GetTouch()
	c.window("win", 100, 100, 0)
	c.take()
	now := f.loop.Now()
	f.seat.TouchDown(now, 0, geom.FPoint{X: 10, Y: 10})
	f.seat.TouchDown(now, 1, geom.FPoint{X: 20, Y: 20})
	f.seat.TouchFrame()
	f.seat.TouchMotion(now, 0, geom.FPoint{X: 300, Y: 10})
	f.seat.TouchFrame()
	f.seat.TouchUp(now, 0)
	f.seat.TouchFrame()
	c.expect(`
		wl_touch.down(#, 1000, win, 0, 10, 10)
		wl_touch.down(#, 1000, win, 1, 20, 20)
		wl_touch.frame()
		wl_touch.motion(1000, 0, 300, 10)
		wl_touch.frame()
		wl_touch.up(#, 1000, 0)
		wl_touch.frame()`)
	f.seat.TouchCancel()
	c.expect("wl_touch.cancel()")
	touch.Release()
	c.ok()
	f.seat.TouchDown(now, 3, geom.FPoint{X: 10, Y: 10})
	f.seat.TouchFrame()
	c.expect("")
}

func TestCursor(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	p := c.bindSeat(9).GetPointer()
	c.window("win", 100, 100, 0)
	a, b := c.surface("a"), c.surface("b")
	commit := func(s *client.WlSurface, size int32) {
		s.Attach(c.buffer(size, size, 0), 0, 0)
		s.Commit()
		c.ok()
	}
	commit(a, 8)
	commit(b, 9)
	f.shell.take()
	// Not on the client's surfaces yet.
	p.SetCursor(0, a, 1, 1)
	c.ok()
	compare(t, "shell", f.shell.take(), "")
	f.motion(5, 5)
	c.ok()
	serial := c.serials["wl_pointer.enter"]
	p.SetCursor(serial-1, a, 1, 1) // of before
	c.ok()
	compare(t, "shell", f.shell.take(), "")
	p.SetCursor(serial, a, 1, 2)
	commit(a, 10)
	a.Offset(1, 1)
	commit(a, 10)
	// Another takes over; the first does not come back by a commit.
	p.SetCursor(serial, b, 0, 0)
	commit(a, 11)
	commit(b, 12)
	p.SetCursor(serial, nil, 0, 0)
	commit(b, 12)
	p.SetCursor(serial, b, 3, 3)
	b.Destroy()
	c.ok()
	compare(t, "shell", f.shell.take(), `
		cursor 8x8 at 1,2
		cursor 10x10 at 1,2
		cursor 10x10 at 0,1
		cursor 9x9 at 0,0
		cursor 12x12 at 0,0
		cursor hidden
		cursor 12x12 at 3,3
		cursor hidden`)

	m := bind[client.WpCursorShapeManagerV1](c, &protocol.WpCursorShapeManagerV1Interface, 2)
	d := m.GetPointer(p)
	d.SetShape(serial, protocol.WpCursorShapeDeviceV1ShapeNsResize)
	d.SetShape(serial-1, protocol.WpCursorShapeDeviceV1ShapeText)
	d.SetShape(serial, protocol.WpCursorShapeDeviceV1ShapeDndAsk)
	d.Destroy()
	m.Destroy()
	c.ok()
	compare(t, "shell", f.shell.take(), `
		cursor ns_resize
		cursor dnd_ask`)
	// The pointer is gone: the cursor is somebody else's.
	p.SetCursor(serial, a, 0, 0)
	c.ok()
	f.shell.take()
	f.motion(500, 300)
	commit(a, 5)
	f.motion(5, 5)
	commit(a, 5)
	compare(t, "shell", f.shell.take(), "")
}

func TestFocusOfADyingSurface(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	s := c.bindSeat(9)
	s.GetPointer()
	w := c.window("win", 100, 100, 0)
	f.motion(5, 5)
	f.button(btnLeft, true)
	f.key(30, true)
	c.ok()
	w.top.Destroy()
	w.xdg.Destroy()
	w.surf.Destroy()
	c.ok()
	c.take()
	f.draw()
	f.button(btnLeft, false)
	f.key(30, false)
	c.expect("")
	if f.seat.PointerFocus() != nil || f.seat.KeyboardFocus() != nil {
		t.Error("a dead surface has the focus")
	}
}

// TestSurfacesThatTheirClientTakesAwayAreLeft: the client is told while it can
// still be by the surface's name, and gets its touch points back.
func TestSurfacesThatTheirClientTakesAwayAreLeft(t *testing.T) {
	for name, take := range map[string]func(*window){
		"buffer taken": func(w *window) { w.surf.Attach(nil, 0, 0); w.surf.Commit() },
		"destroyed":    func(w *window) { w.top.Destroy(); w.xdg.Destroy(); w.surf.Destroy() },
	} {
		t.Run(name, func(t *testing.T) {
			f := newFixture(t)
			f.seat.Attach(seat.CapTouch)
			f.shell.nofocus = true
			c := f.connect()
			s := c.bindSeat(9)
			s.GetTouch()
			s.GetPointer()
			w := c.window("win", 100, 100, 0)
			f.motion(10, 10)
			f.seat.TouchDown(f.loop.Now(), 4, geom.FPoint{X: 10, Y: 10})
			f.seat.TouchFrame()
			c.ok()
			c.take()
			take(w)
			c.ok()
			got := strings.ReplaceAll(c.take(), "nil", "win") // the object is gone for the client
			compare(t, "events", got, `
				wl_touch.up(#, 1000, 4)
				wl_touch.frame()
				wl_pointer.leave(#, win)
				wl_pointer.frame()`)
			f.seat.TouchUp(f.loop.Now(), 4)
			f.seat.TouchFrame()
			c.expect("")
		})
	}
}
