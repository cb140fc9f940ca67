package wayland

import (
	"encoding/binary"
	"testing"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// recorder is a client that captures.
type recorder struct {
	*taskbar
	m    *client.ExtImageCopyCaptureManagerV1
	outs *client.ExtOutputImageCaptureSourceManagerV1
	wins *client.ExtForeignToplevelImageCaptureSourceManagerV1
	out  *client.WlOutput
	ptr  *client.WlPointer
}

func (f *fixture) recorder() *recorder {
	r := &recorder{taskbar: f.taskbar()}
	c := r.c
	r.listExt()
	r.m = bind[client.ExtImageCopyCaptureManagerV1](c, &protocol.ExtImageCopyCaptureManagerV1Interface, 1)
	r.outs = bind[client.ExtOutputImageCaptureSourceManagerV1](c, &protocol.ExtOutputImageCaptureSourceManagerV1Interface, 1)
	r.wins = bind[client.ExtForeignToplevelImageCaptureSourceManagerV1](c, &protocol.ExtForeignToplevelImageCaptureSourceManagerV1Interface, 1)
	r.out = bind[client.WlOutput](c, &protocol.WlOutputInterface, 4)
	r.ptr = bind[client.WlSeat](c, &protocol.WlSeatInterface, 5).GetPointer()
	c.ok()
	c.take()
	return r
}

// output and window start sessions with the label s.
func (r *recorder) output(options protocol.ExtImageCopyCaptureManagerV1Options) *client.ExtImageCopyCaptureSessionV1 {
	src := r.outs.CreateSource(r.out)
	s := r.m.CreateSession(src, options)
	src.Destroy()
	r.c.label(s, "s")
	return s
}

func (r *recorder) window(i int) *client.ExtImageCopyCaptureSessionV1 {
	s := r.m.CreateSession(r.wins.CreateSource(r.exts[i]), 0)
	r.c.label(s, "s")
	return s
}

// shot asks for a picture of all of the source.
func (r *recorder) shot(s *client.ExtImageCopyCaptureSessionV1, w, h int32) (*client.ExtImageCopyCaptureFrameV1, *memory) {
	fr := s.CreateFrame()
	r.c.label(fr, "frame")
	b, m := r.c.bufferIn(w, h, 0x777777, false)
	fr.AttachBuffer(b)
	fr.DamageBuffer(0, 0, w, h)
	fr.Capture()
	return fr, m
}

func (m *memory) at(w, x, y int32) uint32 {
	return binary.LittleEndian.Uint32(m.data[4*(y*w+x):]) & 0xffffff
}

func TestImageCopyOfAnOutput(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 50, 50, 0x123456)
	r := f.recorder()
	s := r.output(0)
	r.c.expect(`
		s.buffer_size(640, 480)
		s.shm_format(1)
		s.shm_format(0)
		s.done()`)
	fr, mem := r.shot(s, 640, 480)
	r.c.expect("") // nothing was drawn
	f.draw()
	r.c.expect(`
		frame.transform(0)
		frame.damage(0, 0, 640, 480)
		frame.presentation_time(0, 1, 0)
		frame.ready()`)
	if got := mem.at(640, 10, 10); got != 0x123456 {
		t.Errorf("captured pixel = %06x", got)
	}
	fr.Destroy()
	// The next waits for a change, and copies that and what the client wants.
	fr = s.CreateFrame()
	r.c.label(fr, "frame")
	b, mem := r.c.bufferIn(640, 480, 0x777777, false)
	fr.AttachBuffer(b)
	fr.DamageBuffer(0, 0, 2, 2)
	fr.Capture()
	f.draw()
	r.c.expect("")
	w.surf.Attach(c.buffer(50, 50, 0x654321), 0, 0)
	w.surf.Damage(10, 10, 5, 6)
	w.surf.Commit()
	c.ok()
	f.draw()
	r.c.expect(`
		frame.transform(0)
		frame.damage(10, 10, 5, 6)
		frame.presentation_time(0, 1, 0)
		frame.ready()`)
	if in, asked, out := mem.at(640, 12, 12), mem.at(640, 1, 1), mem.at(640, 30, 30); in != 0x654321 || asked == 0x777777 || out != 0x777777 {
		t.Errorf("pixels: damaged %06x, asked for %06x, neither %06x", in, asked, out)
	}
	fr.Destroy()
	// Damage from between two frames counts: no waiting.
	w.surf.Damage(1, 2, 3, 4)
	w.surf.Commit()
	c.ok()
	f.draw()
	fr, _ = r.shot(s, 640, 480)
	r.c.expect(`
		frame.transform(0)
		frame.damage(1, 2, 3, 4)
		frame.presentation_time(0, 1, 0)
		frame.ready()`)
	fr.Destroy()
	// The session may end before its frame; the mode may change.
	fr, _ = r.shot(s, 640, 480)
	r.c.ok()
	st := OutputState{Info: f.out.Info, Logical: f.out.Logical, Scale: f.out.Scale}
	st.Info.Mode.Size = geom.Size{W: 600, H: 400}
	f.out.Update(st)
	r.c.ok()
	compare(t, "events", r.c.take(), `
		wl_output.geometry(0, 0, 169, 127, 0, "Ray", "Test", 0)
		wl_output.mode(3, 600, 400, 60000)
		wl_output.scale(1)
		wl_output.name("TEST-1")
		wl_output.description("TEST-1 description")
		wl_output.done()
		s.buffer_size(600, 400)
		s.shm_format(1)
		s.shm_format(0)
		s.done()
		frame.failed(1)`)
	fr.Destroy()
	fr, _ = r.shot(s, 640, 480)
	r.c.expect("frame.failed(1)")
	fr.Destroy()
	f.shell.noframe = true
	fr, _ = r.shot(s, 600, 400)
	s.Destroy()
	r.c.expect("")
	// The output goes.
	s = r.output(0)
	r.c.ok()
	r.c.take()
	f.out.Remove()
	r.c.expect("frame.failed(2)\ns.stopped()")
	fr.Destroy()
	fr, _ = r.shot(s, 600, 400)
	r.c.expect("frame.failed(2)")
	fr.Destroy()
	s.Destroy()
	r.output(0)
	r.c.expect("s.stopped()")
	r.m.Destroy()
	r.outs.Destroy()
	r.wins.Destroy()
	r.c.ok()
}

