package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"unsafe"

	"golang.org/x/sys/unix"
)

const (
	inSize        = 64 << 10
	maxFDsPerSend = 28  // libwayland's control buffer
	maxFDsPerRecv = 253 // SCM_MAX_FD: nothing the kernel passes is cut off
	maxQueuedFDs  = 1024
	maxOOB        = 1032     // unix.CmsgSpace(4 * maxFDsPerRecv)
	tailKeep      = 4096     // storage for the beginning of a message that is kept
	outSize       = 4096     // output storage to begin with
	outKeep       = 64 << 10 // output storage kept when everything was sent
	outEager      = 32 << 10 // unsent output that is worth a flush of its own
)

// Faults of the transport; a connection that meets one is over.
var (
	errTooManyFDs   = errors.New("too many file descriptors without a message that takes them")
	errTruncatedFDs = errors.New("file descriptors were lost: control data truncated")
	errOutputFull   = errors.New("peer does not read: output limit reached")
	errInputFull    = errors.New("input buffer full: the messages in it were not dispatched")
)

// outFD is a descriptor that must travel with the message at offset at of the
// output, or before it.
type outFD struct {
	fd int
	at int
}

// transport moves bytes and descriptors over a non-blocking stream socket.
type transport struct {
	fd int

	in      []byte    // of buf, or of tail when that is nil
	r, w    int       // unread bytes are in[r:w]
	buf     *inBuffer // from a read until what it brought was dispatched
	tail    []byte    // the first part of a message whose rest has not come
	inFDs   []int
	inFDPos int

	out     []byte
	sent    int // out[:sent] is with the kernel
	outFDs  []outFD
	limit   int
	blocked bool // the socket took no more at the last flush

	hdr unix.Msghdr
	iov unix.Iovec
	oob []byte // control data of sends
}

// inBuffer is where a recvmsg reads to.
type inBuffer struct {
	data [inSize]byte
	oob  [maxOOB]byte
}

// spareIn is the buffer that is not in use. Between turns all input was
// dispatched, so the connections of a server share this one.
var spareIn atomic.Pointer[inBuffer]

func takeIn() *inBuffer {
	if b := spareIn.Swap(nil); b != nil {
		return b
	}
	return new(inBuffer)
}

// spareOut keeps output storage, of outSize bytes, that is not in use: what a
// turn wrote is mostly sent at its end.
var spareOut = sync.Pool{New: func() any { return new([outSize]byte) }}

// settle gives the input buffer back when everything was dispatched but the
// beginning of a message.
func (t *transport) settle() {
	if t.buf == nil {
		return
	}
	if cap(t.tail) > tailKeep {
		t.tail = nil
	}
	t.tail = append(t.tail[:0], t.in[t.r:t.w]...)
	t.in, t.r, t.w = t.tail, 0, len(t.tail)
	spareIn.Store(t.buf)
	t.buf = nil
}

func (t *transport) init(fd, limit int) error {
	// All calls are told not to block, so the socket need not be. That it
	// is open at all is found out here.
	if _, _, errno := unix.RawSyscall(unix.SYS_FCNTL, uintptr(fd), unix.F_SETFD, unix.FD_CLOEXEC); errno != 0 {
		return fmt.Errorf("socket: %w", errno)
	}
	t.fd = fd
	t.limit = limit
	return nil
}

// read does one recvmsg. It returns io.EOF at the end of the stream and 0, nil
// if there was nothing to read.
func (t *transport) read() (int, error) {
	if t.buf == nil {
		t.buf = takeIn()
	}
	t.w = copy(t.buf.data[:], t.in[t.r:t.w])
	t.in, t.r = t.buf.data[:], 0
	if t.w == len(t.in) {
		return 0, errInputFull
	}
	t.iov.Base = &t.in[t.w]
	t.iov.SetLen(len(t.in) - t.w)
	t.hdr = unix.Msghdr{Iov: &t.iov, Iovlen: 1, Control: &t.buf.oob[0]}
	t.hdr.SetControllen(len(t.buf.oob))
	for {
		// Raw: the call can't block, and an ordinary one would wake the
		// runtime's monitor thread on every turn of an idle session.
		n, _, errno := unix.RawSyscall(unix.SYS_RECVMSG, uintptr(t.fd), uintptr(unsafe.Pointer(&t.hdr)),
			unix.MSG_DONTWAIT|unix.MSG_CMSG_CLOEXEC)
		switch {
		case errno == unix.EINTR:
			continue
		case errno == unix.EAGAIN:
			return 0, nil
		case errno == unix.ECONNRESET:
			return 0, io.EOF
		case errno != 0:
			return 0, fmt.Errorf("recvmsg: %w", errno)
		}
		if err := t.takeFDs(); err != nil {
			return 0, err
		}
		if n == 0 {
			return 0, io.EOF
		}
		t.w += int(n)
		return int(n), nil
	}
}

