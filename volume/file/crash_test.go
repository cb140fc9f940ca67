package file

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"rayos/internal/atomicfile"
	"rayos/internal/atomicfile/crash"
)

// crashEnv makes the test's program one that kills itself: its value is the
// folder and the step.
const crashEnv = "RAYOS_TEST_VOLUME_CRASH"

func TestMain(m *testing.M) { crash.Main(m, crashEnv, crashChild) }

// crashChild lives a volume's life in a folder, and writes to a file that
// outlives it what was acknowledged.
func crashChild(args []string) error {
	step, err := strconv.Atoi(args[1])
	if err != nil {
		return err
	}
	ack, err := os.OpenFile(filepath.Join(args[0], "ack"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	fs := crash.Steps(atomicfile.Dir(args[0]), crash.KillAt(step))
	v := life{told: func(n uint64) error { _, err := fmt.Fprintln(ack, n); return err }}
	return v.live(fs)
}

// life is a volume whose n-th change is the text "change n", and what was said
// of it.
type life struct {
	there bool   // the first base was acknowledged
	safe  uint64 // changes that were
	made  uint64 // changes that were begun
	told  func(safe uint64) error
}

func text(n uint64) string { return fmt.Sprint("change ", n) }

// put writes a base that holds the first n changes.
func put(fs atomicfile.FS, n uint64) error {
	var docs []byte
	for i := range n {
		docs = append(docs, text(i+1)+"\n"...)
	}
	return write(fs, "v", Header{Mark: at(n), Created: created}, []Section{{Type: Docs, Data: docs}})
}

// live makes a volume, changes it, and writes its base anew between changes.
func (v *life) live(fs atomicfile.FS) error {
	acknowledge := func(n uint64) error {
		v.safe, v.there = n, true
		return v.told(n)
	}
	if err := put(fs, 0); err != nil {
		return err
	}
	if err := acknowledge(0); err != nil {
		return err
	}
	l := &Log{fs: fs, name: "v.log", path: "v.log"}
	if err := l.open(at(0), nil); err != nil {
		return err
	}
	for round := range 3 {
		for i := range 4 {
			v.made++
			t := text(v.made)
			if err := l.Append(1, []byte(t[:3]), []byte(t[3:])); err != nil {
				return err
			}
			if i%2 > 0 {
				if err := l.Sync(); err != nil {
					return err
				}
				if err := acknowledge(v.made); err != nil {
					return err
				}
			}
		}
		// A change came while the base was written, or some are not in the log's
		// safe part when it is.
		m := l.Mark()
		if round == 1 {
			m.Seq--
		}
		v.made++
		if err := l.Append(1, []byte(text(v.made))); err != nil {
			return err
		}
		if err := put(fs, m.Seq); err != nil {
			return err
		}
		if err := acknowledge(max(v.safe, m.Seq)); err != nil {
			return err
		}
		if err := l.Reset(m); err != nil {
			return err
		}
		if err := acknowledge(v.made); err != nil {
			return err
		}
	}
	return l.Close()
}

// check opens what is left in a folder, of which data reads files, and compares
// it with what was acknowledged.
func (v *life) check(fs atomicfile.FS, data func(name string) []byte) error {
	b := data("v")
	if b == nil && !v.there {
		return nil
	}
	f, err := parse("v", &mapping{bytes: b})
	if err != nil {
		return err
	}
	docs, err := f.Section(Docs)
	if err != nil {
		return err
	}
	got := strings.Split(strings.TrimSuffix(string(docs), "\n"), "\n")
	if len(docs) == 0 {
		got = nil
	}
	l := &Log{fs: fs, name: "v.log", path: "v.log"}
	err = l.open(f.Header().Mark, func(_ uint8, p []byte) error { got = append(got, string(p)); return nil })
	if err != nil {
		return err
	}
	for i, g := range got {
		if want := text(uint64(i) + 1); g != want {
			return fmt.Errorf("change %d is %q", i+1, g)
		}
	}
	if n := uint64(len(got)); n < v.safe || n > v.made || l.Mark() != at(n) {
		return fmt.Errorf("it has %d changes, at %+v; %d were made, %d acknowledged", n, l.Mark(), v.made, v.safe)
	}
	more := text(uint64(len(got)) + 1)
	return errors.Join(l.Append(1, []byte(more)), l.Sync(), l.Close())
}

// TestKilledAtEachStep kills a process before each step of the file system and
// in the middle of each write.
func TestKilledAtEachStep(t *testing.T) {
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	for step := 1; ; step++ {
		dir := t.TempDir()
		cmd := exec.CommandContext(t.Context(), exe)
		cmd.Env = append(os.Environ(), fmt.Sprintf("%s=%s %d", crashEnv, dir, step))
		out, err := cmd.CombinedOutput()
		st, ok := cmd.ProcessState.Sys().(syscall.WaitStatus)
		killed := ok && st.Signaled() && st.Signal() == syscall.SIGKILL
		if err != nil && !killed {
			t.Fatalf("step %d: %v\n%s", step, err, out)
		}
		acks, err := os.ReadFile(filepath.Join(dir, "ack"))
		if err != nil {
			t.Fatal(err)
		}
		v := life{there: len(acks) > 0, made: 15}
		for _, a := range strings.Fields(string(acks)) {
			if v.safe, err = strconv.ParseUint(a, 10, 64); err != nil {
				t.Fatal(err)
			}
		}
		data := func(name string) []byte {
			b, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil && !errors.Is(err, os.ErrNotExist) {
				t.Fatal(err)
			}
			return b
		}
		if err := v.check(atomicfile.Dir(dir), data); err != nil {
			t.Errorf("killed at step %d: %v", step, err)
		}
		if !killed {
			if v.safe != 15 || step < 60 {
				t.Errorf("%d steps, %d changes acknowledged", step, v.safe)
			}
			return
		}
	}
}

// lost stops a life at each step, has the machine crash there, and counts the
// states that aren't what was acknowledged; the first is told. With twice
// the machine also crashes at each step of opening what the first left.
func lost(t *testing.T, skip string, twice bool) (bad int, first string) {
	t.Helper()
	tell := func(err error, where string, args ...any) {
		if err == nil {
			return
		}
		if bad++; first == "" {
			first = fmt.Sprintf(where, args...) + ": " + err.Error()
		}
	}
	for n := 1; ; n++ {
		d := crash.NewDisk()
		v := life{told: func(uint64) error { return nil }}
		done := v.live(crash.Steps(crash.Skip(d, skip), crash.StopAt(n)))
		if done != nil && !errors.Is(done, crash.ErrStopped) {
			t.Fatal(done)
		}
		for what, left := range d.Left() {
			for m := 1; twice; m++ {
				again := copied(left)
				err := v.check(crash.Steps(again, crash.StopAt(m)), again.File)
				for what2, left := range again.Left() {
					w := v
					w.made += 2 // check appends
					tell(w.check(left, left.File), "stopped at step %d, %s; then at %d, %s", n, what, m, what2)
				}
				if !errors.Is(err, crash.ErrStopped) {
					break
				}
			}
			tell(v.check(left, left.File), "stopped at step %d, %s", n, what)
		}
		if done == nil {
			return bad, first
		}
	}
}

func copied(d *crash.Disk) *crash.Disk {
	c := crash.NewDisk()
	for _, name := range []string{"v", "v.new", "v.log", "v.log.new", "v.log.cut"} {
		if b := d.File(name); b != nil {
			c.Put(name, b)
		}
	}
	return c
}

// TestNothingAcknowledgedIsLost: whatever a disk forgets that wasn't synced, at
// whatever step.
func TestNothingAcknowledgedIsLost(t *testing.T) {
	if bad, first := lost(t, "", true); bad > 0 {
		t.Errorf("%d states, the first: %s", bad, first)
	}
	// The test would see each sync that is missing.
	for _, skip := range []string{"sync", "sync names"} {
		if bad, _ := lost(t, skip, false); bad == 0 {
			t.Errorf("a volume without %s loses nothing on the tests' disk", skip)
		}
	}
}

// TestWhatWasReplayedStays: a process was killed, and the machine crashes after
// the next one has read what it left.
func TestWhatWasReplayedStays(t *testing.T) {
	d := crash.NewDisk()
	l := &Log{fs: d, name: "v.log", path: "v.log"}
	if err := errors.Join(l.open(mark, nil), l.Append(1, []byte("one"))); err != nil {
		t.Fatal(err)
	}
	count := func(d *crash.Disk) (n int) {
		l := &Log{fs: d, name: "v.log", path: "v.log"}
		if err := l.open(mark, func(uint8, []byte) error { n++; return nil }); err != nil {
			t.Fatal(err)
		}
		return n
	}
	if n := count(d); n != 1 {
		t.Fatalf("%d records", n)
	}
	for what, left := range d.Left() {
		if count(left) != 1 {
			t.Errorf("%s: it is gone", what)
		}
	}
}

// TestDiskFull fails each step once: what a program then does is on a volume
// that is as it was.
func TestDiskFull(t *testing.T) {
	full := errors.New("no space left")
	for n := 1; ; n++ {
		d := crash.NewDisk()
		v := life{told: func(uint64) error { return nil }}
		err := v.live(crash.Steps(d, crash.FailAt(n, full)))
		if err == nil {
			return
		}
		if !errors.Is(err, full) {
			t.Errorf("step %d: %v", n, err)
		}
		v.made++
		if err := v.check(d, d.File); err != nil {
			t.Errorf("failed at step %d: %v", n, err)
		}
	}
}

// TestAppendAfterAFullDisk: a record that found no room leaves nothing behind,
// and there may be room for the next. After a sync that failed nothing is
// known before Reset.
func TestAppendAfterAFullDisk(t *testing.T) {
	full := errors.New("no space left")
	for n := 1; n <= 2; n++ {
		fails := ""
		d := crash.NewDisk()
		fs := crash.Steps(d, func(s crash.Step) error {
			if s.Name == fails {
				fails = ""
				s.Half()
				return full
			}
			return nil
		})
		l := &Log{fs: fs, name: "log", path: "log"}
		one := func() error { return errors.Join(l.Append(1, []byte("one")), l.Sync()) }
		if err := errors.Join(l.open(mark, nil), one()); err != nil {
			t.Fatal(err)
		}
		size := l.Size()
		want := []string{"one", "one"}
		if n == 1 {
			fails = "write"
			if err := l.Append(1, []byte("two")); !errors.Is(err, full) || l.Size() != size || len(d.File("log")) != int(size) {
				t.Errorf("%v, %d bytes; want %d", err, l.Size(), size)
			}
		} else {
			fails = "sync"
			if err := one(); !errors.Is(err, full) || !errors.Is(l.Sync(), full) || !errors.Is(one(), full) {
				t.Error("a log whose sync failed is used on")
			}
			if err := l.Reset(at(1)); err != nil {
				t.Error(err)
			}
		}
		if err := one(); err != nil {
			t.Error(err)
		}
		var got []string
		base := at(uint64(n - 1))
		again := &Log{fs: d, name: "log", path: "log"}
		err := again.open(base, func(_ uint8, p []byte) error { got = append(got, string(p)); return nil })
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("%q, %v", got, err)
		}
	}
}
