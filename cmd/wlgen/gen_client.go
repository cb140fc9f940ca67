package main

import "strings"

// client generates the client's objects of one protocol.
func (g *generator) client(out *buffer, p *protocol) {
	var b buffer
	for _, i := range p.ifaces {
		g.clientObject(&b, i)
		g.clientEvents(&b, i)
		for op, m := range i.requests {
			g.clientRequest(&b, i, op, m)
		}
	}
	out.f("package client\n\n")
	out.imports(&b, "rayos/geom", "rayos/surfaces/protocol", "rayos/surfaces/wire")
}

func (g *generator) clientObject(b *buffer, i *iface) {
	t := camel(i.name)
	b.f("// %s is a %s.\ntype %s struct {\nwire.Proxy\n", t, i.name, t)
	for _, m := range i.events {
		b.f("On%s func(%s)\n", camel(m.name), g.clientParams(i, m, true))
	}
	b.f("}\n\n")
	b.f("func (r *%s) ref() *wire.Proxy {\nif r == nil {\nreturn nil\n}\nreturn &r.Proxy\n}\n\n", t)
	if g.pools[i.name] > 0 {
		b.f("// Reset makes r ready for another life.\nfunc (r *%s) Reset() {\n", t)
		for _, m := range i.events {
			b.f("r.On%s = nil\n", camel(m.name))
		}
		b.f("}\n\n")
	}
	if !g.made[i.name] && i.name != "wl_display" {
		b.f("// Bind%s binds the global with this name.\n", t)
		b.f("func Bind%s(r *WlRegistry, name, version uint32) *%s {\n", t, t)
		b.f("o := new(%s)\nr.Bind(name, o, &protocol.%sInterface, version)\nreturn o\n}\n\n", t, t)
	}
}

func (g *generator) clientEvents(b *buffer, i *iface) {
	t := camel(i.name)
	b.f("// HandleMessage implements wire.Object.\n")
	if len(i.events) == 0 {
		b.f("func (r *%s) HandleMessage(uint16, *wire.Args) {}\n\n", t)
		return
	}
	b.f("func (r *%s) HandleMessage(op uint16, a *wire.Args) {\nswitch op {\n", t)
	for op, m := range i.events {
		b.f("case %d:\n", op)
		var names []string
		for _, a := range m.args {
			g.decode(b, i, a)
			names = append(names, local(a.name))
		}
		handler := "r.On" + camel(m.name)
		call := handler + "(" + strings.Join(names, ", ") + ")\n"
		n := m.newID()
		if n == nil {
			b.f("if a.End() && %s != nil {\n%s}\n", handler, call)
			continue
		}
		v := local(n.name)
		b.f("if a.End() {\n%s := new(%s)\n", v, camel(n.ref))
		b.f("r.Client().Adopt(%s, &protocol.%sInterface, %sID, r.Version())\n", v, camel(n.ref), v)
		b.f("if %s != nil {\n%s}", handler, call)
		if d := g.plainDestructor(n.ref); d != "" {
			b.f(" else {\n%s.%s()\n}", v, d)
		}
		b.f("\n}\n")
	}
	b.f("}\n}\n\n")
}

// plainDestructor names the request that ends an object and needs nothing.
func (g *generator) plainDestructor(name string) string {
	for _, m := range g.ifaces[name].requests {
		if m.destructor && len(m.args) == 0 && m.since == 1 {
			return camel(m.name)
		}
	}
	return ""
}

// clientParams are the parameters of an event handler (in) or a request.
func (g *generator) clientParams(i *iface, m *message, in bool) string {
	var list []string
	for _, a := range m.args {
		v := local(a.name)
		if a.kind == "new_id" && !in {
			if a.ref == "" {
				list = append(list, v+" wire.ClientObject", v+"Interface *wire.Interface", v+"Version uint32")
			}
			continue
		}
		list = append(list, v+" "+g.goType(i, a, in))
	}
	return strings.Join(list, ", ")
}

func (g *generator) clientRequest(b *buffer, i *iface, op int, m *message) {
	t, name := camel(i.name), camel(m.name)
	n := m.newID()
	if n != nil && n.ref == "" {
		n = nil
	}
	result, none := "", ""
	if n != nil {
		result, none = "*"+camel(n.ref), " new("+camel(n.ref)+")"
	}
	b.f("// %s sends %s.%s", name, i.name, m.name)
	if m.since > 1 {
		b.f(" (since version %d)", m.since)
	}
	if m.destructor {
		b.f(" and ends the object")
	}
	b.f(".\nfunc (r *%s) %s(%s) %s {\n", t, name, g.clientParams(i, m, false), result)
	if m.destructor && n == nil {
		g.clientDestructor(b, op, m)
		return
	}
	b.f("if r == nil {\nreturn%s\n}\nw := r.Request(%d, %d)\nif w == nil {\nreturn%s\n}\n", none, op, m.since, none)
	g.clientArgs(b, m)
	b.f("w.End()\n")
	if m.destructor {
		b.f("r.Client().End(r)\n")
	}
	if n != nil {
		b.f("return %s\n", local(n.name))
	}
	b.f("}\n\n")
}

// clientDestructor writes the body of a destructor request. The object ends
// even if it is too old to tell the server.
func (g *generator) clientDestructor(b *buffer, op int, m *message) {
	b.f("if r == nil || !r.Alive() {\nreturn\n}\n")
	if m.since > 1 {
		b.f("if r.Version() >= %d {\n", m.since)
	}
	b.f("if w := r.Request(%d, %d); w != nil {\n", op, m.since)
	g.clientArgs(b, m)
	b.f("w.End()\n}\n")
	if m.since > 1 {
		b.f("}\n")
	}
	b.f("r.Client().End(r)\n}\n\n")
}

func (g *generator) clientArgs(b *buffer, m *message) {
	for _, a := range m.args {
		if a.kind != "new_id" {
			g.encode(b, a, "Proxy")
			continue
		}
		v := local(a.name)
		if a.ref == "" {
			b.f("w.String(%sInterface.Name)\nw.Uint(%sVersion)\nw.New(%s, %sInterface, %sVersion)\n", v, v, v, v, v)
			continue
		}
		if g.pools[a.ref] > 0 {
			b.f("%s, _ := r.Client().Recycled(&protocol.%sInterface).(*%s)\nif %s == nil {\n%s = new(%s)\n}\n",
				v, camel(a.ref), camel(a.ref), v, v, camel(a.ref))
		} else {
			b.f("%s := new(%s)\n", v, camel(a.ref))
		}
		b.f("w.New(%s, &protocol.%sInterface, r.Version())\n", v, camel(a.ref))
	}
}
