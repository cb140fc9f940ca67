package proctest

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// refuse runs a session that cannot start and returns its one line.
func refuse(t *testing.T, env []string, as *syscall.Credential, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, Binary("rayos-session"), args...)
	cmd.Env = env
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: as}
	var out, complaint bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &complaint
	err := cmd.Run()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() <= 0 {
		t.Fatalf("session ended with %v; want a status above 0", err)
	}
	line := complaint.String()
	if strings.Count(line, "\n") != 1 || !strings.HasPrefix(line, "rayos-session: ") {
		t.Errorf("session complained %q; want one line", line)
	}
	if slices.Contains(args, "--") {
		return line // it was up before its first program could fail
	}
	if out.Len() > 0 {
		t.Errorf("session wrote %q before it failed", &out)
	}
	return line
}

func TestRefusalsSayWhatToDo(t *testing.T) {
	dir := RuntimeDir(t)
	long := filepath.Join(dir, strings.Repeat("x", 120))
	file := filepath.Join(dir, "file")
	if err := errors.Join(os.Mkdir(long, 0o700), os.WriteFile(file, nil, 0o600)); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		what string
		env  []string
		args []string
		want []string // in the line
	}{
		{"no runtime directory", []string{}, []string{"--headless"}, []string{"XDG_RUNTIME_DIR is not set", "set it to"}},
		{"runtime directory missing", Environ(dir + "/none"), []string{"--headless"}, []string{dir + "/none", "create it"}},
		{"runtime directory a file", Environ(file), []string{"--headless"}, []string{file, "no directory"}},
		{"path too long", Environ(long), []string{"--headless"}, []string{"107", "shorter XDG_RUNTIME_DIR"}},
		{"unknown flag", Environ(dir), []string{"--frobnicate"}, []string{"-frobnicate", "--help lists"}},
		{"bad output", Environ(dir), []string{"--headless", "--output", "wide"}, []string{"wide", "x"}},
		{"output of no size", Environ(dir), []string{"--headless", "--output", "0x0"}, []string{"0x0"}},
		{"huge output", Environ(dir), []string{"--headless", "--output", "2147483648x1"}, []string{"2147483648"}},
		{"unknown display", Environ(dir), []string{"--display", "hologram"}, []string{"hologram", "headless"}},
		{"display that excludes headless", Environ(dir), []string{"--headless", "--display", "nested"}, []string{"exclude"}},
		{"no host", Environ(dir, "WAYLAND_DISPLAY=wayland-none"), []string{"--display", "nested"}, []string{"wayland-none"}},
		{"bad renderer", Environ(dir), []string{"--headless", "--renderer", "crayon"}, []string{"crayon", "use auto, software"}},
		{"socket name with a slash", Environ(dir), []string{"--headless", "--socket", "a/b"}, []string{"a/b", "without slashes"}},
	} {
		t.Run(c.what, func(t *testing.T) {
			line := refuse(t, c.env, nil, c.args...)
			for _, want := range c.want {
				if !strings.Contains(line, want) {
					t.Errorf("complaint %q lacks %q", line, want)
				}
			}
		})
	}
	line := refuse(t, Environ(dir), nil, "--headless", "--", "/no/such/program")
	if !strings.Contains(line, "/no/such/program") {
		t.Errorf("complaint %q does not name the program", line)
	}
	left, err := filepath.Glob(filepath.Join(dir, "*wayland*"))
	if err != nil || len(left) > 0 {
		t.Errorf("refused sessions left %v, %v", left, err)
	}
}

func TestUnwritableRuntimeDir(t *testing.T) {
	dir := RuntimeDir(t)
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	var nobody *syscall.Credential
	if os.Getuid() == 0 {
		// Root may write everywhere.
		nobody = &syscall.Credential{Uid: 65534, Gid: 65534}
	}
	if line := refuse(t, Environ(dir), nobody, "--headless"); !strings.Contains(line, dir+" is not writable") {
		t.Errorf("complaint %q does not say that %s is not writable", line, dir)
	}
}

func TestSocketNames(t *testing.T) {
	s := Start(t)
	if s.Name != "wayland-0" {
		t.Errorf("first session is at %s; want wayland-0", s.Name)
	}
	line := refuse(t, Environ(s.Dir), nil, "--headless", "--socket", s.Name)
	if !strings.Contains(line, s.Name) || !strings.Contains(line, "using this socket") {
		t.Errorf("complaint %q does not say that %s is taken", line, s.Name)
	}
	next := StartWith(t, Options{Dir: s.Dir, Args: []string{"--headless"}})
	if next.Name != "wayland-1" {
		t.Errorf("second session is at %s; want wayland-1", next.Name)
	}
	named := StartWith(t, Options{Dir: s.Dir, Args: []string{"--headless", "--socket", "desk"}})
	if named.Name != "desk" {
		t.Errorf("named session is at %s; want desk", named.Name)
	}
}

// TestDeadSessionLeavesNoLock: sockets and locks of a session that was killed
// are no obstacle.
func TestDeadSessionLeavesNoLock(t *testing.T) {
	s := Start(t)
	s.Kill()
	for _, path := range []string{s.Socket(), s.Socket() + ".lock"} {
		if _, err := os.Lstat(path); err != nil {
			t.Fatalf("a killed session has removed its files: %v", err)
		}
	}
	next := StartWith(t, Options{Dir: s.Dir, Args: []string{"--headless", "--socket", s.Name}})
	if next.Name != s.Name {
		t.Errorf("session is at %s; want %s", next.Name, s.Name)
	}
	if out := string(next.Rayctl("version")); strings.TrimSpace(out) == "" {
		t.Error("the session over the stale control socket does not answer")
	}
}

func TestTermEndsCleanly(t *testing.T) {
	for _, sig := range []syscall.Signal{syscall.SIGTERM, syscall.SIGINT} {
		t.Run(sig.String(), func(t *testing.T) {
			Need(t, "foot")
			s := Start(t)
			s.Window(s.Launch("foot", "sh"))
			s.Signal(sig)
			<-s.Exited()
			if err := s.Stop(); err != nil {
				t.Errorf("session ended with %v", err)
			}
			left, err := filepath.Glob(filepath.Join(s.Dir, "*wayland*"))
			if err != nil || len(left) > 0 {
				t.Errorf("session left %v, %v", left, err)
			}
		})
	}
}

func TestQuitEndsSession(t *testing.T) {
	s := Start(t)
	s.Rayctl("quit")
	<-s.Exited()
	if err := s.Stop(); err != nil {
		t.Errorf("session ended with %v", err)
	}
}
