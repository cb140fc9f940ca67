package main

import (
	"encoding/xml"
	"fmt"
	"io"
)

type xmlProtocol struct {
	Name       string         `xml:"name,attr"`
	Interfaces []xmlInterface `xml:"interface"`
}

type xmlInterface struct {
	Name     string       `xml:"name,attr"`
	Version  int          `xml:"version,attr"`
	Requests []xmlMessage `xml:"request"`
	Events   []xmlMessage `xml:"event"`
	Enums    []xmlEnum    `xml:"enum"`
}

type xmlMessage struct {
	Name  string   `xml:"name,attr"`
	Type  string   `xml:"type,attr"`
	Since int      `xml:"since,attr"`
	Args  []xmlArg `xml:"arg"`
}

type xmlArg struct {
	Name      string `xml:"name,attr"`
	Type      string `xml:"type,attr"`
	Interface string `xml:"interface,attr"`
	Enum      string `xml:"enum,attr"`
	AllowNull bool   `xml:"allow-null,attr"`
}

type xmlEnum struct {
	Name     string     `xml:"name,attr"`
	Since    int        `xml:"since,attr"`
	Bitfield bool       `xml:"bitfield,attr"`
	Entries  []xmlEntry `xml:"entry"`
}

type xmlEntry struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
	Since int    `xml:"since,attr"`
}

// readXML reads a protocol as its authors publish it.
func readXML(r io.Reader) (*protocol, error) {
	var x xmlProtocol
	if err := xml.NewDecoder(r).Decode(&x); err != nil {
		return nil, fmt.Errorf("read protocol XML: %w", err)
	}
	p := &protocol{name: x.Name}
	for _, xi := range x.Interfaces {
		i := &iface{name: xi.Name, version: xi.Version}
		for _, m := range xi.Requests {
			i.requests = append(i.requests, m.message())
		}
		for _, m := range xi.Events {
			i.events = append(i.events, m.message())
		}
		for _, xe := range xi.Enums {
			e := &enum{name: xe.Name, bitfield: xe.Bitfield, since: max(xe.Since, 1)}
			for _, en := range xe.Entries {
				e.entries = append(e.entries, entry{en.Name, en.Value, max(en.Since, 1)})
			}
			i.enums = append(i.enums, e)
		}
		p.ifaces = append(p.ifaces, i)
	}
	return p, p.check()
}

func (x *xmlMessage) message() *message {
	m := &message{name: x.Name, since: max(x.Since, 1), destructor: x.Type == "destructor"}
	for _, a := range x.Args {
		ref := a.Interface
		if ref == "" {
			ref = a.Enum
		}
		m.args = append(m.args, arg{a.Name, a.Type, ref, a.AllowNull})
	}
	return m
}
