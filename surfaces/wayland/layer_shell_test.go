package wayland

import (
	"strings"
	"testing"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/scene"
	"rayos/surfaces/seat"
)

// testPanels is the fixture's side of layer surfaces.
type testPanels struct {
	trees    [layers]*scene.Tree
	noOutput bool
	lock     *scene.Tree
}

func (s *testShell) LayerTree(l Layer) *scene.Tree {
	if s.panels.trees[0] == nil {
		for i := range s.panels.trees {
			s.panels.trees[i] = s.f.core.Scene.Root().NewTree()
		}
		s.panels.trees[LayerBackground].Lower()
		s.panels.trees[LayerBottom].PlaceAbove(s.panels.trees[LayerBackground])
	}
	return s.panels.trees[l]
}

func (s *testShell) PreferredOutput() *Output {
	if s.panels.noOutput {
		return nil
	}
	return s.f.out
}

func (s *testShell) UsableChanged(o *Output, usable geom.Rect) {
	s.note("usable %s %v", o.Info.Name, usable)
}

func (s *testShell) KeyboardChanged() {
	if s.f.srv.Locked() {
		s.f.seat.SetKeyboardFocus(s.f.srv.LockFocus(s.f.seat.Position().Floor()))
		return
	}
	s.f.seat.SetKeyboardFocus(s.f.srv.PanelFocus())
}

// panel is a layer surface and what its configures said.
type panel struct {
	c    *testClient
	surf *client.WlSurface
	lay  *client.ZwlrLayerSurfaceV1
	last uint32
	size geom.Size
}

func (c *testClient) layerShell() *client.ZwlrLayerShellV1 {
	return bind[client.ZwlrLayerShellV1](c, &protocol.ZwlrLayerShellV1Interface, 5)
}

// panel makes a layer surface that has not committed yet.
func (c *testClient) panel(sh *client.ZwlrLayerShellV1, name string, out *client.WlOutput, l Layer) *panel {
	p := &panel{c: c, surf: c.surface(name)}
	p.lay = sh.GetLayerSurface(p.surf, out, protocol.ZwlrLayerShellV1Layer(l), "test")
	c.label(p.lay, name+".layer")
	p.lay.OnConfigure = func(serial, w, h uint32) { p.last, p.size = serial, geom.Size{W: int32(w), H: int32(h)} }
	return p
}

const (
	anchorTop    = protocol.ZwlrLayerSurfaceV1AnchorTop
	anchorBottom = protocol.ZwlrLayerSurfaceV1AnchorBottom
	anchorLeft   = protocol.ZwlrLayerSurfaceV1AnchorLeft
	anchorRight  = protocol.ZwlrLayerSurfaceV1AnchorRight
)

// bar asks to be as wide as the output at its top, with a zone.
func (p *panel) bar(height int32) *panel {
	p.lay.SetAnchor(anchorTop | anchorLeft | anchorRight)
	p.lay.SetSize(0, uint32(height))
	p.lay.SetExclusiveZone(height)
	return p
}

// show makes the initial commit, answers it and maps the panel.
func (p *panel) show(color uint32) *panel {
	p.c.t.Helper()
	p.surf.Commit()
	p.c.ok()
	p.lay.AckConfigure(p.last)
	p.surf.Attach(p.c.buffer(p.size.W, p.size.H, color), 0, 0)
	p.surf.Commit()
	p.c.ok()
	return p
}

func (f *fixture) wantPixels(want map[[2]int32]uint32) {
	f.t.Helper()
	f.draw()
	for at, color := range want {
		if got := f.at(at[0], at[1]); got != color {
			f.t.Errorf("pixel %d,%d = %06x; want %06x", at[0], at[1], got, color)
		}
	}
}

