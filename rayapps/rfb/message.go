package rfb

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"
	"unicode/utf8"

	"rayos/geom"
)

// Messages of a server.
const (
	msgUpdate     = 0
	msgColourMap  = 1
	msgBell       = 2
	msgCutText    = 3
	msgEndUpdates = 150
	msgFence      = 248
	msgQEMU       = 255
)

// damageRects is how exact the damage of one update is kept.
const damageRects = 64

// unseen is how soon after a frame no display shows another: an update that ends
// within it is told together with the next, if that has begun to come already.
const unseen = 8 * time.Millisecond

// read handles messages until one fails.
func (c *Client) read() error {
	for {
		at := c.in.pos
		kind, err := c.in.u8()
		if err == io.ErrUnexpectedEOF {
			return io.EOF // between messages: the server hung up
		} else if err != nil {
			return err
		}
		name := "message"
		switch kind {
		case msgUpdate:
			name, err = "update", c.update()
		case msgColourMap:
			name, err = "colour map", c.colourMap()
		case msgBell:
			if c.h.Bell != nil {
				c.h.Bell()
			}
		case msgCutText:
			name, err = "cut text", c.cutText()
		case msgEndUpdates:
			err = c.endUpdates()
		case msgFence:
			name, err = "fence", c.fence()
		case msgQEMU:
			name, err = "QEMU", c.audio()
		default:
			err = fmt.Errorf("unknown type %d", kind)
		}
		if err != nil {
			return fmt.Errorf("%s at byte %d: %w", name, at, err)
		}
	}
}

// colourMap passes over a map: pixels here are true colour.
func (c *Client) colourMap() error {
	p, err := c.in.take(5)
	if err != nil {
		return err
	}
	return c.in.skip(6 * int(binary.BigEndian.Uint16(p[3:])))
}

// request asks for the next update, unless they come by themselves.
func (c *Client) request(incremental bool) {
	c.mu.Lock()
	size, continuous := c.size, c.continuous
	c.mu.Unlock()
	if continuous && incremental {
		return
	}
	c.post(func(p []byte) []byte { return appendRequest(p, incremental, size) })
}

// post sends where nobody waits for the error: Run tells it.
func (c *Client) post(f func([]byte) []byte) { _ = c.out.send(f) }

func appendRequest(p []byte, incremental bool, s geom.Size) []byte {
	inc := byte(0)
	if incremental {
		inc = 1
	}
	p = append(p, 3, inc, 0, 0, 0, 0)
	p = binary.BigEndian.AppendUint16(p, uint16(s.W))
	return binary.BigEndian.AppendUint16(p, uint16(s.H))
}

// endUpdates: the first one tells that the server knows ContinuousUpdates, a
// later one that it stopped them.
func (c *Client) endUpdates() error {
	c.mu.Lock()
	c.continuous = !c.continuous
	on := c.continuous
	c.mu.Unlock()
	if on {
		c.enableUpdates()
	} else {
		c.request(true)
	}
	return nil
}

// enableUpdates asks for continuous updates of the whole framebuffer.
func (c *Client) enableUpdates() {
	c.mu.Lock()
	size := c.size
	c.mu.Unlock()
	c.post(func(p []byte) []byte {
		p = append(p, 150, 1, 0, 0, 0, 0)
		p = binary.BigEndian.AppendUint16(p, uint16(size.W))
		return binary.BigEndian.AppendUint16(p, uint16(size.H))
	})
}

// The flags of a fence that its answer keeps, and the one it drops.
const (
	fenceKept    = 1<<0 | 1<<1 | 1<<2 // BlockBefore, BlockAfter, SyncNext
	fenceRequest = 1 << 31
)

// fence answers one. All before it has been handled, and nothing after it has
// begun, so every kind of order is kept.
func (c *Client) fence() error {
	p, err := c.in.take(8)
	if err != nil {
		return err
	}
	flags, n := binary.BigEndian.Uint32(p[3:]), int(p[7])
	if n > 64 {
		return fmt.Errorf("%d bytes; the limit is 64", n)
	}
	data, err := c.in.take(n)
	if err != nil || flags&fenceRequest == 0 {
		return err
	}
	c.post(func(p []byte) []byte {
		p = append(p, msgFence, 0, 0, 0)
		p = binary.BigEndian.AppendUint32(p, flags&fenceKept)
		p = append(p, byte(n))
		return append(p, data...)
	})
	return nil
}

// update reads rectangles, asks for the next update meanwhile, and calls Frame.
func (c *Client) update() error {
	p, err := c.in.take(3)
	if err != nil {
		return err
	}
	n := int(binary.BigEndian.Uint16(p[1:]))
	c.request(true)
	for i := range n {
		last, err := c.rectangle(i)
		if err != nil {
			if first := c.dec.crew.flush(); first != nil {
				err = first // a worker's came earlier in the stream
			}
			return err
		}
		if last {
			break
		}
	}
	if next, ok := c.in.peek(); ok && next == msgUpdate && time.Since(c.told) < unseen {
		return nil // workers go on with it
	}
	if err := c.dec.crew.flush(); err != nil {
		return err
	}
	if !c.damage.Empty() && c.h.Frame != nil {
		c.h.Frame(&c.damage)
	}
	c.damage.Clear()
	c.told = time.Now()
	return nil
}

