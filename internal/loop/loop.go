package loop

import (
	"errors"
	"fmt"
	"os"
	"sync/atomic"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Loop is an event loop. See the package comment for who may call what.
type Loop struct {
	epfd    int
	eventfd int
	events  [64]unix.EpollEvent

	file     *os.File // of epfd, registered with the runtime's poller
	poller   syscall.RawConn
	pollOnce func(uintptr) bool // poll without waiting, for the runtime's poller
	polled   int
	pollErr  error
	brief    int // high while waits are shorter than briefWait

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
)

// New returns a loop on the real CLOCK_MONOTONIC.
func New() (*Loop, error) {
	l, err := newLoop()
	if err != nil {
		return nil, err
	}
	l.clock = realClock()
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
	l := &Loop{epfd: -1, eventfd: -1, timers: timerQueue{fd: -1}}
	var err error
	if l.epfd, err = unix.EpollCreate1(unix.EPOLL_CLOEXEC); err != nil {
		return nil, fmt.Errorf("epoll_create1: %w", err)
	}
	if err := l.watchSelf(); err != nil {
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

// watchSelf registers the epoll descriptor itself with the runtime's poller.
// The file owns it from here on.
func (l *Loop) watchSelf() error {
	if err := unix.SetNonblock(l.epfd, true); err != nil {
		return fmt.Errorf("epoll: %w", err)
	}
	l.file = os.NewFile(uintptr(l.epfd), "epoll")
	var err error
	if l.poller, err = l.file.SyscallConn(); err != nil {
		return fmt.Errorf("epoll: %w", err)
	}
	l.pollOnce = func(uintptr) bool { return l.poll(0) }
	return nil
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
	for _, fd := range []*int{&l.timers.fd, &l.eventfd} {
		if *fd >= 0 {
			errs = append(errs, unix.Close(*fd))
			*fd = -1
		}
	}
	if l.file != nil {
		errs = append(errs, l.file.Close())
		l.file, l.epfd = nil, -1
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
	} else if err := l.timers.sync(); err != nil {
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

// park waits for ever. The goroutine sleeps in the runtime's own poller, which
// watches the loop's epoll descriptor: a blocking system call would keep its
// processor, and the runtime's monitor thread awake, for 10 ms after each
// turn, which costs more than the turn.
//
// While most of the last waits were brief, as when a client asks and waits for each
// answer, the thread first blocks in epoll_wait out of the scheduler's sight:
// that saves the way through it. A collection that wants this processor stopped
// interrupts the wait by a signal, which it repeats until that succeeds.
func (l *Loop) park() (int, error) {
	l.waits++
	start := l.clock.now()
	if l.brief < briefEnough || !l.poll(briefLimit) {
		if err := l.poller.Read(l.pollOnce); err != nil {
			return 0, fmt.Errorf("epoll: %w", err)
		}
	}
	if l.clock.now()-start < briefWait {
		l.brief = min(l.brief+1, 3*briefEnough)
	} else {
		l.brief = max(l.brief-briefEnough, 0)
	}
	return l.polled, l.pollErr
}

const (
	// briefLimit, in milliseconds, ends a wait that was not brief after all.
	// It is longer than the kernel's tick: an earlier timeout would have a
	// virtual machine program its timer twice in each turn.
	briefLimit  = 20
	briefWait   = 500 * time.Microsecond
	briefEnough = 3 // a long wait makes up for as many brief ones
)

// poll reports whether there are events, or were within msec milliseconds.
func (l *Loop) poll(msec int) bool {
	n, _, errno := unix.RawSyscall6(unix.SYS_EPOLL_PWAIT, uintptr(l.epfd),
		uintptr(unsafe.Pointer(&l.events[0])), uintptr(len(l.events)), uintptr(msec), 0, 0)
	l.polled, l.pollErr = int(n), nil
	if errno != 0 {
		l.polled = 0
		if errno != unix.EINTR {
			l.pollErr = fmt.Errorf("epoll_wait: %w", errno)
		}
		return errno != unix.EINTR
	}
	return n > 0
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
