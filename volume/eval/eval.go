// Package eval measures how well documents are found: collections with queries
// and judgements, and nDCG (Järvelin and Kekäläinen, TOIS 2002).
//
//	c, err := eval.Cranfield(dir)
//	score := c.NDCG(10, func(q string) []uint64 { return search(q) })
//
// A collection is read-only; any goroutine may measure with it.
package eval

import (
	"cmp"
	"math"
	"slices"
)

// Document is a text with its id in a collection.
type Document struct {
	ID   uint64
	Text string
}

// Query is a question and how relevant documents are to it; those that are
// not listed are not relevant.
type Query struct {
	Text     string
	Relevant map[uint64]float64
}

// Collection is documents, and queries whose answers are known.
type Collection struct {
	Documents []Document
	Queries   []Query
}

// NDCG is the mean over all queries with a relevant document of nDCG@k for the
// ranking that search gives, the best first.
func (c *Collection) NDCG(k int, search func(query string) []uint64) float64 {
	sum, n := 0.0, 0
	for _, q := range c.Queries {
		if len(q.Relevant) == 0 {
			continue
		}
		sum += NDCG(k, search(q.Text), q.Relevant)
		n++
	}
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}

// NDCG is the discounted cumulative gain of the first k of a ranking, of that
// of the best there could be: 1 is perfect, 0 is nothing found.
func NDCG(k int, ranking []uint64, relevant map[uint64]float64) float64 {
	var gains []float64
	for _, gain := range relevant {
		gains = append(gains, gain)
	}
	slices.SortFunc(gains, func(a, b float64) int { return cmp.Compare(b, a) })
	best, got := 0.0, 0.0
	for i, gain := range gains[:min(k, len(gains))] {
		best += gain / math.Log2(float64(i+2))
	}
	seen := make(map[uint64]bool)
	for i, id := range ranking[:min(k, len(ranking))] {
		if !seen[id] {
			got += relevant[id] / math.Log2(float64(i+2))
		}
		seen[id] = true
	}
	if best == 0 {
		return 0
	}
	return got / best
}
