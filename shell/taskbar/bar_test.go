package taskbar

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/rayapps/paint"
	"rayos/rayapps/text"
	"rayos/rayapps/ui"
	uitheme "rayos/rayapps/ui/theme"
	"rayos/shell/theme"
)

// journal notes what is asked for.
type journal []string

func (j *journal) note(format string, a ...any) { *j = append(*j, fmt.Sprintf(format, a...)) }

func (j *journal) Activate(w uint32)         { j.note("activate %d", w) }
func (j *journal) Minimise(w uint32)         { j.note("minimise %d", w) }
func (j *journal) Maximise(w uint32)         { j.note("maximise %d", w) }
func (j *journal) Close(w uint32)            { j.note("close %d", w) }
func (j *journal) MoveTo(w uint32, n int)    { j.note("move %d to %d", w, n) }
func (j *journal) Workspace(n int)           { j.note("workspace %d", n) }
func (j *journal) Machine(id string, v Verb) { j.note("machine %s %d", id, v) }
func (j *journal) Prompt()                   { j.note("prompt") }
func (j *journal) Tile()                     { j.note("tile") }
func (j *journal) Statistics()               { j.note("statistics") }
func (j *journal) End()                      { j.note("end") }

var testFonts = text.NewFonts(text.Options{})

func testState() State {
	return State{
		Windows: []Window{
			{ID: 1, App: "org.example.files", Title: "Files", Active: true},
			{ID: 2, App: "foot", Title: "one"},
			{ID: 3, App: "foot", Title: "two", Attention: true},
		},
		Machines: []Machine{
			{ID: "linux-desktop", Name: "Linux desktop", State: "running", Trust: theme.Linux, Alive: true, Shown: true},
			{ID: "win", Name: "Windows", State: "stopped", Trust: theme.Windows},
		},
		Workspaces: []Workspace{{Name: "1", Shown: true}, {Name: "2"}},
		Now:        time.Date(2026, 11, 22, 9, 41, 0, 0, time.UTC), Layout: "EN",
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

// find returns what is called name.
func find(i *ui.Info, name string) *ui.Info {
	if i.Name == name && len(i.Actions) > 0 {
		return i
	}
	for _, k := range i.Children {
		if f := find(k, name); f != nil {
			return f
		}
	}
	return nil
}

func TestWhatThePartsDo(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{"Files", "minimise 1"},
		{"Foot: 2 windows (asks for attention)", "activate 2"},
		{"Linux: Linux desktop (running)", "machine linux-desktop 0"},
		{"Windows: Windows (stopped)", "machine win 0"},
		{"Workspace 2", "workspace 1"},
		{"Ask or search", "prompt"},
	} {
		r, _, j := newTestBar(1280, false)
		i := find(r.Semantics(), c.name)
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
	r.Do(find(r.Semantics(), "09:41, Sunday 22 November 2026").ID, ui.DoActivate, "")
	r.Frame()
	if !b.calendar || !r.Trapping() {
		t.Fatal("the calendar is closed")
	}
	r.Do(find(r.Semantics(), "Next month").ID, ui.DoActivate, "")
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
