package vncserver

import (
	"rayos/geom"
	"rayos/rayapps/rfb"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// look is what a viewer's pointer looks like.
type look struct {
	t       *seat
	pointer *client.WlPointer
	cursor  *client.ExtImageCopyCaptureCursorSessionV1
	session *client.ExtImageCopyCaptureSessionV1
	frame   *client.ExtImageCopyCaptureFrameV1
	buffer  *buffer
	hot     geom.Point
	shown   bool // the buffer has a picture
}

func newLook(t *seat) *look {
	l := &look{t: t, pointer: t.seat.GetPointer()}
	l.cursor = t.s.captures.CreatePointerCursorSession(t.s.camera.source, l.pointer)
	l.cursor.OnHotspot = func(x, y int32) {
		l.hot = geom.Point{X: x, Y: y}
		l.tell()
	}
	l.cursor.OnLeave = func() {
		l.shown = false
		l.set(rfb.Cursor{})
	}
	l.session = l.cursor.GetCaptureSession()
	var size geom.Size
	l.session.OnBufferSize = func(w, h uint32) { size = geom.Size{W: int32(min(w, 1<<12)), H: int32(min(h, 1<<12))} }
	l.session.OnDone = func() { l.resize(size) }
	return l
}

func (l *look) resize(size geom.Size) {
	if l.buffer != nil {
		if l.buffer.size == size {
			return
		}
		if err := l.buffer.free(); err != nil {
			l.t.s.o.Log.Warn("cursor", "err", err)
		}
	}
	b, err := newBuffer(l.t.s.shm, size, protocol.WlShmFormatArgb8888)
	if l.buffer = b; err != nil {
		l.t.s.o.Log.Warn("cursor", "err", err)
		return
	}
	l.shown = false
	l.shoot()
}

// shoot asks for the next picture, which comes when there is another.
func (l *look) shoot() {
	if l.frame != nil || l.buffer == nil {
		return
	}
	f := l.session.CreateFrame()
	l.frame = f
	f.AttachBuffer(l.buffer.wl)
	f.DamageBuffer(0, 0, l.buffer.size.W, l.buffer.size.H)
	f.OnReady = func() {
		f.Destroy()
		l.frame, l.shown = nil, true
		l.tell()
		l.shoot()
	}
	f.OnFailed = func(reason protocol.ExtImageCopyCaptureFrameV1FailureReason) {
		f.Destroy()
		l.frame = nil // another size comes, or nothing
	}
	f.Capture()
}

func (l *look) tell() {
	if l.shown && l.buffer != nil {
		l.set(rfb.Cursor{Size: l.buffer.size, Hot: l.hot, Pix: l.buffer.data})
	}
}

func (l *look) set(c rfb.Cursor) {
	if err := l.t.v.SetCursor(c); err != nil {
		l.t.s.o.Log.Warn("cursor", "err", err)
	}
}

func (l *look) end() {
	if l.frame != nil {
		l.frame.Destroy()
	}
	l.session.Destroy()
	l.cursor.Destroy()
	l.pointer.Release()
	if l.buffer != nil {
		if err := l.buffer.free(); err != nil {
			l.t.s.o.Log.Warn("cursor", "err", err)
		}
	}
}
