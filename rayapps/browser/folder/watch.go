package folder

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

// Watch calls changed, on a goroutine of its own, when something in a folder
// has changed, until it is closed. Many changes may be told as one.
type Watch struct{ f *os.File }

// NewWatch begins to watch (inotify(7)).
func NewWatch(dir string, changed func()) (*Watch, error) {
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		return nil, fmt.Errorf("watch: %w", err)
	}
	w := &Watch{os.NewFile(uintptr(fd), "inotify")}
	const what = unix.IN_CREATE | unix.IN_DELETE | unix.IN_MOVED_FROM | unix.IN_MOVED_TO | unix.IN_CLOSE_WRITE | unix.IN_ATTRIB |
		unix.IN_DELETE_SELF | unix.IN_MOVE_SELF | unix.IN_ONLYDIR
	if _, err := unix.InotifyAddWatch(fd, dir, what); err != nil {
		return nil, errors.Join(&os.PathError{Op: "watch", Path: dir, Err: err}, w.f.Close())
	}
	go func() {
		var buf [16 << 10]byte
		for {
			if n, err := w.f.Read(buf[:]); err != nil || n == 0 {
				return // it was closed
			}
			changed()
		}
	}()
	return w, nil
}

// Close ends it.
func (w *Watch) Close() error { return w.f.Close() }
