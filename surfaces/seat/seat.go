package seat

import (
	"time"

	"rayos/geom"
	"rayos/surfaces/seat/xkb"
)

// Capabilities is the set of device kinds; bits are those of
// wl_seat.capability.
type Capabilities uint32

// The device kinds.
const (
	CapPointer Capabilities = 1 << iota
	CapKeyboard
	CapTouch
)

// Config is what a seat needs from the session.
type Config struct {
	Hit    Hit                  // what lies under a point; required
	Now    func() time.Duration // the loop's clock; required
	Keymap *xkb.Keymap          // of all keyboards without one of their own; required
	// Limit bounds pointer travel: outputs, confinement, a locked pointer
	// (return from). It may be nil.
	Limit func(from, to geom.FPoint) geom.FPoint
	// Serial draws serials, for a seat that shares them with another one. By
	// default the seat counts by itself.
	Serial func() uint32
}

// Listener hears of seat-wide changes. Fields may be nil.
type Listener struct {
	Capabilities func(Capabilities)
	// Keymap says that the active keymap changed. The next key comes from it:
	// send it to the focused client now, to the others before their next
	// enter (Keymap.Hash tells whether they have it).
	Keymap func(*xkb.Keymap)
	Repeat func(rate int32, delay time.Duration)
	// KeyboardFocus and PointerFocus run before the new focus is entered, and
	// after the old one was left; f may be nil. A selection offer belongs here.
	KeyboardFocus func(f Focus)
	PointerFocus  func(f Focus)
	Modifiers     func(xkb.Mods)
	LEDs          func(uint32) // bits as xkb.State.LEDs
	Moved         func(p geom.FPoint)
	Activity      func(t time.Duration) // any input from a person
	// Press says that a button or finger goes down on f, before f hears of
	// it and while nothing has grabbed the pointer: click to focus.
	Press func(f Focus)
	// Tablet, Tool and Pad say that one was attached, or removed.
	Tablet func(t *Tablet, there bool)
	Tool   func(t *Tool, there bool)
	Pad    func(p *Pad, there bool)
}

// Seat is one person's input. See the package documentation.
type Seat struct {
	cfg       Config
	listeners []*Listener
	caps      [3]int // attached devices of each kind
	serials   serialLog
	lastPress time.Duration

	ptr     pointer
	grabs   []PointerGrab
	kbd     keyboard
	touch   touch
	gesture gesture
	binds   bindings

	tablets []*Tablet
	tools   []*Tool
	pads    []*Pad

	retired bool  // nobody gets anything any more
	dying   Focus // being forgotten: nobody may choose it any more
}

// New returns a seat without devices.
func New(cfg Config) *Seat {
	s := &Seat{cfg: cfg}
	s.grabs = append(make([]PointerGrab, 0, 8), hover{})
	s.ptr.buttons = make([]heldButton, 0, 16)
	s.kbd.init(cfg.Keymap)
	s.touch.points = make([]touchPoint, 0, 32)
	return s
}

// Listen adds a listener.
func (s *Seat) Listen(l *Listener) { s.listeners = append(s.listeners, l) }

// Attach adds a device of the given kinds; the returned function removes it.
// Keyboards attach themselves.
func (s *Seat) Attach(c Capabilities) (detach func()) {
	s.count(c, 1)
	done := false
	return func() {
		if !done {
			done = true
			s.count(c, -1)
		}
	}
}

func (s *Seat) count(c Capabilities, by int) {
	before := s.Capabilities()
	for i := range s.caps {
		if c&(1<<i) != 0 {
			s.caps[i] += by
		}
	}
	if now := s.Capabilities(); now != before {
		for _, l := range s.listeners {
			if l.Capabilities != nil {
				l.Capabilities(now)
			}
		}
	}
}

// Capabilities returns the kinds of which at least one device is attached.
func (s *Seat) Capabilities() Capabilities {
	var c Capabilities
	for i, n := range s.caps {
		if n > 0 {
			c |= 1 << i
		}
	}
	return c
}

func (s *Seat) active(t time.Duration) {
	for _, l := range s.listeners {
		if l.Activity != nil {
			l.Activity(t)
		}
	}
}

// LastPress returns when a person pressed a key or a button or put a finger
// down last, on whatever.
func (s *Seat) LastPress() time.Duration { return s.lastPress }

func (s *Seat) press(f Focus) {
	if s.Grabbed() || !s.accepts(f) {
		return
	}
	for _, l := range s.listeners {
		if l.Press != nil {
			l.Press(f)
		}
	}
}

// accepts is the input gate.
func (s *Seat) accepts(f Focus) bool { return f != nil && f != s.dying && !s.retired && f.Accepts() }

// Retire ends the seat: grabs are cancelled, every focus is left, and whatever
// its devices still say is heard by nobody.
func (s *Seat) Retire() {
	s.CancelGrabs()
	s.TouchCancel()
	s.GrabKeyboard(nil)
	s.retired = true
	s.binds = bindings{}
	s.setPointerFocus(nil, geom.FPoint{})
	s.SetKeyboardFocus(nil)
	s.listeners = nil
}

// Refocus looks again at what lies under the pointer and at the input gates.
// Call it once after the scene or a gate changed; without a change it does
// nothing.
func (s *Seat) Refocus() {
	s.dropGesture()
	s.refocusKeyboard()
	s.grab().Refocus(s, s.cfg.Now())
	s.touch.dropClosed()
	s.refocusTools()
}

// Withdraw takes the pointer and all fingers from a Focus that its owner takes
// away, while the owner can still be told. Refocus, after the scene has lost it
// too, gives the pointer to what lies there then.
func (s *Seat) Withdraw(f Focus) {
	if f == nil {
		return
	}
	s.liftTouches(f)
	if s.ptr.focus == f {
		s.setPointerFocus(nil, geom.FPoint{})
	}
}

// Forget removes a Focus that ends: it gets no more events, not even a leave,
// and its grabs end. Refocus, after the scene has lost it too, gives the
// pointer to what lies there now.
func (s *Seat) Forget(f Focus) {
	if f == nil {
		return
	}
	outer := s.dying
	s.dying = f
	s.binds.forget(f)
	s.touch.forget(f)
	s.forgetTools(f)
	if s.gesture.focus == f {
		s.gesture.focus = nil
	}
	if s.ptr.forget(f) {
		s.tellPointerFocus()
	}
	lost := s.kbd.forget(f)
	for i := len(s.grabs) - 1; i > 0; i-- {
		if i < len(s.grabs) {
			s.grabs[i].Forget(s, f)
		}
	}
	if lost && s.kbd.focus == nil {
		s.tellKeyboardFocus()
		s.refocusKeyboard()
	}
	s.dying = outer
}
