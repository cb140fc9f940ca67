package vms

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"rayos/shell/control/grammar"
	"rayos/surfaces"
	"rayos/vmm"
	"rayos/vmm/host"
)

// Machine is one virtual machine. Its fields belong to the loop, but for those
// of link.
type Machine struct {
	s    *Supervisor
	id   vmm.ID
	name string
	kind vmm.Kind

	state  vmm.State
	detail string
	status host.Status // as told last
	view   View
	wanted bool   // shown, or to be shown when there is something to see
	asked  string // the lifecycle operation under way, "" for none
	kills  int    // that are under way, whatever else is
	shows  []func(error)
	starts []Done      // that wait for the guest's answer
	late   *time.Timer // until it is late, nil when it isn't waited for

	// Of this showing: the guest's picture is on the desktop, one has been
	// composited there, and that was told.
	presented, composited, first bool

	link link
}

// link is the connection with the machine's rayos-vm. It may be used from any
// goroutine.
type link struct {
	making sync.Mutex // held while a connection is made: there is never a second

	mu     sync.Mutex
	client *host.Client
}

// Errors of operations.
var (
	ErrBusy       = errors.New("launch_in_progress")
	ErrNotRunning = errors.New("desktop_not_running")
	ErrNoAnswer   = errors.New("the guest has not answered")
)

func newMachine(s *Supervisor, rec *vmm.Record) *Machine {
	m := &Machine{s: s, id: rec.ID, name: rec.Name, kind: rec.Kind, state: rec.State}
	m.status.Process, m.status.Saved = rec.Process, rec.Saved
	if m.name == "" {
		m.name = string(rec.ID)
	}
	return m
}

// ID is the machine's for ever.
func (m *Machine) ID() vmm.ID { return m.id }

// Kind is the family of its guest.
func (m *Machine) Kind() vmm.Kind { return m.kind }

// State is where in its life it is.
func (m *Machine) State() vmm.State { return m.state }

// Shown reports whether its window is on the desktop.
func (m *Machine) Shown() bool { return m.view != nil && m.view.Shown() }

// begin finds the machine as the last session has left it: it may run, or its
// rayos-vm may have ended meanwhile, or policy wants it to run.
func (m *Machine) begin() {
	rec, err := m.s.reg.Get(m.id)
	if err != nil {
		m.s.o.Log.Error("machine", "err", err)
		return
	}
	e := m.s.policy.Effective(&rec)
	m.wanted = e.PresentOnBoot
	m.s.beside(func() {
		ctx, cancel := context.WithTimeout(m.s.ctx, linkWithin)
		defer cancel()
		c, err := m.connect(ctx, rec.State.Alive())
		if err != nil && !errors.Is(err, ErrNotRunning) {
			m.s.o.Log.Error("machine", "id", m.id, "err", err)
			return
		}
		if err == nil {
			st, err := c.Status(ctx)
			if err != nil {
				return // follow takes care of a connection that has ended
			}
			rec.State = st.State
		}
		if e.Enabled && e.Autoboot {
			m.autoboot(rec.State)
		}
	})
}

// autoboot starts or resumes the machine, hidden. What comes of it is told as
// it comes.
func (m *Machine) autoboot(state vmm.State) {
	if state != vmm.Stopped && state != vmm.Suspended {
		return
	}
	m.s.o.Desktop.Post(func() {
		m.ask(grammar.Start, func(a grammar.Ack) {
			if !a.OK && !m.wanted && !m.state.Alive() {
				m.s.o.Marker("RAYOS_HOST_MARKER:" + m.desktop() + "_HIDDEN:stopped:" + printable(a.Detail))
			}
		})
	})
}

// desktop is what markers call machines of this kind.
func (m *Machine) desktop() string { return strings.ToUpper(string(m.kind)) + "_DESKTOP" }

func (l *link) get() *host.Client {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.client
}

func (l *link) set(c *host.Client) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.client = c
}

// drop forgets a connection, if it is still the one that there is.
func (l *link) drop(c *host.Client) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.client == c {
		l.client = nil
	}
}

