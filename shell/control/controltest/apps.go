package controltest

import "rayos/shell/control"

// Apps returns one app that runs; what is done with it is logged.
func (s *Session) Apps() control.Apps { return apps{s} }

type apps struct{ s *Session }

func (a apps) Run(name string, args []string, done func(string, error)) {
	done("started", a.s.do("run %s %q", name, args))
}

func (a apps) Running() []control.RunningApp {
	return []control.RunningApp{{
		ID: "org.example.Tally\x1b[31m", PID: 7, State: "running", Confined: "full", Permissions: []string{"network"}, Crashes: 1,
	}}
}

func (a apps) Stop(name string) error { return a.s.do("stop %s", name) }
