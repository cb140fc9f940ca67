// Package a11y is org.freedesktop.a11y.Manager on the session bus, by which a
// screen reader hears and grabs keys and asks where the pointer is. The input
// path asks [Manager.Key] at each key; the answer needs no D-Bus. What there is to
// be read is told by rayapps/atspi.
//
// Source: mutter's org.freedesktop.a11y.xml.
package a11y

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/introspect"
)

// Names on the session bus.
const (
	ifBus        = "org.freedesktop.DBus"
	ifIntrospect = "org.freedesktop.DBus.Introspectable"
	managerName  = "org.freedesktop.a11y.Manager"
	managerPath  = dbus.ObjectPath("/org/freedesktop/a11y/Manager")
	ifKeyboard   = "org.freedesktop.a11y.KeyboardMonitor"
	ifPointer    = "org.freedesktop.a11y.PointerLocator"
	// readerName is the name that a program has to own to be let in. Other
	// compositors ask for the same one; a sandbox can't own it.
	readerName = "org.gnome.Orca.KeyboardMonitor"
)

// ErrTaken says that another program manages accessibility on this bus.
var ErrTaken = errors.New("another program has " + managerName)

// Under is what the pointer is over.
type Under struct {
	// Bus and Path are the window on the accessibility bus, if it is known.
	Bus  string
	Path dbus.ObjectPath
	// PID is the process of the window, 0 if it isn't known.
	PID int32
	// X and Y are in the window, logical pixels.
	X, Y float64
}

// Manager lets screen readers hear keys and find the pointer. Its methods may
// be called on any goroutine; Key and Moved are cheap while nobody listens.
type Manager struct {
	conn    *dbus.Conn
	pointer func() (Under, bool)
	gone    chan *dbus.Signal
	out     chan *dbus.Message

	watched, tracked atomic.Bool

	mu     sync.Mutex
	keys   keys
	asking []string // clients to be told when the pointer moves
}

// Manage owns the manager's name on a connection that is authenticated and for
// nothing else. pointer says what the pointer is over, false if that can't be
// told of; it is called on any goroutine. Closing the connection ends the
// service.
func Manage(conn *dbus.Conn, pointer func() (Under, bool)) (*Manager, error) {
	m := &Manager{conn: conn, pointer: pointer, gone: make(chan *dbus.Signal, 64), out: make(chan *dbus.Message, 256)}
	m.keys.grabbers = map[string]*grabber{}
	for name, methods := range map[string]map[string]any{
		ifKeyboard: {
			"GrabKeyboard": func(s dbus.Sender) *dbus.Error { return m.change(s, func(g *grabber) { g.grab = true }) },
			"UngrabKeyboard": func(s dbus.Sender) *dbus.Error {
				return m.change(s, func(g *grabber) { g.grab = false })
			},
			"WatchKeyboard": func(s dbus.Sender) *dbus.Error { return m.change(s, func(g *grabber) { g.watch = true }) },
			"UnwatchKeyboard": func(s dbus.Sender) *dbus.Error {
				return m.change(s, func(g *grabber) { g.watch = false })
			},
			"SetKeyGrabs": m.setKeyGrabs,
		},
		ifPointer: {"QueryPointer": m.queryPointer},
	} {
		if err := conn.ExportMethodTable(methods, managerPath, name); err != nil {
			return nil, err
		}
	}
	if err := conn.Export(introspect.NewIntrospectable(managerDescription), managerPath, ifIntrospect); err != nil {
		return nil, err
	}
	conn.Signal(m.gone)
	err := conn.AddMatchSignal(dbus.WithMatchSender(ifBus), dbus.WithMatchInterface(ifBus), dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(2, ""))
	if err != nil {
		return nil, fmt.Errorf("watch who leaves the bus: %w", err)
	}
	go m.watch()
	go m.send()
	reply, err := conn.RequestName(managerName, dbus.NameFlagDoNotQueue)
	if err != nil {
		return nil, fmt.Errorf("own %s: %w", managerName, err)
	}
	if reply != dbus.RequestNameReplyPrimaryOwner {
		return nil, ErrTaken
	}
	return m, nil
}

