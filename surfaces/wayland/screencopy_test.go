package wayland

import (
	"encoding/binary"
	"testing"

	"golang.org/x/sys/unix"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// copier is a client that takes screenshots.
type copier struct {
	c   *testClient
	m   *client.ZwlrScreencopyManagerV1
	out *client.WlOutput
}

func (c *testClient) copier() *copier {
	p := &copier{c: c}
	p.m = bind[client.ZwlrScreencopyManagerV1](c, &protocol.ZwlrScreencopyManagerV1Interface, 3)
	p.out = bind[client.WlOutput](c, &protocol.WlOutputInterface, 4)
	c.ok()
	c.take()
	return p
}

func TestScreencopy(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 50, 50, 0x123456)
	p := c.copier()
	fr := p.m.CaptureOutput(1, p.out)
	c.label(fr, "frame")
	c.expect(`
		frame.buffer(1, 640, 480, 2560)
		frame.buffer_done()`)
	b, mem := c.bufferIn(640, 480, 0, false)
	// Nothing was drawn yet: it waits for the first frame.
	fr.Copy(b)
	c.expect("")
	f.draw()
	c.ok()
	compare(t, "events", c.take(), `
		win.enter(wl_output)
		frame.flags(0)
		frame.ready(0, 1, 0)
		buffer.release()`)
	if got := binary.LittleEndian.Uint32(mem.data[4*(640*10+10):]) & 0xffffff; got != 0x123456 {
		t.Errorf("captured pixel = %06x", got)
	}
	fr.Destroy()

	// At once when something was drawn, a part only, with the cursor or not.
	f.shell.take()
	fr = p.m.CaptureOutputRegion(0, p.out, 40, 40, 20, 1<<30)
	c.label(fr, "part")
	b, mem = c.bufferIn(20, 440, 0, false)
	fr.Copy(b)
	c.expect(`
		part.buffer(1, 20, 440, 80)
		part.buffer_done()
		part.flags(0)
		part.ready(0, 1, 0)
		buffer.release()`)
	if got := binary.LittleEndian.Uint32(mem.data[4*(9*20+9):]) & 0xffffff; got != 0x123456 {
		t.Errorf("captured pixel = %06x", got)
	}
	// Regions of nothing fail.
	for _, r := range []geom.Rect{{}, geom.XYWH(-50, -50, 20, 20), geom.XYWH(1<<30, 0, 1<<30, 5), geom.XYWH(5, 5, -1, 5)} {
		fr := p.m.CaptureOutputRegion(0, p.out, r.X0, r.Y0, r.X1-r.X0, r.Y1-r.Y0)
		c.label(fr, "none")
		c.expect("none.failed()")
		fr.Destroy()
	}
	w.surf.Commit()
	c.ok()
	p.m.Destroy()
	c.ok()
}

func TestScreencopyWithDamage(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 50, 50, 0x11)
	p := c.copier()
	f.draw()
	c.ok()
	c.take()
	shot := func(name string) (*client.ZwlrScreencopyFrameV1, *memory) {
		fr := p.m.CaptureOutput(0, p.out)
		b, m := c.bufferIn(640, 480, 0, false)
		fr.CopyWithDamage(b)
		c.ok()
		c.take()
		c.label(fr, name)
		return fr, m
	}
	// The first has everything to show and doesn't wait.
	fr := p.m.CaptureOutput(0, p.out)
	c.label(fr, "a")
	fr.CopyWithDamage(c.buffer(640, 480, 0))
	c.expect(`
		a.buffer(1, 640, 480, 2560)
		a.buffer_done()
		a.flags(0)
		a.damage(0, 0, 640, 480)
		a.ready(0, 1, 0)
		buffer.release()`)
	shot("b")
	f.draw() // nothing has changed
	c.expect("")
	w.surf.Attach(c.buffer(50, 50, 0x22), 0, 0)
	w.surf.Damage(10, 10, 5, 5)
	w.surf.Commit()
	c.expect("buffer.release()")
	f.draw()
	c.expect(`
		b.flags(0)
		b.damage(10, 10, 5, 5)
		b.ready(0, 1, 0)
		buffer.release()`)
	// Frame and buffer go while it waits.
	fr, _ = shot("c")
	fr.Destroy()
	c.ok()
	if len(f.srv.capture) != 0 {
		t.Error("a destroyed frame still waits")
	}
	// The memory goes.
	_, m := shot("d")
	if err := unix.Ftruncate(m.fd, 0); err != nil {
		t.Fatal(err)
	}
	w.surf.Damage(0, 0, 5, 5)
	w.surf.Commit()
	c.ok()
	c.take()
	f.out.Scene.DamageAll()
	f.draw()
	c.expect("d.failed()\nbuffer.release()")
	// The output goes: all that wait for it fail.
	shot("e")
	fe := p.m.CaptureOutput(0, p.out)
	fe.CopyWithDamage(c.buffer(640, 480, 0))
	c.ok()
	c.take()
	late := p.m.CaptureOutput(0, p.out)
	c.ok()
	c.take()
	f.shell.noframe = true
	f.out.Remove()
	c.ok()
	if len(f.srv.capture) != 0 {
		t.Errorf("%d captures wait for an output that is gone", len(f.srv.capture))
	}
	c.take()
	c.label(late, "late")
	late.Copy(c.buffer(640, 480, 0))
	after := p.m.CaptureOutput(0, p.out)
	c.label(after, "after")
	c.expect("late.failed()\nafter.failed()")
}

