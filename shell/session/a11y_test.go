package session

import (
	"bytes"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	"rayos/internal/bustest"
)

// TestAScreenReaderReadsTheShell looks with the library that screen readers use,
// and presses what it finds.
func TestAScreenReaderReadsTheShell(t *testing.T) {
	const launcher = "/usr/libexec/at-spi-bus-launcher"
	if _, err := os.Stat(launcher); err != nil {
		t.Skip("at-spi2-core is not installed")
	}
	if err := exec.Command("/usr/bin/python3", "-c", "import pyatspi").Run(); err != nil {
		t.Skip("python3-pyatspi is not installed")
	}
	address, dir := bustest.New(t), t.TempDir()
	start := func(out *bytes.Buffer, name string, args ...string) (ended chan error) {
		cmd := exec.Command(name, args...)
		cmd.Env = append(os.Environ(), "DBUS_SESSION_BUS_ADDRESS="+address, "XDG_RUNTIME_DIR="+dir, "HOME="+dir, "GSETTINGS_BACKEND=memory", "AT_SPI_BUS_ADDRESS=", "DISPLAY=", "WAYLAND_DISPLAY=")
		cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
		cmd.Stdout, cmd.Stderr, cmd.WaitDelay = out, out, time.Second
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		ended = make(chan error, 1)
		go func() { ended <- cmd.Wait() }()
		t.Cleanup(func() { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }) // with what it has started
		return ended
	}
	d := newDeskWith(t, Options{Shell: true, Bus: address})
	start(new(bytes.Buffer), launcher, "--launch-immediately")
	var said bytes.Buffer
	ended := start(&said, "/usr/bin/python3", "testdata/reader.py")
	for late := time.Now().Add(2 * time.Minute); ; d.pass(2 * time.Millisecond) {
		select {
		case err := <-ended:
			if want := "role push button\nrole menu item\n"; err != nil || said.String() != want {
				t.Errorf("the reader says %q, %v; want %q", said.String(), err, want)
			}
			if !d.session.bars.bars[0].panel.Root().Trapping() {
				t.Error("the menu is not open")
			}
			return
		default:
			if time.Now().After(late) {
				t.Fatalf("the reader doesn't end; it says %q", said.String())
			}
		}
	}
}

// TestNothingIsReadWhileLocked: nobody hears of windows from a locked screen.
func TestNothingIsReadWhileLocked(t *testing.T) {
	d := barDesk(t)
	r := readable{d.session, d.session.bars.bars[0].panel}
	if len(r.Semantics().Children) == 0 {
		t.Fatal("there is nothing to read")
	}
	d.session.lock.on = true
	defer func() { d.session.lock.on = false }()
	if in := r.Semantics(); len(in.Children) != 0 || in.Name != "" || r.Do(1, 0, "") {
		t.Errorf("a reader sees %+v", in)
	}
}
