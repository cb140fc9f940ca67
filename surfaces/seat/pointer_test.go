package seat

import (
	"testing"
	"time"

	"rayos/geom"
)

func TestEnterLeaveOrder(t *testing.T) {
	d := newDesk(t)
	d.add("a", &client{}, 0, 0, 100, 100)
	d.add("b", &client{}, 100, 0, 100, 100)
	d.motion(10, 10)
	d.expect("a enter 10,10", "a frame")
	d.motion(11, 10)
	d.expect("a motion 11,10", "a frame")
	d.motion(11, 10)
	d.expect()
	d.motion(150, 20)
	d.expect("a leave", "a frame", "b enter 50,20", "b frame")
	d.motion(500, 500)
	d.expect("b leave", "b frame")
	d.button(btnLeft, true)
	d.button(btnLeft, false)
	d.expect()
}

func TestImplicitGrab(t *testing.T) {
	d := newDesk(t)
	a := d.add("a", &client{}, 0, 0, 100, 100)
	d.add("b", &client{}, 100, 0, 100, 100)
	d.motion(90, 10)
	d.button(btnLeft, true)
	d.button(btnRight, true)
	d.forgetLog()
	d.motion(150, -5)
	d.expect("a motion 150,-5", "a frame")
	d.button(btnLeft, false)
	d.expect("a button 0x110 false", "a frame")
	// The surface moves under the held button.
	a.box.X0, a.box.X1 = 20, 120
	d.Refocus()
	d.expect("a motion 130,-5", "a frame")
	d.motion(150, 10)
	d.forgetLog()
	d.button(btnRight, false)
	d.expect("a button 0x111 false", "a frame", "a leave", "a frame", "b enter 50,10", "b frame")
}

func TestButtonsOfTwoMiceCountOnce(t *testing.T) {
	d := newDesk(t)
	d.add("a", &client{}, 0, 0, 100, 100)
	d.motion(1, 1)
	d.forgetLog()
	d.button(btnLeft, true)
	d.button(btnLeft, true)
	d.button(btnLeft, false)
	d.expect("a button 0x110 true", "a frame")
	d.button(btnLeft, false)
	d.button(btnLeft, false)
	d.expect("a button 0x110 false", "a frame")
}

func TestRefocusAfterSceneChange(t *testing.T) {
	d := newDesk(t)
	a := d.add("a", &client{}, 0, 0, 100, 100)
	d.motion(10, 10)
	d.forgetLog()
	d.Refocus()
	d.expect()
	a.box = geom.FRect{X0: 5, Y0: 5, X1: 100, Y1: 100}
	d.Refocus()
	d.expect("a motion 5,5", "a frame")
	d.add("popup", &client{}, 0, 0, 50, 50)
	d.Refocus()
	d.expect("a leave", "a frame", "popup enter 10,10", "popup frame")
}

func TestGate(t *testing.T) {
	d := newDesk(t)
	a := d.add("a", &client{}, 0, 0, 100, 100)
	a.closed = true
	d.SetKeyboardFocus(a)
	d.motion(10, 10)
	d.press(keyA)
	d.expect()
	a.closed = false
	d.Refocus()
	d.expect("a keyboard enter [30]", "a mods 0 0 0 0", "a enter 10,10", "a frame")
	d.button(btnLeft, true)
	d.forgetLog()
	a.closed = true // no Refocus: delivery itself must notice
	d.release(keyA)
	d.motion(12, 10)
	d.button(btnLeft, false)
	d.expect("a keyboard leave", "a leave", "a frame")
}

func TestForgottenFocusHearsNothing(t *testing.T) {
	d := newDesk(t)
	c := &client{}
	a := d.add("a", c, 0, 0, 100, 100)
	p := d.add("p", c, 20, 20, 20, 20)
	d.SetKeyboardFocus(a)
	d.motion(30, 30)
	if err := d.PushPopup(p, func() { t.Error("a forgotten popup is dismissed") }); err != nil {
		t.Fatal(err)
	}
	d.press(keyA)
	d.button(btnLeft, true)
	d.TouchDown(0, 1, geom.FPoint{X: 30, Y: 30})
	p.gone = true
	d.fakes = d.fakes[:1]
	d.forgetLog()
	d.Forget(p)
	d.expect("a enter 30,30", "a frame", "a keyboard enter [30]", "a mods 0 0 0 0")
	if d.Grabbed() {
		t.Error("the popup grab outlives its popup")
	}
	d.button(btnLeft, false)
	d.TouchUp(0, 1)
	d.TouchFrame()
	d.expect()
}

func TestForgetWhileStillInScene(t *testing.T) {
	d := newDesk(t)
	c := &client{}
	p := d.add("p", c, 0, 0, 50, 50)
	d.motion(10, 10)
	if err := d.PushPopup(p, func() {}); err != nil {
		t.Fatal(err)
	}
	d.forgetLog()
	d.Forget(p)
	d.expect()
	if d.PointerFocus() != nil || d.KeyboardFocus() != nil {
		t.Error("a forgotten focus keeps the focus")
	}
}

func TestRelativeMotion(t *testing.T) {
	d := newDesk(t)
	d.add("a", &client{}, 0, 0, 100, 100)
	d.cfg.Limit = func(_, to geom.FPoint) geom.FPoint {
		return geom.FPoint{X: min(max(to.X, 0), 99), Y: min(max(to.Y, 0), 99)}
	}
	d.motion(90, 50)
	d.forgetLog()
	d.relative = true
	d.RelativeMotion(0, geom.FPoint{X: 20}, geom.FPoint{X: 40})
	d.Frame()
	d.expect("a motion 99,50", "a relative 20,0 raw 40,0", "a frame")
	d.RelativeMotion(0, geom.FPoint{X: 20}, geom.FPoint{X: 40})
	d.Frame()
	d.expect("a relative 20,0 raw 40,0", "a frame")
}

