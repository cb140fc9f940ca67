package session

// waiters are those who wait for something to become true. They are looked at
// when a turn ends, which is when anything can have changed.
type waiters struct{ list []*waiter }

// waiter holds a condition. ready returns true when it has told its owner.
type waiter struct {
	ready func() bool
	gone  bool
}

// add waits for ready, which is asked at once and then at the end of each
// turn. The function returned gives up.
func (w *waiters) add(ready func() bool) (cancel func()) {
	if ready() {
		return nil
	}
	n := &waiter{ready: ready}
	w.list = append(w.list, n)
	return func() { n.gone = true }
}

// check asks all conditions.
func (w *waiters) check() {
	if len(w.list) == 0 {
		return
	}
	kept := w.list[:0]
	for _, n := range w.list {
		if !n.gone && !n.ready() {
			kept = append(kept, n)
		}
	}
	clear(w.list[len(kept):])
	w.list = kept
}
