package surfaces

import (
	"slices"

	"rayos/geom"
)

// Placement is a place in a surface's stack of children: a child with its
// position, or the surface itself.
type Placement struct {
	Surface *Surface
	Pos     geom.Point // surface-local to the parent
}

// Parent returns the surface that s is a subsurface of, or nil.
func (s *Surface) Parent() *Surface { return s.parent }

// Root returns the surface at the top of the subsurface tree.
func (s *Surface) Root() *Surface {
	for s.parent != nil {
		s = s.parent
	}
	return s
}

// HasAncestor reports whether a is s or above it. Like all that walks the
// tree, it takes its depth for bounded: see Depth.
func (s *Surface) HasAncestor(a *Surface) bool {
	for ; s != nil; s = s.parent {
		if s == a {
			return true
		}
	}
	return false
}

// Synced reports whether commits wait for the parent's: the surface or one
// above it is a synchronised subsurface.
func (s *Surface) Synced() bool {
	for ; s.parent != nil; s = s.parent {
		if !s.desync {
			return true
		}
	}
	return false
}

// Join makes s, which has no parent and is not above parent, a synchronised
// subsurface on top of parent's stack. It is seen from the parent's next commit
// on. The caller bounds the depth.
func (s *Surface) Join(parent *Surface) {
	s.parent = parent
	s.desync = false
	parent.order = append(parent.order, Placement{Surface: s})
	parent.orderSet = true
	s.count(1)
	s.tree.SetEnabled(false)
	s.tree.Reparent(parent.tree)
}

// leaveParent undoes Join, but for what is cached.
func (s *Surface) leaveParent() {
	p := s.parent
	if p == nil {
		return
	}
	if i := p.indexOf(s); i >= 0 {
		p.order = slices.Delete(p.order, i, i+1)
	}
	p.Pending.forget(s)
	p.cached.forget(s)
	for _, t := range p.queue.all() {
		if st := t.state(p); st != nil {
			st.forget(s)
		}
	}
	p.unmeasure()
	s.count(-1)
	s.parent = nil
	s.placed = false
	s.tree.SetEnabled(false)
	if !s.destroyed {
		// Out of the parent's tree before that one goes.
		s.tree.Reparent(s.home)
	}
}

// Leave ends being a subsurface at once, as wl_subsurface.destroy demands. What
// is cached waits for nobody any more and is applied.
func (s *Surface) Leave() {
	s.leaveParent()
	s.flushCached()
}

func (st *State) forget(s *Surface) {
	for i := range st.Order {
		if st.Order[i].Surface == s {
			st.Order = slices.Delete(st.Order, i, i+1)
			return
		}
	}
}

func (s *Surface) indexOf(c *Surface) int {
	for i := range s.order {
		if s.order[i].Surface == c {
			return i
		}
	}
	return -1
}

// SetPosition moves a subsurface with its parent's next commit.
func (s *Surface) SetPosition(p geom.Point) {
	if s.parent == nil {
		return
	}
	s.parent.order[s.parent.indexOf(s)].Pos = p
	s.parent.orderSet = true
}

// Place moves a subsurface just above or below a sibling or the parent with
// the parent's next commit. It reports false when ref is neither.
func (s *Surface) Place(ref *Surface, above bool) bool {
	p := s.parent
	if p == nil || ref == s || p.indexOf(ref) < 0 {
		return false
	}
	i := p.indexOf(s)
	pl := p.order[i]
	p.order = slices.Delete(p.order, i, i+1)
	j := p.indexOf(ref)
	if above {
		j++
	}
	p.order = append(p.order, Placement{})
	copy(p.order[j+1:], p.order[j:])
	p.order[j] = pl
	p.orderSet = true
	return true
}

// SetDesync says whether commits wait for the parent. Leaving the
// synchronised mode applies what was cached.
func (s *Surface) SetDesync(on bool) {
	s.desync = on
	s.flushCached()
}

// flushCached applies cached states that nothing waits for any more.
func (s *Surface) flushCached() {
	if s.destroyed || s.Synced() {
		return
	}
	if s.hasCached {
		s.setCached(false)
		s.submit(&s.cached)
	}
	// Hooks may change the order.
	for _, p := range slices.Clone(s.order) {
		if c := p.Surface; c != s {
			c.flushCached()
		}
	}
}

// setCached says whether s has a cached state.
func (s *Surface) setCached(on bool) {
	switch {
	case on == s.hasCached:
		return
	case on:
		s.parent.addWaiting(1)
	default:
		s.parent.addWaiting(-1)
	}
	s.hasCached = on
}

// count adds to those above s, or takes from them, what s and those below have
// cached.
func (s *Surface) count(sign int) {
	n := s.waiting
	if s.hasCached {
		n++
	}
	s.parent.addWaiting(sign * n)
}

// addWaiting counts n cached states more below s.
func (s *Surface) addWaiting(n int) {
	for ; s != nil && n != 0; s = s.parent {
		s.waiting += n
	}
}

// applyOrder stacks and places the scene nodes of the children.
func (s *Surface) applyOrder(order []Placement) {
	nodes := s.core.nodes[:0]
	for _, p := range order {
		c := p.Surface
		if c == s {
			nodes = append(nodes, &s.node.Node)
			continue
		}
		c.tree.SetPosition(p.Pos.X, p.Pos.Y)
		c.placed = true
		c.tree.SetEnabled(s.tex != nil)
		nodes = append(nodes, &c.tree.Node)
	}
	s.unmeasure()
	s.tree.Restack(nodes)
	clear(nodes)
	s.core.nodes = nodes[:0]
}

// showChildren hides what is below a surface without content.
func (s *Surface) showChildren() {
	for _, p := range s.order {
		if c := p.Surface; c != s && c.placed {
			c.tree.SetEnabled(s.tex != nil)
		}
	}
}

// Depth returns how many surfaces are above s.
func (s *Surface) Depth() int {
	n := 0
	for ; s.parent != nil; s = s.parent {
		n++
	}
	return n
}

// Height returns how many levels of surfaces are below s.
func (s *Surface) Height() int {
	n := 0
	for _, p := range s.order {
		if p.Surface != s {
			n = max(n, 1+p.Surface.Height())
		}
	}
	return n
}

// ChildCount returns how many subsurfaces s has itself.
func (s *Surface) ChildCount() int { return len(s.order) - 1 }

// Children calls fn for each subsurface, bottom first.
func (s *Surface) Children(fn func(*Surface)) {
	for _, p := range s.order {
		if p.Surface != s {
			fn(p.Surface)
		}
	}
}

// Each calls fn for s and everything below it.
func (s *Surface) Each(fn func(*Surface)) {
	fn(s)
	for _, p := range s.order {
		if p.Surface != s {
			p.Surface.Each(fn)
		}
	}
}

// Extents returns the bounds of s and its subsurfaces as they are shown,
// surface-local.
func (s *Surface) Extents() geom.Rect {
	if s.measured {
		return s.extents
	}
	r := s.size.Rect()
	for _, p := range s.order {
		if c := p.Surface; c != s && c.placed && c.HasBuffer() {
			r = r.Union(c.Extents().Add(c.tree.Position()))
		}
	}
	s.extents, s.measured = r, true
	return r
}

// unmeasure has the extents of s and of those above, which may count them,
// computed anew.
func (s *Surface) unmeasure() {
	s.measured = false
	for s = s.parent; s != nil && s.measured; s = s.parent {
		s.measured = false
	}
}
