package session

import (
	"testing"
	"time"

	"rayos/geom"
	"rayos/gpu/display"
	"rayos/gpu/render"
	"rayos/shell/control"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// captured returns a pixel of a screenshot.
func (d *desk) captured(at geom.Point) uint32 {
	d.t.Helper()
	var v uint32
	d.ctl.Screenshot(control.Target{Output: "HEADLESS-1"}, func(p render.Pixels, err error) {
		if err != nil {
			d.t.Fatal(err)
		}
		i := at.Y*p.Stride + 4*at.X
		v = uint32(p.Data[i+2])<<16 | uint32(p.Data[i+1])<<8 | uint32(p.Data[i])
	})
	d.talk()
	return v
}

func TestGammaTintsTheScreenAndNoPicture(t *testing.T) {
	d := newDesk(t)
	c := d.connect()
	w := c.open(small)
	d.pass(time.Second / 10)
	inside := d.session.windows[d.session.stackID(w.id)].spot.Content.Min().Add(geom.Point{X: 20, Y: 20})
	outside := geom.Point{X: 790, Y: 590}
	desktop := d.pixel(0, outside)
	if desktop == 0 || d.pixel(0, inside) != 0 {
		t.Fatalf("the screen shows %#x and %#x; want the desktop and black", desktop, d.pixel(0, inside))
	}
	// Black becomes red; everything else loses its blue.
	g := d.session.outputs[0].global
	ramps := make([]uint16, 3*display.GammaSize)
	for i := range display.GammaSize {
		ramps[i], ramps[display.GammaSize+i] = uint16(i*257), uint16(i*257)
	}
	ramps[0] = 65535
	d.session.SetGamma(g, ramps)
	d.pass(time.Second / 10)
	want := desktop &^ 0xff
	if got, in := d.pixel(0, outside), d.pixel(0, inside); got != want || in != 0xff0000 {
		t.Errorf("tinted, the screen shows %#x and %#x; want %#x and 0xff0000", got, in, want)
	}
	if got, in := d.captured(outside), d.captured(inside); got != desktop || in != 0 {
		t.Errorf("a capture shows %#x and %#x; want %#x and black", got, in, desktop)
	}
	// A fullscreen window goes through the table too.
	if err := d.ctl.SetState(w.id, control.Fullscreen); err != nil {
		t.Fatal(err)
	}
	d.pass(time.Second / 5)
	if got := d.pixel(0, outside); got != 0xff0000 {
		t.Errorf("fullscreen, the screen shows %#x; want 0xff0000", got)
	}
	// Off and on again, in another size, and without the table.
	d.session.SetPower(g, false)
	d.pass(time.Second / 10)
	if got := d.pixel(0, outside); got != 0 {
		t.Errorf("off, the screen shows %#x", got)
	}
	d.session.SetPower(g, true)
	d.pass(time.Second / 10)
	if got := d.pixel(0, outside); got != 0xff0000 {
		t.Errorf("on again, the screen shows %#x; want 0xff0000", got)
	}
	if err := d.display.Outputs()[0].SetMode(display.Mode{Size: geom.Size{W: 900, H: 650}}); err != nil {
		t.Fatal(err)
	}
	d.pass(time.Second / 5)
	if got := d.pixel(0, geom.Point{X: 880, Y: 640}); got != 0xff0000 {
		t.Errorf("in another size, the screen shows %#x; want 0xff0000", got)
	}
	d.session.SetGamma(g, nil)
	d.pass(time.Second / 10)
	if got := d.pixel(0, outside); got != 0 || d.session.outputs[0].tint != nil {
		t.Errorf("without the table, the screen shows %#x; want black", got)
	}
}

func TestGammaComesFromAClient(t *testing.T) {
	d := newDesk(t)
	c := d.connect()
	m, out := &client.ZwlrGammaControlManagerV1{}, &client.WlOutput{}
	c.bind(m, &protocol.ZwlrGammaControlManagerV1Interface, 1)
	c.bind(out, &protocol.WlOutputInterface, 4)
	size := uint32(0)
	k := m.GetGammaControl(out)
	k.OnGammaSize = func(n uint32) { size = n }
	d.talk()
	if size != display.GammaSize {
		t.Errorf("a ramp has %d values; want %d", size, display.GammaSize)
	}
}
