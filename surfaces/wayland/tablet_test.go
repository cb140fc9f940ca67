package wayland

import (
	"testing"

	"rayos/geom"
	"rayos/surfaces"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/seat"
)

// tabletClient has what a client has of tablets.
type tabletClient struct {
	*testClient
	seat   *client.ZwpTabletSeatV2
	tablet *client.ZwpTabletV2
	tool   *client.ZwpTabletToolV2
	pad    *client.ZwpTabletPadV2
	ring   *client.ZwpTabletPadRingV2
	strip  *client.ZwpTabletPadStripV2
	group  *client.ZwpTabletPadGroupV2
}

// tablets binds the tablets of the first seat.
func (c *testClient) tablets() *tabletClient {
	s := bind[client.WlSeat](c, &protocol.WlSeatInterface, 10)
	c.ok()
	c.take()
	m := bind[client.ZwpTabletManagerV2](c, &protocol.ZwpTabletManagerV2Interface, 1)
	tc := &tabletClient{testClient: c, seat: m.GetTabletSeat(s)}
	c.label(tc.seat, "tablets")
	tc.seat.OnTabletAdded = func(t *client.ZwpTabletV2) {
		tc.tablet = t
		c.label(t, "tablet")
	}
	tc.seat.OnToolAdded = func(t *client.ZwpTabletToolV2) {
		tc.tool = t
		c.label(t, "tool")
	}
	tc.seat.OnPadAdded = func(p *client.ZwpTabletPadV2) {
		tc.pad = p
		c.label(p, "pad")
		p.OnGroup = func(g *client.ZwpTabletPadGroupV2) {
			tc.group = g
			c.label(g, "group")
			g.OnRing = func(r *client.ZwpTabletPadRingV2) {
				tc.ring = r
				c.label(r, "ring")
			}
			g.OnStrip = func(s *client.ZwpTabletPadStripV2) {
				tc.strip = s
				c.label(s, "strip")
			}
		}
	}
	m.Destroy()
	return tc
}

func pen() seat.ToolInfo {
	return seat.ToolInfo{
		Type: seat.Pen, Serial: 0x100000002, HardwareID: 0x802,
		Caps: seat.ToolPressure | seat.ToolTilt | seat.ToolDistance | seat.ToolRotation | seat.ToolSlider | seat.ToolWheel,
	}
}

func TestTabletsAreAnnounced(t *testing.T) {
	f := newFixture(t)
	c := f.connect().tablets()
	c.expect("")
	tab := f.seat.NewTablet(seat.TabletInfo{Name: "Slate", Vendor: 0x56a, Product: 0x32, Path: "/dev/input/event7"})
	c.expect(`
		tablets.tablet_added(new id zwp_tablet_v2)
		tablet.name("Slate")
		tablet.id(1386, 50)
		tablet.path("/dev/input/event7")
		tablet.done()`)
	tab.NewTool(pen())
	const tool = `
		tablets.tool_added(new id zwp_tablet_tool_v2)
		tool.type(320)
		tool.hardware_serial(1, 2)
		tool.hardware_id_wacom(0, 2050)
		tool.capability(1)
		tool.capability(2)
		tool.capability(3)
		tool.capability(4)
		tool.capability(5)
		tool.capability(6)
		tool.done()`
	c.expect(tool)
	tab.NewPad(seat.PadInfo{Path: "/dev/input/event8", Buttons: 4, Groups: []seat.PadGroup{
		{Buttons: []uint32{0, 1, 2, 3}, Rings: 1, Strips: 1, Modes: 2},
	}})
	const pad = `
		tablets.pad_added(new id zwp_tablet_pad_v2)
		pad.group(new id zwp_tablet_pad_group_v2)
		group.buttons(array[16])
		group.ring(new id zwp_tablet_pad_ring_v2)
		group.strip(new id zwp_tablet_pad_strip_v2)
		group.modes(2)
		group.done()
		pad.path("/dev/input/event8")
		pad.buttons(4)
		pad.done()`
	c.expect(pad)
	// Who comes late hears of all. A plain tablet has a name.
	f.seat.NewTablet(seat.TabletInfo{Name: "plain"}).NewTool(seat.ToolInfo{Type: seat.Eraser})
	late := f.connect().tablets()
	late.expect(`
		tablets.tablet_added(new id zwp_tablet_v2)
		tablet.name("Slate")
		tablet.id(1386, 50)
		tablet.path("/dev/input/event7")
		tablet.done()
		tablets.tablet_added(new id zwp_tablet_v2)
		tablet.name("plain")
		tablet.done()` + tool + `
		tablets.tool_added(new id zwp_tablet_tool_v2)
		tool.type(321)
		tool.done()` + pad)
	c.ok()
	c.take()
	tab.Remove()
	tab.Remove()
	c.expect("tool.removed()\npad.removed()\ntablet.removed()")
	// An object that is gone hears nothing, and a seat object that is gone
	// announces nothing.
	c.tablet.Destroy()
	c.tool.Destroy()
	c.pad.Destroy()
	c.group.Destroy()
	c.ring.SetFeedback("zoom", 1)
	c.ring.Destroy()
	c.strip.SetFeedback("scroll", 1)
	c.strip.Destroy()
	c.seat.Destroy()
	c.ok()
	f.seat.NewTablet(seat.TabletInfo{Name: "late"})
	c.expect("")
}

