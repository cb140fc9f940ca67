// Package trash is where files lie between being unwanted and being gone
// (FreeDesktop.org Trash specification 1.0): the trash of the person's home, and
// one on each other file system, so that nothing has to be copied.
//
//	b := trash.Home(os.Getenv)
//	item, err := b.Put("/home/ada/old.txt", time.Now())
//	err = b.Restore(item)
//	list, err := b.List()
//
// What lies in a trash may have been put there by others: its records are parsed
// within limits, and a path in one is never followed further than to a parent
// folder.
package trash

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Bin is the person's trash.
type Bin struct {
	dir string // of the home; "" for none
	uid int
}

// Item is something in a trash.
type Item struct {
	Dir  string // the trash, which has the folders files and info
	Name string // in it
	Path string // where it was
	When time.Time
}

// File is where it lies now.
func (i *Item) File() string { return filepath.Join(i.Dir, "files", i.Name) }

func (i *Item) info() string { return filepath.Join(i.Dir, "info", i.Name+".trashinfo") }

// Home returns the trash of the environment's person.
func Home(getenv func(string) string) *Bin {
	data := getenv("XDG_DATA_HOME")
	if !filepath.IsAbs(data) {
		data = ""
		if home := getenv("HOME"); filepath.IsAbs(home) {
			data = filepath.Join(home, ".local", "share")
		}
	}
	b := &Bin{uid: os.Getuid()}
	if data != "" {
		b.dir = filepath.Join(data, "Trash")
	}
	return b
}

// Dir is the folder with what the home's trash has in it.
func (b *Bin) Dir() string {
	if b.dir == "" {
		return ""
	}
	return filepath.Join(b.dir, "files")
}

// ErrNone says that there is no place for a trash: what is to go there can only
// be deleted.
var ErrNone = errors.New("there is no trash on this file system")

// maxTries bounds the names that are tried for one file.
const maxTries = 1000

// Put moves a file, or a folder with all that is in it, to the trash of its file
// system.
func (b *Bin) Put(path string, now time.Time) (Item, error) {
	path = filepath.Clean(path)
	var st unix.Stat_t
	if err := unix.Lstat(path, &st); err != nil {
		return Item{}, &fs.PathError{Op: "trash", Path: path, Err: err}
	}
	dir, top, err := b.place(path, st.Dev)
	if err != nil {
		return Item{}, fmt.Errorf("trash %s: %w", path, err)
	}
	if path == dir || strings.HasPrefix(dir, path+"/") {
		return Item{}, fmt.Errorf("trash %s: the trash lies in it", path)
	}
	written := path
	if top != "" {
		if written, err = filepath.Rel(top, path); err != nil {
			return Item{}, err
		}
	}
	record := fmt.Sprintf("[Trash Info]\nPath=%s\nDeletionDate=%s\n", escape(written), now.Local().Format(timeForm))
	for n := range maxTries {
		i := Item{Dir: dir, Name: filepath.Base(path), Path: path, When: now}
		if n > 0 {
			i.Name = cut(i.Name, 230) + "." + strconv.Itoa(n+1)
		} else {
			i.Name = cut(i.Name, 240) // room for the ending of its record
		}
		f, err := os.OpenFile(i.info(), os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return Item{}, err
		}
		_, err = f.WriteString(record)
		if err = errors.Join(err, f.Close()); err == nil {
			err = unix.Renameat2(unix.AT_FDCWD, path, unix.AT_FDCWD, i.File(), unix.RENAME_NOREPLACE)
		}
		if err == nil {
			return i, nil
		}
		err = errors.Join(err, os.Remove(i.info()))
		if !errors.Is(err, fs.ErrExist) {
			return Item{}, fmt.Errorf("trash %s: %w", path, err)
		}
	}
	return Item{}, fmt.Errorf("trash %s: %w", path, fs.ErrExist)
}

func cut(s string, n int) string {
	if len(s) > n {
		return s[:n]
	}
	return s
}

// place finds the trash for a file on a device, and makes it; top is the folder
// that paths in it begin at, "" for absolute ones.
func (b *Bin) place(path string, dev uint64) (dir, top string, err error) {
	if b.dir != "" {
		if err := prepare(b.dir); err != nil {
			return "", "", err
		}
		var st unix.Stat_t
		if err := unix.Stat(b.dir, &st); err != nil {
			return "", "", err
		}
		if st.Dev == dev {
			return b.dir, "", nil
		}
	}
	for top = filepath.Dir(path); top != "/"; top = filepath.Dir(top) {
		var st unix.Stat_t
		if err := unix.Stat(filepath.Dir(top), &st); err != nil || st.Dev != dev {
			break
		}
	}
	uid := strconv.Itoa(b.uid)
	// One that the administrator has made for all: no link, and sticky.
	shared := filepath.Join(top, ".Trash")
	if st, err := os.Lstat(shared); err == nil && st.IsDir() && st.Mode()&fs.ModeSticky != 0 {
		if err := prepare(filepath.Join(shared, uid)); err == nil {
			return filepath.Join(shared, uid), top, nil
		}
	}
	dir = filepath.Join(top, ".Trash-"+uid)
	if err := prepare(dir); err != nil {
		return "", "", fmt.Errorf("%w: %w", ErrNone, err)
	}
	return dir, top, nil
}

