package proctest

import (
	"bufio"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestNestedSession: a session is a window of another, and typing in the outer
// one reaches a terminal in the inner one.
func TestNestedSession(t *testing.T) {
	Need(t, "foot")
	outer := Start(t)
	inner := StartWith(t, Options{
		Dir: outer.Dir, Env: []string{"WAYLAND_DISPLAY=" + outer.Name}, Args: []string{"--output", "800x500"},
	})
	if !strings.Contains(inner.Line, "display nested") {
		t.Errorf("inner session said %q; want display nested", inner.Line)
	}
	var id uint32
	outer.Until("the inner session has a window", func() bool {
		for _, w := range outer.Windows() {
			if w.PID == int32(inner.PID) && w.FrameSeq > 0 {
				id = w.ID
			}
		}
		return id != 0
	})
	w := inner.Window(inner.Launch("foot", "-D", inner.Dir, "sh"))
	inner.prompt(w.ID)
	outer.Until("the outer session shows it", func() bool { return outer.Shoot(Args{"window": id}).Colors() > 10 })
	outer.Call("focus", Args{"window": id})
	outer.Call("input type", Args{"text": "echo through >nested\n"})
	inner.Until("the inner terminal has run it", fileSays(filepath.Join(inner.Dir, "nested"), "through"))
	outer.Call("close", Args{"window": id})
	select {
	case <-inner.Exited():
	case <-time.After(Patience):
		t.Fatal("the inner session outlives its window")
	}
	if err := inner.Stop(); err != nil {
		t.Errorf("inner session ended with %v", err)
	}
}

func fileSays(path, want string) func() bool {
	return func() bool {
		b, err := os.ReadFile(path)
		return err == nil && strings.TrimSpace(string(b)) == want
	}
}

// xvfb starts an X server on a display of its own and returns its name.
func xvfb(t *testing.T) string {
	t.Helper()
	Need(t, "Xvfb")
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	server := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "1024x768x24", "-nolisten", "tcp", "-noreset")
	server.ExtraFiles = []*os.File{w}
	server.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	err = server.Start()
	w.Close()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = server.Process.Signal(syscall.SIGTERM)
		_ = server.Wait()
	})
	if err := r.SetReadDeadline(time.Now().Add(Patience)); err != nil {
		t.Fatal(err)
	}
	line, err := bufio.NewReader(r).ReadString('\n')
	if err != nil {
		t.Skipf("Xvfb does not start here: %v", err)
	}
	return ":" + strings.TrimSpace(line)
}

// TestWindowOnX11: the session in a window of an X server.
func TestWindowOnX11(t *testing.T) {
	Need(t, "foot")
	display := "DISPLAY=" + xvfb(t)
	s := StartWith(t, Options{Env: []string{display}, Args: []string{"--display", "window", "--output", "800x600"}})
	w := s.Window(s.Launch("foot", "-D", s.Dir, "sh"))
	s.prompt(w.ID)
	t.Run("xdotool", func(t *testing.T) {
		Need(t, "xdotool")
		cmd := exec.Command("xdotool", "search", "--sync", "--onlyvisible", "--class", ".", "windowfocus", "--sync", "type", "--delay", "5", "echo by-x >from-x\n")
		cmd.Env = Environ(s.Dir, display)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("xdotool: %v\n%s", err, out)
		}
		s.Until("the terminal has run what X typed", fileSays(filepath.Join(s.Dir, "from-x"), "by-x"))
	})
}
