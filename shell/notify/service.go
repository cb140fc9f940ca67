package notify

import (
	"errors"
	"fmt"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/introspect"
)

// Names on the bus.
const (
	busName       = "org.freedesktop.Notifications"
	busPath       = "/org/freedesktop/Notifications"
	busInterface  = busName
	specification = "1.3"
)

// capabilities is what programs may count on.
var capabilities = []string{"actions", "body", "body-hyperlinks", "body-markup", "icon-static", "persistence"}

// ErrTaken says that another program shows notifications on this bus.
var ErrTaken = errors.New("another program has " + busName)

// Service is the D-Bus side of a [Center].
type Service struct {
	conn    *dbus.Conn
	center  *Center
	post    func(func())
	now     func() time.Time
	version string
	gone    chan *dbus.Signal
}

// Serve owns the name of the specification on a connection that is
// authenticated and for nothing else. post runs a function on the Center's
// goroutine; it is called from any. Serve sets center.Told. Closing the
// connection ends the service.
func Serve(conn *dbus.Conn, center *Center, version string, post func(func()), now func() time.Time) (*Service, error) {
	s := &Service{conn: conn, center: center, post: post, now: now, version: version, gone: make(chan *dbus.Signal, 64)}
	center.Told = s.tell
	if err := conn.ExportMethodTable(map[string]any{
		"Notify": s.notify, "CloseNotification": s.closeNotification, "GetCapabilities": s.capabilities, "GetServerInformation": s.information,
	}, busPath, busInterface); err != nil {
		return nil, err
	}
	if err := conn.Export(introspect.NewIntrospectable(description), busPath, "org.freedesktop.DBus.Introspectable"); err != nil {
		return nil, err
	}
	// A sender that is gone hears nothing any more.
	err := conn.AddMatchSignal(dbus.WithMatchInterface("org.freedesktop.DBus"), dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(2, ""))
	if err != nil {
		return nil, fmt.Errorf("watch who leaves the bus: %w", err)
	}
	conn.Signal(s.gone)
	go s.watch()
	reply, err := conn.RequestName(busName, dbus.NameFlagDoNotQueue)
	if err != nil {
		return nil, fmt.Errorf("own %s: %w", busName, err)
	}
	if reply != dbus.RequestNameReplyPrimaryOwner {
		return nil, ErrTaken
	}
	return s, nil
}

// watch tells the Center of programs that have left. It ends with the
// connection.
func (s *Service) watch() {
	for signal := range s.gone {
		if len(signal.Body) != 3 {
			continue
		}
		name, ok := signal.Body[0].(string)
		if ok && name != "" && name[0] == ':' {
			s.post(func() { s.center.Gone(name) })
		}
	}
}

// notify is the call of a program. The answer waits for the Center.
func (s *Service) notify(sender dbus.Sender, app string, replaces uint32, icon, summary, body string, actions []string, hints map[string]dbus.Variant, timeout int32) (uint32, *dbus.Error) {
	n, err := parse(string(sender), app, icon, summary, body, actions, hints, timeout)
	if err != nil {
		return 0, dbus.NewError("org.freedesktop.DBus.Error.InvalidArgs", []any{err.Error()})
	}
	id := make(chan uint32, 1)
	s.post(func() { id <- s.center.Add(n, replaces, s.now()) })
	select {
	case id := <-id:
		return id, nil
	case <-s.conn.Context().Done():
		return 0, dbus.MakeFailedError(errors.New("the session ends"))
	}
}

func (s *Service) closeNotification(sender dbus.Sender, id uint32) *dbus.Error {
	closed := make(chan bool, 1)
	s.post(func() { closed <- s.center.CloseOf(string(sender), id) })
	select {
	case ok := <-closed:
		if !ok {
			return dbus.NewError("org.freedesktop.DBus.Error.InvalidArgs", []any{fmt.Sprintf("there is no notification %d of yours", id)})
		}
		return nil
	case <-s.conn.Context().Done():
		return dbus.MakeFailedError(errors.New("the session ends"))
	}
}

func (s *Service) capabilities() ([]string, *dbus.Error) { return capabilities, nil }

func (s *Service) information() (name, vendor, version, spec string, err *dbus.Error) {
	return "RayOS", "RayOS", s.version, specification, nil
}

// tell sends a program the signals about its notification, and nobody else.
func (s *Service) tell(t Told) {
	if t.Action == "" {
		s.send(t.Sender, "NotificationClosed", t.ID, uint32(t.Reason))
		return
	}
	if t.Token != "" {
		s.send(t.Sender, "ActivationToken", t.ID, t.Token)
	}
	s.send(t.Sender, "ActionInvoked", t.ID, t.Action)
}

// send sends a signal to one connection. It fails only when our own connection
// has ended, and then nobody hears anything.
func (s *Service) send(to, member string, body ...any) {
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
