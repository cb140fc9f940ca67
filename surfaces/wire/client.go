package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"

	"golang.org/x/sys/unix"
)

// ErrServerClosed is the sticky error of a client whose server is gone without
// having sent a wl_display.error.
var ErrServerClosed = errors.New("server closed the connection")

// errNested is returned by Dispatch and Roundtrip when a handler calls them.
var errNested = errors.New("cannot dispatch inside an event handler")

// ClientOptions are the limits and hooks of a client connection. The zero
// value is usable.
type ClientOptions struct {
	// OutputLimit is how much unsent output is kept while the server does not
	// read, in bytes (default 4 MiB). Going over it fails the connection.
	OutputLimit int
	// Trace is as in Options.
	Trace func(line string)
}

// Client is the connection to a server. All its methods but Do belong to one
// goroutine.
type Client struct {
	t      transport
	ids    objects
	args   Args
	writer Writer
	pools  pools
	trace  func(string)
	err    error
	// mute is set when the server takes no more bytes: it may have left its
	// reason in the socket, so reading goes on.
	mute     bool
	inside   bool // a handler is running
	closed   bool
	syncer   syncCallback
	polls    [2]unix.PollFd
	wake     int // eventfd for Do
	mu       sync.Mutex
	queue    []func()
	runQueue []func()
}

// NewClient makes a client connection of the socket fd, which it owns from
// then on, also if it fails. display is the wl_display object.
func NewClient(fd int, display ClientObject, iface *Interface, opts ClientOptions) (*Client, error) {
	if opts.OutputLimit == 0 {
		opts.OutputLimit = 4 << 20
	}
	c := &Client{trace: opts.Trace}
	if err := c.t.init(fd, opts.OutputLimit); err != nil {
		closeFD(fd)
		return nil, err
	}
	var err error
	if c.wake, err = unix.Eventfd(0, unix.EFD_CLOEXEC|unix.EFD_NONBLOCK); err != nil {
		closeFD(fd)
		return nil, fmt.Errorf("eventfd: %w", err)
	}
	c.ids.init()
	c.args = Args{t: &c.t, ids: &c.ids}
	c.writer = Writer{t: &c.t, peer: c, trace: c.trace != nil}
	*display.proxy() = Proxy{base: base{iface: iface, id: displayID, version: 1, alive: true}, c: c}
	c.ids.client.put(displayID, display)
	return c, nil
}

// FD returns the socket, for polling; -1 after Close.
func (c *Client) FD() int { return c.t.fd }

// Err returns the error that ended the connection, a *ProtocolError if the
// server sent one. Nothing is sent or dispatched after it.
func (c *Client) Err() error { return c.err }

// Pending reports whether there is output the socket did not take yet.
func (c *Client) Pending() bool { return c.t.pending() > 0 && c.err == nil && !c.mute }

// fail records the first error.
func (c *Client) fail(err error) {
	if c.err == nil {
		c.err = err
	}
}

// Close closes the socket and all descriptors that are still queued.
func (c *Client) Close() {
	if c.closed {
		return
	}
	c.closed = true
	c.fail(net.ErrClosed)
	c.t.close()
	c.mu.Lock()
	defer c.mu.Unlock()
	closeFD(c.wake)
	c.wake = -1
}

// Do runs fn on the goroutine that dispatches, at its next Dispatch. It may be
// called from any goroutine and wakes a blocked Dispatch.
func (c *Client) Do(fn func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.wake < 0 {
		return
	}
	c.queue = append(c.queue, fn)
	one := [8]byte{0: 1}
	// The only failure is a full counter, which wakes just as well.
	_, _ = unix.Write(c.wake, one[:])
}

// runQueued runs what Do queued, and returns how many functions that were.
func (c *Client) runQueued() int {
	c.mu.Lock()
	c.queue, c.runQueue = c.runQueue[:0], c.queue
	run := c.runQueue
	if len(run) > 0 {
		var b [8]byte
		// Empty or not, the queue was taken.
		_, _ = unix.Read(c.wake, b[:])
	}
	c.mu.Unlock()
	for i, fn := range run {
		run[i] = nil
		fn()
	}
	return len(run)
}

// Flush sends what is queued, without blocking.
func (c *Client) Flush() error {
	if c.err != nil {
		return c.err
	}
	if c.mute {
		return nil
	}
	if err := c.t.flush(); err != nil {
		c.outputFailed(err)
	}
	return c.err
}

// Read does one recvmsg without blocking. The end of the stream is an error,
// after everything that came before it was dispatched.
func (c *Client) Read() error {
	if c.err != nil {
		return c.err
	}
	_, err := c.t.read()
	switch {
	case errors.Is(err, io.EOF):
		c.fail(ErrServerClosed)
	case err != nil:
		c.fail(err)
	}
	return c.err
}

// DispatchPending handles all complete messages that were read, and returns
// how many.
func (c *Client) DispatchPending() (int, error) {
	if c.inside {
		return 0, errNested
	}
	defer c.t.settle()
	n := c.runQueued()
	for c.err == nil {
		b := c.t.in[c.t.r:c.t.w]
		if len(b) < headerSize {
			break
		}
		id := binary.NativeEndian.Uint32(b)
		word := binary.NativeEndian.Uint32(b[4:])
		size := int(word >> 16)
		if size < headerSize || size&3 != 0 {
			c.fail(fmt.Errorf("server sent a message of size %d", size))
			break
		}
		if len(b) < size {
			break
		}
		c.t.r += size
		c.message(id, uint16(word), b[headerSize:size])
		n++
	}
	return n, c.err
}

