package atspi

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"

	"github.com/godbus/dbus/v5"
)

// Names of the programs that make up the accessibility bus.
const (
	a11yBus      = "org.a11y.Bus"
	registry     = "org.a11y.atspi.Registry"
	registryPath = dbus.ObjectPath("/org/a11y/atspi/registry")
	ifRegistry   = "org.a11y.atspi.Registry"
	ifSocket     = "org.a11y.atspi.Socket"
	ifBus        = "org.freedesktop.DBus"
	a11yPath     = dbus.ObjectPath("/org/a11y/bus")
	ifStatus     = "org.a11y.Status"
)

// link is a connection with the accessibility bus.
type link struct {
	b    *Bridge
	conn *dbus.Conn
	name string       // ours on the bus
	id   atomic.Int32 // what the registry calls us

	mu       sync.Mutex
	registry string // the unique name of the registry, which is no client
	parent   ref
	l        listeners
}

// FollowAt is Follow of the session bus at an address.
func (b *Bridge) FollowAt(ctx context.Context, address string) error {
	session, err := dbus.Connect(address, dbus.WithContext(ctx))
	if err != nil {
		return fmt.Errorf("session bus: %w", err)
	}
	defer session.Close()
	return b.Follow(ctx, session)
}

// Follow joins the accessibility bus whenever there is one, until ctx ends or
// the session bus does. session is a connection that is authenticated; signals
// of it may go to others as well. AT_SPI_BUS_ADDRESS names another bus than the
// session's. The error is that of the end, never nil.
func (b *Bridge) Follow(ctx context.Context, session *dbus.Conn) error {
	if address := os.Getenv("AT_SPI_BUS_ADDRESS"); address != "" {
		return b.join(ctx, address)
	}
	changes := make(chan *dbus.Signal, 16)
	session.Signal(changes)
	defer session.RemoveSignal(changes)
	owner := []dbus.MatchOption{dbus.WithMatchSender(ifBus), dbus.WithMatchInterface(ifBus), dbus.WithMatchMember("NameOwnerChanged"), dbus.WithMatchArg(0, a11yBus)}
	if err := session.AddMatchSignal(owner...); err != nil {
		return fmt.Errorf("watch for the accessibility bus: %w", err)
	}
	defer func() { _ = session.RemoveMatchSignal(owner...) }() // the connection may have ended
	if b.opts.WhenEnabled {
		status := []dbus.MatchOption{dbus.WithMatchSender(a11yBus), dbus.WithMatchObjectPath(a11yPath), dbus.WithMatchInterface(ifProperties), dbus.WithMatchMember("PropertiesChanged"), dbus.WithMatchArg(0, ifStatus)}
		if err := session.AddMatchSignal(status...); err != nil {
			return fmt.Errorf("watch for assistive technologies: %w", err)
		}
		defer func() { _ = session.RemoveMatchSignal(status...) }() // the connection may have ended
	}
	var there bool
	if err := session.BusObject().CallWithContext(ctx, ifBus+".NameHasOwner", 0, a11yBus).Store(&there); err != nil {
		return fmt.Errorf("look for the accessibility bus: %w", err)
	}
	var joined error
	for {
		if there && (!b.opts.WhenEnabled || enabled(ctx, session)) {
			joined = b.visit(ctx, session)
		}
		select {
		case s, ok := <-changes:
			switch {
			case !ok:
				return errors.Join(errors.New("the session bus has ended"), joined)
			case s.Name == ifBus+".NameOwnerChanged" && len(s.Body) == 3 && s.Body[0] == a11yBus:
				there = s.Body[2] != ""
			}
		case <-ctx.Done():
			return errors.Join(ctx.Err(), joined)
		}
	}
}

// enabled reports whether the person uses assistive technologies: org.a11y.Status
// of at-spi2-core's bus launcher. Who doesn't know that doesn't.
func enabled(ctx context.Context, session *dbus.Conn) bool {
	for _, p := range [...]string{"IsEnabled", "ScreenReaderEnabled"} {
		var v dbus.Variant
		err := session.Object(a11yBus, a11yPath).CallWithContext(ctx, ifProperties+".Get", dbus.FlagNoAutoStart, ifStatus, p).Store(&v)
		if on, _ := v.Value().(bool); err == nil && on {
			return true
		}
	}
	return false
}

// visit joins the bus that the session names, until that ends.
func (b *Bridge) visit(ctx context.Context, session *dbus.Conn) error {
	var address string
	if err := session.Object(a11yBus, a11yPath).CallWithContext(ctx, a11yBus+".GetAddress", 0).Store(&address); err != nil {
		return fmt.Errorf("find the accessibility bus: %w", err)
	}
	return b.join(ctx, address)
}

// join is on a bus until it or ctx ends.
func (b *Bridge) join(ctx context.Context, address string) error {
	l := &link{b: b, parent: ref{"", nullPath}}
	d := &dispatcher{link: l, slots: make(chan struct{}, maxCalls)}
	conn, err := dbus.Dial(address, dbus.WithContext(ctx), dbus.WithHandler(d), dbus.WithIncomingInterceptor(d.arrive))
	if err != nil {
		return fmt.Errorf("accessibility bus: %w", err)
	}
	defer conn.Close()
	l.conn = conn
	signals := make(chan *dbus.Signal, 64)
	conn.Signal(signals)
	if err := conn.Auth(nil); err != nil {
		return fmt.Errorf("accessibility bus: %w", err)
	}
	if err := conn.Hello(); err != nil {
		return fmt.Errorf("accessibility bus: %w", err)
	}
	l.name = conn.Names()[0]
	defer b.hear(false)
	if err := l.watch(); err != nil {
		return err
	}
	if err := l.embed(ctx); err != nil {
		return err
	}
	if b.opts.Joined != nil {
		b.opts.Joined()
	}
	return l.run(ctx, signals)
}

