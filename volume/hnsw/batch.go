package hnsw

import (
	"context"
	"fmt"
	"math"
	"slices"
)

// Near is a row that a Scan has found.
type Near struct {
	Row   uint32
	Score float32
}

// NoRow stands behind the last of fewer than k rows.
const NoRow = math.MaxUint32

// Scan finds, for each of many queries, the k rows with the largest inner products, the nearest first: k for each query, NoRow behind the last of fewer rows. Queries
// and rows lie one after the other in dim finite numbers each. Its sums may differ from exact ones by what rounding makes of dim additions in any order. k is at most MaxScan.
type Scan func(dim int, queries, rows []float32, k int) ([]Near, error)

// MaxScan is how many rows a Scan is asked for at most.
const MaxScan = 64

const (
	scanRows  = 8192 // slots that a Scan gets at once: so long may a change have to wait
	scanSpare = 8    // rows that it is asked for beyond k
)

// ExactAll is Exact for many queries at once. A scan that is not nil does the work, many times faster than query by query: rows are read once for all, by all processors or
// by a GPU. What it finds is compared once more here, so that the hits are those of Exact but for vectors that are as near as rounding can tell. Changes may come
// between two parts of the index. An error of scan, or the end of ctx, ends it.
func (ix *Index) ExactAll(ctx context.Context, queries [][]float32, k int, scan Scan) ([][]Hit, error) {
	all := make([][]Hit, len(queries))
	if scan == nil || ix.cfg.Metric != Cosine || k > MaxScan-scanSpare || k < 1 {
		for i, q := range queries {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			var err error
			if all[i], err = ix.Exact(q, k); err != nil {
				return nil, err
			}
		}
		return all, nil
	}
	b, err := ix.newSweep(queries, k, scan)
	if err != nil {
		return nil, err
	}
	for at, more := 0, true; more; at += scanRows {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if more, err = b.part(at); err != nil {
			return nil, err
		}
	}
	for i := range all {
		for _, m := range b.best[i] {
			all[i] = append(all[i], Hit{m.id, m.at.score()})
		}
	}
	return all, nil
}

// sweep is an ExactAll under way.
type sweep struct {
	ix     *Index
	scan   Scan
	k      int
	dim    int // of what the scan gets
	eps    float32
	probes []probe
	asked  []float32 // the queries, as the scan gets them
	rows   []float32 // of a part, where they are made of codes
	best   [][]member
	before []member
	list   []uint32
}

// member is one of the best. Its id is kept because its slot may become another's.
type member struct {
	at candidate
	id uint64
}

func (ix *Index) newSweep(queries [][]float32, k int, scan Scan) (*sweep, error) {
	b := &sweep{ix: ix, scan: scan, k: k, dim: RowStride(ix.cfg.Dim), probes: make([]probe, len(queries)), best: make([][]member, len(queries))}
	if ix.cfg.Quant == SQ8 {
		b.dim = ix.cfg.Dim
	}
	// Two sums of numbers whose squares sum up to 1 each, and codes to hardly more.
	b.eps = float32(b.dim) / (1 << 21)
	for i, q := range queries {
		factor, err := ix.check(q)
		if err != nil {
			return nil, err
		}
		p := &b.probes[i]
		ix.aim(p, make([]float32, RowStride(ix.cfg.Dim)), q, factor)
		if ix.cfg.Quant != SQ8 {
			b.asked = append(b.asked, p.row...)
			continue
		}
		for _, w := range p.words[:b.dim] {
			b.asked = append(b.asked, float32(float32(w)*p.scale))
		}
	}
	return b, nil
}

// part searches the slots from at on, and says whether there are more.
func (b *sweep) part(at int) (more bool, err error) {
	ix := b.ix
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	n := min(scanRows, len(ix.levels)-at)
	if n <= 0 || len(b.probes) == 0 {
		return false, nil
	}
	want := b.k + scanSpare
	found, err := b.scan(b.dim, b.asked, b.partRows(at, n), want)
	if err != nil {
		return false, err
	}
	if len(found) != want*len(b.probes) {
		return false, fmt.Errorf("hnsw: a scan has found %d rows for %d queries, want %d", len(found), len(b.probes), want*len(b.probes))
	}
	s := ix.take(0)
	defer ix.give(s)
	for i := range b.probes {
		s.query = b.probes[i]
		if err := b.merge(s, i, at, n, found[i*want:(i+1)*want]); err != nil {
			return false, err
		}
	}
	return at+n < len(ix.levels), nil
}

// partRows are n rows from at on, as the scan gets them.
func (b *sweep) partRows(at, n int) []float32 {
	ix := b.ix
	if ix.cfg.Quant != SQ8 {
		return ix.rows[at*b.dim:][:n*b.dim]
	}
	stride := CodeStride(b.dim)
	b.rows = resize(b.rows, n*b.dim)
	for i := range n {
		row := ix.codes[(at+i)*stride:][:stride]
		scale, out := scaleIn(row), b.rows[i*b.dim:][:b.dim]
		for j, c := range row[:b.dim] {
			out[j] = float32(c) * scale
		}
	}
	return b.rows
}

// merge puts what was found among the best of a query, if nothing that is nearer can have been left out; else it looks itself.
func (b *sweep) merge(s *scratch, i, at, n int, found []Near) error {
	ix := b.ix
	slots, all, last := b.list[:0], false, float32(math.Inf(1))
	for _, f := range found {
		if f.Row == NoRow {
			all = true
			break
		}
		if int(f.Row) >= n || !(f.Score <= last+b.eps) {
			return fmt.Errorf("hnsw: a scan of %d rows has found row %d with %v behind one with %v", n, f.Row, f.Score, last)
		}
		if last = f.Score; ix.levels[at+int(f.Row)] != free {
			slots = append(slots, uint32(at)+f.Row)
		}
	}
	b.list = slots
	b.before = append(b.before[:0], b.best[i]...)
	b.keep(i, slots, ix.compareBest(s, slots))
	if best := b.best[i]; all || len(best) == b.k && best[b.k-1].at.score() > last+b.eps {
		return nil
	}
	b.best[i] = append(b.best[i][:0], b.before...)
	for from := at; from < at+n; from += block {
		m := min(block, at+n-from)
		b.list = b.list[:0]
		for j := range m {
			b.list = append(b.list, uint32(from+j))
		}
		b.keep(i, b.list, ix.compareRun(s, from, m))
	}
	return nil
}

// keep puts slots in use among the best of a query.
func (b *sweep) keep(i int, slots []uint32, scores []float32) {
	best := b.best[i]
	for j, slot := range slots {
		c := newCandidate(scores[j], slot)
		if len(best) == b.k && c >= best[b.k-1].at || b.ix.levels[slot] == free {
			continue
		}
		at, _ := slices.BinarySearchFunc(best, c, func(m member, c candidate) int {
			if m.at < c {
				return -1
			}
			return 1
		})
		best = slices.Insert(best, at, member{c, b.ix.ids[slot]})[:min(len(best)+1, b.k)]
	}
	b.best[i] = best
}
