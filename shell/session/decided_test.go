package session

import (
	"testing"

	"rayos/geom"
	"rayos/wm"
)

func TestPlacementIsWorkedOutOnce(t *testing.T) {
	d := newDesk(t)
	c := d.connect()
	a, b := c.open(geom.Size{W: 200, H: 100}), c.open(geom.Size{W: 100, H: 100})
	ids := []wm.WindowID{d.session.stackID(a.id), d.session.stackID(b.id)}
	for _, id := range ids {
		want, _ := d.session.wm.Find(id)
		if got, ok := d.session.placement(id); !ok || got != want {
			t.Errorf("placement(%d) = %v, %v; want %v", id, got, ok, want)
		}
	}
	if n := testing.AllocsPerRun(10, func() { d.session.placement(ids[1]) }); n > 0 {
		t.Errorf("asking again makes %v allocations: the layout is worked out again", n)
	}
	if err := d.ctl.Move(a.id, geom.Point{X: 50, Y: 60}); err != nil {
		t.Fatal(err)
	}
	if got, _ := d.session.placement(ids[0]); got.Frame.Min() != (geom.Point{X: 50, Y: 60}) {
		t.Errorf("after a move it is at %v", got.Frame)
	}
	if _, ok := d.session.placement(999); ok {
		t.Error("a window that isn't there has a place")
	}
}
