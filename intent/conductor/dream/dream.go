package dream

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"hash/fnv"
	"log/slog"
	"slices"
	"sync"
	"time"

	"rayos/intent/conductor"
	"rayos/intent/conductor/journal"
)

// Defaults of Options, and what isn't one.
const (
	After       = 300 * time.Second // without the person
	MaxEntropy  = 0.2
	Improvement = 1.05 // the cost before by the cost after
	Budget      = 10 * time.Minute
	CPUBudget   = 5 * time.Minute
	JobBudget   = 2 * time.Minute
	rounds      = 3

	// Kind is the kind of the conductor's task.
	Kind = "dream"

	kept = 512 // entries of the journal that are read again
)

// Job is something that may be done better.
type Job struct {
	Name string

	// Measure returns what a fixed workload costs as things are, in a unit of
	// the job's; less is better. It returns soon when ctx ends.
	Measure func(ctx context.Context) (float64, error)

	// Try changes something within bounds of the job's. The same seed makes the
	// same change of the same state. undo takes it back; Try with an error has
	// changed nothing.
	Try func(ctx context.Context, seed uint64) (undo func() error, err error)

	// Keep makes the change outlive the process. nil if it does without.
	Keep func() error

	// Recover takes a change back that a crash has left. nil if there is none.
	Recover func() error
}

var errOff = errors.New("dreams are switched off")

// ErrNothing is what Measure and Try return when there is nothing to learn from
// or to change: it isn't a failure.
var ErrNothing = errors.New("there is nothing to try")

// State says whether the person is away.
type State uint8

// States.
const (
	Awake State = iota
	Drowsy
	Dreaming
	Off
)

func (s State) String() string { return [...]string{"awake", "drowsy", "dreaming", "off"}[s] }

// Step is what an Entry tells.
type Step string

// Steps.
const (
	Trying     Step = "trying" // a change is about to be made
	Kept       Step = "kept"
	RolledBack Step = "rolled-back"
	Failed     Step = "failed" // before anything was changed
	Recovered  Step = "recovered"
)

// Entry is a line of the journal.
type Entry struct {
	At     time.Time `json:"at"`
	Job    string    `json:"job"`
	Step   Step      `json:"step"`
	Seed   uint64    `json:"seed"`
	Before float64   `json:"before,omitempty"` // median cost
	After  float64   `json:"after,omitempty"`
	Why    string    `json:"why,omitempty"`
}

// Options of a Dreamer. Zero fields are the defaults.
type Options struct {
	Dir         string  // of the journal, not the conductor's; "" keeps none
	Off         bool    // switched off at the start
	Seed        uint64  // of all seeds
	Improvement float64 // above 1
	Budget      time.Duration
	CPUBudget   time.Duration
	JobBudget   time.Duration
	CPU         func() time.Duration // that the process has used; nil is unlimited
	Allowed     func() error         // why not to dream now, such as a low battery
}

// Dreamer has jobs tried. Its methods are safe for all goroutines.
type Dreamer struct {
	c *conductor.Conductor
	o Options

	writing sync.Mutex // above mu
	file    *journal.File

	mu      sync.Mutex
	jobs    []Job
	next    int            // of the jobs, that comes first the next time
	tried   map[string]int // times, by job
	open    map[string]bool
	history []Entry
	state   State // but Off
	off     bool
	task    conductor.ID
}

// New returns a Dreamer whose task runs on a conductor.
func New(c *conductor.Conductor, o Options) (*Dreamer, error) {
	if o.Improvement <= 1 {
		o.Improvement = Improvement
	}
	for _, b := range []struct{ v, d *time.Duration }{
		{&o.Budget, new(Budget)}, {&o.CPUBudget, new(CPUBudget)}, {&o.JobBudget, new(JobBudget)},
	} {
		if *b.v <= 0 {
			*b.v = *b.d
		}
	}
	d := &Dreamer{c: c, o: o, off: o.Off, tried: map[string]int{}, open: map[string]bool{}}
	if o.Dir != "" {
		f, _, err := journal.Open(o.Dir, d.read)
		if err != nil {
			return nil, fmt.Errorf("dreams: %w", err)
		}
		d.file = f
		if len(d.history) > 2*kept {
			d.history = slices.Clone(d.history[len(d.history)-kept:])
			if err := f.Rewrite(frames(d.history)); err != nil {
				return nil, errors.Join(fmt.Errorf("dreams: %w", err), f.Close())
			}
		}
	}
	err := c.Register(conductor.Kind{
		Name: Kind, Volatile: true, Run: func(ctx context.Context, _ conductor.Task) error { return d.dream(ctx) },
		Retry: conductor.Retry{Attempts: 6, First: time.Minute, Most: 10 * time.Minute},
	})
	return d, err
}

