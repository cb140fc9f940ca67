package theme

import "time"

// Type sizes. Line height is size × LineHeight / 10.
const (
	Caption    = 12
	Body       = 13
	Heading    = 15
	Title      = 20
	Display    = 28
	LineHeight = 14
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
	RadiusControl = 6
	RadiusWindow  = 10
	RadiusPrompt  = 16
)

// Window frames.
const (
	TitleBar   = 34 // height, with the stripe
	Stripe     = 3  // the trust stripe at the top of the title bar
	Border     = 2  // left, right and below the content
	ButtonW    = 34 // hit width of a title bar button
	ResizeEdge = 6  // how far outside the frame an edge can be taken
	ResizeGrip = 18 // how far along an edge a corner reaches
)

// Panels and controls.
const (
	Taskbar     = 40
	PromptWidth = 680
	PromptRow   = 44
	HitTarget   = 28
	HitTouch    = 40
	FocusRing   = 2
	FocusOffset = 2
	CursorSize  = 24
)

// Icon sizes; strokes are IconStroke/10 px wide.
const (
	IconSmall  = 16
	IconMedium = 20
	IconLarge  = 24
	IconStroke = 15
)

// Shadow is a blurred black copy of a frame, moved down by Y.
type Shadow struct {
	Y, Blur int32
	Alpha   uint8
}

// Shadows: y, blur, and alpha of 255.
var (
	ShadowFocused = Shadow{Y: 12, Blur: 32, Alpha: 115} // 45 %
	ShadowWindow  = Shadow{Y: 6, Blur: 16, Alpha: 77}   // 30 %
	ShadowPopover = Shadow{Y: 8, Blur: 24, Alpha: 102}  // 40 %
)

// Motion: cubic ease-out, interruptible; nothing moves when reduced motion is
// set.
const (
	MotionPress = 120 * time.Millisecond // hover and press
	MotionPanel = 180 * time.Millisecond // windows and panels
)
