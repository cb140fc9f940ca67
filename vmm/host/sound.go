package host

import (
	"context"
	"errors"
	"io/fs"
	"sync"

	"rayos/internal/pulse"
	"rayos/vmm"
	"rayos/vmm/sound"
)

// speaker is where the machine is heard: nowhere if policy gives it no sound. A
// window that is hidden is heard all the same, as of any program; a machine that is
// suspended isn't.
type speaker struct {
	player *sound.Player // nil for none

	mu     sync.Mutex
	failed string // why QEMU's sound doesn't reach us
}

// SoundFailed is the state of a machine whose QEMU doesn't give us its sound; beside
// those of sound.Status.
const SoundFailed = "failed"

// kept is what is remembered of a machine's sound.
type kept struct {
	Muted bool `json:"muted"`
}

// appID is what others know a machine's window and its sound by.
func appID(id vmm.ID) string { return "rayos-vm." + string(id) }

func (h *Host) keptSound() string { return h.dir.State("sound.json") }

// beginSound looks for a sound server. It is spoken to by us, confined as we are: no
// program is started for it.
func (h *Host) beginSound() error {
	if !h.machine.Audio {
		return nil
	}
	var k kept
	if err := readJSON(h.keptSound(), &k); err != nil && !errors.Is(err, fs.ErrNotExist) {
		h.log.Warn("whether the machine is muted", "err", err) // heard it does no harm
	}
	h.sound.player = sound.NewPlayer(sound.Options{
		Path: pulse.Address(), ID: appID(h.machine.ID), Name: h.machine.Name, Muted: k.Muted, Log: h.log,
	})
	return nil
}

// openSound has QEMU give us what the guest plays. Without it a machine is of use.
func (h *Host) openSound(ctx context.Context, l *link) {
	if h.sound.player == nil || l.display == nil {
		return
	}
	var err error
	if l.audio, err = l.display.OpenAudio(ctx, h.sound.player); err != nil {
		h.log.Warn("guest sound", "err", err)
		h.sound.fail(err)
		return
	}
	h.sound.fail(nil)
	go func() {
		<-l.audio.Done()
		if err := l.audio.Err(); err != nil {
			h.log.Warn("guest sound", "err", err)
			h.sound.fail(err)
		}
	}()
}

// fail notes why the guest isn't heard, nil if it is.
func (s *speaker) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.failed = ""
	if err != nil {
		s.failed = err.Error()
	}
}

// status is nil for a machine without sound.
func (s *speaker) status() *sound.Status {
	if s.player == nil {
		return nil
	}
	st := s.player.Status()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.failed != "" {
		st.State, st.Detail = SoundFailed, s.failed
	}
	return &st
}

func (s *speaker) close() {
	if s.player != nil {
		s.player.Close()
	}
}

// mute makes the machine heard or not, for good.
func (h *Host) mute(on bool) Answer {
	if h.sound.player == nil {
		return refuse(ErrState, "policy: audio is off")
	}
	h.sound.player.Mute(on)
	if err := writeJSON(h.keptSound(), kept{on}); err != nil {
		return refuse(ErrFailed, "done, but it will not be remembered: %v", err)
	}
	if on {
		return done("muted")
	}
	return done("heard")
}
