package xkb

import "unicode/utf8"

// State follows one keyboard (or several that share a keymap) through key
// presses. It belongs to one goroutine.
type State struct {
	km *Keymap

	base, latched, locked                ModMask
	baseGroup, latchedGroup, lockedGroup int32
	group                                int

	modKeys  [32]int16 // how many held keys set each modifier
	set, clr ModMask   // changes that the key in hand asks for
	filters  []filter
}

// NewState returns the state of a keyboard with no key held.
func NewState(km *Keymap) *State {
	return &State{km: km, filters: make([]filter, 0, 16)}
}

// Keymap returns the keymap that the state follows.
func (s *State) Keymap() *Keymap { return s.km }

// Mods returns the masks and group for wl_keyboard.modifiers.
func (s *State) Mods() Mods {
	return Mods{s.base, s.latched, s.locked, uint32(s.group)}
}

// Effective returns all modifiers that are on.
func (s *State) Effective() ModMask { return s.base | s.latched | s.locked }

// Active reports whether the named modifier is on.
func (s *State) Active(mod string) bool {
	m := s.km.ModMask(mod)
	return m != 0 && s.Effective()&m == m
}

// UpdateKey records a press or release of an evdev key and reports whether
// modifiers or the group changed.
func (s *State) UpdateKey(code uint32, down bool) bool {
	before := s.Mods()
	s.set, s.clr = 0, 0
	s.runFilters(code, down)
	for i := range s.modKeys {
		bit := ModMask(1) << i
		if s.set&bit != 0 {
			s.modKeys[i]++
			s.base |= bit
		}
		if s.clr&bit != 0 {
			s.modKeys[i]--
			if s.modKeys[i] <= 0 {
				s.modKeys[i] = 0
				s.base &^= bit
			}
		}
	}
	s.derive()
	return s.Mods() != before
}

// SetMods replaces the state by masks from elsewhere, as
// zwp_virtual_keyboard_v1.modifiers does, and reports a change.
func (s *State) SetMods(m Mods) bool {
	before := s.Mods()
	s.base, s.latched, s.locked = s.km.resolve(m.Depressed), s.km.resolve(m.Latched), s.km.resolve(m.Locked)
	s.baseGroup, s.latchedGroup, s.lockedGroup = 0, 0, int32(m.Group)
	s.derive()
	return s.Mods() != before
}

// SetGroup locks a layout group, as a layout menu does, and reports a change.
func (s *State) SetGroup(group int) bool {
	before := s.group
	s.lockedGroup = int32(group)
	s.derive()
	return s.group != before
}

func (s *State) derive() {
	s.lockedGroup = int32(max(0, wrapGroup(s.lockedGroup, s.km.groups, rangeWrap, 0)))
	s.group = max(0, wrapGroup(s.baseGroup+s.latchedGroup+s.lockedGroup, s.km.groups, rangeWrap, 0))
}

// Group returns the active layout group.
func (s *State) Group() int { return s.group }

// KeyGroup returns the group that applies to a key, -1 if it has none.
func (s *State) KeyGroup(code uint32) int {
	k := s.km.key(code)
	if k == nil {
		return -1
	}
	return wrapGroup(int32(s.group), len(k.groups), k.outOfRange, k.redirect)
}

// entry returns the type entry that the active modifiers select, nil for the
// first level.
func (s *State) entry(t *keyType) *typeEntry {
	active := s.Effective() & t.mask
	for i := range t.entries {
		e := &t.entries[i]
		// An entry whose virtual modifiers stand for nothing is never active.
		if e.mask == active && (e.mods == 0 || e.mask != 0) {
			return e
		}
	}
	return nil
}

// KeyLevel returns the shift level of a key in a group.
func (s *State) KeyLevel(code uint32, group int) int {
	k := s.km.key(code)
	if k == nil || group < 0 || group >= len(k.groups) {
		return 0
	}
	if e := s.entry(k.groups[group].typ); e != nil {
		return e.level
	}
	return 0
}

