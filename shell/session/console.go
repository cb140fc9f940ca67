package session

import (
	"context"
	"errors"

	"rayos/shell/control"
	"rayos/shell/control/grammar"
	"rayos/shell/control/runner"
	"rayos/shell/vms"
	"rayos/vmm"
)

// console is where lines are entered, and the log of what came of them. All
// markers go through it.
type console struct {
	s   *Session
	log *runner.Log
	run *runner.Runner
}

var _ control.Console = (*console)(nil)

func (s *Session) startConsole() {
	s.console = &console{s: s}
	s.console.log = runner.NewLog(runner.LogOptions{
		File: s.opt.ControlLog, Marker: s.opt.VMs.Marker,
		Failed: func(err error) { s.log.Error("control log", "err", err) },
	})
	s.console.run = runner.New(runner.Options{Executor: executor{s}, Log: s.console.log})
}

// close gives up what is under way. The loop has ended.
func (c *console) close() {
	c.run.Close()
	c.log.Close()
}

// marker tells others what has happened.
func (c *console) marker(line string) {
	if err := c.log.Marker(line); err != nil {
		c.s.log.Error("marker", "err", err)
	}
}

// Prompt implements control.Console.
func (c *console) Prompt(from, line string, done func(grammar.Result, grammar.Ack)) {
	r := grammar.Parse(line, c.env())
	if r.Outcome != grammar.Matched {
		done(r, grammar.Ack{})
		return
	}
	c.run.Submit(from, r.Command, func(a grammar.Ack) {
		c.s.loop.Post(func() { done(r, a) })
	})
}

// env is what lines may mean now.
func (c *console) env() grammar.Env {
	var env grammar.Env
	for _, m := range c.s.vms.Machines() {
		kind := m.Kind()
		env.Machines = append(env.Machines, grammar.Machine{
			ID: string(m.ID()), Kind: grammar.Kind(kind), Main: c.s.vms.Main(kind) == m, Shown: m.Shown(),
		})
	}
	return env
}

// Events implements control.Console.
func (c *console) Events(after uint64, wait bool, done func([]runner.Entry)) (cancel func()) {
	list, _ := c.log.After(after)
	if len(list) > 0 || !wait {
		done(list)
		return nil
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		list, err := c.log.Wait(ctx, after)
		if err != nil {
			return // nobody waits any more
		}
		c.s.loop.Post(func() {
			if ctx.Err() == nil {
				done(list)
			}
		})
	}()
	return cancel
}

// executor carries commands out on the session's loop.
type executor struct{ s *Session }

// Do implements runner.Executor.
func (x executor) Do(ctx context.Context, c grammar.Command) (string, error) {
	type result struct {
		detail string
		err    error
	}
	ended := make(chan result, 1)
	x.s.loop.Post(func() {
		if ctx.Err() != nil {
			return // its time was over before its turn came
		}
		x.do(&c, func(detail string, err error) { ended <- result{detail, err} })
	})
	select {
	case r := <-ended:
		if r.err != nil {
			return "", inWords(r.err)
		}
		if !c.Op().Knows(true, r.detail) {
			r.detail = ""
		}
		return r.detail, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// do begins a command on the loop; done is called once.
func (x executor) do(c *grammar.Command, done vms.Done) {
	if c.Kind == grammar.None {
		done("", &runner.Error{Detail: grammar.NotAvailable})
		return
	}
	m, err := x.machine(c)
	if err != nil {
		done("", err)
		return
	}
	switch c.Verb {
	case grammar.Show:
		m.Show(done)
	case grammar.Hide:
		done(m.Hide(), nil)
	case grammar.Start:
		m.Start(started(m, done))
	case grammar.Resume:
		m.Resume(started(m, done))
	case grammar.Suspend:
		m.Suspend(done)
	case grammar.Shutdown:
		m.Shutdown(done)
	case grammar.Type:
		m.Type(c.Text+"\n", done)
	case grammar.Press:
		m.Key(c.Keys.String(), done)
	case grammar.Pointer:
		m.Pointer(c.X, c.Y, func(_ string, err error) {
			e, eerr := c.Event()
			done(e.Payload, errors.Join(err, eerr))
		})
	case grammar.Click:
		m.Click(c.Button, func(_ string, err error) { done(c.Button, err) })
	case grammar.Launch:
		m.Launch(c.App, done)
	default:
		done("", &runner.Error{Detail: grammar.NotAvailable})
	}
}

// started says whether the guest answers already: who finds a machine on its
// way doesn't wait for it.
func started(m *vms.Machine, done vms.Done) vms.Done {
	return func(_ string, err error) {
		detail := grammar.Starting
		if m.State() == vmm.Running {
			detail = grammar.Running
		}
		done(string(detail), err)
	}
}

// machine finds the machine that a command is for.
func (x executor) machine(c *grammar.Command) (*vms.Machine, error) {
	if err := x.s.vms.Off(); err != nil {
		return nil, &runner.Error{Detail: grammar.Failed, Err: err}
	}
	if c.VM != "" {
		return x.s.vms.Machine(vmm.ID(c.VM))
	}
	if m := x.s.vms.Main(vmm.Kind(c.Kind)); m != nil {
		return m, nil
	}
	if c.Kind == grammar.Windows {
		return nil, vms.NoWindows(c.Verb == grammar.Show || c.Verb == grammar.Start || c.Verb == grammar.Resume)
	}
	return nil, vmm.ErrNoVM
}

// inWords gives a failure its word.
func inWords(err error) error {
	var told *runner.Error
	if errors.As(err, &told) {
		return err
	}
	var missing *vms.MissingError
	if errors.As(err, &missing) && missing.NoDisk() {
		return &runner.Error{Detail: grammar.MissingDisk, Err: err}
	}
	for _, w := range []struct {
		err    error
		detail grammar.Detail
	}{
		{vmm.ErrNoVM, grammar.NoMachine},
		{vms.ErrNotRunning, grammar.NotRunning},
		{vms.ErrBusy, grammar.LaunchInProgress},
		{vms.ErrHidden, grammar.Superseded},
	} {
		if errors.Is(err, w.err) {
			return &runner.Error{Detail: w.detail, Err: err}
		}
	}
	return err
}
