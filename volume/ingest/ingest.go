package ingest

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"time"
	"unicode/utf8"

	"golang.org/x/sys/unix"
)

// Hash is the SHA-256 of a file's bytes.
type Hash = [sha256.Size]byte

// File is one that was read, with all its chunks.
type File struct {
	Path   string // absolute
	Hash   Hash
	Size   int64
	Time   time.Time // of its last change
	Chunks []Chunk
}

// Ingester reads folders. Its fields are set before use and not changed; its
// functions are called by the goroutine of Run or Ingest.
type Ingester struct {
	Roots []string // folders or files that the person named
	// Exclude are patterns of path.Match for names of files and folders, beside
	// hidden ones and those that hold what programs made (node_modules …).
	Exclude []string
	MaxSize int64  // bytes of a file; 8 MiB
	MaxPDF  int64  // bytes of a PDF; 64 MiB
	PDF     string // pdftotext; "" looks for it in PATH

	// Known gives the hash under which the caller keeps a file, so that it is
	// skipped; nil knows none.
	Known func(path string) (Hash, bool)
	// Unchanged reports whether the caller keeps a file of this size and time, so
	// that it isn't even read; nil reads all. Known isn't asked for such a file.
	Unchanged func(path string, size int64, t time.Time) bool
	// Emit takes a file that is new or has changed. Its error ends the run.
	Emit func(File) error
	// Gone says that a file is no longer there, excluded now, or no text; nil
	// ignores it. It is called for files that were never emitted, too.
	Gone func(path string) error
	// Progress is told after each file; nil tells nobody.
	Progress func(Report)
}

// Report counts what a run did.
type Report struct {
	Files    int // read and given to Emit
	Chunks   int
	Bytes    int64
	Same     int // skipped by their hash
	Excluded int // by a pattern, by their kind, or as a second name of a file
	NoText   int // by their contents
	Problems []Problem
	Failed   int // all problems; the first 100 are in Problems
}

// Problem is a file that couldn't be read.
type Problem struct {
	Path string
	Err  error
}

// Errors of files.
var (
	ErrTooLarge = errors.New("file is larger than the limit")
	ErrChanging = errors.New("file changed while it was read")
	ErrNoPDF    = errors.New("pdftotext is not installed (poppler-utils): PDFs are left out")

	errNoText   = errors.New("no text")
	errExcluded = errors.New("excluded")
)

// inode tells files apart, whatever their names.
type inode struct{ dev, ino uint64 }

type run struct {
	*Ingester
	Report
	seen map[inode]bool
}

// Run reads all roots. It ends early with the context's error or Emit's; what
// was emitted until then stays, and another Run goes on from there.
func (in *Ingester) Run(ctx context.Context) (Report, error) {
	r := &run{Ingester: in, seen: make(map[inode]bool)}
	for _, root := range in.Roots {
		root, err := filepath.Abs(root)
		if err != nil {
			return r.Report, fmt.Errorf("ingest: %w", err)
		}
		var dev uint64
		err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			if err != nil {
				r.problem(path, err)
				return nil
			}
			if path != root && r.excluded(d.Name()) {
				r.Excluded++
				if d.IsDir() {
					return fs.SkipDir
				}
				return nil
			}
			if d.IsDir() {
				at, ok := device(d)
				if path == root {
					dev = at
				} else if !ok || at != dev {
					r.Excluded++ // another file system: a network's, or the kernel's
					return fs.SkipDir
				}
				return nil
			}
			return r.file(ctx, path)
		})
		if err != nil {
			return r.Report, fmt.Errorf("ingest %s: %w", root, err)
		}
	}
	return r.Report, nil
}

// Count is how many files a Run will look at, by their names alone.
func (in *Ingester) Count(ctx context.Context) (int, error) {
	n := 0
	for _, root := range in.Roots {
		root, err := filepath.Abs(root)
		if err != nil {
			return n, fmt.Errorf("ingest: %w", err)
		}
		err = filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			switch {
			case ctx.Err() != nil:
				return ctx.Err()
			case err != nil: // Run says what
			case path != root && in.excluded(d.Name()):
				if d.IsDir() {
					return fs.SkipDir
				}
			case !d.IsDir():
				n++
			}
			return nil
		})
		if err != nil {
			return n, fmt.Errorf("ingest %s: %w", root, err)
		}
	}
	return n, nil
}

// Ingest reads some files again, as Watch names them. Those that aren't below
// a root are refused, those that are excluded are Gone.
func (in *Ingester) Ingest(ctx context.Context, paths []string) (Report, error) {
	r := &run{Ingester: in, seen: make(map[inode]bool)}
	for _, path := range paths {
		inside, ok := in.inside(path)
		if !ok {
			return r.Report, fmt.Errorf("ingest %s: it is in no folder that was named", path)
		}
		var err error
		if inside {
			err = r.file(ctx, path)
		} else {
			err = r.gone(path)
		}
		if err != nil {
			return r.Report, fmt.Errorf("ingest %s: %w", path, err)
		}
	}
	return r.Report, nil
}

// inside reports whether path is below a root (ok), by folders that are none
// of them links or excluded (inside).
func (in *Ingester) inside(path string) (inside, ok bool) {
	for _, root := range in.Roots {
		root, err := filepath.Abs(root)
		if err != nil {
			continue
		}
		rel, err := filepath.Rel(root, path)
		if err != nil || rel != "." && !filepath.IsLocal(rel) {
			continue
		}
		ok, inside = true, true
		at := root
		for _, name := range strings.Split(rel, string(filepath.Separator)) {
			if name == "." {
				continue
			}
			at = filepath.Join(at, name)
			info, err := os.Lstat(at)
			if in.excluded(name) || err == nil && info.Mode()&fs.ModeSymlink != 0 {
				inside = false
			}
		}
		if inside {
			return true, true
		}
	}
	return false, ok
}

