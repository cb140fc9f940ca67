package golden_test

import (
	"testing"
	"time"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/shell/control"
	"rayos/shell/session"
	"rayos/shell/theme"
)

// TestTaskbar shows two windows, the bar and its calendar.
func TestTaskbar(t *testing.T) {
	wall := func() time.Time { return time.Date(2026, 11, 22, 9, 41, 0, 0, time.UTC) }
	for _, c := range []struct {
		name, output string
		opt          session.Options
		clock        geom.FPoint // where the clock is, logical
	}{
		{"taskbar-dark", "960x400", session.Options{}, geom.FPoint{X: 870, Y: 380}},
		{"taskbar-light", "960x400", session.Options{Scheme: theme.Light}, geom.FPoint{X: 870, Y: 380}},
		{"taskbar-dark-1.5", "1050x600@1.5", session.Options{}, geom.FPoint{X: 620, Y: 380}},
		{"taskbar-light-rtl", "960x400", session.Options{Scheme: theme.Light, RTL: true}, geom.FPoint{X: 90, Y: 380}},
	} {
		t.Run(c.name, func(t *testing.T) {
			o := c.opt
			o.Plain, o.Shell, o.Wall = true, true, wall
			d := startDesktop(t, o, c.output)
			a := d.connect()
			size, paper, ink := geom.Size{W: 200, H: 120}, render.RGBA(250, 247, 240, 255), render.RGBA(40, 44, 52, 255)
			a.open(look{name: "notes", size: size, at: geom.Point{X: 120, Y: 40}, paint: card('1', paper, ink), decorated: true})
			a.open(look{name: "terminal", size: size, at: geom.Point{X: 260, Y: 90}, paint: card('2', paper, ink), decorated: true})
			d.do(d.ctl.PointerMove(c.clock, false))
			d.do(d.ctl.Button(0x110, control.Tap))
			d.check(c.name)
		})
	}
}
