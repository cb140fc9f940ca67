package sound

import (
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// TestPulseAudio plays by a real server, at the pace of a guest's sound card.
func TestPulseAudio(t *testing.T) {
	if _, err := exec.LookPath("pulseaudio"); err != nil {
		t.Skip("pulseaudio is not installed (package pulseaudio)")
	}
	dir := t.TempDir()
	cmd := exec.Command("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no",
		"-L", "module-null-sink sink_name=test rate=48000 norewinds=1", "-L", "module-native-protocol-unix")
	cmd.Env = []string{"HOME=" + dir, "XDG_RUNTIME_DIR=" + dir, "PATH=/usr/bin:/bin"}
	cmd.Stderr = t.Output()
	p := newPlayer(t, filepath.Join(dir, "pulse", "native"))
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait() // killed
	})
	becomes(t, p, Idle)
	const chunk = 10 * time.Millisecond
	pace := time.NewTicker(chunk)
	defer pace.Stop()
	for range 50 {
		p.Write(tone(chunk))
		<-pace.C
	}
	st := p.Status()
	t.Logf("%+v", st)
	if st.Streams != 1 || st.Played+st.Dropped < 400*time.Millisecond || st.Played < 200*time.Millisecond {
		t.Errorf("%+v; want most of 500 ms played by one stream", st)
	}
}
