package session

import (
	"slices"
	"testing"
	"time"

	"rayos/geom"
	"rayos/shell/control"
	"rayos/wm"
)

// flashes says how many rectangles of a bell are on screen.
func (d *desk) flashes() int { return len(d.session.bell.rects) }

func TestBellFlashesTheWindowAndFades(t *testing.T) {
	d := newDesk(t)
	c := d.connect()
	a, b := c.open(small), c.open(small)
	ring := func(w *deskWindow) {
		d.session.Bell(d.session.windows[wm.WindowID(w.id)].guest)
		d.talk()
	}
	attention := func(w *deskWindow) bool { return slices.Contains(d.window(w.id).States, "attention") }
	shot := func() uint32 {
		d.pass(20 * time.Millisecond)
		p, err := d.session.shootAll(false)
		if err != nil {
			t.Fatal(err)
		}
		at := d.session.windows[wm.WindowID(b.id)].spot.Content.Min()
		return uint32(p.Data[at.Y*p.Stride+at.X*4+2]) // red
	}
	before := shot()
	ring(b)
	if d.flashes() != 1 || attention(b) {
		t.Errorf("the focused window rang: %d flashes, attention %v; want 1, false", d.flashes(), attention(b))
	}
	if shot() <= before {
		t.Error("the flash is not on screen")
	}
	ring(a)
	if d.flashes() != 1 || !attention(a) {
		t.Errorf("another rang at once: %d flashes, attention %v; want 1, true", d.flashes(), attention(a))
	}
	d.pass(bellFlash)
	if got := shot(); d.flashes() != 0 || got != before {
		t.Errorf("%d flashes are left", d.flashes())
	}
	ring(b)
	if d.flashes() != 0 {
		t.Error("a second flash comes too soon")
	}
	d.pass(bellPause)
	ring(b)
	if d.flashes() != 1 {
		t.Error("no flash after a pause")
	}
	// The window may go while it flashes.
	b.surface.Attach(nil, 0, 0)
	b.surface.Commit()
	d.talk()
	if d.flashes() != 0 {
		t.Error("the flash outlives its window")
	}
	d.pass(bellPause)
	if err := d.ctl.SetState(a.id, control.Minimize); err != nil {
		t.Fatal(err)
	}
	d.talk()
	ring(a)
	if d.flashes() != 0 || !attention(a) {
		t.Errorf("a minimised window: %d flashes, attention %v; want 0, true", d.flashes(), attention(a))
	}
}

func TestBellOfNobodyFlashesTheOutputs(t *testing.T) {
	d := newDesk(t, geom.Size{W: 640, H: 480}, geom.Size{W: 640, H: 480})
	d.session.Bell(nil)
	if d.flashes() != 2 {
		t.Errorf("%d flashes on two outputs", d.flashes())
	}
	d.pass(bellPause)
	d.session.lock.on = true
	d.session.Bell(nil)
	d.session.lock.on = false
	if d.flashes() != 0 {
		t.Error("a locked session flashes")
	}
}

func TestConstrainedEdgesAreThoseThatCantBeDragged(t *testing.T) {
	d := newDesk(t)
	c := d.connect()
	w := c.open(small)
	const (
		top = 1 << iota
		bottom
		left
		right
	)
	for _, tc := range []struct {
		state control.WindowState
		want  int
	}{
		{control.Maximize, top | bottom | left | right},
		{control.Unmaximize, 0},
		{control.SnapLeft, top | bottom | left},
		{control.SnapTopRight, top | right},
		{control.Unsnap, 0},
		{control.Fullscreen, top | bottom | left | right},
		{control.Unfullscreen, 0},
	} {
		if err := d.ctl.SetState(w.id, tc.state); err != nil {
			t.Fatal(err)
		}
		d.talk()
		p, _ := d.session.placement(wm.WindowID(w.id))
		sw := d.session.windows[wm.WindowID(w.id)]
		if got := sw.configuration(&p).Constrained; int(got) != tc.want {
			t.Errorf("%s: constrained %b; want %b", tc.state, got, tc.want)
		}
	}
}
