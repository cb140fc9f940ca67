package deed

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"rayos/rayapps/browser/folder"
)

var (
	errChanged = errors.New("it has become something else meanwhile")
	errSpecial = errors.New("is no file and no folder, and isn't copied")
	errDeep    = errors.New("folders lie too deep in each other")
)

// maxDepth bounds how deep folders are followed.
const maxDepth = 256

// enter opens a folder that was looked at, and nothing that has come in its
// place since.
func enter(root *os.Root, name string, st fs.FileInfo) (*os.Root, error) {
	sub, err := root.OpenRoot(name)
	if err != nil {
		return nil, err
	}
	is, err := sub.Stat(".")
	if err == nil && !os.SameFile(is, st) {
		err = &fs.PathError{Op: "enter", Path: name, Err: errChanged}
	}
	if err != nil {
		return nil, errors.Join(err, sub.Close())
	}
	return sub, nil
}

// list returns names in a folder, up to so many.
func list(root *os.Root, most int) ([]string, error) {
	f, err := root.Open(".")
	if err != nil {
		return nil, err
	}
	defer f.Close()
	names, err := f.Readdirnames(most)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return names, err
}

// copy copies a name from one folder to another and returns the name it has
// there, "" if it was skipped.
func (r *run) copy(from, into *os.Root, name, path, dir string, own bool) (string, error) {
	return r.copyAt(from, into, name, path, dir, own, 0)
}

func (r *run) copyAt(from, into *os.Root, name, path, dir string, own bool, depth int) (string, error) {
	if err := r.ctx.Err(); err != nil {
		return "", err
	}
	st, err := from.Lstat(name)
	if err != nil {
		return "", err
	}
	to, skip, err := r.settle(into, name, path, dir, st.IsDir(), own)
	if err != nil || skip {
		return "", err
	}
	r.say(name)
	switch {
	case st.IsDir():
		err = r.copyDir(from, into, name, to, st, path, dir, depth)
	case st.Mode()&fs.ModeSymlink != 0:
		err = copyLink(from, into, name, to)
	case st.Mode().IsRegular():
		err = r.copyFile(from, into, name, to, st)
	default:
		err = fmt.Errorf("%s %w", folder.Shown(name), errSpecial)
	}
	if err != nil {
		return "", err
	}
	r.at.Files++
	return to, nil
}

func (r *run) copyDir(from, into *os.Root, name, to string, st fs.FileInfo, path, dir string, depth int) error {
	if depth == maxDepth {
		return fmt.Errorf("%s: %w", folder.Shown(name), errDeep)
	}
	src, err := enter(from, name, st)
	if err != nil {
		return err
	}
	defer src.Close()
	// Others may enter it when it is whole.
	if err := into.Mkdir(to, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	is, err := into.Lstat(to)
	if err != nil {
		return err
	}
	dst, err := enter(into, to, is)
	if err != nil {
		return err
	}
	defer dst.Close()
	names, err := list(src, folder.MaxEntries)
	if err != nil {
		return err
	}
	for _, n := range names {
		if _, err := r.copyAt(src, dst, n, filepath.Join(path, n), filepath.Join(dir, to), false, depth+1); err != nil {
			if r.ctx.Err() != nil || errors.Is(err, errGivenUp) {
				return err
			}
			r.fail(fmt.Errorf("%s: %w", folder.Shown(n), err))
		}
	}
	return errors.Join(dst.Chmod(".", st.Mode().Perm()), dst.Chtimes(".", st.ModTime(), st.ModTime()))
}

func copyLink(from, into *os.Root, name, to string) error {
	target, err := from.Readlink(name)
	if err != nil {
		return err
	}
	if err := into.Remove(to); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return into.Symlink(target, to)
}

// chunk is how much is copied between two looks at whether to go on, in bytes.
const chunk = 4 << 20

// copyFile writes a file under a name of its own, and gives it the wanted one
// when it is whole.
func (r *run) copyFile(from, into *os.Root, name, to string, st fs.FileInfo) (err error) {
	in, err := from.OpenFile(name, os.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0)
	if err != nil {
		return err
	}
	defer in.Close()
	if is, err := in.Stat(); err != nil || !os.SameFile(is, st) {
		return errors.Join(&fs.PathError{Op: "copy", Path: name, Err: errChanged}, err)
	}
	part := ".part-" + rand.Text()
	out, err := into.OpenFile(part, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, into.Remove(part))
		}
	}()
	for err == nil {
		var n int64
		n, err = io.CopyN(out, in, chunk)
		r.at.Bytes += n
		r.say(name)
		if r.ctx.Err() != nil {
			err = r.ctx.Err()
		}
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	if err == nil {
		err = out.Chmod(st.Mode().Perm())
	}
	if err = errors.Join(err, out.Close()); err != nil {
		return err
	}
	if err = into.Chtimes(part, st.ModTime(), st.ModTime()); err != nil {
		return err
	}
	return into.Rename(part, to)
}
