package wire

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"runtime/debug"
	"time"

	"golang.org/x/sys/unix"
)

// Options are the limits and hooks of a server connection. The zero value is
// usable.
type Options struct {
	// MaxObjects limits the live objects of the client (default 200,000).
	MaxObjects int
	// OutputLimit is how much unsent output is kept for a client that does not
	// read, in bytes (default 1 MiB).
	OutputLimit int
	// Log gets panics of handlers and events that could not be sent
	// (default slog.Default()).
	Log *slog.Logger
	// Trace, if not nil, gets every message in the form of WAYLAND_DEBUG,
	// without a time; sent messages start with " -> ".
	Trace func(line string)
}

func (o Options) withDefaults() Options {
	if o.MaxObjects == 0 {
		o.MaxObjects = 200_000
	}
	if o.OutputLimit == 0 {
		o.OutputLimit = 1 << 20
	}
	if o.Log == nil {
		o.Log = slog.Default()
	}
	return o
}

// ProtocolError is a wl_display.error.
type ProtocolError struct {
	Interface string // of the object, if known
	Object    uint32
	Code      uint32
	Message   string
}

func (e *ProtocolError) Error() string {
	return fmt.Sprintf("%s@%d: error %d: %s", e.Interface, e.Object, e.Code, e.Message)
}

// Conn is one client, seen from the server.
type Conn struct {
	// Data is the owner's.
	Data any

	t      transport
	ids    objects
	args   Args
	writer Writer
	pools  pools
	opts   Options
	err    error
	dead   bool // nothing is dispatched or sent any more; Flush still works
	closed bool
}

// NewConn makes a connection of the socket fd, which it owns from then on,
// also if it fails.
func NewConn(fd int, opts Options) (*Conn, error) {
	c := &Conn{opts: opts.withDefaults()}
	if err := c.t.init(fd, c.opts.OutputLimit); err != nil {
		closeFD(fd)
		return nil, err
	}
	c.ids.init()
	c.args = Args{t: &c.t, ids: &c.ids, server: true}
	c.writer = Writer{t: &c.t, peer: c, trace: c.opts.Trace != nil}
	return c, nil
}

// FD returns the socket, for polling; -1 after Close.
func (c *Conn) FD() int { return c.t.fd }

// Dead reports whether the connection is over: flush what is left of it, then
// close it.
func (c *Conn) Dead() bool { return c.dead }

// Err returns why the connection is dead: a *ProtocolError, or a fault of the
// transport.
func (c *Conn) Err() error { return c.err }

// Pending reports whether there is unsent output, for which the owner should
// wait until the socket is writable.
func (c *Conn) Pending() bool { return c.t.pending() > 0 }

// Object returns the live object with this id, or nil.
func (c *Conn) Object(id uint32) Object { return c.ids.get(id) }

// Objects returns the number of live objects.
func (c *Conn) Objects() int { return c.ids.client.live + c.ids.server.live }

// Read does one recvmsg and never blocks. closed is true at the end of the
// stream; messages that came before it are still there to be dispatched. The
// caller must Dispatch before it reads again.
func (c *Conn) Read() (closed bool, err error) {
	if c.dead {
		return true, c.err
	}
	_, err = c.t.read()
	if errors.Is(err, io.EOF) {
		return true, nil
	}
	if err != nil {
		c.die(err)
		return true, c.err
	}
	return false, nil
}

// Dispatch handles all complete messages that were read. The error is the one
// that ended the connection, if one did.
func (c *Conn) Dispatch() error {
	_, err := c.DispatchFor(0)
	return err
}

// timedEvery is how many messages pass between two looks at the clock.
const timedEvery = 8

// DispatchFor is Dispatch for about d, or without an end when d is 0: the
// messages of one client need not keep the others waiting. more says that
// some may be left, which must be dispatched before the next Read.
func (c *Conn) DispatchFor(d time.Duration) (more bool, err error) {
	defer c.t.settle()
	defer func() {
		// Also after a panic, which recovered makes the reason.
		err = c.err
	}()
	defer c.recovered()
	var began time.Time
	if d > 0 {
		began = time.Now()
	}
	for n := 1; !c.dead; n++ {
		if d > 0 && n%timedEvery == 0 && time.Since(began) > d {
			return true, nil
		}
		b := c.t.in[c.t.r:c.t.w]
		if len(b) < headerSize {
			break
		}
		id := binary.NativeEndian.Uint32(b)
		word := binary.NativeEndian.Uint32(b[4:])
		size := int(word >> 16)
		if size < headerSize || size&3 != 0 || size > MaxMessage {
			c.PostError(displayID, ErrorInvalidMethod, fmt.Sprintf("invalid message size %d for object %d", size, id))
			break
		}
		if len(b) < size {
			break
		}
		c.t.r += size
		c.message(id, uint16(word), b[headerSize:size])
	}
	return false, nil
}

