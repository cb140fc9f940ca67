package host

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"slices"
	"time"

	"rayos/vmm"
	"rayos/vmm/agent"
)

// startWithin is how long QEMU may take until its monitor answers.
const startWithin = time.Minute

// find looks for a QEMU that another rayos-vm has left. It calls known as soon
// as it knows whether there is one.
func (h *Host) find(ctx context.Context, known func()) {
	p := h.adopt()
	known()
	if p == nil {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, h.patience)
	defer cancel()
	l, err := h.connect(ctx, p)
	if err != nil {
		// It lives and can't be spoken to. Nothing is killed without a word of
		// the person; kill ends it.
		h.log.Error("QEMU doesn't answer", "pid", p.PID, "err", err)
		h.stuck("QEMU doesn't answer")
		go func() {
			<-p.done
			h.jobs.put(func() { h.killed(p) })
		}()
		return
	}
	h.linked(l)
	err = errors.Join(writeJSON(h.runFile(), &p.run), h.reattach(ctx, l))
	if err != nil {
		h.log.Error("reattach", "err", err)
	}
}

// adopt returns the QEMU that run/machine.json tells of, nil if it has ended.
func (h *Host) adopt() *process {
	var r run
	err := readJSON(h.runFile(), &r)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			h.log.Error("look for QEMU", "err", err)
		}
		r, err = h.ask()
	}
	var p *process
	if err == nil {
		p, err = adopt(r, h.dir, h.stderr)
	}
	if err != nil {
		h.log.Error("look for QEMU", "err", err)
	}
	if p == nil {
		h.tidy()
		return nil
	}
	known := p.Process
	h.mu.Lock()
	h.state, h.process, h.live = vmm.Stopped, &known, p
	h.mu.Unlock()
	h.happen(vmm.Start, "found running")
	return p
}

// ask finds out by its socket which QEMU has the lock: rayos-vm was killed
// before it had written that down. The pid is 0 where none has it.
func (h *Host) ask() (r run, err error) {
	lock, err := lockFile(h.lockFile())
	if err == nil {
		return run{}, lock.Close()
	}
	if !errors.Is(err, errLocked) {
		return run{}, err
	}
	conn, err := net.DialUnix("unix", nil, &net.UnixAddr{Name: h.dir.Socket("qmp"), Net: "unix"})
	if err != nil {
		return run{}, err
	}
	defer conn.Close()
	cred, err := credentials(conn)
	if err != nil {
		return run{}, err
	}
	r.PID, r.Generation = int(cred.Pid), h.count
	if r.Start, err = startTime(r.PID); err == nil {
		r.BootID, err = bootID()
	}
	return r, err
}

// tidy removes what a QEMU has left that is gone. One that lives, and that we
// don't know of, has the lock.
func (h *Host) tidy() {
	lock, err := lockFile(h.lockFile())
	if err == nil {
		err = errors.Join(h.clean(), lock.Close())
	}
	if err != nil {
		h.log.Error("tidy up", "err", err)
	}
}

// reattach takes up a QEMU where an earlier rayos-vm has left it.
func (h *Host) reattach(ctx context.Context, l *link) error {
	var status struct{ Status string }
	if err := l.monitor.Execute(ctx, "query-status", nil, &status); err != nil {
		return err
	}
	h.mu.Lock()
	whole := h.saved != nil && !h.saved.Consumed
	h.mu.Unlock()
	if l.proc.Incoming || whole && status.Status != "running" {
		// It was being read, or has been written: the saved state on the disk
		// is whole, and the guest hasn't run since.
		h.end(ctx, l)
		h.mu.Lock()
		h.state = vmm.Suspended
		h.mu.Unlock()
		h.tell(Event{Event: EventState, State: vmm.Suspended, Detail: "an interrupted operation was undone"})
		return nil
	}
	if err := h.open(ctx, l); err != nil {
		return err
	}
	if status.Status != "running" {
		if err := l.monitor.Execute(ctx, "cont", nil, nil); err != nil {
			return err
		}
	}
	return h.meet(ctx, l)
}

// start boots the machine, or says that it runs.
func (h *Host) start(ctx context.Context) Answer {
	state := h.now()
	if state.Alive() {
		return done("already %s", state)
	}
	if h.live != nil {
		return refuse(ErrLocked, "QEMU %d runs and doesn't answer", h.live.PID)
	}
	if state == vmm.Suspended {
		return refuse(ErrState, "it is suspended: resume it, or forget the saved state")
	}
	h.restarts.forget()
	return h.boot(ctx, "")
}

// boot starts the machine from its disks.
func (h *Host) boot(ctx context.Context, why string) Answer {
	h.unwait()
	if h.now() != vmm.Starting { // after a refused saved state it is already
		h.happen(vmm.Start, why)
	}
	if err := h.coldBoot(ctx); err != nil {
		h.happen(vmm.Exited, err.Error())
		if errors.Is(err, errLocked) {
			return refuse(ErrLocked, "%v", err)
		}
		return refuse(ErrLaunch, "%v", err)
	}
	return done("pid %d", h.link.proc.PID)
}

