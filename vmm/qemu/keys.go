package qemu

// extended maps evdev codes to the second half of PC scan code set 1, where
// the code has the prefix e0; QEMU writes that as bit 7 of its key numbers
// (docs/interop/dbus-display, Keyboard.Press). Codes up to 83, and F11 and
// F12, are the same in both.
var extended = map[uint32]uint32{
	86:  0x56, // the key beside the left shift of an ISO keyboard
	89:  0x73, // ro
	92:  0x79, // henkan
	93:  0x70, // katakana, hiragana
	94:  0x7b, // muhenkan
	96:  0x9c, // keypad enter
	97:  0x9d, // right control
	98:  0xb5, // keypad slash
	99:  0x54, // system request, print
	100: 0xb8, // right alt
	102: 0xc7, // home
	103: 0xc8, // up
	104: 0xc9, // page up
	105: 0xcb, // left
	106: 0xcd, // right
	107: 0xcf, // end
	108: 0xd0, // down
	109: 0xd1, // page down
	110: 0xd2, // insert
	111: 0xd3, // delete
	113: 0xa0, // mute
	114: 0xae, // volume down
	115: 0xb0, // volume up
	116: 0xde, // power
	117: 0x59, // keypad equal
	119: 0xc6, // pause
	121: 0x7e, // keypad comma
	122: 0xf2, // hangul
	123: 0xf1, // hanja
	124: 0x7d, // yen
	125: 0xdb, // left meta
	126: 0xdc, // right meta
	127: 0xdd, // menu
	163: 0x99, // next song
	164: 0xa2, // play, pause
	165: 0x90, // previous song
	166: 0xa4, // stop
}

// keyNumber returns QEMU's number of an evdev key.
func keyNumber(code uint32) (uint32, bool) {
	if code >= 1 && code <= 83 || code == 87 || code == 88 {
		return code, true
	}
	n, ok := extended[code]
	return n, ok
}
