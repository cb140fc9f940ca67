package session

import (
	"math"
	"runtime/debug"
	"runtime/metrics"
	"time"

	"rayos/internal/loop"
)

// gcPercent keeps the session small: it allocates little, so collecting early
// costs little.
const gcPercent = 50

// restAfter is how long nothing happens until the collector rests.
const restAfter = 30 * time.Second

// blink is how long something may take that comes alone, like a new minute on the
// clock, without ending the rest.
const blink = 100 * time.Millisecond

// restRoom is how much goroutines beside the loop may allocate meanwhile, in
// bytes.
const restRoom = 16 << 20

// collector lets the runtime collect garbage only while the session does
// something. By itself it collects every two minutes also where nothing was
// allocated, which wakes a thread for each processor.
type collector struct {
	loop    *loop.Loop
	timer   *loop.Timer
	set     func(percent int, limit int64) // nil with a virtual clock: the process is a test's
	last    time.Duration                  // the end of the last turn of others
	begun   time.Duration                  // while resting: of the first turn after a long time
	due     bool                           // the turn is of timer
	resting bool
}

func (c *collector) init(l *loop.Loop) {
	c.loop = l
	c.timer = l.NewTimer(func() { c.due = true })
	if !l.Virtual() {
		c.set = setCollector
	}
	l.AtTurnEnd(c.turn)
}

func (c *collector) turn() {
	now := c.loop.Now()
	if c.due {
		c.due = false
		if now-c.last < restAfter {
			c.timer.Arm(c.last + restAfter)
			return
		}
		c.rest(true)
		return
	}
	if now-c.last >= restAfter {
		c.begun = now
	}
	c.last = now
	if c.resting && now-c.begun < blink {
		return
	}
	c.rest(false)
	if !c.timer.Armed() {
		c.timer.Arm(now + restAfter)
	}
}

func (c *collector) rest(on bool) {
	if c.resting == on {
		return
	}
	c.resting = on
	switch {
	case c.set == nil:
	case on:
		c.set(-1, goMemory()+restRoom)
	default:
		c.set(gcPercent, math.MaxInt64)
	}
}

func setCollector(percent int, limit int64) {
	debug.SetMemoryLimit(limit)
	debug.SetGCPercent(percent)
}

// goMemory is what debug.SetMemoryLimit limits, in bytes.
func goMemory() int64 {
	s := []metrics.Sample{{Name: "/memory/classes/total:bytes"}, {Name: "/memory/classes/heap/released:bytes"}}
	metrics.Read(s)
	return int64(s[0].Value.Uint64() - s[1].Value.Uint64())
}
