package rayapps

import (
	"fmt"

	"rayos/geom"
	"rayos/rayapps/paint"
	"rayos/surfaces/protocol/client"
)

// surface is what the compositor shows of the app at one place: its window, or a
// popup of it.
type surface struct {
	w        *Window
	wl       *client.WlSurface
	xdg      *client.XdgSurface
	viewport *client.WpViewport          // nil if there is none
	factor   *client.WpFractionalScaleV1 // nil if there is none
	corner   geom.Point                  // where it begins in the window
	size     geom.Size                   // logical
	scale    geom.Scale

	swap    swapchain
	stale   bool        // all of the next frame is new
	damage  geom.Region // what it has new, in physical pixels
	fresh   geom.Region
	waiting *client.WlCallback
	onFrame func(uint32)
}

// create makes the compositor's objects. Scaled is told the scale that it would
// like to have, if it says so for surfaces.
func (s *surface) create(w *Window, scaled func(geom.Scale)) {
	h := &w.host
	s.w, s.stale, s.swap.w = w, true, w
	s.wl = h.compositor.CreateSurface()
	if h.viewporter != nil {
		s.viewport = h.viewporter.GetViewport(s.wl)
	}
	if h.fractional != nil {
		s.factor = h.fractional.GetFractionalScale(s.wl)
		s.factor.OnPreferredScale = func(n uint32) { scaled(geom.Scale(min(max(n, 60), 120*16))) }
		return
	}
	s.wl.OnPreferredBufferScale = func(n int32) { scaled(geom.Scale(min(max(n, 1), 16)) * geom.ScaleOne) }
}

// resize gives it a size and a scale; the next frame is drawn anew.
func (s *surface) resize(size geom.Size, scale geom.Scale) {
	s.size, s.scale = size, scale
	s.swap.resize(geom.Size{W: max(scale.Apply(size.W), 1), H: max(scale.Apply(size.H), 1)})
	s.stale = true
	// A frame of another size isn't worth waiting for.
	s.wait(nil)
}

// wait waits for a frame callback instead of the one before.
func (s *surface) wait(c *client.WlCallback) {
	if s.waiting != nil {
		s.waiting.OnDone = nil
	}
	if s.waiting = c; c != nil {
		c.OnDone = s.onFrame
	}
}

// draw attaches what list shows, of which s.damage is new;
// all of it is if s is stale. The caller commits. It reports false if the
// compositor holds every buffer, or the app is at its end.
func (s *surface) draw(list *paint.List) bool {
	b, err := s.swap.acquire()
	if err != nil {
		s.w.end(fmt.Errorf("memory for a frame: %w", err))
		return false
	}
	if b == nil { // its release draws
		s.swap.starved, s.stale = true, true
		return false
	}
	d := &s.damage
	if s.stale {
		d.SetRect(s.swap.size.Rect())
	} else {
		d.IntersectRect(s.swap.size.Rect())
	}
	s.swap.damaged(d)
	if err := s.w.raster.Draw(paint.Target{Pixels: &b.pixels, Scale: s.scale}, list, &b.stale); err != nil {
		s.w.end(fmt.Errorf("draw: %w", err))
		return false
	}
	b.stale.Clear()
	s.attach(b)
	d.Clear()
	return true
}

// maxDamage is how many rectangles the compositor is told of; more are told as
// fewer that hold them.
const maxDamage = 32

func (s *surface) attach(b *buffer) {
	s.wl.Attach(b.wl, 0, 0)
	b.busy = true
	if s.viewport != nil {
		s.viewport.SetDestination(s.size.W, s.size.H)
	} else {
		s.wl.SetBufferScale(s.scale.Ceil())
	}
	s.damage.Simplify(maxDamage)
	for _, r := range s.damage.Rects() {
		s.wl.DamageBuffer(r.X0, r.Y0, r.W(), r.H())
	}
	s.wait(s.wl.Frame())
}

// changed notes what a frame has new, in logical pixels.
func (s *surface) changed(d *geom.Region) {
	s.fresh.Set(d)
	s.fresh.Scale(s.scale)
	s.damage.Union(&s.fresh)
}

// point returns where a place of the surface is in the window. Without a surface
// it is the window's.
func (s *surface) point(x, y geom.Fixed) geom.FPoint {
	p := geom.FPoint{X: x.Float(), Y: y.Float()}
	if s == nil {
		return p
	}
	return p.Add(s.corner.F())
}

// find returns the surface that the compositor means, or nil.
func (w *Window) find(wl *client.WlSurface) *surface {
	if wl == nil {
		return nil
	}
	if wl == w.wl {
		return &w.surface
	}
	for _, p := range w.popups {
		if p.wl == wl {
			return &p.surface
		}
	}
	return nil
}
