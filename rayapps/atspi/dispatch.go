package atspi

import (
	"context"
	"errors"
	"fmt"

	"github.com/godbus/dbus/v5"
)

// Names of interfaces and objects.
const (
	ifAccessible  = "org.a11y.atspi.Accessible"
	ifApplication = "org.a11y.atspi.Application"
	ifComponent   = "org.a11y.atspi.Component"
	ifAction      = "org.a11y.atspi.Action"
	ifText        = "org.a11y.atspi.Text"
	ifEditable    = "org.a11y.atspi.EditableText"
	ifValue       = "org.a11y.atspi.Value"
	ifSelection   = "org.a11y.atspi.Selection"
	ifCache       = "org.a11y.atspi.Cache"
	ifProperties  = "org.freedesktop.DBus.Properties"
	ifIntrospect  = "org.freedesktop.DBus.Introspectable"
	ifPeer        = "org.freedesktop.DBus.Peer"

	basePath  = "/org/a11y/atspi/accessible"
	rootPath  = dbus.ObjectPath(basePath + "/root")
	nullPath  = dbus.ObjectPath("/org/a11y/atspi/null")
	cachePath = dbus.ObjectPath("/org/a11y/atspi/cache")
)

// maxCalls is how many calls are worked on at once; the next ones wait on the
// bus.
const maxCalls = 64

// ref is an object of a connection, "(so)".
type ref struct {
	Bus  string
	Path dbus.ObjectPath
}

// call is a method call of a client.
type call struct {
	link *link
	ctx  context.Context
	snap *snapshot
	at   *node // nil at the application and at the cache
	path dbus.ObjectPath
	args []any // of the types of the method's signature
}

func (c *call) int(i int) int       { return int(c.args[i].(int32)) }
func (c *call) uint(i int) uint32   { return c.args[i].(uint32) }
func (c *call) string(i int) string { return c.args[i].(string) }

// ref returns how others call a node; nil is nobody.
func (c *call) ref(n *node) ref {
	if n == nil {
		return ref{"", nullPath}
	}
	return ref{c.link.name, n.path}
}

// kids returns the children of the object that is called.
func (c *call) kids() []*node {
	if c.at != nil {
		return c.at.kids
	}
	tops := make([]*node, len(c.snap.trees))
	for i, t := range c.snap.trees {
		tops[i] = t.top
	}
	return tops
}

// has returns the interfaces of the object that is called.
func (c *call) has() features {
	if c.at != nil {
		return c.at.has
	}
	return hasApplication
}

// implements says whether the object that is called has an interface.
func (c *call) implements(name string) bool {
	switch {
	case name == ifProperties || name == ifIntrospect:
		return true
	case c.path == cachePath || name == ifCache:
		return c.path == cachePath && name == ifCache
	case name == ifAccessible:
		return true
	}
	for i, n := range featureNames {
		if n == name {
			return c.has()&(1<<i) != 0
		}
	}
	return false
}

// method is a method of an interface: signatures, and what it does.
type method struct {
	in, out string
	do      func(c *call) ([]any, error)
}

// property is a property of an interface.
type property struct {
	sig string
	get func(c *call) any
	set func(c *call, v any) error // nil if it can't be set
}

// surface is an interface.
type surface struct {
	methods map[string]method
	props   map[string]property
}

// surfaces are all interfaces by name. It is filled once, by init, as methods
// of Properties refer to it.
var surfaces map[string]surface

func init() {
	surfaces = map[string]surface{
		ifAccessible: accessible, ifApplication: application, ifComponent: component, ifAction: action, ifText: textual,
		ifEditable: editable, ifValue: valued, ifSelection: selection, ifCache: cache, ifProperties: properties, ifIntrospect: introspectable,
	}
}

// Errors of D-Bus.
func fail(name, format string, args ...any) error {
	return dbus.NewError("org.freedesktop.DBus.Error."+name, []any{fmt.Sprintf(format, args...)})
}

func invalid(format string, args ...any) error { return fail("InvalidArgs", format, args...) }

// dispatcher finds out what a call means. It is the connection's handler.
type dispatcher struct {
	link  *link
	slots chan struct{} // one for each call that is worked on
}

// arrive is told of each message on the goroutine that reads them. It waits
// while too many calls are worked on.
func (d *dispatcher) arrive(m *dbus.Message) {
	if m.Type != dbus.TypeMethodCall {
		return
	}
	if name, _ := m.Headers[dbus.FieldInterface].Value().(string); name == ifPeer {
		return
	}
	if sender, ok := m.Headers[dbus.FieldSender].Value().(string); ok {
		d.link.met(sender)
	}
	d.slots <- struct{}{}
}

