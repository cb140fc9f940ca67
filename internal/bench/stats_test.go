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
