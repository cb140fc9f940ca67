package theme

import "rayos/rayapps/ui/theme"

// Type sizes. Line height is size × LineHeight / 10.
const (
	Caption    = theme.Caption
	Body       = theme.Body
	Heading    = theme.Heading
	Title      = theme.Title
	Display    = theme.Display
	LineHeight = 14
)

// Spaces of the 4 px grid.
const (
	Space1 = theme.Space1
	Space2 = theme.Space2
	Space3 = theme.Space3
	Space4 = theme.Space4
	Space5 = theme.Space5
	Space6 = theme.Space6
)

// Radii.
const (
	RadiusControl = theme.RadiusControl
	RadiusWindow  = 10
	RadiusPrompt  = theme.RadiusPrompt
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
	FocusRing   = theme.FocusRing
	FocusOffset = theme.FocusOffset
	CursorSize  = 24
)

// Icon sizes; strokes are IconStroke/10 px wide.
const (
	IconSmall  = theme.IconSmall
	IconMedium = theme.IconMedium
	IconLarge  = theme.IconLarge
	IconStroke = 15
)

// Shadow is a blurred black copy of a frame, moved down by Y.
type Shadow = theme.Shadow

// Shadows: y, blur, and alpha of 255.
var (
	ShadowFocused = Shadow{Y: 12, Blur: 32, Alpha: 115} // 45 %
	ShadowWindow  = Shadow{Y: 6, Blur: 16, Alpha: 77}   // 30 %
	ShadowPopover = Shadow{Y: 8, Blur: 24, Alpha: 102}  // 40 %
)

// Motion: cubic ease-out, interruptible; nothing moves when reduced motion is
// set.
const (
	MotionPress = theme.MotionPress // hover and press
	MotionPanel = theme.MotionPanel // windows and panels
)
