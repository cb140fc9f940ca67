package conductor

import (
	"context"
	"errors"
	"log/slog"
	"math"
	"runtime/debug"
	"slices"
	"sync"
	"time"
)

// worker begins tasks, one after the other.
type worker struct {
	c     *Conductor
	last  time.Duration // on the conductor's clock, when it looked last; its own
	quiet bool          // what it has is of background levels; guarded by c.mu
	ends  []*task       // that it has ended and not told; its own

	mu    sync.Mutex // below c.mu
	queue fifo       // taken

	stats stats
}

// wake lets workers look for n more tasks: those that wait, then new ones.
func (c *Conductor) wake(n int) {
	if c.paused || c.closed {
		return
	}
	for ; n > 0 && c.idle > 0; n-- {
		c.idle-- // one that is woken isn't woken again
		c.work.Signal()
	}
	for ; n > 0 && len(c.workers) < c.o.Workers; n-- {
		w := &worker{c: c, last: c.now()}
		c.workers = append(c.workers, w)
		c.wg.Add(1)
		go w.loop()
	}
}

func (w *worker) loop() {
	defer w.c.wg.Done()
	for {
		t := w.next()
		if t == nil {
			return
		}
		w.run(t)
	}
}

// next returns a task that is the worker's to begin, nil when it is time to go.
func (w *worker) next() *task {
	c := w.c
	for {
		if c.stop.Load() {
			return nil
		}
		w.mu.Lock()
		if w.queue.n > 0 && w.queue.first().turn <= c.turn.Load() {
			t := w.queue.pop()
			w.mu.Unlock()
			if t.phase.CompareAndSwap(taken, running) {
				return t
			}
			continue // it was ended where it was
		}
		w.mu.Unlock()

		c.mu.Lock()
		t := w.take()
		c.mu.Unlock()
		if t == nil {
			return nil
		}
		if t.key != "" && t.durable && !w.announce(t) {
			continue
		}
		if t.phase.CompareAndSwap(taken, running) {
			return t
		}
	}
}

// take waits for work under the lock, and returns the first of what the worker
// gets; the rest is in its queue.
func (w *worker) take() *task {
	c := w.c
	w.tell()
	for {
		if c.closed {
			return nil
		}
		quiet := w.quiet
		if t := w.pull(); t != nil {
			if quiet && !w.quiet && c.ready.n > 0 {
				c.wake(1) // somebody else may begin background tasks now
			}
			return t
		}
		c.idle++
		if c.waiting > 0 {
			c.calm.Broadcast()
		}
		c.work.Wait()
		w.last = c.now()
	}
}

// pull gets what is next: from the buckets, from the own queue if nothing there
// is more urgent, from another worker's.
func (w *worker) pull() *task {
	c := w.c
	if c.paused {
		return nil
	}
	w.mu.Lock()
	own := w.queue.n
	var first *task
	if own > 0 {
		first = w.queue.first()
	}
	w.mu.Unlock()
	if own == 0 && w.quiet { // that is over
		w.quiet = false
		c.quiet--
	}
	level := c.ready.best(!w.mayBeQuiet())
	if first != nil && (level < 0 || c.ready.of[level].first().turn >= first.turn) {
		w.mu.Lock()
		defer w.mu.Unlock()
		defer c.setTurn()
		return w.queue.pop() // others take from it under the lock alone
	}
	if level < 0 {
		c.setTurn()
		return w.steal()
	}
	defer c.setTurn()
	c.lastTick = w.last
	t := w.grab(level)
	var begun []*task // an attempt of one with a key is announced on its own
	if t.durable && t.key == "" {
		begun = append(begun, t)
	}
	n := min(int(c.batch.Load()), (c.ready.n+len(c.workers))/len(c.workers))
	if own > 0 || t.alone() { // what it has comes right behind
		n = 1
	}
	w.mu.Lock()
	for range n - 1 {
		level := c.ready.best(!w.quiet && !w.mayBeQuiet())
		if level < 0 || Level(level).background() != w.quiet || c.ready.of[level].first().alone() {
			break
		}
		o := w.grab(level)
		w.queue.push(o)
		if o.durable {
			begun = append(begun, o)
		}
	}
	more := w.queue.n
	w.mu.Unlock()
	if len(begun) > 0 {
		c.log.begin(begun)
	}
	if more > 0 {
		c.wake(1) // to steal, should the first take long
	}
	return t
}

// mayBeQuiet reports whether the worker may have background tasks: one is left
// to the others, if there are two.
func (w *worker) mayBeQuiet() bool {
	return w.quiet || w.c.quiet < max(w.c.o.Workers-1, 1)
}

// alone tasks are not taken with others: what is under way with one that ended
// the process looks guilty too, and one with a key waits for the disk.
func (t *task) alone() bool { return t.crashes > 0 || t.key != "" }

