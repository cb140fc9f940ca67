package seat

// SerialKind says what a serial was given out for.
type SerialKind uint8

// The kinds. SerialOther is a serial drawn through Serial for something else,
// such as a configure.
const (
	SerialOther SerialKind = iota
	SerialPointerEnter
	SerialPointerLeave
	SerialButtonPress
	SerialButtonRelease
	SerialKeyboardEnter
	SerialKeyboardLeave
	SerialKeyPress
	SerialKeyRelease
	SerialModifiers
	SerialTouchDown
	SerialTouchUp
	SerialGesture
	SerialToolEnter
	SerialToolPress
	SerialToolRelease
)

// ByUser reports whether the serial stands for something a person just did,
// which is what set_selection, popup grabs, move and resize ask for.
func (k SerialKind) ByUser() bool {
	switch k {
	case SerialButtonPress, SerialButtonRelease, SerialKeyPress, SerialKeyRelease, SerialTouchDown, SerialTouchUp,
		SerialToolPress, SerialToolRelease:
		return true
	}
	return false
}

// serialMemory is how many input serials stay valid. A client that answers
// later than this many events has lost its claim.
const serialMemory = 1024

type serialRecord struct {
	serial uint32
	kind   SerialKind
	client any
}

type serialLog struct {
	next uint32
	ring [serialMemory]serialRecord
	pos  int
}

// Serial draws the next serial of the session. Serials never repeat within
// four thousand million events and are never 0.
func (s *Seat) Serial() uint32 {
	if s.cfg.Serial != nil {
		return s.cfg.Serial()
	}
	s.serials.next++
	if s.serials.next == 0 {
		s.serials.next = 1
	}
	return s.serials.next
}

func (s *Seat) issue(kind SerialKind, client any) uint32 {
	n := s.Serial()
	s.serials.ring[s.serials.pos] = serialRecord{n, kind, client}
	s.serials.pos = (s.serials.pos + 1) % serialMemory
	return n
}

// ValidSerial reports whether the serial was recently given to that client for
// an input event, and for what kind.
func (s *Seat) ValidSerial(serial uint32, client any) (SerialKind, bool) {
	for i := range s.serials.ring {
		r := &s.serials.ring[i]
		if r.serial == serial && serial != 0 {
			return r.kind, r.client == client
		}
	}
	return SerialOther, false
}

// ForgetClient drops what the seat remembers of a client that is gone. Its
// Focuses are forgotten one by one with Forget.
func (s *Seat) ForgetClient(client any) {
	for i := range s.serials.ring {
		if s.serials.ring[i].client == client {
			s.serials.ring[i] = serialRecord{}
		}
	}
}

// LastUsed returns the client that got the last event by which a person did
// something, or nil. Frames and panels of the session are clients too.
func (s *Seat) LastUsed() any {
	for i := range s.serials.ring {
		r := &s.serials.ring[(s.serials.pos-1-i+serialMemory)%serialMemory]
		if r.serial != 0 && r.kind.ByUser() {
			return r.client
		}
	}
	return nil
}
