package session

import (
	"rayos/gpu/display"
	"rayos/gpu/render"
	"rayos/surfaces/wayland"
)

// tint is an output whose colours are corrected: its picture is drawn into
// memory of its own and goes through the table into the framebuffer.
type tint struct {
	table   *display.Gamma
	picture render.Pixels
	drawn   bool // picture holds the last frame
}

// GammaSize implements wayland.GammaShell. Frames in the memory of a GPU are
// not reached.
func (s *Session) GammaSize(*wayland.Output) int {
	if _, gpu := s.render.(render.TargetMaker); gpu {
		return 0
	}
	return display.GammaSize
}

// SetGamma implements wayland.GammaShell.
func (s *Session) SetGamma(g *wayland.Output, ramps []uint16) {
	o, ok := g.Data.(*output)
	if !ok {
		return
	}
	if ramps == nil {
		o.tint = nil
	} else {
		t := &tint{table: display.NewGamma(ramps)}
		if o.tint != nil && o.front != nil {
			t.picture = o.tint.picture
		}
		o.tint = t
	}
	s.cursor.show() // a cursor of the display's own would keep its colours
	o.scene.DamageAll()
	o.queue()
}

// drawTinted is draw with corrected colours.
func (o *output) drawTinted(target *render.Pixels, age int) error {
	t := o.tint
	if t.picture.Size() != target.Size() {
		t.picture, t.drawn = render.NewPixels(target.W, target.H, render.XRGB8888), false
	}
	had := 0
	if t.drawn {
		had = 1
	}
	damage, err := o.scene.Render(o.s.render, &t.picture, had)
	if err != nil {
		return err
	}
	t.drawn = true
	t.table.Put(target, &t.picture, damage, age)
	if err := o.disp.Commit(display.Frame{Damage: damage}); err != nil {
		return err
	}
	o.shown(&t.picture, nil, damage)
	return nil
}
