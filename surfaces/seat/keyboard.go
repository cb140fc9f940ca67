package seat

import (
	"time"

	"rayos/surfaces/seat/xkb"
)

// maxKey bounds evdev key codes (KEY_MAX).
const maxKey = 0x2ff

// Default key repeat.
const (
	DefaultRepeatRate  = 25 // per second
	DefaultRepeatDelay = 600 * time.Millisecond
)

type keyboard struct {
	shared *xkb.State // of all keyboards without a keymap of their own
	used   *xkb.State // of the keyboard that a person used last
	leds   uint32

	wanted   Focus // who should have the keyboard once gates and grabs allow
	focus    Focus
	override Focus // a popup grab's choice
	grab     KeyboardGrab

	routes [keyRoutes]keyRoute

	rate  int32
	delay time.Duration
}

func (k *keyboard) init(km *xkb.Keymap) {
	k.shared = xkb.NewState(km)
	k.used = k.shared
	for i := range k.routes {
		k.routes[i].active = k.shared
		k.routes[i].pressed = make([]uint32, 0, 64)
	}
	k.rate, k.delay = DefaultRepeatRate, DefaultRepeatDelay
}

// Keyboard is one keyboard device, real or virtual. Keyboards with the seat's
// keymap share modifiers and locks; one with a keymap of its own has its own.
type Keyboard struct {
	// Owner is the client that drives it, nil for the session. It is set
	// before the first key. Keyboards of the owner of a KeyboardGrab pass the
	// grab by.
	Owner any

	seat    *Seat
	state   *xkb.State
	held    [(maxKey + 64) / 64]uint64
	grabbed [(maxKey + 64) / 64]uint64 // of held: the press went to a grab
	gone    bool
}

// NewKeyboard attaches a keyboard. A nil keymap means the seat's.
func (s *Seat) NewKeyboard(km *xkb.Keymap) *Keyboard {
	k := &Keyboard{seat: s, state: s.kbd.shared}
	if km != nil {
		k.state = xkb.NewState(km)
	}
	s.count(CapKeyboard, 1)
	return k
}

// SetKeymap gives the keyboard a keymap of its own, or with nil the seat's.
// Its held keys are released first.
func (k *Keyboard) SetKeymap(km *xkb.Keymap) {
	if k.gone {
		return
	}
	k.ReleaseAll()
	old := k.state
	if k.state = k.seat.kbd.shared; km != nil {
		k.state = xkb.NewState(km)
	}
	k.seat.replace(old, k.state)
}

// Remove detaches the keyboard and releases what it held.
func (k *Keyboard) Remove() {
	if k.gone {
		return
	}
	k.ReleaseAll()
	k.gone = true
	k.seat.replace(k.state, k.seat.kbd.shared)
	k.seat.count(CapKeyboard, -1)
}

// ReleaseAll releases the keys that the keyboard holds, as when the session
// loses the device or its window the host's focus. It fires no taps.
func (k *Keyboard) ReleaseAll() {
	k.seat.binds.broken()
	now := k.seat.cfg.Now()
	for code := uint32(0); code <= maxKey; code++ {
		if k.held[code/64]&(1<<(code%64)) != 0 {
			k.Key(now, code, false)
		}
	}
}

// Key reports an evdev key. Repeats by the kernel are not presses; codes out
// of range and releases without a press are ignored.
func (k *Keyboard) Key(t time.Duration, code uint32, pressed bool) {
	if k.gone || code > maxKey {
		return
	}
	word, bit := &k.held[code/64], uint64(1)<<(code%64)
	if (*word&bit != 0) == pressed {
		return
	}
	*word ^= bit
	k.seat.active(t)
	k.seat.key(k, t, code, pressed)
}

// Modifiers sets the masks of a keyboard directly, as
// zwp_virtual_keyboard_v1.modifiers does.
func (k *Keyboard) Modifiers(m xkb.Mods) {
	if k.gone {
		return
	}
	s, to := k.seat, toGrab
	if s.kbd.grab == nil || s.passesGrab(k) {
		to = toFocus
	}
	k.state.SetMods(m)
	if !s.passesGrab(k) {
		s.use(k.state)
	}
	s.activate(to, k.state)
	s.stateChanged(k.state)
}

// replace lets go of the state of a keyboard that has another one now, or is
// gone.
func (s *Seat) replace(old, st *xkb.State) {
	if old == s.kbd.shared {
		return
	}
	if s.kbd.used == old {
		s.use(st)
	}
	for to := range s.kbd.routes {
		if s.kbd.routes[to].active == old {
			s.activate(to, st)
		}
	}
}

// SetKeymap changes the seat's keymap. Locks are kept by name of the real
// modifiers; keys that are held stay held.
func (s *Seat) SetKeymap(km *xkb.Keymap) {
	k := &s.kbd
	if k.shared.Keymap().Hash() == km.Hash() {
		return
	}
	locked := k.shared.Mods().Locked
	*k.shared = *xkb.NewState(km)
	for i := range k.routes {
		for _, code := range k.routes[i].pressed {
			k.shared.UpdateKey(code, true)
		}
	}
	k.shared.SetLocked(locked)
	for to := range k.routes {
		if k.routes[to].active == k.shared {
			s.tellKeymap(to)
			s.modsChanged(to)
		}
	}
}

// Keymap returns the keymap of what the focus heard last.
func (s *Seat) Keymap() *xkb.Keymap { return s.kbd.routes[toFocus].active.Keymap() }

// OwnKeymap returns the keymap of keyboards without one of their own, whichever
// was used last.
func (s *Seat) OwnKeymap() *xkb.Keymap { return s.kbd.shared.Keymap() }

// State returns the state of the keyboard that the focus heard of last, to
// read.
func (s *Seat) State() *xkb.State { return s.kbd.routes[toFocus].active }

// Mods returns the modifiers of that keyboard.
func (s *Seat) Mods() xkb.Mods { return s.kbd.routes[toFocus].active.Mods() }

// SetGroup switches the layout, as a layout menu does.
func (s *Seat) SetGroup(group int) {
	s.kbd.used.SetGroup(group)
	s.stateChanged(s.kbd.used)
}

// SetRepeat sets how fast clients repeat a held key: rate per second (0 turns
// repeat off) after delay.
func (s *Seat) SetRepeat(rate int32, delay time.Duration) {
	s.kbd.rate, s.kbd.delay = max(rate, 0), max(delay, 0)
	for _, l := range s.listeners {
		if l.Repeat != nil {
			l.Repeat(s.kbd.rate, s.kbd.delay)
		}
	}
}

// Repeat returns the key repeat settings.
func (s *Seat) Repeat() (rate int32, delay time.Duration) { return s.kbd.rate, s.kbd.delay }

// SendKey delivers a key to the focus past any KeyboardGrab, for grabs that
// pass on what they do not want. It does not touch the keyboard state.
func (s *Seat) SendKey(t time.Duration, code uint32, pressed bool) {
	if f := s.keyboardTarget(); f != nil {
		kind := SerialKeyRelease
		if pressed {
			kind = SerialKeyPress
		}
		f.Key(s.issue(kind, f.Client()), t, code, pressed)
	}
}

// SendModifiers delivers modifiers to the focus past any KeyboardGrab.
func (s *Seat) SendModifiers(m xkb.Mods) {
	if f := s.keyboardTarget(); f != nil {
		s.kbd.routes[toFocus].sent = m
		f.Modifiers(s.issue(SerialModifiers, f.Client()), m)
	}
}
