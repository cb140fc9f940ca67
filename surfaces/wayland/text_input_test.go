package wayland

import (
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/seat/xkb"
)

const (
	red  = 0xff0000
	blue = 0x0000ff
)

// writer is a client with a window and a text input.
type writer struct {
	c  *testClient
	w  *window
	ti *client.ZwpTextInputV3
}

func (f *fixture) writer(name string) *writer {
	w := &writer{c: f.connect()}
	m := bind[client.ZwpTextInputManagerV3](w.c, &protocol.ZwpTextInputManagerV3Interface, 1)
	w.ti = m.GetTextInput(w.c.bindSeat(1))
	w.c.label(w.ti, "text")
	m.Destroy()
	w.w = w.c.window(name, 100, 80, red)
	return w
}

// on enables the text input.
func (w *writer) on() {
	w.ti.Enable()
	w.ti.Commit()
	w.c.ok()
}

// composer is a client that is an input method.
type composer struct {
	c  *testClient
	im *client.ZwpInputMethodV2
}

func (f *fixture) composer() *composer {
	m := &composer{c: f.connect()}
	m.bind()
	m.c.ok()
	m.c.forget("wl_seat.capabilities(3)")
	return m
}

func (m *composer) bind() {
	g := bind[client.ZwpInputMethodManagerV2](m.c, &protocol.ZwpInputMethodManagerV2Interface, 1)
	m.im = g.GetInputMethod(m.c.bindSeat(1))
	m.c.label(m.im, "ime")
	g.Destroy()
}

// forget takes the first event, which must be that.
func (c *testClient) forget(event string) {
	c.t.Helper()
	if len(c.events) == 0 || c.events[0] != event {
		c.t.Fatalf("events %q; want first %q", c.events, event)
	}
	c.events = c.events[1:]
}

func TestTextInputFollowsTheKeyboard(t *testing.T) {
	f := newFixture(t)
	a := f.writer("a")
	m := f.composer()
	f.seat.SetKeyboardFocus(nil)
	a.c.expect("text.leave(a)")
	// Without the focus nothing counts, but commits do.
	a.ti.Enable()
	a.ti.Commit()
	a.c.ok()
	m.c.expect("")
	f.seat.SetKeyboardFocus(a.c.core(a.w.surf))
	a.c.expect("text.enter(a)")
	m.c.expect("")
	a.on()
	m.c.expect("ime.activate()\nime.done()")
	m.im.CommitString("x")
	m.im.Commit(1)
	m.c.ok()
	a.c.expect("text.commit_string(\"x\")\ntext.done(2)")
	// A second text input of the client: it is told of the focus, but only
	// one can be on.
	tm := bind[client.ZwpTextInputManagerV3](a.c, &protocol.ZwpTextInputManagerV3Interface, 1)
	other := tm.GetTextInput(a.c.bindSeat(1))
	a.c.label(other, "other")
	a.c.expect("wl_seat.capabilities(3)\nother.enter(a)")
	other.Enable()
	other.Commit()
	a.c.ok()
	m.c.expect("")
	a.ti.Disable()
	a.ti.Commit()
	a.c.ok()
	m.c.expect("ime.deactivate()\nime.done()")
	other.Enable()
	other.Commit()
	a.c.ok()
	m.c.expect("ime.activate()\nime.done()")
	other.Destroy()
	a.c.ok()
	m.c.expect("ime.deactivate()\nime.done()")
	// Another window of another client.
	a.on()
	m.c.expect("ime.activate()\nime.done()")
	b := f.writer("b")
	m.c.expect("ime.deactivate()\nime.done()")
	a.c.expect("text.leave(a)")
	b.on()
	m.c.expect("ime.activate()\nime.done()")
	b.c.disconnect()
	m.c.expect("ime.deactivate()\nime.done()")
}

func TestTextInputState(t *testing.T) {
	f := newFixture(t)
	a := f.writer("a")
	m := f.composer()
	a.ti.SetSurroundingText("of before", 1, 1)
	a.ti.Enable()
	a.ti.SetSurroundingText("größe", 4, 0)
	a.ti.SetContentType(protocol.ZwpTextInputV3ContentHintSpellcheck, protocol.ZwpTextInputV3ContentPurposeEmail)
	a.ti.SetCursorRectangle(3, 4, 1, 12)
	a.ti.Commit()
	a.c.ok()
	m.c.expect(`
		ime.activate()
		ime.surrounding_text("größe", 4, 0)
		ime.text_change_cause(0)
		ime.content_type(2, 6)
		ime.done()`)
	a.ti.SetSurroundingText("other", 5, 5)
	a.c.ok()
	m.c.expect("") // not before commit
	a.ti.SetTextChangeCause(protocol.ZwpTextInputV3ChangeCauseOther)
	a.ti.Commit()
	a.c.ok()
	m.c.expect("ime.surrounding_text(\"other\", 5, 5)\nime.text_change_cause(1)\nime.done()")
	// Where the cursor is concerns popups only.
	a.ti.SetCursorRectangle(3, 4, 1, 12)
	a.ti.Commit()
	a.c.ok()
	m.c.expect("")
	// What breaks the limits is not passed on.
	a.ti.SetSurroundingText("größe", 3, 0)
	a.ti.SetSurroundingText("abc", 0, 4)
	a.ti.SetSurroundingText("abc", -1, 0)
	a.ti.SetSurroundingText(strings.Repeat("x", 4001), 0, 0)
	a.ti.SetSurroundingText("\xff", 0, 0)
	a.ti.SetTextChangeCause(9)
	a.ti.SetContentType(0, 99)
	a.ti.Commit()
	a.c.ok()
	m.c.expect("")
	// A new field has nothing of the old one.
	a.on()
	m.c.expect("ime.activate()\nime.done()")
}