// Watched says whether a client wants to hear of keys.
func (m *Manager) Watched() bool { return m.watched.Load() }

// Grabbed says whether a key would be taken from windows, and tells nobody.
func (m *Manager) Grabbed(sym, mods uint32) bool {
	if !m.watched.Load() {
		return false
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.keys.grabbed(sym, mods)
}

// Key tells clients of a key and returns whether it is theirs: then neither
// windows nor the state of locks may see it. It never waits for D-Bus.
func (m *Manager) Key(k Key) (taken bool) {
	if !m.watched.Load() {
		return false
	}
	m.mu.Lock()
	hear, taken := m.keys.press(k)
	m.attend()
	m.mu.Unlock()
	for _, to := range hear {
		m.tell(to, ifKeyboard, "KeyEvent", k.Released, k.Mods, k.Sym, uint32(k.Rune), k.Code)
	}
	return taken
}

// Lift forgets which keys are down: those that follow are nobody's, and their
// releases too.
func (m *Manager) Lift() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.keys.down = nil
	m.attend()
}

// Moved says that the pointer has moved. It never waits for D-Bus.
func (m *Manager) Moved() {
	if !m.tracked.Load() {
		return
	}
	m.mu.Lock()
	asking := m.asking
	m.asking = nil
	m.tracked.Store(false)
	m.mu.Unlock()
	for _, to := range asking {
		m.tell(to, ifPointer, "PointerPositionChanged")
	}
}

// attend notes whether keys matter to anybody. A key that was taken matters
// until it is up.
func (m *Manager) attend() { m.watched.Store(len(m.keys.grabbers) > 0 || len(m.keys.down) > 0) }

// trusted checks that a caller is the screen reader.
func (m *Manager) trusted(sender dbus.Sender) *dbus.Error {
	var owner string
	err := m.conn.BusObject().Call(ifBus+".GetNameOwner", 0, readerName).Store(&owner)
	if err != nil || owner != string(sender) {
		return dbus.NewError("org.freedesktop.DBus.Error.AccessDenied", []any{"only the owner of " + readerName + " may"})
	}
	return nil
}

