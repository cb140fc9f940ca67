package atomicfile

import (
	"errors"
	"io"
	"os"
	"path/filepath"
)

// FS is a folder whose files are written with care. Tests put one in between
// that fails, ends the process, or forgets what wasn't synced, at a step of
// their choice (package crash).
type FS interface {
	// Open opens a file for reading and writing, and makes it with mode 0600 if
	// flag has os.O_CREATE.
	Open(name string, flag int) (Handle, error)
	Rename(from, to string) error
	Remove(name string) error
	// Sync puts the folder's names on disk.
	Sync() error
}

// Handle is an open file.
type Handle interface {
	io.ReadWriteCloser
	io.Seeker
	Truncate(size int64) error
	Sync() error
}

// Dir is a folder of the system's.
type Dir string

// Open implements FS.
func (d Dir) Open(name string, flag int) (Handle, error) {
	return os.OpenFile(filepath.Join(string(d), name), flag|os.O_RDWR, 0o600)
}

// Rename implements FS.
func (d Dir) Rename(from, to string) error {
	return os.Rename(filepath.Join(string(d), from), filepath.Join(string(d), to))
}

// Remove implements FS.
func (d Dir) Remove(name string) error { return os.Remove(filepath.Join(string(d), name)) }

// Sync implements FS.
func (d Dir) Sync() error { return SyncDir(string(d)) }

// Replace makes what fill writes the file of that name, on disk when it
// returns, and returns it open behind its end. It writes name + ".new" first,
// which has one writer at a time.
//
// With a Handle of nil the old file is there as it was. With a Handle and an
// error the new one has the name, but after a crash of the machine it may be the
// old one's again.
func Replace(fs FS, name string, fill func(w io.Writer) error) (Handle, error) {
	fresh := name + ".new"
	h, err := fs.Open(fresh, os.O_CREATE|os.O_TRUNC)
	if err != nil {
		return nil, err
	}
	if err = fill(h); err == nil {
		err = h.Sync()
	}
	if err == nil {
		err = fs.Rename(fresh, name)
	}
	if err != nil {
		return nil, errors.Join(err, h.Close(), fs.Remove(fresh))
	}
	return h, fs.Sync()
}
