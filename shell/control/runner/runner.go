package runner

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"rayos/shell/control/grammar"
)

// Executor carries out one command and returns when its effect is there. When
// ctx ends nobody waits for the effect any more: it gives it up and returns.
// Calls for several machines come at once, for one machine one after the other.
//
// The detail is a success's if the operation knows it; any other is for people,
// and the acknowledgement says the first that the operation knows. An error
// that is an *Error has the failure's; of any other the text is shown.
type Executor interface {
	Do(ctx context.Context, t *Task) (detail string, err error)
}

// Task is a command that is being carried out. Its methods may be called from
// any goroutine.
type Task struct {
	grammar.Command
	note func(string)
	free func()
}

// Note tells who has asked what the command is busy with.
func (t *Task) Note(text string) { t.note(text) }

// Free lets the machine's next command begin: what is left of this one is
// waiting for the guest.
func (t *Task) Free() { t.free() }

// Error is a failure with a word of the vocabulary.
type Error struct {
	Detail grammar.Detail
	Err    error // the reason, may be nil
}

func (e *Error) Error() string {
	if e.Err == nil {
		return string(e.Detail)
	}
	return string(e.Detail) + ": " + e.Err.Error()
}

func (e *Error) Unwrap() error { return e.Err }

// Limits.
const (
	Debounce    = 2 * time.Second
	QueueLength = 16 // commands that wait for a machine, with the one under way
)

// Deadlines of commands, from when they are submitted.
const (
	lifeWithin  = 3 * time.Minute
	inputWithin = 2 * time.Minute
	quickWithin = 15 * time.Second
	buildWithin = 30 * time.Minute
)

// Deadline is how long a command may take.
func Deadline(v grammar.Verb) time.Duration {
	switch v {
	case grammar.Build:
		return buildWithin
	case grammar.Show, grammar.Kill, grammar.Start, grammar.Resume, grammar.Suspend, grammar.Shutdown:
		return lifeWithin
	case grammar.Type, grammar.Launch:
		return inputWithin
	}
	return quickWithin
}

// Why a command's context has ended.
var (
	errSuperseded = &Error{Detail: grammar.Superseded}
	errClosed     = &Error{Detail: grammar.Cancelled}
)

// Options are what a Runner works with.
type Options struct {
	Executor Executor
	Log      *Log
	// Denied returns the rule of policy that forbids a command, "" for none.
	// It is called on the goroutine of Submit, and may be nil.
	Denied func(c grammar.Command) (rule string)
}

// Runner carries commands out.
type Runner struct {
	o    Options
	base context.Context
	stop context.CancelCauseFunc
	wg   sync.WaitGroup

	mu     sync.Mutex
	closed bool
	last   uint64           // id that was given
	lines  map[string]*line // by machine
}

// line is the commands of one machine.
type line struct {
	jobs   []*job    // the first is under way
	freed  []*job    // are under way and hold nobody up
	showed time.Time // when a show was accepted last, zero if it may be shown anew
}

// job is a command that was accepted.
type job struct {
	r      *Runner
	cmd    grammar.Command
	key    string
	from   string
	id     uint64    // counts commands that were accepted, from 1
	since  time.Time // when it was
	ctx    context.Context
	cancel context.CancelCauseFunc
	free   func() // ends the deadline

	note func(string)
	done func(grammar.Ack)
	gone bool // the executor has returned; guarded by r.mu

	mu    sync.Mutex
	ended bool
	over  atomic.Bool // ended, for those who hold other locks
}

// New returns a Runner that has nothing to do.
func New(o Options) *Runner {
	r := &Runner{o: o, lines: map[string]*line{}}
	r.base, r.stop = context.WithCancelCause(context.Background())
	return r
}

// Submit has a command carried out. done is called once with what came of it,
// in the call or later, from any goroutine. from says who asks, for the log.
func (r *Runner) Submit(from string, c grammar.Command, done func(grammar.Ack)) {
	r.SubmitNoted(from, c, func(string) {}, done)
}