func device(d fs.DirEntry) (uint64, bool) {
	info, err := d.Info()
	if err != nil {
		return 0, false
	}
	st, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, false
	}
	return uint64(st.Dev), true
}

// made are folders of what programs brought or made of other files.
var made = map[string]bool{"node_modules": true, "__pycache__": true}

func (in *Ingester) excluded(name string) bool {
	if strings.HasPrefix(name, ".") || strings.HasSuffix(name, "~") || made[name] {
		return true
	}
	for _, pattern := range in.Exclude {
		if ok, err := filepath.Match(pattern, name); ok || err != nil {
			return true // a pattern that can't be read excludes rather than reveals
		}
	}
	return false
}

// Check says which pattern of Exclude can't be read.
func (in *Ingester) Check() error {
	for _, pattern := range in.Exclude {
		if _, err := filepath.Match(pattern, "x"); err != nil {
			return fmt.Errorf("pattern %q: %w", pattern, err)
		}
	}
	return nil
}

func (r *run) problem(path string, err error) {
	r.Failed++
	if len(r.Problems) < 100 {
		r.Problems = append(r.Problems, Problem{path, err})
	}
}

// file reads one file. Its error ends the run: all else is a problem.
func (r *run) file(ctx context.Context, path string) error {
	f, err := r.read(ctx, path)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, errNoText), errors.Is(err, errExcluded):
		if errors.Is(err, errNoText) {
			r.NoText++
		} else {
			r.Excluded++
		}
		if err := r.gone(path); err != nil {
			return err
		}
	case err != nil:
		r.problem(path, err)
	case f == nil:
		r.Same++
	default:
		if err := r.Emit(*f); err != nil {
			return err
		}
		r.Files++
		r.Chunks += len(f.Chunks)
		r.Bytes += f.Size
	}
	if r.Progress != nil {
		r.Progress(r.Report)
	}
	return nil
}

func (r *run) gone(path string) error {
	if r.Gone == nil {
		return nil
	}
	return r.Gone(path)
}

// read gives a file with its chunks, nil if it is known.
func (r *run) read(ctx context.Context, path string) (*File, error) {
	// Opening a FIFO or a device without O_NONBLOCK may wait or act.
	fd, err := unix.Open(path, unix.O_RDONLY|unix.O_NOFOLLOW|unix.O_NONBLOCK|unix.O_CLOEXEC|unix.O_NOCTTY, 0)
	if errors.Is(err, unix.ELOOP) || errors.Is(err, unix.ENXIO) {
		return nil, errExcluded // a symbolic link; a socket or a device that isn't there
	}
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	f := os.NewFile(uintptr(fd), path)
	defer f.Close()
	var st unix.Stat_t
	if err := unix.Fstat(fd, &st); err != nil {
		return nil, fmt.Errorf("stat %s: %w", path, err)
	}
	id := inode{uint64(st.Dev), st.Ino}
	if st.Mode&unix.S_IFMT != unix.S_IFREG || r.seen[id] {
		return nil, errExcluded
	}
	r.seen[id] = true
	if r.Unchanged != nil && r.Unchanged(path, st.Size, time.Unix(st.Mtim.Unix())) {
		return nil, nil
	}
	head := make([]byte, 4096)
	n, err := f.ReadAt(head, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	head = head[:n]
	pdf := bytes.HasPrefix(head, []byte("%PDF-"))
	if !pdf && !isText(head) || n == 0 {
		return nil, errNoText
	}
	if limit := r.limit(pdf); st.Size > limit {
		return nil, fmt.Errorf("%w of %d bytes: %d", ErrTooLarge, limit, st.Size)
	}
	bytes, err := io.ReadAll(io.LimitReader(f, st.Size+1))
	if err != nil {
		return nil, err
	}
	var after unix.Stat_t
	if err := unix.Fstat(fd, &after); err != nil {
		return nil, fmt.Errorf("stat %s: %w", path, err)
	}
	if int64(len(bytes)) != st.Size || after.Size != st.Size || after.Mtim != st.Mtim {
		return nil, ErrChanging
	}
	out := &File{Path: path, Hash: sha256.Sum256(bytes), Size: st.Size, Time: time.Unix(st.Mtim.Unix())}
	if r.Known != nil {
		if known, ok := r.Known(path); ok && known == out.Hash {
			return nil, nil
		}
	}
	kind := formOf(path)
	if pdf {
		if bytes, err = r.pdf(ctx, f); err != nil {
			return nil, err
		}
		kind = prose
	}
	if !utf8.Valid(bytes) || !isText(bytes) {
		return nil, errNoText
	}
	text := string(bytes)
	out.Chunks = split(text, kind)
	place(out.Chunks, text, pdf)
	return out, nil
}

func (in *Ingester) limit(pdf bool) int64 {
	switch {
	case pdf && in.MaxPDF > 0:
		return in.MaxPDF
	case pdf:
		return 64 << 20
	case in.MaxSize > 0:
		return in.MaxSize
	}
	return 8 << 20
}

// formOf tells by a file's name how its text is divided.
func formOf(path string) form {
	switch strings.ToLower(filepath.Ext(path)) {
	case ".md", ".markdown", ".mkd":
		return markdown
	case ".go", ".c", ".h", ".cc", ".cpp", ".hpp", ".rs", ".py", ".js", ".ts", ".java", ".kt", ".swift", ".rb", ".sh", ".lua", ".zig", ".cs", ".php", ".pl", ".el", ".s", ".sql", ".css", ".vert", ".frag", ".comp":
		return code
	}
	return prose
}
