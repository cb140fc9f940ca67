package controltest

import (
	"time"

	"rayos/shell/control"
)

// Conductor returns one whose calls are logged and that has two tasks.
func (s *Session) Conductor() control.Conductor { return conductor{s} }

type conductor struct{ s *Session }

func (c conductor) Snapshot(done func(control.ConductorSnapshot, error)) {
	done(control.ConductorSnapshot{Line: "s1_running=0 conductor_running=1", Queued: 1, Active: 1, Kinds: []string{"dream", "tidy"}}, c.s.do("snapshot"))
}

func (c conductor) Submit(t control.TaskSpec, wait bool, done func(uint64, error)) func() {
	done(7, c.s.do("submit %s %q %s %q %d %v", t.Kind, t.Args, t.Level, t.Key, t.After, wait))
	return nil
}

func (c conductor) Cancel(id uint64, done func(error)) { done(c.s.do("conductor cancel %d", id)) }

func (c conductor) Tail(n int, done func([]control.Task, error)) {
	done([]control.Task{
		{ID: 1, Kind: "tidy", Level: "low", State: "failed", Attempt: 2, Age: 1500 * time.Microsecond, Reason: "no \x1b[31m", Key: "k"},
		{ID: 2, Kind: "dream", Level: "dream", State: "running", Attempt: 1, Age: time.Second},
	}, c.s.do("tail %d", n))
}

func (c conductor) Run(on bool, done func(error)) { done(c.s.do("conductor run %v", on)) }

func (c conductor) Dreams(do control.DreamAction, done func(control.Dreams, error)) {
	done(control.Dreams{State: "awake", Jobs: []string{"conductor.batch"}, History: []control.DreamEntry{
		{At: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), Job: "conductor.batch", Step: "kept", Seed: 1, Before: 900, After: 700},
	}}, c.s.do("dreams %s", do))
}
