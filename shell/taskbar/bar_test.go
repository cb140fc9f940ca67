package taskbar

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/apptest"
	"rayos/rayapps/paint"
	"rayos/rayapps/text"
	"rayos/rayapps/ui"
	uitheme "rayos/rayapps/ui/theme"
	"rayos/shell/theme"
)

// journal notes what is asked for.
type journal []string

func (j *journal) note(format string, a ...any) { *j = append(*j, fmt.Sprintf(format, a...)) }

func (j *journal) Activate(w uint32)                 { j.note("activate %d", w) }
func (j *journal) Minimise(w uint32)                 { j.note("minimise %d", w) }
func (j *journal) Maximise(w uint32)                 { j.note("maximise %d", w) }
func (j *journal) Close(w uint32)                    { j.note("close %d", w) }
func (j *journal) MoveTo(w uint32, n int)            { j.note("move %d to %d", w, n) }
func (j *journal) Workspace(n int)                   { j.note("workspace %d", n) }
func (j *journal) Machine(id string, v Verb)         { j.note("machine %s %d", id, v) }
func (j *journal) Tray(k string, v TrayVerb)         { j.note("tray %s %d", k, v) }
func (j *journal) TrayEntry(k string, n int32)       { j.note("entry %s %d", k, n) }
func (j *journal) TrayScroll(k string, x, y float64) { j.note("scroll %s %v,%v", k, x, y) }
func (j *journal) Layout(n int)                      { j.note("layout %d", n) }
func (j *journal) Prompt()                           { j.note("prompt") }
func (j *journal) Notifications()                    { j.note("notifications") }
func (j *journal) Tile()                             { j.note("tile") }
func (j *journal) Statistics()                       { j.note("statistics") }
func (j *journal) StopRecording()                    { j.note("stop recording") }
func (j *journal) Jobs()                             { j.note("jobs") }
func (j *journal) Hover(h Hover)                     { j.note("hover %v %s", h.Windows, h.Machine) }
func (j *journal) Opened(Sheet, bool)                {}
func (j *journal) End()                              { j.note("end") }

var testFonts = text.NewFonts(text.Options{})

func testState() State {
	return State{
		Windows: []Window{
			{ID: 1, App: "org.example.files", Title: "Files", Active: true, Working: true, Percent: 40},
			{ID: 2, App: "foot", Title: "one"},
			{ID: 3, App: "foot", Title: "two", Attention: true},
		},
		Machines: []Machine{
			{ID: "linux-desktop", Name: "Linux desktop", State: "running", Trust: theme.Linux, Alive: true, Shown: true},
			{ID: "win", Name: "Windows", State: "stopped", Trust: theme.Windows},
		},
		Workspaces: []Workspace{{Name: "1", Shown: true}, {Name: "2"}},
		Now:        time.Date(2026, 11, 22, 9, 41, 0, 0, time.UTC), Layouts: []Layout{{"US", "English (US)"}, {"DE", "German"}}, Unread: 3,
	}
}

func newTestBar(w int32, rtl bool) (*ui.Root, *Bar, *journal) {
	j := &journal{}
	th := uitheme.New(uitheme.Dark, 0)
	b := New(th, j)
	b.Resize(w)
	b.Show(testState())
	r := ui.New(ui.Options{View: b.View, Fonts: testFonts, Theme: th, RTL: rtl, Now: func() time.Duration { return 0 }})
	r.Resize(geom.Size{W: w, H: 720}, geom.ScaleOne)
	r.Frame()
	return r, b, j
}

func TestWhatThePartsDo(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{"Files, 40 %", "minimise 1"},
		{"Keyboard: English (US)", "layout 1"},
		{"Foot: 2 windows (asks for attention)", "activate 2"},
		{"Linux: Linux desktop (running)", "machine linux-desktop 0"},
		{"Windows: Windows (stopped)", "machine win 0"},
		{"Workspace 2", "workspace 1"},
		{"Ask or search", "prompt"},
		{"Notifications, 3 unread", "notifications"},
	} {
		r, _, j := newTestBar(1280, false)
		i := apptest.Find(r.Semantics(), c.name)
		if i == nil {
			t.Errorf("there is no %q", c.name)
			continue
		}
		r.Do(i.ID, ui.DoActivate, "")
		if !slices.Equal(*j, journal{c.want}) {
			t.Errorf("%q: %q; want %q", c.name, *j, c.want)
		}
	}
}

