package apps

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"rayos/internal/desktopentry"
)

// Limits of a scan.
const (
	MaxFiles   = 10_000 // .desktop files that are read
	maxNames   = 50_000 // of whatever is in the folders
	maxFolders = 500
	maxDepth   = 8
	batch      = 256
)

// Scan reads all applications. It takes its time and is for a goroutine; ctx
// ends it between two files, and its error is then that of ctx. What can't be
// read is left out: see Index.Problems.
func Scan(ctx context.Context, c Config) (*Index, error) {
	return scan(ctx, c, func(string) {})
}

// scan calls enter before it reads a folder, there or not.
func scan(ctx context.Context, c Config, enter func(dir string)) (*Index, error) {
	s := scanner{
		ctx: ctx, config: c, enter: enter, programs: programs{path: c.Path},
		seen: map[folder]bool{}, taken: map[string]bool{}, buf: make([]byte, desktopentry.MaxFile+1),
	}
	for _, dir := range c.Dirs {
		if err := s.folder(dir, "", 0); errors.Is(err, ErrTooMany) {
			s.index.problem(dir, err)
			break
		}
	}
	if ctx.Err() != nil {
		return nil, ctx.Err()
	}
	slices.SortFunc(s.index.apps, func(a, b App) int { return strings.Compare(a.ID, b.ID) })
	x := s.index // by itself: with a pointer into it the scanner would live as long
	return &x, nil
}

// folder names a folder, by whatever path.
type folder struct{ dev, ino uint64 }

type scanner struct {
	ctx      context.Context
	config   Config
	enter    func(dir string)
	programs programs
	index    Index
	seen     map[folder]bool
	taken    map[string]bool // IDs, deleted ones too
	names    int
	files    int
	buf      []byte
}

// folder reads the files in dir, then the folders in it. The error is that of
// ctx or ErrTooMany; anything else is a problem of this folder only.
func (s *scanner) folder(dir, prefix string, depth int) error {
	if s.ctx.Err() != nil {
		return s.ctx.Err()
	}
	s.enter(dir)
	f, err := os.OpenFile(dir, os.O_RDONLY|unix.O_DIRECTORY|unix.O_NONBLOCK, 0)
	if err != nil {
		if !errors.Is(err, fs.ErrNotExist) {
			s.index.problem(dir, err)
		}
		return nil
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		s.index.problem(dir, err)
		return nil
	}
	if st, ok := info.Sys().(*syscall.Stat_t); ok {
		id := folder{uint64(st.Dev), st.Ino}
		if s.seen[id] {
			return nil
		}
		if s.seen[id] = true; len(s.seen) > maxFolders {
			return ErrTooMany
		}
	}
	names, err := s.list(f)
	for _, e := range names {
		if s.ctx.Err() != nil {
			return s.ctx.Err()
		}
		if strings.HasSuffix(e.Name(), ".desktop") && !e.IsDir() {
			if err := s.file(filepath.Join(dir, e.Name()), prefix+e.Name()); err != nil {
				return err
			}
		}
	}
	if err != nil {
		return err
	}
	for _, e := range names {
		if depth+1 == maxDepth || !isFolder(dir, e) {
			continue
		}
		if err := s.folder(filepath.Join(dir, e.Name()), prefix+e.Name()+"-", depth+1); err != nil {
			return err
		}
	}
	return nil
}

// list returns what is in a folder, by name.
func (s *scanner) list(f *os.File) ([]fs.DirEntry, error) {
	var names []fs.DirEntry
	var failed error
	for s.ctx.Err() == nil {
		some, err := f.ReadDir(batch)
		names = append(names, some...)
		if s.names += len(some); s.names > maxNames {
			failed = ErrTooMany
			break
		}
		if err != nil {
			if !errors.Is(err, io.EOF) {
				s.index.problem(f.Name(), err)
			}
			break
		}
	}
	slices.SortFunc(names, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return names, failed
}

func isFolder(dir string, e fs.DirEntry) bool {
	if e.Type()&fs.ModeSymlink == 0 {
		return e.IsDir()
	}
	if strings.HasSuffix(e.Name(), ".desktop") {
		return false
	}
	info, err := os.Stat(filepath.Join(dir, e.Name()))
	return err == nil && info.IsDir()
}

// file adds the application of a file.
func (s *scanner) file(path, id string) error {
	if s.taken[id] {
		return nil
	}
	if s.files++; s.files > MaxFiles {
		return ErrTooMany
	}
	text, err := s.read(path)
	if err != nil {
		s.index.problem(path, err)
		return nil
	}
	e, err := desktopentry.Parse(text, s.config.Locales)
	if err != nil {
		if !errors.Is(err, desktopentry.ErrNoApplication) {
			s.index.problem(path, err)
		}
		return nil
	}
	s.taken[id] = true
	if e.Hidden || e.TryExec != "" && s.programs.find(e.TryExec) == "" {
		return nil
	}
	s.index.apps = append(s.index.apps, App{
		Entry: e, ID: id, File: path, Menu: !e.NoDisplay && e.ShownIn(s.config.Desktops),
	})
	return nil
}

// read returns a file's content, which the next read replaces. What isn't a
// regular file doesn't hold it up: a pipe is opened without waiting for a
// writer.
func (s *scanner) read(path string) ([]byte, error) {
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_NONBLOCK|unix.O_CLOEXEC|unix.O_NOCTTY, 0)
	if err != nil {
		return nil, err
	}
	defer unix.Close(fd)
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return nil, err
	}
	if st.Mode&unix.S_IFMT != unix.S_IFREG {
		return nil, errors.New("not a file")
	}
	n := 0
	for n < len(s.buf) {
		k, err := unix.Read(fd, s.buf[n:])
		if errors.Is(err, unix.EINTR) {
			continue
		}
		if err != nil {
			return nil, err
		}
		if k == 0 {
			return s.buf[:n], nil
		}
		n += k
	}
	return nil, fmt.Errorf("larger than %d bytes", desktopentry.MaxFile)
}
