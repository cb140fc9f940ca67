package pulse

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"golang.org/x/sys/unix"
)

// Watch tells when something is made where a socket is to be: it or another file
// in its folder, or the folder itself. The folder above that has to be there.
type Watch struct {
	// C has a value when something was made since the last was taken. It is closed
	// when the watch has ended.
	C    <-chan struct{}
	file *os.File
	path string
}

// NewWatch watches for a socket. What is there already is not told.
func NewWatch(path string) (*Watch, error) {
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		return nil, fmt.Errorf("watch for %s: %w", path, err)
	}
	made := make(chan struct{}, 1)
	w := &Watch{C: made, file: os.NewFile(uintptr(fd), "inotify"), path: path} // read in the runtime's poller, so Close ends it
	if err := w.arm(); err != nil {
		return nil, errors.Join(fmt.Errorf("watch for %s: %w", path, err), w.file.Close())
	}
	go w.run(made)
	return w, nil
}

// Close ends the watch.
func (w *Watch) Close() error { return w.file.Close() }

// arm watches the socket's folder, or the one above while it isn't there.
func (w *Watch) arm() error {
	raw, err := w.file.SyscallConn()
	if err != nil {
		return err
	}
	add := func(dir string) (err error) {
		closed := raw.Control(func(fd uintptr) {
			_, err = unix.InotifyAddWatch(int(fd), dir, unix.IN_CREATE|unix.IN_MOVED_TO|unix.IN_DELETE_SELF|unix.IN_ONLYDIR)
		})
		return errors.Join(closed, err)
	}
	dir := filepath.Dir(w.path)
	for {
		err := add(dir)
		if !errors.Is(err, os.ErrNotExist) {
			return err
		}
		// A folder that isn't there yet is seen to come in the one above.
		if err := add(filepath.Dir(dir)); err != nil {
			return err
		}
		if _, err := os.Stat(dir); err != nil {
			return nil
		}
	}
}

func (w *Watch) run(made chan<- struct{}) {
	defer close(made)
	var buf [4096]byte
	for {
		if _, err := w.file.Read(buf[:]); err != nil {
			return // closed
		}
		if w.arm() != nil {
			return
		}
		select {
		case made <- struct{}{}:
		default: // it is to be looked at anyway
		}
	}
}

// Await tells when there is a socket at a path: at once, or when it has been
// made. Stop ends the wait; then, and when nobody can tell, what comes is an
// error.
func Await(path string) (there <-chan error, stop func()) {
	got := make(chan error, 1)
	w, err := NewWatch(path)
	if err != nil {
		got <- err
		return got, func() {}
	}
	go func() {
		defer w.Close()
		for {
			if st, err := os.Stat(path); err == nil && st.Mode().Type() == os.ModeSocket {
				got <- nil
				return
			}
			if _, on := <-w.C; !on {
				got <- ErrNone
				return
			}
		}
	}()
	return got, sync.OnceFunc(func() { _ = w.Close() })
}
