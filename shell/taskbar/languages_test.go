package taskbar

import (
	"testing"
	"time"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/golden"
	"rayos/rayapps/lang"
	"rayos/rayapps/paint"
	"rayos/rayapps/ui"
	uitheme "rayos/rayapps/ui/theme"
)

// TestLanguages shows the calendar and the quick settings in German. No embedded
// font has Arabic letters, and pictures by fonts of the machine differ between
// machines.
func TestLanguages(t *testing.T) {
	t.Cleanup(func() {
		if err := lang.Set(lang.Parse("C")); err != nil {
			t.Error(err)
		}
	})
	for _, locale := range []string{"de_DE"} {
		for name, open := range map[string]func(*Bar){
			"calendar": func(b *Bar) { b.open[Calendar], b.month = true, first(b.state.Now) },
			"quick":    func(b *Bar) { b.open[Quick] = true },
		} {
			if err := lang.Set(lang.Parse(locale)); err != nil {
				t.Fatal(err)
			}
			th, now := uitheme.New(uitheme.Dark, 0), time.Minute
			b := New(th, new(journal))
			b.Resize(1280)
			b.Show(crowded())
			open(b)
			r := ui.New(ui.Options{View: b.View, Fonts: testFonts, Theme: th, RTL: lang.Now().RTL(), Now: func() time.Duration { return now }, Background: true})
			r.Resize(geom.Size{W: 1280, H: 420}, geom.ScaleOne)
			for range 4 { // what moves comes to rest
				now += 250 * time.Millisecond
				r.Frame()
			}
			px := render.NewPixels(1280, 420, render.XRGB8888)
			if err := paint.NewRaster(testFonts).Draw(paint.Target{Pixels: &px, Scale: geom.ScaleOne}, r.Frame().List, nil); err != nil {
				t.Fatal(err)
			}
			golden.Pixels(t, "bar-"+name+"-"+locale, px)
		}
	}
}
