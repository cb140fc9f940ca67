package session

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// lockFile says that a session is locked. The kernel's lock on it ends with the
// process, so that a file without one is that of a session which crashed.
type lockFile struct{ f *os.File }

// lockPattern is what such files are called.
const lockPattern = "rayos-*.locked"

// lockPath is the file of a session.
func lockPath(dir, socket string) string { return filepath.Join(dir, "rayos-"+socket+".locked") }

// newLockFile makes that of a session; nil without a directory.
func newLockFile(dir, socket string) (*lockFile, error) {
	if dir == "" {
		return nil, nil
	}
	path := lockPath(dir, socket)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|unix.O_NOFOLLOW, 0o600)
	if err != nil {
		return nil, fmt.Errorf("note that the session is locked: %w", err)
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		return nil, errors.Join(fmt.Errorf("note that the session is locked: %s: %w", path, err), f.Close())
	}
	return &lockFile{f}, nil
}

// remove is for a session that isn't locked any more.
func (l *lockFile) remove(log *slog.Logger) {
	if l == nil {
		return
	}
	if err := errors.Join(os.Remove(l.f.Name()), l.f.Close()); err != nil {
		log.Error("the next session will be locked", "err", err)
	}
}

// staleLocks returns the files of sessions that are gone, and holds them. The
// caller removes them, or makes one its own.
func staleLocks(dir string) (list []*lockFile, err error) {
	if dir == "" {
		return nil, nil
	}
	names, err := filepath.Glob(filepath.Join(dir, lockPattern))
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		f, e := takeStale(name)
		err = errors.Join(err, e)
		if f != nil {
			list = append(list, f)
		}
	}
	return list, err
}

// takeStale holds a file of a session that is gone; nil if that runs.
func takeStale(name string) (*lockFile, error) {
	f, err := os.OpenFile(name, os.O_RDWR|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if err == nil {
		return &lockFile{f}, nil
	}
	if errors.Is(err, unix.EWOULDBLOCK) {
		err = nil // of a session that runs
	}
	return nil, errors.Join(err, f.Close())
}
