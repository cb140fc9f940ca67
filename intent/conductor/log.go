package conductor

import (
	"encoding/binary"
	"errors"
	"sync"
	"time"

	"rayos/intent/conductor/journal"
)

// journalPause is how long a journal that can't be written is left alone.
const journalPause = 5 * time.Second

// compactAt is how long the journal becomes at least before it is written anew.
const compactAt = 1 << 20

// maxPayload is where a record of several tasks ends and another one begins.
const maxPayload = 8 << 20

// group is whoever waits for the same commit.
type group struct {
	tasks []*task // that were submitted
	done  chan error
}

// commit is what goes to disk at once.
type commit struct {
	frames []byte
	sync   bool
	groups []*group
	ends   []*task
}

func (b *commit) empty() bool { return len(b.frames) == 0 && len(b.groups) == 0 }

// log writes the journal. Whoever has something to write puts it into next under
// the conductor's lock; one goroutine writes what has gathered and syncs once
// for all of it.
type log struct {
	c    *Conductor
	file *journal.File

	// The conductor's lock guards these.
	next    *commit
	spare   []byte
	writing bool
	broken  error // of the last write; the next one begins a new file
	rested  bool  // a broken journal may be tried again
	closed  bool
	anew    bool // somebody wants a new file
	more    sync.Cond
	scratch []byte
	live    int64 // bytes of the last new file
	size    int64 // bytes of the file

	gone chan struct{}
}

func newLog(c *Conductor, f *journal.File) *log {
	l := &log{c: c, file: f, next: &commit{}, live: f.Size(), size: f.Size(), gone: make(chan struct{})}
	l.more.L = &c.mu
	return l
}

// busy reports whether something isn't on disk yet.
func (l *log) busy() bool { return l.writing || !l.next.empty() && l.broken == nil }

// put adds a record, which fn appends.
func (l *log) put(sync bool, fn func(b []byte) []byte) {
	l.scratch = fn(l.scratch[:0])
	l.next.frames = journal.AppendFrame(l.next.frames, l.scratch)
	l.next.sync = l.next.sync || sync
	l.more.Signal()
}

// wait returns a group that waits for what is in next.
func (l *log) wait(tasks []*task) *group {
	g := &group{tasks: tasks, done: make(chan error, 1)}
	if l.closed {
		g.done <- ErrClosed
		return g
	}
	l.next.groups = append(l.next.groups, g)
	l.more.Signal()
	return g
}

// submit writes tasks down. They are accepted when that is on disk.
func (l *log) submit(made []*task) *group {
	for rest := made; len(rest) > 0; {
		n, size := 0, 0
		for n < len(rest) && size < maxPayload {
			if t := rest[n]; t.durable {
				size += len(t.args) + len(t.key) + 4*MaxKind + 10*len(t.after)
			}
			n++
		}
		l.putTasks(rest[:n])
		rest = rest[n:]
	}
	return l.wait(made)
}

func (l *log) putTasks(list []*task) {
	l.put(true, func(b []byte) []byte { return submitRecord(b, list, l.c.epoch) })
}

func submitRecord(b []byte, list []*task, epoch time.Time) []byte {
	n := 0
	for _, t := range list {
		if t.durable {
			n++
		}
	}
	b = binary.AppendUvarint(append(b, recSubmit), uint64(n))
	for _, t := range list {
		if t.durable {
			k := t.keep(epoch)
			b = k.put(b)
		}
	}
	return b
}

// begin writes down that tasks run, for the count of crashes. Nobody waits.
func (l *log) begin(list []*task) {
	l.put(false, func(b []byte) []byte {
		b = binary.AppendUvarint(append(b, recBegin), uint64(len(list)))
		for _, t := range list {
			t.begun = true
			b = binary.AppendUvarint(b, uint64(t.id))
		}
		return b
	})
}

// announce is begin for a task with a key: its effect comes after the record.
func (l *log) announce(t *task) *group {
	l.begin([]*task{t})
	l.next.sync = true
	return l.wait(nil)
}

// end writes ends down. They count when that is on disk. Tasks that end because
// of others stand behind those in the list, and before them in the journal: what
// doesn't know a task takes it for done.
func (l *log) end(list []*task) {
	for rest := list; len(rest) > 0; {
		n := min(len(rest), MaxSubmit)
		part := rest[len(rest)-n:]
		rest = rest[:len(rest)-n]
		l.put(true, func(b []byte) []byte {
			b = binary.AppendUvarint(append(b, recEnd), uint64(n))
			for _, t := range part {
				b = binary.AppendUvarint(b, uint64(t.id))
				b = putText(append(b, byte(t.state)), t.reason)
			}
			return b
		})
	}
	l.next.ends = append(l.next.ends, list...)
}

func (l *log) retry(t *task, due time.Time) {
	l.put(false, func(b []byte) []byte {
		b = binary.AppendUvarint(append(b, recRetry), uint64(t.id))
		b = binary.AppendUvarint(b, uint64(t.attempt.Load()))
		b = binary.AppendUvarint(b, uint64(due.UnixNano()))
		return putText(b, t.reason)
	})
}