// read takes in a record of the journal. One that can't be read tells nothing.
func (d *Dreamer) read(p []byte) error {
	var e Entry
	if err := json.Unmarshal(p, &e); err != nil || e.Job == "" {
		slog.Warn("dreams: an entry of the journal can't be read", "error", err)
		return nil
	}
	d.note(e)
	return nil
}

func (d *Dreamer) note(e Entry) {
	if e.Step == Trying {
		d.tried[e.Job]++
	}
	d.open[e.Job] = e.Step == Trying
	d.history = append(d.history, e)
	if len(d.history) > 4*kept {
		d.history = slices.Clone(d.history[len(d.history)-2*kept:])
	}
}

func frames(list []Entry) []byte {
	var b []byte
	for i := range list {
		if p, err := json.Marshal(&list[i]); err == nil {
			b = journal.AppendFrame(b, p)
		}
	}
	return b
}

// tell writes an entry down, on disk when it returns.
func (d *Dreamer) tell(e Entry) error {
	d.writing.Lock()
	defer d.writing.Unlock()
	e.At = time.Now()
	slog.Info("dream: "+string(e.Step), "job", e.Job, "seed", e.Seed, "before", e.Before, "after", e.After, "why", e.Why)
	d.mu.Lock()
	d.note(e)
	all := slices.Clone(d.history)
	d.mu.Unlock()
	if d.file == nil {
		return nil
	}
	p, err := json.Marshal(&e)
	if err != nil {
		return err
	}
	if err := d.file.Write(journal.AppendFrame(nil, p)); err == nil {
		return d.file.Sync()
	}
	return d.file.Rewrite(frames(all)) // what couldn't be written is in it
}

// Register adds a job. What a crash has left of it is taken back first.
func (d *Dreamer) Register(j Job) error {
	if j.Name == "" || j.Measure == nil || j.Try == nil {
		return errors.New("a job needs a name, Measure and Try")
	}
	d.mu.Lock()
	left := d.open[j.Name]
	twice := slices.ContainsFunc(d.jobs, func(o Job) bool { return o.Name == j.Name })
	if !twice {
		d.jobs = append(d.jobs, j)
	}
	d.mu.Unlock()
	if twice {
		return fmt.Errorf("job %q is registered twice", j.Name)
	}
	if !left {
		return nil
	}
	why := "the session ended while it was tried"
	if j.Recover != nil {
		if err := j.Recover(); err != nil {
			return fmt.Errorf("job %s: what a crash has left can't be taken back: %w", j.Name, err)
		}
	}
	return d.tell(Entry{Job: j.Name, Step: Recovered, Why: why})
}

// Jobs are the names of the jobs.
func (d *Dreamer) Jobs() []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	names := make([]string, len(d.jobs))
	for i := range d.jobs {
		names[i] = d.jobs[i].Name
	}
	return names
}

// State says whether the person is away, or that dreams are switched off.
func (d *Dreamer) State() State {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.off {
		return Off
	}
	return d.state
}

// History returns the last n entries of the journal, the latest last.
func (d *Dreamer) History(n int) []Entry {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.history[max(0, len(d.history)-n):])
}

// SetPresence says that the person is there (Awake), has been away for a while
// (Drowsy) or for long (Dreaming).
func (d *Dreamer) SetPresence(s State) {
	d.mu.Lock()
	before := d.state
	d.state = s
	begin := s == Dreaming && before != Dreaming && !d.off
	d.mu.Unlock()
	switch {
	case begin:
		d.begin()
	case s == Awake:
		d.stop("the person is back")
	}
}

// SetOff switches dreams off or on.
func (d *Dreamer) SetOff(off bool) {
	d.mu.Lock()
	begin := d.off && !off && d.state == Dreaming
	d.off = off
	d.mu.Unlock()
	switch {
	case begin:
		d.begin()
	case off:
		d.stop("dreams are switched off")
	}
}

// Run dreams once, whoever is there, unless dreams are off. It returns the task.
func (d *Dreamer) Run() (conductor.ID, error) {
	if d.State() == Off {
		return 0, errOff
	}
	return d.submit()
}

func (d *Dreamer) begin() {
	if _, err := d.submit(); err != nil {
		slog.Warn("dreams don't begin", "error", err)
	}
}

func (d *Dreamer) submit() (conductor.ID, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if s, known := d.c.Status(d.task); known && !s.State.Ended() {
		return d.task, nil
	}
	if len(d.jobs) == 0 {
		return 0, ErrNothing
	}
	id, err := d.c.Submit(conductor.Spec{Kind: Kind, Level: conductor.Dream})
	if err == nil {
		d.task = id
	}
	return id, err
}