// change changes what a client hears.
func (m *Manager) change(sender dbus.Sender, fn func(*grabber)) *dbus.Error {
	if err := m.trusted(sender); err != nil {
		return err
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	name := string(sender)
	g := m.keys.grabbers[name]
	if g == nil {
		if len(m.keys.grabbers) == maxGrabbers {
			return dbus.NewError("org.freedesktop.DBus.Error.LimitsExceeded", []any{"too many clients"})
		}
		g = &grabber{}
		m.keys.grabbers[name] = g
	}
	fn(g)
	if g.idle() {
		delete(m.keys.grabbers, name)
	}
	m.attend()
	return nil
}

func (m *Manager) setKeyGrabs(sender dbus.Sender, modifiers []uint32, strokes []keystroke) *dbus.Error {
	if len(modifiers) > maxKeystrokes || len(strokes) > maxKeystrokes {
		return dbus.NewError("org.freedesktop.DBus.Error.LimitsExceeded", []any{"too many keys"})
	}
	return m.change(sender, func(g *grabber) {
		g.modifiers = modifiers
		g.keystrokes = make(map[keystroke]bool, len(strokes))
		for _, s := range strokes {
			g.keystrokes[s] = true
		}
	})
}

func (m *Manager) queryPointer(sender dbus.Sender) (map[string]dbus.Variant, float64, float64, *dbus.Error) {
	if err := m.trusted(sender); err != nil {
		return nil, 0, 0, err
	}
	m.mu.Lock()
	if !slices.Contains(m.asking, string(sender)) && len(m.asking) < maxGrabbers {
		m.asking = append(m.asking, string(sender))
	}
	m.tracked.Store(len(m.asking) > 0)
	m.mu.Unlock()
	u, ok := m.pointer()
	if !ok {
		return nil, 0, 0, dbus.NewError("org.freedesktop.a11y.UnknownToplevel", []any{"what is under the pointer can't be told of"})
	}
	data := map[string]dbus.Variant{}
	if u.Bus != "" && u.Path.IsValid() {
		data["app-dbus-name"], data["toplevel-object-path"] = dbus.MakeVariant(u.Bus), dbus.MakeVariant(u.Path)
	}
	if u.PID > 0 {
		data["pid"] = dbus.MakeVariant(u.PID)
	}
	return data, u.X, u.Y, nil
}

// watch forgets clients that have left the bus, and the reader that has given
// its name up. It ends with the connection.
func (m *Manager) watch() {
	for s := range m.gone {
		if s.Name != ifBus+".NameOwnerChanged" || s.Sender != ifBus || len(s.Body) != 3 {
			continue
		}
		name, _ := s.Body[0].(string)
		old, _ := s.Body[1].(string)
		if name != old && name != readerName {
			continue
		}
		m.mu.Lock()
		delete(m.keys.grabbers, old)
		m.asking = slices.DeleteFunc(m.asking, func(n string) bool { return n == old })
		m.tracked.Store(len(m.asking) > 0)
		m.attend()
		m.mu.Unlock()
	}
}

// tell queues a signal to one client. What doesn't fit is dropped: a bus that
// takes nothing must not stop the keyboard.
func (m *Manager) tell(to, of, member string, body ...any) {
	s := &dbus.Message{
		Type: dbus.TypeSignal, Flags: dbus.FlagNoReplyExpected,
		Headers: map[dbus.HeaderField]dbus.Variant{
			dbus.FieldPath:        dbus.MakeVariant(managerPath),
			dbus.FieldInterface:   dbus.MakeVariant(of),
			dbus.FieldMember:      dbus.MakeVariant(member),
			dbus.FieldDestination: dbus.MakeVariant(to),
		},
		Body: body,
	}
	if len(body) > 0 {
		s.Headers[dbus.FieldSignature] = dbus.MakeVariant(dbus.SignatureOf(body...))
	}
	select {
	case m.out <- s:
	default:
	}
}

// send sends what is queued. It ends with the connection.
func (m *Manager) send() {
	for {
		select {
		case s := <-m.out:
			m.conn.Send(s, nil)
		case <-m.conn.Context().Done():
			return
		}
	}
}

func in(name, signature string) introspect.Arg {
	return introspect.Arg{Name: name, Type: signature, Direction: "in"}
}

func out(name, signature string) introspect.Arg {
	return introspect.Arg{Name: name, Type: signature, Direction: "out"}
}

var managerDescription = &introspect.Node{
	Name: string(managerPath),
	Interfaces: []introspect.Interface{
		introspect.IntrospectData,
		{
			Name: ifKeyboard,
			Methods: []introspect.Method{
				{Name: "GrabKeyboard"},
				{Name: "UngrabKeyboard"},
				{Name: "WatchKeyboard"},
				{Name: "UnwatchKeyboard"},
				{Name: "SetKeyGrabs", Args: []introspect.Arg{in("modifiers", "au"), in("keystrokes", "a(uu)")}},
			},
			Signals: []introspect.Signal{{Name: "KeyEvent", Args: []introspect.Arg{
				{Name: "released", Type: "b"}, {Name: "state", Type: "u"}, {Name: "keysym", Type: "u"}, {Name: "unichar", Type: "u"}, {Name: "keycode", Type: "q"},
			}}},
		},
		{
			Name:    ifPointer,
			Methods: []introspect.Method{{Name: "QueryPointer", Args: []introspect.Arg{out("app_data", "a{sv}"), out("rel_x", "d"), out("rel_y", "d")}}},
			Signals: []introspect.Signal{{Name: "PointerPositionChanged"}},
		},
	},
}
