package wayland

import (
	"rayos/geom"
	"rayos/gpu/render"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
	"rayos/surfaces/seat"
)

// CursorChanged says that a seat's cursor looks different or is gone.
func (s *Server) CursorChanged() { s.pictures.newCursor = true }

// CreatePointerCursorSession starts to capture the cursor of a pointer's seat over a
// source.
func (m *imageCopy) CreatePointerCursorSession(_ *server.ExtImageCopyCaptureManagerV1, id *server.ExtImageCopyCaptureCursorSessionV1, src *server.ExtImageCaptureSourceV1, ptr *server.WlPointer) {
	c := &cursorSession{srv: m.srv, seat: ptr.Handler.(*pointerHandler).g.seat, res: id, src: src.Handler.(*sourceHandler).imageSource}
	c.src.pointer = true
	id.Handler = c
	m.srv.pictures.cursors = append(m.srv.pictures.cursors, c)
	c.refresh(true)
}

// cursorSession is ext_image_copy_capture_cursor_session_v1.
type cursorSession struct {
	srv     *Server
	seat    *seat.Seat
	res     *server.ExtImageCopyCaptureCursorSessionV1
	src     imageSource
	session *copySession
	had     bool // a session was made
	image   *render.Pixels
	size    geom.Size // of image
	hot     geom.Point
	in      bool
	at      geom.Point // sent last
	hotSent geom.Point
}

func (*cursorSession) Destroy(*server.ExtImageCopyCaptureCursorSessionV1) {}

// ResourceDestroyed ends the session, whose frames go on to fail.
func (c *cursorSession) ResourceDestroyed() {
	c.srv.pictures.cursors = remove(c.srv.pictures.cursors, c)
	if c.session != nil {
		c.session.stop()
	}
}

// GetCaptureSession makes the session for the image.
func (c *cursorSession) GetCaptureSession(res *server.ExtImageCopyCaptureCursorSessionV1, id *server.ExtImageCopyCaptureSessionV1) {
	if c.had {
		id.Handler = &copySession{srv: c.srv, res: id, stopped: true}
		res.PostError(protocol.ExtImageCopyCaptureCursorSessionV1ErrorDuplicateSession, "there was a session already")
		return
	}
	c.had = true
	c.session = c.srv.startSession(id, c.src, false)
	c.session.over = c
	c.session.check()
}

// refresh follows the cursor's looks, if they are new, and its place.
func (c *cursorSession) refresh(looks bool) {
	if c.src.lost() {
		c.leaveArea()
		return
	}
	if looks {
		img, hot := c.srv.shell.CursorImage(c.seat)
		c.image, c.hot = img, hot
		c.size = geom.Size{}
		if img != nil {
			c.size = img.Size()
		}
		if c.session != nil {
			c.session.damage.SetRect(c.size.Rect())
		}
	}
	at, on := c.src.place(c.seat.Position())
	box := geom.Rect{X1: c.size.W, Y1: c.size.H}.Add(at.Sub(c.hot))
	if !on || c.size.Empty() || !box.Overlaps(c.src.size().Rect()) {
		c.leaveArea()
		return
	}
	fresh := !c.in
	if fresh {
		c.in = true
		c.res.SendEnter()
	}
	if fresh || at != c.at {
		c.at = at
		c.res.SendPosition(at.X, at.Y)
	}
	if fresh || c.hot != c.hotSent {
		c.hotSent = c.hot
		c.res.SendHotspot(c.hot.X, c.hot.Y)
	}
}

func (c *cursorSession) leaveArea() {
	if c.in {
		c.in = false
		c.res.SendLeave()
	}
}

// copyTo copies the image into a client's buffer.
func (c *cursorSession) copyTo(b *shmBuffer) error {
	return guardFault(func() error {
		return c.srv.Core.Renderer.ReadPixels(c.image, c.image.Size().Rect(), b.pixels)
	})
}
