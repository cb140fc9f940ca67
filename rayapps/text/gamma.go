package text

import "rayos/gpu/render"

// Gamma returns what coverage of text in colour c becomes before it is blended.
//
// Light adds up linearly, sRGB values don't: blended as they are, half a pixel
// of white on black comes out too dark and half a pixel of black on white too
// dark as well, so that light text looks thin and dark text bold. The tables
// undo that for light text. Dark text keeps most of its weight, because thin
// strokes without hinting need it: what blending adds and what the eye misses
// are nearly the same. The curve is the parabola k + t·k·(1−k), which runs
// within 1/40 of the power curve of 1.2 for white on black.
func Gamma(c render.Color) *[256]uint8 { return &gammas[luma(c)>>5] }

// luma is the brightness of a premultiplied colour without its alpha, 0 to 255.
func luma(c render.Color) uint32 {
	a := uint32(c.A())
	if a == 0 {
		return 0
	}
	r, g, b := uint32(c>>16&0xff), uint32(c>>8&0xff), uint32(c&0xff)
	return min((r*54+g*183+b*19)/256*255/a, 255)
}

// gammas are the tables for eight steps of brightness: t goes from -1/32 for
// black to 8/32 for white.
var gammas = func() (tables [8][256]uint8) {
	for i, t := range [8]int{-1, 0, 1, 3, 4, 5, 7, 8} {
		for k := range 256 {
			tables[i][k] = uint8(k + (t*k*(255-k)/255+16*sign(t))/32)
		}
	}
	return tables
}()

func sign(v int) int {
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}
