package surfaces

// Blocker holds back the commit that it was added to. Everything that waits
// waits by one: a GPU fence, a fifo barrier, a commit time, a resize that must
// land with others.
type Blocker struct {
	done bool
	tx   *transaction
}

// Block adds a Blocker to the pending commit of s.
func (s *Surface) Block() *Blocker {
	b := &Blocker{}
	s.Pending.blockers = append(s.Pending.blockers, b)
	return b
}

// Clear lets the commit go on. Clearing twice is harmless.
func (b *Blocker) Clear() {
	if b.done {
		return
	}
	b.done = true
	if b.tx != nil {
		b.tx.run()
	}
}

// transaction is a set of states that become current together.
type transaction struct {
	core    *Core
	entries []entry
}

type entry struct {
	s  *Surface
	st State
}

// submit applies p, with what its synchronised children have cached, or queues
// it when something blocks.
func (s *Surface) submit(p *State) {
	if len(s.queue) == 0 && !blocked(p.blockers) && !s.childrenWait() {
		s.apply(p)
		s.applyChildren()
		return
	}
	t := s.core.take()
	t.add(s, p)
	t.addChildren(s)
	for i := range t.entries {
		e := &t.entries[i]
		e.s.queue = append(e.s.queue, t)
		for _, b := range e.st.blockers {
			b.tx = t
		}
	}
	t.run()
}

func blocked(bs []*Blocker) bool {
	for _, b := range bs {
		if !b.done {
			return true
		}
	}
	return false
}

// childrenWait reports whether a synchronised descendant can't be applied now.
func (s *Surface) childrenWait() bool {
	for _, p := range s.order {
		c := p.Surface
		if c == s || c.desync {
			continue
		}
		if len(c.queue) > 0 || blocked(c.cached.blockers) || c.childrenWait() {
			return true
		}
	}
	return false
}

// applyChildren applies the cached states below s.
func (s *Surface) applyChildren() {
	if len(s.order) == 1 {
		return
	}
	for i := 0; i < len(s.order); i++ {
		c := s.order[i].Surface
		if c == s || !c.Synced() {
			continue
		}
		if c.hasCached {
			c.hasCached = false
			c.apply(&c.cached)
		}
		c.applyChildren()
	}
}

func (c *Core) take() *transaction {
	if n := len(c.pool); n > 0 {
		t := c.pool[n-1]
		c.pool = c.pool[:n-1]
		return t
	}
	return &transaction{core: c}
}

func (t *transaction) add(s *Surface, st *State) {
	t.entries = append(t.entries, entry{s: s})
	e := &t.entries[len(t.entries)-1]
	e.st, *st = *st, State{}
}

func (t *transaction) addChildren(s *Surface) {
	for _, p := range s.order {
		c := p.Surface
		if c == s || !c.Synced() {
			continue
		}
		if c.hasCached {
			c.hasCached = false
			t.add(c, &c.cached)
		}
		t.addChildren(c)
	}
}

// state returns what t will apply to s, or nil.
func (t *transaction) state(s *Surface) *State {
	for i := range t.entries {
		if t.entries[i].s == s {
			return &t.entries[i].st
		}
	}
	return nil
}

// ready reports whether nothing holds t back: no blocker, and no older
// transaction of any of its surfaces.
func (t *transaction) ready() bool {
	for i := range t.entries {
		e := &t.entries[i]
		if len(e.s.queue) > 0 && e.s.queue[0] != t {
			return false
		}
		if blocked(e.st.blockers) {
			return false
		}
	}
	return true
}

// run applies t when it is ready, and then those that waited for it.
func (t *transaction) run() {
	if len(t.entries) == 0 || !t.ready() {
		return
	}
	entries := t.entries
	for i := range entries {
		s := entries[i].s
		s.queue = s.queue[1:]
	}
	t.entries = nil
	for i := range entries {
		entries[i].s.apply(&entries[i].st)
	}
	for i := range entries {
		if s := entries[i].s; len(s.queue) > 0 {
			s.queue[0].run()
		}
	}
	clear(entries)
	t.entries = entries[:0]
	t.core.pool = append(t.core.pool, t)
}

// leaveQueue takes a dying surface out of every transaction.
func (s *Surface) leaveQueue() {
	queue := s.queue
	s.queue = nil
	for _, t := range queue {
		for i := range t.entries {
			if t.entries[i].s == s {
				t.entries[i].st.drop()
				t.entries = append(t.entries[:i], t.entries[i+1:]...)
				break
			}
		}
	}
	for _, t := range queue {
		t.run()
	}
}
