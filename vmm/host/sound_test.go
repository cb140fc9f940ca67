package host_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"rayos/internal/proctest"
	"rayos/vmm"
	"rayos/vmm/host"
	"rayos/vmm/sound"
)

// newLoudVM is a machine that policy gives sound, and whose server is e.
func newLoudVM(t *testing.T, e *proctest.Ears) *vm {
	t.Helper()
	v := newVM(t)
	v.env = e.Env
	if err := os.MkdirAll(filepath.Dir(v.root.Policy()), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(v.root.Policy(), []byte("version = 0\n[linux]\naudio = true\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	return v
}

// says waits for a marker of the guest.
func (v *vm) says(from int, text string) int {
	v.t.Helper()
	return v.heard(text, from, func(e host.Event) bool {
		return e.Event == host.EventConsole && strings.HasPrefix(e.Detail, text)
	})
}

// tone has the guest play 440 Hz, and waits until it has.
func (v *vm) tone() {
	v.t.Helper()
	from := v.count()
	v.ask(host.Request{Op: host.OpConsole, Text: "TONE:440:500"})
	v.says(from, "RAYOS_LINUX_TONE_END hz=440 ms=500")
}

// soundIs waits for a state of the machine's sound.
func (v *vm) soundIs(state string) sound.Status {
	v.t.Helper()
	look := time.NewTicker(10 * time.Millisecond)
	defer look.Stop()
	for begin := time.Now(); ; <-look.C {
		st := v.status().Sound
		if st == nil {
			v.t.Fatal("the machine has no sound")
		}
		if st.State == state {
			return *st
		}
		if time.Since(begin) > proctest.Patience {
			v.t.Fatalf("%+v; want %s", *st, state)
		}
	}
}

// TestGuestIsHeard: a guest plays a tone, and who listens at the sound server of the
// person hears it; also a server that came later, when rayos-vm was killed meanwhile,
// and after suspend and resume, but not while the machine is muted.
func TestGuestIsHeard(t *testing.T) {
	for _, newer := range []bool{false, true} {
		name := "system's QEMU"
		var args []string
		if newer {
			name = "newer QEMU"
		}
		t.Run(name, func(t *testing.T) {
			if newer {
				program, err := newerQEMU()
				if err != nil {
					t.Skipf("no newer QEMU: %v", err)
				}
				args = []string{"--qemu", program}
			}
			guestIsHeard(t, args)
		})
	}
}

func guestIsHeard(t *testing.T, args []string) {
	e := proctest.NewEars(t)
	v := newLoudVM(t, e)
	v.run(args...)
	v.ask(host.Request{Op: host.OpStart})
	v.says(0, "RAYOS_LINUX_SOUND_OK")
	v.heard("the agent", 0, ready("agent"))
	if st := v.soundIs(sound.NoServer); st.Detail == "" {
		t.Errorf("%+v; want why", st)
	}
	v.tone() // into nothing, at its own pace
	e.Serve()
	v.soundIs(sound.Idle)
	e.Listen()
	heard := func(when string) {
		t.Helper()
		e.Forget()
		v.tone()
		if hz := e.Hears(250 * time.Millisecond); hz < 436 || hz > 444 {
			t.Errorf("%s: %.1f Hz; want 440", when, hz)
		}
		st := v.status().Sound
		t.Logf("%s: %+v", when, *st)
		if st.Played < 250*time.Millisecond || st.Streams == 0 {
			t.Errorf("%s: %+v; want more than 250 ms played", when, *st)
		}
	}
	heard("first")
	v.soundIs(sound.Idle)

	v.ask(host.Request{Op: host.OpMute})
	before := v.soundIs(sound.Idle)
	v.tone()
	if st := v.soundIs(sound.Idle); !st.Muted || st.Played != before.Played {
		t.Errorf("muted: %+v; before it was %+v", st, before)
	}

	v.kill()
	v.mu.Lock()
	v.events = nil
	v.mu.Unlock()
	v.run(args...)
	if st := v.soundIs(sound.Idle); !st.Muted {
		t.Error("that it is muted is forgotten")
	}
	v.ask(host.Request{Op: host.OpUnmute})
	v.heard("the agent", 0, ready("agent"))
	heard("rayos-vm was killed")

	a := v.ask(host.Request{Op: host.OpSuspend})
	t.Log("suspend:", a.Detail)
	v.ask(host.Request{Op: host.OpResume})
	if st := v.status(); st.State != vmm.Running || st.Generation != 1 {
		t.Fatalf("after resume: %+v", st)
	}
	heard("resumed")
	if st := v.status().Means; st == nil || st.Confined.State != host.ConfinedOn {
		t.Logf("not confined here: %+v", st)
	}
}

// TestNoSoundWithoutPolicy: a machine has a loudspeaker only if policy says so.
func TestNoSoundWithoutPolicy(t *testing.T) {
	v := newVM(t)
	v.run()
	v.ask(host.Request{Op: host.OpStart})
	if st := v.status().Sound; st != nil {
		t.Errorf("%+v; want none", st)
	}
	if a, err := v.Call(t.Context(), host.Request{Op: host.OpMute}, nil); err == nil {
		t.Errorf("mute: %+v; want it refused", a)
	}
	v.heard("the agent", 0, ready("agent"))
	n := v.count()
	v.ask(host.Request{Op: host.OpConsole, Text: "TONE:440:10"})
	v.says(n, "RAYOS_LINUX_TONE_ERR reason=no_sound_card")
}