func (h *Host) coldBoot(ctx context.Context) error {
	if err := h.machine.there(); err != nil {
		return err
	}
	if err := removeIfThere(h.machine.RAM); err != nil {
		return err
	}
	h.mu.Lock()
	next := h.count + 1
	h.mu.Unlock()
	if err := writeGeneration(h.dir.State("generation"), next); err != nil {
		return err
	}
	h.mu.Lock()
	h.count = next
	h.mu.Unlock()
	l, err := h.launch(ctx, false)
	if err != nil {
		return err
	}
	if err := h.meet(ctx, l); err != nil {
		h.end(ctx, l)
		return err
	}
	return nil
}

// launch starts QEMU and connects with it. For a saved state the guest waits, and
// its screen, which has nothing of it yet, is left to restore.
func (h *Host) launch(ctx context.Context, incoming bool) (*link, error) {
	ctx, cancel := context.WithTimeout(ctx, h.patience)
	defer cancel()
	lock, err := lockFile(h.lockFile())
	if err != nil {
		return nil, fmt.Errorf("QEMU of this machine: %w", err)
	}
	defer lock.Close() // QEMU has its own
	if err := h.clean(); err != nil {
		return nil, err
	}
	h.step("Preparing its devices")
	if err := errors.Join(h.ownVars(), h.startTPM()); err != nil {
		return nil, err
	}
	h.step("Starting QEMU")
	config := h.machine.Config
	config.Incoming = incoming
	cmd, err := h.command(config.Arguments(), lock)
	if err != nil {
		return nil, errors.Join(err, h.endTPM(0))
	}
	p, err := spawn(cmd, h.dir, h.stderr)
	if err != nil {
		return nil, errors.Join(err, h.endTPM(0))
	}
	p.Arguments, p.Incoming = config.Fingerprint(), incoming
	p.Means = h.machine.means()
	h.mu.Lock()
	p.Generation = h.count
	p.UUID, p.Version = h.machine.UUID, h.machine.Version
	h.live = p
	h.mu.Unlock()
	err = writeJSON(h.runFile(), &p.run)
	var l *link
	if err == nil {
		l, err = h.connect(ctx, p)
	}
	if err != nil {
		return nil, errors.Join(err, h.abandon(p))
	}
	h.linked(l)
	// QEMU has a picture of its own until the guest has, and a desktop has none
	// until its compositor runs.
	h.screen.veil(incoming || h.machine.System == vmm.Desktop)
	open := h.open
	if incoming {
		open = h.openConsole
	}
	if err := open(ctx, l); err != nil {
		h.end(ctx, l)
		return nil, err
	}
	h.step("Waiting for the guest's first picture")
	return l, nil
}

// step says how far a start is, to whoever looks at the machine.
func (h *Host) step(text string) {
	h.mu.Lock()
	starts := h.state == vmm.Starting
	if starts {
		h.detail = text
	}
	h.mu.Unlock()
	if starts {
		h.presenter.state(vmm.Starting, text)
	}
}

// abandon ends a QEMU that never came up.
func (h *Host) abandon(p *process) error {
	ctx, cancel := context.WithTimeout(context.Background(), answerTime)
	defer cancel()
	err := errors.Join(p.kill(ctx), p.close(), h.clean(), h.endTPM(0))
	h.linked(nil)
	return err
}

// end ends QEMU: asked to, and else killed.
func (h *Host) end(ctx context.Context, l *link) {
	ask, cancel := context.WithTimeout(ctx, answerTime/4)
	select {
	case <-l.monitor.Done(): // there is nobody to ask
	default:
		_ = l.monitor.Execute(ask, "quit", nil, nil) // the monitor may end before it answers
		select {
		case <-l.proc.done:
		case <-ask.Done():
		}
	}
	cancel()
	kill, cancel := context.WithTimeout(context.Background(), answerTime)
	defer cancel()
	if err := l.proc.kill(kill); err != nil {
		h.log.Error("end QEMU", "err", err)
	}
	h.gone(l)
}

// gone tidies up after a QEMU that has ended.
func (h *Host) gone(l *link) {
	h.close(l)
	h.linked(nil)
	if err := h.clean(); err != nil {
		h.log.Error("tidy up", "err", err)
	}
}

// met is called when the guest's agent has answered.
func (h *Host) met(l *link, hello agent.Hello) {
	if h.link != l {
		return
	}
	h.mu.Lock()
	h.guest = l.agent
	h.mu.Unlock()
	if l.slept {
		go h.setClock(l.agent)
	}
	if l.failed = hello.Failed; l.failed != "" {
		h.log.Error("the guest doesn't come up", "why", l.failed)
		return
	}
	l.system = hello.System
	h.becomes(agent.ReadyAgent, hello.System)
	for _, what := range hello.Ready {
		if what != agent.ReadyAgent && agent.CheckName(what) == nil {
			h.becomes(what, "")
		}
	}
	h.up(l, h.machine.System != vmm.Desktop || slices.Contains(hello.Ready, agent.ReadyWayland))
	ctx, cancel := context.WithTimeout(context.Background(), answerTime)
	defer cancel()
	h.askBlockers(ctx)
}

