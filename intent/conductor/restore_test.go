package conductor

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"rayos/intent/conductor/journal"
	"rayos/internal/atomicfile"
)

// TestTasksOutliveTheProcess closes a conductor with a task of each state.
func TestTasksOutliveTheProcess(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		var n note
		wait := Kind{Name: "wait", Run: func(ctx context.Context, _ Task) error { <-ctx.Done(); return ctx.Err() }}
		fail := Kind{Name: "fail", Run: func(context.Context, Task) error { return errors.New("no") }, Retry: Retry{Attempts: 2, First: time.Minute, Most: time.Minute}}
		soft := Kind{Name: "soft", Run: wait.Run, Volatile: true}
		c := open(t, Options{Dir: dir, Workers: 4}, n.kind(), wait, fail, soft)
		running := submit(t, c, Spec{Kind: "wait", Level: High})
		submit(t, c, Spec{Kind: "soft"})
		delay := submit(t, c, Spec{Kind: "fail"})
		synctest.Wait()
		after := submit(t, c, Spec{Kind: "note", Args: []byte("after"), After: []ID{running}})
		dead := submit(t, c, Spec{Kind: "note", Args: []byte("dead"), After: []ID{running}, Deadline: time.Now().Add(time.Hour)})
		cancelled := submit(t, c, Spec{Kind: "note", Args: []byte("cancelled"), After: []ID{running}})
		if err := c.Cancel(cancelled, ""); err != nil {
			t.Error(err)
		}
		key := submit(t, c, Spec{Kind: "note", Args: []byte("keyed"), Key: "k"})
		ends(t, c, key, Done)
		shut(t, c)
		if got := n.take(); got != "keyed" {
			t.Errorf("ran %s", got)
		}
		if _, err := c.Submit(Spec{Kind: "note"}); !errors.Is(err, ErrClosed) {
			t.Errorf("submitted to a closed conductor: %v", err)
		}

		time.Sleep(2 * time.Hour) // the session is away
		c = open(t, Options{Dir: dir})
		defer shut(t, c)
		var ids []ID
		for _, s := range c.Tasks() {
			ids = append(ids, s.ID)
			if s.State != Waiting {
				t.Errorf("without its kind task %d is %v", s.ID, s.State)
			}
			if s.ID == delay && s.Attempt != 1 {
				t.Errorf("the task that failed once has %d attempts", s.Attempt)
			}
			if s.ID == running && s.Attempt != 0 {
				t.Errorf("the task that was interrupted has %d attempts", s.Attempt)
			}
		}
		synctest.Wait()
		if want := []ID{running, delay, after, dead}; !reflect.DeepEqual(ids, want) {
			t.Errorf("tasks %v; want %v", ids, want)
		}
		ends(t, c, dead, Expired)
		if err := errors.Join(c.Register(n.kind()), c.Register(Kind{Name: "wait", Run: func(context.Context, Task) error { return nil }}), c.Register(fail)); err != nil {
			t.Fatal(err)
		}
		ends(t, c, running, Done)
		ends(t, c, after, Done)
		ends(t, c, delay, Failed)
		if id := submit(t, c, Spec{Kind: "note", Args: []byte("keyed"), Key: "k"}); id != key {
			t.Errorf("the key of task %d belongs to %d now", key, id)
		}
		if id := submit(t, c, Spec{Kind: "note", Args: []byte("new")}); id <= key {
			t.Errorf("id %d was given again", id)
		}
		quiet(t, c)
		if got := n.take(); got != "after new" {
			t.Errorf("ran %s", got)
		}
	})
}

// crashed copies a journal as a crash of the process would leave it, while the
// conductor goes on.
func crashed(t *testing.T, dir string) string {
	t.Helper()
	b, err := os.ReadFile(filepath.Join(dir, "journal"))
	if err != nil {
		t.Fatal(err)
	}
	to := t.TempDir()
	if err := os.WriteFile(filepath.Join(to, "journal"), b, 0o600); err != nil {
		t.Fatal(err)
	}
	return to
}

