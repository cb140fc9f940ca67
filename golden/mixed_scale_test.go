package golden_test

import (
	"encoding/binary"
	"fmt"
	"testing"

	"rayos/geom"
	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
	"rayos/surfaces/wire"
)

// fractional is a window whose content is a pattern of single pixels, drawn for
// the scale that it is told.
type fractional struct {
	*window
	view  *client.WpViewport
	told  []uint32 // scales in 120ths
	drawn geom.Size
}

func (a *app) openFractional(name string, size geom.Size, at geom.Point) *fractional {
	a.t.Helper()
	m := new(client.WpFractionalScaleManagerV1)
	a.bind(m, &protocol.WpFractionalScaleManagerV1Interface)
	f := &fractional{}
	f.window = a.open(look{name: name, size: size, at: at, decorated: true, paint: flat(paper), before: func(w *window) {
		f.view = a.viewporter.GetViewport(w.surface)
		m.GetFractionalScale(w.surface).OnPreferredScale = func(s uint32) { f.told = append(f.told, s) }
	}})
	return f
}

// bind binds a global that connect has not bound.
func (a *app) bind(o wire.ClientObject, iface *wire.Interface) {
	a.t.Helper()
	reg := a.dpy.GetRegistry()
	reg.OnGlobal = func(name uint32, have string, _ uint32) {
		if have == iface.Name {
			reg.Bind(name, o, iface, 1)
		}
	}
	a.roundtrip()
	a.roundtrip()
}

// follow draws for the scale told last: a pattern in which no pixel is like
// its neighbours.
func (f *fractional) follow() {
	scale := geom.Scale(f.told[len(f.told)-1])
	px := scale.ApplyRect(f.size.Rect()).Size()
	f.drawn = px
	content := make([]byte, 4*px.W*px.H)
	for y := range px.H {
		for x := range px.W {
			binary.LittleEndian.PutUint32(content[4*(y*px.W+x):], patternAt(x, y))
		}
	}
	f.view.SetDestination(f.size.W, f.size.H)
	f.surface.Attach(f.a.buffer(content, px, protocol.WlShmFormatXrgb8888, f.memory), 0, 0)
	f.surface.DamageBuffer(0, 0, px.W, px.H)
	f.surface.Commit()
	f.a.d.settle()
}

// patternAt is a checkerboard with a grid of colour, so that a shift by two
// pixels shows as well as one by one.
func patternAt(x, y int32) uint32 {
	switch {
	case x%7 == 3:
		return 0x2060c0
	case y%5 == 2:
		return 0xc02040
	case (x+y)%2 == 0:
		return 0xffffff
	}
	return 0
}

// wantOneToOne fails if an output shows the window's pixels other than one by
// one. Rounding may cut off or repeat the last column and row.
func (f *fractional) wantOneToOne(output int, what string) {
	d := f.a.d
	d.t.Helper()
	d.wantRepaintSame(what)
	o := d.display.Outputs()[output].Info()
	list := d.ctl.Outputs()
	var content geom.Rect
	for _, w := range d.ctl.Windows() {
		if w.ID == f.id {
			content = geom.XYWH(w.Content.X-list[output].Logical.X, w.Content.Y-list[output].Logical.Y, w.Content.W, w.Content.H)
		}
	}
	place := o.Scale.ApplyRect(content)
	if dw, dh := place.W()-f.drawn.W, place.H()-f.drawn.H; dw*dw > 1 || dh*dh > 1 {
		d.t.Fatalf("%s: %v pixels for a buffer of %v", what, place.Size(), f.drawn)
	}
	shot := d.shot(output)
	// The first pixel of the corners may be the frame's: they are round.
	for y := range min(place.H(), f.drawn.H) {
		for x := range min(place.W(), f.drawn.W) {
			if got := pixel(shot, place.X0+x, place.Y0+y); got != patternAt(x, y) && !corner(x, y, f.drawn) {
				d.t.Fatalf("%s: pixel %d,%d of the window is %06x; want %06x", what, x, y, got, patternAt(x, y))
			}
		}
	}
}

// corner reports whether a pixel may lie outside of the round corners at the
// bottom of a frame.
func corner(x, y int32, size geom.Size) bool {
	const r = 16
	return y >= size.H-r && (x < r || x >= size.W-r)
}

// TestTextStaysSharpBetweenOutputs moves windows between outputs of different
// scale: each is told of it, draws for it, and its pixels arrive as they are,
// wherever it lies.
func TestTextStaysSharpBetweenOutputs(t *testing.T) {
	d := newDesktop(t, "400x300@1.25", "480x360@1.5", "200x160")
	a := d.connect()
	f := a.openFractional("text", geom.Size{W: 101, H: 67}, geom.Point{X: 21, Y: 13})
	for _, s := range []struct {
		output int
		scale  uint32
		at     geom.Point
	}{
		{0, 150, geom.Point{X: 21, Y: 13}},
		{0, 150, geom.Point{X: 23, Y: 14}},
		{1, 180, geom.Point{X: 320 + 33, Y: 17}},
		{1, 180, geom.Point{X: 320 + 34, Y: 18}},
		{2, 120, geom.Point{X: 640 + 5, Y: 7}},
		{0, 150, geom.Point{X: 40, Y: 41}},
	} {
		d.do(d.ctl.Move(f.id, s.at))
		if n := len(f.told); n == 0 || f.told[n-1] != s.scale {
			t.Fatalf("on output %d the window was told %v; want %d", s.output+1, f.told, s.scale)
		}
		f.follow()
		f.wantOneToOne(s.output, fmt.Sprint(s.at))
	}
	if want := []uint32{150, 180, 120, 150}; len(f.told) != len(want) {
		t.Errorf("the window was told %v; want %v", f.told, want)
	}
	// Side by side on both, for the eye.
	d.do(d.ctl.Move(f.id, geom.Point{X: 30, Y: 30}))
	g := a.openFractional("other", geom.Size{W: 101, H: 67}, geom.Point{X: 320 + 40, Y: 40})
	f.follow()
	g.follow()
	g.wantOneToOne(1, "the other window")
	s := &sheet{columns: 2}
	for i := range 2 {
		scale := d.display.Outputs()[i].Info().Scale
		s.add(d.shot(i), scale.ApplyRect(geom.XYWH(20, 20, 150, 130)))
	}
	s.check(d, "sharp")
}
