package wayland

import (
	"time"

	"rayos/geom"
	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/server"
	"rayos/surfaces/seat"
)

// tabletTool is zwp_tablet_tool_v2.
type tabletTool struct {
	ts     *tabletSeat
	res    *server.ZwpTabletToolV2
	core   *seat.Tool
	on     *surface // it was told of, nil for none
	serial uint32   // of that
	cursor *toolCursor
	shaped bool // it has one of the session's cursors
}

func (ts *tabletSeat) addTool(u *seat.Tool) {
	if !ts.res.Alive() {
		return
	}
	o := &tabletTool{ts: ts, res: ts.res.SendToolAdded(), core: u}
	o.res.Handler = o
	ts.tools[u] = o
	r, i := o.res, u.Info
	r.SendType(protocol.ZwpTabletToolV2Type(i.Type))
	if i.Serial != 0 {
		r.SendHardwareSerial(uint32(i.Serial>>32), uint32(i.Serial))
	}
	if i.HardwareID != 0 {
		r.SendHardwareIdWacom(uint32(i.HardwareID>>32), uint32(i.HardwareID))
	}
	for c := protocol.ZwpTabletToolV2CapabilityTilt; c <= protocol.ZwpTabletToolV2CapabilityWheel; c++ {
		if i.Caps&(1<<c) != 0 {
			r.SendCapability(c)
		}
	}
	r.SendDone()
}

func (*tabletTool) Destroy(*server.ZwpTabletToolV2) {}

// ResourceDestroyed forgets the object, and its cursor.
func (o *tabletTool) ResourceDestroyed() {
	o.left()
	delete(o.ts.tools, o.core)
	o.ts.tidy()
}

// left takes back the cursor that was set for the tool.
func (o *tabletTool) left() {
	if o.on != nil && (o.cursor != nil || o.shaped) {
		o.ts.c.srv.shell.SetCursorShape(o.ts.g.seat, "default")
	}
	o.on, o.cursor, o.shaped = nil, nil, false
}

// mayChangeCursor reports whether the tool is on one of the client's surfaces,
// and has been since the serial at the latest.
func (o *tabletTool) mayChangeCursor(serial uint32) bool {
	return o.on != nil && !o.on.gone && int32(serial-o.serial) >= 0
}

// SetCursor shows a surface as the tool's image while it is on the client.
func (o *tabletTool) SetCursor(res *server.ZwpTabletToolV2, serial uint32, surf *server.WlSurface, hotX, hotY int32) {
	var cur *toolCursor
	if surf != nil {
		s := surfaceOf(surf)
		if r, ok := s.role.(*toolCursor); ok && r.o == o {
			cur = r
		} else {
			cur = &toolCursor{s: s, o: o}
			if s.xdg != nil || !s.setRole(cur) {
				res.PostError(protocol.ZwpTabletToolV2ErrorRole, "wl_surface@%d is a %s", surf.ID(), s.roleName)
				return
			}
		}
	}
	if !o.mayChangeCursor(serial) {
		return
	}
	o.cursor, o.shaped = cur, true
	if cur == nil {
		o.ts.c.srv.shell.SetCursor(o.ts.g.seat, nil, geom.Point{})
		return
	}
	k := o.ts.c.pixels()
	cur.hot = geom.Point{X: floorDiv(hotX, k), Y: floorDiv(hotY, k)}
	o.ts.c.srv.shell.SetCursor(o.ts.g.seat, cur.s.core, cur.hot)
}

// toolCursor is the role of a tool's image. A surface is that of one tool.
type toolCursor struct {
	s   *surface
	o   *tabletTool
	hot geom.Point
}

func (*toolCursor) roleName() string     { return "zwp_tablet_tool_v2-cursor" }
func (*toolCursor) commit(*surface) bool { return true }

