package sound

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"rayos/internal/bustest"
)

// TestPipeWire plays by PipeWire's pulse server, with the session manager that links
// streams to sinks, at the pace of a guest's sound card.
func TestPipeWire(t *testing.T) {
	for _, name := range []string{"pipewire", "wireplumber", "pipewire-pulse", "pactl"} {
		if _, err := exec.LookPath(name); err != nil {
			t.Skipf("%s is not installed (packages pipewire-pulse, wireplumber, pulseaudio-utils)", name)
		}
	}
	bus, dir := bustest.New(t), t.TempDir()
	socket := filepath.Join(dir, "pulse", "native")
	env := append(os.Environ(), "HOME="+dir, "XDG_RUNTIME_DIR="+dir, "DBUS_SESSION_BUS_ADDRESS="+bus, "PULSE_SERVER=unix:"+socket)
	start := func(name string) {
		t.Helper()
		cmd := exec.Command(name)
		cmd.Env, cmd.Stderr = env, t.Output()
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			_ = cmd.Process.Kill()
			_ = cmd.Wait() // killed
		})
	}
	p := newPlayer(t, socket)
	start("pipewire")
	tick, late := time.NewTicker(10*time.Millisecond), time.After(within)
	defer tick.Stop()
	for {
		if _, err := os.Stat(filepath.Join(dir, "pipewire-0")); err == nil {
			break // who connects earlier ends
		}
		select {
		case <-tick.C:
		case <-late:
			t.Fatal("PipeWire doesn't listen")
		}
	}
	start("wireplumber")
	start("pipewire-pulse")
	becomes(t, p, Idle)
	pactl := exec.Command("pactl", "load-module", "module-null-sink", "sink_name=test", "rate=48000")
	pactl.Env = env
	if out, err := pactl.CombinedOutput(); err != nil {
		t.Fatalf("pactl: %v: %s", err, out)
	}
	const chunk = 10 * time.Millisecond
	for range 50 {
		p.Write(tone(chunk))
		<-tick.C
	}
	st := p.Status()
	t.Logf("%+v", st)
	if st.Streams != 1 || st.Played+st.Dropped < 400*time.Millisecond || st.Played < 200*time.Millisecond {
		t.Errorf("%+v; want most of 500 ms played by one stream", st)
	}
}
