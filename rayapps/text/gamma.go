package text

import "rayos/gpu/render"

// Gamma returns what coverage of text in colour c becomes before it is blended.
// Blending sRGB values as if they were light makes dark text too heavy and
// light text too thin; the table undoes that for text on its usual ground,
// light under dark text and dark under light.
func Gamma(c render.Color) *[256]uint8 {
	return &gammas[luma(c)>>5]
}

// luma is the brightness of a premultiplied colour without its alpha, 0 to 255.
func luma(c render.Color) uint32 {
	a := uint32(c.A())
	if a == 0 {
		return 0
	}
	r, g, b := uint32(c>>16&0xff), uint32(c>>8&0xff), uint32(c&0xff)
	return min((r*54+g*183+b*19)/256*255/a, 255)
}

// gammas are the tables for eight steps of brightness.
var gammas = func() (t [8][256]uint8) {
	for i := range t {
		for k := range 256 {
			t[i][k] = uint8(k)
		}
	}
	return t
}()
