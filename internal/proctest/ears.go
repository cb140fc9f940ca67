package proctest

import (
	"encoding/binary"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"sync"
	"testing"
	"time"
)

// earsRate is in frames a second.
const earsRate = 48000

// Ears are a sound server, and what is heard of it.
type Ears struct {
	Env []string // of programs that are to be heard
	t   testing.TB
	dir string

	mu    sync.Mutex
	more  sync.Cond
	heard []byte // frames of 48 kHz, stereo, 16 bits
}

// NewEars has no server yet. It needs PulseAudio.
func NewEars(t testing.TB) *Ears {
	t.Helper()
	Need(t, "pulseaudio")
	Need(t, "parec")
	dir := RuntimeDir(t)
	e := &Ears{t: t, dir: dir, Env: []string{"HOME=" + dir, "XDG_RUNTIME_DIR=" + dir, "PATH=" + os.Getenv("PATH"), "LC_ALL=C"}}
	e.more.L = &e.mu
	return e
}

// Serve starts the server.
func (e *Ears) Serve() {
	e.t.Helper()
	e.run("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no",
		"-L", "module-null-sink sink_name=test rate=48000 norewinds=1", "-L", "module-native-protocol-unix")
}

// Listen listens to all that is played.
func (e *Ears) Listen() {
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

func (e *Ears) run(name string, args ...string) io.Reader {
	e.t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env, cmd.Stderr = e.Env, e.t.Output()
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

// Forget forgets what was heard.
func (e *Ears) Forget() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.heard = nil
}

// Hears waits until so much of a sine was heard, and returns its frequency in Hz:
// the middle one of all waves, since a slow machine's sound has gaps.
func (e *Ears) Hears(atLeast time.Duration) float64 {
	e.t.Helper()
	late := false
	timer := time.AfterFunc(Patience, func() {
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
		if loud >= int(atLeast*earsRate/time.Second) && len(waves) > 0 {
			slices.Sort(waves)
			return earsRate / float64(waves[len(waves)/2])
		}
		if late {
			e.t.Fatalf("heard %d frames, %d of them loud, %v; want %v", len(e.heard)/4, loud, waves, atLeast)
		}
		e.more.Wait()
	}
}

// Socket is where the server listens.
func (e *Ears) Socket() string { return filepath.Join(e.dir, "pulse", "native") }
