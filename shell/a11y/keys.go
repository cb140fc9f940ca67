package a11y

import "slices"

// Key is a key that goes down or up, as a screen reader is told of it.
type Key struct {
	Sym      uint32 // X keysym
	Mods     uint32 // XKB mask of the modifiers that are in effect before it
	Rune     rune   // what it types, 0 if nothing
	Code     uint16 // XKB keycode, evdev's plus 8
	Released bool
	// Again is true for the second press of a modifier soon after the first,
	// and for its release: a person who wants the key itself taps it twice.
	Again bool
}

// Limits of what a client may grab.
const (
	maxGrabbers   = 16
	maxKeystrokes = 4096
)

// keystroke is a key and the modifiers it needs.
type keystroke struct{ Sym, Mods uint32 }

// grabber is a client that watches or grabs keys.
type grabber struct {
	watch, grab bool
	modifiers   []uint32
	keystrokes  map[keystroke]bool
}

func (g *grabber) idle() bool {
	return !g.watch && !g.grab && len(g.modifiers) == 0 && len(g.keystrokes) == 0
}

// keys decides which keys go to clients and not to windows. down are the
// keysyms that were taken when they were pressed.
type keys struct {
	grabbers map[string]*grabber
	down     []uint32
}

// takes says whether a client's grabs hold for a key.
func (k *keys) takes(g *grabber, sym, mods uint32) bool {
	for _, m := range g.modifiers {
		if m == sym || slices.Contains(k.down, m) {
			return true
		}
	}
	return g.grab || g.keystrokes[keystroke{sym, mods}]
}

// grabbed says whether any client's grabs hold for a key.
func (k *keys) grabbed(sym, mods uint32) bool {
	for _, g := range k.grabbers {
		if k.takes(g, sym, mods) {
			return true
		}
	}
	return false
}

// modifier says whether a key is a modifier of a client.
func (k *keys) modifier(sym uint32) bool {
	for _, g := range k.grabbers {
		if slices.Contains(g.modifiers, sym) {
			return true
		}
	}
	return false
}

// press returns who hears of a key, and whether it is taken from windows. What
// was taken when it was pressed is when it is released, and only that.
func (k *keys) press(e Key) (hear []string, taken bool) {
	for name, g := range k.grabbers {
		if g.watch || k.takes(g, e.Sym, e.Mods) || slices.Contains(k.down, e.Sym) {
			hear = append(hear, name)
		}
	}
	i := slices.Index(k.down, e.Sym)
	switch {
	case e.Released && i >= 0:
		k.down = slices.Delete(k.down, i, i+1)
		return hear, true
	case e.Released, e.Again && k.modifier(e.Sym):
		return hear, false
	case i >= 0:
		return hear, true
	case k.grabbed(e.Sym, e.Mods):
		k.down = append(k.down, e.Sym)
		return hear, true
	}
	return hear, false
}