// Dispatch flushes, waits for messages and handles them.
func (c *Client) Dispatch() error {
	n, err := c.DispatchPending()
	if n > 0 || err != nil {
		return err
	}
	if err := c.wait(); err != nil {
		return err
	}
	if err := c.Read(); err != nil {
		return err
	}
	_, err = c.DispatchPending()
	return err
}

// wait flushes and blocks until there is something to read or to run.
func (c *Client) wait() error {
	for {
		if err := c.Flush(); err != nil {
			return err
		}
		c.polls[0] = unix.PollFd{Fd: int32(c.t.fd), Events: unix.POLLIN}
		c.polls[1] = unix.PollFd{Fd: int32(c.wake), Events: unix.POLLIN}
		if c.Pending() {
			c.polls[0].Events |= unix.POLLOUT
		}
		_, err := unix.Poll(c.polls[:], -1)
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			c.fail(fmt.Errorf("poll: %w", err))
			return c.err
		}
		if c.polls[0].Revents&^unix.POLLOUT != 0 || c.polls[1].Revents != 0 {
			return nil
		}
	}
}

// Roundtrip dispatches until the server has answered everything sent before.
func (c *Client) Roundtrip() error {
	if c.inside {
		return errNested
	}
	if c.err != nil {
		return c.err
	}
	s := &c.syncer
	if s.alive || c.ids.client.get(s.id) == Object(s) {
		s = new(syncCallback) // the last one was cut short, or its id is not free yet
	}
	s.done = false
	display := c.ids.get(displayID).core()
	w := &c.writer
	w.begin(display, 0)
	w.New(s, &callbackInterface, 1)
	w.End()
	for !s.done {
		if err := c.Dispatch(); err != nil {
			return err
		}
	}
	return nil
}

// syncCallback is the wl_callback of a Roundtrip.
type syncCallback struct {
	Proxy
	done bool
}

var callbackInterface = Interface{
	Name: "wl_callback", Version: 1,
	Events: []Message{{Name: "done", Since: 1, Destructor: true, Signature: "u"}},
}

// HandleMessage implements Object.
func (s *syncCallback) HandleMessage(_ uint16, a *Args) {
	a.Uint()
	s.done = a.End()
}

// message handles one event.
func (c *Client) message(id uint32, op uint16, body []byte) {
	o, _ := c.ids.get(id).(ClientObject)
	if o == nil {
		c.fail(fmt.Errorf("server sent event %d of unknown object %d", op, id))
		return
	}
	p := o.proxy()
	if int(op) >= len(p.iface.Events) {
		c.fail(fmt.Errorf("server sent unknown event %d of %s@%d", op, p.iface.Name, id))
		return
	}
	m := &p.iface.Events[op]
	if c.trace != nil {
		c.trace(traceLine("", &c.ids, &p.base, m, body))
	}
	a := &c.args
	a.begin(body)
	switch {
	case id == displayID:
		c.displayEvent(op, a)
	case !p.alive:
		c.skip(m, a)
	default:
		c.inside = true
		o.HandleMessage(op, a)
		c.inside = false
	}
	if a.nfd > 0 {
		a.finish()
	}
	if a.fail != "" {
		c.fail(fmt.Errorf("invalid arguments for %s@%d.%s: %s", p.iface.Name, id, m.Name, a.fail))
		return
	}
	if m.Destructor {
		c.End(o)
	}
}

// displayEvent handles wl_display.error and wl_display.delete_id.
func (c *Client) displayEvent(op uint16, a *Args) {
	if op == 0 {
		id, code, msg := a.Uint(), a.Uint(), a.String()
		if !a.End() {
			return
		}
		e := &ProtocolError{Object: id, Code: code, Message: msg}
		if o := c.ids.get(id); o != nil {
			e.Interface = o.core().iface.Name
		}
		c.fail(e)
		return
	}
	id := a.Uint()
	if !a.End() {
		return
	}
	o, _ := c.ids.get(id).(ClientObject)
	switch {
	case id == displayID || id >= serverIDStart || o == nil:
		c.fail(fmt.Errorf("server deleted the unknown object %d", id))
	case o.proxy().alive:
		o.proxy().deleted = true
	default:
		c.free(id)
	}
}

// skip handles an event to a zombie: descriptors in it are closed, and objects
// it creates become zombies too.
func (c *Client) skip(m *Message, a *Args) {
	for i := 0; i < len(m.Signature); i++ {
		switch m.Signature[i] {
		case 'i', 'u', 'f', 'o':
			a.Uint()
		case 's', 'a':
			a.bytes()
		case 'h':
			a.FD()
		case 'n':
			if id := a.NewID(); a.fail == "" && m.New != nil {
				z := new(zombie)
				c.Adopt(z, m.New, id, 0)
				z.alive = false
			}
		}
	}
	a.End()
}

func (c *Client) messageSent(o *base, op uint16, body []byte) {
	c.trace(traceLine(" -> ", &c.ids, o, &o.iface.Requests[op], body))
}

func (c *Client) messageDropped(o *base, op uint16, why string) {
	c.fail(fmt.Errorf("request %s@%d.%s not sent: %s", o.iface.Name, o.id, o.iface.Requests[op].Name, why))
}

func (c *Client) outputFailed(err error) {
	if errors.Is(err, io.EOF) {
		c.mute = true
		return
	}
	c.fail(err)
}

func (c *Client) forget(o Object) {
	b := o.core()
	b.alive = false
	t, i := c.ids.side(b.id)
	t.clear(i)
	t.free = append(t.free, i)
}
