package classify

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// Report is how well a model does on examples. Shares are from 0 to 1.
type Report struct {
	Lines      int `json:"lines"` // in scope
	OutOfScope int `json:"out_of_scope"`
	// Accuracy is the share of lines in scope of which the best intent is the
	// right one; Accepted is that of which it is right and not refused.
	Accuracy float64 `json:"accuracy"`
	Accepted float64 `json:"in_scope_accuracy"`
	// MacroF1 is the mean over intents of the harmonic mean of precision and
	// recall, refusals aside.
	MacroF1 float64 `json:"macro_f1"`
	// Recall is the share of lines out of scope that are refused.
	Recall float64 `json:"out_of_scope_recall"`
	// P50 and P99 are what it takes to rank a line: the shortest of three
	// times, so that it isn't the neighbours on the machine that are measured.
	P50    time.Duration `json:"p50_ns"`
	P99    time.Duration `json:"p99_ns"`
	Errors []Error       `json:"errors,omitempty"`
}

// Error is a line that was taken for another intent, or refused.
type Error struct {
	Want string  `json:"want"`
	Got  string  `json:"got"`
	Line string  `json:"line"`
	P    float32 `json:"p"`
}

// Evaluate ranks examples. Those of OutOfScope should be refused.
func Evaluate(m *Model, examples []Example) Report {
	type counts struct{ right, got, want int }
	by := map[string]*counts{}
	of := func(intent string) *counts {
		c := by[intent]
		if c == nil {
			c = &counts{}
			by[intent] = c
		}
		return c
	}
	var r Report
	right, accepted, refused := 0, 0, 0
	buf := make([]Score, 0, len(m.labels))
	took := make([]time.Duration, 0, len(examples))
	for _, e := range examples {
		least := time.Duration(math.MaxInt64)
		for range 3 {
			begin := time.Now()
			buf = m.Append(buf[:0], e.Line)
			least = min(least, time.Since(begin))
		}
		took = append(took, least)
		best, ok := buf[0], m.Accepts(buf)
		got := best.Intent
		if !ok {
			got = OutOfScope
		}
		if got != e.Intent {
			r.Errors = append(r.Errors, Error{e.Intent, got, e.Line, best.P})
		}
		if e.Intent == OutOfScope {
			r.OutOfScope++
			if !ok {
				refused++
			}
			continue
		}
		r.Lines++
		of(e.Intent).want++
		of(best.Intent).got++
		if best.Intent == e.Intent {
			right++
			of(e.Intent).right++
			if ok {
				accepted++
			}
		}
	}
	share := func(a, b int) float64 { return float64(a) / float64(max(b, 1)) }
	r.Accuracy, r.Accepted, r.Recall = share(right, r.Lines), share(accepted, r.Lines), share(refused, r.OutOfScope)
	n := 0
	for _, c := range by {
		if c.want == 0 {
			continue // nobody has said it: it is in the precision of others
		}
		n++
		r.MacroF1 += float64(2*c.right) / float64(c.got+c.want)
	}
	r.MacroF1 /= float64(max(n, 1))
	slices.Sort(took)
	if len(took) > 0 {
		r.P50, r.P99 = took[len(took)/2], took[len(took)*99/100]
	}
	slices.SortStableFunc(r.Errors, func(a, b Error) int { return cmp.Compare(b.P, a.P) })
	return r
}
