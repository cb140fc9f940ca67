package controltest

import (
	"rayos/shell/control"
	"rayos/shell/settings"
)

type preferences struct{ s *Session }

// Preferences implements control.Session.
func (s *Session) Preferences() control.Preferences { return preferences{s} }

// Settings implements control.Preferences: all are the defaults.
func (p preferences) Settings() []settings.Value {
	store, _ := settings.Open("")
	return store.All()
}

// Set implements control.Preferences.
func (p preferences) Set(name, value string, done func(error)) {
	done(p.s.do("set %s %q", name, value))
}

// Layouts implements control.Preferences.
func (p preferences) Layouts() []control.Layout {
	return []control.Layout{{N: 0, Name: "English \x1b[31m", Used: true}, {N: 1, Name: "German"}}
}

// SetLayout implements control.Preferences.
func (p preferences) SetLayout(n int) error { return p.s.do("layout %d", n) }

// SetOutput implements control.Preferences.
func (p preferences) SetOutput(name string, c control.OutputChange) error {
	if c.At != nil {
		return p.s.do("output %s at %v", name, *c.At)
	}
	return p.s.do("output %s %v %v %s", name, c.Scale, c.Size, c.Transform)
}
