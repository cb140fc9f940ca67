package host

import "sync"

// queue hands functions to the goroutine that runs them, in order.
type queue struct {
	wake chan struct{} // has something when there are functions

	mu   sync.Mutex
	list []func()
}

func newQueue() *queue { return &queue{wake: make(chan struct{}, 1)} }

// put never blocks. Callers bound how much they ask for.
func (q *queue) put(fn func()) {
	q.mu.Lock()
	q.list = append(q.list, fn)
	q.mu.Unlock()
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// take returns the next function, nil if there is none.
func (q *queue) take() func() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.list) == 0 {
		return nil
	}
	fn := q.list[0]
	q.list[0] = nil
	q.list = q.list[1:]
	return fn
}
