package xwayland

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"

	"golang.org/x/sys/unix"

	"rayos/surfaces/protocol"
)

// socketPair makes a connection: our end and a file for the X server.
func socketPair(flags int) (ours int, theirs *os.File, err error) {
	fds, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|flags, 0)
	if err != nil {
		return -1, nil, fmt.Errorf("socket pair: %w", err)
	}
	return fds[0], os.NewFile(uintptr(fds[1]), "xwayland"), nil
}

// newRun starts the X server with its connection to the compositor, that to the
// manager, and the sockets of programs.
func (s *Server) newRun() (*run, error) {
	wl, wlTheirs, err := socketPair(unix.SOCK_NONBLOCK)
	if err != nil {
		return nil, err
	}
	defer wlTheirs.Close()
	wm, wmTheirs, err := socketPair(0)
	if err != nil {
		_ = unix.Close(wl)
		return nil, err
	}
	defer wmTheirs.Close()
	wmOurs := os.NewFile(uintptr(wm), "xwm")
	cmd := exec.Command(s.binary, s.Display(), "-rootless", "-core", "-noreset",
		"-listenfd", "4", "-listenfd", "5", "-wm", "6")
	if !s.opt.Server.Advertises(protocol.ZwpLinuxDmabufV1Interface.Name) {
		// Looking for a GPU that can't be used takes a third of the start.
		cmd.Args = append(cmd.Args, "-shm")
	}
	cmd.ExtraFiles = []*os.File{wlTheirs} // 3
	for _, fd := range s.display.fds {    // 4, 5
		dup, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 0)
		if err != nil {
			_ = unix.Close(wl)
			wmOurs.Close()
			return nil, fmt.Errorf("X11 socket: %w", err)
		}
		f := os.NewFile(uintptr(dup), "x11")
		defer f.Close()
		cmd.ExtraFiles = append(cmd.ExtraFiles, f)
	}
	cmd.ExtraFiles = append(cmd.ExtraFiles, wmTheirs) // 6
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "WAYLAND_DISPLAY=") && !strings.HasPrefix(e, "DISPLAY=") {
			cmd.Env = append(cmd.Env, e)
		}
	}
	cmd.Env = append(cmd.Env, "WAYLAND_SOCKET=3")
	said := &tail{log: func(line string) { s.log.Debug("Xwayland", "says", line) }}
	cmd.Stdout, cmd.Stderr = said, said
	if err := cmd.Start(); err != nil {
		_ = unix.Close(wl)
		wmOurs.Close()
		return nil, fmt.Errorf("start %s: %w", s.binary, err)
	}
	r, err := s.connect(cmd, wl, wmOurs)
	go func() {
		err := cmd.Wait()
		why := "it has exited"
		if err != nil {
			why = err.Error()
		}
		s.opt.Loop.Post(func() {
			if r != nil {
				s.ended(r, why, said.last())
			}
		})
	}()
	if err != nil {
		_ = cmd.Process.Kill()
		return nil, err
	}
	return r, nil
}

// tail keeps the last lines of a program's output.
type tail struct {
	log func(string)

	mu    sync.Mutex
	part  []byte
	lines []string
}

const tailLines = 4

// Write takes lines apart.
func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.part = append(t.part, b...)
	for {
		i := bytes.IndexByte(t.part, '\n')
		if i < 0 {
			break
		}
		line := cleanText(string(t.part[:i]))
		t.part = t.part[i+1:]
		t.log(line)
		if t.lines = append(t.lines, line); len(t.lines) > tailLines {
			t.lines = t.lines[1:]
		}
	}
	if len(t.part) > 4*maxText {
		t.part = t.part[:0]
	}
	return len(b), nil
}

func (t *tail) last() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	return strings.Join(t.lines, "; ")
}
