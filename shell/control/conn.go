package control

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net"
	"runtime/debug"
	"time"

	"golang.org/x/sys/unix"
)

// conn is one client. A slot is held by each request from its reading to the
// writing of its answer, so out never blocks.
type conn struct {
	srv    *Server
	nc     *net.UnixConn
	out    chan answer
	slots  chan struct{}
	ctx    context.Context // ends with the connection
	cancel context.CancelFunc

	calls map[*call]struct{} // loop goroutine only
}

type answer struct {
	id     int64
	result any
	err    error
	last   bool // the connection ends behind it

	progress string // instead of an answer
}

// call is a request whose effect is under way. It belongs to the loop
// goroutine.
type call struct {
	conn   *conn
	id     int64
	done   bool
	cancel func()
	timer  *time.Timer
}

// read takes requests until the client goes.
func (c *conn) read() {
	r := bufio.NewReaderSize(c.nc, maxRequest)
	for {
		line, err := r.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			c.reject(answer{err: Errorf(CodeBadRequest, "request is longer than %d bytes", maxRequest), last: true})
			return
		}
		if len(line) == 0 || err != nil && !errors.Is(err, io.EOF) {
			break
		}
		if !c.request(line) || err != nil {
			break
		}
	}
	c.ended()
}

// request starts one request and reports whether to go on.
func (c *conn) request(line []byte) bool {
	req, cmd, v, err := ParseRequest(line)
	if err != nil {
		return c.reject(answer{id: req.ID, err: err})
	}
	if !c.acquire() {
		return false
	}
	c.srv.loop.Post(func() { c.start(req.ID, cmd, v) })
	return true
}

// acquire takes a slot, waiting until there is one.
func (c *conn) acquire() bool {
	select {
	case c.slots <- struct{}{}:
		return true
	case <-c.ctx.Done():
		return false
	}
}

// reject answers without troubling the loop.
func (c *conn) reject(a answer) bool {
	if !c.acquire() {
		return false
	}
	c.out <- a
	return true
}

// ended waits for the answers of a client that has only stopped asking, and
// gives up those of one that has gone.
func (c *conn) ended() {
	if c.gone() {
		c.cancel()
		c.srv.loop.Post(c.drop)
		return
	}
	for range maxInFlight {
		if !c.acquire() {
			return
		}
	}
	c.out <- answer{last: true, id: -1}
}

// gone reports whether the client has closed its whole end of the socket.
func (c *conn) gone() bool {
	raw, err := c.nc.SyscallConn()
	if err != nil {
		return true
	}
	gone := true
	if err := raw.Control(func(fd uintptr) {
		p := []unix.PollFd{{Fd: int32(fd)}}
		n, err := unix.Poll(p, 0)
		gone = err != nil || n > 0 && p[0].Revents&(unix.POLLHUP|unix.POLLERR) != 0
	}); err != nil {
		return true
	}
	return gone
}

// write sends answers until the connection ends, and closes it.
func (c *conn) write() {
	defer c.close()
	for {
		select {
		case a := <-c.out:
			if !c.send(a) {
				return
			}
		case <-c.ctx.Done():
			for { // what is ready is still sent, within the socket's deadline
				select {
				case a := <-c.out:
					if !c.send(a) {
						return
					}
				default:
					return
				}
			}
		}
	}
}

func (c *conn) close() {
	c.cancel()
	c.srv.forget(c)
	c.srv.loop.Post(c.drop)
	if err := c.nc.Close(); err != nil {
		log.Printf("control: close: %v", err)
	}
}

// send writes one answer and frees its slot; false ends the connection.
func (c *conn) send(a answer) bool {
	if a.last && a.err == nil {
		return false
	}
	line := a.encode()
	if c.ctx.Err() == nil {
		if err := c.nc.SetWriteDeadline(time.Now().Add(c.srv.writeLimit)); err != nil {
			return false
		}
	}
	if _, err := c.nc.Write(line); err != nil {
		// The client is gone or does not read; both end its connection.
		return false
	}
	// A deadline that is left behind wakes the process when it is due; that of
	// the end stays.
	if c.ctx.Err() == nil && c.nc.SetWriteDeadline(time.Time{}) != nil {
		return false
	}
	if c.ctx.Err() != nil && !c.hurry() {
		return false
	}
	if a.progress == "" {
		<-c.slots
	}
	return !a.last
}

func (a *answer) encode() []byte {
	if fn, ok := a.result.(Later); ok && a.err == nil {
		a.result, a.err = fn()
	}
	r := Response{ID: a.id, OK: a.err == nil && a.progress == "", Progress: a.progress}
	if a.err != nil {
		r.Error = asError(a.err)
	} else if a.result != nil {
		b, err := json.Marshal(a.result)
		if err != nil {
			r.OK, r.Error = false, Errorf(CodeInternal, "encode result: %v", err)
		}
		r.Result = b
	}
	line, err := json.Marshal(r)
	if err != nil { // a Response holds nothing that can fail
		panic(err)
	}
	return append(line, '\n')
}

// shutdown sends what is ready and ends the connection, within a second.
func (c *conn) shutdown() {
	c.cancel()
	c.hurry()
	c.drop()
}

// hurry gives the last answers a second from now.
func (c *conn) hurry() bool {
	err := c.nc.SetWriteDeadline(time.Now().Add(time.Second))
	if err != nil && !errors.Is(err, net.ErrClosed) {
		log.Printf("control: %v", err)
	}
	return err == nil
}

// drop gives up the effects that nobody waits for any more. On the loop
// goroutine.
func (c *conn) drop() {
	for k := range c.calls {
		k.abandon()
	}
}

// start carries out a request on the loop goroutine.
func (c *conn) start(id int64, cmd *Command, v Values) {
	if c.ctx.Err() != nil {
		return
	}
	k := &call{conn: c, id: id}
	c.calls[k] = struct{}{}
	defer func() {
		if p := recover(); p != nil {
			log.Printf("control: %s: panic: %v\n%s", cmd.Name, p, debug.Stack())
			k.finish(nil, Errorf(CodeInternal, "%s failed inside the session; its log has the details", cmd.Name))
		}
	}()
	k.cancel = cmd.StartNoted(c.srv.session, v, k.note, k.finish)
	if k.done {
		return
	}
	k.timer = time.AfterFunc(cmd.Limit(v), func() {
		c.srv.loop.Post(func() {
			if !k.done {
				k.abandon()
				c.out <- answer{id: id, err: cmd.TooLate(v)}
			}
		})
	})
}

// finish answers a call; only the first time counts.
func (k *call) finish(result any, err error) {
	if k.done {
		return
	}
	k.end()
	k.conn.out <- answer{id: k.id, result: result, err: err}
}

// note tells the client what a call is busy with, unless it is behind with
// reading: the places for answers stay free.
func (k *call) note(text string) {
	if !k.done && len(k.conn.out) < maxNotes {
		k.conn.out <- answer{id: k.id, progress: text}
	}
}

// abandon ends a call without an answer and tells the session.
func (k *call) abandon() {
	if k.done {
		return
	}
	k.end()
	if k.cancel != nil {
		k.cancel()
	}
}

func (k *call) end() {
	k.done = true
	delete(k.conn.calls, k)
	if k.timer != nil {
		k.timer.Stop()
	}
}
