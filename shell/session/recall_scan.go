package session

import (
	"rayos/gpu/compute"
	"rayos/volume/hnsw"
)

// scan is the hnsw.Scan of System 1. It is called from goroutines beside the
// loop, by tasks that nobody waits for.
func (r *reflex) scan(dim int, queries, rows []float32, k int) ([]hnsw.Near, error) {
	best := make([]compute.Match, len(queries)/dim*k)
	if err := r.Do(&compute.SearchTask{Dim: dim, Queries: queries, Vectors: rows, K: k, Best: best}, compute.Dream); err != nil {
		return nil, err
	}
	near := make([]hnsw.Near, len(best))
	for i, m := range best {
		near[i] = hnsw.Near{Row: m.ID, Score: m.Score} // NoMatch is NoRow
	}
	return near, nil
}

// That no match is no row, and that as many are found as may be asked for.
var (
	_ [hnsw.NoRow - compute.NoMatch]struct{}
	_ [compute.MaxK - hnsw.MaxScan]struct{}
)
