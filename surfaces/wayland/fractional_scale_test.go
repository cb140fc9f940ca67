package wayland

import (
	"testing"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

func (c *testClient) fractional(s *client.WlSurface, name string) *client.WpFractionalScaleV1 {
	m := bind[client.WpFractionalScaleManagerV1](c, &protocol.WpFractionalScaleManagerV1Interface, 1)
	f := m.GetFractionalScale(s)
	c.label(f, name)
	m.Destroy()
	return f
}

func TestFractionalScaleIsToldBeforeTheFirstFrameAndWhenItChanges(t *testing.T) {
	f := newFixture(t)
	f.addOutput("TEST-2", geom.Point{X: 640}, geom.Size{W: 750, H: 600}, 150, geom.Normal)
	c := f.connect()
	w := c.toplevel("win")
	c.fractional(w.surf, "fraction")
	c.expect("fraction.preferred_scale(120)")

	// The person is on the other output now: that is where windows open.
	f.motion(700, 10)
	other := c.surface("other")
	fo := c.fractional(other, "far")
	c.expect("far.preferred_scale(150)")
	fo.Destroy()

	w.surf.Commit()
	c.ok()
	w.ack()
	w.surf.Attach(c.buffer(100, 50, 0), 0, 0)
	w.surf.Commit()
	c.ok()
	f.draw()
	c.ok()
	c.take()
	w.guest().Node.SetPosition(700, 0)
	f.srv.RefreshOutputs()
	c.expect(`
		win.preferred_buffer_scale(2)
		fraction.preferred_scale(150)`)
	f.srv.RefreshOutputs()
	c.expect("")

	// A child draws as its window does.
	child := c.surface("child")
	c.sub.GetSubsurface(child, w.surf)
	f.motion(10, 10)
	c.fractional(child, "childs")
	c.expect("childs.preferred_scale(150)")
}

func TestFractionalScaleOfAPopup(t *testing.T) {
	f := newFixture(t)
	f.addOutput("TEST-2", geom.Point{X: 640}, geom.Size{W: 750, H: 600}, 150, geom.Normal)
	c := f.connect()
	f.shell.at = geom.Point{X: 650}
	w := c.window("win", 100, 100, 0)
	f.draw()
	c.ok()
	p := c.wm.CreatePositioner()
	p.SetSize(10, 10)
	p.SetAnchorRect(0, 0, 1, 1)
	s := c.surface("menu")
	c.wm.GetXdgSurface(s).GetPopup(w.xdg, p)
	c.ok()
	c.take()
	c.fractional(s, "fraction")
	c.expect("fraction.preferred_scale(150)")
}

func TestFractionalScaleWithoutOutputs(t *testing.T) {
	f := newFixture(t)
	f.out.Remove()
	c := f.connect()
	s := c.surface("s")
	c.fractional(s, "fraction").Destroy()
	c.fractional(s, "fraction")
	c.expect("")
	s.Destroy() // the object stays, and stays silent
	c.expect("")
}

func TestFractionalScaleExists(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	s := c.surface("s")
	c.fractional(s, "a")
	c.fractional(s, "b")
	c.wantError("wp_fractional_scale_manager_v1", uint32(protocol.WpFractionalScaleManagerV1ErrorFractionalScaleExists))
}

// A window that draws at the preferred scale is shown as it is, pixel by
// pixel: text stays crisp.
func TestFractionalContentIsNotResampled(t *testing.T) {
	for _, scale := range []geom.Scale{150, 180, 210} {
		for _, size := range []geom.Size{{W: 100, H: 60}, {W: 101, H: 51}, {W: 33, H: 77}} {
			f := newFixture(t)
			f.out.Scene.Configure(geom.Point{}, testMode, scale, geom.Normal)
			f.out.Update(OutputState{Info: f.out.Info, Logical: f.out.Scene.Logical(), Scale: scale})
			c := f.connect()
			f.shell.at = geom.Point{X: 17, Y: 9}
			// Halfway cases round away from zero.
			bw, bh := (size.W*int32(scale)*2+120)/240, (size.H*int32(scale)*2+120)/240
			w := c.toplevel("win")
			w.surf.Commit()
			c.ok()
			w.ack()
			b, mem := c.bufferIn(bw, bh, 0, false)
			for y := range bh {
				for x := range bw {
					if (x+y)&1 != 0 {
						mem.fill(bw, geom.XYWH(x, y, 1, 1), 0xffffff)
					}
				}
			}
			vp := bind[client.WpViewporter](c, &protocol.WpViewporterInterface, 1).GetViewport(w.surf)
			vp.SetDestination(size.W, size.H)
			w.surf.Attach(b, 0, 0)
			w.surf.Commit()
			c.ok()
			f.draw()
			// The last row and column may be cut: geometry is in whole
			// logical pixels, whose edges need not be on physical ones.
			x0, y0 := scale.Apply(17), scale.Apply(9)
			for y := range bh - 1 {
				for x := range bw - 1 {
					want := uint32(0)
					if (x+y)&1 != 0 {
						want = 0xffffff
					}
					if got := f.at(x0+x, y0+y); got != want {
						t.Fatalf("scale %d, %v: pixel %d,%d is %06x; want %06x", scale, size, x, y, got, want)
					}
				}
			}
		}
	}
}
