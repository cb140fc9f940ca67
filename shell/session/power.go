package session

import (
	"slices"

	"rayos/geom"
	"rayos/gpu/display"
	"rayos/gpu/render"
	"rayos/surfaces/wayland"
)

// SetPower implements wayland.PowerShell. An output without power shows one
// black frame, and none after it.
func (s *Session) SetPower(g *wayland.Output, on bool) {
	o, ok := g.Data.(*output)
	if !ok || o.off == !on {
		return
	}
	o.off, o.darkAt = !on, 0
	s.moved = true
	o.scene.DamageAll()
	o.queue()
	g.PowerChanged(on)
}

// dark reports whether the output is off and its last frame is black.
func (o *output) dark() bool { return o.off && o.darkAt != 0 }

// unseen reports whether no output has power: nobody sees a clock.
func (s *Session) unseen() bool {
	return !slices.ContainsFunc(s.outputs, func(o *output) bool { return !o.off })
}

// drawBlack draws the one frame of an output that is turned off.
func (o *output) drawBlack() error {
	target, err := blacken(o.s.render, o.disp)
	if err != nil {
		return err
	}
	o.darkAt = o.frames + 1
	o.shown(target, nil, o.scene.TakeDamage())
	return nil
}

// blacken commits a black frame.
func blacken(r render.Renderer, d display.Output) (render.Target, error) {
	target, _, err := d.Framebuffer()
	if err != nil {
		return nil, err
	}
	all := geom.RegionOf(target.Size().Rect())
	pass, err := r.Begin(target)
	if err != nil {
		return nil, err
	}
	pass.Clear(render.RGBA(0, 0, 0, 255), &all)
	if err := pass.Submit(); err != nil {
		return nil, err
	}
	return target, d.Commit(display.Frame{Damage: &all})
}
