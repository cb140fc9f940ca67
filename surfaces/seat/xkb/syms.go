package xkb

import (
	"errors"
	"fmt"
	"strings"
)

// maxOwnKeys is how many keys there is room for.
const maxOwnKeys = 247

// OfSyms makes a keymap that has each keysym on a key of its own: the first on code
// 1, and so on.
func OfSyms(syms []Keysym) (*Keymap, error) {
	if len(syms) > maxOwnKeys {
		return nil, errors.New("more keysyms than a keymap has keys")
	}
	var keycodes, symbols strings.Builder
	for i, sym := range syms {
		fmt.Fprintf(&keycodes, "<K%d> = %d;\n", i+1, i+9)
		fmt.Fprintf(&symbols, "key <K%d> { [ %v ] };\n", i+1, sym)
	}
	return Parse(fmt.Sprintf(`xkb_keymap {
xkb_keycodes "syms" { minimum = 8; maximum = 255; %s };
xkb_types "syms" { type "ONE_LEVEL" { modifiers = none; level_name[Level1] = "Any"; }; };
xkb_compatibility "syms" { };
xkb_symbols "syms" { %s };
};
`, keycodes.String(), symbols.String()))
}
