package vms

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"maps"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"rayos/geom"
	"rayos/shell/control/grammar"
	"rayos/surfaces"
	"rayos/vmm"
	"rayos/vmm/host"
)

// Desktop is the session as machines need it.
type Desktop interface {
	// Post runs fn on the loop. It may be called from any goroutine.
	Post(fn func())
	// AddMachine serves a Wayland connection as a machine's, whose window was
	// at a place before or has none yet (nil). fd is the session's from here
	// on.
	AddMachine(fd int, owner surfaces.Owner, at *vmm.Geometry, v Viewer) (View, error)
}

// View is a machine's windows on the desktop.
type View interface {
	// Show puts the windows on the desktop, now and when they have pixels.
	Show()
	// Hide takes them off.
	Hide()
	// Shown reports whether a window is on the desktop.
	Shown() bool
	// Raise brings the window to the front.
	Raise()
	// Busy says that the machine is being started or resumed, or isn't any
	// more, whatever its state says yet.
	Busy(on bool)
	// Window returns the main window and its size in pixels, 0 before it has
	// any.
	Window() (id uint32, size geom.Size)
	// Geometry is where the window is, or was; nil if nowhere yet.
	Geometry() *vmm.Geometry
	// Close ends the connection.
	Close()
}

// Viewer hears of a View.
type Viewer interface {
	ViewClosed()    // the person wants the window gone
	ViewPresented() // the window is on the desktop
	ViewAction()    // the person wants what the window's card offers
	ViewGone()      // the connection has ended
}

// Options are what a Supervisor works with.
type Options struct {
	Root    vmm.Root
	Desktop Desktop
	Binary  string // rayos-vm
	Agent   string // rayos-agent for guests, that images are built with
	Log     *slog.Logger
	// Marker takes the lines that tell others what happens.
	Marker func(line string)
	// Failed is told of a machine that crashed too often and is left alone, and
	// why.
	Failed func(id vmm.ID, kind vmm.Kind, name, why string)
	// Tell takes acknowledgements of what nobody asked for.
	Tell func(grammar.Ack)
	// Ask has a command carried out that comes from a machine's window, or from
	// policy.
	Ask func(c grammar.Command, done func(grammar.Ack))
	// Notify takes events that tell and don't ask.
	Notify func(grammar.Event)
	// WindowsDisk is the disk of a Windows machine that is taken in when one is
	// asked for and there is none, "" for none.
	WindowsDisk string
}

// Supervisor is all machines of a session.
type Supervisor struct {
	o        Options
	reg      *vmm.Registry // nil while there is none
	policy   vmm.Policy
	off      error // why no machine may run
	unsafe   error // off because the policy can't be obeyed
	machines map[vmm.ID]*Machine
	building bool          // an image
	patience time.Duration // answerWithin

	ctx    context.Context
	cancel context.CancelFunc
	wg     sync.WaitGroup
}

// New makes a supervisor without machines.
func New(o Options) *Supervisor {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Failed == nil {
		o.Failed = func(vmm.ID, vmm.Kind, string, string) {}
	}
	if o.Marker == nil {
		o.Marker = func(string) {}
	}
	if o.Tell == nil {
		o.Tell = func(grammar.Ack) {}
	}
	if o.Ask == nil {
		o.Ask = func(c grammar.Command, done func(grammar.Ack)) {
			done(grammar.Ack{Op: c.Op().Name, Detail: string(grammar.NotAvailable)})
		}
	}
	if o.Notify == nil {
		o.Notify = func(grammar.Event) {}
	}
	s := &Supervisor{o: o, machines: map[vmm.ID]*Machine{}, patience: answerWithin}
	s.ctx, s.cancel = context.WithCancel(context.Background())
	return s
}

// Start opens registry and policy, finds the machines that run and starts or
// resumes those that policy wants.
func (s *Supervisor) Start() {
	if s.o.Root.Dir == "" {
		s.off = errors.New("this session has no virtual machines: it has no data folder")
		return
	}
	_, err := os.Stat(s.o.Root.Registry())
	_, bak := os.Stat(s.o.Root.Registry() + ".bak")
	if errors.Is(err, fs.ErrNotExist) && errors.Is(bak, fs.ErrNotExist) {
		return // nobody has made a machine: leave no traces
	}
	if s.open() != nil {
		if errors.Is(s.off, vmm.ErrRegistryBusy) {
			s.beside(s.takeOver)
		}
		return
	}
	s.begin()
}

func (s *Supervisor) begin() {
	if s.reg.Recovered != "" {
		s.o.Log.Warn("the VM registry was damaged; its backup is used", "why", s.reg.Recovered)
		s.o.Marker("RAYOS_HOST_MARKER:VM_REGISTRY:recovered:" + printable(s.reg.Recovered))
	}
	for _, rec := range s.reg.List() {
		s.add(rec).begin()
	}
}

// Times between looks whether the registry is free.
const (
	firstLook = 50 * time.Millisecond
	lastLook  = 5 * time.Second
)

// takeOver waits until the session that has the registry, and that is ending
// most likely, gives it back.
func (s *Supervisor) takeOver() {
	for wait := firstLook; ; wait = min(2*wait, lastLook) {
		select {
		case <-s.ctx.Done():
			return
		case <-time.After(wait):
		}
		reg, err := vmm.OpenRegistry(s.o.Root)
		if errors.Is(err, vmm.ErrRegistryBusy) {
			continue
		}
		s.o.Desktop.Post(func() {
			switch {
			case err != nil:
				s.disable("registry", err)
			case s.ctx.Err() != nil:
				_ = reg.Close() // nothing was written
			default:
				s.reg, s.off = reg, nil
				s.begin()
			}
		})
		return
	}
}

