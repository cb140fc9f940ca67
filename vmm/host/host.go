package host

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"rayos/vmm"
	"rayos/vmm/agent"
	"rayos/vmm/qemu"
)

// ErrRunning is returned when another rayos-vm has the machine.
var ErrRunning = errors.New("another rayos-vm runs this machine")

// Options say what a Host runs.
type Options struct {
	Dir     vmm.Dir
	Machine Machine
	Log     *slog.Logger
}

// Host runs one machine. Its exported methods may be called from any
// goroutine.
type Host struct {
	dir       vmm.Dir
	machine   Machine
	log       *slog.Logger
	lock      *os.File // of rayos-vm, not of QEMU
	serial    io.Writer
	stderr    io.Writer
	console   *console
	screen    *screen
	presenter *presenter
	input     *input
	jobs      *queue
	server    *server
	memory    memory

	patience time.Duration // startWithin

	// What follows belongs to Run's goroutine.
	base     context.Context // of operations: ends when rayos-vm is to
	link     *link
	restarts restarts
	again    *time.Timer // the next start after a crash
	waiting  bool        // for that

	speaking sync.Mutex // held while a line is said on the guest's console

	mu         sync.Mutex
	line       net.Conn // the guest's console, nil while there is none
	state      vmm.State
	detail     string
	process    *vmm.Process
	ready      []string
	blockers   []string
	saved      *vmm.SavedState
	count      uint64 // of boots
	crashes    int
	stop       context.CancelCauseFunc // of the operation under way, nil if none
	live       *process                // for kill
	doomed     *process                // being killed
	guest      *agent.Client           // has answered
	guestAgent *qemu.GuestAgent        // has answered

	sound  speaker
	clip   clipboard
	typing sync.Mutex // held by who presses keys

	sizes atomic.Uint64 // of the screen, that are not told yet
}

// New takes hold of a machine. It returns ErrRunning when another process has
// it.
func New(o Options) (*Host, error) {
	h := &Host{dir: o.Dir, machine: o.Machine, log: o.Log, jobs: newQueue(), memory: newMemory(debug.FreeOSMemory), state: vmm.Stopped, serial: io.Discard, stderr: io.Discard, restarts: restarts{unit: firstWait}, patience: startWithin}
	if err := h.dir.Create(); err != nil {
		return nil, err
	}
	var err error
	if h.lock, err = lockFile(filepath.Join(h.dir.Run(), "host.lock")); err != nil {
		if errors.Is(err, errLocked) {
			return nil, fmt.Errorf("%s: %w", h.machine.ID, ErrRunning)
		}
		return nil, fmt.Errorf("%s: %w", h.machine.ID, err)
	}
	if err := h.begin(); err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", h.machine.ID, err), h.lock.Close())
	}
	return h, nil
}

func (h *Host) begin() error {
	if h.machine.Keep {
		h.serial, h.stderr = newRotor(h.dir.Logs("serial.log")), newRotor(h.dir.Logs("qemu.log"))
	}
	surfaces := ""
	if h.machine.Keep {
		surfaces = h.dir.File("surfaces")
	}
	h.console = newConsole(surfaces, func(line string) { h.tell(Event{Event: EventConsole, Detail: line}) }, h.log)
	var err error
	if h.count, err = readGeneration(h.dir.State("generation")); err != nil {
		return err
	}
	var saved vmm.SavedState
	switch err := readJSON(h.dir.State("saved.json"), &saved); {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		// Nothing is guessed: resume will put it aside.
		h.saved = &vmm.SavedState{Tag: "unreadable", Consumed: true}
		h.log.Warn("saved state", "err", err)
	default:
		h.saved = &saved
	}
	if h.saved != nil && !h.saved.Consumed {
		h.state = vmm.Suspended
	}
	h.screen = &screen{log: h.log, onSize: h.resized}
	h.input = newInput(h.log)
	h.presenter = newPresenter(h)
	if err := h.beginSound(); err != nil {
		return err
	}
	h.clip = clipboard{log: h.log, guest: h.clipGuest, poke: h.presenter.clips}
	h.server, err = listen(h)
	return err
}

// blockersEvery is how often what stands in the way of suspend is asked for,
// beside each time that something has changed.
const blockersEvery = 15 * time.Second

// Run runs the machine until ctx ends. A QEMU that runs then runs on.
func (h *Host) Run(ctx context.Context) error {
	h.base = ctx
	go h.input.run()
	h.again = time.NewTimer(time.Hour)
	h.again.Stop()
	ask := time.NewTicker(blockersEvery)
	defer ask.Stop()
	found := make(chan struct{})
	go func() {
		<-found // so that who asks hears of a machine that runs
		h.server.serve()
	}()
	h.find(ctx, func() { close(found) })
	for {
		var ended, broken chan struct{}
		if h.link != nil {
			ended, broken = h.link.proc.done, h.link.broken
		}
		select {
		case <-ctx.Done():
			return h.leave()
		case <-h.jobs.wake:
			for fn := h.jobs.take(); fn != nil && ctx.Err() == nil; fn = h.jobs.take() {
				fn()
			}
		case <-ended:
			h.lost()
		case <-broken:
			h.reconnect()
		case <-h.again.C:
			h.restart()
		case <-ask.C:
			h.askBlockers(ctx)
		}
	}
}

