package rawclient

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// Copy captures a window or an output again and again with
// ext-image-copy-capture. It keeps one buffer for all its frames, so that only
// what has changed need be copied.
type Copy struct {
	conn           *Conn
	list, toplevel uint32
	session, frame uint32
	w, h           int32
	pool           *pool
	described      bool
	state          captureState
}

// NewOutputCopy captures the first output.
func (c *Conn) NewOutputCopy() (*Copy, error) {
	return c.newCopy("ext_output_image_capture_source_manager_v1", func(*Copy) (uint32, error) { return c.globals.output, nil })
}

// NewWindowCopy captures the window that the compositor lists first.
func (c *Conn) NewWindowCopy() (*Copy, error) {
	return c.newCopy("ext_foreign_toplevel_image_capture_source_manager_v1", func(s *Copy) (_ uint32, err error) {
		if s.list, err = c.bindFirst("ext_foreign_toplevel_list_v1", 1, s); err != nil {
			return 0, err
		}
		if err := c.Sync(); err != nil {
			return 0, err
		}
		if s.toplevel == 0 {
			return 0, errors.New("the compositor lists no window")
		}
		return s.toplevel, nil
	})
}

func (c *Conn) newCopy(sources string, of func(*Copy) (uint32, error)) (*Copy, error) {
	s := &Copy{conn: c}
	m, err := c.bindFirst("ext_image_copy_capture_manager_v1", 1, zombie{})
	if err != nil {
		return nil, err
	}
	from, err := c.bindFirst(sources, 1, zombie{})
	if err != nil {
		return nil, err
	}
	object, err := of(s)
	if err != nil {
		return nil, err
	}
	source := c.newID(zombie{})
	c.request(from, 0, source, object)
	s.session = c.newID(s)
	c.request(m, 0, s.session, source, 0)
	if err := c.Flush(); err != nil {
		return nil, err
	}
	for !s.described {
		if err := c.Read(); err != nil {
			return nil, fmt.Errorf("waiting for what is to be captured: %w", err)
		}
	}
	s.pool, err = newPool(c, s.w, s.h, XRGB8888, 1)
	return s, err
}

// Start asks for one frame, which comes when something has changed, and
// flushes.
func (s *Copy) Start() error {
	c := s.conn
	s.state = captureOffered
	s.frame = c.newID(s)
	c.request(s.session, 0, s.frame)
	c.request(s.frame, 1, s.pool.buffers[0].id)
	c.request(s.frame, 3)
	return c.Flush()
}

// Wait blocks until the frame is there and returns its middle pixel, 0xRRGGBB.
func (s *Copy) Wait() (uint32, error) {
	for s.state < captureReady {
		if err := s.conn.Read(); err != nil {
			return 0, fmt.Errorf("waiting for a copy: %w", err)
		}
	}
	s.conn.request(s.frame, 0)
	s.conn.bury(s.frame)
	s.frame = 0
	if s.state == captureFailed {
		return 0, errors.New("copy failed")
	}
	middle := s.h/2*s.w*4 + s.w/2*4
	return binary.NativeEndian.Uint32(s.pool.pixels[middle:]) & 0xffffff, nil
}

// Close ends the session and its buffer.
func (s *Copy) Close() error {
	if s.frame != 0 {
		s.conn.request(s.frame, 0)
		s.conn.bury(s.frame)
	}
	s.conn.request(s.session, 1)
	s.conn.bury(s.session)
	return errors.Join(s.pool.destroy(), s.conn.Flush())
}

func (s *Copy) receive(id uint32, opcode uint16, body args) {
	switch {
	case id == s.list && opcode == 0 && s.toplevel == 0:
		s.toplevel = body.uint()
	case id == s.session && opcode == 0:
		s.w, s.h = body.int(), body.int()
	case id == s.session && opcode == 4:
		s.described = true
	case id == s.frame && opcode == 3:
		s.state = captureReady
	case id == s.frame && opcode == 4:
		s.state = captureFailed
	}
}