// TestDoubt asks about effects that a crash found on their way.
func TestDoubt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		gate := make(chan struct{})
		hang := Kind{Name: "effect", Run: func(context.Context, Task) error { <-gate; return nil }}
		c := open(t, Options{Dir: dir, Workers: 2}, hang)
		id := submit(t, c, Spec{Kind: "effect", Key: "k", Level: High})
		synctest.Wait()
		left := crashed(t, dir)
		close(gate)
		shut(t, c)

		for _, k := range []struct {
			name     string
			happened func(context.Context, Task) (bool, error)
			want     State
			runs     int32
		}{
			{"it is there", func(context.Context, Task) (bool, error) { return true, nil }, Done, 0},
			{"it isn't", func(context.Context, Task) (bool, error) { return false, nil }, Done, 1},
			{"nobody knows", nil, Doubtful, 0},
			{"it can't be seen", func(context.Context, Task) (bool, error) { return false, errors.New("no disk") }, Doubtful, 0},
		} {
			var runs atomic.Int32
			c := open(t, Options{Dir: crashed(t, left)}, Kind{Name: "effect", Happened: k.happened, Run: func(context.Context, Task) error { runs.Add(1); return nil }})
			ends(t, c, id, k.want)
			if runs.Load() != k.runs {
				t.Errorf("%s: it ran %d times; want %d", k.name, runs.Load(), k.runs)
			}
			shut(t, c)
		}
	})
}

// TestCrashingTasksEnd: a task that ends the process each time it runs is given
// up, and one that was with it is not.
func TestCrashingTasksEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		bad := Kind{Name: "bad", Run: func(ctx context.Context, _ Task) error { <-ctx.Done(); return ctx.Err() }}
		var n note
		c := open(t, Options{Dir: dir, Workers: 1}, n.kind(), bad)
		c.Pause()
		id := submit(t, c, Spec{Kind: "bad", Level: High})
		mate := submit(t, c, Spec{Kind: "note", Args: []byte("mate"), Level: Normal})
		c.Resume()
		for range MaxCrashes {
			synctest.Wait()
			if s, _ := c.Status(id); s.State != Running {
				t.Fatalf("it is %v", s.State)
			}
			dir = crashed(t, dir)
			shut(t, c) // which nobody sees
			c = open(t, Options{Dir: dir, Workers: 1}, bad)
		}
		defer func() { shut(t, c) }()
		ends(t, c, id, Failed)
		if err := c.Register(n.kind()); err != nil {
			t.Fatal(err)
		}
		ends(t, c, mate, Done)
	})
}

// failingFS fails what writes while it is set to.
type failingFS struct {
	atomicfile.FS
	broken atomic.Bool
}

var errDisk = errors.New("no space left")

func (f *failingFS) Open(name string, flag int) (atomicfile.Handle, error) {
	if f.broken.Load() {
		return nil, errDisk
	}
	h, err := f.FS.Open(name, flag)
	return failingFile{h, f}, err
}

type failingFile struct {
	atomicfile.Handle
	fs *failingFS
}

func (h failingFile) Sync() error {
	if h.fs.broken.Load() {
		return errDisk
	}
	return h.Handle.Sync()
}

