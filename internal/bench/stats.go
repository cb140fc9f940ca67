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
