package host

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"runtime/debug"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/vmm"
	"rayos/vmm/agent"
	"rayos/vmm/qemu"
)

// link is what connects us with a QEMU that runs.
type link struct {
	proc       *process
	monitor    *qemu.Monitor
	display    *qemu.Display // nil for a machine without a screen
	audio      *qemu.Audio   // nil for one without sound
	serial     net.Conn
	agent      *agent.Client
	guestAgent *qemu.GuestAgent // nil for guests that have ours
	since      time.Time
	slept      bool   // the guest's clock is behind
	system     string // what the guest says it is
	failed     string // why it doesn't come up, as it says
	breaks     int    // how often it was made anew

	migration chan string   // states of a migration, as QEMU tells them
	pace      pace          // of what the guest tells unasked; of the agent's goroutine
	shutdown  chan struct{} // closed when QEMU says that the guest is off, or was told to quit
	isDown    bool          // of the monitor's goroutine

	broken     chan struct{} // closed when a connection has ended that QEMU should have kept
	brokenOnce sync.Once
}

// watch makes the end of a connection the link's.
func (l *link) watch(done <-chan struct{}) {
	go func() {
		<-done
		l.brokenOnce.Do(func() { close(l.broken) })
	}()
}

// answerTime is how long QEMU may take for what it does at once.
const answerTime = 20 * time.Second

// dialEvery is how often a socket is tried that QEMU is about to make. There
// is nothing else to wait on.
const dialEvery = 3 * time.Millisecond

// connect opens the monitor of a QEMU that has just been started or found.
func (h *Host) connect(ctx context.Context, p *process) (*link, error) {
	l := &link{proc: p, since: time.Now(), migration: make(chan string, 16), shutdown: make(chan struct{}), broken: make(chan struct{})}
	try := time.NewTicker(dialEvery)
	defer try.Stop()
	for {
		m, err := qemu.DialMonitor(ctx, h.dir.Socket("qmp"), l.event)
		if err == nil {
			l.monitor = m
			break
		}
		if errors.Is(err, unix.ECONNRESET) || errors.Is(err, io.EOF) {
			// Its socket is older than QEMU itself, which has not come up.
			select {
			case <-p.done:
				return nil, fmt.Errorf("QEMU has ended: %s", p.stderr.last())
			case <-time.After(answerTime / 4):
				return nil, err
			}
		}
		var op *net.OpError
		if !errors.As(err, &op) || op.Op != "dial" {
			return nil, err
		}
		select {
		case <-p.done:
			return nil, fmt.Errorf("QEMU has ended: %s", p.stderr.last())
		case <-ctx.Done():
			return nil, err
		case <-try.C:
		}
	}
	var id struct{ UUID string }
	if err := l.monitor.Execute(ctx, "query-uuid", nil, &id); err != nil {
		return nil, errors.Join(err, l.monitor.Close())
	}
	if id.UUID != h.machine.UUID {
		l.monitor.Close()
		return nil, fmt.Errorf("the monitor is of another machine: %.64q", id.UUID)
	}
	p.Version, p.UUID = l.monitor.Version, id.UUID
	return l, nil
}

// event runs on the monitor's goroutine.
func (l *link) event(ev qemu.MonitorEvent) {
	switch ev.Name {
	case "SHUTDOWN":
		if !l.isDown {
			l.isDown = true
			close(l.shutdown)
		}
	case "MIGRATION":
		if status := migrationStatus(ev.Data); status != "" {
			select {
			case l.migration <- status:
			default: // more than any migration says; the states that count are asked for
			}
		}
	}
}

// down reports whether the guest has shut down, or QEMU was told to.
func (l *link) down() bool {
	select {
	case <-l.shutdown:
		return true
	default:
		return false
	}
}

// open connects serial console and screen. They need the monitor.
func (h *Host) open(ctx context.Context, l *link) error {
	if err := h.openConsole(ctx, l); err != nil {
		return err
	}
	return h.openScreen(ctx, l)
}

