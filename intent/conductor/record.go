package conductor

import (
	"encoding/binary"
	"errors"
	"fmt"
	"slices"
	"time"
)

// Records of the journal. Each begins with its type; numbers are uvarints,
// times are nanoseconds since 1970, texts have their length before them.
//
//	submit  n × task
//	begin   n × id                  an attempt runs
//	end     n × {id, state, reason}
//	retry   id, attempts, due, reason
//	cancel  id, reason              asked for while it ran
//	back    id                      the attempt was given up by a clean end
//	last    id                      the last that was given
//	ledger  n × {id, key}
//
//	task    id, kind, level, flags, attempts, crashes, deadline, due,
//	        key, args, reason, n × id that it comes after
const (
	recSubmit byte = iota + 1
	recBegin
	recEnd
	recRetry
	recCancel
	recBack
	recLast
	recLedger
)

// Flags of a task in a record.
const (
	flagBegun byte = 1 << iota
	flagDoubt
	flagCancelled
)

// kept is a task as the journal knows it.
type kept struct {
	id                      ID
	kind                    string
	level                   Level
	begun, doubt, cancelled bool
	attempts, crashes       int
	deadline, due           int64
	key, reason             string
	args                    []byte
	after                   []ID
}

// tables is what the records of a journal come to.
type tables struct {
	tasks  map[ID]*kept
	last   ID
	ledger ledger
}

func newTables(ledgerSize int) *tables {
	return &tables{tasks: map[ID]*kept{}, ledger: newLedger(ledgerSize)}
}

// errRecord: the checksum is right and the record isn't, so that another program
// has written it.
var errRecord = errors.New("a record of the journal can't be read")

// apply carries a record out. Once more changes nothing.
func (s *tables) apply(payload []byte) error {
	r := reader{data: payload}
	switch kind := r.byte(); kind {
	case recSubmit:
		for range r.count(MaxSubmit) {
			t := r.task()
			if r.bad || t.id <= s.last {
				continue // it was there already
			}
			s.last = t.id
			s.tasks[t.id] = t
		}
	case recBegin:
		for range r.count(MaxSubmit) {
			if t := s.tasks[ID(r.number())]; t != nil {
				t.begun = true
			}
		}
	case recEnd:
		for range r.count(MaxSubmit) {
			id, state := ID(r.number()), State(r.byte())
			r.text(maxReason)
			t := s.tasks[id]
			if r.bad || !state.Ended() || t == nil {
				continue
			}
			if state == Done && t.key != "" {
				s.ledger.add(t.key, id)
			}
			delete(s.tasks, id)
		}
	case recRetry:
		id, attempts, due, reason := ID(r.number()), r.number(), int64(r.number()), r.text(maxReason)
		if t := s.tasks[id]; t != nil && !r.bad {
			t.attempts, t.due, t.reason, t.begun, t.doubt = clampCount(attempts), due, reason, false, false
		}
	case recCancel:
		id, reason := ID(r.number()), r.text(maxReason)
		if t := s.tasks[id]; t != nil && !r.bad {
			t.cancelled, t.reason = true, reason
		}
	case recBack:
		if t := s.tasks[ID(r.number())]; t != nil {
			t.begun = false
		}
	case recLast:
		s.last = max(s.last, ID(r.number()))
	case recLedger:
		for range r.count(DefaultLedger) {
			id, key := ID(r.number()), r.text(MaxKey)
			if !r.bad && key != "" {
				s.ledger.add(key, id)
			}
		}
	default:
		return fmt.Errorf("%w: type %d", errRecord, kind)
	}
	if r.bad || len(r.data) > 0 {
		return fmt.Errorf("%w: type %d of %d bytes", errRecord, payload[0], len(payload))
	}
	return nil
}

func clampCount(n uint64) int { return int(min(n, 1<<20)) }

// reader takes a record apart. After something that isn't there bad is set and
// everything is zero.
type reader struct {
	data []byte
	bad  bool
}

func (r *reader) byte() byte {
	if len(r.data) == 0 {
		r.bad = true
		return 0
	}
	b := r.data[0]
	r.data = r.data[1:]
	return b
}

func (r *reader) number() uint64 {
	v, n := binary.Uvarint(r.data)
	if n <= 0 {
		r.bad, r.data = true, nil
		return 0
	}
	r.data = r.data[n:]
	return v
}

// count reads how many follow, each of at least a byte.
func (r *reader) count(most int) int {
	n := r.number()
	if n > uint64(most) || n > uint64(len(r.data)) {
		r.bad, r.data = true, nil
		return 0
	}
	return int(n)
}

func (r *reader) bytes(most int) []byte {
	n := r.count(most)
	b := r.data[:n]
	r.data = r.data[n:]
	return b
}

func (r *reader) text(most int) string { return string(r.bytes(most)) }

func (r *reader) task() *kept {
	t := &kept{id: ID(r.number()), kind: r.text(MaxKind), level: Level(r.byte())}
	flags := r.byte()
	t.begun, t.doubt, t.cancelled = flags&flagBegun != 0, flags&flagDoubt != 0, flags&flagCancelled != 0
	t.attempts, t.crashes = clampCount(r.number()), clampCount(r.number())
	t.deadline, t.due = int64(r.number()), int64(r.number())
	t.key, t.args, t.reason = r.text(MaxKey), slices.Clone(r.bytes(MaxArgs)), r.text(maxReason)
	for range r.count(MaxAfter) {
		t.after = append(t.after, ID(r.number()))
	}
	if t.level >= levels || t.id == 0 {
		r.bad = true
	}
	return t
}

func putText(b []byte, s string) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

// put appends the task to a submit record.
func (t *kept) put(b []byte) []byte {
	b = binary.AppendUvarint(b, uint64(t.id))
	b = putText(b, t.kind)
	var flags byte
	for _, f := range []struct {
		on   bool
		flag byte
	}{{t.begun, flagBegun}, {t.doubt, flagDoubt}, {t.cancelled, flagCancelled}} {
		if f.on {
			flags |= f.flag
		}
	}
	b = append(b, byte(t.level), flags)
	b = binary.AppendUvarint(b, uint64(t.attempts))
	b = binary.AppendUvarint(b, uint64(t.crashes))
	b = binary.AppendUvarint(b, uint64(t.deadline))
	b = binary.AppendUvarint(b, uint64(t.due))
	b = putText(b, t.key)
	b = binary.AppendUvarint(b, uint64(len(t.args)))
	b = append(b, t.args...)
	b = putText(b, t.reason)
	b = binary.AppendUvarint(b, uint64(len(t.after)))
	for _, id := range t.after {
		b = binary.AppendUvarint(b, uint64(id))
	}
	return b
}

// keep describes a task for the journal. epoch is the conductor's.
func (t *task) keep(epoch time.Time) kept {
	k := kept{
		id: t.id, kind: t.kindName, level: t.level, begun: t.begun, doubt: t.doubt, cancelled: t.cancelled,
		attempts: int(t.attempt.Load()), crashes: t.crashes, key: t.key, args: t.args,
	}
	switch t.phase.Load() {
	case delayed:
		k.due, k.reason = epoch.Add(t.due).UnixNano(), t.reason
	case running:
		k.attempts-- // who reads that it has begun counts it
		k.reason = t.reason
	}
	if t.deadline > 0 {
		k.deadline = epoch.Add(t.deadline).UnixNano()
	}
	k.after = t.after
	return k
}