// leave ends everything of ours. QEMU runs on.
func (h *Host) leave() error {
	h.server.close()
	h.presenter.close()
	if h.link != nil {
		h.close(h.link)
		h.link = nil
	}
	h.input.close()
	h.screen.close()
	h.sound.close()
	var errs []error
	for _, log := range []io.Writer{h.serial, h.stderr} {
		if c, ok := log.(io.Closer); ok {
			errs = append(errs, c.Close())
		}
	}
	return errors.Join(append(errs, h.lock.Close())...)
}

// tell tells the supervisor.
func (h *Host) tell(ev Event) { h.server.broadcast(ev) }

// happen moves the machine's state. An event that can't happen is a fault of
// ours.
func (h *Host) happen(e vmm.Event, detail string) {
	h.mu.Lock()
	next, err := h.state.After(e)
	if err == nil {
		h.state, h.detail = next, detail
	}
	h.mu.Unlock()
	if err != nil {
		h.log.Error("machine", "err", err)
		return
	}
	h.log.Info("machine", "state", next, "detail", detail)
	h.tell(Event{Event: EventState, State: next, Detail: detail})
	h.presenter.state(next, detail)
}

// Stuck begins the detail of a machine whose QEMU lives and can't be spoken to. It
// stays so until it is killed.
const Stuck = "stuck"

// stuck tells what is wrong with a machine whose state stays as it is, and where
// more of it is written.
func (h *Host) stuck(why string) {
	detail := fmt.Sprintf("%s: %s; %s may say more", Stuck, why, filepath.Join(h.dir.Rel, "logs", "rayos-vm.log"))
	h.mu.Lock()
	state := h.state
	h.detail = detail
	h.mu.Unlock()
	h.tell(Event{Event: EventState, State: state, Detail: detail})
	h.presenter.state(state, detail)
}

// maxReady bounds what can be ready: guests choose the names.
const maxReady = 32

// becomes notes that something is ready.
func (h *Host) becomes(what, detail string) {
	h.mu.Lock()
	if !slices.Contains(h.ready, what) {
		if len(h.ready) == maxReady {
			h.mu.Unlock()
			return
		}
		h.ready = append(h.ready, what)
	}
	h.mu.Unlock()
	h.tell(Event{Event: EventReady, What: what, Detail: detail})
}

// now is the machine's state.
func (h *Host) now() vmm.State {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.state
}

// Status says all there is to know.
func (h *Host) Status() Status {
	attached, visible := h.presenter.status()
	h.mu.Lock()
	defer h.mu.Unlock()
	s := Status{
		ID: h.machine.ID, State: h.state, Detail: h.detail, Host: os.Getpid(), Generation: h.count, Restarts: h.crashes,
		Ready: slices.Clone(h.ready), Blockers: slices.Clone(h.blockers), Size: h.screen.size(), Frames: h.screen.statistics(),
		Attached: attached, Visible: visible, Sound: h.sound.status(),
	}
	if h.process != nil {
		p := *h.process
		s.Process = &p
	}
	if h.live != nil && h.live.Means.Accel != "" { // nobody wrote down by what it runs
		means := h.live.Means
		s.Means = &means
	}
	if h.saved != nil {
		saved := *h.saved
		s.Saved = &saved
	}
	return s
}

// linked notes what the machine's process is.
func (h *Host) linked(l *link) {
	h.link = l
	h.mu.Lock()
	defer h.mu.Unlock()
	h.ready, h.blockers = nil, nil
	h.process, h.live, h.guest, h.guestAgent = nil, nil, nil, nil
	if l != nil {
		p := l.proc.Process
		h.process, h.live = &p, l.proc
	}
}

// operation runs a lifecycle operation, which kill may end.
func (h *Host) operation(run func(ctx context.Context) Answer) Answer {
	ctx, cancel := context.WithCancelCause(h.base)
	defer cancel(nil)
	h.mu.Lock()
	h.stop = cancel
	h.mu.Unlock()
	defer func() {
		h.mu.Lock()
		h.stop = nil
		h.mu.Unlock()
	}()
	return run(ctx)
}

var errKilled = errors.New("killed")

// refuse is an answer that says no.
func refuse(code, format string, args ...any) Answer {
	return Answer{Error: code, Detail: fmt.Sprintf(format, args...)}
}

func done(format string, args ...any) Answer {
	return Answer{OK: true, Detail: fmt.Sprintf(format, args...)}
}
