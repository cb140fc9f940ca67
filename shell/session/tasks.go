package session

import (
	"context"
	"errors"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"rayos/intent/conductor"
	"rayos/intent/conductor/dream"
	"rayos/intent/conductor/journal"
	"rayos/shell/control"
	"rayos/shell/power"
	"rayos/shell/settings"
)

// tidy is the kind of task that writes the conductor's journal anew.
const tidy = "conductor.tidy"

// lowBattery is how much of it, in percent, is kept for the person.
const lowBattery = 20

// tasks is the session's conductor. It opens beside the loop, when the session
// is ready or somebody asks for it, because it reads and writes files.
type tasks struct {
	s     *Session
	c     *conductor.Conductor // nil until it is open
	d     *dream.Dreamer
	err   error  // why it isn't
	fresh opened // c, d and err before the loop has them; read it when made is closed
	begun bool
	wait  []func() // on the loop, when it is open or can't be
	wg    sync.WaitGroup
	made  chan struct{} // closed when open has made c and d, or can't
	away  []func()      // stop the waits for the person's absence

	// system2 says what planning has done, for the snapshot; nil if nothing plans.
	system2 func() conductor.System2
	// more are whoever has kinds of tasks and dreams; each is called once, off
	// the loop.
	more []func(*conductor.Conductor, *dream.Dreamer) error
}

type opened struct {
	c   *conductor.Conductor
	d   *dream.Dreamer
	err error
}

// open opens the conductor, once.
func (k *tasks) open() {
	if k.begun {
		return
	}
	k.begun, k.made = true, make(chan struct{})
	dir, off := k.s.opt.Tasks, k.s.prefs.store.Get("privacy.dreams") == settings.Off
	k.wg.Go(func() {
		c, d, err := k.make(dir, off)
		k.fresh = opened{c, d, err}
		close(k.made)
		k.s.loop.Post(func() {
			k.c, k.d, k.err = c, d, err
			if err != nil {
				k.s.log.Error("there is no queue of tasks", "err", err)
			} else {
				k.watch()
			}
			for _, fn := range k.wait {
				fn()
			}
			k.wait = nil
		})
	})
}

// make opens the conductor and what dreams. It is called off the loop.
func (k *tasks) make(dir string, off bool) (*conductor.Conductor, *dream.Dreamer, error) {
	dreams := ""
	if dir != "" {
		dreams = filepath.Join(dir, "dreams")
	}
	c, err := conductor.Open(conductor.Options{Dir: dir})
	if errors.Is(err, journal.ErrBusy) {
		k.s.log.Warn("another session has the queue of tasks: those of this one end with it", "err", err)
		dir, dreams = "", ""
		c, err = conductor.Open(conductor.Options{})
	}
	if err != nil {
		return nil, nil, err
	}
	d, err := dream.New(c, dream.Options{Dir: dreams, Off: off, CPU: cpuTime, Allowed: k.mayDream})
	if err == nil && dir != "" {
		if err := dream.Restore(c, dir); err != nil {
			k.s.log.Warn("the conductor's tuning isn't used", "err", err)
		}
	}
	if err == nil {
		err = errors.Join(
			c.Register(conductor.Kind{Name: tidy, Run: func(ctx context.Context, _ conductor.Task) error { return c.Compact(ctx) }, Volatile: true}),
			d.Register(dream.Batch(c, dir)),
		)
	}
	for _, register := range k.more {
		err = errors.Join(err, register(c, d))
	}
	if err != nil {
		err = errors.Join(err, c.Close(context.Background()))
		if d != nil {
			err = errors.Join(err, d.Close())
		}
		return nil, nil, err
	}
	return c, d, nil
}

// cpuTime is what the process has used of processors.
func cpuTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// mayDream keeps what is left of a battery for the person. It is called off the
// loop.
func (k *tasks) mayDream() error {
	if k.s.opt.PowerClass == "" {
		return nil
	}
	if b := power.Read(k.s.opt.PowerClass); b.There && !b.Plugged && b.Percent < lowBattery {
		return errors.New("the battery is low")
	}
	return nil
}

// watch tells the dreams when the person goes and comes.
func (k *tasks) watch() {
	at := func(after time.Duration, s dream.State) {
		k.away = append(k.away, k.s.server.WhenIdle(after, func(idle bool) {
			if idle {
				k.d.SetPresence(s)
			} else {
				k.d.SetPresence(dream.Awake)
			}
		}))
	}
	at(dream.After*3/4, dream.Drowsy)
	at(dream.After, dream.Dreaming)
}

// with calls fn off the loop with the open conductor, and done on the loop.
func (k *tasks) with(fn func(*conductor.Conductor, *dream.Dreamer) error, done func(error)) {
	begin := func() {
		if k.err != nil {
			done(k.err)
			return
		}
		c, d := k.c, k.d
		k.wg.Go(func() {
			err := fn(c, d)
			k.s.loop.Post(func() { done(err) })
		})
	}
	k.open()
	if k.c != nil || k.err != nil {
		begin()
		return
	}
	k.wait = append(k.wait, begin)
}

// closeLimit is how long tasks may take to end with the session.
const closeLimit = 3 * time.Second

func (k *tasks) close() {
	for _, stop := range k.away {
		stop()
	}
	if !k.begun {
		return
	}
	<-k.made // the loop may not turn any more
	if k.fresh.err != nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), closeLimit)
	defer cancel()
	if err := errors.Join(k.fresh.c.Close(ctx), k.fresh.d.Close()); err != nil {
		k.s.log.Error("the queue of tasks", "err", err)
	}
	k.wg.Wait() // who still asks is told that it is closed
}

// Conductor implements control.Session.
func (c *commands) Conductor() control.Conductor { return &c.s.tasks }

