package conductor

import "math"

// buckets are the tasks that are ready, a queue for each level. Those that were
// ended meanwhile stay until their turn, or until they are the most.
type buckets struct {
	of   [levels]fifo
	last [levels]int64 // turns
	n    int           // ready
	dead int           // ended
}

// push adds a task whose phase is ready. Within a level turns never go back, so
// that each queue is sorted.
func (b *buckets) push(t *task) {
	b.last[t.level] = max(b.last[t.level], t.turn)
	t.turn = b.last[t.level]
	b.of[t.level].push(t)
	b.n++
}

// drop counts a task that is in a bucket and has ended.
func (b *buckets) drop() {
	b.n--
	if b.dead++; b.dead > 64 && b.dead > b.n {
		for l := range b.of {
			b.of[l].sweep()
		}
		b.dead = 0
	}
}

// best returns the level whose first task is the next, or -1. With foreground
// alone, those of background levels stay.
func (b *buckets) best(foreground bool) int {
	best, turn := -1, int64(math.MaxInt64)
	for l := range b.of {
		if foreground && Level(l).background() {
			continue
		}
		q := &b.of[l]
		for q.n > 0 && q.first().phase.Load() != ready {
			q.pop()
			b.dead--
		}
		if q.n > 0 && (q.first().turn < turn || best >= 0 && q.first().turn == turn) { // of equals the higher level
			best, turn = l, q.first().turn
		}
	}
	return best
}

// turn is that of the next task, MaxInt64 if there is none.
func (b *buckets) turn() int64 {
	if l := b.best(false); l >= 0 {
		return b.of[l].first().turn
	}
	return math.MaxInt64
}

// pop takes the first task of a level that best has returned.
func (b *buckets) pop(level int) *task {
	b.n--
	return b.of[level].pop()
}

// fifo is a queue in a ring that grows and shrinks.
type fifo struct {
	ring []*task // its length is a power of two
	head int
	n    int
}

func (q *fifo) first() *task { return q.ring[q.head] }

func (q *fifo) push(t *task) {
	if q.n == len(q.ring) {
		q.resize(max(16, 2*q.n))
	}
	q.ring[(q.head+q.n)&(len(q.ring)-1)] = t
	q.n++
}

func (q *fifo) pop() *task {
	t := q.ring[q.head]
	q.ring[q.head] = nil
	q.head = (q.head + 1) & (len(q.ring) - 1)
	q.n--
	if len(q.ring) > 1024 && q.n < len(q.ring)/8 {
		q.resize(len(q.ring) / 4)
	}
	return t
}

// popLast takes the last one.
func (q *fifo) popLast() *task {
	q.n--
	i := (q.head + q.n) & (len(q.ring) - 1)
	t := q.ring[i]
	q.ring[i] = nil
	return t
}

func (q *fifo) resize(size int) {
	ring := make([]*task, size)
	for i := range q.n {
		ring[i] = q.ring[(q.head+i)&(len(q.ring)-1)]
	}
	q.ring, q.head = ring, 0
}

// sweep removes tasks that have ended.
func (q *fifo) sweep() {
	for range q.n {
		if t := q.pop(); t.phase.Load() == ready {
			q.push(t)
		}
	}
}
