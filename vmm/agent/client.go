package agent

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"
	"time"
)

// Client is the host's end. Its methods may be called from any goroutine.
type Client struct {
	conn    io.ReadWriteCloser
	onEvent func(Event)
	done    chan struct{}
	version atomic.Int32 // that both ends speak, 0 before Hello

	write sync.Mutex // held while a frame is written

	mu      sync.Mutex
	next    uint64
	waiting map[uint64]chan Message
	err     error
}

// Event is something the guest tells unasked, checked: one of Ready, Exited,
// ClipOffer and ClipWant.
type Event any

// ErrGone is returned when the channel has ended.
var ErrGone = errors.New("the agent's channel has closed")

// RefusedError is the guest's word for why it doesn't do something.
type RefusedError struct{ Op, Reason string }

func (e *RefusedError) Error() string { return fmt.Sprintf("guest %s: %s", e.Op, e.Reason) }

// NewClient speaks over conn, which it owns. onEvent is called on the reader's
// goroutine and must not block; nil ignores events. The guest need not be
// there yet: see Hello.
func NewClient(conn io.ReadWriteCloser, onEvent func(Event)) *Client {
	c := &Client{conn: conn, onEvent: onEvent, done: make(chan struct{}), waiting: map[uint64]chan Message{}}
	go c.read()
	return c
}

// Close ends the channel.
func (c *Client) Close() error {
	err := c.conn.Close()
	<-c.done
	return err
}

// Done is closed when the channel has ended.
func (c *Client) Done() <-chan struct{} { return c.done }

func (c *Client) read() {
	frames := NewFrameReader(c.conn)
	var err error
	for {
		var payload []byte
		if payload, err = frames.Next(); err != nil {
			break
		}
		m, err := Unmarshal(payload)
		if err != nil {
			continue // a guest that talks nonsense is not answered
		}
		if m.ID == 0 {
			if ev, ok := event(&m); ok && c.onEvent != nil {
				c.onEvent(ev)
			}
			continue
		}
		c.mu.Lock()
		if answer := c.waiting[m.ID]; answer != nil {
			delete(c.waiting, m.ID)
			answer <- m
		}
		c.mu.Unlock()
	}
	c.mu.Lock()
	c.err = ErrGone
	c.mu.Unlock()
	c.conn.Close()
	close(c.done)
}

// event decodes and checks what the guest tells.
func event(m *Message) (Event, bool) {
	switch m.Op {
	case EvReady:
		var r Ready
		if m.Decode(&r) != nil || CheckName(r.What) != nil {
			return nil, false
		}
		r.Detail = clean(r.Detail, MaxTitle)
		return r, true
	case EvExited:
		var e Exited
		if m.Decode(&e) != nil || CheckName(e.ID) != nil {
			return nil, false
		}
		return e, true
	}
	return clipEvent(m)
}

// ask sends a question and waits for its answer.
func (c *Client) ask(ctx context.Context, op string, body, result any) error {
	c.mu.Lock()
	if c.err != nil {
		defer c.mu.Unlock()
		return c.err
	}
	c.next++
	id, answer := c.next, make(chan Message, 1)
	c.waiting[id] = answer
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		delete(c.waiting, id)
		c.mu.Unlock()
	}()
	payload, err := Marshal(id, op, body)
	if err != nil {
		return err
	}
	frame, err := AppendFrame(nil, payload)
	if err != nil {
		return err
	}
	if err := c.send(ctx, frame); err != nil {
		return fmt.Errorf("guest %s: %w", op, err)
	}
	select {
	case <-ctx.Done():
		return fmt.Errorf("guest %s: no answer: %w", op, ctx.Err())
	case <-c.done:
		return fmt.Errorf("guest %s: %w", op, ErrGone)
	case m := <-answer:
		if m.Err != "" {
			return &RefusedError{op, clean(m.Err, 64)}
		}
		if result == nil {
			return nil
		}
		return m.Decode(result)
	}
}

// send writes a frame. A guest that doesn't read fills the channel: the write
// then ends at the context's deadline, and the channel with it, since a part
// of a frame may be under way.
func (c *Client) send(ctx context.Context, frame []byte) error {
	c.write.Lock()
	defer c.write.Unlock()
	if d, ok := c.conn.(interface{ SetWriteDeadline(time.Time) error }); ok {
		when, _ := ctx.Deadline()
		if err := d.SetWriteDeadline(when); err != nil {
			return err
		}
	}
	_, err := c.conn.Write(frame)
	if err != nil {
		c.conn.Close()
	}
	return err
}

