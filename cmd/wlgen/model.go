package main

import (
	"fmt"
	"strings"
)

// protocol is one protocol, however it was read.
type protocol struct {
	name   string
	source string // where its facts are from
	ifaces []*iface
}

type iface struct {
	name     string
	version  int
	requests []*message
	events   []*message
	enums    []*enum
}

type message struct {
	name       string
	since      int
	destructor bool
	args       []arg
}

type arg struct {
	name string
	kind string // int uint fixed string array fd object new_id
	ref  string // interface of an object or new_id, enum of an int or uint
	null bool
}

type enum struct {
	name     string
	bitfield bool
	since    int
	entries  []entry
}

type entry struct {
	name  string
	value string // as written, decimal or hexadecimal
	since int
}

var kinds = map[string]string{
	"int": "i", "uint": "u", "fixed": "f", "string": "s", "array": "a", "fd": "h", "object": "o", "new_id": "n",
}

// signature is the letters package wire knows a message by.
func (m *message) signature() string {
	var s strings.Builder
	for _, a := range m.args {
		if a.null {
			s.WriteByte('?')
		}
		if a.kind == "new_id" && a.ref == "" {
			s.WriteByte('N')
			continue
		}
		s.WriteString(kinds[a.kind])
	}
	return s.String()
}

// fds counts the descriptors a message carries.
func (m *message) fds() int {
	n := 0
	for _, a := range m.args {
		if a.kind == "fd" {
			n++
		}
	}
	return n
}

// newID returns the argument that names the object a message creates.
func (m *message) newID() *arg {
	for i := range m.args {
		if m.args[i].kind == "new_id" {
			return &m.args[i]
		}
	}
	return nil
}

func (i *iface) enum(name string) *enum {
	for _, e := range i.enums {
		if e.name == name {
			return e
		}
	}
	return nil
}

// check finds what the generators cannot express.
func (p *protocol) check() error {
	for _, i := range p.ifaces {
		for _, list := range [][]*message{i.requests, i.events} {
			for _, m := range list {
				ids := 0
				for _, a := range m.args {
					if kinds[a.kind] == "" {
						return fmt.Errorf("%s.%s: argument %s has unknown type %q", i.name, m.name, a.name, a.kind)
					}
					if a.kind == "new_id" {
						ids++
					}
					if a.null && a.kind != "string" && a.kind != "object" {
						return fmt.Errorf("%s.%s: argument %s of type %s cannot be null", i.name, m.name, a.name, a.kind)
					}
				}
				if ids > 1 {
					return fmt.Errorf("%s.%s creates %d objects", i.name, m.name, ids)
				}
				if m.since > i.version {
					return fmt.Errorf("%s.%s is since %d, the interface has %d", i.name, m.name, m.since, i.version)
				}
			}
		}
	}
	return nil
}
