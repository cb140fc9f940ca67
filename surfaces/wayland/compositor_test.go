package wayland

import (
	"testing"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// corners is an image with a colour in each corner quarter: 1 2 over 3 4.
func (c *testClient) corners(w, h int32) (*client.WlBuffer, *memory) {
	b, m := c.bufferIn(w, h, 0, false)
	m.fill(w, geom.XYWH(0, 0, w/2, h/2), 0x111111)
	m.fill(w, geom.XYWH(w/2, 0, w/2, h/2), 0x222222)
	m.fill(w, geom.XYWH(0, h/2, w/2, h/2), 0x333333)
	m.fill(w, geom.XYWH(w/2, h/2, w/2, h/2), 0x444444)
	return b, m
}

func TestBufferTransform(t *testing.T) {
	// What is seen clockwise from the top left. The client has turned its
	// content counter-clockwise; it is turned back.
	for tr, want := range map[protocol.WlOutputTransform][4]uint32{
		protocol.WlOutputTransformNormal:     {1, 2, 4, 3},
		protocol.WlOutputTransform90:         {3, 1, 2, 4},
		protocol.WlOutputTransform180:        {4, 3, 1, 2},
		protocol.WlOutputTransform270:        {2, 4, 3, 1},
		protocol.WlOutputTransformFlipped:    {2, 1, 3, 4},
		protocol.WlOutputTransformFlipped90:  {1, 3, 4, 2},
		protocol.WlOutputTransformFlipped180: {3, 4, 2, 1},
		protocol.WlOutputTransformFlipped270: {4, 2, 1, 3},
	} {
		t.Run(tr.String(), func(t *testing.T) {
			f := newFixture(t)
			c := f.connect()
			w := c.window("win", 2, 2, 0)
			b, _ := c.corners(40, 20)
			w.surf.SetBufferTransform(tr)
			w.surf.Attach(b, 0, 0)
			w.surf.Damage(0, 0, 100, 100)
			w.surf.Commit()
			c.ok()
			f.draw()
			size := c.core(w.surf).core.Size()
			x, y := size.W, size.H
			var got [4]uint32
			for i, p := range []geom.Point{pt(2, 2), pt(x-2, 2), pt(x-2, y-2), pt(2, y-2)} {
				got[i] = f.at(p.X, p.Y) & 0xf
			}
			if got != want {
				t.Errorf("corners = %v; want %v", got, want)
			}
			if swaps := x == 20; swaps != geom.Transform(tr).Swaps() {
				t.Errorf("size = %v", size)
			}
		})
	}
}

// TestDamageIsMapped changes the whole buffer and declares part: only that may
// change on screen, whatever the transform and scale.
func TestDamageIsMapped(t *testing.T) {
	for _, tc := range []struct {
		name      string
		transform protocol.WlOutputTransform
		scale     int32
		surface   geom.Rect // declared in surface coordinates
		buffer    geom.Rect // or in the buffer's
		want      geom.Rect // what changes, of a 40x20 or 20x40 surface
	}{
		{"surface", 0, 1, geom.XYWH(5, 5, 10, 5), geom.Rect{}, geom.XYWH(5, 5, 10, 5)},
		{"buffer", 0, 1, geom.Rect{}, geom.XYWH(5, 5, 10, 5), geom.XYWH(5, 5, 10, 5)},
		{"surface scaled", 0, 2, geom.XYWH(5, 5, 10, 5), geom.Rect{}, geom.XYWH(5, 5, 10, 5)},
		{"buffer scaled", 0, 2, geom.Rect{}, geom.XYWH(10, 10, 20, 10), geom.XYWH(5, 5, 10, 5)},
		{"surface turned", protocol.WlOutputTransform90, 1, geom.XYWH(2, 4, 6, 8), geom.Rect{}, geom.XYWH(2, 4, 6, 8)},
		{"surface turned and scaled", protocol.WlOutputTransform270, 2, geom.XYWH(2, 4, 6, 8), geom.Rect{}, geom.XYWH(2, 4, 6, 8)},
		{"surface flipped", protocol.WlOutputTransformFlipped90, 1, geom.XYWH(2, 4, 6, 8), geom.Rect{}, geom.XYWH(2, 4, 6, 8)},
		{"absurd", 0, 1, geom.XYWH(-1<<31, -1<<31, 1<<31-1, 1<<31-1), geom.Rect{}, geom.Rect{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := newFixture(t)
			c := f.connect()
			w := c.window("win", 2, 2, 0)
			b, m := c.bufferIn(40*tc.scale, 20*tc.scale, 0x111111, false)
			w.surf.SetBufferTransform(tc.transform)
			w.surf.SetBufferScale(tc.scale)
			w.surf.Attach(b, 0, 0)
			w.surf.Damage(0, 0, 100, 100)
			w.surf.Commit()
			c.ok()
			f.draw()
			m.fill(40*tc.scale, geom.XYWH(0, 0, 40*tc.scale, 20*tc.scale), 0x999999)
			w.surf.Attach(b, 0, 0)
			if !tc.surface.Empty() {
				w.surf.Damage(tc.surface.X0, tc.surface.Y0, tc.surface.W(), tc.surface.H())
			}
			if !tc.buffer.Empty() {
				w.surf.DamageBuffer(tc.buffer.X0, tc.buffer.Y0, tc.buffer.W(), tc.buffer.H())
			}
			w.surf.Damage(0, 0, -1, 5)
			w.surf.DamageBuffer(0, 0, 5, 0)
			w.surf.Commit()
			c.ok()
			f.draw()
			size := c.core(w.surf).core.Size()
			for y := range size.H {
				for x := range size.W {
					want := uint32(0x111111)
					if pt(x, y).In(tc.want) {
						want = 0x999999
					}
					if got := f.at(x, y); got != want {
						t.Fatalf("pixel %d,%d = %06x; want %06x", x, y, got, want)
					}
				}
			}
		})
	}
}

func TestViewport(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	fix := geom.FixedFromInt
	w := c.window("win", 2, 2, 0)
	m := bind[client.WpViewporter](c, &protocol.WpViewporterInterface, 1)
	vp := m.GetViewport(w.surf)
	b, _ := c.corners(40, 40)
	size := func(want int32) {
		t.Helper()
		c.ok()
		if s := c.core(w.surf).core.Size(); s.W != want || s.H != want {
			t.Fatalf("size = %v; want %d", s, want)
		}
	}
	w.surf.Attach(b, 0, 0)
	w.surf.Damage(0, 0, 100, 100)
	vp.SetSource(fix(20), fix(0), fix(20), fix(20))
	w.surf.Commit()
	size(20)
	f.pixels(map[geom.Point]uint32{pt(1, 1): 0x222222, pt(18, 18): 0x222222, pt(20, 20): 0})
	vp.SetDestination(60, 60)
	w.surf.Commit()
	size(60)
	f.pixels(map[geom.Point]uint32{pt(1, 1): 0x222222, pt(58, 58): 0x222222})
	vp.SetSource(-256, -256, -256, -256)
	w.surf.Commit()
	size(60)
	f.pixels(map[geom.Point]uint32{pt(1, 1): 0x111111, pt(58, 58): 0x444444})
	vp.SetDestination(-1, -1)
	w.surf.Commit()
	size(40)
	// Everything at once: scale and transform come before the crop.
	w.surf.SetBufferScale(2)
	w.surf.SetBufferTransform(protocol.WlOutputTransform180)
	vp.SetSource(0, 0, fix(10), fix(10))
	vp.SetDestination(30, 30)
	w.surf.Commit()
	size(30)
	f.pixels(map[geom.Point]uint32{pt(1, 1): 0x444444, pt(28, 28): 0x444444})
	// Damage goes through it, outwards.
	vp.Destroy()
	size(30)
	w.surf.Commit()
	size(20)
	vp = m.GetViewport(w.surf)
	vp.SetDestination(1<<31-1, 1<<31-1)
	w.surf.Commit()
	c.ok()
	f.draw()
	m.Destroy()
	w.top.Destroy()
	w.xdg.Destroy()
	w.surf.Destroy()
	vp.Destroy()
	c.ok()
}

func TestOldAttachOffset(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	c.comp = bind[client.WlCompositor](c, &protocol.WlCompositorInterface, 4)
	p := c.bindSeat(9).GetPointer()
	c.window("win", 50, 50, 0)
	cur := c.surface("cursor")
	f.motion(5, 5)
	c.ok()
	p.SetCursor(c.serials["wl_pointer.enter"], cur, 10, 10)
	cur.Attach(c.buffer(4, 4, 0), 2, 3)
	cur.Commit()
	c.ok()
	f.shell.take()
	cur.Commit()
	c.ok()
	compare(t, "shell", f.shell.take(), "cursor 4x4 at 8,7")
}

func TestCursorsMayHaveAnySize(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	p := c.bindSeat(9).GetPointer()
	c.window("win", 50, 50, 0)
	cur := c.surface("cursor")
	cur.Attach(c.buffer(25, 5, 0), 0, 0)
	cur.SetBufferScale(2)
	cur.Commit() // before it is one
	f.motion(5, 5)
	c.ok()
	f.shell.take()
	p.SetCursor(c.serials["wl_pointer.enter"], cur, 0, 0)
	c.ok()
	compare(t, "shell", f.shell.take(), "cursor 12x2 at 0,0")
}

func TestOpaqueRegion(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	c.window("below", 50, 50, 0xff)
	above := c.window("above", 2, 2, 0)
	m := c.memory(50*50*4, false)
	pool := c.shm.CreatePool(m.fd, 50*50*4)
	above.surf.Attach(pool.CreateBuffer(0, 50, 50, 200, protocol.WlShmFormatArgb8888), 0, 0)
	above.surf.Damage(0, 0, 50, 50)
	above.surf.Commit()
	c.ok()
	f.pixels(map[geom.Point]uint32{pt(5, 5): 0xff})
	r := c.comp.CreateRegion()
	r.Add(0, 0, 10, 10)
	above.surf.SetOpaqueRegion(r)
	above.surf.Commit()
	c.ok()
	f.pixels(map[geom.Point]uint32{pt(5, 5): 0, pt(15, 15): 0xff})
	above.surf.SetOpaqueRegion(nil)
	above.surf.Commit()
	c.ok()
	f.pixels(map[geom.Point]uint32{pt(5, 5): 0xff})
}

func TestFrameCallbacks(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 50, 50, 0xff)
	c.label(w.surf.Frame(), "first")
	f.draw()
	c.ok()
	c.take()
	c.expect("") // not committed
	w.surf.Commit()
	c.label(w.surf.Frame(), "second")
	w.surf.Commit()
	c.ok()
	f.loop.Advance(16_000_000)
	f.draw()
	c.expect("first.done(1016)\nsecond.done(1016)")
	// Hidden surfaces are not told to draw.
	f.shell.at = geom.Point{}
	c.label(w.surf.Frame(), "third")
	w.surf.Commit()
	cover := c.window("cover", 60, 60, 0)
	f.draw()
	c.ok()
	c.take()
	c.expect("")
	cover.top.Destroy()
	cover.xdg.Destroy()
	cover.surf.Destroy()
	c.ok()
	f.draw()
	c.expect("third.done(1016)")
	// Callbacks of a surface that ends are never called, and their ids are
	// free again.
	before := c.srv.conn.Objects()
	s := c.surface("s")
	for range 10 {
		s.Frame()
	}
	s.Commit()
	for range 10 {
		s.Frame()
	}
	s.Destroy()
	c.ok()
	if n := c.srv.conn.Objects(); n != before {
		t.Errorf("%d objects are left of callbacks", n-before)
	}
	c.expect("")
}