// cancel writes down that a running task is not to run again.
func (l *log) cancel(t *task) *group {
	l.put(true, func(b []byte) []byte {
		return putText(binary.AppendUvarint(append(b, recCancel), uint64(t.id)), t.reason)
	})
	return l.wait(nil)
}

func (l *log) back(t *task) {
	l.put(false, func(b []byte) []byte { return binary.AppendUvarint(append(b, recBack), uint64(t.id)) })
}

// state returns frames that come to all that is known. The lock is held.
func (l *log) state() []byte {
	c := l.c
	var frames []byte
	var list []*task
	for _, t := range c.byID() {
		if t.durable {
			list = append(list, t)
		}
	}
	for len(list) > 0 {
		n, size := 0, 0
		for n < min(len(list), MaxSubmit) && size < maxPayload {
			size += len(list[n].args)
			n++
		}
		frames = journal.AppendFrame(frames, submitRecord(nil, list[:n], c.epoch))
		list = list[n:]
	}
	frames = journal.AppendFrame(frames, binary.AppendUvarint([]byte{recLast}, uint64(c.last)))
	var part []byte
	n := 0
	flush := func() {
		if n > 0 {
			b := binary.AppendUvarint([]byte{recLedger}, uint64(n))
			frames = journal.AppendFrame(frames, append(b, part...))
		}
		part, n = part[:0], 0
	}
	c.ledger.each(func(key string, id ID) {
		part = putText(binary.AppendUvarint(part, uint64(id)), key)
		if n++; n == MaxSubmit {
			flush()
		}
	})
	flush()
	return frames
}

// idle reports whether there is nothing to write now.
func (l *log) idle() bool {
	if l.next.empty() {
		return true
	}
	// Of a broken journal only somebody who waits, or its time, asks again.
	return l.broken != nil && !l.rested && len(l.next.groups) == 0 && !l.closed
}

// loop writes what gathers, until close.
func (l *log) loop() {
	defer close(l.gone)
	c := l.c
	c.mu.Lock()
	defer c.mu.Unlock()
	for {
		for l.idle() && !l.closed {
			l.more.Wait()
		}
		if l.next.empty() {
			return
		}
		b := l.next
		l.next = &commit{frames: l.spare[:0]}
		l.spare = nil
		var state []byte
		anew := l.broken != nil || l.anew || l.file.Size()+int64(len(b.frames)) > max(compactAt, 4*l.live)
		if anew {
			state = l.state()
		}
		l.writing = true
		c.mu.Unlock()
		err := l.write(b, state, anew)
		c.mu.Lock()
		l.writing = false
		if anew && err == nil {
			l.live, l.anew = l.file.Size(), false
		}
		l.settle(b, err)
		if cap(b.frames) <= compactAt {
			l.spare = b.frames
		}
		if l.broken != nil && l.closed {
			return
		}
	}
}

// write puts a commit on disk, in a new file behind the state if that is asked
// for.
func (l *log) write(b *commit, state []byte, anew bool) error {
	if anew {
		if err := l.file.Rewrite(append(state, b.frames...)); err != nil {
			return err
		}
		return nil
	}
	if err := l.file.Write(b.frames); err != nil {
		return err
	}
	if !b.sync {
		return nil
	}
	return l.file.Sync()
}

// settle tells what came of a commit.
func (l *log) settle(b *commit, err error) {
	c := l.c
	if err != nil {
		l.failed(b, err)
		return
	}
	if l.broken != nil {
		warn("the journal can be written again")
	}
	l.broken, l.rested, l.size = nil, false, l.file.Size()
	for _, g := range b.groups {
		if len(g.tasks) > 0 {
			c.accept(g.tasks, c.now())
		}
		g.done <- nil
	}
	now := c.now()
	for _, t := range b.ends {
		c.finish(t, now)
	}
	c.setTimer()
	if c.waiting > 0 {
		c.calm.Broadcast()
	}
}

// failed refuses what waits for a commit that failed, and keeps the ends: they
// go into the next file.
func (l *log) failed(b *commit, err error) {
	c := l.c
	if l.broken == nil {
		warn("the journal can't be written; tasks that last are refused", "error", err)
	}
	l.broken, l.rested = err, false
	for _, g := range b.groups {
		for _, t := range g.tasks {
			c.expel(t)
		}
		g.done <- errors.Join(errJournal, err)
	}
	if len(b.ends) > 0 {
		list := b.ends
		n := len(l.next.ends)
		l.end(list)
		// The ones that came meanwhile keep their place behind.
		l.next.ends = append(list[:len(list):len(list)], l.next.ends[:n]...)
	}
	c.clock.AfterFunc(journalPause, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		l.rested = true
		l.more.Signal()
	})
}

var errJournal = errors.New("the task could not be written down")

// close writes what is left and closes the file.
func (l *log) close(c *Conductor) error {
	c.mu.Lock()
	l.closed = true
	l.more.Broadcast()
	c.mu.Unlock()
	<-l.gone
	c.mu.Lock()
	err := l.broken
	for _, g := range l.next.groups {
		g.done <- ErrClosed
	}
	l.next = &commit{}
	c.mu.Unlock()
	return errors.Join(err, l.file.Close())
}
