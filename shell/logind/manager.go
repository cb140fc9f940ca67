package logind

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/godbus/dbus/v5"
	"golang.org/x/sys/unix"

	"rayos/rayapps/lang"
	"rayos/shell/sessionbus"
)

// Names on the system's bus.
const (
	name      = "org.freedesktop.login1"
	path      = dbus.ObjectPath("/org/freedesktop/login1")
	ifManager = name + ".Manager"
	ifSession = name + ".Session"
	ifBus     = "org.freedesktop.DBus"
)

// Verb is what can be done with the machine.
type Verb string

// Verbs.
const (
	Suspend  Verb = "Suspend"
	Reboot   Verb = "Reboot"
	PowerOff Verb = "PowerOff"
)

// Can says whether a verb can be carried out. Why is for people, and says why
// not.
type Can struct {
	OK  bool
	Why string
}

// Inhibitor is a program that asks not to be disturbed by a verb.
type Inhibitor struct{ Who, Why string }

// Options says who hears of what.
type Options struct {
	// Lock is called when the session is to be locked: by loginctl, for one.
	Lock func()
	// Unlock is called when logind passes on that it is to be unlocked: a program
	// of the person's, or the administrator, has asked.
	Unlock func()
	// Sleep is called when the machine is about to sleep. It does so once done is
	// called, or logind's patience is over.
	Sleep func(done func())
	// Failed, which may be nil, is told that a sleep will not be waited for.
	Failed func(error)
}

// Manager is a connection with logind.
type Manager struct {
	o       Options
	conn    *dbus.Conn
	session dbus.ObjectPath // ours, "" if we are in none
	owner   string          // of logind's name, "" while nobody has it; listen's

	mu     sync.Mutex
	delay  int // descriptor of the inhibitor, -1 for none
	closed bool
}

// answerWithin is how long logind may take to hand out an inhibitor.
const answerWithin = 25 * time.Second

// maxInhibitors bounds how many are listed.
const maxInhibitors = 16

// Address returns where the system's bus is.
func Address() string {
	if a := os.Getenv("DBUS_SYSTEM_BUS_ADDRESS"); a != "" {
		return a
	}
	return "unix:path=/run/dbus/system_bus_socket"
}

// Connect finds logind on a bus.
func Connect(ctx context.Context, address string, o Options) (*Manager, error) {
	// Not by package sessionbus: what skips messages there passes no descriptors.
	conn, err := dbus.Connect(address)
	if err != nil {
		return nil, fmt.Errorf("the system's bus: %w", err)
	}
	m := &Manager{o: o, conn: conn, delay: -1}
	if err := m.begin(ctx); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return m, nil
}

func (m *Manager) begin(ctx context.Context) error {
	signals := make(chan *dbus.Signal, 16)
	m.conn.Signal(signals)
	if err := m.conn.BusObject().CallWithContext(ctx, ifBus+".GetNameOwner", 0, name).Store(&m.owner); err != nil {
		return fmt.Errorf("find logind: %w", err)
	}
	// A session that was started by hand may be in none of logind's.
	if err := m.call(ctx, ifManager+".GetSessionByPID", uint32(os.Getpid())).Store(&m.session); err != nil {
		m.session = ""
	}
	matches := [][]dbus.MatchOption{
		{dbus.WithMatchSender(name), dbus.WithMatchInterface(ifManager), dbus.WithMatchMember("PrepareForSleep")},
		{dbus.WithMatchSender(ifBus), dbus.WithMatchInterface(ifBus), dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, name)},
	}
	if m.session != "" {
		for _, member := range []string{"Lock", "Unlock"} {
			matches = append(matches, []dbus.MatchOption{
				dbus.WithMatchSender(name), dbus.WithMatchInterface(ifSession), dbus.WithMatchMember(member), dbus.WithMatchObjectPath(m.session),
			})
		}
	}
	for _, o := range matches {
		if err := m.conn.AddMatchSignal(o...); err != nil {
			return fmt.Errorf("listen to logind: %w", err)
		}
	}
	if err := m.inhibit(ctx); err != nil {
		return err
	}
	go m.listen(signals)
	return nil
}

func (m *Manager) call(ctx context.Context, method string, args ...any) *dbus.Call {
	return m.conn.Object(name, path).CallWithContext(ctx, method, 0, args...)
}

