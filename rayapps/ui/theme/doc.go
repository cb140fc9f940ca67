// Package theme holds the design tokens of the toolkit: colours, type sizes,
// spaces, radii, shadows and durations. Widgets name roles and never a number.
//
//	th := theme.New(theme.Dark, 0)             // the scheme's own accent
//	th := theme.New(theme.Light, 0xffb8327a)   // somebody's
//	ink := th.Text1
//
// Colours are opaque premultiplied render.Colors in sRGB unless a method says
// otherwise. Sizes are logical pixels on a grid of 4.
//
// Text has a contrast of 4.5:1 on the surfaces it stands on, 7:1 in the
// contrast schemes; an accent that isn't fit for that is made lighter or darker
// until it is. The tests compute both.
//
// A Theme is plain data. It is shared, so nobody changes it after the first use.
package theme
