package portal

import (
	"errors"
	"fmt"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/introspect"
	"github.com/godbus/dbus/v5/prop"

	"rayos/shell/sessionbus"
)

// Name is that of the backend on the bus. Of several sessions on one bus the
// first has it.
const Name = "org.freedesktop.impl.portal.desktop.rayos"

// Names on the bus.
const (
	backFace  = "org.freedesktop.impl.portal.Settings"
	frontName = "org.freedesktop.portal.Desktop"
	frontFace = "org.freedesktop.portal.Settings"
	busPath   = "/org/freedesktop/portal/desktop"
	busDaemon = "org.freedesktop.DBus"
)

// Versions of the interfaces.
const (
	backVersion  = uint32(1)
	frontVersion = uint32(2)
)

// maxCalls is how many calls may be under way, over all programs.
const maxCalls = 64

// Service is the portal on a bus. Its methods may be called on any goroutine, and
// don't wait.
type Service struct {
	conn  *dbus.Conn
	calls chan struct{} // one for each that is under way
	// What work has to look at: other Looks, a name that is free.
	changed, free chan struct{}
	owned         atomic.Bool

	mu    sync.Mutex
	looks Looks
}

// Connect serves on the bus of an address, on a connection of its own. It takes as
// long as the bus does.
func Connect(address string, looks Looks) (*Service, error) {
	s := &Service{
		looks: looks, calls: make(chan struct{}, maxCalls),
		changed: make(chan struct{}, 1), free: make(chan struct{}, 1),
	}
	conn, err := sessionbus.Connect(address, dbus.WithSignalHandler(signals{s}))
	if err != nil {
		return nil, err
	}
	s.conn = conn
	if err := s.serve(); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	go s.work(looks)
	return s, nil
}

func (s *Service) serve() error {
	err := s.conn.ExportMethodTable(map[string]any{"ReadAll": s.readAll, "Read": s.readOne}, busPath, backFace)
	if err == nil {
		err = s.conn.ExportMethodTable(map[string]any{"ReadAll": s.readAll, "ReadOne": s.readOne, "Read": s.read}, busPath, frontFace)
	}
	if err == nil {
		_, err = prop.Export(s.conn, busPath, prop.Map{
			backFace:  {"version": {Value: backVersion, Emit: prop.EmitConst}},
			frontFace: {"version": {Value: frontVersion, Emit: prop.EmitConst}},
		})
	}
	if err == nil {
		err = s.conn.Export(introspect.NewIntrospectable(description), busPath, "org.freedesktop.DBus.Introspectable")
	}
	if err != nil {
		return err
	}
	err = s.conn.AddMatchSignal(
		dbus.WithMatchSender(busDaemon), dbus.WithMatchInterface(busDaemon), dbus.WithMatchMember("NameOwnerChanged"),
		dbus.WithMatchArg(0, frontName),
	)
	if err != nil {
		return fmt.Errorf("watch %s: %w", frontName, err)
	}
	// Behind another session the request waits in the bus's queue.
	if _, err := s.conn.RequestName(Name, 0); err != nil {
		return fmt.Errorf("own %s: %w", Name, err)
	}
	return s.request()
}

// request asks for the name that programs look for, unless a portal is there or
// the bus starts one when somebody calls it: that one does more than we.
func (s *Service) request() error {
	var startable []string
	if err := s.conn.BusObject().Call(busDaemon+".ListActivatableNames", 0).Store(&startable); err != nil {
		return fmt.Errorf("portals that can be started: %w", err)
	}
	if slices.Contains(startable, frontName) {
		return nil
	}
	if _, err := s.conn.RequestName(frontName, dbus.NameFlagAllowReplacement|dbus.NameFlagDoNotQueue); err != nil {
		return fmt.Errorf("own %s: %w", frontName, err)
	}
	return nil
}

// Name is the connection's on the bus, which is the session's alone.
func (s *Service) Name() string { return s.conn.Names()[0] }

// Close ends the service.
func (s *Service) Close() error { return s.conn.Close() }

// Set makes programs look otherwise.
func (s *Service) Set(l Looks) {
	s.mu.Lock()
	s.looks = l
	s.mu.Unlock()
	wake(s.changed)
}

func (s *Service) get() Looks {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.looks
}

func wake(c chan struct{}) {
	select {
	case c <- struct{}{}:
	default: // it will look anyway
	}
}

// signals takes those of the bus itself, on the goroutine that reads from it.
type signals struct{ s *Service }

// DeliverSignal implements dbus.SignalHandler.
func (h signals) DeliverSignal(_, member string, sig *dbus.Signal) {
	if sig.Sender != busDaemon || len(sig.Body) == 0 || sig.Body[0] != frontName {
		return
	}
	switch {
	case member == "NameAcquired":
		h.s.owned.Store(true)
	case member == "NameLost":
		h.s.owned.Store(false)
	case member == "NameOwnerChanged" && len(sig.Body) == 3 && sig.Body[2] == "":
		wake(h.s.free)
	}
}

// work tells programs of changes until the connection ends.
func (s *Service) work(told Looks) {
	for {
		select {
		case <-s.changed:
			now := s.get()
			if s.tell(told, now) != nil {
				return // the connection has ended
			}
			told = now
		case <-s.free:
			if s.request() != nil {
				return
			}
		case <-s.conn.Context().Done():
			return
		}
	}
}

// tell sends what differs.
func (s *Service) tell(old, now Looks) error {
	for _, k := range keys {
		was, _ := old.value(appearance, k)
		is, _ := now.value(appearance, k)
		if was.Value() == is.Value() {
			continue
		}
		err := s.conn.Emit(busPath, backFace+".SettingChanged", appearance, k, is)
		if err == nil && s.owned.Load() {
			err = s.conn.Emit(busPath, frontFace+".SettingChanged", appearance, k, is)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// begin counts a call. Too many at once are refused.
func (s *Service) begin() *dbus.Error {
	select {
	case s.calls <- struct{}{}:
		return nil
	default:
		return dbus.NewError("org.freedesktop.DBus.Error.LimitsExceeded", []any{"too many questions at once"})
	}
}

func (s *Service) end() { <-s.calls }

// readAll answers ReadAll of both interfaces.
func (s *Service) readAll(patterns []string) (map[string]map[string]dbus.Variant, *dbus.Error) {
	if err := s.begin(); err != nil {
		return nil, err
	}
	defer s.end()
	chosen, ok := asked(patterns)
	switch {
	case !ok:
		return nil, dbus.NewError("org.freedesktop.portal.Error.InvalidArgument", []any{"too many or too long namespaces"})
	case !chosen:
		return map[string]map[string]dbus.Variant{}, nil
	}
	return s.get().all(), nil
}

// readOne answers ReadOne, and Read of the backend.
func (s *Service) readOne(namespace, key string) (dbus.Variant, *dbus.Error) {
	none := dbus.MakeVariant("")
	if err := s.begin(); err != nil {
		return none, err
	}
	defer s.end()
	v, ok := s.get().value(namespace, key)
	if !ok {
		return none, dbus.NewError("org.freedesktop.portal.Error.NotFound", []any{"there is no such setting"})
	}
	return v, nil
}

// read answers Read of the front, which packs a value twice.
func (s *Service) read(namespace, key string) (dbus.Variant, *dbus.Error) {
	v, err := s.readOne(namespace, key)
	return dbus.MakeVariant(v), err
}
