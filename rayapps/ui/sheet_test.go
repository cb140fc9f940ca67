package ui

import (
	"testing"
	"time"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/golden"
	"rayos/rayapps/paint"
	"rayos/rayapps/text"
	"rayos/rayapps/ui/theme"
)

// cell is one picture of a contact sheet: a view of a size, after some events.
type cell struct {
	w, h int32
	view Node
	act  func(*Root, *testClock)
}

// looks are what every sheet is drawn in.
var looks = []struct {
	name   string
	scheme theme.Scheme
	rtl    bool
}{
	{"dark", theme.Dark, false},
	{"light", theme.Light, false},
	{"rtl", theme.Dark, true},
}

var sheetFonts = text.NewFonts(text.Options{})

// sheet compares the cells, put in rows of a width, with pictures.
func sheet(t *testing.T, name string, width int32, scale geom.Scale, cells []cell) {
	t.Helper()
	for _, look := range looks {
		t.Run(look.name, func(t *testing.T) {
			golden.Pixels(t, name+"-"+look.name, drawSheet(t, theme.New(look.scheme, 0), look.rtl, width, scale, cells))
		})
	}
}

func drawSheet(t *testing.T, th *theme.Theme, rtl bool, width int32, scale geom.Scale, cells []cell) render.Pixels {
	t.Helper()
	const gap = 8
	var places []geom.Rect
	x, y, row := int32(gap), int32(gap), int32(0)
	for _, c := range cells {
		if x+c.w+gap > width && x > gap {
			x, y, row = gap, y+row+gap, 0
		}
		places = append(places, geom.XYWH(x, y, c.w, c.h))
		x, row = x+c.w+gap, max(row, c.h)
	}
	size := geom.Size{W: width, H: y + row + gap}
	pix := render.NewPixels(scale.Apply(size.W), scale.Apply(size.H), render.XRGB8888)
	var ground paint.Builder
	ground.Fill(size.Rect().Fixed(), th.Desktop)
	raster := paint.NewRaster(sheetFonts)
	draw := func(l *paint.List, to render.Pixels) {
		if err := raster.Draw(paint.Target{Pixels: &to, Scale: scale}, l, nil); err != nil {
			t.Fatal(err)
		}
	}
	draw(ground.Finish(), pix)
	for i, c := range cells {
		list := drawCell(th, rtl, scale, c)
		r := scale.ApplyRect(places[i])
		sub := pix
		sub.Data = pix.Data[int(r.Y0)*int(pix.Stride)+4*int(r.X0):]
		sub.W, sub.H = r.W(), r.H()
		draw(list, sub)
	}
	return pix
}

func drawCell(th *theme.Theme, rtl bool, scale geom.Scale, c cell) *paint.List {
	clock := &testClock{now: time.Minute}
	r := New(Options{Theme: th, RTL: rtl, Fonts: sheetFonts, Now: clock.read, Background: true})
	r.Resize(geom.Size{W: c.w, H: c.h}, scale)
	r.Update(c.view)
	r.Frame()
	if c.act != nil {
		c.act(r, clock)
	}
	for range 2 {
		clock.now += 250 * time.Millisecond
		r.Frame()
	}
	return r.Frame().List
}

// Events that put a cell into a state.

func hovers(x, y float64) func(*Root, *testClock) {
	return func(r *Root, _ *testClock) { r.move(x, y) }
}

func presses(x, y float64) func(*Root, *testClock) {
	return func(r *Root, _ *testClock) { r.press1(x, y) }
}

func focuses(n int) func(*Root, *testClock) {
	return func(r *Root, _ *testClock) {
		for range n {
			r.key(KeyTab)
		}
	}
}

// Short names for events.

func (r *Root) at1(x, y float64) geom.FPoint {
	if r.opts.RTL {
		x = float64(r.size.W) - x
	}
	return geom.FPoint{X: x, Y: y}
}

func (r *Root) move(x, y float64) bool {
	return r.Event(&Pointer{Kind: PointerMove, Pos: r.at1(x, y)})
}

func (r *Root) press1(x, y float64) bool {
	r.move(x, y)
	return r.Event(&Pointer{Kind: PointerPress, Pos: r.at1(x, y)})
}

func (r *Root) release(x, y float64) bool {
	return r.Event(&Pointer{Kind: PointerRelease, Pos: r.at1(x, y)})
}

func (r *Root) click(x, y float64) {
	r.press1(x, y)
	r.release(x, y)
}

func (r *Root) key(s Sym, mods ...Mods) bool {
	k := Keystroke{Sym: s}
	for _, m := range mods {
		k.Mods |= m
	}
	if s >= ' ' && s < 0x7f && k.Mods&(Ctrl|Alt|Super) == 0 {
		k.Text = string(rune(s))
	}
	handled := r.Event(&k)
	k.Release = true
	r.Event(&k)
	return handled
}

func (r *Root) typed(s string) {
	for _, c := range s {
		k := Keystroke{Sym: Sym(c), Text: string(c)}
		if c > 0xff {
			k.Sym = 0x01000000 | Sym(c)
		}
		r.Event(&k)
	}
}