// watch asks for the signals that say who listens.
func (l *link) watch() error {
	for _, m := range [][]dbus.MatchOption{
		{dbus.WithMatchSender(ifBus), dbus.WithMatchInterface(ifBus), dbus.WithMatchMember("NameOwnerChanged")},
		{dbus.WithMatchSender(registry), dbus.WithMatchInterface(ifRegistry)},
	} {
		if err := l.conn.AddMatchSignal(m...); err != nil {
			return fmt.Errorf("accessibility bus: %w", err)
		}
	}
	return nil
}

// embed makes the application a child of the registry's desktop and learns who
// listens already.
func (l *link) embed(ctx context.Context) error {
	bus := l.conn.BusObject()
	find := func() (owner string, err error) {
		err = bus.CallWithContext(ctx, ifBus+".GetNameOwner", 0, registry).Store(&owner)
		return owner, err
	}
	owner, err := find()
	if err != nil {
		var started uint32
		if err := bus.CallWithContext(ctx, ifBus+".StartServiceByName", 0, registry, uint32(0)).Store(&started); err != nil {
			return fmt.Errorf("start the registry: %w", err)
		}
		if owner, err = find(); err != nil {
			return fmt.Errorf("find the registry: %w", err)
		}
	}
	l.mu.Lock()
	l.registry = owner
	l.mu.Unlock()
	var parent ref
	if err := l.conn.Object(registry, rootPath).CallWithContext(ctx, ifSocket+".Embed", 0, ref{l.name, rootPath}).Store(&parent); err != nil {
		return fmt.Errorf("embed at the registry: %w", err)
	}
	var events []struct{ Client, Event string }
	if err := l.conn.Object(registry, registryPath).CallWithContext(ctx, ifRegistry+".GetRegisteredEvents", 0).Store(&events); err != nil {
		return fmt.Errorf("ask who listens: %w", err)
	}
	l.update(func(to *listeners) {
		l.parent, to.events = parent, nil
		for _, e := range events {
			to.register(e.Client, e.Event)
		}
	})
	return nil
}

// run passes news on until the connection ends.
func (l *link) run(ctx context.Context, signals <-chan *dbus.Signal) error {
	for {
		select {
		case s, ok := <-signals:
			if !ok {
				return errors.New("the accessibility bus has ended")
			}
			if err := l.signal(ctx, s); err != nil {
				return err
			}
		case <-l.b.kick:
			if err := l.tell(); err != nil {
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// signal learns who listens from a signal of the bus or of the registry.
func (l *link) signal(ctx context.Context, s *dbus.Signal) error {
	word := func(i int) string {
		if i >= len(s.Body) {
			return ""
		}
		w, _ := s.Body[i].(string)
		return w
	}
	switch s.Name {
	case ifBus + ".NameOwnerChanged":
		if s.Sender != ifBus {
			return nil
		}
		switch {
		case word(0) == registry && word(2) != "":
			return l.embed(ctx)
		case word(2) == "":
			l.update(func(to *listeners) { to.gone(word(0)) })
		}
	case ifRegistry + ".EventListenerRegistered":
		l.update(func(to *listeners) { to.register(word(0), word(1)) })
	case ifRegistry + ".EventListenerDeregistered":
		l.update(func(to *listeners) { to.deregister(word(0), word(1)) })
	}
	return nil
}

// update changes who listens.
func (l *link) update(fn func(*listeners)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	fn(&l.l)
	l.b.hear(l.l.any())
}

// met is told of each one that calls.
func (l *link) met(client string) {
	l.mu.Lock()
	known := client == l.registry || l.l.clients[client]
	l.mu.Unlock()
	if !known {
		l.update(func(to *listeners) { to.met(client) })
	}
}

// desktop returns what the application is in.
func (l *link) desktop() ref {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.parent
}

// tell sends what has changed since clients were told last.
func (l *link) tell() error {
	old, now := l.b.news()
	if old == nil || old == now {
		return nil
	}
	d := diff(old, now)
	c := &call{link: l, snap: now}
	for _, n := range d.added {
		if err := l.emit(cachePath, ifCache+".AddAccessible", c.item(n)); err != nil {
			return err
		}
	}
	for i := range d.events {
		e := &d.events[i]
		l.mu.Lock()
		wanted := l.l.wants(e)
		l.mu.Unlock()
		if !wanted {
			continue
		}
		v := e.any
		if n, ok := v.(*node); ok {
			v = c.ref(n)
		}
		if err := l.emit(e.path, "org.a11y.atspi.Event."+e.kind+"."+e.member, e.detail, e.d1, e.d2, dbus.MakeVariant(v), map[string]dbus.Variant{}); err != nil {
			return err
		}
	}
	for _, n := range d.gone {
		if err := l.emit(cachePath, ifCache+".RemoveAccessible", c.ref(n)); err != nil {
			return err
		}
	}
	return nil
}

func (l *link) emit(path dbus.ObjectPath, name string, body ...any) error {
	if err := l.conn.Emit(path, name, body...); err != nil {
		return fmt.Errorf("accessibility bus: %w", err)
	}
	return nil
}