// rectangle reads one; last tells that no other follows.
func (c *Client) rectangle(i int) (last bool, err error) {
	p, err := c.in.take(12)
	if err != nil {
		return false, fmt.Errorf("rectangle %d: %w", i, err)
	}
	x, y := binary.BigEndian.Uint16(p), binary.BigEndian.Uint16(p[2:])
	w, h := binary.BigEndian.Uint16(p[4:]), binary.BigEndian.Uint16(p[6:])
	enc := Encoding(binary.BigEndian.Uint32(p[8:]))
	if enc.pseudo() {
		if enc == PseudoLastRect {
			return true, nil
		}
		if err := c.pseudo(enc, x, y, w, h); err != nil {
			return false, fmt.Errorf("rectangle %d, %v: %w", i, enc, err)
		}
		return false, nil
	}
	r := geom.XYWH(int32(x), int32(y), int32(w), int32(h))
	size := c.dec.fb.Size
	if r.X1 > size.W || r.Y1 > size.H {
		return false, fmt.Errorf("rectangle %d, %v: %v is not in %d×%d", i, enc, r, size.W, size.H)
	}
	if err := c.dec.rect(enc, i, r); err != nil {
		return false, err
	}
	if !r.Empty() {
		c.damage.UnionRect(r)
		if c.damage.Len() > damageRects {
			c.damage.Simplify(damageRects / 4)
		}
	}
	return false, nil
}

// pseudo handles a rectangle that isn't of pixels.
func (c *Client) pseudo(enc Encoding, x, y, w, h uint16) error {
	switch enc {
	case PseudoDesktopSize:
		size, err := c.checkSize(w, h)
		if err != nil {
			return err
		}
		return c.newDesktop(Desktop{Size: size})
	case PseudoExtendedDesktopSize:
		return c.extendedDesktopSize(x, y, w, h)
	case PseudoCursor, PseudoXCursor, PseudoCursorWithAlpha, PseudoVMwareCursor:
		return c.cursorRect(enc, geom.Point{X: int32(x), Y: int32(y)}, int(w), int(h))
	case PseudoDesktopName:
		s, err := c.text("name")
		if err != nil {
			return err
		}
		if !utf8.ValidString(s) {
			return errors.New("not UTF-8")
		}
		if c.h.Name != nil {
			c.h.Name(s)
		}
	case PseudoQEMUKey:
		c.mu.Lock()
		c.qemuKeys = true
		c.mu.Unlock()
	case PseudoMouseButtons:
		c.mu.Lock()
		c.buttons = true
		c.mu.Unlock()
	case PseudoQEMUAudio:
		c.startAudio()
	case PseudoVMwareCursorPosition:
		if c.h.Warp != nil {
			c.h.Warp(geom.Point{X: int32(x), Y: int32(y)})
		}
	case PseudoVMwareLED:
		v, err := c.in.u32()
		if err != nil {
			return err
		}
		if c.h.LED != nil {
			c.h.LED(LED(v & 7))
		}
	case PseudoPointerMotion:
		if c.h.Relative != nil {
			c.h.Relative(x == 0)
		}
	case PseudoLED:
		b, err := c.in.u8()
		if err != nil {
			return err
		}
		if c.h.LED != nil {
			c.h.LED(LED(b))
		}
	default:
		return errors.New("not an encoding that was asked for")
	}
	return nil
}

// newDesktop takes a new size or new screens, and asks for what is shown.
func (c *Client) newDesktop(d Desktop) error {
	c.mu.Lock()
	again := d.Size == c.size && slices.Equal(d.Screens, c.screens)
	c.mu.Unlock()
	if again { // what is shown stays
		return nil
	}
	same := d.Size == c.dec.fb.Size
	if err := c.resize(d); err != nil {
		return err
	}
	if same {
		return nil
	}
	c.mu.Lock()
	continuous := c.continuous
	c.mu.Unlock()
	if continuous {
		c.enableUpdates()
	}
	c.request(false)
	return nil
}

func (c *Client) extendedDesktopSize(reason, status, w, h uint16) error {
	head, err := c.in.take(4)
	if err != nil {
		return err
	}
	n := int(head[0])
	p, err := c.in.take(16 * n)
	if err != nil {
		return err
	}
	own := reason == 1
	if own && status != 0 {
		if c.h.Resized != nil {
			c.h.Resized(ResizeStatus(status))
		}
		return nil // nothing has changed
	}
	size, err := c.checkSize(w, h)
	if err != nil {
		return err
	}
	d := Desktop{Size: size}
	for ; len(p) > 0; p = p[16:] {
		u16 := func(at int) int32 { return int32(binary.BigEndian.Uint16(p[at:])) }
		d.Screens = append(d.Screens, Screen{
			ID: binary.BigEndian.Uint32(p), Rect: geom.XYWH(u16(4), u16(6), u16(8), u16(10)),
			Flags: binary.BigEndian.Uint32(p[12:]),
		})
	}
	c.mu.Lock()
	c.resizable = true
	c.mu.Unlock()
	if err := c.newDesktop(d); err != nil {
		return err
	}
	if own && c.h.Resized != nil {
		c.h.Resized(ResizeDone)
	}
	return nil
}
