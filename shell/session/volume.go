package session

import (
	"errors"

	"rayos/internal/pulse"
	"rayos/shell/osd"
	"rayos/shell/sound"
)

// volume is that of the person's sound server. Its keys are the session's while
// there is one.
type volume struct {
	s      *Session
	server *sound.Server // nil without one
	state  sound.State
	keys   keySet
	stop   func() // ends the wait for a server
	ended  bool
}

// volumeStep is what a press of a key changes.
const volumeStep = 0.05

func (v *volume) init(s *Session) {
	v.s = s
	v.keys = keySet{s: s, repeats: true, chords: map[string]func(){
		"XF86AudioRaiseVolume": func() { v.press(sound.Change{By: volumeStep}) },
		"XF86AudioLowerVolume": func() { v.press(sound.Change{By: -volumeStep}) },
		"XF86AudioMute":        func() { v.press(sound.Change{Toggle: true}) },
		"XF86AudioMicMute":     v.microphone,
	}}
	v.look()
}

// look waits for a sound server, on a goroutine, and speaks to it.
func (v *volume) look() {
	path, s := pulse.Address(), v.s
	if path == "" || v.ended {
		return
	}
	there, stop := pulse.Await(path)
	v.stop = stop
	go func() {
		if err := <-there; err != nil {
			s.loop.Post(func() { v.failed(err) })
			return
		}
		server, err := sound.Connect(path, func(st sound.State) { s.loop.Post(func() { v.state, s.bars.stale = st, true }) },
			func(error) { s.loop.Post(v.gone) })
		s.loop.Post(func() { v.connected(server, err) })
	}()
}

func (v *volume) connected(server *sound.Server, err error) {
	switch {
	case err != nil:
		v.failed(err)
	case v.ended:
		_ = server.Close() // nobody uses it
	default:
		v.server, v.s.bars.stale = server, true
		v.keys.bind(true)
	}
}

// failed says why there are no keys for the volume. A server that comes later is
// found when the session starts again.
func (v *volume) failed(err error) {
	if !v.ended && !errors.Is(err, pulse.ErrNone) {
		v.s.log.Warn("no keys for the volume", "err", err)
	}
}

// gone is called when the server has ended. Another may come.
func (v *volume) gone() {
	v.server, v.s.bars.stale = nil, true
	v.keys.bind(false)
	v.look()
}

func (v *volume) end() {
	v.ended = true
	v.keys.end()
	if v.stop != nil {
		v.stop()
	}
	if v.server != nil {
		_ = v.server.Close() // the session ends
	}
}

// change asks the server; done is called on the loop.
func (v *volume) change(c sound.Change, done func(sound.State, error)) {
	v.server.Change(c, func(st sound.State, err error) {
		v.s.loop.Post(func() { done(st, err) })
	})
}

// press is a key, and shows what it did.
func (v *volume) press(c sound.Change) {
	if v.server == nil {
		return
	}
	v.change(c, func(st sound.State, err error) {
		if err != nil {
			v.s.log.Warn("volume", "err", err)
			return
		}
		v.s.osd.say("volume", osd.Volume(st.Level, st.Muted))
	})
}

// microphone is the key of the microphone, and shows what it did.
func (v *volume) microphone() {
	if v.server == nil {
		return
	}
	v.change(sound.Change{ToggleInput: true}, func(st sound.State, err error) {
		if err != nil {
			v.s.log.Warn("microphone", "err", err)
			return
		}
		v.s.osd.say("microphone", osd.Microphone(st.InputMuted))
	})
}