// committed moves the hot spot with the buffer's offset.
func (r *toolCursor) committed(s *surface, set surfaces.Fields) {
	if set&surfaces.FieldOffset != 0 {
		r.hot = r.hot.Sub(s.core.Current.Offset)
	}
	if r.o.cursor == r {
		s.c.srv.shell.SetCursor(r.o.ts.g.seat, s.core, r.hot)
	}
}

func (r *toolCursor) surfaceGone(s *surface) {
	if r.o.cursor == r {
		r.o.cursor = nil
		s.c.srv.shell.SetCursor(r.o.ts.g.seat, nil, geom.Point{})
	}
}

var _ seat.ToolFocus = (*seated)(nil)

// tools runs fn for the client's objects of a tool that know it on the surface.
func (v *seated) tools(u *seat.Tool, fn func(o *tabletTool)) {
	for _, ts := range v.sc.tabletSeats {
		if o := ts.tools[u]; o != nil && o.on == v.s {
			fn(o)
		}
	}
}

// TakesTools reports whether the client has asked for tablets.
func (v *seated) TakesTools() bool { return len(v.sc.tabletSeats) > 0 }

// ToolEnter tells that a tool is over the surface.
func (v *seated) ToolEnter(serial uint32, u *seat.Tool) {
	for _, ts := range v.sc.tabletSeats {
		o, t := ts.tools[u], ts.near(u.Tablet())
		if o != nil && t != nil {
			o.on, o.serial = v.s, serial
			o.res.SendProximityIn(serial, t, v.s.res)
		}
	}
}

// ToolLeave tells that it isn't any more. The frame that ends it is the tool's
// last.
func (v *seated) ToolLeave(u *seat.Tool) {
	v.tools(u, func(o *tabletTool) { o.res.SendProximityOut() })
}

// ToolMotion tells where it is.
func (v *seated) ToolMotion(u *seat.Tool, p geom.FPoint) {
	x, y := v.s.c.fixed(p)
	v.tools(u, func(o *tabletTool) { o.res.SendMotion(x, y) })
}

// ToolDown tells that its tip touches the tablet.
func (v *seated) ToolDown(serial uint32, u *seat.Tool) {
	v.tools(u, func(o *tabletTool) { o.res.SendDown(serial) })
}

// ToolUp tells that it doesn't any more.
func (v *seated) ToolUp(u *seat.Tool) {
	v.tools(u, func(o *tabletTool) { o.res.SendUp() })
}

// ToolAxes tells what it measures.
func (v *seated) ToolAxes(u *seat.Tool, a *seat.ToolAxes) {
	v.tools(u, func(o *tabletTool) {
		r, set := o.res, a.Set&u.Info.Caps
		if set&seat.ToolPressure != 0 {
			r.SendPressure(a.Pressure)
		}
		if set&seat.ToolDistance != 0 {
			r.SendDistance(a.Distance)
		}
		if set&seat.ToolTilt != 0 {
			r.SendTilt(geom.FixedFromFloat(a.TiltX), geom.FixedFromFloat(a.TiltY))
		}
		if set&seat.ToolRotation != 0 {
			r.SendRotation(geom.FixedFromFloat(a.Rotation))
		}
		if set&seat.ToolSlider != 0 {
			r.SendSlider(a.Slider)
		}
		if set&seat.ToolWheel != 0 {
			r.SendWheel(geom.FixedFromFloat(a.Wheel), a.Clicks)
		}
	})
}

// ToolButton tells of a button on it.
func (v *seated) ToolButton(serial uint32, u *seat.Tool, button uint32, pressed bool) {
	state := protocol.ZwpTabletToolV2ButtonStateReleased
	if pressed {
		state = protocol.ZwpTabletToolV2ButtonStatePressed
	}
	v.tools(u, func(o *tabletTool) { o.res.SendButton(serial, button, state) })
}

// ToolFrame ends a group of events.
func (v *seated) ToolFrame(u *seat.Tool, at time.Duration) {
	v.tools(u, func(o *tabletTool) {
		o.res.SendFrame(millis(at))
		if u.Focus() != v.focus() {
			o.left()
		}
	})
}
