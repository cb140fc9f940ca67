package xkb

// ModMask is a set of modifiers, bit n for the keymap's modifier n.
type ModMask uint32

// The real modifiers, the same in every keymap.
const (
	ModShift ModMask = 1 << iota
	ModLock
	ModControl
	Mod1
	Mod2
	Mod3
	Mod4
	Mod5
)

const realMods ModMask = 0xff

var realModNames = [8]string{"Shift", "Lock", "Control", "Mod1", "Mod2", "Mod3", "Mod4", "Mod5"}

// Mods is the state that wl_keyboard.modifiers carries. Group is the effective
// layout, from 0.
type Mods struct {
	Depressed, Latched, Locked ModMask
	Group                      uint32
}

// Effective returns all modifiers that are on, for whatever reason.
func (m Mods) Effective() ModMask { return m.Depressed | m.Latched | m.Locked }
