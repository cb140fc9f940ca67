package wayland

import (
	"testing"

	"rayos/geom"
	"rayos/gpu/display"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

func TestOutputDescription(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	xm := bind[client.ZxdgOutputManagerV1](c, &protocol.ZxdgOutputManagerV1Interface, 3)
	o := bind[client.WlOutput](c, &protocol.WlOutputInterface, 4)
	c.label(o, "out")
	c.expect(`
		out.geometry(0, 0, 169, 127, 0, "Ray", "Test", 0)
		out.mode(3, 640, 480, 60000)
		out.scale(1)
		out.name("TEST-1")
		out.description("TEST-1 description")
		out.done()`)
	x := xm.GetXdgOutput(o)
	c.label(x, "xdg")
	c.expect(`
		xdg.name("TEST-1")
		xdg.description("TEST-1 description")
		xdg.logical_position(0, 0)
		xdg.logical_size(640, 480)
		out.done()`)
	st := OutputState{Info: f.out.Info, Logical: geom.XYWH(10, 20, 320, 240), Scale: 2 * geom.ScaleOne}
	st.Info.Mode = display.Mode{Size: testMode, Refresh: 75_000}
	f.out.Update(st)
	f.out.Update(st)
	c.expect(`
		out.geometry(10, 20, 169, 127, 0, "Ray", "Test", 0)
		out.mode(3, 640, 480, 75000)
		out.scale(2)
		out.name("TEST-1")
		out.description("TEST-1 description")
		xdg.logical_position(10, 20)
		xdg.logical_size(320, 240)
		out.done()`)
	x.Destroy()
	o.Release()
	c.ok()
	f.out.Update(OutputState{Info: f.out.Info, Logical: testMode.Rect(), Scale: geom.ScaleOne})
	c.expect("")
	// Old versions.
	old := bind[client.WlOutput](c, &protocol.WlOutputInterface, 1)
	c.label(old, "old")
	om := bind[client.ZxdgOutputManagerV1](c, &protocol.ZxdgOutputManagerV1Interface, 1)
	ox := om.GetXdgOutput(old)
	c.label(ox, "oldxdg")
	c.expect(`
		old.geometry(0, 0, 169, 127, 0, "Ray", "Test", 0)
		old.mode(3, 640, 480, 75000)
		oldxdg.logical_position(0, 0)
		oldxdg.logical_size(640, 480)
		oldxdg.done()`)
	om.Destroy()
	xm.Destroy()
	c.ok()
}

func TestSurfaceEntersAndLeavesOutputs(t *testing.T) {
	f := newFixture(t)
	two := f.addOutput("TEST-2", geom.Point{X: 640}, geom.Size{W: 800, H: 600}, 2*geom.ScaleOne, geom.Rotate90)
	c := f.connect()
	var outs []*client.WlOutput
	for _, g := range c.globals {
		if g.Interface == "wl_output" {
			o := new(client.WlOutput)
			c.reg.Bind(g.Name, o, &protocol.WlOutputInterface, 4)
			outs = append(outs, o)
		}
	}
	c.label(outs[0], "one")
	c.label(outs[1], "two")
	w := c.window("win", 50, 50, 0)
	c.take()
	f.draw()
	// It takes scale 1 and no transform for granted.
	c.expect("win.enter(one)")
	f.srv.RefreshOutputs()
	c.expect("")
	w.guest().Node.SetPosition(620, 0)
	f.draw()
	c.expect(`
		win.enter(two)
		win.preferred_buffer_scale(2)
		win.preferred_buffer_transform(1)`)
	w.guest().Node.SetPosition(700, 0)
	f.draw()
	c.expect("win.leave(one)")
	// A binding that is made while the surface is there.
	again := bind[client.WlOutput](c, &protocol.WlOutputInterface, 1)
	c.label(again, "again")
	c.ok()
	c.take()
	w.guest().Node.SetPosition(2000, 0)
	f.draw()
	c.expect("win.leave(two)\nwin.leave(again)")
	w.guest().Node.SetPosition(700, 0)
	f.draw()
	c.expect("win.enter(two)\nwin.enter(again)")
	late := bind[client.WlOutput](c, &protocol.WlOutputInterface, 1)
	c.label(late, "late")
	c.expect(`
		late.geometry(640, 0, 169, 127, 0, "Ray", "Test", 1)
		late.mode(3, 800, 600, 60000)
		win.enter(late)`)
	// The output goes: surfaces leave it.
	two.Remove()
	two.Scene.Destroy()
	c.expect("win.leave(two)\nwin.leave(again)\nwin.leave(late)")
	f.draw()
	c.expect("")
	outs[1].Release()
	again.Release()
	c.ok()
	// A surface of old versions is not told of scales.
	c.comp = bind[client.WlCompositor](c, &protocol.WlCompositorInterface, 5)
	c.window("old", 50, 50, 0)
	f.draw()
	c.expect("old.enter(one)")
	// Requests that name an output that is gone.
	w.top.SetFullscreen(late)
	c.ok()
}
