package loop

import (
	"time"

	"golang.org/x/sys/unix"
)

// clock is CLOCK_MONOTONIC, a faster one, or a virtual time.
type clock struct {
	virtual bool
	at      time.Duration // virtual: now; else CLOCK_MONOTONIC at start
	start   time.Time
	rate    time.Duration // how much faster than CLOCK_MONOTONIC; 1 for a real clock
}

// realClock ties Go's monotonic reading, which costs no system call, to the
// kernel's CLOCK_MONOTONIC. Of a few tries the one that took the least time
// errs least.
func realClock(rate int) clock {
	c := clock{rate: time.Duration(rate)}
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
	return c.at + c.rate*time.Since(c.start)
}

// monotonic returns when CLOCK_MONOTONIC shows what the clock shows at t, or a
// moment after it.
func (c *clock) monotonic(t time.Duration) time.Duration {
	return c.at + (t-c.at+c.rate-1)/c.rate
}

// Now returns the time: CLOCK_MONOTONIC, or the clock of a fast or virtual
// loop. But on a virtual loop any goroutine may call it.
func (l *Loop) Now() time.Duration { return l.clock.now() }
