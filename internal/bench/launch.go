package bench

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"rayos/internal/bench/rawclient"
)

// socketName is what compositors that can be told a socket name get; the others
// choose wayland-0 or wayland-1 in their empty runtime directory.
const socketName = "wayland-1"

const (
	startLimit = 15 * time.Second // exec → first registry answer
	stopLimit  = 5 * time.Second  // SIGTERM → gone; then SIGKILL
	nobody     = 65534            // who compositors run as when the driver is root
)

// Launcher starts compositors in a temporary directory of its own.
type Launcher struct {
	base    string
	machine *machineArguments // of the last machine that was measured, or nil
	// captures are what VNC clients are measured with, nil before that.
	captures []*capture
}

// NewLauncher makes the directory.
func NewLauncher() (*Launcher, error) {
	base, err := os.MkdirTemp("", "raybench-")
	if err != nil {
		return nil, err
	}
	// Others may pass through to their own runtime directory, not look around.
	if err := os.Chmod(base, 0o711); err != nil {
		return nil, errors.Join(err, os.RemoveAll(base))
	}
	return &Launcher{base: base}, nil
}

// Close removes the directory.
func (l *Launcher) Close() error { return os.RemoveAll(l.base) }

// Stage copies a program to where the unprivileged user may execute it, and
// returns the copy's path.
func (l *Launcher) Stage(path string) (string, error) {
	from, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer from.Close() // read only: nothing to lose
	to, err := os.OpenFile(filepath.Join(l.base, filepath.Base(path)), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o755)
	if err != nil {
		return "", err
	}
	_, err = io.Copy(to, from)
	// Unwritten pages of a program count as its private dirty memory.
	if err = errors.Join(err, to.Sync(), to.Close()); err != nil {
		return "", fmt.Errorf("copy %s: %w", path, err)
	}
	return to.Name(), nil
}

// Session is a running compositor.
type Session struct {
	Process
	Compositor *Compositor
	Setup      Setup
	Socket     string
	Accepted   time.Duration // exec → the socket took a connection
	Answered   time.Duration // exec → the registry was read to its end

	dir   string
	cmd   *exec.Cmd
	stdin io.Closer
	pidfd int
	log   *os.File
	bus   *program // the message bus, if the setup has one
}

// Start runs the compositor and returns when it has answered its first client.
func (l *Launcher) Start(c *Compositor, setup Setup) (*Session, error) {
	s := &Session{Compositor: c, Setup: setup, pidfd: -1}
	err := s.start(l.base)
	if err == nil {
		err = s.fitOutput()
	}
	if err != nil {
		return nil, fmt.Errorf("start %s: %w", c.Name, errors.Join(err, s.Stop()))
	}
	return s, nil
}

func (s *Session) start(base string) error {
	var err error
	if s.dir, err = os.MkdirTemp(base, s.Compositor.Name+"-"); err != nil {
		return err
	}
	inv := s.Compositor.command(s.Compositor, s.Setup)
	if err := s.prepare(inv); err != nil {
		return err
	}
	if s.Setup.Bus {
		if s.bus, err = s.startBus(); err != nil {
			return err
		}
	}
	watch, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		return fmt.Errorf("inotify: %w", err)
	}
	defer unix.Close(watch) // a watch holds nothing that closing could lose
	if _, err := unix.InotifyAddWatch(watch, s.dir, unix.IN_CREATE|unix.IN_MOVED_TO); err != nil {
		return fmt.Errorf("watch %s: %w", s.dir, err)
	}
	begin := time.Now()
	if err := s.cmd.Start(); err != nil {
		return err
	}
	s.PID = s.cmd.Process.Pid
	if s.pidfd, err = unix.PidfdOpen(s.PID, 0); err != nil {
		return fmt.Errorf("pidfd: %w", err)
	}
	conn, err := s.firstClient(watch, begin)
	if err != nil {
		return err
	}
	s.Accepted = time.Since(begin)
	err = conn.FirstAnswer()
	s.Answered = time.Since(begin)
	return errors.Join(err, conn.Close())
}

// prepare writes the files, hands the directory to its user and builds the
// command.
func (s *Session) prepare(inv invocation) error {
	for name, text := range inv.files {
		if err := os.WriteFile(filepath.Join(s.dir, name), []byte(text), 0o644); err != nil {
			return err
		}
	}
	if err := writeEntries(s.dir, s.Setup.Entries); err != nil {
		return err
	}
	var err error
	if s.log, err = os.Create(s.dir + ".log"); err != nil {
		return err
	}
	args := make([]string, len(inv.args))
	for i, a := range inv.args {
		args[i] = strings.ReplaceAll(a, "$DIR", s.dir)
	}
	s.cmd = s.command(args[0], args[1:]...)
	s.cmd.Stdout, s.cmd.Stderr = s.log, s.log
	s.cmd.Env = append(s.cmd.Env, inv.env...)
	if s.stdin, err = s.cmd.StdinPipe(); err != nil {
		return err
	}
	if os.Getuid() == 0 {
		return os.Chown(s.dir, nobody, nobody)
	}
	return nil
}

