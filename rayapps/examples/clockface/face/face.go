// Package face is a clock, as a WebAssembly app has it: time, a timer, a drawing, a
// control, and a state.
package face

import (
	"math"
	"time"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/paint"
	"rayos/rayapps/ui"
	"rayos/rayapps/wasm"
)

// Clock shows the time. Its state is whether there is a second hand.
type Clock struct {
	w       *wasm.Window
	seconds bool
	timer   *wasm.Timer
}

// Create implements wasm.Creator.
func (c *Clock) Create(w *wasm.Window, saved []byte) error {
	c.w, c.seconds = w, string(saved) != "still"
	c.timer = w.NewTimer(c.next)
	return nil
}

// Save implements wasm.Saver.
func (c *Clock) Save() ([]byte, error) {
	if c.seconds {
		return []byte("moving"), nil
	}
	return []byte("still"), nil
}

// Resume implements wasm.Resumer.
func (c *Clock) Resume(*wasm.Window) { c.next() }

// Pause implements wasm.Pauser.
func (c *Clock) Pause(*wasm.Window) { c.timer.Stop() }

// next waits for the next second or minute.
func (c *Clock) next() {
	step := time.Minute
	if c.seconds {
		step = time.Second
	}
	now := time.Now()
	c.timer.Reset(now.Truncate(step).Add(step).Sub(now))
}

// View implements wasm.App.
func (c *Clock) View(*wasm.Window) ui.Node {
	now := time.Now()
	return ui.Pad(16, ui.Column{Gap: 12, Align: ui.Stretch, Children: ui.Nodes{
		ui.Expand{Child: ui.Canvas{
			Name: "Clock", Value: now.Format("15:04"),
			Draw: func(b *paint.Builder, size geom.Size) { c.draw(b, size, now) },
		}},
		ui.Label{Text: now.Format("15:04 MST"), Tabular: true, Align: ui.Centre},
		ui.Switch{Text: "Second hand", On: c.seconds, OnChange: func(on bool) {
			c.seconds = on
			c.next()
		}},
	}})
}

func (c *Clock) draw(b *paint.Builder, size geom.Size, now time.Time) {
	th := c.w.Theme()
	r := float64(min(size.W, size.H))/2 - 4
	x, y := float64(size.W)/2, float64(size.H)/2
	at := func(turn, reach float64) geom.FixedPoint {
		s, k := math.Sincos(turn * 2 * math.Pi)
		return geom.FixedPoint{X: geom.Fixed((x + s*reach*r) * 256), Y: geom.Fixed((y - k*reach*r) * 256)}
	}
	line := func(turn, from, to, width float64, color render.Color) {
		var p paint.Path
		a, z := at(turn, from), at(turn, to)
		p.MoveTo(a.X, a.Y)
		p.LineTo(z.X, z.Y)
		b.Stroke(&p, geom.FixedPoint{}, geom.Fixed(width*256), paint.RoundCap, color)
	}
	disc := func(reach float64, color render.Color) {
		var p paint.Path
		p.Circle(geom.Fixed(x*256), geom.Fixed(y*256), geom.Fixed(reach*256))
		b.Path(&p, geom.FixedPoint{}, color)
	}
	disc(r+3, th.Outline)
	disc(r+2, th.Surface2)
	for n := range 60 {
		if n%5 == 0 {
			line(float64(n)/60, 0.86, 0.94, 3, th.Text1)
		} else {
			line(float64(n)/60, 0.92, 0.94, 1, th.Text2)
		}
	}
	second := float64(now.Second()) / 60
	minute := (float64(now.Minute()) + second) / 60
	hour := (float64(now.Hour()%12) + minute) / 12
	line(hour, -0.08, 0.52, 5, th.Text1)
	line(minute, -0.08, 0.8, 3, th.Text1)
	if c.seconds {
		line(second, -0.14, 0.86, 1.5, th.Accent)
	}
	disc(4, th.Accent)
}
