package taskbar

import (
	"testing"
	"time"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/apptest"
	"rayos/internal/golden"
	"rayos/rayapps/paint"
	"rayos/rayapps/ui"
	uitheme "rayos/rayapps/ui/theme"
	"rayos/shell/theme"
)

// crowded is a bar with something of all that there is.
func crowded() State {
	return State{
		Windows: []Window{
			{ID: 1, App: "org.example.files", Title: "Holiday pictures", Active: true, Working: true, Percent: 40},
			{ID: 2, App: "foot", Title: "one"},
			{ID: 3, App: "foot", Title: "two"},
			{ID: 4, App: "mail", Title: "Mail", Count: 3, Attention: true},
			{ID: 5, App: "notes", Title: "Notes", Minimised: true},
			{ID: 6, App: "chat", Title: "Chat", Count: 140, Trust: theme.Sandboxed},
			{ID: 7, App: "remote", Title: "far-away:1", Trust: theme.Remote},
		},
		Machines: []Machine{
			{ID: "linux-desktop", Name: "Linux desktop", State: "running", Trust: theme.Linux, Alive: true, Shown: true},
			{ID: "win", Name: "Windows", State: "failed", Trust: theme.Windows, Failed: true},
			{ID: "old", Name: "Old", State: "stopped", Trust: theme.Linux},
		},
		Workspaces: []Workspace{{Name: "1", Shown: true}, {Name: "2", Urgent: true}, {Name: "3"}},
		Tray:       []TrayItem{{Key: "a", Name: "Sync"}, {Key: "b", Name: "Update", Attention: true}, {Key: "c", Name: "Quiet", Passive: true}},
		Layout:     1, Layouts: []Layout{{"US", "English (US)"}, {"DE", "German"}}, Recording: true, Unread: 12,
		Now:    time.Date(2026, 11, 22, 9, 41, 0, 0, time.UTC),
		Status: Status{Network: Wireless, Sound: true, Volume: 0.7, Microphone: true, MicrophoneOff: true, Battery: true, Percent: 12},
	}
}

// TestPictures shows bars of all states, and what opens from them.
func TestPictures(t *testing.T) {
	open := func(name string) func(*ui.Root) {
		return func(r *ui.Root) { r.Do(apptest.Find(r.Semantics(), name).ID, ui.DoActivate, "") }
	}
	menu := func(name string) func(*ui.Root) {
		return func(r *ui.Root) {
			i := apptest.Find(r.Semantics(), name)
			at := geom.FPoint{X: float64(i.Bounds.X0 + 5), Y: float64(i.Bounds.Y0 + 5)}
			r.Event(&ui.Pointer{Kind: ui.PointerMove, Pos: at})
			r.Event(&ui.Pointer{Kind: ui.PointerPress, Button: ui.RightButton, Pos: at})
			r.Event(&ui.Pointer{Kind: ui.PointerRelease, Button: ui.RightButton, Pos: at})
		}
	}
	for _, c := range []struct {
		name string
		w, h int32
		act  func(*ui.Root)
	}{
		{"bar", 1600, Height, nil},
		{"bar-narrow", 640, Height, nil},
		{"bar-calendar", 1280, 320, open("09:41, Sunday 22 November 2026")},
		{"bar-layouts", 1280, 160, menu("Keyboard: German")},
		{"bar-window-menu", 1280, 320, menu("Foot: 2 windows")},
		{"bar-machine-menu", 1280, 280, menu("Linux: Linux desktop (running)")},
		{"bar-focus", 1280, Height, func(r *ui.Root) {
			for range 4 {
				r.Event(&ui.Keystroke{Sym: ui.KeyTab})
			}
		}},
	} {
		for _, look := range []struct {
			name   string
			scheme uitheme.Scheme
			rtl    bool
			scale  geom.Scale
		}{
			{"dark", uitheme.Dark, false, geom.ScaleOne},
			{"light", uitheme.Light, false, geom.ScaleOne},
			{"rtl", uitheme.Dark, true, geom.ScaleOne},
			{"dark-2x", uitheme.Dark, false, 2 * geom.ScaleOne},
		} {
			if look.scale != geom.ScaleOne && c.act != nil {
				continue
			}
			t.Run(c.name+"-"+look.name, func(t *testing.T) {
				th, now := uitheme.New(look.scheme, 0), time.Minute
				b := New(th, new(journal))
				b.Resize(c.w)
				b.Show(crowded())
				r := ui.New(ui.Options{View: b.View, Fonts: testFonts, Theme: th, RTL: look.rtl, Now: func() time.Duration { return now }, Background: true})
				r.Resize(geom.Size{W: c.w, H: c.h}, look.scale)
				r.Frame()
				if c.act != nil {
					c.act(r)
				}
				for range 3 { // what moves comes to rest
					now += 250 * time.Millisecond
					r.Frame()
				}
				list := r.Frame().List
				px := render.NewPixels(look.scale.Apply(c.w), look.scale.Apply(c.h), render.XRGB8888)
				if err := paint.NewRaster(testFonts).Draw(paint.Target{Pixels: &px, Scale: look.scale}, list, nil); err != nil {
					t.Fatal(err)
				}
				golden.Pixels(t, c.name+"-"+look.name, px)
				if look.scale == geom.ScaleOne {
					golden.Text(t, c.name+"-"+look.name+".paint.txt", list.String())
				}
			})
		}
	}
}
