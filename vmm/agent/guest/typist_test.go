package guest

import (
	"bufio"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"rayos/surfaces/protocol"
	"rayos/surfaces/protocol/client"
)

// pair is two ends of a connection.
func pair(t *testing.T) (a, b net.Conn) {
	t.Helper()
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err != nil {
		t.Fatal(err)
	}
	end := func(fd int) net.Conn {
		f := os.NewFile(uintptr(fd), "pair")
		defer f.Close()
		c, err := net.FileConn(f)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	return end(fds[0]), end(fds[1])
}

// TestAnyTextIsTyped types into a terminal what no keyboard has.
func TestAnyTextIsTyped(t *testing.T) {
	if _, err := exec.LookPath("foot"); err != nil {
		t.Skip("foot is not installed (package foot)")
	}
	dir, socket := compositor(t)
	keyboard(t, socket)
	got := filepath.Join(dir, "got")
	if err := syscall.Mkfifo(got, 0o600); err != nil {
		t.Fatal(err)
	}
	const text = "grüße, Ω€ “𝄞” aA!"
	cmd := exec.Command("foot", "sh", "-c", "exec >"+got+"; while IFS= read -r line; do printf '%s\\n' \"$line\"; done")
	cmd.Env = append(os.Environ(), "XDG_RUNTIME_DIR="+dir, "WAYLAND_DISPLAY="+filepath.Base(socket), "LANG=C.UTF-8", "LC_ALL=C.UTF-8")
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	lines := make(chan string)
	go func() {
		defer close(lines)
		f, err := os.Open(got)
		if err != nil {
			return
		}
		defer f.Close()
		for in := bufio.NewScanner(f); in.Scan(); {
			lines <- in.Text()
		}
	}()
	late := time.After(patience)
	again := time.NewTicker(time.Second) // the terminal has no focus at first, and nothing tells when
	defer again.Stop()
	for {
		if err := typeText(socket, text+"\n"); err != nil {
			t.Fatal(err)
		}
		select {
		case s, ok := <-lines:
			if s == text {
				return
			}
			t.Logf("the terminal read %q, %v", s, ok)
		case <-again.C:
		case <-late:
			t.Fatalf("the terminal hasn't read %q", text)
		}
	}
}

// keyboard gives a compositor one, which a guest has of its machine.
func keyboard(t *testing.T, socket string) {
	t.Helper()
	d, err := client.Connect(socket)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(d.Close)
	g, err := d.Globals()
	if err != nil {
		t.Fatal(err)
	}
	name, version, _ := g.Find(&protocol.ZwpVirtualKeyboardManagerV1Interface)
	seat, _, _ := g.Find(&protocol.WlSeatInterface)
	k := client.BindZwpVirtualKeyboardManagerV1(g.Registry, name, version).CreateVirtualKeyboard(client.BindWlSeat(g.Registry, seat, 1))
	if err := setKeymap(k, []rune("a")); err != nil {
		t.Fatal(err)
	}
	if err := d.Roundtrip(); err != nil {
		t.Fatal(err)
	}
}
