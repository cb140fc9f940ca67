package tray

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/introspect"
	"github.com/godbus/dbus/v5/prop"

	"rayos/shell/sessionbus"
)

// Names on the bus.
const (
	watcherName = "org.kde.StatusNotifierWatcher"
	watcherPath = "/StatusNotifierWatcher"
	hostName    = "org.kde.StatusNotifierHost"
	itemName    = "org.kde.StatusNotifierItem"
	itemPath    = "/StatusNotifierItem"
	menuName    = "com.canonical.dbusmenu"
	propsName   = "org.freedesktop.DBus.Properties"
)

const (
	// patience is how long a program may take to answer.
	patience = 5 * time.Second
	// pause is the least time between two questions about an item.
	pause = 100 * time.Millisecond
)

// ErrGone says that an item is not there any more.
var ErrGone = errors.New("the program has taken its item out of the tray")

// Options says how a tray is kept.
type Options struct {
	// Size of icons that is wished, in pixels.
	Size int
	// Changed is called with all items, in the order in which they came. The
	// list is the callee's.
	Changed func([]Item)
}

// Service is the tray of a bus.
type Service struct {
	conn  *dbus.Conn
	opt   Options
	acts  chan func()              // run on the service's goroutine
	items []*kept                  // of the service's goroutine
	keys  atomic.Pointer[[]string] // of the items
	// owners are the programs that have items.
	owners sessionbus.Departures
}

// kept is an item with what is going on about it.
type kept struct {
	Item
	owner string // unique name
	path  dbus.ObjectPath
	known bool // it has answered
	busy  bool // it is being asked
	stale bool // it is to be asked again
}

// Serve keeps the tray on a connection that is authenticated and for nothing
// else. If another program has the tray, it begins when that one gives it up.
// Closing the connection ends the service.
func Serve(conn *dbus.Conn, o Options) (*Service, error) {
	s := &Service{conn: conn, opt: o, acts: make(chan func(), 64)}
	s.owners.Conn, s.owners.Most = conn, MaxItems
	s.keys.Store(&[]string{})
	if err := conn.ExportMethodTable(map[string]any{
		"RegisterStatusNotifierItem": s.register, "RegisterStatusNotifierHost": func(string) *dbus.Error { return nil },
	}, watcherPath, watcherName); err != nil {
		return nil, err
	}
	if err := conn.ExportMethodTable(map[string]any{"Get": s.get, "GetAll": s.getAll, "Set": readOnly}, watcherPath, propsName); err != nil {
		return nil, err
	}
	if err := conn.Export(introspect.NewIntrospectable(description), watcherPath, "org.freedesktop.DBus.Introspectable"); err != nil {
		return nil, err
	}
	signals := make(chan *dbus.Signal, 256)
	conn.Signal(signals)
	if err := conn.AddMatchSignal(dbus.WithMatchInterface(itemName)); err != nil {
		return nil, fmt.Errorf("watch the tray's items: %w", err)
	}
	go s.run(signals)
	// Programs look for the name of a host before they use the tray.
	host := fmt.Sprintf("%s-%d", hostName, os.Getpid())
	if _, err := conn.RequestName(host, dbus.NameFlagDoNotQueue); err != nil {
		return nil, fmt.Errorf("own %s: %w", host, err)
	}
	if _, err := conn.RequestName(watcherName, 0); err != nil {
		return nil, fmt.Errorf("own %s: %w", watcherName, err)
	}
	return s, nil
}

// run is the service's goroutine. It ends with the connection.
func (s *Service) run(signals <-chan *dbus.Signal) {
	for {
		select {
		case f := <-s.acts:
			f()
		case sig, ok := <-signals:
			if !ok {
				return
			}
			s.signal(sig)
		}
	}
}

// do runs f on the service's goroutine, unless the connection has ended.
func (s *Service) do(f func()) {
	select {
	case s.acts <- f:
	case <-s.conn.Context().Done():
	}
}

// register is a program that puts an item into the tray: it gives the path of
// the item, or a name on the bus that has it at the usual path.
func (s *Service) register(sender dbus.Sender, service string) *dbus.Error {
	owner, path := string(sender), dbus.ObjectPath(itemPath)
	if strings.HasPrefix(service, "/") {
		path = dbus.ObjectPath(service)
	}
	if !path.IsValid() || len(service) > maxText {
		return dbus.NewError("org.freedesktop.DBus.Error.InvalidArgs", []any{fmt.Sprintf("%.40q is no path of an item", service)})
	}
	full := make(chan error, 1)
	s.do(func() { full <- s.add(owner, path) })
	select {
	case err := <-full:
		if err != nil {
			return dbus.NewError("org.freedesktop.DBus.Error.LimitsExceeded", []any{err.Error()})
		}
	case <-s.conn.Context().Done():
	}
	return nil
}

