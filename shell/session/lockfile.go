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

// newLockFile makes that of a session; nil without a directory.
func newLockFile(dir, socket string) (*lockFile, error) {
	if dir == "" {
		return nil, nil
	}
	path := filepath.Join(dir, "rayos-"+socket+".locked")
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

// staleLocks removes the files of sessions that are gone and reports whether
// there were any.
func staleLocks(dir string) (was bool, err error) {
	if dir == "" {
		return false, nil
	}
	names, err := filepath.Glob(filepath.Join(dir, lockPattern))
	if err != nil {
		return false, err
	}
	for _, name := range names {
		stale, e := takeStale(name)
		was, err = was || stale, errors.Join(err, e)
	}
	return was, err
}

func takeStale(name string) (stale bool, err error) {
	f, err := os.OpenFile(name, os.O_RDWR|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer f.Close()
	err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return false, nil // of a session that runs
	}
	if err != nil {
		return false, err
	}
	return true, os.Remove(name)
}
