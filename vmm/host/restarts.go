package host

import "time"

const (
	maxRestarts = 5
	firstWait   = time.Second
	longLife    = 10 * time.Minute // after which earlier crashes count no more
)

// restarts decides when a machine that has crashed is started again.
type restarts struct {
	count int
	unit  time.Duration // the first wait
}

// after is asked when a machine has crashed that lived for so long. It returns
// how long to wait before the next start, or false: too often.
func (r *restarts) after(lived time.Duration) (wait time.Duration, again bool) {
	if lived >= longLife {
		r.count = 0
	}
	if r.count == maxRestarts {
		return 0, false
	}
	r.count++
	return r.unit << (r.count - 1), true
}

// forget is called when a person starts the machine.
func (r *restarts) forget() { r.count = 0 }
