package session

import (
	"testing"
	"time"

	"rayos/geom"
	"rayos/shell/control"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/wm"
)

// deskPanel is a panel that takes every size it is asked for.
type deskPanel struct {
	deskWindow
	layer *client.ZwlrLayerSurfaceV1
}

func (c *deskClient) panel(l protocol.ZwlrLayerShellV1Layer, set func(*client.ZwlrLayerSurfaceV1)) *deskPanel {
	c.d.t.Helper()
	sh := &client.ZwlrLayerShellV1{}
	c.bind(sh, &protocol.ZwlrLayerShellV1Interface, 5)
	p := &deskPanel{deskWindow: deskWindow{c: c, surface: c.comp.CreateSurface()}}
	p.layer = sh.GetLayerSurface(p.surface, nil, l, "panel")
	p.layer.OnConfigure = func(serial, w, h uint32) {
		p.layer.AckConfigure(serial)
		p.size = geom.Size{W: int32(w), H: int32(h)}
		p.draw()
	}
	p.layer.OnClosed = func() { p.closed = true }
	set(p.layer)
	p.surface.Commit()
	c.d.pass(time.Second / 10)
	return p
}

func bottomBar(l *client.ZwlrLayerSurfaceV1) {
	l.SetAnchor(protocol.ZwlrLayerSurfaceV1AnchorBottom | protocol.ZwlrLayerSurfaceV1AnchorLeft | protocol.ZwlrLayerSurfaceV1AnchorRight)
	l.SetSize(0, 40)
	l.SetExclusiveZone(40)
}

func TestWindowsGiveWayToPanels(t *testing.T) {
	d := newDesk(t)
	c := d.connect()
	w := c.open(geom.Size{W: 300, H: 200})
	if err := d.ctl.SetState(w.id, "maximize"); err != nil {
		t.Fatal(err)
	}
	d.pass(time.Second / 5)
	p := c.panel(protocol.ZwlrLayerShellV1LayerTop, bottomBar)
	d.pass(time.Second / 5)
	sw := d.session.windows[d.session.stackID(w.id)]
	if want := geom.XYWH(0, 0, 800, 560); sw.spot.Frame != want {
		t.Errorf("the maximised window has %v; want %v", sw.spot.Frame, want)
	}
	// A fullscreen window lies above the panel, and below it again later.
	top := func(want bool) {
		t.Helper()
		d.pass(time.Second / 5)
		b, _ := d.session.scene.At(geom.FPoint{X: 400, Y: 590})
		if got := b == sw.guest.Surface.Node(); got != want {
			t.Errorf("the window lies above the panel: %v; want %v", got, want)
		}
	}
	top(false)
	d.session.do(wm.Fullscreen{ID: sw.id, To: wm.On})
	top(true)
	if sw.spot.Frame != geom.XYWH(0, 0, 800, 600) {
		t.Errorf("the fullscreen window has %v", sw.spot.Frame)
	}
	d.session.do(wm.Fullscreen{ID: sw.id, To: wm.Off})
	top(false)
	p.layer.Destroy()
	d.pass(time.Second / 5)
	if want := geom.XYWH(0, 0, 800, 600); sw.spot.Frame != want {
		t.Errorf("without the panel the window has %v", sw.spot.Frame)
	}
}

func TestPanelKeepsItsZoneThroughAModeChange(t *testing.T) {
	d := newDesk(t)
	c := d.connect()
	p := c.panel(protocol.ZwlrLayerShellV1LayerTop, bottomBar)
	h := d.headTool()
	h.apply(func(k *client.ZwlrOutputConfigurationHeadV1) { k.SetCustomMode(1000, 700, 0) })
	d.pass(time.Second / 5)
	if p.size != (geom.Size{W: 1000, H: 40}) {
		t.Errorf("the panel was asked for %v", p.size)
	}
	if got, want := d.session.outputs[0].global.Usable(), geom.XYWH(0, 0, 1000, 660); got != want {
		t.Errorf("usable %v; want %v", got, want)
	}
	w := c.open(geom.Size{W: 300, H: 200})
	if err := d.ctl.SetState(w.id, "maximize"); err != nil {
		t.Fatal(err)
	}
	d.pass(time.Second / 5)
	if got, want := d.session.windows[d.session.stackID(w.id)].spot.Frame, geom.XYWH(0, 0, 1000, 660); got != want {
		t.Errorf("the maximised window has %v; want %v", got, want)
	}
	h.apply(nil)
	if !p.closed {
		t.Error("the panel was not told that its output is gone")
	}
	if d.session.PreferredOutput() != nil {
		t.Error("there is an output to prefer")
	}
}

func TestKeyboardGoesBetweenPanelsAndWindows(t *testing.T) {
	d := newDesk(t)
	c := d.connect()
	a, b := c.open(geom.Size{W: 200, H: 100}), c.open(geom.Size{W: 200, H: 100})
	var on *client.WlSurface
	c.seat.GetKeyboard().OnEnter = func(_ uint32, s *client.WlSurface, _ []byte) { on = s }
	focus := func(want *client.WlSurface) {
		t.Helper()
		d.pass(time.Second / 10)
		if on != want {
			t.Fatalf("the keyboard is at %v; want %v", on, want)
		}
	}
	focus(b.surface)
	launcher := c.panel(protocol.ZwlrLayerShellV1LayerOverlay, func(l *client.ZwlrLayerSurfaceV1) {
		l.SetSize(100, 100)
		l.SetKeyboardInteractivity(protocol.ZwlrLayerSurfaceV1KeyboardInteractivityExclusive)
	})
	focus(launcher.surface)
	if err := d.ctl.Focus(a.id); err != nil {
		t.Fatal(err)
	}
	focus(launcher.surface)
	launcher.layer.Destroy()
	focus(a.surface)
	polite := c.panel(protocol.ZwlrLayerShellV1LayerTop, func(l *client.ZwlrLayerSurfaceV1) {
		bottomBar(l)
		l.SetKeyboardInteractivity(protocol.ZwlrLayerSurfaceV1KeyboardInteractivityOnDemand)
	})
	focus(a.surface)
	if err := d.ctl.PointerMove(geom.FPoint{X: 400, Y: 590}, false); err != nil {
		t.Fatal(err)
	}
	if err := d.ctl.Button(btnLeft, control.Tap); err != nil {
		t.Fatal(err)
	}
	focus(polite.surface)
	if err := d.ctl.Focus(b.id); err != nil {
		t.Fatal(err)
	}
	focus(b.surface)
}
