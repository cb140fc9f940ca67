package geom

import (
	"math"
	"testing"
	"testing/quick"
)

func TestFixed(t *testing.T) {
	for _, c := range []struct {
		in    float64
		want  Fixed
		whole int32
	}{
		{0, 0, 0},
		{1, 256, 1},
		{-1, -256, -1},
		{1.5, 384, 1},
		{-0.25, -64, -1},
		{1.0 / 512, 1, 0},
		{-1.0 / 512, -1, -1},
		{1e12, math.MaxInt32, 8388607},
		{-1e12, math.MinInt32, -8388608},
	} {
		f := FixedFromFloat(c.in)
		if f != c.want || f.Int() != c.whole {
			t.Errorf("FixedFromFloat(%v) = %d (%d); want %d (%d)", c.in, f, f.Int(), c.want, c.whole)
		}
	}
	if FixedFromInt(-7).Float() != -7 || FixedFromInt(8388607).Int() != 8388607 {
		t.Error("FixedFromInt does not round trip")
	}
	round := func(v int32) bool { return FixedFromFloat(Fixed(v).Float()) == Fixed(v) }
	if err := quick.Check(round, nil); err != nil {
		t.Error(err)
	}
}

func TestScaleRounding(t *testing.T) {
	for _, c := range []struct {
		s       Scale
		in, out int32
	}{
		{120, -5, -5},
		{150, 1, 1},
		{150, 2, 3},
		/* 2.5 up */ {150, 3, 4},
		{150, -2, -2},
		/* -2.5 up */ {150, -3, -4},
		{180, 1, 2},
		{180, -1, -1},
		{240, -3, -6},
		{60, 1, 1},
		{60, -1, 0},
		{240, math.MaxInt32, math.MaxInt32},
		{240, math.MinInt32, math.MinInt32},
	} {
		if got := c.s.Apply(c.in); got != c.out {
			t.Errorf("Scale(%d).Apply(%d) = %d; want %d", c.s, c.in, got, c.out)
		}
	}
	for s, want := range map[Scale]int32{120: 1, 121: 2, 150: 2, 240: 2, 241: 3} {
		if got := s.Ceil(); got != want {
			t.Errorf("Scale(%d).Ceil() = %d; want %d", s, got, want)
		}
	}
}

func TestScaleProperties(t *testing.T) {
	prop := func(s uint8, x, y int16, w, h, dx uint8) bool {
		scale := Scale(60) + Scale(s)
		a := XYWH(int32(x), int32(y), int32(w), int32(h))
		b := XYWH(a.X1, a.Y0, int32(dx), int32(h))
		pa, pb, out := scale.ApplyRect(a), scale.ApplyRect(b), scale.Outwards(a)
		exact := float64(a.X1) * scale.Float()
		return pa.X1 == pb.X0 && // neighbours touch
			out.Contains(pa) &&
			math.Abs(float64(pa.X1)-exact) <= 0.5+1e-6 &&
			float64(out.X1) >= exact-1e-6 && float64(out.X1) < exact+1 &&
			math.Abs(scale.Unapply(exact)-float64(a.X1)) < 1e-6
	}
	if err := quick.Check(prop, &quick.Config{MaxCount: 2000}); err != nil {
		t.Error(err)
	}
}
