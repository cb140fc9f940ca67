package rfb

import (
	"io"
	"runtime"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// vector reads from a socket into several places at once: readv(2). Its methods
// belong to the goroutine that reads.
type vector struct {
	conn  syscall.RawConn
	list  [256]unix.Iovec
	n     int // of list
	got   int
	errno unix.Errno
	once  func(fd uintptr) bool
}

// soonMs is how long what is on its way is waited for, in milliseconds.
const soonMs = 1

// newVector returns nil where src can't be read from in this way.
func newVector(src io.Reader) *vector {
	c, ok := src.(syscall.Conn)
	if !ok {
		return nil
	}
	raw, err := c.SyscallConn()
	if err != nil {
		return nil // the first Read tells why
	}
	v := &vector{conn: raw}
	v.once = func(fd uintptr) bool {
		for {
			n, _, errno := unix.Syscall(unix.SYS_READV, fd, uintptr(unsafe.Pointer(&v.list[0])), uintptr(v.n))
			v.got, v.errno = int(n), errno
			switch errno {
			case unix.EINTR:
				continue
			case unix.EAGAIN:
				// The rest of a picture is on its way: that is waited for here, a
				// moment long, which costs less than the way through the scheduler.
				ready := [1]unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
				if n, err := unix.Poll(ready[:], soonMs); err == nil && n > 0 {
					continue
				}
				return false
			}
			return true
		}
	}
	return v
}

func (v *vector) reset() { v.n = 0 }

// add adds a place that isn't empty, and reports whether there was room.
func (v *vector) add(p []byte) bool {
	if v.n == len(v.list) {
		return false
	}
	v.list[v.n].Base = &p[0]
	v.list[v.n].SetLen(len(p))
	v.n++
	return true
}

// read waits for something and puts it where it belongs, as much as has come.
func (v *vector) read() (int, error) {
	v.got, v.errno = 0, 0
	err := v.conn.Read(v.once)
	runtime.KeepAlive(v)
	for i := range v.n {
		v.list[i].Base = nil // what was filled may go
	}
	switch {
	case err != nil:
		return 0, err
	case v.errno != 0:
		return 0, v.errno
	case v.got == 0:
		return 0, io.ErrUnexpectedEOF
	}
	return v.got, nil
}