func TestImageCopyCursorOption(t *testing.T) {
	f := newFixture(t)
	tree := f.core.Scene.Root().NewTree()
	tree.NewRect(geom.Size{W: 4, H: 4}, render.RGBA(255, 0, 0, 255))
	f.shell.pointer = tree
	f.draw()
	r := f.recorder()
	for _, tc := range []struct {
		options protocol.ExtImageCopyCaptureManagerV1Options
		want    uint32
	}{{0, 0}, {protocol.ExtImageCopyCaptureManagerV1OptionsPaintCursors, 0xff0000}} {
		_, m := r.shot(r.output(tc.options), 640, 480)
		r.c.ok()
		if got := m.at(640, 1, 1); got != tc.want {
			t.Errorf("options %v: pixel %06x; want %06x", tc.options, got, tc.want)
		}
	}
}

func TestImageCopyOfAWindow(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 50, 40, 0x123456)
	c.window("cover", 640, 480, 0x999999)
	child := c.surface("child")
	sub := c.sub.GetSubsurface(child, w.surf)
	sub.SetDesync()
	sub.SetPosition(20, 10)
	w.surf.Commit()
	child.Attach(c.buffer(10, 10, 0xabcdef), 0, 0)
	child.Damage(0, 0, 10, 10)
	child.Commit()
	c.ok()
	r := f.recorder()
	s := r.window(0)
	r.c.expect(`
		s.buffer_size(50, 40)
		s.shm_format(0)
		s.shm_format(1)
		s.done()`)
	// It is covered, and was never on screen.
	fr, mem := r.shot(s, 50, 40)
	r.c.expect(`
		frame.transform(0)
		frame.damage(0, 0, 50, 40)
		frame.presentation_time(0, 1, 0)
		frame.ready()`)
	if a, b := mem.at(50, 1, 1), mem.at(50, 25, 15); a != 0x123456 || b != 0xabcdef {
		t.Errorf("window %06x, subsurface %06x", a, b)
	}
	fr.Destroy()
	fr, mem = r.shot(s, 50, 40)
	r.c.expect("")
	// A change in the subsurface, with the reach of filters around it.
	child.Attach(c.buffer(10, 10, 0x111111), 0, 0)
	child.Damage(3, 3, 2, 2)
	child.Commit()
	c.ok()
	r.c.expect(`
		frame.transform(0)
		frame.damage(22, 12, 4, 4)
		frame.presentation_time(0, 1, 0)
		frame.ready()`)
	if got := mem.at(50, 23, 13); got != 0x111111 {
		t.Errorf("subsurface %06x", got)
	}
	fr.Destroy()
	// The subsurface goes.
	for _, end := range []func(){sub.Destroy, child.Destroy} {
		fr, _ = r.shot(s, 50, 40)
		r.c.ok()
		end()
		w.surf.Commit()
		c.ok()
		r.c.ok()
		r.c.take()
		fr.Destroy()
	}
	// A new size: the client makes new buffers.
	fr, _ = r.shot(s, 50, 40)
	r.c.ok()
	w.surf.Attach(c.buffer(30, 20, 0x222222), 0, 0)
	w.surf.Commit()
	c.ok()
	r.c.expect(`
		s.buffer_size(30, 20)
		s.shm_format(0)
		s.shm_format(1)
		s.done()
		frame.failed(1)`)
	fr.Destroy()
	// The memory goes.
	w.surf.Damage(0, 0, 5, 5)
	w.surf.Commit()
	c.ok()
	fr = s.CreateFrame()
	r.c.label(fr, "frame")
	b, mem := r.c.bufferIn(30, 20, 0, false)
	if err := unix.Ftruncate(mem.fd, 0); err != nil {
		t.Fatal(err)
	}
	fr.AttachBuffer(b)
	fr.Capture()
	r.c.expect("frame.failed(0)")
	fr.Destroy()
	fr, _ = r.shot(s, 30, 20)
	r.c.ok()
	r.c.take()
	fr.Destroy()
	// The window goes while a frame waits.
	r.shot(s, 30, 20)
	r.c.ok()
	w.top.Destroy()
	c.ok()
	r.c.expect("s.stopped()\nframe.failed(2)\ne0.closed()")
	r.window(0)
	r.c.expect("s.stopped()")
}

