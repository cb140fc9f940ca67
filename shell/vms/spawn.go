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

// dial connects to a rayos-vm that answers.
func dial(ctx context.Context, socket string) (*host.Client, host.Status, error) {
	c, err := host.Dial(socket)
	if err != nil {
		return nil, host.Status{}, err
	}
	st, err := c.Status(ctx)
	if err != nil {
		return nil, host.Status{}, errors.Join(err, c.Close())
	}
	return c, st, nil
}

// spawn starts a rayos-vm and connects to it. When another one has the machine
// that is about to end, it waits for that.
func (m *Machine) spawn(ctx context.Context, socket string) (*host.Client, host.Status, error) {
	try := time.NewTicker(dialEvery)
	defer try.Stop()
	for {
		c, st, err := m.spawnOne(ctx, socket)
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != host.StatusRunning {
			return c, st, err
		}
		select {
		case <-try.C:
		case <-ctx.Done():
			return nil, host.Status{}, err
		}
	}
}

// spawnOne starts a rayos-vm in a session of its own, so that it outlives ours.
// One that finds the machine taken ends at once, and the other one's socket
// answers.
func (m *Machine) spawnOne(ctx context.Context, socket string) (c *host.Client, st host.Status, err error) {
	if err := m.dir().Create(); err != nil {
		return nil, st, err
	}
	log, err := os.OpenFile(m.dir().Logs("rayos-vm.log"), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, st, err
	}
	defer log.Close()
	begin, err := log.Seek(0, 2)
	if err != nil {
		return nil, st, err
	}
	argv := append(m.scope(), m.s.o.Binary, "--root", m.s.o.Root.Dir, string(m.id))
	cmd := exec.Command(argv[0], argv[1:]...)
	cmd.Dir = "/"
	cmd.Stdout, cmd.Stderr = log, log
	cmd.SysProcAttr = &unix.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		return nil, st, err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	try := time.NewTicker(dialEvery)
	defer try.Stop()
	for {
		c, st, err := dial(ctx, socket)
		if err == nil {
			return c, st, nil
		}
		select {
		case end := <-ended:
			if c, st, err := dial(ctx, socket); err == nil { // another has the machine
				return c, st, nil
			}
			return nil, st, fmt.Errorf("rayos-vm has ended: %w", errors.Join(end, lastLine(log.Name(), begin)))
		case <-ctx.Done():
			return nil, st, errors.Join(ctx.Err(), err)
		case <-try.C:
		}
	}
}

// scope is the command that takes a process out of the session's unit, which
// ends with the login, where a user manager runs. All that the process starts
// has the share of the processors together that policy gives the machine.
func (m *Machine) scope() []string {
	run := os.Getenv("XDG_RUNTIME_DIR")
	if _, err := os.Stat(filepath.Join(run, "systemd", "private")); run == "" || err != nil {
		return nil
	}
	path, err := exec.LookPath("systemd-run")
	if err != nil {
		return nil
	}
	rec, err := m.s.reg.Get(m.id)
	if err != nil {
		return scopeOf(path, 0) // who asks for the machine next says why
	}
	e := m.s.policy.Effective(&rec)
	if e.CPUPercent >= 100 {
		return scopeOf(path, 0)
	}
	return scopeOf(path, e.CPUs*e.CPUPercent)
}

// scopeOf is that command by systemd-run(1). quota is in percent of one
// processor, 0 for no cap. A manager that was not given the CPU controller
// ignores it: rayos-vm looks whether it is in force.
func scopeOf(run string, quota int) []string {
	argv := []string{run, "--user", "--scope", "--collect", "--quiet", "--slice=app.slice"}
	if quota > 0 {
		argv = append(argv, fmt.Sprintf("--property=CPUQuota=%d%%", quota))
	}
	return append(argv, "--")
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