// inhibit lets the machine wait for us before it sleeps.
func (m *Manager) inhibit(ctx context.Context) error {
	var fd dbus.UnixFD
	if err := m.call(ctx, ifManager+".Inhibit", "sleep", "RayOS", "the screen is locked first", "delay").Store(&fd); err != nil {
		return fmt.Errorf("wait before sleep: %w", err)
	}
	unix.CloseOnExec(int(fd))
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.closed {
		return unix.Close(int(fd))
	}
	m.delay = int(fd)
	return nil
}

// letSleep gives the inhibitor up.
func (m *Manager) letSleep() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.delay >= 0 {
		_ = unix.Close(m.delay) // logind sees that it is gone
		m.delay = -1
	}
}

// listen ends with the connection.
func (m *Manager) listen(signals <-chan *dbus.Signal) {
	for s := range signals {
		if s.Sender == ifBus && s.Name == ifBus+".NameOwnerChanged" {
			m.moved(s.Body)
			continue
		}
		if s.Sender != m.owner {
			continue
		}
		switch {
		case s.Name == ifSession+".Unlock" && s.Path == m.session:
			m.o.Unlock()
		case s.Name == ifSession+".Lock" && s.Path == m.session:
			m.o.Lock()
		case s.Name == ifManager+".PrepareForSleep" && len(s.Body) == 1 && s.Body[0] == true:
			m.o.Sleep(m.letSleep)
		case s.Name == ifManager+".PrepareForSleep" && len(s.Body) == 1 && s.Body[0] == false:
			m.letSleep()
			m.again()
		}
	}
}

// moved follows logind's name: one that was started anew knows nothing of our
// inhibitor.
func (m *Manager) moved(body []any) {
	if len(body) != 3 || body[0] != name {
		return
	}
	owner, _ := body[2].(string)
	m.owner = owner
	m.letSleep()
	if owner != "" {
		m.again()
	}
}

// again has the machine wait before it sleeps the next time. Where it can't, that
// sleep isn't waited for, which is no reason to end.
func (m *Manager) again() {
	ctx, cancel := context.WithTimeout(context.Background(), answerWithin)
	defer cancel()
	if err := m.inhibit(ctx); err != nil && m.o.Failed != nil {
		m.o.Failed(err)
	}
}

// Can asks whether a verb can be carried out.
func (m *Manager) Can(ctx context.Context, v Verb) Can {
	var word string
	err := m.call(ctx, ifManager+".Can"+string(v)).Store(&word)
	switch {
	case err != nil:
		return Can{Why: lang.M("logind doesn't say whether it can")}
	case word == "yes", word == "challenge":
		return Can{OK: true}
	case word == "na":
		return Can{Why: lang.M("this machine can't")}
	}
	return Can{Why: lang.M("you may not")}
}

// Do carries a verb out. Who has to say more than that, such as a password, is
// asked by an agent of polkit, where there is one.
func (m *Manager) Do(ctx context.Context, v Verb) error {
	if err := m.call(ctx, ifManager+"."+string(v), true).Err; err != nil {
		return fmt.Errorf("logind: %w", err)
	}
	return nil
}

// Inhibitors returns who asks that a verb be not carried out.
func (m *Manager) Inhibitors(ctx context.Context, v Verb) ([]Inhibitor, error) {
	var list []struct {
		What, Who, Why, Mode string
		UID, PID             uint32
	}
	if err := m.call(ctx, ifManager+".ListInhibitors").Store(&list); err != nil {
		return nil, fmt.Errorf("logind: %w", err)
	}
	what := "shutdown"
	if v == Suspend {
		what = "sleep"
	}
	var out []Inhibitor
	for _, i := range list {
		if i.Mode == "block" && contains(i.What, what) && len(out) < maxInhibitors {
			out = append(out, Inhibitor{sessionbus.Clean(i.Who, 60, false), sessionbus.Clean(i.Why, 120, false)})
		}
	}
	return out, nil
}

// SetLocked tells others whether the session is locked.
func (m *Manager) SetLocked(ctx context.Context, on bool) error {
	if m.session == "" {
		return nil
	}
	return m.conn.Object(name, m.session).CallWithContext(ctx, ifSession+".SetLockedHint", 0, on).Err
}

// SetIdle tells others whether anybody uses the session.
func (m *Manager) SetIdle(ctx context.Context, on bool) error {
	if m.session == "" {
		return nil
	}
	return m.conn.Object(name, m.session).CallWithContext(ctx, ifSession+".SetIdleHint", 0, on).Err
}

// Close ends the connection. Signals that are under way may still be heard.
func (m *Manager) Close() error {
	m.letSleep()
	m.mu.Lock()
	m.closed = true
	m.mu.Unlock()
	return m.conn.Close()
}
