package proctest

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"image"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"rayos/shell/control"
)

// xserver returns the process of the session's Xwayland, 0 without one.
func (s *Session) xserver() int {
	list, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		s.T.Fatal(err)
	}
	for _, path := range list {
		b, err := os.ReadFile(path)
		if err != nil {
			continue // it has ended
		}
		pid, rest, _ := strings.Cut(string(b), " (")
		name, rest, _ := strings.Cut(rest, ") ")
		f := strings.Fields(rest)
		if name == "Xwayland" && len(f) > 1 && f[1] == strconv.Itoa(s.PID) && f[0] != "Z" {
			n, _ := strconv.Atoi(pid)
			return n
		}
	}
	return 0
}

// startX11 starts a session that X11 programs can run in.
func startX11(t *testing.T, args ...string) *Session {
	t.Helper()
	Need(t, "Xwayland", "xterm")
	s := Start(t, args...)
	if s.X11 == "" {
		t.Fatalf("the session has no display for X11 programs\n%s", s.Log())
	}
	return s
}

// xterm starts a terminal that shows its prompt.
func (s *Session) xterm(args ...string) control.Window {
	s.T.Helper()
	w := s.Window(s.Launch("xterm", append(args, "-e", "sh")...))
	// The prompt and the cursor are black on white.
	s.Until("a prompt", func() bool { return s.Shoot(Args{"window": w.ID}).Colors() > 1 })
	s.becomes(w.ID, "the terminal has the focus", func(w *control.Window) bool { return w.Focused })
	return *s.Get(w.ID)
}

// run types a command and waits until it has ended.
func (s *Session) run(command, done string) {
	s.T.Helper()
	path := filepath.Join(s.Dir, done)
	s.Call("input type", Args{"text": fmt.Sprintf("%s; touch %s\n", command, path)})
	s.Until(command+" has run", func() bool {
		_, err := os.Stat(path)
		return err == nil
	})
}

func (s *Session) file(name string) string {
	s.T.Helper()
	b, err := os.ReadFile(filepath.Join(s.Dir, name))
	if err != nil {
		s.T.Error(err)
	}
	return string(b)
}

func TestX11StartsOnDemand(t *testing.T) {
	s := startX11(t)
	if pid := s.xserver(); pid != 0 {
		t.Errorf("Xwayland %d runs before anybody needs it", pid)
	}
	w := s.xterm()
	if w.AppID != "XTerm" || w.Owner == "" || w.PID == int32(s.xserver()) {
		t.Errorf("window = %+v; want an XTerm that belongs to its program", w)
	}
	p := s.Shoot(Args{"window": w.ID})
	white := 0
	for i := 0; i < len(p.Pix); i += 4 {
		if [3]byte(p.Pix[i:]) == [3]byte{255, 255, 255} {
			white++
		}
	}
	if all := len(p.Pix) / 4; white < all*3/4 {
		t.Errorf("%d of %d pixels are the terminal's white", white, all)
	}
	s.run("echo \"A~b|'C\" >"+filepath.Join(s.Dir, "typed"), "done")
	if got := s.file("typed"); got != "A~b|'C\n" {
		t.Errorf("the shell wrote %q", got)
	}
	// Titles are followed.
	s.Call("input type", Args{"text": `printf '\033]2;Gr\303\274n\007'` + "\n"})
	s.becomes(w.ID, "the title has changed", func(w *control.Window) bool { return w.Title == "Grün" })
	s.Call("close", Args{"window": w.ID})
	s.Until("the window has closed", func() bool { return len(s.Windows()) == 0 })
}

