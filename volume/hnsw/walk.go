package hnsw

import "rayos/volume/vec"

// descend goes from the entry point to the nearest vector that greedy steps find on the levels above the given one.
func (ix *Index) descend(s *scratch, p *probe, level int) uint32 {
	at := ix.entry
	s.step = append(s.step[:0], at)
	best := ix.compare(s, p, s.step)[0]
	for l := ix.top; l > level; l-- {
		for moved := true; moved; {
			moved = false
			list := used(ix.neighbours(at, l))
			for i, score := range ix.compare(s, p, list) {
				if score > best {
					best, at, moved = score, list[i], true
				}
			}
		}
	}
	return at
}

// walk leaves in s.near the ef nearest vectors that it meets on a level when it starts at from.
func (ix *Index) walk(s *scratch, p *probe, level, ef int, from ...uint32) {
	s.near.reset(ef)
	s.begin()
	visited, epoch := s.visited, s.epoch
	for _, slot := range from {
		visited[slot] = epoch
		s.step = append(s.step[:0], slot)
		if c := newCandidate(ix.compare(s, p, s.step)[0], slot); c < s.near.worst() {
			s.near.insert(c)
		}
	}
	for next := 0; next < len(s.near.all); {
		at := s.near.all[next]
		if at&expanded != 0 {
			next++
			continue
		}
		s.near.all[next] |= expanded
		step := s.step[:0]
		for _, slot := range ix.neighbours(at.slot(), level) {
			if slot == None {
				break
			}
			if visited[slot] != epoch {
				visited[slot] = epoch
				step = append(step, slot)
			}
		}
		s.step = step
		if next+1 < len(s.near.all) { // most likely the next to be expanded
			vec.Prefetch(&ix.neighbours(s.near.all[next+1].slot(), level)[0])
		}
		next = s.keep(step, ix.compare(s, p, step), next+1)
	}
}

// keep inserts those of a step that are near enough and returns where to go on: at next, or before it if something nearer has come.
func (s *scratch) keep(step []uint32, scores []float32, next int) int {
	worst := s.near.worst()
	for i, slot := range step {
		if c := newCandidate(scores[i], slot); c < worst {
			next = min(next, s.near.insert(c))
			worst = s.near.worst()
		}
	}
	return next
}