// message handles one request.
func (c *Conn) message(id uint32, op uint16, body []byte) {
	o, _ := c.ids.get(id).(ServerObject)
	if o == nil {
		c.PostError(displayID, ErrorInvalidObject, fmt.Sprintf("invalid object %d", id))
		return
	}
	b := o.core()
	if int(op) >= len(b.iface.Requests) {
		c.PostError(displayID, ErrorInvalidMethod, fmt.Sprintf("invalid method %d, object %s@%d", op, b.iface.Name, id))
		return
	}
	m := &b.iface.Requests[op]
	if m.Since > b.version {
		c.PostError(displayID, ErrorInvalidMethod, fmt.Sprintf("%s@%d.%s needs version %d, object has %d",
			b.iface.Name, id, m.Name, m.Since, b.version))
		return
	}
	if c.opts.Trace != nil {
		c.opts.Trace(traceLine("", &c.ids, b, m, body))
	}
	a := &c.args
	a.begin(body)
	o.HandleMessage(op, a)
	if a.nfd > 0 {
		a.finish()
	}
	if c.dead {
		return
	}
	if a.fail != "" {
		c.PostError(displayID, ErrorInvalidMethod, fmt.Sprintf("invalid arguments for %s@%d.%s: %s",
			b.iface.Name, id, m.Name, a.fail))
		return
	}
	if m.Destructor {
		c.End(o)
	}
}

// recovered ends the batch after a panic of a handler.
func (c *Conn) recovered() {
	v := recover()
	if v == nil {
		return
	}
	c.args.finish()
	c.opts.Log.Error("panic while serving a client", "panic", v, "stack", string(debug.Stack()))
	c.PostError(displayID, ErrorImplementation, "internal error")
}

// Flush sends what is queued. What the socket does not take stays, and Pending
// is true. An error is the end of the connection.
func (c *Conn) Flush() error {
	if c.closed || c.t.pending() == 0 {
		return nil
	}
	if err := c.t.flush(); err != nil {
		c.die(err)
		return err
	}
	return nil
}

// PostError sends wl_display.error and marks the connection dead. Only the
// first error is sent.
func (c *Conn) PostError(objectID, code uint32, msg string) {
	if c.dead {
		return
	}
	e := &ProtocolError{Object: objectID, Code: code, Message: msg}
	if o := c.ids.get(objectID); o != nil {
		e.Interface = o.core().iface.Name
	} else {
		// An id that the client does not know would make it fail before it
		// could show the message.
		objectID = displayID
	}
	const room = 3500
	c.sendError(objectID, code, msg[:min(len(msg), room)])
	c.die(e)
}

// sendError writes wl_display.error, and sendDeleteID wl_display.delete_id:
// events of an object that exists before any object is registered.
func (c *Conn) sendError(object, code uint32, msg string) {
	w := &c.writer
	w.begin(&displayBase, 0)
	w.Uint(object)
	w.Uint(code)
	w.String(msg)
	w.End()
}

func (c *Conn) sendDeleteID(id uint32) {
	w := &c.writer
	w.begin(&displayBase, 1)
	w.Uint(id)
	w.End()
}

// die marks the connection dead, with the first reason.
func (c *Conn) die(err error) {
	if c.dead {
		return
	}
	c.dead = true
	c.err = err
}

// Close ends all objects, calling ResourceDestroyed hooks in ascending order
// of ids, the client's before the server's, and closes the socket and all
// descriptors that are still queued. Unsent output is lost: Flush first.
func (c *Conn) Close() {
	if c.closed {
		return
	}
	c.closed = true
	c.die(unix.ECONNABORTED)
	end := func(o Object) { c.hookSafely(o.(ServerObject)) }
	c.ids.client.each(end)
	c.ids.server.each(end)
	c.pools = nil
	c.t.close()
}

// hookSafely ends o; a hook that panics must not keep the others from running.
func (c *Conn) hookSafely(o ServerObject) {
	defer c.recovered()
	c.drop(o)
}

func (c *Conn) messageSent(o *base, op uint16, body []byte) {
	c.opts.Trace(traceLine(" -> ", &c.ids, o, &o.iface.Events[op], body))
}

func (c *Conn) messageDropped(o *base, op uint16, why string) {
	name := o.iface.Events[op].Name
	c.opts.Log.Debug("event not sent", "object", o.id, "interface", o.iface.Name, "event", name, "reason", why)
	if c.opts.Trace != nil {
		c.opts.Trace(fmt.Sprintf(" -> not sent: %s@%d.%s: %s", o.iface.Name, o.id, name, why))
	}
}

func (c *Conn) outputFailed(err error) { c.die(err) }

func (c *Conn) forget(o Object) {
	b := o.core()
	b.alive = false
	t, i := c.ids.side(b.id)
	t.clear(i)
	t.free = append(t.free, i)
}
