package xkb

// Keymap is a parsed keymap. It does not change and may be shared between
// goroutines.
type Keymap struct {
	text string
	hash [32]byte

	keys       []*key // by evdev code; nil where the keymap defines nothing
	types      []*keyType
	mods       []modifier // real modifiers first
	groupNames []string
	leds       []indicator
	groups     int
	missing    []string

	file sealed
}

type modifier struct {
	name    string
	mapping ModMask // the real modifiers it stands for
}

type key struct {
	name    string
	code    uint32
	groups  []keyGroup
	modmap  ModMask
	vmods   ModMask
	repeats bool

	outOfRange rangePolicy
	redirect   int

	explicitRepeat, explicitVMods, explicitActions bool
}

type keyGroup struct {
	typ    *keyType
	levels []keyLevel
}

type keyLevel struct {
	syms   []Keysym
	action action
}

type keyType struct {
	name    string
	mods    ModMask // as written
	mask    ModMask // resolved
	levels  int
	entries []typeEntry
}

type typeEntry struct {
	mods, mask     ModMask
	preserve, kept ModMask // as written, resolved
	level          int
}

// rangePolicy says what a key does when the active group is one it lacks.
type rangePolicy uint8

const (
	rangeWrap rangePolicy = iota
	rangeClamp
	rangeRedirect
)

// wrapGroup brings group into [0, n). It returns -1 if there is no group.
func wrapGroup(group int32, n int, policy rangePolicy, redirect int) int {
	switch {
	case n == 0:
		return -1
	case group >= 0 && int(group) < n:
		return int(group)
	case policy == rangeRedirect:
		if redirect >= n {
			return 0
		}
		return redirect
	case policy == rangeClamp:
		if group < 0 {
			return 0
		}
		return n - 1
	}
	m := int(group) % n
	if m < 0 {
		m += n
	}
	return m
}

// Text returns the keymap as it is handed to clients, without a final NUL.
func (k *Keymap) Text() string { return k.text }

// Hash identifies the text, so that an unchanged keymap is not sent twice.
func (k *Keymap) Hash() [32]byte { return k.hash }

// Groups returns the number of layout groups.
func (k *Keymap) Groups() int { return k.groups }

// GroupName returns the layout's name ("English (US)"), or "" if it has none.
func (k *Keymap) GroupName(group int) string {
	if group < 0 || group >= len(k.groupNames) {
		return ""
	}
	return k.groupNames[group]
}

// ModCount returns the number of modifiers, virtual ones included.
func (k *Keymap) ModCount() int { return len(k.mods) }

// ModName returns the name of modifier i, or "".
func (k *Keymap) ModName(i int) string {
	if i < 0 || i >= len(k.mods) {
		return ""
	}
	return k.mods[i].name
}

// ModIndex returns the index of the named modifier, or -1.
func (k *Keymap) ModIndex(name string) int {
	for i := range k.mods {
		if k.mods[i].name == name {
			return i
		}
	}
	return -1
}

// ModMask returns the real modifiers that the named one stands for, 0 if the
// keymap has no such modifier or no key sets it.
func (k *Keymap) ModMask(name string) ModMask {
	if i := k.ModIndex(name); i >= 0 {
		return k.mods[i].mapping
	}
	return 0
}

// resolve turns a mask with virtual modifiers into real ones.
func (k *Keymap) resolve(m ModMask) ModMask {
	out := m & realMods
	for i := 8; i < len(k.mods) && m>>i != 0; i++ {
		if m&(1<<i) != 0 {
			out |= k.mods[i].mapping
		}
	}
	return out
}

func (k *Keymap) key(code uint32) *key {
	if code >= uint32(len(k.keys)) {
		return nil
	}
	return k.keys[code]
}

// KeyRepeats reports whether holding the key should repeat it.
func (k *Keymap) KeyRepeats(code uint32) bool {
	key := k.key(code)
	return key != nil && key.repeats
}

// KeyGroups returns the number of groups that the key distinguishes; 0 for a
// key that the keymap lacks.
func (k *Keymap) KeyGroups(code uint32) int {
	if key := k.key(code); key != nil {
		return len(key.groups)
	}
	return 0
}

// Levels returns the number of shift levels of a key in a group.
func (k *Keymap) Levels(code uint32, group int) int {
	key := k.key(code)
	if key == nil || group < 0 || group >= len(key.groups) {
		return 0
	}
	return len(key.groups[group].levels)
}

// SymsAt returns the keysyms of a key at a group and level. The slice belongs
// to the keymap.
func (k *Keymap) SymsAt(code uint32, group, level int) []Keysym {
	key := k.key(code)
	if key == nil || group < 0 || group >= len(key.groups) {
		return nil
	}
	levels := key.groups[group].levels
	if level < 0 || level >= len(levels) {
		return nil
	}
	return levels[level].syms
}

// SymAt returns the single keysym of a key at a group and level, or NoSymbol.
func (k *Keymap) SymAt(code uint32, group, level int) Keysym {
	if s := k.SymsAt(code, group, level); len(s) == 1 {
		return s[0]
	}
	return NoSymbol
}

// EachKey calls fn for every key that the keymap defines, in code order.
func (k *Keymap) EachKey(fn func(code uint32, name string)) {
	for code, key := range k.keys {
		if key != nil {
			fn(uint32(code), key.name)
		}
	}
}

// UnknownSyms returns some of the keysym names that the text uses and this
// package does not know; keys give nothing at these levels.
func (k *Keymap) UnknownSyms() []string { return k.missing }
