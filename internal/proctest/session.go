package proctest

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"rayos/shell/control"
)

// Patience is how long anything may take. It only matters for a test that
// fails, so it is long.
const Patience = time.Minute

// Args are the arguments of a control command.
type Args = map[string]any

// Session is a running rayos-session.
type Session struct {
	opened sync.Once // by the session: what it has open always
	T      testing.TB
	Dir    string // XDG_RUNTIME_DIR
	Name   string // WAYLAND_DISPLAY
	X11    string // DISPLAY, empty where X11 programs can't run
	Line   string // what it said when it was ready
	PID    int

	cmd    *exec.Cmd
	ctl    *control.Client
	log    *output
	exited chan struct{} // closed after Wait
	status error         // of Wait, after exited
	ended  bool          // a test has ended it itself
}

// Options say how a session is started.
type Options struct {
	Binary string     // default: the one that Main has built
	Dir    string     // runtime directory; default: a new one
	Env    []string   // more environment
	Args   []string   // default: --headless --output 1280x720
	Files  []*os.File // that it inherits, from descriptor 3 on
}

// Start runs a headless session of one output with more arguments.
func Start(t testing.TB, args ...string) *Session {
	t.Helper()
	return StartWith(t, Options{Args: append([]string{"--headless", "--output", "1280x720", "--no-shell"}, args...)})
}

