package rfb

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"rayos/geom"
)

// Client is a connection to a server.
type Client struct {
	// Security is what was agreed on. With None and VncAuth, nothing is
	// hidden from the network and nobody vouches for the server.
	Security Security
	// Desktop and Name are the server's when Connect returned.
	Desktop Desktop
	Name    string

	conn net.Conn
	opt  Options
	in   *reader
	dec  *decoder
	h    Handler

	damage geom.Region // that Handler.Frame wasn't told of
	told   time.Time   // when it was last called
	cursor []byte
	inner  []byte // of a message that is parsed as a whole
	sounds bool   // sound was asked for

	out outbox

	mu sync.Mutex
	// Guarded by mu: written by Run, read by what sends.
	size       geom.Size
	qemuKeys   bool
	buttons    bool // more than 8
	resizable  bool
	screens    []Screen
	continuous bool
	clip       clipboard
}

// prefixed is a connection of which some bytes were read already.
type prefixed struct {
	net.Conn
	early []byte
}

func (p *prefixed) Read(b []byte) (int, error) {
	if len(p.early) > 0 {
		n := copy(b, p.early)
		p.early = p.early[n:]
		return n, nil
	}
	return p.Conn.Read(b)
}

// Connect shakes hands on conn, asks for BGRX pixels and the options'
// encodings, and takes conn over: it closes conn when it fails. ctx bounds the
// handshake only.
func Connect(ctx context.Context, conn net.Conn, opt Options) (*Client, error) {
	opt.Limits = opt.Limits.withDefaults()
	if opt.Audio != nil {
		if err := opt.Audio.check(); err != nil {
			_ = conn.Close() // the error is the one to tell
			return nil, fmt.Errorf("rfb: %w", err)
		}
	}
	c := &Client{conn: conn, opt: opt, in: newReader(conn)}
	stop := context.AfterFunc(ctx, func() { _ = conn.Close() }) // ends what waits; ctx.Err is told
	err := c.shake(ctx)
	if !stop() && err == nil {
		err = ctx.Err()
	}
	if err != nil {
		_ = conn.Close() // the handshake's error is the one to tell
		if ctx.Err() != nil {
			err = ctx.Err()
		}
		return nil, fmt.Errorf("rfb: %w", err)
	}
	c.out.start(c.conn, opt.Limits.Queue)
	return c, nil
}

func (c *Client) shake(ctx context.Context) error {
	h := handshake{c: c, ctx: ctx}
	if err := h.version(); err != nil {
		return err
	}
	if err := h.security(); err != nil {
		return err
	}
	shared := byte(1)
	if c.opt.Exclusive {
		shared = 0
	}
	if err := h.write([]byte{shared}); err != nil {
		return err
	}
	if err := c.serverInit(); err != nil {
		return fmt.Errorf("server init: %w", err)
	}
	if h.more {
		if err := h.capabilities(); err != nil {
			return fmt.Errorf("server init: %w", err)
		}
	}
	workers := c.opt.Workers
	if workers == 0 {
		workers = 2
	}
	c.dec = newDecoder(c.in, min(workers, 4))
	return h.write(c.setup())
}

func (c *Client) serverInit() error {
	p, err := c.in.take(20) // the server's own pixel format is replaced
	if err != nil {
		return err
	}
	size, err := c.checkSize(binary.BigEndian.Uint16(p), binary.BigEndian.Uint16(p[2:]))
	if err != nil {
		return err
	}
	c.size = size
	c.Desktop.Size = size
	c.Name, err = c.text("name")
	return err
}

func (c *Client) checkSize(w, h uint16) (geom.Size, error) {
	l := &c.opt.Limits
	if int(w) > l.Side || int(h) > l.Side || int(w)*int(h) > l.Pixels {
		return geom.Size{}, fmt.Errorf("desktop of %d×%d; the limit is %d a side and %d pixels", w, h, l.Side, l.Pixels)
	}
	return geom.Size{W: int32(w), H: int32(h)}, nil
}

// setup is SetPixelFormat and SetEncodings.
func (c *Client) setup() []byte {
	p := []byte{0, 0, 0, 0, 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0}
	list := c.opt.encodings()
	p = append(p, 2, 0)
	p = binary.BigEndian.AppendUint16(p, uint16(len(list)))
	for _, e := range list {
		p = binary.BigEndian.AppendUint32(p, uint32(e))
	}
	return p
}

// SetFramebuffer changes where pixels are decoded to, to one of the same size
// that has the same pixels. Only a Handler function may call it.
func (c *Client) SetFramebuffer(f Framebuffer) error {
	if err := f.check(c.dec.fb.Size); err != nil {
		return err
	}
	*c.dec.fb = f
	return nil
}

// Close ends the connection, and Run with it.
func (c *Client) Close() error {
	c.out.stop(net.ErrClosed)
	return c.conn.Close()
}

// Run reads until the connection ends and returns why: net.ErrClosed as a cause
// after Close. It may be called once.
func (c *Client) Run(h Handler) error {
	if h.Resize == nil {
		return errors.New("rfb: a handler without Resize")
	}
	c.h = h
	defer c.dec.crew.close()
	err := c.resize(c.Desktop)
	if err == nil {
		c.request(false)
		err = c.read()
	}
	if why := c.out.stop(net.ErrClosed); why != nil {
		err = why
	}
	_ = c.conn.Close() // the reason is err
	return fmt.Errorf("rfb: %w", err)
}

// resize takes a framebuffer for d.
func (c *Client) resize(d Desktop) error {
	if err := c.dec.crew.flush(); err != nil {
		return err
	}
	f := c.h.Resize(d)
	if err := f.check(d.Size); err != nil {
		return err
	}
	*c.dec.fb = f
	c.mu.Lock()
	c.size, c.screens = d.Size, d.Screens
	c.mu.Unlock()
	c.damage.IntersectRect(geom.Rect{X1: d.Size.W, Y1: d.Size.H})
	return nil
}
