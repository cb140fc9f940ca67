package conductor

import (
	"context"
	"slices"
	"time"
)

// Snapshot is a Conductor at one moment.
type Snapshot struct {
	Running   bool // it isn't paused or closed
	Queued    int  // ready or taken
	Waiting   int
	Active    int // running
	Workers   int
	Counts    Counts
	LastTick  time.Duration // since it was opened, when a worker took a task last
	Entropy   float64
	Batch     int
	Durable   bool  // there is a journal
	Journal   int64 // bytes
	JournalOK bool
}

// Snapshot returns the figures of this moment.
func (c *Conductor) Snapshot() Snapshot {
	c.mu.Lock()
	defer c.mu.Unlock()
	s := Snapshot{
		Running: !c.paused && !c.closed, Workers: len(c.workers), Counts: c.counts, LastTick: c.lastTick,
		Entropy: c.entropy(c.now()), Batch: c.Batch(), Durable: c.log != nil, JournalOK: c.log != nil && c.log.broken == nil,
	}
	if c.log != nil {
		s.Journal = c.log.size
	}
	for _, t := range c.tasks {
		switch p := t.phase.Load(); {
		case p == running:
			s.Active++
		case p == ready || p == taken:
			s.Queued++
		case p < ready:
			s.Waiting++
		default: // over, and not told yet
			if p == ended {
				s.Counts.Ended[Done]++
			}
		}
	}
	return s
}

// Compact writes the journal anew, with what is known alone, and returns when
// that is on disk. Without a journal there is nothing to do.
func (c *Conductor) Compact(ctx context.Context) error {
	c.mu.Lock()
	if c.log == nil {
		c.mu.Unlock()
		return nil
	}
	c.log.anew = true
	g := c.log.wait(nil)
	c.mu.Unlock()
	select {
	case err := <-g.done:
		return err
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Tasks returns the tasks that haven't ended, in the order in which they were
// submitted.
func (c *Conductor) Tasks() []Status {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.now()
	list := make([]Status, 0, len(c.tasks))
	for _, t := range c.byID() {
		if s := t.status(now); !s.State.Ended() {
			list = append(list, s)
		}
	}
	return list
}

// Status returns a task that hasn't ended, or did lately.
func (c *Conductor) Status(id ID) (Status, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if t := c.tasks[id]; t != nil {
		return t.status(c.now()), true
	}
	return c.recent.get(id)
}

// Tail returns the last n tasks that ended, the latest last; at most 1024.
func (c *Conductor) Tail(n int) []Status {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.recent.last(n))
}
