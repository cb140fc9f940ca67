package conductor

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"
)

// Task is what a handler gets. Args are the conductor's: a handler may read
// them while it runs.
type Task struct {
	ID      ID
	Kind    string
	Args    []byte
	Key     string
	Level   Level
	Attempt int // from 1
}

// Kind is a sort of tasks.
type Kind struct {
	Name string

	// Run carries a task out. It returns when ctx ends, which is when the task
	// is cancelled, its time is over or the conductor closes. An error of a task
	// with a key says that the effect is not there.
	Run func(ctx context.Context, t Task) error

	// Happened reports whether the effect of a task with a key is there. It is
	// asked about tasks that a crash found running. nil if nobody can tell.
	Happened func(ctx context.Context, t Task) (bool, error)

	// Volatile tasks end with the process.
	Volatile bool

	// Timeout is how long an attempt may take, 0 is for ever.
	Timeout time.Duration

	// Retry says what comes after an error.
	Retry Retry
}

// Retry is how often a task is tried and what lies between: First, then twice
// as long each time up to Most, and of that by chance between a half and the
// whole. The chance comes from the conductor's seed and the task's id alone.
type Retry struct {
	Attempts int // in all; 0 is 1
	First    time.Duration
	Most     time.Duration // 0 is no limit but an hour
}

// pause is what lies behind the attempt before the next one.
func (r *Retry) pause(seed uint64, id ID, attempt int) time.Duration {
	most := r.Most
	if most <= 0 || most > time.Hour {
		most = time.Hour
	}
	d := min(max(r.First, time.Millisecond), most)
	for i := 1; i < attempt && d < most; i++ {
		d = min(2*d, most)
	}
	rng := rand.New(rand.NewPCG(seed, uint64(id)<<16^uint64(attempt)))
	return d/2 + time.Duration(rng.Int64N(int64(d-d/2)+1))
}

// kind is a Kind that is registered.
type kind struct {
	Kind
	counts [states]uint64 // of tasks that have ended; guarded by the conductor's lock
}

// Register makes a kind known and releases the tasks of an earlier run that
// wait for it.
func (c *Conductor) Register(k Kind) error {
	if k.Name == "" || len(k.Name) > MaxKind || k.Run == nil {
		return errors.New("a kind needs a name and a function")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.kinds[k.Name] != nil {
		return fmt.Errorf("kind %q is registered twice", k.Name)
	}
	known := &kind{Kind: k}
	c.kinds[k.Name] = known
	now := c.now()
	for _, t := range c.byID() {
		if t.kind == nil && t.kindName == k.Name {
			t.kind = known
			c.release(t, now)
		}
	}
	return nil
}

// Kinds are the names of what can be submitted, sorted.
func (c *Conductor) Kinds() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.kindNames()
}

func (c *Conductor) kindNames() []string {
	names := make([]string, 0, len(c.kinds))
	for name := range c.kinds {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// byID returns the tasks that haven't ended, in the order of their ids.
func (c *Conductor) byID() []*task {
	list := make([]*task, 0, len(c.tasks))
	for _, t := range c.tasks {
		list = append(list, t)
	}
	slices.SortFunc(list, func(a, b *task) int {
		if a.id < b.id {
			return -1
		}
		return 1
	})
	return list
}
