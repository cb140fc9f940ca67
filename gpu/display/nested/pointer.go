package nested

import (
	"rayos/geom"
	"rayos/gpu/display"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// pointerFrame collects the events of one wl_pointer.frame that the contract
// has together.
type pointerFrame struct {
	any    bool // something was told that PointerFrame must end
	moved  bool // to x, y, not yet told
	x, y   geom.Fixed
	source display.AxisSource
	// hasSource: the host said what scrolled.
	hasSource bool
	axes      [2]axisFrame // vertical, horizontal
}

type axisFrame struct {
	set bool
	display.Axis
}

// pixelsPerClick is how far one click of a wheel scrolls.
const pixelsPerClick = 15

func (s *seat) addPointer() {
	p := s.seat.GetPointer()
	s.pointer = p
	p.OnEnter = func(serial uint32, surface *client.WlSurface, x, y geom.Fixed) {
		s.pointerOn, s.enterSerial = s.output(surface), serial
		if s.pointerOn == nil {
			return
		}
		s.applyCursor()
		s.motion(x, y)
		s.single()
	}
	p.OnLeave = func(uint32, *client.WlSurface) { s.pointerGone() }
	p.OnMotion = func(_ uint32, x, y geom.Fixed) {
		s.motion(x, y)
		s.single()
	}
	p.OnButton = func(_, _, button uint32, state protocol.WlPointerButtonState) {
		s.tellMotion()
		if in := s.input(); in != nil && s.pointerOn != nil {
			in.PointerButton(s.display.loop.Now(), button, state == protocol.WlPointerButtonStatePressed)
			s.frame.any = true
		}
		s.single()
	}
	p.OnAxisSource = func(src protocol.WlPointerAxisSource) {
		s.frame.hasSource = true
		switch src {
		case protocol.WlPointerAxisSourceFinger:
			s.frame.source = display.Finger
		case protocol.WlPointerAxisSourceContinuous:
			s.frame.source = display.Continuous
		case protocol.WlPointerAxisSourceWheelTilt:
			s.frame.source = display.WheelTilt
		default:
			s.frame.source = display.Wheel
		}
	}
	p.OnAxis = func(_ uint32, axis protocol.WlPointerAxis, v geom.Fixed) {
		s.axis(axis).Value += v.Float()
		s.single()
	}
	p.OnAxisStop = func(_ uint32, axis protocol.WlPointerAxis) { s.axis(axis).Stop = true }
	p.OnAxisDiscrete = func(axis protocol.WlPointerAxis, clicks int32) { s.axis(axis).Value120 += clicks * 120 }
	p.OnAxisValue120 = func(axis protocol.WlPointerAxis, v int32) { s.axis(axis).Value120 += v }
	p.OnAxisRelativeDirection = func(axis protocol.WlPointerAxis, d protocol.WlPointerAxisRelativeDirection) {
		s.axis(axis).Inverted = d == protocol.WlPointerAxisRelativeDirectionInverted
	}
	p.OnFrame = s.endFrame
	s.addGestures()
	if m := s.display.host.relative; m != nil {
		s.relative = m.GetRelativePointer(p)
		s.relative.OnRelativeMotion = func(_, _ uint32, dx, dy, rawX, rawY geom.Fixed) {
			if in := s.input(); in != nil && s.pointerOn != nil {
				in.PointerRelative(s.display.loop.Now(),
					geom.FPoint{X: dx.Float(), Y: dy.Float()}, geom.FPoint{X: rawX.Float(), Y: rawY.Float()})
				s.frame.any = true
			}
		}
	}
}

// motion notes a position; it is told when the frame's relative motion has
// been.
func (s *seat) motion(x, y geom.Fixed) {
	s.frame.moved, s.frame.x, s.frame.y = true, x, y
}

func (s *seat) tellMotion() {
	f := &s.frame
	if !f.moved {
		return
	}
	f.moved = false
	if in := s.input(); in != nil && s.pointerOn != nil {
		x, y := s.pointerOn.fraction(f.x, f.y)
		in.PointerAbsolute(s.pointerOn, s.display.loop.Now(), x, y)
		f.any = true
	}
}

func (s *seat) axis(a protocol.WlPointerAxis) *axisFrame {
	i := 0
	if a == protocol.WlPointerAxisHorizontalScroll {
		i = 1
	}
	f := &s.frame.axes[i]
	f.set = true
	return f
}

func (s *seat) tellAxes() {
	f := &s.frame
	for i := range f.axes {
		a := f.axes[i]
		f.axes[i] = axisFrame{}
		in := s.input()
		if !a.set || in == nil || s.pointerOn == nil {
			continue
		}
		a.Horizontal = i == 1
		switch {
		case f.hasSource:
			a.Source = f.source
		case a.Value120 != 0 || s.pointer.Version() < 5:
			a.Source = display.Wheel
		default:
			a.Source = display.Continuous
		}
		if s.pointer.Version() < 5 { // no axis_discrete
			a.Value120 = int32(a.Value * 120 / pixelsPerClick)
		}
		in.PointerAxis(s.display.loop.Now(), a.Axis)
		f.any = true
	}
	f.hasSource = false
}

// single ends a frame after one event with hosts too old to send
// wl_pointer.frame.
func (s *seat) single() {
	if s.pointer.Version() < 5 {
		s.endFrame()
	}
}

func (s *seat) endFrame() {
	s.tellMotion()
	s.tellAxes()
	any := s.frame.any
	s.frame = pointerFrame{}
	if in := s.input(); in != nil && any {
		in.PointerFrame()
	}
}

// pointerGone tells that the pointer is on none of our windows.
func (s *seat) pointerGone() {
	if s.pointerOn == nil {
		return
	}
	s.endFrame()
	s.pointerOn = nil
	if in := s.input(); in != nil {
		in.PointerLeft()
	}
}

// applyCursor gives the host the cursor of the window that the pointer is on.
func (s *seat) applyCursor() {
	c := &s.pointerOn.cursor
	if c.visible {
		s.pointer.SetCursor(s.enterSerial, c.surface, c.hot.X, c.hot.Y)
	} else {
		s.pointer.SetCursor(s.enterSerial, nil, 0, 0)
	}
}

func (s *seat) removePointer() {
	s.pointerGone()
	s.removeGestures()
	if s.relative != nil {
		s.relative.Destroy()
		s.relative = nil
	}
	if s.pointer.Version() >= 3 {
		s.pointer.Release()
	}
	s.pointer = nil
}
