package controltest

import (
	"log/slog"
	"time"

	"rayos/shell/control"
	"rayos/shell/control/runner"
	"rayos/shell/syslog"
)

type observer struct{ s *Session }

// Observer implements control.Session.
func (s *Session) Observer() control.Observer { return observer{s} }

// Log implements control.Observer: there is one line.
func (o observer) Log(after uint64, _ bool, done func([]syslog.Entry)) func() {
	if after > 0 {
		return nil
	}
	done([]syslog.Entry{{Seq: 1, At: time.Unix(0, 0).UTC(), Level: slog.LevelWarn, Subsystem: syslog.UI, Text: "a line"}})
	return nil
}

// Processes implements control.Observer.
func (o observer) Processes() control.Processes {
	return control.Processes{
		Session: o.s.Stats(),
		Clients: []control.ClientProcess{{PID: 7, Name: "foot", Trust: "host", Connections: 1, Surfaces: 2, Bytes: 4096}},
		Outputs: []control.OutputFrames{{Name: "HEADLESS-1", Frames: 10, Spent: 20 * time.Millisecond, Refresh: time.Second / 60}},
		Tasks:   []runner.Waiting{{ID: 3, From: "prompt", What: "SHOW_LINUX_DESKTOP", Machine: "linux", Running: true}},
	}
}

// End implements control.Observer.
func (o observer) End(pid int32, kill bool) error { return o.s.do("end %d %v", pid, kill) }

// Nice implements control.Observer.
func (o observer) Nice(pid int32, nice int) error { return o.s.do("nice %d %d", pid, nice) }

// Cancel implements control.Observer.
func (o observer) Cancel(task uint64) error { return o.s.do("cancel %d", task) }
