package notify

import (
	"errors"
	"fmt"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/introspect"

	"rayos/shell/sessionbus"
)

// Names on the bus.
const (
	busName       = "org.freedesktop.Notifications"
	busPath       = "/org/freedesktop/Notifications"
	busInterface  = busName
	specification = "1.3"
)

// capabilities is what programs may count on.
var capabilities = []string{"actions", "body", "body-markup", "icon-static", "persistence"}

// Limits of what programs have under way.
const (
	maxCalls   = 64   // calls that wait for the Center, over all programs
	maxSenders = 1024 // programs whose end is looked for
	maxTold    = 256  // signals that wait to be sent
)

// Service is the D-Bus side of a [Center].
type Service struct {
	conn   *dbus.Conn
	center *Center
	opt    Options
	calls  chan struct{} // one for each call that waits
	outbox chan Told
	// senders are those of notifications with actions, which end with them.
	senders sessionbus.Departures
}

// Options says what a Service works with.
type Options struct {
	Version string // of this program
	// Post runs a function on the Center's goroutine; it is called from any.
	Post func(func())
	// Now is the time; it is called on the Center's goroutine.
	Now func() time.Time
	// Owned is told, on the Center's goroutine, whether programs find this
	// service. They don't while another one has the name; when that one ends
	// the bus gives the name to this one.
	Owned func(bool)
}

// Connect serves the Center on the bus of an address, on a connection of its own.
// It takes as long as the bus does. Who tells the Center's Told calls Tell.
func Connect(address string, center *Center, o Options) (*Service, error) {
	s := &Service{center: center, opt: o, calls: make(chan struct{}, maxCalls), outbox: make(chan Told, maxTold)}
	conn, err := sessionbus.Connect(address, dbus.WithSignalHandler(signals{s}))
	if err != nil {
		return nil, err
	}
	s.conn = conn
	s.senders.Conn, s.senders.Most = conn, maxSenders
	if err := s.serve(); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	go s.send()
	return s, nil
}

func (s *Service) serve() error {
	if err := s.conn.ExportMethodTable(map[string]any{
		"Notify": s.notify, "CloseNotification": s.closeNotification, "GetCapabilities": s.capabilities, "GetServerInformation": s.information,
	}, busPath, busInterface); err != nil {
		return err
	}
	if err := s.conn.Export(introspect.NewIntrospectable(description), busPath, "org.freedesktop.DBus.Introspectable"); err != nil {
		return err
	}
	// Behind somebody else the request waits in the bus's queue.
	reply, err := s.conn.RequestName(busName, 0)
	if err != nil {
		return fmt.Errorf("own %s: %w", busName, err)
	}
	if reply == dbus.RequestNameReplyInQueue {
		s.opt.Post(func() { s.opt.Owned(false) })
	}
	return nil
}

// Close ends the service.
func (s *Service) Close() error { return s.conn.Close() }

// signals takes the signals of a Service on the goroutine that reads from the
// bus. Only the bus itself is listened to; anybody can send a signal.
type signals struct{ s *Service }

// DeliverSignal implements dbus.SignalHandler.
func (h signals) DeliverSignal(_, member string, sig *dbus.Signal) {
	post, owned := h.s.opt.Post, h.s.opt.Owned
	if name, left := h.s.senders.Left(sig); left {
		post(func() { h.s.center.Gone(name) })
		return
	}
	if sig.Sender != "org.freedesktop.DBus" || len(sig.Body) == 0 || sig.Body[0] != busName {
		return
	}
	switch member {
	case "NameAcquired":
		post(func() { owned(true) })
	case "NameLost":
		post(func() { owned(false) })
	}
}

// do runs f on the Center's goroutine and waits. Too many at once are refused.
func (s *Service) do(f func()) *dbus.Error {
	select {
	case s.calls <- struct{}{}:
	default:
		return dbus.NewError("org.freedesktop.DBus.Error.LimitsExceeded", []any{"too many notifications at once"})
	}
	defer func() { <-s.calls }()
	done := make(chan struct{})
	s.opt.Post(func() { defer close(done); f() })
	select {
	case <-done:
		return nil
	case <-s.conn.Context().Done():
		return dbus.MakeFailedError(errors.New("the session ends"))
	}
}

