package conductor

// recentTasks is how many tasks that have ended are remembered.
const recentTasks = 1024

// recent is the tasks that ended last.
type recent struct {
	ring []Status
	next int
}

func (r *recent) add(s Status) {
	if len(r.ring) < recentTasks {
		r.ring = append(r.ring, s)
		return
	}
	r.ring[r.next] = s
	r.next = (r.next + 1) % recentTasks
}

// get returns a task by its id.
func (r *recent) get(id ID) (Status, bool) {
	for i := range r.ring {
		if r.ring[i].ID == id {
			return r.ring[i], true
		}
	}
	return Status{}, false
}

// last returns the last n that ended, the latest last.
func (r *recent) last(n int) []Status {
	n = max(min(n, len(r.ring)), 0)
	out := make([]Status, n)
	for i := range out {
		out[i] = r.ring[(r.next+len(r.ring)-n+i)%len(r.ring)]
	}
	return out
}

// ledger is the effects that are there, the latest ones.
type ledger struct {
	ids   map[string]ID
	order []string // a ring
	next  int
	size  int
}

func newLedger(size int) ledger { return ledger{ids: map[string]ID{}, size: size} }

func (l *ledger) add(key string, id ID) {
	if _, known := l.ids[key]; known {
		return
	}
	l.ids[key] = id
	if len(l.order) < l.size {
		l.order = append(l.order, key)
		return
	}
	delete(l.ids, l.order[l.next])
	l.order[l.next] = key
	l.next = (l.next + 1) % l.size
}

// each calls fn for all, the oldest first.
func (l *ledger) each(fn func(key string, id ID)) {
	for i := range l.order {
		key := l.order[(l.next+i)%len(l.order)]
		fn(key, l.ids[key])
	}
}
