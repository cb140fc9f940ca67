package seat

import (
	"errors"
	"testing"
	"time"

	"rayos/geom"
)

// pressOn moves to a point, presses the left button and returns its serial.
func (d *desk) pressOn(x, y float64) uint32 {
	d.motion(x, y)
	d.button(btnLeft, true)
	for i := range d.ptr.buttons {
		if d.ptr.buttons[i].code == btnLeft {
			return d.ptr.buttons[i].serial
		}
	}
	return 0
}

func (d *desk) newMove() *Move {
	return &Move{
		Moved: func(total, at geom.FPoint) { d.note("moved %v,%v at %v,%v", total.X, total.Y, at.X, at.Y) },
		Done:  func(cancelled bool) { d.note("move done, cancelled %v", cancelled) },
	}
}

func TestMove(t *testing.T) {
	d := newDesk(t)
	c := &client{}
	a := d.add("a", c, 0, 0, 100, 100)
	d.SetKeyboardFocus(a)
	serial := d.pressOn(10, 10)
	d.forgetLog()
	if err := d.StartMove(d.newMove(), serial, &client{}); !errors.Is(err, ErrNoPress) {
		t.Errorf("StartMove by another client: %v; want ErrNoPress", err)
	}
	if err := d.StartMove(d.newMove(), serial+100, c); !errors.Is(err, ErrNoPress) {
		t.Errorf("StartMove with a wrong serial: %v; want ErrNoPress", err)
	}
	if err := d.StartMove(d.newMove(), serial, c); err != nil {
		t.Fatal(err)
	}
	d.expect("a leave", "a frame")
	d.motion(15, 12)
	d.motion(300, 12)
	d.expect("moved 5,2 at 15,12", "moved 290,2 at 300,12")
	d.press(keyA)
	d.expect("a key 30 true")
	d.motion(20, 20)
	d.forgetLog()
	d.button(btnLeft, false)
	d.expect("a enter 20,20", "a frame", "move done, cancelled false")
}

func TestEscapeCancelsMove(t *testing.T) {
	d := newDesk(t)
	c := &client{}
	a := d.add("a", c, 0, 0, 100, 100)
	d.SetKeyboardFocus(a)
	if err := d.StartMove(d.newMove(), d.pressOn(10, 10), c); err != nil {
		t.Fatal(err)
	}
	d.forgetLog()
	d.press(keyEsc)
	d.expect("move done, cancelled true", "a enter 10,10", "a frame")
	d.release(keyEsc)
	d.button(btnLeft, false)
	d.expect()
	d.press(keyEsc)
	d.expect("a key 1 true")
}

func TestMoveByTheSession(t *testing.T) {
	d := newDesk(t)
	d.motion(5, 5)
	if err := d.StartMove(d.newMove(), 0, nil); err != nil {
		t.Fatal(err)
	}
	d.motion(6, 5)
	d.button(btnLeft, true)
	d.button(btnLeft, false)
	d.expect("moved 1,0 at 6,5", "move done, cancelled false")
}

func TestMoveByTouch(t *testing.T) {
	d := newDesk(t)
	c := &client{}
	d.add("a", c, 0, 0, 100, 100)
	d.TouchDown(0, 7, geom.FPoint{X: 10, Y: 10})
	d.TouchFrame()
	serial := d.touch.points[0].serial
	d.forgetLog()
	if err := d.StartMove(d.newMove(), serial, c); err != nil {
		t.Fatal(err)
	}
	d.TouchMotion(0, 7, geom.FPoint{X: 30, Y: 5})
	d.TouchUp(0, 7)
	d.TouchFrame()
	d.expect("a touch cancel", "moved 20,-5 at 30,5", "move done, cancelled false")
	if d.Grabbed() {
		t.Error("the move outlives its finger")
	}
}

