package hnsw

import (
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// batch is how many vectors are planned beside each other. They see each other, so that the graph is as good as one by one.
const batch = 64

// Add puts a vector into the index, in place of the one with the same id if there is one. v stays the caller's.
func (ix *Index) Add(id uint64, v []float32) error { return ix.AddBatch([]uint64{id}, v) }

// AddBatch puts len(ids) vectors into the index that lie one after the other in vs, on all CPUs. When it returns an error, the index is as before. With an id
// that comes twice, the later vector counts.
func (ix *Index) AddBatch(ids []uint64, vs []float32) error {
	dim := ix.cfg.Dim
	if len(vs) != len(ids)*dim {
		return fmt.Errorf("%w: %d numbers for %d vectors of %d dimensions", ErrVector, len(vs), len(ids), dim)
	}
	factors := make([]float32, len(ids))
	for i := range ids {
		f, err := ix.check(vs[i*dim:][:dim])
		if err != nil {
			return fmt.Errorf("vector %d: %w", ids[i], err)
		}
		factors[i] = f
	}
	ix.writer.Lock()
	defer ix.writer.Unlock()
	if have := len(ix.levels) - len(ix.freeSlots); len(ids) > MaxLen-have {
		return fmt.Errorf("hnsw: %d vectors more than %d are too many, %d can be", len(ids), have, MaxLen)
	}
	last := make(map[uint64]int, len(ids))
	for i, id := range ids {
		last[id] = i
		if slot, ok := ix.slots[id]; ok {
			ix.remove(id, slot)
		}
	}
	var slots []uint32
	ix.reserve(len(last))
	for i, id := range ids {
		if last[id] == i {
			slots = append(slots, ix.place(id, vs[i*dim:][:dim], factors[i]))
		}
	}
	return ix.link(context.Background(), slots)
}

// reserve makes room for n more vectors. Readers wait only while the new arenas take the old ones' place.
func (ix *Index) reserve(n int) {
	need := len(ix.levels) + n - len(ix.freeSlots)
	have := cap(ix.levels)
	if need <= have && !ix.lent {
		return
	}
	size := have
	if need > have {
		size = max(need, have+have/2, 64)
	}
	ids, levels, upAt := grown(ix.ids, size), grown(ix.levels, size), grown(ix.upAt, size)
	links := grown(ix.links, size*ix.m0)
	rows, codes := ix.rows, ix.codes
	if ix.cfg.Quant != SQ8 {
		rows = grown(rows, size*RowStride(ix.cfg.Dim))
	}
	if ix.coded {
		codes = grown(codes, size*CodeStride(ix.cfg.Dim))
	}
	ix.mu.Lock()
	defer ix.mu.Unlock()
	ix.ids, ix.levels, ix.upAt, ix.links, ix.rows, ix.codes, ix.lent = ids, levels, upAt, links, rows, codes, false
}

// grown is a copy of s with that capacity.
func grown[T any](s []T, size int) []T { return append(make([]T, 0, max(size, len(s))), s...) }

// place gives a vector a slot, without links. The room is there.
func (ix *Index) place(id uint64, v []float32, factor float32) uint32 {
	ix.mu.Lock()
	defer ix.mu.Unlock()
	var slot uint32
	if n := len(ix.freeSlots); n > 0 {
		slot, ix.freeSlots = ix.freeSlots[n-1], ix.freeSlots[:n-1]
	} else {
		slot = uint32(len(ix.levels))
		ix.levels = append(ix.levels, free)
		ix.ids = append(ix.ids, 0)
		ix.upAt = append(ix.upAt, 0)
		ix.links = ix.links[:len(ix.links)+ix.m0]
		if ix.cfg.Quant != SQ8 {
			ix.rows = ix.rows[:len(ix.rows)+RowStride(ix.cfg.Dim)]
		}
		if ix.coded {
			ix.codes = ix.codes[:len(ix.codes)+CodeStride(ix.cfg.Dim)]
		}
		if ix.in != nil {
			ix.in = append(ix.in, nil)
		}
	}
	ix.store(slot, v, factor)
	ix.slots[id], ix.ids[slot], ix.levels[slot] = slot, id, ix.levelOf(id)
	ix.clearLinks(slot)
	return slot
}

// clearLinks gives a slot empty lists for each of its levels.
func (ix *Index) clearLinks(slot uint32) {
	level := int(ix.levels[slot])
	if level > 0 {
		if n := len(ix.freeUpper[level]); n > 0 {
			ix.upAt[slot], ix.freeUpper[level] = ix.freeUpper[level][n-1], ix.freeUpper[level][:n-1]
		} else {
			ix.upAt[slot] = uint32(len(ix.upper))
			ix.upper = append(ix.upper, make([]uint32, level*ix.m)...)
		}
	}
	for l := range level + 1 {
		list := ix.neighbours(slot, l)
		for i := range list {
			list[i] = None
		}
	}
}

// edit is a list that is to be replaced.
type edit struct {
	slot  uint32
	level int
	list  []uint32 // the new links
	more  []uint32 // links to be merged into it
}

// link puts placed vectors into the graph. It is called by the writer.
func (ix *Index) link(ctx context.Context, slots []uint32) error {
	linked := len(ix.slots) - len(slots)
	for len(slots) > 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		n := min(len(slots), max(1, linked), batch)
		ix.linkTogether(slots[:n])
		linked += n
		slots = slots[n:]
	}
	return nil
}

