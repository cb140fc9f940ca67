package hnsw

import "slices"

// Delete takes a vector out of the index and reports whether there was one with that id.
func (ix *Index) Delete(id uint64) bool {
	ix.writer.Lock()
	defer ix.writer.Unlock()
	slot, ok := ix.slots[id]
	if ok {
		ix.remove(id, slot)
	}
	return ok
}

// remove takes a slot out of the graph and frees it. It is called by the writer.
func (ix *Index) remove(id uint64, slot uint32) {
	ix.reverse()
	s := ix.take(len(ix.levels))
	defer ix.give(s)
	level := int(ix.levels[slot])
	var edits []edit
	for l := 1; l <= level; l++ {
		for v := range ix.levels {
			if int(ix.levels[v]) >= l && slices.Contains(used(ix.neighbours(uint32(v), l)), slot) {
				edits = append(edits, ix.repair(s, uint32(v), slot, l))
			}
		}
	}
	for _, v := range ix.in[slot] {
		edits = append(edits, ix.repair(s, v, slot, 0))
	}
	left := slices.Clone(used(ix.neighbours(slot, 0)))

	ix.mu.Lock()
	ix.apply(append(edits, edit{slot: slot}))
	delete(ix.slots, id)
	ix.levels[slot] = free
	ix.freeSlots = append(ix.freeSlots, slot)
	if level > 0 {
		ix.freeUpper[level] = append(ix.freeUpper[level], ix.upAt[slot])
	}
	if slot == ix.entry {
		ix.top = free
		for v, l := range ix.levels {
			if int(l) > ix.top {
				ix.entry, ix.top = uint32(v), int(l)
			}
		}
	}
	ix.mu.Unlock()

	for _, v := range left {
		if len(ix.in[v]) == 0 && len(ix.slots) > 1 {
			ix.adopt(s, v)
		}
	}
}

// repair is the list of a slot without a link to gone. Neighbours of gone that are apart from those that stay take its place: what was
// reached through it stays near.
func (ix *Index) repair(s *scratch, slot, gone uint32, level int) edit {
	list := slices.DeleteFunc(slices.Clone(used(ix.neighbours(slot, level))), func(v uint32) bool { return v == gone })
	var heirs []uint32
	for _, v := range used(ix.neighbours(gone, level)) {
		if v != slot && !slices.Contains(list, v) {
			heirs = append(heirs, v)
		}
	}
	return edit{slot: slot, level: level, list: ix.pick(s, ix.ranked(s, slot, heirs), ix.room(level), list)}
}

// adopt gives a slot that nobody points at a link of the nearest that has room for one, or can do without another.
func (ix *Index) adopt(s *scratch, slot uint32) {
	near := used(ix.neighbours(slot, 0))
	if len(near) == 0 { // all it knew are gone
		ix.aimAt(&s.query, slot)
		ix.walk(s, &s.query, 0, ix.m0, ix.entry)
		for _, c := range s.near.all {
			if c.slot() != slot {
				near = append(near, c.slot())
			}
		}
		own := ix.pick(s, slices.Clone(ix.ranked(s, slot, near)), ix.m, nil)
		ix.mu.Lock()
		ix.apply([]edit{{slot: slot, list: own}})
		ix.mu.Unlock()
	}
	for _, c := range slices.Clone(ix.ranked(s, slot, near)) {
		list := slices.Clone(used(ix.neighbours(c.slot(), 0)))
		if len(list) < ix.m0 {
			list = append(list, slot)
		} else {
			far := slices.Clone(ix.ranked(s, c.slot(), list))
			i := len(far) - 1
			for i >= 0 && len(ix.in[far[i].slot()]) < 2 {
				i--
			}
			if i < 0 {
				continue
			}
			list[slices.Index(list, far[i].slot())] = slot
		}
		ix.mu.Lock()
		ix.apply([]edit{{slot: c.slot(), list: list}})
		ix.mu.Unlock()
		return
	}
}

// reverse makes the lists of who points at each slot.
func (ix *Index) reverse() {
	if ix.in != nil {
		return
	}
	count := make([]int, len(ix.levels))
	total := 0
	for slot := range ix.levels {
		for _, v := range used(ix.neighbours(uint32(slot), 0)) {
			count[v]++
			total++
		}
	}
	all := make([]uint32, total)
	ix.in = make([][]uint32, len(ix.levels))
	for slot, n := range count {
		ix.in[slot], all = all[:0:n], all[n:]
	}
	for slot := range ix.levels {
		for _, v := range used(ix.neighbours(uint32(slot), 0)) {
			ix.in[v] = append(ix.in[v], uint32(slot))
		}
	}
}

// relate brings the lists of who points at whom up to date when those of slot change.
func (ix *Index) relate(slot uint32, was, is []uint32) {
	for _, v := range was {
		if !slices.Contains(is, v) {
			i := slices.Index(ix.in[v], slot)
			ix.in[v] = slices.Delete(ix.in[v], i, i+1)
		}
	}
	for _, v := range is {
		if !slices.Contains(was, v) {
			ix.in[v] = append(ix.in[v], slot)
		}
	}
}
