package buffer

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"golang.org/x/sys/unix"

	"rayos/internal/atomicfile"
)

// inMemory is up to how many bytes files are read whole.
const inMemory = 64 << 20

// maxStream bounds files that don't say how long they are, as those of /proc.
const maxStream = 1 << 30

// Stamp tells one state of a file from another. The zero value is no file.
type Stamp struct {
	Dev, Inode uint64
	Size       int64
	Modified   int64 // nanoseconds since 1970
}

// About is what is known of a file beside its text.
type About struct {
	Path  string
	Stamp Stamp
	BOM   bool // it begins with a byte order mark, which isn't part of the text
	CRLF  bool // most lines end with a carriage return and a line feed
}

var bom = []byte("\xef\xbb\xbf")

// ErrKind says that there is something else than a file.
var ErrKind = errors.New("not a regular file")

func stampOf(st os.FileInfo) Stamp {
	s := Stamp{Size: st.Size(), Modified: st.ModTime().UnixNano()}
	if u, ok := st.Sys().(*syscall.Stat_t); ok {
		s.Dev, s.Inode = u.Dev, u.Ino
	}
	return s
}

// Look returns the stamp of the file at a path, the zero one if there is none.
func Look(path string) (Stamp, error) {
	st, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return Stamp{}, nil
	}
	if err != nil {
		return Stamp{}, err
	}
	return stampOf(st), nil
}

// Open reads a file. Of a large one the lines are counted, and it stays open as
// long as there is a text of it. Progress, which may be nil, is told how many
// bytes of how many were looked at.
func Open(ctx context.Context, path string, progress func(done, total int64)) (Text, About, error) {
	// A pipe that nobody writes to would wait.
	f, err := os.OpenFile(path, os.O_RDONLY|unix.O_NONBLOCK, 0)
	if err != nil {
		return Text{}, About{Path: path}, err
	}
	t, about, err := Read(ctx, f, progress)
	about.Path = path
	return t, about, err
}

// Read is Open for a file that is open already, and becomes the text's.
func Read(ctx context.Context, f *os.File, progress func(done, total int64)) (t Text, about About, err error) {
	stays := false
	defer func() {
		if !stays {
			err = errors.Join(err, f.Close())
		}
	}()
	st, err := f.Stat()
	if err != nil {
		return Text{}, about, err
	}
	if !st.Mode().IsRegular() {
		return Text{}, about, &fs.PathError{Op: "open", Path: f.Name(), Err: ErrKind}
	}
	about.Stamp = stampOf(st)
	s := &source{file: f, size: st.Size()}
	if s.size <= inMemory {
		if s.data, err = io.ReadAll(io.LimitReader(f, maxStream)); err != nil {
			return Text{}, about, err
		}
		if s.data == nil {
			s.data = []byte{}
		}
		s.file, s.size = nil, int64(len(s.data))
	}
	crlf, err := s.index(ctx, progress)
	if err != nil {
		return Text{}, about, err
	}
	var head [3]byte
	n := min(s.size, 3)
	s.fill(head[:n], 0)
	about.BOM = bytes.Equal(head[:n], bom)
	from := int64(0)
	if about.BOM {
		from = 3
	}
	feeds := s.sums[len(s.sums)-1]
	about.CRLF = crlf*2 > feeds
	t.src = s
	if s.size > from {
		t.root = tree(nil, piece{data: nil, off: from, n: s.size - from, lf: feeds}, nil)
	}
	stays = s.file != nil
	return t, about, nil
}

// Save replaces the file at a path whole: whenever something stops, the old or
// the new one is there. Links are followed, mode and owner stay. A new file has
// the mode that the umask leaves. It returns the stamp of the new one.
func Save(ctx context.Context, path string, t Text, withBOM bool) (s Stamp, err error) {
	if err := t.Err(); err != nil {
		return Stamp{}, err
	}
	if path, err = target(path); err != nil {
		return Stamp{}, err
	}
	old, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		old = nil
	case err != nil:
		return Stamp{}, err
	case !old.Mode().IsRegular():
		return Stamp{}, &fs.PathError{Op: "save", Path: path, Err: ErrKind}
	case unix.Access(path, unix.W_OK) != nil:
		return Stamp{}, &fs.PathError{Op: "save", Path: path, Err: fs.ErrPermission}
	}
	dir, base := filepath.Split(path)
	temp := filepath.Join(dir, fmt.Sprintf(".%.200s.%s~", base, rand.Text()[:8]))
	f, err := os.OpenFile(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return Stamp{}, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, f.Close(), os.Remove(temp))
		}
	}()
	if old != nil {
		if err := likeOld(f, old); err != nil {
			return Stamp{}, err
		}
	}
	if err := Write(ctx, f, t, withBOM); err != nil {
		return Stamp{}, err
	}
	st, err := f.Stat()
	if err != nil {
		return Stamp{}, err
	}
	if err := os.Rename(temp, path); err != nil {
		return Stamp{}, err
	}
	if err := f.Close(); err != nil {
		return Stamp{}, err
	}
	return stampOf(st), atomicfile.SyncDir(filepath.Dir(path))
}

// likeOld gives a file mode and owner of the one that it replaces. Of an owner
// that can't be given away the group may still be the person's.
func likeOld(f *os.File, old os.FileInfo) error {
	if u, ok := old.Sys().(*syscall.Stat_t); ok {
		if f.Chown(int(u.Uid), int(u.Gid)) != nil {
			_ = f.Chown(-1, int(u.Gid)) // no right to: it is the person's own
		}
	}
	return f.Chmod(old.Mode().Perm() | old.Mode()&(os.ModeSetuid|os.ModeSetgid|os.ModeSticky))
}

// Write writes a text into an open file, and puts it on disk.
func Write(ctx context.Context, f *os.File, t Text, withBOM bool) error {
	w := stopper{ctx, f}
	if withBOM {
		if _, err := w.Write(bom); err != nil {
			return err
		}
	}
	if _, err := t.WriteTo(w); err != nil {
		return err
	}
	return f.Sync()
}

// stopper is a writer that ends with its context.
type stopper struct {
	ctx context.Context
	w   io.Writer
}

func (s stopper) Write(p []byte) (int, error) {
	if err := s.ctx.Err(); err != nil {
		return 0, err
	}
	return s.w.Write(p)
}

// maxLinks is how many links are followed, as the kernel does.
const maxLinks = 40

// target follows links, the last of which may lead nowhere yet.
func target(path string) (string, error) {
	for range maxLinks {
		to, err := os.Readlink(path)
		if errors.Is(err, unix.EINVAL) || errors.Is(err, fs.ErrNotExist) {
			return path, nil
		}
		if err != nil {
			return "", err
		}
		if !filepath.IsAbs(to) {
			to = filepath.Join(filepath.Dir(path), to)
		}
		path = to
	}
	return "", &fs.PathError{Op: "save", Path: path, Err: unix.ELOOP}
}