func TestImageCopyOfHugeWindowsStops(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	vp := bind[client.WpViewporter](c, &protocol.WpViewporterInterface, 1)
	w := c.window("win", 50, 40, 0)
	v := vp.GetViewport(w.surf)
	r := f.recorder()
	s := r.window(0)
	r.c.ok()
	r.c.take()
	v.SetDestination(1<<20, 1<<20)
	w.surf.Commit()
	c.ok()
	r.c.expect("s.stopped()")
	s.Destroy()
	r.c.ok()
}

func TestImageCopyErrors(t *testing.T) {
	const frame, session = "ext_image_copy_capture_frame_v1", "ext_image_copy_capture_session_v1"
	for _, tc := range []struct {
		name  string
		iface string
		code  uint32
		do    func(r *recorder, s *client.ExtImageCopyCaptureSessionV1, fr *client.ExtImageCopyCaptureFrameV1, b *client.WlBuffer)
	}{
		{"no buffer", frame, 1, func(_ *recorder, _ *client.ExtImageCopyCaptureSessionV1, fr *client.ExtImageCopyCaptureFrameV1, _ *client.WlBuffer) {
			fr.Capture()
		}},
		{"negative damage", frame, 2, func(_ *recorder, _ *client.ExtImageCopyCaptureSessionV1, fr *client.ExtImageCopyCaptureFrameV1, _ *client.WlBuffer) {
			fr.DamageBuffer(-1, 0, 5, 5)
		}},
		{"empty damage", frame, 2, func(_ *recorder, _ *client.ExtImageCopyCaptureSessionV1, fr *client.ExtImageCopyCaptureFrameV1, _ *client.WlBuffer) {
			fr.DamageBuffer(0, 0, 5, 0)
		}},
		{"captured twice", frame, 3, func(_ *recorder, _ *client.ExtImageCopyCaptureSessionV1, fr *client.ExtImageCopyCaptureFrameV1, b *client.WlBuffer) {
			fr.AttachBuffer(b)
			fr.Capture()
			fr.Capture()
		}},
		{"attached late", frame, 3, func(_ *recorder, _ *client.ExtImageCopyCaptureSessionV1, fr *client.ExtImageCopyCaptureFrameV1, b *client.WlBuffer) {
			fr.AttachBuffer(b)
			fr.Capture()
			fr.AttachBuffer(b)
		}},
		{"damaged late", frame, 3, func(_ *recorder, _ *client.ExtImageCopyCaptureSessionV1, fr *client.ExtImageCopyCaptureFrameV1, b *client.WlBuffer) {
			fr.AttachBuffer(b)
			fr.Capture()
			fr.DamageBuffer(0, 0, 1, 1)
		}},
		{"two frames", session, 1, func(_ *recorder, s *client.ExtImageCopyCaptureSessionV1, _ *client.ExtImageCopyCaptureFrameV1, _ *client.WlBuffer) {
			s.CreateFrame()
		}},
		{"unknown option", "ext_image_copy_capture_manager_v1", 1, func(r *recorder, _ *client.ExtImageCopyCaptureSessionV1, _ *client.ExtImageCopyCaptureFrameV1, _ *client.WlBuffer) {
			r.output(2)
		}},
		{"second session of a cursor", "ext_image_copy_capture_cursor_session_v1", 1, func(r *recorder, _ *client.ExtImageCopyCaptureSessionV1, _ *client.ExtImageCopyCaptureFrameV1, _ *client.WlBuffer) {
			cs := r.m.CreatePointerCursorSession(r.outs.CreateSource(r.out), r.ptr)
			cs.GetCaptureSession()
			cs.GetCaptureSession()
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := newFixture(t)
			r := f.recorder()
			s := r.output(0)
			tc.do(r, s, s.CreateFrame(), r.c.buffer(640, 480, 0))
			r.c.wantError(tc.iface, tc.code)
		})
	}
}

