package conductor

import (
	"reflect"
	"testing"
)

// replayed reads records until one can't be.
func replayed(s *tables, records [][]byte) {
	for _, r := range records {
		_ = s.apply(r)
	}
}

// FuzzApply: no record ends the program or makes much of little, the state can
// be written and read again, and reading everything twice changes nothing.
func FuzzApply(f *testing.F) {
	k := kept{id: 3, kind: "k", level: Normal, key: "key", args: []byte("args"), after: []ID{1, 2}, attempts: 1, deadline: 7, due: 8}
	f.Add(k.put([]byte{recSubmit, 1}), []byte{recBegin, 1, 3})
	f.Add(k.put([]byte{recSubmit, 1}), []byte{recEnd, 1, 3, byte(Done), 0})
	f.Add(k.put([]byte{recSubmit, 1}), []byte{recRetry, 3, 2, 9, 1, 'x'})
	f.Add(k.put([]byte{recSubmit, 1}), []byte{recCancel, 3, 0})
	f.Add([]byte{recLast, 5}, []byte{recLedger, 1, 4, 1, 'k'})
	f.Add([]byte{recBack, 3}, []byte{})
	f.Fuzz(func(t *testing.T, a, b []byte) {
		if len(a) == 0 || len(b) == 0 {
			return
		}
		s := newTables(8)
		replayed(s, [][]byte{a, b})
		for id, k := range s.tasks {
			if id != k.id || id > s.last || k.level >= levels {
				t.Fatalf("task %d is %+v; the last is %d", id, k, s.last)
			}
			again := newTables(8)
			if err := again.apply(k.put([]byte{recSubmit, 1})); err != nil || !reflect.DeepEqual(again.tasks[id], k) {
				t.Fatalf("%+v became %+v, %v", k, again.tasks[id], err)
			}
		}
		before := len(s.tasks)
		replayed(s, [][]byte{a, b})
		if len(s.tasks) != before {
			t.Fatalf("%d tasks became %d by reading twice", before, len(s.tasks))
		}
	})
}

func TestRecordsOfOthersAreRefused(t *testing.T) {
	s := newTables(8)
	for _, r := range [][]byte{{0}, {99}, {recSubmit}, {recSubmit, 1}, {recLast}, {recLast, 1, 1}, {recBegin, 200}} {
		if err := s.apply(r); err == nil {
			t.Errorf("% x was read", r)
		}
	}
}
