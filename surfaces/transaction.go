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

func (b *Blocker) cleared() bool { return b.done }

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

// Queued returns how many commits of s wait for a Blocker, their own or that of
// an older one. The adapter bounds it.
func (s *Surface) Queued() int { return len(s.queue.all()) }

// queue holds transactions in the order of their commits.
type queue struct {
	list []*transaction
	head int
}

func (q *queue) all() []*transaction { return q.list[q.head:] }
func (q *queue) empty() bool         { return q.head == len(q.list) }
func (q *queue) first() *transaction { return q.list[q.head] }
func (q *queue) push(t *transaction) { q.list = append(q.list, t) }

// pop takes the first one out. It moves the rest down now and then, so that
// the cost of each is bounded and the storage is reused.
func (q *queue) pop() {
	q.list[q.head] = nil
	if q.head++; 2*q.head >= len(q.list) {
		n := copy(q.list, q.list[q.head:])
		clear(q.list[n:])
		q.list, q.head = q.list[:n], 0
	}
}

// transaction is a set of states that become current together.
type transaction struct {
	core    *Core
	entries []entry
}

// entry is a surface's state in a transaction. Entries past the end of the
// list keep the storage of an empty state for the next.
type entry struct {
	s  *Surface
	st State
}

// applied is what hooks have to be told of.
type applied struct {
	s       *Surface
	set     Fields
	resized bool
	fault   error
}

// maxPool is how many free transactions are kept.
const maxPool = 32

// submit applies p, with what its synchronised children have cached, or queues
// it when something blocks.
func (s *Surface) submit(p *State) {
	c := s.core
	if s.queue.empty() && !blocked(p.blockers) && !s.childrenWait(false) {
		from := len(c.applied)
		s.apply(p)
		s.applyChildren(false)
		c.report(from)
		return
	}
	t := c.take()
	t.add(s, p)
	t.addChildren(s, false)
	for i := range t.entries {
		e := &t.entries[i]
		e.s.queue.push(t)
		for _, b := range e.st.blockers {
			b.tx = t
		}
	}
	t.run()
}

// report tells the hooks of what was applied since the list had the length
// from.
func (c *Core) report(from int) {
	for i, end := from, len(c.applied); i < end; i++ {
		a := c.applied[i] // hooks may grow the list
		s := a.s
		s.resized = a.resized
		if a.fault != nil && !s.destroyed {
			s.hooks.BufferFault(s, a.fault)
		}
		if !s.destroyed {
			s.hooks.Committed(s, a.set)
		}
	}
	clear(c.applied[from:])
	c.applied = c.applied[:from]
}

func blocked(bs []*Blocker) bool {
	for _, b := range bs {
		if !b.done {
			return true
		}
	}
	return false
}

// childrenWait reports whether a cached state below s can't be applied now.
// synced says whether s itself is synchronised, and so all below it.
func (s *Surface) childrenWait(synced bool) bool {
	if s.waiting == 0 {
		return false
	}
	for _, p := range s.order {
		c := p.Surface
		if c == s || c.desync && !synced {
			continue
		}
		if c.hasCached && (!c.queue.empty() || blocked(c.cached.blockers)) || c.childrenWait(true) {
			return true
		}
	}
	return false
}

// applyChildren applies the cached states below s.
func (s *Surface) applyChildren(synced bool) {
	for _, p := range s.order {
		if s.waiting == 0 {
			return
		}
		c := p.Surface
		if c == s || c.desync && !synced {
			continue
		}
		if c.hasCached {
			c.setCached(false)
			c.apply(&c.cached)
		}
		c.applyChildren(true)
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

// give keeps t, which has no entries, for the next that has to wait. Stale
// pointers to t do no harm: all that they lead to is run.
func (c *Core) give(t *transaction) {
	if len(c.pool) < maxPool {
		c.pool = append(c.pool, t)
	}
}

// add moves st into t.
func (t *transaction) add(s *Surface, st *State) {
	n := len(t.entries)
	if n < cap(t.entries) {
		t.entries = t.entries[:n+1]
	} else {
		t.entries = append(t.entries, entry{})
	}
	e := &t.entries[n]
	e.s = s
	e.st, *st = *st, e.st
}

func (t *transaction) addChildren(s *Surface, synced bool) {
	for _, p := range s.order {
		if s.waiting == 0 {
			return
		}
		c := p.Surface
		if c == s || c.desync && !synced {
			continue
		}
		if c.hasCached {
			c.setCached(false)
			t.add(c, &c.cached)
		}
		t.addChildren(c, true)
	}
}

// remove takes entry i, whose state is empty, out of t.
func (t *transaction) remove(i int) {
	e := t.entries[i]
	copy(t.entries[i:], t.entries[i+1:])
	last := len(t.entries) - 1
	t.entries[last] = entry{st: e.st}
	t.entries = t.entries[:last]
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

// due reports whether t has something to apply and nothing holds it back: no
// blocker, and no older transaction of any of its surfaces.
func (t *transaction) due() bool {
	for i := range t.entries {
		e := &t.entries[i]
		if e.s.queue.first() != t || blocked(e.st.blockers) {
			return false
		}
	}
	return len(t.entries) > 0
}

// run applies t when it is due, and then those that waited for it.
func (t *transaction) run() {
	c := t.core
	from := len(c.ready)
	c.ready = append(c.ready, t)
	for len(c.ready) > from {
		last := len(c.ready) - 1
		t := c.ready[last]
		c.ready[last] = nil
		c.ready = c.ready[:last]
		if t.due() {
			t.apply()
		}
	}
}

// apply makes the states of t current and has what waits behind them run.
func (t *transaction) apply() {
	c, entries := t.core, t.entries
	t.entries = nil // hooks may come back to t
	from := len(c.applied)
	for i := range entries {
		s := entries[i].s
		s.queue.pop()
		s.apply(&entries[i].st)
	}
	c.report(from)
	for i := range entries {
		if s := entries[i].s; !s.queue.empty() {
			c.ready = append(c.ready, s.queue.first())
		}
		entries[i].s = nil
	}
	t.entries = entries[:0]
	c.give(t)
}

// leaveQueue takes a dying surface out of every transaction and returns those
// that may be due without it.
func (s *Surface) leaveQueue() []*transaction {
	waiting := s.queue.all()
	s.queue = queue{}
	for _, t := range waiting {
		for i := range t.entries {
			if t.entries[i].s == s {
				t.entries[i].st.drop(s.core)
				t.remove(i)
				break
			}
		}
	}
	return waiting
}
