package hnsw

import "slices"

// pick appends to out the links for a vector among candidates, the nearest first, until out has room of them: those that are nearer to
// the vector than to all picked before (algorithm 4 of the paper, without its refill). So links point in different directions.
func (ix *Index) pick(s *scratch, from []candidate, room int, out []uint32) []uint32 {
	for _, c := range from {
		if len(out) == room {
			break
		}
		if ix.apart(s, c, out) {
			out = append(out, c.slot())
		}
	}
	return out
}

// apart reports whether a candidate is nearer to what it is a candidate for than to any of the others.
func (ix *Index) apart(s *scratch, c candidate, others []uint32) bool {
	ix.aimAt(&s.pair, c.slot())
	limit := c.score()
	for len(others) > 0 {
		n := min(4, len(others))
		for _, score := range ix.compare(s, &s.pair, others[:n]) {
			if score > limit {
				return false
			}
		}
		others = others[n:]
	}
	return true
}

// merged is the list of a slot with more links. When they are too many, pick chooses among all.
func (ix *Index) merged(s *scratch, slot uint32, level int, old, more []uint32) []uint32 {
	room := ix.room(level)
	all := append(make([]uint32, 0, len(old)+len(more)), old...)
	for _, v := range more {
		if v != slot && !slices.Contains(all, v) {
			all = append(all, v)
		}
	}
	if len(all) <= room {
		return all
	}
	return ix.pick(s, ix.ranked(s, slot, all), room, make([]uint32, 0, room))
}

// ranked are slots as candidates for links of one, the nearest first. They are valid until the next walk or ranking with s.
func (ix *Index) ranked(s *scratch, slot uint32, slots []uint32) []candidate {
	ix.aimAt(&s.pair, slot)
	s.near.reset(len(slots))
	for len(slots) > 0 {
		n := min(block, len(slots))
		for i, score := range ix.compare(s, &s.pair, slots[:n]) {
			s.near.all = append(s.near.all, newCandidate(score, slots[i]))
		}
		slots = slots[n:]
	}
	slices.Sort(s.near.all)
	return s.near.all
}
