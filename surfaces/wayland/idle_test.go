package wayland

import (
	"testing"
	"time"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// idler is a client's end of idleness.
type idler struct {
	c    *testClient
	seat *client.WlSeat
	n    *client.ExtIdleNotifierV1
	i    *client.ZwpIdleInhibitManagerV1
}

func (c *testClient) idler() *idler {
	c.t.Helper()
	d := &idler{c: c, seat: c.bindSeat(9)}
	d.n = bind[client.ExtIdleNotifierV1](c, &protocol.ExtIdleNotifierV1Interface, 2)
	d.i = bind[client.ZwpIdleInhibitManagerV1](c, &protocol.ZwpIdleInhibitManagerV1Interface, 1)
	c.ok()
	c.take()
	return d
}

func (d *idler) after(ms uint32, name string) *client.ExtIdleNotificationV1 {
	n := d.n.GetIdleNotification(ms, d.seat)
	d.c.label(n, name)
	d.c.ok()
	return n
}

func (d *idler) afterInput(ms uint32, name string) *client.ExtIdleNotificationV1 {
	n := d.n.GetInputIdleNotification(ms, d.seat)
	d.c.label(n, name)
	d.c.ok()
	return n
}

func TestIdleNotifications(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	d := c.idler()
	short, long := d.after(1000, "short"), d.after(3000, "long")
	f.loop.Advance(999 * time.Millisecond)
	c.expect("")
	f.loop.Advance(time.Millisecond)
	c.expect("short.idled()")
	f.loop.Advance(1500 * time.Millisecond)
	c.expect("")
	f.motion(1, 1)
	c.expect("short.resumed()")
	f.motion(2, 2)
	c.expect("")
	f.loop.Advance(time.Second)
	c.expect("short.idled()")
	f.loop.Advance(2 * time.Second)
	c.expect("long.idled()")
	if f.srv.idle.timer.Armed() {
		t.Error("a timer runs with everything idle")
	}
	f.key(30, true)
	f.key(30, false)
	c.expect("short.resumed()\nlong.resumed()")

	// Input puts the time off without a timer set for each event.
	at := f.srv.idle.timer.At()
	f.loop.Advance(500 * time.Millisecond)
	f.motion(3, 3)
	if got := f.srv.idle.timer.At(); got != at {
		t.Errorf("input set the timer from %v to %v", at, got)
	}
	f.loop.Advance(999 * time.Millisecond)
	c.expect("")
	f.loop.Advance(time.Millisecond)
	c.expect("short.idled()")

	// One that is made while nobody is there counts from then.
	now := d.after(1000, "new")
	f.loop.Advance(500 * time.Millisecond)
	short.Destroy()
	c.expect("")
	f.loop.Advance(500 * time.Millisecond)
	c.expect("new.idled()")
	long.Destroy()
	now.Destroy()
	d.n.Destroy()
	d.i.Destroy()
	c.ok()
	if f.srv.idle.timer.Armed() || f.srv.idle.idled != 0 {
		t.Errorf("without notifications: timer %v, %d idle", f.srv.idle.timer.Armed(), f.srv.idle.idled)
	}
	f.motion(5, 5)
	c.expect("")
}

func TestIdleNotificationWithoutATimeout(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	c.idler().after(0, "now")
	f.loop.Advance(0)
	c.expect("now.idled()")
	f.motion(1, 1)
	f.loop.Advance(0)
	c.expect("now.resumed()\nnow.idled()")
}

func TestIdleInhibitorHoldsWhileItsSurfaceIsVisible(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	d := c.idler()
	w := c.window("win", 100, 100, 0)
	f.draw()
	d.after(1000, "idle")
	d.afterInput(1000, "input")
	c.take()
	h := d.i.CreateInhibitor(w.surf)
	c.ok()
	f.loop.Advance(time.Second)
	c.expect("input.idled()")
	if f.srv.idle.timer.Armed() {
		t.Error("a timer runs while idleness is inhibited")
	}
	f.loop.Advance(time.Hour)
	c.expect("")

	// Hidden, it has no effect: the time counts from then.
	w.guest().Node.SetEnabled(false)
	f.srv.RefreshOutputs()
	f.loop.Advance(999 * time.Millisecond)
	c.expect("")
	f.loop.Advance(time.Millisecond)
	c.expect("idle.idled()")
	// What is idle stays so when the surface comes back.
	w.guest().Node.SetEnabled(true)
	f.srv.RefreshOutputs()
	c.expect("")
	f.motion(300, 300)
	c.expect("idle.resumed()\ninput.resumed()")
	f.loop.Advance(time.Hour)
	c.expect("input.idled()")

	// Covered, it has none either.
	f.shell.nofocus = true
	cover := c.window("cover", 200, 200, 0)
	f.srv.RefreshOutputs()
	c.ok()
	c.take()
	f.loop.Advance(time.Second)
	c.expect("idle.idled()")
	f.motion(301, 301)
	c.ok()
	c.take()
	cover.guest().Node.SetPosition(300, 0)
	f.srv.RefreshOutputs()
	f.loop.Advance(time.Hour)
	c.expect("input.idled()")

	h.Destroy()
	c.ok()
	f.loop.Advance(time.Second)
	c.expect("idle.idled()")
}

func TestIdleInhibitorOfASurfaceThatIsGone(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	d := c.idler()
	w := c.window("win", 100, 100, 0)
	d.after(1000, "idle")
	c.take()
	d.i.CreateInhibitor(w.surf)
	d.i.CreateInhibitor(c.surface("empty"))
	c.ok()
	f.loop.Advance(time.Hour)
	c.expect("")
	w.top.Destroy()
	w.xdg.Destroy()
	w.surf.Destroy()
	c.ok()
	f.srv.RefreshOutputs()
	f.loop.Advance(time.Second)
	c.expect("idle.idled()")

	// A client that dies lets go of everything.
	f.motion(1, 1)
	o := f.connect()
	od := o.idler()
	f.shell.at = geom.Point{X: 100}
	ow := o.window("other", 100, 100, 0)
	od.i.CreateInhibitor(ow.surf)
	od.after(500, "idle")
	o.disconnect()
	c.ok()
	c.take()
	f.loop.Advance(time.Second)
	c.expect("idle.idled()")
	if len(f.srv.idle.inhibitors) != 2 || len(f.srv.idle.list) != 1 {
		t.Errorf("%d inhibitors and %d notifications are left", len(f.srv.idle.inhibitors), len(f.srv.idle.list))
	}
}

func TestActivityAllocatesNothing(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	c.idler().after(0, "idle")
	f.loop.Advance(0)
	r := &rawWire{c: c}
	x := 0.0
	noAllocs(t, "activity", func() {
		x++
		f.motion(float64(int(x)%100), 10)
		f.loop.Advance(time.Millisecond)
		r.drain()
	})
	c.d.Close()
}
