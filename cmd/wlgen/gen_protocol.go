package main

import (
	"strconv"
	"strings"
)

// descriptors generates the interface descriptors and enums of one protocol.
func (g *generator) descriptors(out *buffer, p *protocol) {
	var b buffer
	g.table(&b, p)
	for _, i := range p.ifaces {
		for _, e := range i.enums {
			g.enumCode(&b, i, e)
		}
	}
	out.f("package protocol\n\n")
	out.imports(&b, "strconv", "rayos/surfaces/wire")
}

func (g *generator) table(b *buffer, p *protocol) {
	b.f("// Interfaces of %s (%s).\nvar (\n", p.name, p.source)
	for _, i := range p.ifaces {
		b.f("%sInterface = wire.Interface{\nName: %q, Version: %d,", camel(i.name), i.name, i.version)
		if n := g.pools[i.name]; n > 0 {
			b.f("Pool: %d,", n)
		}
		b.f("\n")
		messages(b, "Requests", i.requests)
		messages(b, "Events", i.events)
		b.f("}\n")
	}
	b.f(")\n\n")
	var links buffer
	for _, i := range p.ifaces {
		link(&links, i, "Requests", i.requests)
		link(&links, i, "Events", i.events)
	}
	if links.Len() > 0 {
		b.f("func init() {\n%s}\n\n", links.Bytes())
	}
}

// link sets Message.New, which would be an initialization cycle in the table.
func link(b *buffer, i *iface, list string, ms []*message) {
	for op, m := range ms {
		if n := m.newID(); n != nil && n.ref != "" {
			b.f("%sInterface.%s[%d].New = &%sInterface\n", camel(i.name), list, op, camel(n.ref))
		}
	}
}

func messages(b *buffer, field string, ms []*message) {
	if len(ms) == 0 {
		return
	}
	b.f("%s: []wire.Message{\n", field)
	for _, m := range ms {
		b.f("{Name: %q, Since: %d", m.name, m.since)
		if m.destructor {
			b.f(", Destructor: true")
		}
		if s := m.signature(); s != "" {
			b.f(", Signature: %q", s)
		}
		if n := m.fds(); n > 0 {
			b.f(", FDs: %d", n)
		}
		b.f("},\n")
	}
	b.f("},\n")
}

func (g *generator) enumCode(b *buffer, i *iface, e *enum) {
	t := camel(i.name) + camel(e.name)
	kind := "enum"
	if e.bitfield {
		kind = "bitfield"
	}
	b.f("// %s is the %s %s.%s.\ntype %s uint32\n\n", t, kind, i.name, e.name, t)
	b.f("// Values of %s.\nconst (\n", t)
	for _, en := range e.entries {
		b.f("%s%s %s = %s", t, camel(en.name), t, en.value)
		if en.since > 1 {
			b.f(" // since %d", en.since)
		}
		b.f("\n")
	}
	b.f(")\n\n")
	if e.bitfield {
		bitfieldMethods(b, t, e)
		return
	}
	// Two names of one value would be two cases.
	seen := map[uint64]bool{}
	var names, strs []string
	for _, en := range e.entries {
		v, err := strconv.ParseUint(en.value, 0, 32)
		if err != nil || seen[v] {
			continue
		}
		seen[v] = true
		names = append(names, t+camel(en.name))
		strs = append(strs, en.name)
	}
	b.f("// Valid reports whether v is a value of the enum.\nfunc (v %s) Valid() bool {\n", t)
	b.f("switch v {\ncase %s:\nreturn true\n}\nreturn false\n}\n\n", strings.Join(names, ", "))
	b.f("// String returns the protocol's name of v.\nfunc (v %s) String() string {\nswitch v {\n", t)
	for n := range names {
		b.f("case %s:\nreturn %q\n", names[n], strs[n])
	}
	b.f("}\nreturn strconv.FormatUint(uint64(v), 10)\n}\n\n")
}

func bitfieldMethods(b *buffer, t string, e *enum) {
	var all []string
	for _, en := range e.entries {
		all = append(all, t+camel(en.name))
	}
	b.f("// Valid reports whether v has no other bits than those of the enum.\nfunc (v %s) Valid() bool {\n", t)
	b.f("return v&^(%s) == 0\n}\n\n", strings.Join(all, "|"))
	b.f("// String returns the bits of v in hexadecimal.\nfunc (v %s) String() string {\n", t)
	b.f("return \"0x\" + strconv.FormatUint(uint64(v), 16)\n}\n\n")
}
