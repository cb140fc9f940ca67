package bustest

import (
	"bytes"
	_ "embed"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// Reader is the library of screen readers (python3-pyatspi) on a session bus of
// its own that has an accessibility bus.
type Reader struct {
	Address string // of the session bus
	t       testing.TB
	env     []string
	script  string
}

//go:embed reader.py
var script []byte

// NewReader starts the buses, which end with the test. A machine without the
// library skips the test.
func NewReader(t testing.TB) *Reader {
	t.Helper()
	const launcher = "/usr/libexec/at-spi-bus-launcher"
	if _, err := os.Stat(launcher); err != nil {
		t.Skip("at-spi2-core is not installed")
	}
	if err := exec.Command("/usr/bin/python3", "-c", "import pyatspi").Run(); err != nil {
		t.Skip("python3-pyatspi is not installed")
	}
	dir := t.TempDir()
	r := &Reader{t: t, Address: New(t), script: filepath.Join(dir, "reader.py")}
	if err := os.WriteFile(r.script, script, 0o600); err != nil {
		t.Fatal(err)
	}
	r.env = append(os.Environ(), "DBUS_SESSION_BUS_ADDRESS="+r.Address, "XDG_RUNTIME_DIR="+dir, "HOME="+dir, "GSETTINGS_BACKEND=memory", "AT_SPI_BUS_ADDRESS=", "DISPLAY=", "WAYLAND_DISPLAY=")
	r.start(new(bytes.Buffer), launcher, "--launch-immediately")
	return r
}

func (r *Reader) start(out *bytes.Buffer, name string, args ...string) (ended chan error) {
	r.t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Env = r.env
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Stdout, cmd.Stderr, cmd.WaitDelay = out, out, time.Second
	if err := cmd.Start(); err != nil {
		r.t.Fatal(err)
	}
	ended = make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	r.t.Cleanup(func() { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }) // with what it has started
	return ended
}

// Read finds in an application what has these names, says the role of each, and
// presses it unless it is an item of a menu. What it has said is compared with
// want. It calls turn, again and again, until the reader has ended.
func (r *Reader) Read(turn func(), want, app string, names ...string) {
	r.t.Helper()
	var said bytes.Buffer
	ended := r.start(&said, "/usr/bin/python3", append([]string{r.script, app}, names...)...)
	for late := time.Now().Add(2 * time.Minute); ; turn() {
		select {
		case err := <-ended:
			if err != nil || said.String() != want {
				r.t.Errorf("the reader says %q, %v; want %q", said.String(), err, want)
			}
			return
		default:
			if time.Now().After(late) {
				r.t.Fatalf("the reader doesn't end; it says %q", said.String())
			}
		}
	}
}
