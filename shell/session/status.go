package session

import (
	"errors"

	"rayos/shell/control"
	"rayos/shell/network"
	"rayos/shell/power"
	"rayos/shell/screenshot"
	"rayos/shell/sound"
	"rayos/shell/taskbar"
)

// status is what bars show of the machine's devices.
type status struct {
	s       *Session
	power   *power.Watcher   // nil where nobody looks
	network *network.Watcher // nil where nobody looks
	battery power.State
	kind    network.Kind
}

func (t *status) init(s *Session) {
	t.s = s
	if c := s.opt.PowerClass; c != "" {
		w, err := power.Watch(c, func(st power.State) {
			s.loop.Post(func() { t.battery, s.bars.stale = st, true })
		})
		if err != nil {
			s.log.Warn("no battery is shown", "err", err)
		}
		t.power = w
	}
	if c := s.opt.NetworkClass; c != "" {
		w, err := network.Watch(c, func(k network.Kind) {
			s.loop.Post(func() { t.kind, s.bars.stale = k, true })
		})
		if err != nil {
			s.log.Warn("no network is shown", "err", err)
		}
		t.network = w
	}
}

func (t *status) end() {
	var errs []error
	if t.power != nil {
		errs = append(errs, t.power.Close())
	}
	if t.network != nil {
		errs = append(errs, t.network.Close())
	}
	if err := errors.Join(errs...); err != nil {
		t.s.log.Warn("status", "err", err)
	}
}

// barNetworks are what the kinds are called on the bar.
var barNetworks = map[network.Kind]taskbar.Network{
	network.None: taskbar.Offline, network.Wired: taskbar.Wired, network.Wireless: taskbar.Wireless,
}

// state is what there is to show now.
func (t *status) state() taskbar.Status {
	s, b := t.s, t.battery
	return taskbar.Status{
		Network: barNetworks[t.kind],
		Sound:   s.volume.server != nil, Volume: s.volume.state.Level, Muted: s.volume.state.Muted,
		Microphone: s.volume.server != nil && s.volume.state.Input, MicrophoneOff: s.volume.state.InputMuted,
		Light: s.light.light != nil, Level: s.light.level,
		Battery: b.There, Percent: b.Percent, Charging: b.Charging, Plugged: b.Plugged, Left: b.Left,
	}
}

func (a barActions) SetVolume(level float64) { a.volume(sound.Change{Set: &level}) }
func (a barActions) Mute(on bool)            { a.volume(sound.Change{Mute: &on}) }
func (a barActions) MuteMicrophone(on bool)  { a.volume(sound.Change{MuteInput: &on}) }
func (a barActions) Quiet(on bool)           { a.s.notices.setQuiet(on); a.s.bars.stale = true }
func (a barActions) Screenshot()             { a.b.panel.Release(); a.s.shots.open(screenshot.Region, false) }

func (a barActions) volume(c sound.Change) {
	v := &a.s.volume
	if v.server == nil {
		return // it has just gone
	}
	v.change(c, func(_ sound.State, err error) { a.failed("volume", err) })
}

func (a barActions) SetLight(level float64) {
	a.s.light.change(control.Change{Set: &level}, func(_ float64, err error) { a.failed("light of the screen", err) })
}

func (a barActions) LightColours(on bool) {
	scheme := "dark"
	if on {
		scheme = "light"
	}
	a.s.prefs.Set("appearance.scheme", scheme, func(err error) { a.failed("colours", err) })
}

func (a barActions) Settings() { a.failed("settings", a.s.show("settings")) }

func (a barActions) failed(what string, err error) {
	if err != nil {
		a.s.log.Warn("quick settings", "of", what, "err", err)
	}
}
