package conductor

import (
	"fmt"
	"sync/atomic"
	"time"
)

// ID counts tasks from 1, over all runs of the program.
type ID uint64

// Level is how urgent a task is.
type Level uint8

// Levels.
const (
	Dream    Level = iota // only for while nobody is there
	Low                   // nobody waits for it
	Normal                // somebody will look at it
	High                  // somebody waits for it
	Critical              // it holds a frame up
	levels
)

var levelNames = [levels]string{"dream", "low", "normal", "high", "critical"}

func (l Level) String() string {
	if l >= levels {
		return fmt.Sprintf("level(%d)", uint8(l))
	}
	return levelNames[l]
}

// ParseLevel returns the level of a name.
func ParseLevel(name string) (Level, error) {
	for l, n := range levelNames {
		if n == name {
			return Level(l), nil
		}
	}
	return 0, fmt.Errorf("there is no level %.20q; they are dream, low, normal, high, critical", name)
}

// background reports whether tasks of the level leave a worker to others.
func (l Level) background() bool { return l <= Low }

// Limits of a task, in bytes unless said otherwise.
const (
	MaxKind   = 64
	MaxArgs   = 64 << 10
	MaxKey    = 256
	MaxAfter  = 256  // tasks
	MaxSubmit = 4096 // tasks at once
	maxReason = 512
)

// Spec is what is submitted.
type Spec struct {
	Kind  string
	Args  []byte // for the kind; Submit keeps a copy
	Level Level

	// After are tasks that must be done first. If one of them ends otherwise,
	// so does this one, as cancelled.
	After []ID
	// Needs is After for tasks of the same SubmitAll, by their index.
	Needs []int

	// Deadline is when the task is given up, running or not; zero is never.
	Deadline time.Time

	// Key names the task's effect, which happens once however often a task
	// with this key is submitted. Empty if it may happen again.
	Key string
}

func (s *Spec) check() error {
	switch {
	case len(s.Kind) > MaxKind:
		return &SpecError{fmt.Sprintf("a kind has at most %d bytes", MaxKind)}
	case len(s.Args) > MaxArgs:
		return &SpecError{fmt.Sprintf("%d bytes of arguments; at most %d fit: put them into a file and give its name", len(s.Args), MaxArgs)}
	case len(s.Key) > MaxKey:
		return &SpecError{fmt.Sprintf("a key has at most %d bytes", MaxKey)}
	case len(s.After)+len(s.Needs) > MaxAfter:
		return &SpecError{fmt.Sprintf("a task waits for at most %d others", MaxAfter)}
	case s.Level >= levels:
		return &SpecError{s.Level.String() + " is no level"}
	}
	return nil
}

// State is where a task is.
type State uint8

// States.
const (
	Waiting State = iota // for other tasks, its kind or its next attempt
	Queued
	Running
	Done
	Failed
	Cancelled
	Expired  // its deadline has passed
	Doubtful // a crash found it running, and nobody can tell whether its effect is there
	states
)

var stateNames = [states]string{"waiting", "queued", "running", "done", "failed", "cancelled", "expired", "doubtful"}

func (s State) String() string {
	if s >= states {
		return fmt.Sprintf("state(%d)", uint8(s))
	}
	return stateNames[s]
}

// Ended reports whether nothing more will come of the task.
func (s State) Ended() bool { return s >= Done }

// Status is a task as it was when it was asked for.
type Status struct {
	ID       ID
	Kind     string
	Key      string
	Level    Level
	State    State
	Attempt  int           // attempts that have begun, from 1
	Age      time.Duration // since it was submitted to this process, up to its end
	Running  time.Duration // since the attempt began, if it runs
	Reason   string        // why it failed, ended otherwise or waits
	Volatile bool          // it doesn't outlive the process
	Ended    time.Time     // zero while it hasn't
}

// phase is State with what only the queue's parts need to know.
type phase = uint32

const (
	pending phase = iota // submitted, not on disk
	held                 // waits for tasks or its kind
	delayed              // waits for its next attempt
	ready                // in a bucket
	taken                // in a worker's queue
	running
	ending // over, and that isn't on disk
	ended
)

var phaseStates = [...]State{pending: Waiting, held: Waiting, delayed: Waiting, ready: Queued, taken: Queued, running: Running}

// task is a task that hasn't ended. Its fields are guarded by the conductor's
// lock unless said otherwise; those of its spec don't change.
type task struct {
	id       ID
	kindName string
	args     []byte
	key      string
	level    Level
	deadline time.Duration // on the conductor's clock, 0 is none
	after    []ID          // as they were given

	// phase goes from taken to running, ended or ending by a swap, because
	// workers begin tasks without the lock.
	phase atomic.Uint32
	// watched says that somebody has to be told of the end; without it a worker
	// may end the task and tell the conductor later.
	watched atomic.Bool
	started atomic.Int64 // on the conductor's clock

	kind      *kind         // nil until it is registered
	durable   bool          // it is in the journal
	submitted time.Duration // on the conductor's clock
	direct    bool          // it was ready at once: its latency is the queue's
	turn      int64         // when it is taken: the smaller the sooner
	attempt   atomic.Int32  // that have begun
	crashes   int           // ends of the process while it ran
	begun     bool          // the journal says that it runs
	doubt     bool          // a crash found it running, and it has a key
	cancelled bool          // somebody asked for it while it ran
	due       time.Duration // of the next attempt
	needs     int           // tasks that it still waits for
	then      []*task       // that wait for it
	waiters   []chan Status
	state     State // of ending and ended
	reason    string

	ctx     runContext
	dueAt   int // places in the heaps, counted from 1
	deadAt  int
	timeout time.Duration // when the attempt is over, on the conductor's clock
	timeAt  int
}

// status describes the task. The conductor's lock is held.
func (t *task) status(now time.Duration) Status {
	s := Status{
		ID: t.id, Kind: t.kindName, Key: t.key, Level: t.level, Attempt: int(t.attempt.Load()),
		Age: now - t.submitted, Reason: t.reason, Volatile: !t.durable,
	}
	switch p := t.phase.Load(); {
	case p >= ending:
		s.State = t.state
		if !s.State.Ended() { // a worker has ended it and not told yet
			s.State = Done
		}
	default:
		s.State = phaseStates[p]
		if p == running {
			s.Running = now - time.Duration(t.started.Load())
		}
		if p == held && t.kind == nil {
			s.Reason = "its kind isn't there yet"
		}
	}
	return s
}