func (d *Dreamer) stop(why string) {
	d.mu.Lock()
	id := d.task
	d.mu.Unlock()
	if id == 0 {
		return
	}
	if err := d.c.Cancel(id, why); err != nil && !errors.Is(err, conductor.ErrEnded) && !errors.Is(err, conductor.ErrNoTask) {
		slog.Warn("dreams don't end", "error", err)
	}
}

// Close closes the journal. The conductor is closed before.
func (d *Dreamer) Close() error {
	d.writing.Lock()
	defer d.writing.Unlock()
	if d.file == nil {
		return nil
	}
	err := d.file.Close()
	d.file = nil
	return err
}

// dream tries each job once, until a budget is spent.
func (d *Dreamer) dream(ctx context.Context) error {
	if d.State() == Off {
		return conductor.Permanent(errOff)
	}
	if d.o.Allowed != nil {
		if err := d.o.Allowed(); err != nil {
			return err
		}
	}
	if e := d.c.Entropy(); e > MaxEntropy {
		return fmt.Errorf("there is too much to do: entropy %.2f", e)
	}
	ctx, cancel := context.WithTimeout(ctx, d.o.Budget)
	defer cancel()
	began := d.cpu()
	d.mu.Lock()
	first, n := d.next, len(d.jobs)
	d.mu.Unlock()
	for i := range n {
		if ctx.Err() != nil || d.cpu()-began > d.o.CPUBudget {
			break
		}
		d.mu.Lock()
		j := d.jobs[(first+i)%n]
		d.next = (first + i + 1) % n
		d.mu.Unlock()
		if err := d.try(ctx, &j, began); err != nil {
			return conductor.Permanent(err)
		}
	}
	return context.Cause(ctx)
}

func (d *Dreamer) cpu() time.Duration {
	if d.o.CPU == nil {
		return 0
	}
	return d.o.CPU()
}

// seed is that of a job's next try.
func (d *Dreamer) seed(name string) uint64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	h := fnv.New64a()
	fmt.Fprintf(h, "%d %s %d", d.o.Seed, name, d.tried[name])
	return h.Sum64()
}

// errBudget: the processor's time is used up.
var errBudget = errors.New("the budget is spent")

// try tries one job. An error is one after which no other job is tried: a change
// that can't be taken back, or a journal that can't be written.
func (d *Dreamer) try(ctx context.Context, j *Job, began time.Duration) (err error) {
	ctx, cancel := context.WithTimeout(ctx, d.o.JobBudget)
	defer cancel()
	e := Entry{Job: j.Name, Seed: d.seed(j.Name)}
	measure := func() (float64, error) {
		if d.cpu()-began > d.o.CPUBudget {
			return 0, errBudget
		}
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		return j.Measure(ctx)
	}
	first, err := measure()
	if err != nil {
		if errors.Is(err, ErrNothing) || ctx.Err() != nil {
			return nil
		}
		e.Step, e.Why = Failed, err.Error()
		return d.tell(e)
	}
	e.Step = Trying
	if err := d.tell(e); err != nil {
		return err
	}
	var undo func() error
	defer func() { // also when a job panics
		if undo == nil {
			return
		}
		if back := undo(); back != nil {
			err = errors.Join(err, fmt.Errorf("job %s can't take its change back: %w", j.Name, back))
		}
	}()
	a, b := []float64{first}, []float64(nil)
	why := ""
	for round := 0; round < rounds && why == ""; round++ {
		if round > 0 {
			if err := undo(); err != nil {
				undo = nil
				return fmt.Errorf("job %s can't take its change back: %w", j.Name, err)
			}
			undo = nil
			cost, err := measure()
			if err != nil {
				why = err.Error()
				break
			}
			a = append(a, cost)
		}
		var err error
		if undo, err = j.Try(ctx, e.Seed); err != nil {
			undo, why = nil, err.Error()
			break
		}
		cost, err := measure()
		if err != nil {
			why = err.Error()
			break
		}
		b = append(b, cost)
	}
	e.Before, e.After = median(a), median(b)
	if why == "" && !(e.After*d.o.Improvement <= e.Before) {
		why = "it isn't better by the margin"
	}
	if why == "" && j.Keep != nil {
		if err := j.Keep(); err != nil {
			why = "it can't be kept: " + err.Error()
		}
	}
	if why == "" {
		undo = nil
		e.Step = Kept
		return d.tell(e)
	}
	if undo != nil {
		back := undo
		undo = nil
		if err := back(); err != nil {
			return fmt.Errorf("job %s can't take its change back: %w", j.Name, err)
		}
	}
	e.Step, e.Why = RolledBack, why
	return d.tell(e)
}

// median is of an odd number of costs the middle one, 0 of none.
func median(list []float64) float64 {
	if len(list) == 0 {
		return 0
	}
	s := slices.Clone(list)
	slices.Sort(s)
	return s[(len(s)-1)/2]
}