func TestPanelIsConfiguredAndTakesItsZone(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	sh := c.layerShell()
	p := c.panel(sh, "bar", nil, LayerTop).bar(30)
	p.lay.SetMargin(4, 10, 0, 10)
	p.surf.Commit()
	c.expect(`bar.layer.configure(#, 620, 30)`)
	compare(t, "shell", f.shell.take(), "")
	p.lay.AckConfigure(p.last)
	p.surf.Attach(c.buffer(620, 30, 0xff00), 0, 0)
	p.surf.Commit()
	c.ok()
	compare(t, "shell", f.shell.take(), "usable TEST-1 640x446+0+34")
	f.wantPixels(map[[2]int32]uint32{{9, 10}: 0, {10, 4}: 0xff00, {629, 33}: 0xff00, {10, 34}: 0, {10, 3}: 0})
	if want := geom.XYWH(0, 34, 640, 446); f.out.Usable() != want {
		t.Errorf("usable %v; want %v", f.out.Usable(), want)
	}
	// Without content it takes nothing, and starts again from the beginning.
	p.surf.Attach(nil, 0, 0)
	p.surf.Commit()
	c.ok()
	compare(t, "shell", f.shell.take(), "usable TEST-1 640x480+0+0")
	c.take()
	p.surf.Commit()
	c.expect(`bar.layer.configure(#, 620, 30)`)
	p.lay.AckConfigure(p.last)
	p.surf.Attach(c.buffer(620, 30, 0xff00), 0, 0)
	p.surf.Commit()
	c.ok()
	compare(t, "shell", f.shell.take(), "usable TEST-1 640x446+0+34")
	p.lay.Destroy()
	p.surf.Destroy()
	c.ok()
	compare(t, "shell", f.shell.take(), "usable TEST-1 640x480+0+0")
	f.wantPixels(map[[2]int32]uint32{{10, 10}: 0})
}

func TestPanelsChangeEachOther(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	sh := c.layerShell()
	side := c.panel(sh, "side", nil, LayerTop)
	side.lay.SetAnchor(anchorLeft | anchorTop | anchorBottom)
	side.lay.SetSize(50, 0)
	side.lay.SetExclusiveZone(50)
	side.show(0xff)
	c.take()
	// The overlay comes first, whoever is older.
	bar := c.panel(sh, "bar", nil, LayerOverlay).bar(40).show(0xff00)
	c.expect(`
		bar.layer.configure(#, 640, 40)
		buffer.release()
		side.layer.configure(#, 50, 440)`)
	// Until it has answered, the panel keeps its size, at its place.
	f.wantPixels(map[[2]int32]uint32{{10, 39}: 0xff00, {10, 40}: 0xff, {49, 300}: 0xff, {50, 300}: 0})
	// The state of a panel waits for its commit.
	f.shell.take()
	c.roundtrip()
	c.take()
	bar.lay.SetAnchor(anchorBottom | anchorLeft | anchorRight)
	bar.lay.SetLayer(protocol.ZwlrLayerShellV1LayerBottom)
	c.expect("")
	bar.surf.Commit()
	c.expect(`
		side.layer.configure(#, 50, 480)
		bar.layer.configure(#, 590, 40)`)
	compare(t, "shell", f.shell.take(), "usable TEST-1 590x440+50+0")
}

func TestLayersLieBelowAndAboveWindows(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	sh := c.layerShell()
	square := func(name string, l Layer, at int32, color uint32) *panel {
		p := c.panel(sh, name, nil, l)
		p.lay.SetAnchor(anchorTop | anchorLeft)
		p.lay.SetSize(100, 100)
		p.lay.SetMargin(at, 0, 0, at)
		return p.show(color)
	}
	square("over", LayerOverlay, 60, 0x440000)
	square("top", LayerTop, 40, 0x330000)
	square("bottom", LayerBottom, 10, 0x220000)
	back := square("back", LayerBackground, 0, 0x110000)
	f.shell.at = geom.Point{X: 20, Y: 20}
	c.window("win", 100, 100, 0xff)
	f.wantPixels(map[[2]int32]uint32{{5, 5}: 0x110000, {15, 15}: 0x220000, {30, 30}: 0xff, {50, 50}: 0x330000, {70, 70}: 0x440000})
	back.lay.SetLayer(protocol.ZwlrLayerShellV1LayerOverlay)
	back.surf.Commit()
	c.ok()
	f.wantPixels(map[[2]int32]uint32{{15, 15}: 0x110000, {70, 70}: 0x110000})
}