// connection is the one that there is, or nil.
func (m *Machine) connection() *host.Client { return m.link.get() }

func (m *Machine) disconnect() {
	if c := m.connection(); c != nil {
		m.link.drop(c) // who asks from here on gets another
		_ = c.Close()  // the other end sees it either way
	}
}

// linkWithin is how long a rayos-vm may take until it answers.
const linkWithin = 30 * time.Second

// connect returns the connection with the machine's rayos-vm, which it starts
// if there is none and spawn says so, else ErrNotRunning. It is called beside
// the loop.
func (m *Machine) connect(ctx context.Context, spawn bool) (*host.Client, error) {
	m.link.making.Lock()
	defer m.link.making.Unlock()
	if c := m.connection(); c != nil {
		return c, nil
	}
	path := m.dir().Socket("vm")
	c, st, err := dial(ctx, path)
	if err != nil {
		if !spawn {
			return nil, ErrNotRunning
		}
		if c, st, err = m.spawn(ctx, path); err != nil {
			return nil, err
		}
	}
	if st.ID != m.id {
		err = fmt.Errorf("it runs %.64q", st.ID)
	}
	if err == nil {
		err = m.attach(ctx, c, st.Host)
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("rayos-vm of %s: %w", m.id, err), c.Close())
	}
	m.link.set(c)
	m.told(st)
	m.s.beside(func() { m.follow(c) })
	return c, nil
}

func (m *Machine) dir() vmm.Dir { return m.s.o.Root.VM(m.kind, m.id) }

// attach gives rayos-vm a Wayland connection that is the machine's own.
func (m *Machine) attach(ctx context.Context, c *host.Client, pid int) error {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return err
	}
	theirs := os.NewFile(uintptr(fds[1]), "wayland")
	defer theirs.Close()
	trust := surfaces.TrustLinuxGuest
	if m.kind == vmm.Windows {
		trust = surfaces.TrustWindowsGuest
	}
	owner := surfaces.Owner{PID: int32(pid), UID: uint32(os.Getuid()), GID: uint32(os.Getgid()), Label: m.name, Trust: trust}
	rec, err := m.s.reg.Get(m.id)
	if err != nil {
		return errors.Join(err, unix.Close(fds[0]))
	}
	m.s.o.Desktop.Post(func() {
		if m.view != nil {
			m.view.Close()
		}
		h := &viewer{m: m}
		v, err := m.s.o.Desktop.AddMachine(fds[0], owner, rec.Geometry, h)
		if err != nil {
			m.s.o.Log.Error("machine", "id", m.id, "err", err)
			return
		}
		m.view, h.v = v, v
		m.occupy(m.asked)
		if m.wanted {
			v.Show()
		}
	})
	return c.Attach(ctx, theirs)
}

// follow takes what rayos-vm tells until the connection ends.
func (m *Machine) follow(c *host.Client) {
	for ev := range c.Events() {
		switch ev.Event {
		case host.EventState, host.EventConsumed, host.EventRefused, host.EventReady:
			m.update(c)
		}
		m.s.o.Desktop.Post(func() { m.heard(ev) })
	}
	m.link.drop(c)
	_ = c.Close() // it has ended
	if m.s.ctx.Err() != nil {
		return
	}
	m.s.o.Desktop.Post(m.lost)
}

// update asks for the machine's status and writes it down.
func (m *Machine) update(c *host.Client) {
	ctx, cancel := context.WithTimeout(m.s.ctx, linkWithin)
	defer cancel()
	st, err := c.Status(ctx)
	if err != nil {
		return // the connection has ended, and follow sees it
	}
	m.told(st)
}

// told writes a status down, here and in the registry.
func (m *Machine) told(st host.Status) {
	m.write(st)
	m.s.o.Desktop.Post(func() { m.become(st) })
}

