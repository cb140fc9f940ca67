package golden_test

import (
	"fmt"
	"testing"

	"rayos/geom"
	"rayos/shell/control"
	"rayos/shell/session"
	"rayos/shell/theme"
)

// sized returns an output of a logical size at a scale.
func sized(w, h int32, scale string) string {
	for i, s := range scales {
		if s == scale {
			f := []geom.Scale{120, 150, 180, 240}[i]
			return fmt.Sprintf("%dx%d@%s", f.Apply(w), f.Apply(h), s)
		}
	}
	panic("scale " + scale)
}

// TestDecorations shows frames as a person meets them: behind, in front,
// shaded, beside each other and maximised, with a button hovered.
func TestDecorations(t *testing.T) {
	for _, scale := range scales {
		t.Run(scale, func(t *testing.T) {
			d := newDesktop(t, sized(400, 220, scale))
			callYourself(t, "editor")
			editor := d.connect()
			callYourself(t, "terminal")
			terminal := d.connect()
			editor.open(look{
				name: "Notes on frames", size: geom.Size{W: 300, H: 100}, at: geom.Point{X: 14, Y: 12},
				decorated: true, paint: document(paper, amber, ink),
			})
			rolled := editor.open(look{
				name: "Rolled up", size: geom.Size{W: 150, H: 60}, at: geom.Point{X: 10, Y: 174},
				decorated: true, paint: flat(paper),
			})
			d.do(d.ctl.SetState(rolled.id, control.Shade))
			w := terminal.open(look{
				name: "A title that is too long for its bar", size: geom.Size{W: 300, H: 110}, at: geom.Point{X: 84, Y: 62},
				decorated: true, scale: 2, paint: document(ink, green, paper),
			})
			d.checkWindows("frames-" + scale)
			d.do(d.ctl.SetState(w.id, control.Maximize))
			d.check("frames-maximized-" + scale)
			if scale != "1" {
				return
			}
			d.do(d.ctl.SetState(w.id, control.Unmaximize))
			d.do(d.ctl.SetState(w.id, control.SnapRight))
			d.do(d.ctl.SetState(rolled.id, control.Unshade))
			d.do(d.ctl.SetState(rolled.id, control.SnapLeft))
			d.checkWindows("frames-tiled")
		})
	}
}

// TestButtonsUnderThePointer hovers and presses each button of a frame.
func TestButtonsUnderThePointer(t *testing.T) {
	for _, scheme := range []theme.Scheme{theme.Dark, theme.Light} {
		t.Run(scheme.String(), func(t *testing.T) {
			d := startDesktop(t, session.Options{Plain: true, Scheme: scheme}, "360x120")
			callYourself(t, "editor")
			a := d.connect()
			w := a.open(look{
				name: "Notes", size: geom.Size{W: 310, H: 50}, at: geom.Point{X: 20, Y: 14},
				decorated: true, paint: document(paper, amber, ink),
			})
			bar := geom.XYWH(15, 10, 328, 42)
			s := &sheet{columns: 2}
			s.add(d.shot(0), bar)
			// From the right: close, shade or minimise, maximise.
			for i := range 4 {
				d.pointer(float64(20+314-theme.ButtonW/2-i*theme.ButtonW), 30)
				s.add(d.shot(0), bar)
			}
			d.do(d.ctl.Button(btnLeft, control.Press))
			s.add(d.shot(0), bar)
			d.pointer(100, 100)
			d.do(d.ctl.Button(btnLeft, control.Release))
			d.wantRepaintSame("buttons")
			s.check(d, "buttons-"+scheme.String())
			if w.size != (geom.Size{W: 310, H: 50}) {
				t.Errorf("a press that was released elsewhere acted: size %v", w.size)
			}
		})
	}
}
