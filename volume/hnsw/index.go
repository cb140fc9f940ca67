package hnsw

import (
	"fmt"
	"math"
	"sync"
	"sync/atomic"
)

// None ends a list of links that is not full.
const None = math.MaxUint32

// Index is a set of vectors with ids. Its methods may be called from any goroutine.
type Index struct {
	cfg    Config
	m, m0  int // links a list holds above level 0 and on it
	coded  bool
	ef     atomic.Int32
	spares spares

	// writer is held by who changes the index. Nobody else writes, so that its holder may read all below without mu.
	writer sync.Mutex
	// in are, for each slot, those that have a link of level 0 to it. It is made by the first Delete.
	in [][]uint32

	// mu guards all below.
	mu     sync.RWMutex
	slots  map[uint64]uint32 // by id
	ids    []uint64          // by slot
	levels []int8            // by slot; free: the slot is
	links  []uint32          // m0 for each slot
	upAt   []uint32          // by slot: where its links above level 0 begin
	upper  []uint32          // m for each of a slot's levels above 0
	rows   []float32         // rowStride for each slot, or none
	codes  []int8            // codeStride for each slot, or none
	lent   bool              // rows and codes are somebody else's and only to be read

	entry uint32
	top   int // the entry point's level, -1 without one

	freeSlots []uint32
	freeUpper [MaxLevel + 1][]uint32 // by level
}

const free = -1 // level of a slot without a vector

// New returns an empty index.
func New(c Config) (*Index, error) {
	c, err := c.complete()
	if err != nil {
		return nil, err
	}
	ix := &Index{
		cfg: c, m: c.M, m0: 2 * c.M, coded: c.Quant != Float32,
		slots: map[uint64]uint32{}, top: -1,
	}
	ix.ef.Store(DefaultEF)
	return ix, nil
}

// Config returns what the index was made with, defaults filled in.
func (ix *Index) Config() Config { return ix.cfg }

// Len is the number of vectors.
func (ix *Index) Len() int {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	return len(ix.slots)
}

// Has reports whether there is a vector with that id.
func (ix *Index) Has(id uint64) bool {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	_, ok := ix.slots[id]
	return ok
}

// Vector returns the vector with that id as the index has it: normalised for Cosine, and for SQ8 what its codes stand for. It is the caller's.
func (ix *Index) Vector(id uint64) ([]float32, bool) {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	slot, ok := ix.slots[id]
	if !ok {
		return nil, false
	}
	return ix.vector(slot), true
}

// EF is the number of candidates that searches keep that don't say otherwise.
func (ix *Index) EF() int { return int(ix.ef.Load()) }

// SetEF changes it. Larger is slower and finds more: see Tune.
func (ix *Index) SetEF(ef int) error {
	if ef < 1 || ef > MaxEF {
		return fmt.Errorf("%w: ef is %d, want 1 to %d", ErrConfig, ef, MaxEF)
	}
	ix.ef.Store(int32(ef))
	return nil
}

// neighbours is the list of links of a slot on one of its levels. It is full or ends with None.
func (ix *Index) neighbours(slot uint32, level int) []uint32 {
	if level == 0 {
		at := int(slot) * ix.m0
		return ix.links[at : at+ix.m0 : at+ix.m0]
	}
	at := int(ix.upAt[slot]) + (level-1)*ix.m
	return ix.upper[at : at+ix.m : at+ix.m]
}

// room is how many links a list of that level holds.
func (ix *Index) room(level int) int {
	if level == 0 {
		return ix.m0
	}
	return ix.m
}

// used is the part of a list before None. Appending to it makes another list.
func used(list []uint32) []uint32 {
	for i, v := range list {
		if v == None {
			return list[:i:i]
		}
	}
	return list
}

// levelOf is the highest level of a vector: l or above with probability M⁻ˡ. It follows from seed and id alone.
func (ix *Index) levelOf(id uint64) int8 {
	level, x := int8(0), ix.cfg.Seed^mix(id)
	for level < MaxLevel {
		if x = mix(x); x%uint64(ix.m) != 0 {
			break
		}
		level++
	}
	return level
}

// mix is the finaliser of SplitMix64 (Steele, Lea, Flood 2014) with its increment.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
