package proctest

import (
	"testing"
	"time"
)

// TestIdleSleeps: with nothing to do the session does not even wake up, beside
// what asking it costs.
func TestIdleSleeps(t *testing.T) {
	s := Start(t)
	check := func(what string) {
		t.Helper()
		s.Settle()
		// Late work of a client that has just started may follow: only a
		// session that is awake in each of several seconds has no sleep.
		least := ^uint64(0)
		for range 4 {
			a := s.Stats().Wakeups
			asking := s.Stats().Wakeups - a
			b := s.Stats().Wakeups
			<-time.After(time.Second) // the measure: wakeups in a second
			n := s.Stats().Wakeups - b
			if n -= min(n, asking); n < least {
				least = n
			}
			if least <= 2 {
				return
			}
		}
		t.Errorf("%s: %d wakeups in a second; want at most 2", what, least)
	}
	check("no client")
	Need(t, "foot")
	shell(s)
	s.Call("input pointer", Args{"x": 2, "y": 2})
	check("a static window")
}
