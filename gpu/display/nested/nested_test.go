package nested

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"rayos/geom"
	"rayos/gpu/display"
	"rayos/gpu/display/internal/displaytest"
	"rayos/gpu/render"
	"rayos/internal/loop"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
)

func startFake(t *testing.T, opts Options, setup func(*fakeHost)) (*loop.Loop, *fakeHost, *Display, *displaytest.Recorder) {
	t.Helper()
	h := startFakeHost(t, setup)
	opts.Conn = h.connect()
	l, d, r := start(t, opts)
	return l, h, d, r
}

// sync dispatches until the client has handled all that the host sent so far.
func sync(t *testing.T, l *loop.Loop, d *Display) {
	t.Helper()
	done := false
	d.conn.Sync().OnDone = func(uint32) { done = true }
	d.flush()
	displaytest.Until(t, l, "sync", func() bool { return done })
}

// settle also makes sure that the host has handled all that the client sent.
func settle(t *testing.T, l *loop.Loop, d *Display) {
	t.Helper()
	sync(t, l, d)
	sync(t, l, d)
}

func wantLog(t *testing.T, r *displaytest.Recorder, want ...string) {
	t.Helper()
	if got := r.Take(); !slices.Equal(got, want) {
		t.Errorf("handler heard\n%q; want\n%q", got, want)
	}
}

func fx(v float64) geom.Fixed { return geom.FixedFromFloat(v) }

func TestWindowIsSetUp(t *testing.T) {
	l, h, d, r := startFake(t, Options{Title: "A title", AppID: "an.app", Outputs: []display.Spec{spec(640, 480)}},
		func(h *fakeHost) { h.seatCaps = protocol.WlSeatCapabilityKeyboard })
	wantLog(t, r, "added WL-1 640x480@1")
	if m := r.Outputs[0].Info().Mode; m.Refresh != 144_000 {
		t.Errorf("refresh %d; want the host's 144000", m.Refresh)
	}
	settle(t, l, d)
	h.do(func() {
		w := h.windows[0]
		if w.title != "A title" || w.app != "an.app" {
			t.Errorf("title %q, app id %q", w.title, w.app)
		}
		if h.decorated != 1 || h.inhibited != 1 {
			t.Errorf("%d decorations, %d shortcut inhibitors; want 1, 1", h.decorated, h.inhibited)
		}
		if !slices.Equal(w.acks, []uint32{1}) {
			t.Errorf("acks %v; want the first configure's", w.acks)
		}
	})
}

func TestFrame(t *testing.T) {
	l, h, d, r := startFake(t, Options{Outputs: []display.Spec{spec(64, 48)}}, nil)
	o := r.Outputs[0]
	r.Take()
	displaytest.Draw(t, o, 0)
	if err := o.Commit(display.Frame{}); !errors.Is(err, display.ErrBusy) {
		t.Errorf("second Commit = %v; want ErrBusy", err)
	}
	settle(t, l, d)
	wantLog(t, r)
	h.do(func() {
		w := h.windows[0]
		if got := w.bufferSize(); got != (geom.Size{W: 64, H: 48}) || w.dest != got {
			t.Errorf("buffer %v shown as %v; want 64x48 as it is", got, w.dest)
		}
		w.damage = nil
		w.done()
	})
	sync(t, l, d)
	wantLog(t, r, "presented WL-1")
	if p := r.Last; p.Time == 0 || p.Time > l.Now() || p.Refresh != time.Second/144 || p.VSync {
		t.Errorf("Presented = %+v; want the time of the callback and the screen's refresh", p)
	}
	// The host still holds the first buffer: the second is new, and of the
	// damage only what lies in the window is told.
	_, age, err := o.Framebuffer()
	if err != nil || age != 0 {
		t.Errorf("age %d, %v; want 0", age, err)
	}
	damage := geom.RegionOf(geom.XYWH(60, 40, 10, 10), geom.XYWH(1, 2, 3, 4))
	if err := o.Commit(display.Frame{Damage: &damage}); err != nil {
		t.Fatal(err)
	}
	settle(t, l, d)
	h.do(func() {
		w := h.windows[0]
		if want := []geom.Rect{geom.XYWH(1, 2, 3, 4), geom.XYWH(60, 40, 4, 8)}; !slices.Equal(w.damage, want) {
			t.Errorf("damage %v; want %v", w.damage, want)
		}
	})
}

