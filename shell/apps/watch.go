package apps

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// How long changes are gathered: installing a package is many of them.
const (
	quiet = 100 * time.Millisecond // without another change
	most  = 2 * time.Second        // in all, however restless the folders are
)

// Watch scans, and scans again when something has changed in the folders or a
// folder has come, until ctx ends: the error is then nil. Each index is given to
// post, on the goroutine of Watch; post must not block, as one that posts to a
// loop doesn't. Between changes it costs nothing.
//
// A program without a .desktop file of its own that comes or goes is not noticed,
// even if some TryExec names it, until the next change.
func Watch(ctx context.Context, c Config, post func(*Index)) error {
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		return fmt.Errorf("watching applications: %w", err)
	}
	w := watcher{file: os.NewFile(uintptr(fd), "inotify"), fd: fd}
	defer w.file.Close()
	// A deadline in the past wakes the read. Should wait set another one just
	// then, it wakes at that, and the scan that follows sees that ctx has ended.
	stop := context.AfterFunc(ctx, func() { _ = w.file.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()
	for {
		before := w.watched
		w.watched = map[int32]map[string]bool{}
		x, err := scan(ctx, c, w.add)
		if err != nil {
			return nil // ctx has ended
		}
		if err := w.drop(before); err != nil {
			return err
		}
		post(x)
		if err := w.wait(); err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return fmt.Errorf("watching applications: %w", err)
		}
	}
}

// watcher is an inotify instance.
type watcher struct {
	file *os.File
	fd   int
	// watched has the names that matter by watch descriptor; nil is a folder of
	// applications, where all of them may.
	watched map[int32]map[string]bool
	buf     [16 << 10]byte
}

const changes = unix.IN_CLOSE_WRITE | unix.IN_CREATE | unix.IN_DELETE | unix.IN_MOVED_FROM | unix.IN_MOVED_TO |
	unix.IN_ATTRIB | unix.IN_DELETE_SELF | unix.IN_MOVE_SELF | unix.IN_ONLYDIR

// add watches a folder, or the nearest one above it that is there for it to
// come.
func (w *watcher) add(dir string) {
	name := ""
	for {
		wd, err := unix.InotifyAddWatch(w.fd, dir, changes)
		if err == nil {
			w.note(int32(wd), name)
			return
		}
		if dir == filepath.Dir(dir) {
			return
		}
		dir, name = filepath.Dir(dir), filepath.Base(dir)
	}
}

// note says that a name in a watched folder matters, "" for all of them.
func (w *watcher) note(wd int32, name string) {
	names, there := w.watched[wd]
	switch {
	case name == "":
		w.watched[wd] = nil
	case !there:
		w.watched[wd] = map[string]bool{name: true}
	case names != nil:
		names[name] = true
	}
}

// drop ends the watches that the last scan no longer needs.
func (w *watcher) drop(before map[int32]map[string]bool) error {
	for wd := range before {
		if _, ok := w.watched[wd]; ok {
			continue
		}
		// The kernel has dropped it already if the folder is gone.
		if _, err := unix.InotifyRmWatch(w.fd, uint32(wd)); err != nil && !errors.Is(err, unix.EINVAL) {
			return fmt.Errorf("watching applications: %w", err)
		}
	}
	return nil
}

// wait returns when something has changed and no more does.
func (w *watcher) wait() error {
	var end time.Time // of gathering; zero before the first change
	for {
		n, err := w.file.Read(w.buf[:])
		if errors.Is(err, os.ErrDeadlineExceeded) && !end.IsZero() {
			return w.file.SetReadDeadline(time.Time{})
		}
		if err != nil {
			return err
		}
		if !w.matters(w.buf[:n]) {
			continue
		}
		now := time.Now()
		if end.IsZero() {
			end = now.Add(most)
		}
		until := now.Add(quiet)
		if until.After(end) {
			until = end
		}
		if err := w.file.SetReadDeadline(until); err != nil {
			return err
		}
	}
}

// matters reports whether one of the events (inotify(7)) is about applications.
func (w *watcher) matters(events []byte) bool {
	for len(events) >= unix.SizeofInotifyEvent {
		wd := int32(binary.NativeEndian.Uint32(events))
		mask := binary.NativeEndian.Uint32(events[4:])
		size := binary.NativeEndian.Uint32(events[12:])
		events = events[unix.SizeofInotifyEvent:]
		if int(size) > len(events) {
			return true
		}
		name := strings.TrimRight(string(events[:size]), "\x00")
		events = events[size:]
		if mask&unix.IN_Q_OVERFLOW != 0 {
			return true
		}
		names, ok := w.watched[wd]
		switch {
		case !ok || mask&unix.IN_IGNORED != 0:
		case name == "": // the folder itself
			return true
		case names != nil && names[name], names == nil && (mask&unix.IN_ISDIR != 0 || strings.HasSuffix(name, ".desktop")):
			return true
		}
	}
	return false
}
