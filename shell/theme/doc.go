// Package theme holds the design tokens: the only package that names a colour,
// a size or a duration. Everything drawn by the session takes its values from
// here, so that a change of look is a change of this package.
//
// Colours are opaque premultiplied render.Colors in sRGB. Sizes are logical
// pixels and are multiplied by the output's scale where pictures are made.
//
//	p := theme.For(theme.Dark)
//	stripe := p.Trust[theme.Linux]
//	label := theme.Linux.Word() // always shown beside the colour
//
// Text reaches a contrast of 4.5:1 on the three surfaces, and a trust colour
// 3:1 on the title bar; the tests compute both.
package theme
