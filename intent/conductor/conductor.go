package conductor

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"rayos/internal/atomicfile"
)

// Defaults of Options.
const (
	DefaultQueue  = 10_000
	DefaultAgeing = 5 * time.Second
	DefaultBatch  = 16
	MaxBatch      = 256
	DefaultLedger = 1 << 16
)

// MaxCrashes is how many ends of the process a task may be part of before it is
// given up.
const MaxCrashes = 3

// Options of a Conductor. Zero fields are the defaults.
type Options struct {
	Dir     string        // of the journal; empty for none: all tasks end with the process
	Workers int           // at most; GOMAXPROCS, at least 2
	Queue   int           // tasks that haven't ended, at most
	Ageing  time.Duration // what a level is worth
	Batch   int           // tasks that a worker takes at once, 1 to MaxBatch
	Ledger  int           // keys that are remembered, the latest
	Seed    uint64        // of the chance in back-off
	Clock   Clock

	fs atomicfile.FS // in place of Dir, for tests
}

// Conductor is the queue, its workers and its journal.
type Conductor struct {
	o     Options
	clock Clock
	epoch time.Time
	batch atomic.Int32
	// turn is that of the next ready task, for workers that have others.
	turn atomic.Int64
	// open is how many tasks have not ended.
	open atomic.Int64
	// eager says that somebody waits for room or quiet, so that workers tell of
	// each end at once.
	eager atomic.Bool
	stop  atomic.Bool // closed, for workers

	mu      sync.Mutex
	work    sync.Cond // for workers: something is ready
	calm    sync.Cond // for Quiet: something has ended
	kinds   map[string]*kind
	tasks   map[ID]*task
	keys    map[string]*task // with a key, not ended
	ledger  ledger
	last    ID
	ready   buckets
	delays  dues
	deaths  dues
	times   dues
	timer   func() bool
	timerAt time.Duration

	workers []*worker
	idle    int // workers that wait
	quiet   int // background tasks' workers
	paused  bool
	closed  bool
	waiting int      // for quiet
	claims  []*claim // of submitters that wait for room
	wg      sync.WaitGroup

	counts   Counts
	lasting  stats // of tasks whose end counts when it is on disk
	recent   recent
	load     load
	lastTick time.Duration
	log      *log // nil without a journal
}

// Open returns a Conductor with the tasks of earlier runs, which begin as their
// kinds are registered. A damaged journal is read as far as it goes, and logged.
func Open(o Options) (*Conductor, error) {
	if o.Workers <= 0 {
		o.Workers = max(runtime.GOMAXPROCS(0), 2)
	}
	if o.Queue <= 0 {
		o.Queue = DefaultQueue
	}
	if o.Ageing <= 0 {
		o.Ageing = DefaultAgeing
	}
	if o.Batch <= 0 {
		o.Batch = DefaultBatch
	}
	if o.Ledger <= 0 {
		o.Ledger = DefaultLedger
	}
	if o.Clock == nil {
		o.Clock = systemClock{}
	}
	c := &Conductor{
		o: o, clock: o.Clock, epoch: o.Clock.Now(),
		kinds: map[string]*kind{}, tasks: map[ID]*task{}, keys: map[string]*task{},
		ledger: newLedger(o.Ledger),
		delays: dues{at: func(t *task) (time.Duration, *int) { return t.due, &t.dueAt }},
		deaths: dues{at: func(t *task) (time.Duration, *int) { return t.deadline, &t.deadAt }},
		times:  dues{at: func(t *task) (time.Duration, *int) { return t.timeout, &t.timeAt }},
	}
	c.work.L, c.calm.L = &c.mu, &c.mu
	c.batch.Store(int32(min(o.Batch, MaxBatch)))
	c.turn.Store(math.MaxInt64)
	for l := range c.ready.last {
		c.ready.last[l] = math.MinInt64
	}
	if o.Dir != "" || o.fs != nil {
		if err := c.restore(); err != nil {
			return nil, fmt.Errorf("conductor: %w", err)
		}
	}
	return c, nil
}

// now is the time on the conductor's clock: since it was opened.
func (c *Conductor) now() time.Duration { return c.clock.Now().Sub(c.epoch) }

// Pause keeps workers from beginning tasks, until Resume. What runs goes on.
func (c *Conductor) Pause() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.paused = true
}

// Resume lets workers begin tasks again.
func (c *Conductor) Resume() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.paused = false
	c.wake(c.ready.n)
}

// SetBatch sets how many tasks a worker takes at once, 1 to MaxBatch.
func (c *Conductor) SetBatch(n int) { c.batch.Store(int32(min(max(n, 1), MaxBatch))) }

// Batch is how many tasks a worker takes at once.
func (c *Conductor) Batch() int { return int(c.batch.Load()) }

// Quiet waits until no task is queued or runs and each end is told. Tasks that
// wait for something else don't count.
func (c *Conductor) Quiet(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.calm.Broadcast()
	})
	defer stop()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.waiting++
	c.watchEnds()
	defer func() { c.waiting--; c.watchEnds() }()
	for c.ready.n > 0 || c.busy() || c.log != nil && c.log.busy() {
		if err := ctx.Err(); err != nil {
			return err
		}
		if c.closed {
			return ErrClosed
		}
		c.calm.Wait()
	}
	return nil
}

// busy reports whether a worker has something.
func (c *Conductor) busy() bool { return c.idle < len(c.workers) }

// watchEnds has workers tell of each end at once while somebody waits for it.
func (c *Conductor) watchEnds() { c.eager.Store(c.waiting > 0 || len(c.claims) > 0) }

// Close ends running tasks' contexts and waits for their handlers and for the
// journal, until ctx ends. What has not ended is there after the next Open.
func (c *Conductor) Close(ctx context.Context) error {
	c.mu.Lock()
	if c.closed {
		c.mu.Unlock()
		return nil
	}
	c.closed = true
	c.stop.Store(true)
	if c.timer != nil {
		c.timer()
		c.timer = nil
	}
	for _, t := range c.tasks {
		if t.phase.Load() == running {
			t.ctx.end(context.Canceled)
		}
	}
	c.work.Broadcast()
	c.calm.Broadcast()
	for _, k := range c.claims {
		close(k.got)
	}
	c.claims = nil
	c.mu.Unlock()

	gone := make(chan struct{})
	go func() { c.wg.Wait(); close(gone) }()
	var err error
	select {
	case <-gone:
	case <-ctx.Done():
		err = fmt.Errorf("conductor: tasks don't end: %w", ctx.Err())
	}
	if c.log != nil {
		c.mu.Lock()
		for _, t := range c.tasks { // taken, and not run
			if t.begun && t.durable && t.phase.Load() == taken {
				c.log.back(t)
			}
		}
		c.mu.Unlock()
		err = errors.Join(err, c.log.close(c))
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, t := range c.tasks {
		c.tellWaiters(t)
	}
	return err
}

func warn(text string, args ...any) { slog.Warn("conductor: "+text, args...) }
