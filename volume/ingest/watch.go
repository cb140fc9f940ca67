package ingest

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// How long changes are gathered: an editor's save is several of them.
const (
	quiet = 300 * time.Millisecond // without another change
	most  = 5 * time.Second        // in all, however restless the folders are
)

const (
	watched  = unix.IN_CLOSE_WRITE | unix.IN_CREATE | unix.IN_DELETE | unix.IN_MOVED_FROM | unix.IN_MOVED_TO | unix.IN_DELETE_SELF
	watching = watched | unix.IN_ONLYDIR | unix.IN_DONT_FOLLOW | unix.IN_EXCL_UNLINK
	// maxChanged is how many files are named one by one.
	maxChanged = 10_000
)

// Changes are what Wait has gathered.
type Changes struct {
	Paths []string // of files, sorted; some may be gone again
	// All says that Paths isn't all: folders went, or too much happened. Run again.
	All bool
}

// Watcher follows an Ingester's roots. It is for one goroutine.
type Watcher struct {
	in   *Ingester
	file *os.File
	fd   int
	dirs map[int32]string
	buf  [16 << 10]byte
}

// Watch begins to follow the roots' folders: changes from now on are given by
// Wait. Close it.
func (in *Ingester) Watch() (*Watcher, error) {
	fd, err := unix.InotifyInit1(unix.IN_CLOEXEC | unix.IN_NONBLOCK)
	if err != nil {
		return nil, fmt.Errorf("watch folders: %w", err)
	}
	w := &Watcher{in: in, file: os.NewFile(uintptr(fd), "inotify"), fd: fd, dirs: make(map[int32]string)}
	for _, root := range in.Roots {
		root, err := filepath.Abs(root)
		if err == nil {
			err = w.add(root, nil)
		}
		if err != nil {
			return nil, errors.Join(fmt.Errorf("watch folders: %w", err), w.file.Close())
		}
	}
	return w, nil
}

// Close ends the watch.
func (w *Watcher) Close() error { return w.file.Close() }

// add watches a folder and those below it. Files found are given to found: of
// a folder that has just come, they may have been there before the watch.
func (w *Watcher) add(dir string, found func(path string)) error {
	return filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // gone, or not ours to read: Run counts it
		}
		if path != dir && w.in.excluded(d.Name()) {
			if d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if !d.IsDir() {
			if found != nil {
				found(path)
			}
			return nil
		}
		wd, err := unix.InotifyAddWatch(w.fd, path, watching)
		switch {
		case errors.Is(err, unix.ENOSPC):
			return fmt.Errorf("%s: the kernel follows no more folders: raise fs.inotify.max_user_watches, or name fewer", path)
		case errors.Is(err, unix.ENOENT), errors.Is(err, unix.EACCES), errors.Is(err, unix.ENOTDIR):
			return fs.SkipDir
		case err != nil:
			return fmt.Errorf("%s: %w", path, err)
		}
		w.dirs[int32(wd)] = path
		return nil
	})
}

// Wait gives changes once there are some and it is quiet, or the context's
// error.
func (w *Watcher) Wait(ctx context.Context) (Changes, error) {
	if err := w.file.SetReadDeadline(time.Time{}); err != nil {
		return Changes{}, fmt.Errorf("watch folders: %w", err)
	}
	stop := context.AfterFunc(ctx, func() { _ = w.file.SetReadDeadline(time.Unix(1, 0)) })
	defer stop()
	changed := make(map[string]bool)
	all := false
	var end time.Time
	for {
		n, err := w.file.Read(w.buf[:])
		if ctx.Err() != nil {
			return Changes{}, ctx.Err()
		}
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return gathered(changed, all), nil
		}
		if err != nil {
			return Changes{}, fmt.Errorf("watch folders: %w", err)
		}
		for _, e := range events(w.buf[:n]) {
			more, err := w.take(e, changed)
			if err != nil {
				return Changes{}, fmt.Errorf("watch folders: %w", err)
			}
			all = all || more || len(changed) > maxChanged
		}
		if len(changed) == 0 && !all {
			continue // nothing that matters: no reason to end
		}
		now := time.Now()
		if end.IsZero() {
			end = now.Add(most)
		}
		next := now.Add(quiet)
		if next.After(end) {
			next = end
		}
		if err := w.file.SetReadDeadline(next); err != nil {
			return Changes{}, fmt.Errorf("watch folders: %w", err)
		}
		if ctx.Err() != nil { // its deadline was just overwritten
			return Changes{}, ctx.Err()
		}
	}
}

func gathered(changed map[string]bool, all bool) Changes {
	c := Changes{All: all}
	if len(changed) > maxChanged {
		return c
	}
	for path := range changed {
		c.Paths = append(c.Paths, path)
	}
	slices.Sort(c.Paths)
	return c
}

// take notes what an event changes, and reports whether all has to be read.
func (w *Watcher) take(e event, changed map[string]bool) (all bool, err error) {
	if e.mask&unix.IN_Q_OVERFLOW != 0 {
		for _, root := range w.in.Roots {
			if root, err = filepath.Abs(root); err == nil {
				err = w.add(root, nil) // folders may have come unseen
			}
			if err != nil {
				return true, err
			}
		}
		return true, nil
	}
	dir, ok := w.dirs[e.wd]
	if e.mask&unix.IN_IGNORED != 0 {
		delete(w.dirs, e.wd)
		return false, nil
	}
	if !ok || e.name == "" || w.in.excluded(e.name) {
		return ok && e.mask&unix.IN_DELETE_SELF != 0, nil
	}
	path := filepath.Join(dir, e.name)
	switch {
	case e.mask&unix.IN_ISDIR == 0:
		if e.mask&unix.IN_CREATE == 0 || isLinked(path) { // what was created is reported again when it was written
			changed[path] = true
		}
	case e.mask&(unix.IN_CREATE|unix.IN_MOVED_TO) != 0:
		return false, w.add(path, func(file string) { changed[file] = true })
	default: // a folder went, and its files with it
		w.forget(path)
		return true, nil
	}
	return false, nil
}

// isLinked reports whether a new name is one more of a file that is there: it
// won't be written.
func isLinked(path string) bool {
	var st unix.Stat_t
	return unix.Lstat(path, &st) == nil && st.Mode&unix.S_IFMT == unix.S_IFREG && st.Nlink > 1
}

// forget ends the watches in a folder that was moved away: their names are
// wrong now. That the kernel has ended some itself is no matter.
func (w *Watcher) forget(dir string) {
	for wd, path := range w.dirs {
		if path == dir || strings.HasPrefix(path, dir+string(filepath.Separator)) {
			_, _ = unix.InotifyRmWatch(w.fd, uint32(wd))
			delete(w.dirs, wd)
		}
	}
}

type event struct {
	wd   int32
	mask uint32
	name string
}

// events takes apart what inotify wrote (inotify(7)).
func events(b []byte) []event {
	var all []event
	for len(b) >= unix.SizeofInotifyEvent {
		n := int(binary.NativeEndian.Uint32(b[12:]))
		rest := b[unix.SizeofInotifyEvent:]
		if n < 0 || n > len(rest) {
			break
		}
		name, _, _ := strings.Cut(string(rest[:n]), "\x00")
		all = append(all, event{int32(binary.NativeEndian.Uint32(b)), binary.NativeEndian.Uint32(b[4:]), name})
		b = rest[n:]
	}
	return all
}
