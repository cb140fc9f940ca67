package proctest

import (
	"bytes"
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

// Bounds turns a rectangle of the session into one of a picture at scale 1.
func Bounds(r control.Rect) image.Rectangle {
	return image.Rect(int(r.X), int(r.Y), int(r.X+r.W), int(r.Y+r.H))
}
