package loop

import (
	"encoding/binary"
	"errors"
	"fmt"
	"sync"

	"golang.org/x/sys/unix"
)

// eventfdOne is what one wake writes.
var eventfdOne = binary.NativeEndian.AppendUint64(nil, 1)

// postQueue carries functions to the loop goroutine. Two slices trade places,
// so a steady flow of posts allocates nothing.
type postQueue struct {
	mu     sync.Mutex
	queued []func() // guarded by mu
	closed bool     // guarded by mu

	running []func()
	at      int // next of running; survives a panic of the one before
}

// Post runs fn on the loop goroutine, in the order of the calls. Any goroutine
// may call it; a post from the loop goroutine itself runs in a turn of its own
// or later in this one, never inside the call. A closed loop drops it.
func (l *Loop) Post(fn func()) {
	q := &l.posts
	q.mu.Lock()
	defer q.mu.Unlock()
	q.queued = append(q.queued, fn)
	if len(q.queued) == 1 {
		l.wakeLocked()
	}
}

func (l *Loop) wake() {
	l.posts.mu.Lock()
	defer l.posts.mu.Unlock()
	l.wakeLocked()
}

// wakeLocked makes epoll_wait return. The eventfd is edge triggered, so its
// count is never read.
//
// Preconditions: l.posts.mu is held, so the eventfd cannot be closed meanwhile.
func (l *Loop) wakeLocked() {
	if l.posts.closed {
		return
	}
	if _, err := unix.Write(l.eventfd, eventfdOne); err != nil && !errors.Is(err, unix.EAGAIN) {
		panic(fmt.Sprintf("loop: write to the eventfd: %v", err)) // impossible
	}
}

// run calls what was queued before the call. What those functions post is left
// for the next turn, so that posts cannot starve descriptors.
func (q *postQueue) run() {
	if !q.left() {
		q.mu.Lock()
		q.queued, q.running = q.running[:0], q.queued
		q.mu.Unlock()
		q.at = 0
	}
	for q.left() {
		fn := q.running[q.at]
		q.running[q.at] = nil
		q.at++
		fn()
	}
}

// left reports whether a panic cut run short.
func (q *postQueue) left() bool { return q.at < len(q.running) }
