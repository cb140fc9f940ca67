package hnsw

// searchAmong searches the slots of o.Among.
func (ix *Index) searchAmong(s *scratch, k, ef int, o *Options) {
	s.wanted = resize(s.wanted, (len(ix.levels)+63)/64)
	clear(s.wanted)
	s.list = s.list[:0]
	for _, id := range o.Among {
		slot, ok := ix.slots[id]
		if !ok || s.wants(slot) || o.Filter != nil && !o.Filter(id) {
			continue
		}
		s.wanted[slot/64] |= 1 << (slot % 64)
		s.list = append(s.list, slot)
	}
	n := len(s.list)
	if o.Exact || n < fewHits || n*fewOf < len(ix.slots) || len(ix.slots) < ix.cfg.ScanBelow {
		ix.scanList(s, k, s.list)
		return
	}
	ix.walkWanted(s, k, ef, sampled(s.list), s.wants)
	ix.rerank(s, k, o.Rerank)
}

func (s *scratch) wants(slot uint32) bool { return s.wanted[slot/64]&(1<<(slot%64)) != 0 }

// sample is how many slots are asked to guess how many a filter wants.
const sample = 1024

// searchFiltered searches the slots that o.Filter wants.
func (ix *Index) searchFiltered(s *scratch, k, ef int, o *Options) {
	if o.Exact || len(ix.slots) < ix.cfg.ScanBelow {
		ix.scan(s, k, o.Filter)
		return
	}
	// A stride that shares no factor with a power of two, in case wanted ids come in a pattern.
	asked, step := 0, max(1, len(ix.levels)/sample)|1
	s.list = s.list[:0]
	for slot := 0; slot < len(ix.levels); slot += step {
		if ix.levels[slot] == free {
			continue
		}
		if asked++; o.Filter(ix.ids[slot]) {
			s.list = append(s.list, uint32(slot))
		}
	}
	n := len(s.list)
	if n*fewOf < asked || n*len(ix.slots) < fewHits*asked || n == 0 {
		ix.scan(s, k, o.Filter)
		return
	}
	ix.walkWanted(s, k, ef, sampled(s.list), func(slot uint32) bool { return o.Filter(ix.ids[slot]) })
	ix.rerank(s, k, o.Rerank)
}

// seeds is from how many wanted vectors a filtered walk starts beside those near the query.
const seeds = 8

// sampled are up to that many of the slots, spread evenly.
func sampled(slots []uint32) []uint32 {
	if len(slots) <= seeds {
		return slots
	}
	step := len(slots) / seeds
	for i := range seeds {
		slots[i] = slots[i*step]
	}
	return slots[:seeds]
}

// walkWanted is walk on level 0 among the wanted: a neighbour that is not is stepped over to its own neighbours. At least k are found if as many can be reached.
func (ix *Index) walkWanted(s *scratch, k, ef int, from []uint32, wanted func(slot uint32) bool) {
	start := make([]uint32, 0, 2*seeds)
	start = append(start, from...)
	ix.walk(s, &s.query, 0, max(seeds, k), ix.descend(s, &s.query, 0))
	near := s.near.all
	for _, c := range near {
		if len(start) < cap(start) && wanted(c.slot()) {
			start = append(start, c.slot())
		}
	}
	s.near.reset(ef)
	s.begin()
	visited, epoch := s.visited, s.epoch
	for _, slot := range start {
		if visited[slot] == epoch {
			continue
		}
		visited[slot] = epoch
		s.step = append(s.step[:0], slot)
		s.keep(s.step, ix.compare(s, &s.query, s.step), 0)
	}
	for next := 0; next < len(s.near.all); {
		at := s.near.all[next]
		if at&expanded != 0 {
			next++
			continue
		}
		s.near.all[next] |= expanded
		step := s.step[:0]
		for _, v := range used(ix.neighbours(at.slot(), 0)) {
			if visited[v] == epoch {
				continue
			}
			visited[v] = epoch
			if wanted(v) {
				step = append(step, v)
				continue
			}
			for _, w := range used(ix.neighbours(v, 0)) {
				if len(step) >= ix.m0 {
					break
				}
				if visited[w] != epoch && wanted(w) {
					visited[w] = epoch
					step = append(step, w)
				}
			}
		}
		s.step = step
		next = s.keep(step, ix.compare(s, &s.query, step), next+1)
	}
}