func TestAbsoluteMotionIsRelativeToo(t *testing.T) {
	d := newDesk(t)
	d.add("a", &client{}, 0, 0, 100, 100)
	locked := false
	d.cfg.Limit = func(from, to geom.FPoint) geom.FPoint {
		if locked {
			return from
		}
		return to
	}
	d.motion(50, 50) // from nowhere
	d.relative = true
	d.forgetLog()
	d.motion(53, 46)
	d.expect("a motion 53,46", "a relative 3,-4 raw 3,-4", "a frame")
	locked = true
	d.motion(60, 46)
	d.motion(70, 46)
	d.expect("a relative 7,0 raw 7,0", "a frame", "a relative 10,0 raw 10,0", "a frame")
	d.motion(70, 46)
	d.expect()
	// A warp is no motion, and leaves the device where it is.
	locked = false
	d.Warp(geom.FPoint{X: 10, Y: 10})
	d.forgetLog()
	d.motion(72, 46)
	d.expect("a motion 72,46", "a relative 2,0 raw 2,0", "a frame")
	// Nor is what the device did out of sight.
	d.Left()
	d.motion(20, 20)
	d.expect("a motion 20,20", "a frame")
	// Relative and absolute devices take turns.
	d.RelativeMotion(0, geom.FPoint{X: 5}, geom.FPoint{X: 5})
	d.Frame()
	d.forgetLog()
	d.motion(26, 20)
	d.expect("a motion 26,20", "a relative 1,0 raw 1,0", "a frame")
}

func TestWheel(t *testing.T) {
	d := newDesk(t)
	d.add("a", &client{}, 0, 0, 100, 100)
	d.motion(1, 1)
	d.forgetLog()
	turn := func(v120 int32) {
		d.Axis(d.now, Axis{Source: SourceWheel, V120: v120})
		d.Frame()
	}
	turn(120)
	d.expect("a axis 0 value 15 v120 120 discrete 1", "a frame")
	turn(60)
	turn(60)
	d.expect("a axis 0 value 7.5 v120 60 discrete 0", "a frame", "a axis 0 value 7.5 v120 60 discrete 1", "a frame")
	turn(90)
	turn(-120)
	d.expect("a axis 0 value 11.25 v120 90 discrete 0", "a frame", "a axis 0 value -15 v120 -120 discrete -1", "a frame")
	turn(90)
	d.now += 2 * time.Second
	turn(90)
	d.expect("a axis 0 value 11.25 v120 90 discrete 0", "a frame", "a axis 0 value 11.25 v120 90 discrete 0", "a frame")
	d.Axis(d.now, Axis{Source: SourceFinger, Orientation: Horizontal, Value: 3})
	d.Axis(d.now, Axis{Source: SourceFinger, Orientation: Horizontal, Stop: true})
	d.Frame()
	d.expect("a axis 1 value 3 v120 0 discrete 0", "a axis 1 value 0 v120 0 discrete 0", "a frame")
}

func TestSerials(t *testing.T) {
	d := newDesk(t)
	c, other := &client{"c"}, &client{"other"}
	a := d.add("a", c, 0, 0, 100, 100)
	d.motion(1, 1)
	d.Button(0, btnLeft, true)
	serial := d.serials.next
	if kind, ok := d.ValidSerial(serial, c); !ok || kind != SerialButtonPress || !kind.ByUser() {
		t.Errorf("ValidSerial(press) = %v, %v", kind, ok)
	}
	if _, ok := d.ValidSerial(serial, other); ok {
		t.Error("a serial is valid for another client")
	}
	if _, ok := d.ValidSerial(0, nil); ok {
		t.Error("serial 0 is valid")
	}
	if f := d.HeldBy(serial); f != Focus(a) {
		t.Errorf("HeldBy(press) = %v; want a", f)
	}
	d.Button(0, btnLeft, false)
	if f := d.HeldBy(serial); f != nil {
		t.Errorf("HeldBy(released) = %v; want nil", f)
	}
	d.ForgetClient(c)
	if _, ok := d.ValidSerial(serial, c); ok {
		t.Error("a serial outlives its client")
	}
	d.serials.next = ^uint32(0)
	if got := d.Serial(); got != 1 {
		t.Errorf("Serial() after the last = %d; want 1", got)
	}
}

func TestCapabilities(t *testing.T) {
	d := newDesk(t)
	var heard []Capabilities
	d.Listen(&Listener{Capabilities: func(c Capabilities) { heard = append(heard, c) }})
	one, two := d.Attach(CapPointer), d.Attach(CapPointer|CapTouch)
	one()
	one()
	two()
	d.kbd.Remove()
	want := []Capabilities{CapPointer | CapKeyboard, CapPointer | CapKeyboard | CapTouch, CapKeyboard, 0}
	if len(heard) != len(want) {
		t.Fatalf("heard %v; want %v", heard, want)
	}
	for i := range want {
		if heard[i] != want[i] {
			t.Errorf("heard %v; want %v", heard, want)
		}
	}
}

func TestWithdrawnFocusIsLeftAtOnce(t *testing.T) {
	d := newDesk(t)
	a := d.add("a", &client{}, 0, 0, 100, 100)
	d.add("b", &client{}, 0, 0, 0, 0)
	d.motion(10, 10)
	d.button(btnLeft, true)
	d.forgetLog()
	d.Withdraw(a)
	d.expect("a leave", "a frame")
	d.Withdraw(a)
	a.closed = true
	d.button(btnLeft, false)
	d.motion(11, 10)
	d.expect()
}
