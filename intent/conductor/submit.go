package conductor

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Submit takes a task in. With a journal it returns when the task is on disk.
// It refuses with ErrFull when there are too many.
func (c *Conductor) Submit(s Spec) (ID, error) {
	ids, err := c.SubmitAll([]Spec{s})
	if err != nil {
		return 0, err
	}
	return ids[0], nil
}

// SubmitAll takes several tasks in, all or none.
func (c *Conductor) SubmitAll(list []Spec) ([]ID, error) {
	return c.submit(context.Background(), list, false)
}

// SubmitWait is SubmitAll that waits for room in the queue.
func (c *Conductor) SubmitWait(ctx context.Context, list []Spec) ([]ID, error) {
	return c.submit(ctx, list, true)
}

func (c *Conductor) submit(ctx context.Context, list []Spec, wait bool) ([]ID, error) {
	if len(list) > MaxSubmit {
		return nil, &SpecError{fmt.Sprintf("%d tasks at once; at most %d", len(list), MaxSubmit)}
	}
	for i := range list {
		if err := list[i].check(); err != nil {
			return nil, err
		}
	}
	if err := circle(list); err != nil {
		return nil, err
	}
	c.mu.Lock()
	if err := c.makeRoom(ctx, len(list), wait); err != nil {
		c.counts.Refused += uint64(len(list))
		c.mu.Unlock()
		return nil, err
	}
	made, ids, err := c.prepare(list)
	if err == nil && c.closed { // while it waited
		err = ErrClosed
	}
	if err != nil {
		c.giveBack(len(list))
		c.counts.Refused += uint64(len(list))
		c.mu.Unlock()
		return nil, err
	}
	c.giveBack(len(list) - len(made)) // keys that are known already
	durable := false
	for i := range ids { // a key's first task that isn't on disk yet holds up the second
		t := c.keys[list[i].Key]
		durable = durable || t != nil && t.durable && t.phase.Load() == pending
	}
	for _, t := range made {
		c.admit(t)
		durable = durable || t.durable
	}
	if !durable {
		if len(made) > 0 {
			c.accept(made, made[0].submitted)
		}
		c.mu.Unlock()
		return ids, nil
	}
	g := c.log.submit(made)
	c.mu.Unlock()
	if err := <-g.done; err != nil {
		return nil, err
	}
	return ids, c.stillThere(ids, list)
}

// stillThere reports whether a key's first task was refused meanwhile.
func (c *Conductor) stillThere(ids []ID, list []Spec) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	for i, id := range ids {
		if key := list[i].Key; key != "" && c.tasks[id] == nil && c.ledger.ids[key] != id {
			if _, known := c.recent.get(id); !known {
				return fmt.Errorf("%w: the first task with the key %.40q was refused", ErrNoTask, key)
			}
		}
	}
	return nil
}

// claim is a submitter that waits for room, or the room that it got.
type claim struct {
	n   int
	got chan struct{} // closed when it has the room, or never will
	ok  bool
}

// makeRoom gets room for n tasks, refuses them or waits. The lock is held, and
// given up while it waits.
func (c *Conductor) makeRoom(ctx context.Context, n int, wait bool) error {
	if c.closed {
		return ErrClosed
	}
	if c.fits(n) && (!wait || len(c.claims) == 0) {
		c.open.Add(int64(n))
		return nil
	}
	if !wait || n > c.o.Queue {
		return fmt.Errorf("%w: %d of %d tasks haven't ended; try again when some have", ErrFull, c.open.Load(), c.o.Queue)
	}
	k := &claim{n: n, got: make(chan struct{})}
	c.claims = append(c.claims, k)
	c.watchEnds()
	c.grant() // an end that came before somebody watched
	c.mu.Unlock()
	select {
	case <-k.got:
		c.mu.Lock()
	case <-ctx.Done():
		c.mu.Lock()
		if i := slices.Index(c.claims, k); i >= 0 {
			c.claims = slices.Delete(c.claims, i, i+1)
			c.watchEnds()
			c.grant() // to whoever stood behind it
			return ctx.Err()
		}
	}
	if !k.ok {
		return ErrClosed
	}
	return nil
}

func (c *Conductor) fits(n int) bool { return c.open.Load()+int64(n) <= int64(c.o.Queue) }

// grant gives room that has become free to those who wait for it, in their
// order.
func (c *Conductor) grant() {
	for len(c.claims) > 0 && c.fits(c.claims[0].n) {
		k := c.claims[0]
		c.claims[0] = nil
		c.claims = c.claims[1:]
		c.open.Add(int64(k.n))
		k.ok = true
		close(k.got)
		c.watchEnds()
	}
}

// giveBack frees room that isn't needed.
func (c *Conductor) giveBack(n int) {
	if n > 0 {
		c.open.Add(-int64(n))
		c.grant()
	}
}

// circle reports whether tasks wait for each other (Kahn, 1962).
func circle(list []Spec) error {
	if !slices.ContainsFunc(list, func(s Spec) bool { return len(s.Needs) > 0 }) {
		return nil
	}
	left := make([]int, len(list))
	then := make([][]int, len(list))
	for i := range list {
		for _, n := range list[i].Needs {
			if n < 0 || n >= len(list) {
				return &SpecError{fmt.Sprintf("task %d needs number %d of %d", i, n, len(list))}
			}
			left[i]++
			then[n] = append(then[n], i)
		}
	}
	var free []int
	for i, n := range left {
		if n == 0 {
			free = append(free, i)
		}
	}
	for done := 0; done < len(free); done++ {
		for _, i := range then[free[done]] {
			if left[i]--; left[i] == 0 {
				free = append(free, i)
			}
		}
	}
	if len(free) < len(list) {
		return fmt.Errorf("%w: %d of %d can never begin", ErrCycle, len(list)-len(free), len(list))
	}
	return nil
}

