package vncserver

import (
	"errors"
	"fmt"
	"os"
	"sync"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"rayos/surfaces/protocol/client"
)

// loop handles what the compositor says, on one goroutine that waits as all others
// of the program do: by the runtime's poller. A thread that waits by itself would
// have to be woken, and put to sleep, for every picture.
type loop struct {
	conn   *client.Display
	file   *os.File // the connection's socket once more
	socket syscall.RawConn

	mu     sync.Mutex
	queue  []func()
	spare  []func()
	closed bool
}

func newLoop(conn *client.Display) (*loop, error) {
	fd, err := unix.FcntlInt(uintptr(conn.FD()), unix.F_DUPFD_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("the compositor's socket: %w", err)
	}
	if err := unix.SetNonblock(fd, true); err != nil {
		return nil, errors.Join(fmt.Errorf("the compositor's socket: %w", err), unix.Close(fd))
	}
	l := &loop{conn: conn, file: os.NewFile(uintptr(fd), "wayland")}
	if l.socket, err = l.file.SyscallConn(); err != nil {
		return nil, errors.Join(err, l.file.Close())
	}
	return l, nil
}

// do runs fn on the loop's goroutine, in turn. It may be called from any, and does
// not wait.
func (l *loop) do(fn func()) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return
	}
	l.queue = append(l.queue, fn)
	if len(l.queue) == 1 {
		_ = l.file.SetReadDeadline(time.Unix(1, 0)) // the file is open: this ends the wait
	}
}

// queued runs what do has brought.
func (l *loop) queued() error {
	l.mu.Lock()
	run := l.queue
	if len(run) == 0 {
		l.mu.Unlock()
		return nil
	}
	l.queue = l.spare[:0]
	err := l.file.SetReadDeadline(time.Time{})
	l.mu.Unlock()
	for i, fn := range run {
		run[i] = nil
		fn()
	}
	l.spare = run // do appends to queue alone
	return err
}

// run handles events and functions until the connection fails.
func (l *loop) run() error {
	for {
		if err := l.queued(); err != nil {
			return err
		}
		if err := l.conn.Flush(); err != nil {
			return err
		}
		if l.conn.Pending() {
			if err := l.socket.Write(func(uintptr) bool {
				return l.conn.Flush() != nil || !l.conn.Pending()
			}); err != nil {
				return err
			}
		}
		var err error
		werr := l.socket.Read(func(uintptr) bool {
			if err = l.conn.Read(); err != nil {
				return true
			}
			var n int
			n, err = l.conn.DispatchPending()
			return n > 0 || err != nil
		})
		if err != nil {
			return err
		}
		if werr != nil && !errors.Is(werr, os.ErrDeadlineExceeded) {
			return werr
		}
	}
}

// close ends do. run has returned.
func (l *loop) close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed, l.queue = true, nil
	return l.file.Close()
}
