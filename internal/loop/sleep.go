package loop

import (
	"errors"
	"fmt"
	"os"
	"runtime"
	"syscall"
	"time"
	"unsafe"

	"golang.org/x/sys/unix"
)

// sleeper is how the loop's goroutine waits for its epoll descriptor.
//
// An idle loop parks: the goroutine sleeps in the runtime's own poller. A
// blocking system call would keep its processor, and the runtime's monitor
// thread awake, for 10 ms after each turn, which costs more than the turn.
//
// While most waits are brief, as when a client asks and waits for each answer,
// the thread blocks in epoll_wait out of the scheduler's sight: that saves the
// way through it. A collection that wants this processor stopped interrupts
// the wait by a signal, which it repeats until that succeeds.
//
// The runtime watches a second epoll descriptor, which watches the loop's only
// while the loop parks: else each event would also wake an idle thread of the
// runtime.
type sleeper struct {
	outer   int      // the second descriptor
	file    *os.File // which owns it
	conn    syscall.RawConn
	once    func(uintptr) bool // poll without waiting, for the runtime
	err     error              // of once
	parking bool
	brief   int // high while waits are shorter than briefWait

	// guard is a timerfd that ends a wait of the thread that is not brief
	// after all. It is armed for many waits together: a timeout of each would
	// cost as much as a tenth of a brief turn.
	guard      int
	guardEvery time.Duration // guardTime, but in tests
	guarded    bool          // it is armed
	served     int           // waits that ended since
}

const (
	// guardTime is when the guard looks: a wait lasts that long at least, and
	// twice as long at most, until it is given to the runtime. Where the
	// runtime has no processor but this one, its other goroutines wait as long.
	guardTime = 2 * time.Millisecond
	briefWait = 500 * time.Microsecond
	briefCost = 3             // brief waits that a long one makes up for
	briefFrom = 2 * briefCost // where the thread begins to block
	briefMost = 4 * briefCost
)

func (s *sleeper) init(l *Loop) error {
	s.once = func(uintptr) bool {
		errno := l.poll(0)
		if errno != 0 && errno != unix.EINTR {
			s.err = fmt.Errorf("epoll_wait: %w", errno)
			return true
		}
		return l.polled > 0
	}
	var err error
	if s.guard, err = unix.TimerfdCreate(unix.CLOCK_MONOTONIC, unix.TFD_CLOEXEC|unix.TFD_NONBLOCK); err != nil {
		return fmt.Errorf("timerfd_create: %w", err)
	}
	if err := l.watchOwn(s.guard, slotGuard); err != nil {
		return err
	}
	fd, err := unix.EpollCreate1(unix.EPOLL_CLOEXEC)
	if err != nil {
		return fmt.Errorf("epoll_create1: %w", err)
	}
	if err := unix.SetNonblock(fd, true); err != nil {
		return errors.Join(fmt.Errorf("epoll: %w", err), unix.Close(fd))
	}
	s.outer, s.file = fd, os.NewFile(uintptr(fd), "epoll")
	if s.conn, err = s.file.SyscallConn(); err != nil {
		return fmt.Errorf("epoll: %w", err)
	}
	s.parking = true
	return s.control(l, unix.EPOLL_CTL_ADD, unix.EPOLLIN)
}

// park begins or ends the runtime's watch.
func (s *sleeper) park(l *Loop, on bool) error {
	if s.parking == on {
		return nil
	}
	s.parking = on
	if on {
		if err := s.setGuard(false); err != nil {
			return err
		}
		return s.control(l, unix.EPOLL_CTL_MOD, unix.EPOLLIN)
	}
	return s.control(l, unix.EPOLL_CTL_MOD, 0)
}

func (s *sleeper) control(l *Loop, op int, events uint32) error {
	e := unix.EpollEvent{Events: events}
	if _, _, errno := unix.RawSyscall6(unix.SYS_EPOLL_CTL, uintptr(s.outer), uintptr(op), uintptr(l.epfd),
		uintptr(unsafe.Pointer(&e)), 0, 0); errno != 0 {
		return fmt.Errorf("epoll_ctl: %w", errno)
	}
	return nil
}

// setGuard arms or disarms the guard.
func (s *sleeper) setGuard(on bool) error {
	if s.guarded == on {
		return nil
	}
	var spec unix.ItimerSpec
	if on {
		spec.Value = unix.NsecToTimespec(int64(s.guardEvery))
	}
	if _, _, errno := unix.RawSyscall6(unix.SYS_TIMERFD_SETTIME, uintptr(s.guard), 0,
		uintptr(unsafe.Pointer(&spec)), 0, 0, 0); errno != 0 {
		return fmt.Errorf("timerfd_settime: %w", errno)
	}
	s.guarded, s.served = on, 0
	return nil
}

// wakePoller has another thread of the runtime look for work, and so wait at the
// runtime's poller. The loop's own may have been the one that waited there: with
// it out of sight, nobody would see descriptors that goroutines wait for, until
// the guard looks.
func wakePoller() { go func() {}() }

// wait returns when l.poll has found events.
func (s *sleeper) wait(l *Loop) error {
	if s.brief >= briefFrom {
		if s.parking {
			wakePoller()
		}
		if err := s.park(l, false); err != nil {
			return err
		}
	}
	if !s.parking {
		if done, err := s.block(l); done || err != nil {
			return err
		}
		if err := s.park(l, true); err != nil {
			return err
		}
	}
	if err := s.conn.Read(s.once); err != nil {
		return err
	}
	return s.err
}

// block waits on the thread. It reports false when it is time to park.
func (s *sleeper) block(l *Loop) (bool, error) {
	for s.brief > 0 {
		if err := s.setGuard(true); err != nil {
			return false, err
		}
		switch errno := l.poll(-1); {
		case errno == unix.EINTR:
			runtime.Gosched() // most likely the runtime wants it
			s.brief = max(s.brief-briefCost, 0)
		case errno != 0:
			return false, fmt.Errorf("epoll_wait: %w", errno)
		case l.polled == 1 && l.events[0].Fd == slotGuard:
			s.guarded, l.polled = false, 0
			if s.served == 0 {
				return false, nil
			}
		default:
			s.served++
			return true, nil
		}
	}
	return false, nil
}

// took learns from how long a wait was.
func (s *sleeper) took(d time.Duration) {
	if d < briefWait {
		s.brief = min(s.brief+1, briefMost)
	} else {
		s.brief = max(s.brief-briefCost, 0)
	}
}

func (s *sleeper) close() error {
	var errs []error
	if s.file != nil {
		errs = append(errs, s.file.Close())
		s.file = nil
	}
	if s.guard >= 0 {
		errs = append(errs, unix.Close(s.guard))
		s.guard = -1
	}
	return errors.Join(errs...)
}
