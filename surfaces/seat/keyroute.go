package seat

import (
	"time"

	"rayos/surfaces/seat/xkb"
)

// KeyboardGrab takes the keys that the focus would get: an input method. The
// focus keeps its enter, and it gets the releases of what was pressed on it
// before. The session's chords are matched first.
type KeyboardGrab interface {
	// Owner is the client that has the grab. Keyboards of its own pass it
	// by: that is how it hands on the keys that it does not want.
	Owner() any
	Key(s *Seat, t time.Duration, key uint32, pressed bool)
	Modifiers(s *Seat, mods xkb.Mods)
	// Keymap says that the next key comes from another keymap.
	Keymap(s *Seat, km *xkb.Keymap)
	// Cancel says that another grab has taken its place.
	Cancel(s *Seat)
}

// Private is an optional part of Focus: what is typed into it goes past any
// KeyboardGrab, and who has the focus after it hears nothing of keys that are
// still down. It is for the session's own.
type Private interface{ Private() }

// Composed is an optional part of a Private focus: while it returns true, a
// KeyboardGrab gets the keys, for text that an input method may compose.
type Composed interface{ Composed() bool }

// Where keys go. A release goes where its press went.
const (
	toFocus = iota
	toGrab
	keyRoutes
)

// keyRoute is what one receiver of keys knows of the keyboards.
type keyRoute struct {
	active  *xkb.State        // of the keyboard that it heard of last
	sent    xkb.Mods          // what it was last told
	count   [maxKey + 1]uint8 // keyboards that hold each key
	pressed []uint32          // held keys that it may know of, oldest first
	// swallowed keys were chords: their releases are not delivered either.
	swallowed [maxKey + 1]bool
}

// track follows the held keys. It reports false for the release of a key that
// the receiver never saw pressed.
func (r *keyRoute) track(code uint32, pressed bool) bool {
	if pressed {
		r.pressed = append(r.pressed, code)
		return true
	}
	for i, c := range r.pressed {
		if c == code {
			r.pressed = append(r.pressed[:i], r.pressed[i+1:]...)
			return true
		}
	}
	return false
}

// passesGrab reports whether the keys of a keyboard go past the grab.
func (s *Seat) passesGrab(k *Keyboard) bool {
	g := s.kbd.grab
	return g != nil && k.Owner != nil && k.Owner == g.Owner()
}

// private reports whether the focus keeps its keys to itself.
func (s *Seat) private() bool {
	_, ok := s.kbd.focus.(Private)
	return ok
}

// composed reports whether the focus lets a grab have its keys.
func (s *Seat) composed() bool {
	c, ok := s.kbd.focus.(Composed)
	return ok && c.Composed()
}

// route returns where a key of a keyboard goes, and notes it for the release.
func (s *Seat) route(k *Keyboard, code uint32, pressed bool) int {
	word, bit := &k.grabbed[code/64], uint64(1)<<(code%64)
	if pressed {
		*word &^= bit
		if s.kbd.grab != nil && !s.passesGrab(k) && (!s.private() || s.composed()) {
			*word |= bit
		}
	}
	if *word&bit != 0 {
		return toGrab
	}
	return toFocus
}

// activate makes a keyboard's state the one that a receiver sees.
func (s *Seat) activate(to int, st *xkb.State) {
	r := &s.kbd.routes[to]
	old := r.active
	if st == old {
		return
	}
	r.active = st
	if old.Keymap().Hash() != st.Keymap().Hash() {
		s.tellKeymap(to)
	}
	s.modsChanged(to)
}

func (s *Seat) tellKeymap(to int) {
	r := &s.kbd.routes[to]
	if to == toGrab {
		if g := s.kbd.grab; g != nil {
			r.sent = r.active.Mods()
			g.Keymap(s, r.active.Keymap())
			g.Modifiers(s, r.sent)
		}
		return
	}
	for _, l := range s.listeners {
		if l.Keymap != nil {
			l.Keymap(r.active.Keymap())
		}
	}
	// A client resets its state with the keymap: tell it the modifiers anew.
	if f := s.kbd.focus; f != nil {
		r.sent = r.active.Mods()
		f.Modifiers(s.issue(SerialModifiers, f.Client()), r.sent)
	}
}

