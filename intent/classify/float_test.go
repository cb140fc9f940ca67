package classify

import (
	"math"
	"testing"
)

func TestFunctionsAreThoseOfMath(t *testing.T) {
	near := func(got, want float64) bool { return math.Abs(got-want) <= 1e-14*max(math.Abs(want), 1) }
	for x := 1e-9; x < 1e9; x *= 1.37 {
		if got, want := ln(x), math.Log(x); !near(got, want) {
			t.Errorf("ln(%v) = %v; want %v", x, got, want)
		}
	}
	for x := -30.0; x < 5; x += 0.317 {
		if got, want := exp(x), math.Exp(x); !near(got, want) {
			t.Errorf("exp(%v) = %v; want %v", x, got, want)
		}
	}
	if exp(-1e9) != 0 || math.IsInf(exp(1e9), 0) {
		t.Error("exp leaves the finite numbers")
	}
}
