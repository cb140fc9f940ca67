package xwayland

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// maxDisplay is how many display numbers are tried.
const maxDisplay = 64

// display is a claimed display number: a lock file and two listening sockets,
// one in the file system and one in the abstract namespace.
type display struct {
	number int
	lock   string // path
	path   string // of the socket
	fds    [2]int
}

// errTaken means that somebody has a display number.
var errTaken = errors.New("display number is taken")

// openDisplay claims the first free number. dir is /tmp outside of tests: X11
// programs look nowhere else.
func openDisplay(dir string) (*display, error) {
	sockets := filepath.Join(dir, ".X11-unix")
	if err := makeSocketDir(sockets); err != nil {
		return nil, err
	}
	for n := range maxDisplay {
		d, err := claim(dir, sockets, n)
		if errors.Is(err, errTaken) {
			continue
		}
		return d, err
	}
	return nil, fmt.Errorf("all display numbers :0 to :%d are taken: end an X server or remove stale %s/.X*-lock", maxDisplay-1, dir)
}

// makeSocketDir makes the directory of all X sockets. As with /tmp, anybody may
// add to it and nobody may remove what is another's.
func makeSocketDir(dir string) error {
	const mode = 0o777 | fs.ModeSticky
	err := os.Mkdir(dir, mode)
	if err == nil {
		return os.Chmod(dir, mode) // whatever the umask is
	}
	if !errors.Is(err, fs.ErrExist) {
		return err
	}
	st, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if !st.IsDir() {
		return fmt.Errorf("%s is no directory: remove it", dir)
	}
	return nil
}

func claim(dir, sockets string, n int) (*display, error) {
	d := &display{
		number: n, fds: [2]int{-1, -1},
		lock: filepath.Join(dir, fmt.Sprintf(".X%d-lock", n)), path: filepath.Join(sockets, fmt.Sprintf("X%d", n)),
	}
	if err := takeLock(d.lock); err != nil {
		return nil, err
	}
	// Programs try the abstract socket first, so a server without a lock
	// file that has it would get them.
	var err error
	if d.fds[1], err = listen("@" + d.path); err == nil {
		// The lock is ours: a socket that is there is a dead server's.
		if err = os.Remove(d.path); err == nil || errors.Is(err, fs.ErrNotExist) {
			d.fds[0], err = listen(d.path)
		}
	}
	if err != nil {
		d.close()
		if errors.Is(err, unix.EADDRINUSE) || errors.Is(err, fs.ErrPermission) {
			return nil, errTaken
		}
		return nil, fmt.Errorf("display :%d: %w", n, err)
	}
	return d, nil
}

// takeLock makes the lock file, which holds the owner's process id in 10
// columns. One of a process that is gone is replaced.
func takeLock(path string) error {
	for range 3 {
		f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o444)
		if err == nil {
			_, err = fmt.Fprintf(f, "%10d\n", os.Getpid())
			if cerr := f.Close(); err == nil {
				err = cerr
			}
			if err != nil {
				_ = os.Remove(path)
			}
			return err
		}
		if !errors.Is(err, fs.ErrExist) {
			return err
		}
		if !stale(path) {
			return errTaken
		}
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return errTaken
		}
	}
	return errTaken
}

// stale reports whether the lock's owner is gone. What can't be read is taken
// for held.
func stale(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return errors.Is(err, fs.ErrNotExist)
	}
	defer f.Close()
	var buf [11]byte
	n, err := f.Read(buf[:])
	if err != nil {
		return false
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(buf[:n])))
	return err == nil && pid > 0 && errors.Is(unix.Kill(pid, 0), unix.ESRCH)
}

// listen opens a socket; a name with @ is in the abstract namespace.
func listen(name string) (int, error) {
	fd, err := unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		return -1, err
	}
	if err := unix.Bind(fd, &unix.SockaddrUnix{Name: name}); err != nil {
		_ = unix.Close(fd)
		return -1, err
	}
	if err := unix.Listen(fd, 128); err != nil {
		_ = unix.Close(fd)
		return -1, err
	}
	return fd, nil
}

// String is what DISPLAY is set to.
func (d *display) String() string { return ":" + strconv.Itoa(d.number) }

// close gives the number back.
func (d *display) close() {
	for i, fd := range d.fds {
		if fd >= 0 {
			_ = unix.Close(fd)
		}
		if i == 0 && fd >= 0 {
			_ = os.Remove(d.path)
		}
	}
	_ = os.Remove(d.lock)
}