func (s *State) action(code uint32) *action {
	group := s.KeyGroup(code)
	if group < 0 {
		return &noAction
	}
	levels := s.km.keys[code].groups[group].levels
	level := s.KeyLevel(code, group)
	if level >= len(levels) {
		return &noAction
	}
	return &levels[level].action
}

var noAction action

// Syms returns the keysyms that a key gives now, untouched by Caps Lock where
// the key's type does not know it. The slice belongs to the keymap.
func (s *State) Syms(code uint32) []Keysym {
	group := s.KeyGroup(code)
	return s.km.SymsAt(code, group, s.KeyLevel(code, group))
}

// Sym returns the one keysym that a key gives now, upper-cased by Caps Lock
// where the key's type leaves that open; NoSymbol if it gives none or several.
func (s *State) Sym(code uint32) Keysym {
	syms := s.Syms(code)
	if len(syms) != 1 {
		return NoSymbol
	}
	if s.unconsumed(code, ModLock) {
		return syms[0].Upper()
	}
	return syms[0]
}

// Consumed returns the modifiers that went into choosing the key's level, so
// that they must not count again for a shortcut.
func (s *State) Consumed(code uint32) ModMask {
	group := s.KeyGroup(code)
	if group < 0 {
		return 0
	}
	t := s.km.keys[code].groups[group].typ
	if e := s.entry(t); e != nil {
		return t.mask &^ e.kept
	}
	return t.mask
}

func (s *State) unconsumed(code uint32, mod ModMask) bool {
	return s.Effective()&mod != 0 && s.Consumed(code)&mod == 0
}

// LEDs returns the set of lit indicators, bit n for the keymap's indicator n
// (0 Caps Lock, 1 Num Lock, 2 Scroll Lock in all usual keymaps).
func (s *State) LEDs() uint32 {
	var out uint32
	for i := range s.km.leds {
		if s.km.leds[i].lit(s) {
			out |= 1 << s.km.leds[i].index
		}
	}
	return out
}

// SetLocked replaces the locked modifiers and reports a change.
func (s *State) SetLocked(m ModMask) bool {
	before := s.locked
	s.locked = s.km.resolve(m)
	return s.locked != before
}

// AppendUTF8 appends what a key types now: the text of its keysyms, turned
// into a control character while Control is held. Dead and function keys type
// nothing.
func (s *State) AppendUTF8(buf []byte, code uint32) []byte {
	start := len(buf)
	control := s.unconsumed(code, ModControl)
	if sym := s.Sym(code); sym != NoSymbol {
		if control && sym > 0x7f {
			sym = s.latinFor(code, sym)
		}
		buf = appendRune(buf, sym.Rune())
	} else {
		for _, sym := range s.Syms(code) {
			buf = appendRune(buf, sym.Rune())
		}
	}
	if control && len(buf) == start+1 {
		buf[start] = controlChar(buf[start])
	}
	return buf
}

func appendRune(buf []byte, r rune) []byte {
	if r == 0 {
		return buf
	}
	return utf8.AppendRune(buf, r)
}

// latinFor finds an ASCII keysym of the key in any group, so that Ctrl+C works
// on a Cyrillic layout.
func (s *State) latinFor(code uint32, sym Keysym) Keysym {
	for g := range s.km.KeyGroups(code) {
		if l := s.km.SymAt(code, g, s.KeyLevel(code, g)); l != NoSymbol && l <= 0x7f {
			return l
		}
	}
	return sym
}

func controlChar(c byte) byte {
	switch {
	case c >= '@' && c < 0x7f, c == ' ':
		return c & 0x1f
	case c == '2':
		return 0
	case c >= '3' && c <= '7':
		return c - '3' + 0x1b
	case c == '8':
		return 0x7f
	case c == '/':
		return '_' & 0x1f
	}
	return c
}
