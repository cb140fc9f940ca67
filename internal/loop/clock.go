package loop

import (
	"time"

	"golang.org/x/sys/unix"
)

// clock is CLOCK_MONOTONIC or a virtual time.
type clock struct {
	virtual bool
	at      time.Duration // virtual: now; real: CLOCK_MONOTONIC at start
	start   time.Time
}

// realClock ties Go's monotonic reading, which costs no system call, to the
// kernel's CLOCK_MONOTONIC. Of a few tries the one that took the least time
// errs least.
func realClock() clock {
	var c clock
	best := time.Hour
	for range 8 {
		var ts unix.Timespec
		t := time.Now()
		if err := unix.ClockGettime(unix.CLOCK_MONOTONIC, &ts); err != nil {
			panic("loop: clock_gettime: " + err.Error()) // impossible on Linux
		}
		if took := time.Since(t); took < best {
			best = took
			c.start, c.at = t, time.Duration(ts.Nano())-took/2
		}
	}
	return c
}

func (c *clock) now() time.Duration {
	if c.virtual {
		return c.at
	}
	return c.at + time.Since(c.start)
}

// Now returns the time: CLOCK_MONOTONIC, or the virtual clock. On a real loop
// any goroutine may call it.
func (l *Loop) Now() time.Duration { return l.clock.now() }
