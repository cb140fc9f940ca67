package theme

import "time"

// Type sizes. A line is 1.4 em high.
const (
	Caption = 12
	Body    = 13
	Heading = 15
	Title   = 20
	Display = 28
)

// Spaces of the 4 px grid.
const (
	Space1 = 4
	Space2 = 8
	Space3 = 12
	Space4 = 16
	Space5 = 24
	Space6 = 32
)

// Radii.
const (
	RadiusSmall   = 4 // check boxes, rows of menus
	RadiusControl = 6
	RadiusPopover = 10
	RadiusPrompt  = 16
)

// The focus ring.
const (
	FocusRing   = 2 // width
	FocusOffset = 2 // between a control and its ring
)

// Icon sizes.
const (
	IconSmall  = 16
	IconMedium = 20
	IconLarge  = 24
)

// Motion: cubic ease-out, interruptible.
const (
	MotionPress = 120 * time.Millisecond // hover and press
	MotionPanel = 180 * time.Millisecond // popovers and panels
)

// TooltipDelay is how long a pointer rests before a tooltip comes up.
const TooltipDelay = 600 * time.Millisecond

// CaretBlink is half the period of a caret, CaretStill how long after the last
// edit it stops blinking, so that a forgotten window doesn't wake anybody.
const (
	CaretBlink = 530 * time.Millisecond
	CaretStill = 10 * time.Second
)

// Shadow is a blurred copy of a box, moved down by Y. Alpha is of 255.
type Shadow struct {
	Y, Blur int32
	Alpha   uint8
}

// PopoverShadow returns what is below menus, popovers and dialogs. On light
// surfaces half as much says the same.
func (t *Theme) PopoverShadow() Shadow {
	if t.Light() {
		return Shadow{Y: 8, Blur: 24, Alpha: 51}
	}
	return Shadow{Y: 8, Blur: 24, Alpha: 102}
}

// TipShadow returns what is below tooltips.
func (t *Theme) TipShadow() Shadow {
	s := t.PopoverShadow()
	return Shadow{Y: 2, Blur: 8, Alpha: s.Alpha}
}

// Control returns the height of buttons, fields and rows: 28 px, 40 px where
// fingers work.
func (t *Theme) Control() int32 {
	if t.Touch {
		return 40
	}
	return 28
}