// LookupObject and the like are always content: what is wrong is found when all
// of the call is known.
func (d *dispatcher) LookupObject(dbus.ObjectPath) (dbus.ServerObject, bool) { return d, true }

// LookupInterface implements dbus.ServerObject.
func (d *dispatcher) LookupInterface(string) (dbus.Interface, bool) { return d, true }

// LookupMethod implements dbus.Interface.
func (d *dispatcher) LookupMethod(string) (dbus.Method, bool) { return d, true }

// NumArguments implements dbus.Method.
func (d *dispatcher) NumArguments() int { return 1 }

// NumReturns implements dbus.Method.
func (d *dispatcher) NumReturns() int { return 0 }

// ArgumentValue implements dbus.Method.
func (d *dispatcher) ArgumentValue(int) any { return nil }

// ReturnValue implements dbus.Method.
func (d *dispatcher) ReturnValue(int) any { return nil }

// DecodeArguments implements dbus.ArgumentDecoder.
func (d *dispatcher) DecodeArguments(_ *dbus.Conn, _ string, m *dbus.Message, _ []any) ([]any, error) {
	return []any{m}, nil
}

// Call implements dbus.Method.
func (d *dispatcher) Call(args ...any) ([]any, error) {
	defer func() { <-d.slots }()
	m := args[0].(*dbus.Message)
	path, _ := m.Headers[dbus.FieldPath].Value().(dbus.ObjectPath)
	name, _ := m.Headers[dbus.FieldInterface].Value().(string)
	member, _ := m.Headers[dbus.FieldMember].Value().(string)
	signature, _ := m.Headers[dbus.FieldSignature].Value().(dbus.Signature)
	ctx := d.link.conn.Context()
	snap, err := d.link.b.current(ctx)
	if err != nil {
		return nil, ending(err)
	}
	c := &call{link: d.link, ctx: ctx, snap: snap, path: path, args: m.Body}
	if path != rootPath && path != cachePath {
		if c.at = snap.find(path); c.at == nil {
			return nil, fail("UnknownObject", "there is nothing at %s", path)
		}
	}
	if !c.implements(name) {
		return nil, fail("UnknownInterface", "%s isn't at %s", name, path)
	}
	to, ok := surfaces[name].methods[member]
	if !ok {
		return nil, fail("UnknownMethod", "%s has no method %s", name, member)
	}
	if signature.String() != to.in {
		return nil, invalid("%s takes %q, not %q", member, to.in, signature)
	}
	reply, err := to.do(c)
	return reply, ending(err)
}

// ending gives the end of the connection a name; other errors stay.
func ending(err error) error {
	if errors.Is(err, context.Canceled) {
		return fail("NoReply", "the session ends")
	}
	return err
}

var properties = surface{methods: map[string]method{
	"Get": {"ss", "v", func(c *call) ([]any, error) {
		p, err := c.property(c.string(0), c.string(1))
		if err != nil {
			return nil, err
		}
		return []any{dbus.MakeVariant(p.get(c))}, nil
	}},
	"GetAll": {"s", "a{sv}", func(c *call) ([]any, error) {
		all := map[string]dbus.Variant{}
		if c.implements(c.string(0)) {
			for name, p := range surfaces[c.string(0)].props {
				all[name] = dbus.MakeVariant(p.get(c))
			}
		}
		return []any{all}, nil
	}},
	"Set": {"ssv", "", func(c *call) ([]any, error) {
		p, err := c.property(c.string(0), c.string(1))
		if err != nil {
			return nil, err
		}
		v := c.args[2].(dbus.Variant)
		if p.set == nil {
			return nil, fail("PropertyReadOnly", "%s can't be set", c.string(1))
		}
		if v.Signature().String() != p.sig {
			return nil, invalid("%s is %q, not %q", c.string(1), p.sig, v.Signature())
		}
		return nil, p.set(c, v.Value())
	}},
}}

func (c *call) property(of, name string) (property, error) {
	if !c.implements(of) {
		return property{}, fail("UnknownInterface", "%s isn't at %s", of, c.path)
	}
	p, ok := surfaces[of].props[name]
	if !ok {
		return property{}, fail("UnknownProperty", "%s has no property %s", of, name)
	}
	return p, nil
}
