package seat

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"rayos/geom"
	"rayos/surfaces/seat/xkb"
)

// machine runs random operations on a desk; the fakes check that nothing
// reaches them without focus, the machine that focus and fakes agree.
type machine struct {
	grabbed map[uint32]bool // keys that the grab holds
	*desk
	clients [3]*client
	names   int
	virtual *Keyboard
	moves   int // started minus ended
	drags   int
	popups  map[*fake]bool // in the chain
}

func (m *machine) step(t *rapid.T) {
	x, y := float64(rapid.IntRange(0, 120).Draw(t, "x")), float64(rapid.IntRange(0, 120).Draw(t, "y"))
	at := geom.FPoint{X: x, Y: y}
	pick := func() *fake {
		if len(m.fakes) == 0 {
			return nil
		}
		return m.fakes[rapid.IntRange(0, len(m.fakes)-1).Draw(t, "focus")]
	}
	f := pick()
	on := rapid.Bool().Draw(t, "on")
	button := uint32(btnLeft + rapid.IntRange(0, 2).Draw(t, "button"))
	key := rapid.SampledFrom([]uint32{keyA, keyQ, keyShift, keyCaps, keySuper, keyTab, keyEsc}).Draw(t, "key")
	id := int32(rapid.IntRange(0, 3).Draw(t, "touch"))
	switch op := rapid.IntRange(0, 22).Draw(t, "op"); {
	case op <= 2:
		m.motion(x, y)
	case op <= 5:
		m.button(button, on)
	case op <= 8:
		m.kbd.Key(m.now, key, on)
	case op == 9:
		m.virtual.Key(m.now, key, on)
	case op == 10 && len(m.fakes) < 8:
		m.names++
		n := m.add(string(rune('a'+m.names%26)), m.clients[m.names%3], x, y, 40, 40)
		n.release = on
		m.Refocus()
	case op == 11 && f != nil:
		m.destroy(f)
	case op == 12 && f != nil:
		f.closed = on
		if button == btnLeft {
			m.Refocus()
		}
	case op == 13 && f != nil:
		m.SetKeyboardFocus(f)
	case op == 14 && f != nil && on:
		m.pushPopup(t, f)
	case op == 15:
		m.startMove()
	case op == 16:
		m.TouchDown(m.now, id, at)
		m.TouchFrame()
	case op == 17:
		m.TouchMotion(m.now, id, at)
		m.TouchUp(m.now, id)
		m.TouchFrame()
	case op == 18 && f != nil:
		f.box = geom.FRect{X0: x, Y0: y, X1: x + 40, Y1: y + 40}
		m.Refocus()
	case op == 19:
		m.CancelGrabs()
	case op == 20 && f != nil:
		delete(m.popups, f)
		m.PopPopup(f)
	case op == 22:
		if on {
			m.GrabKeyboard(countGrab{m})
		} else {
			m.GrabKeyboard(nil)
			m.grabbed = nil
		}
	case op == 21:
		m.startDrag()
	}
}

func (m *machine) destroy(f *fake) {
	for i := range m.fakes {
		if m.fakes[i] == f {
			m.fakes = append(m.fakes[:i:i], m.fakes[i+1:]...)
			break
		}
	}
	f.gone = true
	delete(m.popups, f)
	m.Forget(f)
	m.Refocus()
}

func (m *machine) pushPopup(t *rapid.T, f *fake) {
	err := m.PushPopup(f, func() {
		if !m.popups[f] {
			t.Errorf("popup %s is dismissed twice, or after its end", f.name)
		}
		delete(m.popups, f)
	})
	if err == nil {
		m.popups[f] = true
	} else if m.PopupTop() == nil {
		t.Errorf("PushPopup: %v without a popup", err)
	}
}

// countDrag is a DragHandler that checks its own ending.
type countDrag struct {
	m      *machine
	target Focus
}

func (h *countDrag) Accepts(Focus) bool                             { return true }
func (h *countDrag) Enter(f Focus, _ uint32, _ geom.FPoint)         { h.target = f }
func (h *countDrag) Motion(f Focus, _ time.Duration, _ geom.FPoint) {}
func (h *countDrag) Moved(geom.FPoint)                              {}
func (h *countDrag) Leave(f Focus)                                  { h.target = nil }
func (h *countDrag) Drop(f Focus)                                   { h.m.drags-- }
func (h *countDrag) Cancelled()                                     { h.m.drags-- }

