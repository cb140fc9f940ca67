package main

import "strings"

// server generates the server's objects of one protocol.
func (g *generator) server(out *buffer, p *protocol) {
	var b buffer
	for _, i := range p.ifaces {
		g.serverObject(&b, i)
		g.serverRequests(&b, i)
		for op, m := range i.events {
			g.serverEvent(&b, i, op, m)
		}
	}
	out.f("package server\n\n")
	out.imports(&b, "rayos/geom", "rayos/surfaces/protocol", "rayos/surfaces/wire")
}

func (g *generator) serverObject(b *buffer, i *iface) {
	t := camel(i.name)
	b.f("// %s is a %s.\ntype %s struct {\nwire.Resource\n", t, i.name, t)
	if len(i.requests) > 0 {
		b.f("Handler %sHandler\n}\n\n", t)
		b.f("// %sHandler handles the requests of %s.\ntype %sHandler interface {\n", t, i.name, t)
		for _, m := range i.requests {
			b.f("%s(r *%s%s)\n", camel(m.name), t, g.serverParams(i, m, true))
		}
		b.f("}\n\n")
	} else {
		b.f("// Handler may be a wire.ResourceDestroyed; there are no requests.\nHandler any\n}\n\n")
	}
	b.f("// New%s registers a new %s with an id chosen by the client.\n", t, i.name)
	b.f("func New%s(c *wire.Conn, id, version uint32) *%s {\n", t, t)
	if g.pools[i.name] > 0 {
		b.f("r, _ := c.Recycled(&protocol.%sInterface).(*%s)\nif r == nil {\nr = new(%s)\n}\n", t, t, t)
	} else {
		b.f("r := new(%s)\n", t)
	}
	b.f("c.Register(r, &r.Resource, &protocol.%sInterface, id, version)\nreturn r\n}\n\n", t)
	b.f("func (r *%s) ref() *wire.Resource {\nif r == nil {\nreturn nil\n}\nreturn &r.Resource\n}\n\n", t)
	b.f("// ObjectHandler returns r.Handler.\nfunc (r *%s) ObjectHandler() any { return r.Handler }\n\n", t)
	if g.pools[i.name] > 0 {
		b.f("// Reset makes r ready for another life.\nfunc (r *%s) Reset() { r.Handler = nil }\n\n", t)
	}
	if i.enum("error") != nil {
		b.f("// PostError posts a protocol error of this object, which ends its client.\n")
		b.f("func (r *%s) PostError(code protocol.%sError, format string, args ...any) {\n", t, t)
		b.f("r.PostErrorCode(uint32(code), format, args...)\n}\n\n")
	}
}

func (g *generator) serverRequests(b *buffer, i *iface) {
	t := camel(i.name)
	b.f("// HandleMessage implements wire.Object.\n")
	if len(i.requests) == 0 {
		b.f("func (r *%s) HandleMessage(uint16, *wire.Args) {}\n\n", t)
		return
	}
	b.f("func (r *%s) HandleMessage(op uint16, a *wire.Args) {\nh := r.Handler\nswitch op {\n", t)
	for op, m := range i.requests {
		b.f("case %d:\n", op)
		n := m.newID()
		if n != nil && n.ref == "" {
			n = nil
		}
		for _, a := range m.args {
			g.decode(b, i, a)
		}
		names := make([]string, 0, len(m.args))
		for _, a := range m.args {
			if a.kind == "new_id" && a.ref == "" {
				names = append(names, local(a.name)+"Interface", local(a.name)+"Version")
			}
			names = append(names, local(a.name))
		}
		call := "h." + camel(m.name) + "(" + strings.Join(append([]string{"r"}, names...), ", ") + ")\n"
		if n == nil {
			b.f("if a.End() && h != nil {\n%s}\n", call)
			continue
		}
		b.f("if a.End() {\n%s := New%s(r.Conn(), %sID, r.Version())\n", local(n.name), camel(n.ref), local(n.name))
		b.f("if h != nil && %s.Alive() {\n%s}\n}\n", local(n.name), call)
	}
	b.f("}\n}\n\n")
}

