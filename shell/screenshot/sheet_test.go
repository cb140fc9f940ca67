package screenshot

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/golden"
	"rayos/rayapps/paint"
	"rayos/rayapps/text"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/theme"
)

var fonts = text.NewFonts(text.Options{})

// rig is a tool on a root, with what people did there.
type rig struct {
	sheet *Sheet
	root  *ui.Root
	log   []string
}

func (r *rig) Take(s Shot) {
	r.log = append(r.log, fmt.Sprintf("%v %v %d copy %v save %v", s.Mode, s.Box, s.Window, s.Copy, s.Save))
}
func (r *rig) Cancel() { r.log = append(r.log, "cancel") }

func newRig(scheme theme.Scheme, rtl bool, size geom.Size) *rig {
	r := &rig{}
	r.sheet = New(r)
	r.sheet.Resize(size)
	r.sheet.Open(Region, false)
	r.sheet.Show([]Target{{7, geom.XYWH(100, 80, 300, 200), "Notes"}, {9, geom.XYWH(50, 50, 500, 300), "Terminal"}})
	r.root = ui.New(ui.Options{
		View: r.sheet.View, Fonts: fonts, Theme: theme.New(scheme, 0), RTL: rtl, Now: func() time.Duration { return time.Second },
	})
	r.root.Resize(size, geom.ScaleOne)
	r.root.FocusNext(false)
	r.root.Frame()
	return r
}

func (r *rig) pointer(k ui.PointerKind, x, y float64) {
	r.root.Event(&ui.Pointer{Kind: k, Pos: geom.FPoint{X: x, Y: y}})
	r.root.Frame()
}

func (r *rig) drag(x, y, x2, y2 float64) {
	r.pointer(ui.PointerMove, x, y)
	r.pointer(ui.PointerPress, x, y)
	r.pointer(ui.PointerMove, (x+x2)/2, (y+y2)/2)
	r.pointer(ui.PointerMove, x2, y2)
	r.pointer(ui.PointerRelease, x2, y2)
}

func (r *rig) keys(list ...ui.Keystroke) {
	for _, k := range list {
		r.root.Event(&k)
		k.Release = true
		r.root.Event(&k)
		r.root.Frame()
	}
}

func TestTheRegion(t *testing.T) {
	type d [4]float64
	for _, c := range []struct {
		name  string
		drags []d
		keys  []ui.Keystroke
		want  geom.Rect
	}{
		{"drawn", []d{{100, 100, 200, 180}}, nil, geom.XYWH(100, 100, 100, 80)},
		{"drawn backwards", []d{{200, 180, 100, 100}}, nil, geom.XYWH(100, 100, 100, 80)},
		{"drawn anew", []d{{100, 100, 200, 180}, {300, 300, 310, 320}}, nil, geom.XYWH(300, 300, 10, 20)},
		{"moved", []d{{100, 100, 200, 180}, {150, 140, 160, 150}}, nil, geom.XYWH(110, 110, 100, 80)},
		{"moved to the edge", []d{{100, 100, 200, 180}, {150, 140, -500, 150}}, nil, geom.XYWH(0, 110, 100, 80)},
		{"right edge", []d{{100, 100, 200, 180}, {200, 140, 230, 150}}, nil, geom.XYWH(100, 100, 130, 80)},
		{"corner", []d{{100, 100, 200, 180}, {100, 100, 90, 80}}, nil, geom.XYWH(90, 80, 110, 100)},
		{"edge beyond the other", []d{{100, 100, 200, 180}, {100, 140, 250, 140}}, nil, geom.XYWH(200, 100, 50, 80)},
		{"a click is none", []d{{100, 100, 200, 180}, {300, 300, 301, 300}}, nil, geom.Rect{}},
		{"keys move", []d{{100, 100, 200, 180}}, []ui.Keystroke{{Sym: ui.KeyLeft}, {Sym: ui.KeyDown, Mods: ui.Ctrl}}, geom.XYWH(99, 110, 100, 80)},
		{"keys resize", []d{{100, 100, 200, 180}}, []ui.Keystroke{{Sym: ui.KeyRight, Mods: ui.Shift}, {Sym: ui.KeyUp, Mods: ui.Shift | ui.Ctrl}}, geom.XYWH(100, 100, 101, 70)},
		{"keys stop at the edge", []d{{0, 100, 100, 180}}, []ui.Keystroke{{Sym: ui.KeyLeft}}, geom.XYWH(0, 100, 100, 80)},
		{"keys begin", nil, []ui.Keystroke{{Sym: ui.KeyDown}}, geom.XYWH(200, 150, 400, 300)},
		{"all", nil, []ui.Keystroke{{Sym: 'a', Text: "a"}}, geom.XYWH(0, 0, 800, 600)},
	} {
		r := newRig(theme.Dark, false, geom.Size{W: 800, H: 600})
		for _, d := range c.drags {
			r.drag(d[0], d[1], d[2], d[3])
		}
		r.keys(c.keys...)
		if r.sheet.sel.box != c.want {
			t.Errorf("%s: %v; want %v", c.name, r.sheet.sel.box, c.want)
		}
	}
}

