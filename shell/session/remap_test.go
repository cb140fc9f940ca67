package session

import (
	"strings"
	"testing"
	"time"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/wm"
)

func TestAHiddenWindowComesBackWhereItWas(t *testing.T) {
	d := newDesk(t)
	w := d.connect().open(geom.Size{W: 200, H: 100})
	frame := func() geom.Rect { return d.session.windows[d.session.stackID(w.id)].spot.Frame }
	if err := d.ctl.Move(w.id, geom.Point{X: 33, Y: 44}); err != nil {
		t.Fatal(err)
	}
	d.talk()
	was := frame()
	w.surface.Attach(nil, 0, 0)
	w.surface.Commit()
	d.talk()
	w.show()
	if got := frame(); got != was || was.Min() != (geom.Point{X: 33, Y: 44}) {
		t.Errorf("it was at %v and came back at %v", was, got)
	}

	// One that filled the screen left no place to come back to.
	if err := d.ctl.SetState(w.id, "maximize"); err != nil {
		t.Fatal(err)
	}
	d.pass(time.Second / 5)
	w.surface.Attach(nil, 0, 0)
	w.surface.Commit()
	d.talk()
	w.size = geom.Size{W: 200, H: 100}
	w.show()
	if got := frame(); got.Min() == (geom.Point{X: 33, Y: 44}) || got.W() > 300 {
		t.Errorf("after it was maximised it came back at %v", got)
	}
}

// TestOthersHearOfAStateBeforeTheWindowAnswers: a taskbar shows at once what
// was asked of it.
func TestOthersHearOfAStateBeforeTheWindowAnswers(t *testing.T) {
	d := newDesk(t)
	w := d.connect().open(geom.Size{W: 200, H: 100})
	w.slow = true
	sw := d.session.windows[d.session.stackID(w.id)]
	if err := d.ctl.SetState(w.id, "maximize"); err != nil {
		t.Fatal(err)
	}
	d.talk()
	if sw.spot.Maximized {
		t.Fatal("it is shown maximised without having answered")
	}
	if !d.session.WindowState(sw.guest).Maximized {
		t.Error("others are not told")
	}
}

// TestContentThatGrowsToTheLeftStays: the window's frame gives way.
func TestContentThatGrowsToTheLeftStays(t *testing.T) {
	d := newDesk(t)
	c := d.connect()
	w := c.open(geom.Size{W: 200, H: 100})
	sw := d.session.windows[d.session.stackID(w.id)]
	before := sw.spot.Frame
	node := sw.guest.Surface.Node()
	was, _ := node.AbsPosition()

	comp := &client.WlSubcompositor{}
	c.bind(comp, &protocol.WlSubcompositorInterface, 1)
	child := &deskWindow{c: c, surface: c.comp.CreateSurface(), size: geom.Size{W: 30, H: 30}}
	sub := comp.GetSubsurface(child.surface, w.surface)
	sub.SetPosition(-20, 10)
	child.draw()
	w.surface.Commit()
	d.pass(time.Second / 5)
	if now, _ := node.AbsPosition(); now != was {
		t.Errorf("the content moved from %v to %v", was, now)
	}
	want := geom.XYWH(before.X0-20, before.Y0, before.W()+20, before.H())
	if got := sw.spot.Frame; got != want {
		t.Errorf("frame %v; want %v", got, want)
	}
}

func TestMenusEndWhenAnotherWindowGetsTheFocus(t *testing.T) {
	d := newDesk(t)
	c := d.connect()
	a, b := c.open(geom.Size{W: 200, H: 100}), c.open(geom.Size{W: 200, H: 100})
	ended := false
	menu := d.session.windows[d.session.stackID(b.id)].target()
	if err := d.session.seat.PushPopup(menu, func() { ended = true }); err != nil {
		t.Fatal(err)
	}
	d.talk()
	if ended {
		t.Fatal("the menu ended by itself")
	}
	d.session.do(wm.Activate{ID: wm.WindowID(a.id)})
	d.talk()
	if !ended || d.session.seat.Grabbed() {
		t.Error("the menu is still there")
	}
}

// TestNobodyWaitsForAWindowThatHasItsSize: a window may take its time to
// acknowledge what changes nothing.
func TestNobodyWaitsForAWindowThatHasItsSize(t *testing.T) {
	d := newDesk(t)
	c := d.connect()
	w := c.open(geom.Size{W: 200, H: 100})
	w.slow = true
	c.open(geom.Size{W: 200, H: 100}) // w hears that it is not active any more
	w.size = geom.Size{W: 240, H: 120}
	w.draw() // a size of its own, without an answer
	d.talk()
	if d.session.layout.waits() {
		t.Error("the layout waits for it")
	}
	if got := w.shown(); !strings.HasSuffix(got, "content 240x120") {
		t.Errorf("it is shown as %s", got)
	}
}
