package golden_test

import (
	"testing"

	"rayos/geom"
)

// TestFramesHaveStraightLines: at scales that divide nothing, a frame's sides
// begin and end in the same column beside the title bar and beside the content,
// wherever the window lies.
func TestFramesHaveStraightLines(t *testing.T) {
	for _, scale := range []string{"1.25", "1.5"} {
		t.Run(scale, func(t *testing.T) {
			d := newDesktop(t, sized(220, 130, scale))
			s := d.display.Outputs()[0].Info().Scale
			callYourself(t, "lines")
			a := d.connect()
			w := a.open(look{name: "Notes", size: geom.Size{W: 121, H: 50}, at: geom.Point{X: 20, Y: 14}, decorated: true, paint: flat(green)})
			for n := range int32(8) {
				d.do(d.ctl.Move(w.id, geom.Point{X: 20 + n, Y: 14 + n%3}))
				d.wantRepaintSame("moved")
				c := d.ctl.Windows()[0].Frame
				frame := s.ApplyRect(geom.XYWH(c.X, c.Y, c.W, c.H))
				shot := d.shot(0)
				bar, body := s.Apply(c.Y+30), s.Apply(c.Y+50)
				edge := pixel(shot, frame.X0, body)
				for x := frame.X0 - 2; x < frame.X1+2; x++ {
					at, below := pixel(shot, x, bar) == edge, pixel(shot, x, body) == edge
					if at != below {
						t.Errorf("window at %d,%d: column %d of %v is a side beside the bar %v, beside the content %v", c.X, c.Y, x, frame, at, below)
					}
				}
			}
		})
	}
}