func TestTheSessionsOwnWork(t *testing.T) {
	r, b, j := newTestBar(1280, false)
	s := testState()
	s.Job = Job{"Taking in notes", 40}
	b.Show(s)
	r.Invalidate()
	r.Frame()
	i := apptest.Find(r.Semantics(), "Taking in notes, 40 %")
	if i == nil {
		t.Fatal("it isn't shown")
	}
	r.Do(i.ID, ui.DoActivate, "")
	if !slices.Equal(*j, journal{"jobs"}) {
		t.Errorf("pressed: %q", *j)
	}
}

func trayState(n int) State {
	s := testState()
	s.Tray = []TrayItem{{Key: "quiet", Name: "Quiet", Passive: true}}
	for i := range n {
		s.Tray = append(s.Tray, TrayItem{Key: fmt.Sprint(i), Name: fmt.Sprintf("Item %d", i), Attention: i == n-1, MenuOnly: i == 1})
	}
	return s
}

func TestTray(t *testing.T) {
	r, b, j := newTestBar(1280, false)
	s := trayState(3)
	show := func() { b.Show(s); r.Invalidate(); r.Frame() }
	show()
	for _, c := range []struct {
		name, want string
		button     ui.PointerButton
	}{
		{"Item 0", "tray 0 0", ui.LeftButton},
		{"Item 0", "tray 0 1", ui.MiddleButton},
		{"Item 0", "tray 0 2", ui.RightButton},
		{"Item 1", "tray 1 2", ui.LeftButton},
		{"Item 2 (asks for attention)", "tray 2 0", ui.LeftButton},
	} {
		*j = nil
		i := apptest.Find(r.Semantics(), c.name)
		if i == nil {
			t.Fatalf("there is no %q", c.name)
		}
		at := geom.FPoint{X: float64(i.Bounds.X0 + 5), Y: float64(i.Bounds.Y0 + 5)}
		r.Event(&ui.Pointer{Kind: ui.PointerMove, Pos: at})
		r.Event(&ui.Pointer{Kind: ui.PointerPress, Button: c.button, Pos: at})
		r.Event(&ui.Pointer{Kind: ui.PointerRelease, Button: c.button, Pos: at})
		if !slices.Equal(*j, journal{c.want}) {
			t.Errorf("%s: %q; want %q", c.name, *j, c.want)
		}
	}
	*j = nil
	i := apptest.Find(r.Semantics(), "Item 0")
	r.Event(&ui.Pointer{Kind: ui.PointerScroll, Pos: geom.FPoint{X: float64(i.Bounds.X0 + 5), Y: float64(i.Bounds.Y0 + 5)}, Scroll: geom.FPoint{Y: 30}})
	if want := (journal{"scroll 0 0,2"}); !slices.Equal(*j, want) {
		t.Errorf("the wheel: %q; want %q", *j, want)
	}
	if apptest.Find(r.Semantics(), "Quiet") != nil {
		t.Error("an item that doesn't want to be seen is seen")
	}
	r.Do(apptest.Find(r.Semantics(), "More of the tray").ID, ui.DoActivate, "")
	r.Frame()
	if apptest.Find(r.Semantics(), "Quiet") == nil {
		t.Error("the rest has no quiet item")
	}
	r.Dismiss()

	s.TrayMenu = &TrayMenu{Key: "1", Entries: []TrayEntry{{ID: 4, Text: "Quit"}, {Separator: true}, {ID: 5, Text: "More", Open: true}}}
	show()
	if !r.Trapping() {
		t.Fatal("the menu is closed")
	}
	*j = nil
	r.Do(apptest.Find(r.Semantics(), "Quit").ID, ui.DoActivate, "")
	if want := (journal{"tray 1 3", "entry 1 4"}); !slices.Equal(*j, want) {
		t.Errorf("a line of the menu: %q; want %q", *j, want)
	}
	// A part of the menu that is shown instead is used by keyboard at once.
	s.TrayMenu = &TrayMenu{Key: "1", Page: "5", Entries: []TrayEntry{{ID: -1, Text: "Back", Back: true}, {ID: 6, Text: "Low"}}}
	show()
	*j = nil
	for _, k := range []ui.Sym{ui.KeyDown, ui.KeyEnter} {
		r.Event(&ui.Keystroke{Sym: k})
		r.Event(&ui.Keystroke{Sym: k, Release: true})
	}
	if want := (journal{"tray 1 3", "entry 1 6"}); !slices.Equal(*j, want) {
		t.Errorf("the second page: %q; want %q", *j, want)
	}
	s.TrayMenu = nil
	show()
	if r.Trapping() {
		t.Error("the menu stays open")
	}
}

