package deed

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"rayos/internal/trash"
	"rayos/rayapps/browser/folder"
)

// Back takes back what was done, the last first: what was moved goes where it
// was, what was made goes to the trash. What was deleted stays so. It returns
// how many parts could not be taken back, and why.
func (d *Done) Back(bin *trash.Bin) (failures []error) {
	for i := len(d.Steps) - 1; i >= 0; i-- {
		s := d.Steps[i]
		var err error
		switch {
		case d.Kind == Trash:
			err = bin.Restore(s.Item)
		case d.Kind == Restore, s.From == "":
			_, err = bin.Put(s.To, time.Now())
		default:
			err = moveBack(s)
		}
		if err != nil && len(failures) < MaxFailures {
			failures = append(failures, err)
		}
	}
	return failures
}

func moveBack(s Step) error {
	if err := unix.Renameat2(unix.AT_FDCWD, s.To, unix.AT_FDCWD, s.From, unix.RENAME_NOREPLACE); err != nil {
		return &fs.PathError{Op: "move back", Path: s.From, Err: err}
	}
	return nil
}

// Undoable reports whether there is something to take back.
func (d *Done) Undoable() bool { return d.Kind != Delete && len(d.Steps) > 0 }

// Rename gives something another name in its folder; one that is taken is
// fs.ErrExist.
func Rename(path, name string) (Done, error) {
	if folder.Check(name) != folder.NameFine {
		return Done{}, fmt.Errorf("%q is no name for a file", name)
	}
	to := filepath.Join(filepath.Dir(path), name)
	if to == path {
		return Done{Kind: Move}, nil
	}
	if err := unix.Renameat2(unix.AT_FDCWD, path, unix.AT_FDCWD, to, unix.RENAME_NOREPLACE); err != nil {
		return Done{}, &fs.PathError{Op: "rename", Path: path, Err: err}
	}
	return Done{Kind: Move, Steps: []Step{{From: path, To: to}}}, nil
}

// NewFolder makes a folder of a name that is free, the given one or a number
// behind it.
func NewFolder(dir, name string) (path string, done Done, err error) {
	if folder.Check(name) != folder.NameFine {
		return "", Done{}, fmt.Errorf("%q is no name for a folder", name)
	}
	for n := 1; n < maxNumbers; n++ {
		try := name
		if n > 1 {
			try = folder.Numbered(name, n)
		}
		path = filepath.Join(dir, try)
		if err = os.Mkdir(path, 0o777); err == nil {
			return path, Done{Kind: Copy, Steps: []Step{{To: path}}}, nil
		}
		if !errors.Is(err, fs.ErrExist) {
			break
		}
	}
	return "", Done{}, err
}
