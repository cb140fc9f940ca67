package hnsw

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
)

// TuneOptions say what Tune is to reach. Fields that are 0 take the values in brackets.
type TuneOptions struct {
	Recall  float64     // of the K nearest, how many are to be found [0.97]
	K       int         // [10]
	Sample  int         // queries drawn from the index's own vectors, each without itself [200]
	Seed    uint64      // of the draw
	Queries [][]float32 // instead of the draw
	MaxEF   int         // nothing larger is tried [2048]
	Scan    Scan        // finds what is to be found: see ExactAll. nil is a scan for each query
}

// Tuning is what Tune has found.
type Tuning struct {
	EF     int     // the smallest tried that reaches the recall; the largest tried if none does
	Recall float64 // with it
	Met    bool    // whether that is what was asked for
}

// ErrEmpty says that there is nothing to tune by.
var ErrEmpty = errors.New("hnsw: too few vectors to tune by")

// Tune finds the smallest ef that reaches a recall, against exact scans, in steps of a fifth. It changes nothing: SetEF does. Searches and changes may go on
// meanwhile; an end of ctx ends it.
func (ix *Index) Tune(ctx context.Context, o TuneOptions) (Tuning, error) {
	if o.Recall == 0 {
		o.Recall = 0.97
	}
	if o.K == 0 {
		o.K = 10
	}
	if o.Sample == 0 {
		o.Sample = 200
	}
	if o.MaxEF == 0 {
		o.MaxEF = 2048
	}
	if o.Recall < 0 || o.Recall > 1 || o.K < 1 || o.Sample < 1 || o.MaxEF < 1 || o.MaxEF > MaxEF {
		return Tuning{}, fmt.Errorf("%w: tune for recall %v at %d with %d queries and ef up to %d", ErrConfig, o.Recall, o.K, o.Sample, o.MaxEF)
	}
	tests, err := ix.tests(ctx, o)
	if err != nil {
		return Tuning{}, err
	}
	var t Tuning
	for ef := min(o.K, o.MaxEF); ; ef = min(max(ef+1, ef*6/5), o.MaxEF) {
		t.EF = ef
		if t.Recall, err = ix.recall(ctx, tests, o.K, ef); err != nil {
			return t, err
		}
		if t.Met = t.Recall >= o.Recall; t.Met || ef == o.MaxEF {
			return t, nil
		}
	}
}

// test is a query with what is to be found.
type test struct {
	query []float32
	self  uint64 // not to be counted
	drawn bool   // there is a self
	want  map[uint64]bool
}

func (ix *Index) tests(ctx context.Context, o TuneOptions) ([]test, error) {
	var tests []test
	for _, q := range o.Queries {
		tests = append(tests, test{query: q})
	}
	if o.Queries == nil {
		r := rand.New(rand.NewPCG(o.Seed, 0))
		ix.mu.RLock()
		n := len(ix.levels)
		for range 4 * o.Sample { // some slots may be free
			if len(tests) == o.Sample || n == 0 {
				break
			}
			if slot := uint32(r.IntN(n)); ix.levels[slot] != free {
				tests = append(tests, test{query: ix.vector(slot), self: ix.ids[slot], drawn: true})
			}
		}
		ix.mu.RUnlock()
	}
	queries := make([][]float32, len(tests))
	for i := range tests {
		queries[i] = tests[i].query
	}
	found, err := ix.ExactAll(ctx, queries, o.K+1, o.Scan)
	if err != nil {
		return nil, err
	}
	for i := range tests {
		tests[i].want = map[uint64]bool{}
		for _, h := range tests[i].others(found[i], o.K) {
			tests[i].want[h.ID] = true
		}
		if len(tests[i].want) == 0 {
			return nil, ErrEmpty
		}
	}
	if len(tests) == 0 {
		return nil, ErrEmpty
	}
	return tests, nil
}

// others are the first k hits that are not the query itself.
func (t *test) others(hits []Hit, k int) []Hit {
	if t.drawn {
		for i, h := range hits {
			if h.ID == t.self {
				hits = append(hits[:i], hits[i+1:]...)
				break
			}
		}
	}
	return hits[:min(k, len(hits))]
}

// recall is the part of what is to be found that walks with ef find.
func (ix *Index) recall(ctx context.Context, tests []test, k, ef int) (float64, error) {
	found, all := 0, 0
	var hits []Hit
	for i := range tests {
		t := &tests[i]
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		var err error
		if hits, err = ix.walked(t.query, k+1, ef, hits); err != nil {
			return 0, err
		}
		for _, h := range t.others(hits, k) {
			if t.want[h.ID] {
				found++
			}
		}
		all += len(t.want)
	}
	return float64(found) / float64(all), nil
}

// walked is Search by the graph, however few vectors there are.
func (ix *Index) walked(q []float32, k, ef int, into []Hit) ([]Hit, error) {
	factor, err := ix.check(q)
	if err != nil {
		return nil, err
	}
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	if ix.top < 0 {
		return into[:0], nil
	}
	s := ix.take(len(ix.levels))
	defer ix.give(s)
	ix.aim(&s.query, s.own, q, factor)
	ix.walk(s, &s.query, 0, max(ef, k), ix.descend(s, &s.query, 0))
	ix.rerank(s, k, 0)
	return ix.hits(s, k, into), nil
}
