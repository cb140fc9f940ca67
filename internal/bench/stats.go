package bench

import (
	"math"
	"slices"
)

// Quantile returns the q-th quantile (0 to 1) of samples by linear
// interpolation, NaN for none. It sorts a copy.
func Quantile(samples []float64, q float64) float64 {
	if len(samples) == 0 {
		return math.NaN()
	}
	s := slices.Sorted(slices.Values(samples))
	at := q * float64(len(s)-1)
	lo := int(at)
	if lo+1 >= len(s) {
		return s[len(s)-1]
	}
	return s[lo] + (at-float64(lo))*(s[lo+1]-s[lo])
}

// TimeQuantile returns the duration below which the part q of all the time in
// samples was spent. Round trips made one after another count a stall once,
// however long it is; weighed by time it counts as much as it would for a request
// that comes at a random moment. It is NaN for none and sorts a copy.
func TimeQuantile(samples []float64, q float64) float64 {
	s := slices.Sorted(slices.Values(samples))
	var sum float64
	for _, d := range s {
		sum += d
	}
	left := q * sum
	for _, d := range s {
		if left -= d; left <= 0 {
			return d
		}
	}
	return math.NaN()
}

// Median is the middle of samples.
func Median(samples []float64) float64 { return Quantile(samples, 0.5) }

// Spread is half the distance between the largest and the smallest sample as a
// part of the median: the ± of a table cell. It is 0 for a median of 0.
func Spread(samples []float64) float64 {
	m := Median(samples)
	if len(samples) == 0 || m == 0 {
		return 0
	}
	return (slices.Max(samples) - slices.Min(samples)) / 2 / math.Abs(m)
}

// Slope is the Theil–Sen slope of y over x: the median over all pairs, which one
// outlier cannot bend. It is NaN with fewer than two distinct x.
func Slope(x, y []float64) float64 {
	var slopes []float64
	for i := range x {
		for j := i + 1; j < len(x); j++ {
			if dx := x[j] - x[i]; dx != 0 {
				slopes = append(slopes, (y[j]-y[i])/dx)
			}
		}
	}
	return Median(slopes)
}