// decode writes the statement that reads one argument.
func (g *generator) decode(b *buffer, i *iface, a arg) {
	v := local(a.name)
	switch a.kind {
	case "int", "uint":
		read := map[string]string{"int": "a.Int()", "uint": "a.Uint()"}[a.kind]
		if a.ref != "" {
			read = "protocol." + enumType(i, a.ref) + "(" + read + ")"
		}
		b.f("%s := %s\n", v, read)
	case "fixed":
		b.f("%s := geom.Fixed(a.Int())\n", v)
	case "string":
		if a.null {
			b.f("%s := a.StringOrNil()\n", v)
		} else {
			b.f("%s := a.String()\n", v)
		}
	case "array":
		b.f("%s := a.Array()\n", v)
	case "fd":
		b.f("%s := a.FD()\n", v)
	case "object":
		if a.ref == "" {
			b.f("%s := a.Object(nil, %t)\n", v, a.null)
		} else {
			b.f("%s, _ := a.Object(&protocol.%sInterface, %t).(*%s)\n", v, camel(a.ref), a.null, camel(a.ref))
		}
	case "new_id":
		if a.ref == "" {
			b.f("%sInterface := a.String()\n%sVersion := a.Uint()\n%s := a.NewID()\n", v, v, v)
		} else {
			b.f("%sID := a.NewID()\n", v)
		}
	}
}

// goType is the Go type of an argument; in is true on the receiving side.
func (g *generator) goType(i *iface, a arg, in bool) string {
	switch a.kind {
	case "int", "uint":
		if a.ref != "" {
			return "protocol." + enumType(i, a.ref)
		}
		return a.kind + "32"
	case "fixed":
		return "geom.Fixed"
	case "string":
		if a.null {
			return "*string"
		}
		return "string"
	case "array":
		return "[]byte"
	case "fd":
		if in {
			return "*wire.FD"
		}
		return "int"
	}
	if a.ref == "" {
		return "wire.Object"
	}
	return "*" + camel(a.ref)
}

// serverParams are the parameters of a handler method (in) or a sender.
func (g *generator) serverParams(i *iface, m *message, in bool) string {
	var s strings.Builder
	for _, a := range m.args {
		v := local(a.name)
		if a.kind == "new_id" {
			if a.ref == "" {
				s.WriteString(", " + v + "Interface string, " + v + "Version, " + v + " uint32")
				continue
			}
			if !in {
				continue
			}
		}
		s.WriteString(", " + v + " " + g.goType(i, a, in))
	}
	if in {
		return s.String()
	}
	return strings.TrimPrefix(s.String(), ", ")
}

func (g *generator) serverEvent(b *buffer, i *iface, op int, m *message) {
	t := camel(i.name)
	n := m.newID()
	result, none := "", ""
	if n != nil {
		result, none = "*"+camel(n.ref), " nil"
	}
	name := "Send" + camel(m.name)
	b.f("// %s sends %s.%s", name, i.name, m.name)
	if m.since > 1 {
		b.f(" (since version %d)", m.since)
	}
	if m.destructor {
		b.f(", which ends the object")
	}
	b.f(".\nfunc (r *%s) %s(%s) %s {\nif r == nil {\nreturn%s\n}\n", t, name, g.serverParams(i, m, false), result, none)
	b.f("w := r.Event(%d, %d)\nif w == nil {\nreturn%s\n}\n", op, m.since, none)
	for _, a := range m.args {
		g.encode(b, a, "Resource")
		if a.kind == "new_id" {
			v := local(a.name)
			b.f("%s := new(%s)\nw.Created(%s, &%s.Resource, &protocol.%sInterface, r.Version())\n", v, camel(a.ref), v, v, camel(a.ref))
		}
	}
	switch {
	case n != nil:
		b.f("if !w.End() {\nreturn nil\n}\nreturn %s\n", local(n.name))
	case m.destructor:
		b.f("w.End()\nr.Conn().End(r)\n")
	default:
		b.f("w.End()\n")
	}
	b.f("}\n\n")
}

// encode writes the statement that writes one argument.
func (g *generator) encode(b *buffer, a arg, role string) {
	v := local(a.name)
	conv := func(typ string) string {
		if a.ref != "" {
			return typ + "(" + v + ")"
		}
		return v
	}
	switch a.kind {
	case "int":
		b.f("w.Int(%s)\n", conv("int32"))
	case "uint":
		b.f("w.Uint(%s)\n", conv("uint32"))
	case "fixed":
		b.f("w.Int(int32(%s))\n", v)
	case "string":
		if a.null {
			b.f("w.StringOrNil(%s)\n", v)
		} else {
			b.f("w.String(%s)\n", v)
		}
	case "array":
		b.f("w.Array(%s)\n", v)
	case "fd":
		b.f("w.FD(%s)\n", v)
	case "object":
		if a.ref == "" {
			b.f("w.Object(%s, %t)\n", v, a.null)
		} else {
			b.f("w.%s(%s.ref(), %t)\n", role, v, a.null)
		}
	}
}
