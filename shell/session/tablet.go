package session

import (
	"time"

	"rayos/gpu/display"
	"rayos/surfaces/seat"
)

// This file is the session's side of display.GestureInput and
// display.TabletInput.

// GestureBegin passes a touchpad gesture on.
func (s *Session) GestureBegin(t time.Duration, k display.GestureKind, fingers uint32) {
	s.gestureBegin(t, seat.GestureKind(k), fingers)
}

// GestureUpdate passes on how it goes.
func (s *Session) GestureUpdate(t time.Duration, u display.GestureUpdate) {
	s.gestureUpdate(t, seat.GestureUpdate{Delta: u.Delta, Scale: u.Scale, Rotation: u.Rotation})
}

// GestureEnd passes its end on.
func (s *Session) GestureEnd(t time.Duration, cancelled bool) { s.gestureEnd(t, cancelled) }

// tablets are what the display's tablets and tools are to the seat.
type tablets struct {
	known map[*display.Tablet]*seat.Tablet
	tools map[*display.Tool]*seat.Tool
}

// TabletAdded attaches a tablet.
func (s *Session) TabletAdded(t *display.Tablet) {
	if s.tablets.known == nil {
		s.tablets = tablets{map[*display.Tablet]*seat.Tablet{}, map[*display.Tool]*seat.Tool{}}
	}
	s.tablets.known[t] = s.seat.NewTablet(seat.TabletInfo{Name: t.Name, Vendor: t.Vendor, Product: t.Product, Path: t.Path})
}

// TabletRemoved detaches it.
func (s *Session) TabletRemoved(t *display.Tablet) {
	if o := s.tablets.known[t]; o != nil {
		o.Remove()
		delete(s.tablets.known, t)
	}
}

// ToolRemoved forgets a tool.
func (s *Session) ToolRemoved(t *display.Tool) {
	if u := s.tablets.tools[t]; u != nil {
		u.Remove()
		delete(s.tablets.tools, t)
	}
}

// ToolFrame passes on what a tool did.
func (s *Session) ToolFrame(t time.Duration, f *display.ToolFrame) {
	u, o := s.tablets.tools[f.Tool], s.outputOf(f.Output)
	near := s.tablets.known[f.Near]
	if u == nil && near != nil {
		i := f.Tool
		u = near.NewTool(seat.ToolInfo{
			Type: seat.ToolType(i.Type), Serial: i.Serial, HardwareID: i.HardwareID, Caps: seat.ToolCaps(i.Caps),
		})
		s.tablets.tools[f.Tool] = u
	}
	if u == nil || o == nil {
		return
	}
	switch {
	case near != nil:
		u.Near(t, near, o.at(f.X, f.Y))
	case f.Moved:
		u.Move(t, o.at(f.X, f.Y))
	}
	if a := &f.Axes; a.Set != 0 {
		u.Measure(t, seat.ToolAxes{
			Set: seat.ToolCaps(a.Set), Pressure: a.Pressure, Distance: a.Distance, TiltX: a.TiltX, TiltY: a.TiltY,
			Rotation: a.Rotation, Slider: a.Slider, Wheel: a.Wheel, Clicks: a.Clicks,
		})
	}
	if f.Down {
		u.Tip(t, true)
	}
	for _, b := range f.Buttons {
		u.Button(t, b.Code, b.Pressed)
	}
	if f.Up {
		u.Tip(t, false)
	}
	if f.Away {
		u.Away(t)
	}
	u.Frame(t)
}
