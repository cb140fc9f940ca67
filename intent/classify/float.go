package classify

import "math"

// The functions of package math differ in their last bits between machines
// that fuse a multiplication with an addition and those that don't. These
// don't: each product is rounded before it is used.

// ln is the natural logarithm of a positive finite number.
func ln(x float64) float64 {
	const (
		ln2hi = 6.93147180369123816490e-01
		ln2lo = 1.90821492927058770002e-10
	)
	f, e := math.Frexp(x)
	if f < math.Sqrt2/2 {
		f *= 2
		e--
	}
	// ln f = 2 artanh(s), s = (f-1)/(f+1), |s| < 0.172.
	s := (f - 1) / (f + 1)
	z := float64(s * s)
	sum := 0.0
	for k := 25; k >= 1; k -= 2 {
		sum = float64(sum*z) + 1/float64(k)
	}
	k := float64(e)
	return float64(k*ln2hi) + (float64(2*s*sum) + float64(k*ln2lo))
}

// exp is e to the x; 0 below -700 and capped above 700.
func exp(x float64) float64 {
	if x < -700 {
		return 0
	}
	x = min(x, 700)
	k := math.Floor(float64(x*math.Log2E) + 0.5)
	r := (x - float64(k*6.93147180369123816490e-01)) - float64(k*1.90821492927058770002e-10)
	// |r| < 0.35: the series has its last bit after 14 terms.
	sum := 1.0
	for i := 14; i >= 1; i-- {
		sum = 1 + float64(sum*r)/float64(i)
	}
	return math.Ldexp(sum, int(k))
}

// sigmoid is 1/(1+e^-x).
func sigmoid(x float64) float64 { return 1 / (1 + exp(-x)) }