func TestPresentedIsOnTheHostsRetraces(t *testing.T) {
	l, h, d, r := startFake(t, Options{Outputs: []display.Spec{spec(8, 8)}}, nil)
	const period = 10 * time.Millisecond
	first := l.Now()
	for i := range 3 {
		displaytest.Draw(t, r.Outputs[0], 0)
		settle(t, l, d)
		before := l.Now()
		h.do(func() {
			h.windows[0].done()
			if i == 0 {
				h.windows[0].shown(first, period, 100)
			}
		})
		sync(t, l, d)
		if i == 0 {
			continue // nothing is known of the host's retraces yet
		}
		p := r.Last
		n := (p.Time - first) / period
		if p.Time != first+n*period || p.Time < before || p.Time > l.Now()+period || p.Seq != 100+uint64(n) ||
			p.Refresh != period || !p.VSync || !p.HWClock {
			t.Errorf("frame %d: Presented = %+v; want a retrace around %v", i, p, before)
		}
	}
}

func TestBufferAgesAndReleases(t *testing.T) {
	l, h, d, r := startFake(t, Options{Outputs: []display.Spec{spec(8, 8)}}, nil)
	o := r.Outputs[0]
	var held []*server.WlBuffer
	frame := func(wantAge int) {
		t.Helper()
		_, age, err := o.Framebuffer()
		if err != nil || age != wantAge {
			t.Errorf("age %d, %v; want %d", age, err, wantAge)
		}
		displaytest.Draw(t, o, 0)
		settle(t, l, d)
		h.do(func() {
			w := h.windows[0]
			held = append(held, w.attached)
			w.done()
		})
		sync(t, l, d)
	}
	release := func(n int) {
		h.do(func() {
			for _, b := range held[:n] {
				b.SendRelease()
			}
		})
		held = held[n:]
		sync(t, l, d)
	}
	frame(0)
	frame(0)
	release(1)
	frame(2) // two buffers in turn
	release(1)
	frame(2)
	release(2)
	frame(1) // all are free: the newest
	frame(3)
	frame(0)
	frame(0)
	r.Take()
	if _, _, err := o.Framebuffer(); !errors.Is(err, display.ErrBusy) {
		t.Fatalf("Framebuffer while the host holds %d buffers = %v; want ErrBusy", len(held), err)
	}
	release(1)
	wantLog(t, r, "need frame WL-1")
}

func TestFractionalScaleAndResize(t *testing.T) {
	l, h, d, r := startFake(t, Options{Outputs: []display.Spec{spec(300, 150)}}, func(h *fakeHost) { h.scale = 180 })
	o := r.Outputs[0]
	wantLog(t, r, "added WL-1 300x150@1.5")
	displaytest.Draw(t, o, 0)
	settle(t, l, d)
	h.do(func() {
		w := h.windows[0]
		if w.bufferSize() != (geom.Size{W: 300, H: 150}) || w.dest != (geom.Size{W: 200, H: 100}) {
			t.Errorf("buffer %v shown as %v; want 300x150 as 200x100", w.bufferSize(), w.dest)
		}
		// A person drags the corner; the last of these counts.
		w.configure(geom.Size{W: 210, H: 100}, 2)
		w.configure(geom.Size{W: 233, H: 111}, 3, protocol.XdgToplevelStateResizing)
	})
	sync(t, l, d)
	wantLog(t, r, "presented WL-1", "changed WL-1 350x167@1.5")
	if o.Shown() != nil {
		t.Error("the old size is still shown")
	}
	displaytest.Draw(t, o, 0)
	settle(t, l, d)
	h.do(func() {
		w := h.windows[0]
		if w.bufferSize() != (geom.Size{W: 350, H: 167}) || w.dest != (geom.Size{W: 233, H: 111}) {
			t.Errorf("buffer %v shown as %v; want 350x167 as 233x111", w.bufferSize(), w.dest)
		}
		if !slices.Equal(w.acks, []uint32{1, 3}) {
			t.Errorf("acks %v; want 1 and 3", w.acks)
		}
		w.done()
		w.fractional.SendPreferredScale(240)
	})
	sync(t, l, d)
	wantLog(t, r, "presented WL-1", "changed WL-1 466x222@2")

	// A change of state alone is answered, without a frame of ours.
	h.do(func() {
		h.windows[0].commits = 0
		h.windows[0].configure(geom.Size{W: 233, H: 111}, 4, protocol.XdgToplevelStateActivated)
	})
	settle(t, l, d)
	wantLog(t, r)
	h.do(func() {
		if w := h.windows[0]; w.commits != 1 || !slices.Contains(w.acks, 4) {
			t.Errorf("%d commits, acks %v", w.commits, w.acks)
		}
	})

	if err := o.SetMode(display.Mode{Size: geom.Size{W: 200, H: 100}}); err != nil {
		t.Fatal(err)
	}
	settle(t, l, d)
	wantLog(t, r, "changed WL-1 200x100@2")
	h.do(func() { h.windows[0].configure(geom.Size{W: 50, H: 50}, 5, protocol.XdgToplevelStateMaximized) })
	sync(t, l, d)
	if err := o.SetMode(display.Mode{Size: geom.Size{W: 200, H: 100}}); err == nil {
		t.Error("SetMode of a maximised window succeeded")
	}
}