// TestDiskFull: what can't be written down is refused and doesn't run, ends wait
// for the disk, and all goes on when there is room again.
func TestDiskFull(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dir := t.TempDir()
		fs := &failingFS{FS: atomicfile.Dir(dir)}
		var n note
		gate := make(chan struct{})
		hang := Kind{Name: "hang", Run: func(context.Context, Task) error { <-gate; return nil }}
		c := open(t, Options{fs: fs}, n.kind(), hang)
		id := submit(t, c, Spec{Kind: "hang"})
		synctest.Wait()
		fs.broken.Store(true)
		if _, err := c.Submit(Spec{Kind: "note", Args: []byte("lost"), Key: "k"}); !errors.Is(err, errDisk) {
			t.Errorf("submitted without a disk: %v", err)
		}
		close(gate)
		synctest.Wait()
		c.mu.Lock()
		if p := c.tasks[id].phase.Load(); p != ending {
			t.Errorf("without a disk the phase of a task that is over is %d", p)
		}
		c.mu.Unlock()
		if c.Snapshot().JournalOK {
			t.Error("the journal is said to be fine")
		}
		fs.broken.Store(false)
		ends(t, c, id, Done) // when the journal is tried again
		ends(t, c, submit(t, c, Spec{Kind: "note", Args: []byte("kept"), Key: "k"}), Done)
		if got := n.take(); got != "kept" {
			t.Errorf("ran %s", got)
		}
		shut(t, c)
		c = open(t, Options{Dir: dir}, n.kind())
		defer shut(t, c)
		if list := c.Tasks(); len(list) != 0 {
			t.Errorf("left %+v", list)
		}
	})
}

// TestCompaction: the journal stays as long as what it has to tell.
func TestCompaction(t *testing.T) {
	dir := t.TempDir()
	var n note
	c := open(t, Options{Dir: dir, Ledger: 100, Queue: 1 << 20}, n.kind())
	list := make([]Spec, 1000)
	for i := range list {
		list[i] = Spec{Kind: "note", Args: make([]byte, 1000), Level: Normal}
	}
	for range 20 {
		if _, err := c.SubmitAll(list); err != nil {
			t.Fatal(err)
		}
		quiet(t, c)
	}
	ends(t, c, submit(t, c, Spec{Kind: "note", Key: "k"}), Done)
	shut(t, c)
	st, err := os.Stat(filepath.Join(dir, "journal"))
	if err != nil || st.Size() > 6<<20 {
		t.Errorf("after 20 MB of tasks that are done the journal has %d bytes, %v", st.Size(), err)
	}
	c = open(t, Options{Dir: dir}, n.kind())
	defer shut(t, c)
	if id := submit(t, c, Spec{Kind: "note", Key: "k"}); c.ledger.ids["k"] != id {
		t.Error("the ledger was lost")
	}
}

// TestTwoProcesses: the second conductor of a folder is refused.
func TestTwoProcesses(t *testing.T) {
	dir := t.TempDir()
	c := open(t, Options{Dir: dir})
	if _, err := Open(Options{Dir: dir}); !errors.Is(err, journal.ErrBusy) {
		t.Errorf("opened twice: %v", err)
	}
	shut(t, c)
	c = open(t, Options{Dir: dir})
	shut(t, c)
}

// TestEndsOfDependentsComeFirst: a crash between the records of many ends must
// not leave a task that takes what it needs for done.
func TestEndsOfDependentsComeFirst(t *testing.T) {
	dir := t.TempDir()
	var n note
	c := open(t, Options{Dir: dir}, n.kind())
	defer shut(t, c)
	c.Pause()
	root := submit(t, c, Spec{Kind: "note"})
	list := several("note", 3000)
	for i := range list {
		list[i].After = []ID{root}
	}
	for range 2 {
		if _, err := c.SubmitAll(list); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Cancel(root, "test"); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(filepath.Join(dir, "journal"))
	if err != nil {
		t.Fatal(err)
	}
	s, records := newTables(8), 0
	if _, _, err := journal.Scan(b[8:], func(p []byte) error {
		if p[0] == recEnd {
			records++
		}
		err := s.apply(p)
		if len(s.tasks) > 0 && s.last > root+3000 && s.tasks[root] == nil {
			t.Errorf("the end of %d is there, and %d that need it are not over", root, len(s.tasks))
		}
		return err
	}); err != nil || records < 2 {
		t.Errorf("%d records of ends, %v", records, err)
	}
}
