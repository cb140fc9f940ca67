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

// chance is how probable a rise may be by chance that Growth believes.
const chance = 0.01

// Growth is the Slope of samples that rise by more than chance (Kendall's rank
// correlation, one-sided), and 0 of others. x has to rise. It is NaN with so few
// samples that none could tell.
func Growth(x, y []float64) float64 {
	n := len(y)
	if riseByChance(n, 0) > chance {
		return math.NaN()
	}
	var falls, ties int
	for i := range y {
		for _, later := range y[i+1:] {
			switch {
			case later < y[i]:
				falls++
			case later == y[i]:
				ties++
			}
		}
	}
	if riseByChance(n, falls+(ties+1)/2) > chance {
		return 0
	}
	return max(0, Slope(x, y))
}

// riseByChance is how probable it is that of the pairs of n samples in random
// order at most falls are the wrong way round.
func riseByChance(n, falls int) float64 {
	// p[k] is the probability of k such pairs among the samples so far: one more
	// is behind any number of the others.
	p := []float64{1}
	for m := 2; m <= n; m++ {
		next := make([]float64, len(p)+m-1)
		for k, q := range p {
			for d := range m {
				next[k+d] += q / float64(m)
			}
		}
		p = next
	}
	var sum float64
	for _, q := range p[:min(falls+1, len(p))] {
		sum += q
	}
	return sum
}