// TestX11Menu: a menu is a window that the program places itself. It takes the
// pointer, and the terminal keeps the keyboard.
func TestX11Menu(t *testing.T) {
	s := startX11(t)
	w := s.xterm()
	middle := Bounds(w.Content).Min.Add(image.Pt(60, 60))
	s.Call("input pointer", Args{"x": middle.X, "y": middle.Y})
	s.Settle()
	before := s.Shoot(nil)
	s.Call("input key", Args{"chord": "ctrl", "press": true})
	s.Call("input click", Args{"press": true})
	s.Until("a menu", func() bool {
		d := Diff(before, s.Shoot(nil))
		return d.Dx() > 100 && d.Dy() > 100
	})
	if n := len(s.Windows()); n != 1 {
		t.Errorf("%d windows; a menu is none", n)
	}
	s.Call("input click", Args{"release": true})
	s.Call("input key", Args{"chord": "ctrl", "release": true})
	s.Until("no menu", func() bool {
		d := Diff(before, s.Shoot(nil))
		return d.Dx() < 100 || d.Dy() < 100
	})
	s.run("echo kept >"+filepath.Join(s.Dir, "keys"), "done")
	if got := s.file("keys"); got != "kept\n" {
		t.Errorf("after the menu the shell read %q", got)
	}
}

