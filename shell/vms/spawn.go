package vms

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"

	"rayos/vmm/host"
)

// dialEvery is how often the socket is tried that a rayos-vm is about to make.
const dialEvery = 3 * time.Millisecond

// spawn starts a rayos-vm in a session of its own, so that it outlives ours,
// and connects to it. One that finds the machine taken ends at once, and the
// other one's socket answers.
func (m *Machine) spawn(ctx context.Context, socket string) (*host.Client, error) {
	if err := m.dir().Create(); err != nil {
		return nil, err
	}
	log, err := os.OpenFile(m.dir().Logs("rayos-vm.log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	begin, err := log.Seek(0, 2)
	if err != nil {
		return nil, err
	}
	argv := append(m.scope(), m.s.o.Binary, "--root", m.s.o.Root.Dir, string(m.id))
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir = "/"
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &unix.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	try := time.NewTicker(dialEvery)
	defer try.Stop()
	for {
		c, err := host.Dial(socket)
		if err == nil {
			return c, nil
		}
		select {
		case end := <-ended:
			if c, err := host.Dial(socket); err == nil { // another has the machine
				return c, nil
			}
			return nil, fmt.Errorf("rayos-vm has ended: %w", errors.Join(end, lastLine(log.Name(), begin)))
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), err)
		case <-try.C:
		}
	}
}

// scope is the command that takes a process out of the session's unit, which
// ends with the login, where a user manager runs.
func (m *Machine) scope() []string {
	run := os.Getenv("XDG_RUNTIME_DIR")
	if _, err := os.Stat(filepath.Join(run, "systemd", "private")); run == "" || err != nil {
		return nil
	}
	path, err := exec.LookPath("systemd-run")
	if err != nil {
		return nil
	}
	return []string{path, "--user", "--scope", "--collect", "--quiet", "--slice=app.slice", "--"}
}

// lastLine is what a process has said last, as an error; nil if nothing.
func lastLine(path string, from int64) error {
	f, err := os.Open(filepath.Clean(path))
	if err != nil {
		return err
	}
	defer f.Close()
	st, err := f.Stat()
	if err != nil {
		return err
	}
	const most = 4 << 10
	buf := make([]byte, min(most, max(0, st.Size()-from)))
	n, err := f.ReadAt(buf, st.Size()-int64(len(buf)))
	lines := strings.Split(strings.TrimSpace(string(buf[:n])), "\n")
	if last := lines[len(lines)-1]; last != "" {
		return errors.New(last)
	}
	if n < len(buf) {
		return err
	}
	return nil
}
