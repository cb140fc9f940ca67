package loop

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

func TestNowIsClockMonotonic(t *testing.T) {
	l := newReal(t)
	for range 100 {
		var a, b unix.Timespec
		unix.ClockGettime(unix.CLOCK_MONOTONIC, &a)
		now := l.Now()
		unix.ClockGettime(unix.CLOCK_MONOTONIC, &b)
		const slack = 10 * time.Microsecond
		if now < time.Duration(a.Nano())-slack || now > time.Duration(b.Nano())+slack {
			t.Fatalf("Now() = %d, outside of [%d, %d]", now, a.Nano(), b.Nano())
		}
	}
}

func TestFastClock(t *testing.T) {
	l, err := NewFast(1000)
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	start, began := l.Now(), time.Now()
	var fired []time.Duration
	for _, after := range []time.Duration{3 * time.Second, time.Second, -time.Hour} {
		l.NewTimer(func() { fired = append(fired, after) }).Arm(start + after)
	}
	for len(fired) < 3 {
		dispatch(t, l, -1)
	}
	took, passed := time.Since(began), l.Now()-start
	if want := []time.Duration{-time.Hour, time.Second, 3 * time.Second}; !slices.Equal(fired, want) {
		t.Errorf("fired %v; want %v", fired, want)
	}
	if passed < 3*time.Second || passed > 1000*(took+time.Millisecond) || passed < 900*(took-time.Millisecond) {
		t.Errorf("%v have passed in %v at 1000 times", passed, took)
	}
	if _, err := NewFast(0); err == nil {
		t.Error("a clock that stands still is no fast one")
	}
}

func TestTimerFiresOnTheRealClock(t *testing.T) {
	l := newReal(t)
	want := l.Now() + 3*time.Millisecond
	fired := time.Duration(0)
	late := l.NewTimer(func() { t.Error("the later timer fired") })
	late.Arm(want + time.Hour)
	l.NewTimer(func() { fired = l.Now() }).Arm(want)
	for fired == 0 {
		dispatch(t, l, -1)
	}
	if fired < want-time.Microsecond {
		t.Errorf("fired %v early", want-fired)
	}
	if !late.Armed() {
		t.Error("the later timer is not armed any more")
	}
}

func TestPeriodicTimerCostsOneWakeupPerPeriod(t *testing.T) {
	l := newReal(t)
	n := 0
	var tm *Timer
	tm = l.NewTimer(func() {
		if n++; n < 10 {
			tm.Arm(tm.At() + time.Millisecond)
		}
	})
	tm.Arm(l.Now() + time.Millisecond)
	before := l.Wakeups()
	for n < 10 {
		dispatch(t, l, -1)
	}
	// Signals may interrupt, and two periods may pass as one on a busy machine.
	if w := l.Wakeups() - before; w > 13 {
		t.Errorf("%d wakeups for 10 periods", w)
	}
}

func TestTimerArmedInThePastFiresNextTurn(t *testing.T) {
	for _, open := range []func(testing.TB) *Loop{newReal, newVirt} {
		l := open(t)
		n := 0
		var tm *Timer
		tm = l.NewTimer(func() { n++; tm.Arm(0) })
		tm.Arm(l.Now())
		for want := 1; want <= 3; want++ {
			dispatch(t, l, -1)
			if n != want {
				t.Fatalf("virtual=%v: fired %d times in %d turns", l.Virtual(), n, want)
			}
		}
		tm.Disarm()
		dispatch(t, l, 0)
		if n != 3 || tm.Armed() {
			t.Errorf("virtual=%v: fired after Disarm", l.Virtual())
		}
	}
}

func TestDisarmAndRearmWithinTheTurnThatWouldFire(t *testing.T) {
	l := newVirt(t)
	var got []string
	var b, c *Timer
	l.NewTimer(func() {
		got = append(got, "a")
		b.Disarm()
		c.Arm(l.Now() + 5)
	}).Arm(l.Now() + 1)
	b = l.NewTimer(func() { got = append(got, "b") })
	b.Arm(l.Now() + 1)
	c = l.NewTimer(func() { got = append(got, "c") })
	c.Arm(l.Now() + 1)
	l.Advance(1)
	if !slices.Equal(got, []string{"a"}) || b.Armed() || !c.Armed() {
		t.Fatalf("fired %q, b armed %v, c armed %v; want a, false, true", got, b.Armed(), c.Armed())
	}
	l.Advance(5)
	if !slices.Equal(got, []string{"a", "c"}) {
		t.Fatalf("fired %q; want a, c", got)
	}
}

func TestAdvanceTakesEachInstantInTurn(t *testing.T) {
	l := newVirt(t)
	start := l.Now()
	var got []time.Duration
	turns := 0
	l.AtTurnEnd(func() { turns++ })
	var tick *Timer
	tick = l.NewTimer(func() {
		got = append(got, l.Now()-start)
		tick.Arm(l.Now() + 10)
	})
	tick.Arm(start + 10)
	l.NewTimer(func() { got = append(got, -(l.Now() - start)) }).Arm(start + 20)
	l.Advance(35)
	if want := []time.Duration{10, -20, 20, 30}; !slices.Equal(got, want) {
		t.Errorf("fired at %v; want %v", got, want)
	}
	if turns != 4 {
		t.Errorf("%d turns; want one per instant and one at the end", turns)
	}
	if at, ok := l.NextTimer(); l.Now()-start != 35 || !ok || at-start != 40 {
		t.Errorf("clock at %v, next timer %v", l.Now()-start, at-start)
	}
	turns = 0
	l.Advance(5)
	if turns != 1 {
		t.Errorf("%d turns for a timer at the target; want 1", turns)
	}
}

// The heap against the plain definition: whatever is armed, in whatever order,
// fires by time and then by order of arming.
func TestTimersFireInOrder(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	l := newVirt(t)
	type shot struct {
		at  time.Duration
		seq uint64
	}
	var got []shot
	timers := make([]*Timer, 200)
	for i := range timers {
		timers[i] = l.NewTimer(func() { got = append(got, shot{timers[i].at, timers[i].seq}) })
	}
	for range 50 {
		for range 100 {
			tm := timers[rng.IntN(len(timers))]
			if rng.IntN(4) == 0 {
				tm.Disarm()
			} else {
				tm.Arm(l.Now() + time.Duration(rng.IntN(50)))
			}
		}
		var want []shot
		end := l.Now() + 25
		for _, tm := range timers {
			if tm.Armed() && tm.at <= end {
				want = append(want, shot{tm.at, tm.seq})
			}
		}
		slices.SortFunc(want, func(a, b shot) int {
			if a.at != b.at {
				return int(a.at - b.at)
			}
			return int(a.seq) - int(b.seq)
		})
		got = got[:0]
		l.Advance(25)
		if !slices.Equal(got, want) {
			t.Fatalf("fired %v; want %v", got, want)
		}
	}
}

func TestArmAllocatesNothing(t *testing.T) {
	l := newVirt(t)
	tm := l.NewTimer(func() {})
	tm.Arm(0)
	if n := testing.AllocsPerRun(100, func() { tm.Arm(5); tm.Disarm() }); n != 0 {
		t.Errorf("Arm and Disarm allocate %v times", n)
	}
}
