package taskbar

import (
	"fmt"
	"math"
	"strings"
	"time"

	"rayos/rayapps/lang"
	"rayos/rayapps/ui"
	"rayos/rayapps/ui/icon"
	"rayos/rayapps/ui/theme"
)

// Network is what kind of network there is.
type Network uint8

// Networks.
const (
	NoStatus Network = iota // nobody knows
	Offline
	Wired
	Wireless
)

// Status is what the machine's own devices are like.
type Status struct {
	Network Network
	Sound   bool    // there is a volume
	Volume  float64 // 0 to 1, more if it is amplified
	Muted   bool
	// Microphone says that there is one, MicrophoneOff that it is muted.
	Microphone, MicrophoneOff bool

	Light    bool    // that of the screen can be set
	Level    float64 // of the light, 0 to 1
	Battery  bool
	Percent  int
	Charging bool
	Plugged  bool          // the battery doesn't get emptier
	Left     time.Duration // until it is empty or full, 0 if nobody knows
}

// QuickActions are what the quick settings ask for.
type QuickActions interface {
	SetVolume(level float64)
	Mute(on bool)
	MuteMicrophone(on bool)
	SetLight(level float64)
	Quiet(on bool) // don't disturb
	LightColours(on bool)
	Screenshot()
	Settings()
}

// low is the charge from which on a battery is short, in percent.
const low = 15

const (
	quickWidth = 300
	quickLeast = 0.01 // of the light: the screen stays to be seen
)

// status is one button for all that there is; a press shows the quick settings.
func (b *Bar) status() ui.Node {
	s := &b.state.Status
	if *s == (Status{}) {
		b.Sheet(Quick, false)
		return nil
	}
	ink := b.theme.Text2
	var signs ui.Nodes
	var words []string
	add := func(n icon.Name, text string) {
		signs = append(signs, ui.Icon{Name: n, Color: ink})
		words = append(words, text)
	}
	switch s.Network {
	case Offline:
		add(icon.WifiOff, lang.T("No network"))
	case Wired:
		add(icon.Network, lang.T("Wired network"))
	case Wireless:
		add(icon.Wifi, lang.T("Wi-Fi"))
	}
	if s.Sound {
		n, text := s.sound()
		add(n, text)
	}
	if s.Microphone && s.MicrophoneOff {
		add(icon.MicrophoneOff, lang.T("Microphone off"))
	}
	if s.Battery {
		n, text := s.battery()
		if n == icon.BatteryLow {
			ink = b.theme.Warn
		}
		add(n, text)
	}
	if len(signs) == 0 {
		signs = ui.Nodes{ui.Icon{Name: icon.Tune, Color: ink}}
	}
	name := strings.Join(append([]string{lang.T("Quick settings")}, words...), ", ")
	return ui.Popover{
		Open: b.open[Quick], Name: lang.T("Quick settings"), Width: quickWidth, Content: b.quickSettings(), OnClose: func() { b.Sheet(Quick, false) },
		Child: ui.Tooltip{Text: strings.Join(words, "\n"), Child: ui.Pressable{
			Name: name, Radius: theme.RadiusControl, Selected: b.open[Quick], OnPress: func() { b.Sheet(Quick, !b.open[Quick]) },
			Child: ui.Padding{Insets: ui.Sides(theme.Space2, 6), Child: ui.Row{Gap: theme.Space2, Align: ui.Centre, Children: signs}},
		}},
	}
}

// sound returns picture and words of the volume.
func (s *Status) sound() (icon.Name, string) {
	text := lang.F("Volume {percent}", "percent", percent(s.Volume))
	switch {
	case s.Muted:
		return icon.VolumeOff, lang.T("Muted")
	case s.Volume < 0.5:
		return icon.VolumeLow, text
	}
	return icon.Volume, text
}

// battery returns picture and words of the battery.
func (s *Status) battery() (icon.Name, string) {
	text := lang.F("Battery {percent} %", "percent", lang.Number(s.Percent))
	left := ""
	if s.Left > 0 {
		left = lang.Digits(fmt.Sprintf("%d:%02d", int(s.Left.Hours()), int(s.Left.Minutes())%60))
	}
	switch {
	case s.Charging && left != "":
		return icon.BatteryCharging, lang.F("{battery}, full in {time}", "battery", text, "time", left)
	case s.Charging:
		return icon.BatteryCharging, lang.F("{battery}, charging", "battery", text)
	case s.Plugged:
		return icon.BatteryCharging, lang.F("{battery}, plugged in", "battery", text)
	case left != "":
		text = lang.F("{battery}, {time} left", "battery", text, "time", left)
	}
	if s.Percent <= low {
		return icon.BatteryLow, text
	}
	return icon.Battery, text
}

func percent(v float64) string {
	return lang.F("{percent} %", "percent", lang.Number(int(math.Round(v*100))))
}

func (b *Bar) quickSettings() ui.Node {
	if !b.open[Quick] {
		return ui.Spacer{Size: 0}
	}
	s := &b.state.Status
	rows := ui.Nodes{}
	if s.Sound {
		sign, _ := s.sound()
		name := lang.T("Mute")
		if s.Muted {
			name = lang.T("Unmute")
		}
		mute := ui.IconButton(sign, name, func() { b.act.Mute(!s.Muted) })
		rows = append(rows, level(mute, ui.Slider{Name: lang.T("Volume"), Value: min(s.Volume, 1), Max: 1, Step: 0.05, Format: percent, OnChange: b.act.SetVolume}))
	}
	if s.Microphone {
		rows = append(rows, ui.Switch{Text: lang.T("Microphone"), On: !s.MicrophoneOff, OnChange: func(on bool) { b.act.MuteMicrophone(!on) }})
	}
	if s.Light {
		sun := ui.Sized{W: 28, H: 28, Child: ui.Centred(ui.Icon{Name: icon.Sun, Color: b.theme.Text2})}
		rows = append(rows, level(sun, ui.Slider{Name: lang.T("Brightness"), Value: s.Level, Min: quickLeast, Max: 1, Step: 0.05, Format: percent, OnChange: b.act.SetLight}))
	}
	rows = append(
		rows,
		ui.Switch{Text: lang.T("Do not disturb"), On: b.state.Quiet, OnChange: b.act.Quiet},
		ui.Switch{Text: lang.T("Light colours"), On: b.theme.Light(), OnChange: b.act.LightColours},
	)
	if s.Battery {
		_, text := s.battery()
		rows = append(rows, ui.Label{Text: text, Color: b.theme.Text2, Size: theme.Caption})
	}
	then := func(do func()) func() { return func() { b.Sheet(Quick, false); do() } }
	rows = append(rows, ui.Row{Gap: theme.Space1, Align: ui.Centre, Children: ui.Nodes{
		ui.Button{Text: lang.T("Settings"), Icon: icon.Settings, Tone: ui.Quiet, OnPress: then(b.act.Settings)},
		ui.Spacer{},
		ui.Tooltip{Text: lang.T("Take a screenshot"), Child: ui.IconButton(icon.Screenshot, lang.T("Take a screenshot"), then(b.act.Screenshot))},
		ui.Tooltip{Text: lang.T("End session…"), Child: ui.IconButton(icon.Power, lang.T("End session…"), then(b.act.End))},
	}})
	return ui.Column{Gap: theme.Space3, Align: ui.Stretch, Children: rows}
}

// level is a slider beside its picture.
func level(sign ui.Node, s ui.Slider) ui.Node {
	return ui.Row{Gap: theme.Space2, Align: ui.Centre, Children: ui.Nodes{sign, ui.Expand{Child: s}}}
}
