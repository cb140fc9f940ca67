package volume

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"

	"rayos/volume/hnsw"
)

// TestSearchesAreJudgedByAScan that the volume was given, and not by one for each
// of its questions.
func TestSearchesAreJudgedByAScan(t *testing.T) {
	const dim, n = 8, hnsw.DefaultScanBelow + 100
	vectors, err := hnsw.New(hnsw.Config{Dim: dim, Quant: hnsw.SQ8, M: 4, EfConstruction: 8})
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(1, 1))
	ids, rows := make([]uint64, n), make([]float32, n*dim)
	for i := range ids {
		ids[i] = uint64(i) + 1
	}
	for i := range rows {
		rows[i] = float32(r.NormFloat64())
	}
	if err := vectors.AddBatch(ids, rows); err != nil {
		t.Fatal(err)
	}
	enough := errors.New("enough")
	asked := 0
	v, err := Open(t.Context(), Options{Scan: func(_ int, queries, _ []float32, _ int) ([]hnsw.Near, error) {
		asked += len(queries) / dim
		return nil, enough
	}})
	if err != nil {
		t.Fatal(err)
	}
	v.order, v.chunks = []*doc{{first: 1, chunks: make([]chunk, n)}}, n
	v.meaning = &meaning{dims: dim, vectors: vectors}
	if _, err := v.SearchCost(t.Context()); !errors.Is(err, enough) || asked < sampled {
		t.Errorf("the cost of searches: %d questions at once, %v; want %d and what the scan says", asked, err, sampled)
	}
	asked = 0
	if _, err := v.TuneEF(t.Context(), 1); !errors.Is(err, enough) || asked < sampled {
		t.Errorf("ef: %d questions at once, %v; want %d and what the scan says", asked, err, sampled)
	}
	v.o.Scan = nil
	if cost, err := v.SearchCost(context.Background()); err != nil || cost <= 0 {
		t.Errorf("without a scan a search costs %v, %v", cost, err)
	}
}
