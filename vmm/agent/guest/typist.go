package guest

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"golang.org/x/sys/unix"

	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/vmm/agent"
)

// keysPerMap is how many keys a keymap gives: XKB has codes from 8 to 255, and
// programs take the first of them for themselves.
const keysPerMap = 200

// typeText types any text into whatever has the focus in the compositor at
// path: by a keyboard of its own (virtual-keyboard-unstable-v1) that has a key
// for each character.
func typeText(path, text string) error {
	d, err := client.Connect(path)
	if err != nil {
		return err
	}
	defer d.Close()
	g, err := d.Globals()
	if err != nil {
		return err
	}
	name, version, ok := g.Find(&protocol.ZwpVirtualKeyboardManagerV1Interface)
	seat, _, seated := g.Find(&protocol.WlSeatInterface)
	if !ok || !seated {
		return agent.Refusal("no_virtual_keyboard")
	}
	m := client.BindZwpVirtualKeyboardManagerV1(g.Registry, name, version)
	k := m.CreateVirtualKeyboard(client.BindWlSeat(g.Registry, seat, 1))
	defer func() {
		k.Destroy()
		// What was typed is with the compositor by now.
		_ = d.Roundtrip()
	}()
	rest := []rune(text)
	for at := uint32(0); len(rest) > 0; {
		chars, n := distinct(rest, keysPerMap)
		if err := setKeymap(k, chars); err != nil {
			return err
		}
		for _, r := range rest[:n] {
			key := uint32(slices.Index(chars, r)) + firstKey - 8
			k.Key(at, key, uint32(protocol.WlKeyboardKeyStatePressed))
			k.Key(at+1, key, uint32(protocol.WlKeyboardKeyStateReleased))
			if at += 2; at%64 == 0 {
				if err := d.Roundtrip(); err != nil {
					return err
				}
			}
		}
		if err := d.Roundtrip(); err != nil {
			return err
		}
		rest = rest[n:]
	}
	return nil
}

// firstKey is the XKB code of the first key.
const firstKey = 10

// distinct returns the characters of as much of a text as they suffice for,
// and how long that is.
func distinct(text []rune, limit int) (chars []rune, n int) {
	for i, r := range text {
		if slices.Contains(chars, r) {
			continue
		}
		if len(chars) == limit {
			return chars, i
		}
		chars = append(chars, r)
	}
	return chars, len(text)
}

// keysym is XKB's name of what makes a character.
func keysym(r rune) string {
	switch r {
	case '\n', '\r':
		return "Return"
	case '\t':
		return "Tab"
	case '\b':
		return "BackSpace"
	}
	return fmt.Sprintf("U%04X", r)
}

// keymap has a key for each character.
func keymap(chars []rune) string {
	var codes, symbols strings.Builder
	for i, r := range chars {
		fmt.Fprintf(&codes, "<K%d> = %d;\n", i, firstKey+i)
		fmt.Fprintf(&symbols, "key <K%d> { [ %s ] };\n", i, keysym(r))
	}
	return "xkb_keymap {\n" +
		"xkb_keycodes \"typed\" {\nminimum = 8;\nmaximum = 255;\n" + codes.String() + "};\n" +
		"xkb_types \"typed\" { include \"complete\" };\n" +
		"xkb_compatibility \"typed\" { include \"complete\" };\n" +
		"xkb_symbols \"typed\" {\n" + symbols.String() + "};\n};\n"
}

func setKeymap(k *client.ZwpVirtualKeyboardV1, chars []rune) error {
	text := keymap(chars) + "\x00"
	fd, err := unix.MemfdCreate("keymap", unix.MFD_CLOEXEC)
	if err != nil {
		return err
	}
	f := os.NewFile(uintptr(fd), "keymap")
	_, err = f.WriteString(text)
	if err == nil {
		k.Keymap(protocol.WlKeyboardKeymapFormatXkbV1, int(f.Fd()), uint32(len(text)))
	}
	return errors.Join(err, f.Close())
}
