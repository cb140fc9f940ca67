package host

import (
	"sync"
	"time"

	"rayos/rayapps/ui"
	"rayos/rayapps/wasm/abi"
)

// maxWaiting bounds the messages that wait for the guest. A guest that lets more
// come doesn't answer in time either, and is ended for that.
const maxWaiting = 512

// queue is the messages for the guest. Any goroutine may use it.
type queue struct {
	mu    sync.Mutex
	list  []abi.Message
	there chan struct{} // has a value while there may be some
}

func newQueue() *queue { return &queue{there: make(chan struct{}, 1)} }

// put appends a message. Where the one before says the same of an earlier moment
// it takes its place.
func (q *queue) put(m abi.Message) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if n := len(q.list); n > 0 && replaces(q.list[n-1], m) {
		q.list[n-1] = m
		return
	}
	if len(q.list) >= maxWaiting && !needed(m) {
		return
	}
	q.list = append(q.list, m)
	select {
	case q.there <- struct{}{}:
	default:
	}
}

// needed are few, and what a guest must not miss.
func needed(m abi.Message) bool {
	_, event := m.(*abi.Event)
	_, act := m.(*abi.Act)
	return !event && !act
}

// replaces reports whether nobody misses old when m follows at once.
func replaces(old, m abi.Message) bool {
	switch m := m.(type) {
	case *abi.Configure:
		_, ok := old.(*abi.Configure)
		return ok
	case *abi.Event:
		p, ok := m.Event.(*ui.Pointer)
		if !ok || p.Kind != ui.PointerMove {
			return false
		}
		e, ok := old.(*abi.Event)
		if !ok {
			return false
		}
		q, ok := e.Event.(*ui.Pointer)
		return ok && q.Kind == ui.PointerMove && q.Touch == p.Touch
	}
	return false
}

func (q *queue) take() (abi.Message, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(q.list) == 0 {
		return nil, false
	}
	m := q.list[0]
	q.list[0] = nil
	q.list = q.list[1:]
	return m, true
}

// wait returns the next message, or none when the timeout has passed or done is
// closed. A negative timeout doesn't end.
func (q *queue) wait(timeout time.Duration, done <-chan struct{}) (abi.Message, bool) {
	var late <-chan time.Time
	for {
		m, ok := q.take()
		if ok || timeout == 0 {
			return m, ok
		}
		if timeout > 0 && late == nil {
			t := time.NewTimer(timeout)
			defer t.Stop()
			late = t.C
		}
		select {
		case <-q.there:
		case <-late:
			return q.take()
		case <-done:
			return nil, false
		}
	}
}
