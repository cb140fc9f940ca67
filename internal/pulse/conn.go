package pulse

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

const (
	cookieSize = 256
	// patience is how long a server may take to answer, and to take what it is
	// sent.
	patience = 5 * time.Second
)

// ErrNone says that there is no sound server.
var ErrNone = errors.New("there is no sound server")

// Address returns the path of the socket of the person's sound server, "" if the
// environment says nothing of one on this machine.
func Address() string {
	for _, s := range strings.Fields(os.Getenv("PULSE_SERVER")) {
		if path := strings.TrimPrefix(s, "unix:"); filepath.IsAbs(path) {
			return path
		}
	}
	if os.Getenv("PULSE_SERVER") != "" {
		return ""
	}
	if dir := os.Getenv("PULSE_RUNTIME_PATH"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "native")
	}
	if dir := os.Getenv("XDG_RUNTIME_DIR"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "pulse", "native")
	}
	return ""
}

// Conn is a connection to a sound server. Its methods may be called on any
// goroutine.
type Conn struct {
	conn *net.UnixConn
	tell func(command uint32, r *Reader)
	done chan struct{}

	mu    sync.Mutex
	tag   uint32
	waits map[uint32]chan answer
	err   error // why it has ended
}

type answer struct {
	body []byte
	err  error
}

// Connect speaks to the server at a socket; it takes as long as the server does.
// Properties are texts by name that say who we are. tell is called, in order and
// on one goroutine, with what the server says unasked; the reader is borrowed for
// the call.
func Connect(path string, properties []string, tell func(command uint32, r *Reader)) (*Conn, error) {
	if path == "" {
		return nil, ErrNone
	}
	conn, err := dial(path)
	if err != nil {
		return nil, err
	}
	c := &Conn{conn: conn, tell: tell, done: make(chan struct{}), waits: map[uint32]chan answer{}}
	go c.read()
	if err := c.greet(properties); err != nil {
		return nil, errors.Join(fmt.Errorf("sound server: %w", err), conn.Close())
	}
	return c, nil
}

// dial connects to the socket. One that has just been made refuses until its
// server listens, of which nothing tells, so it is tried a few times.
func dial(path string) (*net.UnixConn, error) {
	for pause := 5 * time.Millisecond; ; pause *= 2 {
		conn, err := net.DialUnix("unix", nil, &net.UnixAddr{Name: path, Net: "unix"})
		switch {
		case errors.Is(err, os.ErrNotExist):
			return nil, ErrNone
		case errors.Is(err, unix.ECONNREFUSED) && pause < time.Second:
			time.Sleep(pause)
		default:
			return conn, err
		}
	}
}

// greet says who we are.
func (c *Conn) greet(properties []string) error {
	b, err := c.Ask(Auth, func(w *Writer) {
		w.U32(Version)
		w.Bytes(cookie())
	})
	if err != nil {
		return err
	}
	r := Reader{B: b}
	if v := r.U32() & 0xffff; r.Bad || v < Version { // the rest are flags
		return fmt.Errorf("it speaks version %d of the protocol; want %d", v, Version)
	}
	_, err = c.Ask(SetClientName, func(w *Writer) { w.Properties(properties...) })
	return err
}

// cookie proves to servers that want it that we are the same person.
func cookie() []byte {
	paths := []string{os.Getenv("PULSE_COOKIE")}
	if dir, err := os.UserConfigDir(); err == nil {
		paths = append(paths, filepath.Join(dir, "pulse", "cookie"))
	}
	for _, p := range paths {
		if b, err := os.ReadFile(p); err == nil && len(b) == cookieSize {
			return b
		}
	}
	return make([]byte, cookieSize) // a server on the same machine knows us by our user id
}

// Close ends the connection.
func (c *Conn) Close() error { return c.conn.Close() }

// Done is closed when the connection has ended.
func (c *Conn) Done() <-chan struct{} { return c.done }

// Err says why it has ended, nil while it hasn't.
func (c *Conn) Err() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.err
}

// Ask sends a command and waits for the answer. It may not be called by tell.
func (c *Conn) Ask(command uint32, args func(*Writer)) ([]byte, error) {
	got := make(chan answer, 1)
	c.mu.Lock()
	c.tag++
	tag := c.tag
	c.waits[tag] = got
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		delete(c.waits, tag)
		c.mu.Unlock()
	}()
	w := NewWriter(command, tag)
	args(w)
	send := c.send
	if command == Auth {
		send = c.sendSigned
	}
	if err := send(w.Packet()); err != nil {
		return nil, err
	}
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case a := <-got:
		return a.body, a.err
	case <-c.done:
		return nil, c.Err()
	case <-late.C:
		_ = c.conn.Close() // it is stuck; read sees the end
		return nil, fmt.Errorf("the sound server doesn't answer within %v", patience)
	}
}

func (c *Conn) send(b []byte) error {
	if err := c.conn.SetWriteDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	_, err := c.conn.Write(b)
	return err
}

// sendSigned sends who we are along, as the kernel vouches for it. It would do so
// unasked from when the server has asked it to, which a server that is just starting
// may not have done yet.
func (c *Conn) sendSigned(b []byte) error {
	if err := c.conn.SetWriteDeadline(time.Now().Add(patience)); err != nil {
		return err
	}
	who := unix.Ucred{Pid: int32(os.Getpid()), Uid: uint32(os.Getuid()), Gid: uint32(os.Getgid())}
	n, _, err := c.conn.WriteMsgUnix(b, unix.UnixCredentials(&who), nil)
	if err == nil && n < len(b) {
		err = io.ErrShortWrite
	}
	return err
}

// Head is how many bytes are before the sound that Play sends.
const Head = header

// Play sends sound to a stream: what is behind the first Head bytes of b, which
// Play writes.
func (c *Conn) Play(channel uint32, b []byte) error {
	head(b, channel)
	return c.send(b)
}

// read takes what the server sends until it ends.
func (c *Conn) read() {
	var err error
	var buf []byte
	for err == nil {
		var p []byte
		if p, err = ReadPacket(c.conn, buf); err == nil {
			err = c.take(p)
			buf = p[:0]
		}
	}
	_ = c.conn.Close() // after nonsense it is still open
	c.mu.Lock()
	c.err = err
	c.mu.Unlock()
	close(c.done)
}

// take takes a packet.
func (c *Conn) take(p []byte) error {
	r := Reader{B: p}
	command, tag := r.U32(), r.U32()
	if r.Bad {
		return ErrPacket
	}
	if command != Reply && command != Error {
		c.tell(command, &r)
		return nil
	}
	var a answer
	if command == Error {
		a.err = fmt.Errorf("the sound server refuses: error %d", r.U32())
	} else {
		a.body = slices.Clone(r.B)
	}
	c.mu.Lock()
	got := c.waits[tag]
	delete(c.waits, tag)
	c.mu.Unlock()
	if got != nil {
		got <- a
	}
	return nil
}