func TestToolOnASurface(t *testing.T) {
	f := newFixture(t)
	c := f.connect().tablets()
	w := c.window("win", 60, 40, 0)
	ptr := bind[client.WlSeat](c.testClient, &protocol.WlSeatInterface, 10).GetPointer()
	c.label(ptr, "ptr")
	tab := f.seat.NewTablet(seat.TabletInfo{Name: "Slate"})
	u := tab.NewTool(pen())
	f.motion(5, 5)
	c.ok()
	c.take()
	now := f.loop.Now()

	// The pointer makes room for the tool.
	u.Near(now, tab, geom.FPoint{X: 10, Y: 20})
	u.Measure(now, seat.ToolAxes{Set: seat.ToolDistance, Distance: 100})
	u.Frame(now)
	c.expect(`
		ptr.leave(#, win)
		ptr.frame()
		tool.proximity_in(#, tablet, win)
		tool.motion(10, 20)
		tool.distance(100)
		tool.frame(1000)`)
	u.Tip(now, true)
	u.Measure(now, seat.ToolAxes{
		Set:      seat.ToolPressure | seat.ToolTilt | seat.ToolRotation | seat.ToolSlider | seat.ToolWheel,
		Pressure: 30000, TiltX: 1.5, TiltY: -2, Rotation: 90, Slider: -5, Wheel: 15, Clicks: 1,
	})
	u.Button(now, 0x14b, true)
	u.Frame(now)
	c.expect(`
		tool.down(#)
		tool.pressure(30000)
		tool.tilt(1.5, -2)
		tool.rotation(90)
		tool.slider(-5)
		tool.wheel(15, 1)
		tool.button(#, 331, 1)
		tool.frame(1000)`)
	// With the tip down it stays, wherever it goes.
	u.Move(now, geom.FPoint{X: 300, Y: 300})
	u.Frame(now)
	c.expect("tool.motion(300, 300)\ntool.frame(1000)")
	if got, want := f.seat.Position(), (geom.FPoint{X: 300, Y: 300}); got != want {
		t.Errorf("the cursor is at %v; want %v", got, want)
	}
	u.Button(now, 0x14b, false)
	u.Tip(now, false)
	u.Frame(now)
	c.expect(`
		tool.button(#, 331, 0)
		tool.up()
		tool.proximity_out()
		tool.frame(1000)`)
	if u.Focus() != nil {
		t.Error("the tool is still on the window")
	}
	// On the way back it tells what it measures.
	u.Move(now, geom.FPoint{X: 1, Y: 2})
	u.Frame(now)
	c.expect(`
		tool.proximity_in(#, tablet, win)
		tool.pressure(30000)
		tool.distance(100)
		tool.tilt(1.5, -2)
		tool.rotation(90)
		tool.slider(-5)
		tool.motion(1, 2)
		tool.frame(1000)`)
	u.Tip(now, true)
	u.Button(now, 0x14c, true)
	c.ok()
	c.take()
	u.Away(now)
	u.Frame(now)
	c.expect(`
		tool.button(#, 332, 0)
		tool.up()
		tool.proximity_out()
		tool.frame(1000)`)
	// A window that is hidden lets go of it.
	u.Near(now, tab, geom.FPoint{X: 10, Y: 20})
	u.Tip(now, true)
	c.ok()
	c.take()
	f.srv.logState(w.guest(), surfaces.Hidden)
	w.guest().Node.SetEnabled(false)
	f.seat.Refocus()
	u.Move(now, geom.FPoint{X: 11, Y: 20})
	u.Tip(now, false)
	c.expect("tool.up()\ntool.proximity_out()\ntool.frame(1000)")
	f.srv.logState(w.guest(), surfaces.Presented)
	w.guest().Node.SetEnabled(true)
	u.Move(now, geom.FPoint{X: 10, Y: 20})
	u.Tip(now, true)
	c.ok()
	c.take()
	w.top.Destroy()
	w.xdg.Destroy()
	w.surf.Destroy()
	c.ok()
	c.take()
	u.Move(now, geom.FPoint{X: 11, Y: 20})
	u.Button(now, 0x14b, true)
	u.Tip(now, false)
	u.Away(now)
	c.expect("")
}

