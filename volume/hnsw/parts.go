package hnsw

import (
	"context"
	"errors"
	"fmt"
	"math"

	"rayos/volume/vec"
)

// Parts are an index as plain slices, for files. Vectors are numbered from 0 in all of them.
type Parts struct {
	Config Config
	IDs    []uint64
	Rows   []float32 // RowStride(Dim) for each, 0 behind Dim; none for SQ8
	Codes  []int8    // CodeStride(Dim) for each, the scale at the end; none for Float32

	// The graph. It can be missing as a whole: then Levels is nil, and FromParts makes it anew.
	Levels []uint8  // for each, the highest level that it is on
	Links  []uint32 // 2·M for each: whom it points at on level 0, None behind the last
	Upper  []uint32 // M for each level above 0 of each, the lower levels first
	Entry  uint32   // where searches start: one of the highest level
}

var (
	// ErrParts is wrapped by errors of FromParts about ids and vectors. Such parts are of no use.
	ErrParts = errors.New("hnsw: bad parts")
	// ErrGraph is wrapped by errors of FromParts about the graph. Without it, the same parts may be good.
	ErrGraph = errors.New("hnsw: bad graph")
)

// Parts returns a copy of the index as slices, without gaps that deleted vectors have left.
func (ix *Index) Parts() Parts {
	ix.mu.RLock()
	defer ix.mu.RUnlock()
	n := len(ix.slots)
	p := Parts{Config: ix.cfg, IDs: make([]uint64, 0, n), Levels: make([]uint8, 0, n), Links: make([]uint32, 0, n*ix.m0)}
	number := make([]uint32, len(ix.levels))
	for slot, level := range ix.levels {
		if level == free {
			continue
		}
		number[slot] = uint32(len(p.IDs))
		p.IDs = append(p.IDs, ix.ids[slot])
		p.Levels = append(p.Levels, uint8(level))
	}
	renumber := func(to, list []uint32) []uint32 {
		for _, v := range list {
			if v != None {
				v = number[v]
			}
			to = append(to, v)
		}
		return to
	}
	rs, cs := RowStride(ix.cfg.Dim), CodeStride(ix.cfg.Dim)
	for slot, level := range ix.levels {
		if level == free {
			continue
		}
		if ix.cfg.Quant != SQ8 {
			p.Rows = append(p.Rows, ix.rows[slot*rs:][:rs]...)
		}
		if ix.coded {
			p.Codes = append(p.Codes, ix.codes[slot*cs:][:cs]...)
		}
		p.Links = renumber(p.Links, ix.neighbours(uint32(slot), 0))
		for l := 1; l <= int(level); l++ {
			p.Upper = renumber(p.Upper, ix.neighbours(uint32(slot), l))
		}
	}
	if n > 0 {
		p.Entry = number[ix.entry]
	}
	return p
}

// FromParts makes an index of parts. They may come from anywhere: every number is checked, and memory grows by a fixed multiple of the parts' own size at
// most. Rows and Codes are not copied before the first change: until then they must stay as they are, and may lie in read-only memory. Without Levels the graph is made anew.
func FromParts(p Parts) (*Index, error) { return FromPartsContext(context.Background(), p) }

// FromPartsContext is FromParts; an end of ctx ends the making of a missing graph.
func FromPartsContext(ctx context.Context, p Parts) (*Index, error) {
	ix, err := New(p.Config)
	if err != nil {
		return nil, err
	}
	if err := ix.checkRows(p); err != nil {
		return nil, err
	}
	n := len(p.IDs)
	for slot, id := range p.IDs {
		if other, twice := ix.slots[id]; twice {
			return nil, fmt.Errorf("%w: vectors %d and %d have the same id %d", ErrParts, other, slot, id)
		}
		ix.slots[id] = uint32(slot)
	}
	ix.ids = append([]uint64(nil), p.IDs...)
	ix.rows, ix.codes, ix.lent = p.Rows, p.Codes, true
	ix.levels, ix.upAt = make([]int8, n), make([]uint32, n)
	if p.Levels == nil {
		if p.Links != nil || p.Upper != nil {
			return nil, fmt.Errorf("%w: links without levels", ErrGraph)
		}
		fresh, err := ix.regrown(ctx)
		if err != nil {
			return nil, err
		}
		ix.takeGraph(fresh)
		return ix, nil
	}
	if err := ix.checkGraph(p); err != nil {
		return nil, err
	}
	return ix, nil
}

// checkRows checks sizes and vectors.
func (ix *Index) checkRows(p Parts) error {
	n, rs, cs := len(p.IDs), RowStride(ix.cfg.Dim), CodeStride(ix.cfg.Dim)
	if n > MaxLen {
		return fmt.Errorf("%w: %d vectors, %d can be", ErrParts, n, MaxLen)
	}
	if ix.cfg.Quant == SQ8 {
		rs = 0
	}
	if !ix.coded {
		cs = 0
	}
	if len(p.Rows) != n*rs || len(p.Codes) != n*cs {
		return fmt.Errorf("%w: %d numbers and %d codes for %d vectors, want %d and %d", ErrParts, len(p.Rows), len(p.Codes), n, n*rs, n*cs)
	}
	for i := range n {
		if rs > 0 {
			row := p.Rows[i*rs:][:rs]
			if sum := vec.Dot(row, row); !ix.fits(sum) {
				return fmt.Errorf("%w: vector %d has the squared length %v", ErrParts, i, sum)
			}
			for _, x := range row[ix.cfg.Dim:] {
				if x != 0 {
					return fmt.Errorf("%w: vector %d goes on behind its end", ErrParts, i)
				}
			}
		}
		if cs > 0 {
			row := p.Codes[i*cs:][:cs]
			scale := scaleIn(row)
			sum := float32(vec.Dot8(row[:ix.cfg.Dim], row[:ix.cfg.Dim])) * scale * scale
			if !(scale >= 0) || !ix.fits(sum) {
				return fmt.Errorf("%w: the codes of vector %d have the scale %v and the squared length %v", ErrParts, i, scale, sum)
			}
		}
	}
	return nil
}

