package taskbar

import (
	"slices"
	"testing"
	"time"

	"rayos/internal/apptest"
	"rayos/rayapps/ui"
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