func TestPanelOfAClientsOwnSize(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	p := c.panel(c.layerShell(), "note", nil, LayerTop)
	p.lay.SetAnchor(anchorBottom | anchorRight)
	p.lay.SetSize(100, 100)
	p.show(0xff)
	p.surf.Attach(c.buffer(50, 20, 0xff00), 0, 0)
	p.surf.Commit()
	c.ok()
	f.wantPixels(map[[2]int32]uint32{{540, 380}: 0xff00, {589, 399}: 0xff00, {590, 390}: 0, {539, 390}: 0})
}

func TestPanelFollowsItsOutput(t *testing.T) {
	f := newFixture(t)
	second := f.addOutput("TEST-2", geom.Point{X: 640}, geom.Size{W: 800, H: 600}, geom.ScaleOne, geom.Normal)
	c := f.connect()
	var outs []*client.WlOutput
	for _, g := range c.globals {
		if g.Interface == "wl_output" {
			o := new(client.WlOutput)
			c.reg.Bind(g.Name, o, &protocol.WlOutputInterface, 4)
			outs = append(outs, o)
		}
	}
	sh := c.layerShell()
	p := c.panel(sh, "bar", outs[1], LayerTop).bar(30).show(0xff)
	f.shell.take()
	c.take()
	st := OutputState{Info: second.Info, Scale: geom.ScaleOne, Logical: geom.XYWH(640, 0, 1000, 600)}
	second.Update(st)
	compare(t, "shell", f.shell.take(), "usable TEST-2 1000x570+640+30")
	c.roundtrip()
	if !strings.Contains(c.take(), "bar.layer.configure(#, 1000, 30)") {
		t.Error("the panel was not told of the new width")
	}
	second.Remove()
	c.roundtrip()
	if !strings.Contains(c.take(), "bar.layer.closed()") {
		t.Error("the panel was not told that its output is gone")
	}
	// What crosses the removal is no error.
	p.lay.AckConfigure(p.last)
	p.lay.SetSize(1, 1)
	p.surf.Attach(c.buffer(10, 10, 0xff), 0, 0)
	p.surf.Commit()
	c.ok()
	late := c.panel(sh, "late", outs[1], LayerTop).bar(10)
	c.expect(`
		buffer.release()
		late.layer.closed()`)
	late.lay.Destroy()
	second.Scene.Destroy()
}

func TestPanelWithoutAnyOutput(t *testing.T) {
	f := newFixture(t)
	f.shell.panels.noOutput = true
	c := f.connect()
	p := c.panel(c.layerShell(), "bar", nil, LayerTop).bar(30)
	c.expect(`bar.layer.closed()`)
	pop := c.popup("menu", nil, c.placed(10, 10))
	p.lay.GetPopup(pop.pop)
	c.expect(`menu.pop.popup_done()`)
}

func TestTooManyPanels(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	c.quiet = true
	sh := c.layerShell()
	var p *panel
	for range maxLayerSurfaces + 1 {
		p = c.panel(sh, "bar", nil, LayerTop).bar(1)
	}
	closed := false
	p.lay.OnClosed = func() { closed = true }
	c.ok()
	if !closed {
		t.Error("there is no end of panels")
	}
}

