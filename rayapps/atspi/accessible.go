package atspi

import (
	"strconv"
	"strings"

	"github.com/godbus/dbus/v5"
	"github.com/godbus/dbus/v5/introspect"
)

var accessible = surface{
	methods: map[string]method{
		"GetChildAtIndex": {"i", "(so)", func(c *call) ([]any, error) {
			k, err := pick(c.kids(), c.int(0))
			return []any{c.ref(k)}, err
		}},
		"GetChildren": {"", "a(so)", func(c *call) ([]any, error) {
			return []any{c.refs(c.kids())}, nil
		}},
		"GetIndexInParent": {"", "i", func(c *call) ([]any, error) { return []any{int32(c.index(c.at))}, nil }},
		"GetRelationSet": {"", "a(ua(so))", func(c *call) ([]any, error) {
			return []any{[]struct {
				Kind uint32
				To   []ref
			}{}}, nil
		}},
		"GetRole":              {"", "u", func(c *call) ([]any, error) { return []any{c.role().number}, nil }},
		"GetRoleName":          {"", "s", func(c *call) ([]any, error) { return []any{c.role().name}, nil }},
		"GetLocalizedRoleName": {"", "s", func(c *call) ([]any, error) { return []any{c.role().name}, nil }},
		"GetState":             {"", "au", func(c *call) ([]any, error) { return []any{c.states().words()}, nil }},
		"GetAttributes":        {"", "a{ss}", func(c *call) ([]any, error) { return []any{c.attributes()}, nil }},
		"GetApplication":       {"", "(so)", func(c *call) ([]any, error) { return []any{ref{c.link.name, rootPath}}, nil }},
		"GetInterfaces":        {"", "as", func(c *call) ([]any, error) { return []any{c.has().names()}, nil }},
	},
	props: map[string]property{
		"Name": {sig: "s", get: func(c *call) any {
			if c.at == nil {
				return c.link.b.opts.Name
			}
			return c.at.name
		}},
		"Description": {sig: "s", get: func(c *call) any {
			if c.at == nil {
				return ""
			}
			return c.at.description
		}},
		"Parent":     {sig: "(so)", get: func(c *call) any { return c.parent(c.at) }},
		"ChildCount": {sig: "i", get: func(c *call) any { return int32(len(c.kids())) }},
		"Locale":     {sig: "s", get: func(c *call) any { return c.link.b.opts.Locale }},
		"AccessibleId": {sig: "s", get: func(c *call) any {
			return strings.TrimPrefix(string(c.path), basePath+"/")
		}},
	},
}

// pick returns one of a list, an error if there is none of that index.
func pick(of []*node, i int) (*node, error) {
	if i < 0 || i >= len(of) {
		return nil, invalid("index %d of %d", i, len(of))
	}
	return of[i], nil
}

func (c *call) refs(of []*node) []ref {
	to := make([]ref, len(of))
	for i, n := range of {
		to[i] = c.ref(n)
	}
	return to
}

// parent returns what is around a node; around the application, nil, it is the
// registry's desktop.
func (c *call) parent(n *node) ref {
	switch {
	case n == nil:
		return c.link.desktop()
	case n.parent == nil:
		return ref{c.link.name, rootPath}
	}
	return c.ref(n.parent)
}

// index returns the place among siblings, which the application doesn't know.
func (c *call) index(n *node) int {
	switch {
	case n == nil:
		return -1
	case n.parent == nil:
		return c.snap.windowAt(n.win)
	}
	return n.index
}

func (c *call) role() role {
	if c.at == nil {
		return roleApplication
	}
	return c.at.role
}

func (c *call) states() states {
	if c.at == nil {
		return stateEnabled | stateSensitive | stateShowing | stateVisible
	}
	return c.at.states
}

// attributes returns what has no method of its own.
func (c *call) attributes() map[string]string {
	m := map[string]string{"toolkit": "RayOS"}
	if c.at != nil {
		for name, v := range map[string]int{"level": c.at.level, "posinset": c.at.pos, "setsize": c.at.size} {
			if v > 0 {
				m[name] = strconv.Itoa(v)
			}
		}
	}
	return m
}

var application = surface{
	methods: map[string]method{
		"GetLocale": {"u", "s", func(c *call) ([]any, error) { return []any{c.link.b.opts.Locale}, nil }},
	},
	props: map[string]property{
		"ToolkitName":  {sig: "s", get: func(*call) any { return "RayOS" }},
		"Version":      {sig: "s", get: func(c *call) any { return c.link.b.opts.Version }},
		"AtspiVersion": {sig: "s", get: func(*call) any { return "2.1" }},
		"Id": {
			sig: "i",
			get: func(c *call) any { return c.link.id.Load() },
			set: func(c *call, v any) error { c.link.id.Store(v.(int32)); return nil },
		},
	},
}

// item is an object in the cache of a client, "((so)(so)(so)iiassusau)".
type item struct {
	Object, Application, Parent ref
	Index, Kids                 int32
	Interfaces                  []string
	Name                        string
	Role                        uint32
	Description                 string
	States                      []uint32
}

var cache = surface{methods: map[string]method{
	"GetItems": {"", "a((so)(so)(so)iiassusau)", func(c *call) ([]any, error) {
		items := []item{{
			Object: ref{c.link.name, rootPath}, Application: ref{c.link.name, rootPath}, Parent: c.link.desktop(), Index: -1, Kids: int32(len(c.kids())),
			Interfaces: c.has().names(), Name: c.link.b.opts.Name, Role: roleApplication.number, States: c.states().words(),
		}}
		var add func(of []*node)
		add = func(of []*node) {
			for _, n := range of {
				items = append(items, c.item(n))
				add(n.kids)
			}
		}
		add(c.kids())
		return []any{items}, nil
	}},
}}

func (c *call) item(n *node) item {
	return item{
		Object: c.ref(n), Application: ref{c.link.name, rootPath}, Parent: c.parent(n), Index: int32(c.index(n)), Kids: int32(len(n.kids)),
		Interfaces: n.has.names(), Name: n.name, Role: n.role.number, Description: n.description, States: n.states.words(),
	}
}

var introspectable = surface{methods: map[string]method{
	"Introspect": {"", "s", func(c *call) ([]any, error) {
		n := &introspect.Node{Name: string(c.path)}
		for name, s := range surfaces {
			if !c.implements(name) {
				continue
			}
			i := introspect.Interface{Name: name}
			for name, m := range s.methods {
				i.Methods = append(i.Methods, introspect.Method{Name: name, Args: append(args(m.in, "in"), args(m.out, "out")...)})
			}
			for name, p := range s.props {
				access := "read"
				if p.set != nil {
					access = "readwrite"
				}
				i.Properties = append(i.Properties, introspect.Property{Name: name, Type: p.sig, Access: access})
			}
			n.Interfaces = append(n.Interfaces, i)
		}
		return []any{string(introspect.NewIntrospectable(n))}, nil
	}},
}}

// args splits a signature into arguments.
func args(signature, direction string) []introspect.Arg {
	var to []introspect.Arg
	for signature != "" {
		n := 1
		for _, err := dbus.ParseSignature(signature[:n]); err != nil && n < len(signature); _, err = dbus.ParseSignature(signature[:n]) {
			n++
		}
		to = append(to, introspect.Arg{Type: signature[:n], Direction: direction})
		signature = signature[n:]
	}
	return to
}