func TestPresentationFeedback(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	m := bind[client.WpPresentation](c, &protocol.WpPresentationInterface, 2)
	bind[client.WlOutput](c, &protocol.WlOutputInterface, 4)
	w := c.window("win", 50, 50, 0xff)
	f.draw()
	c.ok()
	c.take()
	fb := func(name string) {
		c.label(m.Feedback(w.surf), name)
		w.surf.Commit()
	}
	fb("a")
	c.expect("")
	f.draw()
	c.expect(`
		a.sync_output(wl_output)
		a.presented(0, 1, 0, 16666666, 0, 7, 1)`)
	// Superseded before it was shown.
	fb("b")
	fb("c")
	c.expect("b.discarded()")
	w.surf.Commit()
	c.expect("c.discarded()")
	// The surface ends first, with feedback committed and not.
	fb("d")
	c.label(m.Feedback(w.surf), "e")
	w.top.Destroy()
	w.xdg.Destroy()
	w.surf.Destroy()
	c.expect("e.discarded()\nd.discarded()")
	m.Destroy()
	c.ok()
}

// TestRecycledObjects: answers to an object that had its answer go nowhere,
// although the struct behind it lives again.
func TestRecycledObjects(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	m := bind[client.WpPresentation](c, &protocol.WpPresentationInterface, 2)
	w := c.window("win", 50, 50, 0xff)
	m.Feedback(w.surf)
	w.surf.Commit()
	c.ok()
	held := c.core(w.surf).core.TakeFeedback(nil)
	if len(held) != 1 {
		t.Fatalf("%d feedbacks", len(held))
	}
	held[0].Discarded()
	c.ok()
	c.label(m.Feedback(w.surf), "next")
	w.surf.Commit()
	c.ok()
	c.take()
	held[0].Discarded()
	c.expect("")
	// Of a client that is gone.
	held = c.core(w.surf).core.TakeFeedback(nil)
	d := f.connect()
	c.disconnect()
	bind[client.WpPresentation](d, &protocol.WpPresentationInterface, 2).Feedback(d.surface("s"))
	d.ok()
	for _, h := range held {
		h.Discarded()
	}
	d.expect("wp_presentation.clock_id(1)")
}

func TestPresentationFeedbackOfSynchronisedSurfaces(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	m := bind[client.WpPresentation](c, &protocol.WpPresentationInterface, 2)
	w := c.window("win", 50, 50, 0xff)
	s, _ := c.child("sub", w.surf, 10, 10, 0)
	w.surf.Commit()
	c.ok()
	c.take()
	c.label(m.Feedback(s), "a")
	s.Commit()
	c.label(m.Feedback(s), "b")
	s.Commit()
	c.expect("a.discarded()")
	s.Destroy()
	c.expect("b.discarded()")
}
