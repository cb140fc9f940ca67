package host

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
)

// Client is a connection to a rayos-vm. Its methods may be called from any
// goroutine.
type Client struct {
	conn   *net.UnixConn
	events chan Event
	done   chan struct{}

	write sync.Mutex // held while a line is written

	mu      sync.Mutex
	next    uint64
	waiting map[uint64]chan Answer
	err     error
}

// maxEvents is how many events may wait to be taken. Over it the connection
// ends, as events say more by their order than each by itself.
const maxEvents = 1024

// Dial connects to the rayos-vm whose socket is at path.
func Dial(path string) (*Client, error) {
	conn, err := net.DialUnix("unix", nil, &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		return nil, fmt.Errorf("rayos-vm: %w", err)
	}
	if err := sameUser(conn); err != nil {
		return nil, errors.Join(fmt.Errorf("rayos-vm: %w", err), conn.Close())
	}
	c := &Client{conn: conn, events: make(chan Event, maxEvents), done: make(chan struct{}), waiting: map[uint64]chan Answer{}}
	go c.read()
	return c, nil
}

// Events are what the machine tells: all from the first answer on. The channel is closed when
// the connection has ended.
func (c *Client) Events() <-chan Event { return c.events }

// Done is closed when the connection has ended.
func (c *Client) Done() <-chan struct{} { return c.done }

// Close ends the connection. The machine runs on.
func (c *Client) Close() error {
	err := c.conn.Close()
	<-c.done
	return err
}

// Error is a rayos-vm's refusal.
type Error struct{ Op, Code, Detail string }

func (e *Error) Error() string { return fmt.Sprintf("%s: %s: %s", e.Op, e.Code, e.Detail) }

// Call asks for something and waits for its answer. The error is an *Error
// when the answer is no. file goes along if it isn't nil; it stays the
// caller's.
func (c *Client) Call(ctx context.Context, r Request, file *os.File) (Answer, error) {
	c.mu.Lock()
	if c.err != nil {
		defer c.mu.Unlock()
		return Answer{}, c.err
	}
	c.next++
	r.ID = c.next
	answer := make(chan Answer, 1)
	c.waiting[r.ID] = answer
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		delete(c.waiting, r.ID)
		c.mu.Unlock()
	}()
	line, err := json.Marshal(r)
	if err == nil {
		err = c.send(ctx, line, file)
	}
	if err != nil {
		return Answer{}, fmt.Errorf("rayos-vm %s: %w", r.Op, err)
	}
	select {
	case a := <-answer:
		return a, a.err(r.Op)
	case <-ctx.Done():
		return Answer{}, fmt.Errorf("rayos-vm %s: no answer: %w", r.Op, ctx.Err())
	case <-c.done:
		select {
		case a := <-answer: // it came just before the end
			return a, a.err(r.Op)
		default:
			return Answer{}, fmt.Errorf("rayos-vm %s: %w", r.Op, c.err)
		}
	}
}

func (a *Answer) err(op string) error {
	if a.OK {
		return nil
	}
	return &Error{op, a.Error, a.Detail}
}

func (c *Client) send(ctx context.Context, line []byte, file *os.File) error {
	c.write.Lock()
	defer c.write.Unlock()
	deadline, _ := ctx.Deadline()
	if err := c.conn.SetWriteDeadline(deadline); err != nil {
		return err
	}
	return writeLine(c.conn, line, file)
}

func (c *Client) read() {
	in := newLines(c.conn)
	var err error
	for err == nil {
		var line []byte
		if line, err = in.next(); err == nil {
			err = c.line(line)
		}
	}
	in.close()
	c.mu.Lock()
	c.err = fmt.Errorf("the connection has ended: %w", err)
	c.mu.Unlock()
	close(c.done)
	close(c.events)
}

func (c *Client) line(line []byte) error {
	var ev Event
	var a Answer
	if err := json.Unmarshal(line, &ev); err != nil {
		return err
	}
	if ev.Event != "" {
		select {
		case c.events <- ev:
			return nil
		default:
			return fmt.Errorf("more than %d events were not taken", maxEvents)
		}
	}
	if err := json.Unmarshal(line, &a); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if answer := c.waiting[a.ID]; answer != nil {
		delete(c.waiting, a.ID)
		answer <- a
	}
	return nil
}

// Status asks for the machine's status.
func (c *Client) Status(ctx context.Context) (Status, error) {
	a, err := c.Call(ctx, Request{Op: OpStatus}, nil)
	if err != nil {
		return Status{}, err
	}
	if a.Status == nil {
		return Status{}, errors.New("rayos-vm status: an answer without one")
	}
	return *a.Status, nil
}

// Attach gives the machine a connected Wayland socket to show its window by.
// The socket stays the caller's, who closes it.
func (c *Client) Attach(ctx context.Context, wayland *os.File) error {
	_, err := c.Call(ctx, Request{Op: OpAttach}, wayland)
	return err
}
