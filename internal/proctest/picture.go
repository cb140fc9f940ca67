package proctest

import (
	"bytes"
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"testing"

	"rayos/shell/control"
)

// Picture is a screenshot. Its origin is 0, 0.
type Picture struct{ *image.RGBA }

// Decode reads a PNG.
func Decode(t testing.TB, b []byte) Picture {
	t.Helper()
	src, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	p := Picture{image.NewRGBA(image.Rectangle{Max: src.Bounds().Size()})}
	draw.Draw(p, p.Rect, src, src.Bounds().Min, draw.Src)
	return p
}

// Shoot takes a screenshot: of all outputs, or with an argument of a window or
// an output.
func (s *Session) Shoot(args Args) Picture {
	s.T.Helper()
	var p control.Picture
	if err := s.Try("screenshot", args, &p); err != nil {
		s.T.Fatalf("screenshot %v: %v", args, err)
	}
	return Decode(s.T, p.PNG)
}

// Diff returns the smallest rectangle that holds all pixels in which two
// pictures of one size differ.
func Diff(a, b Picture) image.Rectangle {
	if a.Rect != b.Rect {
		return a.Rect.Union(b.Rect)
	}
	var r image.Rectangle
	for y := range a.Rect.Max.Y {
		for x := range a.Rect.Max.X {
			if a.RGBAAt(x, y) != b.RGBAAt(x, y) {
				r = r.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return r
}

// Part copies a part of a picture.
func (p Picture) Part(r image.Rectangle) Picture {
	q := Picture{image.NewRGBA(image.Rectangle{Max: r.Size()})}
	draw.Draw(q, q.Rect, p, r.Min, draw.Src)
	return q
}

// Colors counts the different colours, up to 100.
func (p Picture) Colors() int {
	seen := map[[4]byte]bool{}
	for i := 0; i+4 <= len(p.Pix) && len(seen) < 100; i += 4 {
		seen[[4]byte(p.Pix[i:])] = true
	}
	return len(seen)
}

// Find returns the smallest rectangle that holds all pixels of about a colour,
// 0xrrggbb, and how many they are.
func (p Picture) Find(color uint32) (image.Rectangle, int) {
	var box image.Rectangle
	n := 0
	for y := range p.Rect.Max.Y {
		row := p.Pix[p.PixOffset(0, y):][:4*p.Rect.Max.X]
		for x := range p.Rect.Max.X {
			if near(row[4*x:], color) {
				n++
				box = box.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return box, n
}

// near reports whether a pixel is of a colour, 0xrrggbb, as far as conversions
// between colour models keep it.
func near(pix []byte, color uint32) bool {
	const tolerance = 6
	for i, shift := range [3]int{16, 8, 0} {
		if d := int(pix[i]) - int(color>>shift&0xff); d < -tolerance || d > tolerance {
			return false
		}
	}
	return true
}

// Is reports whether all pixels of a part are of about one colour, 0xrrggbb.
func (p Picture) Is(r image.Rectangle, color uint32) bool {
	q := p.Part(r)
	_, n := q.Find(color)
	return n > 0 && n == r.Dx()*r.Dy()
}

// Spot waits until a spot of a colour, 0xrrggbb, is on the screen, in a window
// or with id 0 anywhere, and returns the smallest rectangle around it.
func (s *Session) Spot(what string, id, color uint32) image.Rectangle {
	s.T.Helper()
	const least = 16 // pixels; edges of letters have fewer
	var box image.Rectangle
	s.Until(fmt.Sprintf("%s, of colour %06x", what, color), func() bool {
		p := s.Shoot(nil)
		var corner image.Point
		if id != 0 {
			w := s.Get(id)
			if w == nil {
				return false
			}
			corner = Bounds(w.Content).Min
			p = p.Part(Bounds(w.Content))
		}
		var n int
		box, n = p.Find(color)
		box = box.Add(corner)
		return n >= least
	})
	return box
}

// Middle returns the middle of a rectangle.
func Middle(r image.Rectangle) image.Point { return r.Min.Add(r.Max).Div(2) }

// Bounds turns a rectangle of the session into one of a picture at scale 1.
func Bounds(r control.Rect) image.Rectangle {
	return image.Rect(int(r.X), int(r.Y), int(r.X+r.W), int(r.Y+r.H))
}
