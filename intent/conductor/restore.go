package conductor

import (
	"errors"
	"slices"
	"time"

	"rayos/intent/conductor/journal"
)

// restore reads the journal and makes the tasks that it knows. They begin when
// their kinds are registered.
func (c *Conductor) restore() error {
	s := newTables(c.o.Ledger)
	strange := 0
	each := func(p []byte) error {
		err := s.apply(p)
		if errors.Is(err, errRecord) {
			strange++
			warn(err.Error())
			return nil
		}
		return err
	}
	var f *journal.File
	var r journal.Report
	var err error
	if c.o.fs != nil {
		f, r, err = journal.OpenFS(c.o.fs, each)
	} else {
		f, r, err = journal.Open(c.o.Dir, each)
	}
	if err != nil {
		return err
	}
	if r.Cut > 0 {
		warn("the journal's end was torn and is cut; the bytes are in journal.cut", "bytes", r.Cut)
	}
	damaged := r.Damaged+strange > 0
	if damaged {
		warn("the journal is damaged; tasks whose effects may be there already are not run again", "records", r.Damaged+strange)
	}
	c.last, c.ledger = s.last, s.ledger
	c.log = newLog(c, f)
	c.mu.Lock()
	defer c.mu.Unlock()
	changed := damaged
	ids := make([]ID, 0, len(s.tasks))
	for id := range s.tasks {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	var over []*task
	for _, id := range ids {
		t, begun := c.revive(s.tasks[id], damaged)
		changed = changed || begun
		if t.state.Ended() {
			over = append(over, t)
		}
	}
	for _, id := range ids {
		t := c.tasks[id]
		c.link(t)
		if t.deadline > 0 {
			c.deaths.add(t)
		}
	}
	if changed { // that an attempt ended with the process counts from now on
		if err := f.Rewrite(c.log.state()); err != nil {
			return errors.Join(err, f.Close())
		}
		c.log.live = f.Size()
	}
	for _, t := range over {
		if c.seize(t) { // it isn't cancelled with another one
			c.end(t, t.state, t.reason)
		}
	}
	go c.log.loop()
	c.setTimer()
	return nil
}

// revive makes a task of what the journal knows. begun says that it ran when
// the process ended.
func (c *Conductor) revive(k *kept, damaged bool) (t *task, begun bool) {
	t = &task{
		id: k.id, kindName: k.kind, args: k.args, key: k.key, level: k.level, after: k.after,
		durable: true, crashes: k.crashes, doubt: k.doubt, reason: k.reason,
	}
	t.attempt.Store(int32(k.attempts))
	t.watched.Store(true)
	t.phase.Store(held)
	now := c.clock.Now()
	if k.deadline > 0 {
		t.deadline = max(time.Unix(0, k.deadline).Sub(now), 1)
	}
	if k.begun {
		t.crashes++
		t.attempt.Add(1)
	}
	if t.key != "" && (k.begun || damaged) {
		t.doubt = true
	}
	c.open.Add(1)
	c.admit(t)
	switch {
	case k.cancelled && t.doubt:
		t.state, t.reason = Doubtful, "it was cancelled while it ran, and then the session ended: see whether it is done"
	case k.cancelled:
		t.state = Cancelled
	case t.crashes >= MaxCrashes && t.key != "":
		t.state, t.reason = Doubtful, "the session ended several times while it ran: see whether it is done"
	case t.crashes >= MaxCrashes:
		t.state, t.reason = Failed, "the session ended several times while it ran"
	case k.due > 0:
		t.due = time.Unix(0, k.due).Sub(now)
		if t.due > 0 {
			t.phase.Store(delayed)
			c.delays.add(t)
		}
	}
	return t, k.begun
}
