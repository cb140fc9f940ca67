package ui

import (
	"fmt"
	"testing"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/paint"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
)

// panelView is a taskbar with eight windows.
func panelView() Node {
	kids := Nodes{IconButton(icon.Apps, "Launcher", nil)}
	for i := range 8 {
		kids = append(kids, Button{Text: fmt.Sprintf("Window %d", i), Icon: icon.Window, Tone: Quiet, Selected: i == 2})
	}
	kids = append(kids, Spacer{}, Label{Text: "9:41", Tabular: true}, Label{Text: "Sun 22 Nov"}, Spacer{},
		IconButton(icon.Wifi, "Network", nil), IconButton(icon.Volume, "Volume", nil), IconButton(icon.Battery, "Battery", nil))
	return Padding{Sides(8, 6), Row{Gap: 4, Align: Centre, Children: kids}}
}

// launcherView is a field with sixteen results.
func launcherView(query string) Node {
	return Padding{All(12), Column{Gap: 8, Align: Stretch, Children: Nodes{
		TextField{Text: query, Icon: icon.Search, Name: "Search"},
		Divider{},
		Expand{Child: List{Name: "Results", Count: 16, RowHeight: 40, Row: func(i int) Node {
			return Padding{Sides(12, 0), Row{Gap: 12, Align: Centre, Children: Nodes{
				Icon{Name: icon.File, Size: 20}, Column{Children: Nodes{
					Label{Text: fmt.Sprintf("Result %d of %s", i, query), Lines: 1}, Label{Text: "/home/someone/documents", Size: theme.Caption, Lines: 1},
				}}, Spacer{}, Label{Text: "Document", Size: theme.Caption},
			}}}
		}}},
	}}}
}

// benchRoot measures new views of a root: description, matching, layout and
// list, then, with pixels, drawing all of it.
func benchRoot(b *testing.B, size geom.Size, view func() Node, pixels bool) {
	r := New(Options{View: view, Background: true, Fonts: sheetFonts})
	r.Resize(size, geom.ScaleOne)
	r.Frame()
	pix := render.NewPixels(size.W, size.H, render.XRGB8888)
	raster := paint.NewRaster(sheetFonts)
	b.ReportAllocs()
	for b.Loop() {
		r.Invalidate()
		r.Repaint()
		f := r.Frame()
		if pixels {
			if err := raster.Draw(paint.Target{Pixels: &pix, Scale: geom.ScaleOne}, f.List, nil); err != nil {
				b.Fatal(err)
			}
		}
	}
}

func BenchmarkPanelView(b *testing.B) {
	benchRoot(b, geom.Size{W: 1920, H: 40}, panelView, false)
}

func BenchmarkPanelRedraw(b *testing.B) {
	benchRoot(b, geom.Size{W: 1920, H: 40}, panelView, true)
}

func BenchmarkLauncherView(b *testing.B) {
	benchRoot(b, geom.Size{W: 640, H: 720}, func() Node { return launcherView("desk") }, false)
}

func BenchmarkLauncherRedraw(b *testing.B) {
	benchRoot(b, geom.Size{W: 640, H: 720}, func() Node { return launcherView("desk") }, true)
}

// BenchmarkLauncherKeystroke types: everything that is shown changes.
func BenchmarkLauncherKeystroke(b *testing.B) {
	n := 0
	benchRoot(b, geom.Size{W: 640, H: 720}, func() Node { n++; return launcherView(fmt.Sprint(n)) }, true)
}

func BenchmarkScrollByARow(b *testing.B) {
	r := New(Options{Background: true, Fonts: sheetFonts})
	r.Resize(geom.Size{W: 640, H: 720}, geom.ScaleOne)
	r.Update(List{Name: "l", Count: 100_000, Row: func(i int) Node { return Label{Text: fmt.Sprint("Row ", i)} }})
	r.Frame()
	b.ReportAllocs()
	for b.Loop() {
		if !r.Event(&Pointer{Kind: PointerScroll, Pos: geom.FPoint{X: 50, Y: 50}, Scroll: geom.FPoint{Y: 28}}) {
			r.Event(&Pointer{Kind: PointerScroll, Pos: geom.FPoint{X: 50, Y: 50}, Scroll: geom.FPoint{Y: -1 << 19}})
		}
		r.Frame()
	}
}

func BenchmarkUnchangedFrame(b *testing.B) {
	r := New(Options{Background: true, Fonts: sheetFonts})
	r.Resize(geom.Size{W: 640, H: 720}, geom.ScaleOne)
	r.Update(launcherView("desk"))
	r.Frame()
	b.ReportAllocs()
	for b.Loop() {
		r.Frame()
	}
}