func TestResize(t *testing.T) {
	for _, tt := range []struct {
		edges Edges
		grow  geom.FPoint
	}{
		{EdgeRight | EdgeBottom, geom.FPoint{X: 4, Y: -3}},
		{EdgeLeft | EdgeTop, geom.FPoint{X: -4, Y: 3}},
		{EdgeTop, geom.FPoint{Y: 3}},
		{EdgeLeft, geom.FPoint{X: -4}},
	} {
		d := newDesk(t)
		c := &client{}
		d.add("a", c, 0, 0, 100, 100)
		var got geom.FPoint
		done := false
		r := &Resize{Edges: tt.edges, Resized: func(g geom.FPoint) { got = g }, Done: func(bool) { done = true }}
		if err := d.StartResize(r, d.pressOn(10, 10), c); err != nil {
			t.Fatal(err)
		}
		d.motion(14, 7)
		if got.X != tt.grow.X || got.Y != tt.grow.Y {
			t.Errorf("edges %d: grows by %v; want %v", tt.edges, got, tt.grow)
		}
		d.button(btnLeft, false)
		if !done {
			t.Errorf("edges %d: not done after the release", tt.edges)
		}
	}
}

func TestPopups(t *testing.T) {
	d := newDesk(t)
	c := &client{"c"}
	win := d.add("win", c, 0, 0, 100, 100)
	other := d.add("other", &client{"o"}, 100, 0, 100, 100)
	d.SetKeyboardFocus(win)
	menu := d.add("menu", c, 10, 10, 50, 50)
	d.pressOn(5, 5)
	d.button(btnLeft, false)
	d.forgetLog()
	if err := d.PushPopup(menu, func() { d.note("dismiss menu") }); err != nil {
		t.Fatal(err)
	}
	d.expect("win keyboard leave", "menu keyboard enter []", "menu mods 0 0 0 0")
	if err := d.PushPopup(other, func() {}); !errors.Is(err, ErrPopupOrder) {
		t.Errorf("popup of another client: %v; want ErrPopupOrder", err)
	}
	sub := d.add("sub", c, 60, 10, 20, 20)
	if err := d.PushPopup(sub, func() { d.note("dismiss sub") }); err != nil {
		t.Fatal(err)
	}
	if d.PopupTop() != Focus(sub) {
		t.Errorf("PopupTop() = %v; want sub", d.PopupTop())
	}
	d.forgetLog()
	d.motion(20, 20)
	d.expect("win leave", "win frame", "menu enter 10,10", "menu frame")
	d.motion(2, 2) // owner events: the client's other surfaces hear
	d.expect("menu leave", "menu frame", "win enter 2,2", "win frame")
	d.motion(150, 20) // another client does not
	d.expect("win leave", "win frame")
	d.button(btnLeft, true)
	d.expect("other enter 50,20", "other frame", "dismiss sub", "dismiss menu", "sub keyboard leave",
		"win keyboard enter []", "win mods 0 0 0 0")
	d.button(btnLeft, false)
	d.expect()
}

func TestPopupDestroyedByItsClient(t *testing.T) {
	d := newDesk(t)
	c := &client{}
	win := d.add("win", c, 0, 0, 100, 100)
	menu := d.add("menu", c, 10, 10, 50, 50)
	sub := d.add("sub", c, 60, 10, 20, 20)
	d.SetKeyboardFocus(win)
	for _, f := range []*fake{menu, sub} {
		if err := d.PushPopup(f, func() { t.Error("dismissed") }); err != nil {
			t.Fatal(err)
		}
	}
	d.forgetLog()
	d.PopPopup(sub)
	d.expect("sub keyboard leave", "menu keyboard enter []", "menu mods 0 0 0 0")
	d.PopPopup(menu)
	d.expect("menu keyboard leave", "win keyboard enter []", "win mods 0 0 0 0")
	if d.Grabbed() {
		t.Error("the grab outlives its popups")
	}
}

