package vblank

import (
	"testing"
	"time"

	"rayos/internal/loop"
)

func TestRetracesLieOnAFixedGrid(t *testing.T) {
	l, err := loop.NewVirtual()
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	start := l.Now()
	var at time.Duration
	var seq uint64
	fired := 0
	c := New(l, 100_000, func(a time.Duration, s uint64) { at, seq = a-start, s; fired++ })

	step := func(d, wantAt time.Duration, wantSeq uint64) {
		t.Helper()
		c.Request()
		c.Request() // asking twice is asking once
		fired = 0
		l.Advance(d)
		if fired != 1 || at != wantAt || seq != wantSeq {
			t.Errorf("fired %d times, last retrace %d at %v; want %d at %v", fired, seq, at, wantSeq, wantAt)
		}
	}
	const ms = time.Millisecond
	step(10*ms, 10*ms, 1)
	step(13*ms, 20*ms, 2) // now 23
	step(7*ms, 30*ms, 3)  // asked between the grid's points; now 30
	l.Advance(105 * ms)   // now 135, idle
	step(5*ms, 140*ms, 14)

	l.Advance(5 * ms)  // 145
	c.Request()        // for 150
	c.SetRefresh(50e3) // 20 ms from 145 on
	fired = 0
	l.Advance(19 * ms)
	if fired != 0 {
		t.Errorf("fired on the old grid, at %v", at)
	}
	l.Advance(1 * ms)
	if fired != 1 || at != 165*ms || seq != 15 {
		t.Errorf("after SetRefresh retrace %d at %v; want 15 at 165ms", seq, at)
	}
	c.Request()
	c.Cancel()
	if _, armed := l.NextTimer(); armed || c.Pending() {
		t.Error("a timer runs though nobody asked")
	}
}