// open opens registry and policy. Its error is why machines are disabled.
func (s *Supervisor) open() error {
	if s.reg != nil || s.off != nil {
		return s.off
	}
	policy, err := vmm.LoadPolicy(s.o.Root.Policy())
	if err != nil {
		s.unsafe = err
		s.violation(err)
		s.disable("policy", err)
		return s.off
	}
	s.policy = policy
	reg, err := vmm.OpenRegistry(s.o.Root)
	if err != nil {
		s.disable("registry", err)
		return s.off
	}
	s.reg = reg
	return nil
}

// reread obeys the policy as the person has written it meanwhile. One that can't
// be obeyed changes nothing; no machine that isn't running starts with it.
func (s *Supervisor) reread() error {
	policy, err := vmm.LoadPolicy(s.o.Root.Policy())
	if err != nil {
		s.violation(err)
		return err
	}
	s.policy = policy
	return nil
}

func (s *Supervisor) violation(err error) {
	var v *vmm.PolicyError
	if errors.As(err, &v) {
		s.o.Marker(v.Marker())
	}
}

func (s *Supervisor) disable(what string, err error) {
	s.off = fmt.Errorf("virtual machines are disabled: %w", err)
	s.o.Log.Error("virtual machines are disabled", "err", err)
	s.o.Marker("RAYOS_HOST_MARKER:VM_DISABLED:" + what + ":" + printable(err.Error()))
}

// printable makes one line of ASCII of a detail.
func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '_'
		}
		return r
	}, s)
	const most = 200
	if len(s) > most {
		s = s[:most]
	}
	return s
}

// Off says why no machine may run, nil when they may.
func (s *Supervisor) Off() error { return s.off }

// Policy is what applies.
func (s *Supervisor) Policy() *vmm.Policy { return &s.policy }

// Machines returns all, by id.
func (s *Supervisor) Machines() []*Machine {
	list := make([]*Machine, 0, len(s.machines))
	for _, id := range slices.Sorted(maps.Keys(s.machines)) {
		list = append(list, s.machines[id])
	}
	return list
}

// Machine finds a machine by its id.
func (s *Supervisor) Machine(id vmm.ID) (*Machine, error) {
	if s.off != nil {
		return nil, s.off
	}
	if m := s.machines[id]; m != nil {
		return m, nil
	}
	return nil, fmt.Errorf("%s: %w", id, vmm.ErrNoVM)
}

// Has reports whether there is a machine of a kind.
func (s *Supervisor) Has(kind vmm.Kind) bool {
	for _, m := range s.machines {
		if m.kind == kind {
			return true
		}
	}
	return false
}

// Main is the machine that "linux desktop" or "windows desktop" means, nil if
// it isn't there: the one that policy names, else the only one of its kind.
func (s *Supervisor) Main(kind vmm.Kind) *Machine {
	if m := s.machines[s.policy.MainVM(kind)]; m != nil {
		return m
	}
	var only *Machine
	for _, m := range s.machines {
		if m.kind == kind {
			if only != nil {
				return nil
			}
			only = m
		}
	}
	return only
}

func (s *Supervisor) add(rec vmm.Record) *Machine {
	m := newMachine(s, &rec)
	s.machines[rec.ID] = m
	return m
}

// beside runs fn beside the loop.
func (s *Supervisor) beside(fn func()) {
	s.wg.Add(1)
	go func() {
		defer s.wg.Done()
		fn()
	}()
}

// suspendWithin is how long the end of a session waits for machines to be
// saved.
const suspendWithin = 20 * time.Second

// layWithin is how long a guest that can't be suspended gets to shut down
// before it is powered off.
const layWithin = 15 * time.Second

// lay suspends a machine. One that can't be, as it has a folder of the host
// mounted, is shut down in order: nobody would look after it.
func lay(ctx context.Context, c *host.Client) error {
	_, err := c.Call(ctx, host.Request{Op: host.OpSuspend}, nil)
	var no *host.Error
	if !errors.As(err, &no) || no.Code != host.ErrBlocked {
		return err
	}
	_, err = c.Call(ctx, host.Request{Op: host.OpShutdown, DeadlineMS: int(layWithin / time.Millisecond)}, nil)
	return err
}

// Close ends the session's part in order: machines that run are suspended, or
// shut down where that is blocked, or run on where neither works. It is called when the loop has ended.
func (s *Supervisor) Close() {
	if s.ctx.Err() != nil {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), suspendWithin)
	defer cancel()
	var wg sync.WaitGroup
	for _, m := range s.machines {
		m.keepGeometry()
		if c := m.connection(); c != nil && m.state.Suspendable() {
			wg.Go(func() {
				if err := lay(ctx, c); err != nil {
					s.o.Log.Warn("the machine runs on", "id", m.id, "err", err)
				}
				if st, err := c.Status(ctx); err == nil {
					m.write(st)
				}
			})
		}
	}
	wg.Wait()
	s.cancel()
	for _, m := range s.machines {
		m.disconnect()
	}
	s.wg.Wait()
	if s.reg != nil {
		if err := s.reg.Close(); err != nil {
			s.o.Log.Error("close VM registry", "err", err)
		}
		s.reg = nil
	}
}