func TestOutputScaleIsWhatWasAskedFor(t *testing.T) {
	_, _, _, r := startFake(t, Options{Outputs: []display.Spec{{Size: geom.Size{W: 300, H: 150}, Scale: 240}}},
		func(h *fakeHost) { h.scale = 180 })
	wantLog(t, r, "added WL-1 300x150@2")
}

func TestPointer(t *testing.T) {
	l, h, d, r := startFake(t, Options{Outputs: []display.Spec{spec(200, 100)}},
		func(h *fakeHost) { h.seatCaps = protocol.WlSeatCapabilityPointer })
	settle(t, l, d)
	r.Take()
	step := func(what string, fn func(p *server.WlPointer), want ...string) {
		t.Helper()
		h.do(func() { fn(h.pointer) })
		sync(t, l, d)
		if got := r.Take(); !slices.Equal(got, want) {
			t.Errorf("%s: heard\n%q; want\n%q", what, got, want)
		}
	}
	step("enter", func(p *server.WlPointer) {
		p.SendEnter(1, h.windows[0].surface, fx(50), fx(25))
		p.SendFrame()
	}, "pointer WL-1 0.25 0.25", "frame")
	step("motion, absolute first", func(p *server.WlPointer) {
		p.SendMotion(0, fx(100), fx(100))
		h.relative.SendRelativeMotion(0, 0, fx(1), fx(2), fx(3), fx(4))
		p.SendFrame()
	}, "relative 1,2 raw 3,4", "pointer WL-1 0.5 1", "frame")
	step("motion and button", func(p *server.WlPointer) {
		p.SendMotion(0, fx(0), fx(0))
		p.SendButton(2, 0, 0x110, protocol.WlPointerButtonStatePressed)
		p.SendFrame()
	}, "pointer WL-1 0 0", "button 0x110 true", "frame")
	step("outside while a button is held", func(p *server.WlPointer) {
		p.SendMotion(0, fx(-5), fx(500))
		p.SendFrame()
	}, "pointer WL-1 0 1", "frame")
	step("wheel", func(p *server.WlPointer) {
		p.SendAxisSource(protocol.WlPointerAxisSourceWheel)
		p.SendAxisRelativeDirection(protocol.WlPointerAxisVerticalScroll, protocol.WlPointerAxisRelativeDirectionInverted)
		p.SendAxisValue120(protocol.WlPointerAxisVerticalScroll, -60)
		p.SendAxis(0, protocol.WlPointerAxisVerticalScroll, fx(-7.5))
		p.SendFrame()
	}, fmt.Sprintf("axis %+v", display.Axis{Value: -7.5, Value120: -60, Inverted: true}), "frame")
	step("finger on both axes", func(p *server.WlPointer) {
		p.SendAxisSource(protocol.WlPointerAxisSourceFinger)
		p.SendAxis(0, protocol.WlPointerAxisVerticalScroll, fx(1))
		p.SendAxis(0, protocol.WlPointerAxisHorizontalScroll, fx(2))
		p.SendFrame()
	}, fmt.Sprintf("axis %+v", display.Axis{Source: display.Finger, Value: 1}),
		fmt.Sprintf("axis %+v", display.Axis{Source: display.Finger, Value: 2, Horizontal: true}), "frame")
	step("finger lifted", func(p *server.WlPointer) {
		p.SendAxisSource(protocol.WlPointerAxisSourceFinger)
		p.SendAxisStop(0, protocol.WlPointerAxisVerticalScroll)
		p.SendFrame()
	}, fmt.Sprintf("axis %+v", display.Axis{Source: display.Finger, Stop: true}), "frame")
	step("leave", func(p *server.WlPointer) {
		p.SendLeave(3, h.windows[0].surface)
		p.SendFrame()
	}, "left")
	step("frame elsewhere", func(p *server.WlPointer) { p.SendFrame() })
	step("device unplugged while inside", func(p *server.WlPointer) {
		p.SendEnter(4, h.windows[0].surface, fx(0), fx(0))
		h.seat.SendCapabilities(0)
	}, "pointer WL-1 0 0", "frame", "left")
}

