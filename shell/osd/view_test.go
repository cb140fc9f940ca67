package osd

import (
	"testing"
	"time"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/golden"
	"rayos/rayapps/paint"
	"rayos/rayapps/text"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
)

var fonts = text.NewFonts(text.Options{})

// rig shows a display on a root.
type rig struct {
	view View
	root *ui.Root
	now  time.Duration
}

func newRig(scheme theme.Scheme, rtl bool, scale geom.Scale) *rig {
	r := &rig{now: time.Minute}
	r.root = ui.New(ui.Options{
		View: func() ui.Node { return r.view.View(40) }, Fonts: fonts, Theme: theme.New(scheme, 0), RTL: rtl, Now: func() time.Duration { return r.now },
	})
	r.root.Resize(geom.Size{W: 320, H: 140}, scale)
	return r
}

func (r *rig) show(s State) {
	r.view.Show(s, true)
	r.root.Invalidate()
	r.root.Frame()
	r.now += time.Second
}

func TestPictures(t *testing.T) {
	for name, s := range map[string]State{
		"volume": Volume(0.6, false), "quiet": Volume(0.2, false), "muted": Volume(0.6, true), "loud": Volume(1.3, false), "none": Volume(0, false),
		"workspace": {Icon: icon.Workspaces, Text: "Workspace 2", Level: NoLevel},
		"long":      {Icon: icon.Keyboard, Text: "Englisch (Vereinigtes Königreich, erweitert, mit toten Tasten)", Level: NoLevel},
	} {
		for _, c := range []struct {
			suffix string
			scheme theme.Scheme
			rtl    bool
			scale  geom.Scale
		}{{"dark", theme.Dark, false, 120}, {"light", theme.Light, false, 120}, {"rtl", theme.Dark, true, 120}, {"light-2x", theme.Light, false, 240}} {
			r := newRig(c.scheme, c.rtl, c.scale)
			r.show(s)
			size := r.root.Size()
			pix := render.NewPixels(c.scale.Apply(size.W), c.scale.Apply(size.H), render.ARGB8888)
			if err := paint.NewRaster(fonts).Draw(paint.Target{Pixels: &pix, Scale: c.scale}, r.root.Frame().List, nil); err != nil {
				t.Fatal(err)
			}
			golden.Pixels(t, name+"-"+c.suffix, pix)
			if c.suffix == "dark" {
				golden.Text(t, name+".paint.txt", r.root.Frame().List.String())
			}
		}
	}
}

func TestItStandsInItsPlace(t *testing.T) {
	const shadow = 60 // with its blur, which fades to nothing
	r := newRig(theme.Dark, false, 120)
	r.show(Volume(1, false))
	place := r.view.Place(r.root.Size().Rect(), 40)
	if got, in := r.root.Frame().List.Bounds(), place.Inset(-shadow); got.Intersect(in) != got || place.Y1 != 140-40-Above {
		t.Errorf("drawn in %v; its place is %v", got, place)
	}
}

// TestItComesAndGoes: it fades in when it comes up, not at each change, and out.
func TestItComesAndGoes(t *testing.T) {
	r := newRig(theme.Dark, false, 120)
	frames := func() (n int) {
		for range 100 {
			r.root.Frame()
			if at, ok := r.root.Next(); !ok || at > r.now {
				return n
			}
			r.now += time.Second / 60
			n++
		}
		t.Fatal("it never comes to rest")
		return n
	}
	r.view.Show(Volume(0.5, false), true)
	r.root.Invalidate()
	r.root.Frame()
	if n := frames(); n < 5 || n > 12 {
		t.Errorf("%d frames to come up", n)
	}
	r.view.Show(Volume(0.55, false), false)
	r.root.Invalidate()
	r.root.Frame()
	if n := frames(); n != 0 {
		t.Errorf("%d frames for another level", n)
	}
	r.view.Leave()
	r.root.Invalidate()
	r.root.Frame()
	if n := frames(); n < 5 || n > 12 {
		t.Errorf("%d frames to go", n)
	}
	if n := testing.AllocsPerRun(100, func() { r.root.Frame() }); n != 0 {
		t.Errorf("%v allocations for nothing", n)
	}
}

func TestWhatIsHeard(t *testing.T) {
	r := newRig(theme.Dark, false, 120)
	r.show(Volume(0.6, true))
	var all []string
	var walk func(*ui.Info)
	walk = func(i *ui.Info) {
		if i.Role == ui.RoleAlert {
			all = append(all, i.Name+" "+i.Value)
		}
		for _, k := range i.Children {
			walk(k)
		}
	}
	walk(r.root.Semantics())
	if len(all) != 1 || all[0] != "Volume, muted 60%" {
		t.Errorf("%q", all)
	}
}
