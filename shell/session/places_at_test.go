package session

import (
	"math/rand/v2"
	"slices"
	"testing"

	"rayos/geom"
	"rayos/shell/control"
)

// TestWindowsAtPlaces agrees with a look at every window, for many places at
// once, in whatever order the windows are.
func TestWindowsAtPlaces(t *testing.T) {
	d := newDesk(t)
	c := d.connect()
	var opened []uint32
	for i := range int32(6) {
		w := c.open(geom.Size{W: 120 + 20*i, H: 100})
		opened = append(opened, w.id)
		if err := d.ctl.Move(w.id, geom.Point{X: 60 * i, Y: 50 * i}); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.ctl.Focus(opened[1]); err != nil {
		t.Fatal(err)
	}
	if err := d.ctl.SetState(opened[3], control.Minimize); err != nil {
		t.Fatal(err)
	}
	d.talk()
	var places []control.Place
	r := rand.New(rand.NewPCG(1, 5))
	for range 500 {
		x, y := r.Int32N(820)-10, r.Int32N(620)-10
		places = append(places, control.Place{Point: geom.FPoint{X: float64(x), Y: float64(y) + 0.5}},
			control.Place{Box: geom.XYWH(x, y, 1+r.Int32N(300), 1+r.Int32N(200))})
	}
	find := d.ctl.Reflex().WindowsAt(places)
	var got []control.Spot
	d.beside(func() {
		var err error
		if got, err = find(); err != nil {
			t.Error(err)
		}
	})
	if len(got) != len(places) {
		t.Fatalf("%d answers to %d questions", len(got), len(places))
	}
	some := 0
	for i, p := range places {
		var want control.Spot
		for _, w := range slices.Backward(d.ctl.Windows()) {
			box := geom.XYWH(w.Frame.X, w.Frame.Y, w.Frame.W, w.Frame.H)
			if !w.Visible || p.Box.Empty() && !p.Point.Floor().In(box) || !p.Box.Empty() && !p.Box.Overlaps(box) {
				continue
			}
			if want.Window == 0 {
				want = control.Spot{Window: w.ID, AppID: w.AppID, Title: w.Title}
			}
			if want.Windows++; p.Box.Empty() {
				break
			}
		}
		if got[i] != want {
			t.Errorf("at %+v is %+v; want %+v", p, got[i], want)
		}
		if want.Windows > 2 {
			some++
		}
	}
	if some == 0 {
		t.Error("no box has three windows: the test tests little")
	}
	s := d.ctl.Reflex().S1()
	if want := []control.Kernel{{Name: "trace", Tasks: 1, Items: 500}, {Name: "overlap", Tasks: 1, Items: 500}}; !slices.Equal(s.Kernels, want) {
		t.Errorf("System 1 has done %+v; want %+v", s.Kernels, want)
	}
}