func (s *Service) add(owner string, path dbus.ObjectPath) error {
	mine := 0
	for _, k := range s.items {
		if k.owner != owner {
			continue
		}
		if mine++; k.path == path {
			s.ask(k)
			return nil
		}
	}
	if mine >= MaxPerProgram || len(s.items) >= MaxItems {
		return errors.New("the tray is full")
	}
	k := &kept{Item: Item{Key: owner + string(path)}, owner: owner, path: path}
	s.items = append(s.items, k)
	s.listed("StatusNotifierItemRegistered", k)
	s.ask(k)
	if mine == 0 {
		go s.follow(owner)
	}
	return nil
}

// follow waits for the bus's word that it will tell when a program leaves; one
// that nobody would hear of leaving has no items.
func (s *Service) follow(owner string) {
	if there, err := s.owners.Follow(s.conn.Context(), owner); err != nil || !there {
		s.do(func() { s.left(owner) })
	}
}

// left takes the items of a program out.
func (s *Service) left(owner string) {
	i := slices.IndexFunc(s.items, func(k *kept) bool { return k.owner == owner })
	if i < 0 {
		return
	}
	last := s.items[i]
	s.remove(func(k *kept) bool { return k.owner == owner })
	s.listed("StatusNotifierItemUnregistered", last)
}

// listed tells everybody that the list of items is another one.
func (s *Service) listed(signal string, k *kept) {
	keys := []string{}
	for _, k := range s.items {
		keys = append(keys, k.Key)
	}
	s.keys.Store(&keys)
	// These fail only when the connection has ended.
	_ = s.conn.Emit(watcherPath, propsName+".PropertiesChanged", watcherName, map[string]any{registered: keys}, []string{})
	_ = s.conn.Emit(watcherPath, watcherName+"."+signal, k.Key)
}

const registered = "RegisteredStatusNotifierItems"

// watcher returns the properties of the watcher, which may be read on any goroutine.
func (s *Service) watcher() map[string]dbus.Variant {
	return map[string]dbus.Variant{
		registered:                       dbus.MakeVariant(*s.keys.Load()),
		"IsStatusNotifierHostRegistered": dbus.MakeVariant(true),
		"ProtocolVersion":                dbus.MakeVariant(int32(0)),
	}
}

func (s *Service) get(_, name string) (dbus.Variant, *dbus.Error) {
	v, ok := s.watcher()[name]
	if !ok {
		return v, dbus.NewError("org.freedesktop.DBus.Error.UnknownProperty", []any{fmt.Sprintf("there is no property %.40q", name)})
	}
	return v, nil
}

func (s *Service) getAll(string) (map[string]dbus.Variant, *dbus.Error) { return s.watcher(), nil }

func readOnly(_, name string, _ dbus.Variant) *dbus.Error {
	return dbus.NewError("org.freedesktop.DBus.Error.PropertyReadOnly", []any{fmt.Sprintf("%.40q can't be set", name)})
}

// remove takes items out.
func (s *Service) remove(gone func(*kept) bool) {
	shown := false
	s.items = slices.DeleteFunc(s.items, func(k *kept) bool {
		if !gone(k) {
			return false
		}
		shown = shown || k.known
		return true
	})
	if shown {
		s.tell()
	}
}

// tell hands over the items that are known.
func (s *Service) tell() {
	list := make([]Item, 0, len(s.items))
	for _, k := range s.items {
		if k.known {
			list = append(list, k.Item)
		}
	}
	s.opt.Changed(list)
}

// signal is one of the bus or of an item.
func (s *Service) signal(sig *dbus.Signal) {
	if name, left := s.owners.Left(sig); left {
		s.left(name)
		return
	}
	if !strings.HasPrefix(sig.Name, itemName+".New") {
		return
	}
	for _, k := range s.items {
		if k.owner == sig.Sender && k.path == sig.Path {
			s.ask(k)
		}
	}
}

// ask asks a program for what its item is now, one question at a time.
func (s *Service) ask(k *kept) {
	if k.busy {
		k.stale = true
		return
	}
	k.busy, k.stale = true, false
	go func() {
		got, err := s.properties(k.owner, k.path)
		s.do(func() { s.answered(k, got, err) })
		time.AfterFunc(pause, func() { s.do(func() { s.rested(k) }) })
	}()
}

// rested is when an item may be asked again.
func (s *Service) rested(k *kept) {
	if k.busy = false; k.stale {
		s.ask(k)
	}
}

func (s *Service) answered(k *kept, p map[string]dbus.Variant, err error) {
	if !slices.Contains(s.items, k) {
		return
	}
	if err != nil {
		// It said that it has an item, and has none to show for it.
		if !k.known {
			s.remove(func(o *kept) bool { return o == k })
			s.listed("StatusNotifierItemUnregistered", k)
		}
		return
	}
	k.Item, k.known = parse(k.Key, p, s.opt.Size), true
	s.tell()
}

func (s *Service) properties(owner string, path dbus.ObjectPath) (map[string]dbus.Variant, error) {
	ctx, cancel := context.WithTimeout(s.conn.Context(), patience)
	defer cancel()
	var p map[string]dbus.Variant
	err := s.conn.Object(owner, path).CallWithContext(ctx, propsName+".GetAll", dbus.FlagNoAutoStart, itemName).Store(&p)
	return p, err
}

