package bench

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

// program is a program in a session: a client, or its message bus.
type program struct {
	Process
	cmd *exec.Cmd
}

// command prepares a program as the session's user, in its directory and with
// no other environment.
func (s *Session) command(name string, args ...string) *exec.Cmd {
	cmd := exec.Command(name, args...)
	cmd.Dir = s.dir
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "LANG=C.UTF-8", "HOME=" + s.dir, "XDG_RUNTIME_DIR=" + s.dir,
		"XDG_CONFIG_HOME=" + s.dir, "XDG_CACHE_HOME=" + s.dir, "XDG_DATA_HOME=" + s.dir, "XDG_STATE_HOME=" + s.dir,
	}
	if s.Socket != "" {
		cmd.Env = append(cmd.Env, "WAYLAND_DISPLAY="+s.Socket)
	}
	if s.Setup.Bus {
		cmd.Env = append(cmd.Env, "DBUS_SESSION_BUS_ADDRESS="+s.busAddress())
	}
	// It ends with the driver even if that is killed. The signal belongs to the
	// thread that forked, which the command's main goroutine keeps for itself.
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if os.Getuid() == 0 {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: nobody, Gid: nobody}
	}
	return cmd
}

// run starts a program that is installed; others are no fault of the
// compositor.
func (s *Session) run(name string, args ...string) (*program, error) {
	if _, err := exec.LookPath(name); err != nil {
		return nil, &UnfitError{name + " is not installed"}
	}
	cmd := s.command(name, args...)
	cmd.Stdout, cmd.Stderr = s.log, s.log
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return &program{Process{cmd.Process.Pid}, cmd}, nil
}

// end ends it, as whoever closes it would.
func (p *program) end() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	var exit *exec.ExitError
	if err := p.cmd.Wait(); err != nil && !errors.As(err, &exit) {
		return err
	}
	return nil
}

func (s *Session) busAddress() string { return "unix:path=" + filepath.Join(s.dir, "bus") }

// startBus starts the session's message bus and waits until it is there.
func (s *Session) startBus() (*program, error) {
	if _, err := exec.LookPath("dbus-daemon"); err != nil {
		return nil, &UnfitError{"dbus-daemon is not installed"}
	}
	cmd := s.command("dbus-daemon", "--session", "--nofork", "--nopidfile", "--print-address", "--address="+s.busAddress())
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	p := &program{Process{cmd.Process.Pid}, cmd}
	if line, err := bufio.NewReader(out).ReadString('\n'); err != nil || !strings.HasPrefix(line, "unix:") {
		return nil, errors.Join(fmt.Errorf("the message bus said %q: %w", line, err), p.end())
	}
	return p, nil
}

// writeEntries writes n applications into a data folder.
func writeEntries(data string, n int) error {
	if n == 0 {
		return nil
	}
	dir := filepath.Join(data, "applications")
	if err := os.Mkdir(dir, 0o755); err != nil {
		return err
	}
	kinds := []string{"Text", "Image", "Video", "Sound", "Mail", "Map", "Note", "Table"}
	tools := []string{"Editor", "Viewer", "Player", "Browser", "Manager", "Studio", "Notebook"}
	for i := range n {
		name := fmt.Sprintf("%s %s %d", kinds[i%len(kinds)], tools[i/len(kinds)%len(tools)], i)
		text := fmt.Sprintf("[Desktop Entry]\nType=Application\nName=%s\nComment=Works with things of kind %d\nExec=/bin/true %d\nCategories=Utility;\n", name, i%40, i)
		if err := os.WriteFile(filepath.Join(dir, fmt.Sprintf("bench-%04d.desktop", i)), []byte(text), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// family is a process with all that it has started, as far as that still runs.
type family struct{ root Process }

// each calls fn for each process of it, the root first.
func (f family) each(fn func(Process) error) error {
	todo := []Process{f.root}
	for len(todo) > 0 {
		p := todo[0]
		todo = todo[1:]
		kids, err := p.children()
		if errors.Is(err, fs.ErrNotExist) && p != f.root {
			continue // it has ended
		}
		if err != nil {
			return err
		}
		todo = append(todo, kids...)
		if err := fn(p); err != nil {
			return err
		}
	}
	return nil
}
