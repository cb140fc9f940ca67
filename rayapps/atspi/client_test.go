package atspi

import (
	"bufio"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"rayos/internal/bustest"
	"rayos/rayapps/ui"
)

const launcher = "/usr/libexec/at-spi-bus-launcher"

// TestARealClient looks at a window through at-spi2-registryd with the library
// that screen readers use.
func TestARealClient(t *testing.T) {
	if _, err := os.Stat(launcher); err != nil {
		t.Skip("at-spi2-core is not installed")
	}
	if err := exec.Command("/usr/bin/python3", "-c", "import pyatspi").Run(); err != nil {
		t.Skip("python3-pyatspi is not installed")
	}
	address := bustest.New(t)
	dir := t.TempDir()
	env := append(os.Environ(), "DBUS_SESSION_BUS_ADDRESS="+address, "XDG_RUNTIME_DIR="+dir, "HOME="+dir, "GSETTINGS_BACKEND=memory", "AT_SPI_BUS_ADDRESS=", "DISPLAY=", "WAYLAND_DISPLAY=")
	start := func(name string, args ...string) *exec.Cmd {
		cmd := exec.Command(name, args...)
		cmd.Env = env
		cmd.WaitDelay = time.Second
		cmd.Stderr = &lines{t: t, name: filepath.Base(name)}
		return cmd
	}

	// The bridge comes first: it joins when the accessibility bus does.
	d := newDesk(t)
	joined := make(chan bool, 1)
	d.bridge.opts.Joined = func() { joined <- true }
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	session := connect(t, address)
	go func() { ended <- d.bridge.Follow(ctx, session) }()
	t.Cleanup(func() {
		cancel()
		<-ended
	})
	bus := start(launcher, "--launch-immediately")
	bus.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := bus.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = syscall.Kill(-bus.Process.Pid, syscall.SIGKILL) // its bus and its registry too
		_ = bus.Wait()                                      // killed
	})
	select {
	case <-joined:
	case <-time.After(within):
		t.Fatal("the bridge doesn't join the accessibility bus")
	}

	client := start("/usr/bin/python3", "testdata/client.py")
	in, err := client.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := client.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := client.Start(); err != nil {
		t.Fatal(err)
	}
	stop := time.AfterFunc(within, func() { _ = client.Process.Kill() }) // it hangs
	t.Cleanup(func() {
		stop.Stop()
		_ = client.Process.Kill() // it has ended, or the test has failed
	})
	said := bufio.NewScanner(out)
	var all []string
	until := func(want string) {
		t.Helper()
		for said.Scan() {
			all = append(all, said.Text())
			t.Log(said.Text())
			if strings.HasPrefix(said.Text(), want) {
				return
			}
		}
		t.Fatalf("the client never said %q", want)
	}
	until("ready")
	for _, want := range []string{
		"toolkit RayOS",
		"tree application 'RayOS'",
		"tree   frame 'Panel'",
		"tree     push button 'Count'",
		"tree     entry 'Name'",
		"tree     check box 'Check'",
		"tree     list box 'Rows'",
		"tree       list item 'Two'",
		"action 1 click True",
		"extents 108 58",
		"states True True",
		"text 'abc'",
		"set True 'größe' 5",
		"word ('größe', 0, 5)",
		"focus True",
		"check True",
		"value 30.0 0.0 100.0",
		"value 55.0",
		"select True Two",
	} {
		if !has(all, want) {
			t.Errorf("the client never said %q", want)
		}
	}
	d.run(func() {
		if d.presses != 1 || d.text != "größe" || !d.checked || d.volume != 55 || d.row != 1 {
			t.Errorf("the client did %d presses, text %q, checked %t, volume %g, row %d", d.presses, d.text, d.checked, d.volume, d.row)
		}
	})
	if !has(all, "event object:state-changed:focused 1 entry 'Name'") {
		until("event object:state-changed:focused 1 entry 'Name'")
	}
	// A key of the user is heard as what clients do is.
	d.run(func() {
		d.root.Event(&ui.Keystroke{Sym: ui.KeyTab})
		d.frame()
	})
	until("event object:state-changed:focused 1 check box 'Check'")
	if _, err := io.WriteString(in, "end\n"); err != nil {
		t.Fatal(err)
	}
	until("done")
	if err := client.Wait(); err != nil {
		t.Fatal(err)
	}
	// The last client has gone: nobody is told of anything.
	for late := time.After(within); d.bridge.heard.Load(); d.run(func() {}) {
		select {
		case <-late:
			t.Fatal("the bridge works for a client that has gone")
		default:
		}
	}
}

func has(all []string, line string) bool {
	for _, l := range all {
		if l == line {
			return true
		}
	}
	return false
}

// lines passes what a program writes on to the log of the test.
type lines struct {
	t    *testing.T
	name string
}

func (l *lines) Write(p []byte) (int, error) {
	l.t.Logf("%s: %s", l.name, strings.TrimSpace(string(p)))
	return len(p), nil
}
