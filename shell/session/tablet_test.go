package session

import (
	"testing"

	"rayos/geom"
	"rayos/gpu/display"
	"rayos/shell/control"
	"rayos/surfaces/seat"
	"rayos/wm"
)

func TestPenOfTheDisplayIsAPointerOnFrames(t *testing.T) {
	d := newDesk(t)
	c := d.connect()
	w := c.open(small)
	s := d.session
	o := s.outputs[0]
	size := o.scene.Logical()
	at := func(p geom.Point) (x, y float64) {
		return (float64(p.X) + 0.5) / float64(size.W()), (float64(p.Y) + 0.5) / float64(size.H())
	}
	tab, pen := &display.Tablet{Name: "Slate"}, &display.Tool{Type: uint32(seat.Pen)}
	now := d.loop.Now()
	frame := func(f display.ToolFrame) {
		f.Tool, f.Output = pen, o.disp
		s.ToolFrame(now, &f)
		d.talk()
	}
	frame(display.ToolFrame{Near: tab}) // a tablet that nobody knows
	s.TabletAdded(tab)
	from := s.windows[wm.WindowID(w.id)].spot.Frame
	x, y := at(from.Min().Add(geom.Point{X: from.W() / 2, Y: 12}))
	frame(display.ToolFrame{Near: tab, Moved: true, X: x, Y: y, Down: true, Axes: display.ToolAxes{
		Set: uint32(seat.ToolPressure), Pressure: 9,
	}})
	x, y = at(from.Min().Add(geom.Point{X: from.W()/2 + 40, Y: 12 + 30}))
	frame(display.ToolFrame{Moved: true, X: x, Y: y})
	frame(display.ToolFrame{Up: true})
	frame(display.ToolFrame{Buttons: []display.ToolButton{{Code: 0x14c, Pressed: true}}, Away: true})
	if got, want := s.windows[wm.WindowID(w.id)].spot.Frame, from.Add(geom.Point{X: 40, Y: 30}); got != want {
		t.Errorf("the pen has dragged the window to %v; want %v", got, want)
	}
	s.ToolRemoved(pen)
	s.ToolRemoved(pen)
	s.TabletRemoved(tab)
	s.TabletRemoved(tab)
	if n := len(s.seat.Tablets()) + len(s.seat.Tools()); n != 0 {
		t.Errorf("%d devices are left", n)
	}
	// Gestures find their way too; nobody here takes them.
	s.GestureBegin(now, display.Pinch, 2)
	s.GestureUpdate(now, display.GestureUpdate{Scale: 2})
	s.GestureEnd(now, false)
}

func TestPenAndGesturesOfTheControlSocket(t *testing.T) {
	d := newDesk(t)
	c := d.connect()
	w := c.open(small)
	from := d.session.windows[wm.WindowID(w.id)].spot.Frame
	bar := geom.Point{X: from.X0 + from.W()/2, Y: from.Y0 + 12}.F()
	for _, p := range []control.Pen{
		{At: bar, Hover: true},
		{At: bar, Pressure: 1, Action: control.Press},
		{At: geom.FPoint{X: bar.X + 20, Y: bar.Y + 10}, Action: control.Release, Away: true},
	} {
		if err := d.ctl.Pen(p); err != nil {
			t.Fatal(err)
		}
		d.talk()
	}
	if got, want := d.session.windows[wm.WindowID(w.id)].spot.Frame, from.Add(geom.Point{X: 20, Y: 10}); got != want {
		t.Errorf("the pen has dragged the window to %v; want %v", got, want)
	}
	if n := len(d.session.seat.Tablets()); n != 1 || d.session.seat.Tools()[0].Tablet() != nil {
		t.Errorf("%d tablets, the pen near %v", n, d.session.seat.Tools()[0].Tablet())
	}
	for _, kind := range []string{"swipe", "pinch", "hold"} {
		if err := d.ctl.Gesture(control.Gesture{Kind: kind, Fingers: 3, Scale: 2}); err != nil {
			t.Error(err)
		}
	}
}
