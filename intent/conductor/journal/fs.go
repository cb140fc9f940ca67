package journal

import (
	"io"
	"os"
	"path/filepath"

	"rayos/internal/atomicfile"
)

// FS is the folder that a journal is in. Tests put one in between that fails,
// or ends the process, at a step of their choice.
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
func (d Dir) Sync() error { return atomicfile.SyncDir(string(d)) }
