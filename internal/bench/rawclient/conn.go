package rawclient

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"time"

	"golang.org/x/sys/unix"
)

// Timeout bounds every wait for the compositor.
const Timeout = 10 * time.Second

// ErrDisconnected is returned once the compositor has closed the connection.
var ErrDisconnected = errors.New("compositor closed the connection")

// ProtocolError is a wl_display.error: the compositor's last word.
type ProtocolError struct {
	Object, Code uint32
	Message      string
}

func (e *ProtocolError) Error() string {
	return fmt.Sprintf("protocol error %d on object %d: %s", e.Code, e.Object, e.Message)
}

// A receiver takes the events of the objects it registered.
type receiver interface {
	receive(id uint32, opcode uint16, body args)
}

// zombie swallows the events of an object that was destroyed but whose id the
// compositor has not yet given back.
type zombie struct{}

func (zombie) receive(uint32, uint16, args) {}

const displayID = 1

// Conn is one connection. It belongs to one goroutine.
type Conn struct {
	fd      int
	err     error
	out     []byte
	in      []byte // in[r:w] is what has been read but not dispatched
	r, w    int
	objects []receiver // by id; nil where the id is free
	free    []uint32

	syncID uint32 // outstanding sync callback, 0 when it is done
	reply  bool   // out holds answers that must not wait for the next Flush

	globals globals
}

// Dial connects to the socket at path and binds the globals that the
// benchmarks use.
func Dial(path string) (*Conn, error) {
	c, err := Connect(path)
	if err != nil {
		return nil, err
	}
	if err := c.Bind(); err != nil {
		return nil, errors.Join(err, c.Close())
	}
	return c, nil
}

// Connect opens the socket at path and sends nothing.
func Connect(path string) (*Conn, error) {
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("socket: %w", err)
	}
	if err := unix.Connect(fd, &unix.SockaddrUnix{Name: path}); err != nil {
		return nil, errors.Join(fmt.Errorf("connect %s: %w", path, err), unix.Close(fd))
	}
	c, err := New(fd)
	if err != nil {
		return nil, errors.Join(err, unix.Close(fd))
	}
	return c, nil
}

// New wraps a connected socket, which it owns from then on unless it fails.
func New(fd int) (*Conn, error) {
	tv := unix.NsecToTimeval(int64(Timeout))
	for _, opt := range []int{unix.SO_RCVTIMEO, unix.SO_SNDTIMEO} {
		if err := unix.SetsockoptTimeval(fd, unix.SOL_SOCKET, opt, &tv); err != nil {
			return nil, fmt.Errorf("set socket timeout: %w", err)
		}
	}
	c := &Conn{
		fd:      fd,
		out:     make([]byte, 0, 4096),
		in:      make([]byte, 64<<10),
		objects: make([]receiver, 2, 256),
	}
	c.objects[displayID] = c
	return c, nil
}

// FD is the socket, for poll. The Conn keeps it.
func (c *Conn) FD() int { return c.fd }

// Close closes the socket. The compositor sees a client that left without a
// word.
func (c *Conn) Close() error {
	if c.fd < 0 {
		return nil
	}
	err := unix.Close(c.fd)
	c.fd = -1
	c.fail(ErrDisconnected)
	return err
}

func (c *Conn) fail(err error) error {
	if c.err == nil {
		c.err = err
	}
	return c.err
}

// newID gives r a fresh object id.
func (c *Conn) newID(r receiver) uint32 {
	if n := len(c.free); n > 0 {
		id := c.free[n-1]
		c.free = c.free[:n-1]
		c.objects[id] = r
		return id
	}
	c.objects = append(c.objects, r)
	return uint32(len(c.objects) - 1)
}

// bury keeps the id of a destroyed object until the compositor returns it.
func (c *Conn) bury(id uint32) {
	if id != 0 {
		c.objects[id] = zombie{}
	}
}

// request appends a message of up to six words.
func (c *Conn) request(id uint32, opcode uint16, words ...uint32) {
	size := 8 + 4*len(words)
	c.out = binary.NativeEndian.AppendUint32(c.out, id)
	c.out = binary.NativeEndian.AppendUint32(c.out, uint32(size)<<16|uint32(opcode))
	for _, w := range words {
		c.out = binary.NativeEndian.AppendUint32(c.out, w)
	}
}

// requestString appends a message whose argument is one string, between lead
// words and trail words.
func (c *Conn) requestString(id uint32, opcode uint16, lead []uint32, s string, trail ...uint32) {
	start := len(c.out)
	c.request(id, opcode, lead...)
	c.out = binary.NativeEndian.AppendUint32(c.out, uint32(len(s)+1))
	c.out = append(c.out, s...)
	for end := len(c.out) + 4 - len(s)%4; len(c.out) < end; {
		c.out = append(c.out, 0)
	}
	for _, w := range trail {
		c.out = binary.NativeEndian.AppendUint32(c.out, w)
	}
	size := uint32(len(c.out) - start)
	binary.NativeEndian.PutUint32(c.out[start+4:], size<<16|uint32(opcode))
}

