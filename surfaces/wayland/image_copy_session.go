package wayland

import (
	"errors"
	"slices"

	"rayos/geom"
	"rayos/surfaces"
	"rayos/surfaces/capture"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

// pictures is who captures.
type pictures struct {
	camera    capture.Camera
	sessions  []*copySession // that have not stopped, or wait for a picture
	cursors   []*cursorSession
	newCursor bool // the cursor looks different
	pace      capturePace
}

func (s *Server) addImageCopyCapture() {
	s.addPrivilegedGlobal(&protocol.ExtImageCopyCaptureManagerV1Interface, 1, func(c *Client, id, version uint32) {
		server.NewExtImageCopyCaptureManagerV1(c.conn, id, version).Handler = &imageCopy{s}
	})
}

// imageCopy is ext_image_copy_capture_manager_v1.
type imageCopy struct{ srv *Server }

func (*imageCopy) Destroy(*server.ExtImageCopyCaptureManagerV1) {}

// CreateSession starts to capture a source.
func (m *imageCopy) CreateSession(res *server.ExtImageCopyCaptureManagerV1, id *server.ExtImageCopyCaptureSessionV1, src *server.ExtImageCaptureSourceV1, options protocol.ExtImageCopyCaptureManagerV1Options) {
	if options&^protocol.ExtImageCopyCaptureManagerV1OptionsPaintCursors != 0 {
		id.Handler = &copySession{srv: m.srv, res: id, stopped: true}
		res.PostError(protocol.ExtImageCopyCaptureManagerV1ErrorInvalidOption, "options %#x", uint32(options))
		return
	}
	m.srv.startSession(id, src.Handler.(*sourceHandler).imageSource, options != 0)
}

// copySession is ext_image_copy_capture_session_v1.
type copySession struct {
	srv     *Server
	res     *server.ExtImageCopyCaptureSessionV1
	src     imageSource
	cursor  bool // is painted
	frame   *copyFrame
	size    geom.Size   // sent last
	damage  geom.Region // since the last picture
	over    *cursorSession
	stopped bool
}

func (s *Server) startSession(res *server.ExtImageCopyCaptureSessionV1, src imageSource, cursor bool) *copySession {
	t := &copySession{srv: s, res: res, src: src, cursor: cursor}
	res.Handler = t
	s.pictures.sessions = append(s.pictures.sessions, t)
	if !src.pointer {
		t.check()
	}
	t.capturesWindow()
	return t
}

// check stops a session that has lost its source and tells of a new size.
func (t *copySession) check() {
	if t.stopped {
		return
	}
	size := t.src.size()
	if t.src.pointer {
		size = t.over.size
		if size.Empty() && !t.src.lost() {
			return // nothing to see for now
		}
	}
	if size.Empty() {
		t.stop()
		return
	}
	if size == t.size {
		return
	}
	t.size = size
	t.damage.SetRect(size.Rect())
	t.res.SendBufferSize(uint32(size.W), uint32(size.H))
	if t.src.output != nil && !t.src.pointer {
		t.res.SendShmFormat(protocol.WlShmFormatXrgb8888)
		t.res.SendShmFormat(protocol.WlShmFormatArgb8888)
	} else {
		t.res.SendShmFormat(protocol.WlShmFormatArgb8888)
		t.res.SendShmFormat(protocol.WlShmFormatXrgb8888)
	}
	t.res.SendDone()
	if t.frame != nil && t.frame.waiting {
		t.frame.fail(protocol.ExtImageCopyCaptureFrameV1FailureReasonBufferConstraints)
	}
}

// stop ends the session for its client.
func (t *copySession) stop() {
	if t.stopped {
		return
	}
	t.stopped = true
	t.res.SendStopped()
	if t.frame != nil && t.frame.waiting {
		t.frame.fail(protocol.ExtImageCopyCaptureFrameV1FailureReasonStopped)
	}
	t.leave()
}

// leave takes a session that does nothing more out of the server's list.
func (t *copySession) leave() {
	s := t.srv
	s.pictures.sessions = remove(s.pictures.sessions, t)
	if len(s.pictures.sessions) == 0 {
		s.pictures.camera.Rest()
	}
	t.capturesWindow()
}

func (*copySession) Destroy(*server.ExtImageCopyCaptureSessionV1) {}

// ResourceDestroyed leaves the frame alone.
func (t *copySession) ResourceDestroyed() {
	t.res = nil
	if t.over != nil {
		t.over.session = nil
	}
	if t.frame == nil {
		t.leave()
	}
}

// CreateFrame prepares one picture.
func (t *copySession) CreateFrame(res *server.ExtImageCopyCaptureSessionV1, id *server.ExtImageCopyCaptureFrameV1) {
	f := &copyFrame{t: t, res: id}
	id.Handler = f
	if t.frame != nil {
		res.PostError(protocol.ExtImageCopyCaptureSessionV1ErrorDuplicateFrame, "the last frame was not destroyed")
		return
	}
	t.frame = f
}

// add notes that a part of the picture is new.
func (t *copySession) add(r geom.Rect) {
	t.damage.UnionRect(r.Intersect(t.size.Rect()))
	t.damage.Simplify(maxDamageRects)
}

// outputDrawn adds what is new on an output and takes the pictures that wait
// for it.
func (s *Server) outputDrawn(o *Output, damage *geom.Region) {
	for i := 0; i < len(s.pictures.sessions); i++ {
		t := s.pictures.sessions[i]
		if t.src.output != o || t.src.pointer {
			continue
		}
		for _, r := range damage.Rects() {
			t.add(r)
		}
		t.shoot()
	}
}

// surfaceDamaged adds what a commit has changed in a window.
func (s *Server) surfaceDamaged(sf *surface, set surfaces.Fields) {
	if len(s.pictures.sessions) == 0 {
		return
	}
	root := sf.core.Root()
	for _, t := range s.pictures.sessions {
		if t.src.window == nil || t.src.pointer || t.src.window.guest.Surface != root {
			continue
		}
		const reshapes = surfaces.FieldOrder | surfaces.FieldViewport | surfaces.FieldScale |
			surfaces.FieldTransform | surfaces.FieldGeometry | surfaces.FieldOpaque | surfaces.FieldAlpha
		if set&reshapes != 0 || sf.core.Resized() || !sf.core.HasBuffer() {
			t.damage.SetRect(t.size.Rect())
			continue
		}
		base, _ := t.src.window.guest.Node.AbsPosition()
		at, _ := sf.core.Tree().AbsPosition()
		at = at.Sub(base)
		k := t.src.scale()
		sf.core.EachDamage(func(r geom.Rect) {
			// Filters reach one pixel further.
			t.add(k.Outwards(r.Add(at)).Inset(-1))
		})
	}
}

// treeChanged: a surface leaves the window that it is part of.
func (s *Server) treeChanged(sf *surface) {
	for _, t := range s.pictures.sessions {
		if t.src.window != nil && !t.src.pointer && t.src.window.guest.Surface == sf.core.Root() {
			t.damage.SetRect(t.size.Rect())
		}
	}
}

// stopCaptures ends the sessions of sources that are gone.
func (s *Server) stopCaptures(gone func(imageSource) bool) {
	for _, t := range slices.Clone(s.pictures.sessions) {
		if gone(t.src) {
			t.stop()
		}
	}
	for _, c := range s.pictures.cursors {
		if gone(c.src) {
			c.leaveArea()
			c.src = imageSource{}
		}
	}
}

// refreshCaptures follows sizes and cursors, and takes the pictures of windows
// that wait. It runs once a turn.
func (s *Server) refreshCaptures() {
	if len(s.pictures.sessions) == 0 && len(s.pictures.cursors) == 0 {
		s.pictures.newCursor = false
		return
	}
	for _, c := range s.pictures.cursors {
		c.refresh(s.pictures.newCursor)
	}
	s.pictures.newCursor = false
	for i := 0; i < len(s.pictures.sessions); {
		t := s.pictures.sessions[i]
		t.check()
		if t.src.output == nil || t.src.pointer {
			t.shoot()
		}
		if i < len(s.pictures.sessions) && s.pictures.sessions[i] == t {
			i++
		}
	}
}

// shoot takes the picture that is waited for, if there is something new.
func (t *copySession) shoot() {
	f := t.frame
	if f == nil || !f.waiting || t.stopped || t.damage.Empty() {
		return
	}
	var err error
	if t.src.pointer {
		err = t.over.copyTo(f.buffer)
	} else {
		t.damage.IntersectRect(t.size.Rect())
		f.part.Union(&t.damage)
		err = t.srv.Capture(t.src.picture(t.srv), &capture.Shot{
			Box: t.size.Rect(), Cursor: t.cursor, Into: f.buffer.pixels, Part: &f.part,
		})
	}
	switch {
	case errors.Is(err, capture.ErrNotDrawn):
	case err != nil:
		t.srv.log.Info("capture", "err", err)
		f.fail(protocol.ExtImageCopyCaptureFrameV1FailureReasonUnknown)
	default:
		f.ready()
	}
}