func TestToolIsAPointerForOthers(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	c.window("win", 60, 40, 0)
	p := bind[client.WlSeat](c, &protocol.WlSeatInterface, 10).GetPointer()
	c.label(p, "ptr")
	tab := f.seat.NewTablet(seat.TabletInfo{Name: "Slate"})
	u := tab.NewTool(pen())
	c.ok()
	c.take()
	now := f.loop.Now()
	u.Near(now, tab, geom.FPoint{X: 10, Y: 20})
	u.Tip(now, true)
	u.Frame(now)
	u.Move(now, geom.FPoint{X: 11, Y: 20})
	u.Button(now, 0x14b, true)
	u.Frame(now)
	u.Measure(now, seat.ToolAxes{Set: seat.ToolWheel, Wheel: 15, Clicks: 1})
	u.Frame(now)
	c.expect(`
		ptr.enter(#, win, 10, 20)
		ptr.frame()
		ptr.button(#, 1000, 272, 1)
		ptr.frame()
		ptr.motion(1000, 11, 20)
		ptr.button(#, 1000, 273, 1)
		ptr.frame()
		ptr.axis_source(0)
		ptr.axis_relative_direction(0, 0)
		ptr.axis_value120(0, 120)
		ptr.axis(1000, 0, 15)
		ptr.frame()`)
	u.Button(now, 0x14c, true)
	u.Away(now)
	c.expect(`
		ptr.button(#, 1000, 274, 1)
		ptr.button(#, 1000, 272, 0)
		ptr.button(#, 1000, 273, 0)
		ptr.button(#, 1000, 274, 0)
		ptr.frame()`)
}

func TestToolMovesWindows(t *testing.T) {
	f := newFixture(t)
	c := f.connect().tablets()
	w := c.window("win", 60, 40, 0)
	tab := f.seat.NewTablet(seat.TabletInfo{Name: "Slate"})
	u := tab.NewTool(pen())
	now := f.loop.Now()
	u.Near(now, tab, geom.FPoint{X: 10, Y: 20})
	u.Tip(now, true)
	c.ok()
	c.take()
	serial := c.serials["zwp_tablet_tool_v2.down"]
	var total geom.FPoint
	ended := false
	m := &seat.Move{Moved: func(d, _ geom.FPoint) { total = d }, Done: func(bool) { ended = true }}
	if k, ok := f.seat.ValidSerial(serial, c.srv); !ok || !k.ByUser() {
		t.Errorf("the serial of the tip is valid %v, by a person %v", ok, k.ByUser())
	}
	if err := f.seat.StartMove(m, serial, w.c.srv); err != nil {
		t.Fatal(err)
	}
	c.expect("tool.up()\ntool.proximity_out()\ntool.frame(1000)")
	u.Move(now, geom.FPoint{X: 40, Y: 25})
	u.Frame(now)
	if (total != geom.FPoint{X: 30, Y: 5}) || ended {
		t.Errorf("moved by %v, ended %v", total, ended)
	}
	u.Tip(now, false)
	if !ended {
		t.Error("the tip is up and the move goes on")
	}
	u.Away(now)
	c.ok()
}

