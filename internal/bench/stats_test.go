package bench

import (
	"math"
	"testing"
)

func TestQuantile(t *testing.T) {
	for _, tc := range []struct {
		samples []float64
		q, want float64
	}{
		{[]float64{3, 1, 2}, 0.5, 2},
		{[]float64{4, 1, 2, 3}, 0.5, 2.5},
		{[]float64{7}, 0.99, 7},
		{[]float64{0, 10}, 0.99, 9.9},
		{[]float64{0, 10}, 1, 10},
		{[]float64{0, 10}, 0, 0},
	} {
		if got := Quantile(tc.samples, tc.q); math.Abs(got-tc.want) > 1e-9 {
			t.Errorf("Quantile(%v, %v) = %v; want %v", tc.samples, tc.q, got, tc.want)
		}
	}
	if got := Median(nil); !math.IsNaN(got) {
		t.Errorf("Median(nil) = %v; want NaN", got)
	}
	s := []float64{3, 1, 2}
	Quantile(s, 0.5)
	if s[0] != 3 {
		t.Error("Quantile sorted its argument")
	}
}

func TestSlopeIgnoresAnOutlier(t *testing.T) {
	x := []float64{0, 1, 2, 3, 4, 5, 6}
	y := []float64{5, 7, 9, 500, 13, 15, 17}
	if got := Slope(x, y); math.Abs(got-2) > 1e-9 {
		t.Errorf("Slope = %v; want 2", got)
	}
	if got := Slope([]float64{1, 1}, []float64{2, 3}); !math.IsNaN(got) {
		t.Errorf("Slope of one x = %v; want NaN", got)
	}
}

func TestSpread(t *testing.T) {
	if got := Spread([]float64{9, 10, 13}); math.Abs(got-0.2) > 1e-9 {
		t.Errorf("Spread = %v; want 0.2", got)
	}
	if got := Spread([]float64{0, 0, 4}); got != 0 {
		t.Errorf("Spread around 0 = %v; want 0", got)
	}
}

func TestTimeQuantileSeesAStall(t *testing.T) {
	// A stall of 2 ms among 999 round trips of 10 us takes a sixth of the time.
	us := []float64{2000}
	for range 999 {
		us = append(us, 10)
	}
	if got := Quantile(us, 0.99); got != 10 {
		t.Errorf("Quantile = %v; want 10", got)
	}
	if got := TimeQuantile(us, 0.99); got != 2000 {
		t.Errorf("TimeQuantile = %v; want 2000", got)
	}
	if got := TimeQuantile(us, 0.5); got != 10 {
		t.Errorf("TimeQuantile 0.5 = %v; want 10", got)
	}
	if got := TimeQuantile(nil, 0.5); !math.IsNaN(got) {
		t.Errorf("TimeQuantile(nil) = %v; want NaN", got)
	}
}

func TestGrowth(t *testing.T) {
	x := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9, 10}
	for _, tc := range []struct {
		what string
		y    []float64
		want float64
	}{
		{"a line", []float64{2, 4, 6, 8, 10, 12, 14, 16, 18, 20}, 2},
		{"a line down", []float64{20, 18, 16, 14, 12, 10, 8, 6, 4, 2}, 0},
		{"nothing", []float64{5, 5, 5, 5, 5, 5, 5, 5, 5, 5}, 0},
		{"noise", []float64{5, 9, 4, 7, 3, 8, 6, 9, 2, 7}, 0},
		{"one step", []float64{5, 5, 5, 5, 5, 5, 5, 5, 5, 9}, 0},
		{"steps", []float64{0, 0, 0, 4, 4, 4, 8, 8, 8, 12}, 4. / 3},
		{"a line with an outlier", []float64{2, 4, 6, 8, 30, 12, 14, 16, 18, 20}, 2},
	} {
		if got := Growth(x, tc.y); math.Abs(got-tc.want) > 0.1 {
			t.Errorf("Growth of %s = %v; want %v", tc.what, got, tc.want)
		}
	}
	if got := Growth(x[:4], x[:4]); !math.IsNaN(got) {
		t.Errorf("Growth of four samples = %v; want NaN", got)
	}
}

func TestRiseByChance(t *testing.T) {
	for _, tc := range []struct {
		n, falls int
		want     float64
	}{{1, 0, 1}, {2, 0, 1. / 2}, {3, 0, 1. / 6}, {3, 1, 1. / 2}, {4, 1, 4. / 24}, {4, 6, 1}, {4, 9, 1}} {
		if got := riseByChance(tc.n, tc.falls); math.Abs(got-tc.want) > 1e-12 {
			t.Errorf("riseByChance(%d, %d) = %v; want %v", tc.n, tc.falls, got, tc.want)
		}
	}
}