// notify is the call of a program. The answer waits for the Center.
func (s *Service) notify(sender dbus.Sender, app string, replaces uint32, icon, summary, body string, actions []string, hints map[string]dbus.Variant, timeout int32) (uint32, *dbus.Error) {
	n, err := parse(string(sender), app, icon, summary, body, actions, hints, timeout)
	if err != nil {
		return 0, dbus.NewError("org.freedesktop.DBus.Error.InvalidArgs", []any{err.Error()})
	}
	there := true
	if n.Default || len(n.Actions) > 0 {
		// A sender that is gone hears nothing any more.
		if there, err = s.senders.Follow(s.conn.Context(), string(sender)); err != nil {
			return 0, dbus.NewError("org.freedesktop.DBus.Error.LimitsExceeded", []any{err.Error()})
		}
	}
	var id uint32
	failed := s.do(func() {
		if id = s.center.Add(n, replaces, s.opt.Now()); !there {
			s.center.Gone(string(sender))
		}
	})
	if failed != nil {
		return 0, failed
	}
	return id, nil
}

func (s *Service) closeNotification(sender dbus.Sender, id uint32) *dbus.Error {
	closed := false
	if failed := s.do(func() { closed = s.center.CloseOf(string(sender), id) }); failed != nil {
		return failed
	}
	if !closed {
		return dbus.NewError("org.freedesktop.DBus.Error.InvalidArgs", []any{fmt.Sprintf("there is no notification %d of yours", id)})
	}
	return nil
}

func (s *Service) capabilities() ([]string, *dbus.Error) { return capabilities, nil }

func (s *Service) information() (name, vendor, version, spec string, err *dbus.Error) {
	return "RayOS", "RayOS", s.opt.Version, specification, nil
}

// Tell sends a program the signals about its notification, and nobody else. It
// doesn't wait: what a bus that is stuck doesn't take is dropped.
func (s *Service) Tell(t Told) {
	select {
	case s.outbox <- t:
	default:
	}
}

// send sends signals until the connection ends.
func (s *Service) send() {
	for {
		select {
		case t := <-s.outbox:
			if t.Action == "" {
				s.signal(t.Sender, "NotificationClosed", t.ID, uint32(t.Reason))
				continue
			}
			if t.Token != "" {
				s.signal(t.Sender, "ActivationToken", t.ID, t.Token)
			}
			s.signal(t.Sender, "ActionInvoked", t.ID, t.Action)
		case <-s.conn.Context().Done():
			return
		}
	}
}

// signal sends a signal to one connection. It fails only when our own connection
// has ended, and then nobody hears anything.
func (s *Service) signal(to, member string, body ...any) {
	m := &dbus.Message{
		Type: dbus.TypeSignal, Flags: dbus.FlagNoReplyExpected,
		Headers: map[dbus.HeaderField]dbus.Variant{
			dbus.FieldPath:        dbus.MakeVariant(dbus.ObjectPath(busPath)),
			dbus.FieldInterface:   dbus.MakeVariant(busInterface),
			dbus.FieldMember:      dbus.MakeVariant(member),
			dbus.FieldDestination: dbus.MakeVariant(to),
			dbus.FieldSignature:   dbus.MakeVariant(dbus.SignatureOf(body...)),
		},
		Body: body,
	}
	s.conn.Send(m, nil)
}

var description = &introspect.Node{
	Name: busPath,
	Interfaces: []introspect.Interface{
		introspect.IntrospectData,
		{
			Name: busInterface,
			Methods: []introspect.Method{
				{Name: "Notify", Args: []introspect.Arg{
					{Name: "app_name", Type: "s", Direction: "in"},
					{Name: "replaces_id", Type: "u", Direction: "in"},
					{Name: "app_icon", Type: "s", Direction: "in"},
					{Name: "summary", Type: "s", Direction: "in"},
					{Name: "body", Type: "s", Direction: "in"},
					{Name: "actions", Type: "as", Direction: "in"},
					{Name: "hints", Type: "a{sv}", Direction: "in"},
					{Name: "expire_timeout", Type: "i", Direction: "in"},
					{Name: "id", Type: "u", Direction: "out"},
				}},
				{Name: "CloseNotification", Args: []introspect.Arg{{Name: "id", Type: "u", Direction: "in"}}},
				{Name: "GetCapabilities", Args: []introspect.Arg{{Name: "capabilities", Type: "as", Direction: "out"}}},
				{Name: "GetServerInformation", Args: []introspect.Arg{
					{Name: "name", Type: "s", Direction: "out"},
					{Name: "vendor", Type: "s", Direction: "out"},
					{Name: "version", Type: "s", Direction: "out"},
					{Name: "spec_version", Type: "s", Direction: "out"},
				}},
			},
			Signals: []introspect.Signal{
				{Name: "NotificationClosed", Args: []introspect.Arg{{Name: "id", Type: "u"}, {Name: "reason", Type: "u"}}},
				{Name: "ActionInvoked", Args: []introspect.Arg{{Name: "id", Type: "u"}, {Name: "action_key", Type: "s"}}},
				{Name: "ActivationToken", Args: []introspect.Arg{{Name: "id", Type: "u"}, {Name: "activation_token", Type: "s"}}},
			},
		},
	},
}
