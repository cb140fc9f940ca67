package loop

import (
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func newReal(t testing.TB) *Loop { return open(t, New) }

func newVirt(t testing.TB) *Loop { return open(t, NewVirtual) }

func open(t testing.TB, fn func() (*Loop, error)) *Loop {
	t.Helper()
	l, err := fn()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l
}

func dispatch(t testing.TB, l *Loop, timeout time.Duration) {
	t.Helper()
	if err := l.Dispatch(timeout); err != nil {
		t.Fatal(err)
	}
}

func pipe(t testing.TB) (r, w int) {
	t.Helper()
	var p [2]int
	if err := unix.Pipe2(p[:], unix.O_CLOEXEC|unix.O_NONBLOCK); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { unix.Close(p[0]); unix.Close(p[1]) })
	return p[0], p[1]
}

var oneByte = []byte{1}

func send(t testing.TB, fd int) {
	t.Helper()
	if _, err := unix.Write(fd, oneByte); err != nil {
		t.Fatal(err)
	}
}

type handlerFunc func(Events)

func (f handlerFunc) Ready(ev Events) { f(ev) }

func TestTurnOrder(t *testing.T) {
	l := newReal(t)
	r, w := pipe(t)
	var got []string
	note := func(s string) { got = append(got, s) }
	src, err := l.Add(r, Readable, handlerFunc(func(Events) {
		note("source")
		var b [8]byte
		unix.Read(r, b[:])
		l.Idle(func() {
			note("idle")
			l.Idle(func() { note("idle of idle") })
		})
		l.Post(func() { note("post") })
	}))
	if err != nil {
		t.Fatal(err)
	}
	defer src.Remove()
	l.AtTurnEnd(func() { note("hook 1") })
	l.AtTurnEnd(func() { note("hook 2") })
	l.NewTimer(func() { note("timer") }).Arm(l.Now())
	send(t, w)
	dispatch(t, l, -1)
	want := []string{"source", "timer", "post", "idle", "idle of idle", "hook 1", "hook 2"}
	if len(got) != len(want) {
		t.Fatalf("turn ran %q; want %q", got, want)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Fatalf("turn ran %q; want %q", got, want)
		}
	}
}

func TestIdleFromHookRunsInNextTurnWithoutWaiting(t *testing.T) {
	l := newVirt(t)
	ran, asked := 0, false
	l.AtTurnEnd(func() {
		if !asked {
			asked = true
			l.Idle(func() { ran++ })
		}
	})
	dispatch(t, l, 0)
	if ran != 0 {
		t.Fatal("idle function of a hook ran in the hook's turn")
	}
	dispatch(t, l, -1) // must not block
	if ran != 1 {
		t.Fatalf("idle function ran %d times; want 1", ran)
	}
}

func TestIdleLoopSleeps(t *testing.T) {
	l := newReal(t)
	l.NewTimer(func() {}).Arm(l.Now() + time.Hour)
	disarmed := l.NewTimer(func() { t.Error("disarmed timer fired") })
	disarmed.Arm(l.Now() + 5*time.Millisecond)
	dispatch(t, l, 0) // the timerfd is set by now
	disarmed.Disarm()
	done := make(chan error)
	before := l.Wakeups()
	go func() { done <- l.Run() }()
	stop := time.AfterFunc(50*time.Millisecond, l.Stop)
	defer stop.Stop()
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	if n := l.Wakeups() - before; n != 1 {
		t.Errorf("idle loop woke %d times; want 1, for Stop", n)
	}
}

func TestStopBeforeRun(t *testing.T) {
	l := newReal(t)
	l.Stop()
	if err := l.Run(); err != nil {
		t.Fatal(err)
	}
	l.Post(l.Stop)
	if err := l.Run(); err != nil {
		t.Fatal(err)
	}
}

func TestPostIsOrderedAndWakesOnce(t *testing.T) {
	l := newReal(t)
	var got []int
	for i := range 100 {
		l.Post(func() { got = append(got, i) })
	}
	before := l.Wakeups()
	dispatch(t, l, -1)
	dispatch(t, l, 0)
	if n := l.Wakeups() - before; n != 2 {
		t.Errorf("%d wakeups; want 2", n)
	}
	if len(got) != 100 {
		t.Fatalf("%d posts ran; want 100", len(got))
	}
	for i, v := range got {
		if v != i {
			t.Fatalf("post %d ran as number %d", v, i)
		}
	}
}

func TestPostFromManyGoroutines(t *testing.T) {
	const goroutines, each = 8, 500
	l := newReal(t)
	last := make([]int, goroutines)
	total := 0
	var wg sync.WaitGroup
	for g := range goroutines {
		wg.Go(func() {
			for i := 1; i <= each; i++ {
				l.Post(func() {
					if last[g] != i-1 {
						t.Errorf("goroutine %d: post %d came after %d", g, i, last[g])
					}
					last[g] = i
					if total++; total == goroutines*each {
						l.Stop()
					}
				})
			}
		})
	}
	if err := l.Run(); err != nil {
		t.Fatal(err)
	}
	wg.Wait()
}

func TestPostAfterCloseIsDropped(t *testing.T) {
	l, err := New()
	if err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	l.Post(func() { t.Error("ran") })
	l.Stop()
}

func TestPanicReachesTheCallerAndNothingIsLost(t *testing.T) {
	l := newVirt(t)
	var got []string
	boom := func() { panic("boom") }
	l.Post(boom)
	l.Post(func() { got = append(got, "post") })
	l.NewTimer(boom).Arm(l.Now())
	l.NewTimer(func() { got = append(got, "timer") }).Arm(l.Now())
	l.Idle(boom)
	l.Idle(func() { got = append(got, "idle") })
	panics := 0
	for range 4 {
		func() {
			defer func() {
				if recover() != nil {
					panics++
				}
			}()
			dispatch(t, l, 0)
		}()
	}
	if panics != 3 || len(got) != 3 {
		t.Errorf("%d panics, then ran %q; want 3 and timer, post, idle", panics, got)
	}
}

func TestSteadyStateAllocatesNothing(t *testing.T) {
	l := newReal(t)
	r, w := pipe(t)
	var buf [8]byte
	src, err := l.Add(r, Readable, handlerFunc(func(Events) { unix.Read(r, buf[:]) }))
	if err != nil {
		t.Fatal(err)
	}
	defer src.Remove()
	timer := l.NewTimer(func() {})
	far := l.NewTimer(func() {})
	nop := func() {}
	l.AtTurnEnd(nop)
	turn := func() {
		send(t, w)
		timer.Arm(l.Now())
		far.Arm(l.Now() + time.Hour)
		l.Post(nop)
		l.Idle(nop)
		dispatch(t, l, -1)
	}
	turn()
	if n := testing.AllocsPerRun(200, turn); n != 0 {
		t.Errorf("a turn allocates %v times", n)
	}
}

func BenchmarkTurn(b *testing.B) {
	l := newReal(b)
	r, w := pipe(b)
	var buf [8]byte
	src, err := l.Add(r, Readable, handlerFunc(func(Events) { unix.Read(r, buf[:]) }))
	if err != nil {
		b.Fatal(err)
	}
	defer src.Remove()
	b.ReportAllocs()
	for b.Loop() {
		send(b, w)
		dispatch(b, l, -1)
	}
}