// SubmitNoted is Submit for somebody who wants to know what a long command is
// busy with, or to give it up: note is called from any goroutine, not after
// done. The id is for Cancel, 0 if the command was not accepted.
func (r *Runner) SubmitNoted(from string, c grammar.Command, note func(string), done func(grammar.Ack)) (id uint64) {
	op := c.Op()
	if op == nil {
		r.answer(from, grammar.Ack{Op: strings.ToUpper(string(c.Verb)), Detail: string(grammar.NotAvailable)}, done)
		return 0
	}
	r.o.Log.Add(from, Asked, describe(&c))
	a := grammar.Ack{Op: op.Name}
	var refused *grammar.EventError
	if err := c.Check(); errors.As(err, &refused) {
		a.Detail, a.Why = string(refused.Detail), refused.Why
	} else {
		j := &job{r: r, cmd: c, from: from, note: note, done: done}
		if a.Detail = r.accept(j); a.Detail == "" {
			return j.id
		}
	}
	r.answer(from, a, done)
	return 0
}

func (r *Runner) answer(from string, a grammar.Ack, done func(grammar.Ack)) {
	r.o.Log.Add(from, Acked, a.String())
	done(a)
}

// describe returns the event that asks for a command, without what is typed.
func describe(c *grammar.Command) string {
	e, err := c.Event()
	if err != nil { // more than ASCII can say
		e = grammar.Event{Op: c.Op(), Payload: grammar.Printable(c.Text, grammar.MaxText)}
	}
	text := e.Redacted()
	if c.VM != "" {
		text += " (" + grammar.Printable(c.VM, grammar.MaxApp) + ")"
	}
	return text
}

// accept puts a command into its machine's line, or returns why not.
func (r *Runner) accept(j *job) (refusal string) {
	c := &j.cmd
	if r.o.Denied != nil {
		if rule := r.o.Denied(*c); rule != "" {
			return string(grammar.Denied) + ":" + rule
		}
	}
	j.key = c.VM
	if j.key == "" {
		j.key = string(c.Kind)
	}
	var superseded []*job
	start := func() {}
	defer func() {
		for _, o := range superseded {
			o.end("", errSuperseded)
			o.cancel(errSuperseded)
		}
		start()
	}()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return string(grammar.Cancelled)
	}
	l := r.lines[j.key]
	if l == nil {
		l = &line{}
		r.lines[j.key] = l
	}
	switch c.Verb {
	case grammar.Show:
		if !l.showed.IsZero() && time.Since(l.showed) < Debounce {
			return string(grammar.Debounced)
		}
		if l.has(grammar.Show) {
			return string(grammar.LaunchInProgress)
		}
	case grammar.Start, grammar.Resume:
		if l.has(c.Verb) {
			return string(grammar.LaunchInProgress)
		}
	case grammar.Build:
		if l.has(c.Verb) {
			return string(grammar.BuildInProgress)
		}
	case grammar.Hide, grammar.Shutdown, grammar.Kill:
		for _, o := range slices.Concat(l.jobs, l.freed) {
			if o.cmd.Verb == grammar.Show || c.Verb == grammar.Kill {
				superseded = append(superseded, o)
			}
		}
	}
	if len(l.jobs) >= QueueLength && c.Verb != grammar.Kill {
		return string(grammar.QueueFull)
	}
	switch c.Verb {
	case grammar.Show:
		l.showed = time.Now()
	case grammar.Hide, grammar.Suspend, grammar.Shutdown, grammar.Kill:
		l.showed = time.Time{}
	}
	r.last++
	j.id, j.since = r.last, time.Now()
	j.begin()
	if c.Verb == grammar.Hide {
		l.freed = append(l.freed, j)
		start = r.begin(func() { r.carry(l, j, func() {}) })
		return ""
	}
	l.jobs = append(l.jobs, j)
	if len(l.jobs) == 1 {
		start = r.begin(func() { r.work(l) })
	}
	return ""
}

// begin is r.wg.Go in two steps: Close waits from the first on. It is called
// with the lock held.
func (r *Runner) begin(fn func()) (start func()) {
	r.wg.Add(1)
	return func() {
		go func() {
			defer r.wg.Done()
			fn()
		}()
	}
}

// has reports whether a command of a verb waits or is under way. One that was
// acknowledged isn't, even if it has not left the line yet.
func (l *line) has(v grammar.Verb) bool {
	for _, j := range slices.Concat(l.jobs, l.freed) {
		if j.cmd.Verb == v && j.ctx.Err() == nil && !j.over.Load() {
			return true
		}
	}
	return false
}

