package loop

import (
	"fmt"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Timer calls a function on the loop goroutine at a point of the loop's clock.
// Arming and disarming allocate nothing.
type Timer struct {
	loop *Loop
	fn   func()
	at   time.Duration
	seq  uint64 // order among equal times: first armed, first fired
	pos  int    // index in the heap, or one of the two below
}

const (
	posDisarmed = -1
	posDue      = -2 // taken out of the heap, about to fire
)

// NewTimer returns a disarmed timer for fn.
func (l *Loop) NewTimer(fn func()) *Timer {
	return &Timer{loop: l, fn: fn, pos: posDisarmed}
}

// Arm sets the timer to fire once at the given time of the loop's clock,
// instead of when it was armed for before. A time that has passed fires in the
// next turn.
func (t *Timer) Arm(at time.Duration) {
	q := &t.loop.timers
	q.seq++
	t.at, t.seq = at, q.seq
	if t.pos >= 0 {
		q.fix(t.pos)
		return
	}
	t.pos = len(q.heap)
	q.heap = append(q.heap, t)
	q.up(t.pos)
}

// Disarm stops the timer. It does not fire any more, even if it is due in the
// present turn.
func (t *Timer) Disarm() {
	if t.pos >= 0 {
		t.loop.timers.remove(t.pos)
	}
	t.pos = posDisarmed
}

// Armed reports whether the timer is going to fire.
func (t *Timer) Armed() bool { return t.pos != posDisarmed }

// At returns when the timer fires or fired last.
func (t *Timer) At() time.Duration { return t.at }

// timerQueue is a binary heap by (at, seq) over one timerfd.
type timerQueue struct {
	fd    int // -1 on a virtual loop
	heap  []*Timer
	batch []*Timer // due timers of this turn
	next  int      // next of batch to fire; survives a panic of the one before
	seq   uint64
	// armed is what the timerfd is set to, 0 when it is not or has expired.
	armed time.Duration
	// floor is the expiry the kernel told of last. The loop's idea of now may
	// trail the kernel's by a fraction of a microsecond.
	floor time.Duration
}

func (q *timerQueue) expired() { q.floor, q.armed = q.armed, 0 }

// sync sets the timerfd to the earliest timer, if it is not already.
func (q *timerQueue) sync(c *clock) error {
	var want time.Duration
	if len(q.heap) > 0 {
		want = max(q.heap[0].at, c.at) // 0 would disarm it
	}
	if want == q.armed || q.fd < 0 {
		return nil
	}
	spec := unix.ItimerSpec{Value: unix.NsecToTimespec(int64(c.monotonic(want)))}
	// Raw, as all system calls of a turn that can't block: an ordinary one
	// would wake the runtime's monitor thread.
	if _, _, errno := unix.RawSyscall6(unix.SYS_TIMERFD_SETTIME, uintptr(q.fd), unix.TFD_TIMER_ABSTIME,
		uintptr(unsafe.Pointer(&spec)), 0, 0, 0); errno != 0 {
		return fmt.Errorf("timerfd_settime: %w", errno)
	}
	q.armed = want
	return nil
}

// due reports whether the earliest timer's time has come.
func (q *timerQueue) due(now time.Duration) bool {
	return len(q.heap) > 0 && q.heap[0].at <= now
}

// left reports whether a panic cut fireDue short.
func (q *timerQueue) left() bool { return q.next < len(q.batch) }

// fireDue fires every timer whose time has come. One that is armed again from
// a timer function waits for the next turn, so timers cannot starve
// descriptors.
func (l *Loop) fireDue() {
	q := &l.timers
	if len(q.heap) > 0 && !q.left() {
		l.takeDue(max(l.clock.now(), q.floor))
	}
	for q.left() {
		t := q.batch[q.next]
		q.batch[q.next] = nil
		q.next++
		if t.pos == posDue {
			t.pos = posDisarmed
			t.fn()
		}
	}
}

func (l *Loop) takeDue(now time.Duration) {
	q := &l.timers
	q.batch, q.next = q.batch[:0], 0
	for q.due(now) {
		t := q.heap[0]
		q.remove(0)
		t.pos = posDue
		q.batch = append(q.batch, t)
	}
	if q.armed <= now {
		q.armed = 0 // has expired or is about to: set it anew before sleeping
	}
}

func (q *timerQueue) less(i, j int) bool {
	a, b := q.heap[i], q.heap[j]
	return a.at < b.at || a.at == b.at && a.seq < b.seq
}

func (q *timerQueue) swap(i, j int) {
	q.heap[i], q.heap[j] = q.heap[j], q.heap[i]
	q.heap[i].pos, q.heap[j].pos = i, j
}

func (q *timerQueue) up(i int) bool {
	start := i
	for i > 0 && q.less(i, (i-1)/2) {
		q.swap(i, (i-1)/2)
		i = (i - 1) / 2
	}
	return i != start
}

func (q *timerQueue) down(i int) {
	for {
		c := 2*i + 1
		if c >= len(q.heap) {
			return
		}
		if c+1 < len(q.heap) && q.less(c+1, c) {
			c++
		}
		if !q.less(c, i) {
			return
		}
		q.swap(i, c)
		i = c
	}
}

func (q *timerQueue) fix(i int) {
	if !q.up(i) {
		q.down(i)
	}
}

func (q *timerQueue) remove(i int) {
	last := len(q.heap) - 1
	if i != last {
		q.swap(i, last)
	}
	q.heap[last] = nil
	q.heap = q.heap[:last]
	if i != last {
		q.fix(i)
	}
}
