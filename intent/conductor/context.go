package conductor

import (
	"context"
	"sync"
	"time"
)

// runContext is the context of a task's attempt. It is part of the task, because
// most handlers are over before anybody could end them, and a context of its own
// would cost more than the rest of the task.
type runContext struct {
	deadline time.Time

	mu   sync.Mutex
	err  error
	done chan struct{} // nil until somebody asks for it
	then map[*func()]func()
}

// Deadline implements context.Context.
func (x *runContext) Deadline() (time.Time, bool) { return x.deadline, !x.deadline.IsZero() }

// Done implements context.Context.
func (x *runContext) Done() <-chan struct{} {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.done == nil {
		x.done = make(chan struct{})
		if x.err != nil {
			close(x.done)
		}
	}
	return x.done
}

// Err implements context.Context.
func (x *runContext) Err() error {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.err
}

// Value implements context.Context.
func (x *runContext) Value(any) any { return nil }

// AfterFunc lets contexts that are made from this one end with it, without a
// goroutine for each.
func (x *runContext) AfterFunc(f func()) (stop func() bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.err != nil {
		go f()
		return func() bool { return false }
	}
	if x.then == nil {
		x.then = map[*func()]func(){}
	}
	key := &f
	x.then[key] = f
	return func() bool {
		x.mu.Lock()
		defer x.mu.Unlock()
		_, there := x.then[key]
		delete(x.then, key)
		return there
	}
}

// end ends the context; the first time counts.
func (x *runContext) end(err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.err != nil {
		return
	}
	x.err = err
	if x.done != nil {
		close(x.done)
	}
	for _, f := range x.then {
		go f()
	}
	x.then = nil
}

// until says when the context will end by itself. Nobody has it yet.
func (x *runContext) until(t time.Time) { x.deadline = t }

// reset makes the context anew for the next attempt.
func (x *runContext) reset() {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.deadline, x.err, x.done, x.then = time.Time{}, nil, nil, nil
}

var _ context.Context = (*runContext)(nil)
