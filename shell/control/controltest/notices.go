package controltest

import (
	"time"

	"rayos/shell/control"
)

// Notices returns two notifications; what is done with them is logged.
func (s *Session) Notices() control.Notices { return notices{s} }

type notices struct{ s *Session }

func (n notices) List() []control.Notice {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	return []control.Notice{
		{ID: 2, App: "chat \x1b[31m", Owner: "session", Summary: "hello", At: at, Urgency: "normal", Shown: true, Actions: []string{"open"}},
		{ID: 1, App: "a-1", Owner: "linux", Summary: "a-1 has failed", At: at, Urgency: "critical", Unread: true},
	}
}

func (n notices) Clear() { n.s.Log = append(n.s.Log, "notify clear") }

func (n notices) Dismiss(id uint32) error { return n.s.do("notify dismiss %d", id) }

func (n notices) Invoke(id uint32, action string) error {
	return n.s.do("notify invoke %d %s", id, action)
}

func (n notices) Quiet(on bool) {
	if err := n.s.do("notify quiet %v", on); err != nil {
		n.s.Log = append(n.s.Log, err.Error())
	}
}

func (n notices) Drawer(on bool) error { return n.s.do("notify drawer %v", on) }

// Media returns a player and sound at 40 %; what is done with them is logged.
func (s *Session) Media() control.Media { return media{s} }

type media struct{ s *Session }

func (m media) Players() []control.Player {
	return []control.Player{{Name: "player", Status: "playing", Title: "song \x1b[31m", Current: true}}
}

func (m media) Press(key string) error { return m.s.do("player %s", key) }

func (m media) Volume(c control.Change, done func(control.Level, error)) {
	l := control.Level{Percent: 40, Muted: c.Quiet != nil && *c.Quiet}
	done(l, m.s.do("volume %v %v", c.Set != nil, c.By))
}

func (m media) Microphone(muted *bool, toggle bool, done func(control.Microphone, error)) {
	done(control.Microphone{Muted: muted != nil && *muted}, m.s.do("microphone %v %v", muted != nil, toggle))
}

func (m media) Brightness(c control.Change, done func(control.Level, error)) {
	done(control.Level{Percent: 40}, m.s.do("brightness %v %v", c.Set != nil, c.By))
}