func TestPanelAndTheKeyboard(t *testing.T) {
	const (
		none      = protocol.ZwlrLayerSurfaceV1KeyboardInteractivityNone
		exclusive = protocol.ZwlrLayerSurfaceV1KeyboardInteractivityExclusive
		demand    = protocol.ZwlrLayerSurfaceV1KeyboardInteractivityOnDemand
	)
	f := newFixture(t)
	f.seat.Listen(&seat.Listener{Press: func(fo seat.Focus) { f.srv.PanelPressed(fo) }})
	c := f.connect()
	sh := c.layerShell()
	show := func(name string, l Layer, x int32, keys protocol.ZwlrLayerSurfaceV1KeyboardInteractivity) *panel {
		p := c.panel(sh, name, nil, l)
		p.lay.SetAnchor(anchorTop | anchorLeft)
		p.lay.SetSize(10, 10)
		p.lay.SetMargin(0, 0, 0, x)
		p.lay.SetKeyboardInteractivity(keys)
		return p.show(0xff)
	}
	focus := func(want *panel) {
		t.Helper()
		c.ok()
		var f1 seat.Focus
		if want != nil {
			f1 = c.core(want.surf)
		}
		if got := f.seat.KeyboardFocus(); got != f1 {
			t.Fatalf("focus %v; want %v", got, f1)
		}
	}
	click := func(x float64) {
		f.seat.Refocus()
		f.motion(x, 5)
		f.button(btnLeft, true)
		f.button(btnLeft, false)
	}
	set := func(p *panel, keys protocol.ZwlrLayerSurfaceV1KeyboardInteractivity) {
		p.lay.SetKeyboardInteractivity(keys)
		p.surf.Commit()
	}
	show("quiet", LayerTop, 0, none)
	f.shell.at, f.shell.nofocus = geom.Point{X: 290}, true
	c.window("win", 20, 20, 0)
	focus(nil)
	polite := show("polite", LayerTop, 20, demand) // appears and is typed into
	focus(polite)
	click(300)
	bar := show("bar", LayerTop, 100, none)
	bar.lay.SetExclusiveZone(10)
	bar.surf.Attach(nil, 0, 0)
	bar.surf.Commit()
	bar.lay.SetKeyboardInteractivity(demand)
	bar.show(0xff) // as part of the desktop it waits to be asked for
	focus(nil)
	bar.lay.Destroy()
	low := show("low", LayerBottom, 40, exclusive)
	focus(nil)
	click(25)
	focus(polite)
	click(5)
	focus(polite)
	click(45)
	focus(low)
	click(300)
	focus(nil)
	click(25)
	top := show("top", LayerTop, 60, exclusive)
	focus(top)
	over := show("over", LayerOverlay, 80, exclusive)
	focus(over)
	click(65)
	focus(over)
	set(over, demand)
	focus(top)
	top.lay.Destroy()
	click(85)
	focus(over)
	f.srv.ReleaseDemand()
	focus(nil)
	click(85)
	set(over, none)
	focus(nil)
	set(over, exclusive)
	focus(over)
	over.surf.Attach(nil, 0, 0)
	over.surf.Commit()
	focus(nil)
	click(25)
	polite.lay.Destroy()
	polite.surf.Destroy()
	focus(nil)
}

func TestOldPanelsWantTheKeyboardOrNot(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	p := c.panel(bind[client.ZwlrLayerShellV1](c, &protocol.ZwlrLayerShellV1Interface, 3), "p", nil, LayerTop).bar(10)
	p.lay.SetKeyboardInteractivity(77)
	p.show(0xff)
	if f.seat.KeyboardFocus() != seat.Focus(c.core(p.surf)) {
		t.Error("a panel of version 3 does not get the keyboard")
	}
}

