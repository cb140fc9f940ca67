package trace

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"rayos/intent/conductor/journal"
)

// MaxFile is how long the file gets, in bytes, before the older half goes.
const MaxFile = 1 << 20

// fileName is the journal's.
const fileName = "journal"

// maxWaiting bounds the records that wait for the disk.
const maxWaiting = 256

// Report is what was found in a file.
type Report struct {
	Records int
	Damaged int   // that were skipped
	Cut     int64 // bytes of a torn end; they stand in journal.cut
	// Aside is where a file is now that was no log, "" for none.
	Aside string
	// Last is the highest number of an envelope.
	Last uint64
}

// Whole reports whether nothing was wrong.
func (r *Report) Whole() bool { return r.Damaged == 0 && r.Cut == 0 && r.Aside == "" }

func (r *Report) take(data []byte) (Record, bool) {
	rec, err := Decode(data)
	if err != nil {
		r.Damaged++
		return rec, false
	}
	r.Records++
	r.Last = max(r.Last, rec.ID)
	return rec, true
}

// Log is an open log. Any goroutine may call its methods.
type Log struct {
	file *journal.File // of the goroutine that writes
	path string
	fail func(error)
	max  int64

	mu      sync.Mutex
	waiting []byte // frames
	count   int    // of waiting
	dropped uint64
	closed  bool
	wake    chan struct{} // holds one
	done    chan struct{}
}

// Open opens the log in a folder, which is made. A file that is no log is put
// aside. fail is told, on another goroutine, what couldn't be written.
func Open(dir string, fail func(error)) (*Log, Report, error) {
	return open(dir, MaxFile, fail)
}

func open(dir string, most int64, fail func(error)) (*Log, Report, error) {
	var r Report
	each := func(data []byte) error {
		r.take(data)
		return nil
	}
	f, found, err := journal.Open(dir, each)
	if errors.Is(err, journal.ErrForeign) {
		r = Report{Aside: filepath.Join(dir, fileName+".foreign")}
		if err = os.Rename(filepath.Join(dir, fileName), r.Aside); err == nil {
			f, found, err = journal.Open(dir, each)
		}
	}
	if err != nil {
		return nil, r, err
	}
	r.Damaged += found.Damaged
	r.Cut = found.Cut
	l := &Log{file: f, path: filepath.Join(dir, fileName), fail: fail, max: most, wake: make(chan struct{}, 1), done: make(chan struct{})}
	go l.write()
	return l, r, nil
}

// Add appends a record. It doesn't wait for the disk: of a log that can't follow,
// records are dropped, and that is told.
func (l *Log) Add(r Record) {
	data, err := encode(&r)
	l.mu.Lock()
	switch {
	case l.closed:
	case err != nil:
		defer l.fail(fmt.Errorf("record %d: %w", r.ID, err))
	case l.count == maxWaiting:
		l.dropped++
	default:
		l.waiting = journal.AppendFrame(l.waiting, data)
		l.count++
	}
	l.mu.Unlock()
	l.nudge()
}

func (l *Log) nudge() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// write is the goroutine that has the file.
func (l *Log) write() {
	defer close(l.done)
	for range l.wake {
		l.mu.Lock()
		frames, dropped, closed := l.waiting, l.dropped, l.closed
		l.waiting, l.count, l.dropped = nil, 0, 0
		l.mu.Unlock()
		var err error
		if len(frames) > 0 {
			if err = l.file.Write(frames); err == nil && l.file.Size() > l.max {
				err = l.shorten()
			}
		}
		if dropped > 0 {
			err = errors.Join(err, fmt.Errorf("%d records were dropped: the disk doesn't follow", dropped))
		}
		if err != nil {
			l.fail(err)
		}
		if closed {
			return
		}
	}
}

// shorten keeps the newer half.
func (l *Log) shorten() error {
	data, err := os.ReadFile(l.path)
	if err != nil {
		return err
	}
	var all [][]byte
	if _, err := journal.ScanFile(data, func(payload []byte) error {
		all = append(all, payload)
		return nil
	}); err != nil {
		return err
	}
	size := int64(0)
	from := len(all)
	for from > 0 && size < l.max/2 {
		from--
		size += int64(len(all[from]))
	}
	var frames []byte
	for _, p := range all[from:] {
		frames = journal.AppendFrame(frames, p)
	}
	return l.file.Rewrite(frames)
}

// Close writes what waits and closes the file.
func (l *Log) Close() error {
	l.mu.Lock()
	was := l.closed
	l.closed = true
	l.mu.Unlock()
	if was {
		return nil
	}
	l.nudge()
	<-l.done
	return l.file.Close()
}

// Read returns what is in the log of a folder, which may be in use. Where there
// is none, there are no records.
func Read(dir string) ([]Record, Report, error) {
	f, err := os.Open(filepath.Join(dir, fileName))
	if errors.Is(err, os.ErrNotExist) {
		return nil, Report{}, nil
	}
	if err != nil {
		return nil, Report{}, err
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, 4*MaxFile))
	if err != nil {
		return nil, Report{}, err
	}
	var list []Record
	var r Report
	found, err := journal.ScanFile(data, func(payload []byte) error {
		if rec, ok := r.take(payload); ok {
			list = append(list, rec)
		}
		return nil
	})
	r.Damaged += found.Damaged
	r.Cut = found.Cut
	return list, r, err
}
