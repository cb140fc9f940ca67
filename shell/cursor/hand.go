package cursor

// finger is a thick line from the knuckle to the tip.
type finger struct {
	knuckle, tip point
	width        int32
}

// Fingers from the index to the little one, in tenths of logical pixels.
var (
	openFingers = [4]finger{
		{point{118, 150}, point{104, 76}, 32},
		{point{148, 145}, point{143, 55}, 33},
		{point{180, 148}, point{182, 64}, 32},
		{point{209, 155}, point{219, 92}, 28},
	}
	closedFingers = [4]finger{
		{point{116, 150}, point{114, 118}, 32},
		{point{147, 145}, point{146, 106}, 33},
		{point{179, 148}, point{179, 110}, 32},
		{point{208, 155}, point{210, 124}, 28},
	}
	pointingFingers = [4]finger{
		{point{117, 150}, point{117, 52}, 33},
		{point{148, 145}, point{148, 116}, 33},
		{point{179, 148}, point{179, 121}, 32},
		{point{208, 155}, point{208, 133}, 28},
	}
)

// pointing is the hand over a link.
func pointing(s *sketch) {
	hand(s, pointingFingers)
	s.hot = point{117, 36}
}

// hand draws a right hand from behind: four fingers, a thumb and a palm, with
// light lines between the fingers.
func hand(s *sketch, fingers [4]finger) {
	s.hot = point{160, 160}
	for _, f := range fingers {
		s.line(f.width, f.knuckle, f.tip)
	}
	s.line(32, point{72, 155}, point{112, 205})
	s.area(30, point{116, 150}, point{208, 152}, point{207, 190}, point{190, 245}, point{128, 245}, point{108, 205})
	for i := range 3 {
		a, b := fingers[i], fingers[i+1]
		top := max(a.tip.y-a.width/4, b.tip.y-b.width/4)
		x := func(y int32) int32 {
			mid := func(f finger, side int32) int32 {
				dy := f.tip.y - f.knuckle.y
				return f.knuckle.x + (f.tip.x-f.knuckle.x)*(y-f.knuckle.y)/dy + side*f.width/2
			}
			return (mid(a, 1) + mid(b, -1)) / 2
		}
		s.stroke(light(), 8, point{x(top), top}, point{x(160), 160})
	}
}
