// Package seat is the input core: who has the pointer, the keyboard and each
// touch point, in which order they are told, and who may hold input captive.
// It knows no protocol objects; adapters implement Focus and turn its calls
// into events.
//
// Devices call the entry points (Motion, Button, Axis, Frame, Keyboard.Key,
// TouchDown …), in logical layout coordinates and evdev codes. The seat asks
// the injected hit test what lies under a point and delivers to that Focus:
//
//	s := seat.New(seat.Config{Hit: hit, Now: loop.Now, Keymap: km})
//	s.Motion(t, geom.FPoint{X: 10, Y: 20})
//	s.Button(t, 0x110, true)
//	s.Frame()
//
// Invariants:
//
//   - Every enter is followed by exactly one leave, unless the Focus was
//     forgotten. Nothing but enter reaches a Focus that lacks the focus.
//   - A Focus whose Accepts is false is treated as if nothing were there.
//   - While a button is held, motion goes to the Focus it went down on, also
//     outside of it.
//   - Session chords are matched before everything else; neither their press
//     nor its release is delivered.
//   - Grabs stack. The top one decides; ending it hands back to the one below,
//     at the bottom to the default (hover and implicit grab).
//   - Delivery of motion, buttons and keys allocates nothing.
//
// All calls come from the loop goroutine.
package seat