// with finds an item and does something about it, which may wait for its
// program. failed, which may be nil, is told of an error on any goroutine.
func (s *Service) with(key string, failed func(error), f func(ctx context.Context, k kept) error) {
	s.do(func() {
		i := slices.IndexFunc(s.items, func(k *kept) bool { return k.Key == key })
		if i < 0 {
			if failed != nil {
				failed(ErrGone)
			}
			return
		}
		k := *s.items[i]
		go func() {
			ctx, cancel := context.WithTimeout(s.conn.Context(), patience)
			defer cancel()
			if err := f(ctx, k); err != nil && failed != nil {
				failed(err)
			}
		}()
	})
}

// Activate is a click on an item, Secondary one of the middle button; x and y
// are where, in the layout. token lets the program come to the front. failed,
// which may be nil, is told on any goroutine if the program refuses.
func (s *Service) Activate(key string, x, y int32, token string, failed func(error)) {
	s.with(key, failed, func(ctx context.Context, k kept) error {
		if token != "" {
			// Programs that don't know of tokens refuse it, and lose nothing.
			s.conn.Object(k.owner, k.path).CallWithContext(ctx, itemName+".ProvideXdgActivationToken", dbus.FlagNoAutoStart|dbus.FlagNoReplyExpected, token)
		}
		return s.conn.Object(k.owner, k.path).CallWithContext(ctx, itemName+".Activate", dbus.FlagNoAutoStart, x, y).Err
	})
}

// Secondary is described at Activate.
func (s *Service) Secondary(key string, x, y int32) {
	s.with(key, nil, func(ctx context.Context, k kept) error {
		return s.conn.Object(k.owner, k.path).CallWithContext(ctx, itemName+".SecondaryActivate", dbus.FlagNoAutoStart, x, y).Err
	})
}

// Scroll turns the wheel over an item, by 120 a notch.
func (s *Service) Scroll(key string, delta int32, horizontal bool) {
	way := "vertical"
	if horizontal {
		way = "horizontal"
	}
	s.with(key, nil, func(ctx context.Context, k kept) error {
		return s.conn.Object(k.owner, k.path).CallWithContext(ctx, itemName+".Scroll", dbus.FlagNoAutoStart, delta, way).Err
	})
}

// Menu asks an item for its menu. got is called on any goroutine; an item
// without a menu, or a program that doesn't answer, is an error.
func (s *Service) Menu(key string, got func([]Entry, error)) {
	s.with(key, func(err error) { got(nil, err) }, func(ctx context.Context, k kept) error {
		if !k.Menu {
			return fmt.Errorf("%s has no menu", k.Name())
		}
		o := s.conn.Object(k.owner, k.menu)
		// Programs that fill their menus when they open do it now. Others refuse.
		o.CallWithContext(ctx, menuName+".AboutToShow", dbus.FlagNoAutoStart, int32(0))
		c := o.CallWithContext(ctx, menuName+".GetLayout", dbus.FlagNoAutoStart, int32(0), int32(-1), []string{})
		if c.Err != nil {
			return fmt.Errorf("ask %s for its menu: %w", k.Name(), c.Err)
		}
		if len(c.Body) != 2 {
			return fmt.Errorf("the menu of %s has %d parts: want 2", k.Name(), len(c.Body))
		}
		got(layout(c.Body[1]), nil)
		return nil
	})
}

// Click is a press on a line of an item's menu.
func (s *Service) Click(key string, entry int32) {
	s.with(key, nil, func(ctx context.Context, k kept) error {
		at := uint32(time.Now().Unix())
		return s.conn.Object(k.owner, k.menu).CallWithContext(ctx, menuName+".Event", dbus.FlagNoAutoStart, entry, "clicked", dbus.MakeVariant(int32(0)), at).Err
	})
}

var description = &introspect.Node{
	Name: watcherPath,
	Interfaces: []introspect.Interface{
		introspect.IntrospectData, prop.IntrospectData,
		{
			Name: watcherName,
			Methods: []introspect.Method{
				{Name: "RegisterStatusNotifierItem", Args: []introspect.Arg{{Name: "service", Type: "s", Direction: "in"}}},
				{Name: "RegisterStatusNotifierHost", Args: []introspect.Arg{{Name: "service", Type: "s", Direction: "in"}}},
			},
			Properties: []introspect.Property{
				{Name: "RegisteredStatusNotifierItems", Type: "as", Access: "read"},
				{Name: "IsStatusNotifierHostRegistered", Type: "b", Access: "read"},
				{Name: "ProtocolVersion", Type: "i", Access: "read"},
			},
			Signals: []introspect.Signal{
				{Name: "StatusNotifierItemRegistered", Args: []introspect.Arg{{Name: "service", Type: "s"}}},
				{Name: "StatusNotifierItemUnregistered", Args: []introspect.Arg{{Name: "service", Type: "s"}}},
				{Name: "StatusNotifierHostRegistered"},
			},
		},
	},
}