// firstClient waits for the socket to appear and connects to it.
func (s *Session) firstClient(watch int, begin time.Time) (*rawclient.Conn, error) {
	buf := make([]byte, 4096)
	for {
		left := startLimit - time.Since(begin)
		if left <= 0 {
			return nil, fmt.Errorf("no socket within %v%s", startLimit, s.logTail())
		}
		fds := []unix.PollFd{{Fd: int32(watch), Events: unix.POLLIN}, {Fd: int32(s.pidfd), Events: unix.POLLIN}}
		if _, err := unix.Poll(fds, int(left.Milliseconds())+1); err != nil && err != unix.EINTR {
			return nil, fmt.Errorf("poll: %w", err)
		}
		if fds[1].Revents != 0 {
			return nil, fmt.Errorf("ended before it had a socket%s", s.logTail())
		}
		n, err := unix.Read(watch, buf)
		if err == unix.EAGAIN || err == unix.EINTR {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("read inotify: %w", err)
		}
		name := waylandSocket(buf[:n])
		if name == "" {
			continue
		}
		s.Socket = filepath.Join(s.dir, name)
		// Between bind and listen a connection is refused, for microseconds.
		for time.Since(begin) < startLimit {
			conn, err := connectAs(nobody, rawclient.Connect, s.Socket)
			if !errors.Is(err, unix.ECONNREFUSED) {
				return conn, err
			}
		}
	}
}

// waylandSocket picks the display socket's name out of inotify events.
func waylandSocket(events []byte) string {
	for len(events) >= unix.SizeofInotifyEvent {
		size := int(events[12]) | int(events[13])<<8 // the length of a name fits two bytes
		end := unix.SizeofInotifyEvent + size
		if end > len(events) {
			return ""
		}
		name := string(bytes.TrimRight(events[unix.SizeofInotifyEvent:end], "\x00"))
		if strings.HasPrefix(name, "wayland-") && !strings.HasSuffix(name, ".lock") {
			return name
		}
		events = events[end:]
	}
	return ""
}

// UnfitError says that a compositor cannot take part in a row, for a reason
// that is no fault of it.
type UnfitError struct{ Reason string }

func (e *UnfitError) Error() string { return e.Reason }

// fitOutput makes sure that the output has the wanted mode.
func (s *Session) fitOutput() error {
	conn, err := s.Dial()
	if err != nil {
		return err
	}
	if w, h := conn.OutputSize(); s.Setup.Width != 0 && (w != s.Setup.Width || h != s.Setup.Height) {
		err = &UnfitError{fmt.Sprintf("its output stays at %dx%d", w, h)}
	}
	return errors.Join(err, conn.Close())
}

// Dial connects a client, as the user that the compositor runs as: a session
// may treat strangers in its own way.
func (s *Session) Dial() (*rawclient.Conn, error) { return connectAs(nobody, rawclient.Dial, s.Socket) }

// connectAs calls dial as another user if the driver is root. The kernel notes
// who connects at that moment, so only this thread changes, and only for that
// long.
func connectAs[T any](uid uintptr, dial func(string) (T, error), path string) (conn T, err error) {
	if os.Getuid() != 0 {
		return dial(path)
	}
	const keep = ^uintptr(0)
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	if _, _, errno := unix.RawSyscall(unix.SYS_SETRESUID, keep, uid, keep); errno != 0 {
		return conn, fmt.Errorf("become user %d: %w", uid, errno)
	}
	conn, err = dial(path)
	if _, _, errno := unix.RawSyscall(unix.SYS_SETRESUID, keep, 0, keep); errno != 0 {
		panic(fmt.Sprintf("bench: become root again: %v", errno)) // root may
	}
	return conn, err
}

// Alive returns an error with the end of the log if the compositor has ended.
func (s *Session) Alive() error {
	fds := []unix.PollFd{{Fd: int32(s.pidfd), Events: unix.POLLIN}}
	if n, err := unix.Poll(fds, 0); err == nil && n > 0 {
		return fmt.Errorf("%s ended by itself%s", s.Compositor.Name, s.logTail())
	}
	return nil
}

// Stop ends the compositor, waits for its end and removes its files.
func (s *Session) Stop() error {
	var errs []error
	if s.stdin != nil {
		errs = append(errs, s.stdin.Close())
	}
	if s.pidfd >= 0 {
		errs = append(errs, s.end(), unix.Close(s.pidfd))
		s.pidfd = -1
	}
	if s.bus != nil {
		errs = append(errs, s.bus.end())
	}
	if s.log != nil {
		errs = append(errs, s.log.Close(), os.Remove(s.log.Name()))
	}
	if s.dir != "" {
		errs = append(errs, os.RemoveAll(s.dir))
	}
	return errors.Join(errs...)
}

// end asks the process to go, and makes it go when it does not.
func (s *Session) end() error {
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	fds := []unix.PollFd{{Fd: int32(s.pidfd), Events: unix.POLLIN}}
	for deadline := time.Now().Add(stopLimit); ; {
		n, err := unix.Poll(fds, max(0, int(time.Until(deadline).Milliseconds())))
		if err == unix.EINTR {
			continue
		}
		if err != nil {
			return fmt.Errorf("poll: %w", err)
		}
		if n == 0 {
			if err := s.cmd.Process.Kill(); err != nil {
				return err
			}
		}
		break
	}
	// How it ended is its own affair: peers leave with all kinds of codes.
	var exit *exec.ExitError
	if err := s.cmd.Wait(); err != nil && !errors.As(err, &exit) {
		return err
	}
	return nil
}

// logTail is the end of the compositor's output for an error message.
func (s *Session) logTail() string {
	text, err := os.ReadFile(s.log.Name())
	if err != nil {
		return "; its log: " + err.Error()
	}
	text = bytes.TrimSpace(text[max(0, len(text)-800):])
	if len(text) == 0 {
		return " and said nothing"
	}
	return "; it said:\n" + string(text)
}
