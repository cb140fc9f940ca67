package power

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

const (
	kernelGroup = 1 // of uevents: those that come from the kernel itself
	maxEvent    = 8 << 10
	// pace is how often a battery is looked at that doesn't say anything.
	pace = time.Minute
)

// Watcher follows the batteries until it is closed.
type Watcher struct {
	events *os.File
	done   sync.WaitGroup
}

// Watch follows the batteries below a folder like Class. changed is called on a
// goroutine of the watcher: with the state now, and whenever it is another.
func Watch(class string, changed func(State)) (*Watcher, error) {
	fd, err := unix.Socket(unix.AF_NETLINK, unix.SOCK_RAW|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, unix.NETLINK_KOBJECT_UEVENT)
	if err != nil {
		return nil, fmt.Errorf("socket of the kernel's events: %w", err)
	}
	if err := unix.Bind(fd, &unix.SockaddrNetlink{Family: unix.AF_NETLINK, Groups: kernelGroup}); err != nil {
		return nil, errors.Join(fmt.Errorf("kernel's events: %w", err), unix.Close(fd))
	}
	return watch(class, os.NewFile(uintptr(fd), "uevents"), changed), nil
}

func watch(class string, events *os.File, changed func(State)) *Watcher {
	w := &Watcher{events: events}
	w.done.Go(func() { w.work(class, changed) })
	return w
}

// Close ends it. changed isn't called afterwards.
func (w *Watcher) Close() error {
	err := w.events.Close()
	w.done.Wait()
	return err
}

func (w *Watcher) work(class string, changed func(State)) {
	s := Read(class)
	changed(s)
	buf := make([]byte, maxEvent)
	for {
		var until time.Time // for ever
		if s.There {
			until = time.Now().Add(pace)
		}
		if err := w.events.SetReadDeadline(until); err != nil {
			return // closed
		}
		n, err := w.events.Read(buf)
		switch {
		case errors.Is(err, os.ErrDeadlineExceeded), errors.Is(err, unix.ENOBUFS):
		case err != nil:
			return
		case !isSupply(buf[:n]):
			continue
		}
		if now := Read(class); now != s {
			s = now
			changed(s)
		}
	}
}

// isSupply reports whether a message of the kernel is about power: lines that end
// with a zero byte, the first of which is what happened and where.
func isSupply(b []byte) bool {
	for line := range bytes.SplitSeq(b, []byte{0}) {
		if string(line) == "SUBSYSTEM=power_supply" {
			return true
		}
	}
	return false
}
