package session

import (
	"rayos/internal/pulse"
	"rayos/shell/control"
	"rayos/shell/mpris"
	"rayos/shell/sound"
)

// Media implements control.Session.
func (c *commands) Media() control.Media { return mediaCommands{c.s} }

// mediaCommands is what plays and how loud, as rayctl and the prompt see it.
type mediaCommands struct{ s *Session }

// Players implements control.Media.
func (c mediaCommands) Players() []control.Player {
	var out []control.Player
	current := mpris.Current(c.s.media.players)
	for i := range c.s.media.players {
		p := &c.s.media.players[i]
		out = append(out, control.Player{
			Name: p.Name, Status: p.Status.String(), Title: p.Title, Artist: p.Artist, Current: p == current,
		})
	}
	return out
}

// Press implements control.Media.
func (c mediaCommands) Press(key string) error {
	k, ok := map[string]mpris.Key{
		"play-pause": mpris.PlayPause, "play": mpris.Play, "pause": mpris.Pause, "stop": mpris.Stop,
		"next": mpris.Next, "previous": mpris.Previous,
	}[key]
	if !ok {
		return control.Errorf(control.CodeBadArgs, "there is no key %q", key)
	}
	return c.s.media.do(k)
}

// Volume implements control.Media.
func (c mediaCommands) Volume(ch control.Change, done func(control.Level, error)) {
	v := &c.s.volume
	if v.server == nil {
		done(control.Level{}, control.Errorf(control.CodeFailed, "%v: start PulseAudio or PipeWire", pulse.ErrNone))
		return
	}
	v.change(sound.Change{Set: ch.Set, By: ch.By, Toggle: ch.Mute, Mute: ch.Quiet}, func(st sound.State, err error) {
		done(control.Level{Percent: int(st.Level*100 + 0.5), Muted: st.Muted}, err)
	})
}

// Microphone implements control.Media.
func (c mediaCommands) Microphone(muted *bool, toggle bool, done func(control.Microphone, error)) {
	v := &c.s.volume
	if v.server == nil {
		done(control.Microphone{}, control.Errorf(control.CodeFailed, "%v: start PulseAudio or PipeWire", pulse.ErrNone))
		return
	}
	v.change(sound.Change{ToggleInput: toggle, MuteInput: muted}, func(st sound.State, err error) {
		if err == nil && !st.Input {
			err = sound.ErrNoInput
		}
		done(control.Microphone{Muted: st.InputMuted}, err)
	})
}

// Brightness implements control.Media.
func (c mediaCommands) Brightness(ch control.Change, done func(control.Level, error)) {
	c.s.light.change(ch, func(level float64, err error) {
		done(control.Level{Percent: int(level*100 + 0.5)}, err)
	})
}
