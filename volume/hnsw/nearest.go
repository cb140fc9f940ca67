package hnsw

import "math"

// candidate is a slot with its score: the score's bits so that nearer is less, the slot, and whether it has been expanded. Candidates of other slots are never
// equal, and equal scores are ordered by slot.
type candidate uint64

const expanded candidate = 1

func newCandidate(score float32, slot uint32) candidate {
	b := math.Float32bits(score)
	b ^= uint32(int32(b)>>31) | 1<<31 // ascending with the score
	return candidate(^b)<<32 | candidate(slot)<<1
}

func (c candidate) slot() uint32 { return uint32(c) >> 1 }

func (c candidate) score() float32 {
	b := ^uint32(c >> 32)
	b ^= ^uint32(int32(b)>>31) | 1<<31
	return math.Float32frombits(b)
}

// nearest are the best candidates seen, the nearest first.
type nearest struct {
	all   []candidate
	limit int
}

func (n *nearest) reset(limit int) {
	if cap(n.all) < limit {
		n.all = make([]candidate, 0, limit)
	}
	n.all, n.limit = n.all[:0], limit
}

// worst is what a candidate has to be below to get in.
func (n *nearest) worst() candidate {
	if len(n.all) < n.limit {
		return math.MaxUint64
	}
	return n.all[len(n.all)-1]
}

// insert puts c where it belongs, which is returned. It must be below worst.
func (n *nearest) insert(c candidate) int {
	lo, hi := 0, len(n.all)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		if n.all[mid] < c {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if len(n.all) < n.limit {
		n.all = n.all[:len(n.all)+1]
	}
	copy(n.all[lo+1:], n.all[lo:])
	n.all[lo] = c
	return lo
}
