package golden_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/shell/control"
)

// TestRandomSessionsLeaveNothingStale does what people and programs do, in any
// order, on two outputs of different scale, and wants after each step what a
// full repaint shows.
func TestRandomSessionsLeaveNothingStale(t *testing.T) {
	const steps = 40
	for seed := range uint64(6) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			rng := rand.New(rand.NewPCG(seed, 1))
			pick := func(n int32) int32 { return rng.Int32N(n) }
			d := newDesktop(t, sized(170, 130, scales[pick(4)]), sized(140, 150, scales[pick(4)]))
			a := d.connect()
			colour := func() render.Color {
				return render.RGBA(uint8(pick(256)), uint8(pick(256)), uint8(pick(256)), uint8(64+pick(192)))
			}
			var windows []*window
			var children []*view
			open := func() {
				w := a.open(look{
					name: fmt.Sprint("w", len(windows)), size: geom.Size{W: 20 + pick(100), H: 20 + pick(70)},
					at: geom.Point{X: pick(280), Y: pick(120)}, paint: card('F', colour(), colour()),
					scale: 1 + pick(2), transform: geom.Transform(pick(8)), decorated: pick(2) == 0,
					translucent: pick(2) == 0, memory: memoryKind(pick(2)),
				})
				windows = append(windows, w)
			}
			states := []control.WindowState{
				control.Maximize, control.Unmaximize, control.Fullscreen, control.Unfullscreen, control.Minimize,
				control.Restore, control.Shade, control.Unshade, control.SnapLeft, control.SnapBotRight, control.Unsnap,
				control.Raise, control.Lower,
			}
			open()
			open()
			for step := range steps {
				w := windows[pick(int32(len(windows)))]
				what := ""
				switch pick(10) {
				case 0:
					what = "open"
					if len(windows) < 6 {
						open()
					}
				case 1, 2:
					what = "move"
					// A maximised window refuses.
					if err := d.ctl.Move(w.id, geom.Point{X: pick(300) - 20, Y: pick(150) - 10}); err != nil {
						what = "refused move"
					}
				case 3:
					what = "resize"
					d.ctl.Resize(w.id, geom.Size{W: 10 + pick(150), H: 10 + pick(100)}, func(error) {})
				case 4:
					st := states[pick(int32(len(states)))]
					what = string(st)
					if err := d.ctl.SetState(w.id, st); err != nil {
						what = "refused " + what
					}
				case 5:
					what = "redraw"
					w.paint = card('2', colour(), colour())
					w.redraw()
				case 6:
					what = "subsurface"
					c, _ := w.subsurface(geom.Point{X: pick(80) - 40, Y: pick(80) - 40}, geom.Size{W: 5 + pick(60), H: 5 + pick(60)}, card('3', colour(), colour()))
					w.surface.Commit()
					children = append(children, c)
				case 7:
					what = "child unmapped"
					if len(children) > 0 {
						c := children[pick(int32(len(children)))]
						c.surface.Attach(nil, 0, 0)
						c.surface.Commit()
					}
				case 8:
					what = "pointer"
					d.pointer(float64(pick(310)), float64(pick(140)))
				case 9:
					what = "focus"
					if err := d.ctl.Focus(w.id); err != nil {
						what = "refused focus"
					}
				}
				d.settle()
				d.wantRepaintSame(fmt.Sprintf("step %d, %s of %d", step, what, w.id))
				if t.Failed() {
					t.Fatalf("windows:\n%s", d.windows())
				}
			}
		})
	}
}
