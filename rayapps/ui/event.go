package ui

import "rayos/geom"

// Event is something that happened to the person's devices: *Pointer, *Pinch,
// *Keystroke, *Preedit, *Commit, *Delete or *Paste. Events belong to the caller and are not
// kept.
type Event interface{ event() }

// PointerKind is what a pointer or finger did.
type PointerKind uint8

// Kinds.
const (
	PointerMove    PointerKind = iota
	PointerPress               // a button or finger went down
	PointerRelease             // … and up
	PointerScroll              // a wheel, or fingers on a touchpad
	PointerLeave               // the pointer left the root
	PointerCancel              // the gesture belongs to somebody else now
)

func (k PointerKind) String() string {
	return [...]string{"move", "press", "release", "scroll", "leave", "cancel"}[min(k, PointerCancel)]
}

// PointerButton is a button of a pointer.
type PointerButton uint8

// Buttons, as right-handed people have them. Fingers press the left one.
const (
	LeftButton PointerButton = iota
	RightButton
	MiddleButton
)

// EvdevButton returns the button of a code of linux/input-event-codes.h, and
// false for those that widgets don't know.
func EvdevButton(code uint32) (PointerButton, bool) {
	switch code {
	case 0x110: // BTN_LEFT
		return LeftButton, true
	case 0x111: // BTN_RIGHT
		return RightButton, true
	case 0x112: // BTN_MIDDLE
		return MiddleButton, true
	}
	return 0, false
}

// Pointer is an event of a pointer or a finger.
type Pointer struct {
	Kind   PointerKind
	Button PointerButton
	// Pos is in logical pixels, from the top-left corner of the root when it
	// is given to Root.Event and of the element in Handle.
	Pos geom.FPoint
	// Scroll is how far the content shall move, in logical pixels: positive
	// goes towards the end.
	Scroll geom.FPoint
	Mods   Mods
	Touch  bool
	// Clicks counts presses of one button at one place; the root fills it in.
	Clicks int
}

// Pinch is fingers on a touchpad that go apart or together. It goes to what is
// below the pointer.
type Pinch struct {
	Pos  geom.FPoint // of the pointer, as in Pointer
	Zoom float64     // how much farther apart than at the last event, above 0
	Pan  geom.FPoint // how far all of them went, in logical pixels
}

// Mods are modifier keys.
type Mods uint8

// Modifiers.
const (
	Shift Mods = 1 << iota
	Ctrl
	Alt
	Super
)

// Sym is a key as an X keysym: characters are their Latin-1 code.
type Sym uint32

// Keys that widgets know.
const (
	KeySpace     Sym = 0x20
	KeyBackspace Sym = 0xff08
	KeyTab       Sym = 0xff09
	KeyBackTab   Sym = 0xfe20
	KeyEnter     Sym = 0xff0d
	KeyPadEnter  Sym = 0xff8d
	KeyEscape    Sym = 0xff1b
	KeyDelete    Sym = 0xffff
	KeyInsert    Sym = 0xff63
	KeyHome      Sym = 0xff50
	KeyLeft      Sym = 0xff51
	KeyUp        Sym = 0xff52
	KeyRight     Sym = 0xff53
	KeyDown      Sym = 0xff54
	KeyPageUp    Sym = 0xff55
	KeyPageDown  Sym = 0xff56
	KeyEnd       Sym = 0xff57
	KeyMenu      Sym = 0xff67
	KeyF2        Sym = 0xffbf
	KeyF10       Sym = 0xffc7
)

// Keystroke is a press of a key, or a release. Text is what it types, if
// anything.
type Keystroke struct {
	Sym     Sym
	Text    string
	Mods    Mods
	Release bool
	Repeat  bool
}

// Preedit is text that an input method has not settled yet. Start and End are
// byte offsets of its cursor, -1 hides it.
type Preedit struct {
	Text       string
	Start, End int
}

// Commit is text that an input method has settled.
type Commit struct{ Text string }

// Delete is an input method's wish to delete text around the cursor, in bytes.
type Delete struct{ Before, After int }

// Paste brings the text that a Clipboard was asked for.
type Paste struct{ Text string }

func (*Pointer) event()   {}
func (*Pinch) event()     {}
func (*Keystroke) event() {}
func (*Preedit) event()   {}
func (*Commit) event()    {}
func (*Delete) event()    {}
func (*Paste) event()     {}

// Cursor is the shape of the pointer; the names are those of
// wp_cursor_shape_device_v1.
type Cursor uint8

// Shapes.
const (
	CursorDefault Cursor = iota
	CursorPointer
	CursorText
	CursorColResize
	CursorRowResize
	CursorNotAllowed
	CursorGrab
	CursorGrabbing
	CursorCrosshair
	CursorWait
)

func (c Cursor) String() string {
	return [...]string{
		"default", "pointer", "text", "col-resize", "row-resize", "not-allowed", "grab", "grabbing", "crosshair", "wait",
	}[min(c, CursorWait)]
}

// step returns how a key moves in a group of things that stand beside each
// other, or below each other: 1 to the next, -1 to the one before, 0 not at
// all. Left is the next one where text runs right to left.
func (e *Element) step(k *Keystroke, row, column bool) int {
	if k.Release || k.Mods&(Ctrl|Alt|Super) != 0 {
		return 0
	}
	d := 0
	switch {
	case row && k.Sym == KeyRight:
		d = 1
	case row && k.Sym == KeyLeft:
		d = -1
	case column && k.Sym == KeyDown:
		return 1
	case column && k.Sym == KeyUp:
		return -1
	}
	if e.RTL() {
		d = -d
	}
	return d
}
