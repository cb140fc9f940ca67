package host

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"

	"golang.org/x/sys/unix"

	"rayos/vmm/confine"
)

// launchFlag makes rayos-vm a launch, which the rest of its line describes.
const launchFlag = "--launch"

// launch is the beginning of a QEMU: a process of rayos-vm that opens what QEMU
// will need, gives up all rights but a few, and becomes QEMU. Who connects to
// its sockets finds QEMU's process at the other end.
type launch struct {
	Argv    []string      `json:"argv"`
	Listen  []endpoint    `json:"listen"`
	Connect []endpoint    `json:"connect,omitempty"`
	Rules   confine.Rules `json:"rules"`
	Cgroup  int           `json:"cgroup,omitempty"` // descriptor of cgroup.procs, if there is one
	Nice    int           `json:"nice,omitempty"`
}

// endpoint is a Unix socket, and the number that QEMU knows it by.
type endpoint struct {
	FD   int    `json:"fd"`
	Path string `json:"path"`
}

// Descriptors that QEMU inherits: its lock, and from socketsFD on its sockets,
// out of the way of what the Go runtime opens for itself.
const (
	lockFD    = 3
	cgroupFD  = 4
	socketsFD = 20
)

// descriptors are the numbers of a machine's sockets.
func descriptors(tpm bool) map[string]int {
	fds := map[string]int{}
	for i, name := range sockets {
		fds[name] = socketsFD + i
	}
	if tpm {
		fds["tpm"] = socketsFD + len(sockets)
	}
	return fds
}

// launchOf describes the beginning of the machine's QEMU.
func (h *Host) launchOf(args []string) (*launch, error) {
	m := &h.machine
	rules, err := m.engineRules()
	if err != nil {
		return nil, err
	}
	l := &launch{Argv: append([]string{m.Binary}, args...), Rules: rules, Nice: m.CPU.Nice}
	if m.CPU.procs != nil {
		l.Cgroup = cgroupFD
	}
	for _, name := range sockets {
		l.Listen = append(l.Listen, endpoint{m.Descriptors[name], h.dir.Socket(name)})
	}
	if fd, ok := m.Descriptors["tpm"]; ok {
		l.Connect = []endpoint{{fd, m.TPM}}
	}
	return l, nil
}

// command is the process that will be QEMU. lock is what it holds as long as
// it lives.
func (h *Host) command(args []string, lock *os.File) (*exec.Cmd, error) {
	m := &h.machine
	cmd := exec.Command(m.Binary, args...)
	if m.Launcher != "" {
		text, err := h.launchText(args)
		if err != nil {
			return nil, err
		}
		cmd = exec.Command(m.Launcher, launchFlag, text)
	}
	cmd.ExtraFiles = []*os.File{lock}
	if m.CPU.procs != nil {
		cmd.ExtraFiles = append(cmd.ExtraFiles, m.CPU.procs)
	}
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C"}
	if m.Modules != "" {
		cmd.Env = append(cmd.Env, "QEMU_MODULE_DIR="+m.Modules)
	}
	return cmd, nil
}

func (h *Host) launchText(args []string) (string, error) {
	// QEMU may open its memory, but make no file.
	ram, err := os.OpenFile(h.machine.RAM, os.O_CREATE|os.O_RDWR, 0o600)
	if err == nil {
		err = ram.Close()
	}
	if err != nil {
		return "", err
	}
	l, err := h.launchOf(args)
	if err != nil {
		return "", err
	}
	text, err := json.Marshal(l)
	return string(text), err
}

// runLaunch becomes QEMU. It returns only with an error.
func runLaunch(text string, stderr io.Writer) int {
	var l launch
	err := json.Unmarshal([]byte(text), &l)
	if err == nil {
		err = l.run()
	}
	fmt.Fprintln(stderr, "rayos-vm:", err)
	return StatusFailed
}

func (l *launch) run() error {
	runtime.LockOSThread() // priorities are a thread's
	if len(l.Argv) == 0 {
		return errors.New("no program to launch")
	}
	if l.Cgroup > 0 {
		if _, err := unix.Write(l.Cgroup, []byte("0")); err != nil {
			return fmt.Errorf("CPU cap: %w", err)
		}
	}
	if l.Nice != 0 {
		if err := unix.Setpriority(unix.PRIO_PROCESS, 0, l.Nice); err != nil {
			return fmt.Errorf("priority: %w", err)
		}
	}
	keep := []int{lockFD}
	for _, e := range l.Listen {
		if err := e.open(listenAt); err != nil {
			return err
		}
		keep = append(keep, e.FD)
	}
	for _, e := range l.Connect {
		if err := e.open(unix.Connect); err != nil {
			return err
		}
		keep = append(keep, e.FD)
	}
	return confine.Exec(&l.Rules, l.Argv, os.Environ(), keep)
}

func listenAt(fd int, at unix.Sockaddr) error {
	if err := unix.Bind(fd, at); err != nil {
		return err
	}
	return unix.Listen(fd, 16)
}

// open makes a socket under the endpoint's number. The runtime's poller, which
// QEMU can't inherit, has no part in it.
func (e *endpoint) open(use func(int, unix.Sockaddr) error) error {
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC, 0)
	if err == nil {
		err = use(fd, &unix.SockaddrUnix{Name: e.Path})
	}
	if err == nil {
		err = unix.Dup3(fd, e.FD, unix.O_CLOEXEC)
	}
	if err != nil {
		return fmt.Errorf("socket %s: %w", filepath.Base(e.Path), err)
	}
	return unix.Close(fd)
}
