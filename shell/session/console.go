package session

import (
	"context"
	"errors"
	"log/slog"
	"strings"
	"time"

	"rayos/shell/control"
	"rayos/shell/control/channel"
	"rayos/shell/control/grammar"
	"rayos/shell/control/runner"
	"rayos/shell/syslog"
	"rayos/shell/vms"
	"rayos/vmm"
)

// console is where lines are entered, and the log of what came of them. All
// markers go through it.
type console struct {
	s    *Session
	log  *runner.Log
	run  *runner.Runner
	host *channel.Channel // nil without one
}

var _ control.Console = (*console)(nil)

func (s *Session) startConsole() {
	s.console = &console{s: s}
	s.console.log = runner.NewLog(runner.LogOptions{
		File: s.opt.ControlLog, Marker: s.marked,
		Failed: func(err error) { s.log.Error("control log", "err", err) },
	})
	s.console.run = runner.New(runner.Options{Executor: executor{s}, Log: s.console.log, Denied: s.console.denied})
}

// marked hands a marker on, and writes it into the session's log.
func (s *Session) marked(line string) {
	if s.opt.Lines != nil {
		s.opt.Lines.Note(slog.LevelInfo, subsystemOf(line), line, time.Now())
	}
	if s.opt.VMs.Marker != nil {
		s.opt.VMs.Marker(line)
	}
}

// subsystemOf returns what part of the system a marker tells of.
func subsystemOf(marker string) string {
	for _, prefix := range []string{"RAYOS_LINUX_", "RAYOS_WINDOWS_", "RAYOS_GUEST_", "RAYOS_PRESENTATION_", "RAYOS_VM"} {
		if strings.HasPrefix(marker, prefix) {
			return syslog.Guest
		}
	}
	return syslog.UI
}

// serveHost lets the host say events.
func (s *Session) serveHost() error {
	if s.opt.Host == nil {
		return nil
	}
	c := s.console
	ch, err := channel.Open(s.opt.Host, channel.Options{
		Log: c.log,
		Submit: func(cmd grammar.Command, done func(grammar.Ack)) {
			s.loop.Post(func() { c.run.Submit(channel.From, cmd, done) })
		},
		Ended: func(err error) {
			if err != nil {
				s.log.Warn("the host's channel has ended", "err", err)
			}
		},
	})
	c.host = ch
	return err
}

// denied returns the rule of policy that forbids a command, and tells of it.
func (c *console) denied(cmd grammar.Command) string {
	v := c.s.vms.Denies(&cmd)
	if v == nil {
		return ""
	}
	c.marker(v.Marker())
	return v.Rule
}

// notify writes down an event that tells and doesn't ask.
func (c *console) notify(e grammar.Event) { c.log.Add("session", runner.Told, e.String()) }

// close gives up what is under way. The loop has ended.
func (c *console) close() {
	c.run.Close()
	if c.host != nil {
		if err := c.host.Close(); err != nil {
			c.s.log.Error("the host's channel", "err", err)
		}
	}
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
	c.ask(from, line, func(string) {}, done)
}

// Do implements control.Console.
func (c *console) Do(from, machine string, cmd grammar.Command, note func(string), done func(grammar.Ack, error)) {
	if err := c.mean(machine, &cmd); err != nil {
		done(grammar.Ack{}, err)
		return
	}
	post := func(fn func()) { c.s.loop.Post(fn) }
	c.run.SubmitNoted(from, cmd, func(text string) { post(func() { note(text) }) }, func(a grammar.Ack) { post(func() { done(a, nil) }) })
}

// mean makes a command one for the machine of a name: its id, or its kind if
// that means one.
func (c *console) mean(name string, cmd *grammar.Command) error {
	kind := vmm.Kind(name)
	if m, err := c.s.vms.Machine(vmm.ID(name)); err == nil {
		cmd.Kind, cmd.VM = grammar.Kind(m.Kind()), name
		return nil
	}
	making := cmd.Verb == grammar.Build || cmd.Verb == grammar.Add
	switch {
	case kind.Valid() && (making || c.s.vms.Main(kind) != nil || !c.s.vms.Has(kind)):
		cmd.Kind = grammar.Kind(kind)
		if m := c.s.vms.Main(kind); m != nil && !making {
			cmd.VM = string(m.ID())
		}
		return nil
	case kind.Valid():
		return control.Errorf(control.CodeNoMachine, "there is more than one %s machine; vm list names them", name)
	case vmm.ID(name) == c.s.vms.Policy().MainVM(vmm.Windows) && !c.s.vms.Has(vmm.Windows):
		cmd.Kind = grammar.Windows
		return nil
	}
	return control.Errorf(control.CodeNoMachine, "there is no virtual machine %.70q; vm list names them", name)
}

