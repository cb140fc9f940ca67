package volume

import (
	"context"
	"errors"
	"fmt"

	"rayos/volume/hnsw"
	"rayos/volume/lexical"
	"rayos/volume/lsa"
)

// Reasons why words decide alone.
const (
	empty    = "there are no documents"
	notYet   = "the documents have no vectors yet"
	anothers = "the vectors that are there are another embedder’s: they are made anew"
	tooSmall = "too few documents have words in common to learn from them"
)

// batch is how many vectors are made before they are added.
const batch = 256

func newVectors(dims int, seed uint64) (*hnsw.Index, error) {
	return hnsw.New(hnsw.Config{Dim: dims, Metric: hnsw.Cosine, Quant: hnsw.SQ8, Seed: seed})
}

// fold gives the chunks of a document that just came their vectors, if a model
// is there. change is held.
func (v *Volume) fold(d *doc) error {
	m := v.meaning
	if m == nil || m.model == nil {
		return nil
	}
	return m.add(v.words, d.ids(), v.drift.Add)
}

// add gives chunks vectors of the model. Those without a word that it knows get
// none. The index must not change meanwhile.
func (m *meaning) add(words *lexical.Index, list func(yield func(uint64) bool), folded func(float32)) error {
	ids := make([]uint64, 0, batch)
	rows := make([]float32, 0, batch*m.dims)
	flush := func() error {
		err := m.vectors.AddBatch(ids, rows)
		ids, rows = ids[:0], rows[:0]
		return err
	}
	v := make([]float32, m.dims)
	for id := range list {
		captured := m.model.EmbedCounts(v, words, words.Counts(id))
		if folded != nil {
			folded(captured)
		}
		if captured == 0 {
			continue
		}
		ids, rows = append(ids, id), append(rows, v...)
		if len(ids) == batch {
			if err := flush(); err != nil {
				return fmt.Errorf("volume: %w", err)
			}
		}
	}
	if err := flush(); err != nil {
		return fmt.Errorf("volume: %w", err)
	}
	return nil
}

// Learn fits a new model on the documents and gives all of them new vectors.
// Searches go on with the old ones until it is done; changes wait. With too few
// documents to learn from there are no vectors afterwards.
//
// With Options.Embedder, it asks that for the vectors of those that have none.
func (v *Volume) Learn(ctx context.Context) error {
	if v.o.Embedder != nil {
		if err := v.ask(ctx); err != nil {
			return err
		}
		return v.settle(ctx)
	}
	v.change.Lock()
	defer v.change.Unlock()
	if v.closed {
		return ErrClosed
	}
	m, err := v.fit(ctx)
	switch {
	case errors.Is(err, lsa.ErrTooSmall):
		v.adopt(nil, tooSmall)
		return v.sync()
	case err != nil:
		return fmt.Errorf("volume: %w", err)
	}
	v.adopt(m, "")
	return v.compact(ctx)
}

// adopt has searches use other vectors. change is held.
func (v *Volume) adopt(m *meaning, why string) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.meaning, v.why, v.drift = m, why, lsa.Drift{}
}

// fit makes vectors of a new model. change is held.
func (v *Volume) fit(ctx context.Context) (*meaning, error) {
	model, err := lsa.Fit(ctx, v.words, lsa.Options{Dims: v.o.Dims, Seed: v.o.Seed})
	if err != nil {
		return nil, err
	}
	return v.embed(ctx, model)
}

// embed makes vectors of a model. change is held.
func (v *Volume) embed(ctx context.Context, model *lsa.Model) (*meaning, error) {
	vectors, err := newVectors(model.Dims(), v.o.Seed)
	if err != nil {
		return nil, err
	}
	if old := v.meaning; old != nil {
		if err := vectors.SetEF(old.vectors.EF()); err != nil {
			return nil, err
		}
	}
	m := &meaning{model: model, dims: model.Dims(), id: model.ID(), hash: model.Hash(), vectors: vectors}
	for _, d := range v.order {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if err := m.add(v.words, d.ids(), nil); err != nil {
			return nil, err
		}
	}
	return m, nil
}

// Due says why Learn should be called, or "".
func (v *Volume) Due() string {
	v.change.Lock()
	defer v.change.Unlock()
	switch m := v.meaning; {
	case v.closed || v.chunks == 0:
		return ""
	case m == nil || v.o.Embedder != nil:
		return v.why
	case m.model != nil:
		return v.drift.Due(m.model)
	}
	return ""
}