// prepare makes the folders of a trash, the person's own and no links.
func prepare(dir string) error {
	for _, d := range []string{dir, filepath.Join(dir, "files"), filepath.Join(dir, "info")} {
		if err := os.MkdirAll(d, 0o700); err != nil {
			return err
		}
		var st unix.Stat_t
		if err := unix.Lstat(d, &st); err != nil {
			return err
		}
		if st.Mode&unix.S_IFMT != unix.S_IFDIR || int(st.Uid) != os.Getuid() {
			return fmt.Errorf("%s isn't a folder of yours", d)
		}
	}
	return nil
}

// Restore moves an item back to where it was; something that is there now stays,
// and the error is fs.ErrExist.
func (b *Bin) Restore(i Item) error {
	if err := os.MkdirAll(filepath.Dir(i.Path), 0o755); err != nil {
		return err
	}
	if err := unix.Renameat2(unix.AT_FDCWD, i.File(), unix.AT_FDCWD, i.Path, unix.RENAME_NOREPLACE); err != nil {
		return &fs.PathError{Op: "restore", Path: i.Path, Err: err}
	}
	return os.Remove(i.info())
}

// Delete takes an item away for good. Nothing but what lies in the trash is
// followed.
func (b *Bin) Delete(i Item) error {
	root, err := os.OpenRoot(filepath.Join(i.Dir, "files"))
	if err != nil {
		return err
	}
	err = errors.Join(root.RemoveAll(i.Name), root.Close())
	if err != nil {
		return err
	}
	return os.Remove(i.info())
}

// maxItems bounds a list.
const maxItems = 100_000

// List returns what is in the home's trash. Records that can't be read are left
// out.
func (b *Bin) List() (list []Item, err error) {
	if b.dir == "" {
		return nil, nil
	}
	f, err := os.Open(filepath.Join(b.dir, "info"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	names, err := f.Readdirnames(maxItems)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	for _, n := range names {
		if name, ok := strings.CutSuffix(n, ".trashinfo"); ok {
			if i, err := b.Get(name); err == nil {
				list = append(list, i)
			}
		}
	}
	return list, nil
}

// Get returns the item of a name in the home's trash.
func (b *Bin) Get(name string) (Item, error) {
	i := Item{Dir: b.dir, Name: name}
	f, err := os.OpenFile(i.info(), os.O_RDONLY|unix.O_NONBLOCK|unix.O_NOFOLLOW, 0)
	if err != nil {
		return Item{}, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, maxInfo+1))
	if err != nil {
		return Item{}, err
	}
	i.Path, i.When, err = ParseInfo(data)
	if err == nil && !filepath.IsAbs(i.Path) {
		err = errInfo
	}
	if _, serr := os.Lstat(i.File()); err == nil {
		err = serr
	}
	return i, err
}

const (
	maxInfo  = 32 << 10 // bytes of a record
	timeForm = "2006-01-02T15:04:05"
)

var errInfo = errors.New("that is no record of a trash")

// ParseInfo reads a record: the path, absolute or from the top of the file
// system, and when it was put there, the zero time if that can't be read.
func ParseInfo(data []byte) (path string, when time.Time, err error) {
	if len(data) > maxInfo {
		return "", when, errInfo
	}
	first := true
	for line := range bytes.Lines(data) {
		line := strings.TrimRight(string(line), "\r\n")
		if first {
			if line != "[Trash Info]" {
				return "", when, errInfo
			}
			first = false
			continue
		}
		key, value, _ := strings.Cut(line, "=")
		switch {
		case strings.HasPrefix(line, "["):
			return checked(path, when)
		case key == "Path" && path == "":
			if path, err = url.PathUnescape(value); err != nil {
				return "", when, errInfo
			}
		case key == "DeletionDate" && when.IsZero():
			if t, err := time.ParseInLocation(timeForm, value, time.Local); err == nil {
				when = t
			}
		}
	}
	return checked(path, when)
}

// checked refuses what leads elsewhere than it says.
func checked(path string, when time.Time) (string, time.Time, error) {
	if path == "" || path == "/" || strings.ContainsRune(path, 0) || filepath.Clean(path) != path || path == "." || path == ".." || strings.HasPrefix(path, "../") || len(path) > 4096 {
		return "", when, errInfo
	}
	return path, when, nil
}

// escape writes a path as records have it.
func escape(path string) string {
	parts := strings.Split(path, "/")
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return strings.Join(parts, "/")
}
