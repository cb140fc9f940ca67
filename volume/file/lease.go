package file

import (
	"os"
	"os/signal"
	"sync"

	"golang.org/x/sys/unix"
)

// lease asks the kernel to hold up who wants to change a file.
func lease(f *os.File) error {
	leases.watch()
	if _, err := unix.FcntlInt(f.Fd(), unix.F_SETLEASE, unix.F_RDLCK); err != nil {
		return err
	}
	// The signal would go to this thread, which may end before the process.
	_, err := unix.FcntlInt(f.Fd(), unix.F_SETOWN, unix.Getpid())
	return err
}

// wanted reports whether somebody is held up.
func wanted(f *os.File) bool {
	kind, err := unix.FcntlInt(f.Fd(), unix.F_GETLEASE, 0)
	return err != nil || kind != unix.F_RDLCK
}

// leases are those of the process. The kernel waits 45 s for each by default,
// /proc/sys/fs/lease-break-time.
var leases leaseSet

type leaseSet struct {
	start sync.Once
	mu    sync.Mutex
	of    map[*mapping]bool
}

// watch has the kernel's signals listened to, from now on.
func (s *leaseSet) watch() {
	s.start.Do(func() {
		s.of = map[*mapping]bool{}
		c := make(chan os.Signal, 1)
		signal.Notify(c, unix.SIGIO)
		go func() {
			for range c {
				s.giveUp()
			}
		}()
	})
}

func (s *leaseSet) add(m *mapping) {
	s.mu.Lock()
	s.of[m] = true
	s.mu.Unlock()
	s.giveUp() // who came before is in no signal's list
}

func (s *leaseSet) remove(m *mapping) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.of, m)
}

// giveUp ends the leases that somebody waits for. One that can't be ended, for
// want of memory or as the disk fails, ends by itself when the kernel's patience
// does.
func (s *leaseSet) giveUp() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for m := range s.of {
		if m.wanted() && m.own() == nil {
			delete(s.of, m)
		}
	}
}

func (m *mapping) wanted() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.leased != nil && wanted(m.leased)
}
