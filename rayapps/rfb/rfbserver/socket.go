package rfbserver

import (
	"io"
	"net"
	"os"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// socket writes to a connection's socket past the scheduler: a system call that
// never waits needs no telling it, and telling it wakes the runtime's monitor, which
// for a small picture costs as much as the picture.
type socket struct{ raw syscall.RawConn }

// writerOf returns what writes to a connection: a socket if it is one, or itself.
func writerOf(conn net.Conn) io.Writer {
	if c, ok := conn.(syscall.Conn); ok {
		if raw, err := c.SyscallConn(); err == nil {
			return socket{raw}
		}
	}
	return conn
}

// Write implements io.Writer.
func (s socket) Write(p []byte) (n int, err error) {
	werr := s.raw.Write(func(fd uintptr) bool {
		for n < len(p) {
			k, _, errno := unix.RawSyscall6(unix.SYS_SENDTO, fd, uintptr(unsafe.Pointer(&p[n])), uintptr(len(p)-n),
				unix.MSG_DONTWAIT|unix.MSG_NOSIGNAL, 0, 0)
			switch errno {
			case 0:
				n += int(k)
			case unix.EINTR:
			case unix.EAGAIN:
				return false
			default:
				err = os.NewSyscallError("sendto", errno)
				return true
			}
		}
		return true
	})
	if err == nil {
		err = werr
	}
	return n, err
}