func TestX11Clipboard(t *testing.T) {
	Need(t, "xclip", "wl-copy", "wl-paste")
	s := startX11(t)
	w := s.xterm()
	// More than an X11 request holds, in letters.
	raw := make([]byte, 600<<10)
	if _, err := rand.NewChaCha8([32]byte{2}).Read(raw); err != nil {
		t.Fatal(err)
	}
	large := base64.StdEncoding.EncodeToString(raw)
	for name, text := range map[string]string{"small": "Grüße, X11", "large": large} {
		path := filepath.Join(s.Dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		s.Launch("sh", "-c", `exec wl-copy --foreground --type "text/plain;charset=utf-8" <"$0"`, path)
		s.Until("the clipboard is taken", func() bool {
			got, err := s.Attempt("wl-paste", "--no-newline")
			return err == nil && string(got) == text
		})
		s.run(fmt.Sprintf("xclip -o -selection clipboard >%s.out", path), name+".done")
		if got := s.file(name + ".out"); got != text {
			t.Errorf("%s: xclip read %d bytes; want the %d copied", name, len(got), len(text))
		}
		back := text + " and back" // the same text would be there already
		if err := os.WriteFile(path+".back", []byte(back), 0o600); err != nil {
			t.Fatal(err)
		}
		c := s.Launch("xclip", "-quiet", "-i", "-selection", "clipboard", path+".back")
		s.Until("the X11 program has the clipboard", func() bool {
			got, err := s.Attempt("wl-paste", "--no-newline")
			return err == nil && string(got) == back
		})
		c.Kill()
		s.Until("the clipboard is empty", func() bool {
			_, err := s.Attempt("wl-paste", "--no-newline")
			return err != nil
		})
	}
	// Marking with the mouse is the primary selection.
	s.run("echo marked | xclip -i", "primary")
	s.Until("the mark is there", func() bool {
		got, err := s.Attempt("wl-paste", "--primary", "--no-newline")
		return err == nil && string(bytes.TrimSpace(got)) == "marked"
	})
	// Without a window that has the keyboard an X11 program reads nothing.
	s.Launch("wl-copy", "--foreground", "secret")
	s.Until("the clipboard is taken", func() bool {
		got, err := s.Attempt("wl-paste", "--no-newline")
		return err == nil && string(got) == "secret"
	})
	s.Call("state", Args{"window": w.ID, "state": "minimize"})
	s.becomes(w.ID, "the terminal is away", func(w *control.Window) bool { return !w.Focused })
	if got, err := s.Attempt("xclip", "-o", "-selection", "clipboard"); err == nil || len(got) > 0 {
		t.Errorf("in the background xclip read %q, %v; want nothing", got, err)
	}
}

func TestXwaylandCrashIsSurvived(t *testing.T) {
	s := startX11(t)
	s.xterm()
	pid := s.xserver()
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	s.Until("its windows are gone", func() bool { return len(s.Windows()) == 0 })
	s.xterm()
	if now := s.xserver(); now == 0 || now == pid {
		t.Errorf("Xwayland is %d after %d was killed", now, pid)
	}
	if log := s.Log(); !strings.Contains(log, "Xwayland has ended") {
		t.Errorf("the log says nothing of it: %s", log)
	}
}

// TestXwaylandCrashLoopEnds: after the third crash programs are refused at once,
// and don't wait for ever.
func TestXwaylandCrashLoopEnds(t *testing.T) {
	s := startX11(t)
	for range 3 {
		c := s.Launch("xterm")
		s.Window(c)
		if err := syscall.Kill(s.xserver(), syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		s.Until("its windows are gone", func() bool { return len(s.Windows()) == 0 })
	}
	s.Until("the log says so", func() bool { return strings.Contains(s.Log(), "too often") })
	if out, err := s.Attempt("xterm", "-e", "true"); err == nil {
		t.Errorf("xterm ran: %s", out)
	}
	if pid := s.xserver(); pid != 0 {
		t.Errorf("Xwayland %d was started again", pid)
	}
}

func TestXwaylandStopsWhenIdle(t *testing.T) {
	s := startX11(t, "--x11-idle", "100ms")
	for range 2 {
		w := s.xterm()
		if s.xserver() == 0 {
			t.Fatal("no Xwayland")
		}
		s.Call("close", Args{"window": w.ID})
		s.Until("Xwayland has ended", func() bool { return s.xserver() == 0 })
	}
	if log := s.Log(); strings.Contains(log, "Xwayland has ended") {
		t.Errorf("the session takes that for a crash: %s", log)
	}
}

func TestX11Programs(t *testing.T) {
	s := startX11(t)
	for _, tt := range []struct {
		name   string
		args   []string
		appID  string
		colors int // at least
	}{
		{"xeyes", nil, "XEyes", 2},
		{"xclock", []string{"-update", "1000"}, "XClock", 2},
		{"glxgears", nil, "", 20},
	} {
		t.Run(tt.name, func(t *testing.T) {
			c := s.LaunchFor(t, tt.name, tt.args...)
			w := s.Window(c)
			if tt.appID != "" && w.AppID != tt.appID {
				t.Errorf("app id %q; want %q", w.AppID, tt.appID)
			}
			s.Until("its own picture", func() bool { return s.Shoot(Args{"window": w.ID}).Colors() >= tt.colors })
			s.Call("close", Args{"window": w.ID})
			s.Until("its window is gone", func() bool { return s.Get(w.ID) == nil })
		})
	}
}

// TestX11IsSharpAtFractionalScale: the X server draws at the next whole scale,
// so its windows are smaller unless their programs scale.
func TestX11IsSharpAtFractionalScale(t *testing.T) {
	Need(t, "Xwayland", "xterm")
	s := StartWith(t, Options{Args: []string{"--headless", "--output", "1500x900@1.5"}})
	w := s.Window(s.Launch("xterm", "-geometry", "80x24", "-xrm", "XTerm*internalBorder: 2", "-e", "sh"))
	one := Start(t)
	plain := one.Window(one.Launch("xterm", "-geometry", "80x24", "-xrm", "XTerm*internalBorder: 2", "-e", "sh"))
	if got, want := w.Content, plain.Content; got.W != want.W/2 || got.H != want.H/2 {
		t.Errorf("content %dx%d at scale 1.5, %dx%d at 1; want half", got.W, got.H, want.W, want.H)
	}
}

func TestX11CanBeTurnedOff(t *testing.T) {
	s := Start(t, "--x11=false")
	if s.X11 != "" || strings.Contains(s.Line, "DISPLAY=:") {
		t.Errorf("the session says %q; want no display", s.Line)
	}
}

// TestWithoutXwayland: the session says what is missing and goes on.
func TestWithoutXwayland(t *testing.T) {
	dir := RuntimeDir(t)
	s := StartWith(t, Options{Dir: dir, Env: []string{"PATH=" + dir}, Args: []string{"--headless", "--output", "640x480"}})
	if s.X11 != "" {
		t.Errorf("display %q without an X server", s.X11)
	}
	if log := s.Log(); !strings.Contains(log, "no Xwayland is installed") {
		t.Errorf("the log doesn't say so: %s", log)
	}
}
