package rawclient

import (
	"encoding/binary"
	"errors"
	"fmt"
	"hash/maphash"
)

// ErrNoCapture is returned where the compositor has no wlr-screencopy.
var ErrNoCapture = errors.New("compositor does not offer wlr-screencopy")

// Capture reads a small part of the first output again and again with
// wlr-screencopy. It keeps one buffer for all its frames.
type Capture struct {
	conn       *Conn
	x, y, w, h int32
	pool       *pool
	frame      uint32
	seed       maphash.Seed

	format         Format
	bw, bh, stride int32
	state          captureState
}

type captureState uint8

const (
	captureAsked captureState = iota
	captureOffered
	captureReady
	captureFailed
)

// NewCapture captures the rectangle at x, y, in logical pixels of the output.
func (c *Conn) NewCapture(x, y, width, height int32) (*Capture, error) {
	if c.globals.screencopy == 0 {
		return nil, ErrNoCapture
	}
	return &Capture{conn: c, x: x, y: y, w: width, h: height, seed: maphash.MakeSeed()}, nil
}

// Start asks for one frame and flushes. With damage, the compositor holds the
// copy back until something inside the output changes.
func (s *Capture) Start(withDamage bool) error {
	c := s.conn
	s.state = captureAsked
	s.frame = c.newID(s)
	c.request(c.globals.screencopy, 1, s.frame, 0, c.globals.output,
		uint32(s.x), uint32(s.y), uint32(s.w), uint32(s.h))
	if err := c.Flush(); err != nil {
		return err
	}
	for s.state == captureAsked {
		if err := c.Read(); err != nil {
			return fmt.Errorf("waiting for the capture's buffer format: %w", err)
		}
	}
	if s.state == captureFailed {
		return s.end(errors.New("capture failed before its copy"))
	}
	if s.pool == nil {
		if s.stride != s.bw*4 || s.format > XRGB8888 {
			return s.end(fmt.Errorf("capture of format %#x, %dx%d, stride %d", uint32(s.format), s.bw, s.bh, s.stride))
		}
		p, err := newPool(c, s.bw, s.bh, s.format, 1)
		if err != nil {
			return s.end(err)
		}
		s.pool = p
	}
	opcode := uint16(0)
	if withDamage {
		opcode = 2
	}
	c.request(s.frame, opcode, s.pool.buffers[0].id)
	return c.Flush()
}

// Wait blocks until the frame is there and returns its middle pixel, 0xRRGGBB.
func (s *Capture) Wait() (uint32, error) {
	for s.state < captureReady {
		if err := s.conn.Read(); err != nil {
			return 0, s.end(fmt.Errorf("waiting for a capture: %w", err))
		}
	}
	if s.state == captureFailed {
		return 0, s.end(errors.New("capture failed"))
	}
	middle := (s.bh/2)*s.stride + s.bw/2*4
	return binary.NativeEndian.Uint32(s.pool.pixels[middle:]) & 0xffffff, s.end(nil)
}

// Take captures one frame at once and returns its Sum.
func (s *Capture) Take(withDamage bool) (uint64, error) {
	if err := s.Start(withDamage); err != nil {
		return 0, err
	}
	_, err := s.Wait()
	return s.Sum(), err
}

// Sum is a digest of the last frame, to tell whether two are the same.
func (s *Capture) Sum() uint64 {
	return maphash.Bytes(s.seed, s.pool.pixels[:int(s.stride)*int(s.bh)])
}

func (s *Capture) end(err error) error {
	if s.frame != 0 {
		s.conn.request(s.frame, 1)
		s.conn.bury(s.frame)
		s.frame = 0
	}
	return err
}

// Close ends the capture's buffer.
func (s *Capture) Close() error {
	err := s.end(nil)
	if s.pool != nil {
		err = s.pool.destroy()
		s.pool = nil
	}
	return errors.Join(err, s.conn.Flush())
}

func (s *Capture) receive(id uint32, opcode uint16, body args) {
	if id != s.frame {
		return
	}
	switch opcode {
	case 0:
		s.format, s.bw, s.bh, s.stride = Format(body.uint()), body.int(), body.int(), body.int()
		s.state = captureOffered
	case 2:
		s.state = captureReady
	case 3:
		s.state = captureFailed
	}
}