func TestImageCopyOfTheCursor(t *testing.T) {
	f := newFixture(t)
	img := render.NewPixels(8, 8, render.ARGB8888)
	for i := range img.Data {
		img.Data[i] = 0xff
	}
	f.shell.image, f.shell.hot = &img, geom.Point{X: 1, Y: 2}
	f.motion(100, 200)
	r := f.recorder()
	cs := r.m.CreatePointerCursorSession(r.outs.CreateSource(r.out), r.ptr)
	r.c.label(cs, "cursor")
	r.c.expect(`
		cursor.enter()
		cursor.position(100, 200)
		cursor.hotspot(1, 2)`)
	s := cs.GetCaptureSession()
	r.c.label(s, "s")
	r.c.expect(`
		s.buffer_size(8, 8)
		s.shm_format(0)
		s.shm_format(1)
		s.done()`)
	fr, mem := r.shot(s, 8, 8)
	r.c.expect(`
		frame.transform(0)
		frame.damage(0, 0, 8, 8)
		frame.presentation_time(0, 1, 0)
		frame.ready()`)
	if got := mem.at(8, 3, 3); got != 0xffffff {
		t.Errorf("cursor pixel %06x", got)
	}
	fr.Destroy()
	f.motion(101, 200)
	f.turn()
	fr, _ = r.shot(s, 8, 8)
	r.c.expect("cursor.position(101, 200)") // the image is the same: it waits
	small := render.NewPixels(4, 4, render.ARGB8888)
	f.shell.image, f.shell.hot = &small, geom.Point{}
	f.srv.CursorChanged()
	f.turn()
	r.c.expect(`
		cursor.hotspot(0, 0)
		s.buffer_size(4, 4)
		s.shm_format(0)
		s.shm_format(1)
		s.done()
		frame.failed(1)`)
	fr.Destroy()
	// Hidden, it leaves; the session waits for another.
	f.shell.image = nil
	f.srv.CursorChanged()
	f.turn()
	fr, _ = r.shot(s, 4, 4)
	r.c.expect("cursor.leave()")
	f.shell.image = &small
	f.srv.CursorChanged()
	f.turn()
	r.c.expect(`
		cursor.enter()
		cursor.position(101, 200)
		cursor.hotspot(0, 0)
		frame.transform(0)
		frame.damage(0, 0, 4, 4)
		frame.presentation_time(0, 1, 0)
		frame.ready()`)
	fr.Destroy()
	cs.Destroy()
	r.c.expect("s.stopped()")
	// Over a window: it comes and goes with the window's place.
	c := f.connect()
	w := c.window("win", 50, 40, 0)
	r.c.ok()
	r.c.take()
	cs = r.m.CreatePointerCursorSession(r.wins.CreateSource(r.exts[0]), r.ptr)
	r.c.label(cs, "cursor")
	cs.GetCaptureSession()
	r.c.ok()
	r.c.take()
	f.motion(20, 10)
	f.turn()
	r.c.expect("cursor.enter()\ncursor.position(20, 10)\ncursor.hotspot(0, 0)")
	w.top.Destroy()
	c.ok()
	r.c.ok()
	compare(t, "events", r.c.take(), `
		ext_image_copy_capture_session_v1.stopped()
		cursor.leave()
		e0.closed()`)
}