func TestWhatIsTaken(t *testing.T) {
	enter, space := ui.Keystroke{Sym: ui.KeyEnter}, ui.Keystroke{Sym: ui.KeySpace, Text: " "}
	for _, c := range []struct {
		name string
		do   func(r *rig)
		want []string
	}{
		{"nothing chosen", func(r *rig) { r.keys(enter) }, nil},
		{"a region", func(r *rig) { r.drag(10, 20, 40, 60); r.keys(enter) }, []string{"region 30x40+10+20 0 copy true save true"}},
		{"a copy", func(r *rig) { r.drag(10, 20, 40, 60); r.keys(ui.Keystroke{Sym: 'c', Text: "c"}) }, []string{"region 30x40+10+20 0 copy true save false"}},
		{"at once", func(r *rig) { r.sheet.Open(Region, true); r.drag(10, 20, 40, 60) }, []string{"region 30x40+10+20 0 copy true save true"}},
		{"the window on top", func(r *rig) { r.keys(space); r.pointer(ui.PointerMove, 150, 100); r.drag(150, 100, 150, 100) }, []string{"window 0x0+0+0 7 copy true save true"}},
		{"a window by keys", func(r *rig) { r.keys(space, ui.Keystroke{Sym: ui.KeyDown}, ui.Keystroke{Sym: ui.KeyDown}, enter) }, []string{"window 0x0+0+0 9 copy true save true"}},
		{"the screen", func(r *rig) { r.keys(space, space); r.drag(5, 5, 5, 5) }, []string{"screen 0x0+0+0 0 copy true save true"}},
		{"Escape", func(r *rig) { r.keys(ui.Keystroke{Sym: ui.KeyEscape}) }, []string{"cancel"}},
	} {
		r := newRig(theme.Dark, false, geom.Size{W: 800, H: 600})
		c.do(r)
		if !slices.Equal(r.log, c.want) {
			t.Errorf("%s: %q; want %q", c.name, r.log, c.want)
		}
	}
}

func TestAnUnchangedFrameCostsNothing(t *testing.T) {
	r := newRig(theme.Dark, false, geom.Size{W: 800, H: 600})
	r.drag(10, 20, 40, 60)
	if n := testing.AllocsPerRun(100, func() { r.root.Frame() }); n != 0 {
		t.Errorf("%v allocations", n)
	}
	if r.sheet.Show(slices.Clone(r.sheet.targets)) {
		t.Error("the same windows count as others")
	}
}

func TestPictures(t *testing.T) {
	region := func(r *rig) { r.drag(120, 90, 420, 300) }
	window := func(r *rig) { r.keys(ui.Keystroke{Sym: ui.KeySpace, Text: " "}); r.pointer(ui.PointerMove, 150, 100) }
	for _, c := range []struct {
		name   string
		scheme theme.Scheme
		rtl    bool
		scale  geom.Scale
		do     func(*rig)
	}{
		{"region-dark", theme.Dark, false, geom.ScaleOne, region},
		{"region-light", theme.Light, false, geom.ScaleOne, region},
		{"region-dark-rtl", theme.Dark, true, geom.ScaleOne, region},
		{"window-light-rtl", theme.Light, true, geom.ScaleOne, window},
		{"window-dark-1.5", theme.Dark, false, 180, window},
		{"begin-dark", theme.Dark, false, geom.ScaleOne, func(*rig) {}},
	} {
		t.Run(c.name, func(t *testing.T) {
			size := geom.Size{W: 800, H: 500}
			r := newRig(c.scheme, c.rtl, size)
			c.do(r)
			r.root.Resize(size, c.scale)
			px := render.NewPixels(c.scale.Apply(size.W), c.scale.Apply(size.H), render.ARGB8888)
			list := r.root.Frame().List
			if err := paint.NewRaster(fonts).Draw(paint.Target{Pixels: &px, Scale: c.scale}, list, nil); err != nil {
				t.Fatal(err)
			}
			golden.Pixels(t, c.name, px)
			golden.Text(t, c.name+".txt", list.String())
		})
	}
}
