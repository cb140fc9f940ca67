package wayland

import (
	"math"
	"testing"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

func (c *testClient) alphaModifiers() *client.WpAlphaModifierV1 {
	return bind[client.WpAlphaModifierV1](c, &protocol.WpAlphaModifierV1Interface, 1)
}

func TestAlphaModifierBlendsTheSurface(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	c.window("below", 60, 60, 0x0000ff)
	w := c.window("above", 60, 60, 0xff0000)
	a := c.alphaModifiers().GetSurface(w.surf)
	shows := func(what string, want uint32) {
		t.Helper()
		c.ok()
		f.draw()
		if got := f.at(30, 30); got != want {
			t.Errorf("%s: pixel %06x; want %06x", what, got, want)
		}
	}
	shows("at first", 0xff0000)
	a.SetMultiplier(0)
	shows("before the commit", 0xff0000)
	// A change of alpha alone is damage, and what is below shows.
	w.surf.Commit()
	shows("transparent", 0x0000ff)
	a.SetMultiplier(math.MaxUint32 / 2)
	w.surf.Commit()
	shows("half", 0x7f0080)
	a.SetMultiplier(math.MaxUint32 - 1)
	w.surf.Commit()
	shows("as good as opaque", 0xff0000)
	a.SetMultiplier(1 << 31)
	w.surf.Commit()
	a.Destroy()
	shows("destroyed", 0x80007f)
	w.surf.Commit()
	shows("destroyed and committed", 0xff0000)
	c.alphaModifiers().GetSurface(w.surf).Destroy()
	c.ok()
}

func TestAlphaIsDamageAndEndsScanout(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.toplevel("full")
	w.surf.Commit()
	c.ok()
	w.ack()
	b, _ := c.bufferIn(testMode.W, testMode.H, 0x123456, true)
	w.surf.Attach(b, 0, 0)
	w.surf.Commit()
	c.ok()
	f.draw()
	if f.out.Scene.Scanout() == nil {
		t.Fatal("an opaque window over the whole output is not scanned out")
	}
	a := c.alphaModifiers().GetSurface(w.surf)
	a.SetMultiplier(math.MaxUint32 / 3)
	w.surf.Commit()
	c.ok()
	if f.out.Scene.Scanout() != nil {
		t.Error("a translucent window is scanned out")
	}
	if !f.out.Scene.Damaged() {
		t.Error("a change of alpha is no damage")
	}
	f.draw()
	w.surf.Commit()
	c.ok()
	if f.out.Scene.Damaged() {
		t.Error("the same alpha again is damage")
	}
	a.SetMultiplier(math.MaxUint32)
	w.surf.Commit()
	c.ok()
	if f.out.Scene.Scanout() == nil {
		t.Error("it is not scanned out when it is opaque again")
	}
}

func TestAlphaIsDamageInTheCaptureOfAWindow(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 20, 10, 0xff0000)
	r := f.recorder()
	s := r.window(0)
	f.draw()
	fr, _ := r.shot(s, 20, 10)
	f.draw()
	r.c.ok()
	r.c.take()
	fr.Destroy()
	fr, mem := r.shot(s, 20, 10)
	f.draw()
	c.alphaModifiers().GetSurface(w.surf).SetMultiplier(0)
	r.c.expect("")
	w.surf.Commit()
	c.ok()
	f.draw()
	r.c.ok()
	if got := mem.at(20, 5, 5); got != 0 {
		t.Errorf("the picture of a transparent window has a pixel %06x", got)
	}
	fr.Destroy()
}

func TestAlphaOfASynchronisedSubsurfaceWaitsForItsParent(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	w := c.window("win", 60, 60, 0xff0000)
	s := c.surface("sub")
	c.sub.GetSubsurface(s, w.surf)
	s.Attach(c.buffer(20, 20, 0x00ff00), 0, 0)
	s.Commit()
	w.surf.Commit()
	c.alphaModifiers().GetSurface(s).SetMultiplier(0)
	s.Commit()
	c.ok()
	f.draw()
	if got := f.at(5, 5); got != 0x00ff00 {
		t.Errorf("before the parent's commit the pixel is %06x", got)
	}
	w.surf.Commit()
	c.ok()
	f.draw()
	if got := f.at(5, 5); got != 0xff0000 {
		t.Errorf("after the parent's commit the pixel is %06x", got)
	}
	if in, _ := f.hit(geom.FPoint{X: 5, Y: 5}); in != c.core(s) {
		t.Error("a transparent surface takes no input")
	}
}

func TestAlphaModifierErrors(t *testing.T) {
	f := newFixture(t)
	c := f.connect()
	s := c.surface("s")
	m := c.alphaModifiers()
	m.GetSurface(s)
	m.GetSurface(s)
	c.wantError("wp_alpha_modifier_v1", uint32(protocol.WpAlphaModifierV1ErrorAlreadyConstructed))
	c = f.connect()
	s = c.surface("s")
	a := c.alphaModifiers().GetSurface(s)
	s.Destroy()
	a.SetMultiplier(1)
	c.wantError("wp_alpha_modifier_surface_v1", uint32(protocol.WpAlphaModifierSurfaceV1ErrorNoSurface))
	c = f.connect()
	s = c.surface("s")
	a = c.alphaModifiers().GetSurface(s)
	s.Destroy()
	a.Destroy()
	c.ok()
}
