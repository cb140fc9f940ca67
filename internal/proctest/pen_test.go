package proctest

import (
	"image"
	"testing"
)

// TestPenDrawsWithPressure: a program that asks for tablets draws a stroke
// whose blackness is the pressure.
func TestPenDrawsWithPressure(t *testing.T) {
	Need(t, "gtk4-demo")
	s := Start(t)
	w := s.Window(s.Launch("gtk4-demo", "--run=paint"))
	paper := Bounds(w.Content)
	paper.Min.Y += 60 // below the header bar
	paper = paper.Inset(20)
	s.Until("the paper is white", func() bool {
		c := s.Shoot(nil).RGBAAt(paper.Min.X, paper.Min.Y)
		return c.R == 255 && c.G == 255 && c.B == 255
	})
	stroke := func(y int, pressure float64) {
		for x := paper.Min.X; x <= paper.Max.X; x += 10 {
			s.Call("input pen", Args{"x": x, "y": y, "pressure": pressure, "press": true})
		}
		s.Call("input pen", Args{"x": paper.Max.X, "y": y, "release": true, "away": true})
	}
	light, dark := paper.Min.Y+20, paper.Min.Y+60
	stroke(light, 0.2)
	stroke(dark, 1)
	s.Until("both strokes are there, the harder one darker", func() bool {
		p := s.Shoot(nil)
		return darkest(p, paper, dark) < darkest(p, paper, light) && darkest(p, paper, light) < 250
	})
}

// darkest returns the least red of the pixels around a line of r.
func darkest(p Picture, r image.Rectangle, y int) uint8 {
	least := uint8(255)
	for dy := -4; dy <= 4; dy++ {
		least = min(least, p.RGBAAt((r.Min.X+r.Max.X)/2, y+dy).R)
	}
	return least
}
