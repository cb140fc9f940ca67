package wayland

import (
	"testing"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// placed returns a complete positioner.
func (c *testClient) placed(w, h int32) *client.XdgPositioner {
	p := c.wm.CreatePositioner()
	p.SetSize(w, h)
	p.SetAnchorRect(0, 0, 1, 1)
	return p
}

// TestProtocolErrors goes through the errors that the protocols define: each
// ends the client that made it, and no other.
func TestProtocolErrors(t *testing.T) {
	fix := func(v float64) geom.Fixed { return geom.FixedFromFloat(v) }
	pool := func(c *testClient, size int) *client.WlShmPool {
		return c.shm.CreatePool(c.memory(size, false).fd, int32(size))
	}
	viewport := func(c *testClient) (*client.WpViewport, *client.WlSurface) {
		s := c.surface("s")
		return bind[client.WpViewporter](c, &protocol.WpViewporterInterface, 1).GetViewport(s), s
	}
	decorations := func(c *testClient) *client.ZxdgDecorationManagerV1 {
		return bind[client.ZxdgDecorationManagerV1](c, &protocol.ZxdgDecorationManagerV1Interface, 1)
	}
	output := func(c *testClient) *client.WlOutput { return bind[client.WlOutput](c, &protocol.WlOutputInterface, 4) }
	frame := func(c *testClient) *client.ZwlrScreencopyFrameV1 {
		m := bind[client.ZwlrScreencopyManagerV1](c, &protocol.ZwlrScreencopyManagerV1Interface, 3)
		return m.CaptureOutput(0, output(c))
	}
	seat := func(c *testClient) *client.WlSeat { return bind[client.WlSeat](c, &protocol.WlSeatInterface, 9) }
	vptr := func(c *testClient) *client.ZwlrVirtualPointerV1 {
		return bind[client.ZwlrVirtualPointerManagerV1](c, &protocol.ZwlrVirtualPointerManagerV1Interface, 2).CreateVirtualPointer(nil)
	}
	vkbd := func(c *testClient) *client.ZwpVirtualKeyboardV1 {
		return bind[client.ZwpVirtualKeyboardManagerV1](c, &protocol.ZwpVirtualKeyboardManagerV1Interface, 1).CreateVirtualKeyboard(seat(c))
	}
	source := func(c *testClient) *client.WlDataSource {
		return bind[client.WlDataDeviceManager](c, &protocol.WlDataDeviceManagerInterface, 3).CreateDataSource()
	}
	mapped := func(c *testClient) *window { return c.window("w", 40, 40, 0) }
	popup := func(c *testClient, w *window) *client.XdgPopup {
		return c.wm.GetXdgSurface(c.surface("p")).GetPopup(w.xdg, c.placed(10, 10))
	}
	const display = "wl_display"
	for _, tc := range []struct {
		name  string
		iface string
		code  uint32
		do    func(c *testClient)
	}{
		{"surface scale 0", "wl_surface", 0, func(c *testClient) { c.surface("s").SetBufferScale(0) }},
		{"surface scale negative", "wl_surface", 0, func(c *testClient) { c.surface("s").SetBufferScale(-1) }},
		{"surface transform", "wl_surface", 1, func(c *testClient) { c.surface("s").SetBufferTransform(8) }},
		{"surface size no multiple", "wl_surface", 2, func(c *testClient) {
			s := c.surface("s")
			c.sub.GetSubsurface(s, c.surface("p"))
			s.Attach(c.buffer(3, 4, 0), 0, 0)
			s.SetBufferScale(2)
			s.Commit()
		}},
		{"surface size no multiple, by a later scale", "wl_surface", 2, func(c *testClient) {
			s := c.surface("s")
			c.sub.GetSubsurface(s, c.surface("p"))
			s.Attach(c.buffer(3, 4, 0), 0, 0)
			s.Commit()
			s.SetBufferScale(2)
			s.Commit()
		}},
		{"surface attach offset", "wl_surface", 3, func(c *testClient) { c.surface("s").Attach(nil, 1, 0) }},
		{"surface before toplevel", "wl_surface", 4, func(c *testClient) { c.toplevel("w").surf.Destroy() }},
		{"surface before popup", "wl_surface", 4, func(c *testClient) {
			w := mapped(c)
			s := c.surface("p")
			c.wm.GetXdgSurface(s).GetPopup(w.xdg, c.placed(5, 5))
			s.Destroy()
		}},

		{"subsurface of itself", "wl_subcompositor", 1, func(c *testClient) {
			s := c.surface("s")
			c.sub.GetSubsurface(s, s)
		}},
		{"subsurface loop", "wl_subcompositor", 1, func(c *testClient) {
			a, b := c.surface("a"), c.surface("b")
			c.sub.GetSubsurface(b, a)
			c.sub.GetSubsurface(a, b)
		}},
		{"subsurface twice", "wl_subcompositor", 0, func(c *testClient) {
			a, b := c.surface("a"), c.surface("b")
			c.sub.GetSubsurface(b, a)
			c.sub.GetSubsurface(b, a)
		}},
		{"subsurface of a toplevel's surface", "wl_subcompositor", 0, func(c *testClient) {
			c.sub.GetSubsurface(c.toplevel("w").surf, c.surface("s"))
		}},
		{"subsurface with an xdg_surface", "wl_subcompositor", 0, func(c *testClient) {
			s := c.surface("s")
			c.wm.GetXdgSurface(s)
			c.sub.GetSubsurface(s, c.surface("p"))
		}},
		{"place above itself", "wl_subsurface", 0, func(c *testClient) {
			s := c.surface("s")
			c.sub.GetSubsurface(s, c.surface("p")).PlaceAbove(s)
		}},
		{"place below a stranger", "wl_subsurface", 0, func(c *testClient) {
			c.sub.GetSubsurface(c.surface("s"), c.surface("p")).PlaceBelow(c.surface("x"))
		}},

		{"pool size 0", "wl_shm", 1, func(c *testClient) { c.shm.CreatePool(c.memory(16, false).fd, 0) }},
		{"pool size negative", "wl_shm", 1, func(c *testClient) { c.shm.CreatePool(c.memory(16, false).fd, -16) }},
		{"pool of a file that can't be mapped", "wl_shm", 2, func(c *testClient) { c.shm.CreatePool(c.f.pipe(), 16) }},
		{"pool shrinks", "wl_shm_pool", 2, func(c *testClient) { pool(c, 64).Resize(32) }},
		{"buffer format", "wl_shm_pool", 0, func(c *testClient) { pool(c, 64).CreateBuffer(0, 2, 2, 8, 77) }},
		{"buffer width 0", "wl_shm_pool", 1, func(c *testClient) { pool(c, 64).CreateBuffer(0, 0, 2, 8, 0) }},
		{"buffer height negative", "wl_shm_pool", 1, func(c *testClient) { pool(c, 64).CreateBuffer(0, 2, -2, 8, 0) }},
		{"buffer stride too small", "wl_shm_pool", 1, func(c *testClient) { pool(c, 64).CreateBuffer(0, 2, 2, 7, 0) }},
		{"buffer offset negative", "wl_shm_pool", 1, func(c *testClient) { pool(c, 64).CreateBuffer(-4, 2, 2, 8, 0) }},
		{"buffer leaves the pool", "wl_shm_pool", 1, func(c *testClient) { pool(c, 64).CreateBuffer(60, 2, 2, 8, 0) }},
		{"buffer of 2^31 pixels", "wl_shm_pool", 1, func(c *testClient) {
			pool(c, 64).CreateBuffer(0, 1<<29, 1<<2, 1<<31-4, 0)
		}},
		{"buffer offset overflows", "wl_shm_pool", 1, func(c *testClient) {
			pool(c, 64).CreateBuffer(1<<31-1, 1, 1<<31-1, 1<<31-1, 0)
		}},
		{"buffer width overflows", "wl_shm_pool", 1, func(c *testClient) {
			pool(c, 64).CreateBuffer(0, 1<<30+1, 1, 4, 0)
		}},

		{"wm_base before its surfaces", "xdg_wm_base", 1, func(c *testClient) {
			c.toplevel("w")
			c.wm.Destroy()
		}},
		{"xdg_surface of a subsurface", "xdg_wm_base", 0, func(c *testClient) {
			s := c.surface("s")
			c.sub.GetSubsurface(s, c.surface("p"))
			c.wm.GetXdgSurface(s)
		}},
		{"xdg_surface of a former subsurface", "xdg_wm_base", 0, func(c *testClient) {
			s := c.surface("s")
			c.sub.GetSubsurface(s, c.surface("p")).Destroy()
			c.wm.GetXdgSurface(s)
		}},
		{"two xdg_surfaces", "xdg_wm_base", 0, func(c *testClient) {
			s := c.surface("s")
			c.wm.GetXdgSurface(s)
			c.wm.GetXdgSurface(s)
		}},
		{"popup of a former toplevel", "xdg_wm_base", 0, func(c *testClient) {
			p := mapped(c)
			w := c.toplevel("w")
			w.top.Destroy()
			w.xdg.Destroy()
			c.wm.GetXdgSurface(w.surf).GetPopup(p.xdg, c.placed(5, 5))
		}},
		{"xdg_surface with a buffer", "xdg_wm_base", 4, func(c *testClient) {
			s := c.surface("s")
			s.Attach(c.buffer(1, 1, 0), 0, 0)
			s.Commit()
			c.wm.GetXdgSurface(s)
		}},
		{"xdg_surface with a pending buffer", "xdg_wm_base", 4, func(c *testClient) {
			s := c.surface("s")
			s.Attach(c.buffer(1, 1, 0), 0, 0)
			c.wm.GetXdgSurface(s)
		}},
		{"toplevel of a destroyed surface", "xdg_wm_base", 4, func(c *testClient) {
			s := c.surface("s")
			x := c.wm.GetXdgSurface(s)
			s.Destroy()
			x.GetToplevel()
		}},
		{"positioner without a size", "xdg_wm_base", 5, func(c *testClient) {
			w := mapped(c)
			p := c.wm.CreatePositioner()
			p.SetAnchorRect(0, 0, 1, 1)
			c.wm.GetXdgSurface(c.surface("p")).GetPopup(w.xdg, p)
		}},
		{"positioner without an anchor", "xdg_wm_base", 5, func(c *testClient) {
			w := mapped(c)
			p := c.wm.CreatePositioner()
			p.SetSize(5, 5)
			c.wm.GetXdgSurface(c.surface("p")).GetPopup(w.xdg, p)
		}},
		{"reposition without a size", "xdg_wm_base", 5, func(c *testClient) {
			popup(c, mapped(c)).Reposition(c.wm.CreatePositioner(), 1)
		}},
		{"popup of a roleless parent", "xdg_wm_base", 3, func(c *testClient) {
			x := c.wm.GetXdgSurface(c.surface("x"))
			c.wm.GetXdgSurface(c.surface("p")).GetPopup(x, c.placed(5, 5))
		}},
		{"popup of itself", "xdg_wm_base", 3, func(c *testClient) {
			x := c.wm.GetXdgSurface(c.surface("x"))
			x.GetPopup(x, c.placed(5, 5))
		}},
		{"popup without a parent is committed", "xdg_wm_base", 3, func(c *testClient) {
			s := c.surface("p")
			c.wm.GetXdgSurface(s).GetPopup(nil, c.placed(5, 5))
			s.Commit()
		}},
		{"popup of an unmapped parent is mapped", "xdg_wm_base", 3, func(c *testClient) {
			w := c.toplevel("w")
			w.surf.Commit()
			s := c.surface("p")
			x := c.wm.GetXdgSurface(s)
			x.GetPopup(w.xdg, c.placed(5, 5))
			x.OnConfigure = func(n uint32) { x.AckConfigure(n) }
			s.Commit()
			c.ok()
			s.Attach(c.buffer(5, 5, 0), 0, 0)
			s.Commit()
		}},
		{"popup below another is destroyed", "xdg_wm_base", 2, func(c *testClient) {
			w := mapped(c)
			x := c.wm.GetXdgSurface(c.surface("p"))
			p := x.GetPopup(w.xdg, c.placed(5, 5))
			c.wm.GetXdgSurface(c.surface("q")).GetPopup(x, c.placed(5, 5))
			p.Destroy()
		}},

		{"geometry without a role", "xdg_surface", 1, func(c *testClient) {
			c.wm.GetXdgSurface(c.surface("s")).SetWindowGeometry(0, 0, 1, 1)
		}},
		{"ack without a role", "xdg_surface", 1, func(c *testClient) {
			c.wm.GetXdgSurface(c.surface("s")).AckConfigure(1)
		}},
		{"two toplevels", "xdg_surface", 2, func(c *testClient) { c.toplevel("w").xdg.GetToplevel() }},
		{"buffer before the configure", "xdg_surface", 3, func(c *testClient) {
			w := c.toplevel("w")
			w.surf.Attach(c.buffer(1, 1, 0), 0, 0)
			w.surf.Commit()
		}},
		{"buffer before the ack", "xdg_surface", 3, func(c *testClient) {
			w := c.toplevel("w")
			w.surf.Commit()
			c.ok()
			w.surf.Attach(c.buffer(1, 1, 0), 0, 0)
			w.surf.Commit()
		}},
		{"ack of a serial never sent", "xdg_surface", 4, func(c *testClient) { c.toplevel("w").xdg.AckConfigure(12345) }},
		{"ack twice", "xdg_surface", 4, func(c *testClient) {
			w := mapped(c)
			w.ack()
		}},
		{"buffer before the role", "xdg_surface", 3, func(c *testClient) {
			s := c.surface("s")
			c.wm.GetXdgSurface(s)
			s.Attach(c.buffer(4, 4, 0), 0, 0)
		}},
		{"geometry empty", "xdg_surface", 5, func(c *testClient) { c.toplevel("w").xdg.SetWindowGeometry(0, 0, 0, 5) }},
		{"geometry negative", "xdg_surface", 5, func(c *testClient) { c.toplevel("w").xdg.SetWindowGeometry(0, 0, 5, -5) }},
		{"xdg_surface before the toplevel", "xdg_surface", 6, func(c *testClient) { c.toplevel("w").xdg.Destroy() }},

		{"resize edge", "xdg_toplevel", 0, func(c *testClient) { mapped(c).top.Resize(seat(c), 1, 3) }},
		{"parent is the window", "xdg_toplevel", 1, func(c *testClient) {
			w := mapped(c)
			w.top.SetParent(w.top)
		}},
		{"parent is a child", "xdg_toplevel", 1, func(c *testClient) {
			a, b := mapped(c), mapped(c)
			a.top.SetParent(b.top)
			b.top.SetParent(a.top)
		}},
		{"largest size negative", "xdg_toplevel", 2, func(c *testClient) { c.toplevel("w").top.SetMaxSize(-1, 0) }},
		{"smallest size negative", "xdg_toplevel", 2, func(c *testClient) { c.toplevel("w").top.SetMinSize(0, -1) }},
		{"smallest above largest", "xdg_toplevel", 2, func(c *testClient) {
			w := c.toplevel("w")
			w.top.SetMaxSize(10, 10)
			w.top.SetMinSize(5, 11)
			w.surf.Commit()
		}},
		{"smallest above the largest of before", "xdg_toplevel", 2, func(c *testClient) {
			w := c.toplevel("w")
			w.top.SetMaxSize(10, 10)
			w.surf.Commit()
			w.top.SetMinSize(11, 0)
			w.surf.Commit()
		}},
		{"grab of a mapped popup", "xdg_popup", 0, func(c *testClient) {
			w := mapped(c)
			p := c.popup("p", w.xdg, c.placed(5, 5))
			p.show(5, 5)
			p.pop.Grab(seat(c), 1)
		}},
		{"positioner size", "xdg_positioner", 0, func(c *testClient) { c.wm.CreatePositioner().SetSize(0, 1) }},
		{"positioner anchor rectangle", "xdg_positioner", 0, func(c *testClient) {
			c.wm.CreatePositioner().SetAnchorRect(0, 0, -1, 1)
		}},
		{"positioner anchor", "xdg_positioner", 0, func(c *testClient) { c.wm.CreatePositioner().SetAnchor(9) }},
		{"positioner gravity", "xdg_positioner", 0, func(c *testClient) { c.wm.CreatePositioner().SetGravity(9) }},
		{"positioner parent size", "xdg_positioner", 0, func(c *testClient) { c.wm.CreatePositioner().SetParentSize(-1, 0) }},

		{"decoration with a buffer", "zxdg_toplevel_decoration_v1", 0, func(c *testClient) {
			decorations(c).GetToplevelDecoration(mapped(c).top)
		}},
		{"two decorations", "zxdg_toplevel_decoration_v1", 1, func(c *testClient) {
			w, m := c.toplevel("w"), decorations(c)
			m.GetToplevelDecoration(w.top)
			m.GetToplevelDecoration(w.top)
		}},
		{"toplevel before its decoration", "zxdg_toplevel_decoration_v1", 2, func(c *testClient) {
			w := c.toplevel("w")
			decorations(c).GetToplevelDecoration(w.top)
			w.top.Destroy()
		}},
		{"decoration mode", "zxdg_toplevel_decoration_v1", 3, func(c *testClient) {
			decorations(c).GetToplevelDecoration(c.toplevel("w").top).SetMode(3)
		}},

		{"two viewports", "wp_viewporter", 0, func(c *testClient) {
			s := c.surface("s")
			v := bind[client.WpViewporter](c, &protocol.WpViewporterInterface, 1)
			v.GetViewport(s)
			v.GetViewport(s)
		}},
		{"viewport source negative", "wp_viewport", 0, func(c *testClient) {
			v, _ := viewport(c)
			v.SetSource(fix(-2), 0, fix(1), fix(1))
		}},
		{"viewport source empty", "wp_viewport", 0, func(c *testClient) {
			v, _ := viewport(c)
			v.SetSource(0, 0, fix(1), 0)
		}},
		{"viewport destination", "wp_viewport", 0, func(c *testClient) {
			v, _ := viewport(c)
			v.SetDestination(0, 5)
		}},
		{"viewport destination half unset", "wp_viewport", 0, func(c *testClient) {
			v, _ := viewport(c)
			v.SetDestination(-1, 5)
		}},
		{"viewport fractional size", "wp_viewport", 1, func(c *testClient) {
			v, s := viewport(c)
			s.Attach(c.buffer(4, 4, 0), 0, 0)
			v.SetSource(0, 0, fix(1.5), fix(2))
			s.Commit()
		}},
		{"viewport out of the buffer", "wp_viewport", 2, func(c *testClient) {
			v, s := viewport(c)
			s.Attach(c.buffer(4, 4, 0), 0, 0)
			v.SetSource(fix(3), 0, fix(2), fix(2))
			s.Commit()
		}},
		{"viewport out of a smaller buffer", "wp_viewport", 2, func(c *testClient) {
			v, s := viewport(c)
			s.Attach(c.buffer(4, 4, 0), 0, 0)
			v.SetSource(0, 0, fix(4), fix(4))
			s.Commit()
			s.Attach(c.buffer(2, 2, 0), 0, 0)
			s.Commit()
		}},
		{"viewport source without a surface", "wp_viewport", 3, func(c *testClient) {
			v, s := viewport(c)
			s.Destroy()
			v.SetSource(0, 0, fix(1), fix(1))
		}},
		{"viewport destination without a surface", "wp_viewport", 3, func(c *testClient) {
			v, s := viewport(c)
			s.Destroy()
			v.SetDestination(1, 1)
		}},

		{"touch that the seat never had", "wl_seat", 0, func(c *testClient) { seat(c).GetTouch() }},
		{"cursor of a toplevel's surface", "wl_pointer", 0, func(c *testClient) {
			seat(c).GetPointer().SetCursor(0, c.toplevel("w").surf, 0, 0)
		}},
		{"cursor with an xdg_surface", "wl_pointer", 0, func(c *testClient) {
			s := c.surface("s")
			c.wm.GetXdgSurface(s)
			seat(c).GetPointer().SetCursor(0, s, 0, 0)
		}},
		{"cursor shape", "wp_cursor_shape_device_v1", 1, func(c *testClient) {
			m := bind[client.WpCursorShapeManagerV1](c, &protocol.WpCursorShapeManagerV1Interface, 2)
			m.GetPointer(seat(c).GetPointer()).SetShape(0, 999)
		}},
		{"cursor shape of version 2", "wp_cursor_shape_device_v1", 1, func(c *testClient) {
			m := bind[client.WpCursorShapeManagerV1](c, &protocol.WpCursorShapeManagerV1Interface, 1)
			m.GetPointer(seat(c).GetPointer()).SetShape(0, protocol.WpCursorShapeDeviceV1ShapeDndAsk)
		}},

		{"source actions", "wl_data_source", 0, func(c *testClient) { source(c).SetActions(8) }},
		{"source actions twice", "wl_data_source", 1, func(c *testClient) {
			s := source(c)
			s.SetActions(1)
			s.SetActions(1)
		}},

		{"screencopy twice", "zwlr_screencopy_frame_v1", 0, func(c *testClient) {
			f := frame(c)
			b := c.buffer(testMode.W, testMode.H, 0)
			f.Copy(b)
			f.Copy(b)
		}},
		{"screencopy size", "zwlr_screencopy_frame_v1", 1, func(c *testClient) { frame(c).Copy(c.buffer(3, 3, 0)) }},
		{"screencopy into a single pixel", "zwlr_screencopy_frame_v1", 1, func(c *testClient) {
			m := bind[client.WpSinglePixelBufferManagerV1](c, &protocol.WpSinglePixelBufferManagerV1Interface, 1)
			frame(c).Copy(m.CreateU32RgbaBuffer(0, 0, 0, 0))
		}},

		{"virtual axis", "zwlr_virtual_pointer_v1", 0, func(c *testClient) { vptr(c).Axis(0, 2, 0) }},
		{"virtual axis stop", "zwlr_virtual_pointer_v1", 0, func(c *testClient) { vptr(c).AxisStop(0, 2) }},
		{"virtual axis discrete", "zwlr_virtual_pointer_v1", 0, func(c *testClient) { vptr(c).AxisDiscrete(0, 2, 0, 1) }},
		{"virtual axis source", "zwlr_virtual_pointer_v1", 1, func(c *testClient) { vptr(c).AxisSource(9) }},
		{"virtual key without a keymap", "zwp_virtual_keyboard_v1", 0, func(c *testClient) { vkbd(c).Key(0, 30, 1) }},
		{"virtual modifiers without a keymap", "zwp_virtual_keyboard_v1", 0, func(c *testClient) { vkbd(c).Modifiers(1, 0, 0, 0) }},
		{"virtual keymap format", "zwp_virtual_keyboard_v1", 0, func(c *testClient) {
			vkbd(c).Keymap(0, c.memory(16, false).fd, 16)
		}},
		{"virtual keymap size", "zwp_virtual_keyboard_v1", 0, func(c *testClient) {
			vkbd(c).Keymap(1, c.memory(16, false).fd, 1<<31)
		}},
		{"virtual keymap nonsense", "zwp_virtual_keyboard_v1", 0, func(c *testClient) {
			vkbd(c).Keymap(1, c.memory(16, false).fd, 16)
		}},
		{"virtual keymap in a pipe", "zwp_virtual_keyboard_v1", 0, func(c *testClient) {
			vkbd(c).Keymap(1, c.f.pipe(), 16)
		}},
		{"too many surfaces", display, 2, func(c *testClient) {
			for range maxSurfaces + 1 {
				c.comp.CreateSurface()
			}
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := newFixture(t)
			other, c := f.connect(), f.connect()
			tc.do(c)
			c.wantError(tc.iface, tc.code)
			other.expect("")
		})
	}
}
