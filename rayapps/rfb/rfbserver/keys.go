package rfbserver

// extendedKeys are the keys whose scancode of set 1 has a prefix of 0xe0, as codes of
// linux/input-event-codes.h.
var extendedKeys = map[uint32]uint32{
	0x10: 165, 0x19: 163, 0x1c: 96, 0x1d: 97, 0x20: 113, 0x21: 140, 0x22: 164, 0x24: 166, 0x2e: 114, 0x30: 115, 0x32: 172,
	0x35: 98, 0x37: 99, 0x38: 100, 0x46: 119, 0x47: 102, 0x48: 103, 0x49: 104, 0x4b: 105, 0x4d: 106, 0x4f: 107, 0x50: 108,
	0x51: 109, 0x52: 110, 0x53: 111, 0x5b: 125, 0x5c: 126, 0x5d: 127, 0x5e: 116, 0x5f: 142, 0x63: 143, 0x65: 217, 0x66: 156,
	0x67: 173, 0x68: 128, 0x69: 159, 0x6a: 158, 0x6b: 157, 0x6c: 155, 0x6d: 226,
}

// keyCode turns a scancode of a PC keyboard's set 1, with the bit 0x80 for a prefix
// of 0xe0, into one of linux/input-event-codes.h; 0 if there is none.
func keyCode(scan uint32) uint32 {
	switch {
	case scan == 0x54:
		return 99 // SysRq, with Alt
	case scan == 0xc6:
		return 119 // Pause
	case scan&0x80 != 0 || scan&^0xff == 0xe000:
		return extendedKeys[scan&0x7f]
	case scan > 0 && scan <= 0x58:
		return scan
	case scan == 0x59:
		return 117 // keypad =
	case scan == 0x70:
		return 93 // Katakana/Hiragana
	case scan == 0x73:
		return 89 // Ro
	case scan == 0x79:
		return 92 // Henkan
	case scan == 0x7b:
		return 94 // Muhenkan
	case scan == 0x7d:
		return 124 // Yen
	case scan == 0x7e:
		return 121 // keypad ,
	}
	return 0
}