func TestComposing(t *testing.T) {
	f := newFixture(t)
	a := f.writer("a")
	m := f.composer()
	m.im.CommitString("nobody hears")
	m.im.Commit(0)
	m.c.ok()
	a.on()
	m.c.expect("ime.activate()\nime.done()")
	m.im.SetPreeditString("nih", 1, 3)
	m.im.Commit(1)
	m.c.ok()
	a.c.expect("text.preedit_string(\"nih\", 1, 3)\ntext.done(1)")
	m.im.CommitString("你")
	m.im.DeleteSurroundingText(2, 1)
	m.im.SetPreeditString("好", 2, 3) // inside of a character: no cursor
	m.c.ok()
	a.c.expect("")
	m.im.Commit(1)
	m.c.ok()
	a.c.expect(`
		text.preedit_string("好", -1, -1)
		text.commit_string("你")
		text.delete_surrounding_text(2, 1)
		text.done(1)`)
	// Texts that no client should see.
	m.im.CommitString("\xff\xfe")
	m.im.CommitString(strings.Repeat("x", 4001))
	m.im.SetPreeditString("\xc3", 0, 0)
	m.im.Commit(1)
	m.c.ok()
	a.c.expect("text.done(1)")
	// One that has an old state is heard too: the answer's serial is the
	// client's newest.
	a.ti.SetSurroundingText("a", 1, 1)
	a.ti.Commit()
	a.c.ok()
	m.im.CommitString("b")
	m.im.Commit(1)
	m.c.ok()
	a.c.expect("text.commit_string(\"b\")\ntext.done(2)")
	// What is not final goes with the input method.
	m.im.SetPreeditString("c", 1, 1)
	m.im.Commit(2)
	m.c.ok()
	a.c.expect("text.preedit_string(\"c\", 1, 1)\ntext.done(2)")
	m.c.disconnect()
	a.c.expect("text.done(2)")
	// The next one finds the input on.
	n := f.composer()
	n.c.expect("ime.activate()\nime.surrounding_text(\"a\", 1, 1)\nime.text_change_cause(0)\nime.done()")
	n.im.Destroy()
	n.c.ok()
	a.c.expect("")
}

func TestOneInputMethodPerSeat(t *testing.T) {
	f := newFixture(t)
	a := f.writer("a")
	m, n := f.composer(), f.composer()
	n.c.expect("ime.unavailable()")
	n.im.CommitString("x")
	n.im.Commit(0)
	n.im.GrabKeyboard()
	n.im.GetInputPopupSurface(n.c.surface("popup"))
	n.c.ok()
	a.on()
	n.c.expect("")
	a.c.expect("")
	n.im.Destroy()
	m.c.expect("ime.activate()\nime.done()")
	m.im.Destroy()
	m.c.ok()
	n.bind()
	n.c.expect("wl_seat.capabilities(3)\nime.activate()\nime.done()")
}

