package session

// waiters are those who wait for something to become true. They are looked at
// when a turn ends, which is when anything can have changed.
type waiters struct {
	list  []*waiter
	spare []*waiter // of check
}

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

// check asks all conditions, and reports whether one was true: its owner may have
// done something that takes another turn. Owners may add conditions meanwhile.
func (w *waiters) check() (told bool) {
	if len(w.list) == 0 {
		return false
	}
	asked := w.list
	w.list, w.spare = w.spare[:0], nil
	for _, n := range asked {
		switch {
		case n.gone:
		case n.ready():
			told = true
		default:
			w.list = append(w.list, n)
		}
	}
	clear(asked)
	w.spare = asked
	return told
}
