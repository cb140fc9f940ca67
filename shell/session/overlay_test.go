package session

import (
	"testing"
	"time"

	"rayos/geom"
	"rayos/shell/control"
)

func TestTheOverlayCostsNothingWhenOff(t *testing.T) {
	d := newDesk(t)
	w := d.connect().open(geom.Size{W: 200, H: 100})
	d.pass(200 * time.Millisecond)
	nodes := d.session.scene.Nodes()
	d.ctl.Developer().Overlay(true)
	d.ctl.Developer().Overlay(true)
	d.pass(time.Second)
	if d.session.scene.Nodes() != nodes+1 {
		t.Errorf("%d nodes more; want one for each output", d.session.scene.Nodes()-nodes)
	}
	d.ctl.Developer().Overlay(false)
	d.pass(time.Second)
	if n := d.session.scene.Nodes(); n != nodes {
		t.Errorf("%d nodes; want %d as before", n, nodes)
	}
	for _, o := range d.session.outputs {
		if o.stats != nil {
			t.Errorf("%s is still counted", o.info.Name)
		}
	}
	w.draw()
	d.pass(100 * time.Millisecond)
	if at, ok := d.loop.NextTimer(); ok && at != d.session.garbage.timer.At() {
		t.Errorf("a timer is due at %v", at)
	}
}

// TestAnIdleOverlayDrawsNothing: panels don't keep each other busy.
func TestAnIdleOverlayDrawsNothing(t *testing.T) {
	d := newDesk(t, geom.Size{W: 800, H: 600}, geom.Size{W: 1000, H: 600})
	w := d.connect().open(geom.Size{W: 600, H: 400})
	d.key("super+shift+f")
	if !d.session.overlay.on {
		t.Fatal("the key doesn't show it")
	}
	d.pass(2 * time.Second)
	drawn, turns := d.session.presented, d.loop.Wakeups()
	d.loop.Advance(time.Minute)
	if d.session.presented != drawn || d.loop.Wakeups() != turns {
		t.Errorf("%d frames and %d wakeups in a minute of nothing", d.session.presented-drawn, d.loop.Wakeups()-turns)
	}
	st := d.session.outputs[0].stats
	before := len(st.frames)
	for range 30 {
		w.draw()
		d.pass(time.Second / 60)
	}
	d.pass(time.Second)
	if n := len(st.frames) - before; n != 30 {
		t.Errorf("%d frames were counted; want 30, and none of the panel's own", n)
	}
	if f := st.frames[len(st.frames)-1]; f.Draw <= 0 || f.Damage <= 0.3 || f.Damage > 1 {
		t.Errorf("the last frame: %+v; want the window's share of the output", f)
	}
	for range 400 {
		st.end(nil)
	}
	if len(st.frames) > cap(st.frames) || cap(st.frames) > 1000 {
		t.Errorf("%d frames are kept", cap(st.frames))
	}
}

func TestTheOverlayFollowsOutputs(t *testing.T) {
	d := newDesk(t)
	d.ctl.Developer().Overlay(true)
	name, err := d.ctl.AddOutput(control.OutputSpec{Size: geom.Size{W: 640, H: 480}, Scale: geom.ScaleOne, Refresh: 60000})
	if err != nil {
		t.Fatal(err)
	}
	d.pass(100 * time.Millisecond)
	if st := d.session.outputs[1].stats; st == nil || st.node.Position() != (geom.Point{X: 816, Y: 16}) {
		t.Errorf("the new output's panel: %+v", st)
	}
	if err := d.ctl.RemoveOutput(name); err != nil {
		t.Fatal(err)
	}
	d.pass(100 * time.Millisecond)
	d.ctl.Developer().Overlay(false)
}
