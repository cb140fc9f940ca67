package loop

import (
	"errors"
	"fmt"
	"unsafe"

	"golang.org/x/sys/unix"
)

// Events is a set of conditions of a file descriptor.
type Events uint8

// Conditions. Hangup (EPOLLHUP, EPOLLERR) is always reported, whether asked
// for or not, and every turn until the source is removed.
const (
	Readable Events = 1 << iota
	Writable
	Hangup
)

// ErrRemoved is returned by the methods of a source that is gone.
var ErrRemoved = errors.New("source was removed from its loop")

// Handler is told that a descriptor is ready. Sources are level triggered:
// what is left unread comes again in the next turn.
type Handler interface{ Ready(ev Events) }

// Source is a file descriptor that a loop watches. It does not own the
// descriptor: remove the source first, then close the descriptor.
type Source struct {
	loop *Loop
	fd   int
	slot int32
	gen  int32
	h    Handler
}

// sourceTable finds the source for epoll's user data. A slot's generation
// changes whenever its source goes, so an event that was fetched before that
// finds nobody, even if the descriptor's number is in use again.
type sourceTable struct {
	slots []struct {
		gen int32
		src *Source
	}
	free []int32
}

func (t *sourceTable) ready(ev *unix.EpollEvent) {
	s := &t.slots[ev.Fd]
	if s.src == nil || s.gen != ev.Pad {
		return
	}
	s.src.h.Ready(fromEpoll(ev.Events))
}

func (t *sourceTable) insert(s *Source) {
	if n := len(t.free); n > 0 {
		s.slot, t.free = t.free[n-1], t.free[:n-1]
	} else {
		s.slot = int32(len(t.slots))
		t.slots = append(t.slots, struct {
			gen int32
			src *Source
		}{})
	}
	slot := &t.slots[s.slot]
	slot.src, s.gen = s, slot.gen
}

func (t *sourceTable) remove(s *Source) {
	slot := &t.slots[s.slot]
	slot.src = nil
	slot.gen++
	t.free = append(t.free, s.slot)
}

// Add watches fd for ev. The handler is called on the loop goroutine.
func (l *Loop) Add(fd int, ev Events, h Handler) (*Source, error) {
	s := &Source{loop: l, fd: fd, h: h}
	l.sources.insert(s)
	if err := s.ctl(unix.EPOLL_CTL_ADD, ev); err != nil {
		l.sources.remove(s)
		s.loop = nil
		return nil, err
	}
	return s, nil
}

// SetEvents changes what the source waits for.
func (s *Source) SetEvents(ev Events) error {
	if s.loop == nil {
		return ErrRemoved
	}
	return s.ctl(unix.EPOLL_CTL_MOD, ev)
}

// Remove ends the watch. Ready is not called any more, not even for an event
// that belongs to the present turn. The source is gone even if an error is
// returned, which says that the descriptor was closed too early.
func (s *Source) Remove() error {
	if s.loop == nil {
		return ErrRemoved
	}
	err := s.ctl(unix.EPOLL_CTL_DEL, 0)
	s.loop.sources.remove(s)
	s.loop = nil
	return err
}

func (s *Source) ctl(op int, ev Events) error {
	e := unix.EpollEvent{Events: toEpoll(ev), Fd: s.slot, Pad: s.gen}
	if _, _, errno := unix.RawSyscall6(unix.SYS_EPOLL_CTL, uintptr(s.loop.epfd), uintptr(op), uintptr(s.fd),
		uintptr(unsafe.Pointer(&e)), 0, 0); errno != 0 {
		return fmt.Errorf("epoll_ctl of descriptor %d: %w", s.fd, errno)
	}
	return nil
}

func toEpoll(ev Events) (e uint32) {
	if ev&Readable != 0 {
		e |= unix.EPOLLIN
	}
	if ev&Writable != 0 {
		e |= unix.EPOLLOUT
	}
	return e
}

func fromEpoll(e uint32) (ev Events) {
	if e&unix.EPOLLIN != 0 {
		ev |= Readable
	}
	if e&unix.EPOLLOUT != 0 {
		ev |= Writable
	}
	if e&(unix.EPOLLHUP|unix.EPOLLERR) != 0 {
		ev |= Hangup
	}
	return ev
}