func (h *Host) openConsole(ctx context.Context, l *link) error {
	var d net.Dialer
	serial, err := d.DialContext(ctx, "unix", h.dir.Socket("serial"))
	if err != nil {
		return fmt.Errorf("guest console: %w", err)
	}
	l.serial = serial
	h.setLine(serial)
	h.console.begin(l.proc.Generation)
	go func() {
		// It ends with QEMU, or when we leave. A full disk ends only the log.
		if _, err := io.Copy(io.MultiWriter(h.console, h.serial), serial); err != nil && !errors.Is(err, net.ErrClosed) {
			h.log.Warn("guest console is not logged any more", "err", err)
			_, _ = io.Copy(h.console, serial)
		}
	}()
	l.watch(l.monitor.Done())
	return nil
}

// openScreen connects screen and sound.
func (h *Host) openScreen(ctx context.Context, l *link) (err error) {
	if h.machine.GPU {
		if l.display, err = qemu.OpenDisplay(ctx, l.monitor, h.screen); err != nil {
			return err
		}
		l.watch(l.display.Done())
		h.input.to(l.display)
		h.presenter.guest(l.display)
	}
	h.openSound(ctx, l)
	return nil
}

// meet waits for the guest's agent and tells of what it has ready. It runs
// until the machine ends.
func (h *Host) meet(ctx context.Context, l *link) error {
	var d net.Dialer
	conn, err := d.DialContext(ctx, "unix", h.dir.Socket("agent"))
	if err != nil {
		return fmt.Errorf("guest agent: %w", err)
	}
	l.agent = agent.NewClient(conn, func(ev agent.Event) { h.heard(l, ev) })
	go func() {
		// However long the guest takes to boot: Hello ends when QEMU does.
		hello, err := l.agent.Hello(context.Background())
		if err != nil {
			return
		}
		h.jobs.put(func() { h.met(l, hello) })
	}()
	if h.machine.Kind != vmm.Windows && h.machine.System != vmm.Desktop {
		return nil
	}
	if l.guestAgent, err = qemu.DialGuestAgent(ctx, h.dir.Socket("qga")); err != nil {
		return err
	}
	go h.awaitGuestAgent(l)
	return nil
}

// pingWithin is how long a guest's agent gets for a ping until it is
// synchronised with anew: it isn't there yet, or what it says is nonsense.
const pingWithin = 10 * time.Second

// awaitGuestAgent waits however long the guest takes to start its agent.
func (h *Host) awaitGuestAgent(l *link) {
	for {
		ctx, cancel := context.WithTimeout(context.Background(), pingWithin)
		err := l.guestAgent.Ping(ctx)
		if err == nil {
			system, oerr := l.guestAgent.OS(ctx)
			if oerr != nil {
				h.log.Warn("guest agent", "err", oerr) // old ones can't tell
			}
			h.jobs.put(func() { h.metGuestAgent(l, printable(system.Name)) })
			cancel()
			return
		}
		select {
		case <-l.monitor.Done():
			cancel()
			return
		case <-ctx.Done(): // a flood is not answered at its own pace
			cancel()
		}
	}
}

// maxSystem is the longest name of a system that is believed, in bytes.
const maxSystem = 64

// printable is what a guest says in characters that do nothing.
func printable(s string) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return -1
		}
		return r
	}, s)
	return s[:min(len(s), maxSystem)]
}

// heard runs on the agent's goroutine. Each event is work for the session, and a
// guest may tell as many as it likes: what comes too fast is dropped.
func (h *Host) heard(l *link, ev agent.Event) {
	if ok, first := l.pace.take(time.Now()); !ok {
		if first {
			h.log.Warn("the guest tells too much; events are dropped")
		}
		return
	}
	switch ev := ev.(type) {
	case agent.Ready:
		if ev.What == agent.ReadyAgent {
			return // it is when it has answered: see met
		}
		h.jobs.put(func() {
			if h.link == l {
				h.becomes(ev.What, ev.Detail)
				if ev.What == agent.ReadyWayland {
					h.up(l, true)
				}
			}
		})
	case agent.Exited:
		h.tell(Event{Event: EventExited, What: ev.ID, Detail: fmt.Sprintf("pid %d, status %d", ev.PID, ev.Code)})
	case agent.ClipOffer:
		h.clip.copied(ev)
	case agent.ClipWant:
		h.clip.wanted(ev)
	}
}

