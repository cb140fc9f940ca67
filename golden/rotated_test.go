package golden_test

import (
	"fmt"
	"testing"
	"time"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/shell/control"
)

// turned returns a picture as it is after t.
func turned(p render.Pixels, t geom.Transform) render.Pixels {
	c := canvas{w: p.W, h: p.H, scale: 1, pix: make([]render.Color, p.W*p.H)}
	for y := range p.H {
		for x := range p.W {
			c.pix[y*p.W+x] = render.Color(pixel(p, x, y))
		}
	}
	data, size := c.bytes(t)
	return render.Pixels{Data: data, W: size.W, H: size.H, Stride: 4 * size.W, Format: render.XRGB8888}
}

// rotatedScene fills a desktop whose layout is 250×180 and has the pointer
// over a button of a title bar. The place of the pointer comes from the
// output, as a mouse's or a finger's does.
func rotatedScene(t *testing.T, scale string, tr geom.Transform) *desktop {
	t.Helper()
	physical := map[string]geom.Size{"1": {W: 250, H: 180}, "1.5": {W: 375, H: 270}}[scale]
	d := newDesktop(t, fmt.Sprintf("%v@%s,transform=%v", tr.ApplySize(physical), scale, tr))
	callYourself(t, "rotated")
	a := d.connect()
	a.open(look{name: "card", size: geom.Size{W: 90, H: 70}, at: geom.Point{X: 140, Y: 96}, paint: card('F', violet, paper), scale: 2})
	w := a.open(look{
		name: "Notes", size: geom.Size{W: 150, H: 60}, at: geom.Point{X: 14, Y: 14},
		decorated: true, paint: document(paper, amber, ink),
	})
	frame := w.frame()
	at := geom.FRect{X0: float64(frame.X+frame.W-14) / 250, Y0: float64(frame.Y+17) / 180}
	at.X1, at.Y1 = at.X0, at.Y0
	on := tr.ApplyFRect(at, 1, 1)
	in := d.display.Input()
	in.PointerAbsolute(d.display.Outputs()[0], time.Second, on.X0, on.Y0)
	in.PointerFrame()
	d.settle()
	return d
}

// frame is where the session has the window.
func (w *window) frame() control.Rect {
	for _, v := range w.a.d.ctl.Windows() {
		if v.ID == w.id {
			return v.Frame
		}
	}
	return control.Rect{}
}

// TestRotatedOutputsShowTheSame: however an output is mounted, it shows what
// an upright one does, turned; and the pointer is where the hand is.
func TestRotatedOutputsShowTheSame(t *testing.T) {
	for _, scale := range []string{"1", "1.5"} {
		upright := rotatedScene(t, scale, geom.Normal).shot(0)
		for tr := geom.Rotate90; tr.Valid(); tr++ {
			t.Run(fmt.Sprintf("%s-%v", scale, tr), func(t *testing.T) {
				d := rotatedScene(t, scale, tr)
				d.wantRepaintSame(tr.String())
				if diff := difference(t, turned(upright, tr), d.shot(0)); diff != nil {
					t.Errorf("the picture is not that of an upright output: %v", diff)
				}
				if got := d.ctl.Outputs()[0]; got.Logical != (control.Rect{W: 250, H: 180}) || got.Transform != tr.String() {
					t.Errorf("the output is %+v; want 250×180 turned %v", got, tr)
				}
				// Screenshots are for people, who hold their heads upright.
				var shot render.Pixels
				d.ctl.Screenshot(control.Target{Cursor: true}, func(p render.Pixels, err error) {
					if err != nil {
						t.Error(err)
					}
					shot = p
				})
				d.settle()
				if diff := difference(t, upright, shot); diff != nil {
					t.Errorf("a screenshot is not upright: %v", diff)
				}
				if scale == "1" && (tr == geom.Rotate90 || tr == geom.Flipped) {
					d.check("rotated-" + tr.String())
				}
			})
		}
	}
}
