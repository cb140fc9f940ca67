package host

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"

	"golang.org/x/sys/unix"

	"rayos/internal/procstat"
	"rayos/vmm"
)

// runName is the file below run/ that tells of a QEMU that runs.
const runName = "machine.json"

// run is what run/machine.json holds: enough to find QEMU again.
type run struct {
	vmm.Process
	Arguments  string `json:"arguments_sha256"`
	Generation uint64 `json:"disk_generation"`
	// Incoming is set until a saved state that is being read is marked as
	// consumed. A guest in this phase has not run yet.
	Incoming bool  `json:"incoming,omitempty"`
	Means    Means `json:"means"`
}

// process is a QEMU that runs, started by us or by another rayos-vm before.
type process struct {
	run
	fd     int // pidfd
	stderr *tail
	done   chan struct{} // closed when it has ended
}

// spawn starts QEMU in a session of its own.
func spawn(cmd *exec.Cmd, dir vmm.Dir, log io.Writer) (*process, error) {
	pipe := filepath.Join(dir.Run(), "stderr")
	if err := removeIfThere(pipe); err != nil {
		return nil, err
	}
	if err := unix.Mkfifo(pipe, 0o600); err != nil {
		return nil, fmt.Errorf("mkfifo %s: %w", pipe, err)
	}
	// QEMU holds both ends of the pipe, so that it never breaks, and doesn't
	// wait for a reader: what nobody reads is 64 KiB in the kernel and no more.
	fd, err := unix.Open(pipe, unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", pipe, err)
	}
	end := os.NewFile(uintptr(fd), pipe)
	defer end.Close() // a second time does nothing
	stderr, err := readTail(pipe, log)
	if err != nil {
		return nil, err
	}
	cmd.Dir = "/"
	cmd.Stderr = end
	cmd.SysProcAttr = &unix.SysProcAttr{Setsid: true}
	if err := cmd.Start(); err != nil {
		end.Close() // the last writer, so that the reader ends
		stderr.close()
		return nil, err
	}
	nonblock := unix.SetNonblock(fd, true) // of the open file that QEMU shares
	p := &process{stderr: stderr, done: make(chan struct{})}
	p.PID = cmd.Process.Pid
	go func() {
		_ = cmd.Wait() // how it ended, its monitor has told, or nobody knows
		stderr.close()
		close(p.done)
	}()
	end.Close()
	p.fd, err = unix.PidfdOpen(p.PID, 0)
	err = errors.Join(err, nonblock)
	if err == nil {
		p.Start, err = startTime(p.PID)
	}
	if err == nil {
		p.BootID, err = bootID()
	}
	if err != nil {
		_ = cmd.Process.Kill()
		<-p.done
		return nil, errors.Join(err, errors.New(stderr.last()))
	}
	p.Host = os.Getpid()
	return p, nil
}

// adopt finds a QEMU that runs already. It returns nil when that has ended.
func adopt(r run, dir vmm.Dir, log io.Writer) (*process, error) {
	boot, err := bootID()
	if err != nil {
		return nil, err
	}
	if r.BootID != boot || r.PID <= 1 {
		return nil, nil
	}
	fd, err := unix.PidfdOpen(r.PID, 0)
	if errors.Is(err, unix.ESRCH) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("process %d: %w", r.PID, err)
	}
	// The descriptor holds the process; now the number can't become another's.
	if start, err := startTime(r.PID); err != nil || start != r.Start {
		return nil, unix.Close(fd)
	}
	stderr, err := readTail(filepath.Join(dir.Run(), "stderr"), log)
	if err != nil {
		return nil, errors.Join(err, unix.Close(fd))
	}
	p := &process{run: r, fd: fd, stderr: stderr, done: make(chan struct{})}
	p.Host = os.Getpid()
	go func() {
		polls := []unix.PollFd{{Fd: int32(fd), Events: unix.POLLIN}}
		for {
			if _, err := unix.Poll(polls, -1); err != unix.EINTR {
				break
			}
		}
		stderr.close()
		close(p.done)
	}()
	return p, nil
}

// kill ends the process at once and returns when it has ended.
func (p *process) kill(ctx context.Context) error {
	if err := unix.PidfdSendSignal(p.fd, unix.SIGKILL, nil, 0); err != nil && !errors.Is(err, unix.ESRCH) {
		return fmt.Errorf("kill %d: %w", p.PID, err)
	}
	select {
	case <-p.done:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("process %d doesn't end: %w", p.PID, ctx.Err())
	}
}

func (p *process) close() error { return unix.Close(p.fd) }

// startTime tells a process from another that gets its number later.
func startTime(pid int) (uint64, error) {
	s, err := procstat.Read(pid)
	return s.Start, err
}

func bootID() (string, error) {
	data, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	return strings.TrimSpace(string(data)), err
}

var versionForm = regexp.MustCompile(`version (\d+)\.(\d+)\.(\d+)`)

// qemuVersion asks a QEMU binary for its version.
func qemuVersion(ctx context.Context, binary string) (version string, major int, err error) {
	out, err := exec.CommandContext(ctx, binary, "--version").Output()
	if err != nil {
		return "", 0, fmt.Errorf("%s: %w", binary, err)
	}
	m := versionForm.FindStringSubmatch(string(out))
	if m == nil {
		return "", 0, fmt.Errorf("%s says no version", binary)
	}
	major, err = strconv.Atoi(m[1])
	return m[1] + "." + m[2] + "." + m[3], major, err
}

// tail reads a pipe into a log and remembers the end.
type tail struct {
	f    *os.File
	done chan struct{}
	mu   sync.Mutex
	text []byte
}

const tailSize = 4 << 10

func readTail(pipe string, log io.Writer) (*tail, error) {
	f, err := os.OpenFile(pipe, os.O_RDONLY|unix.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	t := &tail{f: f, done: make(chan struct{})}
	go func() {
		defer close(t.done)
		// It ends when nobody has the other end, or we close ours.
		_, _ = io.Copy(io.MultiWriter(t, log), f)
	}()
	return t, nil
}

func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, b...)
	if over := len(t.text) - tailSize; over > 0 {
		t.text = append(t.text[:0], t.text[over:]...)
	}
	return len(b), nil
}

// close is called when the process has ended: what it wrote has been read
// then.
func (t *tail) close() {
	<-t.done
	t.f.Close()
}

// last is the last line.
func (t *tail) last() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	lines := strings.Split(strings.TrimSpace(string(t.text)), "\n")
	return lines[len(lines)-1]
}