// disconnect ends all connections. QEMU runs on.
func (h *Host) disconnect(l *link) {
	h.presenter.guest(nil)
	h.input.to(nil)
	h.setLine(nil)
	if l.audio != nil {
		l.audio.Close()
	}
	if l.display != nil {
		l.display.Close()
	}
	if l.agent != nil {
		l.agent.Close()
	}
	if l.guestAgent != nil {
		l.guestAgent.Close()
	}
	if l.serial != nil {
		l.serial.Close()
	}
	l.monitor.Close()
}

// close lets go of a QEMU.
func (h *Host) close(l *link) {
	h.disconnect(l)
	if err := l.proc.close(); err != nil {
		h.log.Warn("close pidfd", "err", err)
	}
}

// maxBreaks is how often connections are made anew in the life of a QEMU.
const maxBreaks = 5

// reconnect makes all connections anew after one has ended that QEMU should
// have kept: it spoke nonsense, say. The guest doesn't notice. When QEMU is
// about to end, lost is called next.
func (h *Host) reconnect() {
	l := h.link
	if l.breaks == maxBreaks {
		h.log.Error("QEMU breaks its connections again and again", "pid", l.proc.PID)
		l.broken = nil
		h.stuck("QEMU breaks its connections again and again")
		return
	}
	err := errors.New("the monitor has closed")
	if l.display != nil && l.display.Ended() != nil {
		err = l.display.Ended()
	}
	h.disconnect(l)
	ctx, cancel := context.WithTimeout(h.base, h.patience)
	defer cancel()
	again, cerr := h.connect(ctx, l.proc)
	if cerr != nil {
		l.broken = nil
		select {
		case <-l.proc.done:
		default:
			h.log.Error("QEMU doesn't answer", "pid", l.proc.PID, "err", cerr)
			h.stuck("QEMU doesn't answer")
		}
		return
	}
	h.log.Warn("connected with QEMU again", "pid", l.proc.PID, "err", err)
	again.since, again.breaks = l.since, l.breaks+1
	h.linked(again)
	if err := h.open(ctx, again); err != nil {
		h.log.Error("guest display", "err", err)
	}
	if err := h.meet(ctx, again); err != nil {
		h.log.Error("guest agent", "err", err)
	}
}

// sizeEvery is how often a change of the screen's size is told: guests may change
// it a thousand times a second.
const sizeEvery = 250 * time.Millisecond

// resized is told of each new size of the guest's screen, on the display's
// goroutine.
func (h *Host) resized(geom.Size) {
	if h.sizes.Add(1) == 1 {
		h.jobs.put(h.tellSize)
	}
}

// tellSize tells the size of now, and the one of a while later if it is another.
func (h *Host) tellSize() {
	told := h.sizes.Load()
	if h.link != nil {
		h.becomes("first-scanout", h.screen.size().String())
	}
	debug.FreeOSMemory() // buffers of another size, which are large
	time.AfterFunc(sizeEvery, func() {
		if h.sizes.Swap(0) > told {
			h.resized(geom.Size{})
		}
	})
}

// sockets are those that QEMU makes.
var sockets = []string{"qmp", "qmp2", "agent", "qga", "serial"}

// clean removes what a QEMU that is gone has left in run/.
func (h *Host) clean() error {
	var errs []error
	for _, name := range sockets {
		errs = append(errs, removeIfThere(h.dir.Socket(name)))
	}
	errs = append(errs, removeIfThere(h.runFile()), removeIfThere(filepath.Join(h.dir.Run(), "stderr")))
	return errors.Join(errs...)
}

// lockFile is what QEMU holds as long as it lives.
func (h *Host) lockFile() string { return filepath.Join(h.dir.Run(), "machine.lock") }

func (h *Host) runFile() string { return filepath.Join(h.dir.Run(), runName) }
