package guest

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
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
	up, got := filepath.Join(dir, "reads"), filepath.Join(dir, "got")
	for _, path := range []string{up, got} {
		if err := syscall.Mkfifo(path, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	const text = "grüße, Ω€ “𝄞” aA!"
	cmd := exec.Command("foot", "sh", "-c", "echo up >"+up+"; IFS= read -r line; printf %s \"$line\" >"+got)
	cmd.Env = append(os.Environ(), "XDG_RUNTIME_DIR="+dir, "WAYLAND_DISPLAY="+filepath.Base(socket), "LANG=C.UTF-8", "LC_ALL=C.UTF-8")
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	read := func(path string) string {
		t.Helper()
		c := make(chan string, 1)
		go func() {
			b, _ := os.ReadFile(path) // the shell's end is the test's
			c <- string(b)
		}()
		select {
		case s := <-c:
			return s
		case <-time.After(patience):
			t.Fatalf("nothing in %s", filepath.Base(path))
		}
		return ""
	}
	read(up)
	if err := typeText(socket, text+"\n"); err != nil {
		t.Fatal(err)
	}
	if s := read(got); s != text {
		t.Errorf("the terminal read %q; want %q", s, text)
	}
}
