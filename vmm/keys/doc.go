// Package keys is what the keys of a PC keyboard are called: key
// specifications such as "ctrl+alt-delete", and which keys of a US keyboard
// make a text. Keys are evdev codes (linux/input-event-codes.h). The prompt
// reads specifications by it and rayos-vm types by it, so that both mean the
// same.
//
//	c, err := keys.Parse("ctrl+c")
//	for _, code := range c.Codes() {
//		press(code)
//	}
package keys
