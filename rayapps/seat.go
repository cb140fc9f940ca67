package rayapps

import (
	"rayos/rayapps/ui"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// seat is the compositor's first seat: a person with a pointer, a keyboard and
// fingers.
type seat struct {
	h       *host
	seat    *client.WlSeat
	focused bool   // the window has the keyboard
	entered bool   // the keyboard is on the window or a popup
	serial  uint32 // of what the person did last
	pressed uint32 // of what the person pressed last: a key too
	// The last press of the pointer or a finger: compositors let windows be
	// dragged, resized and dragged from by nothing else.
	held   uint32
	heldOn *surface

	keyboard *keyboard
	pointer  *pointer
	touch    *touch
	text     *textInput // nil where there are no input methods

	data    *client.WlDataDevice
	offers  map[*client.WlDataOffer]*offer // those that haven't been dropped
	clips   selection                      // the clipboard
	drag    drag
	primary *client.ZwpPrimarySelectionDeviceV1
	picks   selection // what is selected
	picking bool      // the person may have selected something
	// The primary offer that was announced last.
	lastPrimary   *offer
	lastPrimaryID *client.ZwpPrimarySelectionOfferV1
}

// press notes a press of the pointer or a finger.
func (s *seat) press(serial uint32, on *surface) {
	s.pressed, s.held, s.heldOn = serial, serial, on
}

// seatVersion is the newest wl_seat that is known here: in 10 the compositor
// repeats keys.
const seatVersion = 9

func newSeat(h *host, gl client.Global) *seat {
	s := &seat{h: h}
	s.seat = client.BindWlSeat(h.globals.Registry, gl.Name, min(gl.Version, seatVersion))
	s.seat.OnCapabilities = s.capabilities
	s.addData()
	if h.texts != nil {
		s.text = newTextInput(s, h.texts)
	}
	return s
}

func (s *seat) capabilities(c protocol.WlSeatCapability) {
	if has := c&protocol.WlSeatCapabilityPointer != 0; has && s.pointer == nil {
		s.pointer = newPointer(s)
	} else if !has && s.pointer != nil {
		s.pointer.release()
		s.pointer = nil
	}
	if has := c&protocol.WlSeatCapabilityKeyboard != 0; has && s.keyboard == nil {
		s.keyboard = newKeyboard(s)
	} else if !has && s.keyboard != nil {
		s.keyboard.release()
		s.keyboard = nil
	}
	if has := c&protocol.WlSeatCapabilityTouch != 0; has && s.touch == nil {
		s.touch = newTouch(s)
	} else if !has && s.touch != nil {
		s.touch.release()
		s.touch = nil
	}
}

// release gives the seat back: it has gone.
func (s *seat) release() {
	s.capabilities(0)
	s.removeData()
	if s.text != nil {
		s.text.release()
	}
	if s.seat.Version() >= 5 {
		s.seat.Release()
	}
}

// mods returns the modifiers that are down.
func (s *seat) mods() ui.Mods {
	if s.keyboard == nil {
		return 0
	}
	return s.keyboard.mods()
}

func (s *seat) focus(has bool) {
	if s.focused == has {
		return
	}
	s.focused = has
	w := s.h.w
	w.root.SetActive(has)
	w.access.activate(has)
	if f, ok := as[Focuser](w.app); ok {
		f.Focus(w, has)
	}
	w.Invalidate()
}

// settleFocus notes that the keyboard has gone: not to another surface of the
// window.
func (s *seat) settleFocus() {
	if s.focused && !s.entered {
		s.focus(false)
	}
}

// lost is told of surfaces that go.
func (s *seat) lost(on *surface) {
	if s.heldOn == on {
		s.heldOn = nil
	}
	if t := s.touch; t != nil && t.on == on {
		t.end(ui.PointerCancel)
	}
}

// turn tells the compositor, at the end of a turn, what has become of the
// person's doing.
func (s *seat) turn() {
	s.showCursor()
	if s.text == nil && s.primary == nil {
		return
	}
	ime := s.h.w.root.IME()
	if s.text != nil {
		s.text.tell(ime)
	}
	if s.picking {
		s.picking = false
		s.pick(&ime)
	}
}
