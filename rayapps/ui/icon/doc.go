// Package icon holds the icons of the desktop: one set, drawn as paths on a grid
// of 24, with strokes of 1.5 logical pixels at every size.
//
//	icon.Draw(&builder, icon.Search, theme.IconSmall, geom.FixedPt(8, 6), false, ink)
//
// An icon is a string of commands on that grid; small letters don't exist, all
// coordinates are absolute:
//
//	M x y            start a contour
//	L x y, H x, V y  a line to there
//	Q x y x y        a quadratic curve
//	C x y x y x y    a cubic curve
//	Z                back to the start
//	O x y r          a circle
//	R x y w h r      a rectangle with round corners
//
// Icons that mean a direction are mirrored where text runs right to left.
// All functions may be called by any goroutine.
package icon
