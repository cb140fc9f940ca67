package host_test

import (
	"encoding/binary"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"rayos/internal/proctest"
	"rayos/vmm"
	"rayos/vmm/host"
	"rayos/vmm/sound"
)

// ears are a sound server, and what is heard of it.
type ears struct {
	t   *testing.T
	env []string

	mu    sync.Mutex
	more  sync.Cond
	heard []byte // frames of 48 kHz, stereo, 16 bits
}

// newEars has no server yet.
func newEars(t *testing.T) *ears {
	t.Helper()
	proctest.Need(t, "pulseaudio")
	proctest.Need(t, "parec")
	dir := proctest.RuntimeDir(t)
	e := &ears{t: t, env: []string{"HOME=" + dir, "XDG_RUNTIME_DIR=" + dir, "PATH=" + os.Getenv("PATH"), "LC_ALL=C"}}
	e.more.L = &e.mu
	return e
}

// serve starts the server.
func (e *ears) serve() {
	e.t.Helper()
	e.run("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no",
		"-L", "module-null-sink sink_name=test rate=48000 norewinds=1", "-L", "module-native-protocol-unix")
}

// listen listens to all that is played.
func (e *ears) listen() {
	e.t.Helper()
	out := e.run("parec", "-d", "test.monitor", "--raw", "--format=s16le", "--rate=48000", "--channels=2", "--latency-msec=20")
	go func() {
		b := make([]byte, 4096)
		for {
			n, err := out.Read(b)
			e.mu.Lock()
			e.heard = append(e.heard, b[:n]...)
			e.more.Broadcast()
			e.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
}

func (e *ears) run(name string, args ...string) io.Reader {
	e.t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env, cmd.Stderr = e.env, e.t.Output()
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		e.t.Fatal(err)
	}
	e.t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // killed
	})
	return out
}

// forget forgets what was heard.
func (e *ears) forget() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.heard = nil
}

// hears waits until so much of a sine was heard, and returns its frequency in Hz:
// the middle one of all waves, since a slow machine's sound has gaps.
func (e *ears) hears(atLeast time.Duration) float64 {
	e.t.Helper()
	late := false
	timer := time.AfterFunc(proctest.Patience, func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		late = true
		e.more.Broadcast()
	})
	defer timer.Stop()
	e.mu.Lock()
	defer e.mu.Unlock()
	for {
		loud, waves := 0, []int{}
		last, from := int16(0), -1
		for i := 0; i+4 <= len(e.heard); i += 4 {
			v := int16(binary.LittleEndian.Uint16(e.heard[i:]))
			if v != 0 {
				loud++
			}
			if last < 0 && v >= 0 {
				if from >= 0 {
					waves = append(waves, i/4-from)
				}
				from = i / 4
			}
			last = v
		}
		if loud >= int(atLeast*sound.Rate/time.Second) && len(waves) > 0 {
			slices.Sort(waves)
			return sound.Rate / float64(waves[len(waves)/2])
		}
		if late {
			e.t.Fatalf("heard %d frames, %d of them loud, %v; want %v", len(e.heard)/4, loud, waves, atLeast)
		}
		e.more.Wait()
	}
}

// newLoudVM is a machine that policy gives sound, and whose server is e.
func newLoudVM(t *testing.T, e *ears) *vm {
	t.Helper()
	v := newVM(t)
	v.env = e.env
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
	e := newEars(t)
	v := newLoudVM(t, e)
	v.run(args...)
	v.ask(host.Request{Op: host.OpStart})
	v.says(0, "RAYOS_LINUX_SOUND_OK")
	v.heard("the agent", 0, ready("agent"))
	if st := v.soundIs(sound.NoServer); st.Detail == "" {
		t.Errorf("%+v; want why", st)
	}
	v.tone() // into nothing, at its own pace
	e.serve()
	v.soundIs(sound.Idle)
	e.listen()
	heard := func(when string) {
		t.Helper()
		e.forget()
		v.tone()
		if hz := e.hears(250 * time.Millisecond); hz < 436 || hz > 444 {
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