// takeFDs queues the descriptors in the control data of the last recvmsg.
func (t *transport) takeFDs() error {
	oob := t.buf.oob[:t.hdr.Controllen]
	for len(oob) >= unix.CmsgLen(0) {
		h := (*unix.Cmsghdr)(unsafe.Pointer(&oob[0]))
		size := int(h.Len)
		if size < unix.CmsgLen(0) || size > len(oob) {
			break
		}
		if h.Level == unix.SOL_SOCKET && h.Type == unix.SCM_RIGHTS {
			for b := oob[unix.CmsgLen(0):size]; len(b) >= 4; b = b[4:] {
				t.inFDs = append(t.inFDs, int(int32(binary.NativeEndian.Uint32(b))))
			}
		}
		step := unix.CmsgSpace(size - unix.CmsgLen(0))
		if step > len(oob) {
			break
		}
		oob = oob[step:]
	}
	if t.hdr.Flags&unix.MSG_CTRUNC != 0 {
		return errTruncatedFDs
	}
	if len(t.inFDs)-t.inFDPos > maxQueuedFDs {
		return errTooManyFDs
	}
	return nil
}

// popFD returns the oldest received descriptor, or -1.
func (t *transport) popFD() int {
	if t.inFDPos == len(t.inFDs) {
		return -1
	}
	fd := t.inFDs[t.inFDPos]
	t.inFDPos++
	if t.inFDPos == len(t.inFDs) {
		t.inFDs, t.inFDPos = t.inFDs[:0], 0
	} else if t.inFDPos >= maxFDsPerRecv {
		t.inFDs = t.inFDs[:copy(t.inFDs, t.inFDs[t.inFDPos:])]
		t.inFDPos = 0
	}
	return fd
}

// pending is the number of bytes not yet with the kernel.
func (t *transport) pending() int { return len(t.out) - t.sent }

// flush sends what is queued until the socket takes no more. io.EOF means that
// the peer is gone.
func (t *transport) flush() error {
	t.blocked = false
	for t.sent < len(t.out) {
		end := len(t.out)
		nfd := min(len(t.outFDs), maxFDsPerSend)
		if len(t.outFDs) > maxFDsPerSend {
			// The next message with descriptors has to wait for its own turn.
			end = t.outFDs[maxFDsPerSend].at
		}
		n, errno := t.send(t.out[t.sent:end], t.outFDs[:nfd])
		switch {
		case errno == unix.EINTR:
			continue
		case errno == unix.EAGAIN:
			t.blocked = true
			t.compact()
			return nil
		case errno == unix.EPIPE || errno == unix.ECONNRESET:
			return io.EOF
		case errno != 0:
			return fmt.Errorf("sendmsg: %w", errno)
		}
		for _, f := range t.outFDs[:nfd] {
			closeFD(f.fd)
		}
		t.outFDs = t.outFDs[:copy(t.outFDs, t.outFDs[nfd:])]
		t.sent += n
	}
	t.sent = 0
	switch {
	case cap(t.out) == outSize:
		spareOut.Put((*[outSize]byte)(t.out[:outSize]))
		t.out = nil
	case cap(t.out) > outKeep:
		t.out = nil
	default:
		t.out = t.out[:0]
	}
	return nil
}

// compact moves unsent output to the front of its storage.
func (t *transport) compact() {
	if t.sent < outEager {
		return
	}
	for i := range t.outFDs {
		t.outFDs[i].at -= t.sent
	}
	t.out = t.out[:copy(t.out, t.out[t.sent:])]
	t.sent = 0
}

func (t *transport) send(b []byte, fds []outFD) (int, unix.Errno) {
	t.iov.Base = &b[0]
	t.iov.SetLen(len(b))
	t.hdr = unix.Msghdr{Iov: &t.iov, Iovlen: 1}
	if len(fds) > 0 {
		if t.oob == nil {
			t.oob = make([]byte, unix.CmsgSpace(4*maxFDsPerSend))
		}
		h := (*unix.Cmsghdr)(unsafe.Pointer(&t.oob[0]))
		h.Level = unix.SOL_SOCKET
		h.Type = unix.SCM_RIGHTS
		h.SetLen(unix.CmsgLen(4 * len(fds)))
		for i, f := range fds {
			binary.NativeEndian.PutUint32(t.oob[unix.CmsgLen(0)+4*i:], uint32(f.fd))
		}
		t.hdr.Control = &t.oob[0]
		t.hdr.SetControllen(unix.CmsgSpace(4 * len(fds)))
	}
	n, _, errno := unix.RawSyscall(unix.SYS_SENDMSG, uintptr(t.fd), uintptr(unsafe.Pointer(&t.hdr)),
		unix.MSG_DONTWAIT|unix.MSG_NOSIGNAL)
	return int(n), errno
}

// close closes the socket and every descriptor in either queue.
func (t *transport) close() {
	for _, fd := range t.inFDs[t.inFDPos:] {
		closeFD(fd)
	}
	for _, f := range t.outFDs {
		closeFD(f.fd)
	}
	if t.fd >= 0 {
		closeFD(t.fd)
	}
	t.fd = -1
	t.r, t.w, t.sent = 0, 0, 0
	t.in, t.buf, t.tail = nil, nil, nil
	t.inFDs, t.inFDPos, t.outFDs, t.out = nil, 0, nil, nil
}

// closeFD closes a descriptor this package owns. On Linux the descriptor is
// gone whatever close returns, so there is nothing to do about an error.
func closeFD(fd int) { _, _, _ = unix.RawSyscall(unix.SYS_CLOSE, uintptr(fd), 0, 0) }

func dupFD(fd int) (int, error) {
	n, _, errno := unix.RawSyscall(unix.SYS_FCNTL, uintptr(fd), unix.F_DUPFD_CLOEXEC, 0)
	if errno != 0 {
		return -1, errno
	}
	return int(n), nil
}
