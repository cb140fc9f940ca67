package loop

import (
	"errors"
	"fmt"
	"sync/atomic"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Loop is an event loop. See the package comment for who may call what.
type Loop struct {
	epfd    int
	eventfd int
	events  [64]unix.EpollEvent

	sleep  sleeper
	polled int // how many of events are filled

	waits uint64
	stop  atomic.Bool

	sources sourceTable
	timers  timerQueue
	clock   clock

	posts postQueue
	idle  []func()
	// idleAt is the next of idle to run; it survives a panic of the one
	// before.
	idleAt int
	hooks  []func()
}

// slot numbers of the loop's own descriptors in epoll's user data; sources use
// 0 and up.
const (
	slotEventfd = -1
	slotTimerfd = -2
	slotGuard   = -3
)

// New returns a loop on the real CLOCK_MONOTONIC.
func New() (*Loop, error) { return NewFast(1) }

// NewFast returns a loop whose clock is so many times faster than
// CLOCK_MONOTONIC, from which it starts: an hour of timers passes in minutes.
// Dispatch waits in real time.
func NewFast(rate int) (*Loop, error) {
	if rate < 1 {
		return nil, fmt.Errorf("a clock of rate %d", rate)
	}
	l, err := newLoop()
	if err != nil {
		return nil, err
	}
	l.clock = realClock(rate)
	l.timers.fd, err = unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_CLOEXEC|unix.TFD_NONBLOCK)
	if err != nil {
		l.Close()
		return nil, fmt.Errorf("timerfd_create: %w", err)
	}
	if err := l.watchOwn(l.timers.fd, slotTimerfd); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

func newLoop() (*Loop, error) {
	l := &Loop{epfd: -1, eventfd: -1, timers: timerQueue{fd: -1}, sleep: sleeper{guard: -1, guardEvery: guardTime}}
	var err error
	if l.epfd, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return nil, fmt.Errorf("epoll_create1: %w", err)
	}
	if err := l.sleep.init(l); err != nil {
		l.Close()
		return nil, err
	}
	if l.eventfd, err = unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK); err != nil {
		l.Close()
		return nil, fmt.Errorf("eventfd: %w", err)
	}
	if err := l.watchOwn(l.eventfd, slotEventfd); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// watchOwn registers one of the loop's own descriptors, edge triggered: each
// write or expiry wakes once and nothing ever needs to be read.
func (l *Loop) watchOwn(fd int, slot int32) error {
	ev := unix.EpollEvent{Events: unix.EPOLLIN | unix.EPOLLET, Fd: slot}
	if err := unix.EpollCtl(l.epfd, unix.EPOLL_CTL_ADD, fd, &ev); err != nil {
		return fmt.Errorf("epoll_ctl: %w", err)
	}
	return nil
}

// Close frees the loop's descriptors. The loop must not be running.
func (l *Loop) Close() error {
	l.posts.mu.Lock()
	defer l.posts.mu.Unlock()
	l.posts.closed = true
	var errs []error
	errs = append(errs, l.sleep.close())
	for _, fd := range []*int{&l.timers.fd, &l.eventfd, &l.epfd} {
		if *fd >= 0 {
			errs = append(errs, unix.Close(*fd))
			*fd = -1
		}
	}
	return errors.Join(errs...)
}

// Run serves turns on this goroutine until Stop. The turn in which Stop is
// called is finished, hooks included. Whoever needs one OS thread (GLFW) locks
// the goroutine before; it costs two thread switches a turn.
func (l *Loop) Run() error {
	for !l.stop.Load() {
		if err := l.Dispatch(-1); err != nil {
			return err
		}
	}
	l.stop.Store(false)
	return nil
}

// Stop ends Run, or the next Run if none is under way. Any goroutine may call
// it.
func (l *Loop) Stop() {
	l.stop.Store(true)
	l.wake()
}

// Wakeups returns how often epoll_wait has returned so far; an idle loop does
// not count up.
func (l *Loop) Wakeups() uint64 { return l.waits }

// Dispatch serves one turn. It waits for something to do: for ever when
// timeout is negative, not at all when it is 0, else at most that long in real
// time, rounded up to a millisecond. A turn that times out still runs its end.
func (l *Loop) Dispatch(timeout time.Duration) error {
	n, err := l.wait(timeout)
	if err != nil {
		return err
	}
	for i := range n {
		ev := &l.events[i]
		switch ev.Fd {
		case slotEventfd:
		case slotTimerfd:
			l.timers.expired()
		case slotGuard:
			l.sleep.guarded = false
		default:
			l.sources.ready(ev)
		}
	}
	l.fireDue()
	l.posts.run()
	l.endTurn()
	return nil
}

// wait blocks in epoll_wait and returns how many of l.events are filled.
func (l *Loop) wait(timeout time.Duration) (int, error) {
	if l.hasWork() {
		timeout = 0
	} else if err := l.timers.sync(&l.clock); err != nil {
		return 0, err
	}
	var deadline time.Time
	if timeout > 0 {
		deadline = time.Now().Add(timeout)
	}
	if timeout < 0 {
		return l.park()
	}
	for {
		msec := int((timeout + time.Millisecond - 1) / time.Millisecond)
		n, err := unix.EpollWait(l.epfd, l.events[:], msec)
		l.waits++
		switch {
		case err == nil:
			return n, nil
		case !errors.Is(err, unix.EINTR):
			return 0, fmt.Errorf("epoll_wait: %w", err)
		}
		if timeout > 0 {
			timeout = max(0, time.Until(deadline))
		}
	}
}

// park waits for ever.
func (l *Loop) park() (int, error) {
	l.waits++
	start := l.clock.now()
	if err := l.sleep.wait(l); err != nil {
		return 0, fmt.Errorf("epoll: %w", err)
	}
	l.sleep.took((l.clock.now() - start) / l.clock.rate)
	return l.polled, nil
}

// poll waits for events for at most msec milliseconds. l.polled tells how many
// came.
func (l *Loop) poll(msec int) unix.Errno {
	n, _, errno := unix.RawSyscall6(unix.SYS_EPOLL_PWAIT, uintptr(l.epfd),
		uintptr(unsafe.Pointer(&l.events[0])), uintptr(len(l.events)), uintptr(msec), 0, 0)
	if errno != 0 {
		l.polled = 0
		return errno
	}
	l.polled = int(n)
	return 0
}

// hasWork reports whether a turn has something to do without any descriptor
// becoming ready.
func (l *Loop) hasWork() bool {
	return len(l.idle) > 0 || l.posts.left() || l.timers.left() ||
		l.clock.virtual && l.timers.due(l.clock.now())
}

// endTurn runs the Idle functions, those that they add included, and then the
// hooks.
func (l *Loop) endTurn() {
	for l.idleAt < len(l.idle) {
		fn := l.idle[l.idleAt]
		l.idle[l.idleAt] = nil
		l.idleAt++
		fn()
	}
	l.idle, l.idleAt = l.idle[:0], 0
	for _, fn := range l.hooks {
		fn()
	}
}

// Idle runs fn once at the end of this turn, before the hooks. Outside of a
// turn, or from a hook, that is the end of the next turn, which then does not
// wait.
func (l *Loop) Idle(fn func()) { l.idle = append(l.idle, fn) }

// AtTurnEnd adds a hook that runs at the end of every turn, after the hooks
// added before.
func (l *Loop) AtTurnEnd(fn func()) { l.hooks = append(l.hooks, fn) }
