package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"syscall"

	"golang.org/x/sys/unix"
)

// Launcher starts apps.
type Launcher struct {
	// Helper is the program rayos-sandbox: its path.
	Helper string
	// Env is added to the helper's environment, for tests.
	Env []string
	// Limit holds a process to limits, beside the caller's goroutine and before
	// the app's first instruction; nil for none. It is asked if there are any.
	Limit func(pid int, l Limits) (Hold, error)
}

// Hold is what holds a process to its limits.
type Hold struct {
	By    string
	Lacks []string // limits that don't hold, with reasons
	// Release is called when the process has ended; it may be nil.
	Release func()
}

// Process is a running app.
type Process struct {
	PID int
	// Confined gets one value: how far the app is confined, once it is. With an
	// Error the app has not run.
	Confined <-chan Status

	cmd  *exec.Cmd
	hold chan Hold // gets one value
}

// maxStatus bounds what a helper says, in bytes.
const maxStatus = 64 << 10

// Start begins a run. The error is about the helper; what goes wrong later is
// told by Confined.
func (l *Launcher) Start(s *Spec) (*Process, error) {
	if err := s.check(); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(s.Home, 0o700); err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	s, err := s.resolved()
	if err != nil {
		return nil, err
	}
	p, err := l.start(s, true, nil)
	if !errors.Is(err, unix.EPERM) && !errors.Is(err, unix.EINVAL) && !errors.Is(err, unix.ENOSPC) && !errors.Is(err, unix.ENOSYS) {
		return p, err
	}
	// Namespaces are forbidden, or there are too many.
	return l.start(s, false, []string{"namespaces: " + err.Error()})
}

func (l *Launcher) start(s *Spec, namespaces bool, lacks []string) (_ *Process, err error) {
	todo := plan{Spec: *s, Namespaces: namespaces, Lacks: lacks}
	var ends [4]*os.File // of what is told, and what is answered
	defer func() {
		for _, f := range ends {
			if f != nil {
				err = errors.Join(err, f.Close())
			}
		}
	}()
	if ends[0], ends[1], err = os.Pipe(); err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	if ends[2], ends[3], err = os.Pipe(); err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	cmd := exec.Command(l.Helper, strconv.Itoa(3+len(s.Inherit)))
	cmd.Env = append([]string{}, l.Env...) // not the session's
	cmd.ExtraFiles = append(slices.Clone(s.Inherit), ends[0], ends[3])
	if s.Stdout != nil {
		cmd.Stdout = s.Stdout
	}
	if s.Stderr != nil {
		cmd.Stderr = s.Stderr
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if namespaces {
		cmd.SysProcAttr = withNamespaces(s.Network)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("sandbox: %w", err)
	}
	said := make(chan Status, 1)
	answer := ends[2]
	ends[2] = nil
	tell := ends[1]
	ends[1] = nil
	p := &Process{PID: cmd.Process.Pid, Confined: said, cmd: cmd, hold: make(chan Hold, 1)}
	go func() {
		p.hold <- l.limit(p.PID, &todo)
		// A helper that ends early closes the pipe, and its status says why.
		err := json.NewEncoder(tell).Encode(todo)
		err = errors.Join(err, tell.Close())
		said <- readStatus(answer, err)
	}()
	return p, nil
}

// limit holds the helper, which will be the app, to its limits.
func (l *Launcher) limit(pid int, p *plan) (h Hold) {
	if l.Limit == nil || p.Limits == (Limits{}) {
		return h
	}
	h, err := l.Limit(pid, p.Limits)
	switch {
	case err != nil:
		p.Lacks = append(p.Lacks, fmt.Sprintf("limits of %v: %v", p.Limits, err))
	case len(h.Lacks) > 0:
		p.Lacks = append(p.Lacks, h.Lacks...)
	default:
		p.Has = append(p.Has, fmt.Sprintf("limits by %s: %v", h.By, p.Limits))
	}
	return h
}

// withNamespaces are those of an app. The helper has two capabilities in them:
// to mount, and to give up both.
func withNamespaces(network bool) *syscall.SysProcAttr {
	a := &syscall.SysProcAttr{
		Setpgid:     true,
		Cloneflags:  unix.CLONE_NEWUSER | unix.CLONE_NEWNS | unix.CLONE_NEWPID | unix.CLONE_NEWIPC,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: os.Getuid(), HostID: os.Getuid(), Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: os.Getgid(), HostID: os.Getgid(), Size: 1}},
		AmbientCaps: []uintptr{unix.CAP_SYS_ADMIN, unix.CAP_SETPCAP},
	}
	if !network {
		a.Cloneflags |= unix.CLONE_NEWNET
	}
	return a
}

// readStatus reads until the helper has become the app, or has ended.
func readStatus(f *os.File, told error) Status {
	defer f.Close()
	d := json.NewDecoder(io.LimitReader(f, maxStatus))
	var last Status
	n := 0
	for {
		var s Status
		err := d.Decode(&s)
		switch {
		case errors.Is(err, io.EOF) && n > 0:
			return last
		case err != nil:
			return Status{Error: "the helper has said nothing: " + errors.Join(err, told).Error()}
		}
		last = s
		n++
	}
}

// Wait returns when the app has ended, with an *exec.ExitError if it failed. It
// is called once.
func (p *Process) Wait() error {
	err := p.cmd.Wait()
	if h := <-p.hold; h.Release != nil {
		h.Release()
	}
	return err
}

// Terminate asks the app to end.
func (p *Process) Terminate() error { return p.cmd.Process.Signal(unix.SIGTERM) }

// Kill ends it, with all that it has started.
func (p *Process) Kill() error { return p.cmd.Process.Kill() }
