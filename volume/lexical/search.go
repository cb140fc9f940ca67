package lexical

import "slices"

// BM25's constants. b is less than the field's 0.75: chunks are of like length,
// and on Cranfield's queries 0.6 fuses better.
const (
	k1 = 1.2
	b  = 0.6
)

// MaxQuery is how many different terms of a query count; those behind don't.
const MaxQuery = 256

// scores are sums by ordinal; those that are not zero are in touched.
type scores struct {
	sum     []float32
	touched []uint32
}

// Search finds the k documents that fit a query best, the best first; of equals
// the one with the lower id. Documents with none of its terms are no hits.
func (x *Index) Search(query string, k int) []Hit {
	return x.SearchFunc(Terms(nil, query), k, nil)
}

// SearchFunc is Search for terms, among the documents that keep accepts; nil
// accepts all.
func (x *Index) SearchFunc(query []string, k int, keep func(id uint64) bool) []Hit {
	if k <= 0 || x.Len() == 0 {
		return nil
	}
	s, _ := x.scratch.Get().(*scores)
	if s == nil {
		s = &scores{}
	}
	defer x.scratch.Put(s)
	if len(s.sum) < len(x.docs) {
		s.sum = make([]float32, len(x.docs)+len(x.docs)/8)
	}
	mean := float64(x.length) / float64(x.Len())
	for _, q := range x.query(query) {
		idf := IDF(x.Len(), int(x.df[q.Term()])) * float64(q.N()) * (k1 + 1)
		for _, p := range x.postings[q.Term()] {
			at, n := uint32(p>>8), float64(p&0xff)
			d := &x.docs[at]
			if d.gone {
				continue
			}
			length := float64(float64(b/mean) * float64(d.length))
			score := float32(float64(idf*n) / (n + float64(k1*(1-b+length))))
			if s.sum[at] == 0 {
				s.touched = append(s.touched, at)
			}
			s.sum[at] += score
		}
	}
	top := best{k: k}
	for _, at := range s.touched {
		if d := &x.docs[at]; keep == nil || keep(d.id) {
			top.offer(Hit{d.id, s.sum[at]})
		}
		s.sum[at] = 0
	}
	s.touched = s.touched[:0]
	slices.SortFunc(top.hits, byScore)
	return top.hits
}

// query gives the terms of a query that are known, in their order and each
// once. Common ones count only if there are no others in the query.
func (x *Index) query(terms []string) []Count {
	onlyCommon := !slices.ContainsFunc(terms, func(t string) bool { return !Common(t) })
	at := make(map[uint32]int)
	var known []Count
	for _, t := range terms {
		n, ok := x.number[t]
		if !ok || x.df[n] == 0 || x.common[n] && !onlyCommon {
			continue
		}
		if i, seen := at[n]; seen {
			known[i] = count(int(n), known[i].N()+1)
			continue
		}
		if len(known) == MaxQuery {
			break
		}
		at[n] = len(known)
		known = append(known, count(int(n), 1))
	}
	return known
}

// best keeps the k best hits: a heap with the worst of them on top.
type best struct {
	k    int
	hits []Hit
}

func (b *best) offer(h Hit) {
	if len(b.hits) < b.k {
		b.hits = append(b.hits, h)
		for i := len(b.hits) - 1; i > 0; {
			up := (i - 1) / 2
			if byScore(b.hits[i], b.hits[up]) < 0 {
				break
			}
			b.hits[i], b.hits[up] = b.hits[up], b.hits[i]
			i = up
		}
		return
	}
	if byScore(h, b.hits[0]) > 0 {
		return
	}
	b.hits[0] = h
	for i := 0; ; {
		down := 2*i + 1
		if down >= len(b.hits) {
			return
		}
		if down+1 < len(b.hits) && byScore(b.hits[down+1], b.hits[down]) > 0 {
			down++
		}
		if byScore(b.hits[down], b.hits[i]) < 0 {
			return
		}
		b.hits[i], b.hits[down] = b.hits[down], b.hits[i]
		i = down
	}
}
