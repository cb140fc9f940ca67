package session

import (
	"testing"

	"rayos/geom"
	"rayos/gpu/display"
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
