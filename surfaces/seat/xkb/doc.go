// Package xkb reads resolved XKB keymaps and follows keyboard state through
// them: which modifiers and layout group are active, which keysym and text a
// key gives, which keys repeat. It is pure Go; keymap text comes from
// xkbcli(1) (libxkbcommon-tools) or, where that is missing, from the us keymap
// built in here.
//
//	km, err := xkb.Load(xkb.Names{Layout: "us,ru", Options: "grp:alt_shift_toggle"})
//	st := xkb.NewState(km)
//	st.UpdateKey(30, true)            // evdev code of the key labelled A
//	st.Sym(30), st.AppendUTF8(nil, 30)
//	st.Mods()                         // what wl_keyboard.modifiers carries
//
// Keys are evdev codes everywhere in this interface; the keymap text numbers
// them eight higher, as X11 did. Groups and levels count from 0. Modifier
// masks use the keymap's order: the eight real modifiers Shift, Lock, Control,
// Mod1..Mod5 are bits 0..7.
//
// A Keymap does not change after it was parsed and may be shared; a State
// belongs to one goroutine. Keymap text may come from clients, so the parser
// bounds size, nesting and counts and never resolves files: the only include
// it knows is "complete" for types and compatibility, which it carries itself.
//
// Semantics follow the XKB protocol specification as libxkbcommon implements
// it; the tests compare with libxkbcommon over whole keymaps.
package xkb
