package session

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"rayos/shell/control"
	"rayos/surfaces/seat"
	"rayos/surfaces/seat/xkb"
)

// typeText types text into the focused window: with the keys of the keyboard
// layout where it has all characters, else with a keymap made for the text.
func (s *Session) typeText(text string) error {
	if !utf8.ValidString(text) {
		return control.Errorf(control.CodeBadArgs, "the text is not valid UTF-8")
	}
	if keys, ok := keysFor(s.seat.Keymap(), text); ok {
		for _, k := range keys {
			s.tap(s.keyboard, k.code, k.shift)
		}
		return nil
	}
	for text != "" {
		chunk := text[:chunkEnd(text)]
		text = text[len(chunk):]
		km, codes, err := textKeymap(chunk)
		if err != nil {
			return fmt.Errorf("keymap for the text: %w", err)
		}
		kbd := s.seat.NewKeyboard(km)
		for _, r := range chunk {
			s.tap(kbd, codes[r], false)
		}
		kbd.Remove()
	}
	return nil
}

// keyLeftShift is KEY_LEFTSHIFT.
const keyLeftShift = 42

func (s *Session) tap(k *seat.Keyboard, code uint32, shift bool) {
	now := s.loop.Now()
	if shift {
		k.Key(now, keyLeftShift, true)
	}
	k.Key(now, code, true)
	k.Key(now, code, false)
	if shift {
		k.Key(now, keyLeftShift, false)
	}
}

type stroke struct {
	code  uint32
	shift bool
}

// runeSym is the keysym that types r.
func runeSym(r rune) xkb.Keysym {
	name := ""
	switch r {
	case '\n':
		name = "Return"
	case '\t':
		name = "Tab"
	case '\b':
		name = "BackSpace"
	case 0x1b:
		name = "Escape"
	}
	if name != "" {
		k, _ := xkb.KeysymByName(name)
		return k
	}
	return xkb.KeysymOf(r)
}

// keysFor finds the strokes for text on the first two levels of a keymap.
func keysFor(km *xkb.Keymap, text string) ([]stroke, bool) {
	where := map[xkb.Keysym]stroke{}
	km.EachKey(func(code uint32, _ string) {
		for level := range 2 {
			sym := km.SymAt(code, 0, level)
			if _, ok := where[sym]; !ok && sym != 0 {
				where[sym] = stroke{code, level == 1}
			}
		}
	})
	var out []stroke
	for _, r := range text {
		st, ok := where[runeSym(r)]
		if !ok {
			return nil, false
		}
		out = append(out, st)
	}
	return out, true
}

// maxTextKeys is how many different characters one keymap for text has.
const maxTextKeys = 200

// chunkEnd returns how much of text fits one such keymap.
func chunkEnd(text string) int {
	seen := map[rune]bool{}
	for i, r := range text {
		if seen[r] = true; len(seen) > maxTextKeys {
			return i
		}
	}
	return len(text)
}

// textKeymap makes a keymap that has each character of text on a key of its
// own, and tells which.
func textKeymap(text string) (*xkb.Keymap, map[rune]uint32, error) {
	codes := map[rune]uint32{}
	var syms []xkb.Keysym
	for _, r := range text {
		if codes[r] == 0 {
			syms = append(syms, runeSym(r))
			codes[r] = uint32(len(syms))
		}
	}
	km, err := xkb.OfSyms(syms)
	return km, codes, err
}

// chordKeys are the keys that stand for a chord's modifiers.
var chordKeys = []struct {
	mod  control.Mods
	code uint32
}{
	{control.Ctrl, 29}, {control.Shift, keyLeftShift}, {control.Alt, 56}, {control.Logo, 125}, {control.AltGr, 100},
}

// pressChord presses or releases the keys of a chord.
func (s *Session) pressChord(c control.Chord, a control.Action) error {
	var codes []uint32
	for _, m := range chordKeys {
		if c.Mods&m.mod != 0 {
			codes = append(codes, m.code)
		}
	}
	if c.Key != "" {
		code, err := s.keyCode(c.Key)
		if err != nil {
			return err
		}
		codes = append(codes, code)
	}
	now := s.loop.Now()
	if a != control.Release {
		for _, code := range codes {
			s.Key(now, code, true)
		}
	}
	if a != control.Press {
		for i := len(codes) - 1; i >= 0; i-- {
			s.Key(now, codes[i], false)
		}
	}
	return nil
}

// otherNames are what people call keys that X11 calls something else.
var otherNames = map[string]string{
	"enter": "Return", "esc": "Escape", "del": "Delete", "ins": "Insert", "bksp": "BackSpace", "bs": "BackSpace",
	"pgup": "Prior", "pageup": "Prior", "pgdn": "Next", "pagedown": "Next", "capslock": "Caps_Lock", "printscreen": "Print",
}

// keyCode returns the key that has a keysym on its first level.
func (s *Session) keyCode(name string) (uint32, error) {
	if x11, ok := otherNames[strings.ToLower(name)]; ok {
		name = x11
	}
	sym, ok := xkb.KeysymByFold(name)
	if r, n := utf8.DecodeRuneInString(name); !ok && n == len(name) {
		sym, ok = xkb.KeysymOf(r), true
	}
	if !ok {
		return 0, control.Errorf(control.CodeBadArgs, "there is no key called %q", name)
	}
	var code uint32
	km := s.seat.Keymap()
	km.EachKey(func(k uint32, _ string) {
		if code == 0 && km.SymAt(k, 0, 0) == sym.Lower() {
			code = k
		}
	})
	if code == 0 {
		return 0, control.Errorf(control.CodeBadArgs, "the keyboard layout has no key %q", name)
	}
	return code, nil
}
