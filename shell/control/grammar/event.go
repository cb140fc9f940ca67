package grammar

import (
	"errors"
	"fmt"
	"strings"
)

// Tags of events.
const (
	EventTag  = "RAYOS_HOST_EVENT_V0:"
	legacyTag = "RAYOS_HOST_EVENT:" // read, never written
)

// HostLine is a line that came by a channel which only the host can write.
// Events are read from nothing else: a guest's console, a person's keyboard
// and a program's output can say whatever they like.
type HostLine struct{ text string }

// FromHost vouches for a line. It is called where the host's own channel is
// read and nowhere else.
func FromHost(line string) HostLine { return HostLine{line} }

// Event asks for something, or tells.
type Event struct {
	Op      *Op
	Payload string
}

// ErrNoEvent says that a line has no event in it.
var ErrNoEvent = errors.New("no event")

// EventError is an event that was refused.
type EventError struct {
	Op     string
	Detail Detail
	Why    string
}

func (e *EventError) Error() string { return fmt.Sprintf("event %.40s: %s", e.Op, e.Why) }

// ParseEvent reads an event. Its tag may stand anywhere in the line; what is
// before it is passed over, and carriage returns at the end. ErrNoEvent means
// that there is none, an *EventError that it is not as it must be.
func ParseEvent(line HostLine) (Event, error) {
	text := strings.TrimSuffix(line.text, "\n")
	text = strings.TrimRight(text, "\r")
	at, tag := strings.Index(text, EventTag), EventTag
	if old := strings.Index(text, legacyTag); at < 0 || old >= 0 && old < at {
		at, tag = old, legacyTag
	}
	if at < 0 {
		return Event{}, ErrNoEvent
	}
	name, payload, given := strings.Cut(text[at+len(tag):], ":")
	op := OpNamed(name)
	if op == nil || op.Payload == NoPayload && op.Verb == "" {
		return Event{}, &EventError{name, NotAvailable, "there is no such operation"}
	}
	if given && payload == "" {
		return Event{}, &EventError{name, Empty, "there is nothing behind the colon"}
	}
	e := Event{op, payload}
	if e.Op.Verb == "" {
		if payload != "PRESENTED" && payload != "HIDDEN" {
			return Event{}, &EventError{name, InvalidText, "want PRESENTED or HIDDEN"}
		}
		return e, nil
	}
	_, err := e.Command()
	return e, err
}

// Command returns what an event asks for. The machine is its kind's main one.
func (e Event) Command() (Command, error) {
	c := Command{Verb: e.Op.Verb, Kind: e.Op.Kind}
	bad := func(d Detail, why string) (Command, error) { return Command{}, &EventError{e.Op.Name, d, why} }
	p := e.Payload
	switch {
	case e.Op.Verb == "":
		return bad(NotAvailable, "it tells and doesn't ask")
	case e.Op.Payload == NoPayload && p != "":
		return bad(InvalidText, "it takes nothing")
	case e.Op.Payload != NoPayload && p == "":
		return bad(Empty, "want "+string(e.Op.Payload))
	case len(p) > e.Op.Max || !printableASCII(p):
		return bad(InvalidText, fmt.Sprintf("want at most %d printable ASCII characters", e.Op.Max))
	}
	var err error
	switch e.Op.Payload {
	case TextPayload:
		c.Text = p
	case KeysPayload:
		if c.Keys, err = ParseKeys(p); err != nil {
			return bad(InvalidKeys, err.Error())
		}
	case PointPayload:
		x, y, _ := strings.Cut(p, ":")
		var yerr error
		c.X, err = parseCoordinate(x)
		c.Y, yerr = parseCoordinate(y)
		if err := errors.Join(err, yerr); err != nil {
			return bad(InvalidPoint, "want x:y, each from 0 to 1")
		}
	case ClickPayload:
		if c.Button = p; !isButton(p) {
			return bad(UnknownButton, "want left, right or middle")
		}
	case AppPayload:
		if c.App = p; !printableWord(p) {
			return bad(InvalidText, "want one word")
		}
	case PathPayload:
		if c.Path = p; p[0] != '/' {
			return bad(InvalidText, "want an absolute path")
		}
	case RunPayload:
		c.App, c.Text, _ = strings.Cut(p, ":")
		if len(c.App) > MaxRunApp || !printableWord(c.App) {
			return bad(UnknownApp, fmt.Sprintf("want a name of at most %d characters", MaxRunApp))
		}
	}
	return c, nil
}

// Event returns the event that asks for a command. There is none for what
// ASCII can't say.
func (c *Command) Event() (Event, error) {
	op := c.Op()
	if op == nil {
		return Event{}, &EventError{string(c.Verb), NotAvailable, "no event asks for it"}
	}
	e := Event{Op: op}
	switch op.Payload {
	case TextPayload:
		e.Payload = c.Text
	case KeysPayload:
		e.Payload = c.Keys.String()
	case PointPayload:
		e.Payload = coordinate(c.X) + ":" + coordinate(c.Y)
	case ClickPayload:
		e.Payload = c.Button
	case AppPayload:
		e.Payload = c.App
	case PathPayload:
		e.Payload = c.Path
	case RunPayload:
		if e.Payload = c.App; c.Text != "" {
			e.Payload += ":" + c.Text
		}
	}
	if c.Bare {
		return e, &EventError{op.Name, NotAvailable, "no event types without Enter"}
	}
	_, err := e.Command()
	return e, err
}

// String returns the event as a line without its end.
func (e Event) String() string {
	if e.Payload == "" {
		return EventTag + e.Op.Name
	}
	return EventTag + e.Op.Name + ":" + e.Payload
}

// Redacted returns the line without what a person typed.
func (e Event) Redacted() string {
	switch e.Op.Payload {
	case TextPayload, KeysPayload:
		return fmt.Sprintf("%s%s:<%d bytes>", EventTag, e.Op.Name, len(e.Payload))
	}
	return e.String()
}

func printableASCII(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}
