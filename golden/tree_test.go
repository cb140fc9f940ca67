package golden_test

import (
	"testing"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/shell/control"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// TestSubsurfaces shows children above and below, a grandchild, one that is
// clipped by nothing but the output, and one cropped by a viewport.
func TestSubsurfaces(t *testing.T) {
	for _, scale := range []string{"1", "1.5"} {
		t.Run(scale, func(t *testing.T) {
			size := map[string]string{"1": "320x220", "1.5": "480x330"}[scale]
			d := newDesktop(t, size+"@"+scale)
			a := d.connect()
			// The middle is clear, so that what is below shows through.
			w := a.open(look{
				name: "parent", size: geom.Size{W: 200, H: 140}, at: geom.Point{X: 70, Y: 50}, translucent: true,
				paint: func(c *canvas) {
					card('1', paper, ink)(c)
					c.fill(geom.XYWH(130, 30, 50, 80), 0)
				},
			})
			below, sub := w.subsurface(geom.Point{X: 110, Y: 20}, geom.Size{W: 60, H: 60}, card('2', green, paper))
			sub.PlaceBelow(w.surface)
			above, _ := w.subsurface(geom.Point{X: -30, Y: -20}, geom.Size{W: 80, H: 60}, card('3', amber, ink))
			above.subsurface(geom.Point{X: 50, Y: 35}, geom.Size{W: 44, H: 40}, card('F', violet, paper))
			above.surface.Commit()
			w.subsurface(geom.Point{X: 180, Y: 110}, geom.Size{W: 120, H: 90}, card('F', red, paper))
			crop, _ := w.subsurface(geom.Point{X: 20, Y: 90}, geom.Size{W: 80, H: 60}, card('2', blue, paper))
			view := a.viewporter.GetViewport(crop.surface)
			view.SetSource(geom.FixedFromInt(20), geom.FixedFromInt(10), geom.FixedFromInt(40), geom.FixedFromInt(40))
			view.SetDestination(60, 60)
			crop.surface.Commit()
			w.surface.Commit()
			d.settle()
			d.check("subsurfaces-" + scale)
			sub.PlaceAbove(crop.surface)
			w.surface.Commit()
			below.redraw()
			d.check("subsurfaces-raised-" + scale)
		})
	}
}

// popup opens a menu of an xdg surface.
func (w *window) popup(parent *client.XdgSurface, set func(*client.XdgPositioner), size geom.Size, paint func(*canvas), grab bool) *client.XdgSurface {
	w.a.t.Helper()
	pos := w.a.wm.CreatePositioner()
	pos.SetSize(size.W, size.H)
	set(pos)
	v := w.a.newView(size, paint)
	xdg := w.a.wm.GetXdgSurface(v.surface)
	p := xdg.GetPopup(parent, pos)
	pos.Destroy()
	p.OnConfigure = func(_, _, width, height int32) { v.size = geom.Size{W: width, H: height} }
	p.OnPopupDone = func() { w.a.t.Error("a popup was dismissed") }
	xdg.OnConfigure = func(serial uint32) {
		xdg.AckConfigure(serial)
		v.redraw()
	}
	if grab {
		p.Grab(w.a.seat, w.a.pressed)
	}
	v.surface.Commit()
	w.a.d.settle()
	return xdg
}

// menu is the content of a popup.
func menu(c *canvas) {
	c.fillPixels(c.size().Rect(), ink)
	c.fillPixels(c.size().Rect().Inset(1), paper)
	for y := int32(6); y+8 < c.h; y += 14 {
		if y == 20 {
			c.fill(geom.XYWH(2, y-4, c.w-4, 14), blue)
			c.fill(geom.XYWH(8, y, (c.w-16)*3/4, 6), paper)
			continue
		}
		c.fill(geom.XYWH(8, y, (c.w-16)*(3+y%3)/6, 6), render.RGBA(120, 126, 138, 255))
	}
}

// TestPopups opens a menu with a submenu, and one that has to flip and slide to
// stay on the output.
func TestPopups(t *testing.T) {
	d := newDesktop(t, "360x240")
	a := d.connect()
	const all = protocol.XdgPositionerConstraintAdjustmentFlipX | protocol.XdgPositionerConstraintAdjustmentFlipY |
		protocol.XdgPositionerConstraintAdjustmentSlideX | protocol.XdgPositionerConstraintAdjustmentSlideY
	below := func(x, y, w, h int32) func(*client.XdgPositioner) {
		return func(p *client.XdgPositioner) {
			p.SetAnchorRect(x, y, w, h)
			p.SetAnchor(protocol.XdgPositionerAnchorBottomLeft)
			p.SetGravity(protocol.XdgPositionerGravityBottomRight)
			p.SetConstraintAdjustment(all)
		}
	}
	w := a.open(look{name: "app", size: geom.Size{W: 220, H: 140}, at: geom.Point{X: 20, Y: 20}, paint: document(paper, blue, ink), decorated: false})
	corner := a.open(look{name: "corner", size: geom.Size{W: 110, H: 90}, at: geom.Point{X: 240, Y: 140}, paint: card('2', amber, ink)})
	d.pointer(60, 30)
	d.do(d.ctl.Button(btnLeft, control.Press))
	first := w.popup(w.xdg, below(10, 0, 40, 18), geom.Size{W: 100, H: 92}, menu, true)
	d.do(d.ctl.Button(btnLeft, control.Release))
	w.popup(first, func(p *client.XdgPositioner) {
		p.SetAnchorRect(0, 16, 100, 14)
		p.SetAnchor(protocol.XdgPositionerAnchorTopRight)
		p.SetGravity(protocol.XdgPositionerGravityBottomRight)
		p.SetConstraintAdjustment(all)
	}, geom.Size{W: 90, H: 64}, menu, false)
	corner.popup(corner.xdg, below(60, 60, 40, 20), geom.Size{W: 80, H: 70}, menu, false)
	d.display.Input().PointerLeft()
	d.checkWindows("popups")
}

// TestOverhangingSubsurfaceDoesNotGrowTheWindow: a window without a geometry of
// its own is as large as its surfaces together. A client that answers each size
// with a surface of that size, and a child beyond it, must not be asked for the
// sum again and again.
func TestOverhangingSubsurfaceDoesNotGrowTheWindow(t *testing.T) {
	d := newDesktop(t, "320x200")
	a := d.connect()
	w := a.open(look{name: "app", size: geom.Size{W: 80, H: 60}, at: geom.Point{X: 20, Y: 20}, paint: card('1', paper, ink)})
	w.subsurface(geom.Point{X: 70, Y: 50}, geom.Size{W: 20, H: 20}, flat(red))
	w.surface.Commit()
	d.settle()
	asked := 0
	w.xdg.OnConfigure = func(serial uint32) {
		if asked++; asked > 3 {
			return // the test has failed; no need to eat the machine
		}
		w.xdg.AckConfigure(serial)
		w.size = geom.Size{W: 120, H: 90}
		if asked > 1 {
			w.size = geom.Size{W: 120 + 4*int32(asked), H: 90}
		}
		w.redraw()
	}
	d.ctl.Resize(w.id, geom.Size{W: 110, H: 80}, func(err error) {
		if err != nil {
			t.Error(err)
		}
	})
	d.settle()
	if asked != 1 {
		t.Errorf("the window was asked %d times for a size; want once", asked)
	}
}
