package loop

import (
	"fmt"
	"time"
)

// virtualStart is where a virtual clock begins. Not 0, which some protocols
// take for "no time".
const virtualStart = time.Second

// maxTurnsPerInstant ends an Advance in which timers arm themselves again for
// the time that already is.
const maxTurnsPerInstant = 10_000

// NewVirtual returns a loop whose clock stands still until Advance. Its first
// Now is one second. File descriptors and posts work as ever.
func NewVirtual() (*Loop, error) {
	l, err := newLoop()
	if err != nil {
		return nil, err
	}
	l.clock = clock{virtual: true, at: virtualStart, rate: 1}
	return l, nil
}

// Virtual reports whether the clock moves only by Advance.
func (l *Loop) Virtual() bool { return l.clock.virtual }

// NextTimer returns the time of the earliest timer, if one is armed.
func (l *Loop) NextTimer() (at time.Duration, ok bool) {
	if len(l.timers.heap) == 0 {
		return 0, false
	}
	return l.timers.heap[0].at, true
}

// Advance moves a virtual clock by d. Each instant on the way at which timers
// are due is a turn of its own: the clock stands at that instant, the timers
// fire in order, Idle functions and hooks run. Timers that those arm inside
// the span fire in it too. At least one turn ends, at the final time.
// Descriptors and posts wait for Dispatch.
func (l *Loop) Advance(d time.Duration) {
	if !l.clock.virtual {
		panic("loop: Advance of a loop on the real clock")
	}
	if d < 0 {
		panic(fmt.Sprintf("loop: Advance by %v", d))
	}
	target := l.clock.at + d
	ended, same := false, 0
	for l.timers.left() || l.timers.due(target) {
		same++
		if at, ok := l.NextTimer(); ok && !l.timers.left() && at > l.clock.at {
			l.clock.at, same = at, 0
		}
		if same > maxTurnsPerInstant {
			panic("loop: Advance: timers are armed again and again for the same instant")
		}
		l.fireDue()
		l.endTurn()
		ended = l.clock.at == target
	}
	l.clock.at = target
	if !ended {
		l.endTurn()
	}
}