// Hello waits until an agent answers and returns what it says of itself. The
// guest may be booting: what is sent before it listens is lost, so it is asked
// again and again.
func (c *Client) Hello(ctx context.Context) (Hello, error) {
	const again = 250 * time.Millisecond
	for {
		try, cancel := context.WithTimeout(ctx, again)
		var h Hello
		err := c.ask(try, OpHello, Hello{Version: Version}, &h)
		cancel()
		switch {
		case err == nil:
			if h.Version < 1 {
				return Hello{}, fmt.Errorf("guest hello: version %d", h.Version)
			}
			c.version.Store(int32(min(h.Version, Version)))
			h.Failed = clean(h.Failed, MaxName)
			h.Agent, h.System, h.BootID = clean(h.Agent, 32), clean(h.System, MaxTitle), clean(h.BootID, 64)
			if len(h.Ready) > 16 {
				h.Ready = h.Ready[:16]
			}
			return h, nil
		case ctx.Err() != nil:
			return Hello{}, fmt.Errorf("guest hello: %w", ctx.Err())
		case !errors.Is(err, context.DeadlineExceeded):
			return Hello{}, err
		}
	}
}

// Ping returns when the agent answers.
func (c *Client) Ping(ctx context.Context) error { return c.ask(ctx, OpPing, nil, nil) }

// Apps lists the guest's applications, at most 1,024.
func (c *Client) Apps(ctx context.Context) ([]App, error) {
	var list []App
	for len(list) < 1024 {
		var page Apps
		if err := c.ask(ctx, OpApps, AppsRequest{len(list)}, &page); err != nil {
			return nil, err
		}
		if len(page.Apps) == 0 {
			break
		}
		if len(page.Apps) > MaxApps {
			return nil, fmt.Errorf("guest apps: %d in one answer: at most %d", len(page.Apps), MaxApps)
		}
		for _, a := range page.Apps {
			if err := CheckName(a.ID); err != nil {
				return nil, fmt.Errorf("guest apps: %w", err)
			}
			list = append(list, App{a.ID, clean(a.Name, MaxTitle)})
		}
		if len(list) >= page.Total {
			break
		}
	}
	return list, nil
}

// Icon returns an application's icon as PNG, not decoded.
func (c *Client) Icon(ctx context.Context, id string, size int) ([]byte, error) {
	if err := CheckName(id); err != nil {
		return nil, err
	}
	var icon Icon
	if err := c.ask(ctx, OpIcon, IconRequest{id, size}, &icon); err != nil {
		return nil, err
	}
	if len(icon.PNG) > MaxIcon {
		return nil, fmt.Errorf("guest icon: %d bytes: at most %d", len(icon.PNG), MaxIcon)
	}
	return icon.PNG, nil
}

// Launch starts an application and returns when it runs.
func (c *Client) Launch(ctx context.Context, id string) (pid int, err error) {
	if err := CheckName(id); err != nil {
		return 0, err
	}
	var l Launched
	err = c.ask(ctx, OpLaunch, LaunchRequest{id}, &l)
	return l.PID, err
}

// Shutdown asks the guest to power off and returns when it has agreed.
func (c *Client) Shutdown(ctx context.Context) error { return c.ask(ctx, OpShutdown, nil, nil) }

// SetClipboard gives the guest text to paste.
func (c *Client) SetClipboard(ctx context.Context, text string) error {
	if err := CheckText(text); err != nil {
		return err
	}
	return c.ask(ctx, OpSetClipboard, Clipboard{text}, nil)
}

// Type puts text where the guest's focus is.
func (c *Client) Type(ctx context.Context, text string) error {
	if err := CheckText(text); err != nil {
		return err
	}
	return c.ask(ctx, OpType, Clipboard{text}, nil)
}

// SetTime sets the guest's clock.
func (c *Client) SetTime(ctx context.Context, now time.Time) error {
	return c.ask(ctx, OpTime, Time{now.UnixNano()}, nil)
}
