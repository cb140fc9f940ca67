package journal

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"rayos/internal/atomicfile"
)

const (
	name    = "journal"
	cutName = "journal.cut"
	magic   = "RAYCJN01"
)

// MaxFile is the longest file that is read, in bytes.
const MaxFile = 1 << 30

// Errors of Open.
var (
	// ErrBusy: another process has the folder.
	ErrBusy = atomicfile.ErrBusy
	// ErrForeign: there is a file, but it is no journal of this version.
	ErrForeign = errors.New("no journal of this version")
)

// Report is what Open found.
type Report struct {
	Records int   // that were read
	Damaged int   // that were skipped
	Cut     int64 // bytes of a torn end that were cut and now stand in journal.cut
}

// File is an open journal.
type File struct {
	fs   atomicfile.FS
	h    atomicfile.Handle
	lock *os.File
	size int64
	err  error
}

// Open opens the journal in a folder of the system's, making both if need be,
// and reads it as OpenFS does.
func Open(dir string, each func(payload []byte) error) (*File, Report, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, Report{}, err
	}
	lock, err := atomicfile.Lock(filepath.Join(dir, "lock"))
	if err != nil {
		return nil, Report{}, err
	}
	f, r, err := OpenFS(atomicfile.Dir(dir), each)
	if err != nil {
		return nil, r, errors.Join(err, lock.Close())
	}
	f.lock = lock
	return f, r, nil
}

// OpenFS opens the journal in a folder, making an empty one if there is none,
// and calls each for every record in the order in which they were appended. The
// payload is each's for the call alone.
func OpenFS(fs atomicfile.FS, each func(payload []byte) error) (*File, Report, error) {
	f := &File{fs: fs}
	h, err := fs.Open(name, 0)
	if errors.Is(err, os.ErrNotExist) {
		return f, Report{}, f.Rewrite(nil)
	}
	if err != nil {
		return nil, Report{}, err
	}
	f.h = h
	r, err := f.read(each)
	if err != nil {
		return nil, r, errors.Join(fmt.Errorf("%s: %w", name, err), h.Close())
	}
	return f, r, nil
}

func (f *File) read(each func([]byte) error) (Report, error) {
	data, err := io.ReadAll(io.LimitReader(f.h, MaxFile+1))
	if err != nil {
		return Report{}, err
	}
	if len(data) > MaxFile {
		return Report{}, fmt.Errorf("more than %d bytes: %w", MaxFile, ErrForeign)
	}
	r, err := ScanFile(data, each)
	if err != nil {
		return r, err
	}
	end := int64(len(data)) - r.Cut
	f.size = max(end, int64(len(magic)))
	if cut := data[end:]; len(cut) > 0 {
		if err := f.keep(cut); err != nil {
			return r, err
		}
		if err := f.h.Truncate(f.size); err != nil {
			return r, err
		}
		if err := f.h.Sync(); err != nil {
			return r, err
		}
	}
	_, err = f.h.Seek(f.size, io.SeekStart)
	return r, err
}

// ScanFile reads a whole file as Open does, and changes nothing of it.
func ScanFile(data []byte, each func(payload []byte) error) (Report, error) {
	var r Report
	body := data[min(len(data), len(magic)):]
	if !strings.HasPrefix(string(data), magic) {
		// A whole frame behind it says that the eight bytes have rotted.
		if _, _, ok := frame(body); !ok || strings.HasPrefix(string(data), magic[:6]) && data[7] > magic[7] && data[7] <= '9' {
			return r, ErrForeign
		}
		r.Damaged++
	}
	end, damaged, err := Scan(body, func(p []byte) error { r.Records++; return each(p) })
	r.Damaged += damaged
	r.Cut = int64(len(body) - end)
	return r, err
}

// keep puts bytes that are cut off beside the file.
func (f *File) keep(cut []byte) error {
	h, err := f.fs.Open(cutName, os.O_CREATE|os.O_TRUNC)
	if err != nil {
		return err
	}
	_, err = h.Write(cut)
	return errors.Join(err, h.Close())
}

// Size is the file's, in bytes.
func (f *File) Size() int64 { return f.size }

// Write appends frames that AppendFrame has made. They are safe from a crash of
// the process; from one of the machine after Sync.
func (f *File) Write(frames []byte) error {
	if f.err == nil {
		var n int
		n, f.err = f.h.Write(frames)
		f.size += int64(n)
	}
	return f.err
}

// Sync puts all that was written on disk.
func (f *File) Sync() error {
	if f.err == nil {
		f.err = f.h.Sync()
	}
	return f.err
}

// Rewrite replaces the file by one with these frames, on disk when it returns.
// If it fails, the old one is there as it was.
func (f *File) Rewrite(frames []byte) error {
	h, err := atomicfile.Replace(f.fs, name, func(w io.Writer) error {
		if _, err := io.WriteString(w, magic); err != nil || len(frames) == 0 {
			return err
		}
		_, err := w.Write(frames)
		return err
	})
	if h == nil {
		return err
	}
	if f.h != nil {
		_ = f.h.Close() // nothing of it counts any more
	}
	f.h, f.size, f.err = h, int64(len(magic)+len(frames)), err
	return err
}

// Close closes the file and lets other processes have the folder.
func (f *File) Close() error {
	var err error
	if f.h != nil {
		err = f.h.Close()
	}
	if f.lock != nil {
		err = errors.Join(err, f.lock.Close())
	}
	return err
}
