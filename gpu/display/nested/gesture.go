package nested

import (
	"rayos/geom"
	"rayos/gpu/display"
	"rayos/surfaces/protocol/client"
)

// gestures are the host's touchpad gestures on our windows, nil where it has
// none.
type gestures struct {
	swipe *client.ZwpPointerGestureSwipeV1
	pinch *client.ZwpPointerGesturePinchV1
	hold  *client.ZwpPointerGestureHoldV1
	on    bool // one is under way
}

func (s *seat) addGestures() {
	m := s.display.host.gestures
	if m == nil {
		return
	}
	g := &s.gestures
	g.swipe = m.GetSwipeGesture(s.pointer)
	g.swipe.OnBegin = func(_, _ uint32, _ *client.WlSurface, fingers uint32) { s.gestureBegin(display.Swipe, fingers) }
	g.swipe.OnUpdate = func(_ uint32, dx, dy geom.Fixed) {
		s.gestureUpdate(display.GestureUpdate{Delta: geom.FPoint{X: dx.Float(), Y: dy.Float()}})
	}
	g.swipe.OnEnd = func(_, _ uint32, cancelled int32) { s.gestureEnd(cancelled) }
	g.pinch = m.GetPinchGesture(s.pointer)
	g.pinch.OnBegin = func(_, _ uint32, _ *client.WlSurface, fingers uint32) { s.gestureBegin(display.Pinch, fingers) }
	g.pinch.OnUpdate = func(_ uint32, dx, dy, scale, rotation geom.Fixed) {
		s.gestureUpdate(display.GestureUpdate{
			Delta: geom.FPoint{X: dx.Float(), Y: dy.Float()}, Scale: scale.Float(), Rotation: rotation.Float(),
		})
	}
	g.pinch.OnEnd = func(_, _ uint32, cancelled int32) { s.gestureEnd(cancelled) }
	if m.Version() >= 3 {
		g.hold = m.GetHoldGesture(s.pointer)
		g.hold.OnBegin = func(_, _ uint32, _ *client.WlSurface, fingers uint32) { s.gestureBegin(display.Hold, fingers) }
		g.hold.OnEnd = func(_, _ uint32, cancelled int32) { s.gestureEnd(cancelled) }
	}
}

func (s *seat) gestureInput() display.GestureInput {
	in, _ := s.input().(display.GestureInput)
	return in
}

func (s *seat) gestureBegin(k display.GestureKind, fingers uint32) {
	s.gestures.on = true
	if in := s.gestureInput(); in != nil {
		in.GestureBegin(s.display.loop.Now(), k, fingers)
	}
}

func (s *seat) gestureUpdate(u display.GestureUpdate) {
	if in := s.gestureInput(); in != nil {
		in.GestureUpdate(s.display.loop.Now(), u)
	}
}

func (s *seat) gestureEnd(cancelled int32) {
	if in := s.gestureInput(); in != nil && s.gestures.on {
		in.GestureEnd(s.display.loop.Now(), cancelled != 0)
	}
	s.gestures.on = false
}

func (s *seat) removeGestures() {
	g := &s.gestures
	if g.swipe != nil {
		g.swipe.Destroy()
		g.pinch.Destroy()
		s.gestureEnd(1)
	}
	if g.hold != nil {
		g.hold.Destroy()
	}
	*g = gestures{}
}
