// Package tail keeps the last entries of a log, for those who follow it.
//
//	l := tail.New[string](1024)
//	l.Add(func(seq uint64) string { return fmt.Sprint(seq, " something") })
//	list, err := l.Wait(ctx, last)
//
// All methods may be called from any goroutine. Add waits for nobody who reads.
package tail

import (
	"context"
	"sync"
)

// Tail is the last entries of a log. They are numbered from 1.
type Tail[T any] struct {
	length uint64

	mu      sync.Mutex
	ring    []T // entry n is at (n-1) mod length
	last    uint64
	changed chan struct{} // closed when there is another
}

// New returns an empty log that keeps the last entries, at most length.
func New[T any](length int) *Tail[T] {
	return &Tail[T]{length: uint64(length), changed: make(chan struct{})}
}

// Add appends what entry returns, which is called with its number, once and
// with the log locked.
func (t *Tail[T]) Add(entry func(seq uint64) T) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.last++
	if e := entry(t.last); uint64(len(t.ring)) < t.length {
		t.ring = append(t.ring, e)
	} else {
		t.ring[(t.last-1)%t.length] = e
	}
	close(t.changed)
	t.changed = make(chan struct{})
}

// After returns the entries behind a number that are still there. changed is
// closed when there is another.
func (t *Tail[T]) After(seq uint64) (list []T, changed <-chan struct{}) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if kept := uint64(len(t.ring)); t.last > kept {
		seq = max(seq, t.last-kept)
	}
	for ; seq < t.last; seq++ {
		list = append(list, t.ring[seq%t.length])
	}
	return list, t.changed
}

// Last returns the number of the last entry, 0 if there is none.
func (t *Tail[T]) Last() uint64 {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.last
}

// Wait is After that waits until there is an entry, or ctx ends.
func (t *Tail[T]) Wait(ctx context.Context, seq uint64) ([]T, error) {
	for {
		list, changed := t.After(seq)
		if len(list) > 0 {
			return list, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
