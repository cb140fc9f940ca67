package rfb

import (
	"errors"
	"io"
	"net"
	"sync"
)

// ErrSlow is why a connection ended whose server doesn't take what is sent.
var ErrSlow = errors.New("rfb: the server doesn't read")

// outbox sends bytes from a goroutine of its own, so no caller waits for the
// network.
type outbox struct {
	mu   sync.Mutex
	cond sync.Cond
	// Guarded by mu.
	queued []byte
	spare  []byte
	limit  int
	err    error // why nothing is sent any more
	conn   io.Closer
}

func (o *outbox) start(conn net.Conn, limit int) {
	o.cond.L = &o.mu
	o.limit, o.conn = limit, conn
	go o.run(conn)
}

func (o *outbox) run(w io.Writer) {
	for {
		o.mu.Lock()
		for len(o.queued) == 0 && o.err == nil {
			o.cond.Wait()
		}
		if o.err != nil {
			o.mu.Unlock()
			return
		}
		p := o.queued
		o.queued = o.spare[:0]
		o.mu.Unlock()
		_, err := w.Write(p)
		if err != nil {
			o.stop(err)
			return
		}
		o.mu.Lock()
		o.spare = p
		o.mu.Unlock()
	}
}

// send queues what f appends, as a whole.
func (o *outbox) send(f func([]byte) []byte) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.err != nil {
		return o.err
	}
	o.queued = f(o.queued)
	if len(o.queued) > o.limit {
		o.err = ErrSlow
		_ = o.conn.Close() // ErrSlow is what is told
	}
	o.cond.Signal()
	return o.err
}

// stop ends sending, for a reason unless there is one already. It returns the
// earlier reason.
func (o *outbox) stop(why error) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	before := o.err
	if o.err == nil {
		o.err = why
	}
	if o.cond.L != nil {
		o.cond.Signal()
	}
	return before
}