// begin lets the command's time run.
func (j *job) begin() {
	ctx, free := context.WithTimeoutCause(j.r.base, Deadline(j.cmd.Verb), &Error{Detail: grammar.Timeout})
	j.ctx, j.cancel = context.WithCancelCause(ctx)
	stop := context.AfterFunc(j.ctx, func() { j.end("", context.Cause(j.ctx)) })
	j.free = func() { stop(); free() }
}

// work carries out a machine's commands until none is left.
func (r *Runner) work(l *line) {
	for {
		r.mu.Lock()
		j := l.jobs[0]
		r.mu.Unlock()
		passed := make(chan struct{}) // the machine is free for the next
		pass := sync.OnceFunc(func() { close(passed) })
		r.wg.Go(func() { r.carry(l, j, pass) })
		<-passed
		r.mu.Lock()
		l.jobs = l.jobs[1:]
		if !j.gone {
			l.freed = append(l.freed, j)
		}
		last := len(l.jobs) == 0
		r.mu.Unlock()
		if last {
			return
		}
	}
}

// carry carries a command of a machine out. pass lets the next one begin.
func (r *Runner) carry(l *line, j *job, pass func()) {
	j.run(&Task{Command: j.cmd, note: j.tell, free: pass})
	r.mu.Lock()
	l.freed = slices.DeleteFunc(l.freed, func(o *job) bool { return o == j })
	j.gone = true
	r.mu.Unlock()
	pass()
}

// run carries the command out, unless its time is over already.
func (j *job) run(t *Task) {
	defer j.free()
	if j.ctx.Err() != nil {
		j.end("", context.Cause(j.ctx))
		return
	}
	detail, err := j.r.o.Executor.Do(j.ctx, t)
	j.end(detail, err)
}

// tell hands a note on while somebody waits for the command.
func (j *job) tell(text string) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if !j.ended {
		j.note(text)
	}
}

// end acknowledges a command; only the first time counts.
func (j *job) end(detail string, err error) {
	j.mu.Lock()
	before := j.ended
	j.ended = true
	j.over.Store(true)
	j.mu.Unlock()
	if before {
		return
	}
	op := j.cmd.Op()
	a := grammar.Ack{Op: op.Name, OK: err == nil, Detail: detail}
	switch {
	case err != nil:
		a.Detail, a.Why = j.failure(err)
		j.r.failed(j)
	case !op.Knows(true, detail) && len(op.OK) > 0:
		a.Detail, a.Why = string(op.OK[0]), detail
	}
	j.r.answer(j.from, a, j.done)
}

// failure is what a failed command's acknowledgement says.
func (j *job) failure(err error) (detail, why string) {
	if cause := context.Cause(j.ctx); cause != nil && (errors.Is(err, j.ctx.Err()) || errors.Is(err, cause)) {
		err = cause
	}
	var e *Error
	switch {
	case !errors.As(err, &e):
		return string(grammar.Failed) + ":" + err.Error(), ""
	case e.Detail == grammar.Failed || e.Detail == grammar.Denied:
		if e.Err == nil {
			return string(e.Detail) + ":unknown", ""
		}
		return string(e.Detail) + ":" + e.Err.Error(), ""
	case e.Err != nil:
		why = e.Err.Error()
	}
	return string(e.Detail), why
}

// failed lets a machine be shown anew at once when showing it has failed.
func (r *Runner) failed(j *job) {
	if j.cmd.Verb != grammar.Show {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.lines[j.key]
	for _, other := range slices.Concat(l.jobs, l.freed) {
		if other != j && other.cmd.Verb == grammar.Show && other.ctx.Err() == nil {
			return
		}
	}
	l.showed = time.Time{}
}

// Tell writes down an acknowledgement that nobody asked for.
func (r *Runner) Tell(a grammar.Ack) { r.o.Log.Add("session", Acked, a.String()) }

// Close gives up what is under way and waits until the executor has returned.
// Commands that wait are acknowledged as cancelled.
func (r *Runner) Close() {
	r.mu.Lock()
	r.closed = true
	r.mu.Unlock()
	r.stop(errClosed)
	r.wg.Wait()
}
