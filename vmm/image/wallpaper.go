package image

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"math"
)

// wallpaper is the desktop's background as PNG, the same each time: a dark
// slope with a teal light behind its lower left edge. It is small, since all of
// it is soft and whoever shows it scales it.
func wallpaper() ([]byte, error) {
	const w, h = 192, 120
	type rgb [3]float64
	top, bottom, light := rgb{15, 19, 24}, rgb{20, 30, 36}, rgb{30, 110, 104}
	p := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			fx, fy := float64(x)/(w-1), float64(y)/(h-1)
			d := math.Hypot((fx-0.15)*w/h, fy-1.15)
			glow := 0.55 * math.Exp(-2.2*d*d)
			var c [3]uint8
			for i := range c {
				v := top[i] + (bottom[i]-top[i])*fy
				c[i] = uint8(math.Round(v + (light[i]-v)*glow))
			}
			p.SetRGBA(x, y, color.RGBA{c[0], c[1], c[2], 255})
		}
	}
	var b bytes.Buffer
	err := png.Encode(&b, p)
	return b.Bytes(), err
}