func TestCursor(t *testing.T) {
	l, h, d, r := startFake(t, Options{Outputs: []display.Spec{spec(200, 100)}}, func(h *fakeHost) {
		h.scale = 240
		h.seatCaps = protocol.WlSeatCapabilityPointer
	})
	o := r.Outputs[0]
	settle(t, l, d)
	cursors := func() (list []*server.WlSurface, hot geom.Point) {
		settle(t, l, d)
		h.do(func() { list, h.cursors, hot = h.cursors, nil, h.cursorHot })
		return list, hot
	}
	h.do(func() { h.pointer.SendEnter(1, h.windows[0].surface, 0, 0); h.pointer.SendFrame() })
	if got, _ := cursors(); len(got) != 1 || got[0] != nil {
		t.Errorf("on enter the host's cursor was set to %v; want it hidden", got)
	}
	img := render.NewPixels(32, 32, render.ARGB8888)
	if !o.SetCursor(&img, geom.Point{X: 8, Y: 4}) {
		t.Fatal("SetCursor was refused")
	}
	got, hot := cursors()
	if len(got) != 1 || got[0] == nil || hot != (geom.Point{X: 4, Y: 2}) {
		t.Fatalf("cursor set to %v at %v; want a surface at 4,2", got, hot)
	}
	h.do(func() {
		if w := windowOf(got[0]); w.bufferSize() != (geom.Size{W: 32, H: 32}) || w.dest != (geom.Size{W: 16, H: 16}) {
			t.Errorf("cursor of %v shown as %v; want 32x32 as 16x16", w.bufferSize(), w.dest)
		}
		h.pointer.SendLeave(2, h.windows[0].surface)
		h.pointer.SendEnter(3, h.windows[0].surface, 0, 0)
		h.pointer.SendFrame()
	})
	if again, _ := cursors(); len(again) != 1 || again[0] != got[0] {
		t.Errorf("on the next enter the cursor was set to %v", again)
	}
	if !o.SetCursor(nil, geom.Point{}) {
		t.Error("hiding was refused")
	}
	if got, _ := cursors(); len(got) != 1 || got[0] != nil {
		t.Errorf("hidden: cursor set to %v", got)
	}
	opaque := render.NewPixels(4, 4, render.XRGB8888)
	if o.SetCursor(&opaque, geom.Point{}) {
		t.Error("an XRGB8888 cursor was taken")
	}
}

func TestKeyboard(t *testing.T) {
	l, h, d, r := startFake(t, Options{Outputs: []display.Spec{spec(8, 8)}},
		func(h *fakeHost) { h.seatCaps = protocol.WlSeatCapabilityKeyboard })
	settle(t, l, d)
	r.Take()
	const a, b, shift = 30, 48, 42
	key := func(code uint32, s protocol.WlKeyboardKeyState) { h.keyboard.SendKey(0, 0, code, s) }
	h.do(func() {
		var held []byte
		for _, k := range []uint32{a, shift} {
			held = binary.NativeEndian.AppendUint32(held, k)
		}
		h.keyboard.SendEnter(1, h.windows[0].surface, held)
		key(a, protocol.WlKeyboardKeyStateReleased) // pressed elsewhere
		key(b, protocol.WlKeyboardKeyStatePressed)
		key(b, protocol.WlKeyboardKeyStatePressed) // hosts should not
		key(0xffffff, protocol.WlKeyboardKeyStatePressed)
		h.keyboard.SendLeave(2, h.windows[0].surface)
		key(b, protocol.WlKeyboardKeyStateReleased) // hosts should not
	})
	sync(t, l, d)
	wantLog(t, r, "key 42 true", "key 48 true", "keys lost")
	h.do(func() { h.seat.SendCapabilities(0) })
	sync(t, l, d)
	wantLog(t, r, "keys lost")
}

func TestTouch(t *testing.T) {
	l, h, d, r := startFake(t, Options{Outputs: []display.Spec{spec(200, 100)}},
		func(h *fakeHost) { h.seatCaps = protocol.WlSeatCapabilityTouch })
	settle(t, l, d)
	r.Take()
	h.do(func() {
		s := h.windows[0].surface
		h.touch.SendDown(1, 0, s, 3, fx(100), fx(50))
		h.touch.SendMotion(0, 3, fx(20), fx(10))
		h.touch.SendMotion(0, 9, fx(20), fx(10)) // never went down
		h.touch.SendFrame()
		h.touch.SendUp(2, 0, 3)
		h.touch.SendUp(2, 0, 3)
		h.touch.SendFrame()
		h.touch.SendDown(3, 0, s, 4, 0, 0)
		h.touch.SendCancel()
	})
	sync(t, l, d)
	wantLog(t, r,
		"touch down WL-1 3 0.5 0.5", "touch motion WL-1 3 0.1 0.1", "touch frame",
		"touch up 3", "touch frame", "touch down WL-1 4 0 0", "touch cancel")
}

