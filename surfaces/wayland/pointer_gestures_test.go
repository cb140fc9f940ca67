package wayland

import (
	"testing"

	"rayos/geom"
	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/seat"
)

// gestures binds all three kinds for a pointer.
func (c *testClient) gestures(version uint32) (*client.ZwpPointerGestureSwipeV1, *client.ZwpPointerGesturePinchV1, *client.ZwpPointerGestureHoldV1) {
	p := bind[client.WlSeat](c, &protocol.WlSeatInterface, 10).GetPointer()
	m := bind[client.ZwpPointerGesturesV1](c, &protocol.ZwpPointerGesturesV1Interface, version)
	s, z := m.GetSwipeGesture(p), m.GetPinchGesture(p)
	c.label(s, "swipe")
	c.label(z, "pinch")
	var h *client.ZwpPointerGestureHoldV1
	if version >= 3 {
		h = m.GetHoldGesture(p)
		c.label(h, "hold")
		m.Release()
	}
	c.ok()
	c.take()
	return s, z, h
}

func TestGesturesGoToTheSurfaceUnderThePointer(t *testing.T) {
	f := newFixture(t)
	c, other := f.connect(), f.connect()
	c.window("win", 60, 40, 0)
	swipe, pinch, hold := c.gestures(3)
	other.gestures(3)
	f.motion(10, 10)
	c.ok()
	c.take()
	now := f.loop.Now()

	f.seat.GestureBegin(now, seat.Swipe, 3)
	f.seat.GestureUpdate(now, seat.GestureUpdate{Delta: geom.FPoint{X: 1.5, Y: -2}})
	f.seat.GestureEnd(now, false)
	c.expect(`
		swipe.begin(#, 1000, win, 3)
		swipe.update(1000, 1.5, -2)
		swipe.end(#, 1000, 0)`)
	f.seat.GestureBegin(now, seat.Pinch, 2)
	f.seat.GestureUpdate(now, seat.GestureUpdate{Delta: geom.FPoint{X: 1}, Scale: 1.5, Rotation: -10})
	f.seat.GestureEnd(now, true)
	c.expect(`
		pinch.begin(#, 1000, win, 2)
		pinch.update(1000, 1, 0, 1.5, -10)
		pinch.end(#, 1000, 1)`)
	// A hold that turns into something else is cancelled; there is one
	// gesture at a time.
	f.seat.GestureBegin(now, seat.Hold, 4)
	f.seat.GestureUpdate(now, seat.GestureUpdate{Delta: geom.FPoint{X: 1}})
	f.seat.GestureBegin(now, seat.Swipe, 4)
	f.seat.GestureEnd(now, false)
	f.seat.GestureEnd(now, false)
	f.seat.GestureUpdate(now, seat.GestureUpdate{})
	c.expect(`
		hold.begin(#, 1000, win, 4)
		hold.end(#, 1000, 1)
		swipe.begin(#, 1000, win, 4)
		swipe.end(#, 1000, 0)`)
	other.expect("")
	// Where nobody is, nothing happens.
	f.motion(300, 300)
	c.ok()
	c.take()
	f.seat.GestureBegin(now, seat.Swipe, 3)
	f.seat.GestureEnd(now, false)
	c.expect("")
	swipe.Destroy()
	pinch.Destroy()
	hold.Destroy()
	f.motion(10, 10)
	c.ok()
	c.take()
	f.seat.GestureBegin(now, seat.Swipe, 3)
	f.seat.GestureEnd(now, false)
	c.expect("")
}

func TestGestureEndsWithItsWindow(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 60, 40, 0)
	c.gestures(3)
	f.motion(10, 10)
	c.ok()
	c.take()
	now := f.loop.Now()
	f.seat.GestureBegin(now, seat.Pinch, 2)
	// It stays with the surface wherever the pointer goes.
	f.motion(300, 300)
	f.seat.GestureUpdate(now, seat.GestureUpdate{Scale: 1})
	c.ok()
	c.take()
	f.srv.logState(w.guest(), surfaces.Hidden)
	f.seat.Refocus()
	f.seat.GestureUpdate(now, seat.GestureUpdate{Scale: 2})
	f.seat.GestureEnd(now, false)
	c.expect("pinch.end(#, 1000, 1)")

	f.srv.logState(w.guest(), surfaces.Presented)
	f.motion(10, 10)
	c.ok()
	c.take()
	f.seat.GestureBegin(now, seat.Swipe, 3)
	c.expect("swipe.begin(#, 1000, win, 3)")
	w.top.Destroy()
	w.xdg.Destroy()
	w.surf.Destroy()
	c.ok()
	c.take()
	f.seat.GestureUpdate(now, seat.GestureUpdate{})
	f.seat.GestureEnd(now, false)
	c.expect("")
}

func TestGesturesOfVersion1HaveNoHold(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	c.window("win", 60, 40, 0)
	c.gestures(1)
	f.motion(10, 10)
	c.ok()
	c.take()
	now := f.loop.Now()
	f.seat.GestureBegin(now, seat.Hold, 1)
	f.seat.GestureBegin(now, seat.Swipe, 3)
	c.expect("swipe.begin(#, 1000, win, 3)")
	f.seat.GestureEnd(now, true)
	c.expect("swipe.end(#, 1000, 1)")
}