// key handles a key of a keyboard: chords, then grab, then focus. What passes
// the grab was offered to the chords before.
func (s *Seat) key(k *Keyboard, t time.Duration, code uint32, pressed bool) {
	to := s.route(k, code, pressed)
	past := s.passesGrab(k)
	if !past {
		s.use(k.state)
		if pressed {
			s.lastPress = s.cfg.Now()
		}
	}
	s.activate(to, k.state)
	r := &s.kbd.routes[to]
	if pressed {
		r.count[code]++
	} else {
		r.count[code]--
	}
	if pressed && r.count[code] > 1 || !pressed && r.count[code] > 0 {
		// Another keyboard holds it too: only its own modifiers change.
		if k.state.UpdateKey(code, pressed) {
			s.stateChanged(k.state)
		}
		return
	}
	s.keyboardTarget() // a closed gate ends the focus before the key counts
	taken := false
	switch {
	case !pressed:
		taken = r.swallowed[code]
		r.swallowed[code] = false
	case !past:
		taken = s.chord(t, code)
	}
	changed := k.state.UpdateKey(code, pressed)
	switch private := to == toFocus && s.private(); {
	case taken:
		r.swallowed[code] = pressed
		if private && !pressed {
			s.SendKey(t, code, false)
		}
	case private && pressed:
		r.swallowed[code] = true // whoever has the focus next never hears of it
		s.SendKey(t, code, true)
	case r.track(code, pressed):
		s.deliverKey(to, t, code, pressed)
	}
	if changed {
		s.stateChanged(k.state)
	}
	if !pressed && !past {
		s.binds.released(s, t, code)
	}
}

// use makes a keyboard's state the one that chords go by.
func (s *Seat) use(st *xkb.State) {
	s.kbd.used = st
	s.lights()
}

// lights tells of the LEDs of the keyboard that was used last.
func (s *Seat) lights() {
	leds := s.kbd.used.LEDs()
	if leds == s.kbd.leds {
		return
	}
	s.kbd.leds = leds
	for _, l := range s.listeners {
		if l.LEDs != nil {
			l.LEDs(leds)
		}
	}
}

func (s *Seat) deliverKey(to int, t time.Duration, code uint32, pressed bool) {
	if to == toFocus {
		s.SendKey(t, code, pressed)
		return
	}
	if s.kbd.grab != nil {
		s.kbd.grab.Key(s, t, code, pressed)
	}
}

// stateChanged tells whoever sees that state. While there is a grab, the focus
// hears only of the grab owner's own keyboards and of keys from before.
func (s *Seat) stateChanged(st *xkb.State) {
	s.lights()
	for to := range s.kbd.routes {
		if s.kbd.routes[to].active == st {
			s.modsChanged(to)
		}
	}
}

func (s *Seat) modsChanged(to int) {
	r := &s.kbd.routes[to]
	m := r.active.Mods()
	grab := s.kbd.grab
	if m == r.sent || to == toGrab && grab == nil {
		return
	}
	if to == toFocus && grab != nil && r.active == s.kbd.routes[toGrab].active {
		return // the grab's owner says what the focus shall hear
	}
	r.sent = m
	for _, l := range s.listeners {
		if l.Modifiers != nil {
			l.Modifiers(m)
		}
	}
	if to == toGrab {
		grab.Modifiers(s, m)
		return
	}
	s.SendModifiers(m)
}

// GrabKeyboard routes keys to g until it is ended by GrabKeyboard(nil) or
// replaced, which cancels it.
func (s *Seat) GrabKeyboard(g KeyboardGrab) {
	k := &s.kbd
	old := k.grab
	if g == nil && old == nil {
		return
	}
	k.grab = g
	r := &k.routes[toGrab]
	r.pressed = r.pressed[:0]
	if g != nil {
		r.active, r.sent = k.used, k.used.Mods()
		if old != nil {
			old.Cancel(s)
		}
		return
	}
	s.activate(toFocus, k.used)
	s.modsChanged(toFocus)
}

// Used returns the state of the keyboard that a person used last, to read. It
// differs from State while a KeyboardGrab has the keys.
func (s *Seat) Used() *xkb.State { return s.kbd.used }