func TestClosingWindows(t *testing.T) {
	l, h, d, r := startFake(t, Options{Outputs: []display.Spec{spec(8, 8), spec(8, 8)}}, nil)
	settle(t, l, d)
	displaytest.Draw(t, r.Outputs[0], 0)
	r.Take()
	h.do(func() { h.windows[0].toplevel.SendClose() })
	sync(t, l, d)
	wantLog(t, r, "removed WL-1")
	if _, _, err := r.Outputs[0].Framebuffer(); !errors.Is(err, display.ErrRemoved) {
		t.Errorf("Framebuffer of a removed output = %v", err)
	}
	h.do(func() { h.windows[1].toplevel.SendClose() })
	sync(t, l, d)
	wantLog(t, r, "closed <nil>")
	if err := d.Close(); err != nil {
		t.Fatal(err)
	}
	wantLog(t, r, "removed WL-2")
}

// closer closes the display from inside of an event, as a session may.
type closer struct {
	*displaytest.Recorder
	d *Display
}

func (c *closer) Closed(err error) {
	c.Recorder.Closed(err)
	if err := c.d.Close(); err != nil {
		c.Recorder.ClosedErr = err
	}
}

func TestCloseInsideAnEvent(t *testing.T) {
	h := startFakeHost(t, nil)
	l := displaytest.Loop(t, loop.New)
	d, err := New(l, Options{Conn: h.connect(), Outputs: []display.Spec{spec(8, 8)}})
	if err != nil {
		t.Fatal(err)
	}
	c := &closer{Recorder: &displaytest.Recorder{}, d: d}
	if err := d.Start(c); err != nil {
		t.Fatal(err)
	}
	h.do(func() { h.windows[0].toplevel.SendClose() })
	displaytest.Until(t, l, "close", func() bool { return c.IsClosed })
	if c.ClosedErr != nil {
		t.Error(c.ClosedErr)
	}
	if fd := d.conn.FD(); fd != -1 {
		t.Errorf("the connection is still open, descriptor %d", fd)
	}
}

func TestHostGone(t *testing.T) {
	l, h, d, r := startFake(t, Options{Outputs: []display.Spec{spec(8, 8)}}, nil)
	settle(t, l, d)
	displaytest.Draw(t, r.Outputs[0], 0)
	h.do(h.hangUp)
	displaytest.Until(t, l, "close", func() bool { return r.IsClosed })
	if r.ClosedErr == nil {
		t.Error("Closed(nil); want the reason")
	}
	if err := r.Outputs[0].Commit(display.Frame{}); err == nil {
		t.Error("Commit succeeded")
	}
	before := l.Wakeups()
	if err := l.Dispatch(20 * time.Millisecond); err != nil {
		t.Fatal(err)
	}
	if l.Wakeups()-before != 1 {
		t.Error("the dead host's socket still wakes the loop")
	}
}

func TestNoHost(t *testing.T) {
	l := displaytest.Loop(t, loop.New)
	if _, err := New(l, Options{Socket: "/nonexistent/wayland-0"}); err == nil {
		t.Error("New succeeded")
	}
}

func TestFrameAllocatesNothing(t *testing.T) {
	l, _, d, r := startFake(t, Options{Outputs: []display.Spec{spec(8, 8)}}, func(h *fakeHost) { h.auto = true })
	o := r.Outputs[0]
	presents := 0
	d.handler = counter{d.handler, &presents}
	damage := geom.RegionOf(geom.XYWH(1, 2, 3, 4), geom.XYWH(1, 6, 5, 1))
	frame := func() {
		if _, _, err := o.Framebuffer(); err != nil {
			t.Fatal(err)
		}
		if err := o.Commit(display.Frame{Damage: &damage}); err != nil {
			t.Fatal(err)
		}
		for n := presents; presents == n; {
			if err := l.Dispatch(time.Second); err != nil {
				t.Fatal(err)
			}
		}
	}
	for range 5 {
		frame()
	}
	// The fake host runs in this process too, so this holds for both ends.
	if n := testing.AllocsPerRun(100, frame); n != 0 {
		t.Errorf("a frame allocates %v times", n)
	}
}

// counter leaves out the recorder's own allocations.
type counter struct {
	display.Handler
	presents *int
}

func (c counter) Presented(display.Output, display.Presented) { *c.presents++ }
