package vncserver

import (
	"errors"
	"fmt"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/rayapps/rfb/rfbserver"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// camera takes pictures of the output, when a viewer wants one.
type camera struct {
	s       *server
	source  *client.ExtImageCaptureSourceV1
	session *client.ExtImageCopyCaptureSessionV1
	next    geom.Size // of the next pictures
	buffer  *buffer
	frame   *client.ExtImageCopyCaptureFrameV1 // under way, nil for none
	into    *buffer                            // of frame; another than buffer if the size has changed since
	hungry  bool
	fresh   bool // the buffer has no picture yet
	damage  geom.Region
	failed  int // pictures, one after the other

	// Of each picture; made once, not 60 times a second.
	onDamage func(x, y, w, h int32)
	onReady  func()
	onFailed func(protocol.ExtImageCopyCaptureFrameV1FailureReason)
}

// maxFailures is how often a picture may fail for a reason that should pass.
const maxFailures = 16

// newCamera finds out how large pictures are, and makes the screen.
func newCamera(s *server) (*camera, error) {
	c := &camera{s: s, source: s.sources.CreateSource(s.output)}
	c.onDamage, c.onReady, c.onFailed = c.changed, c.ready, c.fail
	c.begin()
	for c.next.Empty() {
		if err := s.conn.Dispatch(); err != nil {
			return nil, err
		}
	}
	var err error
	if s.screen, err = rfbserver.NewScreen(c.next); err != nil {
		return nil, err
	}
	return c, c.resize()
}

// begin opens a session.
func (c *camera) begin() {
	c.session = c.s.captures.CreateSession(c.source, 0) // cursors are the viewers' own
	var size geom.Size
	c.session.OnBufferSize = func(w, h uint32) { size = geom.Size{W: int32(min(w, 1<<16)), H: int32(min(h, 1<<16))} }
	c.session.OnDone = func() {
		c.next = size
		if c.s.screen == nil {
			return
		}
		if err := c.resize(); err != nil {
			c.s.o.Log.Error("picture", "err", err)
			return
		}
		c.shoot()
	}
	c.session.OnStopped = func() {
		c.s.o.Log.Warn("the output has gone")
		c.session.Destroy()
		c.session = nil
	}
}

// resize makes buffer and screen as large as pictures are.
func (c *camera) resize() error {
	if c.buffer != nil && c.buffer.size == c.next {
		return nil
	}
	if c.buffer != nil {
		if err := c.buffer.free(); err != nil {
			return err
		}
		c.buffer = nil
	}
	b, err := newBuffer(c.s.shm, c.next, protocol.WlShmFormatXrgb8888)
	if err != nil {
		return err
	}
	c.buffer, c.fresh = b, true
	return c.s.screen.Resize(c.next)
}

// want notes that somebody could be sent a picture.
func (c *camera) want() {
	c.hungry = true
	c.shoot()
}

// shoot asks for the next picture, which comes when something has changed.
func (c *camera) shoot() {
	if !c.hungry || c.frame != nil || c.session == nil || c.buffer == nil {
		return
	}
	c.hungry = false
	f := c.session.CreateFrame()
	c.frame, c.into = f, c.buffer
	f.AttachBuffer(c.buffer.wl)
	if c.fresh {
		f.DamageBuffer(0, 0, c.buffer.size.W, c.buffer.size.H)
	}
	f.OnDamage, f.OnReady, f.OnFailed = c.onDamage, c.onReady, c.onFailed
	f.Capture()
}

func (c *camera) changed(x, y, w, h int32) { c.damage.UnionRect(geom.XYWH(x, y, w, h)) }

// ready takes a picture that has come.
func (c *camera) ready() {
	c.frame.Destroy()
	c.frame, c.failed = nil, 0
	b := c.buffer
	if c.into != b { // a picture of the size before
		c.damage.Clear()
		c.hungry = true
		c.shoot()
		return
	}
	if c.fresh {
		c.damage.SetRect(b.size.Rect())
		c.fresh = false
	}
	c.damage.IntersectRect(b.size.Rect())
	if err := c.s.screen.Update(b.data, int(4*b.size.W), &c.damage); err != nil {
		c.s.o.Log.Error("picture", "err", err)
	}
	c.damage.Clear()
	c.shoot()
}

func (c *camera) fail(reason protocol.ExtImageCopyCaptureFrameV1FailureReason) {
	c.frame.Destroy()
	c.frame = nil
	c.damage.Clear()
	c.hungry = true
	if reason == protocol.ExtImageCopyCaptureFrameV1FailureReasonStopped {
		return // told by the session
	}
	if c.failed++; c.failed > maxFailures {
		c.s.o.Log.Error("pictures fail", "reason", uint32(reason))
		return
	}
	if reason == protocol.ExtImageCopyCaptureFrameV1FailureReasonBufferConstraints && c.into == c.buffer {
		return // a size comes
	}
	c.shoot() // the size, if that was it, came first
}

// buffer is memory that the compositor writes to.
type buffer struct {
	size geom.Size
	data []byte
	wl   *client.WlBuffer
}

func newBuffer(shm *client.WlShm, size geom.Size, format protocol.WlShmFormat) (*buffer, error) {
	n := 4 * int(size.W) * int(size.H)
	if size.Empty() || int64(n) > 1<<30 {
		return nil, fmt.Errorf("pictures of %v can't be had", size)
	}
	fd, err := unix.MemfdCreate("rayos-vnc", unix.MFD_CLOEXEC|unix.MFD_ALLOW_SEALING)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	err = unix.Ftruncate(fd, int64(n))
	if err == nil {
		// What shrinks under a mapping kills whoever reads it.
		_, err = unix.FcntlInt(uintptr(fd), unix.F_ADD_SEALS, unix.F_SEAL_SHRINK)
	}
	if err != nil {
		return nil, err
	}
	data, err := unix.Mmap(fd, 0, n, unix.PROT_READ|unix.PROT_WRITE, unix.MAP_SHARED)
	if err != nil {
		return nil, err
	}
	pool := shm.CreatePool(fd, int32(n))
	b := &buffer{size: size, data: data, wl: pool.CreateBuffer(0, size.W, size.H, 4*size.W, format)}
	pool.Destroy()
	return b, nil
}

func (b *buffer) free() error {
	b.wl.Destroy()
	data := b.data
	b.data = nil
	if err := unix.Munmap(data); err != nil {
		return errors.Join(errors.New("free a picture"), err)
	}
	return nil
}
