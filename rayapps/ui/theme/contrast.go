package theme

import (
	"math"

	"rayos/gpu/render"
)

// Contrast returns the contrast ratio of two opaque colours, 1 to 21, as WCAG
// 2.2 computes it.
func Contrast(a, b render.Color) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

// luminance is the relative luminance.
func luminance(c render.Color) float64 {
	channel := func(shift uint) float64 {
		v := float64(c>>shift&0xff) / 255
		if v <= 0.04045 {
			return v / 12.92
		}
		return math.Pow((v+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(16) + 0.7152*channel(8) + 0.0722*channel(0)
}