func TestFocusElsewhereDismissesPopups(t *testing.T) {
	d := newDesk(t)
	c := &client{}
	win, menu := d.add("win", c, 0, 0, 100, 100), d.add("menu", c, 10, 10, 50, 50)
	other := d.add("other", &client{}, 100, 0, 100, 100)
	d.SetKeyboardFocus(win)
	if err := d.PushPopup(menu, func() { d.note("dismiss") }); err != nil {
		t.Fatal(err)
	}
	d.forgetLog()
	d.SetKeyboardFocus(win)
	d.expect()
	d.SetKeyboardFocus(other)
	d.expect("dismiss", "menu keyboard leave", "other keyboard enter []", "other mods 0 0 0 0")
}

func TestTouchOutsideDismissesPopups(t *testing.T) {
	d := newDesk(t)
	c := &client{}
	d.add("other", &client{}, 0, 0, 100, 100)
	menu := d.add("menu", c, 10, 10, 50, 50)
	if err := d.PushPopup(menu, func() { d.note("dismiss") }); err != nil {
		t.Fatal(err)
	}
	d.forgetLog()
	d.TouchDown(0, 1, geom.FPoint{X: 15, Y: 15})
	d.TouchFrame()
	d.expect("menu touch down 1 at 5,5", "menu touch frame")
	d.TouchDown(0, 2, geom.FPoint{X: 80, Y: 80})
	d.TouchUp(0, 2)
	d.TouchFrame()
	d.expect("dismiss", "menu keyboard leave")
}

// dragLog is a DragHandler that writes down what happens.
type dragLog struct {
	d    *desk
	deny *fake
}

func (h dragLog) Accepts(f Focus) bool { return f != Focus(h.deny) }
func (h dragLog) Moved(p geom.FPoint)  { h.d.note("icon %v,%v", p.X, p.Y) }
func (h dragLog) Cancelled()           { h.d.note("drag cancelled") }

func TestDrag(t *testing.T) {
	d := newDesk(t)
	c := &client{}
	d.add("a", c, 0, 0, 100, 100)
	b := d.add("b", &client{}, 100, 0, 100, 100)
	start := func() {
		t.Helper()
		serial := d.pressOn(10, 10)
		d.forgetLog()
		if _, err := d.StartDrag(dragTarget{dragLog{d: d}}, serial, c); err != nil {
			t.Fatal(err)
		}
	}
	start()
	d.expect("a leave", "a frame", "icon 10,10", "drag enter a 10,10")
	d.motion(20, 10)
	d.motion(150, 10)
	d.expect("icon 20,10", "drag motion a 20,10", "icon 150,10", "drag leave a", "drag enter b 50,10")
	d.button(btnLeft, false)
	d.expect("drop on b", "b enter 50,10", "b frame")

	start()
	d.motion(500, 500)
	d.forgetLog()
	d.button(btnLeft, false)
	d.expect("drop on nothing")

	start()
	d.forgetLog()
	d.press(keyEsc)
	d.release(keyEsc)
	d.expect("drag leave a", "drag cancelled", "a enter 10,10", "a frame")
	d.button(btnLeft, false)

	start()
	d.motion(150, 10)
	d.forgetLog()
	b.gone = true
	d.Forget(b)
	d.motion(151, 10)
	d.button(btnLeft, false)
	d.expect("icon 151,10", "drop on nothing")
	if _, err := d.StartDrag(dragTarget{dragLog{d: d}}, 0, c); !errors.Is(err, ErrNoPress) {
		t.Errorf("StartDrag with serial 0: %v; want ErrNoPress", err)
	}
}

// dragTarget adds the calls that name a fake.
type dragTarget struct{ dragLog }

func (h dragTarget) Enter(f Focus, _ uint32, p geom.FPoint) {
	h.d.note("drag enter %s %v,%v", f.(*fake).name, p.X, p.Y)
}

func (h dragTarget) Motion(f Focus, _ time.Duration, p geom.FPoint) {
	h.d.note("drag motion %s %v,%v", f.(*fake).name, p.X, p.Y)
}
func (h dragTarget) Leave(f Focus) { h.d.note("drag leave %s", f.(*fake).name) }
func (h dragTarget) Drop(f Focus) {
	if f == nil {
		h.d.note("drop on nothing")
		return
	}
	h.d.note("drop on %s", f.(*fake).name)
}
