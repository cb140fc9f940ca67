package guest

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"rayos/vmm/agent"
)

func newSystem() *system { return &system{kind: "micro", log: os.Stderr, ended: make(chan struct{})} }

func sumOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// TestPictures holds the test pictures against their published sums.
func TestPictures(t *testing.T) {
	for _, tt := range []struct {
		w, h, seed int
		sum        string
	}{
		{32, 32, 0, "d971357e3ef5f1da102dee562e3cc278a3d9fce258ab815e4748f96fa238310f"},
		{32, 24, 1, "411ed3f2b627be225978a8282cba7ab1b18b4af3337591c3cb643130e052c5ce"},
		{24, 32, 2, "bd1312ef394c47e8bea8126f1a0217bcc00d0fb170a147e902feb0d87838d4fc"},
	} {
		if got := sumOf(ppm(tt.w, tt.h, tt.seed)); got != tt.sum {
			t.Errorf("%dx%d seed %d: %s; want %s", tt.w, tt.h, tt.seed, got, tt.sum)
		}
	}
}

func TestLines(t *testing.T) {
	s := newSystem()
	in := "PING\r\n\nSURFACE_TEST\nDANCE\n" + strings.Repeat("x", 3*maxLine) + "\nPING\nLAUNCH_APP:foot\nSHUTDOWN\n"
	var out bytes.Buffer
	s.console(strings.NewReader(in), &out)
	got := out.String()
	picture := "RAYOS_LINUX_EMBED_SURFACE_BEGIN id=1 format=ppm_p3 w=32 h=32\n" + ppm(32, 32, 0) + "RAYOS_LINUX_EMBED_SURFACE_END id=1\n"
	want := "RAYOS_LINUX_AGENT_PONG\n" + picture + "RAYOS_LINUX_AGENT_ERR unknown_command\nRAYOS_LINUX_AGENT_ERR line_too_long\n" +
		"RAYOS_LINUX_AGENT_PONG\nRAYOS_LINUX_APP_LAUNCH_ERR reason=not_in_desktop_mode\nRAYOS_LINUX_AGENT_SHUTDOWN_ACK\n"
	if got != want {
		t.Errorf("answered\n%s\nwant\n%s", got, want)
	}
	select {
	case <-s.ended:
	case <-time.After(30 * time.Second):
		t.Error("SHUTDOWN ended nothing")
	}
	for _, cmd := range []string{"SURFACE_MULTI_TEST", "SURFACE_LIFECYCLE_TEST", "SURFACE_FOCUS_ROLE_TEST", "SURFACE_TREE_TEST"} {
		text := s.line(cmd)
		if end := "RAYOS_LINUX_" + strings.TrimSuffix(cmd, "_TEST") + "_END\n"; !strings.HasSuffix(text, end) {
			t.Errorf("%s doesn't end with %s", cmd, end)
		}
	}
}

// launcherOf makes a launcher with files of its own.
func launcherOf(t *testing.T, files map[string]string) *launcher {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return &launcher{dir: filepath.Join(dir, "apps"), icons: filepath.Join(dir, "icons"), running: map[int]string{}}
}

const entry = "[Desktop Entry]\nType=Application\n"

func TestLauncherKnowsItsList(t *testing.T) {
	l := launcherOf(t, map[string]string{
		"apps/foot.desktop":                   entry + "Name=Foot\nExec=true --x %U\nIcon=foot\n",
		"apps/hidden.desktop":                 entry + "Name=H\nExec=true\nNoDisplay=true\n",
		"apps/top.desktop":                    entry + "Name=Top\nExec=true\nTerminal=true\n",
		"apps/broken.desktop":                 "hello",
		"apps/.. evil.desktop":                entry + "Name=E\nExec=true\n",
		"apps/none.desktop":                   entry + "Name=None\nExec=/nowhere/none\n[Desktop Action x]\nExec=true\n",
		"icons/hicolor/16x16/apps/foot.png":   "16",
		"icons/hicolor/48x48/apps/foot.png":   "48",
		"icons/hicolor/256x256/apps/foot.png": "256",
	})
	page := l.apps(0)
	if fmt.Sprint(page) != "{2 [{foot Foot} {none None}]}" || len(l.apps(2).Apps) != 0 {
		t.Errorf("apps = %v", page)
	}
	for size, want := range map[int]string{8: "16", 24: "48", 48: "48", 512: "256"} {
		icon, err := l.icon(agent.IconRequest{ID: "foot", Size: size})
		if err != nil || string(icon.(agent.Icon).PNG) != want {
			t.Errorf("icon of %d px = %v, %v; want %s", size, icon, err, want)
		}
	}
	for id, want := range map[string]string{"rm": "not_allowed", "hidden": "not_allowed", "../foot": "not_allowed", "none": "launch_failed"} {
		if pid, err := l.launch(id); err == nil || err.Error() != want {
			t.Errorf("launch(%s) = %d, %v; want %s", id, pid, err, want)
		}
	}
}

func TestLaunchedProgramIsSeenToEnd(t *testing.T) {
	l := launcherOf(t, map[string]string{"apps/ok.desktop": entry + "Name=OK\nExec=sh -c \"exit 3\"\n"})
	told := make(chan any, 1)
	l.tell = func(_ string, body any) { told <- body }
	l.env = os.Environ()
	pid, err := l.launch("ok")
	if err != nil {
		t.Fatal(err)
	}
	var status unix.WaitStatus
	if _, err := unix.Wait4(pid, &status, 0, nil); err != nil {
		t.Fatal(err)
	}
	l.exited(pid, status)
	if got := <-told; got != (agent.Exited{ID: "ok", PID: pid, Code: 3}) {
		t.Errorf("told %v", got)
	}
	l.exited(pid, status) // somebody else's process with a number used again
	if len(told) > 0 {
		t.Error("told twice")
	}
}

func TestFindPort(t *testing.T) {
	sys := t.TempDir()
	for port, name := range map[string]string{"vport1p1": "other", "vport1p2": portName} {
		dir := filepath.Join(sys, "class/virtio-ports", port)
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "name"), []byte(name+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if path, err := findPort(sys, "/dev", portName); err != nil || path != "/dev/vport1p2" {
		t.Errorf("findPort = %s, %v", path, err)
	}
	if _, err := findPort(sys, "/dev", "nobody"); err == nil {
		t.Error("found a port that isn't there")
	}
}

func TestParseCmdline(t *testing.T) {
	c := parseCmdline("quiet rayos.system=desktop console=tty1\n")
	if c["rayos.system"] != "desktop" || c["console"] != "tty1" {
		t.Errorf("parseCmdline = %v", c)
	}
	if _, ok := c["quiet"]; !ok {
		t.Error("a word without a value was lost")
	}
}

func FuzzParseDesktop(f *testing.F) {
	f.Add(entry + "Name=Foot\nExec=foot %u\n")
	f.Fuzz(func(t *testing.T, text string) {
		if d, ok := parseDesktop([]byte(text)); ok && (d.name == "" || len(d.exec) == 0) {
			t.Errorf("%+v is no application", d)
		}
	})
}

func TestInputStateIsWhatIsDown(t *testing.T) {
	s := newSystem()
	for _, e := range []struct {
		code  uint16
		value int32
	}{{30, 1}, {42, 1}, {30, 2}, {30, 0}, {272, 1}, {16, 0}} {
		s.inputs.note(e.code, e.value)
	}
	if got, want := s.line("INPUT_STATE"), "RAYOS_LINUX_INPUT_STATE pressed=30,42,272 down=42,272\n"; got != want {
		t.Errorf("INPUT_STATE is %q; want %q", got, want)
	}
}
