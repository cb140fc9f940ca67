package image

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"
)

// CopyDisk gives a machine a disk of its own, a copy of an image with room up
// to size; what isn't used of it takes none. A disk that is there already is
// the person's and stays as it is. The copy shares its blocks with the image
// where the file system can.
func CopyDisk(to, from string, size int64) error {
	if err := copyDisk(to, from, size); err != nil {
		return fmt.Errorf("copy disk: %w", err)
	}
	return nil
}

func copyDisk(to, from string, size int64) error {
	if _, err := os.Lstat(to); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	defer src.Close()
	if err := os.MkdirAll(filepath.Dir(to), 0o700); err != nil {
		return err
	}
	dst, err := os.CreateTemp(filepath.Dir(to), ".copying-")
	if err != nil {
		return err
	}
	defer os.Remove(dst.Name())
	err = unix.IoctlFileClone(int(dst.Fd()), int(src.Fd()))
	if err != nil { // this file system can't, or not between these two
		err = copySparse(dst, src)
	}
	if st, serr := dst.Stat(); err == nil && serr == nil && st.Size() < size {
		err = dst.Truncate(size)
	}
	if err := errors.Join(err, dst.Sync(), dst.Close()); err != nil {
		return err
	}
	// Unlike a rename, a link never takes the place of a file.
	if err := os.Link(dst.Name(), to); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	return nil
}

// copySparse copies what isn't a hole.
func copySparse(dst, src *os.File) error {
	st, err := src.Stat()
	if err != nil {
		return err
	}
	if err := dst.Truncate(st.Size()); err != nil {
		return err
	}
	for at := int64(0); at < st.Size(); {
		begin, err := src.Seek(at, unix.SEEK_DATA)
		if errors.Is(err, unix.ENXIO) {
			return nil // nothing but a hole is left
		}
		if err != nil {
			return err
		}
		end, err := src.Seek(begin, unix.SEEK_HOLE)
		if err != nil {
			return err
		}
		if _, err := io.Copy(io.NewOffsetWriter(dst, begin), io.NewSectionReader(src, begin, end-begin)); err != nil {
			return err
		}
		at = end
	}
	return nil
}