// RuntimeDir makes a runtime directory with a short path, since socket paths
// have at most 107 bytes.
func RuntimeDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("/tmp", "rayos-run-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// Environ is an environment that leads to no other session, bus, display or
// home.
func Environ(dir string, more ...string) []string {
	env := []string{
		"XDG_RUNTIME_DIR=" + dir, "HOME=" + dir, "XDG_CONFIG_HOME=" + dir, "XDG_CACHE_HOME=" + dir + "/.cache",
		"SHELL=/bin/sh", "PS1=$ ", "LC_ALL=C.UTF-8", "NO_AT_BRIDGE=1",
		"GSETTINGS_BACKEND=memory", "GSK_RENDERER=cairo", "GTK_A11Y=none", "DBUS_SESSION_BUS_ADDRESS=unix:path=" + dir + "/no-bus", "DBUS_SYSTEM_BUS_ADDRESS=unix:path=" + dir + "/no-system-bus",
	}
	for _, name := range []string{"PATH", "TMPDIR"} {
		if v, ok := os.LookupEnv(name); ok {
			env = append(env, name+"="+v)
		}
	}
	return append(env, more...)
}

// StartWith runs a session and returns when it is ready for clients. It ends
// with the test.
func StartWith(t testing.TB, o Options) *Session {
	t.Helper()
	if o.Binary == "" {
		o.Binary = Binary("rayos-session")
	}
	if o.Dir == "" {
		o.Dir = RuntimeDir(t)
	}
	s := &Session{T: t, Dir: o.Dir, log: &output{}, exited: make(chan struct{})}
	s.cmd = exec.Command(o.Binary, o.Args...)
	s.cmd.Env, s.cmd.ExtraFiles = Environ(o.Dir, o.Env...), o.Files
	s.cmd.Stderr = s.log
	// The session's own children, as well as it, die with the test.
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	stdout, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	s.cmd.Stdout = write
	err = s.cmd.Start()
	write.Close()
	if err != nil {
		t.Fatal(err)
	}
	s.PID = s.cmd.Process.Pid
	ready := make(chan string, 1)
	go func() {
		defer close(ready)
		r := bufio.NewReader(stdout)
		if line, err := r.ReadString('\n'); err == nil {
			ready <- line
		}
		// Programs in the session write there too.
		_, _ = io.Copy(s.log, r)
		stdout.Close()
	}()
	go func() {
		s.status = s.cmd.Wait()
		close(s.exited)
	}()
	t.Cleanup(s.end)
	select {
	case s.Line = <-ready:
	case <-time.After(Patience):
	}
	_, rest, ok := strings.Cut(s.Line, "WAYLAND_DISPLAY=")
	if !ok {
		t.Fatalf("session said %q and no socket\n%s", s.Line, s.Log())
	}
	s.Name, _, _ = strings.Cut(rest, ",")
	if _, rest, ok := strings.Cut(s.Line, " DISPLAY="); ok {
		s.X11, _, _ = strings.Cut(rest, ",")
	}
	s.ctl, err = control.Dial(control.SocketPath(s.Dir, s.Name))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Log is what the session has written to its standard error.
func (s *Session) Log() string { return s.log.String() }

// Env is the environment of a client.
func (s *Session) Env() []string {
	env := Environ(s.Dir, "WAYLAND_DISPLAY="+s.Name, "XDG_SESSION_TYPE=wayland", "LIBGL_ALWAYS_SOFTWARE=1")
	if s.X11 != "" {
		env = append(env, "DISPLAY="+s.X11)
	}
	return env
}

// Socket is the path of the Wayland socket.
func (s *Session) Socket() string { return filepath.Join(s.Dir, s.Name) }

// Signal sends a signal to the session.
func (s *Session) Signal(sig syscall.Signal) {
	s.T.Helper()
	if err := s.cmd.Process.Signal(sig); err != nil {
		s.T.Fatalf("signal the session: %v", err)
	}
}

// Kill ends the session as a fault would, and returns when it is dead.
func (s *Session) Kill() {
	s.T.Helper()
	s.ended = true
	s.Signal(syscall.SIGKILL)
	<-s.exited
	s.ctl.Close()
}

// Stop asks the session to end and returns how it did.
func (s *Session) Stop() error {
	s.T.Helper()
	s.ended = true
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		s.T.Errorf("signal the session: %v", err)
	}
	select {
	case <-s.exited:
	case <-time.After(Patience):
		s.T.Errorf("session did not end within %v of SIGTERM", Patience)
		_ = s.cmd.Process.Kill()
		<-s.exited
	}
	if s.ctl != nil {
		s.ctl.Close()
	}
	return s.status
}

// Exited is closed when the session's process has ended.
func (s *Session) Exited() <-chan struct{} { return s.exited }

// end is the cleanup: the session must still be there, end well, and have
// nothing to complain of.
func (s *Session) end() {
	if !s.ended {
		if err := s.Stop(); err != nil {
			s.T.Errorf("session ended with %v", err)
		}
	}
	log := s.Log()
	if strings.Contains(log, "level=ERROR") || strings.Contains(log, "panic") {
		s.T.Errorf("the session complains")
	}
	if s.T.Failed() && log != "" {
		s.T.Logf("session log:\n%s", log)
	}
}

// Try runs a control command.
func (s *Session) Try(cmd string, args Args, result any) error {
	ctx, cancel := context.WithTimeout(context.Background(), Patience)
	defer cancel()
	return s.ctl.Call(ctx, cmd, args, result)
}

// Call runs a control command without a result, which must succeed.
func (s *Session) Call(cmd string, args Args) {
	s.T.Helper()
	if err := s.Try(cmd, args, nil); err != nil {
		s.T.Fatalf("%s %v: %v", cmd, args, err)
	}
}

// Windows lists the mapped windows, bottom to top.
func (s *Session) Windows() []control.Window {
	s.T.Helper()
	var list []control.Window
	if err := s.Try("windows", nil, &list); err != nil {
		s.T.Fatal(err)
	}
	return list
}

// Get returns a window by its id, or nil.
func (s *Session) Get(id uint32) *control.Window {
	s.T.Helper()
	for _, w := range s.Windows() {
		if w.ID == id {
			return &w
		}
	}
	return nil
}

// Outputs lists the outputs.
func (s *Session) Outputs() []control.Output {
	s.T.Helper()
	var list []control.Output
	if err := s.Try("outputs", nil, &list); err != nil {
		s.T.Fatal(err)
	}
	return list
}

// Stats returns the session's counts.
func (s *Session) Stats() control.Stats {
	s.T.Helper()
	var st control.Stats
	if err := s.Try("stats", nil, &st); err != nil {
		s.T.Fatal(err)
	}
	return st
}

// Descriptors counts the open files of the session's process, those with them that
// it opens beside its start.
func (s *Session) Descriptors() int {
	s.T.Helper()
	s.opened.Do(func() { s.Call("conductor snapshot", nil) })
	list, err := os.ReadDir(filepath.Join("/proc", strconv.Itoa(s.PID), "fd"))
	if err != nil {
		s.T.Fatal(err)
	}
	return len(list)
}

// Settle waits until nothing is left to draw.
func (s *Session) Settle() {
	s.T.Helper()
	s.Call("wait", Args{"idle": true, "timeout": Patience.String()})
}

// Until waits for a condition. It looks at every frame and, for what shows in
// none, a few times a second.
func (s *Session) Until(what string, holds func() bool) {
	s.T.Helper()
	deadline := time.Now().Add(Patience)
	for !holds() {
		if time.Now().After(deadline) {
			s.T.Fatalf("not within %v: %s\nwindows: %+v", Patience, what, s.Windows())
		}
		err := s.Try("wait", Args{"frames": 1, "timeout": "200ms"}, nil)
		var refused *control.Error
		if err != nil && (!errors.As(err, &refused) || refused.Code != control.CodeTimeout) {
			s.T.Fatalf("waiting for %s: %v", what, err)
		}
	}
}

// output gathers what processes write.
type output struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

// outputLimit keeps a process that writes without end from filling memory.
const outputLimit = 1 << 20

func (o *output) Write(b []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.buf.Len() < outputLimit {
		o.buf.Write(b)
	}
	return len(b), nil
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.buf.String()
}
