package golden_test

import (
	"fmt"
	"testing"

	"rayos/geom"
	"rayos/gpu/render"
)

func TestThreeOverlappingWindows(t *testing.T) {
	d := newDesktop(t, "480x300")
	a := d.connect()
	size := geom.Size{W: 220, H: 150}
	one := a.open(look{name: "one", size: size, at: geom.Point{X: 30, Y: 20}, paint: card('1', paper, ink)})
	a.open(look{name: "two", size: size, at: geom.Point{X: 130, Y: 70}, paint: card('2', render.RGBA(196, 222, 255, 255), ink)})
	a.open(look{name: "three", size: size, at: geom.Point{X: 230, Y: 120}, paint: card('3', render.RGBA(255, 226, 196, 255), ink)})
	d.checkWindows("overlap")
	d.do(d.ctl.Focus(one.id))
	d.checkWindows("overlap-raised")
}

func TestTranslucentWindows(t *testing.T) {
	d := newDesktop(t, "360x240")
	a := d.connect()
	a.open(look{name: "back", size: geom.Size{W: 220, H: 160}, at: geom.Point{X: 20, Y: 20}, paint: card('1', paper, ink)})
	// A ramp from clear to opaque in 16 steps.
	a.open(look{
		name: "ramp", size: geom.Size{W: 256, H: 60}, at: geom.Point{X: 60, Y: 60}, translucent: true,
		paint: func(c *canvas) {
			for i := range int32(16) {
				c.fill(geom.XYWH(16*i, 0, 16, c.h), render.RGBA(220, 68, 60, uint8(17*i)))
			}
		},
	})
	a.open(look{
		name: "glass", size: geom.Size{W: 140, H: 120}, at: geom.Point{X: 180, Y: 100}, translucent: true,
		paint: func(c *canvas) {
			c.fill(geom.XYWH(0, 0, c.w, c.h), render.RGBA(56, 112, 214, 96))
			c.fill(geom.XYWH(20, 20, c.w-40, c.h-40), 0)
			c.letter('F', geom.Point{X: 50, Y: 32}, 8, render.RGBA(255, 255, 255, 160))
		},
	})
	d.check("translucent")
}

// scales of the outputs that scenes are drawn on.
var scales = []string{"1", "1.25", "1.5", "2"}

// TestBufferTransforms shows the same picture eight times, stored in each
// orientation, from buffers of scale 1 and 2. The eight must look the same.
func TestBufferTransforms(t *testing.T) {
	const w, h, gap = 44, 34, 8
	for _, scale := range scales {
		t.Run(scale, func(t *testing.T) {
			var f geom.Scale
			for i, s := range scales {
				if s == scale {
					f = []geom.Scale{120, 150, 180, 240}[i]
				}
			}
			size := geom.Size{W: 4*(w+gap) + gap, H: 4*(h+gap) + gap}
			d := newDesktop(t, fmt.Sprintf("%dx%d@%s", f.Apply(size.W), f.Apply(size.H), scale))
			a := d.connect()
			base := a.open(look{name: "sheet", size: size, paint: flat(render.RGBA(60, 66, 78, 255))})
			for i := range int32(16) {
				at := geom.Point{X: gap + (w+gap)*(i%4), Y: gap + (h+gap)*(i/4)}
				v := a.newView(geom.Size{W: w, H: h}, card('F', paper, ink))
				v.transform, v.scale = geom.Transform(i%8), i/8+1
				sub := a.sub.GetSubsurface(v.surface, base.surface)
				sub.SetPosition(at.X, at.Y)
				sub.SetDesync()
				v.redraw()
			}
			base.surface.Commit()
			d.check("transforms-" + scale)
			if f%geom.ScaleOne != 0 {
				return // tiles begin at different fractions of a pixel
			}
			shot := d.shot(0)
			for i := range int32(16) {
				first := geom.Point{X: gap, Y: gap + (h+gap)*(i/8*2)}
				at := geom.Point{X: gap + (w+gap)*(i%4), Y: gap + (h+gap)*(i/4)}
				n := f.Ceil()
				for y := range h * n {
					for x := range w * n {
						want, got := pixel(shot, first.X*n+x, first.Y*n+y), pixel(shot, at.X*n+x, at.Y*n+y)
						if !sameColour(got, want) {
							t.Fatalf("transform %v, buffer scale %d: pixel %d,%d is %06x; want %06x",
								geom.Transform(i%8), i/8+1, x, y, got, want)
						}
					}
				}
			}
		})
	}
}
