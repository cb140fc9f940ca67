package controltest

import "rayos/shell/control"

// Guard is not locked; that it is asked for is logged.
func (s *Session) Guard() control.Guard { return guard{s} }

type guard struct{ s *Session }

func (g guard) Lock(done func(error)) func() {
	done(g.s.do("lock"))
	return nil
}

func (guard) Locked() control.LockState { return control.LockState{} }

func (g guard) AskLeave(show bool) error {
	if show {
		return g.s.do("leave")
	}
	return g.s.do("leave --hide")
}

func (g guard) Leave(what control.Leave, sure bool, done func(error)) func() {
	line := string(what)
	if sure {
		line += " --yes"
	}
	done(g.s.do("%s", line))
	return nil
}