// env is what lines may mean now.
func (c *console) env() grammar.Env {
	env := grammar.Env{App: func(name string) bool { return c.s.installed.has(name) }}
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
	return follow(c.s, c.log, after, wait, done)
}

// follower is a log that can be read on.
type follower[T any] interface {
	After(seq uint64) ([]T, <-chan struct{})
	Wait(ctx context.Context, seq uint64) ([]T, error)
}

// follow gives done, on the loop, what a log has behind a number; if it has
// nothing and wait is set, as soon as it has. cancel takes that back; it is nil
// when done has been called.
func follow[T any](s *Session, log follower[T], after uint64, wait bool, done func([]T)) (cancel func()) {
	list, _ := log.After(after)
	if len(list) > 0 || !wait {
		done(list)
		return nil
	}
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		list, err := log.Wait(ctx, after)
		if err != nil {
			return // nobody waits any more
		}
		s.loop.Post(func() {
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
func (x executor) Do(ctx context.Context, t *runner.Task) (string, error) {
	type result struct {
		detail string
		err    error
	}
	ended := make(chan result, 1)
	x.s.loop.Post(func() {
		if ctx.Err() != nil {
			return // its time was over before its turn came
		}
		x.do(t, func(detail string, err error) { ended <- result{detail, err} })
	})
	select {
	case r := <-ended:
		if r.err != nil {
			return "", inWords(r.err)
		}
		return r.detail, nil
	case <-ctx.Done():
		return "", ctx.Err()
	}
}

// do begins a command on the loop; done is called once.
func (x executor) do(t *runner.Task, done vms.Done) {
	c := &t.Command
	if app, args := windowOf(c); app != "" {
		x.s.runApp(c, app, args, done)
		return
	}
	if c.Kind == grammar.None {
		done("", &runner.Error{Detail: grammar.NotAvailable})
		return
	}
	switch c.Verb {
	case grammar.Build:
		x.s.vms.VMBuild(c.App, t.Note, done)
		return
	case grammar.Add:
		x.s.vms.Add(vmm.Kind(c.Kind), vmm.ID(c.VM), c.Path, done)
		return
	}
	begins := c.Verb == grammar.Show || c.Verb == grammar.Start || c.Verb == grammar.Resume
	if c.Kind == grammar.Windows && c.VM == "" && x.s.vms.Off() == nil && !x.s.vms.Has(vmm.Windows) {
		x.noWindows(t, begins, done)
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
		done(m.Hide())
	case grammar.Start:
		m.Start(t.Free, done)
	case grammar.Resume:
		m.Resume(t.Free, done)
	case grammar.Suspend:
		m.Suspend(done)
	case grammar.Shutdown:
		m.Shutdown(done)
	case grammar.Kill:
		m.Kill(done)
	case grammar.Mute, grammar.Unmute:
		m.Mute(c.Verb == grammar.Mute, done)
	case grammar.Type:
		text := c.Text
		if !c.Bare {
			text += "\n"
		}
		m.Type(text, done)
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
	case grammar.Console:
		m.Say(c.Text, done)
	default:
		done("", &runner.Error{Detail: grammar.NotAvailable})
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
	return nil, vmm.ErrNoVM
}

// noWindows is for commands to a Windows machine where there is none: the disk
// that the environment names makes one.
func (x executor) noWindows(t *runner.Task, begins bool, done vms.Done) {
	disk := x.s.opt.VMs.WindowsDisk
	if !begins || disk == "" {
		x.s.vms.NoWindows(begins, done)
		return
	}
	x.s.vms.Add(vmm.Windows, "", disk, func(_ string, err error) {
		if err != nil {
			done("", err)
			return
		}
		x.do(t, done)
	})
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
		{vms.ErrNoAnswer, grammar.Timeout},
		{vms.ErrBuilding, grammar.BuildInProgress},
		{vms.ErrThere, grammar.AlreadyThere},
		{vms.ErrBadDisk, grammar.BadDisk},
		{vms.ErrNoDisk, grammar.MissingDisk},
	} {
		if errors.Is(err, w.err) {
			return &runner.Error{Detail: w.detail, Err: err}
		}
	}
	return err
}
