package conductor

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// ran takes in what came of an attempt. The lock is held.
func (c *Conductor) ran(t *task, err error, now time.Duration) {
	c.times.remove(t)
	var fixed *permanent
	switch {
	case err == nil:
		c.end(t, Done, "")
	case t.cancelled:
		c.end(t, Cancelled, t.reason)
	case t.deadline > 0 && now >= t.deadline:
		c.end(t, Expired, reasonOf(err))
	case c.closed && t.ctx.Err() != nil:
		c.putBack(t)
	case errors.Is(err, errDoubt):
		c.end(t, Doubtful, reasonOf(err))
	case !errors.As(err, &fixed) && int(t.attempt.Load()) < t.kind.Retry.Attempts:
		c.counts.Retried++
		t.direct, t.begun = false, false
		pause := t.kind.Retry.pause(c.o.Seed, t.id, int(t.attempt.Load()))
		t.phase.Store(delayed)
		c.delay(t, now+pause, reasonOf(err))
		if t.durable {
			c.log.retry(t, c.epoch.Add(t.due))
		}
	case t.doubt:
		c.end(t, Doubtful, reasonOf(err))
	default:
		c.end(t, Failed, reasonOf(err))
	}
}

// putBack leaves a task that was interrupted by Close for the next run.
func (c *Conductor) putBack(t *task) {
	t.attempt.Add(-1)
	t.begun = false
	t.phase.Store(held)
	if t.durable {
		c.log.back(t)
	}
}

// delay has a task whose phase is delayed wait for a time.
func (c *Conductor) delay(t *task, due time.Duration, reason string) {
	t.due, t.reason = due, reason
	c.delays.add(t)
	c.setTimer()
}

// seize takes a task that hasn't begun out of where it waits, so that it can be
// ended. It reports whether nobody has begun it.
func (c *Conductor) seize(t *task) bool {
	switch p := t.phase.Load(); p {
	case held:
		t.phase.Store(ending)
	case delayed:
		t.phase.Store(ending)
		c.delays.remove(t)
	case ready:
		t.phase.Store(ending)
		c.ready.drop()
	case taken:
		return t.phase.CompareAndSwap(taken, ending)
	default:
		return false
	}
	return true
}

// end ends a task that ran or was seized, and unless it is done the tasks that
// need it. The end counts when it is on disk.
func (c *Conductor) end(t *task, s State, reason string) {
	t.state, t.reason = s, reason
	list := []*task{t}
	if s != Done {
		for i := 0; i < len(list); i++ {
			for _, d := range list[i].then {
				if c.seize(d) {
					d.state, d.reason = Cancelled, fmt.Sprintf("task %d, which it needs, is %v", list[i].id, list[i].state)
					list = append(list, d)
				}
			}
		}
	}
	var durable []*task
	for _, t := range list {
		t.phase.Store(ending)
		c.deaths.remove(t)
		if t.durable {
			durable = append(durable, t)
		}
	}
	if len(durable) > 0 {
		c.log.end(durable)
	}
	for _, t := range list {
		if !t.durable {
			c.finish(t, c.now())
		}
	}
}

// finish tells everybody of an end that counts.
func (c *Conductor) finish(t *task, now time.Duration) {
	if t.phase.Swap(ended) != ended {
		c.open.Add(-1)
	}
	if t.durable && t.state == Done {
		c.lasting.add(t, now)
	}
	delete(c.tasks, t.id)
	if t.key != "" {
		delete(c.keys, t.key)
		if t.state == Done {
			c.ledger.add(t.key, t.id)
		}
	}
	c.counts.Ended[t.state]++
	t.kind.count(t.state)
	s := t.status(now)
	s.Ended = c.epoch.Add(now)
	c.recent.add(s)
	c.tellWaiters(t)
	for _, d := range t.then {
		switch {
		case t.state == Done:
			d.needs--
			c.release(d, now)
		case c.seize(d): // it came when the end was not on disk yet
			c.end(d, Cancelled, fmt.Sprintf("task %d, which it needs, is %v", t.id, t.state))
		}
	}
	t.then = nil
	if c.waiting > 0 {
		c.calm.Broadcast()
	}
	if len(c.claims) > 0 {
		c.grant()
	}
}

