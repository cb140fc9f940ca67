package session

import (
	"testing"
	"time"

	"rayos/geom"
)

func TestATaskShowsItsWindows(t *testing.T) {
	d := barDesk(t)
	a, b, c := three(d)
	k := &d.session.peeks
	at := d.session.windowsOnBar(t)
	point := func(x, y float64) {
		t.Helper()
		if err := d.ctl.PointerMove(geom.FPoint{X: x, Y: y}, false); err != nil {
			t.Fatal(err)
		}
		d.pass(30 * time.Millisecond)
	}
	point(at.X, at.Y)
	d.pass(200 * time.Millisecond)
	if k.shown() {
		t.Fatal("it comes before the pointer has rested")
	}
	d.pass(200 * time.Millisecond)
	if !k.shown() || len(k.pics.list) != 2 {
		t.Fatalf("shown %v with %d pictures; want the two windows of the application", k.shown(), len(k.pics.list))
	}
	if d.session.wm.Focused() == 0 || k.owns(d.session.seat.KeyboardFocus()) {
		t.Error("it has taken the keyboard")
	}
	box := middle(slotOf(t, k.slots, a))
	point(box.X, box.Y)
	d.pass(time.Second)
	if !k.shown() {
		t.Fatal("it goes although the pointer is on it")
	}
	d.click(box.X, box.Y, btnMiddle)
	d.pass(50 * time.Millisecond)
	if !a.closed || !k.shown() {
		t.Errorf("the middle button: closed %v, shown %v", a.closed, k.shown())
	}
	d.click(box.X, box.Y, btnLeft)
	d.wantFocus(a, "after a click on the picture")
	if k.shown() || len(k.pics.list) != 0 {
		t.Error("it stays after a click")
	}
	point(10, 10)
	point(at.X, at.Y)
	d.pass(400 * time.Millisecond)
	if !k.shown() {
		t.Fatal("it does not come again")
	}
	c.deco.Destroy()
	c.top.Destroy()
	c.xdg.Destroy()
	d.pass(50 * time.Millisecond)
	if len(k.pics.list) != 1 {
		t.Errorf("a window has gone: %d pictures", len(k.pics.list))
	}
	point(10, 10)
	d.pass(400 * time.Millisecond)
	if k.shown() {
		t.Error("it stays when the pointer is gone")
	}
	if err := d.ctl.Focus(b.id); err != nil {
		t.Fatal(err)
	}
	point(at.X, at.Y)
	d.click(at.X, at.Y, btnLeft)
	d.pass(time.Second)
	if k.shown() {
		t.Error("it comes although the person has pressed")
	}
}

func TestAnUnchangedPeekCostsNothing(t *testing.T) {
	d := barDesk(t)
	three(d)
	at := d.session.windowsOnBar(t)
	if err := d.ctl.PointerMove(at, false); err != nil {
		t.Fatal(err)
	}
	d.pass(time.Second)
	if !d.session.peeks.shown() {
		t.Fatal("it is not there")
	}
	if n := testing.AllocsPerRun(100, d.session.peeks.turn); n != 0 {
		t.Errorf("%v allocations in a turn", n)
	}
}