// grab takes the first task of a bucket.
func (w *worker) grab(level int) *task {
	c := w.c
	t := c.ready.pop(level)
	t.phase.Store(taken)
	if Level(level).background() && !w.quiet {
		w.quiet = true
		c.quiet++
	}
	return t
}

// setTurn says what turn the next ready task has.
func (c *Conductor) setTurn() {
	turn := c.ready.turn()
	// A background task that no worker may begin now is no reason to look.
	if c.quiet >= max(c.o.Workers-1, 1) {
		turn = math.MaxInt64
		if l := c.ready.best(true); l >= 0 {
			turn = c.ready.of[l].first().turn
		}
	}
	c.turn.Store(turn)
}

// steal takes half of what another worker has not begun, the later half.
func (w *worker) steal() *task {
	c := w.c
	at := slices.Index(c.workers, w)
	for i := 1; i < len(c.workers); i++ {
		v := c.workers[(at+i)%len(c.workers)]
		if v.quiet && !w.mayBeQuiet() {
			continue
		}
		var got []*task
		v.mu.Lock()
		for range (v.queue.n + 1) / 2 {
			got = append(got, v.queue.popLast())
		}
		v.mu.Unlock()
		if len(got) == 0 {
			continue
		}
		if v.quiet && !w.quiet {
			w.quiet = true
			c.quiet++
		}
		c.counts.Stolen += uint64(len(got))
		slices.Reverse(got)
		w.mu.Lock()
		for _, t := range got[1:] {
			w.queue.push(t)
		}
		w.mu.Unlock()
		return got[0]
	}
	return nil
}

// announce waits until the journal says that the task runs. If it can't, the
// task waits.
func (w *worker) announce(t *task) bool {
	c := w.c
	c.mu.Lock()
	g := c.log.announce(t)
	c.mu.Unlock()
	err := <-g.done
	w.last = c.now()
	if err == nil {
		return true
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	t.begun = false
	if t.phase.CompareAndSwap(taken, delayed) {
		c.delay(t, c.now()+journalPause, "the journal can't be written: "+reasonOf(err))
	}
	return false
}

// run carries a task out that is running.
func (w *worker) run(t *task) {
	c := w.c
	start := w.last // the last one ended, or it was woken
	t.started.Store(int64(start))
	t.attempt.Add(1)
	if c.stop.Load() { // Close may have looked before it ran
		t.ctx.end(context.Canceled)
	}
	if t.deadline > 0 || t.kind.Timeout > 0 {
		c.limit(t, start)
	}
	err := w.call(t)
	end := c.now()
	w.last = end
	if err == nil && !t.watched.Load() {
		t.phase.Store(ended)
		w.stats.add(t, end)
		c.open.Add(-1)
		// Who watches from now on finds it ended.
		if !t.watched.Load() && !c.eager.Load() && len(w.ends) < 2*MaxBatch {
			w.ends = append(w.ends, t)
			return
		}
		c.mu.Lock()
		w.ends = append(w.ends, t)
		w.tell()
		c.mu.Unlock()
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	w.tell()
	if err == nil && !t.durable {
		w.stats.add(t, end)
	}
	c.ran(t, err, end)
	c.setTimer()
}

// call calls the handler.
func (w *worker) call(t *task) (err error) {
	defer func() {
		if v := recover(); v != nil {
			slog.Error("conductor: a handler panicked", "kind", t.kindName, "task", t.id, "panic", v, "stack", string(debug.Stack()))
			err = Permanent(&PanicError{v})
		}
	}()
	public := Task{ID: t.id, Kind: t.kindName, Args: t.args, Key: t.key, Level: t.level, Attempt: int(t.attempt.Load())}
	if t.doubt {
		there, err := happened(t, public)
		if err != nil || there {
			return err
		}
		w.c.mu.Lock()
		t.doubt = false
		w.c.mu.Unlock()
	}
	return t.kind.Run(&t.ctx, public)
}

// errDoubt ends a task of which nobody can tell whether its effect is there.
var errDoubt = errors.New("the session ended while it ran: see whether it is done, and submit it again if it isn't")

// happened asks whether the effect of a task in doubt is there.
func happened(t *task, public Task) (bool, error) {
	if t.kind.Happened == nil {
		return false, Permanent(errDoubt)
	}
	return t.kind.Happened(&t.ctx, public)
}

// tell tells the conductor what the worker has ended. The conductor's lock is
// held.
func (w *worker) tell() {
	if len(w.ends) == 0 {
		return
	}
	c := w.c
	now := w.last
	for i, t := range w.ends {
		w.ends[i] = nil
		t.state = Done
		c.finish(t, now)
	}
	w.ends = w.ends[:0]
}

// limit lets the attempt's time run.
func (c *Conductor) limit(t *task, start time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	until := t.deadline
	if d := t.kind.Timeout; d > 0 && (until == 0 || start+d < until) {
		until = start + d
		t.timeout = until
		c.times.add(t)
		c.setTimer()
	}
	t.ctx.until(c.epoch.Add(until))
}
