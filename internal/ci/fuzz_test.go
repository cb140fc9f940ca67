package main

import "testing"

const outOfTime = `fuzz: elapsed: 3s, execs: 209514 (0/sec), new interesting: 13 (total: 192)
--- FAIL: FuzzDecode (3.09s)
    context deadline exceeded
FAIL
exit status 1
`

func TestOnlyTheEndOfTimeIsForgiven(t *testing.T) {
	for _, c := range []struct {
		name, output string
		want         bool
	}{
		{"out of time", outOfTime, true},
		{"found", "--- FAIL: FuzzDecode (0.09s)\n    --- FAIL: FuzzDecode (0.00s)\n        x_test.go:9: no\n\n    Failing input written to testdata/fuzz/FuzzDecode/1\nFAIL\n", false},
		{"a target's own deadline", "--- FAIL: FuzzDecode (3.09s)\n    x_test.go:9: context deadline exceeded\nFAIL\n", false},
		{"more said", "--- FAIL: FuzzDecode (3.09s)\n    context deadline exceeded\n    x_test.go:9: no\nFAIL\n", false},
		{"does not build", "x.go:3: undefined: y\nFAIL\n", false},
		{"nothing", "", false},
	} {
		if got := ranOut(c.output); got != c.want {
			t.Errorf("%s: ranOut = %v; want %v", c.name, got, c.want)
		}
	}
}