// Flush writes all pending requests.
func (c *Conn) Flush() error {
	for off := 0; off < len(c.out); {
		if c.err != nil {
			return c.err
		}
		n, err := unix.Write(c.fd, c.out[off:])
		switch {
		case err == unix.EINTR:
		case err != nil:
			return c.broken("write", err)
		default:
			off += n
		}
	}
	c.out = c.out[:0]
	return c.err
}

// flushFD writes all pending requests with fd attached to their first byte.
func (c *Conn) flushFD(fd int) error {
	if c.err != nil {
		return c.err
	}
	n, err := unix.SendmsgN(c.fd, c.out, unix.UnixRights(fd), nil, unix.MSG_NOSIGNAL)
	if err != nil {
		return c.broken("sendmsg", err)
	}
	c.out = c.out[:copy(c.out, c.out[n:])]
	return c.Flush()
}

// broken turns a failed write into the protocol error that explains it, if the
// compositor left one to read.
func (c *Conn) broken(op string, err error) error {
	if err == unix.EPIPE || err == unix.ECONNRESET {
		for c.err == nil {
			if c.Read() != nil {
				break
			}
		}
	}
	return c.fail(fmt.Errorf("%s: %w", op, err))
}

// Read blocks for one batch of events, dispatches it and answers pings and
// configures.
func (c *Conn) Read() error {
	if c.err != nil {
		return c.err
	}
	n, err := unix.Read(c.fd, c.in[c.w:])
	switch {
	case err == unix.EINTR:
		return nil
	case err == unix.EAGAIN:
		return c.fail(fmt.Errorf("no answer from the compositor within %v", Timeout))
	case err != nil:
		return c.fail(fmt.Errorf("read: %w", err))
	case n == 0:
		return c.fail(ErrDisconnected)
	}
	c.w += n
	if err := c.dispatch(); err != nil || !c.reply {
		return err
	}
	c.reply = false
	return c.Flush()
}

func (c *Conn) dispatch() error {
	for c.w-c.r >= 8 {
		head := c.in[c.r:c.w]
		id := binary.NativeEndian.Uint32(head)
		word := binary.NativeEndian.Uint32(head[4:])
		size, opcode := int(word>>16), uint16(word)
		if size < 8 {
			return c.fail(fmt.Errorf("event of %d bytes on object %d", size, id))
		}
		if size > len(head) {
			break
		}
		c.r += size
		if int64(id) < int64(len(c.objects)) && c.objects[id] != nil {
			c.objects[id].receive(id, opcode, args{b: head[8:size]})
		}
		if c.err != nil {
			return c.err
		}
	}
	if c.r == c.w {
		c.r, c.w = 0, 0
	} else if c.r > 0 {
		c.w = copy(c.in, c.in[c.r:c.w])
		c.r = 0
	}
	return nil
}

// Sync is one round trip: everything sent before it has been handled when it
// returns.
func (c *Conn) Sync() error {
	c.syncID = c.newID(c)
	c.request(displayID, 0, c.syncID)
	if err := c.Flush(); err != nil {
		return err
	}
	for c.syncID != 0 {
		if err := c.Read(); err != nil {
			return err
		}
	}
	return nil
}

// receive takes the events of wl_display and of sync callbacks.
func (c *Conn) receive(id uint32, opcode uint16, body args) {
	switch {
	case id == c.syncID:
		c.syncID = 0
	case id != displayID:
	case opcode == 0:
		e := &ProtocolError{Object: body.uint(), Code: body.uint()}
		e.Message = body.string()
		c.fail(e)
	case opcode == 1:
		if dead := body.uint(); dead > displayID && int64(dead) < int64(len(c.objects)) && c.objects[dead] != nil {
			c.objects[dead] = nil
			c.free = append(c.free, dead)
		}
	}
}

// args reads the arguments of one event. Reading past the end gives zeros.
type args struct{ b []byte }

func (a *args) uint() uint32 {
	if len(a.b) < 4 {
		a.b = nil
		return 0
	}
	v := binary.NativeEndian.Uint32(a.b)
	a.b = a.b[4:]
	return v
}

func (a *args) int() int32 { return int32(a.uint()) }

func (a *args) string() string {
	n := int64(a.uint())
	if n == 0 || n > int64(len(a.b)) {
		a.b = nil
		return ""
	}
	s := string(a.b[:n-1])
	a.b = a.b[min((n+3)&^3, int64(len(a.b))):]
	return s
}

var _ io.Closer = (*Conn)(nil)
