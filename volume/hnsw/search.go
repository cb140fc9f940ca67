package hnsw

import (
	"errors"
	"fmt"
	"slices"

	"rayos/volume/vec"
)

// Hit is a vector that was found.
type Hit struct {
	ID    uint64
	Score float32 // the inner product with the query, for Cosine the cosine
}

// Options of a search. The zero value searches all of the index with its EF.
type Options struct {
	EF     int                  // candidates to keep; 0: Index.EF. At least k are kept
	Among  []uint64             // if not nil, only these ids are wanted; ids that aren't there are none
	Filter func(id uint64) bool // if not nil, only ids for which it is true are wanted. It must not call methods of the index
	Exact  bool                 // scan: slower and without a miss
	Rerank int                  // of SQ8Rerank: candidates that are compared exactly; 0: 4k
	Into   []Hit                // memory for the hits, if it is enough
}

// ErrK says that a search wants no hits.
var ErrK = errors.New("hnsw: k must be at least 1")

// Few is when a search among some scans them: fewer than fewHits, or less than one of fewOf.
const (
	fewHits = 5000
	fewOf   = 20
)

// Search returns the k vectors nearest to q, the nearest first, or all that are wanted if these are fewer.
func (ix *Index) Search(q []float32, k int, o Options) ([]Hit, error) {
	factor, err := ix.check(q)
	if err != nil {
		return nil, err
	}
	if k < 1 {
		return nil, ErrK
	}
	if o.EF < 0 || o.EF > MaxEF {
		return nil, fmt.Errorf("%w: ef is %d, want at most %d", ErrConfig, o.EF, MaxEF)
	}
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	k = min(k, len(ix.slots))
	if k == 0 {
		return o.Into[:0], nil
	}
	s := ix.take(len(ix.levels))
	defer ix.give(s)
	ix.aim(&s.query, s.own, q, factor)
	ef := o.EF
	if ef == 0 {
		ef = ix.EF()
	}
	ef = min(max(ef, k), len(ix.slots))
	switch {
	case o.Among != nil:
		ix.searchAmong(s, k, ef, &o)
	case o.Filter != nil:
		ix.searchFiltered(s, k, ef, &o)
	case o.Exact || len(ix.slots) < ix.cfg.ScanBelow:
		ix.scan(s, k, nil)
	default:
		ix.walk(s, &s.query, 0, ef, ix.descend(s, &s.query, 0))
		ix.rerank(s, k, o.Rerank)
	}
	return ix.hits(s, k, o.Into), nil
}

// Exact is Search by a scan: what the others are measured by.
func (ix *Index) Exact(q []float32, k int) ([]Hit, error) {
	return ix.Search(q, k, Options{Exact: true})
}

// hits are the k nearest of s.near.
func (ix *Index) hits(s *scratch, k int, into []Hit) []Hit {
	found := s.near.all[:min(k, len(s.near.all))]
	into = slices.Grow(into[:0], len(found))
	for _, c := range found {
		into = append(into, Hit{ix.ids[c.slot()], c.score()})
	}
	return into
}

// rerank orders the nearest by exact scores where the walk compared codes and there is more than these.
func (ix *Index) rerank(s *scratch, k, n int) {
	if ix.cfg.Quant != SQ8Rerank {
		return
	}
	if n <= 0 {
		n = 4 * k
	}
	n = min(max(n, k), len(s.near.all))
	s.list = s.list[:0]
	for _, c := range s.near.all[:n] {
		s.list = append(s.list, c.slot())
	}
	ix.scanList(s, k, s.list)
}

// scan leaves in s.near the k nearest of all slots in use that the filter, if there is one, wants.
func (ix *Index) scan(s *scratch, k int, filter func(id uint64) bool) {
	s.near.reset(k)
	worst := s.near.worst()
	for at := 0; at < len(ix.levels); at += block {
		n := min(block, len(ix.levels)-at)
		for i, score := range ix.compareRun(s, at, n) {
			slot := uint32(at + i)
			c := newCandidate(score, slot)
			if c >= worst || ix.levels[slot] == free || filter != nil && !filter(ix.ids[slot]) {
				continue
			}
			s.near.insert(c)
			worst = s.near.worst()
		}
	}
}

// scanList leaves in s.near the k nearest of slots.
func (ix *Index) scanList(s *scratch, k int, slots []uint32) {
	s.near.reset(min(k, len(slots)))
	for len(slots) > 0 {
		n := min(block, len(slots))
		s.keep(slots[:n], ix.compareBest(s, slots[:n]), 0)
		slots = slots[n:]
	}
}

// compareRun returns the inner products of the query with n slots from at, by the most exact rows there are.
func (ix *Index) compareRun(s *scratch, at, n int) []float32 {
	out := s.scores[:n]
	if ix.cfg.Quant != SQ8 {
		stride := RowStride(ix.cfg.Dim)
		vec.Rows(out, s.query.row, ix.rows[at*stride:], stride)
		return out
	}
	stride := CodeStride(ix.cfg.Dim)
	rows, sums := ix.codes[at*stride:], s.sums[:n]
	vec.Rows16(sums, s.query.words, rows, stride)
	for i, sum := range sums {
		out[i] = float32(sum) * float32(s.query.scale*scaleIn(rows[i*stride:][:stride]))
	}
	return out
}

// compareBest is compare by the most exact rows there are.
func (ix *Index) compareBest(s *scratch, slots []uint32) []float32 {
	if ix.cfg.Quant == SQ8 {
		return ix.compare(s, &s.query, slots)
	}
	out := s.scores[:len(slots)]
	vec.Gather(out, s.query.row, ix.rows, RowStride(ix.cfg.Dim), slots)
	return out
}