func TestPopupOfAPanel(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	sh := c.layerShell()
	p := c.panel(sh, "bar", nil, LayerTop)
	p.lay.SetAnchor(anchorBottom | anchorLeft | anchorRight)
	p.lay.SetSize(0, 30)
	p.show(0xff)
	pos := c.placed(40, 50)
	pos.SetAnchorRect(100, 0, 10, 30)
	pos.SetAnchor(protocol.XdgPositionerAnchorBottomLeft)
	pos.SetGravity(protocol.XdgPositionerGravityBottomRight)
	pos.SetConstraintAdjustment(protocol.XdgPositionerConstraintAdjustmentFlipY)
	pos.SetReactive()
	pop := c.popup("menu", nil, pos)
	p.lay.GetPopup(pop.pop)
	c.take()
	pop.show(40, 50)
	c.expect(`
		menu.pop.configure(100, -50, 40, 50)
		menu.xdg.configure(#)
		buffer.release()`)
	f.wantPixels(map[[2]int32]uint32{{100, 400}: 0xff00, {139, 449}: 0xff00, {140, 449}: 0, {100, 450}: 0xff})
	if got := c.core(pop.surf).panel(); got == nil || got.s != c.core(p.surf) {
		t.Error("the popup is not known as part of its panel")
	}
	// A nested one counts from the panel too, and both follow it.
	sub := c.popup("sub", pop.xdg, c.placed(10, 10))
	sub.show(10, 10)
	c.take()
	p.lay.SetAnchor(anchorTop | anchorLeft | anchorRight)
	p.surf.Commit()
	c.expect(`
		menu.pop.configure(100, 30, 40, 50)
		menu.xdg.configure(#)`)
	p.lay.Destroy()
	c.expect(`
		sub.pop.popup_done()
		menu.pop.popup_done()`)
	if c.core(sub.surf).panel() != nil {
		t.Error("a popup of a panel that is gone is still part of it")
	}
}

