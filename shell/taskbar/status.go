package taskbar

import (
	"fmt"
	"math"
	"strings"
	"time"

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
		b.quick = false
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
		add(icon.WifiOff, "No network")
	case Wired:
		add(icon.Network, "Wired network")
	case Wireless:
		add(icon.Wifi, "Wi-Fi")
	}
	if s.Sound {
		n, text := s.sound()
		add(n, text)
	}
	if s.Microphone && s.MicrophoneOff {
		add(icon.MicrophoneOff, "Microphone off")
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
	name := strings.Join(append([]string{"Quick settings"}, words...), ", ")
	return ui.Popover{
		Open: b.quick, Name: "Quick settings", Width: quickWidth, Content: b.quickSettings(), OnClose: func() { b.quick = false },
		Child: ui.Tooltip{Text: strings.Join(words, "\n"), Child: ui.Pressable{
			Name: name, Radius: theme.RadiusControl, Selected: b.quick, OnPress: func() { b.quick = !b.quick },
			Child: ui.Padding{Insets: ui.Sides(theme.Space2, 6), Child: ui.Row{Gap: theme.Space2, Align: ui.Centre, Children: signs}},
		}},
	}
}

// sound returns picture and words of the volume.
func (s *Status) sound() (icon.Name, string) {
	text := "Volume " + percent(s.Volume)
	switch {
	case s.Muted:
		return icon.VolumeOff, "Muted"
	case s.Volume < 0.5:
		return icon.VolumeLow, text
	}
	return icon.Volume, text
}

// battery returns picture and words of the battery.
func (s *Status) battery() (icon.Name, string) {
	text := fmt.Sprintf("Battery %d %%", s.Percent)
	left := ""
	if s.Left > 0 {
		left = fmt.Sprintf("%d:%02d", int(s.Left.Hours()), int(s.Left.Minutes())%60)
	}
	switch {
	case s.Charging && left != "":
		return icon.BatteryCharging, text + ", full in " + left
	case s.Charging:
		return icon.BatteryCharging, text + ", charging"
	case s.Plugged:
		return icon.BatteryCharging, text + ", plugged in"
	case left != "":
		text += ", " + left + " left"
	}
	if s.Percent <= low {
		return icon.BatteryLow, text
	}
	return icon.Battery, text
}

func percent(v float64) string { return fmt.Sprintf("%d %%", int(math.Round(v*100))) }

func (b *Bar) quickSettings() ui.Node {
	if !b.quick {
		return ui.Spacer{Size: 0}
	}
	s := &b.state.Status
	rows := ui.Nodes{}
	if s.Sound {
		sign, _ := s.sound()
		name := "Mute"
		if s.Muted {
			name = "Unmute"
		}
		mute := ui.IconButton(sign, name, func() { b.act.Mute(!s.Muted) })
		rows = append(rows, level(mute, ui.Slider{Name: "Volume", Value: min(s.Volume, 1), Max: 1, Step: 0.05, Format: percent, OnChange: b.act.SetVolume}))
	}
	if s.Microphone {
		rows = append(rows, ui.Switch{Text: "Microphone", On: !s.MicrophoneOff, OnChange: func(on bool) { b.act.MuteMicrophone(!on) }})
	}
	if s.Light {
		sun := ui.Sized{W: 28, H: 28, Child: ui.Centred(ui.Icon{Name: icon.Sun, Color: b.theme.Text2})}
		rows = append(rows, level(sun, ui.Slider{Name: "Brightness", Value: s.Level, Min: quickLeast, Max: 1, Step: 0.05, Format: percent, OnChange: b.act.SetLight}))
	}
	rows = append(
		rows,
		ui.Switch{Text: "Do not disturb", On: b.state.Quiet, OnChange: b.act.Quiet},
		ui.Switch{Text: "Light colours", On: b.theme.Light(), OnChange: b.act.LightColours},
	)
	if s.Battery {
		_, text := s.battery()
		rows = append(rows, ui.Label{Text: text, Color: b.theme.Text2, Size: theme.Caption})
	}
	then := func(do func()) func() { return func() { b.quick = false; do() } }
	rows = append(rows, ui.Row{Gap: theme.Space1, Align: ui.Centre, Children: ui.Nodes{
		ui.Button{Text: "Settings", Icon: icon.Settings, Tone: ui.Quiet, OnPress: then(b.act.Settings)},
		ui.Spacer{},
		ui.Tooltip{Text: "Take a screenshot", Child: ui.IconButton(icon.Screenshot, "Take a screenshot", then(b.act.Screenshot))},
		ui.Tooltip{Text: "End session…", Child: ui.IconButton(icon.Power, "End session…", then(b.act.End))},
	}})
	return ui.Column{Gap: theme.Space3, Align: ui.Stretch, Children: rows}
}

// level is a slider beside its picture.
func level(sign ui.Node, s ui.Slider) ui.Node {
	return ui.Row{Gap: theme.Space2, Align: ui.Centre, Children: ui.Nodes{sign, ui.Expand{Child: s}}}
}
