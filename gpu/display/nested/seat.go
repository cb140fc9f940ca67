package nested

import (
	"encoding/binary"

	"rayos/geom"
	"rayos/gpu/display"
	"rayos/gpu/display/internal/keys"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// seat is the host's first seat: its devices are ours while a window has their
// focus.
type seat struct {
	display  *Display
	name     uint32 // of the global
	seat     *client.WlSeat
	keyboard *client.WlKeyboard
	touch    *client.WlTouch
	pointer  *client.WlPointer
	relative *client.ZwpRelativePointerV1
	gestures gestures
	tablets  tablets

	held keys.Set

	pointerOn   *Output // nil while the pointer is elsewhere
	enterSerial uint32
	frame       pointerFrame

	fingers map[int32]*Output // where each finger went down
}

func newSeat(d *Display, gl client.Global) *seat {
	s := &seat{display: d, name: gl.Name, fingers: map[int32]*Output{}}
	s.seat = client.BindWlSeat(d.host.globals.Registry, gl.Name, min(gl.Version, seatVersion))
	s.seat.OnCapabilities = s.capabilities
	s.addTablets()
	for _, o := range d.outputs { // a seat that came late
		o.inhibitShortcuts(s)
	}
	return s
}

// input is where events go, nil before Start.
func (s *seat) input() display.Input {
	if s.display.handler == nil || s.display.closed {
		return nil
	}
	return s.display.handler
}

func (s *seat) output(surface *client.WlSurface) *Output {
	for _, o := range s.display.outputs {
		if o.surface == surface {
			return o
		}
	}
	return nil
}

func (s *seat) capabilities(c protocol.WlSeatCapability) {
	if has := c&protocol.WlSeatCapabilityPointer != 0; has && s.pointer == nil {
		s.addPointer()
	} else if !has && s.pointer != nil {
		s.removePointer()
	}
	if has := c&protocol.WlSeatCapabilityKeyboard != 0; has && s.keyboard == nil {
		s.addKeyboard()
	} else if !has && s.keyboard != nil {
		s.removeKeyboard()
	}
	if has := c&protocol.WlSeatCapabilityTouch != 0; has && s.touch == nil {
		s.addTouch()
	} else if !has && s.touch != nil {
		s.removeTouch()
	}
}

func (s *seat) addKeyboard() {
	k := s.seat.GetKeyboard()
	s.keyboard = k
	k.OnEnter = func(_ uint32, _ *client.WlSurface, pressed []byte) {
		for ; len(pressed) >= 4; pressed = pressed[4:] {
			if key := binary.NativeEndian.Uint32(pressed); keys.IsModifier(key) {
				s.key(key, true)
			}
		}
	}
	k.OnLeave = func(uint32, *client.WlSurface) { s.keysLost() }
	k.OnKey = func(_, _, key uint32, state protocol.WlKeyboardKeyState) {
		switch state {
		case protocol.WlKeyboardKeyStatePressed:
			s.key(key, true)
		case protocol.WlKeyboardKeyStateReleased:
			s.key(key, false)
		}
	}
}

func (s *seat) key(key uint32, down bool) {
	if in := s.input(); in != nil && s.held.Change(key, down) {
		in.Key(s.display.loop.Now(), key, down)
	}
}

func (s *seat) keysLost() {
	s.held.Clear()
	if in := s.input(); in != nil {
		in.KeysLost()
	}
}

func (s *seat) removeKeyboard() {
	if s.keyboard.Version() >= 3 {
		s.keyboard.Release()
	}
	s.keyboard = nil
	s.keysLost()
}

func (s *seat) addTouch() {
	t := s.seat.GetTouch()
	s.touch = t
	t.OnDown = func(_, _ uint32, surface *client.WlSurface, id int32, x, y geom.Fixed) {
		o, in := s.output(surface), s.input()
		if o == nil || in == nil {
			return
		}
		s.fingers[id] = o
		fx, fy := o.fraction(x, y)
		in.TouchDown(o, s.display.loop.Now(), id, fx, fy)
	}
	t.OnMotion = func(_ uint32, id int32, x, y geom.Fixed) {
		if o, in := s.fingers[id], s.input(); o != nil && in != nil {
			fx, fy := o.fraction(x, y)
			in.TouchMotion(o, s.display.loop.Now(), id, fx, fy)
		}
	}
	t.OnUp = func(_, _ uint32, id int32) {
		if in := s.input(); s.fingers[id] != nil && in != nil {
			delete(s.fingers, id)
			in.TouchUp(s.display.loop.Now(), id)
		}
	}
	t.OnFrame = func() {
		if in := s.input(); in != nil {
			in.TouchFrame()
		}
	}
	t.OnCancel = s.cancelTouch
}

func (s *seat) cancelTouch() {
	clear(s.fingers)
	if in := s.input(); in != nil {
		in.TouchCancel()
	}
}

func (s *seat) removeTouch() {
	if s.touch.Version() >= 3 {
		s.touch.Release()
	}
	s.touch = nil
	if len(s.fingers) > 0 {
		s.cancelTouch()
	}
}

// forget drops an output that goes away.
func (s *seat) forget(o *Output) {
	if s.pointerOn == o {
		s.pointerGone()
	}
	s.tablets.forget(o)
	for id, p := range s.fingers {
		if p == o {
			delete(s.fingers, id)
			if in := s.input(); in != nil {
				in.TouchUp(s.display.loop.Now(), id)
			}
		}
	}
}

// release gives the seat back to the host.
func (s *seat) release() {
	s.capabilities(0)
	s.tablets.release()
	if s.seat.Version() >= 5 {
		s.seat.Release()
	}
}