func TestInputMethodKeyboardGrab(t *testing.T) {
	f := newFixture(t)
	f.seat.SetRepeat(25, 600e6)
	a := f.writer("a")
	k := a.c.bindSeat(1).GetKeyboard()
	a.c.label(k, "kbd")
	a.c.ok()
	m := f.composer()
	m.c.take()
	grab := m.im.GrabKeyboard()
	m.c.label(grab, "grab")
	m.c.ok()
	if got := m.c.take(); !strings.HasPrefix(got, "grab.keymap(1, fd, ") || !strings.HasSuffix(got, "\ngrab.repeat_info(25, 600)\nzwp_input_method_keyboard_grab_v2.modifiers(#, 0, 0, 0, 0)") &&
		!strings.HasSuffix(got, "\ngrab.repeat_info(25, 600)\ngrab.modifiers(#, 0, 0, 0, 0)") {
		t.Errorf("a new grab was told %q", got)
	}
	a.c.take()
	f.key(30, true)
	f.key(30, false)
	m.c.expect("grab.key(#, 1000, 30, 1)\ngrab.key(#, 1000, 30, 0)")
	a.c.expect("")
	f.key(42, true)
	m.c.expect("grab.key(#, 1000, 42, 1)\ngrab.modifiers(#, 1, 0, 0, 0)")
	f.key(42, false)
	m.c.expect("grab.key(#, 1000, 42, 0)\ngrab.modifiers(#, 0, 0, 0, 0)")
	f.seat.SetRepeat(30, 500e6)
	m.c.expect("grab.repeat_info(30, 500)")
	// What it does not want it types itself: that passes the grab by.
	a.c.take()
	v := m.keyboard()
	v.Key(0, 30, 1)
	v.Key(0, 30, 0)
	m.c.ok()
	m.c.expect("wl_seat.capabilities(3)")
	a.c.expect("kbd.key(#, 1000, 30, 1)\nkbd.key(#, 1000, 30, 0)")
	// Other virtual keyboards do not.
	o := &composer{c: f.connect()}
	ov := o.keyboard()
	ov.Key(0, 31, 1)
	ov.Key(0, 31, 0)
	o.c.ok()
	m.c.expect("grab.key(#, 1000, 31, 1)\ngrab.key(#, 1000, 31, 0)")
	a.c.expect("")
	// A password is nobody's business.
	l := o.lock()
	f.key(30, true)
	f.key(30, false)
	m.c.expect("")
	a.c.take()
	f.srv.LockCovered()
	l.UnlockAndDestroy()
	o.c.ok()
	f.key(30, true)
	f.key(30, false)
	m.c.expect("grab.key(#, 1000, 30, 1)\ngrab.key(#, 1000, 30, 0)")
	f.seat.SetKeyboardFocus(nil)
	f.seat.SetKeyboardFocus(a.c.core(a.w.surf))
	// Another grab takes the place of the first; without one the focus has
	// the keys again.
	second := m.im.GrabKeyboard()
	m.c.label(second, "second")
	m.c.ok()
	m.c.take()
	grab.Release()
	f.key(30, true)
	m.c.expect("second.key(#, 1000, 30, 1)")
	second.Release()
	m.c.ok()
	a.c.ok()
	a.c.take()
	f.key(30, false)
	a.c.expect("")
	f.key(30, true)
	f.key(30, false)
	a.c.expect("kbd.key(#, 1000, 30, 1)\nkbd.key(#, 1000, 30, 0)")
	m.im.GrabKeyboard()
	m.im.Destroy()
	m.c.ok()
	f.key(30, true)
	f.key(30, false)
	a.c.expect("kbd.key(#, 1000, 30, 1)\nkbd.key(#, 1000, 30, 0)")
}

// keyboard makes a virtual keyboard with the seat's keymap.
func (m *composer) keyboard() *client.ZwpVirtualKeyboardV1 { return m.keyboardOn(m.c.bindSeat(1)) }

func (m *composer) keyboardOn(s *client.WlSeat) *client.ZwpVirtualKeyboardV1 {
	km := xkb.Builtin()
	g := bind[client.ZwpVirtualKeyboardManagerV1](m.c, &protocol.ZwpVirtualKeyboardManagerV1Interface, 1)
	v := g.CreateVirtualKeyboard(s)
	fd, err := km.CopyFD()
	if err != nil {
		m.c.t.Fatal(err)
	}
	v.Keymap(protocol.WlKeyboardKeymapFormatXkbV1, fd, km.Size())
	if err := unix.Close(fd); err != nil {
		m.c.t.Fatal(err)
	}
	return v
}

func (m *composer) lock() *client.ExtSessionLockV1 {
	g := bind[client.ExtSessionLockManagerV1](m.c, &protocol.ExtSessionLockManagerV1Interface, 1)
	l := g.Lock()
	m.c.ok()
	return l
}

// popup shows a popup of one colour.
func (m *composer) popup(w, h int32) (*client.ZwpInputPopupSurfaceV2, *client.WlSurface) {
	s := m.c.surface("popup")
	p := m.im.GetInputPopupSurface(s)
	m.c.label(p, "candidates")
	s.Attach(m.c.buffer(w, h, blue), 0, 0)
	s.Damage(0, 0, w, h)
	s.Commit()
	m.c.ok()
	return p, s
}

