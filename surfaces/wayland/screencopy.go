package wayland

import (
	"errors"
	"time"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/surfaces/capture"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

func (s *Server) addScreencopy() {
	s.addPrivilegedGlobal(&protocol.ZwlrScreencopyManagerV1Interface, 3, func(c *Client, id, version uint32) {
		server.NewZwlrScreencopyManagerV1(c.conn, id, version).Handler = &screencopy{srv: s}
	})
}

// screencopy is a manager. It remembers for each output what has changed
// since its last capture, for copy_with_damage.
type screencopy struct {
	srv  *Server
	seen map[*Output]*geom.Region
}

func (*screencopy) Destroy(*server.ZwlrScreencopyManagerV1) {}

// CaptureOutput prepares a copy of a whole output.
func (m *screencopy) CaptureOutput(_ *server.ZwlrScreencopyManagerV1, id *server.ZwlrScreencopyFrameV1, cursor int32, out *server.WlOutput) {
	o := out.Handler.(*outputHandler).output
	m.start(id, o, o.Info.Mode.Size.Rect(), cursor != 0)
}

// CaptureOutputRegion prepares a copy of a part, in the output's logical
// pixels.
func (m *screencopy) CaptureOutputRegion(_ *server.ZwlrScreencopyManagerV1, id *server.ZwlrScreencopyFrameV1, cursor int32, out *server.WlOutput, x, y, w, h int32) {
	o := out.Handler.(*outputHandler).output
	box := geom.XYWH(x, y, w, h).Intersect(o.Logical.Size().Rect())
	phys := o.Info.Transform.ApplyRect(o.Scale.ApplyRect(box), o.Info.Transform.Invert().ApplySize(o.Info.Mode.Size))
	m.start(id, o, phys.Intersect(o.Info.Mode.Size.Rect()), cursor != 0)
}

func (m *screencopy) start(res *server.ZwlrScreencopyFrameV1, o *Output, box geom.Rect, cursor bool) {
	f := &screencopyFrame{m: m, res: res, output: o, box: box, cursor: cursor}
	res.Handler = f
	if o.gone || box.Empty() {
		f.fail()
		return
	}
	res.SendBuffer(protocol.WlShmFormatXrgb8888, uint32(box.W()), uint32(box.H()), uint32(box.W())*4)
	res.SendBufferDone()
}

// screencopyFrame is one copy.
type screencopyFrame struct {
	m       *screencopy
	res     *server.ZwlrScreencopyFrameV1
	output  *Output
	box     geom.Rect // physical
	cursor  bool
	used    bool
	waiting bool
	damage  bool
	buffer  *shmBuffer
}

func (*screencopyFrame) Destroy(*server.ZwlrScreencopyFrameV1) {}

// ResourceDestroyed gives the buffer back.
func (f *screencopyFrame) ResourceDestroyed() { f.finish() }

// Copy copies as soon as there is a picture.
func (f *screencopyFrame) Copy(_ *server.ZwlrScreencopyFrameV1, b *server.WlBuffer) {
	f.begin(b, false)
}

// CopyWithDamage copies when something has changed.
func (f *screencopyFrame) CopyWithDamage(_ *server.ZwlrScreencopyFrameV1, b *server.WlBuffer) {
	f.begin(b, true)
}

func (f *screencopyFrame) begin(res *server.WlBuffer, damage bool) {
	if f.used {
		f.res.PostError(protocol.ZwlrScreencopyFrameV1ErrorAlreadyUsed, "the frame was copied already")
		return
	}
	f.used = true
	b := captureBuffer(res, f.box.Size())
	if b == nil {
		f.res.PostError(protocol.ZwlrScreencopyFrameV1ErrorInvalidBuffer, "the buffer must be writable shared memory of %v in XRGB8888 or ARGB8888", f.box.Size())
		return
	}
	if f.output.gone {
		f.fail()
		return
	}
	b.locks++
	f.buffer, f.damage, f.waiting = b, damage, true
	srv := f.m.srv
	srv.capture = append(srv.capture, f)
	if !damage || f.m.changed(f.output) {
		// What is on screen now will do, if anything is.
		srv.captureReady(f)
	}
}

// changed reports whether the output has damage that the manager hasn't seen.
func (m *screencopy) changed(o *Output) bool {
	d := m.seen[o]
	return d == nil || !d.Empty()
}

// captureReady copies for f if the output has been drawn.
func (s *Server) captureReady(f *screencopyFrame) {
	box := f.box
	dst := f.buffer.pixels
	err := s.Capture(s.shell.Picture(f.output), &capture.Shot{Box: box, Cursor: f.cursor, Into: dst})
	if errors.Is(err, capture.ErrNotDrawn) {
		return
	}
	if err != nil {
		s.log.Info("screencopy", "err", err)
		f.fail()
		return
	}
	now := s.Loop.Now()
	f.res.SendFlags(0)
	f.m.done(f)
	sec := uint64(now / time.Second)
	f.res.SendReady(uint32(sec>>32), uint32(sec), uint32(now%time.Second))
	f.finish()
}

// done reports the damage and starts counting anew.
func (m *screencopy) done(f *screencopyFrame) {
	d := m.seen[f.output]
	if f.damage {
		r := f.box
		if d != nil {
			r = d.Extents().Intersect(f.box)
		}
		r = r.Add(geom.Point{X: -f.box.X0, Y: -f.box.Y0})
		f.res.SendDamage(uint32(r.X0), uint32(r.Y0), uint32(r.W()), uint32(r.H()))
	}
	if m.seen == nil {
		m.seen = map[*Output]*geom.Region{}
		m.srv.copiers = append(m.srv.copiers, m)
	}
	if d == nil {
		d = &geom.Region{}
		m.seen[f.output] = d
	}
	d.Clear()
}

// ResourceDestroyed stops counting damage.
func (m *screencopy) ResourceDestroyed() { m.srv.copiers = remove(m.srv.copiers, m) }

// OutputDrawn tells captures that an output shows a new picture.
func (s *Server) OutputDrawn(o *Output, damage *geom.Region) {
	for _, m := range s.copiers {
		if d := m.seen[o]; d != nil {
			d.Union(damage)
		}
	}
	s.outputDrawn(o, damage)
	for i := 0; i < len(s.capture); {
		f := s.capture[i]
		if f.output == o && (!f.damage || f.m.changed(o)) {
			s.captureReady(f)
		}
		if i < len(s.capture) && s.capture[i] == f {
			i++
		}
	}
}

// captureBuffer returns a buffer that a picture of size fits into, or nil.
func captureBuffer(res *server.WlBuffer, size geom.Size) *shmBuffer {
	b, ok := res.Handler.(*shmBuffer)
	if !ok || b.mem == nil || b.Size() != size || !b.mem.writable ||
		b.pixels.Format != render.XRGB8888 && b.pixels.Format != render.ARGB8888 {
		return nil
	}
	return b
}

// Capture copies a picture. Where to may be a client's memory. While the
// session is locked there are none of windows.
func (s *Server) Capture(src capture.Source, shot *capture.Shot) error {
	if s.lock.on && src.Node != nil {
		return capture.ErrNotDrawn
	}
	err := guardFault(func() error { return s.pictures.camera.Take(src, shot) })
	if len(s.pictures.sessions) == 0 {
		s.pictures.camera.Rest()
	}
	return err
}

func (f *screencopyFrame) fail() {
	f.res.SendFailed()
	f.finish()
}

func (f *screencopyFrame) finish() {
	if f.waiting {
		f.waiting = false
		f.m.srv.capture = remove(f.m.srv.capture, f)
	}
	if f.buffer != nil {
		b := f.buffer
		f.buffer = nil
		b.Unlock()
	}
}
