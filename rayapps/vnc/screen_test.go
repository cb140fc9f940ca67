package vnc

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"rayos/geom"
	"rayos/rayapps/rfb"
)

// A desktop that is drawn small comes from a picture that has the mean of its pixels,
// as far down as it is drawn, whatever of it changes when.
func TestSmallPictures(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	size := geom.Size{W: 611, H: 403}
	s, err := newScreen(size)
	if err != nil {
		t.Fatal(err)
	}
	fb := rfb.NewFramebuffer(size)
	show := func(r geom.Rect) {
		for y := r.Y0; y < r.Y1; y++ {
			for i := 4 * r.X0; i < 4*r.X1; i++ {
				fb.Pix[int(y)*fb.Stride+int(i)] = byte(rnd.Uint32())
			}
		}
		damage := geom.RegionOf(r)
		s.take(&fb, &damage)
	}
	show(size.Rect())
	for _, c := range []struct {
		room geom.Size
		want geom.Size
	}{
		{geom.Size{W: 611, H: 403}, size},
		{geom.Size{W: 306, H: 202}, size},
		{geom.Size{W: 305, H: 201}, geom.Size{W: 306, H: 202}},
		{geom.Size{W: 100, H: 66}, geom.Size{W: 153, H: 101}},
		{geom.Size{W: 1, H: 1}, geom.Size{W: 2, H: 1}},
		{geom.Size{W: 153, H: 101}, geom.Size{W: 153, H: 101}},
		{geom.Size{W: 2000, H: 2000}, size},
	} {
		l, err := s.atSize(c.room)
		if err != nil {
			t.Fatal(err)
		}
		for range 5 {
			x, y := rnd.Int32N(size.W), rnd.Int32N(size.H)
			show(geom.Rect{X0: x, Y0: y, X1: x + 1 + rnd.Int32N(size.W-x), Y1: y + 1 + rnd.Int32N(size.H-y)})
		}
		want := &s.level
		for want.size != l.size {
			half, err := newLevel(geom.Size{W: (want.size.W + 1) / 2, H: (want.size.H + 1) / 2})
			if err != nil {
				t.Fatal(err)
			}
			half.halve(want, want.size.Rect())
			want = half
		}
		if l.size != c.want || !bytes.Equal(l.pix, want.pix) {
			t.Errorf("on %v: a picture of %v, the same: %v; want %v", c.room, l.size, bytes.Equal(l.pix, want.pix), c.want)
		}
	}
}

// Lines of a pixel become grey, not all or nothing.
func TestThinLines(t *testing.T) {
	size := geom.Size{W: 64, H: 64}
	s, err := newScreen(size)
	if err != nil {
		t.Fatal(err)
	}
	fb := rfb.NewFramebuffer(size)
	for i := range fb.Pix {
		if i/4%4 == 0 { // every fourth column
			fb.Pix[i] = 200
		}
	}
	damage := geom.RegionOf(size.Rect())
	s.take(&fb, &damage)
	l, err := s.atSize(geom.Size{W: 16, H: 16})
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range l.pix {
		if v != 50 {
			t.Fatalf("byte %d is %d; want 50", i, v)
		}
	}
}