var _ control.Conductor = (*tasks)(nil)

// Snapshot implements control.Conductor.
func (k *tasks) Snapshot(done func(control.ConductorSnapshot, error)) {
	s1 := k.s.reflex.S1()
	o := conductor.Outside{System1: conductor.System1{
		Running: s1.Running, Depth: s1.Depth, Enqueued: s1.Enqueued, Dropped: s1.Dropped, Done: s1.Done, LastOp: s1.Last,
	}}
	if k.system2 != nil {
		o.System2 = k.system2()
	}
	var v control.ConductorSnapshot
	k.with(func(c *conductor.Conductor, _ *dream.Dreamer) error {
		s, h := c.Snapshot(), c.Latency()
		v = control.ConductorSnapshot{
			Line: s.Line(o), Queued: s.Queued, Waiting: s.Waiting, Active: s.Active, Workers: s.Workers, Batch: s.Batch,
			Entropy: s.Entropy, P50: h.Quantile(0.5), P99: h.Quantile(0.99), Journal: s.Journal, Kinds: c.Kinds(),
		}
		return nil
	}, func(err error) { done(v, err) })
}

// Submit implements control.Conductor.
func (k *tasks) Submit(t control.TaskSpec, wait bool, done func(uint64, error)) func() {
	ctx, cancel := context.WithCancel(context.Background())
	var id conductor.ID
	k.with(func(c *conductor.Conductor, _ *dream.Dreamer) error {
		level, err := conductor.ParseLevel(t.Level)
		if err != nil {
			return err
		}
		s := conductor.Spec{Kind: t.Kind, Args: []byte(t.Args), Level: level, Key: t.Key}
		if t.After != 0 {
			s.After = []conductor.ID{conductor.ID(t.After)}
		}
		submit := c.SubmitAll
		if wait {
			submit = func(list []conductor.Spec) ([]conductor.ID, error) { return c.SubmitWait(ctx, list) }
		}
		ids, err := submit([]conductor.Spec{s})
		if err == nil {
			id = ids[0]
		}
		return err
	}, func(err error) {
		cancel()
		done(uint64(id), taskError(err))
	})
	return cancel
}

// taskError says which errors are about what was asked for.
func taskError(err error) error {
	var spec *conductor.SpecError
	if errors.Is(err, conductor.ErrNoKind) || errors.Is(err, conductor.ErrNoTask) || errors.Is(err, conductor.ErrEnded) || errors.As(err, &spec) {
		return control.Errorf(control.CodeBadArgs, "%v", err)
	}
	return err
}

// Cancel implements control.Conductor.
func (k *tasks) Cancel(id uint64, done func(error)) {
	k.with(func(c *conductor.Conductor, _ *dream.Dreamer) error {
		return taskError(c.Cancel(conductor.ID(id), "asked for"))
	}, done)
}

// Tail implements control.Conductor.
func (k *tasks) Tail(n int, done func([]control.Task, error)) {
	var list []control.Task
	k.with(func(c *conductor.Conductor, _ *dream.Dreamer) error {
		for _, s := range append(c.Tail(n), c.Tasks()...) {
			list = append(list, controlTask(&s))
		}
		return nil
	}, func(err error) { done(list, err) })
}

func controlTask(s *conductor.Status) control.Task {
	return control.Task{
		ID: uint64(s.ID), Kind: s.Kind, Key: s.Key, Level: s.Level.String(), State: s.State.String(),
		Attempt: s.Attempt, Age: s.Age, Reason: s.Reason, Lasts: !s.Volatile,
	}
}

// list returns the tasks that haven't ended, none before the conductor is open.
func (k *tasks) list() []control.Task {
	if k.c == nil {
		return nil
	}
	var list []control.Task
	for _, s := range k.c.Tasks() {
		list = append(list, controlTask(&s))
	}
	return list
}

// Run implements control.Conductor.
func (k *tasks) Run(on bool, done func(error)) {
	k.with(func(c *conductor.Conductor, _ *dream.Dreamer) error {
		if on {
			c.Resume()
		} else {
			c.Pause()
		}
		return nil
	}, done)
}

// Dreams implements control.Conductor.
func (k *tasks) Dreams(do control.DreamAction, done func(control.Dreams, error)) {
	show := func(err error) {
		var v control.Dreams
		if err == nil {
			v = control.Dreams{State: k.d.State().String(), Jobs: k.d.Jobs(), History: []control.DreamEntry{}}
			for _, e := range k.d.History(20) {
				v.History = append(v.History, control.DreamEntry{At: e.At, Job: e.Job, Step: string(e.Step), Seed: e.Seed, Before: e.Before, After: e.After, Why: e.Why})
			}
		}
		done(v, err)
	}
	k.with(func(_ *conductor.Conductor, d *dream.Dreamer) error {
		if do != control.DreamRun {
			return nil
		}
		_, err := d.Run()
		return err
	}, func(err error) {
		value, change := map[control.DreamAction]string{control.DreamOn: settings.On, control.DreamOff: settings.Off}[do]
		if err != nil || !change {
			show(err)
			return
		}
		k.s.prefs.Set("privacy.dreams", value, func(err error) {
			// The setting is applied beside the loop, in this order.
			k.with(func(*conductor.Conductor, *dream.Dreamer) error { return nil }, func(opened error) { show(errors.Join(err, opened)) })
		})
	})
}

// dreams switches dreams as the setting says.
func (k *tasks) dreams(value string, done func(error)) {
	if !k.begun { // it is read when it opens
		done(nil)
		return
	}
	k.with(func(_ *conductor.Conductor, d *dream.Dreamer) error { d.SetOff(value == settings.Off); return nil }, done)
}
