package hnsw

import (
	"math"
	"sync"
)

// scratch is what one search or one worker writes to.
type scratch struct {
	visited []uint16 // by slot: seen in this walk when it equals epoch
	epoch   uint16
	near    nearest
	step    []uint32 // neighbours that are compared next
	scores  []float32
	sums    []int32
	query   probe
	own     []float32 // of query.row
	pair    probe     // a stored vector that is compared with others
	wanted  []uint64  // bits by slot
	list    []uint32
}

// block is how many rows are compared in one call of an exact scan. A step of a walk compares fewer.
const block = 512

// spares are scratches that nobody uses now.
type spares struct {
	mu   sync.Mutex
	free []*scratch
}

// take returns a scratch for walks over that many slots.
func (ix *Index) take(slots int) *scratch {
	ix.spares.mu.Lock()
	var s *scratch
	if n := len(ix.spares.free); n > 0 {
		s, ix.spares.free = ix.spares.free[n-1], ix.spares.free[:n-1]
	}
	ix.spares.mu.Unlock()
	if s == nil {
		s = &scratch{
			scores: make([]float32, block), sums: make([]int32, block),
			step: make([]uint32, 0, 4*MaxM), own: make([]float32, RowStride(ix.cfg.Dim)),
		}
	}
	if len(s.visited) < slots {
		s.visited, s.epoch = make([]uint16, slots+slots/4), 0
	}
	return s
}

// give takes a scratch back.
func (ix *Index) give(s *scratch) {
	s.pair.row, s.query.row = nil, nil // they may be rows of the arena
	ix.spares.mu.Lock()
	ix.spares.free = append(ix.spares.free, s)
	ix.spares.mu.Unlock()
}

// begin forgets what was visited.
func (s *scratch) begin() {
	if s.epoch == math.MaxUint16 {
		clear(s.visited)
		s.epoch = 0
	}
	s.epoch++
}
