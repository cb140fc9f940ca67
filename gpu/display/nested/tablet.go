package nested

import (
	"rayos/geom"
	"rayos/gpu/display"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// tablets are the host's tablets. Its pads are left alone: they are for the
// program that has the host's keyboard, which we are only sometimes.
type tablets struct {
	s     *seat
	seat  *client.ZwpTabletSeatV2
	known []*tablet
	tools []*tool
}

type tablet struct {
	res  *client.ZwpTabletV2
	info display.Tablet
	told bool
}

// tool collects what the host tells until a frame ends it.
type tool struct {
	res    *client.ZwpTabletToolV2
	info   display.Tool
	output *Output // nil while it is not over a window of ours
	frame  display.ToolFrame
	used   bool // the handler has heard of it
}

func (s *seat) addTablets() {
	m := s.display.host.tablets
	if m == nil {
		return
	}
	ts := &s.tablets
	ts.s, ts.seat = s, m.GetTabletSeat(s.seat)
	ts.seat.OnTabletAdded = ts.addTablet
	ts.seat.OnToolAdded = ts.addTool
	ts.seat.OnPadAdded = leavePad
}

func (ts *tablets) input() display.TabletInput {
	in, _ := ts.s.input().(display.TabletInput)
	return in
}

func (ts *tablets) addTablet(r *client.ZwpTabletV2) {
	t := &tablet{res: r}
	ts.known = append(ts.known, t)
	r.OnName = func(name string) { t.info.Name = name }
	r.OnId = func(vendor, product uint32) { t.info.Vendor, t.info.Product = vendor, product }
	r.OnPath = func(path string) { t.info.Path = path }
	r.OnRemoved = func() {
		ts.known = remove(ts.known, t)
		if in := ts.input(); in != nil && t.told {
			in.TabletRemoved(&t.info)
		}
		r.Destroy()
	}
}

// announce tells of a tablet before its first use, and not before Start.
func (ts *tablets) announce(t *tablet) {
	if in := ts.input(); in != nil && !t.told {
		t.told = true
		in.TabletAdded(&t.info)
	}
}

func (ts *tablets) addTool(r *client.ZwpTabletToolV2) {
	u := &tool{res: r}
	ts.tools = append(ts.tools, u)
	r.OnType = func(k protocol.ZwpTabletToolV2Type) { u.info.Type = uint32(k) }
	r.OnHardwareSerial = func(hi, lo uint32) { u.info.Serial = uint64(hi)<<32 | uint64(lo) }
	r.OnHardwareIdWacom = func(hi, lo uint32) { u.info.HardwareID = uint64(hi)<<32 | uint64(lo) }
	r.OnCapability = func(c protocol.ZwpTabletToolV2Capability) { u.info.Caps |= 1 << c }
	r.OnRemoved = func() { ts.removeTool(u) }
	f := &u.frame
	r.OnProximityIn = func(_ uint32, t *client.ZwpTabletV2, surf *client.WlSurface) {
		u.output = ts.s.output(surf)
		for _, o := range ts.known {
			if o.res == t && u.output != nil {
				ts.announce(o)
				f.Near = &o.info
			}
		}
	}
	r.OnProximityOut = func() { f.Away = true }
	r.OnMotion = func(x, y geom.Fixed) {
		if u.output != nil {
			f.Moved = true
			f.X, f.Y = u.output.fraction(x, y)
		}
	}
	r.OnDown = func(uint32) { f.Down = true }
	r.OnUp = func() { f.Up = true }
	r.OnButton = func(_, code uint32, state protocol.ZwpTabletToolV2ButtonState) {
		f.Buttons = append(f.Buttons, display.ToolButton{Code: code, Pressed: state == protocol.ZwpTabletToolV2ButtonStatePressed})
	}
	u.measure()
	r.OnFrame = func(uint32) { ts.tell(u) }
}

// measure collects the axes.
func (u *tool) measure() {
	r, a := u.res, &u.frame.Axes
	r.OnPressure = func(v uint32) { a.Set, a.Pressure = a.Set|1<<protocol.ZwpTabletToolV2CapabilityPressure, v }
	r.OnDistance = func(v uint32) { a.Set, a.Distance = a.Set|1<<protocol.ZwpTabletToolV2CapabilityDistance, v }
	r.OnTilt = func(x, y geom.Fixed) {
		a.Set |= 1 << protocol.ZwpTabletToolV2CapabilityTilt
		a.TiltX, a.TiltY = x.Float(), y.Float()
	}
	r.OnRotation = func(v geom.Fixed) {
		a.Set, a.Rotation = a.Set|1<<protocol.ZwpTabletToolV2CapabilityRotation, v.Float()
	}
	r.OnSlider = func(v int32) { a.Set, a.Slider = a.Set|1<<protocol.ZwpTabletToolV2CapabilitySlider, v }
	r.OnWheel = func(degrees geom.Fixed, clicks int32) {
		a.Set |= 1 << protocol.ZwpTabletToolV2CapabilityWheel
		a.Wheel += degrees.Float()
		a.Clicks += clicks
	}
}

// tell passes a frame on.
func (ts *tablets) tell(u *tool) {
	f := u.frame
	u.frame.Near, u.frame.Moved, u.frame.Away, u.frame.Down, u.frame.Up = nil, false, false, false, false
	u.frame.Axes, u.frame.Buttons = display.ToolAxes{}, f.Buttons[:0]
	if u.output == nil {
		return
	}
	f.Tool, f.Output = &u.info, u.output
	if f.Away {
		u.output = nil
	}
	if in := ts.input(); in != nil {
		u.used = true
		in.ToolFrame(ts.s.display.loop.Now(), &f)
	}
}

func (ts *tablets) removeTool(u *tool) {
	ts.tools = remove(ts.tools, u)
	if in := ts.input(); in != nil && u.used {
		in.ToolRemoved(&u.info)
	}
	u.res.Destroy()
}

// forget takes the tools off an output that goes away.
func (ts *tablets) forget(o *Output) {
	for _, u := range ts.tools {
		if u.output == o {
			u.frame.Away = true
			ts.tell(u)
		}
	}
}

func (ts *tablets) release() {
	if ts.seat == nil {
		return
	}
	for len(ts.tools) > 0 {
		ts.removeTool(ts.tools[0])
	}
	for len(ts.known) > 0 {
		ts.known[0].res.OnRemoved()
	}
	ts.seat.Destroy()
	ts.seat = nil
}

// leavePad gives a pad back as soon as the host has described it.
func leavePad(p *client.ZwpTabletPadV2) {
	p.OnGroup = func(g *client.ZwpTabletPadGroupV2) {
		g.OnRing = func(r *client.ZwpTabletPadRingV2) { r.Destroy() }
		g.OnStrip = func(s *client.ZwpTabletPadStripV2) { s.Destroy() }
		g.OnDial = func(d *client.ZwpTabletPadDialV2) { d.Destroy() }
		g.OnDone = g.Destroy
	}
	p.OnDone = p.Destroy
}

func remove[T comparable](list []T, v T) []T {
	for i, o := range list {
		if o == v {
			return append(list[:i], list[i+1:]...)
		}
	}
	return list
}
