package lexical

import "math"

// Log is the natural logarithm of a positive, finite x, with the same bits on
// every machine: math.Log is assembly on some. By the series of
// 2·artanh((m-1)/(m+1)) for a mantissa m between √½ and √2; the error is below
// 1e-15 relative to 1.
func Log(x float64) float64 {
	m, e := math.Frexp(x)
	if m < math.Sqrt2/2 {
		m, e = m*2, e-1
	}
	t := (m - 1) / (m + 1)
	tt := float64(t * t)
	sum := 0.0
	for k := 23; k >= 1; k -= 2 {
		sum = float64(sum*tt) + 1/float64(k)
	}
	return float64(float64(2*t)*sum) + float64(float64(e)*math.Ln2)
}

// IDF is how much a term of df among n documents says: ln(1 + (n-df+½)/(df+½)),
// never negative.
func IDF(n, df int) float64 {
	return Log(1 + (float64(n-df)+0.5)/(float64(df)+0.5))
}
