package runner

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"time"

	"rayos/internal/tail"
	"rayos/shell/control/grammar"
)

// Sort is what a line of the log is.
type Sort string

// Sorts.
const (
	Asked  Sort = "event"  // a command was submitted
	Acked  Sort = "ack"    // what came of it
	Told   Sort = "note"   // an event that tells and doesn't ask
	Marked Sort = "marker" // something has happened
)

// Entry is a line of the log.
type Entry struct {
	Seq  uint64    `json:"seq"` // counts from 1
	At   time.Time `json:"at"`
	From string    `json:"from"`
	Sort Sort      `json:"sort"`
	Line string    `json:"line"` // printable ASCII
}

func (e *Entry) String() string {
	return fmt.Sprintf("%s %s %s", e.At.UTC().Format("2006-01-02T15:04:05.000Z"), e.From, e.Line)
}

// LogLength is how many lines a Log keeps in memory.
const LogLength = 1024

// maxFile is how large the log's file grows before it becomes FILE.1, in bytes.
const maxFile = 1 << 20

// LogOptions are what a Log works with.
type LogOptions struct {
	File string // where lines are written too, "" for nowhere
	// Marker takes every marker, in order. It may be nil.
	Marker func(line string)
	// Failed is told once when the file can't be written. It may be nil.
	Failed func(error)
}

// Log is the last lines of the control plane.
type Log struct {
	tail *tail.Tail[Entry]
	o    LogOptions
	stop context.CancelFunc
	wg   sync.WaitGroup

	out sync.Mutex // keeps markers in order on their way out
}

// NewLog returns an empty log.
func NewLog(o LogOptions) *Log {
	l := &Log{tail: tail.New[Entry](LogLength), o: o}
	ctx, stop := context.WithCancel(context.Background())
	l.stop = stop
	if o.File != "" {
		l.wg.Go(func() {
			if err := l.write(ctx); err != nil && o.Failed != nil {
				o.Failed(fmt.Errorf("control log: %w", err))
			}
		})
	}
	return l
}

// Close ends the log's file with all that was written before.
func (l *Log) Close() {
	l.stop()
	l.wg.Wait()
}

// Add writes a line down.
func (l *Log) Add(from string, sort Sort, line string) {
	from, line = grammar.Printable(from, 32), grammar.Printable(line, grammar.MaxLine)
	l.tail.Add(func(seq uint64) Entry { return Entry{seq, time.Now(), from, sort, line} })
}

// Marker writes a marker down and hands it on. It is the way of all markers:
// one that is not in the table is an error and goes nowhere.
func (l *Log) Marker(line string) error {
	if err := grammar.CheckMarker(line); err != nil {
		return err
	}
	l.out.Lock()
	defer l.out.Unlock()
	l.Add("session", Marked, line)
	if l.o.Marker != nil {
		l.o.Marker(line)
	}
	return nil
}

// After returns the lines behind seq that are still there. With more of them
// than are kept, the first returned has a Seq of more than seq+1. changed is
// closed when there is another.
func (l *Log) After(seq uint64) (list []Entry, changed <-chan struct{}) { return l.tail.After(seq) }

// Now returns how many lines there have been: the number of the last.
func (l *Log) Now() uint64 { return l.tail.Last() }

// Wait is After that waits until there is a line, or ctx ends.
func (l *Log) Wait(ctx context.Context, seq uint64) ([]Entry, error) { return l.tail.Wait(ctx, seq) }

// write follows the log into its file until ctx ends.
func (l *Log) write(ctx context.Context) (err error) {
	f, err := openLog(l.o.File)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	seq := uint64(0)
	for {
		list, werr := l.Wait(ctx, seq)
		if werr != nil {
			return nil // the log is closed and all of it is written
		}
		for i := range list {
			e := &list[i]
			text := e.String() + "\n"
			if lost := e.Seq - seq - 1; lost > 0 {
				text = fmt.Sprintf("%d lines are missing\n%s", lost, text)
			}
			seq = e.Seq
			if _, err := f.WriteString(text); err != nil {
				return err
			}
		}
		info, err := f.Stat()
		if err != nil {
			return err
		}
		if info.Size() < maxFile {
			continue
		}
		if err := errors.Join(f.Close(), os.Rename(l.o.File, l.o.File+".1")); err != nil {
			return err
		}
		if f, err = openLog(l.o.File); err != nil {
			return err
		}
	}
}

// openLog opens a file that only its owner reads.
func openLog(name string) (*os.File, error) {
	f, err := os.OpenFile(name, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%w: its folder is not there", err)
	}
	return f, err
}
