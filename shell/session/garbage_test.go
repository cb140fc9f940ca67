package session

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"rayos/internal/loop"
)

// TestCollectorRests lets time pass with turns at some moments.
func TestCollectorRests(t *testing.T) {
	for _, tc := range []struct {
		what  string
		turns []time.Duration // after the start
		want  []string
	}{
		{"nothing happens until the end", nil, []string{"30s rests"}},
		{"something is always happening", []time.Duration{20 * time.Second, 45 * time.Second, 70 * time.Second}, nil},
		{"a rest ends", []time.Duration{10 * time.Second, 60 * time.Second, 61 * time.Second}, []string{"40s rests", "1m1s works"}},
		{"what goes on ends a rest", []time.Duration{10 * time.Second, 60 * time.Second, 60*time.Second + blink}, []string{"40s rests", "1m0.1s works"}},
		{"a new minute is drawn", []time.Duration{5 * time.Second, 40 * time.Second, 40*time.Second + 16*time.Millisecond}, []string{"35s rests"}},
	} {
		t.Run(tc.what, func(t *testing.T) {
			l, err := loop.NewVirtual()
			if err != nil {
				t.Fatal(err)
			}
			defer l.Close()
			start := l.Now()
			var got []string
			c := &collector{}
			c.init(l)
			c.set = func(percent int, limit int64) {
				what := "works"
				if percent < 0 {
					what = "rests"
				}
				if (percent < 0) != (limit < math.MaxInt64) {
					t.Errorf("%s with a limit of %d bytes", what, limit)
				}
				got = append(got, fmt.Sprint(l.Now()-start, " ", what))
			}
			l.Advance(0)
			for _, at := range tc.turns {
				l.NewTimer(func() {}).Arm(start + at)
			}
			l.Advance(80 * time.Second)
			if !slices.Equal(got, tc.want) {
				t.Errorf("%q; want %q", got, tc.want)
			}
		})
	}
}

// TestTheLimitIsAboveWhatIsThere: below it, the runtime would collect all the time.
func TestTheLimitIsAboveWhatIsThere(t *testing.T) {
	if n := goMemory(); n < 1<<20 || n > 1<<32 {
		t.Errorf("the runtime has %d bytes", n)
	}
}