// write brings the registry in line with what the machine is.
func (m *Machine) write(st host.Status) {
	err := m.s.reg.Update(m.id, func(rec *vmm.Record) error {
		for _, e := range steps(rec.State, st.State) {
			next, err := rec.State.After(e)
			if err != nil {
				return err
			}
			rec.State = next
		}
		// What happened while nobody was told is no step of the table.
		rec.State = st.State
		rec.Process, rec.Saved, rec.Generation = st.Process, st.Saved, max(rec.Generation, st.Generation)
		return nil
	})
	if err != nil {
		m.s.o.Log.Error("VM registry", "id", m.id, "err", err)
	}
}

// become follows the machine's state on the loop.
func (m *Machine) become(st host.Status) {
	before := m.state
	m.means(&st)
	m.state, m.detail, m.status = st.State, st.Detail, st
	m.look()
	if before == st.State {
		return
	}
	if st.State.Alive() && !before.Alive() {
		m.launched()
	}
	if st.State == vmm.Running {
		m.answered()
	}
	if !st.State.Alive() {
		m.endStarts(fmt.Errorf("%w: it is %s: %s", ErrNotRunning, st.State, st.Detail))
		m.failShows(fmt.Errorf("%w: it is %s", ErrNotRunning, st.State))
		if st.State == vmm.Stopped && !strings.HasPrefix(st.Detail, crashed) || !m.wanted {
			m.takeOff() // it is off because somebody wanted that
		}
		if st.State == vmm.Failed {
			m.s.o.Marker("RAYOS_HOST_MARKER:" + m.desktop() + ":failed:" + printable(st.Detail))
			m.s.o.Failed(m.id, m.kind, m.name, st.Detail)
		}
	}
}

// crashed begins the detail of a machine that will start again by itself.
const crashed = "crashed"

// retire lets the rayos-vm of a machine go that is off and hidden, and stays so:
// without us it ends.
func (m *Machine) retire() {
	if !m.state.Alive() && !m.wanted && m.asked == "" && m.kills == 0 && !strings.HasPrefix(m.detail, crashed) {
		m.disconnect()
	}
}

// heard follows events on the loop.
func (m *Machine) heard(ev host.Event) {
	switch ev.Event {
	case host.EventBlockers:
		m.status.Blockers = ev.Blockers
	case host.EventConsole:
		m.s.o.Marker("RAYOS_GUEST_LOG:" + string(m.id) + ":" + printable(ev.Detail))
	case host.EventShown:
		m.composited = true
		m.look()
	case host.EventReady:
		switch ev.What {
		case "wayland":
			m.s.o.Marker("RAYOS_" + m.desktop() + "_READY")
		case host.ReadyGuestAgent:
			if m.kind != vmm.Windows {
				m.s.o.Marker("RAYOS_HOST_MARKER:" + m.desktop() + "_GUEST_AGENT:ok:" + printable(ev.Detail))
				return
			}
			m.s.o.Marker("RAYOS_WINDOWS_READY")
			m.s.o.Tell(grammar.Ack{Op: "WINDOWS_READY", OK: true, Detail: string(grammar.GuestAgentPing)})
		}
	case host.EventStage:
		verdict := "ok"
		if !ev.OK {
			verdict = "err"
		}
		m.s.o.Marker("RAYOS_HOST_MARKER:" + m.desktop() + "_SHUTDOWN:" + verdict + ":" + ev.Stage + "_" + printable(ev.Detail))
	}
}

// lost is called when the connection has ended. A machine that was alive still
// is, most likely: its rayos-vm has died, and the next finds it.
func (m *Machine) lost() {
	if !m.state.Alive() {
		return
	}
	m.s.o.Log.Warn("rayos-vm has ended; starting it again", "id", m.id)
	m.s.beside(func() {
		ctx, cancel := context.WithTimeout(m.s.ctx, linkWithin)
		defer cancel()
		if _, err := m.connect(ctx, true); err != nil && m.s.ctx.Err() == nil {
			m.s.o.Log.Error("machine", "id", m.id, "err", err)
			m.s.o.Desktop.Post(func() {
				m.state, m.detail = vmm.Failed, err.Error()
				m.failShows(err)
			})
		}
	})
}