// fits reports whether a vector can have that squared length.
func (ix *Index) fits(sum float32) bool {
	if ix.cfg.Metric == Cosine {
		return sum > 0.9 && sum < 1.1 // codes are rounded
	}
	return sum <= math.MaxFloat32
}

// checkGraph takes the graph of parts over, link by link.
func (ix *Index) checkGraph(p Parts) error {
	n := len(p.IDs)
	if len(p.Levels) != n || len(p.Links) != n*ix.m0 {
		return fmt.Errorf("%w: %d levels and %d links for %d vectors, want %d and %d", ErrGraph, len(p.Levels), len(p.Links), n, n, n*ix.m0)
	}
	above := 0
	for slot, level := range p.Levels {
		if level > MaxLevel {
			return fmt.Errorf("%w: vector %d is on level %d, %d is the highest there can be", ErrGraph, slot, level, MaxLevel)
		}
		if above > math.MaxUint32-MaxLevel*MaxM {
			return fmt.Errorf("%w: too many levels", ErrGraph)
		}
		ix.upAt[slot], ix.levels[slot] = uint32(above), int8(level)
		above += int(level) * ix.m
		ix.top = max(ix.top, int(level))
	}
	if len(p.Upper) != above {
		return fmt.Errorf("%w: %d links above level 0, want %d", ErrGraph, len(p.Upper), above)
	}
	if n > 0 && (int64(p.Entry) >= int64(n) || int(ix.levels[p.Entry]) != ix.top) {
		return fmt.Errorf("%w: searches can't start at %d", ErrGraph, p.Entry)
	}
	ix.links, ix.upper, ix.entry = append([]uint32(nil), p.Links...), append([]uint32(nil), p.Upper...), p.Entry
	for slot := range uint32(n) {
		for l := range int(ix.levels[slot]) + 1 {
			if err := ix.checkList(slot, l); err != nil {
				return err
			}
		}
	}
	return nil
}

func (ix *Index) checkList(slot uint32, level int) error {
	list := ix.neighbours(slot, level)
	links := used(list)
	for i, v := range links {
		if int64(v) >= int64(len(ix.levels)) || int(ix.levels[v]) < level || v == slot {
			return fmt.Errorf("%w: vector %d can't point at %d on level %d", ErrGraph, slot, v, level)
		}
		for _, w := range links[:i] {
			if v == w {
				return fmt.Errorf("%w: vector %d points twice at %d on level %d", ErrGraph, slot, v, level)
			}
		}
	}
	for _, v := range list[len(links):] {
		if v != None {
			return fmt.Errorf("%w: vector %d points at %d behind the end of its list", ErrGraph, slot, v)
		}
	}
	return nil
}

// Rebuild makes the graph anew from the vectors. Searches go on with the old one until it is done; changes wait. An end of ctx leaves all as it was.
func (ix *Index) Rebuild(ctx context.Context) error {
	ix.writer.Lock()
	defer ix.writer.Unlock()
	fresh, err := ix.regrown(ctx)
	if err != nil {
		return err
	}
	ix.mu.Lock()
	defer ix.mu.Unlock()
	ix.takeGraph(fresh)
	return nil
}

// regrown is an index with the same vectors in the same slots, whose graph is new. It shares all but the graph.
func (ix *Index) regrown(ctx context.Context) (*Index, error) {
	n := len(ix.levels)
	fresh := &Index{
		cfg: ix.cfg, m: ix.m, m0: ix.m0, coded: ix.coded,
		slots: ix.slots, ids: ix.ids, rows: ix.rows, codes: ix.codes,
		levels: make([]int8, n), upAt: make([]uint32, n), links: make([]uint32, n*ix.m0), top: free,
	}
	for i := range fresh.levels {
		fresh.levels[i] = free
	}
	for i := range fresh.links {
		fresh.links[i] = None
	}
	order := make([]uint32, 0, len(ix.slots))
	for slot, id := range ix.ids {
		if s, ok := ix.slots[id]; ok && s == uint32(slot) {
			fresh.levels[slot] = fresh.levelOf(id)
			fresh.clearLinks(s)
			order = append(order, s)
		}
	}
	if err := fresh.link(ctx, order); err != nil {
		return nil, err
	}
	return fresh, nil
}

// takeGraph takes over the graph of one that shares the vectors.
func (ix *Index) takeGraph(fresh *Index) {
	ix.levels, ix.upAt, ix.links, ix.upper = fresh.levels, fresh.upAt, fresh.links, fresh.upper
	ix.entry, ix.top, ix.freeUpper, ix.in = fresh.entry, fresh.top, fresh.freeUpper, nil
}