func TestToolCursor(t *testing.T) {
	f := newFixture(t)
	c := f.connect().tablets()
	c.window("win", 60, 40, 0)
	tab := f.seat.NewTablet(seat.TabletInfo{Name: "Slate"})
	u := tab.NewTool(pen())
	c.ok()
	tool := c.tool
	other := tab.NewTool(seat.ToolInfo{Type: seat.Eraser})
	c.ok()
	cur := c.surface("cur")
	cur.Attach(c.buffer(16, 16, 0), 0, 0)
	cur.Commit()
	shapes := bind[client.WpCursorShapeManagerV1](c.testClient, &protocol.WpCursorShapeManagerV1Interface, 2).GetTabletToolV2(tool)
	c.ok()
	f.shell.take()
	want := func(what, told string) {
		t.Helper()
		c.ok()
		compare(t, what, f.shell.take(), told)
	}
	tool.SetCursor(1, cur, 1, 2)
	shapes.SetShape(1, protocol.WpCursorShapeDeviceV1ShapeText)
	want("before it is near", "")
	now := f.loop.Now()
	u.Near(now, tab, geom.FPoint{X: 10, Y: 20})
	c.ok()
	serial := c.serials["zwp_tablet_tool_v2.proximity_in"]
	f.shell.take()
	tool.SetCursor(serial-1, cur, 1, 2)
	want("an old serial", "")
	tool.SetCursor(serial, cur, 1, 2)
	want("set", "cursor 16x16 at 1,2")
	cur.Offset(1, 1)
	cur.Commit()
	want("moved", "cursor 16x16 at 0,1")
	tool.SetCursor(serial, cur, 3, 4)
	want("again", "cursor 16x16 at 3,4")
	shapes.SetShape(serial, protocol.WpCursorShapeDeviceV1ShapeText)
	want("a shape", "cursor text")
	tool.SetCursor(serial, nil, 0, 0)
	want("hidden", "cursor hidden")
	u.Away(now)
	want("away", "cursor default")
	u.Near(now, tab, geom.FPoint{X: 10, Y: 20})
	c.ok()
	tool.SetCursor(c.serials["zwp_tablet_tool_v2.proximity_in"], cur, 0, 0)
	c.ok()
	f.shell.take()
	cur.Destroy()
	want("destroyed", "cursor hidden")
	shapes.Destroy()
	u.Away(now)
	other.Remove()
	c.ok()
	// A surface is the cursor of one tool, and nothing else.
	twice := c.surface("twice")
	tool.SetCursor(0, twice, 0, 0)
	c.tool.SetCursor(0, twice, 0, 0)
	c.wantError("zwp_tablet_tool_v2", uint32(protocol.ZwpTabletToolV2ErrorRole))

	c = f.connect().tablets()
	w := c.window("win", 60, 40, 0)
	c.tool.SetCursor(0, w.surf, 0, 0)
	c.wantError("zwp_tablet_tool_v2", uint32(protocol.ZwpTabletToolV2ErrorRole))

	c = f.connect().tablets()
	c.ok()
	bind[client.WpCursorShapeManagerV1](c.testClient, &protocol.WpCursorShapeManagerV1Interface, 1).GetTabletToolV2(c.tool).
		SetShape(0, protocol.WpCursorShapeDeviceV1ShapeAllResize)
	c.wantError("wp_cursor_shape_device_v1", uint32(protocol.WpCursorShapeDeviceV1ErrorInvalidShape))
}

func TestPadIsWhereTheKeyboardIs(t *testing.T) {
	f := newFixture(t)
	tab := f.seat.NewTablet(seat.TabletInfo{Name: "Slate"})
	p := tab.NewPad(seat.PadInfo{Buttons: 2, Groups: []seat.PadGroup{{Buttons: []uint32{0, 1}, Rings: 1, Strips: 1, Modes: 3}}})
	plain := f.connect()
	c := f.connect()
	w := c.window("win", 60, 40, 0)
	tc := c.tablets() // with the keyboard already
	c.ok()
	if got := c.events[len(c.events)-2:]; got[0] != "pad.enter(#, tablet, win)" || got[1] != "group.mode_switch(1000, #, 0)" {
		t.Errorf("at first %q", got)
	}
	c.take()
	now := f.loop.Now()
	p.Button(now, 1, true)
	p.Button(now, 1, false)
	p.Button(now, 2, true)
	p.Ring(now, 0, seat.PadTouch{At: 90, Finger: true})
	p.Ring(now, 0, seat.PadTouch{Stop: true})
	p.Ring(now, 1, seat.PadTouch{})
	p.Strip(now, 0, seat.PadTouch{At: 65535})
	p.Strip(now, 0, seat.PadTouch{Stop: true, Finger: true})
	p.Strip(now, -1, seat.PadTouch{})
	p.SwitchMode(now, 0, 2)
	p.SwitchMode(now, 0, 3)
	p.SwitchMode(now, 1, 0)
	c.expect(`
		pad.button(1000, 1, 1)
		pad.button(1000, 1, 0)
		ring.source(1)
		ring.angle(90)
		ring.frame(1000)
		ring.stop()
		ring.frame(1000)
		strip.position(65535)
		strip.frame(1000)
		strip.source(1)
		strip.stop()
		strip.frame(1000)
		group.mode_switch(1000, #, 2)`)
	tc.pad.SetFeedback(0, "undo", 1)
	plain.window("plain", 20, 20, 0)
	c.expect("pad.leave(#, win)")
	p.Button(now, 0, true)
	c.expect("")
	f.seat.SetKeyboardFocus(w.guest().Surface.Data.(*surface))
	c.expect("pad.enter(#, tablet, win)\ngroup.mode_switch(1000, #, 2)")
	f.srv.logState(w.guest(), surfaces.Hidden)
	p.Button(now, 0, true)
	f.seat.Refocus()
	c.expect("pad.leave(#, win)")
	f.srv.logState(w.guest(), surfaces.Presented)
	f.seat.Refocus()
	c.ok()
	c.take()
	p.Remove()
	p.Button(now, 0, true)
	c.expect("pad.leave(#, win)\npad.removed()")
}
