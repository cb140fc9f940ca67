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

// KeyboardGrab takes the keys that the focus would get: an input method. The
// focus keeps its enter; it just hears nothing until the grab ends.
type KeyboardGrab interface {
	Key(s *Seat, t time.Duration, key uint32, pressed bool)
	Modifiers(s *Seat, mods xkb.Mods)
	Cancel(s *Seat)
}

type keyboard struct {
	shared *xkb.State // of all keyboards without a keymap of their own
	active *xkb.State // of the keyboard that was used last
	sent   xkb.Mods   // what the focus was last told
	leds   uint32

	wanted   Focus // who should have the keyboard once gates and grabs allow
	focus    Focus
	override Focus // a popup grab's choice
	grab     KeyboardGrab

	count     [maxKey + 1]uint8 // keyboards that hold each key
	swallowed [maxKey + 1]bool  // its release must not be delivered either
	pressed   []uint32          // held keys that clients may know of

	rate  int32
	delay time.Duration
}

func (k *keyboard) init(km *xkb.Keymap) {
	k.shared = xkb.NewState(km)
	k.active = k.shared
	k.pressed = make([]uint32, 0, 64)
	k.rate, k.delay = DefaultRepeatRate, DefaultRepeatDelay
}

// Keyboard is one keyboard device, real or virtual. Keyboards with the seat's
// keymap share modifiers and locks; one with a keymap of its own has its own.
type Keyboard struct {
	seat  *Seat
	state *xkb.State
	held  [(maxKey + 64) / 64]uint64
	gone  bool
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
	if old != k.seat.kbd.shared && k.seat.kbd.active == old {
		k.seat.activate(k.state)
	}
}

// Remove detaches the keyboard and releases what it held.
func (k *Keyboard) Remove() {
	if k.gone {
		return
	}
	k.ReleaseAll()
	k.gone = true
	if k.state != k.seat.kbd.shared && k.seat.kbd.active == k.state {
		k.seat.activate(k.seat.kbd.shared)
	}
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
	s := k.seat
	s.active(t)
	s.activate(k.state)
	s.key(t, code, pressed)
}

// Modifiers sets the masks of a keyboard directly, as
// zwp_virtual_keyboard_v1.modifiers does.
func (k *Keyboard) Modifiers(m xkb.Mods) {
	if k.gone {
		return
	}
	k.seat.activate(k.state)
	k.state.SetMods(m)
	k.seat.modsChanged()
}

// activate makes a keyboard's state the one that clients see.
func (s *Seat) activate(st *xkb.State) {
	old := s.kbd.active
	if st == old {
		return
	}
	s.kbd.active = st
	if old.Keymap().Hash() != st.Keymap().Hash() {
		s.tellKeymap()
	}
	s.modsChanged()
}

func (s *Seat) tellKeymap() {
	for _, l := range s.listeners {
		if l.Keymap != nil {
			l.Keymap(s.kbd.active.Keymap())
		}
	}
	// A client resets its state with the keymap: tell it the modifiers anew.
	if f := s.kbd.focus; f != nil && s.kbd.grab == nil {
		s.kbd.sent = s.kbd.active.Mods()
		f.Modifiers(s.issue(SerialModifiers, f.Client()), s.kbd.sent)
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
	for _, code := range k.pressed {
		k.shared.UpdateKey(code, true)
	}
	k.shared.SetLocked(locked)
	if k.active == k.shared {
		s.tellKeymap()
		s.modsChanged()
	}
}

// Keymap returns the active keymap: of the keyboard that was used last.
func (s *Seat) Keymap() *xkb.Keymap { return s.kbd.active.Keymap() }

// State returns the active keyboard state, to read.
func (s *Seat) State() *xkb.State { return s.kbd.active }

// Mods returns the active modifiers.
func (s *Seat) Mods() xkb.Mods { return s.kbd.active.Mods() }

// SetGroup switches the layout, as a layout menu does.
func (s *Seat) SetGroup(group int) {
	s.kbd.active.SetGroup(group)
	s.modsChanged()
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

// key handles a key of the active state: chords, then grab, then focus.
func (s *Seat) key(t time.Duration, code uint32, pressed bool) {
	k := &s.kbd
	if pressed {
		k.count[code]++
	} else {
		k.count[code]--
	}
	if pressed && k.count[code] > 1 || !pressed && k.count[code] > 0 {
		// Another keyboard holds it too: only its own modifiers change.
		if k.active.UpdateKey(code, pressed) {
			s.modsChanged()
		}
		return
	}
	s.keyboardTarget() // a closed gate ends the focus before the key counts
	taken := pressed && s.chord(t, code)
	if !pressed {
		taken = k.swallowed[code]
		k.swallowed[code] = false
	}
	changed := k.active.UpdateKey(code, pressed)
	if taken {
		k.swallowed[code] = pressed
	} else {
		k.track(code, pressed)
		s.deliverKey(t, code, pressed)
	}
	if changed {
		s.modsChanged()
	}
	if !pressed {
		s.binds.released(s, t, code)
	}
}

func (k *keyboard) track(code uint32, pressed bool) {
	if pressed {
		k.pressed = append(k.pressed, code)
		return
	}
	for i, c := range k.pressed {
		if c == code {
			k.pressed = append(k.pressed[:i], k.pressed[i+1:]...)
			return
		}
	}
}

func (s *Seat) deliverKey(t time.Duration, code uint32, pressed bool) {
	if s.kbd.grab != nil {
		s.kbd.grab.Key(s, t, code, pressed)
		return
	}
	s.SendKey(t, code, pressed)
}

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
		s.kbd.sent = m
		f.Modifiers(s.issue(SerialModifiers, f.Client()), m)
	}
}

func (s *Seat) modsChanged() {
	k := &s.kbd
	m := k.active.Mods()
	if leds := k.active.LEDs(); leds != k.leds {
		k.leds = leds
		for _, l := range s.listeners {
			if l.LEDs != nil {
				l.LEDs(leds)
			}
		}
	}
	if m == k.sent {
		return
	}
	k.sent = m
	for _, l := range s.listeners {
		if l.Modifiers != nil {
			l.Modifiers(m)
		}
	}
	if k.grab != nil {
		k.grab.Modifiers(s, m)
		return
	}
	s.SendModifiers(m)
}

// GrabKeyboard routes keys to g until it is ended by GrabKeyboard(nil) or
// replaced, which cancels it.
func (s *Seat) GrabKeyboard(g KeyboardGrab) {
	old := s.kbd.grab
	s.kbd.grab = g
	if old != nil && g != nil {
		old.Cancel(s)
	}
	if g == nil && old != nil {
		s.SendModifiers(s.kbd.active.Mods())
	}
}
