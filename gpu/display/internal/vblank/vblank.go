// Package vblank is the frame clock of outputs without hardware: a fixed grid
// of retraces that costs nothing while nobody asks for one.
package vblank

import (
	"time"

	"rayos/gpu/display"
	"rayos/internal/loop"
)

// Clock tells of the next retrace after each Request. The retraces are
// multiples of the refresh period after the clock was made; no timer runs
// between requests.
type Clock struct {
	loop   *loop.Loop
	timer  *loop.Timer
	base   time.Duration
	period time.Duration
	next   uint64 // the lowest number that may still fire
	fire   func(at time.Duration, seq uint64)
}

// New returns a clock of refresh mHz (0: 60 Hz) that calls fire on the loop
// goroutine with the time and the number of each retrace asked for.
func New(l *loop.Loop, refresh int32, fire func(at time.Duration, seq uint64)) *Clock {
	c := &Clock{loop: l, base: l.Now(), period: period(refresh), fire: fire}
	c.timer = l.NewTimer(c.retrace)
	return c
}

func (c *Clock) retrace() {
	seq := c.next
	c.next++
	c.fire(c.at(seq), seq)
}

func period(refresh int32) time.Duration {
	if refresh <= 0 {
		refresh = display.DefaultRefresh
	}
	return 1000 * time.Second / time.Duration(refresh)
}

func (c *Clock) at(seq uint64) time.Duration {
	return c.base + time.Duration(seq)*c.period
}

// Period returns the time between retraces.
func (c *Clock) Period() time.Duration { return c.period }

// SetRefresh changes the rate, in mHz. A request under way moves to the new
// grid, which begins now; retraces keep counting up.
func (c *Clock) SetRefresh(refresh int32) {
	p := period(refresh)
	if p == c.period {
		return
	}
	now := c.loop.Now()
	seq := uint64((now - c.base) / c.period)
	c.period = p
	c.base = now - time.Duration(seq)*p
	if c.timer.Armed() {
		c.Request()
	}
}

// Request asks for the first retrace from now on.
func (c *Clock) Request() {
	c.next = max(uint64((c.loop.Now()-c.base)/c.period)+1, c.next)
	c.timer.Arm(c.at(c.next))
}

// Pending reports whether a retrace was asked for and has not come.
func (c *Clock) Pending() bool { return c.timer.Armed() }

// Resume asks again for the retrace of a request that was taken back. One that
// has passed is told of in the next turn.
func (c *Clock) Resume() { c.timer.Arm(c.at(c.next)) }

// Passed reports whether the retrace that was asked for last is over.
func (c *Clock) Passed() bool { return c.loop.Now() >= c.at(c.next) }

// Cancel takes a request back.
func (c *Clock) Cancel() { c.timer.Disarm() }
