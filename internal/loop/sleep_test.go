package loop

import (
	"runtime"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// TestBriefWaits: the loop blocks while waits are brief, lets a collection in
// meanwhile, and parks again after a wait that is long.
func TestBriefWaits(t *testing.T) {
	l := newReal(t)
	in, out := pipe(t)
	turns := 0
	buf := make([]byte, 1)
	if _, err := l.Add(in, Readable, handlerFunc(func(Events) {
		if _, err := unix.Read(in, buf); err != nil {
			t.Error(err)
		}
		turns++
	})); err != nil {
		t.Fatal(err)
	}
	turn := func(want int) {
		t.Helper()
		for turns < want {
			dispatch(t, l, -1)
		}
	}
	l.sleep.brief = briefMost // as after as many brief waits
	send(t, out)
	turn(1)
	if l.sleep.parking {
		t.Error("the loop parked although waits are brief")
	}
	l.sleep.brief = briefMost
	go func() {
		runtime.GC()
		send(t, out)
	}()
	turn(2)
	l.sleep.brief = 100 * briefMost // signals alone would not end that
	tm := l.NewTimer(func() {})
	tm.Arm(l.Now() + 4*guardTime)
	for tm.Armed() {
		dispatch(t, l, -1)
	}
	if !l.sleep.parking || l.sleep.guarded {
		t.Errorf("after a long wait: parking %v, guarded %v; want true, false", l.sleep.parking, l.sleep.guarded)
	}
	send(t, out)
	turn(3)
}

// TestWaitsAreJudged by how long most of the last ones were.
func TestWaitsAreJudged(t *testing.T) {
	var s sleeper
	for range briefFrom {
		s.took(briefWait / 2)
	}
	if s.brief < briefFrom {
		t.Errorf("brief is %d after %d brief waits; want %d", s.brief, briefFrom, briefFrom)
	}
	for range 100 { // as a client does that draws at each refresh
		s.took(briefWait / 2)
		s.took(16 * time.Millisecond)
	}
	if s.brief >= briefFrom {
		t.Errorf("brief is %d while every other wait is long; want less than %d", s.brief, briefFrom)
	}
}
