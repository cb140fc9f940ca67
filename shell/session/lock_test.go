package session

import (
	"errors"
	"testing"
	"time"

	"rayos/geom"
	"rayos/gpu/display"
	"rayos/gpu/render"
	"rayos/shell/control"
	"rayos/shell/theme"
	"rayos/surfaces/capture"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/wire"
)

// bind binds the first global of an interface.
func (c *deskClient) bind(o wire.ClientObject, i *wire.Interface, version uint32) {
	c.d.t.Helper()
	c.bindNth(o, i, version, 0)
}

func (c *deskClient) bindNth(o wire.ClientObject, i *wire.Interface, version uint32, n int) {
	c.d.t.Helper()
	reg := c.dpy.GetRegistry()
	var names []uint32
	reg.OnGlobal = func(name uint32, iface string, _ uint32) {
		if iface == i.Name {
			names = append(names, name)
		}
	}
	c.d.talk()
	if n >= len(names) {
		c.d.t.Fatalf("there are %d %s", len(names), i.Name)
	}
	reg.Bind(names[n], o, i, version)
	c.d.talk()
}

// shot is what a capture of an output finds at a place.
func (d *desk) shot(n int, at geom.Point) (uint32, error) {
	d.t.Helper()
	o := d.session.outputs[n]
	p := render.NewPixels(o.info.Mode.Size.W, o.info.Mode.Size.H, render.XRGB8888)
	err := d.session.server.Capture(d.session.Picture(o.global), &capture.Shot{Box: p.Size().Rect(), Into: p})
	px := p.Data[at.Y*p.Stride+4*at.X:]
	return uint32(px[0]) | uint32(px[1])<<8 | uint32(px[2])<<16, err
}

func (d *desk) wantShot(n int, at geom.Point, want uint32) {
	d.t.Helper()
	if got, err := d.shot(n, at); err != nil || got != want {
		d.t.Errorf("output %d shows %06x, %v at %v; want %06x", n, got, err, at, want)
	}
}

// deskLock is a locker.
type deskLock struct {
	c      *deskClient
	lock   *client.ExtSessionLockV1
	locked bool
}

func (d *desk) lock() *deskLock {
	c := d.connect()
	m := &client.ExtSessionLockManagerV1{}
	c.bind(m, &protocol.ExtSessionLockManagerV1Interface, 1)
	l := &deskLock{c: c, lock: m.Lock()}
	l.lock.OnLocked = func() { l.locked = true }
	d.talk()
	return l
}

const coverColor = 0x262a32

func TestLockShowsTheCoverBeforeItIsHeld(t *testing.T) {
	if got := uint32(theme.For(theme.Dark).Surface3) & 0xffffff; got != coverColor {
		t.Fatalf("the cover is %06x", got)
	}
	d := newDesk(t, geom.Size{W: 400, H: 300}, geom.Size{W: 200, H: 100})
	c := d.connect()
	w := c.open(geom.Size{W: 300, H: 200})
	d.pass(time.Second)
	l := d.lock()
	if l.locked {
		t.Error("the lock is held before the outputs have shown it")
	}
	d.pass(time.Second / 20)
	if !l.locked {
		t.Fatal("the lock is not held")
	}
	for n := range 2 {
		d.wantShot(n, geom.Point{X: 100, Y: 50}, coverColor)
	}
	if _, err := d.session.shootWindow(d.session.windows[d.session.stackID(w.id)]); !errors.Is(err, capture.ErrNotDrawn) {
		t.Errorf("a window was captured: %v", err)
	}
	// The session's keys do nothing, windows hear nothing.
	c.keys = nil
	d.key("Super+q")
	d.key("Ctrl+Alt+BackSpace")
	d.key("a")
	d.pass(time.Second / 20)
	if w.closed || d.session.done || len(c.keys) != 0 {
		t.Errorf("closed %v, over %v, keys %v while locked", w.closed, d.session.done, c.keys)
	}
	// A new output is covered from its first frame on.
	if _, err := d.display.AddOutput(display.Spec{Size: geom.Size{W: 100, H: 100}}); err != nil {
		t.Fatal(err)
	}
	d.pass(time.Second / 20)
	d.wantShot(2, geom.Point{X: 50, Y: 50}, coverColor)
	if err := d.display.RemoveOutput("HEADLESS-1"); err != nil {
		t.Fatal(err)
	}
	d.pass(time.Second / 20)
	d.wantShot(0, geom.Point{X: 50, Y: 50}, coverColor)
	l.lock.UnlockAndDestroy()
	d.pass(time.Second / 20)
	if got, err := d.shot(0, geom.Point{X: 150, Y: 90}); err != nil || got == coverColor {
		t.Errorf("unlocked, the output shows %06x, %v", got, err)
	}
	d.key("a")
	if len(c.keys) == 0 {
		t.Error("the window hears no keys after the lock")
	}
}

func TestNothingIsCapturedBetweenLockAndCover(t *testing.T) {
	d := newDesk(t)
	d.pass(time.Second / 20)
	l := d.lock()
	d.session.outputs[0].coverAt++ // as if the frame had not been drawn
	if _, err := d.shot(0, geom.Point{}); !errors.Is(err, capture.ErrNotDrawn) {
		t.Errorf("a capture before the cover: %v", err)
	}
	d.session.outputs[0].coverAt--
	d.pass(time.Second / 20)
	if !l.locked {
		t.Error("the lock is not held")
	}
}

func TestLockOfADeadClientIsTakenOver(t *testing.T) {
	d := newDesk(t)
	d.pass(time.Second / 20)
	l := d.lock()
	d.pass(time.Second / 20)
	l.c.dpy.Close()
	d.clients = nil
	d.talk()
	d.pass(time.Second / 20)
	d.wantShot(0, geom.Point{X: 5, Y: 5}, coverColor)
	next := d.lock()
	if !next.locked {
		t.Error("covered outputs need no new frame")
	}
	next.lock.UnlockAndDestroy()
	d.pass(time.Second / 20)
	if got, _ := d.shot(0, geom.Point{X: 5, Y: 5}); got == coverColor {
		t.Error("the session is still locked")
	}
}

func TestLockSurfaceHasTheKeysAndThePresses(t *testing.T) {
	d := newDesk(t)
	l := d.lock()
	d.pass(time.Second / 20)
	out := &client.WlOutput{}
	l.c.bind(out, &protocol.WlOutputInterface, 4)
	w := &deskWindow{c: l.c, surface: l.c.comp.CreateSurface()}
	ls := l.lock.GetLockSurface(w.surface, out)
	ls.OnConfigure = func(serial, width, height uint32) {
		ls.AckConfigure(serial)
		w.size = geom.Size{W: int32(width), H: int32(height)}
		w.draw()
	}
	d.talk()
	d.pass(time.Second / 20)
	d.wantShot(0, geom.Point{X: 5, Y: 5}, 0)
	l.c.keys = nil
	d.key("a")
	if len(l.c.keys) != 2 {
		t.Errorf("the lock surface hears %v", l.c.keys)
	}
	d.session.seat.SetKeyboardFocus(nil)
	if err := d.ctl.PointerMove(geom.FPoint{X: 5, Y: 5}, false); err != nil {
		t.Fatal(err)
	}
	if err := d.ctl.Button(btnLeft, control.Tap); err != nil {
		t.Fatal(err)
	}
	d.talk()
	if f := d.session.seat.KeyboardFocus(); f == nil {
		t.Error("a press on the lock surface does not give it the keyboard")
	}
}