// prepare makes tasks of specs, and changes nothing if one can't be. A spec
// whose key is known already gets the id of that task instead of one.
func (c *Conductor) prepare(list []Spec) (made []*task, ids []ID, err error) {
	now, last := c.now(), c.last
	made = make([]*task, 0, len(list))
	ids = make([]ID, len(list))
	var of []*task // by index, for Needs
	keys := map[string]ID(nil)
	for i := range list {
		s := &list[i]
		k := c.kinds[s.Kind]
		if k == nil {
			return nil, nil, fmt.Errorf("%w: %q (there are: %s)", ErrNoKind, s.Kind, strings.Join(c.kindNames(), ", "))
		}
		if s.Key != "" {
			if id := c.keyed(s.Key, keys); id != 0 {
				ids[i] = id
				continue
			}
			if keys == nil {
				keys = map[string]ID{}
			}
			keys[s.Key] = last + 1
		}
		last++
		ids[i] = last
		t := &task{
			id: last, kindName: k.Name, kind: k, key: s.Key, level: s.Level,
			durable: c.log != nil && !k.Volatile, submitted: now,
		}
		if len(s.Args) > 0 {
			t.args = slices.Clone(s.Args)
		}
		if !s.Deadline.IsZero() {
			t.deadline = max(now+s.Deadline.Sub(c.clock.Now()), 1)
		}
		if t.key != "" || t.deadline > 0 || t.durable || k.Timeout > 0 {
			t.watched.Store(true)
		}
		made = append(made, t)
		if len(s.After) > 0 {
			t.after = slices.Clone(s.After)
		}
	}
	for i := range list {
		if len(list[i].Needs) == 0 && len(list[i].After) == 0 {
			continue
		}
		if of == nil {
			of = make([]*task, 0, len(list))
			for _, id := range ids {
				at := slices.IndexFunc(made, func(t *task) bool { return t.id == id })
				if at < 0 {
					of = append(of, nil)
				} else {
					of = append(of, made[at])
				}
			}
		}
		t := of[i]
		if t == nil {
			continue // it is an earlier task
		}
		for _, n := range list[i].Needs {
			if ids[n] != t.id {
				t.after = append(t.after, ids[n])
			}
		}
		for _, id := range t.after {
			if err := c.canFollow(t, id, of); err != nil {
				return nil, nil, err
			}
		}
	}
	c.last = last
	return made, ids, nil
}

// keyed returns the task that has a key, or that had it when it was done.
func (c *Conductor) keyed(key string, now map[string]ID) ID {
	if id := now[key]; id != 0 {
		return id
	}
	if t := c.keys[key]; t != nil {
		return t.id
	}
	return c.ledger.ids[key]
}

// canFollow reports why a task can't wait for another.
func (c *Conductor) canFollow(t *task, id ID, of []*task) error {
	other := c.tasks[id]
	if other == nil {
		if i := slices.IndexFunc(of, func(o *task) bool { return o != nil && o.id == id }); i >= 0 {
			other = of[i]
		}
	}
	if other != nil {
		if t.durable && !other.durable {
			return &SpecError{fmt.Sprintf("a task that lasts can't wait for task %d, which ends with the process", id)}
		}
		return nil
	}
	s, known := c.recent.get(id)
	switch {
	case known && s.State == Done:
		return nil
	case known:
		return fmt.Errorf("%w: task %d, which has to be done first, is %v", ErrEnded, id, s.State)
	}
	for _, done := range c.ledger.ids {
		if done == id {
			return nil
		}
	}
	return fmt.Errorf("%w: %d, which has to be done first (if it ended long ago, leave it out)", ErrNoTask, id)
}

// admit puts a task into the tables.
func (c *Conductor) admit(t *task) {
	c.tasks[t.id] = t
	if t.key != "" {
		c.keys[t.key] = t
	}
}

// expel takes one out that was refused.
func (c *Conductor) expel(t *task) {
	delete(c.tasks, t.id)
	c.giveBack(1)
	if t.key != "" {
		delete(c.keys, t.key)
	}
}

// accept lets tasks take their way: they are on disk, or don't belong there.
func (c *Conductor) accept(list []*task, now time.Duration) {
	c.counts.Submitted += uint64(len(list))
	c.load.add(now, list)
	for _, t := range list {
		c.link(t)
		t.direct = t.needs == 0
		if t.deadline > 0 {
			c.deaths.add(t)
		}
		t.phase.Store(held)
		c.release(t, now)
	}
	c.setTimer()
}

// link counts what a task waits for. Tasks that are no more were done.
func (c *Conductor) link(t *task) {
	for _, id := range t.after {
		o := c.tasks[id]
		if o == nil {
			continue
		}
		o.watched.Store(true)
		if o.phase.Load() == ended {
			continue // by a worker, as done
		}
		o.then = append(o.then, t)
		t.needs++
	}
}

// release makes a held task ready if it waits for nothing more.
func (c *Conductor) release(t *task, now time.Duration) {
	if t.phase.Load() != held || t.needs > 0 || t.kind == nil {
		return
	}
	c.enqueue(t, now)
}

// enqueue puts a task into its bucket.
func (c *Conductor) enqueue(t *task, now time.Duration) {
	t.phase.Store(ready)
	t.turn = int64(now) - int64(t.level)*int64(c.o.Ageing)
	c.ready.push(t)
	if t.turn < c.turn.Load() {
		c.turn.Store(t.turn)
	}
	c.wake(1)
}