func (ix *Index) linkTogether(slots []uint32) {
	plans := make([][]edit, len(slots))
	ix.parallel(len(slots), func(s *scratch, i int) { plans[i] = ix.plan(s, slots[i], slots) })
	edits := slices.Concat(plans...)
	own := len(edits)
	var back []edit // of one link each, by who gets it
	for _, e := range edits {
		for _, v := range e.list {
			back = append(back, edit{slot: v, level: e.level, more: []uint32{e.slot}})
		}
	}
	type key struct {
		slot  uint32
		level int
	}
	at := make(map[key]int, own)
	for i, e := range edits {
		at[key{e.slot, e.level}] = i
	}
	for _, b := range back {
		k := key{b.slot, b.level}
		i, ok := at[k]
		if !ok {
			i = len(edits)
			at[k] = i
			edits = append(edits, edit{slot: b.slot, level: b.level, list: used(ix.neighbours(b.slot, b.level))})
		}
		edits[i].more = append(edits[i].more, b.more...)
	}
	ix.parallel(len(edits), func(s *scratch, i int) {
		e := &edits[i]
		e.list = ix.merged(s, e.slot, e.level, e.list, e.more)
	})
	ix.mu.Lock()
	defer ix.mu.Unlock()
	ix.apply(edits)
	for _, slot := range slots {
		if l := int(ix.levels[slot]); l > ix.top {
			ix.top, ix.entry = l, slot
		}
	}
}

// plan are the lists of a new vector, of its own choice: among what the graph has and the others that come with it.
func (ix *Index) plan(s *scratch, slot uint32, peers []uint32) []edit {
	level := int(ix.levels[slot])
	p := &s.query
	ix.aimAt(p, slot)
	from := uint32(None)
	if ix.top >= 0 {
		from = ix.descend(s, p, level)
	}
	edits := make([]edit, 0, level+1)
	for l := level; l >= 0; l-- {
		if l <= ix.top {
			ix.walk(s, p, l, ix.cfg.EfConstruction, from)
			from = s.near.all[0].slot()
		} else {
			s.near.reset(ix.cfg.EfConstruction)
		}
		s.step = s.step[:0]
		for _, v := range peers {
			if v != slot && int(ix.levels[v]) >= l {
				s.step = append(s.step, v)
			}
		}
		s.keep(s.step, ix.compare(s, p, s.step), 0)
		for i := range s.near.all {
			s.near.all[i] &^= expanded
		}
		edits = append(edits, edit{slot: slot, level: l, list: ix.pick(s, s.near.all, ix.m, make([]uint32, 0, ix.m))})
	}
	return edits
}

// apply writes lists, under mu.
func (ix *Index) apply(edits []edit) {
	for _, e := range edits {
		list := ix.neighbours(e.slot, e.level)
		if e.level == 0 && ix.in != nil {
			ix.relate(e.slot, used(list), e.list)
		}
		for i := copy(list, e.list); i < len(list); i++ {
			list[i] = None
		}
	}
}

// parallel calls do for 0 to n-1, each worker with a scratch of its own.
func (ix *Index) parallel(n int, do func(s *scratch, i int)) {
	workers := ix.cfg.Workers
	if workers == 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	var next atomic.Int64
	work := func() {
		s := ix.take(len(ix.levels))
		defer ix.give(s)
		for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
			do(s, i)
		}
	}
	var others sync.WaitGroup
	for range min(workers, n) - 1 {
		others.Go(work)
	}
	work()
	others.Wait()
}
