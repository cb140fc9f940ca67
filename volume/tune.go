package volume

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"rayos/volume/hnsw"
	"rayos/volume/lexical"
	"rayos/volume/lsa"
)

// This file is what makes a volume better while nobody needs it: each is measured
// by a cost and can be taken back.

// ErrNothing says that there is nothing to make better.
var ErrNothing = errors.New("there is nothing to make better")

// Of searches by which ef is judged.
const (
	wanted  = 0.97 // of the nearest, to be found
	sampled = 128  // searches
	judged  = 50   // nearest of each: a search looks at deep, for fusion
)

// SearchCost is the time of a search by meaning in nanoseconds, and more the less
// of the nearest vectors it finds. Volumes so small that they are scanned have
// none: ErrNothing.
func (v *Volume) SearchCost(ctx context.Context) (float64, error) {
	m, ids := v.sample(sampled)
	if m == nil || m.vectors.Len() < hnsw.DefaultScanBelow {
		return 0, ErrNothing
	}
	queries, nearest, err := v.nearest(ctx, m, ids)
	if err != nil {
		return 0, err
	}
	var took time.Duration
	found, all := 0, 0
	for i, q := range queries {
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
		got, d, err := v.trial(m, q)
		if err != nil {
			return 0, fmt.Errorf("volume: %w", err)
		}
		took += d
		for _, h := range nearest[i] {
			all++
			if got[h.ID] {
				found++
			}
		}
	}
	if all == 0 {
		return 0, ErrNothing
	}
	missed := max(0, wanted-float64(found)/float64(all))
	return float64(took) / sampled * (1 + 100*missed), nil
}

// asks is how many words a question has that is made of a chunk.
const asks = 6

// questions are vectors such as people's questions have: of the first words of
// chunks. Where only a server can tell vectors, they are the chunks' own. change
// is held.
func (v *Volume) questions(m *meaning, ids []uint64) (list [][]float32) {
	for _, id := range ids {
		_, c := v.chunk(id)
		if c == nil {
			continue
		}
		if m.model == nil {
			if q, ok := m.vectors.Vector(id); ok {
				list = append(list, q)
			}
			continue
		}
		q := make([]float32, m.dims)
		terms := slices.DeleteFunc(lexical.Terms(nil, string(c.text)), lexical.Common)
		if m.model.EmbedTerms(q, terms[:min(len(terms), asks)]) > 0 {
			list = append(list, q)
		}
	}
	return list
}

// nearest finds, without a miss, what is nearest to questions. Changes wait, so that
// the vectors aren't replaced meanwhile.
func (v *Volume) nearest(ctx context.Context, m *meaning, ids []uint64) (queries [][]float32, hits [][]hnsw.Hit, err error) {
	v.change.Lock()
	defer v.change.Unlock()
	if v.closed || v.meaning != m {
		return nil, nil, ErrNothing
	}
	queries = v.questions(m, ids)
	if hits, err = m.vectors.ExactAll(ctx, queries, judged, v.o.Scan); err != nil {
		return nil, nil, fmt.Errorf("volume: %w", err)
	}
	return queries, hits, nil
}

// trial searches as Search does, by the graph.
func (v *Volume) trial(m *meaning, q []float32) (got map[uint64]bool, took time.Duration, err error) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	if v.closed || v.meaning != m {
		return nil, 0, ErrNothing
	}
	begin := time.Now()
	hits, err := m.vectors.Search(q, deep, hnsw.Options{})
	took = time.Since(begin)
	return set(hits), took, err
}

func set(hits []hnsw.Hit) map[uint64]bool {
	all := make(map[uint64]bool, len(hits))
	for _, h := range hits {
		all[h.ID] = true
	}
	return all
}

// sample are n chunks, evenly spread.
func (v *Volume) sample(n int) (*meaning, []uint64) {
	v.mu.RLock()
	defer v.mu.RUnlock()
	if v.meaning == nil || v.closed {
		return nil, nil
	}
	step, at := max(v.chunks/n, 1), 0
	var ids []uint64
	for _, d := range v.order {
		for id := range d.ids() {
			if at++; at%step == 0 {
				ids = append(ids, id)
			}
		}
	}
	return v.meaning, ids
}

// TuneEF has searches by meaning keep as many candidates as it takes to find 97 %
// of the nearest. Compact makes it last.
func (v *Volume) TuneEF(ctx context.Context, seed uint64) (undo func() error, err error) {
	m, ids := v.sample(sampled)
	if m == nil || m.vectors.Len() < hnsw.DefaultScanBelow {
		return nil, ErrNothing
	}
	// Changes wait, so that the vectors aren't replaced meanwhile.
	v.change.Lock()
	defer v.change.Unlock()
	if v.closed || v.meaning != m {
		return nil, ErrNothing
	}
	t, err := m.vectors.Tune(ctx, hnsw.TuneOptions{Recall: wanted, K: judged, Seed: seed, Scan: v.o.Scan, Queries: v.questions(m, ids)})
	if err != nil {
		return nil, fmt.Errorf("volume: %w", err)
	}
	old := m.vectors.EF()
	if t.EF == old || !t.Met {
		return nil, ErrNothing
	}
	return func() error { return v.setEF(m, old) }, m.vectors.SetEF(t.EF)
}

func (v *Volume) setEF(m *meaning, ef int) error {
	v.change.Lock()
	defer v.change.Unlock()
	if v.meaning != m {
		return nil // it went with the vectors
	}
	return m.vectors.SetEF(ef)
}

// Untold is which part of the weight of the documents' words the model doesn't
// tell, 0 to 1, on chunks evenly spread. ErrNothing without a model.
func (v *Volume) Untold(ctx context.Context) (float64, error) {
	m, ids := v.sample(2048)
	if m == nil || m.model == nil {
		return 0, ErrNothing
	}
	row := make([]float32, m.dims)
	var told float64
	n := 0
	for _, id := range ids {
		if ctx.Err() != nil {
			return 0, ctx.Err()
		}
		v.mu.RLock()
		if v.words.Has(id) {
			told += float64(m.model.EmbedCounts(row, v.words, v.words.Counts(id)))
			n++
		}
		v.mu.RUnlock()
	}
	if n == 0 {
		return 0, ErrNothing
	}
	return 1 - told/float64(n), nil
}

// Refit is Learn if the model has drifted from the documents. Compact makes it
// last; undo brings the old model back.
func (v *Volume) Refit(ctx context.Context) (undo func() error, err error) {
	v.change.Lock()
	defer v.change.Unlock()
	old := v.meaning
	if v.closed || old == nil || old.model == nil || v.drift.Due(old.model) == "" {
		return nil, ErrNothing
	}
	drift := v.drift
	m, err := v.fit(ctx)
	if err != nil {
		return nil, fmt.Errorf("volume: %w", err)
	}
	v.adopt(m, "")
	return func() error { return v.goBack(old.model, drift) }, nil
}

// goBack has all chunks told by an earlier model again.
func (v *Volume) goBack(model *lsa.Model, drift lsa.Drift) error {
	v.change.Lock()
	defer v.change.Unlock()
	if v.closed {
		return nil // it was never made to last
	}
	m, err := v.embed(context.Background(), model)
	if err != nil {
		return fmt.Errorf("volume: %w", err)
	}
	v.adopt(m, "")
	v.drift = drift
	return nil
}

// LogSize is how many bytes of changes there are beside the base, which are done
// again by each Open.
func (v *Volume) LogSize() int64 {
	v.change.Lock()
	defer v.change.Unlock()
	if v.disk == nil || v.closed {
		return 0
	}
	return v.disk.log.Size()
}
