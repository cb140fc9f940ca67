package wayland

import (
	"time"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
	"rayos/surfaces/seat"
)

func (s *Server) addPointerGestures() {
	s.addGlobal(&protocol.ZwpPointerGesturesV1Interface, 3, func(c *Client, id, version uint32) {
		server.NewZwpPointerGesturesV1(c.conn, id, version).Handler = pointerGestures{}
	})
}

type pointerGestures struct{}

func (pointerGestures) Release(*server.ZwpPointerGesturesV1) {}

// GetSwipeGesture makes an object for swipes of the pointer's seat.
func (pointerGestures) GetSwipeGesture(_ *server.ZwpPointerGesturesV1, id *server.ZwpPointerGestureSwipeV1, ptr *server.WlPointer) {
	sc := ptr.Handler.(*pointerHandler).seatClient
	id.Handler = &swipeGesture{sc, id}
	sc.swipes = append(sc.swipes, id)
}

// GetPinchGesture makes an object for pinches.
func (pointerGestures) GetPinchGesture(_ *server.ZwpPointerGesturesV1, id *server.ZwpPointerGesturePinchV1, ptr *server.WlPointer) {
	sc := ptr.Handler.(*pointerHandler).seatClient
	id.Handler = &pinchGesture{sc, id}
	sc.pinches = append(sc.pinches, id)
}

// GetHoldGesture makes an object for fingers that rest.
func (pointerGestures) GetHoldGesture(_ *server.ZwpPointerGesturesV1, id *server.ZwpPointerGestureHoldV1, ptr *server.WlPointer) {
	sc := ptr.Handler.(*pointerHandler).seatClient
	id.Handler = &holdGesture{sc, id}
	sc.holds = append(sc.holds, id)
}

type swipeGesture struct {
	*seatClient
	res *server.ZwpPointerGestureSwipeV1
}

func (*swipeGesture) Destroy(*server.ZwpPointerGestureSwipeV1) {}

// ResourceDestroyed forgets the object.
func (h *swipeGesture) ResourceDestroyed() { h.swipes = remove(h.swipes, h.res) }

type pinchGesture struct {
	*seatClient
	res *server.ZwpPointerGesturePinchV1
}

func (*pinchGesture) Destroy(*server.ZwpPointerGesturePinchV1) {}

// ResourceDestroyed forgets the object.
func (h *pinchGesture) ResourceDestroyed() { h.pinches = remove(h.pinches, h.res) }

type holdGesture struct {
	*seatClient
	res *server.ZwpPointerGestureHoldV1
}

func (*holdGesture) Destroy(*server.ZwpPointerGestureHoldV1) {}

// ResourceDestroyed forgets the object.
func (h *holdGesture) ResourceDestroyed() { h.holds = remove(h.holds, h.res) }

var _ seat.Gesturer = (*seated)(nil)

// GestureBegin tells of fingers that were put down on a touchpad.
func (v *seated) GestureBegin(serial uint32, t time.Duration, k seat.GestureKind, fingers uint32) {
	ms, surf := millis(t), v.s.res
	switch k {
	case seat.Swipe:
		for _, r := range v.sc.swipes {
			r.SendBegin(serial, ms, surf, fingers)
		}
	case seat.Pinch:
		for _, r := range v.sc.pinches {
			r.SendBegin(serial, ms, surf, fingers)
		}
	case seat.Hold:
		for _, r := range v.sc.holds {
			r.SendBegin(serial, ms, surf, fingers)
		}
	}
}

// GestureUpdate tells how they moved.
func (v *seated) GestureUpdate(t time.Duration, k seat.GestureKind, u seat.GestureUpdate) {
	dx, dy := v.s.c.fixed(u.Delta)
	switch k {
	case seat.Swipe:
		for _, r := range v.sc.swipes {
			r.SendUpdate(millis(t), dx, dy)
		}
	case seat.Pinch:
		for _, r := range v.sc.pinches {
			r.SendUpdate(millis(t), dx, dy, geom.FixedFromFloat(u.Scale), geom.FixedFromFloat(u.Rotation))
		}
	case seat.Hold:
	}
}

// GestureEnd tells that they were lifted, or did something else after all.
func (v *seated) GestureEnd(serial uint32, t time.Duration, k seat.GestureKind, cancelled bool) {
	var c int32
	if cancelled {
		c = 1
	}
	switch k {
	case seat.Swipe:
		for _, r := range v.sc.swipes {
			r.SendEnd(serial, millis(t), c)
		}
	case seat.Pinch:
		for _, r := range v.sc.pinches {
			r.SendEnd(serial, millis(t), c)
		}
	case seat.Hold:
		for _, r := range v.sc.holds {
			r.SendEnd(serial, millis(t), c)
		}
	}
}
