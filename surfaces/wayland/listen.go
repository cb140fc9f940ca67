package wayland

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sys/unix"

	"rayos/internal/loop"
)

// listener is the socket that clients connect to, with the lock file that
// libwayland's servers use to claim a name.
type listener struct {
	srv  *Server
	fd   int
	lock int
	path string
	src  *loop.Source
	// paused: there were no descriptors for another client.
	paused bool
}

// ErrNameTaken is returned by Listen for a name that another compositor holds.
var ErrNameTaken = errors.New("another compositor is using this socket")

// Listen opens the socket name in dir (XDG_RUNTIME_DIR), or the first free
// wayland-N when name is empty. It returns the name.
func (s *Server) Listen(dir, name string) (string, error) {
	if dir == "" {
		return "", errors.New("XDG_RUNTIME_DIR is not set: log in through a session manager, or set it to a directory of yours with mode 0700")
	}
	names := []string{name}
	if name == "" {
		names = names[:0]
		for i := range 33 {
			names = append(names, fmt.Sprintf("wayland-%d", i))
		}
	} else if strings.ContainsRune(name, '/') {
		return "", fmt.Errorf("socket name %q: give a plain name without slashes", name)
	}
	for _, n := range names {
		l, err := s.open(filepath.Join(dir, n))
		if errors.Is(err, ErrNameTaken) && name == "" {
			continue
		}
		if err != nil {
			return "", fmt.Errorf("socket %s: %w", filepath.Join(dir, n), err)
		}
		s.listener = l
		return n, nil
	}
	return "", fmt.Errorf("all socket names wayland-0 to wayland-32 in %s are taken: end a session or choose a name with --socket", dir)
}

func (s *Server) open(path string) (*listener, error) {
	if len(path) > 107 {
		return nil, fmt.Errorf("the path is %d bytes long, the limit is 107: use a shorter XDG_RUNTIME_DIR", len(path))
	}
	lock, err := unix.Open(path+".lock", unix.O_CREAT|unix.O_CLOEXEC|unix.O_RDWR, 0o660)
	if err != nil {
		return nil, fmt.Errorf("lock file: %w: is the directory yours and writable?", err)
	}
	if err := unix.Flock(lock, unix.LOCK_EX|unix.LOCK_NB); err != nil {
		_ = unix.Close(lock)
		return nil, ErrNameTaken
	}
	l := &listener{srv: s, lock: lock, path: path, fd: -1}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		l.close()
		return nil, err
	}
	l.fd, err = unix.Socket(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0)
	if err != nil {
		l.close()
		return nil, err
	}
	if err := unix.Bind(l.fd, &unix.SockaddrUnix{Name: path}); err != nil {
		l.close()
		return nil, err
	}
	if err := unix.Listen(l.fd, 128); err != nil {
		l.close()
		return nil, err
	}
	if l.src, err = s.Loop.Add(l.fd, loop.Readable, l); err != nil {
		l.close()
		return nil, err
	}
	return l, nil
}

// Ready accepts one who waits. Others make the socket ready again.
func (l *listener) Ready(loop.Events) {
	// Raw, as the calls of an idle session's turns are.
	fd, _, errno := unix.RawSyscall6(unix.SYS_ACCEPT4, uintptr(l.fd), 0, 0, unix.SOCK_CLOEXEC|unix.SOCK_NONBLOCK, 0, 0)
	switch errno {
	case 0:
		if _, err := l.srv.AddClient(int(fd)); err != nil {
			l.srv.log.Error("new client", "err", err)
		}
	case unix.EAGAIN, unix.EINTR, unix.ECONNABORTED:
	default:
		// Out of descriptors: who waits stays in the backlog until a
		// client goes, and doesn't wake the session before.
		l.srv.log.Error("accept", "err", errno)
		l.watch(0)
	}
}

// watch says whether the socket is looked at.
func (l *listener) watch(ev loop.Events) {
	l.paused = ev == 0
	if err := l.src.SetEvents(ev); err != nil {
		l.srv.log.Error("watch the socket", "err", err)
	}
}

// goOn accepts again after descriptors were freed.
func (l *listener) goOn() {
	if l.paused {
		l.watch(loop.Readable)
	}
}

func (l *listener) close() {
	if l.src != nil {
		if err := l.src.Remove(); err != nil {
			l.srv.log.Error("remove listener", "err", err)
		}
	}
	if l.fd >= 0 {
		_ = unix.Close(l.fd)
		_ = os.Remove(l.path)
	}
	_ = os.Remove(l.path + ".lock")
	_ = unix.Close(l.lock)
}
