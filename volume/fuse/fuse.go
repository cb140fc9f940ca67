// Package fuse makes one ranking of several that don't know each other's
// scores: reciprocal rank fusion (Cormack, Clarke and Büttcher, SIGIR 2009).
//
//	ids := fuse.RRF(10, byWords, byMeaning)
//
// It is a pure function of its arguments, for any goroutine.
package fuse

import (
	"cmp"
	"slices"
)

// K is the paper's constant: how much the first ranks stand out, the less the
// larger.
const K = 60

// Hit is a document in the fused ranking; a score is a sum of 1/(K+rank) with
// ranks from 1.
type Hit struct {
	ID    uint64
	Score float64
}

// RRF fuses rankings, each the best first, and gives the n best; of equals the
// lower id. A document that is twice in a ranking counts at its better place.
// Rankings count alike, so a weak one does harm: leave it out.
func RRF(n int, rankings ...[]uint64) []Hit {
	at := make(map[uint64]int)
	var hits []Hit
	for _, ranking := range rankings {
		seen := make(map[uint64]bool, len(ranking))
		for i, id := range ranking {
			if seen[id] {
				continue
			}
			seen[id] = true
			j, ok := at[id]
			if !ok {
				j = len(hits)
				at[id] = j
				hits = append(hits, Hit{ID: id})
			}
			hits[j].Score += 1 / float64(K+1+i)
		}
	}
	slices.SortFunc(hits, func(a, b Hit) int {
		if c := cmp.Compare(b.Score, a.Score); c != 0 {
			return c
		}
		return cmp.Compare(a.ID, b.ID)
	})
	return hits[:max(0, min(n, len(hits)))]
}
