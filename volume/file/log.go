package file

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"

	"rayos/internal/atomicfile"
)

// Log is the changes of a volume since its base. Its methods may be called from
// any goroutine.
type Log struct {
	fs   atomicfile.FS
	name string
	path string // for errors
	lock *os.File

	mu     sync.Mutex
	h      atomicfile.Handle
	head   logHeader
	size   int64
	last   uint64 // number of the last record
	synced uint64 // and of the last that is on disk
	report Report
	buf    []byte
	err    error // what is on disk isn't known
}

// Report is what OpenLog found.
type Report struct {
	Records int    // that were replayed
	Skipped int    // that the base has
	Cut     int64  // bytes of a torn end, which were never acknowledged by Sync
	At      int64  // where that began
	Kept    string // the file that has them now
}

// OpenLog opens the log at path of a volume whose base is at that Mark, or
// makes an empty one, and calls replay for each record that the base doesn't
// have, in their order; a payload is replay's for the call alone. Nothing is
// replayed if anything is damaged. path + ".lock" is taken until Close: one
// process at a time has the log, and may write the base.
//
// A torn end is cut: Report tells. Errors are ErrForeign, ErrVersion, ErrGap,
// atomicfile.ErrBusy, a *Damage, and what replay returned.
func OpenLog(path string, base Mark, replay func(op uint8, payload []byte) error) (*Log, error) {
	lock, err := atomicfile.Lock(path + ".lock")
	if err != nil {
		return nil, err
	}
	l := &Log{fs: atomicfile.Dir(filepath.Dir(path)), name: filepath.Base(path), path: path, lock: lock}
	if err := l.open(base, replay); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return l, nil
}

func (l *Log) open(base Mark, replay func(op uint8, payload []byte) error) error {
	h, err := l.fs.Open(l.name, 0)
	if errors.Is(err, os.ErrNotExist) {
		return l.begin(base, nil)
	}
	if err != nil {
		return err
	}
	l.h = h
	size, err := h.Seek(0, io.SeekEnd)
	if err != nil {
		return err
	}
	if size > MaxLog {
		return fmt.Errorf("%s: %w: it has %d bytes, there can be %d", l.path, ErrForeign, size, MaxLog)
	}
	b, err := l.read(size)
	if err != nil {
		return err
	}
	if err := l.head.parse(l.path, b); err != nil {
		return err
	}
	if l.head.volume != base.Volume {
		return fmt.Errorf("%s: %w: it is the log of volume %016x, not of %016x; move it away", l.path, ErrForeign, l.head.volume, base.Volume)
	}
	if l.head.first > base.Seq+1 {
		return fmt.Errorf("%s: %w: the volume ends with record %d, the log begins with %d; put the newer volume back, or move the log away", l.path, ErrGap, base.Seq, l.head.first)
	}
	s, err := l.head.scan(l.path, b, base.Seq)
	if err != nil {
		return err
	}
	for i, r := range s.records {
		if err := replay(r.op, r.payload); err != nil {
			return fmt.Errorf("%s: record %d at byte %d: %w", l.path, r.number, s.at[i], err)
		}
	}
	l.report = Report{Records: len(s.records), Skipped: s.skipped}
	l.size, l.last, l.synced = int64(s.end), s.last, l.head.first-1
	if err := l.cut(b[s.end:]); err != nil {
		return err
	}
	if s.last <= base.Seq && (s.last < base.Seq || l.size > logHeaderSize) {
		return l.begin(base, nil) // the base has all of it
	}
	if _, err := h.Seek(l.size, io.SeekStart); err != nil {
		return err
	}
	return l.sync() // what was replayed is acknowledged by that
}

// cut takes a torn end off the file and puts it beside it.
func (l *Log) cut(torn []byte) error {
	if len(torn) == 0 {
		return nil
	}
	kept := l.name + ".cut"
	h, err := l.fs.Open(kept, os.O_CREATE|os.O_TRUNC)
	if err != nil {
		return err
	}
	_, err = h.Write(torn)
	if err := errors.Join(err, h.Close()); err != nil {
		return err
	}
	l.report.Cut, l.report.At, l.report.Kept = int64(len(torn)), l.size, l.path+".cut"
	if err := l.h.Truncate(l.size); err != nil {
		return err
	}
	return l.h.Sync()
}

