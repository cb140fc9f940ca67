package lsa

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"

	"rayos/volume/lexical"
)

// Options for Fit; zero fields mean the defaults.
type Options struct {
	Dims     int    // of vectors, 2 to MaxDims; 128
	Seed     uint64 // of the random start
	MaxTerms int    // those in the most documents are taken; 16,384
	MaxDocs  int    // a sample, evenly spread, is taken of more; 20,000
}

// MaxDims is the most dimensions that a model may have.
const MaxDims = 1024

const (
	minDF      = 2  // a term of one document relates it to none
	extra      = 16 // dimensions beyond those that are kept, for their accuracy
	iterations = 3
)

// ErrTooSmall is what Fit says when documents have too little in common to
// learn from: search by words alone until there are more.
var ErrTooSmall = errors.New("too few documents have words in common to learn from them")

// Fit learns a model from the documents of an index, which must not change
// meanwhile. Small corpora get fewer dimensions than asked for. It wraps the
// context's error, or ErrTooSmall.
func Fit(ctx context.Context, x *lexical.Index, o Options) (*Model, error) {
	o.Dims = cmp.Or(o.Dims, 128)
	o.MaxTerms = cmp.Or(o.MaxTerms, 1<<14)
	o.MaxDocs = cmp.Or(o.MaxDocs, 20_000)
	if o.Dims < 2 || o.Dims > MaxDims || o.MaxTerms < 2 || o.MaxTerms > maxTerms || o.MaxDocs < 2 {
		return nil, fmt.Errorf("fit with %+v: dimensions are 2 to %d, terms 2 to %d, documents at least 2", o, MaxDims, maxTerms)
	}
	m := &Model{docs: x.Len(), row: make(map[string]uint32)}
	a := m.matrix(x, o)
	width := min(o.Dims+extra, len(a.rows), len(m.terms))
	if width < 2 {
		return nil, fmt.Errorf("fit on %d documents: %w", x.Len(), ErrTooSmall)
	}
	q := random(len(m.terms), width, o.Seed)
	for i := range iterations {
		if err := a.square(ctx, q); err != nil {
			return nil, fmt.Errorf("fit on %d documents: %w", x.Len(), err)
		}
		q = q.orthonormal()
		if q.cols < 2 {
			return nil, fmt.Errorf("fit on %d documents: %w", x.Len(), ErrTooSmall)
		}
		if i == iterations-1 {
			q = q.orthonormal() // once more: the gram squared the error of the first
		}
	}
	// Rotated so that the columns are singular vectors.
	values, vectors := eigen(a.gram(q))
	m.dims = min(o.Dims, q.cols)
	for m.dims > 2 && values[m.dims-1] <= 1e-9*values[0] {
		m.dims--
	}
	v := q.rotate(vectors, m.dims)
	m.basis = v.at
	for _, value := range values[:m.dims] {
		m.sigma = append(m.sigma, float32(math.Sqrt(max(value, 0))))
	}
	m.measure(x, o)
	return m, nil
}

// measure sets how much of the documents' weight their vectors hold.
func (m *Model) measure(x *lexical.Index, o Options) {
	v := make([]float32, m.dims)
	var sum float64
	n := 0
	for counts := range sample(x, o.MaxDocs) {
		sum += float64(m.EmbedCounts(v, x, counts))
		n++
	}
	m.captured = float32(sum / float64(n))
}

// sample goes through at most n documents, evenly spread.
func sample(x *lexical.Index, n int) func(yield func([]lexical.Count) bool) {
	return func(yield func([]lexical.Count) bool) {
		all, i, taken := x.Len(), 0, 0
		for _, counts := range x.All() {
			if all <= n || i*n/all >= taken {
				taken++
				if !yield(counts) {
					return
				}
			}
			i++
		}
	}
}

// matrix chooses the terms and gives the documents' weights, each document of
// length 1.
func (m *Model) matrix(x *lexical.Index, o Options) sparse {
	type term struct{ number, df int }
	var chosen []term
	for n := range x.NumTerms() {
		if df := x.DF(n); df >= minDF && !lexical.Common(x.Term(n)) {
			chosen = append(chosen, term{n, df})
		}
	}
	slices.SortFunc(chosen, func(a, b term) int {
		return cmp.Or(cmp.Compare(b.df, a.df), cmp.Compare(x.Term(a.number), x.Term(b.number)))
	})
	chosen = chosen[:min(len(chosen), o.MaxTerms)]
	row := make([]int32, x.NumTerms())
	for i := range row {
		row[i] = -1
	}
	for i, t := range chosen {
		row[t.number] = int32(i)
		m.row[x.Term(t.number)] = uint32(i)
		m.terms = append(m.terms, x.Term(t.number))
		m.idf = append(m.idf, float32(lexical.IDF(x.Len(), t.df)))
	}
	var a sparse
	for counts := range sample(x, o.MaxDocs) {
		var r []weight
		var sum float64
		for _, c := range counts {
			if i := row[c.Term()]; i >= 0 {
				w := float32(frequency(c.N()) * float64(m.idf[i]))
				r = append(r, weight{uint32(i), w})
				sum += float64(float64(w) * float64(w))
			}
		}
		if len(r) == 0 {
			continue
		}
		unit := float32(1 / math.Sqrt(sum))
		for i := range r {
			r[i].w = float32(r[i].w * unit)
		}
		a.rows = append(a.rows, r)
	}
	return a
}

type weight struct {
	term uint32
	w    float32
}

// sparse is the matrix of documents by terms.
type sparse struct{ rows [][]weight }

// slice is how many columns one goroutine computes: a line of a cache.
const slice = 16

// columns runs f for slices of n columns on all CPUs.
func columns(n int, f func(from, to int)) { shares(n, slice, f) }

// shares runs f for shares of n things, size at a time, on all CPUs.
func shares(n, size int, f func(from, to int)) {
	work := make(chan int)
	var all sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), (n+size-1)/size) {
		all.Go(func() {
			for from := range work {
				f(from, min(from+size, n))
			}
		})
	}
	for from := 0; from < n; from += size {
		work <- from
	}
	close(work)
	all.Wait()
}

// square sets q to aᵀ·a·q.
func (a sparse) square(ctx context.Context, q *dense) error {
	out := newDense(q.rows, q.cols)
	columns(q.cols, func(from, to int) {
		var y [slice]float32
		for i, row := range a.rows {
			if i%256 == 0 && ctx.Err() != nil {
				return
			}
			part := y[:to-from]
			a.times(part, row, q, from)
			for _, e := range row {
				o := out.at[int(e.term)*q.cols+from:][:len(part)]
				for j, v := range part {
					o[j] += float32(e.w * v)
				}
			}
		}
	})
	q.at = out.at
	return ctx.Err()
}

// times sets y to columns of row·q.
func (a sparse) times(y []float32, row []weight, q *dense, from int) {
	clear(y)
	for _, e := range row {
		in := q.at[int(e.term)*q.cols+from:][:len(y)]
		for j, v := range in {
			y[j] += float32(e.w * v)
		}
	}
}

// gram is (a·q)ᵀ·(a·q).
func (a sparse) gram(q *dense) [][]float64 {
	y := newDense(len(a.rows), q.cols)
	columns(q.cols, func(from, to int) {
		for i, row := range a.rows {
			a.times(y.at[i*q.cols+from:][:to-from], row, q, from)
		}
	})
	return y.gram()
}
