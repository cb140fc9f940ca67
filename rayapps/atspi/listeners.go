package atspi

import "strings"

// Limits of what clients register.
const (
	maxClients = 256
	maxEvents  = 1024 // of all clients
)

// listeners are the clients of the bus that want to hear of something: those
// that have called, and those that have registered events at the registry.
type listeners struct {
	clients map[string]bool
	events  []registered
}

type registered struct {
	client string
	event  string // normal form
}

// any says whether somebody is there.
func (l *listeners) any() bool { return len(l.clients) > 0 || len(l.events) > 0 }

func (l *listeners) met(client string) {
	if l.clients == nil {
		l.clients = map[string]bool{}
	}
	if len(l.clients) < maxClients {
		l.clients[client] = true
	}
}

func (l *listeners) register(client, event string) {
	if len(l.events) < maxEvents && len(event) <= maxName {
		l.events = append(l.events, registered{client, normal(event)})
	}
}

// deregister takes back one registration.
func (l *listeners) deregister(client, event string) {
	event = normal(event)
	for i, e := range l.events {
		if e.client == client && e.event == event {
			l.events = append(l.events[:i], l.events[i+1:]...)
			return
		}
	}
}

// gone forgets a client that has left the bus.
func (l *listeners) gone(client string) {
	delete(l.clients, client)
	left := l.events[:0]
	for _, e := range l.events {
		if e.client != client {
			left = append(left, e)
		}
	}
	l.events = left
}

// wants says whether a signal is to be sent.
func (l *listeners) wants(e *event) bool {
	if e.cached && len(l.clients) > 0 {
		return true
	}
	name := normal(e.kind + ":" + e.member + ":" + e.detail)
	for i := range l.events {
		if strings.HasPrefix(name, l.events[i].event) {
			return true
		}
	}
	return false
}

// normal returns an event's name, "object:state-changed:focused" or
// "Object:StateChanged:focused", in one way of writing, as far as it is said.
func normal(event string) string {
	parts := strings.SplitN(strings.ToLower(strings.ReplaceAll(event, "-", "")), ":", 4)
	to := ""
	for i, p := range parts {
		if p == "" || i == 3 {
			break
		}
		to += p + ":"
	}
	return to
}
