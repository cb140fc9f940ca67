package bvh

// Closest returns the box that a ray enters first.
func (t *Tree) Closest(r Ray) Hit {
	best := Hit{ID: None, T: r.TMax}
	if len(t.boxes) == 0 {
		return best
	}
	var stack [MaxDepth + 1]uint32
	depth := 1 // the root
	for depth > 0 {
		depth--
		n := &t.nodes[stack[depth]]
		if _, ok := r.enter(&n.Min, &n.Max, best.T); !ok {
			continue
		}
		if n.Count == 0 {
			near, far := n.Start, n.Start+1
			tn, _ := r.enter(&t.nodes[near].Min, &t.nodes[near].Max, best.T)
			tf, _ := r.enter(&t.nodes[far].Min, &t.nodes[far].Max, best.T)
			if tf < tn {
				near, far = far, near
			}
			stack[depth], stack[depth+1] = far, near
			depth += 2
			continue
		}
		for i := n.Start; i < n.Start+n.Count; i++ {
			b := &t.boxes[i]
			at, ok := r.enter(&b.Min, &b.Max, best.T)
			if ok && (at < best.T || b.ID < best.ID) {
				best = Hit{ID: b.ID, T: at}
			}
		}
	}
	if best.T == 0 {
		best.T = 0 // never -0
	}
	return best
}

// Overlapping counts the boxes that share space with a box; a common face is
// none.
func (t *Tree) Overlapping(q *Box) Overlaps {
	found := Overlaps{First: None}
	t.visit(q, func(id uint32) {
		found.Count++
		found.First = min(found.First, id)
	})
	return found
}

// AppendOverlapping appends the indices of the boxes that share space with a
// box, in no order.
func (t *Tree) AppendOverlapping(ids []uint32, q *Box) []uint32 {
	t.visit(q, func(id uint32) { ids = append(ids, id) })
	return ids
}

func (t *Tree) visit(q *Box, found func(id uint32)) {
	if len(t.boxes) == 0 {
		return
	}
	var stack [MaxDepth + 1]uint32
	depth := 1
	for depth > 0 {
		depth--
		n := &t.nodes[stack[depth]]
		if !overlap(&n.Min, &n.Max, &q.Min, &q.Max) {
			continue
		}
		if n.Count == 0 {
			stack[depth], stack[depth+1] = n.Start, n.Start+1
			depth += 2
			continue
		}
		for i := n.Start; i < n.Start+n.Count; i++ {
			if b := &t.boxes[i]; overlap(&b.Min, &b.Max, &q.Min, &q.Max) {
				found(b.ID)
			}
		}
	}
}