// begin puts a new log in place, of records that are in form already.
func (l *Log) begin(base Mark, records []record) error {
	var salt [8]byte
	_, _ = rand.Read(salt[:]) // never fails
	head := logHeader{base.Volume, base.Seq + 1, le.Uint64(salt[:])}
	b := head.append(nil)
	for _, r := range records {
		b = head.appendRecord(b, r, r.payload)
	}
	h, err := atomicfile.Replace(l.fs, l.name, func(w io.Writer) error { _, err := w.Write(b); return err })
	if h == nil {
		return err // the old one is as it was
	}
	if l.h != nil {
		_ = l.h.Close() // nothing of it counts any more
	}
	l.h, l.head, l.size, l.err = h, head, int64(len(b)), err
	l.last = base.Seq + uint64(len(records))
	l.synced = l.last
	return err
}

// read reads the first size bytes of the file.
func (l *Log) read(size int64) ([]byte, error) {
	if _, err := l.h.Seek(0, io.SeekStart); err != nil {
		return nil, err
	}
	b := make([]byte, size)
	_, err := io.ReadFull(l.h, b)
	return b, err
}

// Report returns what OpenLog found.
func (l *Log) Report() Report { return l.report }

// Append writes a record behind the others; its payload is the parts one after
// the other, MaxRecord bytes at most. It is safe from a crash of the process
// then, from one of the machine after Sync. If it fails, the log is as it was.
func (l *Log) Append(op uint8, payload ...[]byte) error {
	n := 0
	for _, p := range payload {
		n += len(p)
	}
	if n > MaxRecord {
		return fmt.Errorf("%s: a record of %d bytes, there can be %d", l.path, n, MaxRecord)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return l.err
	}
	if l.size+int64(n)+recordHead > MaxLog {
		return fmt.Errorf("%s: %w: write a new base", l.path, ErrFull)
	}
	l.buf = l.head.appendRecord(l.buf[:0], record{number: l.last + 1, synced: l.synced, op: op}, payload...)
	_, err := l.h.Write(l.buf)
	if cap(l.buf) > 1<<20 {
		l.buf = nil
	}
	if err != nil {
		err = fmt.Errorf("%s: %w", l.path, err)
		if back := l.back(); back != nil {
			l.err = errors.Join(err, back)
		}
		return err
	}
	l.size += int64(n) + recordHead
	l.last++
	return nil
}

// back takes off the file what a failed write has left of a record.
func (l *Log) back() error {
	if err := l.h.Truncate(l.size); err != nil {
		return err
	}
	_, err := l.h.Seek(l.size, io.SeekStart)
	return err
}

// Sync puts all that was appended on disk. After an error nobody knows what is
// there: all but Reset and Close return it from then on.
func (l *Log) Sync() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil || l.synced == l.last {
		return l.err
	}
	return l.sync()
}

func (l *Log) sync() error {
	if err := l.h.Sync(); err != nil {
		l.err = fmt.Errorf("%s: %w", l.path, err)
		return l.err
	}
	l.synced = l.last
	return nil
}

// Size is the log's, in bytes.
func (l *Log) Size() int64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.size
}

// Mark is what a base has to say that holds all that was appended so far.
func (l *Log) Mark() Mark {
	l.mu.Lock()
	defer l.mu.Unlock()
	return Mark{l.head.volume, l.last}
}

// Reset drops the records that a base holds which was written since; those
// behind it, which were appended meanwhile, stay and are on disk when it
// returns. It also begins anew after an error of Sync, if what has to stay can
// still be read. If it fails, the log is as it was.
func (l *Log) Reset(base Mark) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.h == nil {
		return ErrClosed
	}
	if base.Volume != l.head.volume || base.Seq > l.last || base.Seq+1 < l.head.first {
		return fmt.Errorf("%s: %w: it has the records %d to %d of volume %016x, the base is at %d of %016x", l.path, ErrForeign, l.head.first, l.last, l.head.volume, base.Seq, base.Volume)
	}
	records, err := l.behind(base.Seq)
	if err != nil {
		return err
	}
	return l.begin(base, records)
}

// behind reads the records behind seq back.
func (l *Log) behind(seq uint64) ([]record, error) {
	if seq == l.last {
		return nil, nil
	}
	b, err := l.read(l.size)
	if _, back := l.h.Seek(l.size, io.SeekStart); back != nil {
		err = errors.Join(err, back)
		l.err = fmt.Errorf("%s: %w", l.path, back)
	}
	if err != nil {
		return nil, err
	}
	s, err := l.head.scan(l.path, b, seq)
	if err == nil && s.last != l.last {
		err = l.head.damaged(l.path, s, "it isn't as it was written")
	}
	return s.records, err
}

// Close closes the log without a Sync, and lets others have it.
func (l *Log) Close() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	var err error
	if l.h != nil {
		err = l.h.Close()
	}
	if l.lock != nil {
		err = errors.Join(err, l.lock.Close())
	}
	l.h, l.lock, l.err = nil, nil, ErrClosed
	return err
}
