package sound

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"

	"golang.org/x/sys/unix"
)

// Await tells when there is a socket at a path: at once, or when the folders on
// the way to it and the socket itself have been made. The folder above those two
// has to be there. Stop ends the wait; then, and when nobody can tell, what comes
// is an error.
func Await(path string) (there <-chan error, stop func()) {
	got := make(chan error, 1)
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		got <- fmt.Errorf("wait for %s: %w", path, err)
		return got, func() {}
	}
	f := os.NewFile(uintptr(fd), "inotify") // read in the runtime's poller, so Close ends it
	go func() {
		got <- await(f, path)
		_ = f.Close() // it is read no more
	}()
	return got, sync.OnceFunc(func() { _ = f.Close() })
}

func await(f *os.File, path string) error {
	raw, err := f.SyscallConn()
	if err != nil {
		return fmt.Errorf("wait for %s: %w", path, err)
	}
	watch := func(dir string) (err error) {
		closed := raw.Control(func(fd uintptr) {
			_, err = unix.InotifyAddWatch(int(fd), dir, unix.IN_CREATE|unix.IN_MOVED_TO|unix.IN_ONLYDIR)
		})
		if closed != nil {
			return ErrNone // stopped
		}
		return err
	}
	dir := filepath.Dir(path)
	var buf [4096]byte
	for {
		// Watched before it is looked at, so that nothing comes in between. A
		// folder that isn't there yet is seen to come in the one above.
		err := watch(dir)
		if errors.Is(err, os.ErrNotExist) {
			if err = watch(filepath.Dir(dir)); err == nil {
				if _, lost := os.Stat(dir); lost == nil {
					continue
				}
			}
		} else if err == nil {
			if st, err := os.Stat(path); err == nil && st.Mode().Type() == os.ModeSocket {
				return nil
			}
		}
		if err != nil {
			return fmt.Errorf("wait for %s: %w", path, err)
		}
		if _, err := f.Read(buf[:]); err != nil {
			return ErrNone // stopped
		}
	}
}
