package sessionbus

import (
	"context"
	"fmt"
	"sync"

	"github.com/godbus/dbus/v5"
)

const busDaemon = "org.freedesktop.DBus"

// Departures tell when programs leave the bus. The bus says it of those alone
// that are followed: others come and go, and wake nobody. Any goroutine may use
// it; signals are those of the connection (D-Bus Specification 0.43, "Message
// Bus Messages": NameOwnerChanged).
type Departures struct {
	// Conn is the connection that the signals come on.
	Conn *dbus.Conn
	// Most is how many programs are followed at a time.
	Most int

	mu    sync.Mutex
	names map[string]bool // unique names
}

// Follow asks the bus about a program by its unique name, and waits for the
// answer: it isn't for the goroutine that reads from the bus. It reports false
// if the program has left already, or if Left has told of it meanwhile.
func (d *Departures) Follow(ctx context.Context, name string) (there bool, err error) {
	if added, err := d.add(name); !added || err != nil {
		return err == nil, err
	}
	if err := d.Conn.AddMatchSignalContext(ctx, departureOf(name)...); err != nil {
		d.take(name)
		return false, fmt.Errorf("follow a program: %w", err)
	}
	// It may have left before the bus knew that we want to hear of it.
	if err := d.Conn.BusObject().CallWithContext(ctx, busDaemon+".NameHasOwner", 0, name).Store(&there); err != nil {
		return false, fmt.Errorf("follow a program: %w", err)
	}
	if !there && d.take(name) {
		d.unwatch(name)
	}
	return there, nil
}

// Left takes a signal, and returns the program that has left if it says so.
// Only the bus is believed.
func (d *Departures) Left(sig *dbus.Signal) (name string, ok bool) {
	if sig.Sender != busDaemon || sig.Name != busDaemon+".NameOwnerChanged" || len(sig.Body) != 3 {
		return "", false
	}
	name, _ = sig.Body[0].(string)
	if owner, is := sig.Body[2].(string); !is || owner != "" || !d.take(name) {
		return "", false
	}
	go d.unwatch(name) // the goroutine that reads can't wait for an answer
	return name, true
}

// add notes a program, and reports whether it is new.
func (d *Departures) add(name string) (bool, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch {
	case d.names[name]:
		return false, nil
	case len(d.names) >= d.Most:
		return false, fmt.Errorf("follow a program: there are %d already", d.Most)
	case d.names == nil:
		d.names = map[string]bool{}
	}
	d.names[name] = true
	return true, nil
}

// take forgets a program, and reports whether it was followed.
func (d *Departures) take(name string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	known := d.names[name]
	delete(d.names, name)
	return known
}

// unwatch takes the bus's rule back. It fails only when the connection has
// ended, and the rule with it.
func (d *Departures) unwatch(name string) { _ = d.Conn.RemoveMatchSignal(departureOf(name)...) }

func departureOf(name string) []dbus.MatchOption {
	return []dbus.MatchOption{
		dbus.WithMatchSender(busDaemon), dbus.WithMatchInterface(busDaemon), dbus.WithMatchMember("NameOwnerChanged"),
		dbus.WithMatchArg(0, name), dbus.WithMatchArg(2, ""),
	}
}