func TestInputPopup(t *testing.T) {
	f := newFixture(t)
	a := f.writer("a")
	m := f.composer()
	p, s := m.popup(60, 20)
	m.c.expect("buffer.release()") // nobody wants text
	a.ti.Enable()
	a.ti.SetCursorRectangle(10, 20, 2, 15)
	a.ti.Commit()
	a.c.ok()
	m.c.expect("ime.activate()\nime.done()\ncandidates.text_input_rectangle(0, -15, 2, 15)")
	f.draw()
	if f.at(10, 35) != blue || f.at(69, 54) != blue || f.at(9, 35) != red || f.at(10, 34) != red {
		t.Error("the popup is not below the cursor")
	}
	// It follows the cursor, and the window.
	a.ti.SetCursorRectangle(30, 20, 2, 15)
	a.ti.Commit()
	a.c.ok()
	f.draw()
	if f.at(30, 35) != blue || f.at(29, 35) != red {
		t.Error("the popup does not follow the cursor")
	}
	a.w.guest().Node.SetPosition(590, 430)
	f.draw()
	// There is no room: it goes above, and left.
	if f.at(580, 430) != blue || f.at(639, 449) != blue || f.at(620, 450) == blue {
		t.Error("the popup is not kept on the output")
	}
	m.c.ok()
	if got := m.c.take(); !strings.Contains(got, "candidates.text_input_rectangle(40, 20, 2, 15)") {
		t.Errorf("moved: %s", got)
	}
	if under, _ := f.hit(geom.FPoint{X: 590, Y: 435}); under != m.c.core(s) {
		t.Error("the popup does not take the pointer")
	}
	a.ti.Disable()
	a.ti.Commit()
	a.c.ok()
	f.draw()
	if f.at(600, 440) == blue {
		t.Error("the popup is there without a text input")
	}
	a.on() // without a cursor: in the corner below
	f.draw()
	if f.at(590, 460) != blue {
		t.Error("the popup is not in the window's corner")
	}
	// Without pixels, and without its object.
	s.Attach(nil, 0, 0)
	s.Commit()
	m.c.ok()
	f.draw()
	if f.at(590, 460) == blue {
		t.Error("an empty popup is shown")
	}
	s.Attach(m.c.buffer(60, 20, blue), 0, 0)
	s.Damage(0, 0, 60, 20)
	s.Commit()
	m.c.ok()
	f.draw()
	if f.at(590, 460) != blue {
		t.Error("the popup is not back")
	}
	p.Destroy()
	m.c.ok()
	f.draw()
	if f.at(590, 460) == blue {
		t.Error("a destroyed popup is shown")
	}
	// The surface may be a popup again, and go first.
	p = m.im.GetInputPopupSurface(s)
	s.Destroy()
	m.c.ok()
	p.Destroy()
	m.c.ok()
}

func TestInputPopupRole(t *testing.T) {
	f := newFixture(t)
	m := f.composer()
	w := m.c.window("w", 10, 10, red)
	m.im.GetInputPopupSurface(w.surf)
	m.c.wantError("zwp_input_method_v2", inputMethodErrorRole)
}

func TestTextFocusIsNotPartOfALock(t *testing.T) {
	f := newFixture(t)
	a := f.writer("a")
	m := f.composer()
	a.on()
	m.c.expect("ime.activate()\nime.done()")
	o := &composer{c: f.connect()}
	l := o.lock()
	f.seat.Refocus()
	a.c.expect("text.leave(a)")
	m.c.expect("ime.deactivate()\nime.done()")
	a.on()
	m.c.expect("")
	f.srv.LockCovered()
	l.UnlockAndDestroy()
	o.c.ok()
	f.seat.SetKeyboardFocus(a.c.core(a.w.surf))
	a.c.expect("text.enter(a)")
}

func TestBesideCursor(t *testing.T) {
	out := geom.XYWH(100, 100, 200, 100)
	for _, tc := range []struct {
		cursor geom.Rect
		size   geom.Size
		want   geom.Point
	}{
		{geom.XYWH(110, 110, 1, 10), geom.Size{W: 50, H: 20}, geom.Point{X: 110, Y: 120}},
		{geom.XYWH(290, 110, 1, 10), geom.Size{W: 50, H: 20}, geom.Point{X: 250, Y: 120}},
		{geom.XYWH(110, 185, 1, 10), geom.Size{W: 50, H: 20}, geom.Point{X: 110, Y: 165}},
		{geom.XYWH(90, 110, 1, 10), geom.Size{W: 500, H: 300}, geom.Point{X: 100, Y: 100}},
	} {
		if got := besideCursor(tc.cursor, tc.size, out); got != tc.want {
			t.Errorf("besideCursor(%v, %v) = %v; want %v", tc.cursor, tc.size, got, tc.want)
		}
	}
}

func TestKeysToAnInputMethodAllocateNothing(t *testing.T) {
	f := newFixture(t)
	a := f.writer("a")
	m := f.composer()
	m.im.GrabKeyboard()
	a.on()
	m.c.ok()
	r := &rawWire{c: m.c}
	noAllocs(t, "grabbed key", func() {
		f.key(30, true)
		f.key(30, false)
		f.srv.Flush()
		r.drain()
	})
	m.c.d.Close()
}
