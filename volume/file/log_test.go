package file

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"rayos/internal/atomicfile"
)

var mark = Mark{Volume: 77}

// at is the mark of a base of the tests' volume that holds n records.
func at(n uint64) Mark { return Mark{mark.Volume, n} }

// replay opens a log, closes it and returns its records.
func replay(t testing.TB, path string, base Mark) (got []string, r Report, err error) {
	t.Helper()
	l, err := OpenLog(path, base, func(op uint8, p []byte) error {
		got = append(got, fmt.Sprintf("%d%s", op, p))
		return nil
	})
	if err != nil {
		return got, Report{}, err
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	return got, l.Report(), nil
}

func openLog(t testing.TB, path string, base Mark) *Log {
	t.Helper()
	l, err := OpenLog(path, base, func(uint8, []byte) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	return l
}

// log makes a log of records, each of them on disk when the next is written.
func log(t testing.TB, payload ...string) (path string, data []byte) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "log")
	l := openLog(t, path, mark)
	for i, p := range payload {
		if err := errors.Join(l.Append(uint8(i+1), []byte(p)), l.Sync()); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return path, data
}

func TestAppendAndReplay(t *testing.T) {
	path, _ := log(t, "one", "", "three")
	l, err := OpenLog(path, mark, func(uint8, []byte) error { return nil })
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := replay(t, path, mark); !errors.Is(err, atomicfile.ErrBusy) {
		t.Errorf("open twice: %v", err)
	}
	if err := errors.Join(l.Append(255, []byte("fo"), nil, []byte("ur")), l.Sync()); err != nil {
		t.Error(err)
	}
	if got := l.Mark(); got != at(4) {
		t.Errorf("%+v", got)
	}
	if st, err := os.Stat(path); err != nil || st.Size() != l.Size() {
		t.Errorf("%d bytes, %v; want %d", st.Size(), err, l.Size())
	}
	if err := l.Close(); err != nil {
		t.Error(err)
	}
	if got, r, err := replay(t, path, mark); err != nil || !slices.Equal(got, []string{"1one", "2", "3three", "255four"}) || r != (Report{Records: 4}) {
		t.Errorf("%q, %+v, %v", got, r, err)
	}
	if err := errors.Join(l.Append(1), l.Sync(), l.Reset(mark)); !errors.Is(err, ErrClosed) {
		t.Errorf("after Close: %v", err)
	}
}

// TestRecordsThatTheBaseHasAreNotAppliedTwice: a crash came before Reset.
func TestRecordsThatTheBaseHasAreNotAppliedTwice(t *testing.T) {
	all := []string{"1one", "2two", "3three"}
	for n := range uint64(6) {
		path, _ := log(t, "one", "two", "three")
		got, r, err := replay(t, path, at(n))
		if want := all[min(n, 3):]; err != nil || !slices.Equal(got, want) || r.Skipped != int(min(n, 3)) {
			t.Errorf("base at %d: %q, %+v, %v; want %q", n, got, r, err, want)
		}
		// A log that is behind the base, as one whose end was never on disk, goes on with its numbers.
		l := openLog(t, path, at(n))
		if got := l.Mark(); got != at(max(n, 3)) {
			t.Errorf("base at %d: log at %+v", n, got)
		}
		if err := errors.Join(l.Append(9, []byte("more")), l.Close()); err != nil {
			t.Error(err)
		}
		if got, _, err := replay(t, path, at(n)); err != nil || !slices.Equal(got, append(slices.Clone(all[min(n, 3):]), "9more")) {
			t.Errorf("base at %d, again: %q, %v", n, got, err)
		}
	}
}

func TestReset(t *testing.T) {
	for n := range uint64(4) {
		path, _ := log(t, "one", "two", "three")
		l := openLog(t, path, mark)
		before := l.Size()
		if err := l.Reset(at(n)); err != nil {
			t.Fatal(err)
		}
		if n > 0 && l.Size() >= before || l.Mark() != at(3) {
			t.Errorf("%d bytes after %d, at %+v", l.Size(), before, l.Mark())
		}
		if err := errors.Join(l.Append(4, []byte("four")), l.Sync(), l.Close()); err != nil {
			t.Error(err)
		}
		want := []string{"1one", "2two", "3three", "4four"}[n:]
		if got, _, err := replay(t, path, at(n)); err != nil || !slices.Equal(got, want) {
			t.Errorf("reset at %d: %q, %v; want %q", n, got, err, want)
		}
		if n == 0 {
			continue
		}
		// A backup of an older base misses what the log no longer has.
		if got, _, err := replay(t, path, at(n-1)); !errors.Is(err, ErrGap) || len(got) > 0 {
			t.Errorf("base at %d, log from %d: %q, %v", n-1, n+1, got, err)
		}
	}
	path, _ := log(t, "one")
	l := openLog(t, path, mark)
	for _, m := range []Mark{{78, 1}, at(2)} {
		if err := l.Reset(m); !errors.Is(err, ErrForeign) {
			t.Errorf("reset at %+v: %v", m, err)
		}
	}
}

// TestALogCutAnywhere cuts a log at each length: what is whole is read, the rest
// is told and kept.
func TestALogCutAnywhere(t *testing.T) {
	path, data := log(t, "one", "", "three")
	ends := []int{48, 48 + 32, 48 + 61, 48 + 95}
	if ends[3] != len(data) {
		t.Fatalf("%d bytes", len(data))
	}
	for n := range data {
		if err := os.WriteFile(path, data[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		got, r, err := replay(t, path, mark)
		if n < logHeaderSize {
			if !errors.Is(err, ErrDamaged) {
				t.Errorf("%d bytes: %v", n, err)
			}
			continue
		}
		whole := 0
		for ends[whole+1] <= n {
			whole++
		}
		cut := data[ends[whole]:n]
		if err != nil || len(got) != whole || r.Cut != int64(len(cut)) || len(cut) > 0 && r.At != int64(ends[whole]) {
			t.Errorf("%d bytes: %q, %+v, %v; want %d records", n, got, r, err, whole)
		}
		if len(cut) > 0 {
			if kept, err := os.ReadFile(r.Kept); err != nil || !bytes.Equal(kept, cut) {
				t.Errorf("%d bytes: %q was kept, %v", n, kept, err)
			}
		}
		if got, r, err := replay(t, path, mark); err != nil || len(got) != whole || r.Cut != 0 {
			t.Errorf("%d bytes, again: %q, %+v, %v", n, got, r, err)
		}
	}
}

// TestEveryFlippedBitOfALogIsFound flips each bit. Records behind a damaged one
// say that it was acknowledged: an error then. Nothing is behind the last.
func TestEveryFlippedBitOfALogIsFound(t *testing.T) {
	path, data := log(t, "one", "", "three")
	starts := []int{48, 48 + 32, 48 + 61}
	for bit := range 8 * len(data) {
		flipped := slices.Clone(data)
		flipped[bit/8] ^= 1 << (bit % 8)
		if err := os.WriteFile(path, flipped, 0o600); err != nil {
			t.Fatal(err)
		}
		got, r, err := replay(t, path, mark)
		var d *Damage
		switch {
		case bit/8 < logHeaderSize:
			if err == nil {
				t.Errorf("bit %d of the header wasn't found", bit)
			}
		case bit/8 >= starts[2]:
			if err != nil || !slices.Equal(got, []string{"1one", "2"}) || r.At != int64(starts[2]) || r.Cut == 0 {
				t.Errorf("bit %d of the last record: %q, %+v, %v", bit, got, r, err)
			}
		default:
			start := starts[0]
			if bit/8 >= starts[1] {
				start = starts[1]
			}
			if !errors.As(err, &d) || d.Offset != int64(start) || len(got) > 0 {
				t.Errorf("bit %d: %q, %v; want damage at %d", bit, got, err, start)
			}
			if now, err := os.ReadFile(path); err != nil || !bytes.Equal(now, flipped) {
				t.Errorf("bit %d: a damaged log was changed", bit)
			}
			// Damage in what the base has doesn't matter.
			if got, _, err := replay(t, path, at(2)); err != nil || !slices.Equal(got, []string{"3three"}) {
				t.Errorf("bit %d, base at 2: %q, %v", bit, got, err)
			}
		}
	}
}

// TestATornEndInAnyOrder: a crash of the machine may leave a later page of what
// was never synced and not an earlier one. That is no damage.
func TestATornEndInAnyOrder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "log")
	l := openLog(t, path, mark)
	if err := errors.Join(l.Append(1, []byte("one")), l.Sync(), l.Append(2, []byte("two")), l.Append(3, []byte("three")), l.Close()); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	clear(data[48+32 : 48+64]) // the second
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	if got, r, err := replay(t, path, mark); err != nil || !slices.Equal(got, []string{"1one"}) || r.At != 48+32 || r.Cut != 32+34 {
		t.Errorf("%q, %+v, %v", got, r, err)
	}
}

// TestZerosAtTheEnd: file systems lengthen files before they fill them.
func TestZerosAtTheEnd(t *testing.T) {
	path, data := log(t, "one")
	if err := os.WriteFile(path, append(data, make([]byte, 4096)...), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, r, err := replay(t, path, mark); err != nil || len(got) != 1 || r.Cut != 4096 {
		t.Errorf("%q, %+v, %v", got, r, err)
	}
}

// TestALogInALog: somebody keeps the file of a log as a document, and a crash
// tears that record. Records in it are none of ours.
func TestALogInALog(t *testing.T) {
	_, other := log(t, "one", "two", "three", "four")
	path, data := log(t, "first", string(other))
	if err := os.WriteFile(path, data[:len(data)-1], 0o600); err != nil {
		t.Fatal(err)
	}
	if got, r, err := replay(t, path, mark); err != nil || !slices.Equal(got, []string{"1first"}) || r.Cut == 0 {
		t.Errorf("%q, %+v, %v", got, r, err)
	}
}

func TestLogsOfOthers(t *testing.T) {
	path, data := log(t, "one")
	if _, _, err := replay(t, path, Mark{Volume: 78}); !errors.Is(err, ErrForeign) {
		t.Errorf("another volume: %v", err)
	}
	for _, text := range []string{"hello", "RAYCJN01", strings.Repeat("\x00", 100)} {
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		if _, _, err := replay(t, path, mark); !errors.Is(err, ErrForeign) {
			t.Errorf("%.10q: %v", text, err)
		}
		if b, err := os.ReadFile(path); err != nil || string(b) != text {
			t.Errorf("%.10q became %.10q", text, b)
		}
	}
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	no := errors.New("no")
	if _, err := OpenLog(path, mark, func(uint8, []byte) error { return no }); !errors.Is(err, no) || !strings.Contains(err.Error(), "record 1 at byte 48") {
		t.Errorf("%v", err)
	}
}
