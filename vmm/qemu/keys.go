package qemu

// extended maps evdev codes to QEMU's key numbers (docs/interop/dbus-display,
// Keyboard.Press): codes of PC scan code set 1, with bit 7 for the prefix e0.
// Up to 83, and for F11 and F12, they are evdev's own. The table is what QEMU
// 7.2 presses on a virtio keyboard, read back in a guest
// (TestEveryKeyArrivesAsItself); keys that are in neither it has not.
var extended = map[uint32]uint32{
	86:  0x56, // the key beside the left shift of an ISO keyboard
	89:  0x73, // ro
	91:  0x77, // hiragana
	92:  0x79, // henkan
	93:  0x70, // katakana, hiragana
	94:  0x7b, // muhenkan
	96:  0x9c, // keypad enter
	97:  0x9d, // right control
	98:  0xb5, // keypad slash
	99:  0x54, // system request, print
	100: 0xb8, // right alt
	101: 0x5b, // line feed
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
	122: 0x72, // hangul
	123: 0x71, // hanja
	124: 0x7d, // yen
	125: 0xdb, // left meta
	126: 0xdc, // right meta
	127: 0xdd, // menu
	128: 0xe8, // stop
	129: 0x85, // again
	130: 0x86, // properties
	131: 0x87, // undo
	132: 0x8c, // front
	133: 0xf8, // copy
	134: 0x64, // open
	135: 0x65, // paste
	136: 0xc1, // find
	137: 0xbc, // cut
	138: 0xf5, // help
	139: 0x9e, // application menu
	140: 0xa1, // calculator
	142: 0xdf, // sleep
	143: 0xe3, // wake up
	155: 0xec, // mail
	156: 0xe6, // bookmarks
	157: 0xeb, // computer
	158: 0xea, // back
	159: 0xe9, // forward
	163: 0x99, // next song
	164: 0xa2, // play, pause
	165: 0x90, // previous song
	166: 0xa4, // stop
	172: 0xb2, // home page
	173: 0xe7, // refresh
	226: 0xed, // media
}

// Keys returns the evdev codes of all keys that a guest can be given.
func Keys() []uint32 {
	var list []uint32
	for code := range uint32(256) {
		if _, ok := keyNumber(code); ok {
			list = append(list, code)
		}
	}
	return list
}

// keyNumber returns QEMU's number of an evdev key.
func keyNumber(code uint32) (uint32, bool) {
	if code >= 1 && code <= 83 || code == 87 || code == 88 {
		return code, true
	}
	n, ok := extended[code]
	return n, ok
}
