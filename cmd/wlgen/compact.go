package main

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// The compact form of a protocol has one fact on a line:
//
//	# a comment
//	protocol xdg_shell
//	source wayland-protocols 1.43, stable/xdg-shell/xdg-shell.xml
//	interface xdg_wm_base 7
//	request destroy destructor
//	request get_xdg_surface id:new_id<xdg_surface> surface:object<wl_surface>
//	event ping serial:uint
//	enum error
//	entry role 0
//
// Messages come in the order of their opcodes. "since=N" follows a message, an
// enum or an entry that is younger than its interface, "destructor" a message,
// "bitfield" an enum; a "?" ends an argument that may be null.

// writeCompact writes p in the compact form.
func writeCompact(w io.Writer, p *protocol) error {
	b := bufio.NewWriter(w)
	fmt.Fprintf(b, "protocol %s\nsource %s\n", p.name, p.source)
	for _, i := range p.ifaces {
		fmt.Fprintf(b, "\ninterface %s %d\n", i.name, i.version)
		for _, m := range i.requests {
			writeMessage(b, "request", m)
		}
		for _, m := range i.events {
			writeMessage(b, "event", m)
		}
		for _, e := range i.enums {
			fmt.Fprintf(b, "enum %s", e.name)
			if e.bitfield {
				b.WriteString(" bitfield")
			}
			writeSince(b, e.since)
			b.WriteByte('\n')
			for _, en := range e.entries {
				fmt.Fprintf(b, "entry %s %s", en.name, en.value)
				writeSince(b, en.since)
				b.WriteByte('\n')
			}
		}
	}
	if err := b.Flush(); err != nil {
		return fmt.Errorf("write protocol %s: %w", p.name, err)
	}
	return nil
}

func writeMessage(b *bufio.Writer, kind string, m *message) {
	fmt.Fprintf(b, "%s %s", kind, m.name)
	if m.destructor {
		b.WriteString(" destructor")
	}
	writeSince(b, m.since)
	for _, a := range m.args {
		fmt.Fprintf(b, " %s:%s", a.name, a.kind)
		if a.ref != "" {
			fmt.Fprintf(b, "<%s>", a.ref)
		}
		if a.null {
			b.WriteByte('?')
		}
	}
	b.WriteByte('\n')
}

func writeSince(b *bufio.Writer, since int) {
	if since > 1 {
		fmt.Fprintf(b, " since=%d", since)
	}
}

// compactReader reads the compact form line by line.
type compactReader struct {
	p    *protocol
	i    *iface
	e    *enum
	line int
}

// readCompact reads the compact form.
func readCompact(r io.Reader) (*protocol, error) {
	c := compactReader{p: &protocol{}}
	s := bufio.NewScanner(r)
	for s.Scan() {
		c.line++
		text := strings.TrimSpace(s.Text())
		if text == "" || text[0] == '#' {
			continue
		}
		if err := c.read(text); err != nil {
			return nil, fmt.Errorf("line %d: %w", c.line, err)
		}
	}
	if err := s.Err(); err != nil {
		return nil, fmt.Errorf("read protocol: %w", err)
	}
	if c.p.name == "" || c.p.source == "" {
		return nil, fmt.Errorf("protocol or source line missing")
	}
	return c.p, c.p.check()
}

func (c *compactReader) read(text string) error {
	word, rest, _ := strings.Cut(text, " ")
	f := strings.Fields(rest)
	if len(f) == 0 {
		return fmt.Errorf("%s without a name", word)
	}
	if c.i == nil && word != "protocol" && word != "source" && word != "interface" {
		return fmt.Errorf("%s before the first interface", word)
	}
	switch word {
	case "protocol":
		c.p.name = f[0]
	case "source":
		c.p.source = rest
	case "interface":
		if len(f) != 2 {
			return fmt.Errorf("interface wants a name and a version")
		}
		v, err := strconv.Atoi(f[1])
		if err != nil {
			return fmt.Errorf("version of %s: %w", f[0], err)
		}
		c.i = &iface{name: f[0], version: v}
		c.e = nil
		c.p.ifaces = append(c.p.ifaces, c.i)
	case "request", "event":
		m, err := readMessage(f)
		if err != nil {
			return err
		}
		if word == "request" {
			c.i.requests = append(c.i.requests, m)
		} else {
			c.i.events = append(c.i.events, m)
		}
	case "enum":
		c.e = &enum{name: f[0], since: 1}
		for _, o := range f[1:] {
			if o == "bitfield" {
				c.e.bitfield = true
			} else if err := readSince(o, &c.e.since); err != nil {
				return err
			}
		}
		c.i.enums = append(c.i.enums, c.e)
	case "entry":
		if c.e == nil || len(f) < 2 {
			return fmt.Errorf("entry wants an enum before it, a name and a value")
		}
		if _, err := strconv.ParseUint(f[1], 0, 32); err != nil {
			return fmt.Errorf("value of %s: %w", f[0], err)
		}
		en := entry{f[0], f[1], 1}
		for _, o := range f[2:] {
			if err := readSince(o, &en.since); err != nil {
				return err
			}
		}
		c.e.entries = append(c.e.entries, en)
	default:
		return fmt.Errorf("unknown word %q", word)
	}
	return nil
}

func readMessage(f []string) (*message, error) {
	m := &message{name: f[0], since: 1}
	for _, o := range f[1:] {
		name, kind, isArg := strings.Cut(o, ":")
		switch {
		case o == "destructor":
			m.destructor = true
		case !isArg:
			if err := readSince(o, &m.since); err != nil {
				return nil, err
			}
		default:
			a := arg{name: name, kind: kind}
			a.kind, a.null = strings.CutSuffix(a.kind, "?")
			if k, ref, ok := strings.Cut(a.kind, "<"); ok {
				a.kind, a.ref = k, strings.TrimSuffix(ref, ">")
			}
			m.args = append(m.args, a)
		}
	}
	return m, nil
}

func readSince(word string, since *int) error {
	v, ok := strings.CutPrefix(word, "since=")
	if !ok {
		return fmt.Errorf("unknown word %q", word)
	}
	n, err := strconv.Atoi(v)
	if err != nil {
		return fmt.Errorf("%s: %w", word, err)
	}
	*since = n
	return nil
}
