package images

import (
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// trashed is a file in the trash, and where it was.
type trashed struct {
	path, file, info string
}

// errTrash says that there is no trash for a file.
var errTrash = errors.New("its disk has no trash")

// trash moves a file to the trash (freedesktop.org Trash specification 1.0): that
// of the person, or that of the file's own disk.
func trash(path string, getenv func(string) string, now time.Time) (trashed, error) {
	data := getenv("XDG_DATA_HOME")
	if !filepath.IsAbs(data) {
		data = filepath.Join(getenv("HOME"), ".local", "share")
	}
	t, err := throw(filepath.Join(data, "Trash"), path, path, now)
	if !errors.Is(err, unix.EXDEV) {
		return t, err
	}
	top, err := mount(filepath.Dir(path))
	if err != nil {
		return trashed{}, err
	}
	inside, err := filepath.Rel(top, path)
	if err != nil {
		return trashed{}, err
	}
	dir := filepath.Join(top, fmt.Sprintf(".Trash-%d", os.Getuid()))
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return trashed{}, errTrash
	}
	// It may not be somebody's link to elsewhere.
	st, err := os.Lstat(dir)
	if err != nil {
		return trashed{}, err
	}
	if u, ok := st.Sys().(*syscall.Stat_t); !st.IsDir() || !ok || int(u.Uid) != os.Getuid() {
		return trashed{}, errTrash
	}
	return throw(dir, path, inside, now)
}

// throw moves a file into a trash. Origin is what its note says of where it was.
func throw(dir, path, origin string, now time.Time) (t trashed, err error) {
	for _, sub := range [...]string{"files", "info"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o700); err != nil {
			return t, err
		}
	}
	note := fmt.Sprintf("[Trash Info]\nPath=%s\nDeletionDate=%s\n", (&url.URL{Path: origin}).EscapedPath(), now.Format("2006-01-02T15:04:05"))
	base := filepath.Base(path)
	ext := filepath.Ext(base)
	for n := 1; n < 10_000; n++ {
		name := base
		if n > 1 {
			name = fmt.Sprintf("%s.%d%s", strings.TrimSuffix(base, ext), n, ext)
		}
		t = trashed{path, filepath.Join(dir, "files", name), filepath.Join(dir, "info", name+".trashinfo")}
		// Who makes the note has the name.
		f, err := os.OpenFile(t.info, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return t, err
		}
		_, err = f.WriteString(note)
		if err = errors.Join(err, f.Close()); err == nil {
			err = unix.Renameat2(unix.AT_FDCWD, path, unix.AT_FDCWD, t.file, unix.RENAME_NOREPLACE)
		}
		if err == nil {
			return t, nil
		}
		if err = errors.Join(err, os.Remove(t.info)); !errors.Is(err, unix.EEXIST) {
			return t, err
		}
	}
	return t, errTrash
}

// back moves the file to where it was, unless there is another one.
func (t trashed) back() error {
	if err := unix.Renameat2(unix.AT_FDCWD, t.file, unix.AT_FDCWD, t.path, unix.RENAME_NOREPLACE); err != nil {
		return &fs.PathError{Op: "restore", Path: t.path, Err: err}
	}
	return os.Remove(t.info)
}

// mount returns the folder that a folder's disk is mounted at.
func mount(dir string) (string, error) {
	device := func(path string) (uint64, error) {
		var st unix.Stat_t
		err := unix.Lstat(path, &st)
		return st.Dev, err
	}
	here, err := device(dir)
	if err != nil {
		return "", err
	}
	for dir != "/" {
		above := filepath.Dir(dir)
		d, err := device(above)
		if err != nil {
			return "", err
		}
		if d != here {
			break
		}
		dir = above
	}
	return dir, nil
}
