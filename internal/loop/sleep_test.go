package loop

import (
	"os"
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

// TestOthersAreServed: while the loop's thread blocks, goroutines that wait for
// descriptors are served, also if the loop's thread was the one that waited for
// all of them.
func TestOthersAreServed(t *testing.T) {
	if runtime.GOMAXPROCS(0) < 2 {
		t.Skip("one processor: the others wait for the guard")
	}
	l := newReal(t)
	l.sleep.guardEvery = time.Hour
	fd, err := unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_CLOEXEC|unix.TFD_NONBLOCK)
	if err != nil {
		t.Fatal(err)
	}
	file := os.NewFile(uintptr(fd), "timerfd")
	rang, stop := 0, make(chan struct{})
	go func() {
		defer close(stop)
		for buf := make([]byte, 8); ; {
			if _, err := file.Read(buf); err != nil {
				return
			}
			l.Post(func() { rang++ })
		}
	}()
	late := time.AfterFunc(20*time.Second, func() { panic("nobody looks at the runtime's descriptors") })
	defer late.Stop()
	for round := range 50 {
		l.sleep.brief = 0
		tm := l.NewTimer(func() {})
		tm.Arm(l.Now() + time.Millisecond)
		for tm.Armed() {
			dispatch(t, l, -1) // parks
		}
		spec := unix.ItimerSpec{Value: unix.NsecToTimespec(int64(2 * time.Millisecond))}
		if err := unix.TimerfdSettime(fd, 0, &spec, nil); err != nil {
			t.Fatal(err)
		}
		l.sleep.brief = briefMost
		for rang <= round {
			dispatch(t, l, -1) // blocks
		}
	}
	if err := file.Close(); err != nil {
		t.Error(err)
	}
	<-stop
}
