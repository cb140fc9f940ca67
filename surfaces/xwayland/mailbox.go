package xwayland

import "sync"

// mailbox hands values to a goroutine. put never blocks.
type mailbox[T any] struct {
	ready chan struct{} // has a value while there may be some to take

	mu    sync.Mutex
	items []T
}

func newMailbox[T any]() *mailbox[T] { return &mailbox[T]{ready: make(chan struct{}, 1)} }

// put adds a value and returns how many wait.
func (b *mailbox[T]) put(v T) int {
	b.mu.Lock()
	b.items = append(b.items, v)
	n := len(b.items)
	b.mu.Unlock()
	select {
	case b.ready <- struct{}{}:
	default:
	}
	return n
}

// take returns all values, oldest first.
func (b *mailbox[T]) take() []T {
	b.mu.Lock()
	defer b.mu.Unlock()
	items := b.items
	b.items = nil
	return items
}