func TestACrowdedTrayLeavesRoom(t *testing.T) {
	for _, w := range []int32{320, 640, 1280} {
		r, b, _ := newTestBar(w, false)
		b.Show(trayState(40))
		r.Invalidate()
		if got := r.Frame().List.Bounds(); got.X1 > w || got.Y0 < 720-Height {
			t.Errorf("%d wide: drawn in %v", w, got)
		}
		if i := apptest.Find(r.Semantics(), "Item 39 (asks for attention)"); i == nil || i.Bounds.X1 > w {
			t.Errorf("%d wide: what asks for attention isn't seen: %+v", w, i)
		}
	}
}

func TestNothingIsDrawnOutsideOfTheBar(t *testing.T) {
	for _, w := range []int32{320, 480, 640, 1280, 3840} {
		for _, rtl := range []bool{false, true} {
			r, _, _ := newTestBar(w, rtl)
			got := r.Frame().List.Bounds()
			if got.X0 < 0 || got.X1 > w || got.Y0 < 720-Height || got.Y1 > 720 {
				t.Errorf("%d wide, rtl %v: drawn in %v", w, rtl, got)
			}
		}
	}
}

func TestAStateThatLooksTheSameIsNone(t *testing.T) {
	_, b, _ := newTestBar(1280, false)
	if b.Show(testState()) {
		t.Error("the same state counts as another")
	}
	s := testState()
	s.Windows[1].Title = "three"
	if !b.Show(s) {
		t.Error("another title counts as the same")
	}
}

func TestTheCalendarBeginsOnMonday(t *testing.T) {
	r, b, _ := newTestBar(1280, false)
	r.Do(apptest.Find(r.Semantics(), "09:41, Sunday 22 November 2026").ID, ui.DoActivate, "")
	r.Frame()
	if !b.open[Calendar] || !r.Trapping() {
		t.Fatal("the calendar is closed")
	}
	r.Do(apptest.Find(r.Semantics(), "Next month").ID, ui.DoActivate, "")
	if got := b.month.Format("2006-01"); got != "2026-12" {
		t.Errorf("it shows %s", got)
	}
}

// BenchmarkRedraw draws all of the bar on an output 1920 wide.
func BenchmarkRedraw(b *testing.B) {
	r, _, _ := newTestBar(1920, false)
	r.Resize(geom.Size{W: 1920, H: 1080}, geom.ScaleOne)
	px := render.NewPixels(1920, Height, render.ARGB8888)
	ras := paint.NewRaster(testFonts)
	target := paint.Target{Pixels: &px, Scale: geom.ScaleOne, Origin: geom.Point{Y: Height - 1080}}
	b.ReportAllocs()
	for b.Loop() {
		r.Repaint()
		if err := ras.Draw(target, r.Frame().List, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// TestMachinesAreMuted: who has a loudspeaker is muted and heard by its menu; who has
// none has nothing of that in it.
func TestMachinesAreMuted(t *testing.T) {
	for _, tc := range []struct {
		m      Machine
		want   string // "" for no such line
		verb   Verb
		greyed bool
	}{
		{Machine{ID: "a", Alive: true}, "", 0, false},
		{Machine{ID: "a", Alive: true, Sound: true}, "Mute", Mute, false},
		{Machine{ID: "a", Alive: true, Sound: true, Muted: true}, "Unmute", Unmute, false},
		{Machine{ID: "a", Sound: true}, "Mute", Mute, true},
	} {
		j := &journal{}
		got := ""
		for _, item := range (&Bar{act: j}).machineMenu(&tc.m) {
			if item.Text != "Mute" && item.Text != "Unmute" {
				continue
			}
			got += item.Text
			if item.Disabled != tc.greyed {
				t.Errorf("%+v: %s disabled %v", tc.m, item.Text, item.Disabled)
			}
			item.OnPress()
			if want := fmt.Sprintf("machine a %d", tc.verb); !slices.Contains(*j, want) {
				t.Errorf("%+v: %q; want %q", tc.m, *j, want)
			}
		}
		if got != tc.want {
			t.Errorf("%+v: %q; want %q", tc.m, got, tc.want)
		}
	}
}