func (m *machine) startDrag() {
	serial := uint32(0)
	if len(m.ptr.buttons) > 0 {
		serial = m.ptr.buttons[0].serial
	} else if len(m.touch.points) > 0 {
		serial = m.touch.points[0].serial
	}
	f := m.HeldBy(serial)
	if f == nil {
		return
	}
	m.drags++
	if _, err := m.StartDrag(&countDrag{m: m}, serial, f.Client()); err != nil {
		m.drags--
	}
}

func (m *machine) startMove() {
	if len(m.ptr.buttons) == 0 || m.ptr.buttons[0].focus == nil {
		return
	}
	mv := &Move{Moved: func(geom.FPoint, geom.FPoint) {}, Done: func(bool) { m.moves-- }}
	if m.StartMove(mv, m.ptr.buttons[0].serial, m.ptr.buttons[0].focus.Client()) == nil {
		m.moves++
	}
}

func (m *machine) check(t *rapid.T) {
	moves, drags := 0, 0
	for _, g := range m.grabs[1:] {
		switch g.(type) {
		case *Move:
			moves++
		case *Drag:
			drags++
		}
	}
	if moves != m.moves || drags != m.drags {
		t.Errorf("%d moves and %d drags on the stack, %d and %d not done", moves, drags, m.moves, m.drags)
	}
	if g := m.Seat.popups(); g == nil && len(m.popups) > 0 || g != nil && len(g.chain) != len(m.popups) {
		t.Errorf("popups %v disagree with the chain %v", m.popups, g)
	}
	for _, f := range m.fakes {
		if f.pointer != (m.PointerFocus() == Focus(f)) || f.keyboard != (m.KeyboardFocus() == Focus(f)) {
			t.Errorf("%s: pointer %v, keyboard %v disagree with the seat", f.name, f.pointer, f.keyboard)
		}
		if !f.keyboard {
			continue
		}
		if len(f.keys) != len(m.HeldKeys()) {
			t.Errorf("%s knows keys %v; seat holds %v", f.name, f.keys, m.HeldKeys())
		}
	}
	for code := range uint32(maxKey) {
		if m.Seat.kbd.routes[toGrab].count[code] > 0 {
			continue // a grab has its press: nobody else hears of it
		}
		held := m.Seat.kbd.routes[toFocus].count[code] > 0
		known := false
		for _, c := range m.HeldKeys() {
			known = known || c == code
		}
		if held != (known || m.Seat.kbd.routes[toFocus].swallowed[code]) {
			t.Errorf("key %d: held %v, known %v, swallowed %v", code, held, known, m.Seat.kbd.routes[toFocus].swallowed[code])
		}
	}
}

// countGrab is a KeyboardGrab whose own keyboard is the virtual one. Each
// release that it gets is of a key that it saw pressed.
type countGrab struct{ m *machine }

func (countGrab) Owner() any                { return "grab" }
func (countGrab) Modifiers(*Seat, xkb.Mods) {}
func (countGrab) Keymap(*Seat, *xkb.Keymap) {}
func (g countGrab) Cancel(*Seat)            { g.m.grabbed = nil }
func (g countGrab) Key(_ *Seat, _ time.Duration, key uint32, pressed bool) {
	if g.m.grabbed == nil {
		g.m.grabbed = map[uint32]bool{}
	}
	if g.m.grabbed[key] == pressed {
		g.m.t.Errorf("the grab hears of key %d %v twice", key, pressed)
	}
	g.m.grabbed[key] = pressed
}

func TestRandomOperations(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m := &machine{desk: newDesk(rt), clients: [3]*client{{"0"}, {"1"}, {"2"}}, popups: map[*fake]bool{}}
		km, err := xkb.Parse(xkb.Builtin().Text() + "// another\n")
		if err != nil {
			t.Fatal(err)
		}
		m.virtual = m.NewKeyboard(km)
		m.virtual.Owner = "grab"
		m.Bind(Chord{Super, xkb.Tab}, 0, func(time.Duration) {
			if len(m.fakes) > 0 {
				m.SetKeyboardFocus(m.fakes[0])
			}
		})
		n := rapid.IntRange(1, 60).Draw(rt, "steps")
		for range n {
			m.step(rt)
			m.check(rt)
			m.forgetLog()
			if rt.Failed() {
				rt.FailNow()
			}
		}
		m.virtual.Remove()
		m.kbd.Remove()
		m.check(rt)
		if len(m.HeldKeys()) > 0 {
			rt.Errorf("keys %v stay down without keyboards", m.HeldKeys())
		}
	})
}
