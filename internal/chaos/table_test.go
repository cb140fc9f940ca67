package chaos

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"rayos/surfaces/protocol"
	"rayos/surfaces/wire"
)

// A table is what the compact protocol files say: unlike the descriptors that
// are generated from them, they name the interfaces of object arguments and the
// enums of numbers.
type table struct {
	ifaces map[string]*iface
	names  []string // sorted
}

type iface struct {
	name             string
	version          uint32
	requests, events []*message
	enums            map[string]*enum
	// creators are the requests that make an object of the interface.
	creators []creator
}

type creator struct {
	of *iface
	m  *message
}

type message struct {
	name       string
	op         uint16
	since      uint32
	destructor bool
	args       []arg
}

type arg struct {
	name, kind, ref string
	null            bool
	enum            *enum
}

type enum struct {
	bitfield bool
	values   []uint32
}

var protocols = sync.OnceValues(readTable)

func readTable() (*table, error) {
	paths, err := filepath.Glob("../../surfaces/protocol/xml/*.wl")
	if err != nil {
		return nil, err
	}
	t := &table{ifaces: map[string]*iface{}}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		if err := t.read(text); err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
	}
	t.link()
	return t, nil
}

// read takes the facts of one file; cmd/wlgen describes the form and checks it.
func (t *table) read(text []byte) error {
	var i *iface
	var e *enum
	for s := bufio.NewScanner(bytes.NewReader(text)); s.Scan(); {
		f := strings.Fields(s.Text())
		if len(f) < 2 {
			continue
		}
		switch f[0] {
		case "interface":
			v, err := strconv.ParseUint(f[2], 10, 32)
			if err != nil {
				return err
			}
			i = &iface{name: f[1], version: uint32(v), enums: map[string]*enum{}}
			t.ifaces[i.name] = i
			t.names = append(t.names, i.name)
		case "request":
			i.requests = append(i.requests, newMessage(f[1:], len(i.requests)))
		case "event":
			i.events = append(i.events, newMessage(f[1:], len(i.events)))
		case "enum":
			e = &enum{bitfield: slices.Contains(f, "bitfield")}
			i.enums[f[1]] = e
		case "entry":
			v, err := strconv.ParseUint(f[2], 0, 32)
			if err != nil {
				return err
			}
			e.values = append(e.values, uint32(v))
		}
	}
	return nil
}

func newMessage(f []string, op int) *message {
	m := &message{name: f[0], op: uint16(op), since: 1}
	for _, word := range f[1:] {
		name, kind, isArg := strings.Cut(word, ":")
		since, isSince := strings.CutPrefix(word, "since=")
		switch {
		case isArg:
			a := arg{name: name}
			a.kind, a.null = strings.CutSuffix(kind, "?")
			if k, ref, ok := strings.Cut(a.kind, "<"); ok {
				a.kind, a.ref = k, strings.TrimSuffix(ref, ">")
			}
			m.args = append(m.args, a)
		case isSince:
			v, _ := strconv.ParseUint(since, 10, 32) // wlgen has read it too
			m.since = uint32(v)
		case word == "destructor":
			m.destructor = true
		}
	}
	return m
}

// link finds what the names in arguments stand for.
func (t *table) link() {
	slices.Sort(t.names)
	for _, name := range t.names {
		i := t.ifaces[name]
		for _, m := range i.requests {
			for n := range m.args {
				a := &m.args[n]
				switch {
				case a.kind == "new_id" && a.ref != "":
					made := t.ifaces[a.ref]
					made.creators = append(made.creators, creator{i, m})
				case a.ref != "" && a.kind != "object":
					of, enum := i, a.ref
					if other, inner, ok := strings.Cut(a.ref, "."); ok {
						of, enum = t.ifaces[other], inner
					}
					a.enum = of.enums[enum]
				}
			}
		}
	}
}

func (i *iface) request(name string) *message {
	for _, m := range i.requests {
		if m.name == name {
			return m
		}
	}
	panic("no request " + i.name + "." + name)
}

func (m *message) signature() string {
	var s strings.Builder
	for _, a := range m.args {
		if a.null {
			s.WriteByte('?')
		}
		letter := map[string]string{
			"int": "i", "uint": "u", "fixed": "f", "string": "s", "array": "a", "fd": "h", "object": "o", "new_id": "n",
		}[a.kind]
		if a.kind == "new_id" && a.ref == "" {
			letter = "N"
		}
		s.WriteString(letter)
	}
	return s.String()
}

// TestTableIsThatOfTheDescriptors: the streams are no good if the table has
// been read wrong.
func TestTableIsThatOfTheDescriptors(t *testing.T) {
	tab, err := protocols()
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range []*wire.Interface{
		&protocol.WlDisplayInterface, &protocol.WlSurfaceInterface, &protocol.WlShmPoolInterface, &protocol.XdgToplevelInterface,
		&protocol.ZwlrLayerShellV1Interface, &protocol.ZwpVirtualKeyboardV1Interface, &protocol.ExtImageCopyCaptureFrameV1Interface,
		&protocol.XdgSurfaceInterface, &protocol.WlDataOfferInterface, &protocol.ZwlrOutputHeadV1Interface,
	} {
		i := tab.ifaces[d.Name]
		if i == nil || i.version != d.Version || len(i.requests) != len(d.Requests) || len(i.events) != len(d.Events) {
			t.Errorf("%s is %+v", d.Name, i)
			continue
		}
		for n, m := range i.requests {
			w := d.Requests[n]
			if m.name != w.Name || m.since != w.Since || m.destructor != w.Destructor || m.signature() != w.Signature {
				t.Errorf("%s.%s is %+v; want %+v", d.Name, m.name, m, w)
			}
		}
	}
	if len(tab.names) < 120 {
		t.Errorf("%d interfaces", len(tab.names))
	}
}
