package session

import (
	"rayos/geom"
	"rayos/shell/control"
	"rayos/surfaces/seat"
)

// gestureSteps is how many updates a gesture of the control socket has.
const gestureSteps = 4

// Gesture implements control.Session.
func (c *commands) Gesture(g control.Gesture) error {
	now, s := c.s.loop.Now(), c.s
	kind := map[string]seat.GestureKind{"swipe": seat.Swipe, "pinch": seat.Pinch, "hold": seat.Hold}[g.Kind]
	s.gestureBegin(now, kind, g.Fingers)
	for i := 1; i <= gestureSteps; i++ {
		s.gestureUpdate(now, seat.GestureUpdate{
			Delta: geom.FPoint{X: g.Delta.X / gestureSteps, Y: g.Delta.Y / gestureSteps},
			Scale: 1 + (g.Scale-1)*float64(i)/gestureSteps, Rotation: g.Rotation / gestureSteps,
		})
	}
	s.gestureEnd(now, false)
	return nil
}

// penOfControl is the pen that the control socket moves. It is there from its
// first use on.
type penOfControl struct {
	tablet *seat.Tablet
	tool   *seat.Tool
}

// Pen implements control.Session.
func (c *commands) Pen(p control.Pen) error {
	now, d := c.s.loop.Now(), &c.s.pen
	if d.tool == nil {
		d.tablet = c.s.seat.NewTablet(seat.TabletInfo{Name: "rayctl"})
		d.tool = d.tablet.NewTool(seat.ToolInfo{Type: seat.Pen, Caps: seat.ToolPressure})
	}
	u := d.tool
	if u.Tablet() == nil {
		u.Near(now, d.tablet, p.At)
	} else {
		u.Move(now, p.At)
	}
	pressure := func(v float64) {
		u.Measure(now, seat.ToolAxes{Set: seat.ToolPressure, Pressure: uint32(v * 65535)})
	}
	if !p.Hover && p.Action != control.Release {
		u.Tip(now, true)
		pressure(p.Pressure)
	}
	u.Frame(now)
	if !p.Hover && p.Action != control.Press {
		pressure(0)
		u.Tip(now, false)
		u.Frame(now)
	}
	if p.Away {
		u.Away(now)
		u.Frame(now)
	}
	return nil
}
