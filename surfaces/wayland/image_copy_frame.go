package wayland

import (
	"time"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

// copyFrame is ext_image_copy_capture_frame_v1: one picture.
type copyFrame struct {
	t        *copySession
	res      *server.ExtImageCopyCaptureFrameV1
	attached *shmBuffer
	any      bool        // a buffer was attached, of whatever kind
	part     geom.Region // that the client wants anew
	buffer   *shmBuffer  // locked while waiting
	captured bool
	waiting  bool
}

func (*copyFrame) Destroy(*server.ExtImageCopyCaptureFrameV1) {}

// ResourceDestroyed lets the session have another frame.
func (f *copyFrame) ResourceDestroyed() {
	f.finish()
	t := f.t
	if t.frame == f {
		t.frame = nil
		if t.res == nil {
			t.leave()
		}
	}
}

// late posts an error after the picture was asked for.
func (f *copyFrame) late(res *server.ExtImageCopyCaptureFrameV1) bool {
	if f.captured {
		res.PostError(protocol.ExtImageCopyCaptureFrameV1ErrorAlreadyCaptured, "the frame was captured already")
	}
	return f.captured
}

// AttachBuffer says where the picture goes.
func (f *copyFrame) AttachBuffer(res *server.ExtImageCopyCaptureFrameV1, b *server.WlBuffer) {
	if f.late(res) {
		return
	}
	f.attached, _ = b.Handler.(*shmBuffer)
	f.any = true
}

// DamageBuffer says what of the buffer is out of date.
func (f *copyFrame) DamageBuffer(res *server.ExtImageCopyCaptureFrameV1, x, y, w, h int32) {
	if f.late(res) {
		return
	}
	if x < 0 || y < 0 || w <= 0 || h <= 0 {
		res.PostError(protocol.ExtImageCopyCaptureFrameV1ErrorInvalidBufferDamage, "damage of %dx%d at %d, %d", w, h, x, y)
		return
	}
	f.part.UnionRect(geom.XYWH(x, y, w, h))
	f.part.Simplify(maxDamageRects)
}

// Capture takes the picture, now or when something has changed.
func (f *copyFrame) Capture(res *server.ExtImageCopyCaptureFrameV1) {
	if f.late(res) {
		return
	}
	if !f.any {
		res.PostError(protocol.ExtImageCopyCaptureFrameV1ErrorNoBuffer, "no buffer was attached")
		return
	}
	f.captured = true
	t := f.t
	if t.stopped {
		f.fail(protocol.ExtImageCopyCaptureFrameV1FailureReasonStopped)
		return
	}
	t.check()
	if t.stopped {
		f.fail(protocol.ExtImageCopyCaptureFrameV1FailureReasonStopped)
		return
	}
	b := f.attached
	if b == nil || b.gone || captureBuffer(b.res, t.size) == nil {
		f.fail(protocol.ExtImageCopyCaptureFrameV1FailureReasonBufferConstraints)
		return
	}
	b.locks++
	f.buffer, f.waiting = b, true
	if t.src.output != nil && !t.src.pointer {
		t.shoot() // others at the end of the turn, when all has settled
	}
}

// ready tells of the picture.
func (f *copyFrame) ready() {
	t := f.t
	f.res.SendTransform(protocol.WlOutputTransform(f.turned()))
	for _, r := range t.damage.Rects() {
		f.res.SendDamage(r.X0, r.Y0, r.W(), r.H())
	}
	t.damage.Clear()
	now := t.srv.Loop.Now()
	sec := uint64(now / time.Second)
	f.res.SendPresentationTime(uint32(sec>>32), uint32(sec), uint32(now%time.Second))
	f.res.SendReady()
	f.finish()
}

// turned is the transform of the picture. The cursor's is never turned.
func (f *copyFrame) turned() geom.Transform {
	if f.t.src.pointer {
		return geom.Normal
	}
	return f.t.src.transform()
}

func (f *copyFrame) fail(reason protocol.ExtImageCopyCaptureFrameV1FailureReason) {
	f.res.SendFailed(reason)
	f.finish()
}

// finish gives the buffer back. There is no release: the client knows.
func (f *copyFrame) finish() {
	f.waiting = false
	f.attached = nil
	if b := f.buffer; b != nil {
		f.buffer = nil
		b.unlock(false)
	}
}