func TestPanelErrors(t *testing.T) {
	const shell, surface = "zwlr_layer_shell_v1", "zwlr_layer_surface_v1"
	type ctx struct {
		c  *testClient
		sh *client.ZwlrLayerShellV1
		p  *panel // anchored nowhere, without a size
	}
	for _, tc := range []struct {
		name  string
		iface string
		code  uint32
		do    func(x ctx)
	}{
		{"no layer", shell, uint32(protocol.ZwlrLayerShellV1ErrorInvalidLayer), func(x ctx) {
			x.sh.GetLayerSurface(x.c.surface("s"), nil, 4, "")
		}},
		{"a surface of another role", shell, uint32(protocol.ZwlrLayerShellV1ErrorRole), func(x ctx) {
			x.sh.GetLayerSurface(x.c.window("w", 10, 10, 0).surf, nil, 0, "")
		}},
		{"an xdg_surface", shell, uint32(protocol.ZwlrLayerShellV1ErrorRole), func(x ctx) {
			s := x.c.surface("s")
			x.c.wm.GetXdgSurface(s)
			x.sh.GetLayerSurface(s, nil, 0, "")
		}},
		{"twice", shell, uint32(protocol.ZwlrLayerShellV1ErrorRole), func(x ctx) {
			x.sh.GetLayerSurface(x.p.surf, nil, 0, "")
		}},
		{"a buffer before", shell, uint32(protocol.ZwlrLayerShellV1ErrorAlreadyConstructed), func(x ctx) {
			s := x.c.surface("s")
			s.Attach(x.c.buffer(1, 1, 0), 0, 0)
			x.sh.GetLayerSurface(s, nil, 0, "")
		}},
		{"a layer surface as a window", "xdg_wm_base", uint32(protocol.XdgWmBaseErrorRole), func(x ctx) {
			x.c.wm.GetXdgSurface(x.p.surf)
		}},
		{"no size", surface, uint32(protocol.ZwlrLayerSurfaceV1ErrorInvalidSize), func(x ctx) { x.p.surf.Commit() }},
		{"no width", surface, uint32(protocol.ZwlrLayerSurfaceV1ErrorInvalidSize), func(x ctx) {
			x.p.lay.SetSize(0, 10)
			x.p.lay.SetAnchor(anchorLeft)
			x.p.surf.Commit()
		}},
		{"a size beyond all", surface, uint32(protocol.ZwlrLayerSurfaceV1ErrorInvalidSize), func(x ctx) {
			x.p.lay.SetSize(1<<31, 10)
		}},
		{"no anchor", surface, uint32(protocol.ZwlrLayerSurfaceV1ErrorInvalidAnchor), func(x ctx) { x.p.lay.SetAnchor(16) }},
		{"no interactivity", surface, uint32(protocol.ZwlrLayerSurfaceV1ErrorInvalidKeyboardInteractivity), func(x ctx) {
			x.p.lay.SetKeyboardInteractivity(3)
		}},
		{"two exclusive edges", surface, uint32(protocol.ZwlrLayerSurfaceV1ErrorInvalidExclusiveEdge), func(x ctx) {
			x.p.lay.SetExclusiveEdge(anchorTop | anchorLeft)
		}},
		{"an exclusive edge that is not anchored", surface, uint32(protocol.ZwlrLayerSurfaceV1ErrorInvalidExclusiveEdge), func(x ctx) {
			x.p.lay.SetSize(10, 10)
			x.p.lay.SetAnchor(anchorTop)
			x.p.lay.SetExclusiveEdge(anchorLeft)
			x.p.surf.Commit()
		}},
		{"another layer that is none", shell, uint32(protocol.ZwlrLayerShellV1ErrorInvalidLayer), func(x ctx) {
			x.p.lay.SetLayer(4)
		}},
		{"the same without a shell", surface, uint32(protocol.ZwlrLayerShellV1ErrorInvalidLayer), func(x ctx) {
			x.sh.Destroy()
			x.p.lay.SetLayer(4)
		}},
		{"a buffer before the first configure", surface, uint32(protocol.ZwlrLayerSurfaceV1ErrorInvalidSurfaceState), func(x ctx) {
			x.p.bar(10)
			x.p.surf.Attach(x.c.buffer(1, 1, 0), 0, 0)
			x.p.surf.Commit()
		}},
		{"an unknown serial", surface, uint32(protocol.ZwlrLayerSurfaceV1ErrorInvalidSurfaceState), func(x ctx) {
			x.p.lay.AckConfigure(12345)
		}},
		{"a popup with a parent", surface, uint32(protocol.ZwlrLayerSurfaceV1ErrorInvalidSurfaceState), func(x ctx) {
			w := x.c.window("w", 10, 10, 0)
			x.p.lay.GetPopup(x.c.popup("p", w.xdg, x.c.placed(1, 1)).pop)
		}},
		{"a popup without any parent", "xdg_wm_base", uint32(protocol.XdgWmBaseErrorInvalidPopupParent), func(x ctx) {
			x.c.popup("p", nil, x.c.placed(1, 1)).surf.Commit()
		}},
		{"the surface first", "wl_surface", uint32(protocol.WlSurfaceErrorDefunctRoleObject), func(x ctx) { x.p.surf.Destroy() }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			f := newFixture(t)
			c := f.connect()
			sh := c.layerShell()
			tc.do(ctx{c, sh, c.panel(sh, "panel", nil, LayerTop)})
			c.wantError(tc.iface, tc.code)
		})
	}
}

func TestPanelDropsOldQuestions(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	c.quiet = true
	p := c.panel(c.layerShell(), "bar", nil, LayerTop).bar(10).show(0xff)
	s := c.core(p.surf).role.(*layerSurface)
	first := p.last
	for i := range maxAcks + 2 {
		p.lay.SetSize(0, uint32(20+i%2))
		p.surf.Commit()
		c.ok()
		if i == 0 {
			first = p.last
		}
	}
	if len(s.asked) != maxAcks {
		t.Errorf("%d questions are kept; want %d", len(s.asked), maxAcks)
	}
	p.lay.AckConfigure(p.last)
	c.ok()
	p.lay.AckConfigure(first)
	c.wantError("zwlr_layer_surface_v1", uint32(protocol.ZwlrLayerSurfaceV1ErrorInvalidSurfaceState))
}
