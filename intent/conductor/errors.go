package conductor

import (
	"errors"
	"fmt"
)

// Errors that callers tell apart. A task that was refused was not submitted.
var (
	ErrClosed = errors.New("the conductor is closed")
	ErrFull   = errors.New("the queue is full")
	ErrNoKind = errors.New("there is no such kind of task")
	ErrNoTask = errors.New("there is no such task")
	ErrCycle  = errors.New("tasks wait for each other in a circle")
	ErrEnded  = errors.New("the task has ended")
)

// SpecError says what is wrong with a Spec.
type SpecError struct{ Why string }

func (e *SpecError) Error() string { return e.Why }

// permanent is an error that another attempt doesn't change.
type permanent struct{ err error }

func (e *permanent) Error() string { return e.err.Error() }
func (e *permanent) Unwrap() error { return e.err }

// Permanent marks an error of a handler: the task fails without another attempt.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return &permanent{err}
}

// PanicError is what a task failed of whose handler panicked.
type PanicError struct{ Value any }

func (e *PanicError) Error() string { return fmt.Sprintf("its handler panicked: %v", e.Value) }

// reasonOf is an error as it is kept, of at most maxReason bytes.
func reasonOf(err error) string { return cutText(err.Error(), maxReason) }

func cutText(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && s[n]&0xc0 == 0x80 {
		n--
	}
	return s[:n]
}