// desktopWithin is how long a desktop gets for its compositor, from when its
// agent has answered. After that people see what there is.
const desktopWithin = time.Minute

// up makes a machine ready whose guest is, at once or when its desktop is late.
func (h *Host) up(l *link, ready bool) {
	if h.link != l {
		return
	}
	if !ready {
		time.AfterFunc(desktopWithin, func() { h.jobs.put(func() { h.up(l, true) }) })
		return
	}
	switch h.now() {
	case vmm.Starting, vmm.Resuming:
		h.happen(vmm.Ready, l.system)
	}
	h.screen.veil(false)
}

// metGuestAgent is called when qemu-guest-agent has answered.
func (h *Host) metGuestAgent(l *link, system string) {
	if h.link != l {
		return
	}
	if h.machine.Kind != vmm.Windows {
		// Ours can do all that we want. This one listens to one at a time,
		// which from here on is whoever connects to its socket.
		if err := l.guestAgent.Close(); err != nil {
			h.log.Warn("guest agent", "err", err)
		}
		h.becomes(ReadyGuestAgent, system)
		return
	}
	h.mu.Lock()
	h.guestAgent = l.guestAgent
	h.mu.Unlock()
	if l.slept {
		go h.setClock(l.guestAgent)
	}
	switch h.now() {
	case vmm.Starting, vmm.Resuming:
		h.happen(vmm.Ready, system)
	}
	h.becomes(ReadyGuestAgent, system)
}

// lost is called when QEMU has ended by itself.
func (h *Host) lost() {
	l := h.link
	why := l.proc.stderr.last()
	if why == "" {
		why = "QEMU has ended"
	}
	lived := time.Since(l.since)
	clean := l.down()
	h.mu.Lock()
	doomed := h.doomed == l.proc
	h.mu.Unlock()
	h.gone(l)
	if doomed {
		h.happen(vmm.Exited, "killed")
		return
	}
	if clean {
		if err := removeIfThere(h.machine.RAM); err != nil {
			h.log.Error("tidy up", "err", err)
		}
		if l.failed != "" { // it would again
			h.happen(vmm.GaveUp, "the guest doesn't come up: "+l.failed)
			return
		}
		h.happen(vmm.Exited, "the guest has shut down")
		return
	}
	wait, again := h.restarts.after(lived)
	h.mu.Lock()
	h.crashes++
	h.mu.Unlock()
	if !again {
		h.happen(vmm.GaveUp, fmt.Sprintf("crashed %d times: %s", maxRestarts+1, why))
		return
	}
	h.happen(vmm.Crashed, fmt.Sprintf("crashed: %s; starts again in %v (%d of %d)", why, wait, h.restarts.count, maxRestarts))
	h.again.Reset(wait)
	h.waiting = true
}

// restart is the start after a crash.
func (h *Host) restart() {
	if !h.waiting || h.now() != vmm.Stopped {
		return
	}
	h.waiting = false
	a := h.operation(func(ctx context.Context) Answer { return h.boot(ctx, "after a crash") })
	if a.OK {
		return
	}
	wait, again := h.restarts.after(0)
	if !again {
		h.mu.Lock()
		h.state, h.detail = vmm.Failed, a.Detail
		h.mu.Unlock()
		h.tell(Event{Event: EventState, State: vmm.Failed, Detail: a.Detail})
		return
	}
	h.again.Reset(wait)
	h.waiting = true
}

// unwait forgets the start after a crash: somebody has decided.
func (h *Host) unwait() {
	h.waiting = false
	h.again.Stop()
}

// kill ends the machine at once, whatever it does. It runs on any goroutine.
func (h *Host) kill(ctx context.Context) Answer {
	h.mu.Lock()
	p, stop := h.live, h.stop
	h.doomed = p
	h.mu.Unlock()
	answer := make(chan Answer, 1)
	if stop != nil {
		stop(errKilled)
	}
	if p != nil {
		if err := p.kill(ctx); err != nil {
			return refuse(ErrFailed, "%v", err)
		}
	}
	h.jobs.put(func() { answer <- h.killed(p) })
	select {
	case a := <-answer:
		return a
	case <-ctx.Done():
		return refuse(ErrFailed, "%v", ctx.Err())
	}
}

// killed is the rest of kill, in its turn. The operation under way, or lost,
// may have tidied up before.
func (h *Host) killed(p *process) Answer {
	waited := h.waiting
	h.unwait()
	if h.link != nil && h.link.proc == p {
		h.gone(h.link)
	} else if h.live == p && p != nil {
		if err := errors.Join(p.close(), h.clean()); err != nil {
			h.log.Error("tidy up", "err", err)
		}
		h.linked(nil)
	}
	if h.now().Alive() {
		h.happen(vmm.Exited, "killed")
	}
	switch {
	case p != nil:
		return done("killed pid %d", p.PID)
	case waited:
		return done("it will not start again")
	}
	return done("not running")
}