func TestScreencopyOfATurnedOutput(t *testing.T) {
	f := newFixture(t)
	o := f.addOutput("TEST-2", geom.Point{X: 640}, geom.Size{W: 600, H: 800}, 2*geom.ScaleOne, geom.Rotate90)
	c := f.connect()
	p := c.copier() // of the output announced last
	fr := p.m.CaptureOutputRegion(0, p.out, 0, 0, 100, 50)
	c.label(fr, "frame")
	c.expect(`
		frame.buffer(1, 100, 200, 400)
		frame.buffer_done()`)
	fr.Copy(c.buffer(100, 200, 0))
	c.ok()
	if got := f.srv.capture[0].box; got != geom.XYWH(0, 600, 100, 200) && got != geom.XYWH(500, 0, 100, 200) {
		t.Errorf("captures %v", got)
	}
	o.Remove()
	o.Scene.Destroy()
}

func TestVirtualPointer(t *testing.T) {
	f := newFixture(t)
	f.addOutput("TEST-2", geom.Point{X: 640}, testMode, geom.ScaleOne, geom.Normal)
	c := f.connect()
	c.bindSeat(9).GetPointer()
	c.window("win", 640, 480, 0)
	m := bind[client.ZwlrVirtualPointerManagerV1](c, &protocol.ZwlrVirtualPointerManagerV1Interface, 2)
	v := m.CreateVirtualPointer(nil)
	c.ok()
	c.take()
	v.MotionAbsolute(0, 1, 1, 4, 4) // of both outputs, 1280x480
	v.Frame()
	c.expect("wl_pointer.enter(#, win, 320, 120)\nwl_pointer.frame()")
	v.Motion(0, geom.FixedFromInt(10), geom.FixedFromInt(-5))
	v.Button(0, btnLeft, 1)
	v.Button(0, btnLeft, 1)
	c.expect("") // the frame is not over
	v.Frame()
	c.expect(`
		wl_pointer.motion(1000, 330, 115)
		wl_pointer.button(#, 1000, 272, 1)
		wl_pointer.frame()`)
	v.Button(0, btnLeft, 0)
	v.AxisSource(protocol.WlPointerAxisSourceWheel)
	v.AxisDiscrete(0, protocol.WlPointerAxisVerticalScroll, geom.FixedFromInt(15), 1)
	v.Axis(0, protocol.WlPointerAxisHorizontalScroll, geom.FixedFromInt(3))
	v.Frame()
	v.AxisSource(protocol.WlPointerAxisSourceFinger)
	v.AxisStop(0, protocol.WlPointerAxisVerticalScroll)
	v.Frame()
	c.expect(`
		wl_pointer.button(#, 1000, 272, 0)
		wl_pointer.frame()
		wl_pointer.axis_source(0)
		wl_pointer.axis_relative_direction(0, 0)
		wl_pointer.axis_value120(0, 120)
		wl_pointer.axis(1000, 0, 15)
		wl_pointer.axis_source(0)
		wl_pointer.axis_relative_direction(1, 0)
		wl_pointer.axis(1000, 1, 3)
		wl_pointer.frame()
		wl_pointer.axis_source(1)
		wl_pointer.axis_stop(1000, 0)
		wl_pointer.frame()`)
	v.MotionAbsolute(0, 1, 1, 0, 0) // ignored
	for b := range uint32(100) {
		v.Button(0, b, 1)
	}
	c.ok()
	c.take()
	// What it holds is let go with it.
	v.Destroy()
	c.ok()
	if n := f.seat.ButtonsHeld(); n != 0 {
		t.Errorf("%d buttons are held by nobody", n)
	}
	c.take()
	// One that belongs to an output.
	out := bind[client.WlOutput](c, &protocol.WlOutputInterface, 4)
	v = m.CreateVirtualPointerWithOutput(nil, out)
	m.CreateVirtualPointerWithOutput(nil, nil)
	v.MotionAbsolute(0, 1, 1, 2, 2)
	v.Frame()
	c.ok()
	if pos := f.seat.Position(); pos != (geom.FPoint{X: 960, Y: 240}) {
		t.Errorf("pointer at %v", pos)
	}
	m.Destroy()
	c.ok()
}

func TestVirtualKeyboard(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	s := c.bindSeat(9)
	s.GetKeyboard()
	c.window("win", 50, 50, 0)
	m := bind[client.ZwpVirtualKeyboardManagerV1](c, &protocol.ZwpVirtualKeyboardManagerV1Interface, 1)
	v := m.CreateVirtualKeyboard(s)
	text := builtinText(t)
	mem := c.memory(len(text)+1, false)
	copy(mem.data, text)
	v.Keymap(1, mem.fd, uint32(len(text)+1))
	c.ok()
	c.take()
	v.Key(0, 30, 1)
	v.Key(0, 30, 0)
	v.Modifiers(1, 0, 0, 0)
	v.Modifiers(0, 0, 0, 0)
	c.expect(`
		wl_keyboard.key(#, 1000, 30, 1)
		wl_keyboard.key(#, 1000, 30, 0)
		wl_keyboard.modifiers(#, 1, 0, 0, 0)
		wl_keyboard.modifiers(#, 0, 0, 0, 0)`)
	v.Key(0, 30, 1)
	v.Keymap(1, mem.fd, uint32(len(text)+1))
	c.ok()
	c.take()
	v.Key(0, 31, 1)
	v.Key(0, 1<<30, 1)
	c.expect("wl_keyboard.key(#, 1000, 31, 1)")
	v.Destroy()
	c.expect("wl_keyboard.key(#, 1000, 31, 0)")
	m.CreateVirtualKeyboard(s).Destroy()
	c.ok()
}
