package taskbar

import (
	"slices"
	"testing"
	"time"

	"rayos/geom"
	"rayos/gpu/render"
	"rayos/internal/apptest"
	"rayos/internal/golden"
	"rayos/rayapps/paint"
	"rayos/rayapps/ui"
	uitheme "rayos/rayapps/ui/theme"
)

func (j *journal) SetVolume(v float64)    { j.note("volume %.2f", v) }
func (j *journal) Mute(on bool)           { j.note("mute %v", on) }
func (j *journal) MuteMicrophone(on bool) { j.note("mute microphone %v", on) }
func (j *journal) SetLight(v float64)     { j.note("light %.2f", v) }
func (j *journal) Quiet(on bool)          { j.note("quiet %v", on) }
func (j *journal) LightColours(on bool)   { j.note("light colours %v", on) }
func (j *journal) Screenshot()            { j.note("screenshot") }
func (j *journal) Settings()              { j.note("settings") }

func laptop() Status {
	return Status{Network: Wireless, Sound: true, Volume: 0.4, Microphone: true, MicrophoneOff: true, Light: true, Level: 0.6, Battery: true, Percent: 80, Left: 150 * time.Minute}
}

func TestQuickSettings(t *testing.T) {
	const name = "Quick settings, Wi-Fi, Volume 40 %, Microphone off, Battery 80 %, 2:30 left"
	for _, rtl := range []bool{false, true} {
		for _, c := range []struct{ press, want string }{
			{"Mute", "mute true"},
			{"Microphone", "mute microphone false"},
			{"Do not disturb", "quiet true"},
			{"Light colours", "light colours true"},
			{"Settings", "settings"},
			{"Take a screenshot", "screenshot"},
		} {
			r, b, j := newTestBar(1280, rtl)
			if apptest.Find(r.Semantics(), name) != nil {
				t.Fatal("there is a status of nothing")
			}
			s := testState()
			s.Status = laptop()
			if !b.Show(s) {
				t.Fatal("the status counts for nothing")
			}
			r.Invalidate()
			r.Frame()
			i := apptest.Find(r.Semantics(), name)
			if i == nil {
				t.Fatalf("there is no %q", name)
			}
			r.Do(i.ID, ui.DoActivate, "")
			r.Frame()
			if i = apptest.Find(r.Semantics(), c.press); i == nil {
				t.Errorf("there is no %q", c.press)
				continue
			}
			if i.Bounds.X0 < 0 || i.Bounds.X1 > 1280 || i.Bounds.Y1 > 720-Height {
				t.Errorf("%q is at %v", c.press, i.Bounds)
			}
			r.Do(i.ID, ui.DoActivate, "")
			if !slices.Equal(*j, journal{c.want}) {
				t.Errorf("%q: %q; want %q", c.press, *j, c.want)
			}
		}
	}
}

// TestQuickSettingsPictures: what the quick settings look like on a laptop, on a
// machine with less, and where there is nothing to be set.
func TestQuickSettingsPictures(t *testing.T) {
	states := []struct {
		name   string
		status Status
		quiet  bool
	}{
		{"laptop", laptop(), false},
		{"charging", Status{Network: Wired, Sound: true, Volume: 1.2, Light: true, Level: 1, Battery: true, Percent: 50, Charging: true, Plugged: true, Left: 65 * time.Minute}, true},
		{"low", Status{Network: Offline, Sound: true, Volume: 0.3, Muted: true, Light: true, Level: 0.01, Battery: true, Percent: 5, Left: 9 * time.Minute}, false},
		{"desktop", Status{Network: Wired}, false},
	}
	looks := []struct {
		name   string
		scheme uitheme.Scheme
		rtl    bool
		scale  geom.Scale
	}{
		{"dark", uitheme.Dark, false, geom.ScaleOne},
		{"light", uitheme.Light, false, geom.ScaleOne},
		{"dark-rtl", uitheme.Dark, true, geom.ScaleOne},
		{"light-rtl", uitheme.Light, true, geom.ScaleOne},
		{"dark-1.5", uitheme.Dark, false, 180},
		{"light-2", uitheme.Light, false, 240},
	}
	size := geom.Size{W: 480, H: 400}
	for i, s := range states {
		for _, l := range looks {
			if i > 0 && l.scale != geom.ScaleOne {
				continue
			}
			t.Run(s.name+"-"+l.name, func(t *testing.T) {
				th, now := uitheme.New(l.scheme, 0), time.Minute
				b := New(th, &journal{})
				b.Resize(size.W)
				st := testState()
				st.Windows, st.Machines, st.Status, st.Quiet = nil, nil, s.status, s.quiet
				b.Show(st)
				b.open[Quick] = true
				r := ui.New(ui.Options{View: b.View, Fonts: testFonts, Theme: th, RTL: l.rtl, Now: func() time.Duration { return now }, Background: true})
				r.Resize(size, l.scale)
				for range 3 { // what moves comes to rest
					r.Frame()
					now += 250 * time.Millisecond
				}
				list := r.Frame().List
				px := render.NewPixels(l.scale.Apply(size.W), l.scale.Apply(size.H), render.XRGB8888)
				if err := paint.NewRaster(testFonts).Draw(paint.Target{Pixels: &px, Scale: l.scale}, list, nil); err != nil {
					t.Fatal(err)
				}
				golden.Pixels(t, "quick-"+s.name+"-"+l.name, px)
				golden.Text(t, "quick-"+s.name+"-"+l.name+".paint.txt", list.String())
			})
		}
	}
}

func TestTheBatteryInWords(t *testing.T) {
	for _, c := range []struct {
		s    Status
		want string
	}{
		{Status{Percent: 5}, "Battery 5 %"},
		{Status{Percent: 50, Charging: true, Plugged: true, Left: 65 * time.Minute}, "Battery 50 %, full in 1:05"},
		{Status{Percent: 50, Charging: true, Plugged: true}, "Battery 50 %, charging"},
		{Status{Percent: 100, Plugged: true}, "Battery 100 %, plugged in"},
	} {
		if _, got := c.s.battery(); got != c.want {
			t.Errorf("%q; want %q", got, c.want)
		}
	}
}