func (k *kind) count(s State) {
	if k != nil {
		k.counts[s]++
	}
}

func (c *Conductor) tellWaiters(t *task) {
	if len(t.waiters) == 0 {
		return
	}
	s := t.status(c.now())
	for _, w := range t.waiters {
		w <- s // it has room for one
	}
	t.waiters = nil
}

// Cancel ends a task: at once if it hasn't begun, else its context, and the
// task is cancelled unless its handler is done all the same. With a journal it
// returns when that is on disk. reason is kept with the task.
func (c *Conductor) Cancel(id ID, reason string) error {
	reason = cutText(reason, maxReason)
	c.mu.Lock()
	t := c.tasks[id]
	if t == nil {
		defer c.mu.Unlock()
		return c.noTask(id)
	}
	switch {
	case c.seize(t):
		ended := t.wait()
		c.end(t, Cancelled, reason)
		c.mu.Unlock()
		if s := <-ended; !s.State.Ended() {
			return ErrClosed
		}
		return nil
	case t.phase.Load() != running:
		defer c.mu.Unlock()
		return fmt.Errorf("%w: %d", ErrEnded, id)
	}
	t.cancelled, t.reason = true, reason
	t.ctx.end(context.Canceled)
	if !t.durable {
		c.mu.Unlock()
		return nil
	}
	g := c.log.cancel(t)
	c.mu.Unlock()
	return <-g.done
}

// noTask says why there is no task to act on.
func (c *Conductor) noTask(id ID) error {
	if s, known := c.recent.get(id); known {
		return fmt.Errorf("%w: %d is %v", ErrEnded, id, s.State)
	}
	return fmt.Errorf("%w: %d", ErrNoTask, id)
}

// wait returns a channel that gets the task's end.
func (t *task) wait() chan Status {
	ch := make(chan Status, 1)
	t.watched.Store(true)
	t.waiters = append(t.waiters, ch)
	return ch
}

// Wait returns what came of a task, when that counts: with a journal, when it
// is on disk. Of the tasks that ended long ago nothing is known any more.
func (c *Conductor) Wait(ctx context.Context, id ID) (Status, error) {
	c.mu.Lock()
	t := c.tasks[id]
	if t == nil {
		defer c.mu.Unlock()
		if s, known := c.recent.get(id); known {
			return s, nil
		}
		return Status{}, fmt.Errorf("%w: %d", ErrNoTask, id)
	}
	t.watched.Store(true)
	if t.phase.Load() == ended { // by a worker that will tell later
		defer c.mu.Unlock()
		return t.status(c.now()), nil
	}
	ch := t.wait()
	c.mu.Unlock()
	select {
	case s := <-ch:
		if !s.State.Ended() {
			return s, ErrClosed
		}
		return s, nil
	case <-ctx.Done():
		return Status{}, ctx.Err()
	}
}

// setTimer sets the timer to the next time that something is due.
func (c *Conductor) setTimer() {
	next := time.Duration(-1)
	for _, h := range []*dues{&c.delays, &c.deaths, &c.times} {
		if t, at := h.first(); t != nil && (next < 0 || at < next) {
			next = at
		}
	}
	if c.timer != nil && c.timerAt == next {
		return
	}
	if c.timer != nil {
		c.timer()
		c.timer = nil
	}
	if next < 0 || c.closed {
		return
	}
	c.timerAt = next
	c.timer = c.clock.AfterFunc(max(next-c.now(), 0), c.tick)
}

// tick does what is due.
func (c *Conductor) tick() {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return
	}
	now := c.now()
	for {
		t, at := c.delays.first()
		if t == nil || at > now {
			break
		}
		c.delays.remove(t)
		t.ctx.reset()
		t.reason = ""
		c.enqueue(t, now)
	}
	for {
		t, at := c.deaths.first()
		if t == nil || at > now {
			break
		}
		c.deaths.remove(t)
		if c.seize(t) {
			c.end(t, Expired, "its deadline has passed")
		} else {
			t.ctx.end(context.DeadlineExceeded)
		}
	}
	for {
		t, at := c.times.first()
		if t == nil || at > now {
			break
		}
		c.times.remove(t)
		t.ctx.end(context.DeadlineExceeded)
	}
	c.timer = nil
	c.setTimer()
}
