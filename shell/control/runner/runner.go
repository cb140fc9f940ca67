package runner

import (
	"context"
	"errors"
	"strings"
	"sync"
	"time"

	"rayos/shell/control/grammar"
)

// Executor carries out one command and returns when its effect is there. When
// ctx ends nobody waits for the effect any more: it gives it up and returns.
// Calls for several machines come at once, for one machine one after the other.
//
// The detail is a success's, "" for the first of the operation's. An error that
// is an *Error has the failure's; of any other the text is shown.
type Executor interface {
	Do(ctx context.Context, c grammar.Command) (detail string, err error)
}

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
)

// Deadline is how long a command may take.
func Deadline(v grammar.Verb) time.Duration {
	switch v {
	case grammar.Show, grammar.Start, grammar.Resume, grammar.Suspend, grammar.Shutdown:
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
	// It may be nil.
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
	lines  map[string]*line // by machine
}

// line is the commands of one machine. The first is under way.
type line struct {
	jobs   []*job
	showed time.Time // when a show was accepted last, zero if it may be shown anew
}

// job is a command that was accepted.
type job struct {
	r      *Runner
	cmd    grammar.Command
	key    string
	from   string
	ctx    context.Context
	cancel context.CancelCauseFunc
	free   func() // ends the deadline

	done func(grammar.Ack)

	mu    sync.Mutex
	ended bool
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
	op := c.Op()
	if op == nil {
		r.answer(from, grammar.Ack{Op: strings.ToUpper(string(c.Verb)), Detail: string(grammar.NotAvailable)}, done)
		return
	}
	r.o.Log.Add(from, Asked, describe(&c))
	if detail := r.accept(from, c, done); detail != "" {
		r.answer(from, grammar.Ack{Op: op.Name, Detail: detail}, done)
	}
}

func (r *Runner) answer(from string, a grammar.Ack, done func(grammar.Ack)) {
	r.o.Log.Add(from, Acked, a.String())
	done(a)
}

// describe returns the event that asks for a command, without what is typed.
func describe(c *grammar.Command) string {
	e, err := c.Event()
	if err != nil { // more than ASCII can say
		e = grammar.Event{Op: c.Op(), Payload: c.Text}
	}
	text := e.Redacted()
	if c.VM != "" {
		text += " (" + grammar.Printable(c.VM, grammar.MaxApp) + ")"
	}
	return text
}

// accept puts a command into its machine's line, or returns why not.
func (r *Runner) accept(from string, c grammar.Command, done func(grammar.Ack)) (refusal string) {
	if r.o.Denied != nil {
		if rule := r.o.Denied(c); rule != "" {
			return string(grammar.Denied) + ":" + rule
		}
	}
	key := c.VM
	if key == "" {
		key = string(c.Kind)
	}
	var superseded []*job
	defer func() {
		for _, j := range superseded {
			j.cancel(errSuperseded)
		}
	}()
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.closed {
		return string(grammar.Cancelled)
	}
	l := r.lines[key]
	if l == nil {
		l = &line{}
		r.lines[key] = l
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
	case grammar.Hide:
		for _, j := range l.jobs {
			if j.cmd.Verb == grammar.Show {
				superseded = append(superseded, j)
			}
		}
	}
	if len(l.jobs) >= QueueLength {
		return string(grammar.QueueFull)
	}
	switch c.Verb {
	case grammar.Show:
		l.showed = time.Now()
	case grammar.Hide, grammar.Suspend, grammar.Shutdown:
		l.showed = time.Time{}
	}
	j := r.newJob(from, key, c, done)
	l.jobs = append(l.jobs, j)
	if len(l.jobs) == 1 {
		r.wg.Go(func() { r.work(l) })
	}
	return ""
}

// has reports whether a command of a verb waits or is under way.
func (l *line) has(v grammar.Verb) bool {
	for _, j := range l.jobs {
		if j.cmd.Verb == v && j.ctx.Err() == nil {
			return true
		}
	}
	return false
}

func (r *Runner) newJob(from, key string, c grammar.Command, done func(grammar.Ack)) *job {
	j := &job{r: r, cmd: c, key: key, from: from, done: done}
	ctx, free := context.WithTimeoutCause(r.base, Deadline(c.Verb), &Error{Detail: grammar.Timeout})
	j.ctx, j.cancel = context.WithCancelCause(ctx)
	stop := context.AfterFunc(j.ctx, func() { j.end("", context.Cause(j.ctx)) })
	j.free = func() { stop(); free() }
	return j
}

// work carries out a machine's commands until none is left.
func (r *Runner) work(l *line) {
	for {
		r.mu.Lock()
		j := l.jobs[0]
		r.mu.Unlock()
		if j.ctx.Err() != nil {
			j.end("", context.Cause(j.ctx))
		} else {
			detail, err := r.o.Executor.Do(j.ctx, j.cmd)
			j.end(detail, err)
		}
		j.free()
		r.mu.Lock()
		l.jobs = l.jobs[1:]
		last := len(l.jobs) == 0
		r.mu.Unlock()
		if last {
			return
		}
	}
}

// end acknowledges a command; only the first time counts.
func (j *job) end(detail string, err error) {
	j.mu.Lock()
	before := j.ended
	j.ended = true
	j.mu.Unlock()
	if before {
		return
	}
	op := j.cmd.Op()
	a := grammar.Ack{Op: op.Name, OK: err == nil, Detail: detail}
	switch {
	case err != nil:
		a.Detail = j.failure(err)
		j.r.failed(j)
	case detail == "" && len(op.OK) > 0:
		a.Detail = string(op.OK[0])
	}
	j.r.answer(j.from, a, j.done)
}

// failure is what a failed command's acknowledgement says.
func (j *job) failure(err error) string {
	if cause := context.Cause(j.ctx); cause != nil && (errors.Is(err, j.ctx.Err()) || errors.Is(err, cause)) {
		err = cause
	}
	var e *Error
	switch {
	case !errors.As(err, &e):
		return string(grammar.Failed) + ":" + err.Error()
	case e.Detail == grammar.Failed || e.Detail == grammar.Denied:
		if e.Err == nil {
			return string(e.Detail) + ":unknown"
		}
		return string(e.Detail) + ":" + e.Err.Error()
	}
	return string(e.Detail)
}

// failed lets a machine be shown anew at once when showing it has failed.
func (r *Runner) failed(j *job) {
	if j.cmd.Verb != grammar.Show {
		return
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	l := r.lines[j.key]
	for _, other := range l.jobs {
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
