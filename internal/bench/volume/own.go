package volume

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"golang.org/x/sys/unix"

	"rayos/volume/hnsw"
)

// Own is the index of this tree over some data.
type Own struct {
	data  *Data
	index *hnsw.Index
	want  []map[uint64]bool // by query
}

// NewOwn builds it.
func NewOwn(d *Data) (*Own, error) {
	ix, err := build(d, hnsw.Float32)
	if err != nil {
		return nil, err
	}
	o := &Own{data: d, index: ix}
	for _, q := range d.Queries {
		hits, err := ix.Exact(q, K)
		if err != nil {
			return nil, err
		}
		want := map[uint64]bool{}
		for _, h := range hits {
			want[h.ID] = true
		}
		o.want = append(o.want, want)
	}
	return o, nil
}

func build(d *Data, quant hnsw.Quant) (*hnsw.Index, error) {
	ix, err := hnsw.New(hnsw.Config{Dim: dim, M: m, EfConstruction: efConstruction, Seed: seed, Quant: quant, ScanBelow: -1})
	if err != nil {
		return nil, err
	}
	return ix, ix.AddBatch(numbers(d.n), d.Base)
}

func numbers(n int) []uint64 {
	ids := make([]uint64, n)
	for i := range ids {
		ids[i] = uint64(i)
	}
	return ids
}

// now is the CPU time of this thread in ns. The caller is locked to it.
func now() (float64, error) {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		return 0, fmt.Errorf("CPU time of the thread: %w", err)
	}
	return float64(t.Nano()), nil
}

// Measure times the queries with each ef, the best of some rounds. The caller is locked to its thread.
func (o *Own) Measure(rounds int) ([]Point, error) {
	var points []Point
	for _, ef := range EFs {
		p, err := o.measure(ef, rounds)
		if err != nil {
			return nil, err
		}
		points = append(points, p)
	}
	return points, nil
}

func (o *Own) measure(ef, rounds int) (Point, error) {
	p := Point{EF: ef}
	options := hnsw.Options{EF: ef, Into: make([]hnsw.Hit, 0, K)}
	search := func(q []float32) (float64, error) {
		begin, err := now()
		if err != nil {
			return 0, err
		}
		if options.Into, err = o.index.Search(q, K, options); err != nil {
			return 0, err
		}
		end, err := now()
		return end - begin, err
	}
	for range rounds {
		begin, err := now()
		if err != nil {
			return p, err
		}
		for _, q := range o.data.Queries {
			if options.Into, err = o.index.Search(q, K, options); err != nil {
				return p, err
			}
		}
		end, err := now()
		if err != nil {
			return p, err
		}
		if ns := (end - begin) / float64(len(o.data.Queries)); p.NS == 0 || ns < p.NS {
			p.NS = ns
		}
	}
	var each []float64
	found := 0
	for i, q := range o.data.Queries {
		ns, err := search(q)
		if err != nil {
			return p, err
		}
		each = append(each, ns)
		found += o.found(i, options.Into)
	}
	slices.Sort(each)
	p.P95 = each[len(each)*95/100]
	p.Recall = o.part(found)
	return p, nil
}

func (o *Own) found(query int, hits []hnsw.Hit) int {
	n := 0
	for _, h := range hits {
		if o.want[query][h.ID] {
			n++
		}
	}
	return n
}

func (o *Own) part(found int) float64 { return float64(found) / float64(K*len(o.want)) }

// recall is what an index finds of what is to be found.
func (o *Own) recall(ix *hnsw.Index, options hnsw.Options) (float64, error) {
	found := 0
	for i, q := range o.data.Queries {
		hits, err := ix.Search(q, K, options)
		if err != nil {
			return 0, err
		}
		found += o.found(i, hits)
	}
	return o.part(found), nil
}

// Codes are the recalls of 8-bit codes against the exact nearest of the vectors themselves.
type Codes struct {
	Scan, Plain, Rerank float64 // an exact scan of codes; the graph alone; the graph and exact scores of the last candidates
	Seconds             float64 // to build the graph on all CPUs
}

// Codes builds an index of codes and searches it with an ef.
func (o *Own) Codes(ef int) (Codes, error) {
	var c Codes
	begin := time.Now()
	both, err := build(o.data, hnsw.SQ8Rerank)
	if err != nil {
		return c, err
	}
	c.Seconds = time.Since(begin).Seconds()
	if c.Rerank, err = o.recall(both, hnsw.Options{EF: ef}); err != nil {
		return c, err
	}
	p := both.Parts()
	p.Config.Quant, p.Rows = hnsw.SQ8, nil
	alone, err := hnsw.FromParts(p)
	if err != nil {
		return c, err
	}
	if c.Plain, err = o.recall(alone, hnsw.Options{EF: ef}); err != nil {
		return c, err
	}
	c.Scan, err = o.recall(alone, hnsw.Options{Exact: true})
	return c, err
}

// Churn is what deleting does.
type Churn struct {
	Before, After float64 // recall with all vectors, and with 30 % deleted and added again
	Delete, Add   float64 // µs of CPU for each
}

// Churn deletes three vectors in ten, one by one, and adds them again. The caller is locked to its thread.
func (o *Own) Churn(ef int) (Churn, error) {
	var c Churn
	p := o.index.Parts()
	p.Config.Workers = 1
	ix, err := hnsw.FromParts(p)
	if err != nil {
		return c, err
	}
	if c.Before, err = o.recall(ix, hnsw.Options{EF: ef}); err != nil {
		return c, err
	}
	gone := rand.New(rand.NewPCG(seed, 2)).Perm(o.data.n)[:o.data.n*3/10]
	begin, err := now()
	if err != nil {
		return c, err
	}
	for _, i := range gone {
		if !ix.Delete(uint64(i)) {
			return c, fmt.Errorf("vector %d can't be deleted", i)
		}
	}
	between, err := now()
	if err != nil {
		return c, err
	}
	for _, i := range gone {
		if err := ix.Add(uint64(i), o.data.Base[i*dim:][:dim]); err != nil {
			return c, err
		}
	}
	end, err := now()
	if err != nil {
		return c, err
	}
	c.Delete, c.Add = (between-begin)/1e3/float64(len(gone)), (end-between)/1e3/float64(len(gone))
	c.After, err = o.recall(ix, hnsw.Options{EF: ef})
	return c, err
}
